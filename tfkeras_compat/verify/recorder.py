"""Runs a program and records what its sessions compute: every loss, and where weights begin.

Executed by itself, also where this package is not installed (Python 3.5 and TensorFlow 1.2 or
later): it imports none of it. It stands between a program and TensorFlow's session, which Keras,
tf.keras, estimators and plain TensorFlow have in common:

- every call that fetches float scalars, other than variables, is an event: a step, if a variable
  changes in the same call, else a value;
- when variables are initialized, their values are written down, or taken from an earlier record:
  variables are partners by name, else by shape, in their order;
- graphs, NumPy and Python start from one seed, and sessions compute in one thread, so that sums are
  added up in one order.
"""

import importlib
import json
import os
import random
import re
import runpy
import sys
import threading

import numpy as np

_CHANGE = re.compile(r"Apply|^Assign(Add|Sub)?(VariableOp)?$|^Scatter|^ResourceScatter")
_VARIABLE = ("Variable", "VariableV2", "VarHandleOp")
_DRAW = re.compile(r"^(Stateless)?(Random|TruncatedNormal|Multinomial|ParameterizedTruncated)")
_MANY = 3  # names of random operations that are kept


class Enough(BaseException):
    """As many steps as were asked for: the program ends here."""


class Recorder:
    """What one run of a program leaves behind, in a folder of its own.

    ``initial`` is the folder of an earlier run, whose initial values are taken.
    """

    def __init__(self, folder, initial=None, steps=None, seed=0):
        self.folder, self.steps, self.seed = folder, steps, seed
        self.events, self.values, self.without_partner = [], [], []
        self.references = False  # whether a variable can change while it is read
        self._earlier = _Earlier(initial) if initial else None
        self._calls = {}  # graph and names -> what a call of them does
        self._inside = threading.local()
        self._lock = threading.RLock()

    def install(self):
        """Seeds everything, and puts the recorder between programs and sessions."""
        random.seed(self.seed)
        np.random.seed(self.seed)
        session = importlib.import_module("tensorflow.python.client.session")
        ops = importlib.import_module("tensorflow.python.framework.ops")
        _after(ops.Graph, "__init__", lambda graph, *_: setattr(graph, "seed", self.seed))
        _wrap(session.BaseSession, "__init__", _in_one_thread)
        _wrap(session.BaseSession, "_do_run", self._do_run)
        if hasattr(session.BaseSession, "_make_callable_from_options"):
            _wrap(session.BaseSession, "_make_callable_from_options", self._make_callable)

    def save(self):
        """Writes ``record.json`` and ``initial.npz``."""
        arrays = {"%d" % number: value for number, (_, value) in enumerate(self.values)}
        np.savez(os.path.join(self.folder, "initial.npz"), **arrays)
        left = self._earlier.left() if self._earlier else []
        record = {
            "events": self.events,
            "variables": [name for name, _ in self.values],
            "without_partner": self.without_partner,
            "left": left,
            "references": self.references,
            "versions": _versions(),
        }
        with open(os.path.join(self.folder, "record.json"), "w") as file:
            json.dump(record, file)

    # What stands in the place of methods of a session.

    def _do_run(self, original, session, handle, targets, fetches, feeds, *others):
        results = original(session, handle, targets, fetches, feeds, *others)
        ops = [getattr(each, "op", each) for each in list(fetches) + list(targets)]
        fed = [_tensor(each).name for each in feeds or ()]
        self._record(session, ops, fed, [each.name for each in fetches], results)
        return results

    def _make_callable(self, original, session, options, *others):
        function = original(session, options, *others)
        fetches = list(options.fetch)
        names = [name.split(":")[0] for name in fetches + list(options.target)]

        def call(*arguments, **keywords):
            results = function(*arguments, **keywords)
            ops = [session.graph.get_operation_by_name(name) for name in names]
            self._record(session, ops, list(options.feed), fetches, results)
            return results

        return call

    # What is recorded.

    def _record(self, session, ops, fed, names, results):
        if getattr(self._inside, "busy", False):
            return
        with self._lock:
            call = self._call_of(session.graph, ops, fed)
            if call.initialized:
                self._inside.busy = True
                try:
                    self._initialized(session, call.initialized)
                finally:
                    self._inside.busy = False
            self._add_event(call, names, results)

    def _call_of(self, graph, ops, fed):
        key = (id(graph), tuple(op.name for op in ops), tuple(sorted(fed)))
        if key not in self._calls:
            self._calls[key] = _Call(graph, ops, set(fed))
        return self._calls[key]

    def _add_event(self, call, names, results):
        scalars = [
            (name, float(value))
            for name, value in zip(names, results)
            if _is_float_scalar(value) and name.split(":")[0] not in call.states
        ]
        if not scalars:
            return
        kind = "step" if call.changes else "value"
        event = {"kind": kind, "values": [value for _, value in scalars], "random": call.draws}
        event["names"] = [name for name, _ in scalars]
        self.events.append(event)
        if self.steps and sum(each["kind"] == "step" for each in self.events) >= self.steps:
            raise Enough()

    def _initialized(self, session, assigns):
        """Initializers have run: their variables begin as those of the earlier run."""
        for assign in assigns:
            name = assign.inputs[0].op.name
            self.references |= assign.inputs[0].op.type != "VarHandleOp"
            value = np.asarray(session.run(_reading(assign.inputs[0])))
            if self._earlier:
                partner = self._earlier.partner(name, value, session.graph)
                if partner is None:
                    self.without_partner += [] if _is_plain(value) else [name]
                else:
                    session.run(assign, {assign.inputs[1]: partner})
                    value = partner
            self.values.append((name, value))


