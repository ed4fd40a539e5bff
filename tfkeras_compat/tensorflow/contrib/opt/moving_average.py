"""Moving averages of what an optimizer trains."""

from typing import Any

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, SessionError


class MovingAverageOptimizer(tf.train.Optimizer):
    """Trains as ``opt`` does, and keeps moving averages of the variables.

    With ``swapping_saver`` a checkpoint has the averages in the place of the values. Without
    ``sequential_update`` an average may be of the value before a step.
    """

    def __init__(self, opt, average_decay=0.9999, num_updates=None, sequential_update=True):
        self._optimizer = opt
        self._averages = tf.train.ExponentialMovingAverage(average_decay, num_updates=num_updates)
        self._is_sequential = sequential_update
        self._swapped: Any = None  # name of a variable -> of the one that is saved under its name

    def compute_gradients(self, *args, **kwargs):
        return self._optimizer.compute_gradients(*args, **kwargs)

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        pairs = list(grads_and_vars)
        train = self._optimizer.apply_gradients(pairs, global_step=global_step, name=name)
        variables = [variable for gradient, variable in pairs if gradient is not None]
        with tf.control_dependencies([train] if self._is_sequential else []):
            averaging = self._averages.apply(variables)
        names = [(each.op.name, self._averages.average(each).op.name) for each in variables]
        self._swapped = dict(names + [(average, value) for value, average in names])
        return tf.group(train, averaging, name="train_with_avg")

    def swapping_saver(self, var_list=None, name="swapping_saver", **kwargs):
        """A saver that keeps the averages under the names of the variables, and the reverse.

        Raises: SessionError before ``minimize``; ConfigError if only one of a pair is to be saved.
        """
        if self._swapped is None:
            raise SessionError(
                "swapping_saver needs the averages, which minimize() or apply_gradients() makes. "
                "Call one of them first."
            )
        variables = tf.global_variables() if var_list is None else var_list
        by_name = (
            dict(variables)
            if isinstance(variables, dict)
            else {each.op.name: each for each in variables}
        )
        saved = {each: self._partner(each, by_name) for each in by_name}
        return tf.train.Saver(saved, name=name, **kwargs)

    def _partner(self, name, by_name):
        partner = self._swapped.get(name, name)
        if partner not in by_name:
            raise ConfigError(
                "The variable %s is saved in the place of %s, and is not among those to be saved."
                % (partner, name)
            )
        return by_name[partner]
