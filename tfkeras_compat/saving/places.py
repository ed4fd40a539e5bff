"""Where a model is written to and read from: a path, an HDF5 group, a file-like object."""

import contextlib
import io
import os
import pathlib
from typing import Any, Dict, Set

import h5py

from tfkeras_compat import inspection
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import CompatError, FileFormatError, MissingFileError
from tfkeras_compat.saving.atomic import replacing

# What h5py raises on a damaged file.
DAMAGES = (
    AttributeError,
    IndexError,
    KeyError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)

_ARCHIVE = b"PK\x03\x04"  # the first bytes of a zip file


def write_to(place, writer, overwrite=True):
    """Calls ``writer`` with the HDF5 group to write into.

    Args:
        place: a path, also one that TensorFlow's file systems know (``gs://...``); an ``h5py`` file
            or group; an object with a method ``write`` that takes bytes.
        overwrite: whether a file that exists is replaced without asking on the terminal.
    A file is replaced as a whole when all is written. Raises: TypeError for any other place.
    """
    if isinstance(place, h5py.Group):
        writer(place)
        place.file.flush()
    elif callable(getattr(place, "write", None)):
        place.write(_bytes_of(writer))
    else:
        _write_to_path(_path(place), writer, overwrite)


def _write_to_path(path, writer, overwrite):
    if not overwrite and tf.gfile.Exists(path) and not ask_to_proceed_with_overwrite(path):
        return
    if _is_remote(path):
        with tf.gfile.GFile(path, "wb") as file:
            file.write(_bytes_of(writer))
        return
    with replacing(path) as temporary:
        with h5py.File(temporary, "w") as file:
            writer(file)
    inspection.trust(path)


def _bytes_of(writer):
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        writer(file)
    return stream.getvalue()


def ask_to_proceed_with_overwrite(filepath):
    """Asks on the terminal whether a file may be overwritten; returns the answer."""
    answer = input("[WARNING] %s already exists - overwrite? [y/n]" % filepath).strip().lower()
    while answer not in ("y", "n"):
        answer = input('Enter "y" (overwrite) or "n" (cancel).').strip().lower()
    return answer == "y"


@contextlib.contextmanager
def reading(place, is_trusted=False):
    """A context with the HDF5 group found at ``place``.

    Args:
        place: a path, an ``h5py`` file or group, or an object with a method ``read``.
        is_trusted: whether HDF5 may read it here without another process having tried.
    Raises: MissingFileError if there is no such file, FileFormatError if it is no HDF5 file, or one
    that HDF5 does not survive, TypeError for any other place.
    """
    if isinstance(place, h5py.Group):
        check_opened(place, is_trusted)
        yield place
        return
    source, name = _source(place)
    if not is_trusted:
        _check_source(source, name)
    with _opened(source, name) as file:
        check_opened(file, is_trusted=True)
        try:
            yield file
        finally:
            del _looked_through[file.id.id]


def _check_source(source, name):
    if isinstance(source, str):
        inspection.check(source, name)
    else:
        inspection.check_bytes(source.getbuffer(), name)


def check_opened(group, is_trusted=False):
    """Lets another process look through a group of a file that is open here, once.

    A file in memory is handed on as the bytes of it. What lies elsewhere, as in several files at
    once, is read as it is.
    Args: ``is_trusted`` says that there is no need to.
    Raises: FileFormatError if HDF5 does not survive it.
    """
    if not isinstance(group, h5py.Group) or not group:  # or closed
        return
    path = pathlib.PurePosixPath(group.name or "/")
    known = _looked_through.setdefault(group.file.id.id, set())
    if known.isdisjoint([path, *path.parents]):
        if not is_trusted:
            _check_file(group.file, str(path))
        known.add(path)


# By the number of the opened file, which HDF5 gives but once: groups that were, with all in them.
_looked_through: Dict[int, Set[Any]] = {}


def _check_file(file, within):
    if file.mode != "r":
        file.flush()
    if _is_still_at_its_path(file):
        inspection.check(file.filename, file_name(file), within)
    elif file.driver in ("core", "fileobj", "sec2"):
        inspection.check_bytes(file.id.get_file_image(), file_name(file), within)


def _is_still_at_its_path(file):
    if file.driver != "sec2" or not os.path.exists(file.filename):
        return False
    return os.path.samestat(os.stat(file.filename), os.fstat(file.id.get_vfd_handle()))


def _source(place):
    if callable(getattr(place, "read", None)):
        return io.BytesIO(place.read()), repr(place)
    path = _path(place)
    if not tf.gfile.Exists(path):
        raise MissingFileError(
            "There is no file %s (looked for in %s).%s" % (path, os.getcwd(), _hint(path))
        )
    if not _is_remote(path):
        return path, path
    with tf.gfile.GFile(path, "rb") as file:
        return io.BytesIO(file.read()), path


def _opened(source, name):
    try:
        return h5py.File(source, "r")
    except DAMAGES as error:
        raise FileFormatError(
            "%s can not be read as an HDF5 file: it is of another format, truncated or damaged "
            "(%s).%s" % (name, error, _hint(source))
        ) from error


_HDF5_INSTEAD = (
    "Load it where it was written, and there write HDF5: model.save('model.h5', save_format='h5'), "
    "or in Keras 3 model.save('model.h5'), of which load_weights() reads the weights here."
)

_OF_OTHERS = (
    "without the configuration of its layers, which only serving.export_saved_model writes beside "
    "it: use tf.saved_model.loader.load or tf.contrib.predictor.from_saved_model. "
)


def _hint(source):
    """What to do with a file of the known formats that are not HDF5; otherwise nothing."""
    kinds = (
        (_is_archive, "It is a .keras archive. " + _HDF5_INSTEAD),
        (_is_saved_model, "It is a SavedModel " + _OF_OTHERS + _HDF5_INSTEAD),
        (
            _is_checkpoint,
            "It is a checkpoint of TensorFlow, which holds only weights: make the model in code, "
            "and use load_weights(prefix) or tf.train.Saver().restore(session, prefix). "
            + _HDF5_INSTEAD,
        ),
    )
    return next((" " + hint for is_it, hint in kinds if is_it(source)), "")


def _is_archive(source):
    if isinstance(source, io.BytesIO):
        return source.getvalue()[:4] == _ARCHIVE
    if not os.path.isfile(source):
        return False
    with open(source, "rb") as file:
        return file.read(4) == _ARCHIVE


def _is_saved_model(source):
    return isinstance(source, str) and any(
        tf.gfile.Exists(os.path.join(source, name))
        for name in ("saved_model.pb", "saved_model.pbtxt")
    )


def _is_checkpoint(source):
    if not isinstance(source, str):
        return False
    is_part = source.endswith(".index") or ".data-0" in os.path.basename(source)
    return is_part or tf.gfile.Exists(source + ".index")


def _path(place):
    if not isinstance(place, (str, bytes, os.PathLike)):
        raise TypeError(
            "Expected a path, an h5py file or group, or a file-like object, found %r." % (place,)
        )
    path = os.fsdecode(place)
    return path[len("file://") :] if path.startswith("file://") else path


def _is_remote(path):
    return "://" in path


@contextlib.contextmanager
def explained(group):
    """Turns what h5py raises on a damaged file into a FileFormatError that names the file."""
    try:
        yield
    except CompatError:
        raise
    except DAMAGES as error:
        raise FileFormatError(
            "%s is damaged, or not what it should be: %s" % (file_name(group), error)
        ) from error


def file_name(group):
    """The name of the file that a group belongs to, for messages."""
    return str(group.file.filename)
