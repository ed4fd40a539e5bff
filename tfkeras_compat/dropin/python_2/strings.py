"""Text that is one kind of string only: bytes of Python 2 are held as the text that they spell."""

import functools
import sys

CODING = ("utf-8", "surrogateescape")  # bytes that are no UTF-8 survive


def opened(name, mode="r", buffering=-1):
    """``open`` of Python 2: text is UTF-8, and no line end is changed."""
    if isinstance(name, int) or "b" in mode:
        return open(name, mode, buffering)
    newline = None if "U" in mode else ""
    # A buffer of no bytes is for binary files only.
    return open(name, mode.replace("U", ""), buffering or 1, *CODING, newline)


def encoded(value):
    """The method ``encode`` of a value; that of a text gives text."""
    return functools.partial(_encoded, value) if isinstance(value, str) else value.encode


def decoded(value):
    """The method ``decode`` of a value; that of a text reads the bytes that the text stands for.

    >>> decoded("abc")("ascii", "ignore"), decoded(b"abc")("ascii")
    ('abc', 'abc')
    """
    return functools.partial(_decoded, value) if isinstance(value, str) else value.decode


def _encoded(text, encoding="ascii", errors="strict"):
    return text.encode(encoding, errors).decode(*CODING)


def _decoded(text, encoding="ascii", errors="strict"):
    return text.encode(*CODING).decode(encoding, errors)


def raw_input(prompt=""):
    """A line from standard input."""
    sys.stdout.flush()
    return input(prompt)
