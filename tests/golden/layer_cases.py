"""The layers and little models that are compared with Keras 2.2.5: a table.

A case builds with any module that has the interface of Keras, so the same line runs in the
original and in ours. Sizes differ on every axis where they can (3 samples, 5 steps, 4 features),
so that a swapped axis shows.
"""

import collections
import warnings
import zlib

import numpy as np
import own_layers

BATCH = 3

Feed = collections.namedtuple("Feed", "shape dtype make batch_size")
Case = collections.namedtuple("Case", "name build feeds options")

OPTIONS = {
    "random": False,  # phase 1 draws random numbers: outputs are compared in phase 0 only
    "recurrent": False,  # many steps add up: the wider tolerance
    "stateful": False,  # two batches in a row, then the first again after reset_states
    "gradients": False,  # gradients of sum(output ** 2) by the trainable weights
    "updates": False,  # statistics after 1, 2 and 10 runs of the updates
    "summary": False,  # the text that model.summary() prints
    "name_scope": None,  # build inside tf.name_scope(...)
    "variable_scope": None,  # build inside tf.variable_scope(...)
}

CASES = collections.OrderedDict()


# What goes in -------------------------------------------------------------------------------------


def floats(*shape, **settings):
    """Normally distributed numbers."""
    return _feed(shape, "float32", lambda random, full: random.normal(size=full), **settings)


def ids(*shape, **settings):
    """Token numbers 1 to 6."""
    return _feed(shape, "int32", lambda random, full: random.randint(1, 7, size=full), **settings)


def padded(feed):
    """The same with the last step of sample 1 and the last two of sample 2 set to zero."""

    def make(random, full):
        values = np.array(feed.make(random, full))
        for sample in range(full[0]):
            values[sample, full[1] - sample :] = 0
        return values

    return feed._replace(make=make)


def fixed(feed):
    """The same with the batch size stated in the model."""
    return feed._replace(batch_size=BATCH)


def _feed(shape, dtype, make, batch_size=None):
    return Feed(tuple(shape), dtype, make, batch_size)


def arrays(case, batch=0):
    """The input arrays of a case; another ``batch`` gives other numbers."""
    random = np.random.RandomState((zlib.crc32(case.name.encode()) + batch) % 2**31)
    return [_values(feed, random) for feed in case.feeds]


def _values(feed, random):
    # None in a shape means "any length": 5 are given.
    full = (BATCH,) + tuple(5 if size is None else size for size in feed.shape)
    return np.asarray(feed.make(random, full)).astype(feed.dtype)


# How a case gets into the table -------------------------------------------------------------------


def case(name, *feeds, **options):
    """Decorator: ``build(keras, *inputs)`` gives the output tensors of a functional model."""
    unknown = set(options) - set(OPTIONS)
    if unknown or name in CASES:
        raise ValueError(
            "Case %r: unknown options %s, or the name is taken." % (name, sorted(unknown))
        )

    def add(build):
        CASES[name] = Case(name, build, feeds, dict(OPTIONS, **options))
        return build

    return add


def layer(name, kind, feed, arguments=None, **options):
    """A model of one layer."""
    case(name, feed, **options)(lambda keras, x: getattr(keras.layers, kind)(**arguments or {})(x))


def merge(name, kind, feeds, arguments=None, **options):
    """A model of one merge layer."""
    case(name, *feeds, **options)(
        lambda keras, *inputs: getattr(keras.layers, kind)(**arguments or {})(list(inputs))
    )


# Dense, Activation, Dropout, shapes ---------------------------------------------------------------

layer("dense", "Dense", floats(4), {"units": 3}, gradients=True, summary=True)
layer("dense_named", "Dense", floats(4), {"units": 3, "name": "scores"})
layer(
    "dense_without_bias", "Dense", floats(4), {"units": 3, "use_bias": False, "activation": "tanh"}
)
layer("dense_on_sequences", "Dense", floats(5, 4), {"units": 3, "activation": "softmax"})
layer("dense_on_images", "Dense", floats(5, 6, 4), {"units": 3, "activation": "relu"})
layer("dense_frozen", "Dense", floats(4), {"units": 3, "trainable": False})
layer("dense_in_name_scope", "Dense", floats(4), {"units": 3}, name_scope="block1")
layer("dense_in_variable_scope", "Dense", floats(4), {"units": 3}, variable_scope="vs")
layer(
    "dense_with_initializers",
    "Dense",
    floats(4),
    {
        "units": 3,
        "kernel_initializer": "he_normal",
        "bias_initializer": "ones",
        "kernel_constraint": "nonneg",
        "bias_constraint": "max_norm",
    },
)


@case("dense_with_every_argument", floats(4))
def _(keras, x):
    return keras.layers.Dense(
        3,
        activation="sigmoid",
        use_bias=True,
        kernel_initializer=keras.initializers.RandomUniform(-0.1, 0.1, seed=3),
        bias_initializer=keras.initializers.Constant(0.25),
        kernel_regularizer=keras.regularizers.l1_l2(0.01, 0.02),
        bias_regularizer=keras.regularizers.l2(0.03),
        activity_regularizer=keras.regularizers.l1(0.04),
        kernel_constraint=keras.constraints.MinMaxNorm(0.1, 0.9, rate=0.5, axis=0),
        bias_constraint=keras.constraints.UnitNorm(axis=0),
        name="full",
    )(x)


for activation in (
    "softmax",
    "elu",
    "selu",
    "softplus",
    "softsign",
    "relu",
    "tanh",
    "sigmoid",
    "hard_sigmoid",
    "exponential",
    "linear",
):
    layer("activation_" + activation, "Activation", floats(4), {"activation": activation})
layer("activation_softmax_on_sequences", "Activation", floats(5, 4), {"activation": "softmax"})

