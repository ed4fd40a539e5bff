"""The base of all layers: their weights, building, calling."""

import contextlib
from typing import Any, Dict, List, Optional

from tfkeras_compat import _tf, initializers
from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.configured import config_of
from tfkeras_compat.engine.connected import Connected
from tfkeras_compat.engine.input_spec import check_inputs
from tfkeras_compat.engine.node import Node, label, mask_of
from tfkeras_compat.engine.recorded import Recorded
from tfkeras_compat.engine.registry import LAYERS
from tfkeras_compat.engine.weights import WeightSpec, accepts_keras_1_order, make_weights
from tfkeras_compat.errors import GraphError, ShapeError
from tfkeras_compat.state import graph as graph_state
from tfkeras_compat.state import ledger, naming
from tfkeras_compat.state.ledger import Record
from tfkeras_compat.state.structures import (
    contains,
    has_arg,
    is_all_none,
    to_list,
    unique,
    unpack_singleton,
)

_ARGUMENTS = (
    "input_shape",
    "batch_input_shape",
    "batch_size",
    "dtype",
    "name",
    "trainable",
    "weights",
    "input_dtype",
    "input_dim",
    "input_length",
)


class Layer(Connected, Recorded):
    """A transformation of tensors with weights of its own; the base class for those of users, too.

    A subclass declares its weights in ``weight_specs`` (or makes them in ``build`` with
    ``add_weight``), computes in ``call`` and tells the shape of the result in
    ``compute_output_shape``.

    Args:
        name: unique within a model; made from the class name if not given.
        trainable: whether optimizers change the trainable weights.
        dtype: of the weights; the default float type if not given.
        input_shape, batch_input_shape, batch_size: of the input, when the layer is the first of a
            ``Sequential``.
        input_dim: Keras 1's short form of ``input_shape=(input_dim,)``; with ``input_length``, of
            ``(input_length, input_dim)``.
        weights: list of arrays, the initial values.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.engine.layer import Layer
    >>> class Scale(Layer):
    ...     def build(self, input_shape):
    ...         shape = (input_shape[-1],)
    ...         self.factor = self.add_weight(name="factor", shape=shape, initializer="ones")
    ...     def call(self, inputs):
    ...         return inputs * self.factor
    >>> layer = Scale()
    >>> layer(K.placeholder((None, 3))).shape.as_list()
    [None, 3]
    >>> [weight.name for weight in layer.weights]
    ['scale_1/factor:0']
    """

    config_excludes = ()

    # Of the class, so that a subclass may set its own before it calls this __init__, as in Keras 1.
    input_spec = None
    supports_masking = False
    stateful = False
    follows_generation = True  # in the names and layout of weights
    weights_owner: Any = None  # the layer that Keras 1 names the weights after, if not this one

    def __init_subclass__(cls, registered: bool = True, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if registered and cls.__module__.startswith("tfkeras_compat."):
            LAYERS.register(cls)

    def __init__(self, **kwargs: Any) -> None:
        unknown = [name for name in kwargs if name not in _ARGUMENTS]
        if unknown:
            raise TypeError(
                "Keyword argument not understood by %s: %s"
                % (type(self).__name__, ", ".join(unknown))
            )
        self._built = False
        self._trainable_weights: List[Any] = []
        self._non_trainable_weights: List[Any] = []
        self._placed: List[Any] = []  # the declared weights, see engine/weights.py
        self._records: List[Any] = []
        self._records_of_no_call: List[Any] = []
        self._unconditional = Record(self, None)
        self._inbound_nodes: List[Any] = []
        self._outbound_nodes: List[Any] = []
        self.name = kwargs.get("name") or self._automatic_name()
        self._trainable = kwargs.get("trainable", True)
        self.dtype = kwargs.get("dtype") or kwargs.get("input_dtype") or K.floatx()
        self._initial_weights = kwargs.get("weights")
        shape = _batch_input_shape(kwargs)
        if shape is not None:
            self.batch_input_shape = shape

    def _automatic_name(self) -> Any:
        return naming.layer_name(type(self).__name__)

    # ---- weights --------------------------------------------------------------------------------

    def weight_specs(self, input_shape: Any) -> Any:
        """The weights that this layer declares for inputs of the given shape; see
        :meth:`weight`."""
        return ()

    def weight(
        self, name: str, shape: Any, wanted: Any = True, trainable: Any = True, dtype: Any = None
    ) -> Any:
        """Declares a weight; its initializer, regularizer and constraint are the attributes
        ``<name>_initializer`` ..."""
        return WeightSpec(
            name,
            shape,
            getattr(self, name + "_initializer", None),
            getattr(self, name + "_regularizer", None),
            getattr(self, name + "_constraint", None),
            trainable,
            dtype,
            wanted,
        )

    def build(self, input_shape: Any) -> None:
        """Makes the declared weights as attributes. Override it to make weights with ``add_weight``
        instead."""
        self._placed = make_weights(self, self.weight_specs(input_shape), self.weights_owner)
        self.built = True

    def assert_input_compatibility(self, inputs: Any) -> None:
        """Raises what a call does unless ``inputs`` are what :attr:`input_spec` says."""
        check_inputs(self, inputs)

    @accepts_keras_1_order
    def add_weight(
        self,
        name: Optional[str] = None,
        shape: Any = None,
        dtype: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        trainable: Any = True,
        constraint: Any = None,
    ) -> Any:
        """Makes a weight of this layer: a variable, named by the scopes it is made in.

        The regularization goes to :attr:`losses` and to ``tf.GraphKeys.REGULARIZATION_LOSSES``.
        """
        initializer = initializers.get(initializer or "glorot_uniform")
        dtype = dtype or self.dtype
        weight = K.variable(
            lambda: initializer(shape, dtype=dtype),
            dtype=dtype,
            name=name,
            constraint=constraint,
            trainable=trainable and self.trainable,
        )
        if regularizer is not None:
            with tf.init_scope(), K.name_scope("weight_regularizer"):  # where the weight is made
                self.add_loss(regularizer(weight))
        (self._trainable_weights if trainable else self._non_trainable_weights).append(weight)
        return weight

    def _sublayers(self) -> Any:
        """Layers that belong to this one: the wrapped layer, the cell, the layers of a network."""
        return ()

    @property
    def trainable(self) -> Any:
        """Whether optimizers change this layer's weights, those of ``tf.train`` as well as ours.

        Setting it takes the weights out of ``tf.trainable_variables()`` and the updates out of
        ``UPDATE_OPS``, or puts them back.
        """
        return self._trainable

    @trainable.setter
    def trainable(self, value: Any) -> None:
        self._trainable = value
        K.set_trainable(self.non_trainable_weights, False)
        K.set_trainable(self.trainable_weights, True)
        self._publish_updates(True)

    @property
    def trainable_weights(self) -> Any:
        return self._all_trainable() if self.trainable else []

    @trainable_weights.setter
    def trainable_weights(self, weights: Any) -> None:
        self._trainable_weights = weights

    @property
    def non_trainable_weights(self) -> Any:
        frozen = [] if self.trainable else self._all_trainable()
        below = [weight for layer in self._sublayers() for weight in layer.non_trainable_weights]
        if not frozen and not below:
            return self._non_trainable_weights  # the list itself: Keras users append to it
        return frozen + self._non_trainable_weights + below

    @non_trainable_weights.setter
    def non_trainable_weights(self, weights: Any) -> None:
        self._non_trainable_weights = weights

    def _all_trainable(self) -> Any:
        below = [weight for layer in self._sublayers() for weight in layer.trainable_weights]
        if not below:
            return self._trainable_weights  # the list itself: Keras users append to it
        return self._trainable_weights + below

    @property
    def weights(self) -> List[Any]:
        return self.trainable_weights + self.non_trainable_weights

    def get_weights(self) -> Any:
        """The values of the weights: a list of arrays, in the order of :attr:`weights`."""
        return K.batch_get_value(self.weights)

    def set_weights(self, weights: Any) -> None:
        """Sets all weights from a list of arrays, or none of them: ShapeError if number or shapes
        differ."""
        own = self.weights
        if len(own) != len(weights):
            raise ShapeError(
                'You called `set_weights(weights)` on layer "%s" with a weight list of length %d, '
                "but the "
                "layer was expecting %d weights." % (self.name, len(weights), len(own))
            )
        K.batch_set_value(zip(own, weights))

    def count_params(self) -> int:
        """The number of scalars in the weights. Raises RuntimeError before the layer is built."""
        if not self.built:
            raise RuntimeError(
                "You tried to call `count_params` on %s, but the layer isn't built. You can build "
                "it manually via: `%s.build(batch_input_shape)`." % (self.name, self.name)
            )
        return sum(K.count_params(weight) for weight in self.weights)

    @property
    def built(self) -> Any:
        return self._built

    @built.setter
    def built(self, value: Any) -> None:
        self._built = value

    # ---- calling --------------------------------------------------------------------------------

    def call(self, inputs: Any, **kwargs: Any) -> Any:
        """Computes the outputs; what a subclass is about."""
        return inputs

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of the outputs, a tuple or a list of them, for inputs of the given shape."""
        return input_shape

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The mask of the outputs: by default that of the inputs, if the layer supports masking at
        all."""
        if not self.supports_masking and not is_all_none(mask):
            raise TypeError(
                "Layer %s does not support masking, but was passed an input_mask: %s"
                % (self.name, mask)
            )
        return mask if self.supports_masking else None

    def __call__(self, inputs: Any, **kwargs: Any) -> Any:
        """Applies the layer to tensors of any origin: builds it at the first call, and leaves a
        record of the call.

        Raises:
            ValueError: the inputs are no tensors, do not fit the layer, or belong to different
                graphs.
        """
        inputs = list(inputs) if isinstance(inputs, (list, tuple)) else inputs
        with _graph_of(self, inputs), naming.layer_scope(self._op_scope()):
            self._ensure_built(inputs)
            check_inputs(self, inputs)
            masks = unpack_singleton([mask_of(x) for x in to_list(inputs)])
            node = Node(self, inputs, masks, arguments=kwargs)
            outputs, output_masks = self._run(node, inputs, masks, kwargs)
            self._connect(node, inputs, outputs, output_masks)
        return unpack_singleton(outputs)

    def _ensure_built(self, inputs: Any) -> None:
        if self.built:
            return
        check_inputs(self, inputs)
        self.build(self._shapes_to_build(inputs))
        self.built = True
        self._withhold_frozen_weights()
        if self._initial_weights is not None:
            self.set_weights(self._initial_weights)

    def _op_scope(self) -> Any:
        """The name scope of the operations of a call."""
        return self.name

    def _shapes_to_build(self, inputs: Any) -> Any:
        """What ``build`` is told of the inputs."""
        return unpack_singleton([K.int_shape(x) for x in to_list(inputs)])

    def _withhold_frozen_weights(self) -> None:
        # What `build` made with K.variable is in `tf.trainable_variables()`, wherever it is listed.
        frozen = self.non_trainable_weights
        if frozen:
            K.set_trainable(frozen, False)

    def _run(self, record: Record, inputs: Any, masks: Any, kwargs: Any) -> Any:
        """Runs ``call`` with ``record`` open: ``(list of outputs, list of their masks)``."""
        arguments = dict(kwargs)
        if not is_all_none(masks) and has_arg(self.call, "mask"):
            arguments.setdefault("mask", masks)
        with ledger.recording(record):
            outputs = [
                _own(x, record.inputs)
                for x in to_list(self.call(inputs, **arguments), allow_tuple=True)
            ]
            output_masks = to_list(self.compute_mask(inputs, masks), allow_tuple=True)
            self._regularize_activity(outputs, inputs)
        self._keep(record)
        if len(output_masks) == 1:
            output_masks = output_masks * len(outputs)
        return outputs, output_masks

    def _regularize_activity(self, outputs: Any, inputs: Any) -> None:
        regularizer = getattr(self, "activity_regularizer", None)
        if regularizer is not None:
            with K.name_scope("activity_regularizer"):
                self.add_loss([regularizer(x) for x in outputs], inputs)

    def _connect(self, node: Any, inputs: Any, outputs: Any, output_masks: Any) -> None:
        input_shapes = [K.int_shape(x) for x in node.inputs]
        output_shapes = self._output_shapes(input_shapes, outputs)
        node.connect(outputs, output_masks, input_shapes, output_shapes)
        self._label(node, outputs, output_shapes, len(self._inbound_nodes) - 1)
        for x in outputs:  # the tutorial asks the tensor for what belongs to the layer
            x.updates = node.collect("updates")
            x.trainable_weights = self.trainable_weights

    def _label(self, record: Record, outputs: Any, shapes: Any, node_index: Any = None) -> None:
        """Marks outputs with shape and phase and, where the call is a node of the graph of layers,
        with their origin."""
        if self._always_uses_learning_phase or any(
            getattr(x, "_uses_learning_phase", False) for x in record.inputs
        ):
            record.uses_learning_phase = True
        for index, (x, shape) in enumerate(zip(outputs, shapes)):
            uses_phase = record.uses_learning_phase or getattr(x, "_uses_learning_phase", False)
            if node_index is None:
                x._keras_shape, x._uses_learning_phase = shape, uses_phase
            else:
                label(x, self, node_index, index, shape, uses_phase)

    def _output_shapes(self, input_shapes: Any, outputs: Any) -> Any:
        inferred = [K.int_shape(x) for x in outputs]
        if any(shape is None for shape in input_shapes):
            return inferred
        computed = self.compute_output_shape(unpack_singleton(list(input_shapes)))
        if type(self).compute_output_shape is Layer.compute_output_shape and None not in inferred:
            return inferred  # nobody said; TensorFlow knows better than "same as the input"
        return [None if shape is None else tuple(shape) for shape in _as_shapes(computed)]

    # ---- configuration --------------------------------------------------------------------------

    def get_config(self) -> Dict[str, Any]:
        """The arguments that make a layer like this one, as plain values."""
        config = {"name": self.name, "trainable": self.trainable}
        if hasattr(self, "batch_input_shape"):
            config["batch_input_shape"] = self.batch_input_shape
        config["dtype"] = self.dtype
        config.update(config_of(self))
        return config

    @classmethod
    def from_config(cls, config: Any) -> Any:
        """A new layer, without the weights, from what ``get_config`` gave."""
        return cls(**config)


LAYERS.register(Layer)  # a plain one hands on what it gets


def _batch_input_shape(kwargs: Any) -> Any:
    if "batch_input_shape" in kwargs:
        return tuple(kwargs["batch_input_shape"])
    shape = kwargs.get("input_shape")
    if shape is None and kwargs.get("input_dim"):
        shape = (kwargs["input_length"],) if "input_length" in kwargs else ()
        shape += (kwargs["input_dim"],)
    if shape is None:
        return None
    return (kwargs.get("batch_size"),) + (
        tuple(shape) if isinstance(shape, (list, tuple)) else (shape,)
    )


def _as_shapes(computed: Any) -> Any:
    """What ``compute_output_shape`` gave as a list of shapes; a list of sizes is one shape."""
    is_one = not isinstance(computed, list) or any(
        size is None or isinstance(size, int) for size in computed
    )
    return [computed] if is_one else computed


def _own(output: Any, inputs: Any) -> Any:
    # A tensor that already came from a layer, or went in, must not be taken over by this call.
    return (
        K.identity(output)
        if contains(inputs, output) or hasattr(output, "_keras_history")
        else output
    )


def _graph_of(layer: Any, inputs: Any) -> Any:
    """The context in which a call on ``inputs`` builds: their graph, if another one is the
    default."""
    default = graph_state.current()
    graphs = unique([_tf.outermost(_tf.graph_of(x)) for x in to_list(inputs) if K.is_tensor(x)])
    if len(graphs) > 1:
        raise GraphError(
            "Layer %s was called with tensors of %d different graphs: %s. Make them all inside one "
            "`with graph.as_default():`." % (layer.name, len(graphs), to_list(inputs))
        )
    if graphs and not contains(graphs, _home_of(layer, graphs[0])):
        raise GraphError(
            "Layer %s was called with a tensor of another graph than the one its weights are in: "
            "%s. Call it on tensors of its own graph, or make another one (`from_config`, "
            "`clone_model`) inside `with graph.as_default():`." % (layer.name, to_list(inputs))
        )
    if not graphs or graphs[0] is default:
        return contextlib.ExitStack()
    return graphs[0].as_default()


def _home_of(layer: Any, otherwise: Any) -> Any:
    """The graph that the layer's weights are in; that of its inputs as long as it has none."""
    weights = layer.weights
    return _tf.outermost(_tf.graph_of(weights[0])) if weights else otherwise
