"""The training step of a head."""

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError


def train_op_of(loss, optimizer, trainable_variables, train_op_fn, update_ops):
    """The operation of one training step, which also advances the global step.

    Raises ConfigError unless just one of ``optimizer`` and ``train_op_fn`` is given.
    """
    if optimizer is not None and train_op_fn is not None:
        raise ConfigError("train_op_fn and optimizer cannot both be set.")
    if optimizer is None and train_op_fn is None:
        raise ConfigError("train_op_fn and optimizer cannot both be None.")
    if optimizer is not None:
        train_op = minimized(loss, optimizer, trainable_variables)
    else:
        train_op = train_op_fn(loss)
    return tf.group(train_op, *update_ops) if update_ops else train_op


def minimized(loss, optimizer, variables=None):
    """One step of an optimizer of ``tf.train``, or of a Keras one, and of the global step."""
    step = tf.train.get_global_step()
    if isinstance(optimizer, tf.train.Optimizer):
        return optimizer.minimize(loss, global_step=step, var_list=variables)
    variables = tf.trainable_variables() if variables is None else list(variables)
    with tf.control_dependencies([step_of(loss, optimizer, variables)]):
        return tf.assign_add(step, 1).op


def step_of(loss, optimizer, variables):
    """One step of either kind of optimizer, which leaves the global step as it is."""
    if isinstance(optimizer, tf.train.Optimizer):
        return optimizer.minimize(loss, var_list=variables)
    return tf.group(*optimizer.get_updates(loss=loss, params=variables))


def is_optimizer(value):
    """Whether it is an optimizer of ``tf.train``, or a Keras one."""
    if isinstance(value, type):
        return False
    return isinstance(value, tf.train.Optimizer) or hasattr(value, "get_updates")