layer("dropout", "Dropout", floats(4), {"rate": 0.5}, random=True)
layer("dropout_of_nothing", "Dropout", floats(4), {"rate": 0})
layer(
    "dropout_with_noise_shape",
    "Dropout",
    floats(5, 4),
    {"rate": 0.3, "noise_shape": (None, 1, 4), "seed": 7},
    random=True,
)
layer("flatten", "Flatten", floats(5, 6, 2))
layer("flatten_channels_first", "Flatten", floats(2, 5, 6), {"data_format": "channels_first"})
layer(
    "flatten_sequences_channels_first", "Flatten", floats(5, 4), {"data_format": "channels_first"}
)
layer("reshape", "Reshape", floats(12), {"target_shape": (3, 4)})
layer("reshape_with_one_free_axis", "Reshape", floats(6, 2), {"target_shape": (-1, 3)})
layer("reshape_of_unknown_length", "Reshape", floats(None, 4), {"target_shape": (-1, 2)})
layer("permute", "Permute", floats(5, 6, 2), {"dims": (3, 1, 2)})
layer("repeat_vector", "RepeatVector", floats(4), {"n": 2})
layer("masking", "Masking", padded(floats(5, 4)), {"mask_value": 0.0})


@case("activity_regularization", floats(4))
def _(keras, x):
    return keras.layers.ActivityRegularization(l1=0.01, l2=0.02)(x)


@case("masked_dense_and_activation", padded(floats(5, 4)))
def _(keras, x):
    hidden = keras.layers.Masking()(x)
    hidden = keras.layers.Activation("tanh")(hidden)
    hidden = keras.layers.Dropout(0.0)(hidden)
    return keras.layers.Permute((2, 1))(keras.layers.Lambda(_twice)(hidden))


# Lambda -------------------------------------------------------------------------------------------


def _twice(x):
    return x * 2


def _affine(x, factor, offset=0.0):
    return x * factor + offset


def _with_mask_noted(x, mask=None):
    return x if mask is None else x + 1


def _drop_last(x):
    return x[:, :-1]


layer("lambda", "Lambda", floats(4), {"function": _twice})
layer(
    "lambda_with_arguments",
    "Lambda",
    floats(4),
    {"function": _affine, "arguments": {"factor": 3.0, "offset": 1.0}},
)
layer("lambda_that_changes_the_shape", "Lambda", floats(5, 4), {"function": _drop_last})
layer(
    "lambda_with_output_shape",
    "Lambda",
    floats(5, 4),
    {"function": _drop_last, "output_shape": (4, 4)},
)


@case("lambda_with_mask", padded(floats(5, 4)))
def _(keras, x):
    masked = keras.layers.Masking()(x)
    return keras.layers.Lambda(_with_mask_noted, mask=lambda inputs, mask: mask)(masked)


@case("lambda_of_two", floats(4), floats(4))
def _(keras, x, y):
    return keras.layers.Lambda(lambda pair: pair[0] - 2 * pair[1])([x, y])


# Embedding ----------------------------------------------------------------------------------------

layer("embedding", "Embedding", ids(5), {"input_dim": 7, "output_dim": 3}, gradients=True)
layer(
    "embedding_with_mask_zero",
    "Embedding",
    padded(ids(5)),
    {"input_dim": 7, "output_dim": 3, "mask_zero": True},
)
layer(
    "embedding_with_input_length",
    "Embedding",
    ids(5),
    {"input_dim": 7, "output_dim": 3, "input_length": 5},
)
layer("embedding_of_unknown_length", "Embedding", ids(None), {"input_dim": 7, "output_dim": 3})
layer(
    "embedding_of_a_matrix",
    "Embedding",
    ids(5, 2),
    {"input_dim": 7, "output_dim": 3, "input_length": (5, 2)},
)
layer(
    "embedding_of_floats",
    "Embedding",
    ids(5)._replace(dtype="float32"),
    {
        "input_dim": 7,
        "output_dim": 3,
        "embeddings_regularizer": "l2",
        "embeddings_constraint": "unit_norm",
    },
)


@case("embedding_then_dense_keeps_the_mask", padded(ids(5)))
def _(keras, x):
    embedded = keras.layers.Embedding(7, 3, mask_zero=True)(x)
    return keras.layers.TimeDistributed(keras.layers.Dense(2))(embedded)


# BatchNormalization -------------------------------------------------------------------------------


def normalization(suffix, feed, **arguments):
    layer(
        "batch_normalization" + suffix,
        "BatchNormalization",
        feed,
        arguments,
        updates=True,
        gradients=True,
    )


normalization("", floats(4))
normalization("_momentum", floats(4), momentum=0.8, epsilon=0.01)
normalization("_without_scale", floats(4), scale=False)
normalization("_without_center", floats(4), center=False)
normalization("_without_both", floats(4), scale=False, center=False)
normalization("_3d", floats(5, 4))
normalization("_3d_axis_1", floats(5, 4), axis=1)
normalization("_4d_fused", floats(5, 6, 2))
normalization("_4d_fused_without_scale", floats(5, 6, 2), scale=False)
normalization("_4d_axis_1", floats(2, 5, 6), axis=1)
normalization("_4d_axis_2", floats(5, 2, 6), axis=2)
normalization(
    "_named",
    floats(4),
    name="bn",
    beta_regularizer="l2",
    gamma_constraint="nonneg",
    beta_initializer="ones",
    moving_mean_initializer="ones",
)
layer(
    "batch_normalization_in_name_scope",
    "BatchNormalization",
    floats(4),
    name_scope="block1",
    updates=True,
)
layer("batch_normalization_frozen", "BatchNormalization", floats(4), {"trainable": False})


@case("batch_normalization_twice", floats(4), floats(4), updates=True)
def _(keras, x, y):
    shared = keras.layers.BatchNormalization()
    return [shared(x), shared(y)]


# Recurrent layers ---------------------------------------------------------------------------------


def recurrent(kind, suffix, feed, **arguments):
    options = {key: arguments.pop(key) for key in OPTIONS if key in arguments and key != "stateful"}
    arguments.setdefault("filters" if kind == "ConvLSTM2D" else "units", 3)
    layer(
        "%s%s" % (kind.lower(), suffix),
        kind,
        feed,
        arguments,
        recurrent=True,
        stateful=arguments.get("stateful", False),
        **options,
    )


def masked(kind, suffix, **arguments):
    @case("%s_masked%s" % (kind.lower(), suffix), padded(floats(5, 4)), recurrent=True)
    def _(keras, x):
        return getattr(keras.layers, kind)(3, **arguments)(keras.layers.Masking()(x))


