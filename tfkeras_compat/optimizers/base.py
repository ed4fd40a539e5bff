"""The base of all optimizers: gradients, clipping, slots, and the updates of one step."""

import functools

from tfkeras_compat import _tf, initializers
from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import GraphError, ShapeError

_CLIPPING = ("clipnorm", "clipvalue")


def accepts_keras_1_order(get_updates):
    """Lets ``get_updates`` be called as Keras 1 did: ``(params, constraints, loss)``."""

    @functools.wraps(get_updates)
    def wrapper(self, *args, **kwargs):
        if args and isinstance(args[0], (list, tuple)):
            kwargs = dict(zip(("params", "constraints", "loss"), args), **kwargs)
            args = ()
        return get_updates(self, *args, **kwargs)

    return wrapper


class Optimizer:
    """The base of optimizers; those of users define ``get_updates(loss, params)``.

    Those of this package say what one parameter's update is in :meth:`step`, and nothing else
    computes it. Their rates and other settings are variables, which may be set between steps with
    ``K.set_value(optimizer.lr, 0.01)``; none of them is in ``tf.trainable_variables()``.

    Args:
        clipnorm: gradients are scaled down where their common L2 norm exceeds it.
        clipvalue: gradients are cut to ``-clipvalue`` ... ``clipvalue``.

    Attributes:
        weights: the variables that carry the optimizer's state from step to step.
        updates: what :meth:`get_updates` gave last.
    """

    # What get_config tells.
    config_names = ()
    # The kinds of variables that belong to each parameter, in the order of `weights`.
    slot_names = ()
    # Whether the number of steps is the first of `weights`.
    saves_iterations = True

    def __init__(self, **kwargs):
        unknown = [name for name in kwargs if name not in _CLIPPING]
        if unknown:
            raise TypeError(
                "Unexpected keyword argument passed to optimizer %s: %s"
                % (type(self).__name__, ", ".join(unknown))
            )
        vars(self).update(kwargs)
        self.updates = []
        self.weights = []

    def _make_variables(self, **values):
        """Makes an attribute and variable of each value, in this order: ``SGD/lr``."""
        with K.name_scope(type(self).__name__):
            for name, value in values.items():
                dtype = "int64" if name == "iterations" else None
                made = K.variable(value, dtype=dtype, name=name, trainable=False)
                setattr(self, name, made)

    # ---- a step ---------------------------------------------------------------------------------

    @accepts_keras_1_order
    def get_updates(self, loss, params, constraints=None):
        """The updates of one step: pairs and operations, those of the parameters among them.

        Args:
            loss: a scalar tensor.
            params: the variables to change.
            constraints: Keras 1's dictionary of functions by parameter; since Keras 2 a variable
                carries its own constraint.
        """
        gradients = self.get_gradients(loss, params)
        # Read once: the update of the number must not come between two readings of it.
        iterations = K.identity(self.iterations)
        self.updates = [K.update(self.iterations, iterations + 1)]
        shared = self.begin_step(iterations)
        slots = [self._make_slots(name, params) for name in self.slot_names]
        self.weights = self._state(slots)
        for index, (param, gradient) in enumerate(zip(params, gradients)):
            own = [group[index] for group in slots]
            constraint = (constraints or {}).get(param) or getattr(param, "constraint", None)
            self.updates += self._updates_of(param, gradient, own, shared, constraint)
        return self.updates

    def _state(self, slots):
        counter = [self.iterations] if self.saves_iterations else []
        return counter + [slot for group in slots for slot in group]

    def _make_slots(self, name, params):
        zeros = initializers.Zeros()
        return [
            K.variable(
                functools.partial(zeros, self.slot_shape(name, param), dtype=K.dtype(param)),
                dtype=K.dtype(param),
                trainable=False,
            )
            for param in params
        ]

    def _updates_of(self, param, gradient, slots, shared, constraint):
        new_slots, new_param = self.step(param, gradient, slots, shared)
        if constraint is not None:
            new_param = constraint(new_param)
        changed = [(slot, new) for slot, new in zip(slots, new_slots) if new is not None]
        return [K.update(*pair) for pair in changed + [(param, new_param)]]

    def slot_shape(self, name, param):
        """The shape of a parameter's slot: that of the parameter."""
        return K.int_shape(param)

    def begin_step(self, iterations):
        """What the updates of all parameters share, for :meth:`step`: the learning rate now.

        ``iterations`` is the number of steps before this one.
        """
        if self.initial_decay > 0:
            steps = K.cast(iterations, K.dtype(self.decay))
            return self.lr * (1.0 / (1.0 + self.decay * steps))
        return self.lr

    def step(self, param, gradient, slots, shared):
        """The new values of one parameter's slots, and of the parameter itself.

        ``None`` leaves a slot as it is. This is the only place that computes an update.
        """
        raise NotImplementedError(
            "Optimizer %s defines neither get_updates nor step." % type(self).__name__
        )

    def get_gradients(self, loss, params):
        """The gradients of ``loss`` by ``params``, clipped as this optimizer says.

        Raises: GraphError if a parameter has none.
        """
        gradients = K.gradients(loss, params)
        missing = [param.name for param, gradient in zip(params, gradients) if gradient is None]
        if missing:
            raise GraphError(
                "An operation has `None` for gradient: the loss does not depend on %s through "
                "differentiable operations. Please make sure that all of your ops have a gradient "
                "defined (i.e. are differentiable). Common ops without gradient: K.argmax, "
                "K.round, K.eval." % ", ".join(missing)
            )
        return [_dense(g, param) for g, param in zip(self._clipped(gradients, params), params)]

    def _clipped(self, gradients, params):
        clipnorm, clipvalue = [getattr(self, name, 0) for name in _CLIPPING]
        if clipnorm > 0:
            squares = [K.square(_dense(g, param)) for g, param in zip(gradients, params)]
            norm = K.sqrt(sum(K.sum(square) for square in squares))
            scale = tf.where(norm >= clipnorm, clipnorm / norm, K.ones_like(norm))
            gradients = [_with_values(g, lambda values: scale * values) for g in gradients]
        if clipvalue > 0:
            gradients = [
                _with_values(g, lambda values: K.clip(values, -clipvalue, clipvalue))
                for g in gradients
            ]
        return gradients

    # ---- state and configuration ----------------------------------------------------------------

    def get_weights(self):
        """The values of :attr:`weights`: a list of arrays."""
        return K.batch_get_value(self.weights)

    def set_weights(self, weights):
        """Sets the state from a list of arrays, once ``get_updates`` made the variables.

        Raises: ShapeError if number or shapes differ.
        """
        own = self.weights
        if len(own) != len(weights):
            raise ShapeError(
                "Length of the specified weight list (%d) does not match the number of weights of "
                "the optimizer %s (%d)." % (len(weights), type(self).__name__, len(own))
            )
        for variable, value in zip(own, weights):
            if K.int_shape(variable) != value.shape:
                raise ShapeError(
                    "Optimizer weight shape %s of %s not compatible with provided weight shape %s"
                    % (K.int_shape(variable), variable.name, value.shape)
                )
        K.batch_set_value(zip(own, weights))

    def get_config(self):
        """The arguments that make an optimizer like this one, with the settings of now."""
        given = [name for name in _CLIPPING if hasattr(self, name)]
        values = [(name, getattr(self, name)) for name in tuple(self.config_names) + tuple(given)]
        return {name: _plain(value) for name, value in values}

    @classmethod
    def from_config(cls, config):
        """A new optimizer, without the state, from what ``get_config`` gave."""
        return cls(**config)


def _with_values(gradient, change):
    # As in Keras 2.2.5, each look-up of a row is changed by itself, before they are added up.
    if not isinstance(gradient, tf.IndexedSlices):
        return change(gradient)
    return tf.IndexedSlices(change(gradient.values), gradient.indices, gradient.dense_shape)


def _dense(gradient, param):
    """The gradient of a lookup as a tensor of the parameter's shape."""
    if not isinstance(gradient, tf.IndexedSlices):
        return gradient
    rows = K.int_shape(param)[0]
    return tf.unsorted_segment_sum(gradient.values, gradient.indices, rows)


def _plain(value):
    return float(K.get_value(value)) if _tf.is_variable(value) else value


def epsilon_or_default(value):
    """The fuzz factor: ``K.epsilon()`` if not given."""
    return K.epsilon() if value is None else value
