"""What an input function returns, and the hooks that its datasets need."""

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError


class IteratorInitializer(tf.train.SessionRunHook):
    """Initializes the iterator of a dataset in each new session."""

    def __init__(self, iterator):
        self._iterator = iterator

    def begin(self):
        self._initializer = self._iterator.initializer

    def after_create_session(self, session, coord):
        session.run(self._initializer)


def parsed(result, after=()):
    """``(features, labels, hooks)`` of what an input function gave: a dataset, a pair of features
    and labels, or features alone (the labels are None then).

    The dataset is read once the tensors ``after`` are known. Raises ConfigError for a list or tuple
    of another length than two.
    """
    hooks = []
    if _tf.is_dataset(result):
        iterator = tf.data.make_initializable_iterator(result)
        hooks.append(IteratorInitializer(iterator))
        with tf.control_dependencies(after):
            result = iterator.get_next()
    return pair_of(result) + (hooks,)


def pair_of(result):
    """``(features, labels)`` of one element of a dataset."""
    if not isinstance(result, (list, tuple)):
        return result, None
    if len(result) != 2:
        raise ConfigError(
            "input_fn should return (features, labels) as a len 2 tuple. Found %d elements."
            % len(result)
        )
    return result[0], result[1]


def ends(features):
    """Whether reading the features comes to an end by itself: they are from a dataset or queue."""
    if tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS):
        return True
    tensors = tf.nest.flatten(features) if hasattr(tf, "nest") else [features]
    return any(
        isinstance(each, tf.Tensor) and each.op.type == "IteratorGetNext" for each in tensors
    )
