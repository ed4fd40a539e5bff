"""Which symbols a module uses."""

import ast

import pytest

from tfkeras_compat.doctor.uses import uses_of
from tfkeras_compat.migrate.handed_on import HandedOn


def uses(source):
    return [use.symbol for use in uses_of(ast.parse(source))]


@pytest.mark.parametrize(
    "source, symbols",
    [
        ("import tensorflow as tf; tf.nn.relu", ["tensorflow.nn.relu"]),
        ("import keras; keras.layers.Dense(2)", ["keras.layers.Dense"]),
        ("import keras.backend as K; K.dot", ["keras.backend", "keras.backend.dot"]),
        ("from keras import backend as K; K.dot", ["keras.backend", "keras.backend.dot"]),
        ("from keras.layers import Dense", ["keras.layers.Dense"]),
        ("import keras.layers; keras.layers.LSTM", ["keras.layers", "keras.layers.LSTM"]),
        ("import tensorflow as tf; tf.data.Dataset(1).map(2)", ["tensorflow.data.Dataset"]),
        ("import importlib; importlib.import_module('keras.losses')", ["keras.losses"]),
        ("import numpy as np; np.dot", []),
        ("from .keras import layers; layers.Dense", []),
        ("tf.nn.relu", []),
        ("x.keras.layers", []),
    ],
)
def test_names_are_resolved_through_the_imports(source, symbols):
    assert uses(source) == symbols


def test_a_name_that_stands_for_a_symbol_is_followed():
    source = "import tensorflow as tf\nL = tf.keras.layers\nL.Dense\n"
    assert uses(source)[-1] == "tensorflow.keras.layers.Dense"


def test_a_star_import_brings_the_names_of_its_module():
    found = uses("from keras.layers import *\nDense(2)\nnothing(3)\n")
    assert found == ["keras.layers.*", "keras.layers.Dense"]


def test_of_two_places_of_one_name_the_one_that_serves_counts():
    source = (
        "try:\n    from tensorflow.contrib.ffmpeg import Dense\n"
        "except ImportError:\n    from keras.layers import Dense\nDense()\n"
    )
    assert uses(source)[-1] == "keras.layers.Dense"


@pytest.mark.parametrize(
    "source",
    [
        "from keras import layers\ndef f(layers):\n    return layers.append(1)\n",
        "from keras import layers\ndef f():\n    layers = []\n    layers.append(1)\n",
        "from keras import layers\nf = lambda layers: layers.append(1)\n",
        "from keras import layers\ndef f(*layers):\n    return layers.index(1)\n",
    ],
)
def test_an_argument_or_local_name_hides_what_was_imported(source):
    assert uses(source) == ["keras.layers"]


def test_an_import_in_a_function_counts_in_it():
    source = "def f():\n    import tensorflow as tf\n    return tf.add\ndef g(tf):\n    tf.other\n"
    assert uses(source) == ["tensorflow.add"]


def test_the_line_is_that_of_the_use():
    (first, second) = uses_of(ast.parse("from keras import Model\n\nModel()\n"))
    assert (first.line, second.line) == (1, 3)


@pytest.mark.parametrize(
    "source, symbol",
    [
        ("from common import K; K.dot", "keras.backend.dot"),
        ("from .common import K as k; k.dot", "keras.backend.dot"),
        ("from . import K; K.dot", "keras.backend.dot"),
        ("from common import *; K.dot", "keras.backend.dot"),
        ("from common import *; LSTM", "keras.layers.LSTM"),
        ("import common as c; c.LSTM", "keras.layers.LSTM"),
        ("import nets.common; nets.common.K.dot", "keras.backend.dot"),
        ("from nets import common\ndef f(): return common.K.dot", "keras.backend.dot"),
        ("from common import np; np.dot", None),
        ("from common import f; f.K.dot", None),
        ("import common; common.np.dot; common.f.dot; common", None),
    ],
)
def test_what_modules_of_the_program_hand_on_is_followed(source, symbol):
    common = HandedOn({"K": "keras.backend", "np": "numpy"}, ("keras.layers",))
    own = dict.fromkeys(["common", ".common", "nets.common", "."], common)
    found = [use.symbol for use in uses_of(ast.parse(source), own)]
    assert found == ([symbol] if symbol else [])
