"""The Estimator: a model function, and the directory that its trainings, evaluations and
predictions share."""

import contextlib
import copy
import os
import tempfile

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, KindError
from tfkeras_compat.estimator import (
    cluster,
    evaluation,
    feature_keys,
    input_pipeline,
    sessions,
    strategies,
    warm_start,
)
from tfkeras_compat.estimator.arguments import call_declared, call_model_fn, check_model_fn
from tfkeras_compat.estimator.export_methods import ExportMethods
from tfkeras_compat.estimator.mode_keys import ModeKeys
from tfkeras_compat.estimator.run_config import RunConfig, TaskType, path_of
from tfkeras_compat.estimator.spec import EstimatorSpec, checked_hooks
from tfkeras_compat.estimator.training_step import with_updates
from tfkeras_compat.state import phase

# What a subclass may define anew; the names that begin with an underscore are the original's.
_OVERRIDABLE = {
    "model_fn",
    "_call_model_fn",
    "_create_and_assert_global_step",
    "_keys_in",
    "_export_all_saved_models",
    "_assert_members_are_not_overridden",
}


class Estimator(ExportMethods):
    """Trains, evaluates and exports the model that ``model_fn`` builds.

    Each call of a method makes a new graph, calls ``input_fn`` and ``model_fn`` in it, and restores
    the last checkpoint of ``model_dir``; a training saves new ones. The mode sets the learning
    phase, so that Keras layers in a ``model_fn`` behave as it says, and a training step also runs
    the updates of the layers.

    Args:
        model_fn: takes ``features``, and of ``labels, mode, params, config`` what it declares;
            returns an :class:`EstimatorSpec`.
        model_dir: the directory; a temporary one if neither this nor ``config.model_dir`` is given.
        config: a :class:`RunConfig`.
        params: a dictionary that is handed to ``model_fn`` and ``input_fn``.
        warm_start_from: a checkpoint, a SavedModel or ``WarmStartSettings`` to begin the first
            training with.
    Raises ConfigError for a ``model_fn`` that can not be called so, and for a subclass that
    defines one of the methods anew.

    >>> import tempfile
    >>> from tfkeras_compat._tf import tf
    >>> def model_fn(features, labels, mode):
    ...     weight = tf.get_variable("weight", initializer=1.0)
    ...     loss = tf.square(weight * features - labels)
    ...     step = tf.train.GradientDescentOptimizer(0.25)
    ...     train = step.minimize(loss, tf.train.get_or_create_global_step())
    ...     return EstimatorSpec(mode, weight * features, loss, train)
    >>> estimator = Estimator(model_fn, model_dir=tempfile.mkdtemp())
    >>> one = lambda: (tf.constant(1.0), tf.constant(3.0))
    >>> float(estimator.train(one, steps=2).get_variable_value("weight"))
    2.5
    >>> float(estimator.evaluate(one, steps=1)["loss"])
    0.25
    """

    def __init__(self, model_fn, model_dir=None, config=None, params=None, warm_start_from=None):
        _tf.use_graph_mode()
        self._assert_members_are_not_overridden()
        self._config = _completed(config, model_dir)
        tf.logging.info("Using config: %s", str(vars(self._config)))
        self._model_dir = self._config.model_dir
        self._session_config = self._config.session_config
        self._train_distribution = self._config.train_distribute
        self._eval_distribution = self._config.eval_distribute
        self._device_fn = self._config.device_fn or _replica_device_setter(self._config)
        if model_fn is None:
            raise ConfigError("model_fn must be provided to Estimator.")
        check_model_fn(model_fn, params)
        self._model_fn = model_fn
        self._params = copy.deepcopy(params or {})
        self._warm_start_settings = warm_start.settings_of(warm_start_from)

    @property
    def model_dir(self):
        return self._model_dir

    @property
    def config(self):
        return copy.deepcopy(self._config)

    @property
    def params(self):
        return copy.deepcopy(self._params)

    @property
    def model_fn(self):
        """The model function bound to ``params``: takes features, labels, mode and config."""

        def public_model_fn(features, labels, mode, config):
            return self._call_model_fn(features, labels, mode, config)

        return public_model_fn

    def get_variable_value(self, name):
        """The value of a variable in the last checkpoint: an array. Raises ConfigError if there is
        none."""
        path = self._checkpoint()
        return tf.train.load_variable(path, self._keys_in(path).get(name, name))

    def get_variable_names(self):
        """The names of all variables in the last checkpoint, sorted. Raises ConfigError if there is
        none."""
        path = self._checkpoint()
        names = {key: name for name, key in self._keys_in(path).items()}
        return sorted(names.get(key, key) for key, _ in tf.train.list_variables(path))

    def latest_checkpoint(self):
        """The path of the last checkpoint in ``model_dir``, or None."""
        return tf.train.latest_checkpoint(self._model_dir)

    def _keys_in(self, checkpoint):
        """What variables are called in a checkpoint, where that may not be their name."""
        return {}

    def _checkpoint(self):
        found = self.latest_checkpoint()
        if not found:
            raise ConfigError(
                "Could not find trained model in model_dir: %s. Train first, or give the directory "
                "that holds its checkpoints." % self._model_dir
            )
        return found

    def eval_dir(self, name=None):
        """The directory that :meth:`evaluate` with this ``name`` writes its summaries to."""
        return os.path.join(self._model_dir, "eval_" + name if name else "eval")

    # Training

    def train(self, input_fn, hooks=None, steps=None, max_steps=None, saving_listeners=None):
        """Trains until the input ends, ``steps`` more steps are done, or the global step is
        ``max_steps``; returns the Estimator.

        ``input_fn`` takes of ``mode, params, config`` what it declares, and gives a dataset of
        ``(features, labels)`` or the two themselves. Raises: ConfigError for both kinds of steps or
        none above 0, or in a process that is evaluator or parameter server; KindError for a hook or
        listener of another type.
        """
        self._check_trains()
        _check_steps(steps, max_steps)
        if max_steps is not None and max_steps <= sessions.saved_step(self._model_dir):
            tf.logging.info("Skipping training since max_steps has already saved.")
            return self
        hooks = checked_hooks(hooks)
        if steps is not None or max_steps is not None:
            hooks.append(tf.train.StopAtStepHook(steps, max_steps))
        loss = self._train_model(input_fn, hooks, _checked_listeners(saving_listeners))
        tf.logging.info("Loss for final step: %s.", loss)
        return self

    def _check_trains(self):
        if self._config.task_type in (TaskType.EVALUATOR, TaskType.PS):
            raise ConfigError(
                "Train has been called wrong configuration. Please use "
                "tf.estimator.train_and_evaluate which calls proper API according to given "
                "configuration. Current configuration: %s." % vars(self._config)
            )

    def _train_model(self, input_fn, hooks, listeners):
        if self._train_distribution:
            return self._train_on_replicas(input_fn, hooks, listeners)
        with self._new_graph(ModeKeys.TRAIN) as graph, graph.device(self._device_fn):
            # Hooks count steps by what they read here: before the step, which begins with its data.
            step = self._create_and_assert_global_step(graph)
            after = [] if step is None else [_tf.global_step_before_run(graph)]
            features, labels, input_hooks = self._features_and_labels(
                input_fn, ModeKeys.TRAIN, after
            )
            spec = self._call_model_fn(features, labels, ModeKeys.TRAIN, self.config)
            return self._train_with_spec(spec, input_hooks + hooks, listeners)

    def _train_on_replicas(self, input_fn, hooks, listeners):
        strategy = self._train_distribution
        strategy.configure(self._session_config)
        with self._new_graph(ModeKeys.TRAIN), strategy.scope():
            spec, input_hooks = strategies.training_spec(self, strategy, input_fn)
            return self._train_with_spec(spec, input_hooks + hooks, listeners)

    def _train_with_spec(self, spec, hooks, listeners):
        """Runs the training steps of a spec in the default graph; returns the last loss."""
        if self._warm_start_settings:
            warm_start.warm_start(self._warm_start_settings)
        _report_loss(spec.loss)
        hooks = hooks + self._watching_hooks(spec) + list(spec.training_hooks)
        sessions.add_default_saver(self._config, spec.scaffold)
        sessions.tell_of_full_disks(spec.scaffold)
        saving = self._saving_hooks(hooks + list(spec.training_chief_hooks), spec, listeners)
        creator, hooks = sessions.training_session(
            self._config, spec.scaffold, hooks, saving + list(spec.training_chief_hooks)
        )
        step = [with_updates(spec.train_op), spec.loss]
        session = tf.train.MonitoredSession(creator, hooks, sessions.STOP_GRACE_SECS)
        with session, _saving_when_interrupted(creator, hooks):
            return _run_steps(session, step)

    def _watching_hooks(self, spec):
        watching = [tf.train.NanTensorHook(spec.loss)]
        if self._config.log_step_count_steps is not None:
            shown = {"loss": spec.loss, "step": tf.train.get_global_step()}
            every = self._config.log_step_count_steps
            watching.append(tf.train.LoggingTensorHook(shown, every_n_iter=every))
        return watching

    def _saving_hooks(self, hooks, spec, listeners):
        """The hook that saves, unless the user gave one; the listeners are added to either."""
        present = [hook for hook in hooks if isinstance(hook, tf.train.CheckpointSaverHook)]
        made = None if present else sessions.checkpoint_hook(self._config, spec.scaffold)
        saving = present + ([made] if made else [])
        if listeners and not saving:
            raise ConfigError(
                "There should be a CheckpointSaverHook to use saving_listeners. Please set one of "
                "the RunConfig.save_checkpoints_steps or RunConfig.save_checkpoints_secs."
            )
        for listener in listeners:
            if listener not in saving[0]._listeners:
                saving[0]._listeners.append(listener)
        return [made] if made else []

    # Evaluation

    def evaluate(self, input_fn, steps=None, hooks=None, checkpoint_path=None, name=None):
        """The values of the metrics by name, with ``loss`` (the mean over batches) and
        ``global_step``, over the whole input or ``steps`` batches of it.

        The weights are those of ``checkpoint_path`` or the last checkpoint, or new ones if there is
        none. The values are also written to :meth:`eval_dir`. Raises: ConfigError for steps not
        above 0; KindError for a hook of another type.
        """
        hooks = checked_hooks(hooks) + evaluation.steps_hooks(steps)
        checkpoint_path = self._checkpoint_for(checkpoint_path, "evaluate")
        with self._new_graph(ModeKeys.EVAL) as graph, self._evaluation_scope():
            self._create_and_assert_global_step(graph)
            update, values, scaffold, spec_hooks = self._evaluated(input_fn)
            self._warm_start_unless(checkpoint_path)
            results = evaluation.run(
                update,
                values,
                evaluation.scaffold_with_local_init(scaffold),
                spec_hooks[0] + hooks + spec_hooks[1],
                checkpoint_path=checkpoint_path,
                master=self._config.evaluation_master,
                config=self._session_config,
            )
        evaluation.write(self.eval_dir(name), results, checkpoint_path)
        return results

    def _evaluation_scope(self):
        strategy = self._eval_distribution
        return strategy.scope() if strategy else _no_scope()

    def _evaluated(self, input_fn):
        if self._eval_distribution:
            return strategies.evaluated(self, self._eval_distribution, input_fn)
        features, labels, input_hooks = self._features_and_labels(input_fn, ModeKeys.EVAL)
        spec = self._call_model_fn(features, labels, ModeKeys.EVAL, self.config)
        update, values = evaluation.split(evaluation.metrics_with_loss(spec))
        return update, values, spec.scaffold, (input_hooks, list(spec.evaluation_hooks))

    def _checkpoint_for(self, checkpoint_path, purpose):
        found = checkpoint_path or self.latest_checkpoint()
        if not found:
            tf.logging.info(
                "Could not find trained model in model_dir: %s, running initialization to %s.",
                self._model_dir,
                purpose,
            )
        return found

    def _warm_start_unless(self, checkpoint_path):
        if self._warm_start_settings and not checkpoint_path:
            warm_start.warm_start(self._warm_start_settings)

    # Prediction

    def predict(
        self,
        input_fn,
        predict_keys=None,
        hooks=None,
        checkpoint_path=None,
        yield_single_examples=True,
    ):
        """Yields the predictions of one example after the other, or, without
        ``yield_single_examples``, of one batch after the other: dictionaries if ``predictions`` is
        one, of ``predict_keys`` only if given.

        Raises, when the first is asked for: ConfigError for unknown keys or predictions of unequal
        lengths; KindError for a hook of another type.
        """
        hooks = checked_hooks(hooks)
        checkpoint_path = self._checkpoint_for(checkpoint_path, "predict")
        with self._new_graph(ModeKeys.PREDICT) as graph:
            self._create_and_assert_global_step(graph)
            features, input_hooks = self._features_for_prediction(input_fn)
            spec = self._call_model_fn(features, None, ModeKeys.PREDICT, self.config)
            self._warm_start_unless(checkpoint_path)
            predictions = _chosen(spec.predictions, predict_keys)
            all_hooks = input_hooks + hooks + list(spec.prediction_hooks)
            session = self._prediction_session(spec.scaffold, checkpoint_path, all_hooks)
        with _SessionOf(graph, session):
            while not session.should_stop():
                with graph.as_default():
                    batch = session.run(predictions)
                yield from _examples(batch) if yield_single_examples else [batch]

    def _prediction_session(self, scaffold, checkpoint_path, hooks):
        creator = sessions.SessionCreator(
            scaffold,
            master=self._config.master,
            config=self._session_config,
            checkpoint_path=checkpoint_path,
        )
        return tf.train.MonitoredSession(creator, hooks)

    def _features_for_prediction(self, input_fn):
        features, _, hooks = self._features_and_labels(input_fn, ModeKeys.PREDICT)
        if not input_pipeline.ends(features):
            tf.logging.warning(
                "Input graph does not use tf.data.Dataset or contain a QueueRunner. That means "
                "predict yields forever. This is probably a mistake."
            )
        return features, hooks

    # What all three share

    def _new_graph(self, mode):
        return _ModeGraph(mode, self._config.tf_random_seed)

    def _create_and_assert_global_step(self, graph):
        return tf.train.create_global_step(graph)

    def _features_and_labels(self, input_fn, mode, after=()):
        """``(features, labels, hooks)`` of the input function's result."""
        return input_pipeline.parsed(self._call_input_fn(input_fn, mode), after)

    def _call_input_fn(self, input_fn, mode, context=None):
        offered = {"mode": mode, "params": self.params, "config": self.config}
        if context is not None:  # of a distribution strategy
            offered["input_context"] = context
        with tf.device("/cpu:0"):
            return call_declared(input_fn, **offered)

    def _call_model_fn(self, features, labels, mode, config):
        tf.logging.info("Calling model_fn.")
        features = feature_keys.telling(features)
        with feature_keys.told(features):
            spec = call_model_fn(self._model_fn, features, labels, mode, self.params, config)
        tf.logging.info("Done calling model_fn.")
        if not isinstance(spec, EstimatorSpec):
            raise ConfigError("model_fn should return an EstimatorSpec. Found %s." % (spec,))
        return spec

    def _assert_members_are_not_overridden(self):
        members = {name for name in dir(Estimator) if not name.startswith("__")} - _OVERRIDABLE
        overridden = sorted(
            name
            for name in members & set(vars(type(self)))
            if getattr(Estimator, name) != getattr(type(self), name)
        )
        if overridden:
            raise ConfigError(
                "Subclasses of Estimator cannot override members of Estimator. %s does override "
                "%s. Put what differs into its model_fn." % (type(self), overridden)
            )