def masked_by_embedding(kind, **arguments):
    @case("%s_masked_by_embedding" % kind.lower(), padded(ids(None)), recurrent=True)
    def _(keras, x):
        embedded = keras.layers.Embedding(7, 4, mask_zero=True)(x)
        sequences = getattr(keras.layers, kind)(3, return_sequences=True, **arguments)(embedded)
        return getattr(keras.layers, kind)(2, **arguments)(sequences)


def with_initial_state(kind, states):
    @case("%s_initial_state" % kind.lower(), floats(5, 4), *[floats(3)] * states, recurrent=True)
    def _(keras, x, *initial_state):
        return getattr(keras.layers, kind)(3)(x, initial_state=list(initial_state))

    @case("%s_encoder_and_decoder" % kind.lower(), floats(5, 4), floats(None, 2), recurrent=True)
    def _(keras, x, y):
        encoded = getattr(keras.layers, kind)(3, return_state=True)(x)
        return getattr(keras.layers, kind)(3, return_sequences=True)(y, initial_state=encoded[1:])


SEQUENCE = floats(5, 4)
for kind, states in (("SimpleRNN", 1), ("LSTM", 2), ("GRU", 1)):
    recurrent(kind, "", SEQUENCE, gradients=True)
    recurrent(kind, "_return_sequences", floats(None, 4), return_sequences=True)
    recurrent(kind, "_return_state", SEQUENCE, return_state=True)
    recurrent(kind, "_return_both", SEQUENCE, return_sequences=True, return_state=True)
    recurrent(kind, "_go_backwards", SEQUENCE, go_backwards=True, return_sequences=True)
    recurrent(kind, "_unroll", SEQUENCE, unroll=True, return_sequences=True)
    recurrent(kind, "_without_bias", SEQUENCE, use_bias=False)
    recurrent(kind, "_stateful", fixed(SEQUENCE), stateful=True)
    recurrent(
        kind,
        "_stateful_unrolled",
        fixed(SEQUENCE),
        stateful=True,
        unroll=True,
        return_sequences=True,
    )
    recurrent(kind, "_dropout", SEQUENCE, dropout=0.2, recurrent_dropout=0.3, random=True)
    recurrent(kind, "_named_in_scope", SEQUENCE, name="memory", name_scope="block1")
    recurrent(
        kind,
        "_regularized",
        SEQUENCE,
        kernel_regularizer="l2",
        recurrent_regularizer="l1",
        bias_regularizer="l2",
        activity_regularizer="l2",
        recurrent_constraint="max_norm",
    )
    masked(kind, "")
    masked(kind, "_unrolled", unroll=True, return_sequences=True)
    masked(kind, "_backwards", go_backwards=True, return_sequences=True, return_state=True)
    masked_by_embedding(kind)
    with_initial_state(kind, states)

for kind in ("LSTM", "GRU"):
    recurrent(kind, "_implementation_2", SEQUENCE, implementation=2)
    recurrent(
        kind, "_implementation_2_dropout", SEQUENCE, implementation=2, dropout=0.2, random=True
    )
    recurrent(
        kind,
        "_implementation_2_without_bias",
        SEQUENCE,
        implementation=2,
        use_bias=False,
        unroll=True,
    )
    recurrent(kind, "_sigmoid", SEQUENCE, recurrent_activation="sigmoid", activation="relu")
    recurrent(kind, "_wide", floats(12, 4), units=8, return_sequences=True)

recurrent("SimpleRNN", "_relu", SEQUENCE, activation="relu")
recurrent("LSTM", "_without_unit_forget_bias", SEQUENCE, unit_forget_bias=False)
recurrent("GRU", "_reset_after", SEQUENCE, reset_after=True, gradients=True)
recurrent("GRU", "_reset_after_implementation_2", SEQUENCE, reset_after=True, implementation=2)
recurrent("GRU", "_reset_after_without_bias", SEQUENCE, reset_after=True, use_bias=False)
recurrent(
    "GRU", "_reset_after_dropout", SEQUENCE, reset_after=True, recurrent_dropout=0.2, random=True
)
masked("GRU", "_reset_after", reset_after=True)


@case("rnn_of_cells", floats(5, 4), recurrent=True)
def _(keras, x):
    cells = [keras.layers.LSTMCell(3), keras.layers.GRUCell(2)]
    return keras.layers.RNN(cells, return_sequences=True, return_state=True)(x)


@case("rnn_of_one_cell", padded(floats(5, 4)), recurrent=True)
def _(keras, x):
    return keras.layers.RNN(keras.layers.SimpleRNNCell(3))(keras.layers.Masking()(x))


# Images -------------------------------------------------------------------------------------------

IMAGE = floats(7, 8, 2)
layer(
    "conv2d", "Conv2D", IMAGE, {"filters": 3, "kernel_size": (2, 3)}, gradients=True, summary=True
)
layer(
    "conv2d_same",
    "Conv2D",
    IMAGE,
    {"filters": 3, "kernel_size": 3, "padding": "same", "activation": "relu"},
)
layer("conv2d_strides", "Conv2D", IMAGE, {"filters": 3, "kernel_size": 3, "strides": (2, 3)})
layer(
    "conv2d_strides_same",
    "Conv2D",
    IMAGE,
    {"filters": 3, "kernel_size": 3, "strides": 2, "padding": "same"},
)
layer("conv2d_dilated", "Conv2D", IMAGE, {"filters": 3, "kernel_size": 2, "dilation_rate": (2, 3)})
layer(
    "conv2d_dilated_same",
    "Conv2D",
    IMAGE,
    {"filters": 3, "kernel_size": 3, "dilation_rate": 2, "padding": "same"},
)
layer(
    "conv2d_without_bias",
    "Conv2D",
    IMAGE,
    {"filters": 3, "kernel_size": 1, "use_bias": False, "name": "pointwise"},
)
layer(
    "conv2d_regularized",
    "Conv2D",
    IMAGE,
    {
        "filters": 3,
        "kernel_size": 3,
        "kernel_regularizer": "l2",
        "bias_regularizer": "l1",
        "activity_regularizer": "l2",
        "kernel_constraint": "unit_norm",
        "bias_initializer": "ones",
    },
)
layer("conv2d_of_unknown_size", "Conv2D", floats(None, None, 2), {"filters": 3, "kernel_size": 3})
for padding in ("valid", "same"):
    layer(
        "conv2d_channels_first_" + padding,
        "Conv2D",
        floats(2, 7, 8),
        {
            "filters": 3,
            "kernel_size": (2, 3),
            "strides": (2, 1),
            "padding": padding,
            "data_format": "channels_first",
        },
    )
