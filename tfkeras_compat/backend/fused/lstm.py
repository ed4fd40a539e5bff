"""Long short-term memory."""

import collections
import functools
import itertools

from tfkeras_compat._tf import tf
from tfkeras_compat.backend.fused import gradient
from tfkeras_compat.backend.fused.gates import CANDIDATES, GATES, prepared, scaled
from tfkeras_compat.backend.fused.scan import before, last, outer, product, scan

# What the gates and the activation of the carry gave in all steps, and their slopes there.
Passed = collections.namedtuple("Passed", "i f c o carry slopes slope_of_carry")

_NAME = "TfkerasCompatLSTM_%s_%s"
_COLUMNS = (True, True, False, True)  # of the gates i, f and o; the third is the candidate's


def lstm(from_inputs, kernel, hidden, carry, activation, recurrent_activation):
    """The outputs of all steps, the last output and the last carry.

    Args:
        from_inputs: what the inputs contribute, ``(time, batch, 4 * units)``, with columns for the
            gates i, f, c, o.
        kernel: that of the output before, ``(units, 4 * units)``.
        hidden, carry: the states to begin with.
        activation, recurrent_activation: names in ``CANDIDATES`` and ``GATES``.
    """
    of_gate, of_candidate = GATES[recurrent_activation], CANDIDATES[activation]
    of_hidden = scaled(kernel, of_gate, _COLUMNS)

    def step(inputs, states):
        hidden, carry = states
        z = inputs[0] + tf.matmul(hidden, of_hidden)
        i, f, _, o = tf.split(of_gate.activate(z), 4, axis=1)
        carry = f * carry + i * of_candidate.activate(tf.split(z, 4, axis=1)[2])
        hidden = o * of_candidate.activate(carry)
        return (hidden, carry), (hidden, carry)

    sequences = [prepared(from_inputs, of_gate, _COLUMNS)]
    (outputs, carries), (_, last_carry) = scan(step, sequences, [hidden, carry])
    return gradient.attach(
        _NAME % (activation, recurrent_activation),
        [from_inputs, kernel, hidden, carry, outputs, carries],
        [outputs, last(outputs, hidden), last_carry],
    )


def _gradient(of_candidate, of_gate, values, gradients):
    from_inputs, kernel, hidden, carry, outputs, carries = values
    kernel, hiddens = scaled(kernel, of_gate, _COLUMNS), before(outputs, hidden)
    z = prepared(from_inputs, of_gate, _COLUMNS) + product(hiddens, kernel)
    passed = _passed(z, carries, of_gate, of_candidate)
    of_z, of_hidden, of_carry = way_back(passed, kernel, before(carries, carry), gradients)
    unscaled = [scaled(each, of_gate, _COLUMNS) for each in (of_z, outer(hiddens, of_z))]
    return unscaled + [of_hidden, of_carry]


def _passed(z, carries, of_gate, of_candidate):
    zs, kinds = tf.split(z, 4, axis=2), [of_gate, of_gate, of_candidate, of_gate]
    i, f, c, o = gates = [kind.activate(each) for kind, each in zip(kinds, zs)]
    slopes = [kind.slope(each, gate) for kind, each, gate in zip(kinds, zs, gates)]
    activated = of_candidate.activate(carries)
    return Passed(i, f, c, o, activated, slopes, of_candidate.slope(carries, activated))


def way_back(passed, kernel, carries_before, gradients):
    """The gradients of what went into the gates, in all steps, and of the states to begin with.

    ``gradients`` are those of the outputs, the last output and the last carry.
    """
    of_outputs, of_hidden, of_carry = gradients
    others = [passed.c, carries_before, passed.i, passed.carry]
    factors = tf.concat([slope * other for slope, other in zip(passed.slopes, others)], axis=2)
    sequences = [factors, passed.f, passed.o * passed.slope_of_carry]

    def step(inputs, states):
        factors, f, to_carry = inputs[:3]
        of_hidden, of_carry = sum(inputs[3:], states[0]), states[1]
        of_carry += of_hidden * to_carry
        of_z = tf.concat([of_carry] * 3 + [of_hidden], axis=1) * factors
        return [of_z], [tf.matmul(of_z, kernel, transpose_b=True), of_carry * f]

    sequences += gradient.unless_zero(of_outputs)
    (of_z,), states = scan(step, sequences, [of_hidden, of_carry], backwards=True)
    return (of_z,) + tuple(states)


for _activation, _recurrent in itertools.product(CANDIDATES, GATES):
    gradient.register(
        _NAME % (_activation, _recurrent),
        functools.partial(_gradient, CANDIDATES[_activation], GATES[_recurrent]),
        results=3,
    )
