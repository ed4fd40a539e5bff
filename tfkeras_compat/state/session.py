"""Sessions: which one belongs to a graph, and what is initialized in it."""

import os
from typing import Any, Dict, List

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import SessionError
from tfkeras_compat.state.graph import at_root, current, state_of
from tfkeras_compat.state.naming import reset_uids

_INITIALIZED = "_tfkeras_compat_initialized"
_NEW = "_tfkeras_compat_new"
_manual_initialization = [False]

# Whether TensorFlow has run in this process, and whether it had in the one this was forked from.
_has_run, _is_forked = [False], [False]


def _after_fork() -> None:
    _is_forked[0] = _has_run[0]


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def manual_variable_initialization(value: Any) -> None:
    """Turns the automatic initialization of variables off (``True``) or on again (``False``)."""
    _manual_initialization[0] = bool(value)


def set_session(session: Any) -> None:
    """Registers ``session`` for its graph. Each graph has its own."""
    _tf.use_graph_mode()
    state = state_of(session.graph)
    state.registered = state.recent = session


def get_session(graph: Any = None, about_to_set: Any = ()) -> Any:
    """The session for ``graph``, with every variable that was not yet initialized now initialized.

    Left out are those that the caller is ``about_to_set``; see :func:`mark_initialized`.

    In order: the default session; the one registered with :func:`set_session`; the one used last; a
    new one. With ``graph`` given, a default session of another graph is passed over.

    Raises:
        SessionError: the registered session was closed, or the process was forked from one in which
            TensorFlow had run.
    """
    _check_threads()
    session = _find(graph)
    is_new = vars(session).pop(_NEW, False)
    if not _manual_initialization[0]:
        initialize(session, about_to_set, is_new)
    return session


def _check_threads() -> None:
    if _is_forked[0]:
        raise SessionError(
            "This process was forked from one in which TensorFlow had run. The threads of "
            "TensorFlow stayed there, and it would wait for them for ever. Fork before the first "
            "model is used, or start processes afresh: multiprocessing.get_context('spawn')."
        )
    _has_run[0] = True


def _find(graph: Any) -> Any:
    default = tf.get_default_session()
    if default is not None and (graph is None or default.graph is graph):
        state_of(default.graph).recent = default
        return default
    graph = current() if graph is None else graph
    state = state_of(graph)
    with state.lock:
        if state.registered is not None and _tf.session_is_closed(state.registered):
            raise SessionError(
                "The session registered with K.set_session for this graph is closed, and the "
                "variables it "
                "held are gone. Register another one with K.set_session(tf.Session()), or keep it "
                "open."
            )
        if state.recent is None or _tf.session_is_closed(state.recent):
            state.recent = state.registered or _new_session(graph)
        return state.recent


def _new_session(graph: Any) -> Any:
    session = tf.Session(graph=graph, config=_configuration())
    setattr(session, _NEW, True)
    return session


def _configuration() -> Any:
    threads = int(os.environ.get("OMP_NUM_THREADS", 0))
    return tf.ConfigProto(
        intra_op_parallelism_threads=threads,
        inter_op_parallelism_threads=threads,
        allow_soft_placement=True,
    )


def clear_session() -> None:
    """Drops the current graph with its session, names and learning phase, and starts with a new
    one.

    Inside ``with graph.as_default()`` the graph stays (TensorFlow does not let it go) and only our
    state of it is reset.
    """
    reset_uids()
    state_of().reset()
    try:
        tf.reset_default_graph()
    except (AssertionError, RuntimeError):
        pass  # a nested default graph: reset above


def initialize(session: Any, left_out: Any = (), is_new: bool = False) -> None:
    """Initializes the variables of the session's graph that are not, but for those ``left_out``.

    All variables count: weights, raw ``tf.Variable``s, slots of optimizers. Unless it ``is_new``,
    the session, also a remote one, is asked, so that a value that somebody loaded or assigned is
    never lost.
    """
    variables = _tf.collection(session.graph, tf.GraphKeys.GLOBAL_VARIABLES)
    known = _known(session)
    if len(known) == len(variables) and (not variables or id(variables[-1]) in known):
        return
    with state_of(session.graph).lock:
        passed_over = {id(variable) for variable in left_out}.union(known)
        unknown = [variable for variable in variables if id(variable) not in passed_over]
        candidates = [x for x in unknown if _tf.is_variable(x)]
        missing = candidates if is_new else _uninitialized(session, candidates)
        if missing:
            session.run([variable.initializer for variable in missing])
        known.update((id(variable), variable) for variable in unknown)
        _forget_others(known, variables)


def _forget_others(known: Dict[int, Any], variables: List[Any]) -> None:
    """Leaves out of what is known what has left the graph's variables: what stood there for
    variables that were deferred has."""
    gone = set(known).difference(id(variable) for variable in variables)
    for each in gone:
        del known[each]


def initialize_late(graph: Any, variables: Any) -> None:
    """Initializes variables that were deferred, in the session that those before them were
    initialized in."""
    session = state_of(graph).recent
    if not variables or session is None or _manual_initialization[0]:
        return
    if not _tf.session_is_closed(session):
        session.run([variable.initializer for variable in variables])
        mark_initialized(session, variables)


def mark_initialized(session: Any, variables: Any) -> None:
    """Notes that somebody has set the values of ``variables`` in ``session``."""
    known = _known(session)
    new = {id(variable): variable for variable in variables if id(variable) not in known}
    if new:
        everywhere = _tf.collection(session.graph, tf.GraphKeys.GLOBAL_VARIABLES)
        with state_of(session.graph).lock:
            known.update((id(each), each) for each in everywhere if id(each) in new)


def _known(session: Any) -> Dict[int, Any]:
    # The variables are held so that no id is given out again; the session dies with the graph that
    # holds them anyway.
    if not hasattr(session, _INITIALIZED):
        setattr(session, _INITIALIZED, {})
    return getattr(session, _INITIALIZED)


def _uninitialized(session: Any, variables: Any) -> List[Any]:
    if not variables:
        return []
    if _tf.is_finalized(session.graph):
        return [variable for variable in variables if not _can_be_read(session, variable)]
    with at_root(session.graph):
        questions = [_tf.is_initialized_op(variable) for variable in variables]
    return [variable for variable, answer in zip(variables, session.run(questions)) if not answer]


def _can_be_read(session: Any, variable: Any) -> bool:
    # Nothing can be added to a finalized graph, so the question is put by reading.
    try:
        session.run(variable)
    except tf.errors.FailedPreconditionError:
        return False
    return True
