"""One process of the cluster in test_cluster.py; its role comes from TF_CONFIG.

Arguments: the directory of the cluster, "asynchronous" or "synchronous", the number of steps. It
writes the time of its call and of each of its steps into the file that TASK_LOG names, and takes
its time for them until there is a file ``hurry``.
"""

import os
import signal
import sys
import time

from tfkeras_compat import _tf, estimator
from tfkeras_compat._tf import tf

SECS_PER_STEP = 0.4


def model_fn(features, labels, mode, params, config):
    weight = tf.get_variable("weight", [2, 1], initializer=tf.zeros_initializer())
    predictions = tf.matmul(features, weight)
    if mode == estimator.ModeKeys.PREDICT:
        return estimator.EstimatorSpec(mode, predictions)
    loss = tf.reduce_mean(tf.square(predictions - labels))
    optimizer = tf.train.GradientDescentOptimizer(0.01)
    hooks = []
    if params["sync"]:
        optimizer = tf.train.SyncReplicasOptimizer(
            optimizer, replicas_to_aggregate=2, total_num_replicas=config.num_worker_replicas or 1
        )
        hooks = [optimizer.make_session_run_hook(config.is_chief)]
    train_op = None
    if mode == estimator.ModeKeys.TRAIN:
        train_op = optimizer.minimize(loss, tf.train.get_global_step())
    return estimator.EstimatorSpec(mode, predictions, loss, train_op, training_hooks=hooks)


def input_fn():
    features = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]])
    labels = tf.constant([[5.0], [11.0], [19.0]])
    return tf.data.Dataset.from_tensors((features, labels)).repeat()


def receiver_fn():
    features = tf.placeholder(tf.float32, [None, 2])
    return estimator.export.TensorServingInputReceiver(features, {"x": features})


class Steps(tf.train.SessionRunHook):
    """Writes down the time and number of each step."""

    def __init__(self, directory, log):
        self._hurry = os.path.join(directory, "hurry")
        self._log = log

    def begin(self):
        self._step = tf.train.get_global_step()

    def before_run(self, run_context):
        if not os.path.exists(self._hurry):
            time.sleep(SECS_PER_STEP)
        return tf.train.SessionRunArgs(self._step)

    def after_run(self, run_context, run_values):
        write(self._log, run_values.results)


def write(log, step):
    log.write("%.3f %d\n" % (time.time(), step))
    log.flush()


def main(directory, kind, max_steps):
    # Ctrl-C is to end it also where the tests run in the background of a shell, which ignores it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _tf.use_graph_mode()
    tf.logging.set_verbosity(tf.logging.INFO)
    config = estimator.RunConfig(
        model_dir=os.path.join(directory, "model"),
        save_checkpoints_secs=1,
        experimental_max_worker_delay_secs=1,
    )
    trained = estimator.Estimator(model_fn, config=config, params={"sync": kind == "synchronous"})
    exporter = estimator.FinalExporter("final", receiver_fn)
    with open(os.environ["TASK_LOG"], "w") as log:
        write(log, -1)
        estimator.train_and_evaluate(
            trained,
            estimator.TrainSpec(input_fn, int(max_steps), [Steps(directory, log)]),
            estimator.EvalSpec(
                input_fn, steps=1, exporters=exporter, start_delay_secs=0, throttle_secs=1
            ),
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
