"""Networks: graphs of layers that are layers themselves."""

import contextlib
from typing import Any, Dict, Iterator, List, Optional

from tfkeras_compat import _tf
from tfkeras_compat import backend as K
from tfkeras_compat.aliases import lazy_attributes
from tfkeras_compat.engine import network_config, raw_ops, summary
from tfkeras_compat.engine.configured import accepts_keras_1_names
from tfkeras_compat.engine.input import InputLayer
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.node import Node, mask_of
from tfkeras_compat.engine.topology import Topology
from tfkeras_compat.errors import GraphError, ShapeError
from tfkeras_compat.state import ledger, naming
from tfkeras_compat.state.generation import trait
from tfkeras_compat.state.ledger import Record
from tfkeras_compat.state.structures import contains, has_arg, to_list, unique, unpack_singleton


class Network(Layer):
    """The layers between inputs and outputs, as one layer.

    Args:
        inputs: tensor or list of tensors from ``Input``.
        outputs: tensor or list of tensors computed from them, by layers or by raw TensorFlow
            operations.
        name: made from the class name if not given.
    A subclass that is made without inputs and outputs defines ``call`` and holds its layers as
    attributes.

    Raises: GraphError if an input does not come from ``Input`` or an output needs other tensors
    than the inputs.
    """

    inputs: Any = None
    outputs: Any = None
    _last_call: Any = ((), (), None)  # of `call`: inputs, masks, masks of the outputs
    _own_record: Any = None  # where the class defines `call`: its call on the network's own inputs
    _own_masks: Any = ()

    @accepts_keras_1_names
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._is_graph_network = (
            len(args) > 1
            or (len(args) == 1 and "outputs" in kwargs)
            or ("inputs" in kwargs and "outputs" in kwargs)
        )
        if self._is_graph_network:
            self._init_from_tensors(*args, **kwargs)
        else:
            self._init_subclassed(**kwargs)

    def _init_from_tensors(
        self,
        inputs: Any,
        outputs: Any,
        name: Optional[str] = None,
        trainable: Any = True,
        dtype: Any = None,
    ) -> None:
        self._init_base(name, trainable, dtype)
        self._connect_tensors(to_list(inputs, allow_tuple=True), to_list(outputs, allow_tuple=True))

    def _init_subclassed(
        self, name: Optional[str] = None, trainable: Any = True, dtype: Any = None
    ) -> None:
        self._is_graph_network = False
        self._init_base(name, trainable, dtype)
        self.inputs = self.outputs = None

    def _init_base(self, name: Optional[str], trainable: Any, dtype: Any) -> None:
        self._layers: List[Any] = []
        super().__init__(name=name, trainable=trainable, dtype=dtype)
        self._last_call = ((), (), None)

    def _automatic_name(self) -> Any:
        return naming.model_name(type(self).__name__)

    def _connect_tensors(self, inputs: Any, outputs: Any) -> None:
        """Makes this the network between the given tensors, also if it was another before."""
        _check_inputs(type(self).__name__, inputs)
        _check_outputs(type(self).__name__, outputs)
        self._is_graph_network = True
        self.inputs, self.outputs = list(inputs), list(outputs)
        with self.in_graph():
            raw_ops.adopt_between(self.outputs)
        self._topology = Topology(self.inputs, self.outputs)
        self._layers = self._topology.layers
        self._input_layers = [x._keras_history[0] for x in self.inputs]
        self._output_layers = [x._keras_history[0] for x in self.outputs]
        self._name_feeds()
        self._enter_own_node()
        self._last_call = ((), (), None)
        self.built = True

    @property
    def _nodes_by_depth(self) -> Any:
        """The calls by their distance from the outputs: code of others reads this of the
        originals."""
        return self._topology.nodes_by_depth()

    @property
    def _layers_by_depth(self) -> Any:
        return self._topology.layers_by_depth()

    def _enter_own_node(self) -> None:
        node = Node(self, self.inputs, [None] * len(self.inputs))
        node.become_source()
        node.connect(
            self.outputs,
            [mask_of(x) for x in self.outputs],
            [K.int_shape(x) for x in self.inputs],
            [K.int_shape(x) for x in self.outputs],
        )
        own = self._inbound_nodes.pop()
        self._inbound_nodes[:1] = [own]  # in place of what the network was before

    def _name_feeds(self) -> None:
        self.input_names = [layer.name for layer in self._input_layers]
        self.output_names = [layer.name for layer in self._output_layers]
        fed = [
            (layer, x) for layer, x in zip(self._input_layers, self.inputs) if layer.is_placeholder
        ]
        self._feed_inputs = [x for _, x in fed]
        self._feed_input_names = [layer.name for layer, _ in fed]
        self._feed_input_shapes = [K.int_shape(x) for _, x in fed]

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, Layer) or (name not in _NO_LAYERS_OF_USERS and _may_hold(name, value)):
            self._track(value)
        super().__setattr__(name, value)

    def _track(self, layer: Any) -> None:
        if "_layers" not in vars(self):
            raise RuntimeError(
                "It looks like you are subclassing `Model` and you forgot to call "
                "`super().__init__()`. Always start with this line."
            )
        if not self._is_graph_network and not contains(self._layers, layer):
            self._layers.append(layer)  # or a list of layers, which may still grow

    @contextlib.contextmanager
    def in_graph(self) -> Iterator[None]:
        """A context in which the network's own graph is the default, whichever was before."""
        graph = self.graph
        is_there = _tf.default_graph() is graph and not _tf.runs_as_tensorflow_2()
        if graph is None or is_there:
            yield
        else:
            with _tf.as_graph_mode(graph):
                yield

    @property
    def graph(self) -> Any:
        """The graph that this network's tensors and weights live in, or ``None`` if it has none
        yet."""
        if self.outputs:
            return _tf.graph_of(self.outputs[0])
        weights = self.weights
        return _tf.graph_of(weights[0]) if weights else None

    # ---- layers and what they hold --------------------------------------------------------------

    @property
    def layers(self) -> List[Any]:
        """The layers, inputs included, in the order in which they are computed; of a model that
        defines ``call``, those in its attributes and in lists and dictionaries there."""
        return self._sublayers()

    @property
    def flattened_layers(self) -> List[Any]:
        """The layers one by one, in the order in which their weights are stored: Keras 1's word."""
        return self.layers

    def _sublayers(self) -> Any:
        return self._layers if self._is_graph_network else unique(_layers_in(self._layers))

    def get_layer(self, name: Optional[str] = None, index: Any = None) -> Any:
        """The layer of the given name, or at the given index, which counts more. Raises ValueError
        if there is none."""
        if index is not None:
            if index >= len(self.layers):
                raise GraphError(
                    "Was asked to retrieve layer at index %s but model %s only has %d layers."
                    % (index, self.name, len(self.layers))
                )
            return self.layers[index]
        if not name:
            raise GraphError("Provide either a layer name or layer index.")
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise GraphError(
            "No such layer: %s. Model %s has %s."
            % (name, self.name, ", ".join(layer.name for layer in self.layers))
        )

    def _recorded(self, kind: str) -> Any:
        if self._own_record is not None:
            return unique(self._unconditional_of(kind) + self._collected(kind, [self._own_record]))
        if not self._is_graph_network:
            return unique(
                self._unconditional_of(kind)
                + [item for layer in self._sublayers() for item in layer._recorded(kind)]
            )
        if kind == "losses":
            self._make_losses(self._unconditional)
        found: List[Any] = []
        for layer in self._layers:
            for _, node in self._topology.nodes_of(layer):
                found += layer._recorded_for(kind, node.input_tensors) if node.input_tensors else []
            found += layer._unconditional_of(kind)
        return unique(found + self._unconditional.collect(kind))

    def _recorded_for(self, kind: str, inputs: Any) -> Any:
        if (
            inputs is not None
            and self._is_graph_network
            and _same(to_list(inputs, allow_tuple=True), self.inputs)
        ):
            return self._recorded(kind)
        return super()._recorded_for(kind, inputs)

    def add_loss(self, losses: Any, inputs: Any = None) -> None:
        """Adds loss tensors, or functions that make them; those that a ``call`` of a subclass adds
        belong to that call."""
        running = ledger.innermost()
        if inputs is None and running is not None and running.layer is self:
            inputs = running.inputs
        super().add_loss(losses, inputs)

    def added_metrics(self) -> Any:
        """The ``(name, tensor)`` of all metrics that were added: own ones, then those of layers."""
        return unique(list(self._unconditional.metrics) + self._recorded("metrics"))

    @property
    def updates(self) -> Any:
        """The updates of the layers on this network's tensors; none if it is frozen and not
        stateful."""
        return self._recorded("updates") if self.trainable or self.stateful else []

    @property
    def state_updates(self) -> Any:
        """The updates of stateful layers, which are run in prediction too."""
        return unique([item for layer in self.stateful_layers for item in layer.updates])

    @property
    def stateful_layers(self) -> List[Any]:
        """The layers that carry states from batch to batch."""
        return [layer for layer in self._sublayers() if layer.stateful]

    @property
    def stateful(self) -> Any:
        """Whether any layer carries states from batch to batch."""
        return bool(self.stateful_layers)

    def reset_states(self) -> None:
        """Sets the states of all stateful layers to zero."""
        for layer in self.stateful_layers:
            if hasattr(layer, "reset_states"):
                layer.reset_states()

    @property  # type: ignore[misc]
    def uses_learning_phase(self) -> Any:
        """Whether an output depends on the learning phase."""
        return getattr(self._own_record, "uses_learning_phase", False) or any(
            getattr(x, "_uses_learning_phase", False) for x in self.outputs or ()
        )

    @property
    def weights(self) -> List[Any]:
        """All weights, in the order of the generation; :meth:`get_weights` goes layer by layer."""
        if trait("weights_of_models") == "layer":
            return unique([weight for layer in self.layers for weight in layer.weights])
        return super().weights

    def get_weights(self) -> Any:
        """The values of all weights, layer by layer: a list of arrays."""
        own = [weight for layer in self.flattened_layers for weight in layer.weights]
        return K.batch_get_value(own)

    def set_weights(self, weights: Any) -> None:
        """Sets the weights of all layers from a list of arrays, or of none if number or shapes
        differ."""
        own = [weight for layer in self.flattened_layers for weight in layer.weights]
        if len(own) != len(weights):
            raise ShapeError(
                "Model %s has %d weights, but set_weights was given %d arrays."
                % (self.name, len(own), len(weights))
            )
        K.batch_set_value(zip(own, weights))

    @property
    def input_spec(self) -> Any:
        """The expectations of the input layers, one for each input."""
        if not self._is_graph_network:
            return None
        return [spec for layer in self._input_layers for spec in to_list(layer.input_spec)]

    # ---- the network's own tensors --------------------------------------------------------------

    # What `input`, `output` and their like ask of: a graph of layers keeps meaning its own tensors,
    # also after it was called on others.

    def _only_node_values(self, attribute: Any, described: Any, method: Any) -> Any:
        if self._is_graph_network:
            return self._node_values(attribute, described, 0)
        return super()._only_node_values(attribute, described, method)

    def _common_shape(self, attribute: Any, described: Any, method: Any) -> Any:
        if self._is_graph_network:
            return self._node_values(attribute, described, 0)
        return super()._common_shape(attribute, described, method)

    # ---- calling --------------------------------------------------------------------------------

    def call(self, inputs: Any, mask: Any = None, training: Any = None) -> Any:
        """Computes the outputs for new inputs of any origin; ``training`` replaces the phase in
        layers that take it.

        Every call makes new operations, also one on the same tensors: they may belong to another
            device.
        """
        if not self._is_graph_network:
            raise NotImplementedError(
                "Model %s has neither inputs and outputs nor a `call`: define "
                "`call(self, inputs)` in class %s." % (self.name, type(self).__name__)
            )
        inputs = to_list(inputs, allow_tuple=True)
        masks = [None] * len(inputs) if mask is None else to_list(mask)
        outputs, output_masks = self.run_internal_graph(inputs, masks, training)
        self._last_call = (inputs, masks, output_masks)
        return unpack_singleton(outputs)

    def _call_on_own_inputs(self) -> None:
        """Computes the outputs with the ``call`` of a subclass, on ``inputs``.

        Without a name scope, so that weights are called as in a model made from tensors.
        """
        inputs = unpack_singleton(self.inputs)
        record = Record(self, inputs)
        with ledger.recording(record):
            self.outputs = to_list(self.call(inputs), allow_tuple=True)
            masks = to_list(self.compute_mask(inputs, None), allow_tuple=True)
        self._keep(record)
        self._own_record = record
        self._own_masks = masks * len(self.outputs) if len(masks) == 1 else masks

    def _output_masks(self) -> Any:
        """The masks of the outputs; where the class defines ``call``, those it computes itself."""
        return list(self._own_masks) or [mask_of(x) for x in self.outputs]

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The masks of the outputs. Known without new operations for the last call, and for the
        network's own inputs."""
        if not self._is_graph_network:
            return None
        inputs = to_list(inputs, allow_tuple=True)
        masks = [None] * len(inputs) if mask is None else to_list(mask)
        own = (self.inputs, [None] * len(self.inputs), self._inbound_nodes[0].output_masks)
        for known_inputs, known_masks, output_masks in (self._last_call, own):
            if _same(inputs, known_inputs) and _same(masks, known_masks):
                return unpack_singleton(output_masks)
        return unpack_singleton(self.run_internal_graph(inputs, masks)[1])

    def run_internal_graph(self, inputs: Any, masks: Any = None, training: Any = None) -> Any:
        """Calls all layers anew, on other tensors: ``(outputs, their masks)``, two lists."""
        masks = masks or [None] * len(inputs)
        own = self._inbound_nodes[0]  # `inputs` and `outputs` may have been set to others
        computed = {id(x): pair for x, pair in zip(own.input_tensors, zip(inputs, masks))}
        for node in self._topology.nodes:
            if not self._is_source(node, computed):
                self._recompute(node, computed, training)
        pairs = [computed[id(x)] for x in own.output_tensors]
        return [x for x, _ in pairs], [mask for _, mask in pairs]

    @staticmethod
    def _is_source(node: Any, computed: Any) -> Any:
        # The input layers themselves are not called again: what they gave is replaced.
        return all(id(x) in computed for x in node.output_tensors)

    def _recompute(self, node: Any, computed: Any, training: Any) -> None:
        layer = node.outbound_layer
        pairs = [computed[id(x)] for x in node.input_tensors]
        inputs = unpack_singleton([x for x, _ in pairs])
        masks = unpack_singleton([mask for _, mask in pairs])
        arguments = dict(node.arguments or {})
        if training is not None and has_arg(layer.call, "training"):
            arguments.setdefault("training", training)
        record = Record(layer, inputs)
        with naming.layer_scope(layer.name):
            outputs, output_masks = layer._run(record, inputs, masks, arguments)
            layer._label(
                record,
                outputs,
                layer._output_shapes([K.int_shape(x) for x in record.inputs], outputs),
            )
        computed.update(zip([id(x) for x in node.output_tensors], zip(outputs, output_masks)))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shapes of the outputs for inputs of the given shapes."""
        if not self._is_graph_network:
            raise NotImplementedError(
                "Model %s defines `call` itself; give it a compute_output_shape too." % self.name
            )
        shapes = input_shape if isinstance(input_shape, list) else [input_shape]
        if len(shapes) != len(self.inputs):
            raise ShapeError(
                "Invalid input_shape argument %s: model has %d tensor inputs."
                % (input_shape, len(self.inputs))
            )
        known = {id(x): shape for x, shape in zip(self.inputs, shapes)}
        for node in self._topology.nodes:
            if all(id(x) in known for x in node.output_tensors):
                continue
            shape = node.outbound_layer.compute_output_shape(
                unpack_singleton([known[id(x)] for x in node.input_tensors])
            )
            found = shape if isinstance(shape, list) else [shape]
            known.update(zip([id(x) for x in node.output_tensors], found))
        return unpack_singleton([known[id(x)] for x in self.outputs])

    def _output_shapes(self, input_shapes: Any, outputs: Any) -> Any:
        if self._is_graph_network:
            return super()._output_shapes(input_shapes, outputs)
        return [K.int_shape(x) for x in outputs]

    # ---- configuration --------------------------------------------------------------------------

    def get_config(self) -> Dict[str, Any]:
        """The layers' configurations and how they are connected."""
        if not self._is_graph_network:
            raise NotImplementedError(
                "Model %s defines `call` itself, and code can not be kept in a configuration. "
                "Save its weights with save_weights()." % self.name
            )
        return network_config.config_of_network(self)

    @classmethod
    def from_config(cls, config: Any, custom_objects: Any = None) -> Any:
        """A new network, without the weights, from what ``get_config`` gave."""
        return network_config.network_from_config(cls, config, custom_objects)

    def summary(self, line_length: Any = None, positions: Any = None, print_fn: Any = None) -> None:
        """Prints the layers with shapes, numbers of weights and connections, as the original
        does."""
        if not self.built:
            raise ValueError(
                "This model has not yet been built. Build the model first by calling build() or "
                "calling fit() with some data. Or specify input_shape or batch_input_shape in the "
                "first layer for automatic build."
            )
        summary.print_summary(self, line_length, positions, print_fn)