layer(
    "conv2d_channels_first_dilated",
    "Conv2D",
    floats(2, 7, 8),
    {"filters": 3, "kernel_size": 2, "dilation_rate": 2, "data_format": "channels_first"},
)

layer("max_pooling2d", "MaxPooling2D", IMAGE)
layer("max_pooling2d_strides", "MaxPooling2D", IMAGE, {"pool_size": (2, 3), "strides": (1, 2)})
layer(
    "max_pooling2d_same", "MaxPooling2D", IMAGE, {"pool_size": 3, "strides": 2, "padding": "same"}
)
layer(
    "max_pooling2d_channels_first",
    "MaxPooling2D",
    floats(2, 7, 8),
    {"pool_size": 2, "data_format": "channels_first"},
)
layer(
    "max_pooling2d_channels_first_same",
    "MaxPooling2D",
    floats(2, 7, 8),
    {"pool_size": (3, 2), "padding": "same", "data_format": "channels_first"},
)


@case("small_image_model", IMAGE, updates=True, gradients=True, summary=True)
def _(keras, x):
    hidden = keras.layers.Conv2D(3, 3, use_bias=False)(x)
    hidden = keras.layers.Activation("relu")(keras.layers.BatchNormalization()(hidden))
    hidden = keras.layers.Flatten()(keras.layers.MaxPooling2D()(hidden))
    return keras.layers.Dense(2, activation="softmax")(hidden)


TRANSPOSED = {"filters": 3, "kernel_size": (2, 3)}
layer("conv2d_transpose", "Conv2DTranspose", IMAGE, TRANSPOSED, gradients=True, summary=True)
layer(
    "conv2d_transpose_strides",
    "Conv2DTranspose",
    IMAGE,
    dict(TRANSPOSED, strides=(3, 2), use_bias=False),
)
layer(
    "conv2d_transpose_same",
    "Conv2DTranspose",
    IMAGE,
    dict(TRANSPOSED, strides=2, padding="same", activation="relu", kernel_regularizer="l2"),
)
layer(
    "conv2d_transpose_output_padding",
    "Conv2DTranspose",
    IMAGE,
    {"filters": 3, "kernel_size": 3, "strides": (2, 3), "output_padding": (1, 2)},
)
layer(
    "conv2d_transpose_output_padding_same",
    "Conv2DTranspose",
    IMAGE,
    {"filters": 3, "kernel_size": 3, "strides": 2, "output_padding": 1, "padding": "same"},
)
layer(
    "conv2d_transpose_dilated",
    "Conv2DTranspose",
    IMAGE,
    {"filters": 3, "kernel_size": 3, "dilation_rate": 2, "padding": "same"},
)
layer(
    "conv2d_transpose_channels_first",
    "Conv2DTranspose",
    floats(2, 7, 8),
    dict(TRANSPOSED, strides=2, data_format="channels_first", name="up"),
)
layer(
    "conv2d_transpose_of_unknown_size",
    "Conv2DTranspose",
    floats(None, None, 2),
    dict(TRANSPOSED, strides=2),
)


# Sequences of images ------------------------------------------------------------------------------

FILM = floats(4, 5, 6, 2)


def film(suffix, feed=FILM, **arguments):
    arguments.setdefault("kernel_size", (2, 3))
    recurrent("ConvLSTM2D", suffix, feed, **arguments)


film("", gradients=True, summary=True)
film("_return_both", return_sequences=True, return_state=True)
film("_of_unknown_size", floats(None, None, None, 2), padding="same")
film("_go_backwards", go_backwards=True, return_sequences=True)
film("_strides", strides=(2, 1), padding="same", use_bias=False)
film("_dilated", dilation_rate=(1, 2), activation="relu", recurrent_activation="sigmoid")
film("_channels_first", floats(4, 2, 5, 6), data_format="channels_first", return_state=True)
film("_stateful", fixed(FILM), stateful=True, return_sequences=True)
film(
    "_stateful_channels_first",
    fixed(floats(4, 2, 5, 6)),
    stateful=True,
    data_format="channels_first",
)
film("_dropout", dropout=0.2, recurrent_dropout=0.3, random=True)
film("_without_unit_forget_bias", unit_forget_bias=False, name="memory")
film(
    "_regularized",
    kernel_regularizer="l2",
    recurrent_regularizer="l1",
    bias_regularizer="l2",
    activity_regularizer="l2",
    recurrent_constraint="max_norm",
)


def _some_steps(inputs, mask):
    return inputs[:, :, 0, 0, 0] > -0.3


@case("convlstm2d_masked", FILM, recurrent=True)
def _(keras, x):
    hidden = keras.layers.Lambda(_twice, mask=_some_steps)(x)
    return keras.layers.ConvLSTM2D(3, 2, return_sequences=True, return_state=True)(hidden)


@case("convlstm2d_both_directions", FILM, recurrent=True)
def _(keras, x):
    inner = keras.layers.ConvLSTM2D(3, 2, return_sequences=True)
    return keras.layers.Bidirectional(inner, merge_mode="sum")(x)


@case("time_distributed_convlstm2d", floats(2, 3, 5, 6, 2), recurrent=True)
def _(keras, x):
    return keras.layers.TimeDistributed(keras.layers.ConvLSTM2D(3, 2))(x)


# Activations with parameters ----------------------------------------------------------------------