@contextlib.contextmanager
def _no_scope():
    yield


class _ModeGraph:
    """A context with a new default graph for one mode: seeded, the learning phase fixed."""

    def __init__(self, mode, seed):
        self._mode = mode
        self._seed = seed

    def __enter__(self):
        graph = tf.Graph()
        self._entered = graph.as_default()
        self._entered.__enter__()
        tf.set_random_seed(self._seed)
        phase.set_learning_phase(int(self._mode == ModeKeys.TRAIN))
        return graph

    def __exit__(self, *exception):
        return self._entered.__exit__(*exception)


class _SessionOf:
    """A context that closes a monitored session with its graph as the default one.

    Between the batches of a prediction the caller's graph is the default, so that he may build or
    predict something else.
    """

    def __init__(self, graph, session):
        self._graph = graph
        self._session = session

    def __enter__(self):
        return self._session

    def __exit__(self, *exception):
        with self._graph.as_default():
            return self._session.__exit__(*exception)


def _completed(config, model_dir):
    """The configuration with a model directory and a session configuration."""
    if config is None:
        config = RunConfig()
        tf.logging.info("Using default config.")
    if not isinstance(config, RunConfig):
        raise ConfigError("config must be an instance of `RunConfig`, but provided %s." % config)
    if config.session_config is None:
        config = RunConfig.replace(config, session_config=cluster.session_config())
    return RunConfig.replace(config, model_dir=_chosen_model_dir(config, path_of(model_dir)))


