"""Going over the batches of a generator or ``Sequence``: to fit, to evaluate, to predict."""

import contextlib
import warnings
from typing import Any, Dict

import numpy as np

from tfkeras_compat.callbacks.progress import Progbar
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.state.structures import to_list, unpack_singleton
from tfkeras_compat.training import loops
from tfkeras_compat.training.enqueue import (
    GeneratorEnqueuer,
    OrderedEnqueuer,
    is_sequence,
    iter_sequence_infinite,
)


class Flow:
    """How batches are made ahead.

    Args:
        max_queue_size: how many may wait for their use.
        workers: the number of threads or processes; 0 for none: they are made when needed.
        use_multiprocessing: whether they are processes.
    """

    def __init__(self, max_queue_size=10, workers=1, use_multiprocessing=False):
        self.max_queue_size = max_queue_size
        self.workers = workers
        self.use_multiprocessing = use_multiprocessing

    @contextlib.contextmanager
    def batches(self, source, shuffle=False):
        """A context in which there is an iterator of the source's batches; no worker survives."""
        if self.workers <= 0:
            yield iter_sequence_infinite(source) if is_sequence(source) else source
            return
        enqueuer = self._enqueuer(source, shuffle)
        enqueuer.start(self.workers, self.max_queue_size)
        try:
            yield enqueuer.get()
        finally:
            enqueuer.stop()

    def _enqueuer(self, source, shuffle):
        if is_sequence(source):
            return OrderedEnqueuer(source, self.use_multiprocessing, shuffle)
        return GeneratorEnqueuer(source, self.use_multiprocessing)

    def warn_of_copies(self, source):
        """Warns if each process would run a whole copy of the source."""
        if self.use_multiprocessing and self.workers > 1 and not is_sequence(source):
            warnings.warn(
                "Using a generator with `use_multiprocessing=True` and multiple workers may "
                "duplicate your data. Please consider using the `keras.utils.Sequence` class."
            )


def _steps(source, steps, name):
    """The number of steps: as given, or the length of a sequence."""
    if steps is not None:
        return steps
    if not is_sequence(source):
        raise ConfigError(
            "`%s=None` is only valid for a generator based on the `keras.utils.Sequence` class. "
            "Please specify `%s` or use the `keras.utils.Sequence` class." % (name, name)
        )
    if not len(source):
        raise ConfigError("%r has no batches: its length is 0." % (source,))
    return len(source)


# ---- one batch ----------------------------------------------------------------------------------


def _next_batch(batches, step, steps):
    try:
        return next(batches)
    except StopIteration:
        # What the original lets through, with an explanation.
        raise StopIteration(
            "The generator ended after %d of %d steps: let it go on for ever, as in `while True:`, "
            "or ask for fewer steps." % (step, steps)
        ) from None


def _unexpected(batch):
    text = str(batch)
    return ConfigError(
        "Output of generator should be a tuple `(x, y, sample_weight)` or `(x, y)`. Found: %s"
        % (text if len(text) <= 200 else text[:200] + "...")
    )


def training_parts(batch):
    """``(x, y, sample_weight)`` of a batch."""
    if not isinstance(batch, (tuple, list)) or len(batch) not in (2, 3):
        raise _unexpected(batch)
    return (tuple(batch) + (None,))[:3]


def inputs_of(batch):
    """The inputs of a batch: of one to train with, or of one that is nothing else."""
    return training_parts(batch)[0] if isinstance(batch, tuple) else batch


def _size(x):
    """The number of samples; 1 where the data come from tensors, and nothing is fed.

    Raises: ShapeError for none.
    """
    arrays = list(x.values()) if isinstance(x, dict) else to_list(x, allow_tuple=True)
    if not arrays or arrays[0] is None:
        return 1
    first = arrays[0]
    size = int(first.shape[0]) if hasattr(first, "shape") else len(first)
    if size == 0:
        raise ShapeError("Received an empty batch. Batches should contain at least one item.")
    return size


# ---- the loops ----------------------------------------------------------------------------------


def fit(
    model,
    source,
    steps_per_epoch,
    epochs,
    verbose,
    callbacks,
    validation_data,
    validation_steps,
    validation_freq,
    class_weight,
    flow,
    shuffle,
    initial_epoch,
):
    """Trains for some epochs and returns the history; see ``Model.fit_generator``."""
    model._make_train_function()
    flow.warn_of_copies(source)
    steps = _steps(source, steps_per_epoch, "steps_per_epoch")
    labels, val_labels = loops.names_in_logs(model)
    params = {"epochs": epochs, "steps": steps, "verbose": verbose, "metrics": labels + val_labels}
    with contextlib.ExitStack() as running:
        validation_feed, validate = _validation(
            model, validation_data, validation_steps, flow, running
        )
        params["do_validation"] = validate is not None
        shown = validation_feed.whole() if validation_feed else None
        callbacks = loops.begun(model, callbacks, params, steps, shown)
        batches = running.enter_context(flow.batches(source, shuffle))
        # One for all epochs: after an epoch without validation the values of the last one stay.
        logs: Dict[str, Any] = {}

        def run(epoch):
            finished, size = _fit_epoch(model, batches, steps, labels, class_weight, callbacks)
            if validate and finished and loops.should_run_validation(validation_freq, epoch):
                logs.update(zip(val_labels, validate(size, callbacks)))
            return logs

        loops.run_epochs(model, callbacks, range(initial_epoch, epochs), run)
    callbacks.on_train_end()
    return model.history


