"""Adam, with less to do for sparse gradients, and with Nesterov's momentum."""

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf

_POWERS = ("beta1_power", "beta2_power")
_OF_APPLY_ADAM = ("var", "m", "v", *_POWERS, "lr", "beta1", "beta2", "epsilon", "grad")


class _Adam(tf.train.AdamOptimizer):
    def _parts(self, dtype):
        """Powers of the betas, learning rate, betas and epsilon, as the operations take them."""
        parts = (*self._get_beta_accumulators(), self._lr_t, self._beta1_t, self._beta2_t)
        return [tf.cast(part, dtype) for part in (*parts, self._epsilon_t)]

    def _moments(self, variable):
        return self.get_slot(variable, "m"), self.get_slot(variable, "v")

    def _apply_sparse(self, grad, var):
        return self._resource_apply_sparse(grad.values, var, grad.indices)


class LazyAdamOptimizer(_Adam):
    """Adam that leaves the moments of rows alone that no gradient reached."""

    def _resource_apply_sparse(self, grad, var, indices):
        power_1, power_2, rate, beta_1, beta_2, epsilon = self._parts(var.dtype.base_dtype)
        rate = rate * tf.sqrt(1 - power_2) / (1 - power_1)
        m, v = self._moments(var)
        new_m = beta_1 * tf.gather(m, indices) + (1 - beta_1) * grad
        new_v = beta_2 * tf.gather(v, indices) + (1 - beta_2) * tf.square(grad)
        step = rate * new_m / (tf.sqrt(new_v) + epsilon)
        return tf.group(
            tf.scatter_update(m, indices, new_m),
            tf.scatter_update(v, indices, new_v),
            tf.scatter_sub(var, indices, step, use_locking=self._use_locking),
        )


class NadamOptimizer(_Adam):
    """Adam with Nesterov's momentum, by the operation that ``tf.train.AdamOptimizer`` runs."""

    def _apply_dense(self, grad, var):
        parts = [var, *self._moments(var), *self._parts(var.dtype.base_dtype), grad]
        return tf.raw_ops.ApplyAdam(**self._named(parts)).op

    def _resource_apply_dense(self, grad, var):
        handles = [_tf.storage_of(each) for each in (var, *self._moments(var))]
        parts = [*handles, *self._parts(grad.dtype.base_dtype), grad]
        return tf.raw_ops.ResourceApplyAdam(**self._named(parts))

    def _named(self, parts):
        options = {"use_locking": self._use_locking, "use_nesterov": True}
        return dict(zip(_OF_APPLY_ADAM, parts), **options)

    def _resource_apply_sparse(self, grad, var, indices):
        power_1, power_2, rate, beta_1, beta_2, epsilon = self._parts(var.dtype.base_dtype)
        rate = rate * tf.sqrt(1 - power_2) / (1 - power_1)
        m, v = self._moments(var)
        share = (1 - beta_1) * grad
        m_t = decayed_and_added(m, beta_1, indices, share)
        v_t = decayed_and_added(v, beta_2, indices, (1 - beta_2) * grad * grad)
        with tf.control_dependencies([m_t, v_t]):
            ahead = share + beta_1 * tf.gather(m, indices)
            step = -rate * ahead / (tf.sqrt(tf.gather(v, indices)) + epsilon)
        return tf.group(tf.scatter_add(var, indices, step), m_t, v_t)


def decayed_and_added(variable, decay, indices, values):
    """An operation that multiplies all of a variable by ``decay``, and then adds to its rows."""
    with tf.control_dependencies([tf.assign(variable, variable * decay)]):
        return tf.scatter_add(variable, indices, values)
