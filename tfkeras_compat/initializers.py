"""Initializers: what a weight is filled with before training.

An initializer is called with a shape and a dtype and gives a tensor of the current graph
(``Orthogonal``: an array). Distributions and factors are those of Keras 2.2.5. Without a seed the
backend draws one from NumPy's global generator.
"""

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.state import registry
from tfkeras_compat.state.generation import trait

_known = registry.Registry("initializer")

# The standard deviation of a standard normal distribution cut off at -2 and 2.
_TRUNCATED_STDDEV = 0.87962566103423978


@_known.register
class Initializer:
    """Base class of all initializers.

    Subclasses define ``__call__`` and, if they have arguments, ``get_config``.
    """

    def __call__(self, shape, dtype=None):
        raise NotImplementedError(
            "%s does not define __call__(self, shape, dtype=None)." % type(self).__name__
        )

    def get_config(self):
        """The arguments that make an equal initializer."""
        return {}

    @classmethod
    def from_config(cls, config):
        """An initializer from :meth:`get_config`; ``dtype``, which tf.keras adds, is ignored."""
        return cls(**{name: value for name, value in config.items() if name != "dtype"})


@_known.register
class Zeros(Initializer):
    """All zeros."""

    def __call__(self, shape, dtype=None):
        return K.constant(0, shape=shape, dtype=dtype)


@_known.register
class Ones(Initializer):
    """All ones."""

    def __call__(self, shape, dtype=None):
        return K.constant(1, shape=shape, dtype=dtype)


@_known.register
class Constant(Initializer):
    """One number everywhere, or the given array.

    >>> from tfkeras_compat import backend as K, initializers
    >>> K.eval(initializers.Constant(2)((2, 2))).tolist()
    [[2.0, 2.0], [2.0, 2.0]]
    """

    def __init__(self, value=0):
        self.value = value

    def __call__(self, shape, dtype=None):
        return K.constant(self.value, shape=shape, dtype=dtype)

    def get_config(self):
        return {"value": self.value}


@_known.register
class RandomNormal(Initializer):
    """Normally distributed numbers."""

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        self.mean = mean
        self.stddev = stddev
        self.seed = seed

    def __call__(self, shape, dtype=None):
        return K.random_normal(shape, self.mean, self.stddev, dtype=dtype, seed=self.seed)

    def get_config(self):
        return {"mean": self.mean, "stddev": self.stddev, "seed": self.seed}


@_known.register
class RandomUniform(Initializer):
    """Numbers spread evenly from ``minval`` to ``maxval``."""

    def __init__(self, minval=-0.05, maxval=0.05, seed=None):
        self.minval = minval
        self.maxval = maxval
        self.seed = seed

    def __call__(self, shape, dtype=None):
        return K.random_uniform(shape, self.minval, self.maxval, dtype=dtype, seed=self.seed)

    def get_config(self):
        return {"minval": self.minval, "maxval": self.maxval, "seed": self.seed}


@_known.register
class TruncatedNormal(Initializer):
    """Normally distributed numbers, drawn again where more than two deviations from the mean."""

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        self.mean = mean
        self.stddev = stddev
        self.seed = seed

    def __call__(self, shape, dtype=None):
        return K.truncated_normal(shape, self.mean, self.stddev, dtype=dtype, seed=self.seed)

    def get_config(self):
        return {"mean": self.mean, "stddev": self.stddev, "seed": self.seed}


def _truncated_normal(shape, variance, dtype, seed):
    return K.truncated_normal(
        shape, 0.0, np.sqrt(variance) / _TRUNCATED_STDDEV, dtype=dtype, seed=seed
    )


def _untruncated_normal(shape, variance, dtype, seed):
    return K.random_normal(shape, 0.0, np.sqrt(variance), dtype=dtype, seed=seed)


def _uniform(shape, variance, dtype, seed):
    limit = np.sqrt(3.0 * variance)
    return K.random_uniform(shape, -limit, limit, dtype=dtype, seed=seed)


_FANS = {
    "fan_in": lambda fan_in, fan_out: fan_in,
    "fan_out": lambda fan_in, fan_out: fan_out,
    "fan_avg": lambda fan_in, fan_out: float(fan_in + fan_out) / 2,
}
_DISTRIBUTIONS = {
    "normal": _truncated_normal,
    "uniform": _uniform,
    "truncated_normal": _truncated_normal,  # the words in files of tf.keras
    "untruncated_normal": _untruncated_normal,
}


