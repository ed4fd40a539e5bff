"""Sessions: which one belongs to a graph, and that nothing is initialized twice."""

import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import SessionError
from tfkeras_compat.state import session as sessions


@pytest.fixture
def manual():
    """Turns the automatic initialization off for one test."""
    K.manual_variable_initialization(True)
    yield
    K.manual_variable_initialization(False)


# ---- which session ------------------------------------------------------------------------------


def test_the_default_session_comes_first():
    K.set_session(tf.Session())
    with tf.Session() as session:
        assert K.get_session() is session


def test_the_registered_session_comes_next():
    session = tf.Session()
    K.set_session(session)
    assert K.get_session() is session


def test_otherwise_one_is_made_and_kept():
    session = K.get_session()
    assert session.graph is tf.get_default_graph()
    assert K.get_session() is session


def test_a_made_session_places_softly_and_takes_its_threads_from_the_environment(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    config = K.get_session()._config
    assert config.allow_soft_placement
    assert config.intra_op_parallelism_threads == 3


def test_each_graph_has_a_registered_session_of_its_own():
    mine = tf.Session()
    K.set_session(mine)
    with tf.Graph().as_default() as other:
        theirs = tf.Session()
        K.set_session(theirs)
        assert K.get_session() is theirs
    assert K.get_session() is mine
    assert sessions.get_session(other) is theirs


def test_a_session_is_registered_for_its_own_graph_whatever_graph_is_the_default():
    other = tf.Graph()
    session = tf.Session(graph=other)
    K.set_session(session)
    assert K.get_session() is not session
    assert sessions.get_session(other) is session


def test_asked_for_a_graph_a_default_session_of_another_is_passed_over():
    other = tf.Graph()
    with tf.Session() as session:
        assert sessions.get_session(other).graph is other
        assert sessions.get_session() is session


def test_the_session_that_was_the_default_is_used_again_afterwards():
    x = K.variable(1.0)
    session = tf.Session()
    with session.as_default():
        K.set_value(x, 5.0)
    assert K.get_session() is session
    assert K.get_value(x) == 5.0


def test_a_registered_session_that_was_closed_is_told():
    session = tf.Session()
    K.set_session(session)
    session.close()
    with pytest.raises(SessionError, match="set_session.*closed"):
        K.get_session()


def test_a_made_session_that_was_closed_is_replaced():
    x = K.variable(1.0)
    session = K.get_session()
    session.close()
    assert K.get_session() is not session
    assert K.get_value(x) == 1.0


def test_another_session_may_be_registered():
    x = K.variable(1.0)
    K.set_session(tf.Session())
    K.set_value(x, 5.0)
    second = tf.Session()
    K.set_session(second)
    assert K.get_session() is second
    assert K.get_value(x) == 1.0


def test_clearing_gives_a_new_graph_with_a_new_session():
    session, graph = K.get_session(), tf.get_default_graph()
    K.set_learning_phase(1)
    K.clear_session()
    assert tf.get_default_graph() is not graph
    assert K.get_session() is not session
    assert K.learning_phase().name == "keras_learning_phase:0"


def test_clearing_inside_a_graph_scope_keeps_the_graph():
    with tf.Graph().as_default() as graph:
        session = K.get_session()
        K.clear_session()
        assert tf.get_default_graph() is graph
        assert K.get_session() is not session


# ---- what is initialized ------------------------------------------------------------------------


def test_variables_made_before_and_after_the_session_are_initialized():
    before = K.variable(1.0)
    session = K.get_session()
    after = K.variable(2.0)
    assert K.get_session() is session
    assert session.run([before, after]) == [1.0, 2.0]


def test_raw_variables_of_either_kind_are_initialized_too():
    reference = tf.Variable(1.0, use_resource=False)
    resource = tf.get_variable("resource", initializer=2.0, use_resource=True)
    assert K.get_session().run([reference, resource.read_value()]) == [1.0, 2.0]


def test_slots_of_optimizers_are_initialized_too():
    w = tf.Variable([1.0, 2.0])
    optimizer = tf.train.AdamOptimizer(0.1)
    step = optimizer.minimize(tf.reduce_sum(w * w))
    session = K.get_session()
    session.run(step)
    assert np.all(session.run(optimizer.get_slot(w, "m")) != 0)


def test_a_value_that_the_user_loaded_is_kept():
    x = K.variable(1.0)
    raw = tf.Variable(1.0)
    session = tf.Session()
    K.set_session(session)
    session.run([tf.assign(x, 7.0), tf.assign(raw, 8.0)])
    assert K.get_session().run([x, raw]) == [7.0, 8.0]


def test_a_value_stays_when_more_variables_come():
    x = K.variable(1.0)
    K.set_value(x, 7.0)
    K.variable(2.0)
    assert K.get_value(x) == 7.0


def test_a_restored_checkpoint_is_kept(tmp_path):
    x = tf.Variable(1.0, name="x")
    saver = tf.train.Saver()
    session = tf.Session()
    session.run(tf.assign(x, 5.0))
    saver.save(session, str(tmp_path / "raw.ckpt"))
    restored = tf.Session()
    K.set_session(restored)
    saver.restore(restored, str(tmp_path / "raw.ckpt"))
    assert K.get_session().run(x) == 5.0


def test_a_second_session_is_initialized_as_well():
    x = K.variable(1.0)
    K.set_session(tf.Session())
    K.set_value(x, 5.0)
    with tf.Session() as second:
        assert K.get_session() is second
        assert K.get_value(x) == 1.0


def test_a_variable_initialized_from_another_one_works():
    first = tf.Variable(3.0)
    second = tf.Variable(first.initialized_value() * 2)
    assert K.get_session().run([first, second]) == [3.0, 6.0]


def test_a_remote_session_is_asked_and_initialized():
    server = tf.train.Server.create_local_server()
    x = K.variable(1.0, name="x")
    y = K.variable(2.0, name="y")
    with tf.Session(server.target) as other:
        other.run(tf.assign(x, 7.0))
    session = tf.Session(server.target)
    K.set_session(session)
    assert K.get_session() is session
    assert session.run([x, y]) == [7.0, 2.0]
    session.close()


def test_in_a_finalized_graph_variables_are_initialized_without_new_operations():
    x = K.variable(1.0)
    y = K.variable(2.0)
    session = tf.Session()
    session.run(tf.assign(x, 7.0))
    K.set_session(session)
    tf.get_default_graph().finalize()
    assert K.get_session().run([x, y]) == [7.0, 2.0]


def test_a_monitored_session_can_be_registered():
    x = K.variable(1.0)
    raw = tf.Variable(2.0)
    predict = K.function([], [x * 2])
    with tf.train.MonitoredTrainingSession() as monitored:
        K.set_session(monitored)
        assert K.get_session() is monitored
        assert K.batch_get_value([x, raw]) == [1.0, 2.0]
        assert predict([]) == [2.0]


def test_the_automatic_initialization_can_be_turned_off(manual):
    x = K.variable(1.0)
    session = K.get_session()
    with pytest.raises(tf.errors.FailedPreconditionError):
        session.run(x)
    session.run(tf.global_variables_initializer())
    assert K.get_value(x) == 1.0


def test_asking_again_for_the_session_adds_nothing_to_the_graph():
    K.variable(1.0)
    K.get_session()
    count = len(tf.get_default_graph().get_operations())
    for _ in range(5):
        K.get_session()
    assert len(tf.get_default_graph().get_operations()) == count


def test_variables_under_control_dependencies_and_scopes_are_initialized():
    blocker = tf.placeholder("float32")
    with tf.name_scope("tower"), tf.control_dependencies([blocker]):
        x = K.variable(1.0)
    assert K.get_value(x) == 1.0


def test_threads_that_ask_at_once_get_one_session_with_everything_initialized():
    x = K.variable(np.arange(4.0))
    graph = tf.get_default_graph()
    found = []

    def ask():
        session = sessions.get_session(graph)
        found.append((session, session.run(x).tolist()))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(session) for session, _ in found}) == 1
    assert [values for _, values in found] == [[0.0, 1.0, 2.0, 3.0]] * 8


def test_a_variable_taken_out_of_the_collection_is_replaced_by_another_and_that_initialized():
    K.variable(1.0)
    K.get_session()
    tf.get_default_graph().get_collection_ref(tf.GraphKeys.GLOBAL_VARIABLES).pop()
    x = K.variable(2.0)
    assert K.get_session().run(x) == 2.0


def test_asking_for_a_session_before_anything_else_turns_graph_mode_on():
    script = (
        "from tfkeras_compat import backend as K\n"
        "K.get_session()\n"
        "print(K.get_value(K.variable(3.0)))"
    )
    environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3")
    output = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    assert output.decode().split()[-1] == "3.0"
