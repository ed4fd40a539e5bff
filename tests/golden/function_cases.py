"""The functions and small objects that are compared with Keras 2.2.5: a table.

A case computes with any module that has the interface of Keras, so the same line runs in the
original and in ours. Input arrays come from a ``numpy.random.RandomState`` seeded by the case's
name. Every case is one line below; its name is ``module/function/what is special``.
"""

import collections
import zlib

import numpy as np

Case = collections.namedtuple("Case", "inputs compute")
Sample = collections.namedtuple("Sample", "make distribution")

CASES = collections.OrderedDict()
SAMPLES = collections.OrderedDict()

SAMPLE_SHAPE = (200, 300)


def evaluate(keras, name):
    """The output of one case, as an array."""
    case = CASES[name]
    random = np.random.RandomState(zlib.crc32(name.encode()) % 2**31)
    tensors = [keras.backend.constant(make(random)) for make in case.inputs]
    output = case.compute(keras, *tensors)
    if isinstance(output, (float, np.ndarray)):
        return np.asarray(output, "float32")
    return keras.backend.eval(output)


def statistics(keras, name, seed):
    """Mean, standard deviation and largest magnitude of a sample of a random initializer."""
    values = keras.backend.eval(SAMPLES[name].make(keras, seed)(SAMPLE_SHAPE))
    return np.array([values.mean(), values.std(), abs(values).max()])


# What goes in -------------------------------------------------------------------------------------


def numbers(*shape):
    """Normally distributed numbers."""
    return lambda random: random.normal(0, 2, shape)


def given(*values):
    """These very values."""
    return lambda random: np.array(values, "float32")


def probabilities(*shape):
    """Numbers between 0 and 1."""
    return lambda random: random.uniform(0, 1, shape)


def distributions(*shape):
    """Positive numbers that sum to one along the last axis."""

    def make(random):
        values = random.uniform(0.01, 1, shape)
        return values / values.sum(axis=-1, keepdims=True)

    return make


def classes(count, *shape):
    """Class numbers, as floats, which is what Keras feeds."""
    return lambda random: random.randint(0, count, shape)


def one_hot(count, *shape):
    """Class numbers as rows with a single 1."""
    return lambda random: np.eye(count)[random.randint(0, count, shape)]


def signs(*shape):
    """-1 and 1."""
    return lambda random: random.choice([-1.0, 1.0], shape)


def bits(*shape):
    """0 and 1."""
    return lambda random: random.randint(0, 2, shape)


# How a line becomes a case ------------------------------------------------------------------------


def _function(module, function, label, *inputs, **arguments):
    """A function of tensors."""

    def compute(keras, *tensors):
        return getattr(getattr(keras, module), function)(*tensors, **arguments)

    CASES["%s/%s/%s" % (module, function, label)] = Case(inputs, compute)


def _object(module, maker, label, weight, *positional, **arguments):
    """A constraint or regularizer, made and applied to a weight."""

    def compute(keras, tensor):
        return getattr(getattr(keras, module), maker)(*positional, **arguments)(tensor)

    CASES["%s/%s/%s" % (module, maker, label)] = Case((weight,), compute)


def _initializer(maker, shape, *positional, **arguments):
    """An initializer, made and called with a shape."""

    def compute(keras):
        return getattr(keras.initializers, maker)(*positional, **arguments)(shape)

    label = "_".join(["x".join(map(str, shape))] + _settings(arguments))
    CASES["initializers/%s/%s" % (maker, label)] = Case((), compute)


def _settings(arguments):
    return [
        "%s_%s" % (name, value if np.isscalar(value) else "array")
        for name, value in sorted(arguments.items())
    ]


# Activations --------------------------------------------------------------------------------------

_NAMES = ("elu", "selu", "softplus", "softsign", "relu", "tanh", "sigmoid", "hard_sigmoid",
          "exponential", "linear")  # fmt: skip
