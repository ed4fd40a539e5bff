"""The base of all optimizers: gradients, clipping, slots, and the updates of one step."""

import functools
import inspect
import types

from tfkeras_compat import _tf, initializers
from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import GraphError, ShapeError
from tfkeras_compat.state.generation import takes_defaults, trait, trait_of
from tfkeras_compat.state.structures import to_list

_CLIPPING = ("clipnorm", "clipvalue")
_KERAS_1_ORDER = ("params", "constraints", "loss")
_KERAS_2_ORDER = ("loss", "params", "constraints")

# What TensorFlow's operations that change a variable in place are made for on every device.
_FUSED_DTYPES = ("float16", "float32", "float64")


def _accepts_either_order(get_updates):
    """Lets ``get_updates`` be called as ``(loss, params)`` and, as by Keras 1, as ``(params,
    constraints, loss)``, whichever of the two it was written for."""
    arguments = inspect.signature(get_updates).parameters
    takes_any = any(each.kind is each.VAR_KEYWORD for each in arguments.values())
    constraints = arguments.get("constraints")

    @functools.wraps(get_updates)
    def wrapper(self, *args, **kwargs):
        is_keras_1 = args and isinstance(args[0], (list, tuple))
        given = dict(zip(_KERAS_1_ORDER if is_keras_1 else _KERAS_2_ORDER, args), **kwargs)
        if constraints is None and not takes_any:
            given.pop("constraints", None)
        elif constraints is not None and constraints.default is constraints.empty:
            given.setdefault("constraints", _constraints_of(given["params"]))
        return get_updates(self, **given)

    return wrapper


def _constraints_of(params):
    pairs = [(param, getattr(param, "constraint", None)) for param in params]
    return {param: constraint for param, constraint in pairs if constraint is not None}


def fused_by(operation):
    """Decorates a ``step`` with the method that makes the operation doing the same in place.

    ``operation(self, param, gradient, slots, now)`` is used where parameter and slots are resource
    variables and no constraint has to see the new value before it is written. A subclass that
    defines ``step`` anew leaves it behind.
    """

    def decorate(step):
        step.fused = operation
        return step

    return decorate


def after(loss):
    """A context whose operations wait for the loss.

    Whatever the loss reads is then read before it changes, also where no gradient depends on it.
    """
    return tf.control_dependencies([each for each in to_list(loss) if K.is_tensor(each)])


class Optimizer:
    """The base of optimizers; those of users define ``get_updates(loss, params)``.

    Those of this package say what one parameter's update is in :meth:`step`, and beside it which
    of TensorFlow's operations does the same in place, if there is one. Their rates and other
    settings are variables, which may be set between steps with ``K.set_value(optimizer.lr, 0.01)``;
    none of them is in ``tf.trainable_variables()``.

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

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "__init__" in vars(cls) and cls.__module__.startswith("tfkeras_compat."):
            cls.__init__ = takes_defaults(cls.__init__)
        if "get_updates" in vars(cls):
            cls.get_updates = _accepts_either_order(cls.get_updates)

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

    @_accepts_either_order
    def get_updates(self, loss, params, constraints=None):
        """The updates of one step: pairs and operations, those of the parameters among them.

        Args:
            loss: a scalar tensor.
            params: the variables to change.
            constraints: Keras 1's dictionary of functions by parameter; since Keras 2 a variable
                carries its own constraint.
        """
        gradients = self.get_gradients(loss, params)
        with after(loss):
            self.updates = self._step_updates(params, gradients, constraints or {})
        return self.updates

    def _step_updates(self, params, gradients, constraints):
        # Read once: the update of the number must not come between two readings of it. It is added
        # to, so that no step is lost where several workers count at a time.
        iterations = K.identity(self.iterations)
        with tf.control_dependencies([iterations]):
            updates = [K.update_add(self.iterations, 1)]
        now = self.begin_step(iterations)
        updates += self.shared_updates(now)
        slots = [self._make_slots(name, params) for name in self.slot_names]
        self.weights = self._state(slots)
        for param, gradient, *own in zip(params, gradients, *slots):
            constraint = constraints.get(param) or getattr(param, "constraint", None)
            updates += self._updates_of(param, gradient, own, now, constraint)
        return updates

    def _state(self, slots):
        always = trait("saves_iterations")
        is_first = self.saves_iterations if always is None else always
        counter = [self.iterations] if is_first else []
        return counter + [slot for group in slots for slot in group]

    def _make_slots(self, name, params):
        zeros = initializers.Zeros()
        ending = trait_of("slots", type(self)).get(name)
        return [
            K.variable(
                functools.partial(zeros, self.slot_shape(name, param), dtype=K.dtype(param)),
                dtype=K.dtype(param),
                name=ending and "%s/%s" % (param.op.name, ending),
                trainable=False,
            )
            for param in params
        ]

    def _updates_of(self, param, gradient, slots, now, constraint):
        fused = getattr(self.step, "fused", None)
        if fused is not None and constraint is None and _can_fuse(param, gradient):
            with tf.get_default_graph().colocate_with(param.handle):
                return [fused(self, param, gradient, slots, now)]
        new_slots, new_param = self.step(param, gradient, slots, now)
        if constraint is not None:
            new_param = constraint(new_param)
        changed = [(slot, new) for slot, new in zip(slots, new_slots) if new is not None]
        return [K.update(*pair) for pair in changed + [(param, new_param)]]

    def slot_shape(self, name, param):
        """The shape of a parameter's slot: that of the parameter."""
        return K.int_shape(param)

    def begin_step(self, iterations):
        """The settings of now, for :meth:`step`: one tensor each, read once for all parameters.

        ``lr`` has the decay in it. ``iterations`` is the number of steps before this one.
        """
        settings = ((name, getattr(self, name)) for name in self.config_names)
        now = types.SimpleNamespace(**{name: _read(value) for name, value in settings})
        now.lr = tf.convert_to_tensor(now.lr, K.floatx())
        if getattr(self, "initial_decay", 0) > 0:
            now.lr = now.lr * (1.0 / (1.0 + now.decay * K.cast(iterations, K.dtype(now.decay))))
        return now

    def shared_updates(self, now):
        """The updates of variables that belong to no single parameter."""
        return []

    def step(self, param, gradient, slots, now):
        """The new values of one parameter's slots, and of the parameter itself.

        ``None`` leaves a slot as it is. This defines the update; a fused operation only does it
        faster.
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
            scale = _scale(clipnorm, norm)
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


def clip_norm(g, c, n):
    """The gradient ``g``, whose norm is ``n``, scaled down to the norm ``c`` if it is larger; with
    ``c`` 0 as it is."""
    return g if c <= 0 else _with_values(g, lambda values: _scale(c, n) * values)


def _scale(most, norm):
    return tf.where(norm >= most, most / norm, K.ones_like(norm))


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


def _can_fuse(param, gradient):
    has_handle = getattr(param, "handle", None) is not None
    return has_handle and K.dtype(param) == K.dtype(gradient) and K.dtype(param) in _FUSED_DTYPES


def _read(value):
    return K.identity(value) if K.is_tensor(value) else value


def _plain(value):
    return float(K.get_value(value)) if _tf.is_variable(value) else value


def epsilon_or_default(value):
    """The fuzz factor: ``K.epsilon()`` if not given."""
    return K.epsilon() if value is None else value
