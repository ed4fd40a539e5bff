"""Variables and placeholders: making them, asking about them, reading and writing their values."""

import numpy as np
import pytest

from tfkeras_compat import _tf
from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ShapeError
from tfkeras_compat.layers import Dense

TRAINABLE = tf.GraphKeys.TRAINABLE_VARIABLES


def names(variables):
    return [variable.op.name for variable in variables]


# ---- making -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        2.0,
        np.full((), 2),
        lambda: tf.constant(2.0),
        lambda: 2.0,
        pytest.param(np.float64(2), id="scalar"),
    ],
)
def test_a_variable_is_made_of_a_number_an_array_or_what_makes_one(value):
    variable = K.variable(value)
    assert K.dtype(variable) == "float32"
    assert K.get_value(variable) == 2.0


def test_a_variable_is_made_of_a_tensor():
    assert K.get_value(K.variable(tf.constant([1.0, 2.0]))).tolist() == [1.0, 2.0]


def test_a_variable_is_a_resource_variable_in_the_collections_of_tensorflow():
    variable = K.variable(1.0)
    assert _tf.is_variable(variable)
    assert variable.op.type == "VarHandleOp"
    assert tf.global_variables() == [variable]
    assert tf.trainable_variables() == [variable]


def test_a_variable_that_is_not_trainable_is_not_among_the_trainable_ones():
    K.variable(1.0, trainable=False)
    assert tf.trainable_variables() == []


def test_a_variable_is_named_by_the_scopes_it_is_made_in():
    with tf.name_scope("tower"):
        assert K.variable(1.0, name="kernel").name == "tower/kernel:0"


def test_a_variable_is_made_outside_a_loop_whose_body_makes_it():
    made = []

    def body(i):
        if not made:
            made.append(K.variable(2.0))
        return i + 1

    counted = tf.while_loop(lambda i: i < 3, body, [tf.constant(0)])
    assert K.get_value(made[0]) == 2.0
    assert K.eval(counted) == 3


def made_by_tensorflow(monkeypatch, make):
    with monkeypatch.context() as patch:
        patch.setattr(_tf, "has_only_name_scopes", lambda: False)
        return make()


@pytest.mark.parametrize("trainable", [True, False])
def test_a_variable_made_in_the_short_way_is_as_tensorflow_makes_it(monkeypatch, trainable):
    def make():
        tf.reset_default_graph()
        with tf.name_scope("block"):
            x = K.variable(lambda: tf.ones([2, 3]), name="w", trainable=trainable)
        others = {tf.GraphKeys.GLOBAL_VARIABLES, tf.GraphKeys.TRAINABLE_VARIABLES}
        kept = {name: [v.name for v in tf.get_collection(name)] for name in sorted(others)}
        ops = [(op.name, op.type) for op in x.handle.graph.get_operations()]
        ops = [(name, kind) for name, kind in ops if kind != "VarIsInitializedOp"]
        attributes = [
            x.dtype,
            x.trainable,
            x.constraint,
            x.aggregation,
            x.synchronization,
            x.device,
        ]
        return x.to_proto(), kept, ops, attributes, type(x)

    assert make() == made_by_tensorflow(monkeypatch, make)


def test_a_second_variable_of_a_name_gets_another(monkeypatch):
    def names():
        tf.reset_default_graph()
        return [K.variable(0.0, name="w").name for _ in range(2)] + [tf.constant(0, name="w").name]

    assert names() == made_by_tensorflow(monkeypatch, names) == ["w:0", "w_1:0", "w_2:0"]


def test_an_initial_value_may_depend_on_another_variable():
    x = K.variable([1.0, 2.0])
    twice = K.variable(lambda: 2.0 * x.initialized_value())
    np.testing.assert_allclose(K.get_value(twice), [2.0, 4.0])
    K.set_value(x, [5.0, 6.0])
    np.testing.assert_allclose(K.get_value(K.variable(x.initialized_value())), [5.0, 6.0])


def test_a_variable_carries_its_constraint():
    variable = K.variable(1.0, constraint=abs)
    assert variable.constraint is abs


def test_a_variable_has_the_dtype_that_was_asked_for():
    assert K.dtype(K.variable([1, 2], dtype="int64")) == "int64"


def test_a_scipy_matrix_gives_a_sparse_tensor():
    sparse = pytest.importorskip("scipy.sparse")
    matrix = sparse.coo_matrix(np.diag([1.0, 2.0]))
    tensor = K.variable(matrix)
    assert K.is_sparse(tensor)
    assert K.int_shape(tensor) == (2, 2)
    assert K.eval(tensor).tolist() == [[1.0, 0.0], [0.0, 2.0]]