def _checked_word(argument, word, table):
    if word.lower() not in table:
        raise ConfigError(
            "Invalid `%s` argument of VarianceScaling: expected one of %s, found %r."
            % (argument, ", ".join(sorted(table)), word)
        )
    return word.lower()


@_known.register
class VarianceScaling(Initializer):
    """Random numbers of variance ``scale / n``: signals keep their size from layer to layer.

    ``n`` is the number of inputs of a unit (``mode='fan_in'``), of its outputs (``'fan_out'``) or
    their average (``'fan_avg'``). ``distribution`` is ``'normal'`` (truncated at two standard
    deviations, which are widened to make up for it) or ``'uniform'`` (limits at
    ``sqrt(3 * scale / n)``).

    Raises:
        ConfigError: ``scale`` is not positive, or ``mode`` or ``distribution`` is unknown.

    >>> from tfkeras_compat import backend as K, initializers
    >>> values = K.eval(initializers.VarianceScaling(3., "fan_out", "uniform")((20, 100)))
    >>> bool(abs(values).max() <= 0.3)
    True
    """

    def __init__(self, scale=1.0, mode="fan_in", distribution="normal", seed=None):
        if scale <= 0.0:
            raise ConfigError(
                "`scale` of VarianceScaling must be a positive number, found %r." % (scale,)
            )
        self.scale = scale
        self.mode = _checked_word("mode", mode, _FANS)
        self.distribution = _checked_word("distribution", distribution, _DISTRIBUTIONS)
        self.seed = seed

    def __call__(self, shape, dtype=None):
        fan = _FANS[self.mode](*_compute_fans(shape))
        return _DISTRIBUTIONS[self.distribution](
            shape, self.scale / max(1.0, fan), dtype, self.seed
        )

    def get_config(self):
        return {
            "scale": self.scale,
            "mode": self.mode,
            "distribution": self.distribution,
            "seed": self.seed,
        }


@_known.register
class Orthogonal(Initializer):
    """A random matrix with orthonormal rows or columns, times ``gain``.

    All axes but the last count as rows. The numbers come from NumPy's singular value
    decomposition, as in the original, so one seed gives one matrix on every version of TensorFlow;
    the signs of its vectors are the choice of NumPy's LAPACK and may differ between its versions.
    Source: Saxe et al. 2013, http://arxiv.org/abs/1312.6120.

    Raises:
        ShapeError: the shape has fewer than two axes.

    >>> import numpy as np
    >>> from tfkeras_compat import initializers
    >>> q = initializers.Orthogonal(seed=1)((4, 3))
    >>> np.allclose(q.T.dot(q), np.eye(3))
    True
    """

    def __init__(self, gain=1.0, seed=None):
        self.gain = gain
        self.seed = seed

    def __call__(self, shape, dtype=None):
        if len(shape) < 2:
            raise ShapeError(
                "Orthogonal needs a shape of at least two axes, found %r." % (tuple(shape),)
            )
        flat_shape = (int(np.prod(shape[:-1])), shape[-1])
        generator = np.random if self.seed is None else np.random.RandomState(self.seed)
        left, _, right = np.linalg.svd(generator.normal(0.0, 1.0, flat_shape), full_matrices=False)
        return self.gain * (left if left.shape == flat_shape else right).reshape(shape)

    def get_config(self):
        return {"gain": self.gain, "seed": self.seed}


@_known.register
class Identity(Initializer):
    """The identity matrix times ``gain``, filled up with zeros where it is not square.

    Raises:
        ShapeError: the shape does not have two axes.
    """

    def __init__(self, gain=1.0):
        self.gain = gain

    def __call__(self, shape, dtype=None):
        if len(shape) != 2:
            raise ShapeError(
                "Identity can only initialize 2D matrices, found shape %r." % (tuple(shape),)
            )
        return self.gain * tf.eye(shape[0], shape[1], dtype=dtype or K.floatx())

    def get_config(self):
        return {"gain": self.gain}


