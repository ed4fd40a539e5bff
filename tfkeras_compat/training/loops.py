"""Going over data in batches: to fit, to evaluate, to predict."""

import contextlib
import itertools
import numbers
from typing import Any, Iterator, List

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat.callbacks import BaseLogger, Callback, CallbackList, History, ProgbarLogger
from tfkeras_compat.callbacks.progress import Progbar
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.state.structures import unpack_singleton

# ---- batches ------------------------------------------------------------------------------------


def make_batches(size, batch_size):
    """``(begin, end)`` of each batch of ``size`` samples.

    >>> from tfkeras_compat.training.loops import make_batches
    >>> make_batches(5, 2)
    [(0, 2), (2, 4), (4, 5)]
    """
    return [(begin, min(size, begin + batch_size)) for begin in range(0, size, batch_size)]


def batch_shuffle(index_array, batch_size):
    """Indices with whole batches in another order: files want neighbours read together."""
    whole = len(index_array) // batch_size * batch_size
    batches = index_array[:whole].reshape((-1, batch_size))
    np.random.shuffle(batches)
    return np.append(batches.flatten(), index_array[whole:])


def shuffled(indices, batch_size, shuffle):
    """The indices in the order of the next epoch: ``shuffle`` is a bool or ``"batch"``."""
    if shuffle == "batch":
        return batch_shuffle(indices, batch_size)
    return np.random.permutation(indices) if shuffle else indices


class Feed:
    """What a function of a model is called with, batch by batch.

    Args:
        values: arrays or tensors, one for each of ``tensors``.
        tensors: what they are fed to.
        phase: what follows the values in every call: ``[1.0]``, ``[0.0]`` or nothing.
    """

    def __init__(self, values, tensors, phase=()):
        self.values = list(values)
        self.phase = list(phase)
        self._phase_arrays = [np.asarray(value, bool) for value in self.phase]
        self._are_arrays = all(type(value) is np.ndarray for value in self.values)
        self._to_dense = [
            hasattr(value, "tocoo") and not K.is_sparse(tensor)
            for value, tensor in zip(self.values, tensors)
        ]

    ended_early = False  # whether the last pass over the data had fewer steps than it should

    def __bool__(self):
        return bool(self.values or self.phase)

    def known_steps(self, steps):
        """The number of steps of a pass, if ``steps`` are asked for, or ``None`` if unknown."""
        return steps

    @contextlib.contextmanager
    def passing(self, spans) -> Iterator[Any]:
        """A context of one pass over the data, in which there are spans, see :func:`_spans`."""
        yield spans

    def whole(self):
        """All values at once: those of a step whose data come from tensors."""
        return self.values + self.phase

    def batch(self, indices):
        """The values of some samples: ``indices`` is a slice, or an array of them.

        Raises: TypeError if the data can not be taken in that order.
        """
        if self._are_arrays:
            return [value[indices] for value in self.values] + self._phase_arrays
        try:
            taken = [_taken(value, indices) for value in self.values]
        except TypeError as error:
            raise TypeError(
                'TypeError while preparing batch. If using HDF5 input data, pass shuffle="batch".'
            ) from error
        return [
            value.toarray() if is_sparse else value
            for value, is_sparse in zip(taken, self._to_dense)
        ] + self.phase

    def samples(self, batch_size, steps, steps_name):
        """The number of samples, or ``None`` if the data come from tensors.

        Raises: ConfigError if neither or both are to be counted.
        """
        if steps is not None and batch_size is not None:
            raise ConfigError("If %s is set, the `batch_size` must be None." % steps_name)
        if self.values and not any(K.is_tensor(value) for value in self.values):
            return int(self.values[0].shape[0])
        if steps is None:
            raise ConfigError(
                "If your data is in the form of symbolic tensors, you should specify the `%s` "
                "argument (instead of the `batch_size` argument, because symbolic tensors are "
                "expected to produce batches of input data)." % steps_name
            )
        return None