for _name in _NAMES:
    _function("activations", _name, "matrix", numbers(5, 7))
    _function("activations", _name, "far_out", given(-20.0, -2.5, -0.0, 0.0, 2.5, 20.0))
_function("activations", "softmax", "matrix", numbers(5, 7))
_function("activations", "softmax", "matrix_axis_0", numbers(5, 7), axis=0)
_function("activations", "softmax", "steps", numbers(2, 3, 4))
_function("activations", "softmax", "steps_axis_1", numbers(2, 3, 4), axis=1)
_function("activations", "softmax", "image_axis_1", numbers(2, 3, 4, 5), axis=1)
_function("activations", "softmax", "large", given([1000.0, 999.0], [-1000.0, 0.0]))
_function("activations", "elu", "alpha", numbers(5, 7), alpha=0.3)
_function("activations", "relu", "leaky", numbers(5, 7), alpha=0.1)
_function("activations", "relu", "six", numbers(5, 7), max_value=6)
_function("activations", "relu", "threshold", numbers(5, 7), threshold=0.5)
_function("activations", "relu", "leaky_cut", numbers(5, 7), alpha=0.1, max_value=1.5)
_function("activations", "relu", "leaky_threshold", numbers(5, 7), alpha=0.1, threshold=0.5)
_function("activations", "relu", "all", numbers(5, 7), alpha=0.1, max_value=1.5, threshold=0.5)

# Losses -------------------------------------------------------------------------------------------

_OF_NUMBERS = ("mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error",
               "mean_squared_logarithmic_error", "logcosh", "cosine_proximity", "hinge",
               "squared_hinge", "categorical_hinge")  # fmt: skip
for _name in _OF_NUMBERS:
    _function("losses", _name, "matrix", numbers(5, 7), numbers(5, 7))
    _function("losses", _name, "steps", numbers(2, 3, 4), numbers(2, 3, 4))
_OF_DISTRIBUTIONS = ("categorical_crossentropy", "kullback_leibler_divergence", "poisson",
                     "binary_crossentropy")  # fmt: skip
for _name in _OF_DISTRIBUTIONS:
    _function("losses", _name, "matrix", distributions(5, 7), distributions(5, 7))
    _function("losses", _name, "steps", distributions(2, 3, 4), distributions(2, 3, 4))
    _function("losses", _name, "one_hot", one_hot(7, 5), distributions(5, 7))
    _function("losses", _name, "certain", given([1.0, 0.0]), given([1.0, 0.0]))
    _function("losses", _name, "certainly_wrong", given([1.0, 0.0]), given([0.0, 1.0]))
_NO_PREDICTION = given([1e-9, 0.0, 3.0])
_function(
    "losses", "categorical_crossentropy", "not_normalized", one_hot(7, 5), probabilities(5, 7)
)
_function("losses", "binary_crossentropy", "bits", bits(5, 7), probabilities(5, 7))
_function("losses", "mean_absolute_percentage_error", "zero", given([0.0, 2.0]), given([0.1, 1.0]))
_function(
    "losses", "mean_squared_logarithmic_error", "small", _NO_PREDICTION, given([2.0, 0.0, -1.0])
)
_function("losses", "logcosh", "far_apart", given([50.0, -50.0]), given([-50.0, 50.0]))
_function("losses", "cosine_proximity", "zero", given([0.0, 0.0]), given([1.0, 2.0]))
_function("losses", "hinge", "signs", signs(5, 7), numbers(5, 7))
_function("losses", "squared_hinge", "signs", signs(5, 7), numbers(5, 7))
_function("losses", "categorical_hinge", "one_hot", one_hot(7, 5), numbers(5, 7))
for _shape in ((5,), (5, 1)):
    _label = "x".join(map(str, _shape))
    _function(
        "losses",
        "sparse_categorical_crossentropy",
        _label,
        classes(7, *_shape),
        distributions(5, 7),
    )
