"""Training and evaluating under a ``tf.distribute`` strategy, such as MirroredStrategy."""

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import KindError
from tfkeras_compat.estimator import evaluation, input_pipeline, training_step
from tfkeras_compat.estimator.mode_keys import ModeKeys
from tfkeras_compat.estimator.spec import EstimatorSpec


class InputInitializer(tf.train.SessionRunHook):
    """Initializes the iterators of all replicas in each new session."""

    def __init__(self, iterator):
        self._iterator = iterator

    def begin(self):
        self._initializer = self._iterator.initialize()

    def after_create_session(self, session, coord):
        session.run(self._initializer)


def training_spec(estimator, strategy, input_fn):
    """``(spec, input hooks)`` of one training step on all replicas, in the scope of ``strategy``.

    Each replica takes a batch of its own; the loss is their sum, or their mean where the losses are
    means. Raises KindError unless ``input_fn`` gives a dataset.
    """
    with _tf.losses_scaled_for(strategy):
        features, labels, hooks = _read(estimator, strategy, input_fn, ModeKeys.TRAIN)
        step = tf.train.create_global_step()
        _tf.set_global_step_before_run(strategy.extended.read_var(step))
        specs = _on_replicas(estimator, strategy, features, labels, ModeKeys.TRAIN)
        loss = strategy.reduce(_tf.reduction_of_losses(), specs.loss, axis=None)
        spec = EstimatorSpec(
            ModeKeys.TRAIN,
            loss=loss,
            train_op=strategy.group(specs.train_op),
            training_hooks=_of_first(strategy, specs.training_hooks),
            training_chief_hooks=_of_first(strategy, specs.training_chief_hooks),
            scaffold=_first(strategy, specs.scaffold),
        )
    return spec, hooks


def evaluated(estimator, strategy, input_fn):
    """``(update, values, scaffold, (input hooks, the spec's hooks))`` of an evaluation."""
    features, labels, hooks = _read(estimator, strategy, input_fn, ModeKeys.EVAL)
    specs = _on_replicas(estimator, strategy, features, labels, ModeKeys.EVAL)
    metrics = evaluation.checked_metrics(specs.eval_metric_ops)
    metrics[evaluation.LOSS_KEY] = strategy.extended.call_for_each_replica(
        tf.metrics.mean, args=(specs.loss,)
    )
    updates = [strategy.experimental_local_results(update) for _, update in metrics.values()]
    parts = [strategy.experimental_local_results(x) for x in tf.nest.flatten((features, labels))]
    _in_turn(list(zip(*parts)), list(zip(*updates)))
    pairs = {name: (value, strategy.group(update)) for name, (value, update) in metrics.items()}
    update, values = evaluation.split(pairs)
    scaffold = _first(strategy, specs.scaffold)
    return update, values, scaffold, (hooks, _of_first(strategy, specs.evaluation_hooks))


def _in_turn(batches, updates):
    """Lets a replica take its batch when the one before it has counted its own.

    Where the input ends in the middle of a step, that one is then not lost: at the same time, it
    would be a matter of luck.
    """
    for batch, earlier in zip(batches[1:], updates):
        earlier = [getattr(update, "op", update) for update in earlier]
        before = training_step.before(earlier)
        taken = [x.op for x in tf.nest.flatten(batch, expand_composites=True) if _tf.is_tensor(x)]
        for op in training_step.before(taken):
            if "GetNext" in op.type and op not in before:
                _tf.run_after(op, earlier)


def _read(estimator, strategy, input_fn, mode):
    def read(context):
        dataset = estimator._call_input_fn(input_fn, mode, context)
        if not _tf.is_dataset(dataset):
            raise KindError(
                "Under a distribution strategy input_fn must return a tf.data.Dataset. Found %s."
                % type(dataset)
            )
        return dataset

    iterator = _tf.replica_iterator(strategy, read)
    features, labels = input_pipeline.pair_of(iterator.get_next())
    return features, labels, [InputInitializer(iterator)]


def _on_replicas(estimator, strategy, features, labels, mode):
    """The spec whose fields hold what the model function gave on each replica."""
    return strategy.extended.call_for_each_replica(
        estimator._call_model_fn, args=(features, labels, mode, estimator.config)
    )


def _first(strategy, value):
    return strategy.experimental_local_results(value)[0]


def _of_first(strategy, hooks):
    return [_first(strategy, hook) for hook in hooks]
