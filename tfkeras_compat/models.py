"""Model and Sequential: a network that can be trained, saved and loaded."""

import tfkeras_compat.layers  # noqa: F401  all layers register, for configurations
from tfkeras_compat import backend as K
from tfkeras_compat.engine.input import Input, InputLayer, sources_of
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.network import Network
from tfkeras_compat.engine.network_config import network_from_config
from tfkeras_compat.engine.registry import LAYERS
from tfkeras_compat.engine.topology import node_of
from tfkeras_compat.errors import ConfigError, GraphError
from tfkeras_compat.saving import (
    load_model,
    model_from_config,
    model_from_json,
    model_from_yaml,
    save_model,
)
from tfkeras_compat.saving.config import classes_in
from tfkeras_compat.saving.methods import SavingMethods
from tfkeras_compat.state import naming
from tfkeras_compat.state.generation import trait
from tfkeras_compat.state.registry import serialize
from tfkeras_compat.state.structures import to_list, unique
from tfkeras_compat.training.model import TrainingMethods

__all__ = [
    "Input",
    "Model",
    "Sequential",
    "clone_model",
    "load_model",
    "model_from_config",
    "model_from_json",
    "model_from_yaml",
    "save_model",
]


class Model(TrainingMethods, SavingMethods):
    """A network between inputs and outputs, or a subclass that defines ``call``.

    >>> from tfkeras_compat.layers import Dense, Input
    >>> from tfkeras_compat.models import Model
    >>> x = Input(shape=(3,))
    >>> Model(inputs=x, outputs=Dense(2)(x)).output_shape
    (None, 2)
    """


class Sequential(Model):
    """A stack of layers, each with one input and one output.

    Args:
        layers: the layers, from the input on; ``add`` appends further ones.
    The shape of the input comes from the first layer (``input_shape``), from ``build``, or from the
    first data.

    >>> from tfkeras_compat.layers import Dense
    >>> from tfkeras_compat.models import Sequential
    >>> model = Sequential([Dense(4, input_shape=(3,)), Dense(2)])
    >>> [weight.name for weight in model.weights]
    ['dense_1/kernel:0', 'dense_1/bias:0', 'dense_2/kernel:0', 'dense_2/bias:0']
    """

    def __init__(self, layers=None, name=None):
        super().__init__(name=name)
        self._build_input_shape = None
        self._has_given_input = False
        for layer in layers or ():
            self.add(layer)

    @property
    def layers(self):
        """The layers that were added; the input layer in front of them is left out, as ever."""
        sources = [at for at, layer in enumerate(self._layers) if _is_source(layer)]
        first = sources[-1] if sources else 0
        is_hidden = bool(sources) and self._is_hidden(self._layers[first])
        return self._layers[first + is_hidden :]

    def _is_hidden(self, source):
        shown = self._has_given_input and trait("input_layers_count")
        return isinstance(source, InputLayer) and not shown

    @property
    def flattened_layers(self):
        """The layers; those of the branches that a Merge joins come in its place, one after the
        other."""
        layers = self.layers
        joined = getattr(layers[0], "joined", ()) if layers else ()
        branches = [getattr(each, "flattened_layers", [each]) for each in joined]
        in_branches = [layer for branch in branches for layer in branch]
        return unique(in_branches + layers[1:]) if joined else layers

    def _sublayers(self):
        flat = self.flattened_layers
        return unique(flat + super()._sublayers()) if flat != self.layers else super()._sublayers()

    @property
    def model(self):
        """The model itself: Keras 1 kept another one there."""
        return self

    def add(self, layer):
        """Puts a layer on top. Raises TypeError if it is no layer or has more than one output."""
        if not isinstance(layer, Layer):
            raise TypeError(
                "The added layer must be an instance of class Layer. Found: %s" % (layer,)
            )
        self.built = False
        self._has_given_input = self._has_given_input or isinstance(layer, InputLayer)
        if self.outputs:
            self._stack(self.inputs, layer(self.outputs[0]))
        elif not self._layers and (_is_source(layer) or _knows_input_shape(layer)):
            output = layer.output if _is_source(layer) else _called_on_new_input(layer)
            self._stack(sources_of(_single(output)), output)
        else:
            self._layers.append(layer)

    def _stack(self, inputs, output):
        self._connect_tensors(to_list(inputs), [_single(output)])

    def pop(self):
        """Removes the layer on top. Raises TypeError if there is none."""
        if not self.layers:
            raise TypeError("There are no layers in the model.")
        self.built = False
        if len(self.layers) == 1 or not self.outputs:
            self._layers = self.layers[:-1]
            self.inputs = self.outputs = None
            self._is_graph_network = False
            return
        previous = node_of(self.outputs[0]).input_tensors[0]
        previous._keras_history[0]._outbound_nodes = []
        self._stack(self.inputs, previous)

    def build(self, input_shape=None):
        """Connects the layers for inputs of the given shape, batch axis included."""
        if input_shape is not None and not self.inputs:
            x = first = Input(batch_shape=tuple(input_shape), name=self.name + "_input")
            for layer in self._layers:
                x = layer(x)
            self._build_input_shape = input_shape
            self._stack([first], x)

    def _set_inputs(self, inputs):
        self.build((None,) + tuple(to_list(inputs)[0].shape[1:]))

    def _ensure_built(self, inputs):
        if not self.built:
            self.build(K.int_shape(to_list(inputs)[0]))
        super()._ensure_built(inputs)

    def predict_proba(self, x, batch_size=None, verbose=0):
        """Predicted probabilities: an array."""
        return self.predict(x, batch_size, verbose)

    def predict_classes(self, x, batch_size=None, verbose=0):
        """Predicted classes: the index of the largest output, or 0/1 for a single one."""
        probabilities = self.predict(x, batch_size=batch_size, verbose=verbose)
        if probabilities.shape[-1] > 1:
            return probabilities.argmax(axis=-1)
        return (probabilities > 0.5).astype("int32")

    def get_config(self):
        """The layers' configurations, from the input on."""
        config = {
            "name": self.name,
            "layers": [
                {"class_name": type(layer).__name__, "config": layer.get_config()}
                for layer in self.layers
            ],
        }
        if self._build_input_shape:
            config["build_input_shape"] = self._build_input_shape
        return config

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """A new model, without the weights. The bare list of layers that Keras 1 and 2.0 wrote is
        read too."""
        config = {"layers": config} if isinstance(config, list) else config
        if "layers" not in config:
            raise ConfigError(
                "Improperly formatted config of a Sequential model: 'layers' missing."
            )
        model = cls(name=config.get("name"))
        for entry in config["layers"]:
            model.add(LAYERS.deserialize(entry, custom_objects))
        if not model.inputs and config.get("build_input_shape"):
            model.build(config["build_input_shape"])
        return model


