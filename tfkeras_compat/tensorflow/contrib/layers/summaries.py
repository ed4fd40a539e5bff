"""Summaries of tensors, collected by kind."""

import functools
import re

from tfkeras_compat._tf import tf

# Operation -> what is counted of its input, for activations that cut it.
_CUT = {
    "Relu": {"zeros": lambda x: tf.less(x, tf.cast(0.0, x.dtype))},
    "Softplus": {"zeros": lambda x: tf.less(x, tf.cast(0.0, x.dtype))},
    "Relu6": {
        "zeros": lambda x: tf.less(x, tf.cast(0.0, x.dtype)),
        "sixes": lambda x: tf.greater(x, tf.cast(6.0, x.dtype)),
    },
}


def summarize_activation(op):
    """A histogram of a tensor, and what part of it was cut, if it is a relu."""
    for name, is_cut in _CUT.get(op.op.type, {}).items():
        part = tf.reduce_mean(tf.cast(is_cut(op.op.inputs[0]), tf.float32))
        tf.summary.scalar("%s/%s" % (op.op.name, name), part)
    return tf.summary.histogram("%s/activation" % op.op.name, op)


def summarize_tensor(tensor, tag=None):
    """A scalar or a histogram; ``None`` for text and booleans."""
    if tensor.dtype.base_dtype in (tf.string, tf.bool):
        return None
    summarize = tf.summary.scalar if tensor.get_shape().ndims == 0 else tf.summary.histogram
    return summarize(tag or "%s_summary" % tensor.op.name, tensor)


def summarize_tensors(tensors, summarizer=summarize_tensor):
    """The summaries of several tensors."""
    return [summarizer(each) for each in tensors]


def summarize_collection(collection, name_filter=None, summarizer=summarize_tensor):
    """The summaries of a collection's tensors, or of those whose names match."""
    found = tf.get_collection(collection)
    named = [each for each in found if not name_filter or re.match(name_filter, each.op.name)]
    return summarize_tensors(named, summarizer)


summarize_variables = functools.partial(summarize_collection, tf.GraphKeys.GLOBAL_VARIABLES)
summarize_weights = functools.partial(summarize_collection, tf.GraphKeys.WEIGHTS)
summarize_biases = functools.partial(summarize_collection, tf.GraphKeys.BIASES)


def summarize_activations(name_filter=None, summarizer=summarize_activation):
    """The summaries of the collection ``ACTIVATIONS``."""
    return summarize_collection(tf.GraphKeys.ACTIVATIONS, name_filter, summarizer)
