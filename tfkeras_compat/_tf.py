"""The seam: the only file that imports TensorFlow, and the only place that knows a TensorFlow
version.

``tf`` is ``tensorflow.compat.v1``. What legacy code needs and the public v1 interface does not
offer on both ends (TensorFlow 1.15 and 2.16 - 2.21) has a function here.
"""

import contextlib
import functools
import importlib
import re
import threading
import warnings
from typing import Any, Iterator, List

from tfkeras_compat.errors import MissingDependencyError

try:
    import tensorflow.compat.v1 as tf
    from google.protobuf import message as protobuf_message
    from tensorflow.core.framework import variable_pb2
    from tensorflow.core.protobuf import trackable_object_graph_pb2
    from tensorflow.python.ops import resource_variable_ops as _resource_variables
    from tensorflow.python.ops import variables as _variables
except ImportError as error:
    raise MissingDependencyError(
        "tfkeras_compat needs TensorFlow (1.15, or 2.16 to 2.21), and importing it failed: %s. "
        "Install the build that fits your machine (tensorflow, tensorflow-cpu, a vendor's), "
        "or let an extra bring one: pip install 'tfkeras_compat[cpu]'." % error
    ) from error

__all__ = ["tf"]  # the functions here are used as `_tf.function`, tf by its own name

VERSION = tuple(int(part) for part in re.findall(r"\d+", tf.__version__)[:2])

# The class that every kind of variable is an instance of: on TF 2 `tf.compat.v1.Variable` is only
# the reference kind.
Variable = _variables.Variable
PartitionedVariable = _variables.PartitionedVariable
Tensor = tf.Tensor
SparseTensor = tf.SparseTensor
Operation = tf.Operation


def is_variable(value: Any) -> bool:
    """Whether ``value`` is a variable of any kind: reference, resource, partitioned or
    distributed."""
    return isinstance(value, Variable)


def is_tensor(value: Any) -> bool:
    """Whether ``value`` is a symbolic tensor, sparse tensor or variable."""
    return isinstance(value, (Tensor, SparseTensor, Variable))


def outermost(graph: Any) -> Any:
    """The graph itself, or the one around it if it is the body of a function."""
    while getattr(graph, "outer_graph", None) is not None:
        graph = graph.outer_graph
    return graph


def default_graph() -> Any:
    """The default graph, or the outermost one when a function's body is being built inside it."""
    return outermost(tf.get_default_graph())


def graph_of(variable_or_tensor: Any) -> Any:
    """The graph that a variable, tensor or operation belongs to."""
    if isinstance(variable_or_tensor, Variable):
        handle = getattr(variable_or_tensor, "handle", None)
        return variable_or_tensor.graph if handle is None else handle.graph
    return variable_or_tensor.graph


def in_body(op: Any) -> bool:
    """Whether an operation belongs to a loop, a branch or a function, and so can not be fetched."""
    return (
        getattr(op.graph, "outer_graph", None) is not None
        or op._get_control_flow_context() is not None
    )


@contextlib.contextmanager
def without_control_dependencies() -> Iterator[None]:
    """Operations made here wait for nothing outside, but stay in the loop or branch around them.

    ``tf.gradients`` of a loop of more steps than run in parallel needs it: with the loss among the
    control dependencies, the loop would wait for what its own end gives (seen on 1.15 and 2.21).
    """
    graph = tf.get_default_graph()
    context = graph._get_control_flow_context()
    with tf.control_dependencies(None):
        graph._set_control_flow_context(context)
        yield


def is_finalized(graph: Any) -> bool:
    """Whether ``graph.finalize()`` was called, so that no operation can be added."""
    return graph.finalized


def is_initialized_op(variable: Any) -> Any:
    """The boolean tensor that tells whether ``variable`` is initialized; the one made with it,
    where there is one."""
    made = getattr(variable, "_is_initialized_op", None)
    return tf.is_variable_initialized(variable) if made is None else made


def session_is_closed(session: Any) -> bool:
    """Whether ``session`` was closed. A monitored session, which can not tell, counts as open."""
    return bool(getattr(session, "_closed", False))


