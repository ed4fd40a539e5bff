import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat import initializers, regularizers
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.weights import WeightSpec


def only_weight(*args, **kwargs):
    layer = Layer()
    layer.add_weight(*args, **kwargs)
    return layer.weights[0]


@pytest.mark.parametrize(
    "args, kwargs",
    [
        ((), {"name": "w", "shape": (2, 3), "initializer": "ones"}),
        (("w", (2, 3)), {"initializer": "ones"}),
        (("w", (2, 3), None, "ones"), {}),
        (((2, 3),), {"initializer": "one", "name": "w"}),
        (((2, 3), "one", "w"), {}),
        (([2, 3], "one"), {"name": "w"}),
        (
            (),
            {"shape": [2, 3], "name": "w", "initializer": lambda shape, dtype=None: K.ones(shape)},
        ),
    ],
)
def test_arguments_are_taken_in_the_order_of_keras_1_and_2(args, kwargs):
    weight = only_weight(*args, **kwargs)
    assert weight.name == "w:0"
    assert (K.get_value(weight) == np.ones((2, 3))).all()


def test_the_last_arguments_of_keras_1_are_trainable_regularizer_constraint():
    layer = Layer()
    layer.add_weight((2,), "one", "w", False, regularizers.l1(1.0), "nonneg")
    assert layer.trainable_weights == [] and len(layer.non_trainable_weights) == 1
    assert K.get_session().run(layer.losses) == [2.0]
    assert layer.weights[0].constraint is not None


def test_a_weight_without_an_initializer_is_drawn_as_the_original_did():
    limit = np.sqrt(6.0 / 200)
    values = K.get_value(only_weight("w", (100, 100)))
    assert np.abs(values).max() <= limit and np.abs(values).max() > 0.9 * limit


def test_a_weight_that_is_not_trainable_is_no_trainable_variable():
    only_weight("w", (2,), trainable=False)
    assert tf.trainable_variables() == [] and len(tf.global_variables()) == 1


def test_a_weight_may_have_a_dtype_of_its_own():
    assert only_weight("w", (2,), dtype="int32", initializer="zeros").dtype.base_dtype is tf.int32


def test_declared_weights_become_attributes_and_those_not_wanted_none():
    class Declaring(Layer):
        kernel_initializer = initializers.Ones()

        def weight_specs(self, input_shape):
            yield self.weight("kernel", (input_shape[-1],))
            yield self.weight("bias", (2,), wanted=False)

    layer = Declaring(name="d")
    layer(K.placeholder((None, 3)))
    assert layer.bias is None and [weight.name for weight in layer.weights] == ["d/kernel:0"]
    assert K.get_value(layer.kernel).tolist() == [1.0, 1.0, 1.0]


def test_a_declaration_gives_the_arguments_of_add_weight():
    arguments = WeightSpec("w", [2], "zeros", wanted=False).arguments()
    assert arguments["shape"] == (2,) and arguments["trainable"] and "wanted" not in arguments