_function(
    "losses",
    "sparse_categorical_crossentropy",
    "steps",
    classes(4, 2, 3, 1),
    distributions(2, 3, 4),
)
_function(
    "losses",
    "sparse_categorical_crossentropy",
    "certain",
    given(0.0, 1.0),
    given([1.0, 0.0], [1.0, 0.0]),
)
for _name in ("mse", "MSE", "mae", "MAE", "mape", "MAPE", "msle", "MSLE", "kld", "KLD", "cosine"):
    _function("losses", _name, "alias", probabilities(3, 4), probabilities(3, 4))

# Metrics ------------------------------------------------------------------------------------------

_function("metrics", "binary_accuracy", "bits", bits(5, 7), probabilities(5, 7))
_function("metrics", "binary_accuracy", "one_column", bits(5, 1), probabilities(5, 1))
_function("metrics", "binary_accuracy", "one_half", given([0.0, 1.0]), given([0.5, 0.5]))
_function("metrics", "categorical_accuracy", "matrix", one_hot(3, 9), distributions(9, 3))
_function("metrics", "categorical_accuracy", "steps", one_hot(3, 2, 4), distributions(2, 4, 3))
_function(
    "metrics",
    "categorical_accuracy",
    "tie",
    given([0.0, 1.0], [1.0, 0.0]),
    given([0.5, 0.5], [0.5, 0.5]),
)
_function("metrics", "sparse_categorical_accuracy", "vector", classes(3, 9), distributions(9, 3))
_function("metrics", "sparse_categorical_accuracy", "column", classes(3, 9, 1), distributions(9, 3))
_function(
    "metrics", "sparse_categorical_accuracy", "steps", classes(3, 2, 4), distributions(2, 4, 3)
)
_function(
    "metrics",
    "sparse_categorical_accuracy",
    "steps_column",
    classes(3, 2, 4, 1),
    distributions(2, 4, 3),
)
for _k in (1, 3, 5, 7):
    _function(
        "metrics",
        "top_k_categorical_accuracy",
        "k_%d" % _k,
        one_hot(7, 9),
        distributions(9, 7),
        k=_k,
    )
    _function(
        "metrics",
        "sparse_top_k_categorical_accuracy",
        "k_%d" % _k,
        classes(7, 9, 1),
        distributions(9, 7),
        k=_k,
    )
_function("metrics", "top_k_categorical_accuracy", "default", one_hot(7, 9), distributions(9, 7))
_function(
    "metrics", "sparse_top_k_categorical_accuracy", "default", classes(7, 9), distributions(9, 7)
)
_function(
    "metrics",
    "top_k_categorical_accuracy",
    "tie",
    given([0.0, 0.0, 1.0]),
    given([0.3, 0.3, 0.3]),
    k=1,
)
_ALSO_LOSSES = ("mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error",
                "mean_squared_logarithmic_error", "hinge", "logcosh", "squared_hinge",
                "categorical_crossentropy", "binary_crossentropy", "kullback_leibler_divergence",
                "poisson", "cosine_proximity", "mse", "MSE", "mae", "MAE", "mape", "MAPE", "msle",
                "MSLE", "cosine")  # fmt: skip
for _name in _ALSO_LOSSES:
    _function("metrics", _name, "also_a_loss", probabilities(3, 4), probabilities(3, 4))
_function(
    "metrics", "sparse_categorical_crossentropy", "also_a_loss", classes(4, 3), distributions(3, 4)
)

# Backend ------------------------------------------------------------------------------------------

