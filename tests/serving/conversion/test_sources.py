"""What is converted: the files of the originals give what they gave there."""

import json
import os
import shutil

import generation_cases
import h5py
import numpy as np
import pytest

from tfkeras_compat.errors import ConfigError, FileFormatError, MissingFileError, ShapeError
from tfkeras_compat.layers import Conv2D, Dense, Flatten, TimeDistributed
from tfkeras_compat.models import Sequential, load_model
from tfkeras_compat.saving import hdf5
from tfkeras_compat.serving import convert
from tfkeras_compat.state.generation import generation
from tfkeras_compat.utils import convert_all_kernels_in_model

FILES = os.path.join(os.path.dirname(generation_cases.__file__), "files")
CHECKPOINTS = os.path.join(FILES, "checkpoints")

pytestmark = [
    pytest.mark.either_end,
    pytest.mark.filterwarnings("ignore:.*not. compiled"),
]


def recorded(path):
    """The inputs and the outputs of an original."""
    with np.load(path) as arrays:
        named = {key: arrays[key] for key in arrays.files}
    return [[named[key] for key in sorted(named) if key.startswith(kind)] for kind in _KINDS]


_KINDS = ("input", "output")


def gives(path, inputs):
    """What the model in a file gives."""
    found = load_model(path, compile=False).predict(inputs if len(inputs) > 1 else inputs[0])
    return found if isinstance(found, list) else [found]


@pytest.mark.parametrize(
    "source",
    [
        "keras_1/functional",
        "keras_1/cnn",
        "keras_1/cnn_th",
        "keras_2_0/nested",
        "keras_2_3/images",
        "tensorflow_keras/series",
        "tf_keras/nested",
    ],
)
def test_a_whole_model_of_any_keras_gives_what_it_gave(source, tmp_path):
    target = str(tmp_path / "model.h5")
    path = os.path.join(FILES, *source.split("/"))
    assert convert(path + ".h5", target).is_verified
    inputs, outputs = recorded(path + ".npz")
    for found, expected in zip(gives(target, inputs), outputs):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", ["1.2", "2.2", "tf.keras"])