def _fit_epoch(model, batches, steps, labels, class_weight, callbacks):
    """Trains on the batches of an epoch: whether on all of them, and the size of the last one."""
    step, size = 0, 1
    for step in range(steps):
        x, y, weights = training_parts(_next_batch(batches, step, steps))
        size = _size(x)
        logs = {"batch": step, "size": size}
        callbacks.on_train_batch_begin(step, logs)
        values = model.train_on_batch(x, y, sample_weight=weights, class_weight=class_weight)
        logs.update(zip(labels, to_list(values)))
        callbacks.on_train_batch_end(step, logs)
        if callbacks.model.stop_training:
            break
    return step + 1 >= steps, size


def _validation(model, data, steps, flow, running):
    """What callbacks are shown, or ``None``, and the function of batch size and callbacks."""
    if not data:
        return None, None
    model._make_test_function()
    if is_sequence(data) or hasattr(data, "__next__") or hasattr(data, "next"):
        steps = _steps(data, steps or None, "validation_steps")
        batches = running.enter_context(flow.batches(data))
        return None, lambda size, callbacks: tested(model, batches, steps, callbacks)
    if not isinstance(data, (tuple, list)) or len(data) not in (2, 3):
        raise ConfigError(
            "`validation_data` should be a generator, a `keras.utils.Sequence`, or a tuple "
            "`(val_x, val_y, val_sample_weight)` or `(val_x, val_y)`. Found: %r" % (data,)
        )
    x, y, weights = (tuple(data) + (None,))[:3]
    feed = model._feed(model.test_function, model._standardize_user_data(x, y, weights), 0.0)
    return feed, lambda size, callbacks: loops.tested(
        model, model.test_function, feed, size, callbacks=callbacks
    )


def evaluate(model, source, steps, callbacks, flow, verbose):
    """The averages of loss and metrics over all steps: a scalar, or a list of scalars."""
    model._make_test_function()
    flow.warn_of_copies(source)
    steps = _steps(source, steps, "steps")
    with flow.batches(source) as batches:
        return unpack_singleton(tested(model, batches, steps, callbacks, verbose))


def tested(model, batches, steps, callbacks=None, verbose=0):
    """The averages of loss and metrics over all steps: a list of scalars."""
    loops.reset_metrics(model)
    labels = list(model.metrics_names)
    params = {"steps": steps, "verbose": verbose, "metrics": labels}
    callbacks = loops.configured(callbacks, model, params)
    averages = loops.Averages(
        [index for index, name in enumerate(labels) if name in model.stateful_metric_names]
    )
    progress = Progbar(target=steps) if verbose == 1 else None
    callbacks.model.stop_training = False
    callbacks.on_test_begin()
    for step in range(steps):
        x, y, weights = training_parts(_next_batch(batches, step, steps))
        size = _size(x)
        logs = {"batch": step, "size": size}
        callbacks.on_test_batch_begin(step, logs)
        values = to_list(model.test_on_batch(x, y, sample_weight=weights))
        averages.add(values, size)
        logs.update(zip(labels, values))
        callbacks.on_test_batch_end(step, logs)
        if progress:
            progress.update(step + 1)
    callbacks.on_test_end()
    return averages.result()


def predict(model, source, steps, callbacks, flow, verbose):
    """The outputs of all steps: an array, or a list of arrays."""
    model._make_predict_function()
    flow.warn_of_copies(source)
    steps = _steps(source, steps, "steps")
    callbacks = loops.configured(callbacks, model, {"steps": steps, "verbose": verbose})
    progress = Progbar(target=steps) if verbose == 1 else None
    parts = []
    callbacks.model.stop_training = False
    callbacks.on_predict_begin()
    with flow.batches(source) as batches:
        for step in range(steps):
            x = inputs_of(_next_batch(batches, step, steps))
            logs = {"batch": step, "size": _size(x)}
            callbacks.on_predict_batch_begin(step, logs)
            parts.append(to_list(model.predict_on_batch(x)))
            logs["outputs"] = parts[-1]
            callbacks.on_predict_batch_end(step, logs)
            if progress:
                progress.update(step + 1)
    callbacks.on_predict_end()
    return unpack_singleton([np.concatenate(each) for each in zip(*parts)])
