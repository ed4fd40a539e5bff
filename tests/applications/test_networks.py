import contextlib
import gzip
import json
import os
import warnings

import application_cases as cases
import numpy as np
import pytest

from tfkeras_compat import applications
from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.applications import construction, densenet, inception_v3, resnet50
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import BatchNormalization, Conv2D, Dense, Input, TimeDistributed
from tfkeras_compat.models import Model

ROOT = "tfkeras_compat"
FILE = os.path.join(os.path.dirname(cases.__file__), "applications.json.gz")


@pytest.fixture(scope="module")
def golden():
    with gzip.open(FILE, "rb") as file:
        return json.loads(file.read().decode())


@contextlib.contextmanager
def without_statistics(monkeypatch):
    # Names, shapes and connections do not depend on what the layer computes, which is most of the
    # time that a network takes to build.
    with monkeypatch.context() as patch:
        patch.setattr(BatchNormalization, "call", lambda self, inputs: K.identity(inputs))
        yield


def _made(request):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The output shape of `ResNet50")
        return cases.make(ROOT, K, *request)


@pytest.mark.parametrize("case", sorted(cases.STRUCTURES))
def test_layers_connections_shapes_and_weights_are_those_of_keras_2(case, golden, monkeypatch):
    with without_statistics(monkeypatch):
        found = cases.structure(K, _made(cases.STRUCTURES[case]))
    expected = golden["structures"][case]
    for part in ("name", "layers", "weights", "params"):
        assert json.loads(json.dumps(found[part])) == expected[part]


@pytest.mark.parametrize("case", sorted(cases.FORWARD))
def test_the_same_weights_give_the_outputs_of_keras_2(case, golden):
    found = cases.outputs(K, _made(cases.FORWARD[case]))
    expected = np.array(golden["forward"][case])
    assert np.ptp(expected) > 1e-3
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())


def _small(**kwargs):
    arguments = {"alpha": 0.25, "weights": None, "include_top": False, "input_shape": (32, 32, 3)}
    return applications.MobileNet(**dict(arguments, **kwargs))


def test_a_raw_tensor_and_the_output_of_a_layer_are_begun_with(monkeypatch):
    raw = tf.placeholder(tf.float32, (None, 64, 48, 3))
    with without_statistics(monkeypatch):
        on_raw = _small(input_tensor=raw / 255.0, input_shape=None)
        picture = Input((40, 32, 1))
        on_layer = _small(input_tensor=Conv2D(3, 1)(picture), input_shape=None)
    assert on_raw.input_shape == (None, 64, 48, 3)
    assert on_raw.output_shape == (None, 2, 1, 256)
    assert on_layer.inputs[0] is picture
    assert on_layer.layers[1].name == "conv2d_1"


def test_pool_is_another_word_for_pooling_and_modules_are_ignored(monkeypatch):
    with without_statistics(monkeypatch):
        assert _small(pool="max", backend=K, layers=None).output_shape == (None, 256)
    with pytest.raises(TypeError, match="pooled"):
        _small(pooled="avg")


def test_a_frozen_network_for_each_picture_of_a_video_has_no_trainable_weights(monkeypatch):
    with without_statistics(monkeypatch):
        network = _small(pooling="avg")
        count = len(network.weights)
        network.trainable = False
        video = Input((4, 32, 32, 3))
        model = Model(video, Dense(2)(TimeDistributed(network)(video)))
    assert [weight.name for weight in model.trainable_weights] == [
        "dense_1/kernel:0",
        "dense_1/bias:0",
    ]
    assert len(model.non_trainable_weights) == count
    assert len(tf.trainable_variables()) == 2


def test_weights_come_from_a_path(tmp_path, monkeypatch):
    path = str(tmp_path / "weights.h5")
    with without_statistics(monkeypatch):
        first = _small()
        first.save_weights(path)
        second = _small(weights=path)
    np.testing.assert_array_equal(first.get_weights()[0], second.get_weights()[0])


@pytest.mark.parametrize("include_top, ending", [(True, "224_tf.h5"), (False, "224_tf_no_top.h5")])
def test_published_weights_are_fetched_and_loaded(include_top, ending, monkeypatch):
    fetched, loaded = [], []

    def get_file(name, origin, **kwargs):
        fetched.append((name, origin, kwargs))
        return "the path"

    monkeypatch.setattr(construction, "get_file", get_file)
    monkeypatch.setattr(construction.Model, "load_weights", lambda self, path: loaded.append(path))
    with without_statistics(monkeypatch):
        applications.MobileNet((224, 224, 3), alpha=0.25, include_top=include_top)
    ((name, origin, kwargs),) = fetched
    assert name == "mobilenet_2_5_" + ending
    assert origin.endswith("deep-learning-models/releases/download/v0.6/" + name)
    assert kwargs == {"cache_subdir": "models", "file_hash": None}
    assert loaded == ["the path"]


def test_the_hash_of_a_published_file_depends_on_the_top():
    files = resnet50._FILES
    assert files[True].hash == "a7b3fe01876f51b976af0dea6bc144eb"
    assert files[False].name == "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5"


@pytest.mark.parametrize(
    "arguments, kind, words",
    [
        ({"weights": "/no/such/file"}, ConfigError, "no/such/file"),
        ({"weights": "imagenet", "include_top": True, "classes": 10}, ConfigError, "1000"),
        ({"weights": "imagenet", "alpha": 0.3}, ConfigError, "0.25"),
        ({"input_shape": (31, 64, 3)}, ShapeError, "32x32"),
        ({"input_shape": (32, 3)}, ShapeError, "three integers"),
        ({"include_top": True, "input_shape": (None, 64, 3)}, ShapeError, "static"),
        (
            {"weights": "imagenet", "include_top": True, "input_shape": (64, 64, 3)},
            ShapeError,
            "224",
        ),
        ({"weights": "imagenet", "input_shape": (64, 64, 1)}, ShapeError, "3 channels"),
    ],
)
def test_arguments_that_do_not_fit_are_explained(arguments, kind, words):
    with pytest.raises(kind, match=words) as caught:
        _small(**arguments)
    assert isinstance(caught.value, ValueError)


def test_an_unusual_number_of_channels_is_warned_about(monkeypatch):
    with without_statistics(monkeypatch), pytest.warns(UserWarning, match="5 input channels"):
        assert _small(input_shape=(32, 32, 5)).input_shape == (None, 32, 32, 5)


def test_nasnet_is_built_channels_last_whatever_the_layout(monkeypatch):
    K.set_image_data_format("channels_first")
    try:
        with without_statistics(monkeypatch), pytest.warns(UserWarning, match="channels_last"):
            model = applications.NASNetMobile(include_top=False, weights=None, pooling="avg")
        assert K.image_data_format() == "channels_first"
    finally:
        K.set_image_data_format("channels_last")
    assert model.input_shape == (None, 224, 224, 3)


def test_each_family_prepares_pictures_its_own_way():
    picture = np.full((1, 1, 3), 255.0)
    assert inception_v3.preprocess_input(picture.copy()).tolist() == [[[1.0, 1.0, 1.0]]]
    np.testing.assert_allclose(
        densenet.preprocess_input(picture.copy())[0, 0, 0], (1 - 0.485) / 0.229
    )
    np.testing.assert_allclose(
        resnet50.preprocess_input(picture.copy())[0, 0], [151.061, 138.221, 131.32]
    )


def test_the_older_name_of_a_module_leads_to_it():
    from tfkeras_compat.applications import mobilenetv2

    assert mobilenetv2.MobileNetV2 is applications.MobileNetV2
