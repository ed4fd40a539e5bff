"""Training from tf.data with hooks and checkpoints: python pipeline.py SIDE WORKLOAD CLOCK

``ours`` is the Estimator, ``raw`` a MonitoredTrainingSession with the hooks that an Estimator has.
Answers as ``contender.py`` does. Graphs are built and sessions opened at each training, so what
counts is the difference between a long and a short one.
"""

import sys
import tempfile

import sides
import workloads

_SHORT, _LONG = 200, 2200  # steps


def _batches(tf, data):
    samples = tf.data.Dataset.from_tensor_slices((data.x, data.y))
    return samples.repeat().batch(data.batch_size).prefetch(2)


def _ours(data):
    tf = sides.tensorflow()
    from tfkeras_compat import estimator

    def model_fn(features, labels, mode):
        raw = workloads.RAW["mlp"](tf, features, labels, tf.train.get_global_step())
        return estimator.EstimatorSpec(mode, loss=raw.loss, train_op=raw.train_op)

    def train(steps):
        with tempfile.TemporaryDirectory() as folder:
            trained = estimator.Estimator(model_fn, folder)
            trained.train(lambda: _batches(tf, data), steps=steps)

    return train


def _raw(data):
    tf = sides.tensorflow()

    def train(steps):
        with tempfile.TemporaryDirectory() as folder, tf.Graph().as_default():
            step = tf.train.get_or_create_global_step()
            x, y = _batches(tf, data).make_one_shot_iterator().get_next()
            raw = workloads.RAW["mlp"](tf, x, y, step)
            tf.summary.scalar("loss", raw.loss)
            hooks = [
                tf.train.NanTensorHook(raw.loss),
                tf.train.LoggingTensorHook({"loss": raw.loss, "step": step}, every_n_iter=100),
                tf.train.StopAtStepHook(steps),
            ]
            with tf.train.MonitoredTrainingSession(checkpoint_dir=folder, hooks=hooks) as session:
                while not session.should_stop():
                    session.run(raw.train_op)

    return train


def main(side, _, clock):
    sides.use_one_core()
    now = sides.CLOCKS[clock]
    train = {"ours": _ours, "raw": _raw}[side](workloads.DATA["mlp"]())
    train(_SHORT)
    print("ready", flush=True)
    for _ in sys.stdin:
        times = []
        for steps in (_SHORT, _LONG):
            start = now()
            train(steps)
            times.append(now() - start)
        print((times[1] - times[0]) / (_LONG - _SHORT), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
