"""Files of unknown origin are looked through by another process before HDF5 reads them here.

The HDF5 library can crash over a damaged file, or look for the end of an index that has none: of
2,000 small files that were damaged at random, 1.0 % hang it and 0.05 % crash it (HDF5 1.14.6), or
0.8 % and 2.2 % (HDF5 1.10.4). What it does not survive in a process of its own is refused here. The
process is started when it is first needed and is kept. This is no wall against files that exploit
the library: such a file would run code there, as it would here.

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


def check(path, name):
    """Raises FileFormatError if HDF5 does not survive the reading of a file.

    A file that has not changed since it was last looked through, or was written here, is not looked
    through again. ``name`` is that of the file for the message.
    """
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode) or _identity(status) in _known:
        return
    with _lock:
        fault = _inspector.fault_of(os.path.abspath(path), status.st_size)
    if fault:
        raise FileFormatError(
            "%s is damaged: HDF5 %s over it, as another process has found out. Nothing of it was "
            "read here. Get or write the file anew." % (name, fault)
        )
    _remember(status)


def check_stream(stream, name):
    """Does so with the bytes in a stream in memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "stream.h5")
        with open(path, "wb") as file:
            file.write(stream.getbuffer())
        check(path, name)


def trust(path):
    """Notes a file as it is now as one that was written here."""
    _remember(os.stat(path))


def _remember(status):
    if time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) > _TICK:
        _known.add(_identity(status))


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

    def fault_of(self, path, size):
        """What HDF5 does over a file: ``"crashes"`` and the like, or nothing."""
        if not self._is_running() and not self._start():
            return ""
        request = {
            "path": path,
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
            env=dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1"),
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
