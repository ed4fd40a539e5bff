"""Optimizers with a rate of its own for each element of each parameter."""

import collections

from tfkeras_compat import backend as K
from tfkeras_compat.optimizers.base import Optimizer, epsilon_or_default


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

    def step(self, param, gradient, slots, lr):
        average = self.rho * slots[0] + (1.0 - self.rho) * K.square(gradient)
        return [average], param - lr * gradient / (K.sqrt(average) + self.epsilon)


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

    def step(self, param, gradient, slots, lr):
        total = slots[0] + K.square(gradient)
        return [total], param - lr * gradient / (K.sqrt(total) + self.epsilon)


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

    def step(self, param, gradient, slots, lr):
        old_changes = K.identity(slots[1])
        average = self.rho * slots[0] + (1.0 - self.rho) * K.square(gradient)
        ratio = K.sqrt(old_changes + self.epsilon) / K.sqrt(average + self.epsilon)
        change = gradient * ratio
        changes = self.rho * old_changes + (1 - self.rho) * K.square(change)
        return [average, changes], param - lr * change


class _WithMoments(Optimizer):
    """What Adam and its variants share: moving averages of the gradient and of its size."""

    def __init__(self, lr, beta_1, beta_2, epsilon, decay, **kwargs):
        super().__init__(**kwargs)
        self._make_variables(iterations=0, lr=lr, beta_1=beta_1, beta_2=beta_2, decay=decay)
        self.epsilon = epsilon_or_default(epsilon)
        self.initial_decay = decay


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

    def begin_step(self, iterations):
        t = K.cast(iterations, K.floatx()) + 1
        correction = K.sqrt(1.0 - K.pow(self.beta_2, t)) / (1.0 - K.pow(self.beta_1, t))
        return super().begin_step(iterations) * correction

    def step(self, param, gradient, slots, lr):
        mean = (self.beta_1 * slots[0]) + (1.0 - self.beta_1) * gradient
        size = (self.beta_2 * slots[1]) + (1.0 - self.beta_2) * K.square(gradient)
        largest = K.maximum(slots[2], size) if self.amsgrad else None
        divisor = K.sqrt(largest if self.amsgrad else size) + self.epsilon
        return [mean, size, largest], param - lr * mean / divisor


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

    def begin_step(self, iterations):
        t = K.cast(iterations, K.floatx()) + 1
        return super().begin_step(iterations) / (1.0 - K.pow(self.beta_1, t))

    def step(self, param, gradient, slots, lr):
        mean = (self.beta_1 * slots[0]) + (1.0 - self.beta_1) * gradient
        largest = K.maximum(self.beta_2 * slots[1], K.abs(gradient))
        return [mean, largest], param - lr * mean / (largest + self.epsilon)


_Schedule = collections.namedtuple("_Schedule", "momentum next_momentum product next_product t")


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

    def _momentum_at(self, t):
        return self.beta_1 * (1.0 - 0.5 * K.pow(K.cast_to_floatx(0.96), t * self.schedule_decay))

    def begin_step(self, iterations):
        t = K.cast(iterations, K.floatx()) + 1
        momentum, next_momentum = self._momentum_at(t), self._momentum_at(t + 1)
        product = K.identity(self.m_schedule) * momentum
        self.updates.append(K.update(self.m_schedule, product))
        return _Schedule(momentum, next_momentum, product, product * next_momentum, t)

    def step(self, param, gradient, slots, schedule):
        mean = self.beta_1 * slots[0] + (1.0 - self.beta_1) * gradient
        size = self.beta_2 * slots[1] + (1.0 - self.beta_2) * K.square(gradient)
        ahead = schedule.next_momentum * (mean / (1.0 - schedule.next_product))
        now = (1.0 - schedule.momentum) * (gradient / (1.0 - schedule.product))
        divisor = K.sqrt(size / (1.0 - K.pow(self.beta_2, schedule.t))) + self.epsilon
        return [mean, size], param - self.lr * (now + ahead) / divisor
