"""The forms that Keras 3 writes layers, tensors and models in."""


def safe_name(name):
    """A name that Keras 3 allows."""
    return name.replace("/", "_")


def object_of(module, class_name, config):
    """The entry of any object."""
    return {
        "module": module,
        "class_name": class_name,
        "config": config,
        "registered_name": None,
    }


def layer_of(class_name, config):
    """The entry of one of Keras 3's own layers."""
    return object_of("keras.layers", class_name, config)


def input_of(name, shape, dtype):
    """The entry of an input of a model."""
    config = {"batch_shape": list(shape), "dtype": dtype, "name": safe_name(name)}
    return layer_of("InputLayer", config)


def functional(name, layers, input_layers, output_layers):
    """The entry of a model that is a graph of layers.

    Args: ``input_layers`` and ``output_layers`` are lists of places ``[name, node, index]``.
    """
    ends = {"input_layers": _one_or_all(input_layers), "output_layers": _one_or_all(output_layers)}
    config = dict(ends, name=safe_name(name), trainable=True, layers=layers)
    return object_of("keras.src.models.functional", "Functional", config)


def _one_or_all(places):
    return places[0] if len(places) == 1 else places


def tensor_at(place, output):
    """The entry of a tensor of ours, as the argument of a call."""
    config = {
        "shape": output.get_shape().as_list(),
        "dtype": output.dtype.base_dtype.name,
        "keras_history": place,
    }
    return {"class_name": "__keras_tensor__", "config": config}


def called(entry, *nodes):
    """The entry of a layer in a graph, with what it is called on.

    Args: ``nodes`` are dictionaries of ``args`` and ``kwargs``.
    """
    return dict(entry, name=entry["config"]["name"], inbound_nodes=list(nodes))
