"""The IDX format of the MNIST files: a big-endian header, then unsigned bytes.

The header is the magic number (2049 for labels, 2051 for images) and the length of each axis.
"""

import functools
import gzip
import operator
import struct
import zlib

import numpy as np

from tfkeras_compat.errors import FileFormatError

LABELS, IMAGES = 2049, 2051
_AXES = {LABELS: 1, IMAGES: 3}
_KINDS = {LABELS: "labels", IMAGES: "images"}
_GZIP_MAGIC = b"\x1f\x8b"


def read(file, magic):
    """The array in an open binary file, gzip-compressed or plain.

    Shapes: ``(n,)`` for labels, ``(n, rows, columns)`` for images; dtype uint8.
    Raises: FileFormatError if the file is truncated, too long or of another format.
    """
    name = getattr(file, "name", "the file")
    stream = _uncompressed(file)
    try:
        shape = _read_shape(stream, magic, name)
        return _read_values(stream, shape, name)
    except (EOFError, OSError, zlib.error) as error:
        if isinstance(error, FileFormatError):
            raise
        raise FileFormatError(
            "%s is damaged: it begins as a gzip file, but %s." % (name, error)
        ) from error


def _uncompressed(file):
    start = file.read(2)
    file.seek(0)
    return gzip.GzipFile(fileobj=file, mode="rb") if start == _GZIP_MAGIC else file


def _read_shape(stream, magic, name):
    size = 4 * (1 + _AXES[magic])
    header = stream.read(size)
    found = struct.unpack(">I", header[:4])[0] if len(header) >= 4 else None
    if found != magic:
        raise FileFormatError(
            "%s is no IDX file of %s: expected it to begin with the magic number %d, found %s."
            % (
                name,
                _KINDS[magic],
                magic,
                "%d bytes in all" % len(header) if found is None else found,
            )
        )
    if len(header) < size:
        raise FileFormatError(
            "%s is truncated: expected a header of %d bytes, found %d." % (name, size, len(header))
        )
    return struct.unpack(">%dI" % _AXES[magic], header[4:])


def _read_values(stream, shape, name):
    expected = functools.reduce(operator.mul, shape)
    values = _read_at_most(stream, expected + 1)
    if len(values) != expected:
        found = "%d" % len(values) if len(values) < expected else "more"
        raise FileFormatError(
            "%s is truncated or damaged: its header announces %s = %d bytes, found %s."
            % (name, " x ".join(str(length) for length in shape), expected, found)
        )
    return np.frombuffer(values, np.uint8).reshape(shape)


def _read_at_most(stream, size, piece=1 << 24):
    # In pieces, so that a header that announces terabytes reserves no memory.
    pieces = []
    while size > 0:
        data = stream.read(min(piece, size))
        if not data:
            break
        pieces.append(data)
        size -= len(data)
    return b"".join(pieces)
