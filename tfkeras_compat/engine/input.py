"""Inputs: the layers without predecessors that a network begins with."""

from typing import Any, Dict, List, Optional

from tfkeras_compat import backend as K
from tfkeras_compat.engine.configured import accepts_keras_1_names
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.node import Node, label
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.state import naming


class InputLayer(Layer):
    """The entry to a network: a new placeholder, or the given tensor.

    Args:
        input_shape: shape without the batch axis; ``batch_size`` fixes that axis. With
            ``input_tensor`` it may also be the whole shape, as the Keras tutorial writes it.
        batch_input_shape: shape with the batch axis, instead of the two.
        dtype: the default float type if not given, or that of ``input_tensor``.
        input_tensor: a tensor of any origin to wrap; it is fed only if it is a placeholder.
        sparse: whether the placeholder is sparse.

    >>> from tfkeras_compat.layers import InputLayer
    >>> InputLayer(input_shape=(3,)).output.name
    'input_1:0'
    """

    @accepts_keras_1_names
    def __init__(
        self,
        input_shape: Any = None,
        batch_size: Any = None,
        batch_input_shape: Any = None,
        dtype: Any = None,
        input_tensor: Any = None,
        sparse: Any = False,
        name: Optional[str] = None,
    ) -> None:
        if input_shape is not None and batch_input_shape is not None:
            raise ConfigError(
                "InputLayer takes either `input_shape` or `batch_input_shape`, not both."
            )
        shape = (
            batch_input_shape
            if batch_input_shape is not None
            else _with_batch(input_shape, batch_size, input_tensor)
        )
        super().__init__(
            dtype=dtype or _dtype_of(input_tensor),
            batch_input_shape=shape,
            name=name or "input_%d" % naming.get_uid("input"),
        )
        self.trainable = False
        self.supports_masking = True
        self.built = True
        self.sparse = sparse
        if input_tensor is None:
            input_tensor = K.placeholder(
                self.batch_input_shape, dtype=self.dtype, sparse=sparse, name=self.name
            )
        self.is_placeholder = K.is_placeholder(input_tensor)
        self._become_source_of(input_tensor)

    def _become_source_of(self, tensor: Any) -> None:
        node = Node(self, [tensor], [None])
        node.become_source()
        shapes = [self.batch_input_shape]
        node.connect([tensor], [None], shapes, shapes)
        label(tensor, self, 0, 0, self.batch_input_shape, False)

    def get_config(self) -> Dict[str, Any]:
        return {
            "batch_input_shape": self.batch_input_shape,
            "dtype": self.dtype,
            "sparse": self.sparse,
            "name": self.name,
        }


def _with_batch(input_shape: Any, batch_size: Any, input_tensor: Any) -> Any:
    if input_shape is not None:
        names_batch = input_tensor is not None and K.ndim(input_tensor) == len(input_shape)
        return tuple(input_shape) if names_batch else (batch_size,) + tuple(input_shape)
    if input_tensor is None:
        raise ConfigError(
            "InputLayer should be passed either a `batch_input_shape` or an `input_shape`."
        )
    shape = K.int_shape(input_tensor)
    if shape is None:
        raise ConfigError(
            "The rank of tensor %s is unknown; pass the shape too: "
            "InputLayer(input_tensor=..., input_shape=...)." % input_tensor.name
        )
    return shape


def _dtype_of(tensor: Any) -> Any:
    return None if tensor is None else K.dtype(tensor)


def Input(
    shape: Any = None,
    batch_shape: Any = None,
    name: Optional[str] = None,
    dtype: Any = None,
    sparse: Any = False,
    tensor: Any = None,
    batch_size: Any = None,
) -> Any:
    """A tensor to begin a network with.

    Args:
        shape: without the batch axis; an int counts as a shape of one axis. ``batch_shape`` is the
            one with it.
        tensor: a tensor to wrap, instead of making a placeholder.
        batch_size: goes with ``shape``; of tf.keras.
    Raises: ConfigError without any shape or tensor.

    >>> from tfkeras_compat.layers import Input
    >>> Input(shape=(32,)).shape.as_list()
    [None, 32]
    """
    if shape is None and batch_shape is None and tensor is None:
        raise ConfigError(
            "Please provide to Input either a `shape` or a `batch_shape` argument. Note that "
            "`shape` does not include the batch dimension."
        )
    if shape is not None and batch_shape is None:
        shape = tuple(shape) if isinstance(shape, (list, tuple)) else (shape,)
        batch_shape = (batch_size,) + shape
    layer = InputLayer(
        batch_input_shape=batch_shape, name=name, dtype=dtype, sparse=sparse, input_tensor=tensor
    )
    return layer._inbound_nodes[0].output_tensors[0]


def sources_of(tensor: Any, layer: Any = None, node_index: Any = None) -> Any:
    """The input tensors that ``tensor`` was computed from through layers: a list without
    repetition.

    With ``layer`` and ``node_index`` the search starts at that call instead of at the one that made
    the tensor.
    """
    if layer is None and not hasattr(tensor, "_keras_history"):
        return tensor
    if layer is None or node_index:
        layer, node_index, _ = tensor._keras_history
    if not layer._inbound_nodes:
        return [tensor]
    found: List[Any] = []
    pending, seen = [layer._inbound_nodes[node_index]], set()
    while pending:
        node = pending.pop(0)
        if id(node) in seen:
            continue
        seen.add(id(node))
        if not node.inbound_layers:
            found += [x for x in node.input_tensors if not any(x is y for y in found)]
        ahead = [
            predecessor._inbound_nodes[index]
            for predecessor, index in zip(node.inbound_layers, node.node_indices)
            if predecessor is not None
        ]
        pending = ahead + pending
    return found
