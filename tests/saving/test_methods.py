"""Pickles and copies of models."""

import copy
import pickle

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.errors import ConfigError, UnsafeConfigError
from tfkeras_compat.layers import Dense, Input, Lambda
from tfkeras_compat.models import Model, Sequential
from tfkeras_compat.saving import pickle_model, unpickle_model
from tfkeras_compat.state import bytecode
from tfkeras_compat.state.registry import CustomObjectScope


class Named(Model):
    """A user's kind of functional model."""


class Doubled(Dense):
    """A user's layer."""

    def call(self, inputs):
        return 2 * super().call(inputs)


def swish(x):
    return x * K.sigmoid(x)


def cubic(y_true, y_pred):
    return K.mean(K.pow(K.abs(y_true - y_pred), 3), axis=-1)


def model():
    return Sequential([Dense(4, input_shape=(3,)), Dense(2)])


def assert_equal(found, expected):
    assert len(found) == len(expected)
    for mine, theirs in zip(found, expected):
        np.testing.assert_array_equal(mine, theirs)


def test_a_pickled_model_has_the_same_weights_and_configuration():
    original = model()
    again = pickle.loads(pickle.dumps(original))
    assert type(again) is Sequential
    assert again.get_config() == original.get_config()
    assert_equal(again.get_weights(), original.get_weights())


def test_a_pickled_model_is_compiled_if_it_was():
    original = model()
    original.compile("adam", "mse")
    assert type(pickle.loads(pickle.dumps(original)).optimizer) is type(original.optimizer)
    assert not getattr(pickle.loads(pickle.dumps(model())), "optimizer", None)


def test_a_pickled_model_of_a_users_class_is_of_that_class():
    x = Input(shape=(3,))
    again = pickle.loads(pickle.dumps(Named(x, Dense(2)(x))))
    assert type(again) is Named


def of_own_parts(layer_class):
    """Trained for a step, of a layer, an activation, a loss and a metric that are nobody else's."""
    built = Sequential([Dense(4, activation=swish, input_shape=(3,)), layer_class(2)])
    built.compile("adam", cubic, metrics=["mae", cubic])
    built.train_on_batch(np.ones((2, 3)), np.zeros((2, 2)))
    return built


def assert_same_state(found, expected):
    assert_equal(found.get_weights(), expected.get_weights())
    assert_equal(found.optimizer.get_weights(), expected.optimizer.get_weights())


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_has_the_users_own_classes_and_functions_and_the_optimizers_state(duplicate):
    original = of_own_parts(Doubled)
    again = duplicate(original)
    assert (type(again.layers[1]), again.loss, again.layers[0].activation) == (
        Doubled,
        cubic,
        swish,
    )
    assert_same_state(again, original)


def test_classes_that_pickle_can_not_find_are_found_in_a_scope_and_by_deepcopy():
    class Local(Doubled):
        pass

    original = of_own_parts(Local)
    assert_same_state(copy.deepcopy(original), original)
    state = pickle.dumps(original)
    with pytest.raises(ConfigError, match="Unknown layer: Local"):
        pickle.loads(state)
    with CustomObjectScope({"Local": Local}):
        assert_same_state(pickle.loads(state), original)


def test_a_deep_copy_shares_no_weights():
    original = model()
    copied = copy.deepcopy(original)
    before = original.get_weights()
    copied.set_weights([0 * array for array in before])
    assert_equal(original.get_weights(), before)


def test_a_pickled_model_is_a_whole_model_of_its_own():
    again = pickle.loads(pickle.dumps(model()))
    assert again.get_output_at(0) is again.output
    assert again._inbound_nodes[0].layer is again


def test_a_model_is_bytes_of_a_model_file():
    original = model()
    state = pickle_model(original)
    assert state[:4] == b"\x89HDF"
    K.clear_session()
    assert unpickle_model(state).output_shape == (None, 2)


def test_a_pickle_of_another_process_does_not_run_the_code_of_its_lambda():
    state = pickle_model(Sequential([Lambda(lambda x: x + 1, input_shape=(3,))]))
    bytecode._written_here.clear()
    with pytest.raises(UnsafeConfigError):
        unpickle_model(state)
