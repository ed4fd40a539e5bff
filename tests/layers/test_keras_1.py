import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import (
    AtrousConvolution1D,
    AtrousConvolution2D,
    BatchNormalization,
    ConvRecurrent2D,
    Deconvolution2D,
    Dense,
    Embedding,
    Highway,
    InputSpec,
    Masking,
    MaxoutDense,
    Merge,
    Recurrent,
    SimpleRNN,
)
from tfkeras_compat.models import Sequential
from tfkeras_compat.state.generation import generation

pytestmark = pytest.mark.filterwarnings("ignore:The `.*` layer is deprecated")


def numbers(*shape):
    return np.random.normal(size=shape).astype("float32")


def run(layer, values):
    return K.eval(layer(K.constant(values)))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_maxout_takes_the_largest_of_its_linear_functions():
    layer, x = MaxoutDense(3, nb_feature=2), numbers(5, 4)
    found = run(layer, x)
    kernel, bias = layer.get_weights()
    assert (kernel.shape, bias.shape) == ((2, 4, 3), (2, 3))
    expected = np.einsum("bi,fio->bfo", x, kernel).max(axis=1)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert layer.compute_output_shape((None, 4)) == (None, 3)


def test_highway_mixes_what_it_computes_with_its_input():
    layer, x = Highway(activation="tanh"), numbers(5, 4)
    found = run(layer, x)
    kernel, gate_kernel, bias, gate_bias = layer.get_weights()
    assert gate_bias.tolist() == [1, 1, 1, 1] and not bias.any()
    gate = sigmoid(x.dot(gate_kernel) + gate_bias)
    expected = np.tanh(x.dot(kernel) + bias) * gate + (1 - gate) * x
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_the_configuration_makes_the_same_layer():
    maxout = MaxoutDense(3, init="zero", W_regularizer="l2", b_constraint="nonneg", input_dim=4)
    for layer in (maxout, Highway(bias=False, activation="relu", activity_regularizer="l1")):
        config = layer.get_config()
        assert type(layer).from_config(config).get_config() == config


def test_initial_weights_and_the_size_of_the_input_are_arguments():
    weights = [numbers(1, 4, 3), numbers(1, 3)]
    layer = MaxoutDense(3, 1, "zero", weights, input_dim=4)
    Sequential([layer])
    np.testing.assert_array_equal(layer.get_weights()[0], weights[0])


def test_these_layers_say_that_they_are_deprecated():
    with pytest.warns(UserWarning, match="`Highway` layer is deprecated"):
        Highway()


@pytest.mark.parametrize("kind, rank", [(AtrousConvolution1D, 1), (AtrousConvolution2D, 2)])
def test_atrous_rate_is_the_rate_of_dilation(kind, rank):
    with pytest.warns(UserWarning, match="dilation_rate"):
        layer = kind(4, 3, atrous_rate=2)
    assert layer.dilation_rate == (2,) * rank


# ---- layers that compute their own steps --------------------------------------------------------


class OwnRNN(Recurrent):
    """A SimpleRNN as it was written before there were cells."""

    def __init__(self, units, **kwargs):
        self.units = units
        super().__init__(**kwargs)

    def build(self, input_shape):
        shape = input_shape[0] if isinstance(input_shape, list) else input_shape
        self.states = [None]
        if self.stateful:
            self.input_spec = [InputSpec(shape=shape)]
            self.reset_states()
        self.kernel = self.add_weight((shape[-1], self.units), initializer="ones", name="kernel")
        self.recurrent = self.add_weight(
            (self.units, self.units), initializer="ones", name="recurrent"
        )
        self.built = True

    def preprocess_input(self, inputs, training=None):
        return inputs * 2

    def get_constants(self, inputs, training=None):
        return [K.constant(0.5)]

    def step(self, inputs, states):
        before, half = states
        output = K.tanh(K.dot(inputs * half, self.kernel) + K.dot(before, self.recurrent))
        return output, [output]

    def get_config(self):
        return dict(super().get_config(), units=self.units)


def simple(**arguments):
    arguments.update(kernel_initializer="ones", recurrent_initializer="ones", use_bias=False)
    return SimpleRNN(3, **arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"return_sequences": True},
        {"go_backwards": True, "return_sequences": True},
        {"unroll": True},
    ],
)
def test_steps_of_its_own_are_taken_as_those_of_a_cell(arguments):
    x = numbers(2, 5, 4) / 10
    layer = OwnRNN(3, **arguments)
    found = run(layer, x)
    np.testing.assert_allclose(found, run(simple(**arguments), x), atol=1e-5)
    assert layer.compute_output_shape(x.shape) == found.shape
    assert OwnRNN.from_config(layer.get_config()).get_config() == layer.get_config()


