"""Which sequences of steps have a faster route than a loop over the cell, and what it is.

A route computes what the loop does, but for rounding. Where none is known to do so, the loop
remains: with masks, constants, dropout of the state, cells that compute in a way of their own,
other activations or dtypes, in the bodies of loops and functions, and under XLA.
"""

import functools

from tfkeras_compat import _tf, activations
from tfkeras_compat._tf import tf
from tfkeras_compat.backend import fused
from tfkeras_compat.layers.cells import GRUCell, LSTMCell, SimpleRNNCell

_DTYPES = (tf.float16, tf.float32, tf.float64)
_ACTIVATIONS = [(getattr(activations, name), name) for name in fused.GATES]


def find_route(cell, x, states):
    """The faster route, or ``None``: ``f(cell, x, states, training, go_backwards)`` gives what
    ``K.rnn`` gives."""
    kinds = [kind for kind in _ROUTES if isinstance(cell, kind)]
    if not kinds or not _tf.builds_plain_graph():
        return None
    if not _is_as_in(kinds[0], cell) or not _are_known([x] + list(states)):
        return None
    return functools.partial(_follow, _ROUTES[kinds[0]])


def _is_as_in(kind, cell):
    """Whether the step of a cell is that of its kind, with activations that the routes know."""
    own = type(cell)
    return (
        all(getattr(own, name) is getattr(kind, name) for name in ("call", "begin", "step"))
        and not 0 < cell.recurrent_dropout < 1
        and _name(cell.activation) in fused.CANDIDATES
        and _name(getattr(cell, "recurrent_activation", cell.activation)) in fused.GATES
    )


def _name(activation):
    return next((name for function, name in _ACTIVATIONS if function is activation), None)


def _are_known(tensors):
    """Whether the routes take such tensors: the sequence, and the states."""
    dtypes = {tensor.dtype.base_dtype for tensor in tensors}
    ranks = [tensor.get_shape().ndims for tensor in tensors]
    # What no steps give is for the loop to say.
    return (
        len(dtypes) == 1
        and dtypes.pop() in _DTYPES
        and ranks == [3] + [2] * (len(tensors) - 1)
        and tensors[0].get_shape().as_list()[1] != 0
    )


def _follow(route, cell, x, states, training, go_backwards):
    cell.forget_masks()
    prepared = cell.prepare(x, training)
    sequence = tf.transpose(x, [1, 0, 2])
    if go_backwards:
        sequence = tf.reverse(sequence, [0])
    states = [tf.convert_to_tensor(state) for state in states]
    outputs, *new_states = route(cell, sequence, states, *prepared)
    return _last_output(new_states[0], sequence), tf.transpose(outputs, [1, 0, 2]), new_states


def _last_output(state, sequence):
    """The first of the last states; zeros, as from the loop, if there was no step."""
    if sequence.get_shape().as_list()[0] is not None:
        return tf.identity(state)  # a layer's outputs have to be different tensors
    return state * tf.cast(tf.shape(sequence)[0] > 0, state.dtype)


def _lstm(cell, sequence, states, of_input, of_state):
    kernel, names = of_state.kernels[0], (_name(cell.activation), _name(cell.recurrent_activation))
    if names + (sequence.dtype.base_dtype,) == _BLOCK and len(of_input.masks) <= 1:
        dropped = functools.reduce(tf.multiply, of_input.masks, sequence)
        bias = _bias(of_input, of_state, kernel)
        return fused.block_lstm(dropped, of_input.kernels[0], kernel, bias, *states)
    from_inputs = of_input(sequence)
    if of_state.bias is not None:  # as cells in CuDNN's layout have it
        from_inputs += of_state.bias
    return fused.lstm(from_inputs, kernel, *states, *names)


def _bias(of_input, of_state, kernel):
    """The sum of the biases that there are."""
    biases = [each.bias for each in (of_input, of_state) if each.bias is not None]
    return functools.reduce(tf.add, biases) if biases else _no_bias(kernel)


def _no_bias(kernel):
    return tf.zeros(kernel.get_shape()[-1:], kernel.dtype.base_dtype)


def _gru(cell, sequence, states, of_input, *of_state):
    names = (_name(cell.activation), _name(cell.recurrent_activation))
    kernels = [each.kernels[0] for each in of_state]
    if not cell.reset_after:
        return fused.gru(of_input(sequence), tf.concat(kernels, axis=1), states[0], *names)
    bias = _no_bias(kernels[0]) if of_state[0].bias is None else of_state[0].bias
    return fused.gru_reset_after(of_input(sequence), kernels[0], bias, states[0], *names)


def _simple_rnn(cell, sequence, states, of_input, of_state):
    kernel = of_state.kernels[0]
    return fused.simple_rnn(of_input(sequence), kernel, states[0], _name(cell.activation))


_BLOCK = ("tanh", "sigmoid", tf.float32)
_ROUTES = {LSTMCell: _lstm, GRUCell: _gru, SimpleRNNCell: _simple_rnn}
