"""Configurations of tf.keras in the form of Keras 2.2; files it wrote are in tests/golden."""

import json

import h5py
import numpy as np
import pytest

from tfkeras_compat.errors import ConfigError
from tfkeras_compat.layers import Dense
from tfkeras_compat.models import Sequential, load_model, model_from_config
from tfkeras_compat.saving.tf_keras import is_tf_keras, training_in_keras_2_2_form


def sequential(class_name, version="2.2.4-tf", **config):
    layer = {"class_name": class_name, "config": dict(config, name="layer")}
    return {
        "class_name": "Sequential",
        "config": {"name": "model", "layers": [layer]},
        "keras_version": version,
    }


def layer_from(class_name, **config):
    return model_from_config(sequential(class_name, **config)).layers[0]


@pytest.mark.parametrize(
    "version, expected",
    [("2.2.4-tf", True), ("2.3.1", True), ("2.21.0", True), ("2.2.5", False), ("1.2.2", False)]
    + [(None, False), ("3.15.1", False)],
)
def test_versions_are_told_apart(version, expected):
    assert is_tf_keras(version) is expected


def test_arguments_that_say_what_keras_2_2_does_anyway_are_left_out():
    layer = layer_from(
        "LSTMV2", units=2, batch_input_shape=[None, 3, 4], time_major=False, dynamic=False
    )
    assert type(layer).__name__ == "LSTM"
    assert layer.output_shape == (None, 2)


@pytest.mark.parametrize("arguments", [{"groups": 2}, {"renorm": True}, {"ragged": True}])
def test_arguments_that_say_something_else_are_refused_with_the_layer(arguments):
    with pytest.raises(ConfigError, match="Layer layer has .*load_weights"):
        layer_from("Dense", units=2, batch_input_shape=[None, 3], **arguments)


def test_initializers_and_regularizers_that_are_classes_there_are_found():
    layer = layer_from(
        "Dense",
        units=2,
        batch_input_shape=[None, 3],
        kernel_initializer={"class_name": "HeNormalV2", "config": {"seed": 3, "dtype": "float32"}},
        kernel_regularizer={"module": "x", "class_name": "L2", "config": {"l2": 0.25}},
        dtype={"class_name": "Policy", "config": {"name": "float32"}},
    )
    assert layer.kernel_initializer.scale == 2.0
    assert float(layer.kernel_regularizer.l2) == 0.25


def test_names_in_a_configuration_of_tf_keras_are_never_imported():
    with pytest.raises(ConfigError, match="os.system"):
        layer_from("Dense", units=2, kernel_initializer={"class_name": "os.system", "config": {}})


def test_a_list_of_layers_cells_and_registered_names_are_understood():
    cells = [{"class_name": "Custom>LSTMCell", "config": {"units": 2, "dtype": "float32"}}]
    stacked = {"class_name": "StackedRNNCells", "config": {"name": "cells", "cells": cells}}
    rnn = {"name": "rnn", "cell": stacked, "batch_input_shape": [None, 3, 4], "time_major": False}
    entry = {"class_name": "Sequential", "config": [{"class_name": "RNN", "config": rnn}]}
    model = model_from_config(dict(entry, keras_version="2.1.6-tf"))
    assert model.output_shape == (None, 2)


def training(**changes):
    optimizer = {"class_name": "Custom>SGD", "config": {"learning_rate": 0.5, "weight_decay": None}}
    return dict({"loss": "mse", "metrics": [], "optimizer_config": optimizer}, **changes)


def test_classes_of_losses_and_metrics_are_functions():
    metric = {"class_name": "MeanMetricWrapper", "config": {"fn": "mean_absolute_error"}}
    loss = {
        "class_name": "SparseCategoricalCrossentropy",
        "config": {"from_logits": False, "name": "any", "reduction": "auto"},
    }
    found = training_in_keras_2_2_form(
        training(loss={"a": loss, "b": "mse"}, metrics=[[metric], ["acc"]]), ["a", "b"]
    )
    assert found["loss"] == {"a": "sparse_categorical_crossentropy", "b": "mse"}
    assert found["metrics"] == {"a": ["mean_absolute_error"], "b": ["acc"]}
    assert found["optimizer_config"] == {"class_name": "SGD", "config": {"lr": 0.5}}


@pytest.mark.parametrize(
    "changes",
    [
        {"loss": {"class_name": "BinaryCrossentropy", "config": {"from_logits": True}}},
        {"metrics": ["no_such_metric"]},
        {
            "optimizer_config": {
                "class_name": "Adam",
                "config": {"learning_rate": {"class_name": "ExponentialDecay", "config": {}}},
            }
        },
    ],
)
def test_what_keras_2_2_can_not_compile_is_warned_of_and_the_model_loaded(changes, tmp_path):
    path = str(tmp_path / "model.h5")
    model = Sequential([Dense(2, input_shape=(3,))])
    model.save(path)
    with h5py.File(path, "a") as file:
        file.attrs["keras_version"] = b"2.2.4-tf"
        file.attrs["training_config"] = json.dumps(training(**changes)).encode()
    with pytest.warns(UserWarning, match="Compile it manually"):
        loaded = load_model(path)
    np.testing.assert_array_equal(loaded.get_weights()[0], model.get_weights()[0])
