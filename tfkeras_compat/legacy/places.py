"""Where Keras 2 has what Keras 1 had elsewhere or under another name. Pure data.

Paths are relative to the root of the Keras tree, as in ``legacy/modules.py``.
"""

from typing import Dict, Set

from tfkeras_compat.legacy import keras_1

# The Keras trees inside TensorFlow, below the root of ours.
TENSORFLOW = (
    "tensorflow.keras",
    "tensorflow.contrib.keras",
    "tensorflow.python.keras",
)

# Old name -> new name, in the same place.
RENAMED: Dict[str, str] = {
    **{"layers." + old: "layers." + new for old, new in keras_1.CLASSES.items()},
    "layers.Deconvolution3D": "layers.Conv3DTranspose",
    "layers.Convolution2DTranspose": "layers.Conv2DTranspose",
    "layers.SeparableConvolution1D": "layers.SeparableConv1D",
    "regularizers.l1l2": "regularizers.l1_l2",
    "regularizers.activity_l1": "regularizers.l1",
    "regularizers.activity_l2": "regularizers.l2",
    "regularizers.activity_l1l2": "regularizers.l1_l2",
    "utils.vis_utils.plot": "utils.vis_utils.plot_model",
}

# Classes that take the arguments of another, by the other's name in the tables of arguments.
CLASSES: Dict[str, str] = {
    **{old: new[len("layers.") :] for old, new in RENAMED.items() if new.startswith("layers.")},
    "layers.AtrousConvolution1D": "Conv1D",
    "layers.AtrousConvolution2D": "Conv2D",
    "layers.TimeDistributedDense": "Dense",
    "models.Model": "Network",
}

# Class -> Keras 1's separate sizes, which Keras 2 has as one.
SIZES: Dict[str, tuple] = {
    "Conv2D": ("nb_row", "nb_col"),
    "Conv2DTranspose": ("nb_row", "nb_col"),
    "Conv3D": ("kernel_dim1", "kernel_dim2", "kernel_dim3"),
    "ConvLSTM2D": ("nb_row", "nb_col"),
    "LocallyConnected2D": ("nb_row", "nb_col"),
    "SeparableConv2D": ("nb_row", "nb_col"),
}

# Mode of Keras 1's merging -> the function and the class of Keras 2, and the argument of each that
# takes the place of Keras 1's.
MERGING: Dict[str, tuple] = {
    "sum": ("add", "Add", {}),
    "mul": ("multiply", "Multiply", {}),
    "ave": ("average", "Average", {}),
    "max": ("maximum", "Maximum", {}),
    "concat": ("concatenate", "Concatenate", {"concat_axis": "axis"}),
    "dot": ("dot", "Dot", {"dot_axes": "axes"}),
}

# Functions that take an argument of Keras 1's name.
ARGUMENTS: Dict[str, Dict[str, str]] = {
    "preprocessing.text.Tokenizer": {"nb_words": "num_words"},
    "datasets.imdb.load_data": {"nb_words": "num_words"},
    "datasets.reuters.load_data": {"nb_words": "num_words"},
    "preprocessing.image.ImageDataGenerator": {"dim_ordering": "data_format"},
}

# Module that Keras 2 has elsewhere -> where.
MODULES: Dict[str, str] = {
    "initializations": "initializers",
    "objectives": "losses",
    "utils.visualize_util": "utils.vis_utils",
    "backend.tensorflow_backend": "backend",
    **{
        "layers." + name: "layers"
        for name in (
            "advanced_activations",
            "convolutional",
            "convolutional_recurrent",
            "core",
            "embeddings",
            "local",
            "noise",
            "normalization",
            "pooling",
            "recurrent",
            "wrappers",
        )
    },
}

# Modules of the engine that programs import public names from.
_ENGINE = ("engine", "engine.topology", "engine.training", "legacy.layers", "engine.base_layer")
_OF_ENGINE = {
    "engine.input.Input": "layers.Input",
    "engine.input.InputLayer": "layers.InputLayer",
    "engine.input_spec.InputSpec": "layers.InputSpec",
    "engine.layer.Layer": "layers.Layer",
}
OLD_MODULES = tuple(MODULES) + _ENGINE


def public_place(path: str) -> str:
    """Where a program finds what is defined in a module of ours.

    >>> public_place("layers.merge_by_mode.merge"), public_place("engine.layer.Layer")
    ('layers.merge', 'layers.Layer')
    """
    parts = path.split(".")
    if parts[0] == "layers" and len(parts) > 2:
        return "layers." + ".".join(parts[2:])
    for old, new in _OF_ENGINE.items():
        if (path + ".").startswith(old + "."):
            return new + path[len(old) :]
    return path


def _public() -> Set[str]:
    from tfkeras_compat.legacy.keywords import KEYWORDS

    merging = ["layers." + name for row in MERGING.values() for name in row[:2]]
    others = ["layers.merge", "layers.Merge", "layers.TimeDistributedDense", "models.Model"]
    return {
        *RENAMED,
        *RENAMED.values(),
        *ARGUMENTS,
        *merging,
        *others,
        *("layers." + name for name in KEYWORDS),
    }


# What `from ... import *` is known to bring, for the rules.
PUBLIC = _public()
