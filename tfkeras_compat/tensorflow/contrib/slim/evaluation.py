"""Evaluation of a checkpoint, or of each as it comes."""

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf

_checkpoints = _tf.submodule("python.training.checkpoint_utils")

checkpoints_iterator = _checkpoints.checkpoints_iterator
wait_for_new_checkpoint = _checkpoints.wait_for_new_checkpoint

_DEFAULT = object()


def evaluate_once(
    master,
    checkpoint_path,
    logdir,
    num_evals=1,
    initial_op=None,
    initial_op_feed_dict=None,
    eval_op=None,
    eval_op_feed_dict=None,
    final_op=None,
    final_op_feed_dict=None,
    summary_op=_DEFAULT,
    summary_op_feed_dict=None,
    variables_to_restore=None,
    session_config=None,
    hooks=None,
    init_fn=None,
):
    """Runs ``eval_op`` so many times on a checkpoint; gives what ``final_op`` is then."""
    creator = tf.train.ChiefSessionCreator(
        scaffold=tf.train.Scaffold(
            init_op=initial_op,
            init_feed_dict=initial_op_feed_dict,
            init_fn=init_fn,
            saver=None if variables_to_restore is None else tf.train.Saver(variables_to_restore),
        ),
        checkpoint_filename_with_path=checkpoint_path,
        master=master,
        config=session_config,
    )
    step = tf.train.get_global_step()
    with tf.train.MonitoredSession(creator, hooks=list(hooks or [])) as session:
        for _ in range(num_evals if eval_op is not None else 0):
            session.run(eval_op, eval_op_feed_dict)
        wanted = {"final": final_op, "summary": _summary(summary_op), "step": step}
        wanted = {key: value for key, value in wanted.items() if value is not None}
        feeds = dict(final_op_feed_dict or {})
        feeds.update(summary_op_feed_dict or {})
        found = session.run(wanted, feeds) if wanted else {}
    if "summary" in found and logdir:
        writer = tf.summary.FileWriterCache.get(logdir)
        writer.add_summary(found["summary"], found.get("step", 0))
        writer.flush()
    return found.get("final")


def _summary(summary_op):
    return tf.summary.merge_all() if summary_op is _DEFAULT else summary_op


def evaluation_loop(
    master,
    checkpoint_dir,
    logdir,
    num_evals=1,
    initial_op=None,
    initial_op_feed_dict=None,
    init_fn=None,
    eval_op=None,
    eval_op_feed_dict=None,
    final_op=None,
    final_op_feed_dict=None,
    summary_op=_DEFAULT,
    summary_op_feed_dict=None,
    variables_to_restore=None,
    eval_interval_secs=60,
    max_number_of_evaluations=None,
    session_config=None,
    timeout=None,
    timeout_fn=None,
    hooks=None,
):
    """:func:`evaluate_once` for each new checkpoint; gives what ``final_op`` was last."""
    summary_op, result = _summary(summary_op), None
    paths = checkpoints_iterator(
        checkpoint_dir,
        min_interval_secs=eval_interval_secs,
        timeout=timeout,
        timeout_fn=timeout_fn,
    )
    for number, path in enumerate(paths, 1):
        result = evaluate_once(
            master,
            path,
            logdir,
            num_evals,
            initial_op,
            initial_op_feed_dict,
            eval_op,
            eval_op_feed_dict,
            final_op,
            final_op_feed_dict,
            summary_op,
            summary_op_feed_dict,
            variables_to_restore,
            session_config,
            hooks,
            init_fn,
        )
        if number == max_number_of_evaluations:
            break
    return result
