"""Layers that Keras 3 has no single layer for, as small models that bear their names.

A Lambda is code, which no file carries; those of our own networks do what plain layers can do.
"""

from tfkeras_compat.applications import inception_resnet_v2
from tfkeras_compat.layers import Lambda
from tfkeras_compat.serving.keras_3 import forms


def is_composed(layer):
    """Whether a small model takes the place of a layer."""
    return _way(layer) is not None


def entry_of(layer):
    """The entry of the small model for a layer; ``None`` if there is none."""
    way = _way(layer)
    return way and way[0](layer)


def note(layer):
    """What that model consists of, in words."""
    way = _way(layer)
    return way[1] if way else ""


def _way(layer):
    code = getattr(layer.function, "__code__", None) if isinstance(layer, Lambda) else None
    return next((way for function, way in _WAYS if function.__code__ == code), None)


def _scaled_sum(layer):
    name = forms.safe_name(layer.name)
    first, second, product, total = (
        [name + end, 0, 0] for end in ("_first", "_second", "_product", "_sum")
    )
    one, other = layer.get_input_at(0)
    factor = {"scale": layer.arguments["scale"], "offset": 0.0}
    scaling = forms.layer_of("Rescaling", dict(factor, name=product[0], dtype=layer.dtype))
    adding = forms.layer_of("Add", {"name": total[0], "dtype": layer.dtype})
    pair = [forms.tensor_at(first, one), forms.tensor_at(product, other)]
    layers = [
        _input(first, one),
        _input(second, other),
        forms.called(scaling, {"args": [forms.tensor_at(second, other)], "kwargs": {}}),
        forms.called(adding, {"args": [pair], "kwargs": {}}),
    ]
    return forms.functional(layer.name, layers, [first, second], [total])


def _input(place, tensor):
    shape, dtype = tensor.get_shape().as_list(), tensor.dtype.base_dtype.name
    return forms.called(forms.input_of(place[0], shape, dtype))


# Function of a Lambda -> what makes the model, and what it is.
_WAYS = ((inception_resnet_v2.scaled_sum, (_scaled_sum, "a model of Rescaling and Add")),)
