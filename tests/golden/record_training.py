"""Records what Keras 2.2.5 on TensorFlow 1.15.5 gives for every model and optimizer of
``training_cases``.

Run it in an environment with that pair (``oracles/make_oracles.sh k225`` makes one):

    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_training.py

It writes ``training.npz``: history and weights under ``model/optimizer/what``, evaluation and
predictions of the model that was trained last under ``model/what``. Running it again gives the same
arrays, but for the last bits where a kernel adds up in another order. The names of models may
follow: the others then stay as they are in the file.

The original's steps are not deterministic: each update is an operation of its own, and nothing
says that what one of them reads is read before another one writes it. Adam takes ``iterations``
before or after it is counted up (``t`` is 1 or 2 in the first step), Nadam reads its schedule
before or after its update, a layer's gradient may see the next layer's new weights. Here it is made
to do what its formulas say: all new values are computed, from old values only, before the first
one is assigned. The formulas are the original's own.
"""

import contextlib
import os
import sys

import numpy as np
import tensorflow.compat.v1 as tf
import training_cases

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "training.npz")


@contextlib.contextmanager
def deterministic(keras):
    """In here the original computes all new values before it assigns the first."""
    backend = keras.backend
    originals = backend.update, backend.update_add, backend.function
    backend.update = lambda x, new_x: (x, new_x)
    backend.update_add = lambda x, increment: (x, x + increment)
    backend.function = _function_that_assigns_last(backend.function)
    try:
        yield
    finally:
        backend.update, backend.update_add, backend.function = originals


def _function_that_assigns_last(function):
    def make(inputs, outputs, updates=(), **kwargs):
        pairs = [update for update in updates if isinstance(update, tuple)]
        others = [update for update in updates if not isinstance(update, tuple)]
        if not pairs:  # predictions: threads may ask for theirs at the same time
            return function(inputs, outputs, updates=others, **kwargs)
        with tf.control_dependencies(list(outputs) + [tf.identity(new) for _, new in pairs]):
            assignments = [tf.assign(old, new) for old, new in pairs]
        return function(inputs, outputs, updates=others + assignments, **kwargs)

    return make


@contextlib.contextmanager
def gradients_first():
    """In here a ``tf.train.Optimizer`` has all gradients before it changes the first variable."""
    apply = tf.train.Optimizer.apply_gradients

    def apply_last(self, grads_and_vars, *args, **kwargs):
        pairs = list(grads_and_vars)  # they may come from zip()
        with tf.control_dependencies([gradient for gradient, _ in pairs if gradient is not None]):
            return apply(self, pairs, *args, **kwargs)

    tf.train.Optimizer.apply_gradients = apply_last
    try:
        yield
    finally:
        tf.train.Optimizer.apply_gradients = apply


def record(keras, models):
    """The answers of ``models`` by name."""
    answers = {}
    with deterministic(keras), gradients_first():
        for model in models:
            keras.backend.clear_session()
            runs = training_cases.Runs(keras, model)
            for optimizer in training_cases.OPTIMIZERS:
                _add(answers, "%s/%s" % (model, optimizer), runs.run(optimizer))
            _add(answers, model, runs.questions())
    return answers


def _add(answers, name, values):
    for what, value in values.items():
        answers["%s/%s" % (name, what)] = value.astype("float32")


if __name__ == "__main__":
    import keras

    answers = {}
    if sys.argv[1:]:
        with np.load(FILE) as recorded:
            answers.update(recorded)
    answers.update(record(keras, sys.argv[1:] or training_cases.MODELS))
    np.savez_compressed(FILE, **answers)
