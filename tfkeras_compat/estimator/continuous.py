"""Evaluating, and exporting, the checkpoints of a training that goes on."""

import os
import time
from typing import Any

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import SessionError
from tfkeras_compat.estimator.evaluation import STEP_KEY

# How long an evaluator that found nothing new waits at most before it looks again, in seconds.
_LOOK_AGAIN_SECS = 30
_WARN_AGAIN_SECS = 600

_NO_CHECKPOINT = (
    "Estimator is not trained yet. Will start an evaluation when a checkpoint is ready."
)
_NO_NEW_CHECKPOINT = (
    "No new checkpoint ready for evaluation. Skip the current evaluation pass as evaluation "
    "results are expected to be same for the same checkpoint."
)


class Evaluations:
    """The evaluations of an Estimator's checkpoints, each of them once, with its exports.

    ``metrics`` and ``exports`` are those of the last one, None before it.
    """

    def __init__(self, estimator, spec, max_steps):
        self._estimator = estimator
        self._spec = spec
        self._max_steps = max_steps
        self._checkpoint = None
        self._warned_at = 0.0
        self.metrics: Any = None
        self.exports: Any = None

    def evaluate_new(self):
        """Evaluates and exports the last checkpoint; returns False if there is no new one."""
        checkpoint = self._estimator.latest_checkpoint()
        if checkpoint in (None, self._checkpoint):
            self._warn(_NO_NEW_CHECKPOINT if checkpoint else _NO_CHECKPOINT)
            return False
        self.metrics = self._estimator.evaluate(
            input_fn=self._spec.input_fn,
            steps=self._spec.steps,
            name=self._spec.name,
            checkpoint_path=checkpoint,
            hooks=self._spec.hooks,
        )
        self.exports = [self._export(each, checkpoint) for each in self._spec.exporters]
        self._checkpoint = checkpoint
        self._warned_at = 0.0
        return True

    @property
    def is_final(self):
        """Whether the evaluated training is at its last step."""
        return bool(self.metrics and self._max_steps and self.metrics[STEP_KEY] >= self._max_steps)

    def _export(self, exporter, checkpoint):
        return exporter.export(
            estimator=self._estimator,
            export_path=os.path.join(self._estimator.model_dir, "export", exporter.name),
            checkpoint_path=checkpoint,
            eval_result=self.metrics,
            is_the_final_export=self.is_final,
        )

    def _warn(self, message):
        if time.time() - self._warned_at > _WARN_AGAIN_SECS:
            tf.logging.warning(message)
            self._warned_at = time.time()

    def run_until_final(self):
        """Evaluates the new checkpoints of another process until that of the last step, no more
        often than every ``throttle_secs`` seconds."""
        while True:
            started = time.time()
            found = self.evaluate_new()
            if self.is_final:
                break
            throttle = self._spec.throttle_secs
            self._pause(started, throttle if found else min(throttle, _LOOK_AGAIN_SECS), found)
        tf.logging.info(
            "Exiting evaluation, global_step=%s >= train max_steps=%s",
            self.metrics[STEP_KEY],
            self._max_steps,
        )

    def _pause(self, started, secs, found):
        remaining = started + secs - time.time()
        if remaining > 0:
            tf.logging.info("Waiting %f secs before starting next eval run.", remaining)
            time.sleep(remaining)
        elif secs == 0 and not found:
            tf.logging.warning(
                "EvalSpec.throttle_secs is set as 0. This might overload the job before finding "
                "(next) new checkpoint. Please consider to increase it."
            )


class EvaluationListener(tf.train.CheckpointSaverListener):
    """Evaluates the checkpoints of a training in this process, as they are saved: not the first
    one, which nothing has trained yet, then no more often than every ``throttle_secs`` seconds, and
    always the last one."""

    def __init__(self, evaluations, throttle_secs):
        self._evaluations = evaluations
        self._throttle_secs = throttle_secs

    def begin(self):
        self._timer = tf.train.SecondOrStepTimer(every_secs=self._throttle_secs)
        self._is_first = True

    def after_save(self, session, global_step_value):
        if self._is_first:
            self._is_first = False
        elif self._timer.should_trigger_for_step(global_step_value):
            self._evaluate(global_step_value)
        else:
            tf.logging.info(
                "Skip the current checkpoint eval due to throttle secs (%s secs).",
                self._throttle_secs,
            )

    def end(self, session, global_step_value):
        if global_step_value != self._timer.last_triggered_step():
            self._evaluate(global_step_value)

    def _evaluate(self, step):
        self._timer.update_last_triggered_step(step)
        if not self._evaluations.evaluate_new():
            raise SessionError(
                "There was no new checkpoint after the training step %s: something else has "
                "written to or removed the model directory." % step
            )
