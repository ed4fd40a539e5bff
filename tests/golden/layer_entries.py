"""Every public layer, registered once: the table that the checks of ``tests/conformance`` run over.

A new layer needs one line here, and a case in ``layer_cases`` that says how it is made and what it
is fed with; ``record_layers`` then records what the original gives.
"""

import collections

import layer_cases
from layer_cases import Case, floats

Entry = collections.namedtuple("Entry", "name case mask exempt stands_for stays_behind")

# What becomes of the mask of an input, in Keras 2.2.5 (``mask_outcome``).
PASSED, CHANGED, USED_UP, REFUSED = "passed", "changed", "used up", "refused"
FOR_THE_SEQUENCE = "passed, used up"  # of the last state nothing is masked

ENTRIES = collections.OrderedDict()


def entry(name, case, mask, exempt=None, stands_for=None, stays_behind=None):
    """Registers a layer.

    Args:
        name: of the public class or function; or, with ``stands_for``, in free words.
        case: the name of the golden case that makes it; a ``Case`` where there can be none.
        mask: what becomes of a mask.
        exempt: for checks that can not apply, the reasons.
        stands_for: names in ``keras.layers``, if not ``name`` alone.
        stays_behind: why it does not convert to Keras 3, in the words of the error; ``None`` if it
            does (checked both ways by ``tests/serving/test_keras_3.py``).
    """
    case = layer_cases.CASES[case] if isinstance(case, str) else case
    stands_for = (name,) if stands_for is None else tuple(stands_for)
    ENTRIES[name] = Entry(name, case, mask, exempt or {}, stands_for, stays_behind)


def each(mask, **cases):
    for name, case in cases.items():
        entry(name, case, mask)


CODE_OF_A_USER = "Keras 3 does not know this class"
NEEDS_A_GPU = {"golden": "the original runs on a GPU only; its tests compare it with LSTM or GRU"}
OF_KERAS_1 = {"golden": "Keras 2.2.5 has it no more; its own tests compute what it gives"}


def unrecorded(kind, *feeds, **arguments):
    """A case that Keras 2.2.5 can not answer here: a model of one layer."""

    def build(keras, *inputs):
        inputs = list(inputs) if len(inputs) > 1 else inputs[0]
        return getattr(keras.layers, kind)(**arguments)(inputs)

    return Case(kind.lower(), build, feeds, layer_cases.OPTIONS)


# ---- core ---------------------------------------------------------------------------------------

each(
    PASSED,
    Dense="dense_on_sequences",
    Activation="activation_tanh",
    Dropout="dropout",
    SpatialDropout1D="spatial_dropout1d",
    SpatialDropout2D="spatial_dropout2d",
    ActivityRegularization="activity_regularization",
)
entry("SpatialDropout3D", "spatial_dropout3d", PASSED)
each(
    REFUSED,
    Flatten="flatten",
    Reshape="reshape",
    Permute="permute",
    RepeatVector="repeat_vector",
)
entry("Embedding", "embedding", USED_UP)
entry("Masking", "masking", CHANGED)
entry("Lambda", "lambda", USED_UP, stays_behind="its function is Python code")
entry("BatchNormalization", "batch_normalization_4d_fused", PASSED)
entry("Layer", "base_layer", REFUSED, stays_behind="it is the base of all layers")
entry("InputLayer", "input_layer", PASSED)
entry("a layer of a user", "own_layer", PASSED, stands_for=(), stays_behind=CODE_OF_A_USER)
each(
    PASSED,
    LeakyReLU="leaky_relu",
    PReLU="prelu",
    ELU="elu",
    ThresholdedReLU="thresholded_relu",
    Softmax="softmax",
    ReLU="relu",
    GaussianNoise="gaussian_noise",
    GaussianDropout="gaussian_dropout",
    AlphaDropout="alpha_dropout",
)

# ---- images, steps, volumes ---------------------------------------------------------------------

