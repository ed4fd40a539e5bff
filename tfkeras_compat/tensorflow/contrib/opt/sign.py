"""Steps that are longer where a gradient has the sign of its moving average
(https://arxiv.org/abs/1709.07417)."""

import math
from typing import Any, Dict

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.tensorflow.contrib.opt.adam import decayed_and_added


class _BySign(tf.train.Optimizer):
    """``_operation`` is TensorFlow's own for it, and ``_strength`` what that calls the weight of
    the signs."""

    _operation = _strength = ""

    def __init__(self, learning_rate, strength, beta, sign_decay_fn, use_locking, name):
        super().__init__(use_locking, name)
        self._sign_decay_fn = sign_decay_fn or _no_decay
        self._given = {"lr": learning_rate, self._strength: strength, "beta": beta}
        self._tensors: Dict[str, Any] = {}

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        self._given["sign_decay"] = self._sign_decay_fn(global_step)
        return super().apply_gradients(grads_and_vars, global_step=global_step, name=name)

    def _create_slots(self, var_list):
        for variable in var_list:
            self._zeros_slot(variable, "m", self._name)

    def _prepare(self):
        for name, value in self._given.items():
            value = value() if callable(value) else value
            self._tensors[name] = tf.convert_to_tensor(value, name=name)

    def _numbers(self, variable):
        dtype = variable.dtype.base_dtype
        return {name: tf.cast(value, dtype) for name, value in self._tensors.items()}

    def _apply_dense(self, grad, var):
        return self._applied("", lambda variable: variable, grad, var).op

    def _resource_apply_dense(self, grad, var):
        return self._applied("Resource", _tf.storage_of, grad, var)

    def _applied(self, kind, storage_of, grad, var):
        return getattr(tf.raw_ops, kind + self._operation)(
            var=storage_of(var),
            m=storage_of(self.get_slot(var, "m")),
            grad=grad,
            use_locking=self._use_locking,
            **self._numbers(var),
        )

    def _apply_sparse(self, grad, var):
        return self._resource_apply_sparse(grad.values, var, grad.indices)

    def _resource_apply_sparse(self, grad, var, indices):
        numbers, m = self._numbers(var), self.get_slot(var, "m")
        averaging = decayed_and_added(m, numbers["beta"], indices, (1 - numbers["beta"]) * grad)
        with tf.control_dependencies([averaging]):
            agreement = tf.sign(grad) * tf.sign(tf.gather(m, indices)) * numbers["sign_decay"]
            factor = self._factor(numbers[self._strength], agreement)
            step = numbers["lr"] * factor * grad
            changed = tf.scatter_sub(var, indices, step, use_locking=self._use_locking)
        return tf.group(averaging, changed)

    def _factor(self, strength, agreement):
        """How much longer a step is. ``agreement`` is positive where the signs agree."""
        raise NotImplementedError


def _no_decay(global_step):
    return 1.0


class AddSignOptimizer(_BySign):
    """The factor of a step is ``alpha`` and one more where the signs agree, one less where not.

    ``sign_decay_fn`` takes the global step, and says how much of the one counts: see
    ``tf.contrib.opt.python.training.sign_decay``.
    """

    _operation, _strength = "ApplyAddSign", "alpha"

    def __init__(
        self,
        learning_rate=0.1,
        alpha=1.0,
        beta=0.9,
        sign_decay_fn=None,
        use_locking=False,
        name="AddSignOptimizer",
    ):
        super().__init__(learning_rate, alpha, beta, sign_decay_fn, use_locking, name)

    def _factor(self, strength, agreement):
        return strength + agreement


class PowerSignOptimizer(_BySign):
    """The factor of a step is ``base`` where the signs agree, and its inverse where not.

    ``sign_decay_fn`` takes the global step, and gives what the exponent is multiplied by: see
    ``tf.contrib.opt.python.training.sign_decay``.
    """

    _operation, _strength = "ApplyPowerSign", "logbase"

    def __init__(
        self,
        learning_rate=0.1,
        base=math.e,
        beta=0.9,
        sign_decay_fn=None,
        use_locking=False,
        name="PowerSignOptimizer",
    ):
        super().__init__(learning_rate, base, beta, sign_decay_fn, use_locking, name)

    def _prepare(self):
        super()._prepare()
        base = tf.cast(self._tensors[self._strength], tf.float32)
        self._tensors[self._strength] = tf.log(base)

    def _factor(self, strength, agreement):
        return tf.exp(strength * agreement)
