"""Records what canned estimators and heads of TensorFlow 1.15.5 say.

Run it in an environment with that version (``oracles/make_oracles.sh k225`` makes one):

    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_canned.py
"""

import json
import os
import tempfile

import canned_cases

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "canned.json")


def record():
    import tensorflow.compat.v1 as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    observed = {"canned": canned_cases.observe, "heads": canned_cases.observe_head}
    cases = {"canned": canned_cases.CANNED, "heads": canned_cases.HEADS}
    return {
        kind: {
            name: observed[kind](name, tf, tf.estimator, tempfile.mkdtemp()) for name in cases[kind]
        }
        for kind in cases
    }


if __name__ == "__main__":
    with open(FILE, "w") as file:
        json.dump(record(), file, indent=None, sort_keys=True)
        file.write("\n")
