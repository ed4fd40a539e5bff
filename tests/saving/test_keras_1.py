"""Configurations of Keras 1 in the form of Keras 2; files it wrote are in tests/golden."""

import numpy as np
import pytest

from tfkeras_compat.errors import ConfigError
from tfkeras_compat.models import Model, model_from_config

pytestmark = pytest.mark.filterwarnings("ignore:.*Keras 1's")


def dense(name, units=3, **config):
    return {"class_name": "Dense", "config": dict(config, name=name, output_dim=units)}


def first(name, width):
    return dense(name, batch_input_shape=[None, width], input_dtype="float32")


def merge(name, mode="sum", layers=(), **config):
    config = dict({"concat_axis": -1, "dot_axes": -1, "mode_type": "raw"}, **config)
    return {"class_name": "Merge", "config": dict(config, name=name, mode=mode, layers=layers)}


def sequential(*layers):
    return {"class_name": "Sequential", "config": list(layers), "keras_version": "1.2.2"}


def test_branches_of_branches_have_their_inputs_in_order():
    inner = sequential(merge("both", layers=[sequential(first("a", 2)), sequential(first("b", 4))]))
    model = model_from_config(
        sequential(merge("all", "concat", [inner, sequential(first("c", 5))]), dense("top", 2))
    )
    assert type(model) is Model
    assert model.input_shape == [(None, 2), (None, 4), (None, 5)]
    assert model.get_layer("all").output_shape == (None, 6)
    assert model.output_shape == (None, 2)


def test_a_layer_of_one_name_in_two_branches_is_one_layer():
    branches = [
        sequential(first("a", 2), dense("shared")),
        sequential(first("b", 4), dense("shared")),
    ]
    model = model_from_config(sequential(merge("joined", layers=branches)))
    assert len(model.get_layer("shared")._inbound_nodes) == 2
    assert len(model.weights) == 6


def test_a_model_as_a_branch_brings_its_layers():
    graph = {
        "class_name": "Model",
        "config": {
            "name": "branch",
            "layers": [
                {
                    "name": "x",
                    "class_name": "InputLayer",
                    "config": {"name": "x", "batch_input_shape": [None, 4]},
                    "inbound_nodes": [],
                },
                dict(dense("inside"), name="inside", inbound_nodes=[[["x", 0, 0]]]),
            ],
            "input_layers": [["x", 0, 0]],
            "output_layers": [["inside", 0, 0]],
        },
    }
    model = model_from_config(sequential(merge("m", layers=[graph, sequential(first("a", 2))])))
    assert model.input_names == ["x", "a_input"]
    assert model.output_shape == (None, 3)


def test_a_sequential_at_the_bottom_of_a_branch_stays_one_layer():
    stacked = sequential(sequential(first("a", 2), dense("b")), dense("c"))
    model = model_from_config(sequential(merge("m", layers=[stacked, sequential(first("d", 2))])))
    assert model.input_shape == [(None, 2), (None, 2)]
    assert np.shape(model.predict([np.ones((1, 2)), np.ones((1, 2))])) == (1, 3)


@pytest.mark.parametrize("mode, mode_type", [(["code", None, None], "lambda"), ("os", "function")])
def test_a_function_as_mode_is_refused_and_never_looked_up(mode, mode_type):
    branches = [sequential(first("a", 2)), sequential(first("b", 2))]
    with pytest.raises(ConfigError, match="Layer m.*load_weights"):
        model_from_config(sequential(merge("m", mode, branches, mode_type=mode_type)))


def test_regularizers_and_constraints_of_wrapped_layers_are_understood():
    wrapped = dense("d", W_regularizer={"name": "WeightRegularizer", "l1": 0.0, "l2": 0.5})
    wrapped["config"]["b_constraint"] = {"name": "MaxNorm", "m": 3, "axis": 0}
    config = {"name": "steps", "layer": wrapped, "batch_input_shape": [None, 2, 4]}
    model = model_from_config(sequential({"class_name": "TimeDistributed", "config": config}))
    layer = model.layers[0].layer
    assert (float(layer.kernel_regularizer.l2), layer.bias_constraint.max_value) == (0.5, 3)


def test_without_a_version_nothing_is_translated():
    entry = sequential(first("a", 2))
    entry["config"][0]["config"]["W_regularizer"] = {"name": "L1L2Regularizer", "l1": 0, "l2": 0}
    del entry["keras_version"]
    with pytest.raises(ConfigError, match="regularizer"):
        model_from_config(entry)
