"""The program that `inspection.py` runs: it looks through HDF5 files, and may crash over them.

Never imported. Its first line of input holds the places where modules are found, each other line a
file and the limits of time and memory; it answers ``ok`` for a file that it survives. Whatever HDF5
only complains of is no concern here: who reads the file afterwards is told it again.
"""

import contextlib
import faulthandler
import json
import os
import signal
import sys

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

LISTS = ("layer_names", "weight_names")
# What is asked for in a file, there or not: a damaged index may have no end.
GROUPS = (b"model_weights", b"optimizer_weights", b"layers", b"_layer_checkpoint_dependencies")
ATTRIBUTES = (
    "backend",
    "keras_version",
    "model_config",
    "training_config",
    "training_config_of_tf_optimizer",
)

# The most bytes that one byte of a file unpacks to, as in `hdf5.py`, and those read at a time.
MOST_BYTES_PER_FILE_BYTE = 1032
PIECE = 1 << 24
# Of an array that is larger, as only data sets to train on are, the beginning is read.
MOST_BYTES_OF_AN_ARRAY = 1 << 28


def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the parent, and its end ends this
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # h5py prints
    sys.path[:] = json.loads(sys.stdin.readline())
    import h5py  # from the places just read

    answer(answers)
    for line in sys.stdin:
        request = json.loads(line)
        with limited(request["seconds"], request["memory"]):
            look_through(h5py, request["path"], request["within"])
        answer(answers)


def answer(answers):
    answers.write("ok\n")
    answers.flush()


# ---- limits -------------------------------------------------------------------------------------


@contextlib.contextmanager
def limited(seconds, memory):
    """Ends the process when the body takes too long, or too much memory."""
    peak = peak_of_memory()
    timed(seconds)
    with at_most(memory):
        yield
    timed(0)
    if peak_of_memory() - peak > memory / 2:
        os._exit(2)  # it was read, or the limit stopped it half-way


def timed(seconds):
    """Ends the process after so many seconds of computing; 0 for never."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)
    elif seconds:
        faulthandler.dump_traceback_later(10 * seconds, exit=True)
    else:
        faulthandler.cancel_dump_traceback_later()


@contextlib.contextmanager
def at_most(memory):
    """A context in which only so many more bytes of memory are given out."""
    used = size_in_memory()
    if not used:
        yield  # and no limit
        return
    unlimited = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(ValueError, OSError):  # a lower limit may be set already
        resource.setrlimit(resource.RLIMIT_AS, (used + memory, unlimited[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, unlimited)


def size_in_memory():
    return of_status("VmSize")


def peak_of_memory():
    return of_status("VmHWM")  # `getrusage` begins with that of the parent


def of_status(name):
    """A size of this process in bytes; 0 where there is no Linux."""
    try:
        with open("/proc/self/status") as file:
            lines = [line for line in file if line.startswith(name + ":")]
        return int(lines[0].split()[1]) * 1024
    except (OSError, IndexError):
        return 0


# ---- what is looked at --------------------------------------------------------------------------

complaints = contextlib.suppress(Exception)


def look_through(h5py, path, within):
    """Reads what a file, or a group or dataset in it, says of itself, and the values of arrays."""
    with complaints, h5py.File(path, "r") as file:
        most = MOST_BYTES_PER_FILE_BYTE * os.path.getsize(path)
        seen, pending = set(), [file[within]]
        while pending:
            found = pending.pop()
            place = None
            with complaints:
                place = h5py.h5o.get_info(found.id).addr
            if place in seen:
                continue
            seen.add(place)
            look_at_attributes(h5py, found)
            if isinstance(found, h5py.Group):
                pending += children(h5py, found)
            elif isinstance(found, h5py.Dataset):
                look_at_values(h5py, found, most)


def children(h5py, group):
    """What lies in a group itself; no link is followed."""
    found = []
    with complaints:
        for name in group:
            with complaints:
                if isinstance(group.get(name, getlink=True), h5py.HardLink):
                    found.append(group[name])
    for name in GROUPS:
        with complaints:
            group.id.links.exists(name)
    return found


def look_at_attributes(h5py, found):
    names = list(ATTRIBUTES)
    for one in LISTS:
        names += [one, one + "0"]
    with complaints:
        names += list(found.attrs)
    for name in names:
        with complaints:
            if name not in found.attrs:
                continue
            values = found.attrs[name]
            if isinstance(found, h5py.Group) and name.rstrip("0123456789") in LISTS:
                look_up(h5py, found, values)


def look_up(h5py, group, names):
    """Finds each name as a reader does, part after part."""
    for name in names:
        parts = (name if isinstance(name, bytes) else str(name).encode("utf-8")).split(b"/")
        with complaints:
            for number in range(1, len(parts) + 1):
                link = group.id.links.get_info(b"/".join(parts[:number]))
                if link.type != h5py.h5l.TYPE_HARD:
                    break
            else:
                h5py.h5o.open(group.id, b"/".join(parts))


def look_at_values(h5py, dataset, most):
    with complaints:
        made = dataset.id.get_create_plist()
        layout = made.get_layout()
        size = dataset.size * dataset.dtype.itemsize
        if layout == h5py.h5d.VIRTUAL or made.get_external_count() or not 0 < size <= most:
            return
        if layout == h5py.h5d.CHUNKED:
            read_in_pieces(dataset, size)
        else:  # read as one block, of which the beginning tells enough
            dataset[tuple(slice(0, 1) for _ in dataset.shape)]


def read_in_pieces(dataset, size):
    length = dataset.shape[0]
    rows = max(1, length * PIECE // size)
    for start in range(0, max(1, min(length, length * MOST_BYTES_OF_AN_ARRAY // size)), rows):
        dataset[start : start + rows]


if __name__ == "__main__":
    main()
