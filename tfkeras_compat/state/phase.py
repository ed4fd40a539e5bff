"""The learning phase: one boolean tensor per graph, 0 for testing and 1 for training, or a fixed
number."""

from typing import Any

from tfkeras_compat._tf import tf
from tfkeras_compat.state import ledger
from tfkeras_compat.state.generation import trait
from tfkeras_compat.state.graph import at_root, current, state_of

NAME = "keras_learning_phase"


def learning_phase() -> Any:
    """The learning phase of the current graph.

    Returns a boolean tensor ``keras_learning_phase:0`` of shape ``()`` that is False unless fed
    (ints 0 and 1 may be fed as well; in Keras 1 it has to be), or the int that
    :func:`set_learning_phase` fixed for this graph.
    """
    state = state_of()
    if state.phase is None:
        with state.lock, at_root(current()):
            if state.phase is None:
                state.phase = _new_placeholder()
    if not is_fixed():
        ledger.note_learning_phase()
    return state.phase


def _new_placeholder() -> Any:
    if trait("phase_is_fed"):
        return tf.placeholder(tf.bool, shape=(), name=NAME)
    return tf.placeholder_with_default(False, shape=(), name=NAME)


def set_learning_phase(value: Any) -> None:
    """Fixes the learning phase of the current graph: layers built from now on have no phase left to
    feed.

    Raises ValueError unless ``value`` is 0 or 1.
    """
    if value not in (0, 1):
        raise ValueError("Expected learning phase to be 0 or 1, found %r." % (value,))
    state_of().phase = int(value)


def is_fixed() -> bool:
    """Whether the phase of the current graph was fixed by :func:`set_learning_phase`."""
    return isinstance(state_of().phase, int)


def placeholder() -> Any:
    """The phase tensor of the current graph without counting as a use of it, or ``None`` if it was
    never asked for."""
    phase = state_of().phase
    return None if isinstance(phase, int) else phase
