"""What we remember about a graph hangs on the graph object itself, and is collected with it.

A dictionary keyed weakly by graph would leak: its values hold tensors, and these hold the graph.
"""

import collections
import threading
from typing import Any, Dict

from tfkeras_compat import _tf

_ATTRIBUTE = "_tfkeras_compat"
_creation_lock = threading.Lock()


class GraphState:
    """Names given out, learning phase and session of one graph."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.deferred: Any = None  # a list from the first part on, see state/deferred.py
        self.reset()

    def reset(self) -> None:
        self.uids: Dict[str, int] = collections.defaultdict(int)
        self.phase: Any = None  # the placeholder, or the int that set_learning_phase fixed
        self.registered: Any = None  # the session of K.set_session
        self.recent: Any = None  # the session last used for this graph, registered or not


def current() -> Any:
    """The graph that a new tensor would belong to."""
    _tf.use_graph_mode()
    return _tf.default_graph()


def state_of(graph: Any = None) -> GraphState:
    """The :class:`GraphState` of ``graph`` (the default graph if not given)."""
    graph = current() if graph is None else graph
    state = getattr(graph, _ATTRIBUTE, None)
    if state is None:
        with _creation_lock:
            state = getattr(graph, _ATTRIBUTE, None) or GraphState()
            setattr(graph, _ATTRIBUTE, state)
    return state


class at_root:
    """A context for operations that belong to the whole graph: no name scope, device, control
    dependency or loop.

    >>> from tfkeras_compat._tf import tf
    >>> graph = tf.Graph()
    >>> with graph.as_default(), tf.name_scope("inner"), at_root(graph):
    ...     print(tf.constant(1, name="one").name)
    one:0
    """

    def __init__(self, graph: Any) -> None:
        tf = _tf.tf
        self._contexts = [
            graph.as_default,
            lambda: tf.name_scope(None),
            lambda: graph.device(None),
            lambda: tf.control_dependencies(None),
        ]

    def __enter__(self) -> Any:
        self._entered = []
        for make in self._contexts:
            context = make()
            context.__enter__()
            self._entered.append(context)

    def __exit__(self, *exception: Any) -> None:
        for context in reversed(self._entered):
            context.__exit__(*exception)
