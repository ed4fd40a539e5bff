"""Variables of a graph: made for a model or not, and found again by scope, suffix or name."""

import re

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, KindError
from tfkeras_compat.tensorflow.contrib.framework.scopes import add_arg_scope

_AUTO = tf.VariableSynchronization.AUTO
_NONE = tf.VariableAggregation.NONE


@add_arg_scope
def variable(
    name,
    shape=None,
    dtype=None,
    initializer=None,
    regularizer=None,
    trainable=True,
    collections=None,
    caching_device=None,
    device=None,
    partitioner=None,
    custom_getter=None,
    use_resource=None,
    synchronization=_AUTO,
    aggregation=_NONE,
):
    """The variable of the current scope called ``name``, made if it is not there yet."""
    getter = tf.get_variable if custom_getter is None else _of_this_scope(custom_getter)
    with tf.device(device or ""):
        return getter(
            name,
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
            collections=_each_once([tf.GraphKeys.GLOBAL_VARIABLES], collections),
            caching_device=caching_device,
            partitioner=partitioner,
            use_resource=use_resource,
            synchronization=synchronization,
            aggregation=aggregation,
        )


def _of_this_scope(getter):
    def get(name, **keywords):
        return getter(name, reuse=tf.get_variable_scope().reuse, **keywords)

    return get


def _each_once(default, collections):
    return list(dict.fromkeys(default if collections is None else collections))


@add_arg_scope
def model_variable(
    name,
    shape=None,
    dtype=tf.float32,
    initializer=None,
    regularizer=None,
    trainable=True,
    collections=None,
    caching_device=None,
    device=None,
    partitioner=None,
    custom_getter=None,
    use_resource=None,
    synchronization=_AUTO,
    aggregation=_NONE,
):
    """A :func:`variable` that belongs to a model: it is in ``MODEL_VARIABLES`` too.

    >>> from tfkeras_compat._tf import tf
    >>> with tf.Graph().as_default(), tf.variable_scope("layer"):
    ...     weights = model_variable("weights", [2])
    ...     [each.op.name for each in get_model_variables()]
    ['layer/weights']
    """
    kinds = [tf.GraphKeys.GLOBAL_VARIABLES, tf.GraphKeys.MODEL_VARIABLES]
    return variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=list(collections or []) + kinds,
        caching_device=caching_device,
        device=device,
        partitioner=partitioner,
        custom_getter=custom_getter,
        use_resource=use_resource,
        synchronization=synchronization,
        aggregation=aggregation,
    )


def local_variable(initial_value, validate_shape=True, name=None, use_resource=None):
    """A variable that is not saved: in ``LOCAL_VARIABLES`` only."""
    kind = tf.GraphKeys.LOCAL_VARIABLES
    return _untrained(initial_value, kind, validate_shape, name, use_resource)


def global_variable(initial_value, validate_shape=True, name=None, use_resource=None):
    """A variable that is saved and not trained."""
    kind = tf.GraphKeys.GLOBAL_VARIABLES
    return _untrained(initial_value, kind, validate_shape, name, use_resource)


def _untrained(value, collection, validate_shape, name, use_resource):
    return tf.Variable(
        value,
        trainable=False,
        collections=[collection],
        validate_shape=validate_shape,
        name=name,
        use_resource=use_resource,
    )


def add_model_variable(var):
    """Puts a variable into ``MODEL_VARIABLES``, once."""
    known = tf.get_collection(tf.GraphKeys.MODEL_VARIABLES)
    if not any(each is var for each in known):
        tf.add_to_collection(tf.GraphKeys.MODEL_VARIABLES, var)


def get_variables(scope=None, suffix=None, collection=tf.GraphKeys.GLOBAL_VARIABLES):
    """The variables of a collection whose name begins with ``scope`` and ends with ``suffix``."""
    if isinstance(scope, tf.VariableScope):
        scope = scope.name
    if suffix is not None:
        ending = suffix if ":" in suffix else suffix + ":"
        scope = (scope or "") + ".*" + ending
    return tf.get_collection(collection, scope)