each(
    REFUSED,
    Conv1D="conv1d",
    Conv2D="conv2d",
    Conv3D="conv3d",
    Conv2DTranspose="conv2d_transpose",
    Conv3DTranspose="conv3d_transpose",
    SeparableConv1D="separable_conv1d",
    SeparableConv2D="separable_conv2d",
    DepthwiseConv2D="depthwise_conv2d",
    AtrousConvolution1D="atrous_convolution1d",
    AtrousConvolution2D="atrous_convolution2d",
    MaxPooling1D="max_pooling1d",
    MaxPooling2D="max_pooling2d",
    MaxPooling3D="max_pooling3d",
    AveragePooling1D="average_pooling1d",
    AveragePooling2D="average_pooling2d",
    AveragePooling3D="average_pooling3d",
    GlobalMaxPooling1D="global_max_pooling1d",
    GlobalMaxPooling2D="global_max_pooling2d",
    GlobalMaxPooling3D="global_max_pooling3d",
    GlobalAveragePooling2D="global_average_pooling2d",
    GlobalAveragePooling3D="global_average_pooling3d",
    Cropping1D="cropping1d",
    Cropping2D="cropping2d",
    Cropping3D="cropping3d",
    UpSampling1D="up_sampling1d",
    UpSampling2D="up_sampling2d",
    UpSampling3D="up_sampling3d",
    ZeroPadding1D="zero_padding1d",
    ZeroPadding2D="zero_padding2d",
    ZeroPadding3D="zero_padding3d",
)

entry(
    "LocallyConnected1D",
    "locally_connected1d",
    REFUSED,
    {"data_format": "the original takes the argument and computes channels last all the same"},
    stays_behind="no locally connected layers",
)
entry(
    "LocallyConnected2D",
    "locally_connected2d",
    REFUSED,
    {"data_format": "the rows of the kernel are in another order; there is a golden of it"},
    stays_behind="no locally connected layers",
)
entry("GlobalAveragePooling1D", "global_average_pooling1d", USED_UP)

# ---- several inputs -----------------------------------------------------------------------------

each(
    CHANGED,
    Add="add",
    Subtract="subtract",
    Multiply="multiply",
    Average="average",
    Maximum="maximum",
    Minimum="minimum",
    Concatenate="concatenate_axis_1",
)
entry("Dot", "dot_of_matrices", USED_UP)
entry(
    "functions that merge",
    "merge_functions",
    "changed, used up",
    stands_for=(
        "add",
        "subtract",
        "multiply",
        "average",
        "maximum",
        "minimum",
        "concatenate",
        "concat",
        "dot",
    ),
)

# ---- recurrent layers, cells --------------------------------------------------------------------

each(USED_UP, SimpleRNN="simplernn", LSTM="lstm", GRU="gru", ConvLSTM2D="convlstm2d")
entry("LSTM of two sequences", "lstm_return_both", FOR_THE_SEQUENCE, stands_for=())
for kind in ("CuDNNLSTM", "CuDNNGRU"):
    entry(kind, unrecorded(kind, floats(5, 4), units=3), REFUSED, NEEDS_A_GPU)
entry("RNN", "rnn_of_cells", FOR_THE_SEQUENCE)
entry("SimpleRNNCell", "rnn_of_one_cell", USED_UP)
entry("LSTMCell", "rnn_of_lstm_cell", PASSED)
entry("GRUCell", "rnn_of_gru_cell", USED_UP)
entry("StackedRNNCells", "rnn_of_stacked_cells", PASSED)
entry("a cell of a user", "rnn_of_own_cell", PASSED, stands_for=(), stays_behind=CODE_OF_A_USER)
entry(
    "a cell of a user and another",
    "rnn_of_own_cell_and_another",
    USED_UP,
    stands_for=(),
    stays_behind=CODE_OF_A_USER,
)
entry(
    "ConvRNN2D",
    "conv_rnn2d",
    PASSED,
    {"data_format": "it is an argument of the cell; ConvLSTM2D has it, too"},
    stands_for=("ConvRNN2D", "ConvLSTM2DCell"),
    stays_behind="use ConvLSTM2D",
)
entry("Recurrent", "own_recurrent", PASSED, stays_behind=CODE_OF_A_USER)
entry(
    "ConvRecurrent2D",
    "own_conv_recurrent",
    PASSED,
    {"data_format": "the class in the case, like most of users, is written for channels last"},
    stays_behind=CODE_OF_A_USER,
)