def make_callable(
    session: Any,
    feeds: Any,
    fetches: Any,
    targets: Any = (),
    connections: Any = (),
    in_caller_thread: bool = False,
) -> Any:
    """Prepares one call: ``f(*arrays)`` gives the fetched arrays in order, with little Python in
    between.

    One array per feed, of the feed's dtype. ``connections`` are pairs of tensors: the first is fed
    to the second without leaving the runtime. With ``in_caller_thread`` the operations are not
    handed to TensorFlow's threads, one by one, but each still divides its work among them. The
    returned callable may be used from several threads.
    """
    from tensorflow.core.protobuf import config_pb2

    options = config_pb2.CallableOptions()
    options.run_options.inter_op_thread_pool = -1 if in_caller_thread else 0
    options.feed.extend(tensor.name for tensor in feeds)
    options.fetch.extend(tensor.name for tensor in fetches)
    options.target.extend(op.name for op in targets)
    for source, target in connections:
        options.tensor_connection.add(from_tensor=source.name, to_tensor=target.name)
    return session._make_callable_from_options(options)


def can_make_callable(session: Any) -> bool:
    """Whether ``session`` offers prepared calls (a monitored or wrapped session does not)."""
    return hasattr(session, "_make_callable_from_options")


def register_conversion(kind: type, function: Any) -> None:
    """Lets instances of ``kind`` stand where TensorFlow expects a tensor, through ``function``."""
    tf.register_tensor_conversion_function(kind, function)


class _AsTensorFlow2(threading.local):
    """True in the threads that are in :func:`as_tensorflow_2` now."""

    active = False
    replaced = False  # of the class: whether the process was switched from it

    def __bool__(self) -> bool:
        return self.active

    @contextlib.contextmanager
    def being(self, active: bool) -> Iterator[None]:
        before, self.active = self.active, active
        try:
            yield
        finally:
            self.active = before


_as_tensorflow_2 = _AsTensorFlow2()


def use_graph_mode() -> None:
    """Switches TensorFlow 2 to 1.x behaviour. Nothing changes where it has it already."""
    if _as_tensorflow_2 or not tf.executing_eagerly():
        return
    verbosity = tf.logging.get_verbosity()
    tf.logging.set_verbosity(tf.logging.ERROR)  # the switch warns that parts of it are deprecated
    try:
        tf.disable_v2_behavior()
    finally:
        tf.logging.set_verbosity(verbosity)
    _switch_by_thread()


def _switch_by_thread() -> None:
    """Lets two switches of the whole process, off now, be on in :func:`as_tensorflow_2`: entries of
    shapes are numbers, and ``==`` compares values."""
    from tensorflow.python.framework import tensor_shape

    tensor_shape._TENSORSHAPE_V2_OVERRIDE = _as_tensorflow_2
    Tensor._USE_EQUALITY = _as_tensorflow_2
    _AsTensorFlow2.replaced = True


@contextlib.contextmanager
def as_tensorflow_2() -> Iterator[None]:
    """Gives this thread the behaviour of TensorFlow 2 for a while: operations run at once, outside
    of every graph; entries of shapes are numbers; ``==`` compares values.

    Of the switches that :func:`use_graph_mode` throws for the whole process, the others stay: they
    matter to graphs, to ``tf.compat.v1`` and to TensorFlow's own use of ``tf.data``.
    """
    from tensorflow.python.eager import context

    _switch_by_thread()  # a program may have thrown the switches again
    with context.eager_mode(), _as_tensorflow_2.being(True):
        yield


@contextlib.contextmanager
def as_graph_mode(graph: Any = None) -> Iterator[None]:
    """Makes ``graph`` the default, or keeps the one that is; inside of :func:`as_tensorflow_2` this
    thread gets graph mode back meanwhile."""
    with (graph or tf.get_default_graph()).as_default(), _as_tensorflow_2.being(False):
        yield


def misses_tensorflow_2() -> bool:
    """Whether code of TensorFlow 2 that runs now finds this thread in the graph mode that
    :func:`use_graph_mode` put the process in."""
    if _as_tensorflow_2 or not _AsTensorFlow2.replaced:
        return False
    return not tf.executing_eagerly() and not tf.get_default_graph().building_function


