"""Cases in which Keras 3 has a layer of the same name, and would give other numbers for it."""

from tfkeras_compat.layers import RNN


def of(kind):
    """For a class: ``(test of a layer, why it can not be converted)``."""
    return _CASES.get(kind, ())


def _is_masked(layer):
    return any(mask is not None for node in layer._inbound_nodes for mask in node.input_masks)


def _gives_masked_sequences(layer):
    return _is_masked(layer) and layer.return_sequences


def _repeats_masked_recurrence(layer):
    return _is_masked(layer) and isinstance(layer.layer, RNN)


def _has_unknown_size(layer):
    return any(None in shape[2:] for node in layer._inbound_nodes for shape in node.input_shapes)


def _is_bilinear(layer):
    return layer.interpolation == "bilinear"


def _is_negative(layer):
    return layer.alpha < 0


def _has_channels_first(layer):
    return layer.data_format == "channels_first"


_CASES = {
    "Bidirectional": [
        (_gives_masked_sequences, "Keras 3 gives zeros for masked steps, and not the step before")
    ],
    "ConvLSTM2D": [(_has_unknown_size, "Keras 3 has to know height and width of its input")],
    "DepthwiseConv2D": [(_has_channels_first, "Keras 3 orders its outputs otherwise there")],
    "LeakyReLU": [(_is_negative, "Keras 3 refuses a negative slope")],
    "Softmax": [(_is_masked, "Keras 3 applies the mask of its input")],
    "TimeDistributed": [(_repeats_masked_recurrence, "Keras 3 hands the mask on otherwise")],
    "UpSampling2D": [(_is_bilinear, "Keras 3 interpolates between other points")],
}