_IMAGES, _VOLUMES = numbers(2, 4, 5, 6), numbers(2, 4, 5, 6, 3)
for _layout in ("channels_first", "channels_last"):
    for _way in ("nearest", "bilinear"):
        _function(
            "backend",
            "resize_images",
            "%s_%s" % (_layout, _way),
            _IMAGES,
            height_factor=2,
            width_factor=3,
            data_format=_layout,
            interpolation=_way,
        )
    _function(
        "backend",
        "resize_volumes",
        _layout,
        _VOLUMES,
        depth_factor=2,
        height_factor=1,
        width_factor=3,
        data_format=_layout,
    )
    _function("backend", "bias_add", _layout, numbers(2, 4, 3, 4), numbers(4), data_format=_layout)
    _function(
        "backend",
        "bias_add",
        _layout + "_of_a_sample",
        numbers(2, *((4, 3, 2) if _layout == "channels_last" else (2, 4, 3))),
        numbers(4, 3, 2),
        data_format=_layout,
    )
    for _mode, _pad in (("avg", "same"), ("avg", "valid"), ("max", "same")):
        _pool = {"padding": _pad, "data_format": _layout, "pool_mode": _mode}
        _label = "_".join([_layout, _mode, _pad])
        _function("backend", "pool2d", _label, _IMAGES, pool_size=(3, 2), strides=(2, 1), **_pool)
        _function("backend", "pool3d", _label, _VOLUMES, pool_size=(2, 3, 2), **_pool)
    _function(
        "backend",
        "local_conv2d",
        _layout,
        numbers(2, *((5, 6, 3) if _layout == "channels_last" else (3, 5, 6))),
        numbers(8, 18, 4),
        kernel_size=(2, 3),
        strides=(1, 2),
        output_shape=(4, 2),
        data_format=_layout,
    )
    for _pad in ("same", "valid"):
        _function(
            "backend",
            "separable_conv2d",
            _layout + "_" + _pad,
            numbers(2, *((5, 6, 3) if _layout == "channels_last" else (3, 5, 6))),
            numbers(2, 3, 3, 2),
            numbers(1, 1, 6, 4),
            padding=_pad,
            data_format=_layout,
        )
_function(
    "backend",
    "local_conv1d",
    "strides",
    numbers(2, 7, 3),
    numbers(3, 9, 4),
    kernel_size=(3,),
    strides=(2,),
)
_function("backend", "conv1d", "causal", numbers(2, 7, 3), numbers(3, 3, 4), padding="causal")
_function("backend", "batch_dot", "one_axis", numbers(3, 4, 5), numbers(3, 5, 2))
_function("backend", "batch_dot", "axes", numbers(3, 4, 5), numbers(3, 4, 2), axes=(1, 1))
_function("backend", "dot", "three_axes", numbers(3, 4), numbers(2, 4, 5))
_function("backend", "repeat_elements", "axis_1", numbers(3, 4, 2), rep=3, axis=1)
_function("backend", "l2_normalize", "axis_0", numbers(3, 4), axis=0)
_function("backend", "logsumexp", "axis_1", numbers(3, 4), axis=1)
_function("backend", "spatial_2d_padding", "pairs", _IMAGES, padding=((1, 0), (2, 3)))

# Constraints --------------------------------------------------------------------------------------

_ZERO_COLUMN = given([0.0, 3.0], [0.0, 4.0])
for _name in ("MaxNorm", "NonNeg", "UnitNorm", "MinMaxNorm", "max_norm", "non_neg", "unit_norm",
              "min_max_norm", "maxnorm", "nonneg", "unitnorm"):  # fmt: skip
    _object("constraints", _name, "default", numbers(6, 5))
    _object("constraints", _name, "zero_column", _ZERO_COLUMN)
for _name in ("MaxNorm", "UnitNorm", "MinMaxNorm"):
    _object("constraints", _name, "axis_1", numbers(6, 5), axis=1)
    _object("constraints", _name, "filters", numbers(3, 3, 2, 4), axis=[0, 1, 2])
_object("constraints", "MaxNorm", "one", numbers(6, 5), 1)
_object("constraints", "MinMaxNorm", "bounds", numbers(6, 5), 3.0, 5.0)
_object("constraints", "MinMaxNorm", "slow", numbers(6, 5), 3.0, 5.0, 0.25)

