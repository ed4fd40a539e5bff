"""Records what Keras 2.2.5 on TensorFlow 1.15.5 gives for every case of ``function_cases``.

Run it in an environment with that pair (``oracles/make_oracles.sh k225`` makes one):

    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_functions.py

It writes ``functions.npz``: one array per case, mean, standard deviation and largest magnitude per
sample, and the version of NumPy, on whose LAPACK signs of orthogonal matrices depend. Running it
again gives the same arrays, unless a case has changed.
"""

import os

import function_cases
import numpy as np

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "functions.npz")
SEED = 11


def record(keras):
    """All outputs by name."""
    outputs = {"numpy": np.array(np.__version__)}
    for name in function_cases.CASES:
        outputs[name] = function_cases.evaluate(keras, name)
    for name in function_cases.SAMPLES:
        outputs[name] = function_cases.statistics(keras, name, SEED)
    return outputs


if __name__ == "__main__":
    import keras

    np.savez_compressed(FILE, **record(keras))
