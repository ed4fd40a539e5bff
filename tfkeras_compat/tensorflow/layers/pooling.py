"""Core layers that pool; ``tensorflow.python.layers.pooling``."""

from tfkeras_compat.layers import pooling
from tfkeras_compat.tensorflow.layers.base import Layer, OfKeras
from tfkeras_compat.tensorflow.layers.signatures import REQUIRED, function_of, like

_ORDER = "pool_size strides padding data_format name"


def _pooling(cls):
    """The core layer of a Keras layer: the size of the windows and the strides must be given."""
    init = like(
        cls, trailing=("name",), pool_size=REQUIRED, strides=REQUIRED, data_format="channels_last"
    )
    return type(
        cls.__name__,
        (OfKeras, cls, Layer),
        {"__init__": init, "__doc__": cls.__doc__.split(">>>")[0], "__module__": __name__},
    )


AveragePooling1D = _pooling(pooling.AveragePooling1D)
AveragePooling2D = _pooling(pooling.AveragePooling2D)
AveragePooling3D = _pooling(pooling.AveragePooling3D)
MaxPooling1D = _pooling(pooling.MaxPooling1D)
MaxPooling2D = _pooling(pooling.MaxPooling2D)
MaxPooling3D = _pooling(pooling.MaxPooling3D)

average_pooling1d = function_of(AveragePooling1D, order=_ORDER)
average_pooling2d = function_of(AveragePooling2D, order=_ORDER)
average_pooling3d = function_of(AveragePooling3D, order=_ORDER)
max_pooling1d = function_of(MaxPooling1D, order=_ORDER)
max_pooling2d = function_of(MaxPooling2D, order=_ORDER)
max_pooling3d = function_of(MaxPooling3D, order=_ORDER)