def get_model_variables(scope=None, suffix=None):
    """The :func:`model_variable` s, see :func:`get_variables`."""
    return get_variables(scope, suffix, tf.GraphKeys.MODEL_VARIABLES)


def get_local_variables(scope=None, suffix=None):
    """The :func:`local_variable` s, see :func:`get_variables`."""
    return get_variables(scope, suffix, tf.GraphKeys.LOCAL_VARIABLES)


def get_trainable_variables(scope=None, suffix=None):
    """The trainable variables, see :func:`get_variables`."""
    return get_variables(scope, suffix, tf.GraphKeys.TRAINABLE_VARIABLES)


def get_variables_to_restore(include=None, exclude=None):
    """The variables under the scopes of ``include`` (all, if not given), without those under the
    scopes of ``exclude``."""
    included = get_variables() if include is None else _under("include", include)
    excluded = {id(each) for each in _under("exclude", exclude or [])}
    return [each for each in included if id(each) not in excluded]


def _under(argument, scopes):
    if not isinstance(scopes, (list, tuple)):
        raise KindError("%s must be a list of scopes; found %r." % (argument, scopes))
    return [each for scope in scopes for each in get_variables(scope)]


def get_variables_by_suffix(suffix, scope=None):
    """The variables whose name ends with ``suffix``."""
    return get_variables(scope=scope, suffix=suffix)


def get_variables_by_name(given_name, scope=None):
    """The variables whose last part of the name is ``given_name``."""
    return get_variables(scope=scope, suffix="/%s:|^%s:" % (given_name, given_name))


def get_unique_variable(var_op_name):
    """The variable of just this name. Raises ConfigError if there is none."""
    found = [each for each in get_variables(scope=var_op_name) if each.op.name == var_op_name]
    if not found:
        raise ConfigError(
            "No variable is called %s. The global variables are: %s."
            % (var_op_name, ", ".join(each.op.name for each in get_variables()))
        )
    return found[0]


def assert_or_get_global_step(graph=None, global_step_tensor=None):
    """The given global step, checked; that of the graph, if none is given."""
    if global_step_tensor is None:
        return tf.train.get_global_step(graph)
    tf.train.assert_global_step(global_step_tensor)
    return global_step_tensor


def get_variable_full_name(var):
    """The name of a variable in a checkpoint: without its part, if it is one of several."""
    part_of = var._save_slice_info
    return part_of.full_name if part_of else var.op.name


def filter_variables(var_list, include_patterns=None, exclude_patterns=None, reg_search=True):
    """The variables whose names match a pattern to include (all, if none is given) and none to
    exclude."""
    matches = re.search if reg_search else re.match

    def any_of(patterns, var):
        return any(matches(pattern, var.name) for pattern in patterns)

    return [
        each
        for each in var_list
        if (include_patterns is None or any_of(include_patterns, each))
        and not any_of(exclude_patterns or (), each)
    ]


class VariableDeviceChooser:
    """A device function that gives variables to the tasks of a job in turn.

    >>> chooser = VariableDeviceChooser(num_tasks=2)
    >>> [chooser(None) for _ in range(3)]  # doctest: +ELLIPSIS
    ['/job:ps/task:0/device:CPU:0', '/job:ps/task:1/device:CPU:0', '/job:ps/task:0/device:CPU:0']
    """

    def __init__(self, num_tasks=0, job_name="ps", device_type="CPU", device_index=0, replica=None):
        self._num_tasks = num_tasks
        self._next_task = 0
        self._job = job_name
        self._place = {
            "replica": replica,
            "device_type": device_type,
            "device_index": device_index,
        }

    def __call__(self, op):
        if self._num_tasks <= 0:
            return tf.DeviceSpec(**self._place).to_string()
        task, self._next_task = self._next_task, (self._next_task + 1) % self._num_tasks
        return tf.DeviceSpec(job=self._job, task=task, **self._place).to_string()
