"""Optimizers with a rate of its own for each element of each parameter."""

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.optimizers.base import Optimizer, epsilon_or_default, fused_by


def _adagrad(param, total, gradient, now, **options):
    return tf.raw_ops.ResourceApplyAdagradV2(
        var=param.handle,
        accum=total.handle,
        lr=now.lr,
        epsilon=now.epsilon,
        grad=gradient,
        use_locking=True,
        **options,
    )


class RMSprop(Optimizer):
    """Divides the gradient by a moving average of its size.

    Args:
        lr: learning rate. ``decay``: it is divided by ``1 + decay * steps``.
        rho: which part of the average is kept in each step.
        epsilon: fuzz factor; ``K.epsilon()`` if not given.

    Source: Tieleman and Hinton, Lecture 6.5 of "Neural Networks for Machine Learning" (2012).
    """

    config_names = ("lr", "rho", "decay", "epsilon")
    slot_names = ("average",)
    saves_iterations = False

    def __init__(self, lr=0.001, rho=0.9, epsilon=None, decay=0.0, **kwargs):
        super().__init__(**kwargs)
        self._make_variables(lr=lr, rho=rho, decay=decay, iterations=0)
        self.epsilon = epsilon_or_default(epsilon)
        self.initial_decay = decay

    def _average(self, gradient, slots, now):
        return now.rho * slots[0] + (1.0 - now.rho) * K.square(gradient)

    def _fused(self, param, gradient, slots, now):
        # TensorFlow's RMSProp has the fuzz factor inside the root; its Adagrad, told to leave the
        # average alone, makes the change we need.
        update = slots[0].assign(self._average(gradient, slots, now), read_value=False)
        with tf.control_dependencies([update]):
            return _adagrad(param, slots[0], gradient, now, update_slots=False)

    @fused_by(_fused)
    def step(self, param, gradient, slots, now):
        average = self._average(gradient, slots, now)
        return [average], param - now.lr * gradient / (K.sqrt(average) + now.epsilon)


class Adagrad(Optimizer):
    """Divides the gradient by the root of the sum of all its squares so far.

    Args:
        lr: learning rate. ``decay``: it is divided by ``1 + decay * steps``.
        epsilon: fuzz factor; ``K.epsilon()`` if not given.

    Source: Duchi et al., JMLR 12 (2011).
    """

    config_names = ("lr", "decay", "epsilon")
    slot_names = ("total",)
    saves_iterations = False

    def __init__(self, lr=0.01, epsilon=None, decay=0.0, **kwargs):
        super().__init__(**kwargs)
        self._make_variables(lr=lr, decay=decay, iterations=0)
        self.epsilon = epsilon_or_default(epsilon)
        self.initial_decay = decay

    def _fused(self, param, gradient, slots, now):
        return _adagrad(param, slots[0], gradient, now)

    @fused_by(_fused)
    def step(self, param, gradient, slots, now):
        total = slots[0] + K.square(gradient)
        return [total], param - now.lr * gradient / (K.sqrt(total) + now.epsilon)


class Adadelta(Optimizer):
    """Scales the gradient by moving averages of its size and of the size of changes.

    Args:
        lr: learning rate; 1 is the method as published.
        decay: the learning rate is divided by ``1 + decay * steps``.
        rho: which part of the averages is kept in each step.
        epsilon: fuzz factor; ``K.epsilon()`` if not given.

    Source: Zeiler, arXiv:1212.5701.
    """

    config_names = ("lr", "rho", "decay", "epsilon")
    slot_names = ("average", "change_average")
    saves_iterations = False

    def __init__(self, lr=1.0, rho=0.95, epsilon=None, decay=0.0, **kwargs):
        super().__init__(**kwargs)
        self._make_variables(lr=lr, decay=decay, iterations=0)
        self.rho = rho
        self.epsilon = epsilon_or_default(epsilon)
        self.initial_decay = decay

    def _fused(self, param, gradient, slots, now):
        return tf.raw_ops.ResourceApplyAdadelta(
            var=param.handle,
            accum=slots[0].handle,
            accum_update=slots[1].handle,
            lr=now.lr,
            rho=now.rho,
            epsilon=now.epsilon,
            grad=gradient,
            use_locking=True,
        )

    @fused_by(_fused)
    def step(self, param, gradient, slots, now):
        old_changes = K.identity(slots[1])
        average = now.rho * slots[0] + (1.0 - now.rho) * K.square(gradient)
        ratio = K.sqrt(old_changes + now.epsilon) / K.sqrt(average + now.epsilon)
        change = gradient * ratio
        changes = now.rho * old_changes + (1 - now.rho) * K.square(change)
        return [average, changes], param - now.lr * change


