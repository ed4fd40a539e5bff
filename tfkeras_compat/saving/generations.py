"""Weights of older generations, other backends and CuDNN layers, in the layout of today's.

Each conversion is one small function of a layer and its arrays, found by the name of the layer's
class; wrappers and models hand the arrays on to the layers inside them.
"""

import collections

import numpy as np

from tfkeras_compat.engine.network import Network
from tfkeras_compat.engine.weights import count_in_keras_2, in_layout_of, shape_in_keras_2
from tfkeras_compat.errors import ShapeError
from tfkeras_compat.legacy.generations import GATES_IN_KERAS_1, KERNEL_AXES_IN_KERAS_1

Source = collections.namedtuple("Source", "version backend reshape")

_KERAS_1 = "1"


def preprocess_weights_for_loading(
    layer, weights, original_keras_version=None, original_backend=None, reshape=False
):
    """The arrays that a file holds for a layer, in the layout of the layer.

    Args:
        layer: the layer they are for.
        weights: list of arrays, in the order of the file.
        original_keras_version: of the file; one that begins with 1 has the gates of recurrent
            layers apart, and other axes in kernels.
        original_backend: of the file; Theano's kernels are flipped.
        reshape: whether a kernel of a convolution is reshaped if only its number of elements is
            right.
    Raises: ShapeError if the arrays are of a layer that this one can not take over.
    """
    version = str(original_keras_version or "2").split(".")[0]
    return _converted(layer, list(weights), Source(version, original_backend, reshape))


def _converted(layer, weights, source):
    if isinstance(layer, Network):
        return _for_network(layer, weights, source)
    if _is(layer, "Bidirectional"):
        half = len(weights) // 2
        forward = _converted(layer.forward_layer, weights[:half], source)
        return forward + _converted(layer.backward_layer, weights[half:], source)
    if _is(layer, "TimeDistributed"):
        return _converted(layer.layer, weights, source)
    if source.version == _KERAS_1:
        weights = _found(_FROM_KERAS_1, layer, _as_they_are)(layer, weights)
    if weights and _found(_KERNELS, layer, 0):
        weights = _as_kernels_here(layer, weights, source)
    weights = _found(_BETWEEN_CUDNN, layer, _as_they_are)(layer, weights)
    return in_layout_of(layer, weights)


def _is(layer, *names):
    return any(cls.__name__ in names for cls in type(layer).__mro__)


def _found(table, layer, otherwise):
    return next(
        (table[cls.__name__] for cls in type(layer).__mro__ if cls.__name__ in table), otherwise
    )


def _as_they_are(layer, weights):
    return weights


# ---- models inside models -----------------------------------------------------------------------


def _for_network(network, weights, source):
    """A model inside another keeps the trainable weights of all its layers, then the others."""
    converted = []
    for kind in ("trainable_weights", "non_trainable_weights"):
        for layer in network.flattened_layers:
            count = _stored_count(layer, kind, source)
            if count:
                converted += _converted(layer, weights[:count], source)
                weights = weights[count:]
    return converted + weights  # what is left over is too much, and will be said


def _stored_count(layer, kind, source):
    """How many arrays a file of this source holds for the weights of one kind of a layer."""
    if isinstance(layer, Network):
        return sum(_stored_count(inner, kind, source) for inner in layer.flattened_layers)
    if _is(layer, "Bidirectional"):
        inner = (layer.forward_layer, layer.backward_layer)
        return sum(_stored_count(one, kind, source) for one in inner)
    if _is(layer, "TimeDistributed"):
        return _stored_count(layer.layer, kind, source)
    return count_in_keras_2(layer, kind) * _arrays_per_weight(layer, source)


def _arrays_per_weight(layer, source):
    gates = _found(_GATES_IN_KERAS_1, layer, "")
    return len(gates) if source.version == _KERAS_1 and gates else 1


# ---- Keras 1 ------------------------------------------------------------------------------------

# For each gate of today's order, its place in Keras 1's; each with W, U, b.
_TODAYS_GATES = {"LSTM": "ifco", "ConvLSTM2D": "ifco", "GRU": "zrh"}
_GATES_IN_KERAS_1 = {
    name: tuple(gates.index(gate) for gate in _TODAYS_GATES[name])
    for name, gates in GATES_IN_KERAS_1.items()
}


def _gates_joined(layer, weights):
    gates = _found(_GATES_IN_KERAS_1, layer, ())
    if len(weights) != 3 * len(gates):
        return weights
    return [
        np.concatenate([weights[3 * gate + part] for gate in gates], axis=-1) for part in range(3)
    ]


def _axes_ordered(layer, weights):
    axes = _found(KERNEL_AXES_IN_KERAS_1, layer, {}).get(layer.data_format)
    return weights if axes is None else [np.transpose(weights[0], axes)] + weights[1:]


def _conv1d_from_keras_1(layer, weights):
    """Keras 1 kept (steps, 1, in, out) and, before 1.2, (out, in, steps, 1)."""
    kernel = weights[0]
    steps = layer.kernel_size[0]
    if kernel.shape[:2] != (steps, 1) or kernel.shape[3] != layer.filters:
        kernel = np.transpose(kernel, (2, 3, 1, 0))
    return [kernel[:, 0, :, :]] + weights[1:]


