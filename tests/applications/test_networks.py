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
from tfkeras_compat.applications import construction, densenet, inception_v3, nasnet, resnet50
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import LSTM, Conv2D, Input, TimeDistributed
from tfkeras_compat.models import Model

ROOT = "tfkeras_compat"
FILE = os.path.join(os.path.dirname(cases.__file__), "applications.json.gz")


@pytest.fixture(scope="module")
def golden():
    with gzip.open(FILE, "rb") as file:
        return json.loads(file.read().decode())


@pytest.fixture(autouse=True)
def without_training(fresh_graph):
    """Nothing is trained here, and what training needs takes a good part of the time to build."""
    K.set_learning_phase(0)


def _made(request):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The output shape of `ResNet50")
        return cases.make(ROOT, K, *request)


@pytest.mark.either_end
@pytest.mark.parametrize("case", sorted(cases.STRUCTURES))
def test_a_network_its_outputs_and_its_files_are_those_of_keras_2(case, golden, monkeypatch):
    files = {}
    model = _made_with_files(cases.STRUCTURES[case], files, monkeypatch)
    found, expected = cases.structure(K, model), golden["structures"][case]
    for part in ("name", "layers", "weights", "params"):
        assert json.loads(json.dumps(found[part])) == expected[part]
    if case in cases.FAMILIES:
        assert files == golden["published"][case]
    if case in cases.FORWARD:
        _check_outputs(cases.outputs(K, model), np.array(golden["forward"][case]))


def _made_with_files(request, files, monkeypatch):
    """The network; beside it the names, addresses and hashes of its published weights."""
    finish = construction.Construction.model

    def observed(self, x, name, published):
        files.update({str(top): [f.name, f.origin, f.hash] for top, f in published.items()})
        return finish(self, x, name, published)

    monkeypatch.setattr(construction.Construction, "model", observed)
    return _made(request)


def _check_outputs(found, expected):
    assert np.ptp(expected) > 0.3 * np.abs(expected).mean()
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())


def _small(**kwargs):
    arguments = {"alpha": 0.25, "weights": None, "include_top": False, "input_shape": (32, 32, 3)}
    return applications.MobileNet(**dict(arguments, **kwargs))


def test_a_raw_tensor_and_the_output_of_a_layer_are_begun_with(monkeypatch):
    raw = tf.placeholder(tf.float32, (None, 64, 48, 3))
    on_raw = _small(input_tensor=raw / 255.0, input_shape=None)
    picture = Input((40, 32, 1))
    on_layer = _small(input_tensor=Conv2D(3, 1)(picture), input_shape=None)
    assert on_raw.input_shape == (None, 64, 48, 3)
    assert on_raw.output_shape == (None, 2, 1, 256)
    assert on_layer.inputs[0] is picture
    assert on_layer.layers[1].name == "conv2d_1"


def test_pool_is_another_word_for_pooling_and_modules_are_ignored(monkeypatch):
    assert _small(pool="max", backend=K, layers=None).output_shape == (None, 256)
    with pytest.raises(TypeError, match="pooled"):
        _small(pooled="avg")


@pytest.mark.either_end
def test_a_frozen_network_for_each_frame_of_a_video_is_not_counted_as_trained():
    # Keras 2.2.5 counts 191 of the 379 weights as trainable: those of InceptionV3 stay.
    network = applications.InceptionV3(weights=None, include_top=False, pool="avg")
    network.trainable = False
    video = Input((2, 75, 75, 3))
    model = Model(video, LSTM(2)(TimeDistributed(network)(video)))
    assert len(model.weights) == 379
    assert [weight.name for weight in model.trainable_weights] == [
        "lstm_1/kernel:0",
        "lstm_1/recurrent_kernel:0",
        "lstm_1/bias:0",
    ]
    assert len(model.non_trainable_weights) == 376
    assert len(tf.trainable_variables()) == 3


def test_weights_come_from_a_path(tmp_path, monkeypatch):
    path = str(tmp_path / "weights.h5")
    first = _small()
    first.save_weights(path)
    second = _small(weights=path)
    np.testing.assert_array_equal(first.get_weights()[0], second.get_weights()[0])


@pytest.mark.either_end
@pytest.mark.parametrize("include_top, ending", [(True, "224_tf.h5"), (False, "224_tf_no_top.h5")])
def test_published_weights_are_fetched_and_loaded(include_top, ending, monkeypatch):
    fetched, loaded = [], []

    def get_file(name, origin, **kwargs):
        fetched.append((name, origin, kwargs))
        return "the path"

    monkeypatch.setattr(construction, "get_file", get_file)
    monkeypatch.setattr(construction.Model, "load_weights", lambda self, path: loaded.append(path))
    applications.MobileNet((224, 224, 3), alpha=0.25, include_top=include_top)
    ((name, origin, kwargs),) = fetched
    assert name == "mobilenet_2_5_" + ending
    assert origin.endswith("deep-learning-models/releases/download/v0.6/" + name)
    assert kwargs == {"cache_subdir": "models", "file_hash": None}
    assert loaded == ["the path"]


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
    with pytest.warns(UserWarning, match="5 input channels"):
        assert _small(input_shape=(32, 32, 5)).input_shape == (None, 32, 32, 5)


def test_nasnet_is_built_channels_last_whatever_the_layout(monkeypatch):
    monkeypatch.setattr(nasnet, "_normal_cell", lambda x, p, filters, cell: (x, x))
    K.set_image_data_format("channels_first")
    try:
        with pytest.warns(UserWarning, match="channels_last"):
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
