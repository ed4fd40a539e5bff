"""How long ``doctor`` takes for a large code base: python benchmarks/doctor.py [--lines 100000]

The tree is made of the programs in ``examples/legacy``, over and over, some of them joined to long
modules. Printed are the seconds on the clock and those of the processor, for the text and for the
page with its differences. The clock tells nothing on a machine that does something else.
"""

import argparse
import contextlib
import glob
import io
import os
import resource
import tempfile
import time

from tfkeras_compat.__main__ import main

PROGRAMS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "examples", "legacy")
_PYTHON_2 = "python_2_"
_JOINED = 12  # every fourth module is of so many programs


def make_tree(folder, lines):
    """Writes modules of at least so many lines; returns how many lines and files there are."""
    texts = {os.path.basename(path): _read(path) for path in glob.glob(PROGRAMS + "/*.py")}
    # A program of Python 2 for every forty of Python 3: to convert it takes far longer.
    names = sorted(name for name in texts if not name.startswith(_PYTHON_2))
    old = [name for name in texts if name.startswith(_PYTHON_2)]
    written = files = 0
    while written < lines:
        chosen = [names[(files + n) % len(names)] for n in range(_JOINED if files % 4 == 0 else 1)]
        text = "\n".join(texts[name] for name in (old if files % 40 == 39 else chosen))
        text = text.replace("from __future__ import print_function", "")
        package = os.path.join(folder, "package_%02d" % (files // 50))
        os.makedirs(package, exist_ok=True)
        with open(os.path.join(package, "module_%04d.py" % files), "w") as file:
            file.write(text)
        written, files = written + text.count("\n"), files + 1
    return written, files


def _read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def measured(arguments):
    """Seconds on the clock, and of the processor in this process and its children."""
    start, used = time.perf_counter(), _processor()
    with contextlib.redirect_stdout(io.StringIO()):
        status = main(["doctor"] + arguments)
    assert status == 0, status
    return time.perf_counter() - start, _processor() - used


def _processor():
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100000)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as tree:
        print(
            "%d lines in %d files, %d processes" % (*make_tree(tree, options.lines), options.jobs)
        )
        jobs = ["--jobs", str(options.jobs)]
        page = ["--html", os.path.join(tree, "page.html")]
        for name, arguments in (("text", []), ("page", page)):
            print("%s: %5.1f s, processor %5.1f s" % (name, *measured(jobs + arguments + [tree])))
            if arguments:
                print("the page has %.1f MB" % (os.path.getsize(page[1]) / 1e6))
