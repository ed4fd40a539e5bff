import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.layers import GRU, LSTM, CuDNNGRU, CuDNNLSTM, Masking
from tfkeras_compat.saving.generations import preprocess_weights_for_loading

X = np.random.RandomState(1).normal(size=(2, 5, 4)).astype("float32")
PAIRS = pytest.mark.parametrize(
    "kind, plain, arguments",
    [(CuDNNLSTM, LSTM, {}), (CuDNNGRU, GRU, {"reset_after": True})],
    ids=["lstm", "gru"],
)


def _random_weights(layer):
    return [np.random.normal(size=weight.shape.as_list()) for weight in layer.weights]


@PAIRS
def test_it_gives_the_numbers_of_the_plain_layer_with_converted_weights(kind, plain, arguments):
    layer = kind(3, return_sequences=True, return_state=True)
    other = plain(
        3, recurrent_activation="sigmoid", return_sequences=True, return_state=True, **arguments
    )
    x = K.constant(X)
    found, expected = layer(x), other(x)
    layer.set_weights(_random_weights(layer))
    other.set_weights(preprocess_weights_for_loading(other, layer.get_weights()))
    found, expected = K.get_session().run([found, expected])
    for array, plain_array in zip(found, expected):
        np.testing.assert_allclose(array, plain_array, atol=1e-5)
    layer.set_weights(preprocess_weights_for_loading(layer, other.get_weights()))
    np.testing.assert_allclose(K.eval(layer(x)[0]), expected[0], atol=1e-5)


@PAIRS
def test_configuration_states_and_updates_are_those_of_a_recurrent_layer(kind, plain, arguments):
    layer = kind(
        3, stateful=True, go_backwards=True, kernel_regularizer="l2", activity_regularizer="l2"
    )
    layer(K.constant(X))
    assert len(layer.updates) == len(layer.states) and len(layer.losses) == 2
    config = layer.get_config()
    assert not {"cell", "unroll", "activation", "dropout"} & set(config)
    assert kind.from_config(config).get_config() == config


def test_the_bias_of_the_forget_gate_starts_at_one_for_the_state_only():
    layer = CuDNNLSTM(1)
    layer.build((None, 5, 4))
    assert layer.get_weights()[2].tolist() == [0, 0, 0, 0, 0, 1, 0, 0]
    assert layer.weights[2].name == "cu_dnnlstm_1/bias:0" or layer.weights[2].name.endswith(
        "bias:0"
    )


def test_a_mask_is_refused():
    with pytest.raises(ConfigError, match="Masking is not supported"):
        CuDNNGRU(3)(Masking()(K.constant(X)))
