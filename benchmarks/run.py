"""Measures this package beside a hand-written loop and beside tf_keras, and prints one table.

    python benchmarks/run.py --peer PYTHON [--rows mlp predict] [--rounds 9] [--clock cpu]

``PYTHON`` is an interpreter with TensorFlow and tf_keras (``../shared/oracles/make_oracles.sh
peer`` makes one); the others run in the interpreter of this program. Each contender is a process of
its own on one core. All of a row are started, and then run in turn, so that what else the machine
does hits them alike. The table has medians of rounds, and medians of ratios within a round. Where
much else runs, ``--clock cpu`` counts the time that the core worked for a contender, and not that
in which it waited for the core.
"""

import argparse
import collections
import json
import os
import statistics
import subprocess
import sys

FOLDER = os.path.dirname(os.path.abspath(__file__))

# Modules are compiled once, as for any user.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

# A ratio is how many times faster we are; a goal is met from this ratio on.
Row = collections.namedtuple("Row", "name title program goals unit")


def _steps(name, title, **goals):
    return Row(name, title, "contender.py", goals, "steps/s")


def _once(name, title, **goals):
    return Row(name, title, "once.py", goals, "s")


# Of rows whose goals were missed: what was tried, and where the floor is.
NOTES = {
    "mlp": "The prepared call of the step alone takes 0.42 ms where the raw loop takes 0.60 (1.43 "
    "times as fast); fit adds 0.04 to gather the rows of a shuffled batch, which lie apart in "
    "memory, and 0.02 of Python. Tried: fused updates (1.16), the caller's thread (1.05), a "
    "written-out gradient of the loss (1.07), a factor chosen by the phase in place of a chosen "
    "result in dropout (1.03), fewer listeners, numpy's `take`. Plain gradient descent in place of "
    "Keras's momentum of 0 gains 1%.",
    "autoencoder": "Convolutions, pooling and resizing are four fifths of a traced step. fit also "
    "computes the accuracy (2%) and reports the loss. Tried: fused updates, a written-out gradient "
    "of the loss, choices that are not broadcast (2%). The prepared call of the step alone takes "
    "21.1 to 21.7 ms, fit 21.9, the raw loop 20.5: the floor is this graph with its accuracy.",
    "predict": "The prepared call alone takes 99 of 102 microseconds a batch.",
    "import": "Ours takes 0.03 s, 1% of TensorFlow's. The rest is one pass of the garbage "
    "collector over TensorFlow's objects, which falls to whoever makes the next ones (seen by "
    "turning it off).",
    "first_step": "Of the step after building, 0.16 s of a core, TensorFlow takes 0.11 to "
    "initialize (0.02), to prepare the call, optimizing the graph (0.06), and to run it first "
    "(0.02), and 0.05 to make its operations. Tried: no question for what is initialized in a "
    "session that is new (1.1).",
    "inception": "Measured apart from the other rows, idle, on a machine on which all takes "
    "twice as long (3 rounds). Tried before: moving averages that are made when they are first "
    "asked for (1.8), one read of each statistic in place of two, and nothing copied into the "
    "choice by the phase (1.1).",
    "load": "h5py takes 0.06 to 0.08 s to read the file, TensorFlow the rest to prepare the first "
    "run of 320 assignments. Tried: the operations that initialize the variables, fed, in place "
    "of new ones.",
    "reload": "h5py's reading of 320 arrays alone takes 0.06 to 0.08 s, the assignment 0.02. "
    "Tried: one prepared call, each attribute and type read once.",
}


ROWS = (
    _steps("mlp", "MLP 784-128-128-10, dropout, batches of 50, SGD: fit", raw=1.35, peer=1.9),
    _steps("cnn", "CNN 28x28x1, batches of 64, Adam: fit", raw=0.97, peer=1.05),
    _steps("autoencoder", "autoencoder 32x32x3, batches of 64, Adadelta: fit", raw=0.98, peer=1.05),
    _steps("lstm", "LSTM(32), 20 steps of 64, sigmoid gates: fit", raw=2.2, peer=2.7),
    _steps("lstm_hard_sigmoid", "the same, hard_sigmoid (the default): fit", raw=1.3, peer=1.6),
    _steps("embedding_lstm", "Embedding + LSTM(128), 80 steps, Adam: fit", raw=1.35, peer=1.5),
    _steps("predict", "MLP, 10,000 rows, batches of 32: predict", raw=2.2, peer=3.0),
    Row(
        "estimator",
        "MLP, tf.data, hooks, checkpoints: Estimator.train",
        "pipeline.py",
        {"raw": 1.2},
        "steps/s",
    ),
    _once("import", "import, on top of TensorFlow", tensorflow=20.0, peer=1.0),
    _once("first_step", "first training step of the MLP, from building on", peer=2.0),
    _once("inception", "InceptionV3: build", peer=1 / 0.45, keras3=1.0),
    _once("load", "ResNet50: load_weights", peer=0.72 / 0.5),
    _once("reload", "ResNet50: load_weights again (tf_keras: the first time)", peer=0.72 / 0.1),
)


