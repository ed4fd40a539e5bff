"""Steps along the first axis, and products for all of them at once."""

from tfkeras_compat._tf import tf
from tfkeras_compat.backend.fused import gradient
from tfkeras_compat.backend.shape import dimensions

# Up to this many steps get operations of their own. A loop takes longer to run: training by a third
# on 20 steps of 32 units, by 5 to 20 % on 80 steps of 128 units, where it
# also takes longer to predict than the general one. But operations take longer to be made and
# loaded, some 10 ms for each step of training.
MOST_UNROLLED_STEPS = 100


def scan(step, sequences, states, backwards=False):
    """Applies ``step`` to each time step, handing its states on: ``(outputs, states)``.

    Args:
        step: ``f(inputs, states)`` gives ``(outputs, new_states)``; all of these are lists or
            tuples, and of the dtype of the first sequence.
        sequences: tensors ``(time, ...)``.
        states: the states to begin with.
        backwards: whether to begin with the last step, as for a gradient. Outputs stand at the
            place of their inputs.
    """
    steps = dimensions(sequences[0])[0]
    unrolls = isinstance(steps, int) and 0 < steps <= MOST_UNROLLED_STEPS
    return (_unrolled if unrolls else _looped)(step, sequences, list(states), backwards)


def _unrolled(step, sequences, states, backwards):
    order = -1 if backwards else 1
    outputs = []
    for inputs in list(zip(*(tf.unstack(each) for each in sequences)))[::order]:
        output, states = step(inputs, states)
        outputs.append(output)
    return [tf.stack(each) for each in zip(*outputs[::order])], list(states)


def _looped(step, sequences, states, backwards):
    dtype, steps = sequences[0].dtype.base_dtype, dimensions(sequences[0])[0]
    inputs = [_array(dtype, steps).unstack(each) for each in sequences]
    samples, _ = step([each[0] for each in sequences], states)  # tell shapes, are never computed

    def body(count, arrays, states):
        time = steps - 1 - count if backwards else count
        outputs, new_states = step([array.read(time) for array in inputs], states)
        for new, old in zip(new_states, states):
            new.set_shape(old.get_shape())
        arrays = [array.write(time, output) for array, output in zip(arrays, outputs)]
        return count + 1, arrays, list(new_states)

    _, arrays, states = tf.while_loop(
        cond=lambda count, *_: count < steps,
        body=body,
        loop_vars=(tf.constant(0), [_array(dtype, steps) for _ in samples], states),
        parallel_iterations=32,
        swap_memory=True,
        maximum_iterations=steps if isinstance(steps, int) else None,
    )
    outputs = [array.stack() for array in arrays]
    for output, sample in zip(outputs, samples):
        output.set_shape(sequences[0].get_shape()[:1].concatenate(sample.get_shape()))
    if not backwards:
        return outputs, states
    # TensorFlow would differentiate this loop, too, but get it wrong (2.21 and 1.15).
    return tuple([gradient.without_gradient(each) for each in found] for found in (outputs, states))


def _array(dtype, size):
    # Without colocation the array carries the device of the scope, as every other operation does.
    return tf.TensorArray(dtype, size=size, colocate_with_first_write_call=False)


def before(sequence, first):
    """The values before each step: ``first``, and those of all steps but the last."""
    return tf.concat([first[tf.newaxis], sequence], axis=0)[:-1]


def last(sequence, first):
    """The value after the last step, which is ``first`` if there was none."""
    if sequence.get_shape().as_list()[0]:
        return sequence[-1]
    return tf.concat([first[tf.newaxis], sequence[-1:]], axis=0)[-1]


def product(sequence, kernel, transpose=False):
    """The product of each step with a matrix: ``(time, batch, n)`` -> ``(time, batch, m)``."""
    sizes = dimensions(sequence)
    products = tf.matmul(tf.reshape(sequence, [-1, sizes[-1]]), kernel, transpose_b=transpose)
    return tf.reshape(products, sizes[:-1] + dimensions(products)[-1:])


def outer(left, right):
    """The sum over steps and samples of products of columns: ``(n, m)``, a kernel's gradient."""
    rows = [tf.reshape(each, [-1, dimensions(each)[-1]]) for each in (left, right)]
    return tf.matmul(rows[0], rows[1], transpose_a=True)


def total(sequence):
    """The sum over steps and samples, a bias's gradient."""
    return tf.reduce_sum(sequence, axis=[0, 1])
