"""What goes wrong around a training: the error says what to do, and nothing is lost.

Damaged checkpoints are in test_sessions.py, keys and labels of Keras models in test_keras.py. Run
as a program, this file calls the function that it is given: with a limit of file sizes, which is
its full disk, or to be interrupted.
"""

import os
import resource
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from tfkeras_compat import estimator
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, WrongKeysError
from tfkeras_compat.layers import Dense
from tfkeras_compat.models import Sequential

pytestmark = pytest.mark.either_end

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEIGHTS = 100000
WEIGHT_BYTES = 4 * WEIGHTS
SAVED_STEPS = 4
X = tf.feature_column.numeric_column("x")
WRONG = tf.feature_column.numeric_column("wrong")


def large(folder, has_own_saver=False, **often):
    """An Estimator whose weights all become 3 * (1 - 0.5 ** step)."""

    def model_fn(features, labels, mode):
        weight = tf.get_variable("weight", [WEIGHTS], initializer=tf.zeros_initializer())
        loss = tf.reduce_sum(tf.square(weight * features - labels)) / 4
        optimizer = tf.train.GradientDescentOptimizer(1.0)
        step = optimizer.minimize(loss, tf.train.get_global_step())
        scaffold = tf.train.Scaffold(saver=tf.train.Saver()) if has_own_saver else None
        return estimator.EstimatorSpec(mode, weight, loss, step, scaffold=scaffold)

    often = often or {"save_checkpoints_steps": 2}
    config = estimator.RunConfig(save_summary_steps=None, **often)
    return estimator.Estimator(model_fn, folder, config)


def ones_and_threes():
    return tf.data.Dataset.from_tensors((1.0, 3.0)).repeat()


