"""``tf.contrib.training.HParams``: named settings, with types, that can be read from text."""

import json
import numbers
import re
from typing import Any, Dict

from tfkeras_compat.errors import ConfigError

_PAIR = re.compile(
    r"\s*(?P<name>[a-zA-Z][\w.]*)\s*(\[\s*(?P<index>\d+)\s*\])?\s*=\s*"
    r"((?P<list>\[[^\]]*\])|(?P<value>[^,\[]*))\s*(,|$)"
)
_BOOLEANS = {"true": True, "True": True, "false": False, "False": False, "1": True, "0": False}


class HParams:
    """Settings by name, each of the type that its first value has; a list has one type for all.

    >>> hparams = HParams(learning_rate=0.1, units=[64, 32], name="net")
    >>> hparams.parse("learning_rate=0.3,units=[128,64]").learning_rate
    0.3
    >>> hparams.units
    [128, 64]

    Raises: ConfigError for a name that is taken by a method, an empty list, a value of another type
    or text that can not be read; KeyError for an unknown name.
    """

    def __init__(self, hparam_def=None, model_structure=None, **kwargs):
        if hparam_def is not None:
            raise ConfigError(
                "HParams are not read from protocol buffers here. Give the values by name, or read "
                "them with parse() or parse_json()."
            )
        self._hparam_types = {}
        self._model_structure = model_structure
        for name, value in kwargs.items():
            self.add_hparam(name, value)

    def add_hparam(self, name, value):
        """Adds a setting; its type is that of the value."""
        if getattr(self, name, None) is not None:
            raise ConfigError("Hyperparameter name is reserved: %s" % name)
        is_list = isinstance(value, (list, tuple))
        if is_list and not value:
            raise ConfigError("Multi-valued hyperparameters cannot be empty: %s" % name)
        self._hparam_types[name] = (type(value[0] if is_list else value), is_list)
        setattr(self, name, value)

    def set_hparam(self, name, value):
        """Changes a setting, whose type stays."""
        kind, is_list = self._hparam_types[name]
        if isinstance(value, list) != is_list:
            raise ConfigError(
                "The hyperparameter %s %s a list, found %r."
                % (name, "needs" if is_list else "can not be", value)
            )
        values = [_as_kind(name, kind, each) for each in (value if is_list else [value])]
        setattr(self, name, values if is_list else values[0])

    def del_hparam(self, name):
        """Removes a setting, if it is there."""
        if self._hparam_types.pop(name, None):
            delattr(self, name)

    def parse(self, values):
        """Changes settings as text says: ``"rate=0.1,units=[64,32],units[1]=16"``. Returns
        itself."""
        return self.override_from_dict(self._parsed(values))

    def parse_json(self, values_json):
        """Changes settings as a JSON object says. Returns itself."""
        return self.override_from_dict(json.loads(values_json))

    def override_from_dict(self, values_dict):
        """Changes settings by name. Returns itself."""
        for name, value in values_dict.items():
            self.set_hparam(name, value)
        return self

    set_from_map = override_from_dict

    def _parsed(self, text):
        found: Dict[str, Any] = {}
        place = 0
        while place < len(text):
            match = _PAIR.match(text, place)
            if not match:
                raise ConfigError("Malformed hyperparameter value: %s" % text[place:])
            place = match.end()
            self._add_parsed(found, match.groupdict(), text)
        return found

    def _add_parsed(self, found, part, text):
        name, index = part["name"], part["index"]
        if name not in self._hparam_types:
            raise ConfigError("Unknown hyperparameter type for %s" % name)
        read = _reader(name, self._hparam_types[name][0], text)
        if index is not None:
            if name not in found:
                found[name] = list(getattr(self, name))
            found[name][int(index)] = read(part["value"])
        elif name in found:
            raise ConfigError("Multiple assignments to variable '%s' in %s" % (name, text))
        elif part["list"] is None:
            found[name] = read(part["value"].strip())
        else:
            found[name] = [read(each) for each in re.findall(r"[^\[\], ]+", part["list"])]

    def values(self):
        """All settings: a dictionary."""
        return {name: getattr(self, name) for name in self._hparam_types}

    def get(self, key, default=None):
        """A setting, or ``default``, which must have its type, if there is none of this name."""
        if key not in self._hparam_types:
            return default
        kind, is_list = self._hparam_types[key]
        if default is not None:
            if isinstance(default, list) != is_list:
                raise ConfigError("Hparam %r is incompatible with default=%s" % (key, default))
            for each in default if is_list else [default]:
                _as_kind(key, kind, each)
        return getattr(self, key)

    def to_json(self, indent=None, separators=None, sort_keys=False):
        """All settings as a JSON object."""
        return json.dumps(self.values(), indent=indent, separators=separators, sort_keys=sort_keys)

    def set_model_structure(self, model_structure):
        self._model_structure = model_structure

    def get_model_structure(self):
        return self._model_structure

    def __contains__(self, key):
        return key in self._hparam_types

    def __str__(self):
        return ",".join("%s=%s" % pair for pair in self.values().items())

    def __repr__(self):
        return "%s(%s)" % (type(self).__name__, sorted(self.values().items()))


def _as_kind(name, kind, value):
    if type(value) is kind or kind is type(None):
        return value
    is_text = isinstance(value, (str, bytes))
    fits = {
        bool: False,
        int: isinstance(value, numbers.Integral) and not isinstance(value, bool),
        float: isinstance(value, numbers.Number) and not isinstance(value, bool),
        str: is_text,
    }
    if not fits.get(kind, True):
        raise ConfigError(
            "Could not cast hparam '%s' of type '%s' from value %r" % (name, kind, value)
        )
    return kind(value)


def _reader(name, kind, text):
    convert = _BOOLEANS.__getitem__ if kind is bool else kind

    def read(value):
        try:
            return convert(value)
        except (KeyError, ValueError) as error:
            raise ConfigError(
                "Could not parse hparam '%s' of type '%s' with value '%s' in %s"
                % (name, kind.__name__, value, text)
            ) from error

    return read