def _chosen_model_dir(config, model_dir):
    if model_dir is not None and config.model_dir not in (None, model_dir):
        raise ConfigError(
            "`model_dir` are set both in constructor and `RunConfig`, but with different values. "
            "In constructor: '%s', in `RunConfig`: '%s'" % (model_dir, config.model_dir)
        )
    if model_dir or config.model_dir:
        return model_dir or config.model_dir
    made = tempfile.mkdtemp()
    tf.logging.warning("Using temporary folder as model directory: %s", made)
    return made


def _replica_device_setter(config):
    """Where the operations of a cluster go: variables and tables to the parameter servers."""
    if not config.num_ps_replicas:
        return None
    return tf.train.replica_device_setter(
        ps_tasks=config.num_ps_replicas,
        worker_device="/job:%s/task:%d" % (config.task_type, config.task_id),
        merge_devices=True,
        ps_ops=_ON_PARAMETER_SERVERS,
        cluster=config.cluster_spec,
    )


_ON_PARAMETER_SERVERS = [
    "Variable",
    "VariableV2",
    "AutoReloadVariable",
    "MutableHashTable",
    "MutableHashTableV2",
    "MutableHashTableOfTensors",
    "MutableHashTableOfTensorsV2",
    "MutableDenseHashTable",
    "MutableDenseHashTableV2",
    "VarHandleOp",
    "BoostedTreesEnsembleResourceHandleOp",
    "BoostedTreesQuantileStreamResourceHandleOp",
    "ResourceConditionalAccumulator",
    "DecisionTreeResource",
]


