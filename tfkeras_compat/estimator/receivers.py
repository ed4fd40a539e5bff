"""What an exported model is fed: the placeholders of a request, and the features made of them."""

import collections

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator import input_pipeline

FEATURE_KEY = "feature"
LABEL_KEY = "label"
RECEIVER_KEY = "input"


class ServingInputReceiver(
    collections.namedtuple(
        "ServingInputReceiver", ["features", "receiver_tensors", "receiver_tensors_alternatives"]
    )
):
    """What the function gives that an Estimator is exported with.

    ``features`` go to the model function, always as a dictionary: a single tensor gets the key
    ``feature``. ``receiver_tensors`` are what a request feeds: a dictionary by name, or a single
    tensor, which gets the name ``input``. ``receiver_tensors_alternatives``, by name, are others
    that may be fed instead; each gives further signatures. Raises ConfigError for what is no tensor
    or has no name.
    """

    def __new__(cls, features, receiver_tensors, receiver_tensors_alternatives=None):
        return super().__new__(
            cls,
            features=_named(features, "feature", FEATURE_KEY, (str, int)),
            receiver_tensors=_named(receiver_tensors, "receiver_tensor", RECEIVER_KEY),
            receiver_tensors_alternatives=_alternatives(receiver_tensors_alternatives),
        )


class TensorServingInputReceiver(
    collections.namedtuple(
        "TensorServingInputReceiver",
        ["features", "receiver_tensors", "receiver_tensors_alternatives"],
    )
):
    """As :class:`ServingInputReceiver`, for a model function whose features are one tensor: it is
    handed over as it is."""

    def __new__(cls, features, receiver_tensors, receiver_tensors_alternatives=None):
        _check_tensor(features, "feature", "")
        receiver = ServingInputReceiver(features, receiver_tensors, receiver_tensors_alternatives)
        return super().__new__(cls, features, *receiver[1:])


class UnsupervisedInputReceiver(ServingInputReceiver):
    """For exporting a training or evaluation that takes no labels."""

    def __new__(cls, features, receiver_tensors):
        return super().__new__(cls, features, receiver_tensors)


class SupervisedInputReceiver(
    collections.namedtuple("SupervisedInputReceiver", ["features", "labels", "receiver_tensors"])
):
    """For exporting a training or evaluation: features and labels go to the model function as they
    are."""

    def __new__(cls, features, labels, receiver_tensors):
        _named(features, "feature", FEATURE_KEY, (str, int))
        _named(labels, "label", LABEL_KEY, (str, int))
        receivers = _named(receiver_tensors, "receiver_tensor", RECEIVER_KEY)
        return super().__new__(cls, features, labels, receivers)


def _alternatives(alternatives):
    if alternatives is None:
        return None
    if not isinstance(alternatives, dict):
        raise ConfigError("receiver_tensors_alternatives must be a dict: %s." % (alternatives,))
    return {
        name: _named(tensors, "receiver_tensors_alternative", RECEIVER_KEY)
        for name, tensors in alternatives.items()
    }


def _named(tensors, role, single_key, kinds_of_keys=(str,)):
    """The tensors by name. Raises ConfigError for keys and values of another kind, and for None."""
    if tensors is None:
        raise ConfigError("%ss must be defined." % role)
    named = tensors if isinstance(tensors, dict) else {single_key: tensors}
    for key, tensor in named.items():
        if not isinstance(key, kinds_of_keys):
            kinds = " or ".join({str: "strings", int: "ints"}[kind] for kind in kinds_of_keys)
            raise ConfigError("%s keys must be %s: %r." % (role, kinds, key))
        _check_tensor(tensor, role, key)
    return named


def _check_tensor(tensor, role, key):
    if not _tf.is_tensor(tensor) or _tf.is_variable(tensor):
        raise ConfigError("%s %s must be a Tensor or SparseTensor. Found %r." % (role, key, tensor))


def build_parsing_serving_input_receiver_fn(feature_spec, default_batch_size=None):
    """A function for an export that is fed serialized ``tf.train.Example`` s, under the name
    ``examples``.

    ``feature_spec``: what ``tf.parse_example`` reads. ``default_batch_size``: None for any.

    >>> from tfkeras_compat._tf import tf
    >>> spec = {"age": tf.FixedLenFeature([1], tf.float32)}
    >>> with tf.Graph().as_default():
    ...     receiver = build_parsing_serving_input_receiver_fn(spec)()
    >>> receiver.receiver_tensors["examples"].name, receiver.features["age"].get_shape().as_list()
    ('input_example_tensor:0', [None, 1])
    """

    def serving_input_receiver_fn():
        examples = tf.placeholder(tf.string, [default_batch_size], name="input_example_tensor")
        features = tf.parse_example(examples, feature_spec)
        return ServingInputReceiver(features, {"examples": examples})

    return serving_input_receiver_fn


def build_raw_serving_input_receiver_fn(features, default_batch_size=None):
    """A function for an export that is fed the features themselves.

    ``features``: tensors by name, in any graph; placeholders of the same names, dtypes and shapes
    are made, whose first axis is ``default_batch_size``.
    """

    def serving_input_receiver_fn():
        placeholders = _placeholders(features, default_batch_size)
        return ServingInputReceiver(placeholders, placeholders)

    return serving_input_receiver_fn


def build_raw_supervised_input_receiver_fn(features, labels, default_batch_size=None):
    """A function for exporting a training or evaluation that is fed features and labels.

    Either is a tensor (fed as ``input``, ``label``) or tensors by name. Raises ConfigError if a
    name is in both.
    """
    overlap = set(_by_name(features, RECEIVER_KEY)) & set(_by_name(labels, LABEL_KEY))
    if overlap:
        raise ConfigError(
            "Features and labels must have distinct keys. Found overlapping keys: %s"
            % sorted(overlap)
        )

    def supervised_input_receiver_fn():
        fed_features = _placeholders(_by_name(features, RECEIVER_KEY), default_batch_size)
        fed_labels = _placeholders(_by_name(labels, LABEL_KEY), default_batch_size)
        return SupervisedInputReceiver(
            _like(features, fed_features),
            _like(labels, fed_labels),
            dict(fed_features, **fed_labels),
        )

    return supervised_input_receiver_fn


def build_supervised_input_receiver_fn_from_input_fn(input_fn, **input_fn_args):
    """As :func:`build_raw_supervised_input_receiver_fn`, for the features and labels that an input
    function gives, which is called in a graph of its own."""
    with tf.Graph().as_default():
        features, labels, _ = input_pipeline.parsed(input_fn(**input_fn_args))
    return build_raw_supervised_input_receiver_fn(features, labels)


def _by_name(tensors, single_key):
    return tensors if isinstance(tensors, dict) else {single_key: tensors}


def _like(original, named):
    """The tensors as the original is: a dictionary, or a single one."""
    return named if isinstance(original, dict) else next(iter(named.values()))


def _placeholders(tensors, batch_size):
    return {name: _placeholder(tensor, batch_size) for name, tensor in tensors.items()}


def _placeholder(tensor, batch_size):
    shape = tf.TensorShape([batch_size]).concatenate(tensor.get_shape()[1:])
    operation = getattr(tensor, "op", None)  # a tensor made eagerly has none
    return tf.placeholder(tensor.dtype, shape, name=getattr(operation, "name", None))
