"""Whether a name of TensorFlow or Keras works here, by the tables that the run time reads."""

import difflib
import functools
from typing import Iterable, List, NamedTuple, Optional

from tfkeras_compat.aliases import ROOT, translated
from tfkeras_compat.legacy import estimator, evidence, modules, offered
from tfkeras_compat.legacy.tensorflow import ADVICE, advice_for

WORKS, NOTE, UNKNOWN, ABSENT = STATES = ("works", "note", "unknown", "not supported")

_PRIVATE = "tensorflow.python."
_STAR = "*"
_ALIKE = 0.75
_MISSPELLED = "Not a name of TensorFlow 1.15, Keras 1.2 or Keras 2.2: is it spelled as there?"
_NEAREST = " The nearest is %s."
_NOT_RECORDED = "Whether this private module of TensorFlow has it, its version says: run it to see."
_TOO_NEW = "Today's TensorFlow has it; TensorFlow 1.15 had not."
_MOVED = "TensorFlow 1.15 had it in a private module, where today's has it no more."
_NOT_HERE = "It is not offered here."


class Judgement(NamedTuple):
    """What is known of a symbol: ``symbol`` without the attributes of the object it stands for."""

    symbol: str
    state: str
    note: str = ""


class _Place(NamedTuple):
    """Where the way along a dotted path ends: in a module, at a name, with so many steps left."""

    module: str
    name: str
    mark: Optional[str]  # None: the module has no such name
    left: int


@functools.lru_cache(maxsize=None)
def judged(symbol: str) -> Judgement:
    """The state of a symbol that is written as in legacy source, from its root on.

    >>> judged("tensorflow.contrib.ffmpeg.decode_audio")
    Judgement(symbol='tensorflow.contrib.ffmpeg', state='not supported', note='Use the package \
tensorflow-io.')
    >>> judged("keras.layers.core.Dense").state, judged("keras.layers.Dence").state
    ('works', 'unknown')
    """
    path, _, last = symbol.rpartition(".")
    if last == _STAR:
        return _of_star(symbol, path)
    place = _place(_relative(symbol))
    if place is None:
        return Judgement(symbol, WORKS)
    parts = symbol.split(".")
    found = ".".join(parts[: len(parts) - place.left])
    if place.mark is None and found not in ADVICE:
        return Judgement(found, UNKNOWN, _question(place))
    if place.mark in (None, offered.ABSENT, offered.REFUSED):
        return Judgement(found, ABSENT, _advice(found, place))
    note = _note(found, place)
    return Judgement(found, NOTE if note else WORKS, note)


def is_ours(path: str) -> bool:
    """Whether a dotted path of legacy source begins with TensorFlow or Keras."""
    return translated(path) is not None


def public_names(module: str) -> List[str]:
    """What ``from module import *`` binds: the names that are there."""
    found = offered.names_by_module().get(".".join(_relative(module)), {})
    return [name for name, mark in found.items() if name[0] != "_" and mark != offered.ABSENT]


def _relative(symbol: str) -> List[str]:
    ours = translated(symbol) or ""
    return [part for part in ours[len(ROOT) + 1 :].split(".") if part]


def _place(parts: List[str]) -> Optional[_Place]:
    """Follows a path from module to module; ``None`` if it ends at one."""
    known, module = offered.names_by_module(), ""
    for number, name in enumerate(parts, 1):
        mark = known[module].get(name)
        below = _module_below(module, name)
        if mark is None or mark == offered.ABSENT or below not in known:
            return _Place(module, name, mark, len(parts) - number)
        if number == len(parts):
            return _Place(module, name, mark, 0) if mark or _target(module, name) else None
        module = below
    return None


def _module_below(module: str, name: str) -> str:
    target = _target(module, name)
    if target and ":" not in target:
        return target  # a module that is called otherwise here
    return (module + "." + name).lstrip(".")


def _target(module: str, name: str) -> str:
    return modules.NAMES.get(module, {}).get(name, "")


def _question(place: _Place) -> str:
    """What to say of a name that nobody knows."""
    if _in_namespace(place).startswith(_PRIVATE):
        return _NOT_RECORDED
    known = offered.names_by_module()[place.module]
    nearest = difflib.get_close_matches(place.name, known, 1, _ALIKE)
    return _MISSPELLED + (_NEAREST % nearest[0] if nearest else "")


def _advice(symbol: str, place: _Place) -> str:
    home, _, name = _target(place.module, place.name).partition(":")
    if home == "estimator.absent":
        return estimator.ABSENT[name]
    root = place.module.partition(".")[0]
    advice = advice_for(_in_namespace(place)) if root == "tensorflow" else ""
    if _in_namespace(place).startswith(_PRIVATE):
        return advice or _MOVED
    return advice or _NOT_HERE


def _in_namespace(place: _Place) -> str:
    return place.module + "." + place.name


def _note(symbol: str, place: _Place) -> str:
    """What is worth knowing of a name that works."""
    if place.mark == offered.NEW:
        return _TOO_NEW
    home, _, name = _target(place.module, place.name).partition(":")
    if home == "_tf" and name != "tf" + _in_namespace(place)[len("tensorflow") :]:
        return "It is %s today." % name
    if _in_namespace(place).startswith(_PRIVATE):
        return "A private module of TensorFlow: it is TensorFlow's own, and may differ."
    if place.name in evidence.NAMES["1.2"] and symbol.partition(".")[0] == "keras":
        return "A name of Keras 1 alone; migrate --to keras2 has its place in Keras 2."
    return ""


def _of_star(symbol: str, path: str) -> Judgement:
    whole = judged(path)
    if whole.state in (ABSENT, UNKNOWN):
        return whole
    note = "Names that only this import binds are looked for among those of the module."
    return Judgement(symbol, NOTE, note)


def worst(states: Iterable[str]) -> str:
    """The state that counts for a whole: the last in the order of ``STATES``."""
    return max(states, key=STATES.index, default=WORKS)