def _conv_lstm_from_keras_1(layer, weights):
    kernel, recurrent_kernel, bias = _gates_joined(layer, weights)
    kernel, recurrent_kernel = (
        _axes_ordered(layer, [array])[0] for array in (kernel, recurrent_kernel)
    )
    return [kernel, recurrent_kernel, bias]


def _separable_from_keras_1(layer, weights):
    return [_axes_ordered(layer, [array])[0] for array in weights[:2]] + weights[2:]


_FROM_KERAS_1 = {
    "Conv1D": _conv1d_from_keras_1,
    "Conv2D": _axes_ordered,
    "Conv2DTranspose": _axes_ordered,
    "Conv3D": _axes_ordered,
    "ConvLSTM2D": _conv_lstm_from_keras_1,
    "GRU": _gates_joined,
    "LSTM": _gates_joined,
    "SeparableConv2D": _separable_from_keras_1,
}


# ---- convolutions -------------------------------------------------------------------------------

# How many of the first weights are kernels.
_KERNELS = {"Conv1D": 1, "Conv2D": 1, "Conv3D": 1, "Conv2DTranspose": 1, "ConvLSTM2D": 2}


def _as_kernels_here(layer, weights, source):
    number = _found(_KERNELS, layer, 0)
    kernels = weights[:number]
    if source.backend == "theano":
        kernels = [_flipped(kernel) for kernel in kernels]
    expected = shape_in_keras_2(layer, 0)
    if source.reshape and kernels[0].shape != expected:
        kernels = [_reshaped(layer, kernels[0], expected)] + kernels[1:]
    elif kernels[0].shape != expected and kernels[0].ndim == 4:
        turned = [np.transpose(kernel, (3, 2, 0, 1)) for kernel in kernels]
        kernels = turned if turned[0].shape == expected else kernels
    return kernels + weights[number:]


def _flipped(kernel):
    """Theano convolves where TensorFlow correlates: the spatial axes run the other way."""
    return kernel[(slice(None, None, -1),) * (kernel.ndim - 2)]


def _reshaped(layer, kernel, expected):
    if kernel.size != np.prod(expected):
        raise ShapeError(
            "Layer %s: with reshape=True the weights must have as many elements as its kernel of "
            "shape %s, found shape %s." % (layer.name, expected, kernel.shape)
        )
    return kernel.reshape(expected)


# ---- CuDNN --------------------------------------------------------------------------------------


def _lstm_bias_from_cudnn(bias):
    return bias.reshape(2, -1).sum(axis=0)


def _lstm_bias_to_cudnn(bias):
    return np.tile(0.5 * bias, 2)  # any two halves with this sum do


def _gru_bias_from_cudnn(bias):
    return bias.reshape(2, -1)


def _gru_bias_to_cudnn(bias):
    return bias.reshape(-1)


def _lstm_kind(units, bias_shape):
    return {(4 * units,): "LSTM", (8 * units,): "CuDNNLSTM"}.get(bias_shape)


def _gru_kind(units, bias_shape):
    return {
        (3 * units,): "GRU(reset_after=False)",
        (2, 3 * units): "GRU(reset_after=True)",
        (6 * units,): "CuDNNGRU",
    }.get(bias_shape)


_BIAS_CONVERSIONS = {
    ("CuDNNLSTM", "LSTM"): _lstm_bias_from_cudnn,
    ("LSTM", "CuDNNLSTM"): _lstm_bias_to_cudnn,
    ("CuDNNGRU", "GRU(reset_after=True)"): _gru_bias_from_cudnn,
    ("GRU(reset_after=True)", "CuDNNGRU"): _gru_bias_to_cudnn,
}


def _recurrent_conversion(gates, kind_of):
    """Converts between the layouts of a CuDNN layer and of the layer in plain operations.

    The shape of the bias tells which of them it is.
    """

    def convert(layer, weights):
        if len(weights) != 3:
            return weights  # no bias: never of a CuDNN layer
        kernel, recurrent_kernel, bias = weights
        units = recurrent_kernel.shape[0]
        found = kind_of(units, bias.shape)
        wanted = kind_of(units, shape_in_keras_2(layer, 2))
        if found == wanted or wanted is None:
            return weights
        if (found, wanted) not in _BIAS_CONVERSIONS:
            raise ShapeError(
                "Layer %s: %s is not compatible with %s."
                % (layer.name, found or bias.shape, wanted)
            )
        order = "F" if found.startswith("CuDNN") else "C"
        return [
            _by_gate(kernel, gates, lambda block: block.T.reshape(block.shape, order=order)),
            _by_gate(recurrent_kernel, gates, np.transpose),
            _BIAS_CONVERSIONS[found, wanted](bias),
        ]

    return convert


def _by_gate(kernel, gates, function):
    return np.hstack([function(block) for block in np.hsplit(kernel, gates)])


_LSTM_CONVERSION = _recurrent_conversion(4, _lstm_kind)
_GRU_CONVERSION = _recurrent_conversion(3, _gru_kind)

_BETWEEN_CUDNN = {
    "LSTM": _LSTM_CONVERSION,
    "CuDNNLSTM": _LSTM_CONVERSION,
    "GRU": _GRU_CONVERSION,
    "CuDNNGRU": _GRU_CONVERSION,
}
