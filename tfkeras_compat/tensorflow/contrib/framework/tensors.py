"""Checks and small functions of tensors and graphs."""

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import DtypeError, KindError

_check_ops = _tf.submodule("python.ops.check_ops")
_confusion = _tf.submodule("python.ops.confusion_matrix")
_cond = _tf.submodule("python.framework.smart_cond")
_deprecation = _tf.submodule("python.util.deprecation")
_sparse = _tf.submodule("python.framework.sparse_tensor")

assert_same_float_dtype = _check_ops.assert_same_float_dtype
assert_scalar = _check_ops.assert_scalar
convert_to_tensor_or_sparse_tensor = _sparse.convert_to_tensor_or_sparse_tensor
deprecated = _deprecation.deprecated
deprecated_arg_values = _deprecation.deprecated_arg_values
deprecated_args = _deprecation.deprecated_args
smart_case = _cond.smart_case
smart_cond = _cond.smart_cond
smart_constant_value = _cond.smart_constant_value


def assert_scalar_int(tensor, name=None):
    """The tensor, which must be an integer scalar. Raises DtypeError if it is no integer."""
    with tf.name_scope(name, "assert_scalar_int", [tensor]) as scope:
        tensor = tf.convert_to_tensor(tensor)
        if not tensor.dtype.base_dtype.is_integer:
            raise DtypeError("%s must be an integer; it is %s." % (tensor.name, tensor.dtype))
        return assert_scalar(tensor, name=scope)


def reduce_sum_n(tensors, name=None):
    """The sum of the sums of several tensors."""
    with tf.name_scope(name, "reduce_sum_n", tensors) as scope:
        sums = [tf.reduce_sum(each, name=each.op.name + "/sum") for each in tensors]
        return sums[0] if len(sums) == 1 else tf.add_n(sums, name=scope)


def remove_squeezable_dimensions(predictions, labels, name=None):
    """``(predictions, labels)``, the one of one dimension more without its last, of size 1."""
    labels, predictions = _confusion.remove_squeezable_dimensions(labels, predictions, name=name)
    return predictions, labels


def with_same_shape(expected_tensor, tensor):
    """The tensor, checked to have the shape of the other."""
    shape = expected_tensor.get_shape()
    known = shape.as_list() if shape.is_fully_defined() else tf.shape(expected_tensor)
    return with_shape(known, tensor)


def with_shape(expected_shape, tensor):
    """The tensor, checked to have a shape: now if that is known, else when it runs."""
    if tf.is_tensor(expected_shape) or not tensor.get_shape().is_fully_defined():
        return _checked_when_run(expected_shape, tensor)
    return tf.ensure_shape(tensor, expected_shape)


def _checked_when_run(expected_shape, tensor):
    message = ["Wrong shape for %s [expected] [actual]." % tensor.name]
    actual = tf.shape(tensor)
    equal = tf.reduce_all(tf.equal(actual, expected_shape))
    with tf.control_dependencies([tf.Assert(equal, message + [expected_shape, actual])]):
        checked = tf.identity(tensor)
    if not tf.is_tensor(expected_shape):
        checked.set_shape(expected_shape)
    return checked


def get_placeholders(graph):
    """The placeholders of a graph, in the order they were made."""
    if not isinstance(graph, tf.Graph):
        raise KindError("get_placeholders expects a tf.Graph; found %r." % (graph,))
    return [op.outputs[0] for op in graph.get_operations() if op.type == "Placeholder"]


def get_name_scope():
    """The current name scope of the default graph."""
    return tf.get_default_graph().get_name_scope()


def get_graph_from_inputs(op_input_list, graph=None):
    """The graph that the inputs belong to; the default graph if they belong to none."""
    graphs = [getattr(each, "graph", None) for each in op_input_list]
    return graph or next((each for each in graphs if each), None) or tf.get_default_graph()