class Contender:
    """A process that measures one side of a row each time it is asked."""

    def __init__(self, row, side, python, clock):
        self._command = [python, os.path.join(FOLDER, row.program), side, row.name, clock]
        self._process = None
        self._is_fresh = row.program == "once.py"
        if not self._is_fresh:
            self._start()

    def _start(self):
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            universal_newlines=True,
            env=ENVIRONMENT,
        )

    def _answer(self):
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("%s ended without an answer" % " ".join(self._command))
        return line

    def wait_until_ready(self):
        if self._process is not None:
            self._answer()

    def seconds(self):
        """Seconds per step, or of the one thing that a fresh process does."""
        if self._is_fresh:
            self._start()
        else:
            self._process.stdin.write("\n")
            self._process.stdin.flush()
        seconds = float(self._answer())
        if self._is_fresh:
            self.end()
        return seconds

    def end(self):
        if self._process is not None:
            self._process.stdin.close()
            self._process.wait()
            self._process.stdout.close()


def measured(row, pythons, rounds, clock):
    """``{side: [seconds of each round]}``, of the sides that there is an interpreter for."""
    sides = ["ours"] + [side for side in row.goals if pythons.get(side)]
    contenders = {side: Contender(row, side, pythons[side], clock) for side in sides}
    try:
        for contender in contenders.values():
            contender.wait_until_ready()
        times = {side: [] for side in sides}
        for number in range(rounds):
            print(
                "\r%-20s round %d of %d" % (row.name, number + 1, rounds), end="", file=sys.stderr
            )
            for side in sides:
                times[side].append(contenders[side].seconds())
        print(file=sys.stderr)
        return times
    finally:
        for contender in contenders.values():
            contender.end()


def _value(row, seconds):
    median = statistics.median(seconds)
    return "%.0f" % (1 / median) if row.unit == "steps/s" else "%.2f s" % median


def _cell(row, side, times):
    if side not in times:
        return "-" if side not in row.goals else "not measured"
    met = "" if _is_met(row, side, times) else ", **missed**"
    goal = "(goal %.2f%s)" % (row.goals[side], met)
    return "%s; x %.2f %s" % (_value(row, times[side]), _ratio(side, times), goal)


def _ratio(side, times):
    return statistics.median(other / own for own, other in zip(times["ours"], times[side]))


def _is_met(row, side, times):
    return side not in times or _ratio(side, times) >= row.goals[side]


COLUMNS = (
    ("ours", "ours"),
    ("raw", "raw loop"),
    ("peer", "tf_keras, graph mode"),
    ("keras3", "Keras 3"),
    ("tensorflow", "import tensorflow"),
)


def notes(results):
    """What there is to say of the rows that missed a goal: a list in Markdown."""
    missed = [row for row, times in results if any(not _is_met(row, s, times) for s in row.goals)]
    return "\n".join(
        "- %s. %s" % (row.title, NOTES[row.name]) for row in missed if row.name in NOTES
    )


def table(results):
    """The results as a table in Markdown: a line for each ``(row, times)``."""
    lines = [[""] + [title for _, title in COLUMNS], ["---"] * (len(COLUMNS) + 1)]
    for row, times in results:
        cells = [_cell(row, side, times) for side, _ in COLUMNS[1:]]
        lines.append([row.title, _value(row, times["ours"])] + cells)
    return "\n".join("| %s |" % " | ".join(line) for line in lines)


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer", help="an interpreter with TensorFlow and tf_keras")
    names = [row.name for row in ROWS]
    parser.add_argument("--rows", nargs="+", choices=names, default=names, metavar="ROW")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall")
    parser.add_argument("--json", help="a file for the seconds of all rounds")
    return parser.parse_args()


def main():
    arguments = _arguments()
    own = sys.executable
    pythons = {"ours": own, "raw": own, "keras3": own, "tensorflow": own, "peer": arguments.peer}
    rows = [row for row in ROWS if row.name in arguments.rows]
    rounds, clock = arguments.rounds, arguments.clock
    results = [(row, measured(row, pythons, rounds, clock)) for row in rows]
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({row.name: times for row, times in results}, file, indent=1)
    print(table(results))
    print()
    print(notes(results))


if __name__ == "__main__":
    main()
