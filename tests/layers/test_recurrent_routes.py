import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.backend.fused import scan
from tfkeras_compat.layers import (
    GRU,
    LSTM,
    RNN,
    CuDNNGRU,
    CuDNNLSTM,
    LSTMCell,
    Masking,
    SimpleRNN,
    recurrent,
)
from tfkeras_compat.layers.recurrent_routes import find_route

pytestmark = pytest.mark.either_end

X = np.random.RandomState(1).normal(size=(3, 4, 2))
UNITS = 3
SIGMOID = {"recurrent_activation": "sigmoid"}
AFTER = {"reset_after": True}
TAKEN = [
    (LSTM, {}),
    (LSTM, SIGMOID),
    (LSTM, {"use_bias": False, "activation": "relu"}),
    (LSTM, dict(SIGMOID, use_bias=False)),
    (GRU, {}),
    (GRU, AFTER),
    (GRU, dict(AFTER, recurrent_activation="sigmoid", use_bias=False)),
    (SimpleRNN, {}),
    (CuDNNLSTM, {}),
    (CuDNNGRU, {}),
]
ROUTES = pytest.mark.parametrize("kind, arguments", TAKEN)


def a_route_was_taken():
    return any(op.type == "IdentityN" for op in tf.get_default_graph().get_operations())


def takes_route(layer, x=None):
    layer(K.constant(X) if x is None else x)
    return a_route_was_taken()


def steps_of(layer, x, states, route, monkeypatch):
    """What a layer gives by a route or by the loop, and the gradients of a part and of all."""
    monkeypatch.setattr(recurrent, "find_route", find_route if route else lambda *_: None)
    results = layer(x, initial_state=states)
    sums = [K.sum(result * result) for result in results]
    sources = [x] + states + layer.weights
    return results + tf.gradients(sums[1], sources) + tf.gradients(sum(sums), sources)


@pytest.mark.parametrize("form", ["each step", "loop"])
@ROUTES
def test_a_route_gives_what_the_loop_gives(kind, arguments, form, monkeypatch):
    if form == "loop":
        monkeypatch.setattr(scan, "MOST_UNROLLED_STEPS", 0)
    layer = kind(UNITS, return_sequences=True, return_state=True, go_backwards=True, **arguments)
    x = K.placeholder((None, None, 2)) if form == "loop" else K.placeholder((None, 4, 2))
    states = [K.variable(np.random.normal(size=(3, UNITS))) for _ in layer.states]
    by_route = steps_of(layer, x, states, True, monkeypatch)
    assert a_route_was_taken()
    by_loop = steps_of(layer, x, states, False, monkeypatch)
    assert len(by_route) == len(by_loop)
    found = K.function([x], by_route + by_loop)([X])
    for ours, theirs in zip(found[: len(by_route)], found[len(by_route) :]):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=2e-6)


@pytest.mark.parametrize("kind", [LSTM, GRU, SimpleRNN])
def test_float64_and_float16_take_a_route_too(kind):
    for dtype, tolerance in (("float64", 1e-12), ("float16", 1e-2)):
        layer = kind(UNITS, dtype=dtype)
        looped = kind(UNITS, dtype=dtype, unroll=True)
        x = tf.constant(X, dtype)
        found = layer(x), looped(x)
        looped.set_weights(layer.get_weights())
        ours, theirs = K.get_session().run(found)
        assert ours.dtype == dtype
        np.testing.assert_allclose(ours, theirs, atol=tolerance)


@pytest.mark.parametrize("kind", [LSTM, GRU])
def test_dropout_of_the_inputs_is_the_same_by_a_route(kind):
    layer = kind(UNITS, dropout=0.5, return_sequences=True, recurrent_activation="sigmoid")
    x = K.constant(X)
    train, test = layer(x, training=True), layer(x, training=False)
    assert a_route_was_taken()
    undropped = kind(UNITS, return_sequences=True, recurrent_activation="sigmoid")
    expected = undropped(x)
    undropped.set_weights(layer.get_weights())
    found = K.get_session().run([train, test, expected])
    np.testing.assert_allclose(found[1], found[2], atol=1e-6)
    assert np.abs(found[0] - found[2]).max() > 1e-3


class DoublingCell(LSTMCell):
    """A user's cell."""

    def call(self, inputs, states, training=None):
        output, states = super().call(inputs, states, training=training)
        return 2 * output, states


@pytest.mark.parametrize(
    "layer",
    [
        lambda: LSTM(UNITS, recurrent_dropout=0.5),
        lambda: LSTM(UNITS, unroll=True),
        lambda: LSTM(UNITS, activation="softsign"),
        lambda: GRU(UNITS, recurrent_activation=lambda x: K.sigmoid(2 * x)),
        lambda: RNN(DoublingCell(UNITS)),
        lambda: RNN([LSTMCell(UNITS), LSTMCell(UNITS)]),
    ],
)
def test_the_loop_remains_for_what_no_route_computes(layer):
    assert not takes_route(layer())


def test_the_loop_remains_for_masks_and_bodies_and_scopes_of_xla():
    assert not takes_route(LSTM(UNITS), Masking()(K.constant(X)))
    layer = LSTM(UNITS)
    tf.map_fn(layer, K.constant(X[np.newaxis]))
    assert not a_route_was_taken()
    with tf.xla.experimental.jit_scope():
        assert not takes_route(LSTM(UNITS))
    assert takes_route(LSTM(UNITS))


@pytest.mark.parametrize("kind", [LSTM, GRU, SimpleRNN])
def test_no_steps_give_zeros_and_leave_the_states(kind):
    layer = kind(UNITS, return_state=True)
    x = K.placeholder((None, None, 2))
    states = [K.constant(np.ones((3, UNITS))) for _ in layer.states]
    output, *after = K.function([x], layer(x, initial_state=states))([X[:, :0]])
    assert output.tolist() == [[0] * UNITS] * 3
    assert [state.tolist() for state in after] == [[[1] * UNITS] * 3] * len(states)


@pytest.mark.parametrize("arguments", [{}, SIGMOID])
def test_an_imported_graph_runs_and_trains(arguments):
    x = K.placeholder((None, 4, 2), name="x")
    layer = LSTM(UNITS, **arguments)
    tf.identity(layer(x), name="y")
    session = K.get_session()
    expected = [session.run("y:0", {x: X}), session.run(tf.gradients(layer.output, x)[0], {x: X})]
    definition = tf.graph_util.convert_variables_to_constants(
        session, tf.get_default_graph().as_graph_def(), ["y"]
    )
    with tf.Graph().as_default(), tf.Session() as other:
        x, y = tf.import_graph_def(definition, return_elements=["x:0", "y:0"], name="")
        found = other.run([y, tf.gradients(y, x)[0]], {x: X})
    for ours, theirs in zip(found, expected):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)
