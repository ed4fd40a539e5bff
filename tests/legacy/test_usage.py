"""What real scripts use of Keras, name by name and keyword by keyword, is here.

``../shared/usage`` beside the repository has what 253 scripts use. What is not of standalone Keras
2.2 stands in ``usage_of_others.txt`` with the reason; an entry that is not needed is a failure.
"""

import csv
import fnmatch
import importlib
import inspect
import os

import pytest

from tfkeras_compat import callbacks, estimator, optimizers
from tfkeras_compat.aliases import translated
from tfkeras_compat.engine.layer import _ARGUMENTS as OF_ALL_LAYERS
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.estimator.learn.estimator import Estimator as LearnEstimator
from tfkeras_compat.layers import LSTM, BatchNormalization, Conv1D, Dense, LSTMCell
from tfkeras_compat.legacy.keywords import GENERATOR_METHODS, IGNORED, KEYWORDS
from tfkeras_compat.models import Model, Sequential
from tfkeras_compat.optimizers.base import _CLIPPING
from tfkeras_compat.preprocessing.image import ImageDataGenerator
from tfkeras_compat.preprocessing.text import Tokenizer
from tfkeras_compat.utils import Progbar
from tfkeras_compat.wrappers.scikit_learn import BaseWrapper

_HERE = os.path.dirname(os.path.abspath(__file__))
_USAGE = os.path.join(_HERE, "..", "..", "..", "shared", "usage")

# What the methods and attributes of scripts may belong to.
_HOSTS = [
    Sequential, Model, LSTM, LSTMCell, ImageDataGenerator, Tokenizer, Progbar, optimizers.RMSprop,
    callbacks.Callback, estimator.Estimator, LearnEstimator, estimator.RunConfig,
]  # fmt: skip

# Keyword of Keras 1 -> the keyword that the function has beside ``**kwargs``, where it finds it.
_AMONG_KWARGS = {"nb_words": "num_words", "nb_epoch": "epochs", "output_shape": "output_padding"}
pytestmark = pytest.mark.skipif(
    not os.path.isdir(_USAGE), reason="DID NOT RUN: ../shared/usage is not here"
)


def rows(table):
    with open(os.path.join(_USAGE, table + ".csv")) as file:
        return list(csv.reader(file))[1:]


def others():
    with open(os.path.join(_HERE, "usage_of_others.txt")) as lines:
        entries = [line.strip() for line in lines if line.strip() and line[0] != "#"]
    return dict(entry.split(": ", 1) for entry in entries)


def found(symbol):
    """The object of ours under a name such as ``keras.layers.Dense``; else ``None``."""
    path = translated(symbol).split(".")
    value = importlib.import_module(path[0])
    for end, name in enumerate(path[1:], 2):
        value = getattr(value, name, None) or _module(".".join(path[:end]))
    return value


def _module(path):
    try:
        return importlib.import_module(path)
    except ImportError:
        return None


def host_attributes():
    """All that models, layers and the like have, as classes and once they are made."""
    model = Sequential([LSTM(2, input_shape=(3, 4)), BatchNormalization(), Dense(1)])
    model.compile("rmsprop", "mse")
    model._make_predict_function()
    history = callbacks.History()
    history.on_train_begin()
    made = model.layers + [LSTMCell(2), model, model.output, model.optimizer, history]
    return {name for host in _HOSTS + made for name in dir(host)}


def missing_names():
    for table in ("keras", "K", "layers"):
        for symbol in (row[0] for row in rows(table)):
            if found(symbol) is None:
                yield symbol


def missing_imports():
    for row in rows("imports"):
        module = row[0].split()[1]
        of_keras = module.split(".")[0] == "keras" or ".keras" in module
        if of_keras and inspect.ismodule(found(module)) is False:
            yield module


def missing_attributes():
    known = host_attributes()
    for name in [row[0].split()[-1] for row in rows("methods") + rows("attrs")]:
        if name not in known:
            yield "." + name


def missing_keywords():
    for callee, keyword, _ in rows("layer_kwargs"):
        if callee.split(".")[0] in ("keras", "") and not takes(callee, keyword):
            yield "%s(%s)" % (callee, keyword)


def takes(callee, keyword):
    if callee.startswith("."):
        functions = [getattr(host, callee[1:], None) for host in _HOSTS]
    else:
        functions = [found(callee)]
    return any(keyword in keywords_of(function) for function in functions if callable(function))


def keywords_of(function):
    """The keywords that a function or class takes, also in Keras 1's words."""
    return _of_class(function) if inspect.isclass(function) else _of_function(function)


def _of_function(function):
    words = set(inspect.signature(function).parameters)
    if function.__name__.endswith("_generator"):
        return words | set(GENERATOR_METHODS)
    if "kwargs" not in words:
        return words
    words |= {old for old, new in _AMONG_KWARGS.items() if new in words}
    of_layers = getattr(function, "__module__", "").startswith("tfkeras_compat.layers")
    return words | set(OF_ALL_LAYERS if of_layers else ())


def _of_class(cls):
    words = set(OF_ALL_LAYERS) if issubclass(cls, Layer) else set()
    for base in cls.__mro__:
        known = KEYWORDS.get(base.__name__, {})
        words |= _of_function(base.__init__) | set(IGNORED.get(base.__name__, ()))
        words |= set(known) | {new for new in known.values() if isinstance(new, str)}
        words |= set(getattr(base, "keras_1_sizes", ()))
    if issubclass(cls, BaseWrapper):
        words |= set(inspect.signature(Sequential.fit).parameters)
    return words | set(_CLIPPING if issubclass(cls, optimizers.Optimizer) else ())


@pytest.fixture(scope="module")
def missing():
    return (
        list(missing_names())
        + list(missing_imports())
        + list(missing_attributes())
        + list(missing_keywords())
    )


def test_all_that_scripts_use_of_keras_is_here_or_listed_with_a_reason(missing):
    listed = others()
    unlisted = [
        what for what in missing if not any(fnmatch.fnmatchcase(what, one) for one in listed)
    ]
    assert unlisted == []


def test_what_is_listed_is_not_here_indeed(missing):
    assert [one for one in others() if not fnmatch.filter(missing, one)] == []


def test_the_tables_are_read():
    assert len(rows("keras")) > 150 and len(rows("layer_kwargs")) > 800
    assert found("keras.layers.core.Dense") is Dense and found("keras.layers.Nothing") is None
    assert takes("keras.layers.Convolution1D", "subsample_length") and issubclass(Conv1D, Layer)
    assert not takes("keras.layers.Dense", "strides") and not takes(".fit", "n_epoch")
