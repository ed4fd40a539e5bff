"""Models from configurations: dictionaries, JSON and YAML."""

import json

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.errors import ConfigError, UnsafeConfigError
from tfkeras_compat.layers import Dense, Input, Lambda
from tfkeras_compat.models import (
    Model,
    Sequential,
    model_from_config,
    model_from_json,
    model_from_yaml,
)
from tfkeras_compat.state import bytecode

try:
    import yaml
except ImportError:
    yaml = None

needs_yaml = pytest.mark.skipif(yaml is None, reason="PyYAML is an extra")


class Doubled(Dense):
    def call(self, inputs):
        return 2 * super().call(inputs)


def sequential():
    return Sequential([Dense(4, activation="relu", input_shape=(3,)), Dense(2, name="top")])


def functional():
    x = Input(shape=(3,))
    return Model(x, [Dense(2, name="left")(x), Dense(5, name="right")(x)])


def layer_names(model):
    return [layer.name for layer in model.layers]


@pytest.mark.parametrize("make", [sequential, functional])
def test_a_model_is_rebuilt_from_class_name_and_config(make):
    model = make()
    again = model_from_config({"class_name": type(model).__name__, "config": model.get_config()})
    assert type(again) is type(model)
    assert layer_names(again) == layer_names(model)
    assert again.output_shape == model.output_shape


@pytest.mark.parametrize("make", [sequential, functional])
def test_what_get_config_gives_is_enough_as_the_tutorial_writes_it(make):
    model = make()
    again = model_from_config(model.get_config())
    assert type(again) is type(model)
    assert again.get_config() == model.get_config()


def test_a_list_of_layers_as_keras_1_wrote_it_is_a_sequential():
    model = sequential()
    layers = model.get_config()["layers"]
    assert layer_names(model_from_config(layers)) == layer_names(model)
    assert isinstance(model_from_config({"class_name": "Sequential", "config": layers}), Sequential)


def test_a_rebuilt_model_takes_the_weights():
    model = functional()
    again = model_from_config(model.get_config())
    again.set_weights(model.get_weights())
    for mine, theirs in zip(again.get_weights(), model.get_weights()):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("make", [sequential, functional])
def test_json_goes_there_and_back(make):
    model = make()
    again = model_from_json(model.to_json())
    assert again.get_config() == model.get_config()


def test_json_names_class_and_version_as_the_original():
    written = json.loads(sequential().to_json())
    assert sorted(written) == ["backend", "class_name", "config", "keras_version"]
    assert (written["keras_version"], written["backend"]) == ("2.2.5", "tensorflow")


def test_arguments_of_to_json_reach_the_writer():
    assert sequential().to_json(indent=2).startswith('{\n  "')


def test_numpy_values_and_types_in_a_configuration_become_plain():
    model = Sequential([Dense(np.int64(4), input_shape=(3,), dtype=np.float32)])
    layer = json.loads(model.to_json())["config"]["layers"][0]["config"]
    assert (layer["units"], layer["dtype"]) == (4, "float32")


@needs_yaml
@pytest.mark.parametrize("make", [sequential, functional])
def test_yaml_goes_there_and_back(make):
    model = make()
    again = model_from_yaml(model.to_yaml())
    assert again.get_config() == model.get_config()


@needs_yaml
def test_yaml_of_the_original_with_its_tuples_is_read():
    model = sequential()
    written = yaml.dump(model._updated_config())
    assert "python/tuple" in written
    assert model_from_yaml(written).output_shape == (None, 2)


@needs_yaml
def test_yaml_that_asks_for_objects_is_refused_and_nothing_runs(tmp_path):
    evil = "!!python/object/apply:os.mkdir ['%s']" % (tmp_path / "made")
    with pytest.raises(ConfigError, match="objects are never loaded"):
        model_from_yaml("class_name: Sequential\nconfig: " + evil)
    assert not (tmp_path / "made").exists()


