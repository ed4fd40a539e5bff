"""What is remembered about a graph hangs on the graph."""

import gc
import threading
import weakref

from tfkeras_compat._tf import tf
from tfkeras_compat.state.graph import at_root, current, state_of


def test_each_graph_has_a_state_of_its_own_and_keeps_it():
    other = tf.Graph()
    assert state_of() is state_of()
    assert state_of(other) is not state_of()
    with other.as_default():
        assert state_of() is state_of(other)


def test_threads_get_one_and_the_same_state():
    graph = tf.Graph()
    found = []
    threads = [threading.Thread(target=lambda: found.append(state_of(graph))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(state) for state in found}) == 1


def test_a_graph_that_is_dropped_is_collected_with_its_state():
    graph = tf.Graph()
    with graph.as_default():
        state_of().phase = tf.constant(1)
        state_of().recent = tf.Session(graph=graph)
    watched = weakref.ref(graph)
    del graph
    gc.collect()
    assert watched() is None


def test_the_state_inside_a_function_is_that_of_the_graph_around_it():
    found = []

    def body(x):
        found.append(current())
        return x

    tf.data.Dataset.range(1).map(body)
    assert found == [tf.get_default_graph()]


def test_at_the_root_no_scope_device_or_dependency_holds():
    graph = tf.get_default_graph()
    blocker = tf.placeholder("float32", name="blocker")
    with tf.name_scope("scope"), tf.device("/cpu:1"), tf.control_dependencies([blocker]):
        with at_root(graph):
            x = tf.constant(1.0, name="x")
        y = tf.constant(1.0, name="y")
    assert (x.name, x.device, x.op.control_inputs) == ("x:0", "", [])
    assert y.name == "scope/y:0"
    assert list(y.op.control_inputs) == [blocker.op]


def test_at_the_root_a_loop_does_not_hold():
    made = []

    def body(i):
        with at_root(tf.get_default_graph()):
            made.append(tf.constant(2.0))
        return i + 1

    tf.while_loop(lambda i: i < 3, body, [tf.constant(0)])
    with tf.Session() as session:
        assert session.run(made[0]) == 2.0


def test_at_the_root_of_another_graph_operations_belong_to_that():
    other = tf.Graph()
    with at_root(other):
        assert tf.constant(1).graph is other
    assert tf.constant(1).graph is not other
