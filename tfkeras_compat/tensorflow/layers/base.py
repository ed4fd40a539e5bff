"""``tf.layers.Layer``: a Keras layer whose variables are those of TensorFlow's variable scopes."""

import copy
import inspect

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.input_spec import InputSpec, check_inputs
from tfkeras_compat.engine.layer import Layer as KerasLayer
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.state import ledger, naming
from tfkeras_compat.state.ledger import Record
from tfkeras_compat.state.structures import contains, has_arg, to_list
from tfkeras_compat.tensorflow.layers.scopes import (
    as_scopes_call_it,
    captured,
    is_in_keras_style,
    parts_of,
)

__all__ = ["InputSpec", "Layer"]


class Layer(KerasLayer, registered=False):
    """The base of core layers, and of those that users write: a Keras layer in all but its
    variables.

    They come from ``tf.get_variable`` in a variable scope of the layer's own, so that names,
    sharing (``reuse``), custom getters, partitioners and defaults are those of the scopes around
    its first call.

    Args:
        trainable: whether optimizers change the trainable weights.
        name: also of the variable scope, which gets a number if the name is taken there.
        dtype: of the weights; that of the first input if not given.
        _scope: the variable scope, by name or as such, if it is not to be made from the name.
        _reuse: whether variables that exist are taken: True, None or ``tf.AUTO_REUSE``.

    >>> import tfkeras_compat.tensorflow as tf
    >>> class Scale(tf.layers.Layer):
    ...     def build(self, input_shape):
    ...         self.factor = self.add_variable("factor", [input_shape[-1].value])
    ...     def call(self, inputs):
    ...         return inputs * self.factor
    >>> with tf.variable_scope("tower"):
    ...     layer = Scale()
    ...     y = layer(tf.placeholder(tf.float32, [None, 3]))
    >>> [variable.name for variable in layer.variables]
    ['tower/scale/factor:0']
    """

    # Calls on plain tensors become nodes of the graph of layers.
    makes_nodes = True
    follows_generation = False  # core layers had the same names beside any Keras

    def __init_subclass__(cls, registered=False, **kwargs):
        # In files the names stand for the Keras layers.
        super().__init_subclass__(registered=registered, **kwargs)

    def __init__(self, trainable=True, name=None, dtype=None, _scope=None, _reuse=None, **kwargs):
        if "activity_regularizer" in kwargs:
            self.activity_regularizer = kwargs.pop("activity_regularizer")
        kwargs.pop("autocast", None)
        is_scope = isinstance(name, tf.VariableScope)
        self._is_named = bool(name) and not is_scope
        self._base_name = name.name if is_scope else name or naming.snake_case(type(self).__name__)
        super().__init__(trainable=trainable, name=None if is_scope else name, **kwargs)
        self.dtype = None if dtype is None else tf.as_dtype(dtype).name
        self._keras_style = is_in_keras_style()
        if self._keras_style and (_scope is not None or _reuse is not None):
            raise ConfigError(
                "Layer %s is made in a keras_style_scope, where variables are not shared by name: "
                "leave out `scope` and `reuse`, found %r and %r." % (self.name, _scope, _reuse)
            )
        self._reuse = _reuse
        self._scope = captured(_scope) if _scope else None
        self._current_scope = None
        self._graph = tf.get_default_graph()

    def __deepcopy__(self, memo):
        """A layer with the same arguments; one that is built shares variables and scope."""
        of_graph = [self._graph, self._scope, self._current_scope]
        of_graph += self._trainable_weights + self._non_trainable_weights + self._records
        of_graph += self._unconditional.losses + self._unconditional.updates
        of_graph += [value for value in vars(self).values() if K.is_tensor(value)]
        memo.update((id(each), each) for each in of_graph if each is not None)
        result = type(self).__new__(type(self))
        memo[id(self)] = result
        vars(result).update(copy.deepcopy(vars(self), memo))
        return result

    # ---- variables ------------------------------------------------------------------------------

    def add_weight(
        self,
        name,
        shape=None,
        dtype=None,
        initializer=None,
        regularizer=None,
        trainable=None,
        constraint=None,
        use_resource=None,
        synchronization=tf.VariableSynchronization.AUTO,
        aggregation=tf.VariableAggregation.NONE,
        partitioner=None,
        **kwargs,
    ):
        """Makes a variable in the layer's scope, or takes the one that is there.

        The initializer is that of the scope if none is given. A regularizer adds to the losses, and
        to ``REGULARIZATION_LOSSES``, unless the variable was there before.
        """
        _check_known(kwargs, self)
        on_read = synchronization == tf.VariableSynchronization.ON_READ
        if on_read and trainable:
            raise ConfigError(
                "Variable %s of layer %s is synchronized when it is read (ON_READ), and can not be "
                "trainable. Write trainable=False." % (name, self.name)
            )
        trainable = (not on_read) if trainable is None else trainable
        dtype = tf.as_dtype(dtype or self.dtype or "float32")
        if self._keras_style:
            return super().add_weight(
                name, shape, dtype.name, initializer, regularizer, trainable, constraint
            )
        existing = tf.global_variables()
        self._settle_scope()
        reuse = self.built or self._reuse
        with tf.variable_scope(self._scope, reuse=reuse, auxiliary_name_scope=False) as scope:
            self._current_scope = scope
            with K.name_scope(self._op_scope()):
                variable = tf.get_variable(
                    name,
                    () if shape is None else shape,
                    dtype,
                    as_scopes_call_it(scope.initializer if initializer is None else initializer),
                    trainable=bool(trainable and self.trainable),
                    constraint=constraint,
                    use_resource=use_resource,
                    synchronization=synchronization,
                    aggregation=aggregation,
                    partitioner=partitioner,
                )
                parts = parts_of(variable)
                if regularizer is not None and not any(contains(existing, x) for x in parts):
                    self._regularize(name, parts, regularizer)
        self._enter(parts, trainable)
        return variable

    def add_variable(self, *args, **kwargs):
        """Another name of :meth:`add_weight`."""
        return self.add_weight(*args, **kwargs)

    def _regularize(self, name, parts, regularizer):
        for part in parts:
            with tf.init_scope(), K.name_scope(name + "/Regularizer"):
                self.add_loss(regularizer(part))

    def _enter(self, parts, trainable):
        # A custom getter may have decided otherwise.
        is_refused = self.trainable and not contains(tf.trainable_variables(), parts[0])
        kept = trainable and not is_refused
        (self._trainable_weights if kept else self._non_trainable_weights).extend(parts)

    def _withhold_frozen_weights(self):
        # Variables may be shared with a layer that is not frozen; get_variable was told.
        return None

    def _automatic_name(self):
        # Counted apart: a Keras layer's name does not depend on how many core layers there are.
        cls = type(self).__name__
        return "%s_%d" % (naming.snake_case(cls), naming.get_uid("tf.layers." + cls))

    @property
    def variables(self):
        """All variables, trainable ones first."""
        return self.weights

    @property
    def trainable_variables(self):
        """The variables that optimizers change."""
        return self.trainable_weights

    @property
    def non_trainable_variables(self):
        """The variables that they do not."""
        return self.non_trainable_weights

    # ---- scopes ---------------------------------------------------------------------------------

    @property
    def graph(self):
        """The graph that the layer was made in."""
        return self._graph

    @property
    def scope_name(self):
        """The name of the variable scope. Raises ConfigError before the first call."""
        if self._scope is None:
            raise ConfigError(
                "Layer %s has no variable scope yet: it gets one when it is first called."
                % self.name
            )
        return self._scope.name

    def _settle_scope(self, scope=None):
        """Finds the variable scope of the layer, once: where it is first called."""
        if self._scope is not None:
            return
        if self._reuse:
            self._scope = captured(self._base_name if scope is None else scope)
        else:
            self._scope = captured(scope, default_name=self._base_name)

    def _op_scope(self):
        if self._keras_style:
            return super()._op_scope()
        return self._current_scope.original_name_scope

    # ---- calling --------------------------------------------------------------------------------

    def __call__(self, inputs, *args, **kwargs):
        """Applies the layer. ``scope`` among the arguments is the variable scope, for the first
        call.

        Raises: as Keras layers do; ConfigError for a ``scope`` in a ``keras_style_scope``.
        """
        scope = kwargs.pop("scope", None)
        if self._keras_style:
            return self._call_in_keras_style(inputs, args, kwargs, scope)
        self._settle_scope(scope)
        reuse = True if self.built else self._reuse
        with tf.variable_scope(self._scope, reuse=reuse, auxiliary_name_scope=False) as current:
            self._current_scope = current
            if has_arg(self.call, "scope"):
                kwargs["scope"] = current
            return self._apply_to(inputs, args, kwargs)

    def apply(self, inputs, *args, **kwargs):
        """Another name of calling the layer."""
        return self(inputs, *args, **kwargs)

    def _call_in_keras_style(self, inputs, args, kwargs, scope):
        if scope is not None:
            raise ConfigError(
                "Layer %s was made in a keras_style_scope, and takes no `scope`, found %r."
                % (self.name, scope)
            )
        return self._apply_to(inputs, args, kwargs)

    def _apply_to(self, inputs, args, kwargs):
        inputs = tf.nest.map_structure(_as_tensor, inputs)
        if self.dtype is None:
            found = [x.dtype for x in tf.nest.flatten(inputs) if K.is_tensor(x)]
            self.dtype = found[0].base_dtype.name if found else K.floatx()
        self._avoid_names_of_keras(inputs)
        names = list(inspect.signature(self.call).parameters)[1:]
        kwargs.update(zip(names, args))
        if self.makes_nodes and all(K.is_tensor(x) for x in to_list(inputs, allow_tuple=True)):
            return super().__call__(inputs, **kwargs)
        return self._compute(inputs, kwargs)

    def _avoid_names_of_keras(self, inputs):
        # In a model a Keras layer may have the same automatic name, from a count of its own.
        if not self._is_named and any(
            hasattr(x, "_keras_history") and not isinstance(x._keras_history[0], Layer)
            for x in tf.nest.flatten(inputs)
        ):
            self.name, self._is_named = "core_" + self.name, True

    def _compute(self, inputs, kwargs):
        """Computes without leaving a node, for inputs and outputs of any structure."""
        with K.name_scope(self._op_scope()):
            self._build_for_structure(inputs)
            record = Record(self, tf.nest.flatten(inputs))
            with ledger.recording(record):
                outputs = self.call(inputs, **kwargs)
            self._keep(record)
            return outputs

    def _build_for_structure(self, inputs):
        if self.input_spec is not None:
            check_inputs(self, inputs)
        if not self.built:
            self.build(self._shapes_to_build(inputs))
            self.built = True

    def _shapes_to_build(self, inputs):
        return tf.nest.map_structure(lambda x: x.get_shape(), inputs)

    def build(self, input_shape):
        """Makes the variables; ``input_shape`` is a ``TensorShape``, or a structure of them."""
        super().build(input_shape)


class OfKeras:
    """What a core layer adds to the Keras layer of its name: shapes may be ``TensorShape``s."""

    def build(self, input_shape):
        super().build(_as_tuple(input_shape))

    def compute_output_shape(self, input_shape):
        if not isinstance(input_shape, tf.TensorShape):
            return super().compute_output_shape(input_shape)
        return tf.TensorShape(super().compute_output_shape(_as_tuple(input_shape)))


def _as_tuple(shape):
    return tuple(shape.as_list()) if isinstance(shape, tf.TensorShape) else shape


def _as_tensor(x):
    return tf.convert_to_tensor(x) if isinstance(x, (np.ndarray, float, int)) else x


def _check_known(kwargs, layer):
    unknown = sorted(set(kwargs) - {"experimental_autocast"})
    if unknown:
        raise TypeError(
            "add_weight of layer %s does not know the arguments %s." % (layer.name, unknown)
        )
