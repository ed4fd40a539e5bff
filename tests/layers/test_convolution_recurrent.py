import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.input import Input
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import (
    Bidirectional,
    ConvLSTM2D,
    ConvLSTM2DCell,
    ConvRNN2D,
    Lambda,
    TimeDistributed,
)
from tfkeras_compat.models import Model, Sequential
from tfkeras_compat.state.registry import custom_object_scope

FILM = np.random.RandomState(1).normal(size=(2, 3, 4, 5, 2)).astype("float32")
FORMATS = pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])


def film_in(data_format):
    return FILM if data_format == "channels_last" else FILM.transpose(0, 1, 4, 2, 3)


def run(tensors, feeds=None):
    return K.get_session().run(tensors, feeds)


def hard_sigmoid(x):
    return np.clip(0.2 * x + 0.5, 0, 1)


def convolved(image, kernel, padding="valid"):
    """A convolution over images, position by position."""
    height, width = kernel.shape[:2]
    if padding == "same":
        over = [(size - 1) // 2 for size in (height, width)]
        image = np.pad(
            image,
            [(0, 0), (over[0], height - 1 - over[0]), (over[1], width - 1 - over[1]), (0, 0)],
            "constant",
        )
    rows, columns = image.shape[1] - height + 1, image.shape[2] - width + 1
    result = np.zeros((len(image), rows, columns, kernel.shape[3]))
    for row in range(rows):
        for column in range(columns):
            window = image[:, row : row + height, column : column + width]
            result[:, row, column] = np.tensordot(window, kernel, 3)
    return result


def by_hand(film, weights, padding, mask=None):
    """All outputs and the last states."""
    kernel, recurrent_kernel, bias = weights
    outputs, hidden, carry = [], 0, 0
    for time in range(film.shape[1]):
        columns = convolved(film[:, time], kernel, padding) + bias
        if time:
            columns = columns + convolved(hidden, recurrent_kernel, "same")
        i, f, c, o = np.split(columns, 4, axis=-1)
        carry = hard_sigmoid(f) * carry + hard_sigmoid(i) * np.tanh(c)
        hidden = hard_sigmoid(o) * np.tanh(carry)
        outputs.append(hidden)
    return np.stack(outputs, axis=1), hidden, carry


@pytest.mark.parametrize("padding", ["valid", "same"])
@FORMATS
def test_each_step_computes_the_gates_from_image_and_state(data_format, padding):
    layer = ConvLSTM2D(
        3, (2, 3), padding=padding, data_format=data_format,
        return_sequences=True, return_state=True,
    )  # fmt: skip
    found = run(layer(K.constant(film_in(data_format))))
    expected = by_hand(FILM, layer.get_weights(), padding)
    if data_format == "channels_first":
        found = [np.moveaxis(array, -3, -1) for array in found]
    for array, by_formula in zip(found, expected):
        np.testing.assert_allclose(array, by_formula, atol=1e-5)


@FORMATS
@pytest.mark.parametrize(
    "options", [{}, {"strides": (2, 1)}, {"dilation_rate": 2}, {"padding": "same", "strides": 2}]
)
def test_the_computed_shapes_are_the_shapes_of_the_results(options, data_format):
    film = film_in(data_format)
    layer = ConvLSTM2D(
        3, 2, data_format=data_format, return_sequences=True, return_state=True, **options
    )
    found = run(layer(K.constant(film)))
    assert [array.shape for array in found] == layer.compute_output_shape(film.shape)
    single = ConvLSTM2D(3, 2, data_format=data_format, **options)
    assert single.compute_output_shape(film.shape) == found[1].shape


def test_weights_have_the_names_and_the_start_of_the_original():
    layer = ConvLSTM2D(2, 3)
    layer(K.constant(FILM))
    assert [(weight.name, weight.shape.as_list()) for weight in layer.weights] == [
        ("conv_lst_m2d_1/kernel:0", [3, 3, 2, 8]),
        ("conv_lst_m2d_1/recurrent_kernel:0", [3, 3, 2, 8]),
        ("conv_lst_m2d_1/bias:0", [8]),
    ]
    assert K.eval(layer.cell.bias).tolist() == [0, 0, 1, 1, 0, 0, 0, 0]
    assert layer.cell.kernel_f.shape.as_list() == [3, 3, 2, 2]
    assert layer.cell.bias_o.shape.as_list() == [2]


def test_a_film_backwards_is_the_film_reversed():
    forwards, backwards = ConvLSTM2D(2, 2), ConvLSTM2D(2, 2, go_backwards=True)
    result = backwards(K.constant(FILM))
    forwards.build(FILM.shape)
    forwards.set_weights(backwards.get_weights())
    expected = forwards(K.constant(FILM[:, ::-1]))
    np.testing.assert_allclose(*run([result, expected]), atol=1e-6)


def test_images_of_unknown_size_are_taken():
    x = K.placeholder((None, None, None, None, 2))
    layer = ConvLSTM2D(3, 2, dropout=0.1, recurrent_dropout=0.1)
    y = layer(x)
    assert y.shape.as_list() == [None, None, None, 3]
    assert run(y, {x: FILM}).shape == (2, 3, 4, 3)


@FORMATS
def test_a_stateful_layer_goes_on_where_the_last_batch_ended(data_format):
    film = film_in(data_format)
    layer = ConvLSTM2D(3, 2, data_format=data_format, stateful=True)
    x = K.placeholder(film.shape)
    y = layer(x)
    assert [state is own for (state, _), own in zip(layer.updates, layer.states)] == [True] * 2
    first, _ = run([y, layer.updates], {x: film})
    second, _ = run([y, layer.updates], {x: film})
    np.testing.assert_allclose(run(layer.states)[0], second)
    assert np.abs(second - first).max() > 1e-3
    layer.reset_states()
    np.testing.assert_allclose(run(y, {x: film}), first, atol=1e-6)
    layer.reset_states([np.zeros(first.shape), np.ones(first.shape)])
    assert run(layer.states[1]).min() == 1
    with pytest.raises(ShapeError, match="State 0 is incompatible"):
        layer.reset_states([np.zeros((2, 3)), np.zeros(first.shape)])


def test_a_stateful_layer_needs_the_number_of_rows():
    with pytest.raises(ShapeError, match="rows and columns"):
        ConvLSTM2D(3, 2, stateful=True)(K.placeholder((2, None, None, 4, 2)))


def test_initial_states_of_layers_and_other_tensors_are_taken():
    film, hidden, carry = Input(FILM.shape[1:]), Input((3, 4, 3)), Input((3, 4, 3))
    layer = ConvLSTM2D(3, 2, return_state=True)
    model = Model([film, hidden, carry], layer(film, initial_state=[hidden, carry]))
    zeros = np.zeros((2, 3, 4, 3), "float32")
    from_zeros = model.predict([FILM, zeros, zeros])
    fresh = run(layer(K.constant(FILM), initial_state=layer.get_initial_state(K.constant(FILM))))
    np.testing.assert_allclose(from_zeros[0], fresh[0], atol=1e-6)
    rest = model.predict([FILM, from_zeros[1], from_zeros[2]])
    twice = run(layer(K.constant(np.concatenate([FILM, FILM], axis=1))))
    np.testing.assert_allclose(rest[0], twice[0], atol=1e-6)
    with pytest.raises(ShapeError, match="not compatible"):
        layer(film, initial_state=[Input((3, 4, 2)), Input((3, 4, 2))])


def test_a_masked_step_leaves_output_and_states_as_they_were():
    mask = np.array([[1, 1, 1], [1, 0, 0]], bool)
    masked = Lambda(lambda x: x, mask=lambda x, previous: K.constant(mask, dtype="bool"))
    layer = ConvLSTM2D(3, 2, return_sequences=True)
    outputs = run(layer(masked(K.constant(FILM))))
    expected = by_hand(FILM, layer.get_weights(), "valid")[0]
    np.testing.assert_allclose(outputs[0], expected[0], atol=1e-5)
    np.testing.assert_allclose(outputs[1], np.stack([expected[1, 0]] * 3), atol=1e-5)
    assert K.eval(layer.output_mask).tolist() == mask.tolist()


@pytest.mark.parametrize("kind", ["dropout", "recurrent_dropout"])
def test_dropout_works_in_the_training_phase_only(kind):
    layer = ConvLSTM2D(3, 2, data_format="channels_first", **{kind: 0.5})
    y = layer(K.constant(film_in("channels_first")))
    phase = K.learning_phase()
    test, again = run(y, {phase: False}), run(y, {phase: False})
    training, anew = run(y, {phase: True}), run(y, {phase: True})
    assert (test == again).all() and layer.uses_learning_phase
    assert np.abs(training - test).max() > 1e-3 and np.abs(training - anew).max() > 1e-3


def test_each_gate_drops_with_a_mask_of_its_own_over_the_whole_image():
    cell = ConvLSTM2DCell(3, 2, dropout=0.5, recurrent_dropout=0.5)
    cell.build((None, 4, 5, 2))
    cell.begin(K.constant(FILM), training=True)
    assert [mask.shape.as_list() for mask in cell._dropout_mask] == [[2, 4, 5, 2]] * 4
    assert [mask.shape.as_list() for mask in cell._recurrent_dropout_mask] == [[2, 3, 4, 3]] * 4


def test_the_general_layer_with_the_cell_gives_the_same_numbers():
    special, general = ConvLSTM2D(3, 2), ConvRNN2D(ConvLSTM2DCell(3, 2))
    expected = special(K.constant(FILM))
    general.build(FILM.shape)
    general.set_weights(special.get_weights())
    np.testing.assert_allclose(*run([general(K.constant(FILM)), expected]), atol=1e-6)
    twin = ConvRNN2D.from_config(general.get_config())
    assert type(twin.cell) is ConvLSTM2DCell and twin.cell.filters == 3


class Darkest:
    """A cell of a user: the least value of each pixel so far."""

    data_format, padding, kernel_size, strides, dilation_rate = (
        "channels_last", "same", (1, 1), (1, 1), (1, 1))  # fmt: skip

    def __init__(self, state_size):
        self.state_size = state_size

    def call(self, inputs, states, constants=None):
        least = K.minimum(states[0], inputs)
        return (least if constants is None else least + constants[0]), [least]

    def get_config(self):
        return {"state_size": self.state_size}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def test_a_cell_of_a_user_runs_with_constants_and_is_rebuilt():
    layer = ConvRNN2D(Darkest(2))
    y = layer(K.constant(FILM), constants=K.constant(10.0))
    np.testing.assert_allclose(run(y), np.minimum(FILM.min(axis=1), 0) + 10, atol=1e-5)
    with custom_object_scope({"Darkest": Darkest}):
        twin = ConvRNN2D.from_config(layer.get_config())
    assert twin.cell.state_size == 2 and twin._num_constants == 1


@pytest.mark.parametrize(
    "make",
    [lambda: ConvLSTM2D(3, 2, unroll=True), lambda: ConvRNN2D([ConvLSTM2DCell(3, 2)])],
)
def test_unrolling_and_stacking_cells_is_refused(make):
    with pytest.raises(ConfigError, match="neither be unrolled nor stack"):
        make()


def test_the_configuration_is_flat_and_builds_the_same_layer():
    layer = ConvLSTM2D(
        3, 2, strides=(2, 1), kernel_regularizer="l2", recurrent_dropout=0.2, return_state=True
    )
    config = layer.get_config()
    assert "cell" not in config and config["kernel_size"] == (2, 2)
    assert ConvLSTM2D.from_config(config).get_config() == config
    layer.build(FILM.shape)
    assert len(layer.losses) == 1


def test_keras_1_words_are_understood():
    with pytest.warns(UserWarning):
        layer = ConvLSTM2D(3, 2, 4, inner_init="zeros", border_mode="same", dim_ordering="th")
    assert (layer.kernel_size, layer.padding, layer.data_format) == (
        (2, 4), "same", "channels_first")  # fmt: skip
    assert type(layer.recurrent_initializer).__name__ == "Zeros"


def test_both_directions_and_each_step_of_a_longer_sequence():
    inner = ConvLSTM2D(3, 2, return_sequences=True)
    both = Bidirectional(inner, input_shape=FILM.shape[1:])
    model = Sequential([both])
    assert model.predict(FILM).shape == (2, 3, 3, 4, 6) == (2,) + model.output_shape[1:]
    films = np.stack([FILM, FILM[::-1]], axis=1)
    each = TimeDistributed(ConvLSTM2D(3, 2), input_shape=films.shape[1:])
    result = Sequential([each]).predict(films)
    assert result.shape == (2, 2, 3, 4, 3)
    np.testing.assert_allclose(result[0, 0], result[1, 1], atol=1e-6)


def test_it_learns():
    model = Sequential([ConvLSTM2D(2, 2, input_shape=FILM.shape[1:])])
    model.compile("adam", "mse")
    targets = np.full((2, 3, 4, 2), 0.3)
    first = model.train_on_batch(FILM, targets)
    for _ in range(10):
        last = model.train_on_batch(FILM, targets)
    assert last < first


def test_operations_carry_the_device_of_the_scope():
    x = K.constant(FILM)
    before = {op.name for op in tf.get_default_graph().get_operations()}
    with tf.device("/cpu:1"):
        ConvLSTM2D(3, 2, dropout=0.2, data_format="channels_first")(x)
    made = [op for op in tf.get_default_graph().get_operations() if op.name not in before]
    # TensorFlow 2 writes no device on reads: they are put where their variable is.
    elsewhere = [
        op.name
        for op in made
        if op.type != "ReadVariableOp" and not op.device.upper().endswith("CPU:1")
    ]
    assert elsewhere == ["keras_learning_phase/input", "keras_learning_phase"]