def _taken(value, indices):
    if value is None or isinstance(indices, slice) or isinstance(value, np.ndarray):
        return None if value is None else value[indices]
    return value[indices.tolist()]  # files of arrays want a list


def slice_arrays(arrays, start=None, stop=None):
    """Part of each array of a list, or of one array: a range, or the samples of a list."""
    if arrays is None:
        return [None]
    if not isinstance(arrays, list):
        return _part(arrays, start, stop)
    return [None if array is None else _part(array, start, stop) for array in arrays]


def _part(array, start, stop):
    if hasattr(start, "__len__"):
        return array[start.tolist() if hasattr(start, "shape") else start]
    return array[start:stop] if hasattr(array, "__getitem__") else [None]


# ---- sums over batches --------------------------------------------------------------------------


class Averages:
    """Averages of scalars over batches, weighted by size; a stateful metric's last value counts."""

    def __init__(self, stateful):
        self.stateful = stateful
        self.totals = []
        self.count = 0

    def add(self, values, size):
        self.totals = self.totals or [0.0] * len(values)
        self.count += size
        for index, value in enumerate(values):
            if index in self.stateful:
                self.totals[index] = float(value)
            else:
                self.totals[index] += value * np.float64(size)

    def result(self):
        return [
            total if index in self.stateful else total / self.count
            for index, total in enumerate(self.totals)
        ]


class _Collected:
    """Outputs of all batches, in arrays made for all samples at the first one."""

    def __init__(self, samples):
        self.samples = samples
        self.arrays = []

    def add(self, outputs, begin, end):
        self.arrays = self.arrays or [
            np.zeros((self.samples,) + output.shape[1:], output.dtype) for output in outputs
        ]
        for array, output in zip(self.arrays, outputs):
            array[begin:end] = output


# ---- the loops ----------------------------------------------------------------------------------


def configured(callbacks, model, params):
    """The callbacks as a list that knows model and params; one that ``fit`` made knows them."""
    if isinstance(callbacks, CallbackList):
        return callbacks
    callbacks = CallbackList(callbacks)
    callbacks.set_model(model._get_callback_model())
    callbacks.set_params(params)
    return callbacks


def fit_loop(
    model,
    function,
    feed,
    batch_size,
    epochs,
    verbose,
    callbacks,
    validate,
    validation_feed,
    shuffle,
    initial_epoch,
    steps_per_epoch,
):
    """Trains for some epochs and returns the history.

    ``validate(epoch, callbacks)`` gives the values of loss and metrics after an epoch, or ``None``
    if this epoch has no validation; it is ``None`` itself if none has.
    """
    labels, val_labels = names_in_logs(model)
    params = _params(feed, batch_size, epochs, verbose, steps_per_epoch)
    params["do_validation"] = validate is not None
    params["metrics"] = labels + (val_labels if validate else [])
    _print_counts(params, validation_feed)
    is_stepwise = params["samples"] is None or steps_per_epoch is not None
    shown = validation_feed.whole() if validation_feed else []
    callbacks = begun(model, callbacks, params, is_stepwise, shown)
    indices = np.arange(params["samples"] or 0)

    def run(epoch):
        if is_stepwise:
            finished = _fit_steps(function, feed, steps_per_epoch, labels, callbacks)
            params["steps"] = feed.known_steps(steps_per_epoch)  # now known
        else:
            indices[:] = shuffled(indices, batch_size, shuffle)
            finished = _fit_batches(function, feed, indices, batch_size, labels, callbacks)
        values = validate(epoch, callbacks) if validate and finished else None
        return dict(zip(val_labels, values or ()))

    run_epochs(model, callbacks, range(initial_epoch, epochs), run)
    callbacks.on_train_end()
    return model.history


def names_in_logs(model):
    """The names of loss and metrics, and those of their values in validation."""
    labels = list(model.metrics_names)
    return labels, ["val_" + name for name in labels]


