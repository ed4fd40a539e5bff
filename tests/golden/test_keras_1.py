"""Generation "1.2" against what was recorded of Keras 1.2.2 as a whole: all of its layers, their
arguments, its configurations, and its files in both directions.

``record_keras_1_classes.py`` and ``record_generations.py`` made the recordings.
"""

import functools
import json
import os
import warnings

import generation_cases
import keras_1_cases
import keras_1_function_cases
import numpy as np
import original
import pytest

import tfkeras_compat as keras
from tfkeras_compat import backend as K
from tfkeras_compat.engine.network import Network
from tfkeras_compat.legacy import keras_1
from tfkeras_compat.state.generation import generation

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = keras_1_cases.CASES
WITHOUT_CODE = sorted(name for name, case in CASES.items() if not case.get("holds_code"))

pytestmark = [
    pytest.mark.either_end,
    pytest.mark.filterwarnings("ignore:.*(Keras 1|Keras 2|no longer exists|deprecated)"),
]


@functools.lru_cache(maxsize=None)
def recorded(name):
    with open(os.path.join(HERE, name + ".json")) as file:
        return json.load(file)


CLASSES = recorded("keras_1_classes")


@pytest.fixture(autouse=True)
def in_generation_1_2():
    generation("1.2")
    K.clear_session()
    yield
    K.clear_session()
    generation("2.2")


# ---- classes and arguments ----------------------------------------------------------------------


def classes_in(entry):
    """Names of the classes in a configuration of Keras 1."""
    config = entry["config"]
    parts = config if isinstance(config, list) else config.get("layers", [])
    parts = parts + ([config["layer"]] if "layer" in config else [])
    return {entry["class_name"]}.union(*map(classes_in, parts))


def test_every_class_of_keras_1_2_2_has_a_golden_case():
    in_cases = set().union(*map(classes_in, recorded("generation_1.2.configs").values()))
    assert set(CLASSES) - in_cases == set()


def test_the_table_of_arguments_is_what_was_recorded():
    assert {keras_1.CLASSES.get(name, name) for name in CLASSES} == set(keras_1.ORDERS)
    for name, pairs in CLASSES.items():
        here = keras_1.CLASSES.get(name, name)
        found = keras_1.ORDERS[here] + keras_1.BY_NAME.get(here, ())
        assert found == tuple(argument for argument, _ in pairs), name


# Values of the arguments that have no default, or whose default is worth nothing.
VALUES = {
    "activation": "tanh",
    "atrous_rate": 1,
    "dims": (2, 1),
    "filter_length": 2,
    "function": lambda x: x,
    "input_dim": 3,
    "kernel_dim1": 2,
    "kernel_dim2": 2,
    "kernel_dim3": 2,
    "n": 2,
    "nb_col": 2,
    "nb_filter": 2,
    "nb_row": 2,
    "output_dim": 3,
    "output_shape": (None, 6, 6, 2),
    "p": 0.5,
    "sigma": 0.5,
    "target_shape": (2, 3),
}
ONLY_OF_INPUTS = {"input_tensor": None, "batch_input_shape": (None, 3), "input_shape": None}


def values_of(name):
    """Names and values of all arguments of a class."""
    values = dict(VALUES, **ONLY_OF_INPUTS)
    if name != "Deconvolution2D":
        del values["output_shape"]
    if "layer" in dict(CLASSES[name]):
        values["layer"] = keras.layers.LSTM(2)
    return [(argument, values.get(argument, default)) for argument, default in CLASSES[name]]


def class_called(name):
    return getattr(keras.layers, name, None) or getattr(keras.layers.advanced_activations, name)


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_every_argument_is_accepted_by_position_and_by_name(name):
    named = values_of(name)
    order = keras_1.ORDERS[keras_1.CLASSES.get(name, name)]
    by_position = [value for argument, value in named if argument in order]
    others = {argument: value for argument, value in named if argument not in order}
    first = class_called(name)(*by_position, **others)
    second = class_called(name)(**dict(named, name=first.name))
    expected, found = (
        {key: value for key, value in layer.get_config().items() if "function" not in key}
        for layer in (first, second)
    )
    assert found == expected


@pytest.mark.parametrize(
    "make, expected",
    [
        (lambda layers: layers.Dense(3, "one", "relu"), {"activation": "relu"}),
        (
            lambda layers: layers.Convolution2D(4, 3, 2, "he_normal", "relu"),
            {"kernel_size": (3, 2)},
        ),
        (lambda layers: layers.Convolution1D(4, 3, "uniform", "relu"), {"kernel_size": (3,)}),
        (lambda layers: layers.LSTM(3, "zero", "one", "zero"), {"unit_forget_bias": False}),
        (lambda layers: layers.BatchNormalization(0.1, 1), {"epsilon": 0.1, "mode": 1}),
        (lambda layers: layers.Embedding(5, 3, "zero", 4, "l2"), {"input_length": 4}),
        (lambda layers: layers.MaxPooling2D((2, 2), (1, 1), "same", "th"), {"padding": "same"}),
        (lambda layers: layers.ZeroPadding2D((1, 2, 3, 4)), {"padding": ((1, 2), (3, 4))}),
        (lambda layers: layers.AtrousConvolution1D(3, 2, "one", atrous_rate=2), {"filters": 3}),
        (lambda layers: layers.PReLU("one", None, [1]), {"shared_axes": [1]}),
    ],
)
def test_arguments_without_names_are_in_the_order_of_keras_1(make, expected):
    config = make(keras.layers).get_config()
    assert {name: config[name] for name in expected} == expected