layer("leaky_relu", "LeakyReLU", floats(4), gradients=True)
layer("leaky_relu_of_negative_alpha", "LeakyReLU", floats(5, 4), {"alpha": -0.5})
layer("prelu", "PReLU", floats(5, 4), gradients=True)
layer(
    "prelu_of_shared_axes",
    "PReLU",
    floats(None, 8, 2),
    {
        "shared_axes": [1, 2],
        "alpha_initializer": "ones",
        "alpha_regularizer": "l2",
        "alpha_constraint": "nonneg",
    },
)
layer("prelu_of_one_shared_axis", "PReLU", floats(5, 4), {"shared_axes": 1, "name": "slopes"})
layer("elu", "ELU", floats(4), {"alpha": 0.7}, gradients=True)
layer("thresholded_relu", "ThresholdedReLU", floats(5, 4), {"theta": 0.3})
layer("softmax", "Softmax", floats(4))
layer("softmax_axis_1", "Softmax", floats(5, 4), {"axis": 1})
layer("relu", "ReLU", floats(4))
layer(
    "relu_with_every_argument",
    "ReLU",
    floats(5, 4),
    {"max_value": 1.3, "negative_slope": 0.2, "threshold": 0.4},
)
layer("relu_with_maximum", "ReLU", floats(5, 4), {"max_value": 0.9})


@case("masked_activations", padded(floats(5, 4)))
def _(keras, x):
    hidden = keras.layers.PReLU()(keras.layers.Masking()(x))
    for layer in (keras.layers.LeakyReLU(), keras.layers.ELU(), keras.layers.ReLU()):
        hidden = layer(hidden)
    return keras.layers.Softmax()(keras.layers.ThresholdedReLU(0.2)(hidden))


# Merge layers -------------------------------------------------------------------------------------

