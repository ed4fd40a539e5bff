"""Replacing a file as a whole: at any moment it is the old one or the new one."""

import contextlib
import errno
import os
import re
import shutil
import uuid

from tfkeras_compat.errors import FullDiskError, MissingFileError


@contextlib.contextmanager
def replacing(path):
    """Gives the path of a new file beside ``path``, which takes its place afterwards.

    If the body fails the new file is removed and the old one is untouched; so it is if the process
    is killed, when a file ``.<name>-<random>.tmp`` may be left. Links are followed, and the mode of
    the old file is kept.

    Raises: MissingFileError if the folder does not exist; IsADirectoryError if ``path`` is one;
    FullDiskError.
    """
    path = os.path.realpath(os.fspath(path))
    temporary = _new_file_beside(path)
    try:
        yield temporary
        if os.path.exists(path):
            shutil.copymode(path, temporary)
        _write_through(temporary)
        os.replace(temporary, path)
    except BaseException as error:
        os.unlink(temporary)
        _tell_if_full(path, error)
        raise
    _write_through(os.path.dirname(path))


_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
_FULL_IN_TEXT = re.compile("errno = (%s)[^0-9]" % "|".join(map(str, _FULL)))  # HDF5 before h5py 3


def _tell_if_full(path, error):
    is_full = isinstance(error, OSError) and error.errno in _FULL
    if is_full or _FULL_IN_TEXT.search(str(error)):
        raise FullDiskError(
            "Can not write %s: the disk is full, or a quota or limit of file sizes is reached. "
            "What was there is as it was. Make room, and save again. (%s)" % (path, error)
        ) from error


def _new_file_beside(path):
    folder, name = os.path.split(path)
    if not os.path.isdir(folder):
        raise MissingFileError("Can not write %s: the folder %s does not exist." % (path, folder))
    if os.path.exists(path) and not os.path.isfile(path):
        raise IsADirectoryError("Can not write %s: it is not a regular file." % path)
    temporary = os.path.join(folder, ".%s-%s.tmp" % (name[:100], uuid.uuid4().hex))
    # The mode is what the process gives to new files, which `tempfile` would not do.
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    return temporary


def _write_through(path):
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return  # Windows does not open folders; there the file itself has to be enough
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