def is_as_tensorflow_2() -> bool:
    """Whether this thread is in :func:`as_tensorflow_2`."""
    return bool(_as_tensorflow_2)


def runs_as_tensorflow_2() -> bool:
    """Whether operations made now run at once, because of :func:`as_tensorflow_2`: also there some
    are made for a function that is traced."""
    return bool(_as_tensorflow_2) and tf.executing_eagerly()


def available_gpus() -> List[str]:
    """Names of the local GPUs, as ``/device:GPU:0``."""
    from tensorflow.python.client import device_lib

    return [
        device.name for device in device_lib.list_local_devices() if device.device_type == "GPU"
    ]


def submodule(path: Any) -> Any:
    """The module ``tensorflow.<path>`` of the installed TensorFlow. Raises ImportError if it has
    none."""
    return importlib.import_module("tensorflow." + path)


def storage_of(variable: Any) -> Any:
    """The tensor that stands for a variable's storage in the graph: its handle, or its
    reference."""
    handle = getattr(variable, "handle", None)
    return variable._ref() if handle is None else handle


def print_graph_def(definition: Any) -> str:
    """A ``GraphDef`` as text."""
    from google.protobuf import text_format

    return text_format.MessageToString(definition)


def parse_graph_def(text: Any) -> Any:
    """The ``GraphDef`` that :func:`print_graph_def` wrote."""
    from google.protobuf import text_format

    return text_format.Parse(text, tf.GraphDef())


def parse_saved_model(folder: Any) -> Any:
    """The ``SavedModel`` in a folder, as it is written. Raises OSError if it is damaged."""
    from tensorflow.python.saved_model import loader_impl

    return loader_impl.parse_saved_model(folder)


def assets_of(folder: Any, meta_graph: Any) -> Any:
    """The files beside a SavedModel, by the names of the tensors that get their names."""
    from tensorflow.python.saved_model import loader_impl

    return loader_impl.get_asset_tensors(folder, meta_graph)


class _DeviceProbe:
    """Stands for an operation while the device scopes are asked where they would put it."""

    name = type = "Conv2D"
    device = ""
    node_def = tf.NodeDef(name="Conv2D", op="Conv2D")

    def _set_device_from_string(self, device: Any) -> None:
        self.device = device

    _set_device = _set_device_from_string


def supports_channels_first(session: Any = None) -> Any:
    """Whether operations made now may run on a GPU, which has channels-first kernels.

    The devices are those of ``session`` if it is given and open, else those of this machine.
    """
    if session is None or session_is_closed(session):
        has_gpu = bool(tf.config.experimental.list_physical_devices("GPU"))
    else:
        has_gpu = any(device.device_type == "GPU" for device in session.list_devices())
    return has_gpu and _explicit_device_type() != "CPU"


def _explicit_device_type() -> Any:
    probe = _DeviceProbe()
    tf.get_default_graph()._apply_device_functions(probe)
    return tf.DeviceSpec.from_string(probe.device).device_type


def is_dataset(value: Any) -> bool:
    """Whether ``value`` is a ``tf.data.Dataset`` of either version of TensorFlow's interface."""
    from tensorflow.python.data.ops.dataset_ops import DatasetV2

    return isinstance(value, DatasetV2)


def graph_of_dataset(dataset: Any) -> Any:
    """The graph that a dataset was made in."""
    variant = dataset._variant_tensor
    # On TensorFlow 2 a dataset made eagerly has no graph.
    return getattr(variant, "graph", None) if isinstance(variant, Tensor) else None


def shared_state(optimizer: Any) -> List[Any]:
    """The variables of a ``tf.train`` optimizer that belong to no single parameter, by name: such
    as Adam's powers of its betas."""
    return sorted(optimizer._non_slot_variables(), key=lambda variable: variable.name)


def builds_plain_graph() -> bool:
    """Whether operations made now run one by one in the graph itself: not in the body of a loop, a
    branch or a function, nor in a scope that XLA compiles."""
    graph = tf.get_default_graph()
    return (
        getattr(graph, "outer_graph", None) is None
        and graph._get_control_flow_context() is None
        and not graph._attr_scope_map.get("_XlaCompile")
    )


