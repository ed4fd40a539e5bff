"""Sessions of Estimators, and the prepared calls in them."""

import collections
import glob
import os

import estimator_cases as cases
import numpy as np
import pytest

from tfkeras_compat import estimator
from tfkeras_compat._tf import tf
from tfkeras_compat.estimator import prepared_runs, sessions

Pair = collections.namedtuple("Pair", ["first", "second"])


@pytest.fixture
def session():
    with tf.Session() as session:
        yield session


def test_prepared_calls_give_what_the_session_gives(session):
    one, many = tf.constant(1.5), tf.constant([[1, 2]])
    text = tf.constant(["a", "b"])
    variable = tf.get_variable("variable", initializer=3)
    session.run(variable.initializer)
    requests = [
        one,
        [one, many, one],
        {"a": (one, tf.no_op()), "b": [text, {"c": variable}]},
        "variable:0",
        tf.SparseTensor([[0]], [1.0], [4]),
        Pair(one, many),
        [],
    ]
    expected = [session.run(request) for request in requests]
    prepared_runs.prepare_runs(session)
    for _ in range(4):
        for request, values in zip(requests, expected):
            found = session.run(request)
            assert type(found) is type(values)
            assert repr(found) == repr(values)
    assert sum(isinstance(each, prepared_runs._PreparedRun) for each in _kinds(session)) == 4


def _kinds(session):
    return session.run._kinds.values()


def test_an_operation_runs_once_in_each_prepared_call(session):
    counter = tf.get_variable("counter", initializer=0)
    step = tf.assign_add(counter, 1).op
    session.run(counter.initializer)
    prepared_runs.prepare_runs(session)
    for _ in range(5):
        assert session.run([step, (step,)]) == [None, (None,)]
    assert session.run(counter) == 5


def test_what_is_asked_for_only_once_is_not_remembered_for_long(session):
    prepared_runs.prepare_runs(session)
    values = [session.run(tf.constant(each)) for each in range(200)]
    assert values == list(range(200))
    assert len(_kinds(session)) <= 64


def test_an_interrupted_training_is_saved(tmp_path):
    class Interrupts(tf.train.SessionRunHook):
        def after_run(self, run_context, run_values):
            self.count = getattr(self, "count", 0) + 1
            if self.count == 3:
                raise KeyboardInterrupt

    made = _linear(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        made.train(cases.batches(9), hooks=[Interrupts()])
    assert sessions.saved_step(made.model_dir) == 3


def test_a_damaged_checkpoint_is_named_and_the_earlier_one_can_be_used(tmp_path):
    made = _linear(tmp_path, save_checkpoints_steps=2).train(cases.batches(9), steps=4)
    for path in glob.glob(str(tmp_path / "model.ckpt-4.data*")):
        with open(path, "r+b") as file:
            file.truncate(20)
    for use in (
        lambda: made.evaluate(cases.batches()),
        lambda: made.train(cases.batches(9), steps=1),
    ):
        with pytest.raises((ValueError, OSError), match=r"(?s)model\.ckpt-4 can not be read"):
            use()
    earlier = os.path.join(made.model_dir, "model.ckpt-2")
    assert made.evaluate(cases.batches(), checkpoint_path=earlier)["global_step"] == 2


def test_the_caller_s_graph_is_the_default_between_predictions(tmp_path):
    made = _linear(tmp_path).train(cases.batches(), steps=1)
    graph = tf.get_default_graph()
    one, other = made.predict(cases.batches()), made.predict(cases.batches())
    pairs = []
    for first, second in zip(one, other):
        assert tf.get_default_graph() is graph
        pairs.append((first["y"], second["y"]))
    assert len(pairs) == 20
    np.testing.assert_array_equal(*np.swapaxes(pairs, 0, 1))


def test_a_restarted_worker_asks_every_second_whether_it_may_begin():
    assert sessions.RECOVERY_WAIT_SECS <= 1


def _linear(folder, **options):
    config = estimator.RunConfig(**options)
    return estimator.Estimator(
        cases.regression(estimator), str(folder), config, params={"rate": 0.1}
    )
