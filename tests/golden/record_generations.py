"""What Keras 1.2.2 and tf.keras of TensorFlow 1.15.5 make of the models of ``generation_cases``.

Run it in the environments that ``oracles/make_oracles.sh`` makes:

    ~/.cache/tfkeras-oracles/k122/bin/python tests/golden/record_generations.py keras
    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_generations.py tensorflow.keras

It writes ``generation_1.2.json`` and ``.npz``, or ``generation_tf.keras.*``. With the name of a
folder it reads instead what this package saved there in generation "1.2": models in ``NAME.h5``,
and in ``NAME.npz`` what they gave and became. It compares both, and saves its own as
``NAME.theirs.h5`` and ``NAME.theirs.npz``.
"""

import importlib
import json
import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import generation_cases  # noqa: E402
import keras_1_cases  # noqa: E402

GENERATIONS = {
    "keras": ("1.2", keras_1_cases.CASES),
    "tensorflow.keras": ("tf.keras", generation_cases.OF_TF_KERAS),
}


def _wait_for_all_gradients(keras):
    """Lets no variable change before all gradients are there.

    In Keras 1.2.2 on TensorFlow 1.0 a gradient may read a weight that its own update has already
    changed, and one run is not like the next (by some 1e-5 in 20 steps).
    """
    import tensorflow as tf

    original = keras.optimizers.Optimizer.get_gradients

    def get_gradients(self, loss, params):
        gradients = [tf.convert_to_tensor(each) for each in original(self, loss, params)]
        return tf.tuple(gradients)

    keras.optimizers.Optimizer.get_gradients = get_gradients
    _count_once(keras, keras.optimizers.Nadam)


def _count_once(keras, nadam):
    """Nadam reads the number of steps and ``m_schedule`` in a run with their changes, and may find
    the new values: one run in six then ends up to 1e-3 away from the others."""
    import tensorflow as tf

    original = nadam.get_updates

    def get_updates(self, params, constraints, loss):
        counter, schedule = self.iterations, self.m_schedule
        self.iterations, self.m_schedule = counter + 0.0, schedule + 0.0  # new tensors, not views
        read = [self.iterations, self.m_schedule]
        with tf.control_dependencies(read):
            later = tf.no_op()
        add = keras.backend.update_add
        keras.backend.update_add = lambda x, increment: x
        updates = original(self, params, constraints, loss)
        keras.backend.update_add = add
        self.iterations, self.m_schedule = counter, schedule
        self.weights[0] = counter
        changes = [each for each in updates if each is not read[0] and not isinstance(each, tuple)]
        new_schedule = next(each[1] for each in updates if isinstance(each, tuple))
        with tf.control_dependencies([later, new_schedule]):
            return [tf.assign_add(counter, 1.0), tf.assign(schedule, new_schedule)] + changes

    nadam.get_updates = get_updates


def record(module):
    keras = importlib.import_module(module)
    if module == "keras":
        _wait_for_all_gradients(keras)
    generation, cases = GENERATIONS[module]
    facts, arrays, configs = {}, {}, {}
    for name, case in sorted(cases.items()):
        facts[name], found = generation_cases.observe(keras, case)
        arrays.update(("%s/%s" % (name, key), value) for key, value in found.items())
        keras.backend.clear_session()
        configs[name] = case["build"](keras).to_json()
    path = os.path.join(HERE, "generation_" + generation)
    np.savez_compressed(path + ".npz", **arrays)
    _write(path + ".json", facts)
    if module == "keras":
        _write(path + ".configs.json", {name: json.loads(configs[name]) for name in cases})


def _write(path, value):
    with open(path, "w") as file:
        json.dump(value, file, indent=1, sort_keys=True)
        file.write("\n")


def exchange(folder):
    """Loads the models in a folder with Keras 1.2.2, and saves its own of the same names."""
    import keras

    _wait_for_all_gradients(keras)
    for name in sorted(each[:-3] for each in os.listdir(folder) if each.endswith(".h5")):
        path, case = os.path.join(folder, name), keras_1_cases.CASES[name]
        generation_cases.assert_gives(generation_cases.loaded(keras, path), case, path)
        generation_cases.save(keras, case, path + ".theirs")
        print(name)


if __name__ == "__main__":
    if os.path.isdir(sys.argv[1]):
        exchange(sys.argv[1])
    else:
        record(sys.argv[1])
