"""A fully connected network that is fed its own output."""

import functools

from tfkeras_compat._tf import tf
from tfkeras_compat.backend.fused import gradient
from tfkeras_compat.backend.fused.gates import CANDIDATES
from tfkeras_compat.backend.fused.scan import before, last, outer, scan

_NAME = "TfkerasCompatSimpleRNN_%s"


def simple_rnn(from_inputs, kernel, hidden, activation):
    """The outputs of all steps, and the last output.

    Args:
        from_inputs: what the inputs contribute, ``(time, batch, units)``.
        kernel: that of the output before, ``(units, units)``.
        hidden: the state to begin with.
        activation: a name in ``CANDIDATES``.
    """
    activate = CANDIDATES[activation].activate

    def step(inputs, states):
        output = activate(inputs[0] + tf.matmul(states[0], kernel))
        return [output], [output]

    (outputs,), _ = scan(step, [from_inputs], [hidden])
    sources = [from_inputs, kernel, hidden, outputs]
    return gradient.attach(_NAME % activation, sources, [outputs, last(outputs, hidden)])


def _gradient(slope, values, gradients):
    _, kernel, hidden, outputs = values
    of_outputs, of_hidden = gradients

    def step(inputs, states):
        of_z = sum(inputs[1:], states[0]) * inputs[0]
        return [of_z], [tf.matmul(of_z, kernel, transpose_b=True)]

    sequences = [slope(None, outputs)] + gradient.unless_zero(of_outputs)
    (of_z,), (of_hidden,) = scan(step, sequences, [of_hidden], backwards=True)
    return [of_z, outer(before(outputs, hidden), of_z), of_hidden]


for _activation in CANDIDATES:
    gradient.register(
        _NAME % _activation,
        functools.partial(_gradient, CANDIDATES[_activation].slope),
        results=2,
    )
