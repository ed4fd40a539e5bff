"""The one family of errors.

Every error of ours is also the built-in error the originals raised in its place, so that legacy
``except ValueError`` clauses keep working. A message says which layer or file, what was expected,
what was found, and what to write instead.
"""


class CompatError(Exception):
    """Base of every error that is raised by this package itself."""


class MissingDependencyError(CompatError, ImportError):
    """A library that is not installed is needed; the message names the extra that brings it."""


class MissingProgramError(CompatError, OSError):
    """A program that is not installed is needed; the message says how to get it."""


class ShapeError(CompatError, ValueError):
    """A tensor or array does not have the shape that a layer, weight or model needs."""


class DtypeError(CompatError, ValueError):
    """Values can not be turned into the numbers that a model is fed."""


class GraphError(CompatError, ValueError):
    """Tensors, layers or sessions of a graph do not fit together."""


class SessionError(CompatError, RuntimeError):
    """A session can not be used: closed, or of another graph."""


class ConfigError(CompatError, ValueError):
    """A configuration (of a layer, model, initializer, ...) can not be understood."""


class KindError(CompatError, TypeError):
    """An object is of another kind than the one asked for."""


class WrongKeysError(CompatError, KeyError):
    """A dictionary does not have the keys that were asked for."""

    __str__ = Exception.__str__  # KeyError shows the representation of its message


class NotFittedError(ConfigError, AttributeError):
    """An Estimator is asked for what only a training gives."""


class OtherRunError(ConfigError, RuntimeError):
    """An Estimator has another configuration than the run that it is part of."""


class MissingTagsError(ConfigError, RuntimeError):
    """A SavedModel has no graph with the tags that are asked for."""


class PaddingError(ConfigError, AssertionError):
    """A padding that a function of lengths does not know."""


class UnsafeConfigError(ConfigError):
    """A file or configuration asks for code to be run; refused unless the caller said otherwise."""


class RewriteError(CompatError, ValueError):
    """Source can not be rewritten in its text; the message says what stands in the way."""


class FileFormatError(CompatError, ValueError, OSError):
    """A file is truncated, of another format, or does not fit the model it is loaded into."""


class MissingFileError(CompatError, FileNotFoundError):
    """A file is not there and can not be fetched; the message says which one, and where it is to be
    put."""


class FullDiskError(CompatError, OSError):
    """A file can not be written or made longer: the disk, or a user's share of it, is full."""


class NotInLegacyError(CompatError, ImportError):
    """A legacy module or name that this package does not offer; the message says what to use
    instead.

    From Python 3.10 on no class can be both an ImportError and an AttributeError.
    """
