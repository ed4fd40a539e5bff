"""Names in configurations: what they resolve through, and nothing else."""

import pytest

from tfkeras_compat.errors import ConfigError
from tfkeras_compat.state.registry import (
    CustomObjectScope,
    Registry,
    custom_object_scope,
    deserialize,
    get_custom_objects,
    serialize,
)


class Thing:
    def __init__(self, size=1):
        self.size = size

    def get_config(self):
        return {"size": self.size}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


class Box:
    """One whose configuration holds other things."""

    @classmethod
    def from_config(cls, config, custom_objects=None):
        box = cls()
        box.known = custom_objects
        return box


def function(x):
    return x


@pytest.fixture
def registry():
    registry = Registry("thing")
    registry.register(Thing)
    registry.register(function)
    return registry


def test_a_registered_class_is_found_by_its_name(registry):
    assert registry.resolve("Thing") is Thing
    assert "Thing" in registry


def test_an_entry_may_have_other_names(registry):
    registry.register(Thing, "old_thing", "thing")
    assert registry.resolve("old_thing") is registry.resolve("thing") is Thing
    registry.add({"alias": function})
    assert registry.resolve("alias") is function
    assert registry.names() == ["Thing", "alias", "function", "old_thing", "thing"]


def test_register_is_a_decorator():
    registry = Registry("thing")

    @registry.register
    class Decorated:
        pass

    assert registry.resolve("Decorated") is Decorated


def test_a_dictionary_gives_an_instance(registry):
    thing = registry.deserialize({"class_name": "Thing", "config": {"size": 3}})
    assert (type(thing), thing.size) == (Thing, 3)


def test_a_name_gives_the_function_or_an_instance_of_the_class(registry):
    assert registry.deserialize("function") is function
    assert type(registry.deserialize("Thing")) is Thing


def test_what_serialize_gives_deserializes(registry):
    again = registry.deserialize(serialize(Thing(size=5)))
    assert again.size == 5
    assert registry.deserialize(serialize(function)) is function
    assert registry.deserialize(serialize(None)) is None


def test_what_has_neither_configuration_nor_name_is_not_serialized():
    with pytest.raises(ConfigError, match="neither get_config"):
        serialize(3)


def test_custom_objects_of_the_call_come_first(registry):
    class Mine(Thing):
        pass

    found = registry.deserialize({"class_name": "Thing", "config": {}}, {"Thing": Mine})
    assert type(found) is Mine


def test_custom_objects_of_the_call_are_known_inside_the_configuration_and_not_afterwards(registry):
    seen = []

    class Curious(Thing):
        @classmethod
        def from_config(cls, config):
            seen.append("extra" in get_custom_objects())
            return cls()

    registry.deserialize({"class_name": "Curious", "config": {}}, {"Curious": Curious, "extra": 1})
    assert seen == [True]
    assert "extra" not in get_custom_objects()


def test_a_class_that_asks_for_custom_objects_gets_all_of_them(registry):
    registry.register(Box)
    with CustomObjectScope({"of_scope": 1}):
        box = registry.deserialize({"class_name": "Box", "config": {}}, {"of_call": 2})
    assert box.known == {"of_scope": 1, "of_call": 2}


def test_a_function_among_custom_objects_gets_the_configuration_as_arguments(registry):
    made = registry.deserialize({"class_name": "make", "config": {"a": 1}}, {"make": dict})
    assert made == {"a": 1}


def test_a_scope_makes_names_known_inside_and_only_there(registry):
    with custom_object_scope({"mine": function}):
        assert registry.resolve("mine") is function
    with pytest.raises(ConfigError, match="Unknown thing: mine"):
        registry.resolve("mine")


def test_a_scope_ends_also_after_an_error_and_with_what_was_put_in_by_hand():
    with pytest.raises(KeyError):
        with CustomObjectScope({"mine": function}):
            get_custom_objects()["by_hand"] = function
            raise KeyError
    assert get_custom_objects() == {}


def test_scopes_nest(registry):
    with CustomObjectScope({"name": 1}):
        with CustomObjectScope({"name": 2}, {"other": 3}):
            assert (registry.resolve("name"), registry.resolve("other")) == (2, 3)
        assert registry.resolve("name") == 1


def test_what_is_put_into_the_global_dictionary_is_known(registry):
    get_custom_objects()["mine"] = function
    try:
        assert registry.resolve("mine") is function
    finally:
        get_custom_objects().clear()


@pytest.mark.parametrize("name", ["os.system", "builtins.eval", "eval", "subprocess", ""])
def test_an_unknown_name_is_never_imported(registry, name):
    with pytest.raises(ConfigError, match="Unknown thing: %s.*custom_objects" % name):
        registry.deserialize({"class_name": name, "config": {}})


@pytest.mark.parametrize("identifier", [{}, {"class_name": "Thing"}, {"config": {}}, 3, ["Thing"]])
def test_what_is_no_configuration_is_told(registry, identifier):
    with pytest.raises(ConfigError, match="thing"):
        registry.deserialize(identifier)


def test_an_object_is_made_of_names_that_are_given_for_it():
    known = {"Thing": Thing, "double": double}
    assert deserialize({"class_name": "Thing", "config": {"size": 3}}, known).size == 3
    assert deserialize("double", known) is double
    assert deserialize("own", known, {"own": double}) is double
    assert deserialize(None) is None
    with pytest.raises(ConfigError, match="Unknown cell: nothing"):
        deserialize("nothing", known, printable_module_name="cell")


def double(x):
    return 2 * x
