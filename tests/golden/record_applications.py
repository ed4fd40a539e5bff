"""Records the structure and some outputs of the networks of Keras 2.2.5.

    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_applications.py

It writes ``applications.json.gz``, the same bytes every time.
"""

import gzip
import json
import os
import warnings

import application_cases as cases

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "applications.json.gz")


def record(K):
    found = {"structures": {}, "forward": {}}
    for case, request in cases.STRUCTURES.items():
        K.clear_session()
        found["structures"][case] = cases.structure(K, cases.make("keras", K, *request))
    for case, request in cases.FORWARD.items():
        K.clear_session()
        values = cases.outputs(K, cases.make("keras", K, *request))
        found["forward"][case] = [[float("%.8g" % x) for x in row] for row in values]
    return found


if __name__ == "__main__":
    from keras import backend as K

    warnings.simplefilter("ignore")
    text = json.dumps(record(K), sort_keys=True, separators=(",", ":"), default=int)
    with open(FILE, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as file:
        file.write(text.encode())