class _Call:
    """What a call of operations does: initializes, changes variables, draws random numbers."""

    def __init__(self, graph, ops, fed):
        every = _with_ancestors(ops, fed)
        self.graph = graph  # so that its id is not given to another
        assigns = [op for op in every if _CHANGE.search(op.type) and _variable_of(op) is not None]
        first = [op for op in assigns if _initializes(op)]
        # `variable.load` runs an initializer, too, and feeds it the program's own value.
        self.initialized = sorted((op for op in first if op.inputs[1].name not in fed), key=_number)
        self.changes = len(assigns) > len(first)
        # A rate that is read or set is no result.
        self.states = {op.name for op in ops if _is_state(op)}
        self.draws = sorted(op.name for op in every if _DRAW.match(op.type))[:_MANY]


class _Earlier:
    """The initial values of an earlier run."""

    def __init__(self, folder):
        with open(os.path.join(folder, "record.json")) as file:
            names = json.load(file)["variables"]
        with np.load(os.path.join(folder, "initial.npz")) as arrays:
            values = [arrays["%d" % number] for number in range(len(names))]
        self._free = list(zip(names, values))

    def partner(self, name, value, graph):
        """The value for a variable: that of the same name, else of the first of its shape that is
        not a name here."""
        alike = [pair for pair in self._free if _are_alike(pair[1], value)]
        same = [pair for pair in alike if pair[0] == name]
        others = [pair for pair in alike if not _has(graph, pair[0])]
        for found in (same or others)[:1]:
            self._free = [pair for pair in self._free if pair is not found]
            return found[1]
        return None

    def left(self):
        """The names of those that were not taken, but for those that begin as constants."""
        return [name for name, value in self._free if not _is_plain(value)]


def _wrap(cls, name, function):
    """Lets ``function(original, self, ...)`` stand in the place of a method."""
    original = getattr(cls, name)

    def method(self, *arguments, **keywords):
        return function(original, self, *arguments, **keywords)

    setattr(cls, name, method)


def _after(cls, name, action):
    def method(original, self, *arguments, **keywords):
        result = original(self, *arguments, **keywords)
        action(self)
        return result

    _wrap(cls, name, method)


def _in_one_thread(original, session, target="", graph=None, config=None):
    proto = importlib.import_module("tensorflow.core.protobuf.config_pb2").ConfigProto()
    proto.intra_op_parallelism_threads = proto.inter_op_parallelism_threads = 1
    if config is not None:
        proto.MergeFrom(config)
    original(session, target, graph, proto)


def _tensor(key):
    """A tensor that is a key of feeds: TensorFlow 2 refers to it."""
    return key.deref() if hasattr(key, "deref") else key


def _with_ancestors(ops, fed):
    """The operations, and all that they wait for, as far as it is not fed."""
    found, waiting = set(ops), list(ops)
    while waiting:
        op = waiting.pop()
        before = [each.op for each in op.inputs if each.name not in fed] + list(op.control_inputs)
        waiting += set(before) - found
        found.update(before)
    return found


def _variable_of(op):
    first = op.inputs[0].op if len(op.inputs) else None
    return first if first is not None and first.type in _VARIABLE else None


def _initializes(op):
    return op.name == op.inputs[0].op.name + "/Assign"


def _is_state(op):
    if op.type in ("Identity", "ReadVariableOp"):
        op = op.inputs[0].op
    return op.type in _VARIABLE or bool(_CHANGE.search(op.type))


def _number(op):
    return op._id


def _reading(tensor):
    """What gives a variable's value: of a resource, the operation that reads it."""
    if tensor.op.type != "VarHandleOp":
        return tensor
    return next(each for each in tensor.consumers() if each.type == "ReadVariableOp").outputs[0]


def _is_float_scalar(value):
    return np.ndim(value) == 0 and np.issubdtype(getattr(value, "dtype", type(value)), np.floating)


def _is_plain(value):
    """Whether all of a variable begins with one value: it needs no partner."""
    return value.size == 0 or value.dtype.kind in "SUO" or bool((value == value.flat[0]).all())


def _are_alike(one, other):
    return one.shape == other.shape and one.dtype == other.dtype


def _has(graph, name):
    try:
        return graph.get_operation_by_name(name) is not None
    except KeyError:
        return False


def _versions():
    found = {"Python": sys.version.split()[0]}
    # Today's TensorFlow loads Keras 3, which then has no part in it.
    ours = "tfkeras_compat" in sys.modules
    for library in ("tensorflow", "tfkeras_compat" if ours else "keras"):
        if library in sys.modules:
            found[library] = getattr(sys.modules[library], "__version__", "?")
    return found


def recorded(recorder, execute):
    """Runs ``execute()`` under a recorder; returns its exit status."""
    recorder.install()
    try:
        return execute()
    except Enough:
        return 0
    finally:
        recorder.save()


def main(told):
    """Runs the program that ``told`` describes as Python would."""
    script = told["script"]
    sys.argv = [script] + told["arguments"]
    sys.path[0] = os.path.dirname(os.path.abspath(script))
    recorder = Recorder(told["folder"], told.get("initial"), told.get("steps"), told["seed"])
    recorded(recorder, lambda: runpy.run_path(script, run_name="__main__") and 0)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
