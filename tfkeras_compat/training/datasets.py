"""Batches of ``tf.data``: datasets and iterators, which go to the model without leaving the
runtime."""

import contextlib
import warnings

from tfkeras_compat import _tf
from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, GraphError, ShapeError
from tfkeras_compat.state import graph as graph_state
from tfkeras_compat.state.structures import to_list, unpack_singleton
from tfkeras_compat.training import data, loops

_INFINITE, _UNKNOWN = -1, -2  # what TensorFlow says instead of a number of batches


def is_stream(value):
    """Whether ``value`` is a dataset or an iterator of ``tf.data``."""
    return _tf.is_dataset(value) or isinstance(value, tf.data.Iterator)


def check_arguments(y=None, sample_weight=None, validation_split=None, batch_size=None):
    """Raises ConfigError for what can not be given beside a dataset."""
    given = (
        ("y", y, "put targets into it: dataset.zip((x, y))"),
        ("sample_weight", sample_weight, "put weights into it, after the targets"),
        ("validation_split", validation_split or None, "pass another one as `validation_data`"),
        ("batch_size", batch_size, "make batches with dataset.batch()"),
    )
    for name, value, instead in given:
        if value is not None:
            raise ConfigError(
                "The `%s` argument is not supported when the data are a dataset or an iterator: "
                "%s." % (name, instead)
            )


class Stream:
    """A dataset or an iterator, and the tensors of its next batch.

    Attributes:
        batch: what the dataset holds: a tensor, or tuples and dictionaries of tensors.
        count: the number of batches; ``None`` if it is unknown, or without end.
    """

    def __init__(self, source):
        self.source = source
        self.is_dataset = _tf.is_dataset(source)
        self.count = None
        self.is_infinite = False
        self._iterator = self._new_iterator() if self.is_dataset else source
        self.batch = self._iterator.get_next()
        self._values = {}

    def _new_iterator(self):
        if _tf.graph_of_dataset(self.source) is not graph_state.current():
            raise GraphError(
                "The dataset %s belongs to another graph than the model. Make it inside `with "
                "model.graph.as_default():`, or model and dataset in one graph." % (self.source,)
            )
        cardinality = tf.data.experimental.cardinality(self.source)
        count = int(K.get_session().run(cardinality))
        self.is_infinite = count == _INFINITE
        self.count = None if count in (_INFINITE, _UNKNOWN) else count
        return tf.data.make_initializable_iterator(self.source)

    def restart(self):
        """Begins anew, if this is a dataset; the initializer of an iterator is its maker's."""
        if self.is_dataset:
            K.get_session().run(self._iterator.initializer)

    def values_for(self, purpose, make):
        """What ``make()`` gives, made once for each purpose: the graph does not grow."""
        key = repr(purpose)
        if key not in self._values:
            self._values[key] = make()
        return self._values[key]

    def check_steps(self, steps, steps_name):
        """Raises ConfigError if a pass over the data has no end."""
        if steps is None and not self.is_dataset:
            raise ConfigError(
                "When using iterators as input to a model, you should specify the `%s` argument."
                % steps_name
            )
        if steps is None and self.is_infinite:
            raise ConfigError(
                "The dataset repeats without end: specify the `%s` argument." % steps_name
            )


class StreamFeed(loops.Feed):
    """What a function of a model is called with, where ``tf.data`` makes the batches.

    Args:
        stream: the source.
        values: tensors, one for each of ``tensors``.
        steps, steps_name: the batches of a pass, or ``None`` for all, and the argument's name.
        restarts: whether each pass begins anew although it has a number of steps.
    """

    def __init__(self, stream, values, tensors, phase, steps, steps_name, restarts=True):
        super().__init__(values, tensors, phase)
        self._stream = stream
        self._steps, self._steps_name = steps, steps_name
        self._restarts = restarts or steps is None
        self._is_new = True

    def known_steps(self, steps):
        return self._stream.count if steps is None else steps

    def samples(self, batch_size, steps, steps_name):
        return None

    @contextlib.contextmanager
    def passing(self, spans):
        self.ended_early = False
        if self._restarts or self._is_new:
            self._stream.restart()
        self._is_new = False
        counted = _Counted(spans)
        try:
            yield counted
        except tf.errors.OutOfRangeError:
            self._end(counted.count - 1)

    def _end(self, done):
        if not done and self._restarts:
            raise ShapeError("The dataset has no batches.") from None
        if self._steps is None:
            self._stream.count = done
            return
        self.ended_early = True
        warnings.warn(
            "Your dataset ran out of data after %d of %d steps; interrupting. Make sure that it "
            "can generate at least `%s * epochs` batches: dataset.repeat() goes on for ever."
            % (done, self._steps, self._steps_name)
        )


class _Counted:
    """An iterable that knows how many items it gave."""

    def __init__(self, items):
        self._items = items
        self.count = 0

    def __iter__(self):
        for item in self._items:
            self.count += 1
            yield item