PAIR = (floats(4), floats(4))
TRIPLE = PAIR + (floats(4),)
for kind in ("Add", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"):
    merge(kind.lower(), kind, TRIPLE)
merge("subtract", "Subtract", PAIR)
merge("add_of_different_ranks", "Add", (floats(4), floats(5, 4)))
merge("add_with_broadcast_axis", "Add", (floats(5, 4), floats(1, 4)))
merge("concatenate_axis_1", "Concatenate", (floats(2, 4), floats(5, 4)), {"axis": 1})
merge(
    "concatenate_axis_minus_2",
    "Concatenate",
    (floats(2, 4), floats(5, 4)),
    {"axis": -2, "name": "joined"},
)
merge("dot", "Dot", PAIR, {"axes": 1})
merge("dot_last_axis", "Dot", PAIR, {"axes": -1, "normalize": True})
merge("dot_of_matrices", "Dot", (floats(2, 4), floats(4, 5)), {"axes": (2, 1)})
merge(
    "dot_of_matrices_normalized",
    "Dot",
    (floats(2, 4), floats(5, 4)),
    {"axes": 2, "normalize": True},
)
merge("dot_of_vector_and_matrix", "Dot", (floats(4), floats(5, 4)), {"axes": (1, 2)})


@case("merge_functions", *PAIR)
def _(keras, x, y):
    names = ("add", "subtract", "multiply", "average", "maximum", "minimum", "concatenate")
    return [getattr(keras.layers, name)([x, y]) for name in names] + [
        keras.layers.dot([x, y], axes=1)
    ]


@case("add_with_masks", padded(floats(5, 4)), floats(5, 4))
def _(keras, x, y):
    return keras.layers.Add()([keras.layers.Masking()(x), keras.layers.Masking()(y)])


@case("concatenate_with_masks", padded(floats(5, 4)), floats(5, 2))
def _(keras, x, y):
    masked_x = keras.layers.Masking()(x)
    return [
        keras.layers.Concatenate()([masked_x, y]),
        keras.layers.Concatenate(axis=1)(
            [masked_x, keras.layers.Masking()(keras.layers.Dense(4)(y))]
        ),
    ]


@case("dot_with_masks", padded(floats(5, 4)), padded(floats(5, 4)))
def _(keras, x, y):
    return keras.layers.Dot(axes=2)([keras.layers.Masking()(x), keras.layers.Masking()(y)])


# TimeDistributed, nested and shared ---------------------------------------------------------------


@case("time_distributed_dense", floats(5, 4), gradients=True)
def _(keras, x):
    return keras.layers.TimeDistributed(keras.layers.Dense(3, activation="relu"))(x)


@case("time_distributed_dense_with_fixed_batch", fixed(floats(5, 4)))
def _(keras, x):
    return keras.layers.TimeDistributed(keras.layers.Dense(3))(x)


@case("time_distributed_regularized", floats(5, 4))
def _(keras, x):
    return keras.layers.TimeDistributed(
        keras.layers.Dense(3, kernel_regularizer="l2", activity_regularizer="l1"), name="each"
    )(x)


@case("time_distributed_conv2d", floats(2, 7, 8, 2))
def _(keras, x):
    hidden = keras.layers.TimeDistributed(keras.layers.Conv2D(3, 3, padding="same"))(x)
    return keras.layers.TimeDistributed(keras.layers.Flatten())(hidden)


@case("time_distributed_lstm", floats(2, 5, 4), recurrent=True)
def _(keras, x):
    return keras.layers.TimeDistributed(keras.layers.LSTM(3))(x)


@case("time_distributed_batch_normalization", floats(5, 4), updates=True)
def _(keras, x):
    return keras.layers.TimeDistributed(keras.layers.BatchNormalization())(x)


@case("time_distributed_dropout", floats(5, 4), random=True)
def _(keras, x):
    return keras.layers.TimeDistributed(keras.layers.Dropout(0.5))(x)


@case("time_distributed_dense_masked", padded(floats(5, 4)), recurrent=True)
def _(keras, x):
    hidden = keras.layers.TimeDistributed(keras.layers.Dense(3))(keras.layers.Masking()(x))
    return [hidden, keras.layers.LSTM(2)(hidden)]


@case("time_distributed_lstm_masked_by_embedding", padded(ids(2, 5)), recurrent=True)
def _(keras, x):
    embedded = keras.layers.TimeDistributed(keras.layers.Embedding(7, 4, mask_zero=True))(x)
    return keras.layers.TimeDistributed(keras.layers.LSTM(3, return_sequences=True))(embedded)


@case("time_distributed_model", floats(5, 4))
def _(keras, x):
    inner = keras.models.Sequential(
        [keras.layers.Dense(3, input_shape=(4,), activation="tanh"), keras.layers.Dense(2)]
    )
    return keras.layers.TimeDistributed(inner)(x)


@case("nested_sequential", floats(4), updates=True, gradients=True, summary=True)
def _(keras, x):
    inner = keras.models.Sequential(name="inner")
    inner.add(keras.layers.Dense(3, activation="relu", input_shape=(4,)))
    inner.add(keras.layers.BatchNormalization())
    inner.add(keras.layers.Dense(2))
    return keras.layers.Dense(2)(inner(x))


@case("nested_sequential_in_name_scope", floats(4), name_scope="tower")
def _(keras, x):
    inner = keras.models.Sequential()
    inner.add(keras.layers.Dense(3, input_dim=4))
    inner.add(keras.layers.Activation("tanh"))
    return inner(x)


@case("nested_model_with_frozen_part", floats(4), updates=True, summary=True)
def _(keras, x):
    start = keras.layers.Input(shape=(4,))
    inner = keras.models.Model(
        start, keras.layers.Dense(3)(keras.layers.BatchNormalization()(start))
    )
    inner.trainable = False
    return keras.layers.Dense(2)(inner(x))


@case("nested_model_of_two_inputs", floats(4), floats(4), summary=True)
def _(keras, x, y):
    first, second = keras.layers.Input(shape=(4,)), keras.layers.Input(shape=(4,))
    together = keras.layers.Concatenate()([first, second])
    inner = keras.models.Model(
        [first, second], [keras.layers.Dense(3)(together), together], name="pair"
    )
    return inner([x, y])


@case("nested_model_with_masks", padded(ids(5)), recurrent=True)
def _(keras, x):
    start = keras.layers.Input(shape=(5,), dtype="int32")
    inner = keras.models.Model(start, keras.layers.Embedding(7, 4, mask_zero=True)(start))
    return keras.layers.LSTM(3)(inner(x))


@case("shared_layer", floats(4), floats(4), gradients=True, summary=True)
def _(keras, x, y):
    shared = keras.layers.Dense(3, activation="tanh", activity_regularizer="l2")
    return keras.layers.Concatenate()([shared(x), shared(y)])


@case("shared_lstm", floats(5, 4), floats(2, 4), recurrent=True)
def _(keras, x, y):
    shared = keras.layers.LSTM(3)
    return keras.layers.Subtract()([shared(x), shared(y)])


@case("model_on_a_new_tensor", floats(4), floats(4), updates=True)
def _(keras, x, y):
    start = keras.layers.Input(shape=(4,))
    hidden = keras.layers.BatchNormalization()(keras.layers.Dense(3)(start))
    inner = keras.models.Model(start, keras.layers.Dropout(0.0)(hidden))
    return [inner(x), inner(keras.layers.Lambda(_twice)(y))]


@case("several_of_each_get_numbers", floats(5, 4), recurrent=True, summary=True)
def _(keras, x):
    hidden = keras.layers.Dense(3)(keras.layers.Dense(4)(x))
    hidden = keras.layers.BatchNormalization()(keras.layers.BatchNormalization()(hidden))
    hidden = keras.layers.LSTM(2, return_sequences=True)(
        keras.layers.GRU(3, return_sequences=True)(hidden)
    )
    return keras.layers.Add()([keras.layers.LSTM(2)(hidden), keras.layers.SimpleRNN(2)(hidden)])


# Steps and volumes --------------------------------------------------------------------------------

STEPS, STEPS_FIRST = floats(7, 2), floats(2, 7)
VOLUME, VOLUME_FIRST = floats(4, 5, 6, 2), floats(2, 4, 5, 6)
FIRST = {"data_format": "channels_first"}
THREE = {"filters": 3, "kernel_size": 3}

layer("conv1d", "Conv1D", STEPS, THREE, gradients=True, summary=True)
layer("conv1d_causal", "Conv1D", STEPS, dict(THREE, padding="causal", dilation_rate=2))
layer("conv1d_same", "Conv1D", STEPS, dict(THREE, padding="same", strides=2))
layer("conv1d_channels_first", "Conv1D", STEPS_FIRST, dict(THREE, **FIRST))
layer("conv1d_of_unknown_length", "Conv1D", floats(None, 2), THREE)
layer("conv3d", "Conv3D", VOLUME, {"filters": 3, "kernel_size": (2, 3, 4)}, gradients=True)
layer("conv3d_same", "Conv3D", VOLUME, dict(THREE, padding="same", strides=(1, 2, 3)))
layer("conv3d_channels_first", "Conv3D", VOLUME_FIRST, dict(THREE, **FIRST))
layer(
    "conv3d_transpose",
    "Conv3DTranspose",
    floats(2, 3, 2, 2),
    {"filters": 3, "kernel_size": (1, 2, 2)},
    gradients=True,
    summary=True,
)
layer("conv3d_transpose_same", "Conv3DTranspose", VOLUME, dict(THREE, padding="same", strides=2))
layer(
    "conv3d_transpose_output_padding",
    "Conv3DTranspose",
    VOLUME,
    dict(THREE, strides=(2, 3, 1), output_padding=(1, 2, 0)),
)
layer(
    "conv3d_transpose_channels_first",
    "Conv3DTranspose",
    VOLUME_FIRST,
    dict(THREE, strides=2, padding="same", **FIRST),
)

for kind in ("Max", "Average"):
    for rank, feed, feed_first in ((1, STEPS, STEPS_FIRST), (3, VOLUME, VOLUME_FIRST)):
        name, pooling = "%s_pooling%dd" % (kind.lower(), rank), "%sPooling%dD" % (kind, rank)
        layer(name, pooling, feed)
        same = {"pool_size": 3, "strides": 2, "padding": "same"}
        layer(name + "_same", pooling, feed, same)
        layer(name + "_channels_first", pooling, feed_first, FIRST)
        layer("global_%s" % name, "Global" + pooling, feed)
        layer("global_%s_channels_first" % name, "Global" + pooling, feed_first, FIRST)
    layer("global_%s_pooling2d" % kind.lower(), "Global%sPooling2D" % kind, IMAGE)
    layer("global_%s_pooling2d_first" % kind.lower(), "Global%sPooling2D" % kind, IMAGE, FIRST)
layer("average_pooling2d", "AveragePooling2D", IMAGE)
layer("average_pooling2d_same", "AveragePooling2D", IMAGE, {"pool_size": 3, "padding": "same"})
layer("average_pooling2d_channels_first", "AveragePooling2D", IMAGE, FIRST)


# Up-sampling, padding, cropping -------------------------------------------------------------------

layer("up_sampling1d", "UpSampling1D", STEPS, {"size": 3})
layer("up_sampling1d_of_unknown_length", "UpSampling1D", floats(None, 2))
layer("up_sampling2d", "UpSampling2D", IMAGE, {"size": (2, 3)})
layer("up_sampling2d_of_unknown_size", "UpSampling2D", floats(None, None, 2))
layer("up_sampling2d_channels_first", "UpSampling2D", IMAGE, dict(FIRST, size=(2, 3)))
layer("up_sampling3d", "UpSampling3D", VOLUME, {"size": (2, 3, 1)})
layer("up_sampling3d_channels_first", "UpSampling3D", VOLUME_FIRST, dict(FIRST, size=2))
for suffix, settings in (("", {}), ("_channels_first", FIRST)):
    bilinear = {"size": (2, 3), "interpolation": "bilinear"}
    layer("up_sampling2d_bilinear" + suffix, "UpSampling2D", IMAGE, dict(bilinear, **settings))

layer("zero_padding1d", "ZeroPadding1D", STEPS, {"padding": (2, 1)})
layer("zero_padding1d_plain", "ZeroPadding1D", STEPS)
layer("zero_padding2d", "ZeroPadding2D", IMAGE, {"padding": ((1, 0), (2, 3))})
layer("zero_padding2d_plain", "ZeroPadding2D", floats(None, 6, 2), {"padding": 2})
layer("zero_padding2d_channels_first", "ZeroPadding2D", IMAGE, dict(FIRST, padding=(1, 2)))
layer("zero_padding3d", "ZeroPadding3D", VOLUME, {"padding": ((1, 0), (2, 3), (0, 1))})
layer("zero_padding3d_channels_first", "ZeroPadding3D", VOLUME_FIRST, FIRST)

layer("cropping1d", "Cropping1D", STEPS, {"cropping": (2, 0)})
layer("cropping1d_plain", "Cropping1D", floats(None, 2))
layer("cropping2d", "Cropping2D", IMAGE, {"cropping": ((1, 0), (0, 2))})
layer("cropping2d_plain", "Cropping2D", IMAGE)
layer("cropping2d_channels_first", "Cropping2D", floats(2, 5, 6), dict(FIRST, cropping=(1, 2)))
layer("cropping3d", "Cropping3D", VOLUME, {"cropping": ((1, 0), (0, 2), (1, 2))})
layer("cropping3d_channels_first", "Cropping3D", VOLUME_FIRST, FIRST)


# Separable and local convolutions -----------------------------------------------------------------

layer("separable_conv1d", "SeparableConv1D", STEPS, THREE, gradients=True, summary=True)
layer(
    "separable_conv1d_same",
    "SeparableConv1D",
    STEPS,
    dict(THREE, padding="same", strides=2, depth_multiplier=2, activation="tanh"),
)
layer("separable_conv1d_dilated", "SeparableConv1D", STEPS, dict(THREE, dilation_rate=2))
layer("separable_conv1d_channels_first", "SeparableConv1D", STEPS_FIRST, dict(THREE, **FIRST))
layer("separable_conv2d", "SeparableConv2D", IMAGE, THREE, gradients=True, summary=True)
layer(
    "separable_conv2d_same",
    "SeparableConv2D",
    IMAGE,
    dict(THREE, padding="same", strides=2, depth_multiplier=2, use_bias=False),
)
layer("separable_conv2d_dilated", "SeparableConv2D", IMAGE, dict(THREE, dilation_rate=2))
layer(
    "separable_conv2d_channels_first",
    "SeparableConv2D",
    floats(2, 5, 6),
    dict(THREE, padding="same", **FIRST),
)
layer(
    "separable_conv2d_regularized",
    "SeparableConv2D",
    IMAGE,
    dict(
        THREE,
        depthwise_regularizer="l1",
        pointwise_regularizer="l2",
        bias_regularizer="l2",
        activity_regularizer="l2",
        depthwise_constraint="unit_norm",
        pointwise_constraint="non_neg",
        bias_constraint="max_norm",
        depthwise_initializer="he_normal",
        bias_initializer="ones",
    ),
)
layer("depthwise_conv2d", "DepthwiseConv2D", IMAGE, {"kernel_size": (2, 3)}, gradients=True)
layer(
    "depthwise_conv2d_same",
    "DepthwiseConv2D",
    IMAGE,
    {"kernel_size": 3, "padding": "same", "strides": 2, "depth_multiplier": 3},
)
layer(
    "depthwise_conv2d_channels_first",
    "DepthwiseConv2D",
    floats(2, 5, 6),
    dict(FIRST, kernel_size=3, depth_multiplier=2, activation="relu"),
)

layer("locally_connected1d", "LocallyConnected1D", STEPS, THREE, gradients=True, summary=True)
layer(
    "locally_connected1d_strides",
    "LocallyConnected1D",
    STEPS,
    dict(THREE, strides=2, use_bias=False, kernel_regularizer="l2"),
)
layer(
    "locally_connected2d",
    "LocallyConnected2D",
    IMAGE,
    {"filters": 3, "kernel_size": (2, 3)},
    gradients=True,
)
layer(
    "locally_connected2d_channels_first",
    "LocallyConnected2D",
    floats(2, 5, 6),
    dict(FIRST, filters=3, kernel_size=(3, 2), strides=(1, 2), activation="tanh"),
)


# Noise --------------------------------------------------------------------------------------------

layer("gaussian_noise", "GaussianNoise", floats(4), {"stddev": 0.5}, random=True)
layer("gaussian_dropout", "GaussianDropout", floats(4), {"rate": 0.5}, random=True)
layer("gaussian_dropout_of_nothing", "GaussianDropout", floats(4), {"rate": 0})
layer(
    "alpha_dropout",
    "AlphaDropout",
    floats(5, 4),
    {"rate": 0.3, "noise_shape": (3, 1, 4), "seed": 7},
    random=True,
)
layer("alpha_dropout_of_nothing", "AlphaDropout", floats(4), {"rate": 0})


@case("masked_noise", padded(floats(5, 4)), random=True)
def _(keras, x):
    hidden = keras.layers.GaussianNoise(0.1)(keras.layers.Masking()(x))
    return keras.layers.AlphaDropout(0.1)(keras.layers.GaussianDropout(0.1)(hidden))


layer("spatial_dropout1d", "SpatialDropout1D", STEPS, {"rate": 0.5}, random=True)
layer("spatial_dropout2d", "SpatialDropout2D", IMAGE, {"rate": 0.5}, random=True)
layer("spatial_dropout3d", "SpatialDropout3D", VOLUME, dict(FIRST, rate=0.5), random=True)


# Layers of Keras 1 --------------------------------------------------------------------------------


def deprecated(name, kind, arguments):
    @case(name, floats(4), gradients=True, summary=True)
    def _(keras, x):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return getattr(keras.layers, kind)(**arguments)(x)


deprecated("highway", "Highway", {"activation": "tanh"})
deprecated("highway_without_bias", "Highway", {"bias": False, "W_regularizer": "l2"})
deprecated("maxout_dense", "MaxoutDense", {"output_dim": 3})
deprecated(
    "maxout_dense_without_bias",
    "MaxoutDense",
    {"output_dim": 3, "nb_feature": 2, "bias": False, "W_constraint": "non_neg"},
)

for rank, feed in ((1, STEPS), (2, IMAGE)):

    @case("atrous_convolution%dd" % rank, feed)
    def _(keras, x, rank=rank):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return getattr(keras.layers, "AtrousConvolution%dD" % rank)(3, 2, atrous_rate=2)(x)


# Both directions ----------------------------------------------------------------------------------


def both_directions(suffix, kind, merge_mode="concat", feed=SEQUENCE, **arguments):
    options = {key: arguments.pop(key) for key in OPTIONS if key in arguments}

    @case("bidirectional_" + suffix, feed, recurrent=True, **options)
    def _(keras, x):
        inner = getattr(keras.layers, kind)(3, **arguments)
        return keras.layers.Bidirectional(inner, merge_mode=merge_mode)(x)


both_directions("lstm", "LSTM", gradients=True, summary=True)
both_directions("gru_sum", "GRU", "sum", return_sequences=True)
both_directions("gru_average", "GRU", "ave", floats(None, 4), return_sequences=True)
both_directions("simplernn_product", "SimpleRNN", "mul", use_bias=False)
both_directions("simplernn_unmerged", "SimpleRNN", None, return_sequences=True)
both_directions("lstm_return_state", "LSTM", return_state=True, return_sequences=True)
both_directions("lstm_regularized", "LSTM", kernel_regularizer="l2", activity_regularizer="l1")
both_directions("gru_dropout", "GRU", dropout=0.2, recurrent_dropout=0.3, random=True)


@case("bidirectional_lstm_masked", padded(SEQUENCE), recurrent=True)
def _(keras, x):
    inner = keras.layers.LSTM(3, return_sequences=True)
    return keras.layers.Bidirectional(inner)(keras.layers.Masking()(x))


@case("bidirectional_gru_initial_state", SEQUENCE, floats(3), floats(3), recurrent=True)
def _(keras, x, forward, backward):
    both = keras.layers.Bidirectional(keras.layers.GRU(3))
    return both(x, initial_state=[forward, backward])


@case("bidirectional_rnn_of_cells", SEQUENCE, recurrent=True)
def _(keras, x):
    cells = [keras.layers.LSTMCell(3), keras.layers.GRUCell(2)]
    return keras.layers.Bidirectional(keras.layers.RNN(cells))(x)


# Cells --------------------------------------------------------------------------------------------


@case("rnn_of_lstm_cell", SEQUENCE, recurrent=True, gradients=True)
def _(keras, x):
    return keras.layers.RNN(keras.layers.LSTMCell(3), return_sequences=True)(x)


@case("rnn_of_gru_cell", SEQUENCE, recurrent=True, gradients=True)
def _(keras, x):
    return keras.layers.RNN(keras.layers.GRUCell(3, reset_after=True), return_state=True)(x)


@case("rnn_of_stacked_cells", SEQUENCE, recurrent=True, gradients=True)
def _(keras, x):
    cells = [keras.layers.SimpleRNNCell(3), keras.layers.LSTMCell(2)]
    return keras.layers.RNN(keras.layers.StackedRNNCells(cells), return_sequences=True)(x)


@case("conv_rnn2d", FILM, recurrent=True, gradients=True)
def _(keras, x):
    module = keras.layers.convolutional_recurrent
    globals()["ConvRNN2D"] = module.ConvRNN2D  # which the original does not find by its name
    cell = module.ConvLSTM2DCell(3, (2, 3), padding="same")
    return module.ConvRNN2D(cell, return_sequences=True)(x)


# Classes of users ---------------------------------------------------------------------------------


def own(keras, name):
    """A class of ``own_layers``, put among the names here: configurations are read with them."""
    globals()[name] = getattr(own_layers, name)(keras)
    return globals()[name]


@case("own_layer", floats(5, 4), gradients=True, summary=True)
def _(keras, x):
    return own(keras, "Scaled")(0.5)(x)


@case("own_wrapper", floats(5, 4), gradients=True)
def _(keras, x):
    return own(keras, "Halved")(keras.layers.Dense(3))(x)


@case("rnn_of_own_cell", SEQUENCE, recurrent=True, gradients=True)
def _(keras, x):
    return keras.layers.RNN(own(keras, "OwnCell")(3), return_sequences=True)(x)


@case("rnn_of_own_cell_and_another", SEQUENCE, recurrent=True)
def _(keras, x):
    return keras.layers.RNN([own(keras, "OwnCell")(3), keras.layers.LSTMCell(2)])(x)


@case("own_recurrent", SEQUENCE, recurrent=True, gradients=True)
def _(keras, x):
    return own(keras, "OwnRecurrent")(3, return_sequences=True)(x)


@case("own_conv_recurrent", FILM, recurrent=True, gradients=True)
def _(keras, x):
    return own(keras, "OwnConvRecurrent")(3, (2, 3), padding="same", return_sequences=True)(x)


@case("base_layer", floats(4))
def _(keras, x):
    return keras.layers.Layer()(x)


@case("input_layer", floats(4), summary=True)
def _(keras, x):
    inner = keras.models.Sequential()
    inner.add(keras.layers.InputLayer(input_shape=(4,)))
    inner.add(keras.layers.Dense(3))
    return inner(x)