def test_a_checkpoint_of_any_generation_gives_what_it_gave(name, tmp_path):
    target, path = str(tmp_path / "model.h5"), os.path.join(CHECKPOINTS, name)
    conversion = convert(path + ".ckpt", target, architecture=path + ".json", generation=name)
    assert conversion.is_verified
    assert generation() == "2.2"
    inputs, outputs = recorded(path + ".npz")
    np.testing.assert_allclose(gives(target, inputs)[0], outputs[0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["tf.keras.objects", "tf_keras.objects"])
def test_a_checkpoint_of_objects_gives_what_it_gave(name, tmp_path):
    target, path = str(tmp_path / "model.h5"), os.path.join(CHECKPOINTS, name)
    assert convert(path + ".ckpt", target, architecture=path + ".json").is_verified
    inputs, outputs = recorded(path + ".npz")
    np.testing.assert_allclose(gives(target, inputs)[0], outputs[0], rtol=1e-5, atol=1e-6)


def test_variables_that_a_checkpoint_does_not_have_are_named(tmp_path):
    path = os.path.join(CHECKPOINTS, "1.2")
    with pytest.raises(FileFormatError, match="no variables .*dense_1/kernel.*has: .*dense_1_W"):
        convert(path + ".ckpt", str(tmp_path / "m.h5"), architecture=path + ".json")
    other = str(tmp_path / "other.json")
    with open(path + ".json") as file, open(other, "w") as copy:
        copy.write(file.read().replace('"output_dim": 2', '"output_dim": 5'))
    with pytest.raises(ShapeError, match=r"has the shape \(12, 2\) for dense_1_W.*\(12, 5\)"):
        convert(path + ".ckpt", str(tmp_path / "m.h5"), architecture=other, generation="1.2")
    with pytest.raises(MissingFileError):
        convert(str(tmp_path / "none.h5"), str(tmp_path / "m.h5"))
    for ending in (".index", ".data-00000-of-00001"):
        shutil.copy(path + ".ckpt" + ending, str(tmp_path / ("cut" + ending)))
    (tmp_path / "cut.data-00000-of-00001").write_bytes(b"")
    with pytest.raises(FileFormatError, match="damaged"):
        convert(
            str(tmp_path / "cut"),
            str(tmp_path / "m.h5"),
            architecture=path + ".json",
            generation="1.2",
        )
    assert not (tmp_path / "m.h5").exists()


def small_cnn():
    model = Sequential([TimeDistributed(Conv2D(2, (2, 3)), input_shape=(2, 5, 5, 1))])
    model.add(Flatten())
    model.add(Dense(2, name="scores"))
    return model


@pytest.mark.parametrize("text", ["to_json", "to_yaml"])
def test_weights_need_the_architecture_they_are_for(text, tmp_path):
    if text == "to_yaml":
        pytest.importorskip("yaml")
    model = small_cnn()
    weights, target = str(tmp_path / "weights.h5"), str(tmp_path / "model.h5")
    model.save_weights(weights)
    architecture = tmp_path / ("model." + text[3:])
    architecture.write_text(getattr(model, text)())
    assert convert(weights, target, architecture=str(architecture)).is_verified
    x = np.random.rand(2, 2, 5, 5, 1)
    np.testing.assert_allclose(gives(target, [x])[0], model.predict(x), atol=1e-6)
    with pytest.raises(ConfigError, match="holds only weights: give --architecture"):
        convert(weights, target)
    with pytest.raises(ConfigError, match="Code is not run"):
        convert(weights, target, architecture=str(tmp_path / "model.py"))
    with pytest.raises(MissingFileError, match="for --architecture"):
        convert(weights, target, architecture=str(tmp_path / "none.json"))


def test_options_that_do_not_fit_the_source_are_refused(tmp_path):
    checkpoint, target = os.path.join(CHECKPOINTS, "2.2.ckpt"), str(tmp_path / "model.h5")
    whole = os.path.join(FILES, "keras_1", "theano_cnn.h5")
    with pytest.raises(ConfigError, match="holds only weights: give --architecture"):
        convert(checkpoint, target)
    with pytest.raises(ConfigError, match="--generation is for checkpoints"):
        convert(whole, target, generation="1.2")
    of_theano = str(tmp_path / "theano.h5")
    shutil.copy(whole, of_theano)
    with h5py.File(of_theano, "r+") as file:
        file["model_weights"].attrs["backend"] = b"theano"
    with pytest.raises(ConfigError, match="would be turned back"):
        convert(of_theano, target, theano_kernels=True)
    with pytest.raises(ConfigError, match="Theano has not written it"):
        convert(checkpoint, target, architecture="model.json", theano_kernels=True)
    with pytest.raises(ConfigError, match="is the source"):
        convert(whole, whole)


def test_a_file_that_theano_wrote_gives_what_it_gave_if_one_says_so(tmp_path):
    path, target = os.path.join(FILES, "keras_1", "theano_cnn"), str(tmp_path / "model.h5")
    assert convert(path + ".h5", target, theano_kernels=True).is_verified
    inputs, outputs = recorded(path + ".npz")
    np.testing.assert_allclose(gives(target, inputs)[0], outputs[0], rtol=1e-4, atol=1e-5)


# ---- the order of axes --------------------------------------------------------------------------


def without_order(name, folder):
    """A copy of a file of Keras 1 that does not say how the axes of images are ordered, and
    its architecture: two paths."""
    path, architecture = str(folder / "old.h5"), folder / "old.json"
    shutil.copy(os.path.join(FILES, "keras_1", name), path)
    with h5py.File(path, "r+") as file:
        entry = json.loads(hdf5.text(file.attrs["model_config"]))
        assert any(layer["config"].pop("dim_ordering", None) for layer in entry["config"])
        for layer in entry["config"]:
            layer["config"].pop("dim_ordering", None)
        file.attrs["model_config"] = json.dumps(entry).encode()
    architecture.write_text(json.dumps(dict(entry, keras_version="1.2.2")))
    return path, str(architecture)


@pytest.mark.parametrize("is_whole", [True, False])
def test_the_order_of_axes_is_given_where_a_file_does_not_say_it(is_whole, tmp_path):
    source, architecture = without_order("theano_cnn_th.h5", tmp_path)
    target = str(tmp_path / "model.h5")
    options = {"theano_kernels": True, "architecture": None if is_whole else architecture}
    with pytest.raises(ConfigError, match=r"zeropadding2d_1, .*convert with --data-format"):
        convert(source, target, **options)
    assert convert(source, target, data_format="channels_first", **options).is_verified
    inputs, outputs = recorded(os.path.join(FILES, "keras_1", "theano_cnn_th.npz"))
    np.testing.assert_allclose(gives(target, inputs)[0], outputs[0], rtol=1e-4, atol=1e-5)


def test_an_order_of_axes_that_was_assumed_is_told(tmp_path):
    (source, _), target = without_order("cnn.h5", tmp_path), str(tmp_path / "new.h5")
    conversion = convert(source, target)
    assert conversion.is_verified
    assert "is not said there, and channels_last was taken" in conversion.told
    assert "channels_last" not in convert(source, target, data_format="channels_last").told


def test_an_order_of_axes_that_the_source_says_is_not_given_again(tmp_path):
    for name in ("keras_1/cnn_th.h5", "keras_2_3/images.h5"):
        source = os.path.join(FILES, *name.split("/"))
        with pytest.raises(ConfigError, match="--data-format is for what does not say"):
            convert(source, str(tmp_path / "model.h5"), data_format="channels_first")


# ---- Theano's kernels ---------------------------------------------------------------------------


def test_kernels_are_turned_as_the_original_turned_them(tmp_path):
    model = Sequential([Conv2D(2, (2, 3), input_shape=(5, 5, 1)), Flatten(), Dense(2)])
    source, target = str(tmp_path / "old.h5"), str(tmp_path / "new.h5")
    model.save(source)
    assert convert(source, target, theano_kernels=True).is_verified
    convert_all_kernels_in_model(model)
    found = load_model(target, compile=False)
    for ours, theirs in zip(found.get_weights(), model.get_weights()):
        np.testing.assert_array_equal(ours, theirs)


def test_kernels_in_wrappers_are_turned_too(tmp_path):
    model = small_cnn()
    source, target = str(tmp_path / "old.h5"), str(tmp_path / "new.h5")
    model.save(source)
    assert convert(source, target, theano_kernels=True).is_verified
    found, before = load_model(target, compile=False).get_weights(), model.get_weights()
    np.testing.assert_array_equal(found[0], before[0][::-1, ::-1])
    np.testing.assert_array_equal(found[2], before[2])
