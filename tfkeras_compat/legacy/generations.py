"""The generations of Keras, as tables: what differs between them is data. Pure data.

No layer asks which generation is on: the few places that name, lay out, initialize or average look
up a trait, and every generation has all of them. Recorded from Keras 1.2.2, Keras 2.2.5 and
tf.keras of TensorFlow 1.15.5 (``tests/golden/record_generations.py``).

Traits:
    title: for messages.
    spelling: of a class name in a layer's name: ``"snake"`` or ``"lower"``.
    first_number: of automatic names, 1 in ``dense_1``; 0 is not written: ``dense``, ``dense_1``.
    counts: whether numbers go on in a new graph (``"process"``) or start anew (``"graph"``).
    class_names: what a class is called in names of layers, and counted as.
    own_names: functions here that are classes there, and count as such.
    input_layers_count: whether an InputLayer that a Sequential was given is among its layers.
    input_names: what an input is named after that a Sequential makes for its first ``"layer"``:
        ``dense_1_input``, or its ``"class"``: ``dense_input_1``.
    scopes: whether a layer's operations and weights are in a name scope of its own. If not, the
        names of its weights begin with its name: ``dense_1_W``.
    weight_names: what a weight is called that has another name here.
    layouts: class -> how its weights are laid out in variables; see ``engine/weights.py``.
    defaults: class -> argument -> default that differs.
    words: class -> name of an argument there -> name here.
    speaks_keras_1: whether Keras 1's names of arguments are its own, and nothing to warn of.
    orders: class -> its arguments in an order that Keras 2 no longer knows.
    kept_words: class -> arguments of Keras 1 that mean something still; Keras 2 ignores them.
    values: argument here -> value given under an older name -> value here, beside those of
        ``keywords.VALUES``.
    initializers: name -> configuration of what it stands for.
    averages: of BatchNormalization; ``debiased`` averages are corrected for their start at zero,
        ``correction`` is that of the variance.
    weights_of_models: whether ``model.weights`` goes layer by ``"layer"``, or has those of all
        layers that train before the others: by ``"kind"``.
    trains_by_name: whether an optimizer is given the weights in the order of their names.
    phase_is_fed: whether the learning phase has to be fed, and is not False by itself.
    slots: optimizer class -> its kind of slot -> the end of the variable's name.
    saves_iterations: whether every optimizer's state begins with the number of steps; ``None`` for
        what the optimizer says.
    scalar_metrics: whether a metric gives a number, and not one for each sample.
    counts_samples: whether ``fit_generator`` and its like count samples, and not batches.
    version: in files, for other programs to read them by; ``None`` for that of Keras 2.2.
"""

from typing import Any, Dict

from tfkeras_compat.legacy import keras_1

DEFAULT = "2.2"

_KERAS_2_2: Dict[str, Any] = {
    "title": "multi-backend Keras 2.2",
    "spelling": "snake",
    "first_number": 1,
    "counts": "graph",
    "class_names": {},
    "own_names": (),
    "input_layers_count": False,
    "input_names": "layer",
    "scopes": True,
    "weight_names": {},
    "layouts": {},
    "defaults": {},
    "words": {},
    "speaks_keras_1": False,
    "orders": {},
    "kept_words": {},
    "values": {},
    "initializers": {},
    "averages": {"debiased": True, "correction": "unbiased_with_epsilon"},
    "weights_of_models": "kind",
    "trains_by_name": False,
    "phase_is_fed": False,
    "slots": {},
    "saves_iterations": None,
    "scalar_metrics": False,
    "counts_samples": False,
    "version": None,
}

_MOMENTS = {"mean": "m", "size": "v", "largest_size": "vhat", "largest": "v"}

_TF_KERAS = dict(
    _KERAS_2_2,
    title="tf.keras of TensorFlow 1.15",
    first_number=0,
    defaults={
        "Adagrad": {"lr": 0.001},
        "Adadelta": {"lr": 0.001},
        "Adamax": {"lr": 0.001},
        "Nadam": {"lr": 0.001},
    },
    words={"Optimizer": {"learning_rate": "lr"}},
    averages={"debiased": False, "correction": "none"},
    weights_of_models="layer",
    slots={
        "SGD": {"velocity": "momentum"},
        "RMSprop": {"average": "rms"},
        "Adagrad": {"total": "accumulator"},
        "Adadelta": {"average": "accum_grad", "change_average": "accum_var"},
        "Adam": _MOMENTS,
        "Adamax": _MOMENTS,
        "Nadam": _MOMENTS,
    },
    saves_iterations=True,
)

