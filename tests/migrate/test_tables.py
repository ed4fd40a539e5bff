"""The rules and the run time read the same tables, and say the same."""

import ast
import functools
import importlib
import warnings

import pytest

import tfkeras_compat
import tfkeras_compat.tensorflow
from tfkeras_compat import _tf, layers
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.keras_1 import in_keras_2_words
from tfkeras_compat.legacy import keras_3, places, tensorflow
from tfkeras_compat.legacy.keywords import IGNORED, KEYWORDS, OF_STEPS
from tfkeras_compat.migrate import journey
from tfkeras_compat.migrate.names import ALONE
from tfkeras_compat.migrate.rules import rules_of

VALUES = {"dim_ordering": "th", "consume_less": "gpu", "forget_bias_init": "one", "mode": 0}
CASES = sorted(
    (name, old)
    for table in (KEYWORDS, IGNORED)
    for name, words in table.items()
    for old in words
    if name != "Network"
)


def migrated_arguments(name, old, value):
    source = "import tfkeras_compat as k\nk.layers.%s(%s=%r)\n" % (name, old, value)
    call = ast.parse(journey.settled(source, rules_of("keras2"), ALONE)).body[1].value
    return {each.arg: ast.literal_eval(each.value) for each in call.keywords}


@pytest.mark.parametrize("name, old", CASES)
def test_an_argument_is_migrated_to_what_the_constructor_understands(name, old):
    value = VALUES.get(old, 3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        understood = in_keras_2_words(getattr(layers, name), {old: value})
    assert migrated_arguments(name, old, value) == understood


@pytest.mark.parametrize("old, new", sorted(places.RENAMED.items()))
def test_a_new_name_stands_for_what_the_old_one_does(old, new):
    found = functools.reduce(getattr, new.split("."), tfkeras_compat)
    module, _, last = old.rpartition(".")
    older = getattr(functools.reduce(getattr, module.split("."), tfkeras_compat), last, found)
    assert older is found


def test_the_other_tables_name_what_there_is():
    for name, sizes in places.SIZES.items():
        assert getattr(layers, name).keras_1_sizes == sizes
    for function, cls, _ in places.MERGING.values():
        assert callable(getattr(layers, function)) and callable(getattr(layers, cls))
    for old, new in places.MODULES.items():
        assert importlib.import_module("tfkeras_compat." + old)
        assert importlib.import_module("tfkeras_compat." + new)
    assert set(places.CLASSES.values()) - {"Network"} <= set(dir(layers))
    assert set(OF_STEPS) <= set(dir(layers))


@pytest.mark.parametrize("new", sorted(set(tensorflow.RENAMED.values())))
def test_a_name_of_tensorflow_is_in_compat_v1(new):
    assert functools.reduce(getattr, new.split("."), tf)


@pytest.mark.parametrize("path", [each for each in tensorflow.OURS if each != "training"])
def test_what_is_ours_is_in_our_namespace(path):
    assert functools.reduce(getattr, path.split("."), tfkeras_compat.tensorflow)


@pytest.mark.parametrize("path", sorted(keras_3.SAME))
def test_what_leaves_is_here_and_in_keras_3(path):
    module, _, name = path.rpartition(".")
    assert hasattr(importlib.import_module("tfkeras_compat." + module), name)
    if _tf.VERSION >= (2, 0):
        assert functools.reduce(getattr, path.split("."), importlib.import_module("keras"))
