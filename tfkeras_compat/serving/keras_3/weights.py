"""Weights in the layout of Keras 3: each layer's arrays under the path of its attributes."""

import re
from typing import Any, Dict, List

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.network import Network
from tfkeras_compat.layers import GRU, LSTM, RNN, Bidirectional, TimeDistributed
from tfkeras_compat.legacy import to_keras_3
from tfkeras_compat.models import Sequential
from tfkeras_compat.saving.generations import preprocess_weights_for_loading
from tfkeras_compat.serving.keras_3 import compositions
from tfkeras_compat.serving.keras_3.config import scaled_gates


def arrays_of(model):
    """``(path, arrays)`` of all layers in a model that have weights, read in one call."""
    places = _places(model, "")
    values = iter(K.batch_get_value([weight for _, layer in places for weight in layer.weights]))
    found = []
    for path, layer in places:
        found += _own(layer, path, [next(values) for _ in layer.weights])
    return found


def _places(layer, path):
    """``(path, layer)`` of all layers in a layer or model that have weights of their own."""
    if isinstance(layer, Network):
        return _in_list(_layers(layer), path + "layers/")
    if isinstance(layer, TimeDistributed):
        return _places(layer.layer, path + "layer/")
    if isinstance(layer, Bidirectional):
        forward = _places(layer.forward_layer, path + "forward_layer/")
        return forward + _places(layer.backward_layer, path + "backward_layer/")
    if type(layer).__name__ == "RNN":
        return _places(layer.cell, path + "cell/")
    if type(layer).__name__ == "StackedRNNCells":
        return _in_list(layer.cells, path + "cells/")
    return [(path + "cell/" if isinstance(layer, RNN) else path, layer)]


def _layers(model):
    """The layers as Keras 3 counts them, where an input is a layer too."""
    return model._layers if not isinstance(model, Sequential) else model.layers


def _in_list(layers, path):
    found: List[Any] = []
    taken: Dict[str, int] = {}
    for layer in layers:
        name = _kind(layer)
        number = taken[name] = taken.get(name, -1) + 1
        found += _places(layer, "%s%s%s/" % (path, name, "_%d" % number if number else ""))
    return found


def _kind(layer):
    if isinstance(layer, Sequential):
        return "sequential"
    if isinstance(layer, Network) or compositions.is_composed(layer):
        return "functional"
    kind = type(layer).__name__
    return _snake_case(to_keras_3.CLASSES.get(kind, kind))


def _snake_case(name):
    """A class name as Keras 3 spells it: ``ConvLSTM2D`` gives ``conv_lstm2d``, other than here."""
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def _own(layer, path, arrays):
    if type(layer).__name__ in _PLAIN:
        arrays = _from_cudnn(layer, arrays)
    if scaled_gates(layer):
        arrays = [_scaled(layer, array) for array in arrays]
    found = [(path, arrays)] if arrays else []
    if _draws(layer):
        found.append((path + "seed_generator/", [np.array([0, 0], "uint32")]))
    return found


def _draws(layer):
    rates = [getattr(layer, name, 0) for name in ("rate", "stddev", "dropout", "recurrent_dropout")]
    return any(rate and rate > 0 for rate in rates)


def _scaled(layer, array):
    """The columns of an array that lead into hard_sigmoid, times 1.2."""
    gates = to_keras_3.GATES.get(type(layer).__name__, (True,))
    factors = np.where(gates, to_keras_3.HARD_SIGMOID_SCALE, 1.0)
    axis = -2 if type(layer).__name__.endswith("Transpose") and array.ndim > 1 else -1
    factors = np.repeat(factors, array.shape[axis] // len(gates)).astype(array.dtype)
    return array * (factors[:, None] if axis == -2 else factors)


def _from_cudnn(layer, arrays):
    with tf.Graph().as_default():
        plain = _PLAIN[type(layer).__name__](layer)
        plain.build((None, None, arrays[0].shape[0]))
        return preprocess_weights_for_loading(plain, arrays)


_PLAIN = {
    "CuDNNGRU": lambda layer: GRU(layer.units, reset_after=True),
    "CuDNNLSTM": lambda layer: LSTM(layer.units),
}
