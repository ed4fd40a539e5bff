"""Names and the classes or functions they stand for, in configurations and files.

A name resolves through the running ``CustomObjectScope``s, the ``custom_objects`` of the call and
the registry of its kind, and through nothing else: a file can not make us import a module. Classes
of this package register when they are defined, which is what keeps the rooms free of rings (saving
needs layers, models need saving).
"""

import inspect
from typing import Any, Dict, List

from tfkeras_compat.errors import ConfigError
from tfkeras_compat.state.structures import has_arg

_custom_objects: Dict[str, Any] = {}


def get_custom_objects() -> Dict[str, Any]:
    """The global dictionary of custom names; what is put there is known everywhere."""
    return _custom_objects


class CustomObjectScope:
    """A context in which the given names are known; afterwards the global dictionary is as it was.

    >>> with CustomObjectScope({"double": lambda x: 2 * x}):
    ...     print("double" in get_custom_objects())
    True
    >>> "double" in get_custom_objects()
    False
    """

    def __init__(self, *dictionaries: Any) -> None:
        self.custom_objects = dictionaries

    def __enter__(self) -> Any:
        self.backup = dict(_custom_objects)
        for dictionary in self.custom_objects:
            _custom_objects.update(dictionary)
        return self

    def __exit__(self, *exception: Any) -> None:
        _custom_objects.clear()
        _custom_objects.update(self.backup)


def custom_object_scope(*dictionaries: Any) -> Any:
    """The original's function form of :class:`CustomObjectScope`."""
    return CustomObjectScope(*dictionaries)


class Registry:
    """The known names of one kind of thing: layer, initializer, loss function, ...

    ``kind`` is the word that error messages use.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: Dict[str, Any] = {}

    def register(self, entry: Any, *names: Any) -> Any:
        """Registers a class or function under its own name, or under the given ones; returns it, to
        serve as decorator."""
        for name in names or (entry.__name__,):
            self._entries[name] = entry
        return entry

    def add(self, entries: Any) -> None:
        """Registers a dictionary of names."""
        self._entries.update(entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def names(self) -> List[str]:
        """All registered names, sorted."""
        return sorted(self._entries)

    def resolve(self, name: str, custom_objects: Any = None) -> Any:
        """The class or function that ``name`` stands for. Raises ConfigError if it is unknown."""
        for known in (custom_objects or {}, _custom_objects, self._entries):
            if name in known:
                return known[name]
        raise ConfigError(
            "Unknown %s: %s. If it is yours, pass custom_objects={%r: ...} or use "
            "CustomObjectScope." % (self.kind, name, name)
        )

    def deserialize(self, identifier: Any, custom_objects: Any = None) -> Any:
        """What a configuration stands for.

        A dictionary ``{"class_name": ..., "config": ...}`` gives an instance, a name gives a
        function or, for a class, an instance without arguments, ``None`` gives ``None``. Raises
        ConfigError for anything else.
        """
        if identifier is None:
            return None
        if isinstance(identifier, dict):
            return self._from_dictionary(identifier, custom_objects)
        if isinstance(identifier, str):
            found = self.resolve(identifier, custom_objects)
            return found() if inspect.isclass(found) else found
        raise ConfigError("Could not interpret serialized %s: %r" % (self.kind, identifier))

    def _from_dictionary(self, identifier: Any, custom_objects: Any) -> Any:
        if "class_name" not in identifier or "config" not in identifier:
            raise ConfigError(
                "Improper config format for a %s: %r. Expected the keys 'class_name' and 'config'."
                % (self.kind, identifier)
            )
        found = self.resolve(identifier["class_name"], custom_objects)
        config = identifier["config"]
        if not hasattr(found, "from_config"):  # a function of arguments, from custom objects
            with CustomObjectScope(custom_objects or {}):
                return found(**config)
        if has_arg(found.from_config, "custom_objects"):
            return found.from_config(
                config, custom_objects=dict(_custom_objects, **(custom_objects or {}))
            )
        with CustomObjectScope(custom_objects or {}):
            return found.from_config(config)


def serialize(instance: Any) -> Any:
    """The configuration of an instance or function: ``None``, a dictionary with class name and
    config, or a name."""
    if instance is None:
        return None
    if hasattr(instance, "get_config"):
        return {"class_name": type(instance).__name__, "config": instance.get_config()}
    if hasattr(instance, "__name__"):
        return instance.__name__
    raise ConfigError("Cannot serialize %r: it has neither get_config() nor a name." % (instance,))


def deserialize(
    identifier: Any,
    module_objects: Any = None,
    custom_objects: Any = None,
    printable_module_name: str = "object",
) -> Any:
    """What :func:`serialize` gave, made again from ``module_objects``: names, and the classes and
    functions that they stand for. A name alone gives the class or function itself.

    Raises ConfigError if a name is unknown.
    """
    known = Registry(printable_module_name)
    known.add(module_objects or {})
    if isinstance(identifier, str):
        return known.resolve(identifier, custom_objects)
    return known.deserialize(identifier, custom_objects)
