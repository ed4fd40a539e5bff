"""What depends on a condition or on the learning phase; gradients; loops over elements."""

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ShapeError

ONE, TWO = [[1.0, 1.0]], [[2.0, 2.0]]


def in_phase(x, phase):
    with tf.Session() as session:
        return session.run(x, {K.learning_phase(): phase}).tolist()


def test_in_train_phase_chooses_by_the_learning_phase():
    chosen = K.in_train_phase(K.constant(ONE), K.constant(TWO))
    assert in_phase(chosen, 1) == ONE
    assert in_phase(chosen, 0) == TWO
    assert chosen._uses_learning_phase


def test_in_test_phase_chooses_the_other_way_round():
    chosen = K.in_test_phase(K.constant(ONE), K.constant(TWO))
    assert in_phase(chosen, 1) == TWO
    assert in_phase(chosen, 0) == ONE


def test_callables_are_made_only_in_their_phase():
    def fail():
        with tf.control_dependencies([tf.Assert(False, ["evaluated"])]):
            return tf.identity(K.constant(ONE))

    chosen = K.in_train_phase(fail, lambda: K.constant(TWO))
    assert in_phase(chosen, 0) == TWO
    with pytest.raises(tf.errors.InvalidArgumentError):
        in_phase(chosen, 1)


@pytest.mark.parametrize("training, expected", [(1, ONE), (True, ONE), (0, TWO), (False, TWO)])
def test_a_given_phase_takes_the_place_of_the_graphs(training, expected):
    x, y = K.constant(ONE), K.constant(TWO)
    chosen = K.in_train_phase(x, y, training=training)
    assert chosen is (x if expected is ONE else y)
    assert K.in_train_phase(lambda: x, lambda: y, training=training) is chosen


def test_a_given_tensor_takes_the_place_of_the_phase_and_marks_nothing():
    training = tf.placeholder_with_default(True, ())
    chosen = K.in_train_phase(K.constant(ONE), K.constant(TWO), training=training)
    assert K.eval(chosen).tolist() == ONE
    assert not getattr(chosen, "_uses_learning_phase", False)


def test_a_fixed_phase_leaves_nothing_to_choose():
    K.set_learning_phase(1)
    x = K.constant(ONE)
    assert K.in_train_phase(x, K.constant(TWO)) is x


def test_a_scalar_condition_chooses_between_whole_expressions():
    condition = K.placeholder((), dtype="bool")
    chosen = K.switch(condition, lambda: K.constant(ONE), K.constant(TWO))
    with tf.Session() as session:
        assert session.run(chosen, {condition: True}).tolist() == ONE
        assert session.run(chosen, {condition: False}).tolist() == TWO


def test_a_condition_that_is_a_number_counts_as_true_unless_zero():
    chosen = K.switch(K.constant(2.0), K.constant(ONE), K.constant(TWO))
    assert K.eval(chosen).tolist() == ONE


@pytest.mark.parametrize(
    "condition, expected",
    [
        ([[1, 0], [0, 1]], [[1, 2], [2, 1]]),
        ([1, 0], [[1, 1], [2, 2]]),
        ([[1], [0]], [[1, 1], [2, 2]]),
    ],
)
def test_a_condition_with_axes_chooses_element_by_element(condition, expected):
    x, y = K.constant(np.ones((2, 2))), K.constant(np.full((2, 2), 2.0))
    assert K.eval(K.switch(K.constant(condition), x, y)).tolist() == expected


def test_a_condition_with_more_axes_than_the_expressions_is_told():
    with pytest.raises(ShapeError, match=r"ndim\(condition\)=2.*=1"):
        K.switch(K.constant([[1, 0]]), K.constant([1.0, 2.0]), K.constant([3.0, 4.0]))


def test_gradients_are_those_of_tensorflow_and_none_where_there_are_none():
    x, y = K.variable(3.0), K.variable(1.0)
    gradient, missing = K.gradients(x * x, [x, y])
    assert K.eval(gradient) == 6.0
    assert missing is None


def test_a_stopped_gradient_counts_as_zero():
    x = K.variable(3.0)
    assert K.eval(K.gradients(x * K.stop_gradient(x), [x])[0]) == 3.0
    first, second = K.stop_gradient([x * 1.0, x * 2.0])
    assert K.gradients(first + second, [x]) == [None]


def test_functions_go_over_the_elements():
    x = K.constant([[1.0, 2.0], [3.0, 4.0]])
    assert K.eval(K.map_fn(K.sum, x)).tolist() == [3.0, 7.0]
    assert K.eval(K.foldl(lambda total, row: 2 * total + row, x)).tolist() == [5.0, 8.0]
    assert K.eval(K.foldr(lambda total, row: 2 * total + row, x)).tolist() == [7.0, 10.0]
    begun = K.foldl(lambda total, row: total + row, x, initializer=K.constant([1.0, 1.0]))
    assert K.eval(begun).tolist() == [5.0, 7.0]


def test_a_printed_tensor_keeps_its_value(capfd):
    assert K.eval(K.print_tensor(K.constant([1.5]), message="here: ")).tolist() == [1.5]
    assert "here: [1.5]" in capfd.readouterr().err


def test_a_name_scope_is_that_of_tensorflow():
    with K.name_scope("tower"):
        assert K.constant(1.0, name="one").name == "tower/one:0"
