"""``K.function``: a piece of the graph as one prepared call."""

import threading
import time

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.backend.function import PreparedCall
from tfkeras_compat.errors import GraphError, ShapeError


@pytest.fixture
def x():
    return K.placeholder((None, 2), name="x")


def test_outputs_are_returned_in_order_as_a_list(x):
    total, double = K.function([x], [K.sum(x), 2 * x])([[[1.0, 2.0]]])
    assert (total, double.tolist()) == (3.0, [[2.0, 4.0]])


def test_inputs_may_be_lists_arrays_of_other_types_and_tuples(x):
    f = K.function([x], [K.sum(x)])
    for value in ([[1, 2]], np.array([[1, 2]], "int64"), np.array([[1, 2]], "float64"), ((1, 2),)):
        assert f((value,)) == [3.0]


def test_the_same_function_takes_batches_of_different_sizes(x):
    f = K.function([x], [K.sum(x)])
    assert [f([np.ones((size, 2))])[0] for size in (1, 3, 0)] == [2.0, 6.0, 0.0]


def test_the_learning_phase_may_be_among_the_inputs(x):
    chosen = K.in_train_phase(x, -x)
    f = K.function([x, K.learning_phase()], [chosen])
    assert f([[[1.0, 2.0]], 1])[0].tolist() == [[1.0, 2.0]]
    assert f([[[1.0, 2.0]], 0])[0].tolist() == [[-1.0, -2.0]]
    assert f([[[1.0, 2.0]], True])[0].tolist() == [[1.0, 2.0]]


def test_a_learning_phase_that_was_fixed_is_passed_over_among_the_inputs(x):
    K.set_learning_phase(1)
    f = K.function([x, K.learning_phase()], [K.in_train_phase(x, -x)])
    assert f([[[1.0, 2.0]], 0])[0].tolist() == [[1.0, 2.0]]


def test_updates_may_be_updates_pairs_or_operations():
    a, b, c = (K.variable(0.0) for _ in range(3))
    f = K.function([], [], updates=[K.update_add(a, 1.0), (b, b + 2.0), tf.assign_add(c, 3.0).op])
    assert f([]) == []
    assert K.batch_get_value([a, b, c]) == [1.0, 2.0, 3.0]


def test_a_function_without_outputs_runs_its_updates(x):
    total = K.variable(0.0)
    f = K.function([x], [], [K.update_add(total, K.sum(x))])
    assert f([[[1.0, 2.0]]]) == []
    assert f([[[1.0, 2.0]]]) == []
    assert K.get_value(total) == 6.0


def test_outputs_are_computed_before_pairs_are_assigned():
    counter = K.variable(0.0)
    f = K.function([], [counter * 1.0], updates=[(counter, counter + 1.0)])
    assert [f([])[0] for _ in range(3)] == [0.0, 1.0, 2.0]


def test_a_variable_may_be_an_output():
    counter = K.variable(5.0)
    assert K.function([], [counter])([]) == [5.0]


def test_an_input_may_be_an_output(x):
    assert K.function([x], [x])([[[1.0, 2.0]]])[0].tolist() == [[1.0, 2.0]]


def test_any_tensor_may_be_fed_not_only_a_placeholder(x):
    middle = x + 1.0
    f = K.function([middle], [middle * 2.0])
    assert f([[[1.0, 2.0]]])[0].tolist() == [[2.0, 4.0]]


def test_a_tensor_may_be_given_as_a_value(x):
    f = K.function([x], [x * 2.0])
    assert f([tf.constant([[1.0, 2.0]])])[0].tolist() == [[2.0, 4.0]]
    assert f([tf.constant([[5.0, 6.0]])])[0].tolist() == [[10.0, 12.0]]
    assert f([[[1.0, 2.0]]])[0].tolist() == [[2.0, 4.0]]


def test_sparse_tensors_are_fed_as_values_and_as_scipy_matrices():
    x = K.placeholder((2, 2), sparse=True)
    f = K.function([x], [K.to_dense(x)])
    value = tf.SparseTensorValue([[0, 1]], [5.0], [2, 2])
    assert f([value])[0].tolist() == [[0.0, 5.0], [0.0, 0.0]]
    sparse = pytest.importorskip("scipy.sparse")
    assert f([sparse.csr_matrix([[1.0, 0.0], [0.0, 2.0]])])[0].tolist() == [[1.0, 0.0], [0.0, 2.0]]


def test_a_sparse_tensor_may_be_an_output(x):
    sparse = tf.SparseTensor([[0, 1]], [5.0], [1, 2])
    value, total = K.function([x], [sparse, K.sum(x)])([[[1.0, 2.0]]])
    assert (value.values.tolist(), total) == ([5.0], 3.0)


