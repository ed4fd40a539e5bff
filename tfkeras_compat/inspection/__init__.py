"""Files of unknown origin are looked through by another process before HDF5 reads them here.

The HDF5 library can crash over a damaged file, or look for the end of an index that has none: of
2,000 small files that were damaged at random, 1.0 % hang it and 0.05 % crash it (HDF5 1.14.6), or
0.8 % and 2.2 % (HDF5 1.10.4). What it does not survive in a process of its own is refused here. The
process is started when it is first needed and is kept. This is no wall against files that exploit
the library: such a file would run code there, as it would here.

It takes 12 ms of computing for a small file and 0.1 s for 100 MB of weights, three times that in
memory, and 0.1 to 0.9 s for a data set of 1 GB in pieces, a third of what reading it once takes.

Where no process can be started (no interpreter of Python's own, as inside of another program, or no
right to), files are read as they are.
"""

import atexit
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from typing import Any, Set

from tfkeras_compat.errors import FileFormatError

SECONDS, SECONDS_PER_BYTE = 2.0, 1e-7  # of computing; a file with 300 layers takes 0.1 s
MEMORY, MEMORY_PER_BYTE = 1 << 29, 2

_PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "looking.py")
_TICK = 20 * 10**6  # ns; files that are changed within one have the same time

_known: Set[Any] = set()
_lock = threading.Lock()


def check(path, name, within="/"):
    """Raises FileFormatError if HDF5 does not survive the reading of a file.

    A file that has not changed since it was last looked through, or was written here, is not looked
    through again.

    Args: ``name`` is that of the file for the message, ``within`` the group or dataset to read.
    """
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode) or _is_known(status, within):
        return
    with _lock:
        fault = _inspector.fault_of(os.path.abspath(path), status.st_size, within)
    if fault:
        raise FileFormatError(
            "%s is damaged: HDF5 %s over it, as another process has found out. Nothing of it was "
            "read here. Get or write the file anew." % (name, fault)
        )
    _remember(status, within)


def check_bytes(content, name, within="/"):
    """Does so with the bytes of a file in memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "memory.h5")
        with open(path, "wb") as file:
            file.write(content)
        check(path, name, within)


def trust(path):
    """Notes a file as it is now as one that was written here.

    Its time is set back a little, so that what anybody writes into it from now on gives it another.
    """
    status = os.stat(path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns - _TICK))
    _known.add((_identity(os.stat(path)), "/"))


def _is_known(status, within):
    return any((_identity(status), each) in _known for each in ("/", within))


def _remember(status, within):
    if time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) > _TICK:
        _known.add((_identity(status), within))


def _identity(status):
    return (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )


class _Inspector:
    """The other process, and what is asked of it."""

    def __init__(self):
        self._process: Any = None
        self._can_be_started = _is_python(sys.executable)

    def fault_of(self, path, size, within="/"):
        """What HDF5 does over a file: ``"crashes"`` and the like, or nothing."""
        if not self._is_running() and not self._start():
            return ""
        request = {
            "path": path,
            "within": within,
            "seconds": SECONDS + SECONDS_PER_BYTE * size,
            "memory": int(MEMORY + MEMORY_PER_BYTE * size),
        }
        if self._answers(request):
            return ""
        return _FAULTS.get(self._process.wait(), "crashes")

    def _is_running(self):
        return self._process is not None and self._process.poll() is None

    def _start(self):
        self.end()
        if self._can_be_started:
            self._process = _started()
            # What can not be started now never can.
            self._can_be_started = self._process is not None and self._answers(sys.path)
        return self._can_be_started

    def _answers(self, message):
        try:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()
            return self._process.stdout.readline() == b"ok\n"
        except OSError:  # it has ended
            return False

    def end(self):
        """Ends the process."""
        if self._process is not None:
            self._process.communicate()
            self._process = None


# The file may be open for writing in this process; it is read nevertheless.
_ENVIRONMENT = {
    "HDF5_USE_FILE_LOCKING": "FALSE",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}

# What a return value means, besides a crash.
_FAULTS = {-getattr(signal, "SIGPROF", 0): "takes too long", 2: "needs too much memory"}


def _is_python(executable):
    """Whether it is an interpreter of Python's own, rather than a program that holds one."""
    name = os.path.basename(executable or "").lower()
    return name.startswith(("python", "pypy")) and not getattr(sys, "frozen", False)


def _started():
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(os.environ, **_ENVIRONMENT),
        )
    except OSError:
        return None


_inspector = _Inspector()


def _after_fork():
    """The process answers to one parent only."""
    global _inspector, _lock
    _inspector, _lock = _Inspector(), threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
atexit.register(lambda: _inspector.end())