class FillsTheDisk(tf.train.SessionRunHook):
    """From a step on, that of the checkpoint or a later one, no file can be as long as the
    weights."""

    def __init__(self, after_step):
        self._after_step = after_step

    def begin(self):
        self._fill_if(SAVED_STEPS)

    def before_run(self, run_context):
        return tf.train.SessionRunArgs(tf.train.get_global_step())

    def after_run(self, run_context, run_values):
        self._fill_if(run_values.results + 1)

    def _fill_if(self, step):
        if step >= self._after_step:
            resource.setrlimit(resource.RLIMIT_FSIZE, (WEIGHT_BYTES // 2,) * 2)


def train_on_a_full_disk(folder, after_step, saver):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # an error instead of the end of the process
    made = large(folder, has_own_saver=saver == "own")
    made.train(ones_and_threes, hooks=[FillsTheDisk(int(after_step))], steps=9)


def convert_on_a_full_disk(folder):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (WEIGHT_BYTES // 2,) * 2)
    model = Sequential([Dense(WEIGHTS, input_shape=(1,))])
    model.compile(tf.train.GradientDescentOptimizer(0.1), "mse")
    estimator.model_to_estimator(model, model_dir=folder)


def train_until_interrupted(folder):
    """Prints a line for each step; its checkpoints are ten minutes apart."""

    class Says(tf.train.SessionRunHook):
        def after_run(self, run_context, run_values):
            print("a step", flush=True)
            time.sleep(0.02)

    # A shell lets what it runs in the background ignore the signal.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    large(folder, save_checkpoints_secs=600).train(ones_and_threes, hooks=[Says()])


def child(*arguments):
    paths = [ROOT, os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", __file__] + [str(each) for each in arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        env=dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", PYTHONPATH=os.pathsep.join(paths)),
    )


def error_of(process, kind):
    """What a process says in the end, from the name of the error on."""
    _, printed = process.communicate(timeout=120)
    assert process.returncode == 1
    return printed[printed.rindex(kind) :]


@pytest.mark.parametrize("saved_at, saver", [(4, "own"), (6, "ours")])
def test_a_full_disk_is_told_and_the_earlier_checkpoint_goes_on(saved_at, saver, tmp_path):
    folder = str(tmp_path)
    made = large(folder, saver == "own").train(ones_and_threes, steps=SAVED_STEPS)
    good = made.get_variable_value("weight")

    after_step = max(saved_at - 1, SAVED_STEPS)
    process = child("train_on_a_full_disk", folder, after_step, saver)
    message = error_of(process, "FullDiskError: ")
    assert "The checkpoint of step %d can not be written to %s" % (saved_at, folder) in message
    assert "goes on from %s" % os.path.join(folder, "model.ckpt-4") in message
    assert "File too large" in message

    assert [name for name in os.listdir(folder) if "temp" in name] == []
    assert os.path.basename(made.latest_checkpoint()) == "model.ckpt-4"
    np.testing.assert_array_equal(made.get_variable_value("weight"), good)
    np.testing.assert_allclose(good, 3 * (1 - 0.5**4))
    made.train(ones_and_threes, steps=2)
    np.testing.assert_allclose(made.get_variable_value("weight"), 3 * (1 - 0.5**6))


def test_a_full_disk_is_told_when_a_keras_model_is_converted(tmp_path):
    message = error_of(child("convert_on_a_full_disk", tmp_path), "FullDiskError: ")
    assert "The first checkpoint can not be written to %s" % tmp_path in message
    assert os.listdir(str(tmp_path / "keras")) == []


def test_ctrl_c_loses_no_step(tmp_path):
    process = child("train_until_interrupted", tmp_path)
    seen = [process.stdout.readline() for _ in range(10)]
    process.send_signal(signal.SIGINT)
    printed, errors = process.communicate(timeout=120)
    assert errors.rstrip().endswith("KeyboardInterrupt")
    # The signal may come between the end of a step and the hook that prints it.
    steps = int(tf.train.load_variable(str(tmp_path), "global_step"))
    assert steps - len(seen + printed.splitlines()) in (0, 1)
    made = large(str(tmp_path)).train(ones_and_threes, steps=1)
    assert made.get_variable_value("global_step") == steps + 1


def named(labels=((1.0,), (2.0,))):
    return lambda: ({"x": tf.constant([[3.0], [4.0]]), "z": tf.ones([2])}, tf.constant(labels))


def looking_up(look_up):
    """An Estimator whose model function is a weight times what it finds in the features."""

    def model_fn(features, labels, mode):
        prediction = look_up(features) * tf.get_variable("weight", initializer=1.0)
        loss = tf.reduce_mean(prediction)
        step = tf.assign_add(tf.train.get_global_step(), 1)
        return estimator.EstimatorSpec(mode, prediction, loss, step)

    return estimator.Estimator(model_fn)


def its_key(features):
    return features["wrong"]


def its_column(features):
    return tf.feature_column.input_layer(features, [WRONG])


@pytest.mark.parametrize("look_up, error", [(its_key, WrongKeysError), (its_column, ConfigError)])
@pytest.mark.parametrize(
    "use",
    [
        lambda made: made.train(named(), steps=1),
        lambda made: made.evaluate(named(), steps=1),
        lambda made: next(made.predict(named())),
    ],
    ids=["train", "evaluate", "predict"],
)
def test_a_wrong_key_in_a_model_function_is_told_with_those_there_are(look_up, error, use):
    with pytest.raises(error, match=r"wrong.* have the keys \['x', 'z'\]"):
        use(looking_up(look_up))


@pytest.mark.parametrize(
    "make",
    [
        lambda: estimator.LinearRegressor([X, WRONG]),
        lambda: estimator.DNNRegressor([2], [X, WRONG]),
        lambda: estimator.DNNLinearCombinedRegressor(
            linear_feature_columns=[X], dnn_feature_columns=[WRONG], dnn_hidden_units=[2]
        ),
    ],
    ids=["linear", "dnn", "combined"],
)
def test_a_wrong_key_of_a_column_is_told_with_those_there_are(make):
    with pytest.raises(ConfigError, match=r"^Feature wrong is not .* have the keys \['x', 'z'\]"):
        make().train(named(), steps=1)


def test_features_are_still_the_dictionary_that_they_were():
    seen = []

    def look_up(features):
        assert isinstance(features, dict)
        seen.append((sorted(features), features.get("wrong"), "wrong" in features))
        return features["x"]

    looking_up(look_up).train(named(), steps=1)
    assert seen == [(["x", "z"], None, False)]


def test_another_error_of_a_model_function_comes_out_as_it_is():
    def look_up(features):
        raise ValueError("of the user")

    with pytest.raises(ValueError, match="^of the user$"):
        looking_up(look_up).train(named(), steps=1)


def test_labels_of_rank_1_are_those_of_rank_2_to_a_canned_estimator():
    results = []
    for labels in [(1.0, 2.0), ((1.0,), (2.0,))]:
        made = estimator.LinearRegressor([X])
        results.append(made.train(named(labels), steps=2).evaluate(named(labels), steps=1))
    assert results[0] == results[1]
    assert results[0]["label/mean"] == 1.5


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
