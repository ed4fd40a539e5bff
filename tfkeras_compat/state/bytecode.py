"""Functions kept as bytecode in configurations, and the rule by which they are loaded again.

Bytecode from a file is code that runs. Trust follows origin: what this very process wrote (known by
its digest) loads again without asking; anything else only where the caller said so, inside
:class:`trusting`.
"""

import builtins
import codecs
import hashlib
import marshal
import threading
import types
from typing import Any, Callable, Dict, List, Optional, Set, Tuple

from tfkeras_compat.errors import ConfigError, UnsafeConfigError

_written_here: Set[bytes] = set()
_trusted_by_thread = threading.local()
_trusted_by_program = [False]

_REFUSED = (
    "The configuration holds the bytecode of a function (a Lambda layer keeps its own so), and "
    "this process did not write it: loading it would run code from the file. If you trust its "
    "origin, load it with safe_mode=False (load_model, model_from_config, model_from_json, "
    "model_from_yaml have this argument), or start the whole program with `python -m "
    "tfkeras_compat run --trust-files`. To load it without its code, pass the function yourself: "
    "custom_objects={'Lambda': lambda **config: Lambda(your_function, name=config['name'])}."
)
_UNREADABLE = (
    "The bytecode of a function in the configuration can not be read; bytecode fits only the "
    "Python version that wrote it, and this may have been another one. Pass the function yourself: "
    "custom_objects={'Lambda': lambda **config: Lambda(your_function, name=config['name'])}."
)


def dump_function(func: Callable[..., Any]) -> Tuple[str, Any, Any]:
    """``(bytecode as base64 text, defaults, values of the closure)`` for :func:`load_function`.

    >>> load_function(dump_function(lambda x: x + 1))(1)
    2
    """
    raw = marshal.dumps(func.__code__)
    _written_here.add(_digest(raw))
    cells = func.__closure__
    closure = tuple(cell.cell_contents for cell in cells) if cells else None
    return codecs.encode(raw, "base64").decode("ascii"), func.__defaults__, closure


def load_function(
    code: Any,
    defaults: Any = None,
    closure: Any = None,
    globs: Optional[Dict[str, Any]] = None,
) -> Callable[..., Any]:
    """The function that :func:`dump_function` wrote; ``code`` may be the whole triple.

    Args: ``globs`` is the dictionary of global names that the function sees.
    Raises: UnsafeConfigError if this process did not write the bytecode and nobody said to trust
    it; ConfigError if it can not be read.
    """
    if isinstance(code, (tuple, list)):
        code, defaults, closure = code
    candidates = _decoded(code)
    if not (is_trusting() or any(_digest(raw) in _written_here for raw in candidates[:1])):
        raise UnsafeConfigError(_REFUSED)
    try:
        found = _code_among(candidates)
        globs = {} if globs is None else globs
        globs.setdefault("__builtins__", builtins)  # before Python 3.10 a function gets none
        return types.FunctionType(
            found,
            globs,
            name=found.co_name,
            argdefs=None if defaults is None else tuple(defaults),
            closure=None if closure is None else tuple(_cell(value) for value in closure),
        )
    except (TypeError, ValueError) as error:
        raise ConfigError(_UNREADABLE) from error


def _digest(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()


def _decoded(code: Any) -> List[bytes]:
    """The bytes that a text may stand for: base64 or, before Keras 2.1.2, escaped characters."""
    try:
        return [codecs.decode(code.encode("ascii"), "base64"), code.encode("raw_unicode_escape")]
    except (AttributeError, ValueError):  # binascii.Error and UnicodeEncodeError are ValueErrors
        return [str(code).encode("raw_unicode_escape")]


def _code_among(candidates: List[bytes]) -> types.CodeType:
    for raw in candidates:
        try:
            found = marshal.loads(raw)
        except (EOFError, TypeError, ValueError):
            continue
        if isinstance(found, types.CodeType):
            return found
    raise ValueError("no code object")


def _cell(value: Any) -> Any:
    (cell,) = (lambda: value).__closure__ or ()
    return value if isinstance(value, type(cell)) else cell


class trusting:
    """A context in which this thread loads bytecode of any origin.

    ``trusting(False)`` changes nothing.
    """

    def __init__(self, yes: bool = True) -> None:
        self.yes = yes

    def __enter__(self) -> None:
        self.before = getattr(_trusted_by_thread, "yes", False)
        _trusted_by_thread.yes = self.before or self.yes

    def __exit__(self, *exception: Any) -> None:
        _trusted_by_thread.yes = self.before


def trust_files(value: bool = True) -> None:
    """Lets the whole program load bytecode of any origin: what ``run --trust-files`` asks for."""
    _trusted_by_program[0] = bool(value)


def is_trusting() -> bool:
    """Whether bytecode of any origin may be loaded now."""
    return _trusted_by_program[0] or getattr(_trusted_by_thread, "yes", False)