def test_too_many_arguments_and_double_ones_are_told():
    with pytest.raises(TypeError, match="GaussianNoise takes at most 1 .*`sigma`; found 2"):
        keras.layers.GaussianNoise(1, 2)
    with pytest.raises(TypeError, match="Dense got several values for `init`"):
        keras.layers.Dense(3, "one", init="one")


def test_a_subclass_hands_its_arguments_on_in_the_order_of_keras_1():
    class Own(keras.layers.Dense):
        def __init__(self, size):
            super().__init__(size, "one", "relu")

    layer = Own(3)
    assert (layer.units, layer.activation.__name__) == (3, "relu")


# ---- functions ----------------------------------------------------------------------------------


def test_metrics_regularizers_and_constraints_give_what_they_gave():
    found, expected = keras_1_function_cases.observe(keras), recorded("keras_1_functions")
    assert {kind: sorted(found[kind]) for kind in found} == {
        kind: sorted(expected[kind]) for kind in expected
    }
    for kind in found:
        for name, value in found[kind].items():
            assert np.shape(value) == np.shape(expected[kind][name]), name
            np.testing.assert_allclose(value, expected[kind][name], rtol=1e-5, err_msg=name)


# ---- configurations -----------------------------------------------------------------------------

# What a file may leave out or say in another way: sizes of inputs that `batch_input_shape` has too,
# the type that Embedding sets itself, ways to compute the same, axes that stand for both inputs.
OTHERWISE = {"input_dim", "input_length", "input_dtype", "consume_less", "dot_axes"}


def assert_says(found, expected, path=""):
    """Raises AssertionError unless a configuration says all that another says."""
    if isinstance(expected, dict):
        for key in set(expected) - OTHERWISE:
            assert key in found, path + "/" + key
            assert_says(found[key], expected[key], path + "/" + key)
    elif isinstance(expected, list):
        assert len(found) == len(expected), path
        for index, pair in enumerate(zip(found, expected)):
            assert_says(*pair, path="%s[%d]" % (path, index))
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-6), path
    else:
        assert found == expected, path


@pytest.mark.parametrize("name", WITHOUT_CODE)
def test_a_configuration_is_written_as_keras_1_2_2_wrote_it(name):
    model = CASES[name]["build"](keras)
    assert_says(json.loads(model.to_json()), recorded("generation_1.2.configs")[name])


# Keras 1.2.2 forgot `shared_axes` in its own configurations.
FORGOTTEN = {"parametricsoftplus_shared", "prelu_shared", "srelu_shared"}


@pytest.mark.parametrize("name", sorted(set(WITHOUT_CODE) - FORGOTTEN))
def test_a_configuration_that_keras_1_2_2_wrote_makes_a_model_that_gives_the_same(name):
    model = keras.models.model_from_config(recorded("generation_1.2.configs")[name])
    generation_cases.start(model)
    found = generation_cases.outputs(model, CASES[name])
    with np.load(os.path.join(HERE, "generation_1.2.npz")) as arrays:
        for index, output in enumerate(found):
            expected = arrays["%s/output%d" % (name, index)]
            np.testing.assert_allclose(output, expected, rtol=1e-4, atol=1e-5)


def test_what_keras_1_2_2_has_no_words_for_is_written_in_todays_with_a_warning(tmp_path):
    layers, path = keras.layers, str(tmp_path / "model.h5")
    for layer in (
        layers.GRU(2, reset_after=True, input_shape=(3, 2)),
        layers.DepthwiseConv2D(2, input_shape=(3, 3, 2)),
    ):
        model = keras.models.Sequential([layer])
        with pytest.warns(UserWarning, match="Keras 1.2.2 will not read it. Layer %s" % layer.name):
            model.save(path)
        loaded = keras.models.load_model(path, compile=False)
        x = np.ones((1,) + model.input_shape[1:])
        np.testing.assert_array_equal(loaded.predict(x), model.predict(x))


def test_an_initializer_without_a_name_is_told_and_a_layer_of_ones_own_is_left_as_it_is():
    class Own(keras.layers.Layer):
        def get_config(self):
            return dict(super().get_config(), units=3)

    first = keras.layers.Dense(2, init=keras.initializers.RandomNormal(stddev=3.0), input_dim=2)
    model = keras.models.Sequential([first, Own(name="own")])
    with pytest.warns(UserWarning, match="Layer dense_1: Keras 1.2.2 has no name for the init"):
        dense, own = json.loads(model.to_json())["config"]
    assert dense["config"]["init"] == "glorot_uniform"
    assert own == {"class_name": "Own", "config": {"name": "own", "trainable": True, "units": 3}}


# ---- files --------------------------------------------------------------------------------------

# A case of each kind of translation, and of each optimizer.
EXCHANGED = (
    "atrousconvolution2d",
    "bidirectional",
    "constrained",
    "convlstm2d",
    "convolution2d_th",
    "deconvolution2d",
    "embedding_masked",
    "lstm_gpu",
    "merge_of_branches",
    "nested",
    "optimizer_nadam",
    "zeropadding2d",
)


@pytest.mark.skipif(original.interpreter("k122") is None, reason="needs Keras 1.2.2")
@pytest.mark.parametrize("names", [EXCHANGED[0::3], EXCHANGED[1::3], EXCHANGED[2::3]])
def test_keras_1_2_2_and_we_read_each_others_models_and_train_on(names, tmp_path):
    for name in names:
        generation_cases.save(keras, CASES[name], str(tmp_path / name))
    original.run(os.path.join(HERE, "record_generations.py"), str(tmp_path), oracle="k122")
    for name in names:
        path = str(tmp_path / (name + ".theirs"))
        with warnings.catch_warnings():
            warnings.filterwarnings("error", message=".*starts afresh")
            model = generation_cases.loaded(keras, path)
        assert isinstance(model, Network)
        generation_cases.assert_gives(model, CASES[name], path)
