"""Layers of users in the styles of Keras 1 and 2, and where things are built."""

import threading

import numpy as np
import pytest

from tfkeras_compat import _tf
from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.input import Input
from tfkeras_compat.engine.input_spec import InputSpec
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.layers import BatchNormalization, Dense, Dropout


def rows(*sizes):
    return tf.placeholder(tf.float32, (None,) + sizes)


def names(variables):
    return [variable.name for variable in variables]


def ones(*shape):
    return np.ones(shape, "float32")


def evaluate(x, feeds=None):
    return K.get_session().run(x, feeds)


class Scale(Layer):
    """As the documentation of Keras 2 writes a layer."""

    def build(self, input_shape):
        self.factor = self.add_weight(
            name="factor", shape=(input_shape[-1],), initializer="ones", trainable=True
        )
        super().build(input_shape)

    def call(self, inputs):
        return inputs * self.factor


class Keras1Projection(Layer):
    """As Keras 1 wrote them: attributes before ``super().__init__``, weights by hand."""

    def __init__(self, output_dim, weights=None, **kwargs):
        self.output_dim = output_dim
        self.initial_weights = weights
        self.input_spec = [InputSpec(ndim=2)]
        self.supports_masking = True
        self.uses_learning_phase = True
        super().__init__(**kwargs)

    def build(self, input_shape):
        self.W = K.variable(ones(input_shape[1], self.output_dim), name=self.name + "_W")
        self.running = K.variable(0 * ones(self.output_dim), name=self.name + "_running")
        self.trainable_weights = [self.W]
        self.non_trainable_weights = [self.running]
        if self.initial_weights is not None:
            self.set_weights(self.initial_weights)

    def call(self, x, mask=None):
        return K.dot(x, self.W) + self.running

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], self.output_dim)


# ---- layers of users ----------------------------------------------------------------------------


def test_a_layer_without_compute_output_shape_has_the_shape_that_tensorflow_infers():
    class Doubled(Layer):
        def call(self, inputs):
            return K.concatenate([inputs, inputs])

    assert K.int_shape(Doubled()(rows(3))) == (None, 6)


def test_weights_of_a_layer_are_variables_under_its_name():
    layer = Scale(name="mine")
    y = layer(rows(3))
    assert names(layer.trainable_weights) == names(tf.trainable_variables()) == ["mine/factor:0"]
    assert evaluate(y, {layer.input: [[1.0, 2.0, 3.0]]}).tolist() == [[1.0, 2.0, 3.0]]


def test_a_layer_of_keras_1_sets_its_attributes_before_it_calls_the_base():
    layer = Keras1Projection(2, name="old")
    y = layer(rows(3))
    assert layer.supports_masking and layer.uses_learning_phase and y._uses_learning_phase
    assert names(layer.weights) == ["old/old_W:0", "old/old_running:0"]
    assert evaluate(y, {layer.input: ones(1, 3)}).tolist() == [[3.0, 3.0]]
    with pytest.raises(ValueError, match="old.*ndim=2.*ndim=3"):
        layer(rows(3, 3))


def test_initial_weights_by_hand_are_set():
    layer = Keras1Projection(1, weights=[ones(2, 1) * 5, ones(1)])
    assert evaluate(layer(K.constant([[1.0, 1.0]]))).tolist() == [[11.0]]


def test_weights_that_are_listed_by_hand_obey_the_lists():
    Keras1Projection(2, name="old")(rows(3))
    Keras1Projection(2, name="frozen", trainable=False)(rows(3))
    assert names(tf.trainable_variables()) == ["old/old_W:0"]


def test_weights_may_be_appended_to_the_lists():
    class Appending(Layer):
        def build(self, input_shape):
            self.trainable_weights.append(K.variable(1.0, name="a"))
            self.non_trainable_weights.append(K.variable(2.0, name="b"))

        def call(self, inputs):
            return inputs * self.weights[0]

    layer = Appending(name="x")
    layer(rows(3))
    assert names(layer.weights) == ["x/a:0", "x/b:0"]
    assert names(tf.trainable_variables()) == ["x/a:0"]


def test_a_layer_may_have_several_outputs_with_masks_and_shapes_of_their_own():
    class Halves(Layer):
        def call(self, inputs):
            return [inputs[:, :1], inputs[:, 1:]]

        def compute_output_shape(self, input_shape):
            return [(input_shape[0], 1), (input_shape[0], input_shape[1] - 1)]

        def compute_mask(self, inputs, mask=None):
            return [None, K.not_equal(inputs[:, 1], 0.0)]

    layer = Halves()
    first, second = layer(rows(3))
    assert (K.int_shape(first), K.int_shape(second)) == ((None, 1), (None, 2))
    assert layer.output_mask[0] is None and layer.output_mask[1] is not None
    assert layer.get_output_at(0)[1] is second