def _params(feed, batch_size, epochs, verbose, steps):
    return {
        "batch_size": batch_size,
        "epochs": epochs,
        "steps": feed.known_steps(steps),
        "samples": feed.samples(batch_size, steps, "steps_per_epoch"),
        "verbose": verbose,
    }


def _print_counts(params, validation_feed):
    samples = params["samples"]
    if params["verbose"] and samples is not None and validation_feed and validation_feed.values:
        validated = validation_feed.values[0].shape[0]
        print("Train on %d samples, validate on %d samples" % (samples, validated))


def begun(model, callbacks, params, is_stepwise, shown):
    """The callbacks of a training that begins; ``shown`` is what they see of the data to validate
    with, if they see it."""
    model.history = History()
    callbacks = fit_callbacks(model, params["verbose"], callbacks, is_stepwise)
    callbacks.set_model(model._get_callback_model())
    callbacks.set_params(params)
    callbacks.on_train_begin()
    callbacks.model.stop_training = False
    for callback in callbacks if shown is not None else ():
        callback.validation_data = shown
    return callbacks


def run_epochs(model, callbacks, epochs, run):
    """Trains until a callback says that it is enough. ``run(epoch)`` gives what is logged at the
    end of an epoch."""
    for epoch in epochs:
        reset_metrics(model)
        callbacks.on_epoch_begin(epoch)
        callbacks.on_epoch_end(epoch, run(epoch))
        if callbacks.model.stop_training:
            break


def fit_callbacks(model, verbose, callbacks, is_stepwise):
    """The callbacks of a training: averages first, then what is printed, and the history last."""
    given = callbacks or []
    if not isinstance(given, (list, tuple)) or not all(hasattr(x, "set_model") for x in given):
        raise TypeError(
            "`callbacks` should be a list of keras.callbacks.Callback objects, found %r." % (given,)
        )
    stateful = model.stateful_metric_names
    count_mode = "steps" if is_stepwise else "samples"
    first: List[Callback] = [BaseLogger(stateful_metrics=stateful)]
    if verbose:
        first.append(ProgbarLogger(count_mode, stateful_metrics=stateful))
    return CallbackList(first + list(given) + [model.history])


def _fit_steps(function, feed, steps, labels, callbacks):
    function = _bound(function)
    with feed.passing(_spans(None, None, steps)) as spans:
        for step, _ in spans:
            _fit_batch(function, feed.whole(), step, 1, labels, callbacks)
            if callbacks.model.stop_training:
                break
    if feed.ended_early:
        callbacks.model.stop_training = True
    return not feed.ended_early


def _fit_batches(function, feed, indices, batch_size, labels, callbacks):
    function = _bound(function)
    batches = make_batches(len(indices), batch_size)
    for number, (begin, end) in enumerate(batches):
        values = feed.batch(indices[begin:end])
        _fit_batch(function, values, number, end - begin, labels, callbacks)
        if callbacks.model.stop_training:
            return number == len(batches) - 1
    return True


def _bound(function):
    """The function for many calls in a row. Users may have put one of their own in its place."""
    return function.bound() if isinstance(function, K.Function) else function


def _fit_batch(function, values, number, size, labels, callbacks):
    logs = {"batch": number, "size": size}
    callbacks.on_train_batch_begin(number, logs)
    logs.update(zip(labels, function(values)))
    callbacks.on_train_batch_end(number, logs)


def should_run_validation(validation_freq, epoch):
    """Whether there is a validation after an epoch, counted from 0.

    Raises: ConfigError unless the frequency is a positive int or a collection of epochs, from 1.
    """
    if isinstance(validation_freq, numbers.Integral):
        if validation_freq < 1:
            raise ConfigError("`validation_freq` can not be less than 1.")
        return (epoch + 1) % validation_freq == 0
    if not hasattr(validation_freq, "__contains__"):
        raise ConfigError(
            "`validation_freq` must be an Integer or a list, tuple or set, found %r."
            % (validation_freq,)
        )
    return epoch + 1 in validation_freq