class _WithMoments(Optimizer):
    """What Adam and its variants share: moving averages of the gradient and of its size."""

    def __init__(self, lr, beta_1, beta_2, epsilon, decay, **kwargs):
        super().__init__(**kwargs)
        self._make_variables(iterations=0, lr=lr, beta_1=beta_1, beta_2=beta_2, decay=decay)
        self.epsilon = epsilon_or_default(epsilon)
        self.initial_decay = decay

    def begin_step(self, iterations):
        now = super().begin_step(iterations)
        now.lr = self.corrected(now, K.cast(iterations, K.floatx()) + 1)
        return now

    def corrected(self, now, t):
        """The rate of step ``t``, corrected for averages that began at zero."""
        raise NotImplementedError

    def _fused_arguments(self, param, gradient, slots, now):
        # The rate has the correction in it already, so the powers of beta are none.
        return {
            "var": param.handle,
            "m": slots[0].handle,
            "v": slots[1].handle,
            "beta1_power": K.constant(0.0, K.dtype(gradient)),
            "lr": now.lr,
            "beta1": now.beta_1,
            "beta2": now.beta_2,
            "epsilon": now.epsilon,
            "grad": gradient,
            "use_locking": True,
        }


class Adam(_WithMoments):
    """Moves along a moving average of the gradient, divided by one of its size.

    Args:
        lr: learning rate. ``decay``: it is divided by ``1 + decay * steps``.
        beta_1, beta_2: which part of the two averages is kept in each step.
        epsilon: fuzz factor; ``K.epsilon()`` if not given.
        amsgrad: whether the largest average so far is used for the size.

    Source: Kingma and Ba, arXiv:1412.6980; Reddi et al., ICLR 2018, for ``amsgrad``.
    """

    config_names = ("lr", "beta_1", "beta_2", "decay", "epsilon", "amsgrad")
    slot_names = ("mean", "size", "largest_size")

    def __init__(
        self, lr=0.001, beta_1=0.9, beta_2=0.999, epsilon=None, decay=0.0, amsgrad=False, **kwargs
    ):
        super().__init__(lr, beta_1, beta_2, epsilon, decay, **kwargs)
        self.amsgrad = amsgrad

    def slot_shape(self, name, param):
        # Without amsgrad the third slot is not used, but stands in files of the original.
        is_unused = name == "largest_size" and not self.amsgrad
        return (1,) if is_unused else K.int_shape(param)

    def corrected(self, now, t):
        return now.lr * (K.sqrt(1.0 - K.pow(now.beta_2, t)) / (1.0 - K.pow(now.beta_1, t)))

    def _fused(self, param, gradient, slots, now):
        arguments = self._fused_arguments(param, gradient, slots, now)
        arguments["beta2_power"] = arguments["beta1_power"]
        if self.amsgrad:
            return tf.raw_ops.ResourceApplyAdamWithAmsgrad(vhat=slots[2].handle, **arguments)
        return tf.raw_ops.ResourceApplyAdam(**arguments)

    @fused_by(_fused)
    def step(self, param, gradient, slots, now):
        mean = (now.beta_1 * slots[0]) + (1.0 - now.beta_1) * gradient
        size = (now.beta_2 * slots[1]) + (1.0 - now.beta_2) * K.square(gradient)
        largest = K.maximum(slots[2], size) if self.amsgrad else None
        divisor = K.sqrt(largest if self.amsgrad else size) + now.epsilon
        return [mean, size, largest], param - now.lr * mean / divisor