def _check_steps(steps, max_steps):
    if steps is not None and max_steps is not None:
        raise ConfigError("Can not provide both steps and max_steps.")
    if steps is not None and steps <= 0:
        raise ConfigError("Must specify steps > 0, given: %s" % steps)
    if max_steps is not None and max_steps <= 0:
        raise ConfigError("Must specify max_steps > 0, given: %s" % max_steps)


def _checked_listeners(listeners):
    listeners = list(listeners or [])
    for listener in listeners:
        if not isinstance(listener, tf.train.CheckpointSaverListener):
            raise KindError(
                "saving_listeners must be a list of CheckpointSaverListener, given: %s"
                % (listener,)
            )
    return listeners


def _report_loss(loss):
    """Puts the loss among the summaries and losses of the graph, as ``loss``, once."""
    summaries = tf.get_collection(tf.GraphKeys.SUMMARIES)
    if not any(each.op.name == "loss" for each in summaries):
        tf.summary.scalar("loss", loss)
    tf.add_to_collection(tf.GraphKeys.LOSSES, loss)


@contextlib.contextmanager
def _saving_when_interrupted(creator, hooks):
    """Saves the steps since the last checkpoint when the user interrupts a training."""
    try:
        yield
    except KeyboardInterrupt:
        tf.logging.info("The training was interrupted: saving it before it ends.")
        for hook in hooks:
            if isinstance(hook, tf.train.CheckpointSaverHook):
                hook.end(creator.session)
        raise