def reset_metrics(model):
    """Sets metrics that carry a state back to its beginning."""
    for metric in getattr(model, "stateful_metric_functions", ()):
        metric.reset_states()


def test_loop(model, function, feed, batch_size=None, verbose=0, steps=None, callbacks=None):
    """The averages of loss and metrics over all batches: a scalar, or a list of scalars."""
    return unpack_singleton(tested(model, function, feed, batch_size, verbose, steps, callbacks))


def tested(model, function, feed, batch_size=None, verbose=0, steps=None, callbacks=None):
    """The averages of loss and metrics over all batches: a list of scalars."""
    reset_metrics(model)
    labels = list(model.metrics_names)
    samples = feed.samples(batch_size, steps, "steps")
    is_stepwise = samples is None or steps is not None
    callbacks = configured(
        callbacks,
        model,
        {
            "batch_size": batch_size,
            "steps": feed.known_steps(steps),
            "samples": samples,
            "verbose": verbose,
            "metrics": labels,
        },
    )
    averages = Averages(
        [index for index, name in enumerate(labels) if name in model.stateful_metric_names]
    )
    progress = _progress(feed, samples, steps) if verbose == 1 else None
    callbacks.model.stop_training = False
    callbacks.on_test_begin()
    function = _bound(function)
    with feed.passing(_spans(samples, batch_size, steps)) as spans:
        for number, (begin, end) in enumerate(spans):
            logs = {"batch": number, "size": end - begin}
            callbacks.on_test_batch_begin(number, logs)
            values = function(_values(feed, begin, end, is_stepwise))
            averages.add(values, end - begin)
            logs.update(zip(labels, values))
            callbacks.on_test_batch_end(number, logs)
            if progress:
                progress.update(end)
    callbacks.on_test_end()
    return averages.result()


def predict_loop(model, function, feed, batch_size=32, verbose=0, steps=None, callbacks=None):
    """The outputs for all samples: an array, or a list of arrays."""
    samples = feed.samples(batch_size, steps, "steps")
    is_stepwise = samples is None or steps is not None
    callbacks = configured(
        callbacks,
        model,
        {
            "batch_size": batch_size,
            "steps": feed.known_steps(steps),
            "samples": samples,
            "verbose": verbose,
        },
    )
    collected, parts = _Collected(samples), []
    progress = _progress(feed, samples, steps) if verbose == 1 else None
    callbacks.model.stop_training = False
    callbacks.on_predict_begin()
    function = _bound(function)
    with feed.passing(_spans(samples, batch_size, steps)) as spans:
        for number, (begin, end) in enumerate(spans):
            logs = {"batch": number, "size": end - begin}
            callbacks.on_predict_batch_begin(number, logs)
            outputs = function(_values(feed, begin, end, is_stepwise))
            if is_stepwise:
                parts.append(outputs)  # how many samples a step has shows only now
            else:
                collected.add(outputs, begin, end)
            logs["outputs"] = outputs
            callbacks.on_predict_batch_end(number, logs)
            if progress:
                progress.update(end)
    callbacks.on_predict_end()
    if not is_stepwise:
        return unpack_singleton(collected.arrays)
    return unpack_singleton([np.concatenate(each) for each in zip(*parts)])


def _progress(feed, samples, steps):
    is_stepwise = samples is None or steps is not None
    return Progbar(target=feed.known_steps(steps) if is_stepwise else samples)


def _spans(samples, batch_size, steps):
    """``(begin, end)`` of each batch in samples, or of each step; without either, for ever."""
    if steps is None and samples is None:
        return zip(itertools.count(), itertools.count(1))
    return make_batches(samples, batch_size) if steps is None else make_batches(steps, 1)


def _values(feed, begin, end, is_stepwise):
    return feed.whole() if is_stepwise else feed.batch(slice(begin, end))
