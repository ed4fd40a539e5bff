"""Old module paths lead to ours."""

import importlib

import pytest

import tfkeras_compat as keras
from tfkeras_compat.aliases import translated
from tfkeras_compat.errors import NotInLegacyError
from tfkeras_compat.legacy import modules


@pytest.mark.parametrize("old, new", sorted(modules.ALIASES.items()))
def test_an_old_path_gives_the_very_module_that_took_its_place(old, new):
    found = importlib.import_module("tfkeras_compat." + old)
    assert found is importlib.import_module("tfkeras_compat." + new)
    assert found.__name__ == found.__spec__.name == "tfkeras_compat." + new


@pytest.mark.parametrize("path", sorted(modules.NAMES))
def test_every_name_of_the_table_can_be_imported_from_its_old_place(path):
    module = importlib.import_module(("tfkeras_compat." + path).rstrip("."))
    missing = [name for name in modules.NAMES[path] if not hasattr(module, name)]
    assert missing == []


def test_all_import_forms_reach_an_old_path():
    import tfkeras_compat.objectives
    from tfkeras_compat import objectives
    from tfkeras_compat.engine.topology import Layer
    from tfkeras_compat.objectives import mse

    assert tfkeras_compat.objectives is objectives is keras.losses
    assert keras.objectives.mse is mse
    assert keras.engine.topology.Layer is keras.layers.Layer is Layer


def test_a_module_of_names_supports_star_imports():
    scope = {}
    exec("from tfkeras_compat.utils.generic_utils import *", scope)
    assert set(modules.NAMES["utils.generic_utils"]) <= set(scope)


def test_star_imports_give_what_a_module_defines_and_what_the_table_adds():
    scope = {}
    exec("from tfkeras_compat.utils import *\nfrom tfkeras_compat.layers.core import *", scope)
    assert {"to_categorical", "plot_model", "CustomObjectScope", "Dense", "Lambda"} <= set(scope)
    assert not any(name.startswith("_") for name in set(scope) - {"__builtins__"})


def test_names_are_listed_for_completion():
    assert {"Input", "objectives", "layers", "utils"} <= set(dir(keras))


def test_an_old_path_whose_target_is_missing_says_so(monkeypatch):
    monkeypatch.setitem(modules.ALIASES, "some_old_place", "nowhere")
    with pytest.raises(NotInLegacyError, match="some_old_place stands for tfkeras_compat.nowhere"):
        importlib.import_module("tfkeras_compat.some_old_place")


def test_a_path_that_never_existed_is_not_found():
    with pytest.raises(ImportError, match="tfkeras_compat.never"):
        importlib.import_module("tfkeras_compat.never")


def test_the_longest_root_translates_a_path_of_legacy_source():
    assert translated("keras") == "tfkeras_compat"
    assert translated("keras.layers.core") == "tfkeras_compat.layers.core"
    assert translated("tensorflow") == "tfkeras_compat.tensorflow"
    assert translated("tensorflow.python.keras.layers") == "tfkeras_compat.layers"
    assert translated("tensorflow.python.framework") == "tfkeras_compat.tensorflow.python.framework"
    assert translated("kerastuner") is translated("numpy") is None


def test_the_tables_are_pure_data():
    values = (modules.ALIASES, modules.NAMES, modules.ROOTS)
    assert eval(repr(values)) == values