@pytest.mark.parametrize("make, value", [(K.zeros, 0.0), (K.ones, 1.0)])
def test_zeros_and_ones_are_variables_if_the_shape_is_known(make, value):
    made = make((2, 3))
    assert K.is_variable(made)
    assert K.get_value(made).tolist() == [[value] * 3] * 2


def test_zeros_of_an_unknown_shape_are_a_tensor():
    x = K.placeholder((None, 3))
    assert not K.is_variable(K.zeros(tf.shape(x)))


def test_an_identity_matrix_may_have_two_sizes():
    np.testing.assert_array_equal(K.get_value(K.eye(3)), np.eye(3))
    np.testing.assert_array_equal(K.get_value(K.eye((2, 3))), np.eye(2, 3))


def test_zeros_like_and_ones_like_follow_the_tensor():
    x = K.constant([[1.0, 2.0]])
    assert K.eval(K.zeros_like(x)).tolist() == [[0.0, 0.0]]
    assert K.eval(K.ones_like(x, dtype="int32")).dtype == np.int32


def test_random_variables_follow_seed_and_distribution():
    uniform = K.get_value(K.random_uniform_variable((1000,), 2.0, 3.0, seed=1))
    assert uniform.min() >= 2.0 and uniform.max() < 3.0
    normal = K.get_value(K.random_normal_variable((1000,), 5.0, 0.1, seed=1))
    assert abs(normal.mean() - 5.0) < 0.02 and abs(normal.std() - 0.1) < 0.02
    again = K.get_value(K.random_normal_variable((1000,), 5.0, 0.1, seed=1))
    np.testing.assert_array_equal(normal, again)


def test_a_constant_has_the_default_float_type():
    constant = K.constant(3, shape=(2,))
    assert (K.dtype(constant), K.eval(constant).tolist()) == ("float32", [3.0, 3.0])


@pytest.mark.parametrize(
    "arguments, shape",
    [
        ({"shape": (None, 3)}, (None, 3)),
        ({"ndim": 2}, (None, None)),
        ({"shape": ()}, ()),
        ({}, None),
    ],
)
def test_a_placeholder_has_a_shape_or_a_number_of_axes_or_neither(arguments, shape):
    x = K.placeholder(**arguments)
    assert K.int_shape(x) == shape
    assert K.is_placeholder(x)


def test_a_sparse_placeholder_is_a_sparse_placeholder():
    x = K.placeholder((2, 3), sparse=True)
    assert K.is_sparse(x)
    assert K.is_placeholder(x)


# ---- asking -------------------------------------------------------------------------------------


def test_only_what_came_out_of_a_layer_is_a_keras_tensor():
    x = K.placeholder((None, 3))
    assert not K.is_keras_tensor(x)
    assert not K.is_keras_tensor(K.variable(1.0))
    assert K.is_keras_tensor(Dense(2)(x))


def test_what_is_no_tensor_at_all_is_an_error_for_is_keras_tensor():
    with pytest.raises(ValueError, match="ndarray"):
        K.is_keras_tensor(np.zeros(2))


def test_tensors_variables_and_arrays_tell_their_shapes():
    assert K.int_shape(K.variable(np.zeros((2, 3)))) == (2, 3)
    assert K.int_shape(np.zeros((2, 3))) == (2, 3)
    assert K.int_shape(tf.placeholder("float32")) is None
    assert K.ndim(K.placeholder((None, 3))) == 2
    assert K.ndim(tf.placeholder("float32")) is None
    assert K.eval(K.shape(K.constant([[1.0, 2.0]]))).tolist() == [1, 2]
    assert K.eval(K.size(K.constant([[1.0, 2.0]]))) == 2
    assert K.count_params(K.variable(np.zeros((2, 3)))) == 6


def test_a_sparse_tensor_is_made_dense_and_a_dense_one_stays():
    sparse = tf.SparseTensor([[0, 1]], [5.0], [1, 2])
    assert K.eval(K.to_dense(sparse)).tolist() == [[0.0, 5.0]]
    x = K.constant([1.0])
    assert K.to_dense(x) is x


def test_casting():
    assert K.eval(K.cast(K.constant([1.7]), "int32")).tolist() == [1]
    assert K.cast_to_floatx(np.arange(2)).dtype == np.float32


# ---- reading and writing ------------------------------------------------------------------------


def test_a_value_is_set_and_read():
    x = K.variable(np.zeros((2, 2)))
    K.set_value(x, [[1, 2], [3, 4]])
    assert K.get_value(x).tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_values_of_raw_variables_are_set_and_read():
    for resource in (False, True):
        x = tf.Variable([1.0, 2.0], use_resource=resource)
        K.set_value(x, [3.0, 4.0])
        assert K.get_value(x).tolist() == [3.0, 4.0]


