"""Monitored sessions for training, evaluation and prediction."""

import functools
import os

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import FileFormatError, FullDiskError
from tfkeras_compat.estimator.prepared_runs import prepare_runs
from tfkeras_compat.estimator.run_config import TaskType

# How often a worker asks whether the chief has initialized the variables, in seconds. TensorFlow's
# 30 are longer than a short training, which then ends before a restarted worker is back.
RECOVERY_WAIT_SECS = 1
# How long the end of a training waits for its threads, in seconds. That of a SyncReplicasOptimizer
# waits for gradients that nobody sends any more: TensorFlow's 120 are never enough for it.
STOP_GRACE_SECS = 5
# What the global step is called in checkpoints: also in those of tf.keras by place in the model.
STEP_KEYS = (tf.GraphKeys.GLOBAL_STEP, "estimator_global_step/.ATTRIBUTES/VARIABLE_VALUE")
# What TensorFlow makes of a full disk or quota, and of a file that may not become longer. It would
# take the second, raised by a hook, for the end of the input, and end the training as if all were
# well.
_DISK_IS_FULL = (tf.errors.ResourceExhaustedError, tf.errors.OutOfRangeError)


class SessionCreator(tf.train.SessionCreator):
    """Makes the session of a chief, which initializes or restores, or of a worker, which waits.

    Args:
        scaffold: the ``tf.train.Scaffold`` of the graph, finalized here.
        checkpoint_dir, checkpoint_path: where a chief restores from, if there is something.
        max_wait_secs: how long a worker waits for the chief.
    """

    def __init__(
        self,
        scaffold,
        master="",
        config=None,
        is_chief=True,
        checkpoint_dir=None,
        checkpoint_path=None,
        max_wait_secs=7200,
    ):
        self._scaffold = scaffold
        self._master = master
        self._config = config
        self._is_chief = is_chief
        self._restore = {
            "checkpoint_dir": checkpoint_dir,
            "checkpoint_filename_with_path": checkpoint_path,
        }
        self._max_wait_secs = max_wait_secs

    def create_session(self):
        self._scaffold.finalize()
        try:
            session = self._new_session(self._manager())
        except (tf.errors.DataLossError, tf.errors.OutOfRangeError) as error:
            raise self._damaged(error) from error
        self.session = session if self._master else prepare_runs(session)
        return self.session

    def _damaged(self, error):
        """The error for a checkpoint that is damaged: TensorFlow's own does not say what to do."""
        path = self._restore["checkpoint_filename_with_path"]
        directory = self._restore["checkpoint_dir"]
        path = path or (tf.train.latest_checkpoint(directory) if directory else None)
        return FileFormatError(
            "The checkpoint %s can not be read: its files are damaged or cut off (%s). Give an "
            "earlier one as checkpoint_path, or delete its files and name an earlier one as "
            "model_checkpoint_path in the file `checkpoint` beside it." % (path, error.message)
        )

    def _new_session(self, manager):
        if not self._is_chief:
            return manager.wait_for_session(
                self._master, config=self._config, max_wait_secs=self._max_wait_secs
            )
        return manager.prepare_session(
            self._master,
            saver=self._scaffold.saver,
            config=self._config,
            init_op=self._scaffold.init_op,
            init_feed_dict=self._scaffold.init_feed_dict,
            init_fn=self._scaffold.init_fn,
            **self._restore,
        )

    def _manager(self):
        optional = {}
        if getattr(self._scaffold, "local_init_feed_dict", None):  # TensorFlow 2 only
            optional["local_init_feed_dict"] = self._scaffold.local_init_feed_dict
        return tf.train.SessionManager(
            local_init_op=self._scaffold.local_init_op,
            ready_op=self._scaffold.ready_op,
            ready_for_local_init_op=self._scaffold.ready_for_local_init_op,
            recovery_wait_secs=RECOVERY_WAIT_SECS,
            **optional,
        )


def training_session(config, scaffold, hooks, chief_only_hooks=()):
    """``(session creator, hooks)`` of the monitored session that trains with this ``RunConfig``.

    The chief also counts steps per second and writes summaries to ``model_dir``; restoring is from
    there.
    """
    creator = SessionCreator(
        scaffold,
        master=config.master,
        config=config.session_config,
        is_chief=config.is_chief,
        checkpoint_dir=config.model_dir,
        max_wait_secs=config.session_creation_timeout_secs,
    )
    if not config.is_chief:
        return creator, hooks + _instead_of_master(config, scaffold)
    reporting = [] if _has_master_and_workers(config) else reporting_hooks(config, scaffold)
    return creator, list(chief_only_hooks) + reporting + hooks