def test_custom_objects_are_found_by_name():
    model = Sequential([Doubled(2, input_shape=(3,))])
    again = model_from_config(model.get_config(), custom_objects={"Doubled": Doubled})
    assert isinstance(again.layers[0], Doubled)


def test_an_unknown_layer_is_named_with_the_way_out():
    model = Sequential([Doubled(2, input_shape=(3,))])
    with pytest.raises(ConfigError, match="Doubled.*custom_objects"):
        model_from_json(model.to_json())


@pytest.mark.parametrize(
    "name", ["os.system", "subprocess.Popen", "tfkeras_compat.layers.Dense", "__import__", "eval"]
)
def test_names_of_modules_and_functions_are_never_imported(name):
    config = sequential().get_config()
    config["layers"][0]["class_name"] = name
    with pytest.raises(ConfigError, match="Unknown layer"):
        model_from_config(config)


@pytest.mark.parametrize(
    "argument", ["activation", "kernel_initializer", "kernel_regularizer", "bias_constraint"]
)
@pytest.mark.parametrize("value", ["os.system", {"class_name": "os.system", "config": {}}])
def test_names_in_arguments_are_never_imported_either(argument, value):
    config = sequential().get_config()
    config["layers"][0]["config"][argument] = value
    with pytest.raises(ConfigError, match="os.system"):
        model_from_config(config)


@pytest.mark.parametrize(
    "config",
    [
        None,
        3,
        "Sequential",
        {},
        {"class_name": "Sequential"},
        {"class_name": "Sequential", "config": {}},
        {"class_name": "Sequential", "config": {"layers": [3]}},
        {"class_name": "Sequential", "config": {"layers": 3}},
        {"class_name": "Sequential", "config": None},
        {"class_name": ["Sequential"], "config": {}},
        {"class_name": "Dense", "config": {"units": 3, "nonsense": 1}},
        {
            "class_name": "Model",
            "config": {"layers": [{}], "input_layers": [], "output_layers": []},
        },
        {"layers": [], "input_layers": [["x", 0, 0]], "output_layers": [["x", 0, 0]]},
    ],
)
def test_a_malformed_configuration_gives_one_clear_error(config):
    with pytest.raises(ConfigError):
        model_from_config(config)


@pytest.mark.parametrize("text", ["", "{", "[" * 100000, "nonsense"])
def test_text_that_is_no_json_gives_a_clear_error(text):
    with pytest.raises(ConfigError, match="JSON"):
        model_from_json(text)


def with_foreign_code(model):
    """The model's JSON as another process would have written it: its bytecode is not known here."""
    written = model.to_json()
    bytecode._written_here.clear()
    return written


def lambda_model():
    return Sequential([Lambda(lambda x: x + 1, input_shape=(3,), name="plus")])


def test_a_lambda_written_by_this_process_loads_again():
    assert model_from_json(lambda_model().to_json()).output_shape == (None, 3)


def test_a_lambda_written_elsewhere_is_refused():
    written = with_foreign_code(lambda_model())
    with pytest.raises(UnsafeConfigError, match="safe_mode=False"):
        model_from_json(written)


def test_a_lambda_written_elsewhere_loads_without_safe_mode_in_this_call_only():
    written = with_foreign_code(lambda_model())
    assert model_from_json(written, safe_mode=False).output_shape == (None, 3)
    assert not bytecode.is_trusting()
    bytecode._written_here.clear()
    with pytest.raises(UnsafeConfigError):
        model_from_config(json.loads(written))


def test_a_lambda_written_elsewhere_loads_with_a_function_in_custom_objects():
    x = Input(shape=(3,))
    written = with_foreign_code(Model(x, Lambda(lambda x: x + 1, name="plus")(x)))
    mine = {"Lambda": lambda **config: Lambda(K.abs, name=config["name"])}
    model = model_from_json(written, custom_objects=mine)
    assert model.get_layer("plus").function is K.abs
