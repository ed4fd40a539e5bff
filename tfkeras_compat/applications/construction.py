"""From the arguments that all networks share to the finished model: input, top, weights."""

import collections
import os
import warnings

from tfkeras_compat import backend as K
from tfkeras_compat.engine.input import Input, sources_of
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import Dense, GlobalAveragePooling2D, GlobalMaxPooling2D
from tfkeras_compat.models import Model
from tfkeras_compat.utils.files import get_file

_POOLINGS = {"avg": GlobalAveragePooling2D, "max": GlobalMaxPooling2D}

# What `keras_applications` was handed by whoever wrapped it. There is only one Keras here.
_MODULES = ("backend", "layers", "models", "utils")

KERNELS = "_weights_tf_dim_ordering_tf_kernels"

_File = collections.namedtuple("_File", "origin name hash")


def published(folder, names, hashes=(None, None)):
    """The files of published weights, by ``include_top``.

    Args:
        folder: the address that the names are appended to.
        names: of the file with the top and of that without; a pair instead of a name is the name
            there, and the one it is kept under.
    """
    both = [(name, name) if isinstance(name, str) else name for name in names]
    files = [_File(folder + there, here, md5) for (there, here), md5 in zip(both, hashes)]
    return {True: files[0], False: files[1]}


class Construction:
    """One call of a network's function, with its arguments checked."""

    def __init__(self, include_top, weights, input_tensor, input_shape, pooling, classes, others):
        self.include_top = bool(include_top)
        self.weights = weights
        self.input_tensor = input_tensor
        self.input_shape = None if input_shape is None else tuple(input_shape)
        self.pooling = _pooling(pooling, others)
        self.classes = classes
        self._check_weights()

    @property
    def is_pretrained(self):
        return self.weights == "imagenet"

    def _check_weights(self):
        if not (self.weights is None or self.is_pretrained or os.path.exists(self.weights)):
            raise ConfigError(
                "The `weights` argument should be either `None` (random initialization), "
                "`imagenet` (pre-training on ImageNet), or the path to the weights file to be "
                "loaded. Found %r, which is no file." % (self.weights,)
            )
        if self.is_pretrained and self.include_top and self.classes != 1000:
            raise ConfigError(
                'If using `weights` as `"imagenet"` with `include_top` as true, `classes` should '
                "be 1000, found %r." % (self.classes,)
            )

    def begin(self, default_size, min_size, needs_size=None):
        """The tensor that the network begins with.

        Args:
            default_size: rows and columns of the pictures unless the caller said otherwise.
            min_size: the smallest that the network takes.
            needs_size: whether the size must be known; by default if there is a top.
        """
        if needs_size is None:
            needs_size = self.include_top
        if self.input_tensor is not None and not K.is_keras_tensor(self.input_tensor):
            self._take_shape_of_raw_tensor()
        shape = _input_shape(
            self.input_shape, default_size, min_size, needs_size, self.is_pretrained
        )
        self.input_shape = shape
        if self.input_tensor is None:
            self._input = Input(shape=shape)
        elif K.is_keras_tensor(self.input_tensor):
            self._input = self.input_tensor
        else:
            self._input = Input(tensor=self.input_tensor, shape=shape)
        return self._input

    def _take_shape_of_raw_tensor(self):
        shape = K.int_shape(self.input_tensor)
        if self.input_shape is None and shape is not None and None not in shape[1:]:
            self.input_shape = shape[1:]

    def finish(self, x, name, files, top="predictions", average=None, pooled=(None, None)):
        """The model, with the weights that were asked for.

        Args:
            x: the features, a tensor of four axes.
            files: of the published weights, see :func:`published`.
            top, average: names of the layers of the usual top: global average, then classes.
            pooled: names of the layers of average and maximum pooling, without a top.
        """
        if self.include_top:
            x = GlobalAveragePooling2D(name=average)(x)
            x = Dense(self.classes, activation="softmax", name=top)(x)
        else:
            x = self.pool(x, pooled)
        return self.model(x, name, files)

    def pool(self, x, names=(None, None)):
        """Features without a top: pooled as the caller asked, or as they are."""
        if self.pooling not in _POOLINGS:
            return x
        named = dict(zip(("avg", "max"), names))
        return _POOLINGS[self.pooling](name=named[self.pooling])(x)

    def model(self, x, name, files):
        """The model up to ``x``, with the weights that were asked for."""
        # A tensor of other layers brings those along.
        given = self._input if self.input_tensor is None else sources_of(self.input_tensor)
        model = Model(given, x, name=name)
        if self.is_pretrained:
            model.load_weights(_fetched(files[self.include_top]))
        elif self.weights is not None:
            model.load_weights(self.weights)
        return model


