"""Decay of weights beside the gradients, not through the loss (https://arxiv.org/abs/1711.05101)."""

from typing import Any

from tfkeras_compat._tf import tf

_BesideAnOptimizer: Any = object


class DecoupledWeightDecayExtension(_BesideAnOptimizer):
    """To be inherited from before an optimizer: each step first takes ``weight_decay`` of a
    variable's value away.

    ``minimize`` and ``apply_gradients`` take ``decay_var_list``, the variables that decay; all do
    if it is not given. Of a variable with a sparse gradient only the rows that it reaches decay.
    """

    def __init__(self, weight_decay, **kwargs):
        self._decay_var_list = None
        self._weight_decay = weight_decay
        self._weight_decay_tensor = None
        super().__init__(**kwargs)

    def minimize(
        self,
        loss,
        global_step=None,
        var_list=None,
        gate_gradients=tf.train.Optimizer.GATE_OP,
        aggregation_method=None,
        colocate_gradients_with_ops=False,
        name=None,
        grad_loss=None,
        decay_var_list=None,
    ):
        self._decay_var_list = decay_var_list
        return super().minimize(
            loss,
            global_step=global_step,
            var_list=var_list,
            gate_gradients=gate_gradients,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
            name=name,
            grad_loss=grad_loss,
        )

    def apply_gradients(self, grads_and_vars, global_step=None, name=None, decay_var_list=None):
        if decay_var_list is not None:
            self._decay_var_list = decay_var_list
        return super().apply_gradients(grads_and_vars, global_step=global_step, name=name)

    def _prepare(self):
        decay = self._weight_decay
        decay = decay() if callable(decay) else decay
        self._weight_decay_tensor = tf.convert_to_tensor(decay, name="weight_decay")
        super()._prepare()

    def _decays(self, variable):
        wanted = self._decay_var_list
        return not wanted or any(each is variable for each in wanted)

    def _decayed(self, variable):
        """A context for what comes after the decay."""
        if not self._decays(variable):
            return tf.control_dependencies([])
        share = tf.cast(self._weight_decay_tensor, variable.dtype.base_dtype) * variable
        return tf.control_dependencies([tf.assign_sub(variable, share, self._use_locking)])

    def _rows_decayed(self, variable, indices):
        if not self._decays(variable):
            return tf.control_dependencies([])
        decay = -tf.cast(self._weight_decay_tensor, variable.dtype.base_dtype)
        rows = decay * tf.gather(variable, indices)
        return tf.control_dependencies([tf.scatter_add(variable, indices, rows)])

    def _apply_dense(self, grad, var):
        with self._decayed(var):
            return super()._apply_dense(grad, var)

    def _resource_apply_dense(self, grad, var):
        with self._decayed(var):
            return super()._resource_apply_dense(grad, var)

    def _apply_sparse(self, grad, var):
        with self._rows_decayed(var, grad.indices):
            return super()._apply_sparse(grad, var)

    def _resource_apply_sparse(self, grad, var, indices):
        with self._rows_decayed(var, indices):
            return super()._resource_apply_sparse(grad, var, indices)


def extend_with_decoupled_weight_decay(base_optimizer):
    """A class that trains as ``base_optimizer`` does and takes ``weight_decay`` as its first
    argument; the others are to be named.

    >>> from tfkeras_compat._tf import tf
    >>> AdagradW = extend_with_decoupled_weight_decay(tf.train.AdagradOptimizer)
    >>> AdagradW(weight_decay=0.01, learning_rate=0.1).get_name()
    'Adagrad'
    """

    kinds = (DecoupledWeightDecayExtension, base_optimizer)
    return type("OptimizerWithDecoupledWeightDecay", kinds, {"__doc__": base_optimizer.__doc__})


class AdamWOptimizer(DecoupledWeightDecayExtension, tf.train.AdamOptimizer):
    """Adam with decay of weights beside it."""

    def __init__(
        self,
        weight_decay,
        learning_rate=0.001,
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-8,
        use_locking=False,
        name="AdamW",
    ):
        super().__init__(
            weight_decay,
            learning_rate=learning_rate,
            beta1=beta1,
            beta2=beta2,
            epsilon=epsilon,
            use_locking=use_locking,
            name=name,
        )


class MomentumWOptimizer(DecoupledWeightDecayExtension, tf.train.MomentumOptimizer):
    """Momentum with decay of weights beside it."""

    def __init__(
        self,
        weight_decay,
        learning_rate,
        momentum,
        use_locking=False,
        name="MomentumW",
        use_nesterov=False,
    ):
        super().__init__(
            weight_decay,
            learning_rate=learning_rate,
            momentum=momentum,
            use_locking=use_locking,
            name=name,
            use_nesterov=use_nesterov,
        )
