"""Records what ``tf.estimator`` of TensorFlow 1.15.5 gives for every case of ``estimator_cases``,
and keeps the folder of one training.

Run it in an environment with that version (``oracles/make_oracles.sh k225`` makes one):

    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_estimator.py
"""

import json
import os
import shutil
import tempfile

import estimator_cases

HERE = os.path.dirname(os.path.abspath(__file__))
FILE = os.path.join(HERE, "estimator.json")
KEPT = os.path.join(HERE, "files", "estimator")


def record(estimator):
    """What is observed, by case."""
    observed = {}
    for name in estimator_cases.CASES:
        with tempfile.TemporaryDirectory() as folder:
            observed[name] = estimator_cases.observe(estimator, name, folder)
            if name == "three_methods":
                _keep(folder)
                observed["continued"] = continued(estimator, folder)
    return observed


def continued(estimator, folder):
    """The losses and evaluation of three more steps of ``three_methods``."""
    cases = estimator_cases
    made = estimator.Estimator(cases.regression(estimator), folder, params={"rate": 0.1})
    losses = cases.Losses()
    made.train(cases.batches(3), hooks=[losses], steps=3)
    return {"losses": losses.values, "evaluated": cases.plain(made.evaluate(cases.batches()))}


def _keep(folder):
    shutil.rmtree(KEPT, ignore_errors=True)
    os.makedirs(KEPT)
    wanted = [name for name in os.listdir(folder) if "-7." in name and "meta" not in name]
    for name in wanted + ["checkpoint"]:
        shutil.copy(os.path.join(folder, name), KEPT)


if __name__ == "__main__":
    import tensorflow as tf

    with open(FILE, "w") as file:
        lines = ["%s: %s" % (json.dumps(k), json.dumps(v)) for k, v in record(tf.estimator).items()]
        file.write("{\n%s\n}\n" % ",\n".join(lines))
