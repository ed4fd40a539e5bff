"""Lambda: a function of tensors as a layer."""

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.state import bytecode
from tfkeras_compat.state.registry import Registry
from tfkeras_compat.state.structures import has_arg, to_list, unpack_singleton

_FUNCTIONS = Registry("function in Lambda layer")  # empty: only custom objects are known


class Lambda(Layer):
    """Applies a function to tensors.

    Args:
        function: takes a tensor or list of tensors, and ``mask`` if it has such an argument.
        output_shape: tuple without the batch axis, or a function of the input shape; inferred if
            not given.
        mask: the mask of the outputs, or a function of inputs and mask.
        arguments: further keyword arguments of the function.

    In a configuration the function is kept as bytecode, which loads again in the process that wrote
    it and is refused elsewhere (see ``state.bytecode``); a named function resolves through
    ``custom_objects``.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import Lambda
    >>> K.eval(Lambda(lambda x: x ** 2)(K.constant([3.0]))).tolist()
    [9.0]
    """

    def __init__(self, function, output_shape=None, mask=None, arguments=None, **kwargs):
        super().__init__(**kwargs)
        if not (
            output_shape is None
            or callable(output_shape)
            or isinstance(output_shape, (tuple, list))
        ):
            raise TypeError("In Lambda, `output_shape` must be a list, a tuple, or a function.")
        self.function = function
        self.arguments = arguments or {}
        self.mask = mask
        self.supports_masking = mask is not None
        self._input_dtypes = None
        self._output_shape = tuple(output_shape) if isinstance(output_shape, list) else output_shape

    def call(self, inputs, mask=None):
        dtypes = [K.dtype(x) for x in to_list(inputs)]
        self._input_dtypes = dtypes if isinstance(inputs, list) else dtypes[0]
        arguments = dict(self.arguments)
        if has_arg(self.function, "mask"):
            arguments["mask"] = mask
        return self.function(inputs, **arguments)

    def compute_mask(self, inputs, mask=None):
        return self.mask(inputs, mask) if callable(self.mask) else self.mask

    def compute_output_shape(self, input_shape):
        if self._output_shape is None:
            return self._inferred_shape(input_shape)
        if isinstance(self._output_shape, tuple):
            first = input_shape[0] if isinstance(input_shape, list) else input_shape
            return (first[0] if first else None,) + self._output_shape
        shape = self._output_shape(input_shape)
        if not isinstance(shape, (list, tuple)):
            raise ConfigError(
                "Layer %s: the `output_shape` function must return a tuple or a list of tuples, "
                "found %r." % (self.name, shape)
            )
        is_one_shape = isinstance(shape, list) and (shape[0] is None or isinstance(shape[0], int))
        return tuple(shape) if is_one_shape else shape

    def _inferred_shape(self, input_shape):
        shapes = input_shape if isinstance(input_shape, list) else [input_shape]
        dtypes = to_list(self._input_dtypes) * (
            1 if isinstance(self._input_dtypes, list) else len(shapes)
        )
        placeholders = [K.placeholder(shape, dtype=dtype) for shape, dtype in zip(shapes, dtypes)]
        outputs = self.call(placeholders if isinstance(input_shape, list) else placeholders[0])
        return unpack_singleton([K.int_shape(x) for x in to_list(outputs, allow_tuple=True)])

    def _output_shapes(self, input_shapes, outputs):
        if self._output_shape is None:
            return [K.int_shape(x) for x in outputs]
        return super()._output_shapes(input_shapes, outputs)

    def get_config(self):
        function, function_type = written(self.function)
        output_shape, output_shape_type = written(self._output_shape)
        return dict(
            super().get_config(),
            function=function,
            function_type=function_type,
            output_shape=output_shape,
            output_shape_type=output_shape_type,
            arguments=self.arguments,
        )

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """A Lambda from its configuration. Raises UnsafeConfigError if that holds bytecode of
        another process."""
        config = dict(config)
        config["function"] = read(config["function"], config.pop("function_type"), custom_objects)
        config["output_shape"] = read(
            config["output_shape"], config.pop("output_shape_type"), custom_objects
        )
        config["arguments"] = {
            name: _array_or_value(value) for name, value in (config.get("arguments") or {}).items()
        }
        return cls(**config)


def written(value):
    """What a configuration keeps of a function or shape, and the word that says how."""
    if not callable(value):
        return value, "raw"
    if hasattr(value, "__code__"):
        return bytecode.dump_function(value), "lambda"
    return value.__name__, "function"


def read(value, how, custom_objects=None):
    """The function or value that :func:`written` gave a pair for. Raises UnsafeConfigError for
    bytecode of another process."""
    if how == "raw":
        return tuple(value) if isinstance(value, list) else value
    if how == "function":
        return _FUNCTIONS.resolve(value, custom_objects)
    if how == "lambda":
        return bytecode.load_function(
            value, globs=dict(_function_globals(), **(custom_objects or {}))
        )
    raise ConfigError(
        "Unknown function type %r in the configuration of a Lambda layer. Expected 'lambda', "
        "'function' or 'raw'." % (how,)
    )


def _function_globals():
    return {"K": K, "np": np}


def _array_or_value(value):
    if isinstance(value, dict) and value.get("type") == "ndarray":
        return np.array(value["value"])
    return value
