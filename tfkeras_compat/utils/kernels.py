"""Weights of a model in another order: of other backends' kernels, or of another data format."""

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat.errors import ShapeError
from tfkeras_compat.state.config import normalize_data_format
from tfkeras_compat.utils.arrays import convert_kernel

_CONVOLUTIONS = ("Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose")


def convert_all_kernels_in_model(model):
    """Turns the kernels of convolutions from Theano's order to TensorFlow's, or back.

    As in the original, only the layers of the model itself are converted, not those of models in
    it, and separable convolutions, which Theano did not have, stay.
    """
    layers = [layer for layer in model.layers if type(layer).__name__ in _CONVOLUTIONS]
    values = K.batch_get_value([layer.kernel for layer in layers])
    K.batch_set_value([(layer.kernel, convert_kernel(v)) for layer, v in zip(layers, values)])


def convert_dense_weights_data_format(
    dense, previous_feature_map_shape, target_data_format="channels_first"
):
    """Reorders the rows of the kernel of a Dense layer behind a Flatten layer, for a model that is
    to run in the other data format.

    Args:
        dense: the layer, whose weights are changed.
        previous_feature_map_shape: of what is flattened, in the target format, without the batch.
        target_data_format: the format that the model is to have; the other one is what it has.
    Raises: ShapeError unless the kernel has as many rows as the shape has elements; ValueError for
        an unknown format.
    """
    shape = tuple(previous_feature_map_shape)
    is_target_first = normalize_data_format(target_data_format) == "channels_first"
    weights = dense.get_weights()
    rows = weights[0].shape[0]
    if len(shape) != 3 or rows != np.prod(shape):
        raise ShapeError(
            "The kernel of layer %s has %d rows, which a feature map of shape %s does not give. "
            "Expected the shape (three integers) of what the Flatten layer before it gets, in the "
            "target format." % (dense.name, rows, shape)
        )
    before = shape[1:] + shape[:1] if is_target_first else shape[-1:] + shape[:-1]
    order = (2, 0, 1) if is_target_first else (1, 2, 0)
    places = np.arange(rows).reshape(before).transpose(order).ravel()
    dense.set_weights([weights[0][places]] + weights[1:])
