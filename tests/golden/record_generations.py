"""What Keras 1.2.2 and tf.keras of TensorFlow 1.15.5 make of the models of ``generation_cases``.

Run it in the environments that ``oracles/make_oracles.sh`` makes:

    ~/.cache/tfkeras-oracles/k122/bin/python tests/golden/record_generations.py keras
    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_generations.py tensorflow.keras

It writes ``generation_1.2.json`` and ``.npz``, or ``generation_tf.keras.*``. With the name of a
folder it reads instead what this package wrote there in generation "1.2": for each ``NAME.npz``
with outputs the weights in ``NAME.h5``, and compares what the models give.
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
        configs[name] = None if case.get("holds_code") else case["build"](keras).to_json()
    path = os.path.join(HERE, "generation_" + generation)
    np.savez_compressed(path + ".npz", **arrays)
    _write(path + ".json", facts)
    if module == "keras":
        _write(
            path + ".configs.json", {name: json.loads(configs[name] or "null") for name in cases}
        )


def _write(path, value):
    with open(path, "w") as file:
        json.dump(value, file, indent=1, sort_keys=True)
        file.write("\n")


def read(folder):
    """Compares what the models give in Keras 1.2.2 with the weights of the files in a folder."""
    import keras

    for name in sorted(each[:-3] for each in os.listdir(folder) if each.endswith(".h5")):
        keras.backend.clear_session()
        model = keras_1_cases.CASES[name]["build"](keras)
        model.load_weights(os.path.join(folder, name + ".h5"))
        with np.load(os.path.join(folder, name + ".npz")) as arrays:
            found = generation_cases.outputs(model, keras_1_cases.CASES[name])
            for index, output in enumerate(found):
                np.testing.assert_allclose(output, arrays["output%d" % index], 1e-4, 1e-5, name)
        print(name)


if __name__ == "__main__":
    if os.path.isdir(sys.argv[1]):
        read(sys.argv[1])
    else:
        record(sys.argv[1])
