"""Training by one operation: ``create_train_op`` and ``train``."""

import sys
import time

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, KindError

_DEFAULT = object()
_ABORTED = (tf.errors.AbortedError, tf.errors.UnavailableError)


def clip_gradient_norms(gradients_to_variables, max_norm):
    """The pairs with each gradient scaled down to a norm."""
    return _each_gradient(gradients_to_variables, lambda g, _: tf.clip_by_norm(g, max_norm))


def multiply_gradients(grads_and_vars, gradient_multipliers):
    """The pairs with the gradients of some variables, or names, multiplied.

    Raises: ConfigError if there is nothing to multiply by, or a gradient is missing.
    """
    if not isinstance(grads_and_vars, list) or not isinstance(gradient_multipliers, dict):
        raise ConfigError("multiply_gradients expects a list of pairs and a dictionary.")
    if not gradient_multipliers:
        raise ConfigError("gradient_multipliers is empty.")
    by_name = {
        key if isinstance(key, str) else key.op.name: factor
        for key, factor in gradient_multipliers.items()
    }
    missing = [v.op.name for g, v in grads_and_vars if g is None and v.op.name in by_name]
    if missing:
        raise ConfigError("There is no gradient to multiply for %s." % ", ".join(missing))
    return _each_gradient(
        grads_and_vars, lambda g, v: g * tf.cast(by_name.get(v.op.name, 1.0), g.dtype)
    )


def _each_gradient(pairs, change):
    """The pairs with each gradient changed: its values, if it has those of some rows only."""
    return [(_changed(gradient, variable, change), variable) for gradient, variable in pairs]


def _changed(gradient, variable, change):
    if gradient is None:
        return None
    if isinstance(gradient, tf.IndexedSlices):
        values = change(gradient.values, variable)
        return tf.IndexedSlices(values, gradient.indices, gradient.dense_shape)
    return change(gradient, variable)


def add_gradients_summaries(grads_and_vars):
    """A histogram and the norm of each gradient."""
    found = []
    for gradient, variable in grads_and_vars:
        if gradient is None:
            tf.logging.info("Var %s has no gradient", variable.op.name)
            continue
        values = gradient.values if isinstance(gradient, tf.IndexedSlices) else gradient
        name = variable.op.name + "/gradient"
        found.append(tf.summary.histogram(name, values))
        found.append(tf.summary.scalar(name + "_norm", tf.global_norm([values])))
    return found


def create_train_op(
    total_loss,
    optimizer,
    global_step=_DEFAULT,
    update_ops=None,
    variables_to_train=None,
    clip_gradient_norm=0,
    summarize_gradients=False,
    gate_gradients=tf.train.Optimizer.GATE_OP,
    aggregation_method=None,
    colocate_gradients_with_ops=False,
    gradient_multipliers=None,
    check_numerics=True,
):
    """A tensor of the loss that trains when it is run, after the operations of ``UPDATE_OPS``.

    Raises: ConfigError if there is no variable to train.
    """
    if global_step is _DEFAULT:
        global_step = tf.train.get_or_create_global_step()
    total_loss = _after(_updates(update_ops), total_loss, "update_barrier")
    variables = tf.trainable_variables() if variables_to_train is None else variables_to_train
    if not variables:
        raise ConfigError("There is no variable to train.")
    pairs = optimizer.compute_gradients(
        total_loss,
        variables,
        gate_gradients=gate_gradients,
        aggregation_method=aggregation_method,
        colocate_gradients_with_ops=colocate_gradients_with_ops,
    )
    if gradient_multipliers:
        with tf.name_scope("multiply_grads"):
            pairs = multiply_gradients(pairs, gradient_multipliers)
    if clip_gradient_norm > 0:
        with tf.name_scope("clip_grads"):
            pairs = clip_gradient_norms(pairs, clip_gradient_norm)
    if summarize_gradients:
        with tf.name_scope("summarize_grads"):
            add_gradients_summaries(pairs)
    trained = optimizer.apply_gradients(pairs, global_step=global_step)
    with tf.name_scope("train_op"):
        if check_numerics:
            total_loss = tf.check_numerics(total_loss, "LossTensor is inf or nan")
        train_op = _after([trained], total_loss)
    tf.add_to_collection(tf.GraphKeys.TRAIN_OP, train_op)
    return train_op


def _updates(given):
    collected = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    if given is None:
        return collected
    known = {id(each) for each in given}
    if any(id(each) not in known for each in collected):
        tf.logging.warning(
            "update_ops in create_train_op does not contain all the update_ops in "
            "GraphKeys.UPDATE_OPS"
        )
    return list(given)


def _after(operations, loss, name=None):
    if not operations:
        return loss
    with tf.control_dependencies(operations):
        barrier = tf.no_op(name=name) if name else None
    with tf.control_dependencies([barrier] if name else operations):
        return tf.identity(loss)


def train_step(sess, train_op, global_step, train_step_kwargs):
    """One step: ``(loss, whether to stop)``."""
    begun = time.time()
    loss, step = sess.run([train_op, global_step])
    if "should_log" in train_step_kwargs and sess.run(train_step_kwargs["should_log"]):
        took = time.time() - begun
        tf.logging.info("global step %d: loss = %.4f (%.3f sec/step)", step, loss, took)
    return loss, "should_stop" in train_step_kwargs and sess.run(train_step_kwargs["should_stop"])


