"""What a layer expects of its inputs."""

from typing import Any, Optional, Tuple

from tfkeras_compat import backend as K
from tfkeras_compat.errors import ShapeError
from tfkeras_compat.state.structures import to_list


class InputSpec:
    """The dtype, rank, shape and sizes of axes that a layer expects of one input; ``None`` is no
    expectation.

    >>> InputSpec(min_ndim=2, axes={-1: 3})
    InputSpec(min_ndim=2, axes={-1: 3})
    """

    def __init__(
        self,
        dtype: Any = None,
        shape: Any = None,
        ndim: Any = None,
        max_ndim: Any = None,
        min_ndim: Any = None,
        axes: Any = None,
    ) -> None:
        self.dtype = dtype
        self.shape = shape
        self.ndim = len(shape) if shape is not None else ndim
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        self.axes = axes or {}

    def __repr__(self) -> str:
        given = [(name, value) for name, value in vars(self).items() if value]
        return "InputSpec(%s)" % ", ".join("%s=%s" % pair for pair in given)

    def violation(self, x: Any) -> Optional[Tuple[str, str]]:
        """``(expected, found)`` of the first expectation that tensor ``x`` does not meet, or
        ``None``."""
        ndim, dtype, shape = K.ndim(x), K.dtype(x), K.int_shape(x)
        checks = [
            ("ndim=%s" % self.ndim, "ndim=%s" % ndim, self.ndim in (None, ndim)),
            (
                "max_ndim=%s" % self.max_ndim,
                "ndim=%s" % ndim,
                None in (self.max_ndim, ndim) or ndim <= self.max_ndim,
            ),
            (
                "min_ndim=%s" % self.min_ndim,
                "ndim=%s" % ndim,
                None in (self.min_ndim, ndim) or ndim >= self.min_ndim,
            ),
            ("dtype=%s" % self.dtype, "dtype=%s" % dtype, self.dtype in (None, dtype)),
        ]
        if shape is not None:
            checks += [
                (
                    "axis %s of input shape to have value %s" % item,
                    "shape %s" % (shape,),
                    _matches(item[1], shape[int(item[0])]),
                )
                for item in self.axes.items()
            ]
            checks.append(("shape=%s" % (self.shape,), "shape=%s" % (shape,), self._admits(shape)))
        return next(((expected, found) for expected, found, holds in checks if not holds), None)

    def _admits(self, shape: Any) -> Any:
        return self.shape is None or all(
            _matches(mine, theirs) for mine, theirs in zip(self.shape, shape)
        )


def _matches(expected: Any, found: Any) -> Any:
    return None in (expected, found) or expected == found


def check_inputs(layer: Any, inputs: Any) -> None:
    """Raises unless ``inputs`` are symbolic tensors that meet ``layer.input_spec``.

    Raises:
        ShapeError: an input has another number, rank, dtype or shape than the layer expects.
        ValueError: an input is no symbolic tensor.
    """
    inputs = to_list(inputs)
    for x in inputs:
        if not K.is_tensor(x):
            raise ValueError(
                "Layer %s was called with an input that isn't a symbolic tensor. Received type: "
                "%s. Feed arrays through a placeholder, Input() or K.constant()."
                % (layer.name, type(x))
            )
    if not layer.input_spec:
        return
    specs = to_list(layer.input_spec, allow_tuple=True)
    if len(inputs) != len(specs):
        raise ShapeError(
            "Layer %s expects %d inputs, but it received %d input tensors. Input received: %s"
            % (layer.name, len(specs), len(inputs), inputs)
        )
    for index, (x, spec) in enumerate(zip(inputs, specs)):
        violation = None if spec is None else spec.violation(x)
        if violation:
            raise ShapeError(
                "Input %d is incompatible with layer %s: expected %s, found %s"
                % ((index, layer.name) + violation)
            )
