"""Features by key: one that is not there is told together with those that are."""

import collections
import contextlib
import re

from tfkeras_compat.errors import ConfigError, WrongKeysError

# TensorFlow 1.15 puts the lines of its own functions before it, the one with this text too.
_FROM_FEATURE_COLUMNS = re.compile(r"Feature .* is not in features dictionary\.")


class _Features(dict):
    def __missing__(self, key):
        raise WrongKeysError("model_fn asks for the feature %r. %s" % (key, _found(self)))


def telling(features):
    """Features as they are, except that looking up a wrong key raises WrongKeysError."""
    is_plain = type(features) in (dict, collections.OrderedDict)
    return _Features(features) if is_plain else features


@contextlib.contextmanager
def told(features):
    """Adds the keys that are there to the error of feature columns for one that is not.

    Raises ConfigError instead of it.
    """
    try:
        yield
    except ValueError as error:
        said = _FROM_FEATURE_COLUMNS.findall(str(error))
        if not said or not isinstance(features, dict):
            raise
        raise ConfigError("%s %s" % (said[-1], _found(features))) from error


def _found(features):
    return (
        "The features have the keys %s: let input_fn (for an export, the receiver function) give "
        "it under that name, or change the name." % sorted(features, key=str)
    )
