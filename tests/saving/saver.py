"""A program that saves models without end, in processes that are there to be killed.

Reads lines ``kind path``; for each it forks a process that saves to the path over and over, model
after model, and tells of each start and end. TensorFlow is imported once, and no session is made
before the fork.
"""

import os
import sys
import warnings

import numpy as np

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from tfkeras_compat import _tf
    from tfkeras_compat._tf import tf

from tfkeras_compat import serving
from tfkeras_compat.callbacks import LambdaCallback, ModelCheckpoint
from tfkeras_compat.layers import Dense
from tfkeras_compat.models import Sequential
from tfkeras_compat.serving.conversion.converted import convert

STATES = (0.25, -3.0)  # what all weights are, in turn
SHAPES = [(40, 900), (900,)]


def model_in(state):
    model = Sequential([Dense(SHAPES[0][1], input_shape=SHAPES[0][:1], name="only")])
    set_state(model, state)
    return model


def set_state(model, state):
    model.set_weights([np.full(shape, state, "float32") for shape in SHAPES])


def tell(word):
    os.write(1, word.encode() + b"\n")


def in_turn(save):
    """A saver that calls ``save`` with one model, in one state after the other."""

    def saving(path):
        model = model_in(STATES[0])
        for number in range(10**6):
            set_state(model, STATES[number % 2])
            tell("begin")
            save(model, path)
            tell("end")

    return saving


def checkpoint(path):
    model = model_in(STATES[0])
    model.compile("sgd", "mse")
    model.optimizer.lr = 0.0
    started = LambdaCallback(
        on_epoch_end=lambda epoch, logs: (set_state(model, STATES[epoch % 2]), tell("begin"))
    )
    ended = LambdaCallback(on_epoch_end=lambda epoch, logs: tell("end"))
    x, y = np.zeros((1, SHAPES[0][0])), np.zeros((1, SHAPES[0][1]))
    callbacks = [started, ModelCheckpoint(path), ended]
    model.fit(x, y, epochs=10**6, callbacks=callbacks, verbose=0)


def command(path):
    sources = []
    for number, state in enumerate(STATES):
        sources.append("%s.source_%d.h5" % (path, number))
        model_in(state).save(sources[-1])
    for number in range(10**6):
        with tf.Graph().as_default():
            tell("begin")
            convert(sources[number % 2], path)
            tell("end")


SAVERS = {
    "model": in_turn(lambda model, path: model.save(path)),
    "weights": in_turn(lambda model, path: model.save_weights(path)),
    "checkpoint": checkpoint,
    "keras_3": in_turn(serving.to_keras3),
    "frozen": command,
    "saved_model": in_turn(serving.export_saved_model),
}


def main():
    _tf.use_graph_mode()
    tf.logging.set_verbosity(tf.logging.ERROR)
    for line in sys.stdin:
        kind, path = line.split()
        pid = os.fork()
        if not pid:
            try:
                SAVERS[kind](path)
            finally:
                os._exit(1)
        tell("pid %d" % pid)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
