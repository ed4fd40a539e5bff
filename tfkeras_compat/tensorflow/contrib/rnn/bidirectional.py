"""Stacks of networks that go in both directions."""

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError


def stack_bidirectional_rnn(
    cells_fw,
    cells_bw,
    inputs,
    initial_states_fw=None,
    initial_states_bw=None,
    dtype=None,
    sequence_length=None,
    scope=None,
):
    """Layers of an unrolled network in both directions, each on both outputs of the one before.

    Returns ``(outputs, states forward, states backward)``; outputs are a list of steps.
    Raises: ConfigError unless there are as many cells, and first states if any, for both
    directions.
    """

    def layer(forward, backward, inputs, states, opened):
        return tf.nn.static_bidirectional_rnn(
            forward,
            backward,
            inputs,
            initial_state_fw=states[0],
            initial_state_bw=states[1],
            sequence_length=sequence_length,
            dtype=dtype,
            scope=opened,
        )

    pairs = _pairs(cells_fw, cells_bw, initial_states_fw, initial_states_bw)
    return _stacked(layer, pairs, inputs, scope)


def stack_bidirectional_dynamic_rnn(
    cells_fw,
    cells_bw,
    inputs,
    initial_states_fw=None,
    initial_states_bw=None,
    dtype=None,
    sequence_length=None,
    parallel_iterations=None,
    time_major=False,
    scope=None,
    swap_memory=False,
):
    """Layers of a network in both directions, each on both outputs of the one before.

    Returns and raises as :func:`stack_bidirectional_rnn`; outputs are one tensor.
    """

    def layer(forward, backward, inputs, states, opened):
        outputs, (last_forward, last_backward) = tf.nn.bidirectional_dynamic_rnn(
            forward,
            backward,
            inputs,
            initial_state_fw=states[0],
            initial_state_bw=states[1],
            sequence_length=sequence_length,
            parallel_iterations=parallel_iterations,
            dtype=dtype,
            swap_memory=swap_memory,
            time_major=time_major,
        )
        return tf.concat(outputs, 2), last_forward, last_backward

    pairs = _pairs(cells_fw, cells_bw, initial_states_fw, initial_states_bw)
    return _stacked(layer, pairs, inputs, scope)


def _pairs(cells_fw, cells_bw, states_fw, states_bw):
    number = len(cells_fw)
    lists = [cells_fw, cells_bw] + [each for each in (states_fw, states_bw) if each is not None]
    if not number or any(not isinstance(x, list) or len(x) != number for x in lists):
        raise ConfigError(
            "A bidirectional stack needs lists of equal length, at least one: cells_fw, cells_bw "
            "and, if given, initial_states_fw and initial_states_bw; found %s." % lists
        )
    nothing = [None] * number
    return list(zip(cells_fw, cells_bw, zip(states_fw or nothing, states_bw or nothing)))


def _stacked(layer, pairs, outputs, scope):
    last_forward, last_backward = [], []
    with tf.variable_scope(scope or "stack_bidirectional_rnn"):
        for number, (forward, backward, states) in enumerate(pairs):
            with tf.variable_scope("cell_%d" % number) as opened:
                outputs, of_forward, of_backward = layer(forward, backward, outputs, states, opened)
            last_forward.append(of_forward)
            last_backward.append(of_backward)
    return outputs, tuple(last_forward), tuple(last_backward)
