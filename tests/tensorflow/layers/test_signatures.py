"""Arguments of core layers and their functions: names, order and defaults of TensorFlow 1.15."""

import inspect

import pytest

import tfkeras_compat.tensorflow as ours
from tfkeras_compat._tf import VERSION
from tfkeras_compat.tensorflow.layers.signatures import REQUIRED, function_of, like

NAMES = [name for name in ours.layers.__all__ if name not in ("InputSpec", "Layer", "experimental")]


class Base:
    def __init__(self, size, color="red", **kwargs):
        self.given = dict(kwargs, size=size, color=color)

    def __call__(self, inputs, training):
        return inputs, training, self


def test_defaults_change_and_new_names_become_attributes():
    class Core(Base):
        __init__ = like(Base, color="blue", weight=2)

    core = Core(3, name="fine")
    assert core.given == {"size": 3, "color": "blue", "trainable": True, "name": "fine"}
    assert core.weight == 2
    assert str(inspect.signature(Core)) == (
        "(size, color='blue', weight=2, trainable=True, name=None, **kwargs)"
    )
    with pytest.raises(TypeError, match="size"):
        Core()


def test_a_function_makes_the_layer_in_its_scope_and_calls_it():
    class Core(Base):
        __init__ = like(Base, size=REQUIRED, trailing=("name",))

    apply = function_of(Core, order="size training name reuse", training=False)
    inputs, training, layer = apply("x", 3, True, "fc", reuse=True)
    assert (inputs, training) == ("x", True)
    assert layer.given == {
        "size": 3, "color": "red", "name": "fc", "_reuse": True, "_scope": "fc"
    }  # fmt: skip


@pytest.mark.skipif(VERSION > (1, 15), reason="TensorFlow 2 has them no more")
@pytest.mark.parametrize("name", NAMES)
def test_arguments_are_those_of_tensorflow_1(name):
    import tensorflow as original

    theirs = inspect.signature(getattr(original.layers, name)).parameters
    mine = inspect.signature(getattr(ours.layers, name)).parameters
    if list(theirs) == ["args", "kwargs"]:
        pytest.skip("it does not tell its own")
    assert list(mine) == list(theirs)
    for each in theirs:
        if not each.endswith("initializer"):
            assert mine[each].default in (theirs[each].default, _tuple(theirs[each].default)), each


def _tuple(value):
    return value[0] if isinstance(value, tuple) else value