# Regularizers -------------------------------------------------------------------------------------

for _name in ("L1L2", "l1", "l2", "l1_l2"):
    _object("regularizers", _name, "default", numbers(6, 5))
for _name in ("l1", "l2"):
    _object("regularizers", _name, "factor", numbers(6, 5), l=0.3)
for _name in ("L1L2", "l1_l2"):
    _object("regularizers", _name, "both", numbers(3, 3, 2, 4), l1=0.3, l2=0.7)
_object("regularizers", "L1L2", "l1_only", numbers(6, 5), l1=0.3)
_object("regularizers", "L1L2", "l2_only", numbers(6, 5), l2=0.3)

# Initializers -------------------------------------------------------------------------------------

for _name in ("Zeros", "zeros", "zero", "Ones", "ones", "one", "Constant", "constant"):
    _initializer(_name, (2, 3))
_initializer("Constant", (2, 3), value=2.5)
_initializer("Constant", (2, 2), value=np.arange(4.0).reshape(2, 2))
for _name in ("Identity", "identity"):
    _initializer(_name, (4, 4))
_initializer("Identity", (3, 5), gain=2.0)
_initializer("Identity", (5, 3))
for _name in ("Orthogonal", "orthogonal"):
    _initializer(_name, (4, 4), seed=1)
for _shape in ((7, 3), (3, 7), (3, 3, 2, 4), (2, 2, 1, 9), (5, 1), (1, 5)):
    _initializer("Orthogonal", _shape, gain=1.5, seed=7)

# With a seed of their own, TensorFlow's random operations have given the same numbers from 1.15 to
# 2.21. It does not promise that, so the distributions below are compared as well.
_DISTRIBUTIONS = ("RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "normal",
                  "random_normal", "uniform", "random_uniform", "truncated_normal",
                  "lecun_uniform", "lecun_normal", "glorot_uniform", "glorot_normal", "he_uniform",
                  "he_normal")  # fmt: skip
for _name in _DISTRIBUTIONS:
    _initializer(_name, (4, 5), seed=3)
for _name in ("lecun_uniform", "glorot_normal"):
    for _shape in ((6,), (3, 2, 4), (2, 3, 2, 4), (2, 2, 2, 3, 2)):
        _initializer(_name, _shape, seed=3)
_initializer("RandomNormal", (4, 5), mean=1.0, seed=3, stddev=2.0)
_initializer("RandomUniform", (4, 5), maxval=5.0, minval=3.0, seed=3)
_initializer("TruncatedNormal", (4, 5), mean=1.0, seed=3, stddev=2.0)
_MODES = [
    (mode, kind) for mode in ("fan_in", "fan_out", "fan_avg") for kind in ("normal", "uniform")
]
for _mode, _kind in _MODES:
    _initializer("VarianceScaling", (4, 9), distribution=_kind, mode=_mode, scale=2.0, seed=3)

# Samples: random initializers whose distribution is compared, whatever the numbers are ------------


def _sample(drawn_from, maker, **arguments):
    def make(keras, seed):
        return getattr(keras.initializers, maker)(seed=seed, **arguments)

    SAMPLES["samples/" + "_".join([maker] + _settings(arguments))] = Sample(make, drawn_from)


_sample("normal", "RandomNormal", mean=0.5, stddev=2.0)
_sample("uniform", "RandomUniform", minval=-1.0, maxval=2.0)
_sample("truncated", "TruncatedNormal", stddev=2.0)
for _name in ("lecun_uniform", "glorot_uniform", "he_uniform"):
    _sample("uniform", _name)
for _name in ("lecun_normal", "glorot_normal", "he_normal"):
    _sample("truncated", _name)
for _mode, _kind in _MODES:
    _drawn_from = {"normal": "truncated", "uniform": "uniform"}[_kind]
    _sample(_drawn_from, "VarianceScaling", distribution=_kind, mode=_mode, scale=3.0)
