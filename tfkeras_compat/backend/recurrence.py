"""A step function applied along the time axis."""

from typing import Any, List

from tfkeras_compat._tf import tf
from tfkeras_compat.backend.shape import dimensions
from tfkeras_compat.backend.variables import int_shape, ndim
from tfkeras_compat.errors import ShapeError


def rnn(
    step_function,
    inputs,
    initial_states,
    go_backwards=False,
    mask=None,
    constants=None,
    unroll=False,
    input_length=None,
):
    """Applies ``step_function`` to each time step, handing its states on.

    Args:
        step_function: ``f(x, states)`` gives ``(output, new_states)``. ``x`` is ``(batch, ...)``,
            ``states`` a list: the states followed by the constants. ``new_states`` are the states
            only, of the same shapes.
        inputs: ``(batch, time, ...)``, of rank 3 or more.
        initial_states: a list of tensors ``(batch, ...)``.
        go_backwards: whether to begin with the last step; outputs come in the order of the steps.
        mask: ``(batch, time)``; where it is zero, the output and the states of the step before
            stay, and before the first step the output is zero.
        constants: a list of tensors handed to every step.
        unroll: whether to repeat the operations for each step, instead of making a loop.
        input_length: the number of steps, if it is known and the shape does not tell.

    Returns ``(last_output, outputs, new_states)``: ``(batch, ...)``, ``(batch, time, ...)`` and a
    list or tuple.

    Raises ShapeError if the rank of ``inputs`` is below 3, the mask has another rank than 2, or the
    number of steps to unroll is unknown.

    >>> from tfkeras_compat import backend as K
    >>> def add_up(x, states):
    ...     return x + states[0], [x + states[0]]
    >>> last, outputs, _ = K.rnn(add_up, K.constant([[[1], [2], [3]]]), [K.constant([[0]])])
    >>> K.eval(K.flatten(outputs)).tolist()
    [1.0, 3.0, 6.0]
    """
    if ndim(inputs) is None or ndim(inputs) < 3:
        raise ShapeError(
            "rnn needs inputs of shape (batch, time, ...), found shape %s." % (int_shape(inputs),)
        )
    constants = list(constants or ())

    def step(x, states):
        return step_function(x, list(states) + constants)

    run = _unrolled if unroll else _looped
    last_output, outputs, states = run(
        step,
        _swap_batch_and_time(inputs),
        list(initial_states),
        _time_major_mask(mask),
        go_backwards,
        input_length,
    )
    return last_output, _swap_batch_and_time(outputs), states


def _swap_batch_and_time(x):
    return tf.transpose(x, [1, 0] + list(range(2, ndim(x))))


def _time_major_mask(mask):
    if mask is None:
        return None
    if ndim(mask) != 2:
        raise ShapeError("mask should have `shape=(samples, time)`, got %s." % (int_shape(mask),))
    return tf.transpose(tf.cast(mask, tf.bool), [1, 0])


def _held(mask, new, old):
    # A vector of conditions chooses whole rows, whatever their rank.
    return new if mask is None else tf.where(mask, new, old)


def _unrolled(step, inputs, states, mask, go_backwards, input_length):
    order = -1 if go_backwards else 1
    if not inputs.get_shape().as_list()[0]:
        raise ShapeError(
            "Unrolling requires a fixed number of timesteps, found inputs of shape "
            "(time, batch, ...) = %s. Give the input its number of timesteps, or use unroll=False."
            % (inputs.get_shape(),)
        )
    steps = tf.unstack(inputs)[::order]
    masks = [None] * len(steps) if mask is None else tf.unstack(mask, num=len(steps))[::order]
    outputs: List[Any] = []
    for x, step_mask in zip(steps, masks):
        output, new_states = step(x, states)
        previous = outputs[-1] if outputs else tf.zeros_like(output)
        outputs.append(_held(step_mask, output, previous))
        states = [_held(step_mask, new, old) for new, old in zip(new_states, states)]
    return outputs[-1], tf.stack(outputs), states


def _looped(step, inputs, states, mask, go_backwards, input_length):
    if go_backwards:
        inputs, mask = tf.reverse(inputs, [0]), None if mask is None else tf.reverse(mask, [0])
    sample, _ = step(inputs[0], states)  # tells dtype and shape; nothing of it is computed later
    previous = _blank(sample, inputs)
    steps = dimensions(inputs)[0]
    read_input, read_mask = _reader(inputs, "input_ta"), _reader(mask, "mask_ta")
    results = _array(sample.dtype, steps, "output_ta")

    def body(time, results, previous, *states):
        output, new_states = step(read_input(time), states)
        for new, old in zip([output] + list(new_states), (previous,) + states):
            new.set_shape(old.get_shape())
        step_mask = read_mask(time)
        output = _held(step_mask, output, previous)
        held = tuple(_held(step_mask, new, old) for new, old in zip(new_states, states))
        return (time + 1, results.write(time, output), output) + held

    final = tf.while_loop(
        cond=lambda time, *_: time < steps,
        body=body,
        loop_vars=(tf.constant(0, name="time"), results, previous) + tuple(states),
        parallel_iterations=32,
        swap_memory=True,
        maximum_iterations=_known_length(input_length, steps),
    )
    outputs = final[1].stack()
    outputs.set_shape([inputs.get_shape()[0]] + sample.get_shape().as_list())
    return final[2], outputs, tuple(final[3:])


def _known_length(input_length, steps):
    if input_length is not None:
        return input_length
    return steps if isinstance(steps, int) else None


def _array(dtype, size, name):
    # Without colocation the array carries the device of the scope, as every other operation does.
    return tf.TensorArray(
        dtype.base_dtype, size=size, tensor_array_name=name, colocate_with_first_write_call=False
    )


def _reader(x, name):
    if x is None:
        return lambda time: None
    return _array(x.dtype, dimensions(x)[0], name).unstack(x).read


def _blank(sample, inputs):
    # Zeros of the shape of an output, made without computing one where only the batch size is
    # unknown.
    shape = sample.get_shape()
    if shape.ndims is None or None in shape.as_list()[1:]:
        return tf.zeros_like(sample)
    batch = shape.as_list()[:1] if shape.is_fully_defined() else dimensions(inputs)[1:2]
    return tf.zeros(batch + shape.as_list()[1:], sample.dtype.base_dtype)