def test_an_output_shape_may_be_a_list_of_sizes():
    class Listed(Layer):
        def compute_output_shape(self, input_shape):
            return list(input_shape)

    assert K.int_shape(Listed()(rows(3))) == (None, 3)


def test_arguments_of_call_are_passed_through():
    class Picky(Layer):
        def call(self, inputs, mask=None, training=None, factor=1.0):
            self.seen = (mask, training)
            return inputs * factor

    layer = Picky()
    assert evaluate(layer(K.constant([1.0]), training=True, factor=3.0)).tolist() == [3.0]
    assert layer.seen == (None, True)


def test_a_mask_reaches_a_layer_that_takes_one_and_stops_at_one_that_does_not():
    class Masker(Layer):
        def compute_mask(self, inputs, mask=None):
            return K.not_equal(inputs[:, :, 0], 0.0)

    class Taker(Layer):
        supports_masking = True

        def call(self, inputs, mask=None):
            self.seen = mask
            return inputs

    masker, taker = Masker(), Taker()
    y = taker(masker(rows(4, 3)))
    assert taker.seen is masker.output_mask and taker.output_mask is taker.seen
    with pytest.raises(TypeError, match="scale_1 does not support masking"):
        Scale()(y)


def test_an_output_that_is_an_input_becomes_a_tensor_of_its_own():
    x = Input((3,))
    y = Layer()(x)
    assert y is not x and y._keras_history[0] is not x._keras_history[0]


def test_weights_are_made_in_the_dtype_of_the_layer():
    layer = Dense(2, dtype="float64")
    layer(tf.placeholder(tf.float64, (None, 3)))
    assert {weight.dtype.base_dtype for weight in layer.weights} == {tf.float64}


# ---- names and scopes ---------------------------------------------------------------------------


def test_names_follow_name_scopes_and_variable_scopes():
    with tf.name_scope("block"):
        assert Dense(2, name="a")(rows(3)).name.startswith("block/a/")
    with tf.variable_scope("vs"):
        Dense(2, use_bias=False, name="b")(rows(3))
    assert names(tf.global_variables()) == ["block/a/kernel:0", "block/a/bias:0", "vs/b/kernel:0"]


def test_automatic_names_are_counted_for_each_graph():
    assert [Scale().name, Scale().name] == ["scale_1", "scale_2"]
    with tf.Graph().as_default():
        assert Scale().name == "scale_1"


def test_all_operations_and_variables_obey_a_device_scope():
    with tf.device("/gpu:0"):
        BatchNormalization()(Dense(2, kernel_regularizer="l2")(rows(3)))
    made = tf.get_default_graph().get_operations()
    # A read, and what TensorFlow wants beside it, it places with the variable itself; the learning
    # phase is the graph's.
    own = [
        op
        for op in made
        if op.type != "ReadVariableOp"
        and "_class" not in op.node_def.attr
        and "learning_phase" not in op.name
    ]
    assert {op.device for op in own} == {"/device:GPU:0"}


def test_weights_and_their_regularization_do_not_depend_on_control_dependencies_around_the_call():
    unfed = tf.placeholder(tf.float32, (), name="unfed")
    with tf.control_dependencies([tf.identity(unfed)]):
        layer = Dense(2, kernel_regularizer="l2")
        layer(rows(3))
        statistics = BatchNormalization()
        statistics(rows(3))
    assert [weight.shape for weight in layer.get_weights()] == [(3, 2), (2,)]
    assert len(statistics.get_weights()) == 4
    assert evaluate(layer.losses)[0] > 0


@pytest.mark.parametrize("construct", ["loop", "branch"])
def test_a_layer_that_is_built_in_a_loop_or_branch_owns_its_weights_outside(construct):
    layer = Dense(3, kernel_regularizer="l2")
    start = K.constant(ones(2, 3))
    if construct == "loop":
        _, y = tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, layer(x)), [0, start])
    else:
        y = tf.cond(tf.constant(True), lambda: layer(start), lambda: start)
    assert evaluate(y).shape == (2, 3)
    assert [weight.shape for weight in layer.get_weights()] == [(3, 3), (3,)]
    assert evaluate(tf.losses.get_regularization_loss()) == evaluate(layer.losses)[0] > 0
    assert tf.gradients(y, layer.kernel)[0] is not None


def test_the_learning_phase_asked_for_in_a_branch_belongs_to_the_graph():
    start = K.constant(ones(2, 3))
    tf.cond(tf.constant(True), lambda: Dropout(0.5)(start), lambda: start)
    assert not evaluate(K.learning_phase())


def test_layers_work_in_the_map_function_of_a_dataset():
    dense, normalization = Dense(3), BatchNormalization()
    data = tf.data.Dataset.from_tensors(ones(2, 3)).map(lambda x: normalization(dense(x)))
    iterator = tf.data.make_initializable_iterator(data)
    element = iterator.get_next()
    session = K.get_session()
    session.run(iterator.initializer)
    assert session.run(element).shape == (2, 3)
    assert dense.get_weights()[0].shape == (3, 3)


