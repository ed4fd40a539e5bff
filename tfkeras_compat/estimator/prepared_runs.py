"""Running the same fetches again and again through prepared calls.

``Session.run`` spends more time on understanding its arguments than a small training step takes. A
monitored session gives its hooks' requests to ``run`` of the session it was made with, so that this
is the one place to be faster: hooks, recovery and coordination stay TensorFlow's own.
"""

import functools
from typing import Any, List

from tfkeras_compat import _tf
from tfkeras_compat.backend.function import PreparedCall

# Fetches beyond so many kinds are not worth remembering: somebody makes new ones all the time.
_MOST_KINDS = 64


def prepare_runs(session):
    """Lets ``session.run`` without feeds and options use a prepared call from the second time on
    that it is asked for the same fetches. Returns the session."""
    if _tf.can_make_callable(session):
        session.run = _Runner(session)
    return session


class _Runner:
    """Stands for ``session.run``."""

    def __init__(self, session):
        self._session = session
        self._plain_run = session.run
        self._kinds = {}

    def __call__(self, fetches, feed_dict=None, options=None, run_metadata=None):
        if feed_dict or (options is not None and options.ByteSize()):
            return self._plain_run(fetches, feed_dict, options, run_metadata)
        leaves: List[Any] = []
        signature = _signature(fetches, leaves)
        call = self._kinds.get(signature)
        if call is None:
            self._kinds[signature] = self._next(fetches, leaves, signature)
            return self._plain_run(fetches, feed_dict, options, run_metadata)
        return call(fetches)

    def _next(self, fetches, leaves, signature):
        """What the next request of this kind is answered with; the first may be the only one."""
        if signature not in self._kinds:
            if len(self._kinds) >= _MOST_KINDS:
                self._kinds.clear()
            return None
        try:
            return _PreparedRun(self._session, leaves)
        except _NotPlain:
            return self._plain_run


class _NotPlain(Exception):
    """A fetch is neither tensor nor operation, or there is none."""


class _PreparedRun:
    """A prepared call for nested lists, tuples and dictionaries of these tensors and operations."""

    def __init__(self, session, leaves):
        elements = [_element(session.graph, leaf) for leaf in leaves]
        if not elements:
            raise _NotPlain
        tensors = {each.name: each for each in elements if isinstance(each, _tf.Tensor)}
        targets = {each.name: each for each in elements if isinstance(each, _tf.Operation)}
        place = {name: index for index, name in enumerate(tensors)}
        self._places = [place.get(each.name) for each in elements]
        self._leaves = leaves  # kept, so that no other object gets one of their ids
        arguments = (session, (), list(tensors.values()), list(targets.values()))
        self._call = PreparedCall(functools.partial(_tf.make_callable, *arguments))

    def __call__(self, fetches):
        values = self._call()
        results = iter([None if place is None else values[place] for place in self._places])
        return _like(fetches, results)


def _element(graph, leaf):
    try:
        return graph.as_graph_element(leaf, allow_tensor=True, allow_operation=True)
    except (TypeError, ValueError, KeyError) as error:
        raise _NotPlain from error


def _signature(value, leaves):
    """A hashable stand-in for the structure of ``value``, whose leaves are added to the list."""
    kind = type(value)
    if kind is dict:
        return tuple(value) + tuple(_signature(each, leaves) for each in value.values())
    if kind is list or kind is tuple:
        return (kind,) + tuple(_signature(each, leaves) for each in value)
    leaves.append(value)
    return id(value)


def _like(value, results):
    """The results in the structure of ``value``."""
    kind = type(value)
    if kind is dict:
        return {key: _like(each, results) for key, each in value.items()}
    if kind is list or kind is tuple:
        return kind(_like(each, results) for each in value)
    return next(results)
