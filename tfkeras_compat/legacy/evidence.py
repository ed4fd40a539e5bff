"""What tells which generation of Keras a program was written for. Pure data.

A spelling of Keras 2 does not run under Keras 1, but most of Keras 1 runs under Keras 2: one sign
of Keras 2 outweighs all of Keras 1.
"""

from typing import Dict, Set

from tfkeras_compat.legacy.keras_1 import CLASSES
from tfkeras_compat.legacy.keywords import KEYWORDS

# Keras inside TensorFlow.
TF_KERAS = (
    "tensorflow.keras",
    "tensorflow.python.keras",
    "tensorflow.contrib.keras",
    "tf.keras",
    "tf.contrib.keras",
)

_TRAINING = {
    "1.2": {"nb_epoch", "samples_per_epoch", "nb_val_samples", "val_samples", "max_q_size"},
    "2.2": {"epochs", "steps_per_epoch", "validation_steps", "max_queue_size"},
}


def _new_names(old_to_new: Dict[str, object]) -> Set[str]:
    return {new for new in old_to_new.values() if isinstance(new, str)}


def _keywords(generation: str) -> Dict[str, Set[str]]:
    table = {}
    for name, old_to_new in KEYWORDS.items():
        old, new = set(old_to_new), _new_names(old_to_new)
        table[name] = old - new if generation == "1.2" else new - old
    for old_name, new_name in CLASSES.items():
        table[old_name] = set(table[new_name])
    if generation == "1.2":
        table["Convolution2D"] |= {"nb_row", "nb_col"}
    for method in ("fit", "fit_generator", "evaluate_generator", "predict_generator"):
        table[method] = _TRAINING[generation]
    return table


# Generation -> what is called -> keywords that only this generation has there.
CALLS = {generation: _keywords(generation) for generation in ("1.2", "2.2")}

# Generation -> names imported from Keras that only it has.
NAMES = {
    "1.2": {
        "Highway",
        "MaxoutDense",
        "Merge",
        "TimeDistributedDense",
        "merge",
        "WeightRegularizer",
        "ActivityRegularizer",
        "l1l2",
        "activity_l1",
        "activity_l2",
        "set_image_dim_ordering",
        "image_dim_ordering",
        "initializations",
        "visualize_util",
    },
    "2.2": set(CLASSES.values())
    | {
        "Add",
        "Average",
        "Concatenate",
        "Dot",
        "Maximum",
        "Multiply",
        "Subtract",
        "concatenate",
        "set_image_data_format",
        "image_data_format",
        "plot_model",
        "multi_gpu_model",
        "Sequence",
        "RNN",
        "CuDNNLSTM",
        "CuDNNGRU",
    },
}

# Generation -> those of them that no other library has: they count as attributes of anything.
ATTRIBUTES = {
    generation: {name for name in names if "image_d" in name or name in ("MaxoutDense", "Conv2D")}
    for generation, names in NAMES.items()
}
