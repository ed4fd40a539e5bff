"""Every name that the originals have, and whether it is here: read from ``offered.txt``.

``tests/legacy/record_offered.py`` recorded the names of TensorFlow 1.15.5 and 1.4.0 and of Keras
2.2.5 and 1.2.2, and looked each up at run time; ``tests/legacy/test_offered.py`` does so anew.
"""

import functools
import pkgutil
from typing import Dict, List

# Before a name: it is not there; it is there and refuses to be called; today's TensorFlow has it,
# and 1.15 had not.
ABSENT, REFUSED, NEW = MARKS = ("-", "!", "+")


@functools.lru_cache(maxsize=1)
def names_by_module() -> Dict[str, Dict[str, str]]:
    """Module path below ``tfkeras_compat`` -> name -> its mark, ``""`` for most.

    >>> names_by_module()["tensorflow.contrib"]["ffmpeg"], names_by_module()["layers"]["Dense"]
    ('-', '')
    """
    data = pkgutil.get_data(__name__, "offered.txt") or b""
    lines = [line for line in data.decode("ascii").splitlines() if line[0] != "#"]
    return {path: _marks(names.split()) for path, _, names in (e.partition(":") for e in lines)}


def _marks(words: List[str]) -> Dict[str, str]:
    return {word.lstrip("".join(MARKS)): word[0] if word[0] in MARKS else "" for word in words}
