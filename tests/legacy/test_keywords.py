"""Keras 1's names of arguments are understood, entry by entry of the table."""

import inspect
import warnings

import numpy as np
import pytest

from tfkeras_compat import layers
from tfkeras_compat.layers import LSTM, BatchNormalization, Conv1D, Conv2D, Dense, Embedding
from tfkeras_compat.legacy import keywords
from tfkeras_compat.models import Sequential
from tfkeras_compat.state.structures import to_list

REQUIRED = {
    "units": 2,
    "filters": 2,
    "kernel_size": 3,
    "rate": 0.5,
    "stddev": 0.5,
    "input_dim": 4,
    "output_dim": 2,
}
VALUES = {
    "bias": False,
    "border_mode": "same",
    "consume_less": "gpu",
    "dim_ordering": "th",
    "dropout_U": 0.25,
    "dropout_W": 0.25,
    "filter_length": 5,
    "forget_bias_init": "one",
    "inner_activation": "relu",
    "length": 3,
    "nb_filter": 7,
    "output_dim": 7,
    "p": 0.25,
    "pool_length": 3,
    "sigma": 0.25,
    "stride": 3,
    "subsample": 2,
    "subsample_length": 3,
}
NEW_VALUES = {"gpu": 2, "th": "channels_first", "one": True}
SUFFIXES = {"init": "ones", "regularizer": "l2", "constraint": "non_neg"}

ENTRIES = [
    (name, old)
    for name, table in sorted(keywords.KEYWORDS.items())
    for old in sorted(table)
    if hasattr(layers, name) and name not in ("Network", "InputLayer")
]


def value_of(name, old):
    if name.startswith("LocallyConnected") and old == "border_mode":
        return "valid"  # the only one they take
    return VALUES[old] if old in VALUES else SUFFIXES[old.rpartition("_")[2]]


def made(cls, arguments, besides):
    """A layer with the arguments, and with all that it requires but the names in ``besides``."""
    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
    required = {
        each.name: REQUIRED[each.name]
        for each in parameters
        if each.name in REQUIRED and each.name not in besides
    }
    return cls(name="same", **dict(required, **arguments))


@pytest.mark.filterwarnings("ignore:The `implementation` argument in `SimpleRNN`")
@pytest.mark.parametrize("name, old", ENTRIES)
def test_an_argument_under_its_keras_1_name_gives_the_same_layer(name, old):
    cls = getattr(layers, name)
    new = to_list(keywords.KEYWORDS[name][old], allow_tuple=True)
    value = value_of(name, old)
    expected = made(cls, {each: NEW_VALUES.get(value, value) for each in new}, new)
    with pytest.warns(UserWarning, match="Update your `%s` call.*`%s`" % (name, old)):
        found = made(cls, {old: value}, new)
    assert found.get_config() == expected.get_config()


def test_calls_in_keras_2_words_do_not_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Dense(2, kernel_initializer="ones")
        LSTM(2, input_shape=(3, 5))


def test_an_argument_under_both_names_is_refused():
    with pytest.warns(UserWarning), pytest.raises(TypeError, match="`units` was given twice"):
        Dense(units=2, output_dim=3)


def test_the_inputs_of_layers_of_steps_were_given_by_length_and_size():
    assert LSTM(2, input_dim=5, input_length=3).batch_input_shape == (None, 3, 5)
    assert LSTM(2, input_dim=5).batch_input_shape == (None, None, 5)
    assert Conv1D(2, 3, input_dim=5).batch_input_shape == (None, None, 5)
    assert Dense(2, input_dim=5).batch_input_shape == (None, 5)


def test_a_forget_bias_that_keras_2_can_not_make_is_ignored():
    with pytest.warns(UserWarning, match="`forget_bias_init` argument has been ignored"):
        assert LSTM(2, forget_bias_init="zero").unit_forget_bias is True


