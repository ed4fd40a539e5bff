import pytest

from tfkeras_compat import activations, constraints, initializers, regularizers
from tfkeras_compat.engine.configured import accepts_keras_1_names, config_of, configured
from tfkeras_compat.layers import Dense, Dropout


class Thing:
    config_excludes = ("secret",)

    @configured
    def __init__(
        self, size, kernel_initializer="zeros", kernel_constraint=None, secret=1, **kwargs
    ):
        self.seen = (self.size, self.kernel_initializer, kwargs)


class BiggerThing(Thing):
    @configured
    def __init__(self, colour, size=2, **kwargs):
        super().__init__(size, **kwargs)


def test_arguments_are_attributes_when_the_body_runs():
    thing = Thing(3, kernel_constraint="non_neg", other=4)
    assert thing.seen == (3, thing.kernel_initializer, {"other": 4})
    assert isinstance(thing.kernel_initializer, initializers.Zeros)
    assert isinstance(thing.kernel_constraint, constraints.NonNeg)


def test_the_configuration_is_read_from_the_attributes():
    thing = Thing(3)
    thing.size = 5
    assert config_of(thing) == {
        "size": 5,
        "kernel_initializer": {"class_name": "Zeros", "config": {}},
        "kernel_constraint": None,
    }


def test_arguments_of_the_base_come_before_those_of_the_subclass():
    assert list(config_of(BiggerThing("red"))) == [
        "size", "kernel_initializer", "kernel_constraint", "colour"]  # fmt: skip


def test_a_missing_argument_is_a_type_error_that_names_it():
    with pytest.raises(TypeError, match="'size'"):
        Thing()


def test_words_of_the_config_are_turned_into_objects():
    layer = Dense(2, activation="relu", kernel_regularizer=regularizers.l2(0.5))
    assert layer.activation is activations.relu
    config = layer.get_config()
    assert config["activation"] == "relu"
    assert Dense.from_config(config).get_config() == config
    assert Dense.from_config(config).kernel_regularizer.l2 == 0.5


def test_keras_1_names_are_understood_with_a_warning_at_the_callers_line():
    with pytest.warns(UserWarning, match="Dense.*`output_dim`, `init`.*`units`") as record:
        layer = Dense(output_dim=4, init="zero")
    assert layer.units == 4 and isinstance(layer.kernel_initializer, initializers.Zeros)
    assert record[0].filename == __file__


def test_a_subclass_understands_the_keras_1_names_of_its_base():
    class Mine(Dropout):
        pass

    with pytest.warns(UserWarning, match="Mine.*`p`"):
        assert Mine(p=0.25).rate == 0.25


def test_a_constructor_that_is_not_configured_may_understand_keras_1_names_too():
    class Dense:
        @accepts_keras_1_names
        def __init__(self, units):
            self.given = units

    with pytest.warns(UserWarning, match="output_dim"):
        assert Dense(output_dim=3).given == 3
