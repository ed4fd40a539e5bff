"""Variables and placeholders: making them, asking about them, reading and writing their values."""

import functools
from typing import Any, Callable, Dict, List, Tuple

import numpy as np

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.backend import misfortunes
from tfkeras_compat.errors import ShapeError
from tfkeras_compat.state import graph as graph_state
from tfkeras_compat.state.config import floatx
from tfkeras_compat.state.generation import trait
from tfkeras_compat.state.ledger import DeferredUpdate, Update
from tfkeras_compat.state.session import get_session, mark_initialized
from tfkeras_compat.state.structures import contains

_ASSIGNMENT = "_tfkeras_compat_assignment"
_CALLS = "_tfkeras_compat_calls"


# ---- making -------------------------------------------------------------------------------------


def variable(value, dtype=None, name=None, constraint=None, trainable=True):
    """A variable with the given initial value: an array, a number, a tensor, or a callable that
    makes one.

    A scipy sparse matrix gives a sparse tensor. The variable is a resource variable, named by the
    scopes it is made in.

    >>> from tfkeras_compat import backend as K
    >>> K.get_value(K.variable([1.0, 2.0], name="pair")).tolist()
    [1.0, 2.0]
    """
    graph_state.current()
    dtype = dtype or floatx()
    if hasattr(value, "tocoo"):
        return _sparse_constant(value, dtype)
    return _labelled(_resource_variable(value, dtype, name, trainable), constraint)


def _labelled(made, constraint=None):
    made._keras_shape = tuple(made.get_shape().as_list())
    made._uses_learning_phase = False
    made._constraint = constraint  # tf.train optimizers read it as `constraint`
    # TensorFlow 2 refuses to tell it of resource variables.
    made.initialized_value = functools.partial(_value_when_initialized, made)
    return made


_EVERYWHERE = (tf.GraphKeys.GLOBAL_VARIABLES,)


def _resource_variable(value, dtype, name, trainable, collections=_EVERYWHERE):
    # A loop or branch that is being built must not own the variable or its initial value; and the
    # value is made a tensor here, because the variable would make it one outside the device of the
    # scope.
    is_plain = _tf.has_only_name_scopes()
    with tf.init_scope():
        initial = value() if callable(value) else value
        if _tf.is_variable(initial):  # as a user's initializer may give one: K.ones(shape)
            initial = _value_when_initialized(initial)
        initial = tf.convert_to_tensor(initial, None if _tf.is_tensor(initial) else dtype)
        if is_plain and _suits_plain_variable(initial, dtype):
            return _tf.plain_variable(initial, name, trainable, collections)
        return tf.Variable(
            initial,
            dtype=tf.as_dtype(dtype),
            name=name,
            trainable=trainable,
            collections=list(collections),
            use_resource=True,
        )


def _suits_plain_variable(initial, dtype):
    return (
        initial.dtype.base_dtype == tf.as_dtype(dtype)
        and initial.get_shape().is_fully_defined()
        and not _tf.depends_on_variables(initial)
    )


def _value_when_initialized(x):
    """The value of a variable, or the one that it will begin with if it has none yet."""
    with tf.init_scope():
        return tf.cond(tf.is_variable_initialized(x), x.read_value, lambda: x.initial_value)


def _sparse_constant(matrix, dtype):
    matrix = matrix.tocoo()
    indices = np.stack([matrix.row, matrix.col], axis=1)
    sparse = tf.SparseTensor(
        indices=indices, values=matrix.data.astype(dtype), dense_shape=matrix.shape
    )
    sparse._keras_shape = matrix.shape
    sparse._uses_learning_phase = False
    return sparse


def constant(value, dtype=None, shape=None, name=None):
    """A constant tensor of the default float type unless ``dtype`` is given."""
    graph_state.current()
    return tf.constant(value, dtype=dtype or floatx(), shape=shape, name=name)


def placeholder(shape=None, ndim=None, dtype=None, sparse=False, name=None):
    """A placeholder of the given shape, or with ``ndim`` unknown dimensions."""
    graph_state.current()
    dtype = dtype or floatx()
    if shape is None and ndim:
        shape = (None,) * ndim
    make = tf.sparse_placeholder if sparse else tf.placeholder
    made = make(dtype, shape=shape, name=name)
    made._keras_shape = None if shape is None else tuple(shape)
    made._uses_learning_phase = False
    return made