def _run_steps(session, step):
    """Runs ``step``, the training and its loss, to the end; returns the last loss."""
    loss = None
    try:
        while not session.should_stop():
            _, loss = session.run(step)
    except (tf.errors.OutOfRangeError, StopIteration):
        pass
    if loss is None:
        tf.logging.warning(
            "Training with estimator made no steps. Perhaps input is empty or misspecified."
        )
    return loss


def _chosen(predictions, keys):
    if not keys:
        return predictions
    if not isinstance(predictions, dict):
        raise ConfigError("predict_keys argument is not valid in case of non-dict predictions.")
    chosen = {key: predictions[key] for key in predictions if key in keys}
    if not chosen:
        raise ConfigError(
            "Expected to run at least one output from %s, provided %s." % (list(predictions), keys)
        )
    return chosen


def _examples(batch):
    """The predictions of one example after the other."""
    if not isinstance(batch, dict):
        return iter(batch)
    lengths = {key: value.shape[0] for key, value in batch.items()}
    if len(set(lengths.values())) > 1:
        raise ConfigError(
            "Batch length of predictions should be same. Found %s. Leave out the others with "
            "predict_keys, or ask for whole batches with yield_single_examples=False." % lengths
        )
    count = next(iter(lengths.values()))
    return ({key: value[index] for key, value in batch.items()} for index in range(count))
