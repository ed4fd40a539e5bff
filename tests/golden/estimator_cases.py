"""What Estimators are compared on: small trainings from equal weights on equal batches.

Each case is a function of a ``tf.estimator`` and a folder, and gives plain JSON values; ``observe``
adds what lies in the folder afterwards.
"""

import logging
import os
import re

import numpy as np
import tensorflow.compat.v1 as tf

X = np.linspace(-1, 1, 40).reshape(20, 2).astype("float32")
Y = (X.sum(axis=1, keepdims=True) + 0.5).astype("float32")
LABELS = (np.arange(20) % 3).astype("int32")


def batches(repeat=1):
    return lambda: tf.data.Dataset.from_tensor_slices((X, Y)).repeat(repeat).batch(8)


def weight(name, shape, value=0.1, **options):
    initializer = tf.constant_initializer(value)
    return tf.get_variable(name, shape, initializer=initializer, **options)


def regression(estimator, optimizer=tf.train.AdamOptimizer):
    """A model function of one linear layer."""

    def model_fn(features, labels, mode, params):
        predicted = tf.matmul(features, weight("kernel", [2, 1])) + weight("bias", [1], 0.0)
        if mode == estimator.ModeKeys.PREDICT:
            return estimator.EstimatorSpec(mode, predictions={"y": predicted, "x": features})
        loss = tf.losses.mean_squared_error(labels, predicted)
        step = optimizer(params["rate"]).minimize(loss, tf.train.get_global_step())
        metrics = {"mae": tf.metrics.mean_absolute_error(labels, predicted)}
        return estimator.EstimatorSpec(mode, loss=loss, train_op=step, eval_metric_ops=metrics)

    return model_fn


def classification(estimator):
    """A model function that uses a mode, a dictionary of features and a scaffold of its own."""

    def model_fn(features, labels, mode):
        logits = tf.matmul(features["x"], weight("kernel", [2, 3])) * features["scale"]
        if mode == estimator.ModeKeys.PREDICT:
            return estimator.EstimatorSpec(mode, predictions=tf.nn.softmax(logits))
        loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
        tf.summary.scalar("of_the_user", 2 * loss)
        step = tf.train.MomentumOptimizer(0.5, 0.9).minimize(loss, tf.train.get_global_step())
        metrics = {"accuracy": tf.metrics.accuracy(labels, tf.argmax(logits, 1))}
        return estimator.EstimatorSpec(
            mode,
            loss=loss,
            train_op=step,
            eval_metric_ops=metrics,
            scaffold=tf.train.Scaffold(saver=tf.train.Saver(max_to_keep=2)),
        )

    return model_fn


class Losses(tf.train.SessionRunHook):
    """Keeps the loss of every step."""

    def __init__(self):
        self.values = []

    def before_run(self, run_context):
        return tf.train.SessionRunArgs(tf.get_collection(tf.GraphKeys.LOSSES)[-1])

    def after_run(self, run_context, run_values):
        self.values.append(float(run_values.results))


def three_methods(estimator, folder):
    """Two trainings, the second without a step; evaluations with and without name; predictions."""
    config = estimator.RunConfig(
        save_checkpoints_steps=3, log_step_count_steps=2, save_summary_steps=2, tf_random_seed=1
    )
    made = estimator.Estimator(regression(estimator), folder, config, params={"rate": 0.1})
    losses = Losses()
    with LogLines() as lines:
        made.train(batches(3), hooks=[losses], max_steps=7)
        made.train(batches(3), max_steps=7)
        evaluated = [made.evaluate(batches()), made.evaluate(batches(3), steps=2, name="short")]
    predicted = list(made.predict(batches()))
    return {
        "losses": losses.values,
        "evaluated": [plain(each) for each in evaluated],
        "predicted": [plain(each) for each in predicted[:2] + predicted[-1:]],
        "variables": made.get_variable_names(),
        "lines": lines.kept,
    }


def arrays(estimator, folder):
    """numpy_input_fn without shuffling, a scaffold with a saver, and predictions in batches."""
    x = {"x": X, "scale": np.full([20, 1], 2, "float32")}
    config = estimator.RunConfig(save_checkpoints_steps=2)
    made = estimator.Estimator(classification(estimator), folder, config)
    read = estimator.inputs.numpy_input_fn
    made.train(read(x, LABELS, batch_size=6, num_epochs=2, shuffle=False))
    once = read(x, LABELS, batch_size=6, shuffle=False)
    batches_of_six = made.predict(once, yield_single_examples=False)
    return {
        "evaluated": plain(made.evaluate(once)),
        "predicted": [each.tolist() for each in batches_of_six],
    }


