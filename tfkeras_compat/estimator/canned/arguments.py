"""What all canned estimators do with their arguments."""

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator.heads.training import is_optimizer

_OPTIMIZERS = {
    "Adagrad": tf.train.AdagradOptimizer,
    "Adam": tf.train.AdamOptimizer,
    "Ftrl": tf.train.FtrlOptimizer,
    "RMSProp": tf.train.RMSPropOptimizer,
    "SGD": tf.train.GradientDescentOptimizer,
}

_LARGEST_UNDIVIDED_INPUT = 64 << 20


def optimizer_of(value, learning_rate):
    """The optimizer that a name (with this learning rate), a function or an optimizer stands for.

    A Keras optimizer of another graph is made anew, with its settings of now. Raises ConfigError
    for anything else.
    """
    if isinstance(value, str):
        if value not in _OPTIMIZERS:
            raise ConfigError(
                "Unsupported optimizer name: %s. Supported names are: %s"
                % (value, sorted(_OPTIMIZERS))
            )
        return _OPTIMIZERS[value](learning_rate=learning_rate)
    optimizer = value if is_optimizer(value) else value() if callable(value) else value
    if not is_optimizer(optimizer):
        raise ConfigError(
            "The given object is not an Optimizer instance. Given: %s. Use an optimizer of "
            "tf.train, a function that makes one, or a name of %s." % (value, sorted(_OPTIMIZERS))
        )
    return optimizer if isinstance(optimizer, tf.train.Optimizer) else _of_this_graph(optimizer)


def _of_this_graph(optimizer):
    if _tf.graph_of(optimizer.iterations) is tf.get_default_graph():
        return optimizer
    return type(optimizer).from_config(optimizer.get_config())


def check_features(features):
    """Raises ConfigError unless the features are a dictionary, which feature columns look into."""
    if not isinstance(features, dict):
        raise ConfigError(
            "features should be a dictionary of Tensors by the keys of the feature columns. Given "
            "type: %s" % type(features)
        )


def input_partitioner(config):
    """Divides embeddings and linear weights of 64 MB and more among the parameter servers."""
    return _partitioner(config, min_slice_size=_LARGEST_UNDIVIDED_INPUT)


def layer_partitioner(config):
    """Divides the weights of layers among the parameter servers."""
    return _partitioner(config)


def _partitioner(config, **options):
    replicas = config.num_ps_replicas if config else 0
    return tf.min_max_variable_partitioner(max_partitions=replicas, **options)


def summarize_layer(values, tag):
    """Writes how many values of a layer are zero, and how they are distributed."""
    tf.summary.scalar(tag + "/fraction_of_zero_values", tf.nn.zero_fraction(values))
    tf.summary.histogram(tag + "/activation", values)
