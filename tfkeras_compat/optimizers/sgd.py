"""Stochastic gradient descent."""

from tfkeras_compat._tf import tf
from tfkeras_compat.optimizers.base import Optimizer, fused_by


class SGD(Optimizer):
    """Stochastic gradient descent with momentum.

    Args:
        lr: learning rate.
        momentum: which part of the last change is kept in the next.
        decay: the learning rate is divided by ``1 + decay * steps``.
        nesterov: whether the gradient is taken as if the momentum had been applied already.

    >>> from tfkeras_compat import backend as K, optimizers
    >>> w = K.variable([1.0, 2.0])
    >>> updates = optimizers.SGD(lr=0.5).get_updates(K.sum(K.square(w)), [w])
    >>> _ = K.function([], [], updates)([])
    >>> K.get_value(w).tolist()
    [0.0, 0.0]
    """

    config_names = ("lr", "momentum", "decay", "nesterov")
    slot_names = ("velocity",)

    def __init__(self, lr=0.01, momentum=0.0, decay=0.0, nesterov=False, **kwargs):
        super().__init__(**kwargs)
        self._make_variables(iterations=0, lr=lr, momentum=momentum, decay=decay)
        self.initial_decay = decay
        self.nesterov = nesterov

    def _fused(self, param, gradient, slots, now):
        return tf.raw_ops.ResourceApplyKerasMomentum(
            var=param.handle,
            accum=slots[0].handle,
            lr=now.lr,
            grad=gradient,
            momentum=now.momentum,
            use_nesterov=self.nesterov,
            use_locking=True,
        )

    @fused_by(_fused)
    def step(self, param, gradient, slots, now):
        velocity = now.momentum * slots[0] - now.lr * gradient
        if self.nesterov:
            return [velocity], param + now.momentum * velocity - now.lr * gradient
        return [velocity], param + velocity