def test_a_layer_is_built_in_the_graph_of_its_inputs_from_any_thread():
    graph = tf.Graph()
    with graph.as_default():
        x = rows(3)
    layer, found = Dense(2, name="d"), []
    thread = threading.Thread(target=lambda: found.append(layer(x)))
    thread.start()
    thread.join()
    assert found[0].graph is _tf.graph_of(layer.kernel) is graph
    assert not tf.global_variables()


def test_tensors_of_two_graphs_are_an_error_that_names_the_layer():
    x = rows(3)
    with tf.Graph().as_default(), pytest.raises(ValueError, match="Layer both.*2 different graphs"):
        Dense(2, name="both")([x, rows(3)])


def test_a_layer_called_in_another_graph_than_its_weights_names_itself():
    layer = Dense(2, name="at_home")
    layer(rows(3))
    with tf.Graph().as_default(), pytest.raises(ValueError, match="Layer at_home.*another graph"):
        layer(rows(3))


# ---- freezing -----------------------------------------------------------------------------------


def test_freezing_takes_weights_out_of_the_trainable_variables_and_back_in_order():
    first, second = Dense(2, name="a"), Dense(2, name="b")
    second(first(rows(3)))
    first.trainable = False
    assert names(tf.trainable_variables()) == ["b/kernel:0", "b/bias:0"]
    assert first.trainable_weights == [] and len(first.non_trainable_weights) == 2
    first.trainable = True
    assert names(tf.trainable_variables()) == ["a/kernel:0", "a/bias:0", "b/kernel:0", "b/bias:0"]


def test_a_tensorflow_optimizer_leaves_frozen_weights_alone():
    first, second = Dense(2), Dense(1)
    loss = K.sum(second(first(K.constant(ones(2, 3)))))
    first.trainable = False
    before = first.get_weights()[0], second.get_weights()[0]
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    evaluate(step)
    assert (first.get_weights()[0] == before[0]).all()
    assert (second.get_weights()[0] != before[1]).any()


def test_moving_statistics_are_no_trainable_variables():
    BatchNormalization(name="n")(rows(3))
    assert names(tf.trainable_variables()) == ["n/gamma:0", "n/beta:0"]


# ---- questions and errors -----------------------------------------------------------------------


def test_the_weights_of_a_layer_that_was_never_built_are_not_counted():
    with pytest.raises(RuntimeError, match="dense_1, but the layer isn't built"):
        Dense(2).count_params()


def test_weights_are_set_all_or_none_at_all():
    layer = Dense(2, name="d")
    layer(rows(3))
    before = layer.get_weights()
    with pytest.raises(ValueError, match="d.*length 1.*expecting 2"):
        layer.set_weights([ones(3, 2)])
    with pytest.raises(ValueError, match=r"d/bias:0 has shape \(2,\).*\(3,\)"):
        layer.set_weights([ones(3, 2), ones(3)])
    assert all((old == new).all() for old, new in zip(before, layer.get_weights()))


def test_the_argument_weights_gives_the_initial_values():
    layer = Dense(2, weights=[ones(3, 2) * 7, ones(2)])
    layer(rows(3))
    assert (layer.get_weights()[0] == 7).all()


def test_an_array_is_no_input():
    with pytest.raises(ValueError, match="dense_1.*isn't a symbolic tensor.*ndarray"):
        Dense(2)(ones(2, 3))


def test_an_unknown_argument_is_a_type_error_that_names_it():
    with pytest.raises(TypeError, match="understood by Dense: colour"):
        Dense(2, colour="red")


@pytest.mark.parametrize(
    "arguments, expected",
    [
        ({"input_shape": (4, 3)}, (None, 4, 3)),
        ({"input_shape": (3,), "batch_size": 5}, (5, 3)),
        ({"batch_input_shape": [2, 3]}, (2, 3)),
        ({"input_dim": 3}, (None, 3)),
        ({"input_dim": 3, "input_length": 7}, (None, 7, 3)),
        ({"input_shape": 3}, (None, 3)),
    ],
)
def test_the_shape_of_the_input_can_be_given_in_many_ways(arguments, expected):
    assert Dense(2, **arguments).batch_input_shape == expected


def test_a_layer_is_rebuilt_from_its_configuration():
    class Custom(Scale):
        def __init__(self, power, **kwargs):
            super().__init__(**kwargs)
            self.power = power

        def get_config(self):
            return dict(super().get_config(), power=self.power)

    layer = Custom(3, name="c", trainable=False, input_shape=(4,))
    twin = Custom.from_config(layer.get_config())
    assert (twin.power, twin.name, twin.trainable, twin.batch_input_shape) == (
        3,
        "c",
        False,
        (None, 4),
    )