def zeros(shape, dtype=None, name=None):
    """A variable of zeros, or a tensor of zeros if the shape is not fully known."""
    return _filled(tf.zeros, shape, dtype, name)


def ones(shape, dtype=None, name=None):
    """A variable of ones, or a tensor of ones if the shape is not fully known."""
    return _filled(tf.ones, shape, dtype, name)


def _filled(make, shape, dtype, name):
    graph_state.current()
    dtype = dtype or floatx()
    # The variable must not wait for what an optimizer's updates wait for, when it is initialized.
    with _tf.without_control_dependencies():
        value = make(shape=shape, dtype=tf.as_dtype(dtype), name=name)
    is_known = all(size is not None for size in value.get_shape().as_list())
    return variable(value, dtype=dtype, name=name) if is_known else value


def eye(size, dtype=None, name=None):
    """A variable that is an identity matrix: ``size`` is an int, or ``(rows, columns)``."""
    rows, columns = size if isinstance(size, (tuple, list)) else (size, size)
    return variable(np.eye(rows, columns), dtype, name)


def zeros_like(x, dtype=None, name=None):
    """A tensor of zeros of the shape of ``x``."""
    return tf.zeros_like(x, dtype=dtype, name=name)


def ones_like(x, dtype=None, name=None):
    """A tensor of ones of the shape of ``x``."""
    return tf.ones_like(x, dtype=dtype, name=name)


def random_uniform_variable(shape, low, high, dtype=None, name=None, seed=None):
    """A variable drawn from a uniform distribution."""
    return _drawn(tf.random_uniform_initializer, low, high, shape, dtype, name, seed)


def random_normal_variable(shape, mean, scale, dtype=None, name=None, seed=None):
    """A variable drawn from a normal distribution of the given mean and standard deviation."""
    return _drawn(tf.random_normal_initializer, mean, scale, shape, dtype, name, seed)


def _drawn(initializer, first, second, shape, dtype, name, seed):
    graph_state.current()
    dtype = dtype or floatx()
    seed = np.random.randint(10**9) if seed is None else seed
    make = initializer(first, second, dtype=tf.as_dtype(dtype), seed=seed)
    return variable(lambda: make(shape), dtype=dtype, name=name)


def identity(x, name=None):
    """A tensor with the same content."""
    return tf.identity(x, name=name)


def cast(x, dtype):
    """The tensor with another dtype."""
    return tf.cast(x, dtype)


def cast_to_floatx(x):
    """A numpy array of the default float type."""
    return np.asarray(x, dtype=floatx())


# ---- asking -------------------------------------------------------------------------------------


def is_tensor(x):
    """Whether ``x`` is a tensor, sparse tensor or variable."""
    return _tf.is_tensor(x)


def is_variable(x):
    """Whether ``x`` is a variable of any kind."""
    return _tf.is_variable(x)


def is_sparse(tensor):
    """Whether ``tensor`` is a sparse tensor."""
    return isinstance(tensor, _tf.SparseTensor)


def is_placeholder(x):
    """Whether ``x`` is a placeholder."""
    if is_sparse(x):
        return is_placeholder(x.values)
    return isinstance(x, _tf.Tensor) and x.op.type == "Placeholder"


def is_keras_tensor(x):
    """Whether ``x`` came out of a layer. Raises ValueError if it is no symbolic tensor at all."""
    if not is_tensor(x):
        raise ValueError(
            "Unexpectedly found an instance of type `%s`. Expected a symbolic tensor instance."
            % type(x)
        )
    return hasattr(x, "_keras_history")


def int_shape(x):
    """The static shape: a tuple of ints and ``None``, or ``None`` if the rank is unknown."""
    if hasattr(x, "_keras_shape"):
        return x._keras_shape
    shape = x.shape if isinstance(x, np.ndarray) else x.get_shape()
    if isinstance(shape, tuple):
        return shape
    return None if shape.ndims is None else tuple(shape.as_list())


def shape(x):
    """The symbolic shape: an int32 tensor."""
    return tf.shape(x)


def ndim(x):
    """The number of axes, or ``None`` if unknown."""
    return x.get_shape().ndims


def size(x, name=None):
    """The number of elements, as a tensor."""
    return tf.size(x, name=name)


def dtype(x):
    """The dtype as a string."""
    return x.dtype.base_dtype.name


