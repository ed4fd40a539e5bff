"""Parts of a graph that are made when somebody first asks for any of them.

A call of batch normalization brings four variables and fifty operations for its moving averages,
which a program that only predicts never runs: half of the time that a large network takes to build.
Whoever looks finds all of it, in its place: to read a collection of the graph, or to finalize it,
completes it.
"""

import functools
from typing import Any, Callable, Dict, List

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.state import session
from tfkeras_compat.state.graph import at_root, current, state_of


class Deferred:
    """What ``make`` will give, made under the name scope of now when :meth:`made` is called.

    All that was deferred in a graph is made together. Where name scopes are not all that surrounds
    the place (a device, a loop, a strategy), nothing is deferred.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self.graph = current()
        self._make: Any = make
        self._scope = self.graph.get_name_scope()
        self._entries: Dict[str, Any] = {}  # collection -> what of the result belongs in it
        if _tf.has_only_name_scopes():
            _defer(self)
        else:
            self._result, self._make = make(), None

    @property
    def is_made(self) -> bool:
        return self._make is None

    def made(self) -> Any:
        """The result."""
        if not self.is_made:
            _complete(self.graph)
        return self._result

    def make_now(self) -> None:
        """Makes this part alone."""
        with at_root(self.graph), tf.name_scope(self._scope + "/" if self._scope else None):
            self._result, self._make = self._make(), None

    def enter(self, collection: str, elements_of: Callable[[Any], List[Any]]) -> None:
        """Puts what ``elements_of`` takes from the result into a collection of the graph; till it
        is made, this object stands there for it."""
        if self.is_made:
            for element in elements_of(self._result):
                self.graph.add_to_collection(collection, element)
        elif collection not in self._entries:
            self._entries[collection] = elements_of
            self.graph.add_to_collection(collection, self)

    def leave(self, collection: str) -> None:
        """Takes this object, which is not made yet, out of a collection again."""
        if self._entries.pop(collection, None) is not None:
            elements = _tf.collection(self.graph, collection)
            elements[:] = [other for other in elements if other is not self]

    def elements(self, collection: str) -> List[Any]:
        """What belongs into a collection."""
        return self._entries[collection](self._result)


_COLLECTIONS = (tf.GraphKeys.GLOBAL_VARIABLES, tf.GraphKeys.UPDATE_OPS)


def _defer(part: Deferred) -> None:
    state = state_of(part.graph)
    if state.deferred is None:
        state.deferred = []
        _tf.call_before(part.graph, "finalize", functools.partial(_complete, part.graph))
        for method in ("get_collection", "get_collection_ref"):
            _tf.call_before(part.graph, method, functools.partial(_before_reading, part.graph))
    state.deferred.append(part)


def _before_reading(graph: Any, name: str, scope: Any = None) -> None:
    if name in _COLLECTIONS:
        _complete(graph)


def _complete(graph: Any) -> None:
    # Another thread may be at it. The lock is ours: who makes operations while holding one of
    # TensorFlow's may wait for ever.
    with state_of(graph).lock:
        if state_of(graph).deferred:
            session.initialize_late(graph, _made_of_all(graph))


def _made_of_all(graph: Any) -> List[Any]:
    """Makes all parts, and enters them in their places; the variables among what was made."""
    parts, state_of(graph).deferred = state_of(graph).deferred, []
    try:
        for part in parts:
            part.make_now()
    finally:  # an error in one does not lose the others
        state_of(graph).deferred += [part for part in parts if not part.is_made]
        for collection in _COLLECTIONS:
            elements = _tf.collection(graph, collection)
            elements[:] = [each for other in elements for each in _in_place_of(other, collection)]
    return [x for part in parts for x in part.elements(tf.GraphKeys.GLOBAL_VARIABLES)]


def _in_place_of(element: Any, collection: str) -> List[Any]:
    if isinstance(element, Deferred) and element.is_made:
        return element.elements(collection)
    return [element]
