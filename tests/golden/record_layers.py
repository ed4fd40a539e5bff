"""Records what Keras 2.2.5 on TensorFlow 1.15.5 gives for every case of ``layer_cases``.

Run it in an environment with that pair (``oracles/make_oracles.sh k225`` makes one):

    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_layers.py

It writes ``layers.json`` (names, shapes, configurations) and ``layers.npz`` (arrays, under
``case/question/entry``). Running it again gives the same bytes, unless a case or a question has
changed.
"""

import json
import os

import layer_cases
import numpy as np
import observation

HERE = os.path.dirname(os.path.abspath(__file__))
FACTS = os.path.join(HERE, "layers.json")
NUMBERS = os.path.join(HERE, "layers.npz")


def record(keras):
    facts, numbers = {}, {}
    for name, case in layer_cases.CASES.items():
        answers = observation.observe(keras, case)
        _refuse_failures(name, answers)
        facts[name] = {
            question.__name__: answers[question.__name__] for question in observation.FACTS
        }
        for question in observation.NUMBERS:
            _add(numbers, name, question.__name__, answers[question.__name__])
    return facts, numbers


def _refuse_failures(name, answers):
    for question, answer in answers.items():
        if isinstance(answer, Exception):
            raise RuntimeError("Case %s, question %s: %r" % (name, question, answer))


def _add(numbers, name, question, answer):
    for entry, value in answer.items():
        if not np.isfinite(value).all():
            raise RuntimeError("Case %s, question %s: %s is not finite" % (name, question, entry))
        numbers["%s/%s/%s" % (name, question, entry.replace("/", "|"))] = np.asarray(
            value, "float32"
        )


def write(facts, numbers):
    with open(FACTS, "w") as file:
        lines = [
            "%s: %s" % (json.dumps(name), json.dumps(facts[name], sort_keys=True))
            for name in sorted(facts)
        ]
        file.write("{\n" + ",\n".join(lines) + "\n}\n")
    np.savez_compressed(NUMBERS, **{key: numbers[key] for key in sorted(numbers)})


if __name__ == "__main__":
    import keras

    write(*record(keras))