# What holds layers that are not the network's own, or holds them in another way.
_NO_LAYERS_OF_USERS = (
    "_layers",
    "_input_layers",
    "_output_layers",
    "metrics",
    "weighted_metrics",
    "stateful_metric_functions",
)


def _may_hold(name: str, value: Any) -> bool:
    """Whether an attribute holds layers, or is empty and may hold some later."""
    if not isinstance(value, (list, tuple, dict)):
        return False
    return bool(_layers_in(value)) or (not value and not name.startswith("_"))


def _layers_in(value: Any) -> List[Any]:
    if isinstance(value, Layer):
        return [value]
    if not isinstance(value, (list, tuple, dict)):
        return []
    items = value.values() if isinstance(value, dict) else value
    return [layer for item in items for layer in _layers_in(item)]


def _check_inputs(class_name: str, inputs: Any) -> None:
    if len(unique(inputs)) != len(inputs):
        raise GraphError(
            "The list of inputs passed to the model is redundant. All inputs should only appear "
            "once. Found: %s" % inputs
        )
    for x in inputs:
        if not hasattr(x, "_keras_history"):
            raise GraphError(
                "Input tensors to a %s must come from `keras.layers.Input`. Received: %s (missing "
                "previous layer metadata). Wrap a raw placeholder with Input(tensor=placeholder)."
                % (class_name, x)
            )
        layer = x._keras_history[0]
        if not isinstance(layer, InputLayer):
            raise GraphError(
                "Input layers to a `Model` must be `InputLayer` objects. Received input %s, which "
                "originates from layer %s of type `%s`." % (x, layer.name, type(layer).__name__)
            )


def _check_outputs(class_name: str, outputs: Any) -> None:
    for x in outputs:
        if not K.is_tensor(x):
            raise GraphError("Output tensors of a %s must be tensors. Found: %r" % (class_name, x))


def _same(tensors: Any, others: Any) -> Any:
    return len(tensors) == len(others) and all(x is y for x, y in zip(tensors, others))


__getattr__, __dir__ = lazy_attributes(__name__)
