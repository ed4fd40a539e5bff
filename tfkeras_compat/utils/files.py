"""Files from the net, and in archives: fetched whole or not at all, checked, and kept."""

import hashlib
import os
import tarfile
import tempfile
import zipfile
import zlib
from http.client import HTTPException
from typing import Any
from urllib.request import urlopen

from tfkeras_compat.callbacks.progress import Progbar
from tfkeras_compat.errors import ConfigError, FileFormatError, MissingFileError
from tfkeras_compat.saving.atomic import replacing
from tfkeras_compat.state.config import keras_home

_HASHES = {"sha256": hashlib.sha256, "md5": hashlib.md5}
_HOW: Any = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
_BLOCK = 65536


def get_file(
    fname,
    origin,
    untar=False,
    md5_hash=None,
    file_hash=None,
    cache_subdir="datasets",
    hash_algorithm="auto",
    extract=False,
    archive_format="auto",
    cache_dir=None,
):
    """The path of a file that is fetched from ``origin`` unless it is there.

    Args:
        fname: the name of the file in the folder, or a path of its own.
        origin: the address, of any kind that ``urllib`` knows.
        untar: whether the file is an archive, kept as ``fname + ".tar.gz"`` and unpacked beside
            it; the path of ``fname`` itself is returned. Superseded by ``extract``.
        md5_hash: superseded by ``file_hash``.
        file_hash: the expected hash. A file that has another is fetched anew, and refused if it
            still has.
        cache_subdir: the folder in the cache, or a path of its own.
        hash_algorithm: ``"md5"``, ``"sha256"``, or ``"auto"`` to tell by the hash's length.
        extract: whether to unpack the file beside itself, if it is an archive.
        archive_format: ``"tar"``, ``"zip"``, a list of them, ``"auto"`` for both, ``None`` for
            none.
        cache_dir: the cache: ``KERAS_HOME`` or ``~/.keras`` if not given.

    The file is written under another name first, so that half a file is never found later.

    Raises: MissingFileError if it can not be fetched; FileFormatError if its hash is another, or
        an archive is broken or would write outside of its folder.
    """
    folder = os.path.join(_writable(cache_dir or keras_home()), cache_subdir)
    os.makedirs(folder, exist_ok=True)
    unpacked = os.path.join(folder, fname)
    path = unpacked + ".tar.gz" if untar else unpacked
    if md5_hash is not None and file_hash is None:
        file_hash, hash_algorithm = md5_hash, "md5"
    if not _is_there(path, file_hash, hash_algorithm):
        _fetch(origin, path, file_hash, hash_algorithm)
    if untar and not os.path.exists(unpacked):
        extract_archive(path, folder, "tar")
    if extract and not untar:
        extract_archive(path, folder, archive_format)
    return unpacked if untar else path


def _writable(folder):
    folder = os.path.expanduser(folder)
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError:
        pass  # it is not writable, then
    if os.access(folder, os.W_OK):
        return folder
    return os.path.join(tempfile.gettempdir(), ".keras")


def _is_there(path, file_hash, algorithm):
    if not os.path.exists(path):
        return False
    if file_hash is None or validate_file(path, file_hash, algorithm):
        return True
    print(
        "A local file was found, but it seems to be incomplete or outdated because the %s file "
        "hash does not match the original value of %s so we will re-download the data."
        % (algorithm, file_hash)
    )
    return False


def _fetch(origin, path, file_hash, algorithm):
    print("Downloading data from", origin)
    with replacing(path) as temporary:
        _download(origin, path, temporary)
        if file_hash is not None and not validate_file(temporary, file_hash, algorithm):
            raise FileFormatError(
                "What %s gave is not the expected file: its hash is %s instead of %s. Nothing was "
                "written to %s."
                % (origin, _hash_file(temporary, _named(algorithm, file_hash)), file_hash, path)
            )


def _download(origin, path, temporary):
    try:
        with urlopen(origin) as response, open(temporary, "wb") as file:
            size = int(response.headers.get("Content-Length") or 0)
            _copy(response, file, size or None)
    except (OSError, HTTPException) as error:  # all errors of urllib are OSErrors
        raise MissingFileError(
            "URL fetch failure on %s : %s -- %s. Without a connection, put the file itself at %s."
            % (
                origin,
                getattr(error, "code", None) or getattr(error, "errno", None),
                getattr(error, "reason", None) or error,
                path,
            )
        ) from error