def _fetched(file):
    return get_file(file.name, file.origin, cache_subdir="models", file_hash=file.hash)


def _pooling(pooling, others):
    unknown = sorted(set(others) - set(_MODULES) - {"pool"})
    if unknown:
        raise TypeError("Invalid keyword argument: %s" % ", ".join(unknown))
    return others.get("pool", pooling)  # `pool` is what TensorFlow's announcement of Keras wrote


# ---- shapes of inputs ---------------------------------------------------------------------------


def picture_shape(rows, columns, channels):
    """A shape in the default image layout."""
    if K.image_data_format() == "channels_first":
        return (channels, rows, columns)
    return (rows, columns, channels)


def sizes_and_channels(shape):
    """``((rows, columns), channels)`` of a shape in the default image layout."""
    if K.image_data_format() == "channels_first":
        return tuple(shape[1:]), shape[0]
    return tuple(shape[:-1]), shape[-1]


def published_size(shape, sizes, default=224):
    """The size of square pictures if weights were published for it, else the default."""
    found = sizes_and_channels(shape)[0] if shape else None
    return next((size for size in sizes if found == (size, size)), default)


def padding_before_halving(x, kernel_size):
    """The zeros around pictures that let a convolution with strides 2 keep its windows centred."""
    sizes, _ = sizes_and_channels(K.int_shape(x)[1:])
    odd = (0, 0) if sizes[0] is None else (sizes[0] % 2, sizes[1] % 2)
    half = kernel_size // 2
    return tuple((half - 1 + rest, half) for rest in odd)


def _input_shape(given, default_size, min_size, needs_size, is_pretrained):
    channels = 3
    if given and len(given) == 3 and not is_pretrained:
        channels = _usual_channels(given)
    default = picture_shape(default_size, default_size, channels)
    if needs_size and is_pretrained:
        if given not in (None, default):
            raise ShapeError(
                "When setting `include_top=True` and loading `imagenet` weights, `input_shape` "
                "should be %s, found %s." % (default, given)
            )
        return default
    if not given:
        return default if needs_size else picture_shape(None, None, 3)
    _check_shape(given, min_size, needs_size, is_pretrained)
    return given


def _usual_channels(shape):
    channels = sizes_and_channels(shape)[1]
    if channels not in (1, 3):
        warnings.warn(
            "This model usually expects 1 or 3 input channels. However, it was passed an "
            "input_shape with %s input channels." % channels,
            stacklevel=5,
        )
    return channels


def _check_shape(shape, min_size, needs_size, is_pretrained):
    if len(shape) != 3:
        raise ShapeError("`input_shape` must be a tuple of three integers, found %s." % (shape,))
    sizes, channels = sizes_and_channels(shape)
    if is_pretrained and channels != 3:
        raise ShapeError("The input must have 3 channels; got `input_shape=%s`" % (shape,))
    if any(size is not None and size < min_size for size in sizes):
        raise ShapeError(
            "Input size must be at least %dx%d; got `input_shape=%s`" % (min_size, min_size, shape)
        )
    if needs_size and None in shape:
        raise ShapeError(
            "If `include_top` is True, you should specify a static `input_shape`. Got "
            "`input_shape=%s`" % (shape,)
        )