def test_masked_steps_are_left_out_and_states_returned():
    x = numbers(2, 5, 4) / 10
    x[:, 3:] = 0
    found = OwnRNN(3, return_state=True)(Masking()(K.constant(x)))
    short = run(simple(), x[:, :3])
    for output in found:
        np.testing.assert_allclose(K.eval(output), short, atol=1e-5)


def test_initial_states_are_given_in_the_call():
    x, state = K.constant(numbers(2, 5, 4) / 10), K.constant(numbers(2, 3))
    found = K.eval(OwnRNN(3)(x, initial_state=state))
    np.testing.assert_allclose(found, K.eval(simple()(x, initial_state=state)), atol=1e-5)
    with pytest.raises(ShapeError, match="1 states but was passed 2"):
        OwnRNN(3)(x, initial_state=[state, state])


def test_states_are_kept_between_batches():
    model = Sequential([OwnRNN(3, stateful=True, batch_input_shape=(2, 5, 4))])
    x = numbers(2, 5, 4) / 10
    first, second = model.predict(x), model.predict(x)
    assert (first != second).any()
    model.reset_states()
    np.testing.assert_array_equal(model.predict(x), first)


def test_the_base_for_images_knows_the_shapes():
    layer = ConvRecurrent2D(4, 3, return_sequences=True, strides=2)
    layer.states = [None, None]
    assert layer.compute_output_shape((2, 5, 7, 9, 3)) == (2, 5, 3, 4, 4)
    assert ConvRecurrent2D(4, 3).compute_output_shape((2, 5, 7, 9, 3)) == (2, 5, 7, 4)
    assert ConvRecurrent2D.from_config(layer.get_config()).get_config() == layer.get_config()


# ---- what only generation 1.2 understands -------------------------------------------------------


@pytest.fixture
def generation_1_2():
    generation("1.2")
    yield
    K.clear_session()
    generation("2.2")


@pytest.mark.usefixtures("generation_1_2")
def test_dropout_of_an_embedding_leaves_out_whole_vectors_in_training_only():
    layer = Embedding(200, 2, init="one", dropout=0.5)
    y = layer(K.constant([list(range(200))], dtype="int32"))
    run = K.get_session().run
    trained, tested = (run(y, {K.learning_phase(): phase})[0] for phase in (1, 0))
    assert {tuple(row) for row in trained} == {(0.0, 0.0), (2.0, 2.0)}
    assert 50 < (trained[:, 0] == 0).sum() < 150
    assert (tested == 1).all()
    assert layer.get_config()["dropout"] == 0.5


@pytest.mark.usefixtures("generation_1_2")
def test_modes_of_batch_normalization_need_no_phase_and_no_averages():
    x = numbers(6, 3)
    by_sample, by_batch = BatchNormalization(mode=1, epsilon=0.0), BatchNormalization(mode=2)
    np.testing.assert_allclose(run(by_sample, x).std(axis=1), np.ones(6), atol=1e-5)
    np.testing.assert_allclose(run(by_batch, x).mean(axis=0), np.zeros(3), atol=1e-5)
    assert by_sample.updates == by_batch.updates == []
    with pytest.raises(ConfigError, match=r"mode is one of \[0, 1, 2\], found 3"):
        BatchNormalization(mode=3)


@pytest.mark.usefixtures("generation_1_2")
def test_a_deconvolution_has_the_shape_that_it_is_given():
    layer = Deconvolution2D(1, 3, 3, (None, 13, 13, 1), subsample=(2, 2), border_mode="same")
    assert run(layer, numbers(1, 7, 7, 2)).shape == (1, 13, 13, 1)


@pytest.mark.usefixtures("generation_1_2")
def test_a_merge_of_branches_is_rebuilt_with_them_and_their_weights_come_in_order():
    left = Sequential([Dense(3, input_dim=2)])
    right = Sequential([Dense(4, input_dim=5), Dense(3)])
    model = Sequential([Merge([left, right], mode=lambda parts: parts[0] - parts[1]), Dense(1)])
    assert [type(layer).__name__ for layer in model.layers] == ["Merge", "Dense"]
    shapes = [(2, 3), (3,), (5, 4), (4,), (4, 3), (3,), (3, 1), (1,)]
    assert [array.shape for array in model.get_weights()] == shapes
    again = Sequential.from_config(model.get_config())
    again.set_weights(model.get_weights())
    x = [numbers(3, 2), numbers(3, 5)]
    np.testing.assert_allclose(again.predict(x), model.predict(x), atol=1e-6)
