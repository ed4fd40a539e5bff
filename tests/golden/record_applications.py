"""Records the structure and some outputs of the networks of Keras 2.2.5.

    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_applications.py

It writes ``applications.json.gz``, the same bytes every time.
"""

import gzip
import importlib
import json
import os
import warnings
from unittest import mock

import application_cases as cases

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "applications.json.gz")


def leave_out_training():
    """Batch normalization as in predictions only, which builds several times as fast."""
    from keras.layers import BatchNormalization

    call = BatchNormalization.call
    BatchNormalization.call = lambda self, inputs, training=None: call(self, inputs, training=0)


def record(K):
    found = {"structures": {}, "forward": {}, "published": {}}
    for case, request in cases.STRUCTURES.items():
        K.clear_session()
        model = cases.make("keras", K, *request)
        found["structures"][case] = cases.structure(K, model)
        if case in cases.FORWARD:
            values = cases.outputs(K, model)
            found["forward"][case] = [[float("%.8g" % x) for x in row] for row in values]
    for name in cases.FAMILIES:
        found["published"][name] = {str(top): published(name, top) for top in (True, False)}
    return found


def published(name, include_top):
    """Name, address and hash of the file that the original asks for; nothing is built."""
    module = importlib.import_module("keras_applications." + cases.FAMILIES[name])
    parts = {part: mock.MagicMock() for part in ("backend", "layers", "models", "utils")}
    parts["backend"].image_data_format.return_value = "channels_last"
    parts["backend"].backend.return_value = "tensorflow"
    parts["backend"].int_shape.return_value = (None, 224, 224, 64)
    getattr(module, name)(weights="imagenet", include_top=include_top, **parts)
    ((args, kwargs),) = parts["utils"].get_file.call_args_list
    return list(args) + [kwargs.get("file_hash") or kwargs.get("md5_hash")]


if __name__ == "__main__":
    from keras import backend as K

    warnings.simplefilter("ignore")
    leave_out_training()
    text = json.dumps(record(K), sort_keys=True, separators=(",", ":"), default=int)
    with open(FILE, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as file:
        file.write(text.encode())
