"""The seam: the only file that imports TensorFlow, and the only place that knows a TensorFlow version.

``tf`` is ``tensorflow.compat.v1``. What legacy code needs and the public v1 interface does not offer on both ends
(TensorFlow 1.15 and 2.16 - 2.21) has a function here.
"""
import re

from tfkeras_compat.errors import MissingDependencyError

try:
    import tensorflow.compat.v1 as tf
    from tensorflow.python.framework import ops as _ops
    from tensorflow.python.ops import variables as _variables
except ImportError as error:
    raise MissingDependencyError(
        "tfkeras_compat needs TensorFlow (1.15, or 2.16 to 2.21), and importing it failed: %s. "
        "Install the build that fits your machine (tensorflow, tensorflow-cpu, a vendor's), "
        "or let an extra bring one: pip install 'tfkeras_compat[cpu]'." % error) from error

VERSION = tuple(int(part) for part in re.findall(r"\d+", tf.__version__)[:2])

# The class that every kind of variable is an instance of: on TF 2 `tf.compat.v1.Variable` is only the reference kind.
Variable = _variables.Variable
Tensor = tf.Tensor
SparseTensor = tf.SparseTensor
Operation = tf.Operation


def is_variable(value):
    """Whether ``value`` is a variable of any kind: reference, resource, partitioned or distributed."""
    return isinstance(value, Variable)


def is_tensor(value):
    """Whether ``value`` is a symbolic tensor, sparse tensor or variable."""
    return isinstance(value, (Tensor, SparseTensor, Variable))


def default_graph():
    """The default graph, or the outermost one when a function's body is being built inside it."""
    graph = tf.get_default_graph()
    while getattr(graph, "outer_graph", None) is not None:
        graph = graph.outer_graph
    return graph


def graph_of(variable_or_tensor):
    """The graph that a variable, tensor or operation belongs to."""
    if isinstance(variable_or_tensor, Variable):
        handle = getattr(variable_or_tensor, "handle", None)
        return variable_or_tensor.graph if handle is None else handle.graph
    return variable_or_tensor.graph


def in_graph_body(graph=None):
    """Whether operations made now land in a loop, a branch or a function body, and so can not be fetched."""
    graph = graph or tf.get_default_graph()
    return (getattr(graph, "outer_graph", None) is not None
            or graph._get_control_flow_context() is not None)


def is_finalized(graph):
    """Whether ``graph.finalize()`` was called, so that no operation can be added."""
    return graph.finalized


def is_initialized_op(variable):
    """The boolean tensor that tells whether ``variable`` is initialized; the one made with it, where there is one."""
    made = getattr(variable, "_is_initialized_op", None)
    return tf.is_variable_initialized(variable) if made is None else made


def session_is_closed(session):
    """Whether ``session`` was closed. A monitored session, which can not tell, counts as open."""
    return bool(getattr(session, "_closed", False))


def make_callable(session, feeds, fetches, targets=()):
    """Prepares one call: ``f(*arrays)`` gives the fetched arrays in order, with little Python in between.

    Shapes: one array per feed, of the feed's dtype. Raises: whatever ``Session.run`` would.
    The returned callable may be used from several threads.
    """
    from tensorflow.core.protobuf import config_pb2
    options = config_pb2.CallableOptions()
    options.feed.extend(tensor.name for tensor in feeds)
    options.fetch.extend(tensor.name for tensor in fetches)
    options.target.extend(op.name for op in targets)
    return session._make_callable_from_options(options)


def can_make_callable(session):
    """Whether ``session`` offers prepared calls (a monitored or wrapped session does not)."""
    return hasattr(session, "_make_callable_from_options")


def register_conversion(kind, function):
    """Lets instances of ``kind`` stand where TensorFlow expects a tensor, through ``function``."""
    _ops.register_tensor_conversion_function(kind, function, priority=50)


def use_graph_mode():
    """Switches TensorFlow 2 to 1.x behaviour. Nothing changes where it has it already."""
    if tf.executing_eagerly():
        tf.disable_v2_behavior()


def available_gpus():
    """Names of the local GPUs, as ``/device:GPU:0``."""
    from tensorflow.python.client import device_lib
    return [device.name for device in device_lib.list_local_devices() if device.device_type == "GPU"]