# ---- layers of Keras 1 --------------------------------------------------------------------------

entry("Highway", "highway", REFUSED, stays_behind="build it from Dense")
entry("MaxoutDense", "maxout_dense", REFUSED, stays_behind="build it from Dense")
for kind in ("ParametricSoftplus", "SReLU"):
    case = unrecorded(kind, floats(5, 4))
    entry(kind, case, PASSED, OF_KERAS_1, stays_behind="no activation of this kind")
entry(
    "TimeDistributedDense",
    unrecorded("TimeDistributedDense", floats(5, 4), units=3),
    PASSED,
    OF_KERAS_1,
)
entry(
    "Merge",
    unrecorded("Merge", floats(5, 4), floats(5, 4), mode="sum"),
    CHANGED,
    OF_KERAS_1,
    stays_behind="saved in an HDF5 file of Keras 1",
)

# ---- wrappers and models ------------------------------------------------------------------------

entry("Wrapper", "own_wrapper", REFUSED, stays_behind=CODE_OF_A_USER)
entry("TimeDistributed", "time_distributed_dense", CHANGED)
entry("TimeDistributed of Conv2D", "time_distributed_conv2d", REFUSED, stands_for=())
entry("TimeDistributed of LSTM", "time_distributed_lstm", REFUSED, stands_for=())
entry("TimeDistributed of a model", "time_distributed_model", CHANGED, stands_for=())
entry("TimeDistributed of Dropout", "time_distributed_dropout", CHANGED, stands_for=())
entry(
    "TimeDistributed of BatchNormalization",
    "time_distributed_batch_normalization",
    CHANGED,
    stands_for=(),
)
entry("Bidirectional", "bidirectional_lstm", USED_UP)
entry("Bidirectional of GRU", "bidirectional_gru_sum", PASSED, stands_for=())
entry("Bidirectional of SimpleRNN", "bidirectional_simplernn_product", USED_UP, stands_for=())
entry("Bidirectional, not merged", "bidirectional_simplernn_unmerged", PASSED, stands_for=())
entry("Bidirectional of cells", "bidirectional_rnn_of_cells", USED_UP, stands_for=())
entry("Bidirectional of ConvLSTM2D", "convlstm2d_both_directions", PASSED, stands_for=())
entry("a Sequential as a layer", "nested_sequential", PASSED, stands_for=())
entry("a Model of two inputs as a layer", "nested_model_of_two_inputs", CHANGED, stands_for=())


# ---- what becomes of a mask ---------------------------------------------------------------------


def mask_outcome(keras, case):
    """What becomes of the masks of all inputs: of each output one of the words above, sorted."""
    K = keras.backend

    def some(inputs, mask=None):
        while K.ndim(inputs) > 2:
            inputs = inputs[..., 0]
        steps = inputs if len(case.feeds[0].shape) > 1 else inputs[:, 0]
        return steps > 0

    inputs = [
        keras.layers.Lambda(lambda x: x * 1, mask=some)(
            keras.layers.Input(batch_shape=(feed.batch_size,) + feed.shape, dtype=feed.dtype)
        )
        for feed in case.feeds
    ]
    given = [_mask(x) for x in inputs]
    try:
        outputs = case.build(keras, *inputs)
    except (TypeError, ValueError) as error:
        if "mask" not in str(error).lower():
            raise
        return REFUSED
    outputs = outputs if isinstance(outputs, list) else [outputs]
    return ", ".join(sorted({_fate(_mask(x), given) for x in outputs}))


def _mask(tensor):
    layer, node, index = tensor._keras_history
    return layer._inbound_nodes[node].output_masks[index]


def _fate(mask, given):
    if mask is None:
        return USED_UP
    return PASSED if any(mask is one for one in given) else CHANGED
