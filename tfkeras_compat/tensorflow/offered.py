"""What a module of the namespace answers for a name: ours by the tables, else TensorFlow's own,
else an error that says what to use."""

import importlib
import operator
import types

from tfkeras_compat import _tf
from tfkeras_compat.aliases import lazy_attributes
from tfkeras_compat.errors import NotInLegacyError
from tfkeras_compat.legacy.tensorflow import advice_for

NAMESPACE = __name__.rpartition(".")[0]
# A network of theirs would not see the arguments that our `arg_scope` sets.
_NEVER_THEIRS = "contrib.slim"
_NOTHING = object()


def names_of(package):
    """The ``__getattr__`` and ``__dir__`` (PEP 562) of a module below the namespace."""
    find_listed, names = lazy_attributes(package)
    listed = _listed(find_listed)
    path = package[len(NAMESPACE) + 1 :]
    look_ups = [listed, _theirs(path), _submodule(package)]
    if path.startswith(("contrib", "python")):
        # 1.15 has packages that we have too, and modules among its attributes that are none of its.
        look_ups = [listed, _submodule(package), _theirs(path)]

    def find(name):
        if name == "__all__":
            return [each for each in all_names() if each[0] != "_"]
        if name.startswith("__"):
            raise AttributeError("module %r has no attribute %r" % (package, name))
        for look_up in look_ups:
            found = look_up(name)
            if found is not _NOTHING:
                return found
        raise AttributeError(absence("tensorflow." + (path + "." + name).lstrip(".")))

    def all_names():
        return sorted({*names(), *_names_of_theirs(path)})

    return find, all_names


def _listed(find):
    def look_up(name):
        try:
            return find(name)
        except AttributeError as error:
            if error.__cause__ or not error.__suppress_context__:
                raise  # of the module that has the name
            return _NOTHING

    return look_up


def _submodule(package):
    def look_up(name):
        try:
            return importlib.import_module(package + "." + name)
        except NotInLegacyError:
            return _NOTHING

    return look_up


def _theirs(path):
    def look_up(name):
        try:
            return getattr(original(path), name, _NOTHING)
        except NotInLegacyError:
            return _NOTHING

    return look_up


def _names_of_theirs(path):
    try:
        return dir(original(path))
    except NotInLegacyError:
        return []


def original(path):
    """The module ``tensorflow.<path>`` of the installed TensorFlow, as 1.x has it.

    Raises: NotInLegacyError if there is none.
    """
    module = _of_v1(path)
    return module if isinstance(module, types.ModuleType) else _module(path)


def _of_v1(path):
    try:
        return operator.attrgetter(path)(_tf.tf) if path else _tf.tf
    except AttributeError:
        return None


def _module(path):
    if path.startswith(_NEVER_THEIRS):
        raise NotInLegacyError(absence("tensorflow." + path))
    try:
        return _tf.submodule(path)
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("tensorflow"):
            raise
        raise NotInLegacyError(absence("tensorflow." + path)) from error


def absence(symbol):
    """The sentence that says that a symbol is not there, and what to use instead.

    >>> absence("tensorflow.contrib.ffmpeg.decode_audio")  # doctest: +ELLIPSIS
    'neither tfkeras_compat nor TensorFlow ... has tensorflow.contrib.ffmpeg.decode_audio. ...'
    """
    found = "neither tfkeras_compat nor TensorFlow %s has %s. %s"
    return (found % (_tf.tf.__version__, symbol, advice_for(symbol))).rstrip()


def refused(symbol):
    """A class that stands for what we do not have: to call it gives TensorFlow's own, where it has
    it (1.15), else the error that says what to use instead."""
    path, _, name = symbol[len("tensorflow.") :].rpartition(".")

    def __new__(cls, *arguments, **keywords):
        # Looked for only now: theirs brings all of `tf.contrib`, and with it the estimators.
        found = _theirs(path)(name)
        if found is _NOTHING:
            raise NotInLegacyError(absence(symbol))
        return found(*arguments, **keywords)

    return type(name, (), {"__new__": __new__})
