"""What calls of layers leave: updates, losses, the use of the learning phase."""

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.input import Input
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.network import Network
from tfkeras_compat.layers import BatchNormalization, Dense, Dropout


def rows():
    return K.placeholder((None, 3))


class Counting(Layer):
    """Adds an update and a loss, conditional or not."""

    def __init__(self, conditional=True, **kwargs):
        super().__init__(**kwargs)
        self.conditional = conditional

    def build(self, input_shape):
        self.count = self.add_weight("count", (), initializer="zeros", trainable=False)

    def call(self, inputs):
        given = inputs if self.conditional else None
        self.add_update((self.count, self.count + 1.0), given)
        self.add_loss(K.sum(inputs) if self.conditional else K.constant(2.0), given)
        return inputs


def test_an_update_is_a_pair_and_an_operation():
    layer = Counting()
    layer(rows())
    (update,) = layer.updates
    variable, new_value = update
    assert variable is layer.count
    assert K.get_session().run(new_value) == 1.0
    K.get_session().run([update])
    assert K.get_value(layer.count) == 1.0


def test_two_calls_on_different_tensors_leave_the_updates_of_both():
    layer = BatchNormalization()
    first, second = rows(), rows()
    layer(first)
    layer(second)
    assert len(layer.updates) == 4
    assert [variable.op.name[-4:] for variable, _ in layer.updates] == ["mean", "ance"] * 2
    assert layer.get_updates_for(first) == layer.updates[:2]
    assert layer.get_updates_for(second) == layer.updates[2:]
    assert layer.get_updates_for(None) == layer.get_updates_for(rows()) == []


def test_unconditional_updates_and_losses_belong_to_no_input():
    layer = Counting(conditional=False)
    x = rows()
    layer(x)
    assert len(layer.get_updates_for(None)) == len(layer.get_losses_for(None)) == 1
    assert layer.get_updates_for(x) == layer.get_losses_for(x) == []
    assert K.get_session().run(layer.losses) == [2.0]


def test_weight_regularization_is_unconditional_and_activity_regularization_is_not():
    layer = Dense(2, kernel_regularizer="l2", activity_regularizer="l1")
    x = rows()
    layer(x)
    assert layer.losses == layer.get_losses_for(None) + layer.get_losses_for(x)
    assert [len(layer.get_losses_for(each)) for each in (None, x)] == [1, 1]
    assert layer.losses == tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)


def test_updates_are_found_through_a_layer_that_calls_another():
    class Around(Layer):
        def __init__(self, inner):
            super().__init__()
            self.inner = inner

        def _sublayers(self):
            return [self.inner]

        def call(self, inputs):
            return self.inner(inputs) * 2.0

    inner = BatchNormalization()
    layer, x = Around(inner), rows()
    layer(x)
    assert layer.updates == layer.get_updates_for(x) == inner.updates
    assert len(layer.updates) == 2 and layer.uses_learning_phase
    assert len(layer.weights) == 4


def test_a_layer_called_by_hand_through_call_keeps_its_updates():
    layer, x = Counting(), rows()
    layer.build((None, 3))
    layer.call(x)
    assert layer.get_updates_for(x) == layer.updates and len(layer.updates) == 1


def test_a_tensor_made_by_a_layer_answers_for_the_layer():
    y = BatchNormalization()(rows())
    assert [variable.op.name for variable, _ in y.updates] == [
        "batch_normalization_1/moving_mean",
        "batch_normalization_1/moving_variance",
    ]
    weights = Dense(2, name="d")(rows()).trainable_weights
    assert [weight.name for weight in weights] == ["d/kernel:0", "d/bias:0"]


def test_the_learning_phase_is_noted_for_layers_and_tensors():
    x = rows()
    assert not Dense(2)(x)._uses_learning_phase
    y = Dense(2)(Dropout(0.5)(x))
    assert y._uses_learning_phase
    layer = Dropout(0.5)
    assert not layer(x, training=False)._uses_learning_phase
    assert not layer.uses_learning_phase


def test_updates_of_a_branch_stay_out_of_update_ops_because_they_can_not_be_fetched():
    layer = BatchNormalization()
    start = K.ones((2, 3))
    tf.cond(tf.constant(True), lambda: layer(start), lambda: start)
    assert tf.get_collection(tf.GraphKeys.UPDATE_OPS) == []


def test_a_frozen_layer_has_no_updates_and_a_stateful_one_keeps_them():
    layer = BatchNormalization()
    layer(rows())
    layer.trainable = False
    assert layer.updates == tf.get_collection(tf.GraphKeys.UPDATE_OPS) == []
    layer.stateful = True
    assert len(layer.updates) == 2
    layer.stateful, layer.trainable = False, True
    assert len(tf.get_collection(tf.GraphKeys.UPDATE_OPS)) == 2


def test_what_is_called_inside_a_frozen_network_has_no_updates_until_that_is_thawed():
    x, z = Input((3,)), Input((3,))
    critic = Network(x, BatchNormalization()(x))
    critic.trainable = False
    whole = Network(z, critic(z))
    assert whole.updates == tf.get_collection(tf.GraphKeys.UPDATE_OPS) == []
    critic.trainable = True
    assert len(whole.updates) == 2
    assert len(tf.get_collection(tf.GraphKeys.UPDATE_OPS)) == 4