@_known.register
def lecun_uniform(seed=None):
    """Uniform within ``sqrt(3 / fan_in)``.

    Source: LeCun et al. 1998, http://yann.lecun.com/exdb/publis/pdf/lecun-98b.pdf.
    """
    return VarianceScaling(scale=1.0, mode="fan_in", distribution="uniform", seed=seed)


@_known.register
def lecun_normal(seed=None):
    """Truncated normal, variance ``1 / fan_in``.

    Source: Klambauer et al. 2017, https://arxiv.org/abs/1706.02515.
    """
    return VarianceScaling(scale=1.0, mode="fan_in", distribution="normal", seed=seed)


@_known.register
def glorot_uniform(seed=None):
    """Uniform within ``sqrt(6 / (fan_in + fan_out))``, also called Xavier.

    Source: Glorot and Bengio 2010, http://proceedings.mlr.press/v9/glorot10a.html.
    """
    return VarianceScaling(scale=1.0, mode="fan_avg", distribution="uniform", seed=seed)


@_known.register
def glorot_normal(seed=None):
    """Truncated normal, variance ``2 / (fan_in + fan_out)``, also called Xavier.

    Source: Glorot and Bengio 2010, http://proceedings.mlr.press/v9/glorot10a.html.
    """
    return VarianceScaling(scale=1.0, mode="fan_avg", distribution="normal", seed=seed)


@_known.register
def he_uniform(seed=None):
    """Uniform within ``sqrt(6 / fan_in)``.

    Source: He et al. 2015, http://arxiv.org/abs/1502.01852.
    """
    return VarianceScaling(scale=2.0, mode="fan_in", distribution="uniform", seed=seed)


@_known.register
def he_normal(seed=None):
    """Truncated normal, variance ``2 / fan_in``.

    Source: He et al. 2015, http://arxiv.org/abs/1502.01852.
    """
    return VarianceScaling(scale=2.0, mode="fan_in", distribution="normal", seed=seed)


zero = zeros = _known.register(Zeros, "zero", "zeros")
one = ones = _known.register(Ones, "one", "ones")
constant = _known.register(Constant, "constant")
uniform = random_uniform = _known.register(RandomUniform, "uniform", "random_uniform")
normal = random_normal = _known.register(RandomNormal, "normal", "random_normal")
truncated_normal = _known.register(TruncatedNormal, "truncated_normal")
identity = _known.register(Identity, "identity")
orthogonal = _known.register(Orthogonal, "orthogonal")


def _convolution_fans(shape, data_format):
    if data_format == "channels_first":
        outputs, inputs, window = shape[0], shape[1], shape[2:]
    elif data_format == "channels_last":
        outputs, inputs, window = shape[-1], shape[-2], shape[:-2]
    else:
        raise ConfigError(
            "Invalid data_format: %r. Expected 'channels_last' or 'channels_first'."
            % (data_format,)
        )
    return inputs * np.prod(window), outputs * np.prod(window)


def _compute_fans(shape, data_format="channels_last"):
    """The numbers of inputs and outputs of a unit.

    A matrix is read as a dense kernel, three to five axes as the kernel of a convolution.
    """
    if len(shape) == 2:
        return shape[0], shape[1]
    if len(shape) in (3, 4, 5):
        return _convolution_fans(shape, data_format)
    side = np.sqrt(np.prod(shape))
    return side, side


def serialize(initializer):
    """The configuration of an initializer: a dictionary, or the name of a function."""
    return registry.serialize(initializer)


def deserialize(config, custom_objects=None):
    """The initializer that a configuration stands for.

    Raises:
        ConfigError: its name is unknown.
    """
    return _known.deserialize(config, custom_objects)


def get(identifier):
    """An initializer from a configuration, a name or a callable.

    Raises:
        ConfigError: unknown name, or something else.

    >>> from tfkeras_compat import initializers
    >>> initializers.get("he_normal").scale
    2.0
    """
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if isinstance(identifier, str):
        plain = {"class_name": identifier, "config": {}}
        return deserialize(trait("initializers").get(identifier, plain))
    if callable(identifier):
        return identifier
    raise ConfigError(
        "Could not interpret initializer identifier: %r. Expected a name, a configuration or a "
        "callable of shape and dtype." % (identifier,)
    )