# ---- a batch as values of placeholders ----------------------------------------------------------


def parts_of(batch):
    """``(x, y, sample_weight)`` of a batch to train or evaluate with."""
    if not isinstance(batch, tuple):
        return batch, None, None
    if len(batch) > 3:
        raise ConfigError(
            "The batches of a dataset should be `(x, y)` or `(x, y, sample_weight)`. Found: %s. "
            "Several inputs go into one tuple or dictionary: `((x1, x2), y)`." % (batch,)
        )
    return (batch + (None, None))[:3]


def shapes_of(values):
    """The shapes of one tensor or a tuple of them, without the batch sizes, for placeholders."""
    if isinstance(values, dict):
        raise ConfigError(
            "A model that is built by its first data needs inputs in a tuple, not in a dictionary: "
            "it has no names for them yet. Found: %s" % (values,)
        )
    shapes = [K.int_shape(_dense(x)) for x in to_list(values, allow_tuple=True)]
    return unpack_singleton([(None,) + tuple(shape[1:]) for shape in shapes])


def matched(values, names, placeholders, shapes, role):
    """The tensors for the placeholders of the given names, in their order, dtype and rank.

    Raises: ShapeError naming the input or target, the expected and the found shape.
    """
    tensors = _by_name(values, names, role)
    if len(tensors) != len(names):
        raise ShapeError(
            "The dataset has %d %ss in a batch, but the model expects %d: %s."
            % (len(tensors), role, len(names), names)
        )
    return [_matched(*each, role) for each in zip(tensors, names, placeholders, shapes)]


def _by_name(values, names, role):
    if not isinstance(values, dict):
        return to_list(values, allow_tuple=True)
    missing = [name for name in names if name not in values]
    if missing:
        raise ShapeError(
            'No data provided for %s "%s". The dataset has: %s. Need data for each key in: %s'
            % (role, missing[0], sorted(values), names)
        )
    return [values[name] for name in names]


def _matched(tensor, name, placeholder, shape, role):
    tensor = _dense(tensor)
    if tensor.get_shape().ndims == 1 and K.ndim(placeholder) != 1:
        tensor = tf.expand_dims(tensor, 1)  # as arrays of one axis
    found = K.int_shape(tensor)
    if shape is not None and found is not None and not _fits(shape, found):
        raise ShapeError(
            "Error when checking %s: expected %s to have shape %s but the dataset has batches of "
            "shape %s" % (role, name, tuple(shape), found)
        )
    if K.dtype(tensor) == "string":
        raise ShapeError(
            "Error when checking %s: %s takes %s, but the dataset has strings. Map them to numbers."
            % (role, name, K.dtype(placeholder))
        )
    return K.cast(tensor, K.dtype(placeholder))


def _fits(expected, found):
    return len(expected) == len(found) and all(
        None in (size, given) or size == given for size, given in zip(expected[1:], found[1:])
    )


def _dense(tensor):
    return tf.sparse.to_dense(tensor) if K.is_sparse(tensor) else tensor


def weights_of(targets, given, class_weight, names, modes):
    """The weights of samples for each output: those of the dataset, of classes, or ones."""
    own = data.weights_by_output(_listed(given), names, "sample_weight")
    by_class = data.weights_by_output(class_weight, names, "class_weight")
    return [_weights(*each) for each in zip(targets, own, by_class, modes)]


def _listed(given):
    return [given] if K.is_tensor(given) else list(given) if isinstance(given, tuple) else given


def _weights(target, given, by_class, mode):
    axes = 2 if mode == "temporal" else 1
    weights = tf.ones(tf.shape(target)[:axes], K.floatx())
    if given is not None:
        weights *= _of_rank(K.cast(given, K.floatx()), axes)
    return weights if by_class is None else weights * _weights_of_classes(target, by_class)


def _of_rank(weights, ndim):
    if weights.get_shape().ndims not in (None, ndim):
        raise ShapeError(
            "The dataset has sample weights of shape %s, but %s was expected."
            % (K.int_shape(weights), "(samples,)" if ndim == 1 else "(samples, steps)")
        )
    return weights


def _weights_of_classes(target, by_class):
    is_one_hot = (K.int_shape(target)[-1] or 1) > 1
    classes = tf.cast(K.argmax(target) if is_one_hot else tf.reshape(target, [-1]), "int32")
    numbers = sorted(by_class)
    matches = tf.equal(classes[:, None], numbers)
    message = "`class_weight` must contain all classes in the data. Given: %s; found:" % numbers
    known = tf.Assert(tf.reduce_all(tf.reduce_any(matches, 1)), [message, classes])
    with tf.control_dependencies([known]):
        return tf.tensordot(K.cast(matches, K.floatx()), [float(by_class[n]) for n in numbers], 1)