class Adamax(_WithMoments):
    """Adam with the largest of the recent gradients for its size.

    Args:
        lr: learning rate. ``decay``: it is divided by ``1 + decay * steps``.
        beta_1, beta_2: which part of the average and of the largest is kept in each step.
        epsilon: fuzz factor; ``K.epsilon()`` if not given.

    Source: Kingma and Ba, arXiv:1412.6980, section 7.
    """

    config_names = ("lr", "beta_1", "beta_2", "decay", "epsilon")
    slot_names = ("mean", "largest")

    def __init__(self, lr=0.002, beta_1=0.9, beta_2=0.999, epsilon=None, decay=0.0, **kwargs):
        super().__init__(lr, beta_1, beta_2, epsilon, decay, **kwargs)

    def corrected(self, now, t):
        return now.lr / (1.0 - K.pow(now.beta_1, t))

    def _fused(self, param, gradient, slots, now):
        return tf.raw_ops.ResourceApplyAdaMax(**self._fused_arguments(param, gradient, slots, now))

    @fused_by(_fused)
    def step(self, param, gradient, slots, now):
        mean = (now.beta_1 * slots[0]) + (1.0 - now.beta_1) * gradient
        largest = K.maximum(now.beta_2 * slots[1], K.abs(gradient))
        return [mean, largest], param - now.lr * mean / (largest + now.epsilon)


class Nadam(Optimizer):
    """Adam with Nesterov's momentum.

    Args:
        lr: learning rate.
        beta_1, beta_2: which part of the two averages is kept in each step.
        epsilon: fuzz factor; ``K.epsilon()`` if not given.
        schedule_decay: how fast the momentum grows to ``beta_1``.

    Source: Dozat, "Incorporating Nesterov momentum into Adam" (2015).
    """

    config_names = ("lr", "beta_1", "beta_2", "epsilon", "schedule_decay")
    slot_names = ("mean", "size")

    def __init__(
        self, lr=0.002, beta_1=0.9, beta_2=0.999, epsilon=None, schedule_decay=0.004, **kwargs
    ):
        super().__init__(**kwargs)
        self._make_variables(iterations=0, m_schedule=1.0, lr=lr, beta_1=beta_1, beta_2=beta_2)
        self.epsilon = epsilon_or_default(epsilon)
        self.schedule_decay = schedule_decay

    def begin_step(self, iterations):
        now = super().begin_step(iterations)
        now.t = K.cast(iterations, K.floatx()) + 1
        now.momentum, now.next_momentum = [
            now.beta_1 * (1.0 - 0.5 * K.pow(K.cast_to_floatx(0.96), t * now.schedule_decay))
            for t in (now.t, now.t + 1)
        ]
        now.product = K.identity(self.m_schedule) * now.momentum
        now.next_product = now.product * now.next_momentum
        return now

    def shared_updates(self, now):
        return [K.update(self.m_schedule, now.product)]

    def step(self, param, gradient, slots, now):
        mean = now.beta_1 * slots[0] + (1.0 - now.beta_1) * gradient
        size = now.beta_2 * slots[1] + (1.0 - now.beta_2) * K.square(gradient)
        ahead = now.next_momentum * (mean / (1.0 - now.next_product))
        current = (1.0 - now.momentum) * (gradient / (1.0 - now.product))
        divisor = K.sqrt(size / (1.0 - K.pow(now.beta_2, now.t))) + now.epsilon
        return [mean, size], param - now.lr * (current + ahead) / divisor
