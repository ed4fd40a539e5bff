"""The input functions of ``tf.contrib.learn``: those of ``tf.estimator``, which shuffle unless told
otherwise."""

from tfkeras_compat.estimator import inputs


def numpy_input_fn(
    x,
    y=None,
    batch_size=128,
    num_epochs=1,
    shuffle=True,
    queue_capacity=1000,
    num_threads=1,
):
    """As ``tf.estimator.inputs.numpy_input_fn``."""
    return inputs.numpy_input_fn(x, y, batch_size, num_epochs, shuffle, queue_capacity, num_threads)


def pandas_input_fn(
    x,
    y=None,
    batch_size=128,
    num_epochs=1,
    shuffle=True,
    queue_capacity=1000,
    num_threads=1,
    target_column="target",
):
    """As ``tf.estimator.inputs.pandas_input_fn``."""
    return inputs.pandas_input_fn(
        x, y, batch_size, num_epochs, shuffle, queue_capacity, num_threads, target_column
    )
