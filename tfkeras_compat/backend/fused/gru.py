"""Gated recurrent units."""

import functools
import itertools

from tfkeras_compat._tf import tf
from tfkeras_compat.backend.fused import gradient
from tfkeras_compat.backend.fused.gates import CANDIDATES, GATES, prepared, scaled
from tfkeras_compat.backend.fused.scan import before, last, outer, product, scan, total

_NAME = "TfkerasCompatGRU_%s_%s"
_NAME_AFTER = "TfkerasCompatGRUResetAfter_%s_%s"
_COLUMNS = (True, True, False)  # of the update gate and the reset gate, and of the candidate


def gru(from_inputs, kernel, hidden, activation, recurrent_activation):
    """The outputs of all steps, and the last output. The reset gate works on the state.

    Args:
        from_inputs: what the inputs contribute, ``(time, batch, 3 * units)``, with columns for
            update gate, reset gate and candidate.
        kernel: that of the output before, ``(units, 3 * units)``.
        hidden: the state to begin with.
        activation, recurrent_activation: names in ``CANDIDATES`` and ``GATES``.
    """
    of_gate, of_candidate = GATES[recurrent_activation], CANDIDATES[activation]
    for_gates, for_candidate = _parts(scaled(kernel, of_gate, _COLUMNS))

    def step(inputs, states):
        (x_gates, x_candidate), hidden = inputs, states[0]
        gates = of_gate.activate(x_gates + tf.matmul(hidden, for_gates))
        z, r = tf.split(gates, 2, axis=1)
        candidate = of_candidate.activate(x_candidate + tf.matmul(r * hidden, for_candidate))
        output = _mixed(z, hidden, candidate)
        return [output], [output]

    (outputs,), _ = scan(step, _parts(prepared(from_inputs, of_gate, _COLUMNS)), [hidden])
    return gradient.attach(
        _NAME % (activation, recurrent_activation),
        [from_inputs, kernel, hidden, outputs],
        [outputs, last(outputs, hidden)],
    )


def _parts(x):
    """The columns of both gates, and those of the candidate."""
    units = x.get_shape().as_list()[-1] // 3
    return tf.split(x, [2 * units, units], axis=-1)


def _mixed(z, hidden, candidate):
    return candidate + z * (hidden - candidate)


def _gradient(of_candidate, of_gate, values, gradients):
    from_inputs, kernel, hidden, outputs = values
    for_gates, for_candidate = _parts(scaled(kernel, of_gate, _COLUMNS))
    x_gates, x_candidate = _parts(prepared(from_inputs, of_gate, _COLUMNS))
    hiddens = before(outputs, hidden)
    z, r, slope_z, slope_r = _passed(x_gates + product(hiddens, for_gates), of_gate)
    reset = r * hiddens
    candidate, slope = _activated(x_candidate + product(reset, for_candidate), of_candidate)

    def step(inputs, states):
        to_candidate, to_z, to_r, z, r = inputs[:5]
        of_output = sum(inputs[5:], states[0])
        of_candidate = of_output * to_candidate
        of_reset = tf.matmul(of_candidate, for_candidate, transpose_b=True)
        of_gates = tf.concat([of_output * to_z, of_reset * to_r], axis=1)
        of_hidden = tf.matmul(of_gates, for_gates, transpose_b=True)
        return (of_gates, of_candidate), [of_hidden + of_output * z + of_reset * r]

    factors = [(1 - z) * slope, (hiddens - candidate) * slope_z, hiddens * slope_r, z, r]
    sequences = factors + gradient.unless_zero(gradients[0])
    of_parts, (of_hidden,) = scan(step, sequences, [gradients[1]], backwards=True)
    of_kernels = [outer(hiddens, of_parts[0]), outer(reset, of_parts[1])]
    joined = [tf.concat(each, axis=-1) for each in (of_parts, of_kernels)]
    return [scaled(each, of_gate, _COLUMNS) for each in joined] + [of_hidden]


def _passed(x, of_gate):
    """Both gates, and their slopes."""
    pairs = [_activated(each, of_gate) for each in tf.split(x, 2, axis=-1)]
    return [gate for gate, _ in pairs] + [slope for _, slope in pairs]


def _activated(x, activation):
    value = activation.activate(x)
    return value, activation.slope(x, value)


def gru_reset_after(from_inputs, kernel, bias, hidden, activation, recurrent_activation):
    """As :func:`gru`, but the reset gate works on the product of state and kernel.

    ``bias`` is added to that product: ``(3 * units,)``.
    """
    of_gate, of_candidate = GATES[recurrent_activation], CANDIDATES[activation]
    for_state, for_bias = (scaled(each, of_gate, _COLUMNS) for each in (kernel, bias))

    def step(inputs, states):
        (x_gates, x_candidate), hidden = inputs, states[0]
        h_gates, h_candidate = _parts(tf.nn.bias_add(tf.matmul(hidden, for_state), for_bias))
        z, r = tf.split(of_gate.activate(x_gates + h_gates), 2, axis=1)
        output = _mixed(z, hidden, of_candidate.activate(x_candidate + r * h_candidate))
        return [output], [output]

    (outputs,), _ = scan(step, _parts(prepared(from_inputs, of_gate, _COLUMNS)), [hidden])
    return gradient.attach(
        _NAME_AFTER % (activation, recurrent_activation),
        [from_inputs, kernel, bias, hidden, outputs],
        [outputs, last(outputs, hidden)],
    )


def _gradient_after(of_candidate, of_gate, values, gradients):
    from_inputs, kernel, bias, hidden, outputs = values
    for_state, for_bias = (scaled(each, of_gate, _COLUMNS) for each in (kernel, bias))
    x_gates, x_candidate = _parts(prepared(from_inputs, of_gate, _COLUMNS))
    hiddens = before(outputs, hidden)
    h_gates, h_candidate = _parts(product(hiddens, for_state) + for_bias)
    z, r, slope_z, slope_r = _passed(x_gates + h_gates, of_gate)
    candidate, slope = _activated(x_candidate + r * h_candidate, of_candidate)
    to_candidate = (1 - z) * slope

    def step(inputs, states):
        factors, z = inputs[:2]
        of_output = sum(inputs[2:], states[0])
        of_product = tf.concat([of_output] * 3, axis=1) * factors
        of_hidden = tf.matmul(of_product, for_state, transpose_b=True) + of_output * z
        return (of_product, of_output), [of_hidden]

    to_gates = [(hiddens - candidate) * slope_z, to_candidate * h_candidate * slope_r]
    factors = tf.concat(to_gates + [to_candidate * r], axis=2)
    sequences = [factors, z] + gradient.unless_zero(gradients[0])
    (of_product, of_output), (of_hidden,) = scan(step, sequences, [gradients[1]], backwards=True)
    of_inputs = tf.concat([_parts(of_product)[0], of_output * to_candidate], axis=2)
    of_sources = [of_inputs, outer(hiddens, of_product), total(of_product)]
    return [scaled(each, of_gate, _COLUMNS) for each in of_sources] + [of_hidden]


for _activation, _recurrent in itertools.product(CANDIDATES, GATES):
    for _name, _function in ((_NAME, _gradient), (_NAME_AFTER, _gradient_after)):
        gradient.register(
            _name % (_activation, _recurrent),
            functools.partial(_function, CANDIDATES[_activation], GATES[_recurrent]),
            results=2,
        )