def global_step_before_run(graph: Any) -> Any:
    """The tensor through which hooks read the global step of ``graph``; made here, where they do
    not make it yet. What is to count as this run's step must not begin before it."""
    from tensorflow.python.training import training_util

    return training_util._get_or_create_global_step_read(graph)


def set_global_step_before_run(tensor: Any) -> None:
    """Makes ``tensor`` what hooks read the global step through, see
    :func:`global_step_before_run`."""
    from tensorflow.python.training import training_util

    tf.add_to_collection(training_util.GLOBAL_STEP_READ_KEY, tensor)


def losses_scaled_for(strategy: Any) -> Any:
    """A context in which ``tf.train`` optimizers divide a loss by the number of replicas, so that
    the sum of the gradients is their mean."""
    return strategy._scale_loss_for_estimator_enabled()


def reduction_of_losses() -> Any:
    """How the losses of the replicas become one number: by the mean where
    :func:`losses_scaled_for` divided them, else by the sum."""
    graph = tf.get_default_graph()
    is_scaled = getattr(graph, "_is_loss_scaled_by_optimizer", False)
    if is_scaled and graph._last_loss_reduction not in ("sum", "weighted_sum"):
        return tf.distribute.ReduceOp.MEAN
    return tf.distribute.ReduceOp.SUM


def replica_iterator(strategy: Any, input_fn: Any) -> Any:
    """The iterator over the datasets that ``input_fn`` gives, one element for each replica."""
    with warnings.catch_warnings():
        # TensorFlow 2 warns about a question that it puts to the dataset itself.
        warnings.filterwarnings("ignore", message="To make it possible to preserve tf.data options")
        return strategy.make_input_fn_iterator(input_fn)


def behind(op: Any) -> List[Any]:
    """The operations that wait for ``op``: for its outputs, or for its having run."""
    consumers = [consumer for tensor in op.outputs for consumer in tensor.consumers()]
    return consumers + list(op._control_outputs)


def has_only_name_scopes() -> bool:
    """Whether an operation made now would come out the same under its name scope alone: no device,
    control dependency, colocation, loop, function or strategy surrounds the place."""
    graph = tf.get_default_graph()
    surroundings = (
        graph._control_dependencies_stack,
        list(graph._device_function_stack.peek_objs()),
        list(graph._colocation_stack.peek_objs()),
        graph._variable_creator_stack,
        graph._gradient_override_map,
    )
    return builds_plain_graph() and not any(surroundings)


def value_of(variable: Any) -> Any:
    """The tensor with a variable's value that was made with the variable, where nothing says when
    it is to be read; elsewhere a new one."""
    if has_only_name_scopes() and graph_of(variable) is tf.get_default_graph():
        return tf.get_default_graph().as_graph_element(variable)
    return tf.convert_to_tensor(variable)


def depends_on_variables(tensor: Any) -> bool:
    """Whether a variable has to be initialized before the value of ``tensor`` can be told."""
    found, waiting = set(), [tensor.op]
    while waiting:
        op = waiting.pop()
        if op.type in _STORAGE:
            return True
        found.add(op)
        before = [each.op for each in op.inputs] + op.control_inputs
        waiting += [each for each in before if each not in found]
    return False


_STORAGE = ("AutoReloadVariable", "Variable", "VariableV2", "VarHandleOp")


