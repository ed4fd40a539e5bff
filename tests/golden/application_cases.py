"""The networks of ``applications`` that are compared with Keras 2.2.5, and how they are observed.

Run with the original by ``record_applications.py`` and with ours by the tests.
"""

import importlib

import numpy as np

FAMILIES = {
    "DenseNet121": "densenet",
    "DenseNet169": "densenet",
    "DenseNet201": "densenet",
    "InceptionResNetV2": "inception_resnet_v2",
    "InceptionV3": "inception_v3",
    "MobileNet": "mobilenet",
    "MobileNetV2": "mobilenet_v2",
    "NASNetLarge": "nasnet",
    "NASNetMobile": "nasnet",
    "ResNet50": "resnet50",
    "VGG16": "vgg16",
    "VGG19": "vgg19",
    "Xception": "xception",
}

# Case -> network, image layout, arguments beside weights=None.
STRUCTURES = {name: (name, "channels_last", {}) for name in FAMILIES}
STRUCTURES.update(
    {
        "densenet max": ("DenseNet121", "channels_last", {"include_top": False, "pooling": "max"}),
        "inception avg": (
            "InceptionV3",
            "channels_first",
            {"include_top": False, "pooling": "avg", "input_shape": (3, 80, 90)},
        ),
        "mobilenet first": (
            "MobileNet",
            "channels_first",
            {
                "alpha": 0.5,
                "depth_multiplier": 2,
                "dropout": 0.2,
                "classes": 7,
                "input_shape": (3, 160, 160),
            },
        ),
        "mobilenet any size": ("MobileNet", "channels_last", {"include_top": False}),
        "mobilenet_v2 wide": ("MobileNetV2", "channels_last", {"alpha": 1.4}),
        "mobilenet_v2 odd": (
            "MobileNetV2",
            "channels_first",
            {"alpha": 0.35, "include_top": False, "pooling": "max", "input_shape": (3, 97, 65)},
        ),
        "vgg max": ("VGG16", "channels_first", {"include_top": False, "pooling": "max"}),
        "xception first": (
            "Xception",
            "channels_first",
            {"include_top": False, "pooling": "avg", "input_shape": (3, 71, 71)},
        ),
    }
)

STRUCTURES["vgg19 avg"] = (
    "VGG19",
    "channels_last",
    {"include_top": False, "pooling": "avg", "input_shape": (48, 48, 3)},
)

# The cases whose outputs are compared as well: each network, and each layout. The hundred million
# weights of the VGGs' tops are left out.
FORWARD = sorted(
    set(FAMILIES) - {"VGG16", "VGG19"}
    | {"vgg max", "vgg19 avg", "mobilenet_v2 odd", "xception first"}
)


def make(root, K, name, layout, arguments):
    """The network, in a fresh graph; ``root`` is the package with the applications."""
    module = importlib.import_module("%s.applications.%s" % (root, FAMILIES[name]))
    before = K.image_data_format()
    K.set_image_data_format(layout)
    K.set_learning_phase(0)  # what training would do besides takes most of the time to build
    try:
        return getattr(module, name)(weights=None, **arguments)
    finally:
        K.set_image_data_format(before)


def structure(K, model):
    """What must be equal: layers and what they are called on, shapes, weights in order."""
    config = {layer["name"]: layer for layer in model.get_config()["layers"]}
    return {
        "name": model.name,
        "params": int(model.count_params()),
        "layers": [
            [
                layer.name,
                type(layer).__name__,
                [entry[0] for node in config[layer.name]["inbound_nodes"] for entry in node],
                list(layer.output_shape),
            ]
            for layer in model.layers
        ],
        "weights": [[weight.name, list(K.int_shape(weight))] for weight in model.weights],
    }


def outputs(K, model):
    """The first features for a made-up picture and weights, before the softmax of a Dense top."""
    weights = [weight for layer in model.layers for weight in layer.weights]
    model.set_weights([_values(n, w.name, K.int_shape(w)) for n, w in enumerate(weights)])
    shape = (1,) + tuple(size or 64 for size in model.input_shape[1:])
    picture = np.random.RandomState(0).uniform(-1, 1, shape).astype("float32")
    last = model.layers[-1]
    features = last.input if type(last).__name__ == "Dense" else model.output
    return K.function([model.input], [features])([picture])[0][:, :16].astype("float64")


# A prime number of them, so that no two rows of a kernel are the same.
_TABLE = np.random.RandomState(0).uniform(-1, 1, 100003).astype("float32")


def _values(number, name, shape):
    values = np.resize(np.roll(_TABLE, 7919 * number), shape)
    if "kernel" in name:
        receptive = np.prod(shape[:-2]) if "depthwise" in name else np.prod(shape[:-1])
        return values * np.float32(np.sqrt(6.0 / receptive))
    return 1 + 0.2 * values if "gamma" in name or "variance" in name else 0.2 * values