def train(
    train_op,
    logdir,
    train_step_fn=train_step,
    train_step_kwargs=_DEFAULT,
    log_every_n_steps=1,
    graph=None,
    master="",
    is_chief=True,
    global_step=None,
    number_of_steps=None,
    init_op=_DEFAULT,
    init_feed_dict=None,
    local_init_op=_DEFAULT,
    init_fn=None,
    ready_op=_DEFAULT,
    summary_op=_DEFAULT,
    save_summaries_secs=600,
    summary_writer=_DEFAULT,
    startup_delay_steps=0,
    saver=None,
    save_interval_secs=600,
    sync_optimizer=None,
    session_config=None,
    session_wrapper=None,
    trace_every_n_steps=None,
    ignore_live_threads=False,
):
    """Runs ``train_op`` up to ``number_of_steps``, or until the input ends; gives the last loss.

    Checkpoints and summaries go to ``logdir``; training goes on from the last one there.

    Raises: ConfigError for arguments that exclude each other, and for ``sync_optimizer`` and
    ``trace_every_n_steps``, which are not offered: use tf.train.MonitoredTrainingSession with a
    tf.train.ProfilerHook or the optimizer's own hook.
    """
    _check(train_op, logdir, summary_op, saver, number_of_steps)
    if sync_optimizer is not None or trace_every_n_steps is not None:
        raise ConfigError(
            "slim.learning.train: sync_optimizer and trace_every_n_steps are not offered. Use "
            "tf.train.MonitoredTrainingSession with optimizer.make_session_run_hook(is_chief), or "
            "with a tf.train.ProfilerHook."
        )
    with (graph or tf.get_default_graph()).as_default() as graph:
        if global_step is None:
            global_step = tf.train.get_or_create_global_step()
        if train_step_kwargs is _DEFAULT:
            train_step_kwargs = _step_arguments(global_step, number_of_steps, log_every_n_steps)
        supervisor = tf.train.Supervisor(
            graph=graph,
            is_chief=is_chief,
            logdir=logdir,
            init_feed_dict=init_feed_dict,
            init_fn=init_fn,
            saver=saver or tf.train.Saver(),
            global_step=global_step,
            save_summaries_secs=save_summaries_secs,
            save_model_secs=save_interval_secs,
            **_operations(init_op, local_init_op, ready_op, summary_op, summary_writer),
        )
    wait_for = min(startup_delay_steps, number_of_steps or sys.maxsize) if not is_chief else 0
    while True:
        try:
            with supervisor.managed_session(
                master, start_standard_services=False, config=session_config
            ) as session:
                if session_wrapper is not None:
                    session = session_wrapper(session)
                if is_chief and logdir:
                    supervisor.start_standard_services(session)
                _wait_for_step(session, global_step, wait_for)
                threads = supervisor.start_queue_runners(session)
                loss = _steps(
                    supervisor, session, train_step_fn, train_op, global_step, train_step_kwargs
                )
                if logdir and is_chief:
                    supervisor.saver.save(
                        session, supervisor.save_path, global_step=supervisor.global_step
                    )
                    supervisor.stop(
                        threads, close_summary_writer=False, ignore_live_threads=ignore_live_threads
                    )
                return loss
        except _ABORTED:
            tf.logging.info("Retrying training!")


def _check(train_op, logdir, summary_op, saver, number_of_steps):
    if train_op is None:
        raise KindError("train_op must be a tensor; found None.")
    if logdir is None and (
        summary_op is not _DEFAULT and summary_op is not None or saver is not None
    ):
        raise ConfigError("Summaries and a saver need a logdir.")
    if number_of_steps is not None and number_of_steps <= 0:
        raise ConfigError("number_of_steps must be positive; found %r." % number_of_steps)


def _operations(init_op, local_init_op, ready_op, summary_op, summary_writer):
    """What a Supervisor runs beside the steps; of its own, where none is given."""
    with tf.name_scope("init_ops"):
        usual = {
            "init_op": (init_op, tf.global_variables_initializer),
            "ready_op": (ready_op, tf.report_uninitialized_variables),
            "local_init_op": (local_init_op, _local_initializer),
            "summary_op": (summary_op, tf.summary.merge_all),
            "summary_writer": (summary_writer, lambda: tf.train.Supervisor.USE_DEFAULT),
        }
        return {
            name: make() if given is _DEFAULT else given for name, (given, make) in usual.items()
        }


def _local_initializer():
    return tf.group(tf.local_variables_initializer(), tf.tables_initializer())


def _step_arguments(global_step, number_of_steps, log_every):
    with tf.name_scope("train_step"):
        last = number_of_steps or global_step.dtype.max
        found = {"should_stop": tf.greater_equal(global_step, last)}
        if log_every > 0:
            found["should_log"] = tf.equal(tf.mod(global_step, log_every), 0)
        return found


def _wait_for_step(session, global_step, step):
    while step and tf.train.global_step(session, global_step) < step:
        time.sleep(1.0)


def _steps(supervisor, session, train_step_fn, train_op, global_step, arguments):
    loss = None
    try:
        while not supervisor.should_stop():
            loss, is_last = train_step_fn(session, train_op, global_step, arguments)
            if is_last:
                supervisor.request_stop()
                break
    except tf.errors.OutOfRangeError as error:
        tf.logging.info("Caught OutOfRangeError. Stopping Training. %s", error)
    return loss