# Axes of Keras 1's kernels, in today's order (rows, columns, in, out), by data format.
KERNEL_AXES_IN_KERAS_1: Dict[str, Dict[str, Any]] = {
    "Conv2D": {"channels_first": (2, 3, 1, 0)},
    "Conv2DTranspose": {"channels_last": (0, 1, 3, 2), "channels_first": (2, 3, 0, 1)},
    "Conv3D": {"channels_first": (2, 3, 4, 1, 0)},
    "ConvLSTM2D": {"channels_first": (2, 3, 1, 0)},
    "SeparableConv2D": {"channels_first": (2, 3, 1, 0)},
}

# The gates of recurrent layers in Keras 1's order, by cell.
GATES_IN_KERAS_1 = {"LSTM": "icfo", "ConvLSTM2D": "icfo", "GRU": "zrh"}

_FUZZ = {"epsilon": 1e-8}

_KERAS_1 = dict(
    _KERAS_2_2,
    title="Keras 1.2",
    spelling="lower",
    counts="process",
    class_names=dict(
        {here: there for there, here in keras_1.CLASSES.items()},
        **dict.fromkeys(("Add", "Average", "Concatenate", "Dot", "Maximum", "Multiply"), "Merge"),
    ),
    own_names=("AtrousConvolution1D", "AtrousConvolution2D"),
    input_layers_count=True,
    input_names="class",
    scopes=False,
    weight_names={
        "kernel": "W",
        "recurrent_kernel": "U",
        "bias": "b",
        "embeddings": "W",
        "alpha": "alphas",
        "moving_mean": "running_mean",
        "moving_variance": "running_std",
    },
    layouts={
        "LSTMCell": {"gates": GATES_IN_KERAS_1["LSTM"], "joined_where": ("implementation", 2)},
        "GRUCell": {"gates": GATES_IN_KERAS_1["GRU"], "joined_where": ("implementation", 2)},
        "ConvLSTM2DCell": {
            "gates": GATES_IN_KERAS_1["ConvLSTM2D"],
            "axes": dict.fromkeys(
                ("kernel", "recurrent_kernel"), KERNEL_AXES_IN_KERAS_1["ConvLSTM2D"]
            ),
        },
        "Conv1D": {"one_more_axis": {"kernel": 1}},
        "Conv2D": {"axes": {"kernel": KERNEL_AXES_IN_KERAS_1["Conv2D"]}},
        "Conv2DTranspose": {"axes": {"kernel": KERNEL_AXES_IN_KERAS_1["Conv2DTranspose"]}},
        "Conv3D": {"axes": {"kernel": KERNEL_AXES_IN_KERAS_1["Conv3D"]}},
        "SeparableConv2D": {
            "axes": dict.fromkeys(
                ("depthwise_kernel", "pointwise_kernel"), KERNEL_AXES_IN_KERAS_1["SeparableConv2D"]
            ),
        },
    },
    defaults=dict.fromkeys(("RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam"), _FUZZ),
    words={here: words for here, words in keras_1.OBJECTS.values() if words},
    speaks_keras_1=True,
    orders=keras_1.ORDERS,
    kept_words={
        "BatchNormalization": ("mode",),
        "Conv2DTranspose": ("output_shape",),
        "Embedding": ("dropout",),
    },
    values={"unit_forget_bias": {"zero": False}},
    initializers={
        "orthogonal": {"class_name": "Orthogonal", "config": {"gain": 1.1}},
    },
    averages={"debiased": False, "correction": "biased"},
    trains_by_name=True,
    phase_is_fed=True,
    scalar_metrics=True,
    counts_samples=True,
    version="1.2.2",
)

GENERATIONS: Dict[str, Dict[str, Any]] = {
    "1.2": _KERAS_1,
    "2.2": _KERAS_2_2,
    "tf.keras": _TF_KERAS,
}
"""Generation -> trait -> value."""