def count_params(x):
    """The number of elements of a tensor of known shape."""
    return int(np.prod(int_shape(x)))


def to_dense(tensor):
    """A dense tensor with the content of a sparse one; a dense one as it is."""
    return tf.sparse_tensor_to_dense(tensor) if is_sparse(tensor) else tensor


# ---- reading and writing values -----------------------------------------------------------------


def eval(x):
    """The value of a tensor or variable in the session of its graph."""
    dense = to_dense(x)
    return get_session(_tf.graph_of(dense)).run(dense)


def get_value(x):
    """The value of a variable: an array."""
    return batch_get_value([x])[0] if is_variable(x) else eval(x)


def value_of(x):
    """The value of a variable as a tensor, for operations that need not wait for an assignment."""
    return _tf.value_of(x)


def batch_get_value(ops):
    """The values of several variables, read in one call."""
    ops = list(ops)
    if not ops:
        return []
    graph = _tf.graph_of(ops[0])
    session = get_session(graph)
    if not all(is_variable(x) for x in ops):
        return session.run(ops)
    try:
        return _run(session, fetches=[graph.as_graph_element(x) for x in ops])
    except misfortunes.CAUGHT as error:
        misfortunes.explain(error)
        raise


def _run(session, fetches=(), feeds=(), targets=(), values=()):
    """``Session.run`` of variables, which are read and written again and again: prepared once for
    each choice of them."""
    if not _tf.can_make_callable(session):
        return session.run([fetches, targets], feed_dict=dict(zip(feeds, values)))[0]
    key = tuple(tuple(element.name for element in each) for each in (fetches, feeds, targets))
    calls = vars(session).setdefault(_CALLS, {})
    if key not in calls:
        calls[key] = _tf.make_callable(session, feeds, fetches, targets)
    return calls[key](*values)


def set_value(x, value):
    """Sets the value of a variable from an array. Raises ShapeError if it does not fit."""
    batch_set_value([(x, value)])


def batch_set_value(tuples):
    """Sets several variables from arrays in one call: either all of them change or none.

    Args: ``(variable, array)`` pairs. Raises ShapeError if an array does not fit its variable.
    """
    pairs = [(x, _fitting(x, value)) for x, value in tuples]
    if not pairs:
        return
    variables, values = zip(*pairs)
    targets, feeds = zip(*_assignments(variables))
    session = get_session(_tf.graph_of(variables[0]), about_to_set=variables)
    _run(session, feeds=feeds, targets=targets, values=values)
    mark_initialized(session, variables)


def _fitting(x, value):
    value = np.asarray(value, dtype=dtype(x))
    expected = int_shape(x)
    if expected is not None and not fits(expected, value.shape):
        raise ShapeError(
            "Variable %s has shape %s, but the value given for it has shape %s."
            % (x.name, expected, value.shape)
        )
    return value


def fits(expected, found):
    """Whether a known shape fits a static one, in which ``None`` stands for any size."""
    return len(expected) == len(found) and all(
        mine is None or mine == theirs for mine, theirs in zip(expected, found)
    )


def _assignments(variables):
    """For each variable an operation that sets it, and the tensor that its value is fed to: those
    that initialize it, which need nothing new in the graph."""
    found, fed = [], set()
    for x in variables:
        op, feed = _tf.initializer_and_feed(x)
        if op is None or id(feed) in fed:  # two variables may begin with the value of one tensor
            op, feed = _assignment(x)
        fed.add(id(feed))
        found.append((op, feed))
    return found


def _assignment(x):
    # Made once for each variable, or the graph would grow with every call.
    if not hasattr(x, _ASSIGNMENT):
        graph = _tf.graph_of(x)
        with graph_state.at_root(graph):
            feed = tf.placeholder(x.dtype.base_dtype, shape=int_shape(x))
            setattr(x, _ASSIGNMENT, (x.assign(feed, read_value=False), feed))
    return getattr(x, _ASSIGNMENT)


# ---- updates ------------------------------------------------------------------------------------


def update(x, new_x):
    """The update that sets ``x`` to ``new_x``: a pair and an operation, see
    :class:`state.ledger.Update`."""
    new_x = tf.convert_to_tensor(new_x, dtype=x.dtype.base_dtype)
    return Update(x, new_x, x.assign(new_x, read_value=False))


def update_add(x, increment):
    """The update that adds ``increment`` to ``x``."""
    return Update(x, x + increment, x.assign_add(increment, read_value=False))


