"""Layers that make one tensor of several, and the functions that stand for them."""

import functools
import importlib
import operator
import sys
import types

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.configured import configured
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.state.structures import is_all_none


class _Merge(Layer):
    """The base of the layers that merge tensors element by element, in ``_merge_function(inputs)``.

    Inputs of lower rank get axes of size one after the batch axis. Where a rank is unknown, they
    are aligned at the first axis after the batch axis instead.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def _merge_function(self, inputs):
        raise NotImplementedError(
            "Layer %s does not say how it merges: define _merge_function(inputs)." % self.name
        )

    def build(self, input_shape):
        self._check_is_list(input_shape)
        if len(input_shape) < 2:
            raise ShapeError(
                "A merge layer should be called on a list of at least 2 inputs. Layer %s got %d "
                "inputs." % (self.name, len(input_shape))
            )
        if len(_batch_sizes(input_shape)) > 1:
            raise ShapeError(
                "Layer %s can not merge tensors with different batch sizes. Got tensors with "
                "shapes: %s" % (self.name, input_shape)
            )
        self.compute_output_shape(input_shape)
        super().build(input_shape)

    def _check_is_list(self, inputs):
        if not isinstance(inputs, list):
            raise ShapeError(
                "A merge layer should be called on a list of inputs. Layer %s got %s."
                % (self.name, inputs)
            )

    def call(self, inputs):
        self._check_is_list(inputs)
        ranks = [K.ndim(x) for x in inputs]
        if None in ranks:
            return _batch_to_front(self._merge_function([_batch_to_back(x) for x in inputs]))
        return self._merge_function([_with_rank(x, max(ranks)) for x in inputs])

    def compute_output_shape(self, input_shape):
        if None in input_shape:
            return None
        batch_sizes = _batch_sizes(input_shape)
        batch_size = batch_sizes.pop() if len(batch_sizes) == 1 else None
        return (batch_size,) + functools.reduce(
            self._broadcast, [tuple(shape[1:]) for shape in input_shape]
        )

    def _broadcast(self, shape, other):
        longer, shorter = (shape, other) if len(shape) >= len(other) else (other, shape)
        start = len(longer) - len(shorter)
        return longer[:start] + tuple(
            self._broadcast_size(a, b, shape, other) for a, b in zip(longer[start:], shorter)
        )

    def _broadcast_size(self, size, other_size, shape, other):
        if None in (size, other_size):
            return None
        if size != other_size and 1 not in (size, other_size):
            raise ShapeError(
                "Operands could not be broadcast together with shapes %s %s in layer %s."
                % (shape, other, self.name)
            )
        return other_size if size == 1 else size

    def compute_mask(self, inputs, mask=None):
        given = self._given_masks(inputs, mask)
        return (
            None
            if is_all_none(given)
            else K.all(K.stack([m for m in given if m is not None]), axis=0)
        )

    def _given_masks(self, inputs, mask):
        if mask is None:
            return [None]
        for value, name in ((mask, "mask"), (inputs, "inputs")):
            if not isinstance(value, list):
                raise ShapeError(
                    "`%s` should be a list, layer %s got %s." % (name, self.name, value)
                )
        if len(mask) != len(inputs):
            raise ShapeError(
                "The lists `inputs` and `mask` should have the same length; layer %s got %d and %d."
                % (self.name, len(inputs), len(mask))
            )
        return mask


def _batch_sizes(shapes):
    return {shape[0] for shape in shapes if shape is not None} - {None}


def _with_rank(x, rank):
    for _ in range(rank - K.ndim(x)):
        x = K.expand_dims(x, 1)
    return x


def _batch_to_back(x):
    return tf.transpose(x, tf.concat([tf.range(1, tf.rank(x)), [0]], 0))


def _batch_to_front(x):
    last = tf.rank(x) - 1
    return tf.transpose(x, tf.concat([[last], tf.range(last)], 0))


class Add(_Merge):
    """The sum of inputs.

    Shapes: a list of shapes that can be broadcast -> the broadcast shape.
    Raises: ShapeError if they can not, or for less than two inputs.

    >>> from tfkeras_compat.layers import Add, Input
    >>> Add()([Input(shape=(5, 4)), Input(shape=(4,))]).shape.as_list()
    [None, 5, 4]
    """

    def _merge_function(self, inputs):
        return functools.reduce(operator.add, inputs)


class Subtract(_Merge):
    """The first input minus the second. Raises: ShapeError unless there are two. Shapes: as Add."""

    def build(self, input_shape):
        super().build(input_shape)
        _check_two(self, input_shape)

    def _merge_function(self, inputs):
        _check_two(self, inputs)
        return inputs[0] - inputs[1]


def _check_two(layer, inputs):
    if not isinstance(inputs, list) or len(inputs) != 2:
        raise ShapeError(
            "A `%s` layer should be called on a list of exactly 2 inputs; %s got %s."
            % (type(layer).__name__, layer.name, inputs)
        )


class Multiply(_Merge):
    """The product of inputs, element by element. Shapes: as Add."""

    def _merge_function(self, inputs):
        return functools.reduce(operator.mul, inputs)


class Average(_Merge):
    """The mean of inputs, element by element. Shapes: as Add."""

    def _merge_function(self, inputs):
        return functools.reduce(operator.add, inputs) / len(inputs)


class Maximum(_Merge):
    """The maximum of inputs, element by element. Shapes: as Add."""

    def _merge_function(self, inputs):
        return functools.reduce(K.maximum, inputs)


class Minimum(_Merge):
    """The minimum of inputs, element by element. Shapes: as Add."""

    def _merge_function(self, inputs):
        return functools.reduce(K.minimum, inputs)


class Concatenate(_Merge):
    """The inputs joined along an axis.

    Shapes: a list of shapes that differ along ``axis`` only -> the shape with the sizes of ``axis``
    added up.
    Raises: ShapeError if they differ elsewhere.

    >>> from tfkeras_compat.layers import Concatenate, Input
    >>> Concatenate()([Input(shape=(2,)), Input(shape=(3,))]).shape.as_list()
    [None, 5]
    """

    @configured
    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)

    def build(self, input_shape):
        if not isinstance(input_shape, list) or len(input_shape) < 2:
            raise ShapeError(
                "A `Concatenate` layer should be called on a list of at least 2 inputs; %s got %s."
                % (self.name, input_shape)
            )
        rests = [self._without_axis(shape) for shape in input_shape if shape is not None]
        if not all(_may_be_equal(rests[0], rest) for rest in rests):
            raise ShapeError(
                "A `Concatenate` layer requires inputs with matching shapes except for the concat "
                "axis (%d). "
                "%s got inputs shapes: %s" % (self.axis, self.name, input_shape)
            )
        self.built = True

    def _without_axis(self, shape):
        shape = list(shape)
        del shape[self.axis]
        return shape

    def call(self, inputs):
        self._check_is_list(inputs)
        return self._merge_function(inputs)

    def _merge_function(self, inputs):
        return K.concatenate(inputs, axis=self.axis)

    def compute_output_shape(self, input_shape):
        self._check_is_list(input_shape)
        if None in input_shape:
            return None
        sizes = [shape[self.axis] for shape in input_shape]
        output_shape = list(input_shape[0])
        output_shape[self.axis] = None if None in sizes else sum(sizes)
        return tuple(output_shape)

    def compute_mask(self, inputs, mask=None):
        given = self._given_masks(inputs, mask)
        if is_all_none(given):
            return None
        full = [_mask_of_elements(x, m) for x, m in zip(inputs, given)]
        return K.all(K.concatenate(full, axis=self.axis), axis=-1)


def _may_be_equal(shape, other):
    return len(shape) == len(other) and all(
        None in pair or pair[0] == pair[1] for pair in zip(shape, other)
    )


def _mask_of_elements(x, mask):
    """A mask of the shape of ``x``; without one, all elements count."""
    if mask is None:
        return K.ones_like(x, dtype="bool")
    missing = K.ndim(x) - K.ndim(mask)
    mask = K.cast(mask, "bool")
    for _ in range(missing):
        mask = K.expand_dims(mask)
    return tf.logical_and(mask, K.ones_like(x, dtype="bool")) if missing else mask


class Dot(_Merge):
    """The product of two inputs, sample by sample, over one axis of each.

    ``axes`` is an int or a pair of them, batch axis counted; ``normalize`` gives the cosine of the
    angle instead.

    Shapes: ``(batch, ...)`` twice -> the batch size and the other axes of both; ``(batch, 1)``
    where there are none.
    Raises: ShapeError if the sizes along the axes differ.

    >>> from tfkeras_compat.layers import Dot, Input
    >>> Dot(axes=(2, 1))([Input(shape=(2, 4)), Input(shape=(4, 5))]).shape.as_list()
    [None, 2, 5]
    """

    @configured
    def __init__(self, axes, normalize=False, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(axes, (int, list, tuple)):
            raise TypeError(
                "Invalid type for `axes` - should be a list or an int. Layer %s got %r."
                % (self.name, axes)
            )
        if not isinstance(axes, int) and not (
            len(axes) == 2 and all(isinstance(axis, int) for axis in axes)
        ):
            raise ConfigError(
                "Invalid format for `axes` - should contain two ints. Layer %s got %r."
                % (self.name, axes)
            )

    def _axis_pair(self, ranks):
        axes = (self.axes,) * 2 if isinstance(self.axes, int) else self.axes
        return [axis % rank if axis < 0 else axis for axis, rank in zip(axes, ranks)]

    def build(self, input_shape):
        _check_two(self, input_shape)
        if None not in input_shape:
            axes = self._axis_pair([len(shape) for shape in input_shape])
            first, second = [shape[axis] for shape, axis in zip(input_shape, axes)]
            if None not in (first, second) and first != second:
                raise ShapeError(
                    "Dimension incompatibility %s != %s along axes %s of layer %s. Layer shapes: "
                    "%s, %s" % (first, second, axes, self.name, input_shape[0], input_shape[1])
                )
        self.built = True

    def call(self, inputs):
        _check_two(self, inputs)
        return self._merge_function(inputs)

    def _merge_function(self, inputs):
        axes = self._axis_pair([K.ndim(x) for x in inputs])
        if self.normalize:
            inputs = [K.l2_normalize(x, axis=axis) for x, axis in zip(inputs, axes)]
        return K.batch_dot(inputs[0], inputs[1], axes)

    def compute_output_shape(self, input_shape):
        _check_two(self, input_shape)
        shapes = [list(shape) for shape in input_shape]
        for shape, axis in zip(shapes, self._axis_pair([len(shape) for shape in shapes])):
            del shape[axis]
        output_shape = shapes[0] + shapes[1][1:]
        return tuple(output_shape if len(output_shape) > 1 else output_shape + [1])

    def compute_mask(self, inputs, mask=None):
        return None


def add(inputs, **kwargs):
    """The sum of tensors: ``Add(**kwargs)(inputs)``.

    >>> from tfkeras_compat.layers import Input, add
    >>> add([Input(shape=(3,)), Input(shape=(3,))], name="total").name
    'total/add:0'
    """
    return Add(**kwargs)(inputs)


def subtract(inputs, **kwargs):
    """The first tensor minus the second: ``Subtract(**kwargs)(inputs)``."""
    return Subtract(**kwargs)(inputs)


def multiply(inputs, **kwargs):
    """The product of tensors, element by element: ``Multiply(**kwargs)(inputs)``."""
    return Multiply(**kwargs)(inputs)


def average(inputs, **kwargs):
    """The mean of tensors, element by element: ``Average(**kwargs)(inputs)``."""
    return Average(**kwargs)(inputs)


def maximum(inputs, **kwargs):
    """The maximum of tensors, element by element: ``Maximum(**kwargs)(inputs)``."""
    return Maximum(**kwargs)(inputs)


def minimum(inputs, **kwargs):
    """The minimum of tensors, element by element: ``Minimum(**kwargs)(inputs)``."""
    return Minimum(**kwargs)(inputs)


def concatenate(inputs, axis=-1, **kwargs):
    """Tensors joined along an axis: ``Concatenate(axis, **kwargs)(inputs)``."""
    return Concatenate(axis=axis, **kwargs)(inputs)


def dot(inputs, axes, normalize=False, **kwargs):
    """The product of two tensors over one axis of each: ``Dot(axes, normalize)(inputs)``."""
    return Dot(axes=axes, normalize=normalize, **kwargs)(inputs)


class _Callable(types.ModuleType):
    """This module: in Keras 1 ``keras.layers.merge`` was a function."""

    def __call__(self, *args, **kwargs):
        module = importlib.import_module("tfkeras_compat.layers.merge_by_mode")
        return module.merge(*args, **kwargs)


sys.modules[__name__].__class__ = _Callable