def warm_start(estimator, folder):
    """A second Estimator begins with the weights of the first, by another name for one of them."""
    first = estimator.Estimator(
        regression(estimator), os.path.join(folder, "first"), params={"rate": 0.1}
    )
    first.train(batches(2), steps=4)
    by_path = estimator.Estimator(
        regression(estimator, tf.train.GradientDescentOptimizer),
        os.path.join(folder, "by_path"),
        params={"rate": 0.5},
        warm_start_from=first.model_dir,
    )
    by_settings = estimator.Estimator(
        regression(estimator),
        os.path.join(folder, "by_settings"),
        params={"rate": 0.5},
        warm_start_from=estimator.WarmStartSettings(first.model_dir, "kernel"),
    )
    before = plain(by_path.evaluate(batches()))
    by_path.train(batches(), steps=1)
    return {
        "before": before,
        "after": plain(by_path.evaluate(batches())),
        "step": int(by_path.get_variable_value("global_step")),
        "by_settings": plain(by_settings.evaluate(batches())),
    }


def in_memory(estimator, folder):
    """Evaluations during a training, and early stopping by what they gave."""
    config = estimator.RunConfig(save_summary_steps=100)
    made = estimator.Estimator(regression(estimator), folder, config, params={"rate": 0.05})
    evaluator = estimator.experimental.InMemoryEvaluatorHook(made, batches(), every_n_iter=3)
    stop = estimator.experimental.stop_if_lower_hook(
        made, "mae", 0.25, min_steps=4, run_every_secs=None, run_every_steps=1
    )
    made.train(batches(30), hooks=[evaluator, stop])
    return {"evaluated": plain(made.evaluate(batches(), name="last"))}


def two_replicas(estimator, folder):
    """MirroredStrategy on two logical CPU devices."""
    strategy = tf.distribute.MirroredStrategy(["/cpu:0", "/cpu:1"])
    devices = tf.ConfigProto(device_count={"CPU": 2}, allow_soft_placement=True)
    config = estimator.RunConfig(
        train_distribute=strategy, eval_distribute=strategy, session_config=devices
    )
    made = estimator.Estimator(regression(estimator), folder, config, params={"rate": 0.1})
    losses = Losses()
    made.train(batches(2), hooks=[losses], steps=2)
    return {
        "losses": losses.values,
        "evaluated": plain(made.evaluate(batches(), steps=1)),
        "variables": made.get_variable_names(),
        "kernel": made.get_variable_value("kernel").tolist(),
    }


CASES = {
    case.__name__: case for case in (three_methods, arrays, warm_start, in_memory, two_replicas)
}


def observe(estimator, name, folder):
    """What a case gives, and what lies in its folder then."""
    given = CASES[name](estimator, folder)
    return {"given": given, "files": files(folder), "events": events(folder)}


def plain(values):
    return {key: np.asarray(value).tolist() for key, value in values.items()}


def files(folder):
    """Relative paths; of event files only that there is one."""
    found = set()
    for directory, _, names in os.walk(folder):
        for name in names:
            path = os.path.relpath(os.path.join(directory, name), folder)
            found.add(re.sub(r"tfevents\..*", "tfevents", path))
    return sorted(found)


def events(folder):
    """``[folder, step, tag, value]`` of every summary; values that depend on time or place are
    None."""
    found = []
    for directory, _, names in os.walk(folder):
        for name in sorted(name for name in names if "tfevents" in name):
            for event in tf.train.summary_iterator(os.path.join(directory, name)):
                for value in event.summary.value:
                    is_timed = "sec" in value.tag or "fraction" in value.tag
                    is_number = value.HasField("simple_value") and not is_timed
                    number = value.simple_value if is_number else None
                    place = os.path.relpath(directory, folder)
                    found.append([place, event.step, value.tag, number])
    return sorted(found, key=lambda each: each[:3])


class LogLines(logging.Handler):
    """A context that keeps the lines which users of TensorFlow 1 know, times left out."""

    WANTED = re.compile(
        "(loss = |Calling|Done|Skipping|Loss for|Evaluation|Saving dict|global_step/)"
    )

    def __enter__(self):
        self.kept = []
        self._verbosity = tf.logging.get_verbosity()
        tf.logging.set_verbosity(tf.logging.INFO)
        logging.getLogger("tensorflow").addHandler(self)
        return self

    def __exit__(self, *exception):
        logging.getLogger("tensorflow").removeHandler(self)
        tf.logging.set_verbosity(self._verbosity)

    def emit(self, record):
        line = record.getMessage()
        if self.WANTED.match(line) and "listeners" not in line:
            line = re.sub(r"\([0-9.]+ sec\)|(?<=sec: )[0-9.]+", "#", line)
            self.kept.append(re.sub(r"\d+\.\d+(e-\d+)?", "#", line))