def update_sub(x, decrement):
    """The update that subtracts ``decrement`` from ``x``."""
    return Update(x, x - decrement, x.assign_sub(decrement, read_value=False))


def moving_average_update(x, value, momentum):
    """The update that moves ``x`` towards ``value``, a tensor or what makes one: an exponential
    average, corrected for its start at zero.

    As in Keras 2.2 on TensorFlow 1.15, two more variables belong to it, ``<x>/biased`` and
    ``<x>/local_step``: the plain average that began at zero, and the number of updates. The new
    value of the pair advances both when it is evaluated. All of this is made when it is first
    asked for. In Keras 1 and tf.keras it is the plain average.

    Source: ``moving_averages.assign_moving_average(zero_debias=True)`` of TensorFlow 1.15; Kingma
    and Ba, arXiv:1412.6980, section 3.
    """
    move, accumulate = _MOVING_AVERAGES[trait("averages")["debiased"]]
    make = _average_of_replicas if _tf.is_on_replica() else _deferred_average
    return make(functools.partial(move, momentum), accumulate, x, value)


def _deferred_average(move, accumulate, x, value):
    def make():
        accumulators = accumulate(x)
        # AutoGraph of TensorFlow 1.15 needs the star last.
        return move(x, value() if callable(value) else value, *accumulators) + (accumulators,)

    return DeferredUpdate(x, make)


def _average_of_replicas(move, accumulate, x, value):
    # Each has the statistics of its own batch: every copy of the variables moves to their mean.
    value = value() if callable(value) else value
    copies = [x] + accumulate(x, [tf.GraphKeys.GLOBAL_VARIABLES])
    return Update(x, x, _tf.update_copies(lambda *each: move(*each)[1], copies, value))


def _plain_average(momentum, x, value):
    """The new value of ``x``, and the operation that sets it."""
    decrement = (x - tf.cast(value, x.dtype.base_dtype)) * (1.0 - momentum)
    return x - decrement, x.assign_sub(decrement, read_value=False)


def _debiased_average(momentum, x, value, biased, local_step):
    """The new value of ``x``, and the operation that sets it."""
    kind = x.dtype.base_dtype
    step_size = kind.as_numpy_dtype(1.0 - momentum)
    kept = kind.as_numpy_dtype(1.0) - step_size
    one = tf.constant(1.0, kind)
    advanced = [
        biased.assign_sub((biased - tf.cast(value, kind)) * step_size, read_value=False),
        local_step.assign_add(one, read_value=False),
    ]
    with tf.control_dependencies(advanced):
        average = biased.value() / (one - tf.pow(kept, local_step.value()))
    return average, x.assign(average, read_value=False)


def _no_accumulators(x, collections=()):
    return []


def _average_accumulators(x, collections=()):
    shapes = {"biased": x.get_shape(), "local_step": []}
    with tf.name_scope(x.op.name + "/"):
        return [_untrained_zeros(x, name, shape, collections) for name, shape in shapes.items()]


def _untrained_zeros(x, name, shape, collections):
    value = functools.partial(tf.zeros, shape, x.dtype.base_dtype)
    return _labelled(_resource_variable(value, dtype(x), name, False, list(collections)))


# Whether the start at zero is corrected -> what moves the average, what makes further variables.
_MOVING_AVERAGES: Dict[bool, Tuple[Callable[..., Any], Callable[..., List[Any]]]] = {
    True: (_debiased_average, _average_accumulators),
    False: (_plain_average, _no_accumulators),
}


# ---- freezing -----------------------------------------------------------------------------------


def set_trainable(variables, trainable):
    """Puts variables into their graph's ``TRAINABLE_VARIABLES``, in the order they were made, or
    takes them out.

    This is what makes freezing hold for any optimizer, also one that never heard of layers.
    """
    for graph in {_tf.graph_of(x) for x in variables}:
        collection = graph.get_collection_ref(tf.GraphKeys.TRAINABLE_VARIABLES)
        mine = [x for x in variables if _tf.graph_of(x) is graph]
        kept = [x for x in collection if not contains(mine, x)] + (mine if trainable else [])
        order = {
            id(x): index
            for index, x in enumerate(_tf.collection(graph, tf.GraphKeys.GLOBAL_VARIABLES))
        }
        collection[:] = sorted(kept, key=lambda x: order.get(id(x), len(order)))
