"""Keras 1's ``Merge``: one layer for all ways to merge, chosen by a mode or given as a function."""

from tfkeras_compat import backend as K
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.registry import LAYERS
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.layers.function import read, written
from tfkeras_compat.layers.merge import (
    Add,
    Average,
    Concatenate,
    Dot,
    Maximum,
    Multiply,
)
from tfkeras_compat.state.registry import serialize
from tfkeras_compat.state.structures import has_arg, to_list


class _Cosine(Dot):
    """The cosine of two tensors along one axis of each, with one axis more after the batch axis."""

    def _merge_function(self, inputs):
        first, second = inputs
        axes = self._axis_pair([K.ndim(x) for x in inputs])
        squares = K.batch_dot(first, first, axes) * K.batch_dot(second, second, axes)
        length = K.maximum(K.sqrt(squares), K.epsilon())
        return K.expand_dims(K.batch_dot(first, second, axes) / length, 1)

    def compute_output_shape(self, input_shape):
        shape = super().compute_output_shape(input_shape)
        return shape[:1] + (1,) + shape[1:]


_MODES = {
    "sum": lambda merge: Add(name=merge.name),
    "mul": lambda merge: Multiply(name=merge.name),
    "ave": lambda merge: Average(name=merge.name),
    "max": lambda merge: Maximum(name=merge.name),
    "concat": lambda merge: Concatenate(merge.concat_axis, name=merge.name),
    "dot": lambda merge: Dot(merge.dot_axes, name=merge.name),
    "cos": lambda merge: _Cosine(merge.dot_axes, name=merge.name),
}


class Merge(Layer):
    """Merges tensors as a mode says: Keras 1's layer. Keras 2 has a layer for each mode.

    Args:
        layers: what to merge the outputs of, at once; or ``None``, and the layer is called on
            tensors.
        mode: ``"sum"``, ``"mul"``, ``"ave"``, ``"max"``, ``"concat"``, ``"dot"``, ``"cos"``, or a
            function of the list of tensors.
        concat_axis: for ``"concat"``. ``dot_axes``: for ``"dot"`` and ``"cos"``, the axes that
            are summed over.
        output_shape: of a function: a shape without the batch axis, or a function of the shapes;
            found out if not given.
        output_mask: of a function: the mask, or a function of the masks.
        arguments: of a function: further arguments by name.
        node_indices, tensor_indices: which call and output of each of the layers is meant.
    Raises: ConfigError for an unknown mode, ShapeError for shapes that do not go together.

    >>> from tfkeras_compat.layers import Input, Merge
    >>> Merge(mode="concat")([Input((2,)), Input((3,))]).shape.as_list()
    [None, 5]
    """

    def __init__(
        self,
        layers=None,
        mode="sum",
        concat_axis=-1,
        dot_axes=-1,
        output_shape=None,
        output_mask=None,
        arguments=None,
        node_indices=None,
        tensor_indices=None,
        name=None,
        **kwargs,
    ):
        if not callable(mode) and mode not in _MODES:
            raise ConfigError(
                "Invalid merge mode: %r. There is %s, or a function." % (mode, ", ".join(_MODES))
            )
        super().__init__(name=name, **kwargs)
        self.supports_masking = True
        self.mode = mode
        self.concat_axis = concat_axis
        self.dot_axes = dot_axes
        self.arguments = arguments or {}
        self._output_shape = output_shape
        self._output_mask = output_mask
        self._way = None if callable(mode) else _MODES[mode](self)
        self.joined = list(layers or ())
        if layers:
            nodes = node_indices or [0] * len(layers)
            tensors = tensor_indices or [0] * len(layers)
            self([_output_of(*each) for each in zip(layers, nodes, tensors)])

    @property
    def joins_layers(self):
        """Whether the layer has its inputs already: it was made of layers."""
        return bool(self.joined)

    def build(self, input_shape):
        if self._way is not None:
            self._way.build(input_shape)
        self.built = True

    def call(self, inputs, mask=None):
        if self._way is not None:
            return self._way.call(inputs)
        given = {"mask": mask} if has_arg(self.mode, "mask") else {}
        return self.mode(inputs, **dict(self.arguments, **given))

    def _output_shapes(self, input_shapes, outputs):
        if self._way is None and self._output_shape is None:
            return [K.int_shape(x) for x in outputs]
        return super()._output_shapes(input_shapes, outputs)

    def compute_output_shape(self, input_shape):
        if self._way is not None:
            return self._way.compute_output_shape(input_shape)
        if callable(self._output_shape):
            return self._output_shape(input_shape)
        if self._output_shape is None:
            raise ConfigError(
                "Layer %s: what its function makes of shapes %s is not known without calling it. "
                "Give it an output_shape." % (self.name, input_shape)
            )
        return (input_shape[0][0],) + tuple(self._output_shape)

    def compute_mask(self, inputs, mask=None):
        if self._way is not None:
            return self._way.compute_mask(inputs, mask)
        return self._output_mask(mask) if callable(self._output_mask) else self._output_mask

    def get_config(self):
        config = {"concat_axis": self.concat_axis, "dot_axes": self.dot_axes}
        for name, value in self._functions().items():
            config[name], config[name + "_type"] = written(value)
        if self.joined:
            config["layers"] = [serialize(each) for each in self.joined]
        return dict(super().get_config(), arguments=self.arguments, **config)

    def _functions(self):
        return {
            "mode": self.mode,
            "output_shape": self._output_shape,
            "output_mask": self._output_mask,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """A Merge from its configuration. Raises UnsafeConfigError as Lambda does."""
        config = dict(config)
        for name in ("mode", "output_shape", "output_mask"):
            how = config.pop(name + "_type", "raw")
            config[name] = read(config.get(name), how, custom_objects)
        parts = [LAYERS.deserialize(each, custom_objects) for each in config.pop("layers", ())]
        return cls(parts, **config)


def _output_of(layer, node_index, tensor_index):
    if not layer._inbound_nodes:
        return layer.output  # of a model that was never called
    return to_list(layer.get_output_at(node_index))[tensor_index or 0]


def merge(
    inputs,
    mode="sum",
    concat_axis=-1,
    dot_axes=-1,
    output_shape=None,
    output_mask=None,
    arguments=None,
    name=None,
):
    """Merges tensors as Keras 1 did: ``Merge(mode=mode, ...)(inputs)``.

    It is what ``keras.layers.merge`` gives when it is called.

    >>> from tfkeras_compat.layers import Input, merge
    >>> merge([Input((2,)), Input((3,))], mode="concat").shape.as_list()
    [None, 5]
    """
    layer = Merge(
        mode=mode,
        concat_axis=concat_axis,
        dot_axes=dot_axes,
        output_shape=output_shape,
        output_mask=output_mask,
        arguments=arguments,
        name=name,
    )
    return layer(inputs)
