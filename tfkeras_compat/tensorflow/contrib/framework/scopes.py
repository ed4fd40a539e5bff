"""``arg_scope``: default arguments for the functions called inside a ``with`` block."""

import contextlib
import functools
import inspect
import threading
from typing import Any, Dict, List, Tuple

from tfkeras_compat.errors import ConfigError, KindError

_NAMES: Dict[str, Tuple[str, ...]] = {}  # key of a function -> its arguments that have a default


class _Scopes(threading.local):
    """The open scopes of a thread, the innermost last: key of a function -> arguments."""

    def __init__(self):
        self.open: List[Dict[str, Any]] = [{}]


_scopes = _Scopes()


def arg_scope_func_key(op):
    """What stands for a function in a scope; the same for the function and its decorated form."""
    return getattr(op, "_key_op", str(op))


def current_arg_scope():
    """The innermost scope, as a dictionary that may be given to :func:`arg_scope` again."""
    return _scopes.open[-1]


def add_arg_scope(func):
    """Decorates a function so that :func:`arg_scope` can set its arguments.

    >>> @add_arg_scope
    ... def layer(inputs, width=1):
    ...     return inputs * width
    >>> with arg_scope([layer], width=5):
    ...     layer(2), layer(2, width=3)
    (10, 6)
    """

    @functools.wraps(func)
    def with_scoped_arguments(*arguments, **keywords):
        scoped = current_arg_scope().get(arg_scope_func_key(func), {})
        return func(*arguments, **dict(scoped, **keywords))

    key = arg_scope_func_key(func)
    vars(with_scoped_arguments)["_key_op"] = key
    _NAMES[key] = _names_with_default(func)
    return with_scoped_arguments


def _names_with_default(func):
    parameters = inspect.signature(func).parameters.values()
    return tuple(each.name for each in parameters if each.default is not each.empty)


def has_arg_scope(func):
    """Whether ``func`` was decorated with :func:`add_arg_scope`."""
    return arg_scope_func_key(func) in _NAMES


def arg_scoped_arguments(func):
    """The names of the arguments of ``func`` that a scope can set."""
    _check_decorated(func)
    return _NAMES[arg_scope_func_key(func)]


@contextlib.contextmanager
def arg_scope(list_ops_or_scope, **kwargs):
    """Sets arguments of the listed functions for the calls made inside; or opens a scope again.

    A call's own arguments count more than the scope's, and an inner scope's more than an outer's.

    Raises: ConfigError if a function was not decorated, or if arguments are given together with a
    scope; KindError if it is neither a list nor a scope.
    """
    _scopes.open.append(_scope_of(list_ops_or_scope, kwargs))
    try:
        yield current_arg_scope()
    finally:
        _scopes.open.pop()


def _scope_of(functions_or_scope, arguments):
    if isinstance(functions_or_scope, dict):
        if arguments:
            raise ConfigError(
                "arg_scope takes no arguments together with a scope that is opened again: found "
                "%s. Open a second scope inside for them." % ", ".join(sorted(arguments))
            )
        return dict(functions_or_scope)
    if not isinstance(functions_or_scope, (list, tuple)):
        raise KindError(
            "arg_scope expects a list of functions, or a scope; found %r." % (functions_or_scope,)
        )
    scope = dict(current_arg_scope())
    for function in functions_or_scope:
        _check_decorated(function)
        key = arg_scope_func_key(function)
        scope[key] = dict(scope.get(key, {}), **arguments)
    return scope


def _check_decorated(function):
    if not has_arg_scope(function):
        raise ConfigError(
            "%s.%s takes no arguments from an arg_scope: decorate it with @add_arg_scope."
            % (function.__module__, getattr(function, "__name__", function))
        )