def _single(output):
    if isinstance(output, list):
        raise TypeError(
            "All layers in a Sequential model should have a single output tensor. For multi-output "
            "layers, use the functional API: Model(inputs, outputs)."
        )
    return output


def _innermost_first(layer):
    while isinstance(layer, Network):
        if not layer.layers:
            raise GraphError("Cannot add an empty model to a `Sequential` model.")
        layer = layer.layers[0]
    return layer


def _is_source(layer):
    """Whether a layer has an output before a Sequential calls it."""
    return isinstance(layer, InputLayer) or getattr(layer, "joins_layers", False)


def _knows_input_shape(layer):
    return hasattr(_innermost_first(layer), "batch_input_shape")


def _called_on_new_input(layer):
    first = _innermost_first(layer)
    name = naming.input_name(layer.name, type(layer).__name__)
    return layer(Input(batch_shape=first.batch_input_shape, dtype=first.dtype, name=name))


def clone_model(model, input_tensors=None):
    """A model of the same structure with new weights, on new inputs or on the given tensors.

    Raises: GraphError for a subclassed model, whose structure is code, and for another number of
    tensors than the model has inputs.
    """
    if not isinstance(model, Network) or not model._is_graph_network:
        raise GraphError("clone_model needs a functional or Sequential model, found %r." % (model,))
    classes = classes_in(model)
    if input_tensors is None:
        return type(model).from_config(model.get_config(), custom_objects=classes)
    input_tensors = to_list(input_tensors, allow_tuple=True)
    if len(input_tensors) != len(model.inputs):
        raise GraphError(
            "clone_model: model %s has %d inputs, and so %d input_tensors are expected; found %d."
            % (model.name, len(model.inputs), len(model.inputs), len(input_tensors))
        )
    entries = [_input_layer_of(x) for x in input_tensors]
    if isinstance(model, Sequential):
        copies = [LAYERS.deserialize(serialize(layer), classes) for layer in model.layers]
        return Sequential(entries + copies, name=model.name)
    given = {layer.name: entry for layer, entry in zip(model._input_layers, entries)}
    return network_from_config(Model, model.get_config(), classes, given)


def _input_layer_of(tensor):
    """The input layer that a tensor came from; a new one around a tensor of other origin."""
    layer = getattr(tensor, "_keras_history", (None,))[0]
    if isinstance(layer, InputLayer):
        return layer
    return Input(tensor=tensor if layer is None else K.identity(tensor))._keras_history[0]