def test_several_values_are_set_and_read_at_once():
    x, y = K.variable(1.0), K.variable([2.0])
    K.batch_set_value([(x, 3.0), (y, [4.0])])
    assert [np.ravel(value).tolist() for value in K.batch_get_value([x, y])] == [[3.0], [4.0]]
    assert K.batch_get_value([]) == []
    K.batch_set_value([])


def test_if_one_value_does_not_fit_none_is_set():
    x, y = K.variable([1.0], name="x"), K.variable([2.0], name="y")
    with pytest.raises(ShapeError, match=r"y:0 has shape \(1,\).*\(2,\)"):
        K.batch_set_value([(x, [9.0]), (y, [9.0, 9.0])])
    assert K.get_value(x).tolist() == [1.0]


def test_setting_values_again_adds_nothing_to_the_graph():
    x = K.variable(1.0)
    K.set_value(x, 2.0)
    count = len(tf.get_default_graph().get_operations())
    for value in range(5):
        K.set_value(x, value)
        K.get_value(x)
    assert len(tf.get_default_graph().get_operations()) == count


def test_initial_values_are_not_made_for_what_is_set_first():
    nothing = tf.check_numerics(tf.constant([np.nan]), "an initial value that nobody asked for")
    first, other = K.variable(nothing), K.variable([3.0])
    K.set_value(first, [1.0])
    assert K.batch_get_value([first, other])[0].tolist() == [1.0]
    K.set_value(other, [2.0])
    assert K.get_value(first).tolist() == [1.0]


def test_values_are_set_and_read_under_another_default_graph():
    x = K.variable(1.0)
    with tf.Graph().as_default():
        K.set_value(x, 2.0)
        assert K.get_value(x) == 2.0
        assert K.batch_get_value([x]) == [2.0]


def test_a_value_is_set_inside_scopes_whose_dependencies_can_not_run():
    x = K.variable(1.0)
    with tf.control_dependencies([tf.placeholder("float32")]):
        K.set_value(x, 2.0)
    assert K.get_value(x) == 2.0


# ---- updates ------------------------------------------------------------------------------------


def test_an_update_takes_numbers_and_arrays_of_the_variables_dtype():
    x = K.variable([1, 2], dtype="int64")
    update = K.update(x, np.array([3, 4]))
    K.get_session().run(update)
    assert K.get_value(x).tolist() == [3, 4]


def test_a_moving_average_is_corrected_for_its_start_as_in_the_original():
    # Keras 2.2.5 on TF 1.15.5 gave these for a variable that was 1, momentum 0.9, values 3 and 5.
    x = K.variable([1.0])
    value = K.placeholder((1,))
    update = K.moving_average_update(x, value, 0.9)
    K.get_session()
    seen = []
    for fed in (3.0, 5.0):
        K.get_session().run(update, {value: [fed]})
        seen.append(K.get_value(x)[0])
    np.testing.assert_allclose(seen, [3.0, (0.9 * 0.3 + 0.5) / (1 - 0.9**2)], rtol=1e-6)


def test_a_moving_average_has_two_variables_of_its_own_that_are_not_trained():
    with tf.name_scope("norm"):
        x = K.variable([1.0], name="moving_mean", trainable=False)
    K.moving_average_update(x, tf.ones((1,)), 0.9)
    assert names(tf.global_variables())[1:] == [
        "norm/moving_mean/biased",
        "norm/moving_mean/local_step",
    ]
    assert tf.trainable_variables() == []


# ---- freezing -----------------------------------------------------------------------------------


def test_frozen_variables_leave_the_trainable_ones_and_come_back_in_their_order():
    made = [K.variable(1.0, name=name) for name in "abc"]
    K.set_trainable(made[:2], False)
    assert names(tf.trainable_variables()) == ["c"]
    K.set_trainable(made[:2], True)
    assert names(tf.trainable_variables()) == ["a", "b", "c"]


def test_freezing_reaches_the_variables_graph_not_the_default_one():
    x = K.variable(1.0)
    graph = tf.get_default_graph()
    with tf.Graph().as_default():
        K.set_trainable([x], False)
    assert graph.get_collection(TRAINABLE) == []


def test_a_frozen_variable_is_left_alone_by_any_optimizer():
    x, y = K.variable(1.0), K.variable(1.0)
    K.set_trainable([x], False)
    step = tf.train.GradientDescentOptimizer(0.5).minimize(tf.square(x) + tf.square(y))
    K.get_session().run(step)
    assert K.batch_get_value([x, y]) == [1.0, 0.0]
