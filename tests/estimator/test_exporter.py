"""What is exported after which evaluation, and what is kept."""

import os

import pytest

from tfkeras_compat import estimator
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator import evaluation


class Recorder:
    """Stands for an Estimator: notes which checkpoints are exported, as directories."""

    def __init__(self, model_dir):
        self.model_dir = str(model_dir)
        self.exported = []
        self._version = 1700000000

    def export_saved_model(self, base, receiver_fn, assets_extra, as_text, checkpoint_path):
        self.exported.append((checkpoint_path, receiver_fn, assets_extra, as_text))
        self._version += 1
        made = os.path.join(base, str(self._version))
        os.makedirs(made)
        return made.encode()

    def evaluated(self, exporter, step, loss, is_last=False):
        """What an exporter gives for an evaluation, which was written to its event file."""
        result = {"loss": loss, "global_step": step}
        evaluation.write(os.path.join(self.model_dir, "eval"), result)
        base = os.path.join(self.model_dir, "export", exporter.name)
        return exporter.export(self, base, "checkpoint-%d" % step, result, is_last)

    def kept(self, name):
        return sorted(os.listdir(os.path.join(self.model_dir, "export", name)))


@pytest.fixture
def recorder(tmp_path):
    yield Recorder(tmp_path)
    tf.summary.FileWriterCache.clear()


def checkpoints(recorder):
    return [path for path, _, _, _ in recorder.exported]


def test_the_final_exporter_exports_once_at_the_end(recorder):
    exporter = estimator.FinalExporter("final", "receiver", {"a": "b"}, as_text=True)
    assert recorder.evaluated(exporter, 10, 1.0) is None
    assert recorder.evaluated(exporter, 20, 2.0, is_last=True).endswith(b"/final/1700000001")
    assert recorder.exported == [("checkpoint-20", "receiver", {"a": "b"}, True)]


def test_the_latest_exporter_keeps_the_latest(recorder):
    exporter = estimator.LatestExporter("latest", "receiver", exports_to_keep=2)
    os.makedirs(os.path.join(recorder.model_dir, "export", "latest", "temp-1700000009"))
    for step in (1, 2, 3):
        recorder.evaluated(exporter, step, 1.0)
    assert recorder.kept("latest") == ["1700000002", "1700000003", "temp-1700000009"]


def test_the_best_exporter_exports_what_is_better_than_all_before(recorder):
    exporter = estimator.BestExporter(exports_to_keep=None)
    for step, loss in enumerate([5.0, 6.0, 4.0, 4.5, 4.0, 3.0]):
        recorder.evaluated(exporter, step, loss)
    # Not of the original, where the first one is compared with itself, and left out.
    assert checkpoints(recorder) == ["checkpoint-0", "checkpoint-2", "checkpoint-5"]


def test_the_best_exporter_knows_the_evaluations_of_a_run_that_was_ended(recorder):
    recorder.evaluated(estimator.BestExporter(), 1, 2.0)
    restarted = estimator.BestExporter()
    recorder.evaluated(restarted, 2, 3.0)
    recorder.evaluated(restarted, 3, 1.0)
    assert checkpoints(recorder) == ["checkpoint-1", "checkpoint-3"]


def test_the_best_exporter_reads_event_files_that_break_off(recorder):
    recorder.evaluated(estimator.BestExporter(), 1, 2.0)
    recorder.evaluated(estimator.BestExporter(), 2, 9.0)
    tf.summary.FileWriterCache.clear()
    directory = os.path.join(recorder.model_dir, "eval")
    (name,) = os.listdir(directory)
    earlier = os.path.join(directory, "events.out.tfevents.1")  # no name for a new file
    os.rename(os.path.join(directory, name), earlier)
    with open(earlier, "r+b") as file:
        file.truncate(os.path.getsize(earlier) - 5)
    recorder.evaluated(estimator.BestExporter(), 3, 3.0)
    assert checkpoints(recorder) == ["checkpoint-1"]


def test_the_best_exporter_forgets_earlier_runs_if_it_has_no_event_files(recorder):
    for step, loss in ((1, 1.0), (2, 2.0)):
        recorder.evaluated(estimator.BestExporter(event_file_pattern=None), step, loss)
    assert checkpoints(recorder) == ["checkpoint-1", "checkpoint-2"]


def test_the_best_exporter_compares_as_it_is_told(recorder):
    def is_later_loss_higher(best_eval_result, current_eval_result):
        return current_eval_result["loss"] > best_eval_result["loss"]

    exporter = estimator.BestExporter(compare_fn=is_later_loss_higher)
    for step, loss in enumerate([1.0, 0.5, 2.0]):
        recorder.evaluated(exporter, step, loss)
    assert checkpoints(recorder) == ["checkpoint-0", "checkpoint-2"]


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: estimator.BestExporter(compare_fn=None), "compare_fn` must not be None"),
        (lambda: estimator.BestExporter(compare_fn=lambda a: a), "Missing: .*Not expected: .*'a'"),
        (lambda: estimator.BestExporter(exports_to_keep=0), "positive number. Got 0"),
        (lambda: estimator.LatestExporter("a", None, exports_to_keep=-1), "positive number"),
    ],
)
def test_exporters_say_what_they_can_not_take(make, message):
    with pytest.raises(ConfigError, match=message):
        make()


def test_a_result_without_loss_is_an_error_where_it_is_compared(recorder):
    exporter = estimator.BestExporter(event_file_pattern=None)
    exporter.export(recorder, recorder.model_dir, "c", {"loss": 1.0}, False)
    with pytest.raises(ConfigError, match="current_eval_result cannot be empty or no loss"):
        exporter.export(recorder, recorder.model_dir, "c", {"accuracy": 1.0}, False)