def test_arguments_without_successor_are_ignored_where_that_changes_nothing():
    with pytest.warns(UserWarning, match="`dropout` argument of `Embedding` no longer exists"):
        Embedding(3, 2, dropout=0.2)
    with pytest.warns(UserWarning, match="`mode` argument"):
        BatchNormalization(mode=0)
    with pytest.raises(TypeError, match="`mode` argument of `BatchNormalization` no longer exists"):
        BatchNormalization(mode=2)


def test_a_kernel_given_by_rows_and_columns_is_joined():
    with pytest.warns(UserWarning):
        layer = Conv2D(2, nb_row=3, nb_col=5, border_mode="same")
    assert layer.kernel_size == (3, 5) and layer.padding == "same"


def batches():
    while True:
        yield np.ones((4, 3)), np.zeros((4, 1))


@pytest.fixture
def model():
    model = Sequential([Dense(1, input_shape=(3,))])
    model.compile("sgd", "mse")
    return model


def test_generator_methods_understand_keras_1_names(model):
    with pytest.warns(UserWarning, match="`fit_generator`.*`samples_per_epoch`.*now count batches"):
        history = model.fit_generator(
            batches(),
            samples_per_epoch=2,
            nb_epoch=3,
            verbose=0,
            nb_val_samples=1,
            validation_data=batches(),
            nb_worker=1,
            pickle_safe=False,
            max_q_size=3,
        )
    assert history.epoch == [0, 1, 2] and history.params["steps"] == 2
    with pytest.warns(UserWarning, match="`evaluate_generator`") as record:
        model.evaluate_generator(batches(), val_samples=2)
    assert record[0].filename == __file__
    with pytest.warns(UserWarning, match="`predict_generator`"):
        assert model.predict_generator(batches(), val_samples=2, nb_worker=1).shape == (8, 1)


def test_an_iterator_that_knows_its_batch_size_counts_samples_as_keras_1_did(model):
    class Batches:
        batch_size = 4

        def __init__(self):
            self.batches = batches()

        def __next__(self):
            return next(self.batches)

    with pytest.warns(UserWarning):
        history = model.fit_generator(Batches(), samples_per_epoch=12, verbose=0)
    assert history.params["steps"] == 3


def test_a_step_count_under_both_names_is_refused(model):
    with pytest.warns(UserWarning), pytest.raises(TypeError, match="given twice"):
        model.fit_generator(batches(), samples_per_epoch=1, steps_per_epoch=1)


def test_the_tables_are_pure_data():
    tables = (keywords.KEYWORDS, keywords.VALUES, keywords.IGNORED, keywords.GENERATOR_METHODS)
    assert eval(repr(tables)) == tables


@pytest.mark.parametrize(
    "call",
    [
        lambda: Dense(3, "glorot_uniform", "relu"),
        lambda: LSTM(3, "glorot_uniform"),
        lambda: Conv2D(4, 3, 3, "glorot_uniform"),
        lambda: layers.MaxPooling2D((2, 2), (1, 1), "same", "th"),
        lambda: layers.ZeroPadding2D((1, 1), "th"),
        lambda: Embedding(3, 4, "uniform", 5),
    ],
)
def test_arguments_in_keras_1s_order_are_told_from_others(call):
    with pytest.raises(TypeError, match="can accept only . positional arguments .*Keras 1 had"):
        call()


def test_the_order_of_keras_2_is_that_of_tf_keras_and_is_understood():
    assert Dense(3, "relu").activation.__name__ == "relu"
    with pytest.raises(ValueError, match="Unknown activation"):
        Dense(3, activation="nothing")


def test_errors_of_a_subclass_stay_what_they_are():
    class Own(Dense):
        def __init__(self):
            super().__init__(3, "nothing")

    with pytest.raises(ValueError, match="Unknown activation"):
        Own()


@pytest.mark.parametrize("name", sorted(keywords.POSITIONAL))
def test_the_arguments_that_keras_2_took_by_position_come_first(name):
    order = keywords.POSITIONAL[name]
    assert tuple(inspect.signature(getattr(layers, name)).parameters)[: len(order)] == order
