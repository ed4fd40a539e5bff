"""Writes the files of ``files`` with Keras 2.2.5 on TensorFlow 1.15.5.

Run it in an environment with that pair (``oracles/make_oracles.sh k225`` makes one):

    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_files.py

For every case of ``file_cases``: ``NAME.weights.h5`` (``save_weights``), ``NAME.model.h5``
(``save``, after a training step, so that it holds the optimizer's state) and ``NAME.npz`` (inputs,
and the outputs after loading either). And ``mixed.ckpt`` (``tf.train.Saver``) with ``mixed.npz``:
the outputs, and the names of all variables.

The training step draws random numbers and HDF5 stores times, so every run gives other bytes: the
files and the arrays beside them belong together.
"""

import os

import file_cases
import layer_cases
import numpy as np
import tensorflow.compat.v1 as tf

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")


def record(keras, case):
    keras.backend.clear_session()
    model = case.build(keras)
    inputs = layer_cases.arrays(case)
    model.compile("adam", "mse")
    file_cases.randomize(keras, model.weights)
    outputs = file_cases.predictions(keras, model, inputs)
    model.save_weights(_path(case.name, "weights.h5"))
    model.train_on_batch(inputs, [np.zeros_like(y) for y in outputs])
    model.reset_states()
    model.save(_path(case.name, "model.h5"))
    trained = file_cases.predictions(keras, model, inputs)
    arrays = {
        "%s%d" % (kind, number): value
        for kind, values in (("input", inputs), ("output", outputs), ("trained", trained))
        for number, value in enumerate(values)
    }
    np.savez_compressed(
        _path(case.name, "npz"), names=np.array([w.name for w in model.weights]), **arrays
    )


def record_mixed(keras):
    keras.backend.clear_session()
    mixed = file_cases.mixed_graph(keras)
    session = keras.backend.get_session()
    file_cases.randomize(keras, tf.global_variables())
    outputs = file_cases.mixed_outputs(keras, mixed, session)
    tf.train.Saver().save(session, _path("mixed", "ckpt"), write_meta_graph=False)
    names = [v.op.name for v in tf.global_variables()]
    np.savez_compressed(_path("mixed", "npz"), names=np.array(names), output0=outputs)
    os.remove(os.path.join(HERE, "checkpoint"))  # a note of absolute paths


def _path(name, ending):
    return os.path.join(HERE, "%s.%s" % (name, ending))


if __name__ == "__main__":
    import keras

    os.makedirs(HERE, exist_ok=True)
    for case in file_cases.FILES.values():
        record(keras, case)
    record_mixed(keras)
