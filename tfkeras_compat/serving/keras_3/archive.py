"""The ``.keras`` file: a zip archive with configuration, metadata and weights."""

import datetime
import io
import os
import zipfile

import h5py

from tfkeras_compat.engine.network import Network
from tfkeras_compat.errors import ConfigError, KindError
from tfkeras_compat.saving.atomic import replacing
from tfkeras_compat.saving.config import as_json
from tfkeras_compat.serving.keras_3.compilation import compile_config
from tfkeras_compat.serving.keras_3.config import entry_of
from tfkeras_compat.serving.keras_3.report import Report
from tfkeras_compat.serving.keras_3.weights import arrays_of

_VERSION = "3.0.0"  # any Keras 3 reads what this one wrote


def to_keras3(model, filepath):
    """Writes a model to a ``.keras`` file that Keras 3 loads without this package; returns a
    :class:`Report` of what each layer became.

    Outputs agree within the rounding of float32. How the model was compiled goes with it where
    Keras 3 has optimizer, loss and metrics; the state of the optimizer does not.
    Raises: KindError for a model that is code (a subclass with its own ``call``); ConfigError if
    layers can not be converted, naming each and why. Then nothing is written.

    >>> import os, tempfile
    >>> from tfkeras_compat.layers import LSTM, Dense
    >>> from tfkeras_compat.models import Sequential
    >>> from tfkeras_compat.serving import to_keras3
    >>> model = Sequential([LSTM(4, input_shape=(5, 3), name="reader"), Dense(2, name="scores")])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print(to_keras3(model, os.path.join(folder, "model.keras")))
    reader (LSTM) -> LSTM: weights times 1.2, for the other slope of hard_sigmoid
    scores (Dense) -> Dense
    """
    if not isinstance(model, Network) or not model._is_graph_network:
        raise KindError(
            "to_keras3 needs a functional or built Sequential model, not %r." % (model,)
        )
    report = Report()
    entry = entry_of(model, report)
    if report.left_behind:
        raise ConfigError(
            "Model %s can not be converted to Keras 3, because of: %s."
            % (model.name, "; ".join("%s (%s): %s" % _reason(each) for each in report.left_behind))
        )
    entry["compile_config"] = compile_config(model, report)
    with replacing(os.fspath(filepath)) as temporary:
        _write(temporary, as_json(entry), _weights(model))
    return report


def _reason(entry):
    return entry.layer, entry.kind, entry.note


def _write(path, config, weights):
    metadata = {
        "keras_version": _VERSION,
        "date_saved": datetime.datetime.now().strftime("%Y-%m-%d@%H:%M:%S"),
    }
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", as_json(metadata))
        archive.writestr("config.json", config)
        archive.writestr("model.weights.h5", weights)


def _weights(model):
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        for path, arrays in arrays_of(model):
            group = file.require_group(path + "vars")
            for number, array in enumerate(arrays):
                group.create_dataset(str(number), data=array)
    return stream.getvalue()
