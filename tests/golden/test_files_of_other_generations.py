"""Whole models of Keras 1.2.2, 2.0.8, 2.3.1, tf.keras 1.15 and tf_keras load here; those of Keras 3
say why not.

The files are those that ``record_keras_1`` and ``record_tf_keras`` write.
"""

import os
import shutil

import comparison
import h5py
import numpy as np
import pytest

import tfkeras_compat as keras
from tfkeras_compat import backend as K
from tfkeras_compat.errors import ConfigError, FileFormatError

FOLDER = os.path.join(comparison.HERE, "files")
OF_KERAS_1 = [
    "cnn",
    "cnn_th",
    "functional",
    "merged_branches",
    "mlp",
    "other_convolutions",
    "recurrent",
    "theano_recurrent",
]
OF_TF_KERAS = [
    "%s/%s" % (folder, name)
    for folder in ("tensorflow_keras", "tf_keras")
    for name in ("images", "nested", "series")
]
OF_KERAS_2 = ["keras_2_0/nested", "keras_2_3/nested", "keras_2_3/images"]

pytestmark = [
    pytest.mark.either_end,
    pytest.mark.filterwarnings(
        "ignore:.*(Keras 1's|no longer exists|deprecated|not.* compiled|starts afresh):UserWarning"
    ),
]


def path(name, ending="h5"):
    return os.path.join(FOLDER, "%s.%s" % (name, ending))


def assert_gives_what_was_recorded(model, name):
    with np.load(path(name, "npz")) as recorded:
        inputs, expected = (
            [recorded[key] for key in sorted(recorded.files) if key.startswith(kind)]
            for kind in ("input", "output")
        )
    found = model.predict(inputs if len(inputs) > 1 else inputs[0])
    found = found if isinstance(found, list) else [found]
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6)


# ---- Keras 1 ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OF_KERAS_1)
def test_a_whole_model_of_keras_1_gives_what_it_gave(name):
    model = keras.models.load_model(path("keras_1/" + name))
    assert_gives_what_was_recorded(model, "keras_1/" + name)


@pytest.mark.parametrize("name", ["theano_cnn", "theano_cnn_th"])
def test_kernels_that_theano_made_are_flipped_if_the_file_says_so(name, tmp_path):
    # Keras 1 did not note the backend; Keras 2 does.
    shutil.copy(path("keras_1/" + name), str(tmp_path / "model.h5"))
    with h5py.File(str(tmp_path / "model.h5"), "a") as file:
        file["model_weights"].attrs["backend"] = b"theano"
    model = keras.models.load_model(str(tmp_path / "model.h5"))
    assert_gives_what_was_recorded(model, "keras_1/" + name)


def test_a_model_of_merged_branches_has_the_layers_of_all_and_trains():
    model = keras.models.load_model(path("keras_1/merged_branches"))
    names = [layer.name for layer in model.layers if layer.weights]
    assert sorted(names) == ["deeper", "dense_7", "dense_8", "embedding_1"]
    x = [np.ones((2, 4)), np.ones((2, 2))]
    assert np.isfinite(model.train_on_batch(x, np.eye(2))).all()


@pytest.mark.parametrize("name", ["mlp", "recurrent"])
def test_the_state_of_an_optimizer_of_keras_1_is_left_with_a_warning(name):
    # It is in another order: arrays of the same shape would go to the wrong weights.
    with pytest.warns(UserWarning, match="starts afresh.*in the order of its names"):
        model = keras.models.load_model(path("keras_1/" + name))
    assert not any(np.any(value) for value in model.optimizer.get_weights())


# ---- other Keras 2 and tf.keras ------------------------------------------------------------------


@pytest.mark.parametrize("name", OF_TF_KERAS + OF_KERAS_2)
def test_a_whole_model_gives_what_it_gave_where_it_was_saved(name):
    assert_gives_what_was_recorded(keras.models.load_model(path(name), compile=False), name)


@pytest.mark.parametrize(
    "name", ["tensorflow_keras/nested", "tf_keras/nested", "keras_2_0/nested", "keras_2_3/nested"]
)
def test_a_model_is_compiled_as_it_was_where_it_was_saved(name):
    model = keras.models.load_model(path(name))
    assert model.metrics_names == ["loss", "a_loss", "b_loss"] + [
        "a_mean_absolute_error",
        "b_mean_squared_error",
    ]
    assert model.loss_weights == {"a": 1.0, "b": 0.5}
    assert type(model.optimizer).__name__ == "Adam"
    assert K.get_value(model.optimizer.lr) == np.float32(0.01)


@pytest.mark.parametrize("folder", ["tensorflow_keras", "tf_keras"])
@pytest.mark.parametrize(
    "name, first_slots",
    [
        ("nested", ["training/Adam/dense/kernel/m:0", "Adam/m/dense/kernel:0"]),
        ("images", ["training/RMSprop/conv2d/kernel/rms:0", "RMSprop/velocity/conv2d/kernel:0"]),
    ],
)
def test_the_state_of_an_optimizer_of_tf_keras_is_kept(folder, name, first_slots):
    name = "%s/%s" % (folder, name)
    optimizer = keras.models.load_model(path(name)).optimizer
    assert K.get_value(optimizer.iterations) == 1
    first = optimizer.weights[1 if optimizer.saves_iterations else 0]
    with h5py.File(path(name), "r") as file:
        group = file["optimizer_weights"]
        expected = [group[slot][()] for slot in first_slots if slot in group]
    np.testing.assert_array_equal([K.get_value(first)], expected)


@pytest.mark.parametrize("by_name", [False, True])
@pytest.mark.parametrize("name", OF_TF_KERAS[:3] + ["keras_1/mlp", "keras_1/recurrent"])
def test_weights_inside_a_model_load_in_order_and_by_name(name, by_name):
    model = keras.models.load_model(path(name), compile=False)
    expected = model.get_weights()
    model.set_weights([0 * value for value in expected])
    model.load_weights(path(name), by_name=by_name)
    for found, value in zip(model.get_weights(), expected):
        np.testing.assert_array_equal(found, value)


# ---- Keras 3 ------------------------------------------------------------------------------------


def twin_of_nested():
    """The model of ``record_tf_keras`` in our words."""
    layers = keras.layers
    inner = keras.models.Sequential()
    inner.add(layers.Dense(3, activation="tanh", input_shape=(4,)))
    inner.add(layers.BatchNormalization())
    left, right = layers.Input((4,)), layers.Input((4,))
    joined = layers.concatenate([inner(left), inner(right)])
    return keras.models.Model([left, right], [layers.Dense(2)(joined), layers.PReLU()(joined)])


def test_a_model_of_keras_3_is_told_to_be_one_and_its_weights_load():
    with pytest.raises(ConfigError, match="Keras 3.*load_weights"):
        keras.models.load_model(path("keras/nested"))
    model = twin_of_nested()
    model.load_weights(path("keras/nested"))
    assert_gives_what_was_recorded(model, "keras/nested")


def test_weights_in_the_layout_of_keras_3_are_told_to_be_that():
    with pytest.raises(FileFormatError, match="Keras 3's save_weights"):
        twin_of_nested().load_weights(path("keras/nested.weights"))
    with pytest.raises(FileFormatError, match="no configuration"):
        keras.models.load_model(path("keras/nested.weights"))