def plain_variable(initial: Any, name: Any, trainable: bool, collections: Any) -> Any:
    """The resource variable that ``tf.Variable`` makes where :func:`has_only_name_scopes` holds,
    of a tensor that does not depend on variables.

    It has the same operations, but for the question whether it is initialized, which is made when
    it is put. ``tf.Variable`` takes more than twice as long.
    """
    graph, kind = tf.get_default_graph(), initial.dtype.base_dtype
    of_kind = {"dtype": tf.AttrValue(type=kind.as_datatype_enum)}
    with tf.name_scope(name or "Variable") as scope:
        attributes = {
            "shape": tf.AttrValue(shape=initial.get_shape().as_proto()),
            "shared_name": tf.AttrValue(s=scope[:-1].encode()),
            "container": tf.AttrValue(s=(graph._container or "").encode()),
        }
        attributes.update(of_kind)
        make = graph._create_op_internal  # a fifth faster than what is public
        handle = make("VarHandleOp", [], [tf.resource], None, scope, attributes).outputs[0]
        # Gradients of 1.15 find the shape there.
        handle._handle_data = _resource_variables.get_resource_handle_data(handle)
        assign = make("AssignVariableOp", [handle, initial], [], None, "Assign", of_kind)
        read = make("ReadVariableOp", [handle], [kind], None, "Read/ReadVariableOp", of_kind)
    definition = variable_pb2.VariableDef(
        variable_name=handle.name,
        initializer_name=assign.name,
        initial_value_name=initial.name,
        snapshot_name=read.outputs[0].name,
        trainable=trainable,
        is_resource=True,
    )
    variable = _resource_variables.ResourceVariable(variable_def=definition)
    if trainable:
        collections = [*collections, tf.GraphKeys.TRAINABLE_VARIABLES]
    for collection in collections:
        graph.add_to_collection(collection, variable)
    return variable


def initializer_and_feed(variable: Any) -> Any:
    """The operation that initializes a variable, and the tensor through which another value can be
    fed to it; ``(None, None)`` for a variable of several parts or copies."""
    op = variable.initializer
    is_one = op is not None and op.type in ("Assign", "AssignVariableOp")
    return (op, op.inputs[1]) if is_one else (None, None)


def call_before(graph: Any, method: str, action: Any) -> None:
    """Has ``action`` called, with the same arguments, before a method of ``graph``."""
    original = getattr(graph, method)

    @functools.wraps(original)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        action(*args, **kwargs)
        return original(*args, **kwargs)

    setattr(graph, method, wrapper)


def collection(graph: Any, key: str) -> List[Any]:
    """A collection itself, with what stands in it for what is still to be made."""
    return graph._collections.setdefault(key, [])


def set_saved_variables(saver: Any, named: Any) -> None:
    """Says which variables a saver with ``defer_build`` has, by their names in the checkpoint."""
    saver._var_list = named


# The description that TensorFlow keeps in a checkpoint of objects, and its key there.
OBJECT_GRAPH_KEY = "_CHECKPOINTABLE_OBJECT_GRAPH"
TrackableObjectGraph: Any = trackable_object_graph_pb2.TrackableObjectGraph

# What is raised where a message is none.
DecodeError = protobuf_message.DecodeError


def is_on_replica() -> bool:
    """Whether what is built now is that of one of several replicas."""
    return tf.distribute.has_strategy() and tf.distribute.get_replica_context() is not None


def update_copies(change: Any, variables: Any, value: Any) -> Any:
    """The operation that calls ``change(first, value, *others)`` for the copies of variables on
    each device, with the mean of the replicas' values. To be called on a replica."""

    def merged(strategy: Any, value: Any, first: Any, *others: Any) -> Any:
        mean = strategy.reduce(tf.distribute.ReduceOp.MEAN, value, axis=None)
        return strategy.extended.update(first, change, args=(mean, *others))

    return tf.distribute.get_replica_context().merge_call(merged, args=(value, *variables))


def run_after(op: Any, earlier: Any) -> None:
    """Lets an operation that is there already wait for others."""
    op._add_control_inputs(list(earlier))


def projective_transform(images, transforms, output_shape, interpolation):
    """A batch of images, each pixel taken from where the transform points to."""
    if not hasattr(tf.raw_ops, "ImageProjectiveTransformV2"):  # 1.15 has it in a library of its own
        return submodule("contrib.image").transform(images, transforms, interpolation, output_shape)
    return tf.raw_ops.ImageProjectiveTransformV2(
        images=images,
        transforms=transforms,
        output_shape=tf.shape(images)[1:3] if output_shape is None else output_shape,
        interpolation=interpolation,
    )


def import_variables_and_graph(definition: Any) -> None:
    """Adds what a ``MetaGraphDef`` holds to the default graph, without a saver for it."""
    from tensorflow.python.framework import meta_graph

    meta_graph.import_scoped_meta_graph(definition)
