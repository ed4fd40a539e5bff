"""Exports that are made after evaluations: the latest, the best, or the last one only."""

import os

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator.arguments import argument_names
from tfkeras_compat.estimator.evaluation import LOSS_KEY, STEP_KEY


class Exporter:
    """Base of what ``EvalSpec(exporters=...)`` lists; a subclass defines both members."""

    @property
    def name(self):
        """The directory below ``<model_dir>/export`` that its exports go to."""
        raise NotImplementedError("%s must define `name`." % type(self).__name__)

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        """Exports the checkpoint that was just evaluated; returns the path, or None if it does not.

        ``is_the_final_export`` is True after ``TrainSpec.max_steps`` steps.
        """
        raise NotImplementedError("%s must define `export`." % type(self).__name__)


class _SavedModels(Exporter):
    """What the exporters below share: making a SavedModel, and keeping the latest of them."""

    _exports_to_keep = None

    def _describe(self, name, serving_input_receiver_fn, assets_extra, as_text):
        self._name = name
        self._serving_input_receiver_fn = serving_input_receiver_fn
        self._assets_extra = assets_extra
        self._as_text = as_text

    def _keep(self, exports_to_keep):
        if exports_to_keep is not None and exports_to_keep <= 0:
            raise ConfigError(
                "`exports_to_keep`, if provided, must be a positive number. Got %s"
                % exports_to_keep
            )
        self._exports_to_keep = exports_to_keep

    @property
    def name(self):
        return self._name

    def _export(self, estimator, export_path, checkpoint_path):
        made = estimator.export_saved_model(
            export_path,
            self._serving_input_receiver_fn,
            assets_extra=self._assets_extra,
            as_text=self._as_text,
            checkpoint_path=checkpoint_path,
        )
        if self._exports_to_keep is not None:
            _delete_all_but_latest(export_path, self._exports_to_keep)
        return made


def _delete_all_but_latest(directory, count):
    versions = [name.rstrip("/") for name in tf.gfile.ListDirectory(directory)]
    versions = sorted(each for each in versions if len(each) == 10 and each.isdigit())
    for version in versions[:-count]:
        path = os.path.join(directory, version)
        try:
            tf.gfile.DeleteRecursively(path)
        except tf.errors.NotFoundError as error:
            tf.logging.warning("Can not delete %s recursively: %s", path, error)


class FinalExporter(_SavedModels):
    """Exports once, at the end of training."""

    def __init__(self, name, serving_input_receiver_fn, assets_extra=None, as_text=False):
        self._describe(name, serving_input_receiver_fn, assets_extra, as_text)

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        if not is_the_final_export:
            return None
        tf.logging.info("Performing the final export in the end of training.")
        return self._export(estimator, export_path, checkpoint_path)


class LatestExporter(_SavedModels):
    """Exports after each evaluation, and keeps the latest ``exports_to_keep`` (None: all).

    Raises ConfigError if that is not positive.
    """

    def __init__(
        self, name, serving_input_receiver_fn, assets_extra=None, as_text=False, exports_to_keep=5
    ):
        self._describe(name, serving_input_receiver_fn, assets_extra, as_text)
        self._keep(exports_to_keep)

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        return self._export(estimator, export_path, checkpoint_path)


def _loss_smaller(best_eval_result, current_eval_result):
    """Whether the loss of the current evaluation is the smaller one."""
    return _loss("best", best_eval_result) > _loss("current", current_eval_result)


def _loss(which, result):
    if not result or LOSS_KEY not in result:
        raise ConfigError("%s_eval_result cannot be empty or no loss is found in it." % which)
    return result[LOSS_KEY]


class BestExporter(_SavedModels):
    """Exports after each evaluation that is better than all before, and keeps the latest
    ``exports_to_keep`` (None: all).

    ``compare_fn(best_eval_result, current_eval_result)`` says whether the current one is better.
    The evaluations of earlier runs are read from the event files ``event_file_pattern`` below the
    model directory; None forgets them. Raises ConfigError for a function with other arguments, or
    ``exports_to_keep`` not positive.
    """

    def __init__(
        self,
        name="best_exporter",
        serving_input_receiver_fn=None,
        event_file_pattern="eval/*.tfevents.*",
        compare_fn=_loss_smaller,
        assets_extra=None,
        as_text=False,
        exports_to_keep=5,
    ):
        _check_compare_fn(compare_fn)
        self._describe(name, serving_input_receiver_fn, assets_extra, as_text)
        self._keep(exports_to_keep)
        self._compare_fn = compare_fn
        self._event_file_pattern = event_file_pattern
        self._model_dir = None
        self._best_eval_result = None

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        if self._event_file_pattern and self._model_dir != estimator.model_dir:
            tf.logging.info("Loading best metric from event files.")
            self._model_dir = estimator.model_dir
            pattern = os.path.join(estimator.model_dir, self._event_file_pattern)
            self._best_eval_result = self._best_in(pattern, eval_result)
        if not self._is_better(eval_result):
            return None
        tf.logging.info("Performing best model export.")
        self._best_eval_result = eval_result
        return self._export(estimator, export_path, checkpoint_path)

    def _is_better(self, result):
        return self._best_eval_result is None or self._compare_fn(
            best_eval_result=self._best_eval_result, current_eval_result=result
        )

    def _best_in(self, pattern, current):
        """The best of the evaluations in the event files before the current one.

        That is among them by now. The original compares it with itself, and so never exports after
        the first evaluation.
        """
        best = None
        for step, result in _evaluations(pattern):
            is_current = step == current.get(STEP_KEY)
            if not is_current and (
                best is None or self._compare_fn(best_eval_result=best, current_eval_result=result)
            ):
                best = result
        return best


def _check_compare_fn(compare_fn):
    if compare_fn is None:
        raise ConfigError("`compare_fn` must not be None.")
    expected = {"best_eval_result", "current_eval_result"}
    found = set(argument_names(compare_fn))
    if found != expected:
        raise ConfigError(
            "compare_fn (%s) must include the arguments best_eval_result and current_eval_result. "
            "Missing: %s. Not expected: %s."
            % (compare_fn, sorted(expected - found), sorted(found - expected))
        )


def _evaluations(pattern):
    """Pairs of step and values by tag, from the event files of a pattern."""
    for path in tf.gfile.Glob(pattern):
        for event in _events(path):
            values = {
                value.tag: value.simple_value
                for value in event.summary.value
                if value.HasField("simple_value")
            }
            if values:
                yield event.step, values


def _events(path):
    """The events of a file, as far as it was written: a process that is killed leaves half of
    one."""
    try:
        yield from tf.train.summary_iterator(path)
    except tf.errors.DataLossError as error:
        tf.logging.warning("The end of %s can not be read: %s", path, error)
