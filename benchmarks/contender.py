"""One side of a row, again and again: python contender.py SIDE WORKLOAD CLOCK

Prepares the workload, prints ``ready``, and for each line that it reads runs the workload once and
prints the seconds per step. Ends with its input.
"""

import sys

import numpy as np
import sides
import workloads


def _batches(data):
    for begin in range(0, len(data.x), data.batch_size):
        yield data.x[begin : begin + data.batch_size], data.y[begin : begin + data.batch_size]


def _initialized(workload):
    tf = sides.tensorflow()
    raw = workloads.RAW[workload](tf)
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    return raw, session


def raw_training(workload, data):
    """The loop that is written by hand: nothing is fetched, nothing is shuffled."""
    raw, session = _initialized(workload)

    def run():
        for x, y in _batches(data):
            session.run(raw.train_op, feed_dict={raw.inputs: x, raw.targets: y, **raw.extra_feed})

    return run


def raw_prediction(workload, data):
    """Prediction batch by batch, joined at the end."""
    raw, session = _initialized(workload)
    return lambda: np.concatenate(
        [session.run(raw.outputs, feed_dict={raw.inputs: x}) for x, _ in _batches(data)]
    )


def keras_training(keras, workload, data):
    model = workloads.KERAS[workload](keras)
    return lambda: model.fit(data.x, data.y, batch_size=data.batch_size, epochs=1, verbose=0)


def keras_prediction(keras, workload, data):
    model = workloads.KERAS[workload](keras)
    return lambda: model.predict(data.x, batch_size=data.batch_size)


def prepared(side, workload):
    """A function that runs the workload once, and the number of its steps."""
    data = workloads.DATA[workload]()
    predicts = workload == "predict"
    if side == "raw":
        run = (raw_prediction if predicts else raw_training)(workload, data)
    else:
        keras = sides.KERASES[side]()
        run = (keras_prediction if predicts else keras_training)(keras, workload, data)
    return run, -(-len(data.x) // data.batch_size)


def main(side, workload, clock):
    sides.use_one_core()
    now = sides.CLOCKS[clock]
    run, steps = prepared(side, workload)
    run()
    print("ready", flush=True)
    for _ in sys.stdin:
        start = now()
        run()
        print((now() - start) / steps, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