def test_values_fed_in_every_call_and_further_fetches():
    x, y = K.placeholder(()), K.placeholder(())
    counter = K.variable(0.0)
    f = K.function([x], [x * y], feed_dict={y: 10.0}, fetches=[tf.assign_add(counter, 1.0)])
    assert f([2.0]) == [20.0]
    assert K.get_value(counter) == 1.0


def test_run_options_and_metadata_are_passed_on(x):
    metadata = tf.RunMetadata()
    options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
    f = K.function([x], [K.sum(x)], options=options, run_metadata=metadata)
    assert f([[[1.0, 2.0]]]) == [3.0]
    assert metadata.step_stats.dev_stats


def test_a_value_of_another_shape_is_told_with_expected_and_found(x):
    f = K.function([x], [K.sum(x)])
    with pytest.raises(ShapeError, match=r"x:0 has shape \(None, 2\).*\(1, 3\)"):
        f([[[1.0, 2.0, 3.0]]])


def test_another_number_of_values_is_told(x):
    with pytest.raises(ValueError, match="takes 1 inputs, but was called with 2"):
        K.function([x], [x * 2.0])([1, 2])


@pytest.mark.parametrize("arguments", [(1, []), ([], 1), ([], [], 1)])
def test_inputs_outputs_and_updates_are_lists(arguments):
    with pytest.raises(TypeError, match="should be a list or tuple"):
        K.function(*arguments)


def test_the_values_are_given_as_a_list(x):
    with pytest.raises(TypeError, match="should be a list or tuple"):
        K.function([x], [x * 2.0])(np.ones((1, 2)))


def test_an_unknown_argument_is_told(x):
    with pytest.raises((TypeError, ValueError), match="nonsense"):
        K.function([x], [], nonsense=1)


def test_a_function_works_under_another_default_graph_and_from_other_threads(x):
    weight = K.variable([[1.0], [2.0]])
    f = K.function([x], [K.dot(x, weight)])
    found = []

    def call():
        with tf.Graph().as_default():
            found.append(f([[[1.0, 1.0]]])[0].item())

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [3.0] * 8


def test_a_function_follows_the_session(x):
    weight = K.variable(1.0)
    f = K.function([x], [K.sum(x) * weight])
    with tf.Session().as_default():
        K.set_value(weight, 10.0)
        assert f([[[1.0, 2.0]]]) == [30.0]
    with tf.Session().as_default():
        assert f([[[1.0, 2.0]]]) == [3.0]


def test_a_prepared_function_runs_in_a_finalized_graph(x):
    weight = K.variable(2.0)
    f = K.function([x], [K.sum(x) * weight])
    f([[[1.0, 2.0]]])
    tf.get_default_graph().finalize()
    assert f([[[1.0, 2.0]]]) == [6.0]


def test_variables_made_after_the_function_are_initialized_when_it_is_called(x):
    f = K.function([x], [K.sum(x)])
    late = tf.Variable(4.0)
    f([[[1.0, 2.0]]])
    assert K.get_session().run(late) == 4.0


def test_calling_adds_nothing_to_the_graph(x):
    f = K.function([x], [K.sum(x)])
    f([[[1.0, 2.0]]])
    count = len(tf.get_default_graph().get_operations())
    for _ in range(5):
        f([[[1.0, 2.0]]])
    assert len(tf.get_default_graph().get_operations()) == count


def test_a_quick_call_settles_where_it_is_quicker_and_gives_the_same(x):
    total = K.variable(0.0)
    f = K.function([x], [K.sum(x)], updates=[(total, total + K.sum(x))])
    assert {f([[[1.0, 2.0]]])[0] for _ in range(40)} == {3.0}
    assert K.get_value(total) == 120.0
    assert f._prepared[2]._trial is None


@pytest.mark.parametrize("pooled, inline, chosen", [(3, 2, "inline"), (2, 3, "pooled")])
def test_the_quicker_of_the_two_ways_is_taken(pooled, inline, chosen):
    def make(in_caller_thread=False):
        seconds, name = (inline, "inline") if in_caller_thread else (pooled, "pooled")
        return lambda: time.sleep(seconds / 10000) or name

    call = PreparedCall(make)
    given = [call() for _ in range(40)]
    assert given[:13] == ["pooled"] * 13
    assert set(given[26:]) == {chosen}


def test_a_call_that_fails_while_it_is_measured_can_be_made_again(x):
    f = K.function([x], [tf.matrix_inverse(x)])
    for _ in range(15):
        with pytest.raises(tf.errors.InvalidArgumentError):
            f([np.zeros((2, 2))])
        assert f([np.eye(2)])[0].tolist() == np.eye(2).tolist()


def test_an_output_in_a_branch_that_is_not_taken_is_refused(x):
    inside = []
    tf.cond(K.sum(x) > 0, lambda: inside.append(K.sum(x)) or x, lambda: x)
    f = K.function([x], [inside[0]])
    assert f([np.ones((1, 2))]) == [2.0]
    with pytest.raises(GraphError, match="was not computed"):
        f([-np.ones((1, 2))])