def reporting_hooks(config, scaffold):
    """The hooks that write steps per second and summaries to ``model_dir``."""
    hooks = []
    if config.log_step_count_steps:
        hooks.append(
            tf.train.StepCounterHook(
                output_dir=config.model_dir, every_n_steps=config.log_step_count_steps
            )
        )
    if config.save_summary_steps:
        hooks.append(
            tf.train.SummarySaverHook(
                scaffold=scaffold,
                save_steps=config.save_summary_steps,
                output_dir=config.model_dir,
            )
        )
    return hooks


def _has_master_and_workers(config):
    jobs = config.cluster_spec.jobs if config.cluster_spec else []
    return TaskType.MASTER in jobs and TaskType.WORKER in jobs


def _instead_of_master(config, scaffold):
    """A master also evaluates, so that its reports would have gaps: the first worker writes
    them."""
    is_first = config.task_type == TaskType.WORKER and config.task_id == 0
    return reporting_hooks(config, scaffold) if is_first and _has_master_and_workers(config) else []


def checkpoint_hook(config, scaffold):
    """The hook that saves checkpoints as ``config`` says, or None if it says never."""
    if not (config.save_checkpoints_secs or config.save_checkpoints_steps):
        return None
    return tf.train.CheckpointSaverHook(
        config.model_dir,
        save_secs=config.save_checkpoints_secs,
        save_steps=config.save_checkpoints_steps,
        scaffold=scaffold,
    )


def add_default_saver(config, scaffold):
    """Puts a saver as ``config`` says into the graph, unless there is one."""
    if scaffold.saver or tf.get_collection(tf.GraphKeys.SAVERS):
        return
    saver = Saver(defer_build=True, **saver_options(config))
    tf.add_to_collection(tf.GraphKeys.SAVERS, saver)


def saver_options(config):
    """The arguments of a saver that keeps checkpoints as ``config`` says."""
    return {
        "sharded": True,
        "max_to_keep": config.keep_checkpoint_max,
        "keep_checkpoint_every_n_hours": config.keep_checkpoint_every_n_hours,
        "save_relative_paths": True,
    }


class Saver(tf.train.Saver):
    """A saver that says what to do when the disk is full, and leaves nothing half-written there."""

    def save(self, sess, save_path, global_step=None, *arguments, **options):
        save = super().save
        return _saved(save, sess, save_path, global_step, *arguments, **options)


def tell_of_full_disks(scaffold):
    """Lets savers that the user made for a training say so, too, and leave nothing half-written."""
    for saver in [scaffold.saver] + tf.get_collection(tf.GraphKeys.SAVERS):
        is_bare = isinstance(saver, tf.train.Saver) and not isinstance(saver, Saver)
        if is_bare and "save" not in vars(saver):
            saver.save = functools.partial(_saved, saver.save)


def _saved(save, sess, save_path, global_step=None, *arguments, **options):
    try:
        return save(sess, save_path, global_step, *arguments, **options)
    except _DISK_IS_FULL as error:
        name = save_path if global_step is None else "%s-%s" % (save_path, global_step)
        for part in tf.gfile.Glob(name + "_temp*") + tf.gfile.Glob(name + ".*.tempstate*"):
            tf.gfile.DeleteRecursively(part)
        raise _full_disk(save_path, global_step, error) from error


def _full_disk(save_path, step, error):
    which = "first checkpoint" if step is None else "checkpoint of step %s" % step
    earlier = tf.train.latest_checkpoint(os.path.dirname(save_path))
    return FullDiskError(
        "The %s can not be written to %s: the disk is full, or a quota or limit of file sizes is "
        "reached. Make room there and train again: the training then goes on from %s. "
        "RunConfig(keep_checkpoint_max=...) says how many checkpoints are kept. TensorFlow says: %s"
        % (which, save_path, earlier or "the beginning, without one", error.message)
    )


def saved_step(directory):
    """The global step of the last checkpoint in a directory, 0 if there is none."""
    checkpoint = tf.train.latest_checkpoint(directory)
    if not checkpoint:
        return 0
    reader = tf.train.NewCheckpointReader(checkpoint)
    found = [key for key in STEP_KEYS if reader.has_tensor(key)]
    return int(reader.get_tensor(found[0])) if found else 0