def _copy(source, target, size):
    progress, done = Progbar(size), 0
    for block in iter(lambda: source.read(_BLOCK), b""):
        target.write(block)
        done += len(block)
        progress.update(done)
    if size is not None and done < size:
        raise OSError("the connection ended after %d of %d bytes" % (done, size))


# ---- hashes -------------------------------------------------------------------------------------


def _named(algorithm, file_hash):
    if algorithm not in ("auto", "sha256", "md5"):
        raise ConfigError(
            "Unknown hash algorithm %r: expected 'auto', 'sha256' or 'md5'." % (algorithm,)
        )
    if algorithm != "auto":
        return algorithm
    return "sha256" if len(str(file_hash)) == 64 else "md5"


def _hash_file(fpath, algorithm="sha256", chunk_size=65535):
    """The hash of a file, in hexadecimal digits; ``algorithm`` is ``"sha256"`` or ``"md5"``."""
    hasher = _HASHES["sha256" if algorithm == "auto" else _named(algorithm, "")]()
    with open(fpath, "rb") as file:
        for block in iter(lambda: file.read(chunk_size), b""):
            hasher.update(block)
    return hasher.hexdigest()


def validate_file(fpath, file_hash, algorithm="auto", chunk_size=65535):
    """Whether a file has the given hash.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile() as file:
    ...     validate_file(file.name, "d41d8cd98f00b204e9800998ecf8427e")
    True
    """
    return _hash_file(fpath, _named(algorithm, file_hash), chunk_size) == str(file_hash)


# ---- archives -----------------------------------------------------------------------------------


def extract_archive(file_path, path=".", archive_format="auto"):
    """Unpacks an archive into a folder; ``False`` if it is none of the given formats.

    Raises: FileFormatError if the archive is broken, or a member lies or points outside of the
        folder, or is neither file, folder nor link. Nothing is written then.
    """
    formats = ("tar", "zip") if archive_format == "auto" else archive_format or ()
    for name in (formats,) if isinstance(formats, str) else formats:
        if name not in _FORMATS:
            raise ConfigError("Unknown archive format %r: expected 'tar' or 'zip'." % (name,))
        is_archive, unpack = _FORMATS[name]
        if is_archive(file_path):
            _unpack_whole(unpack, file_path, path)
            return True
    return False


def _unpack_whole(unpack, file_path, path):
    os.makedirs(path, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path) as beside:
        try:
            unpack(file_path, beside)
        except _BROKEN as error:
            raise FileFormatError("%s can not be unpacked: %s" % (file_path, error)) from error
        _move_into(beside, path)


def _move_into(source, folder):
    for base, folders, files in os.walk(source):
        place = os.path.join(folder, os.path.relpath(base, source))
        os.makedirs(place, exist_ok=True)
        links = [name for name in folders if os.path.islink(os.path.join(base, name))]
        for name in files + links:
            os.replace(os.path.join(base, name), os.path.join(place, name))


def _unpack_tar(file_path, folder):
    with tarfile.open(file_path) as archive:
        for member in archive.getmembers():
            links = [member.linkname] if member.issym() or member.islnk() else []
            is_plain = member.isfile() or member.isdir() or bool(links)
            if not is_plain or not all(_stays_below(name) for name in [member.name] + links):
                raise _unsafe(file_path, member.name)
        # Python 3.12 and late releases before it check once more, and want to be told how.
        archive.extractall(folder, **_HOW)


def _unpack_zip(file_path, folder):
    with zipfile.ZipFile(file_path) as archive:
        for name in archive.namelist():
            if not _stays_below(name):
                raise _unsafe(file_path, name)
        archive.extractall(folder)


def _stays_below(name):
    """Whether a path leads nowhere but down, through whatever links that lead down too."""
    parts = name.replace("\\", "/").split("/")
    return bool(parts[0]) and ":" not in parts[0] and ".." not in parts


def _unsafe(file_path, name):
    return FileFormatError(
        "The archive %s holds %r, which leads out of the folder it is unpacked in, or is a device. "
        "Nothing was written; unpack it yourself if you trust it." % (file_path, name)
    )


_BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
_FORMATS = {
    "tar": (tarfile.is_tarfile, _unpack_tar),
    "zip": (zipfile.is_zipfile, _unpack_zip),
}
