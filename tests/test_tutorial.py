"""The tutorial "Keras as a simplified interface to TensorFlow", statement by statement, in its own
words.

Each test is one statement or snippet of the tutorial, with the imports changed to ours and the data
made small.
"""

import threading

import numpy as np
import pytest

import tfkeras_compat as keras
import tfkeras_compat.tensorflow as tf
from tfkeras_compat import backend as K
from tfkeras_compat.layers import (
    LSTM,
    BatchNormalization,
    Dense,
    Dropout,
    Embedding,
    Input,
    InputLayer,
)
from tfkeras_compat.metrics import categorical_accuracy as accuracy
from tfkeras_compat.models import Model, Sequential, model_from_config
from tfkeras_compat.objectives import categorical_crossentropy


def batch(rows=6, columns=784, classes=10):
    images = 0.1 * np.random.rand(rows, columns).astype("float32")
    return images, np.eye(classes, dtype="float32")[np.random.randint(classes, size=rows)]


def two_cpus():
    """A session in which a second CPU stands for a GPU."""
    return tf.Session(config=tf.ConfigProto(device_count={"CPU": 2}))


# ---- I: calling Keras layers on TensorFlow tensors
# ------------------------------------------------


def mnist_classifier(dropout=False):
    """The tutorial's classifier on raw placeholders: images, labels, predictions."""
    img = tf.placeholder(tf.float32, shape=(None, 784))
    x = Dense(128, activation="relu")(
        img
    )  # fully-connected layer with 128 units and ReLU activation
    x = Dropout(0.5)(x) if dropout else x
    x = Dense(128, activation="relu")(x)
    x = Dropout(0.5)(x) if dropout else x
    preds = Dense(10, activation="softmax")(x)
    return img, tf.placeholder(tf.float32, shape=(None, 10)), preds


def test_keras_uses_the_session_that_we_registered_to_initialize_all_variables():
    sess = tf.Session()
    K.set_session(sess)
    layer = Dense(3)
    layer(tf.placeholder(tf.float32, shape=(None, 4)))
    assert K.get_session() is sess
    assert sess.run(layer.bias).tolist() == [0.0, 0.0, 0.0]


def test_keras_layers_can_be_called_on_tensorflow_tensors():
    img, _, preds = mnist_classifier()
    assert isinstance(preds, tf.Tensor)
    images, _ = batch()
    np.testing.assert_allclose(
        K.get_session().run(preds, {img: images}).sum(axis=1), np.ones(6), rtol=1e-5
    )


def test_the_model_is_trained_with_a_tensorflow_optimizer():
    sess = tf.Session()
    K.set_session(sess)
    img, labels, preds = mnist_classifier()
    loss = tf.reduce_mean(categorical_crossentropy(labels, preds))
    train_step = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
    sess.run(tf.global_variables_initializer())
    images, targets = batch()
    with sess.as_default():
        before = loss.eval(feed_dict={img: images, labels: targets})
        for _ in range(20):
            train_step.run(feed_dict={img: images, labels: targets})
        assert loss.eval(feed_dict={img: images, labels: targets}) < before / 2


def test_the_model_is_evaluated_with_a_keras_metric():
    sess = tf.Session()
    K.set_session(sess)
    img, labels, preds = mnist_classifier()
    acc_value = accuracy(labels, preds)
    images, targets = batch()
    sess.run(tf.global_variables_initializer())
    with sess.as_default():
        hits = acc_value.eval(feed_dict={img: images, labels: targets})
        predicted = preds.eval(feed_dict={img: images})
    assert hits.tolist() == (predicted.argmax(1) == targets.argmax(1)).astype("float32").tolist()


def test_we_only_use_keras_as_a_syntactical_shortcut_and_the_operations_are_tensorflows():
    mnist_classifier()
    assert {"MatMul", "Relu", "Softmax"} <= {
        op.type for op in tf.get_default_graph().get_operations()
    }


@pytest.mark.parametrize(
    "layer, expected",
    [(lambda: Dropout(0.5), True), (lambda: BatchNormalization(), True), (lambda: Dense(4), False)],
)
def test_uses_learning_phase_tells_whether_a_layer_behaves_differently_in_training(layer, expected):
    layer = layer()
    layer(tf.placeholder(tf.float32, shape=(None, 4)))
    assert layer.uses_learning_phase is expected


def test_the_learning_phase_is_fed_as_1_to_train_and_as_0_to_test():
    img, labels, preds = mnist_classifier(dropout=True)
    images, _ = batch()
    sess = K.get_session()
    tests = [sess.run(preds, feed_dict={img: images, K.learning_phase(): 0}) for _ in range(2)]
    trained = [sess.run(preds, feed_dict={img: images, K.learning_phase(): 1}) for _ in range(2)]
    assert (tests[0] == tests[1]).all()
    assert (trained[0] != trained[1]).any()


def test_dropout_layers_train_by_setting_the_value_of_the_learning_phase_to_1():
    sess = tf.Session()
    K.set_session(sess)
    img, labels, preds = mnist_classifier(dropout=True)
    loss = tf.reduce_mean(categorical_crossentropy(labels, preds))
    train_step = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
    sess.run(tf.global_variables_initializer())
    images, targets = batch()
    feed = {img: images, labels: targets, K.learning_phase(): 0}
    with sess.as_default():
        before = loss.eval(feed_dict=feed)
        for _ in range(40):
            train_step.run(feed_dict={img: images, labels: targets, K.learning_phase(): 1})
        assert loss.eval(feed_dict=feed) < before


def test_keras_layers_and_models_are_compatible_with_name_scopes():
    x = tf.placeholder(tf.float32, shape=(None, 20, 64))
    with tf.name_scope("block1"):
        y = LSTM(32, name="mylstm")(x)
    assert [variable.name for variable in tf.global_variables()] == [
        "block1/mylstm/kernel:0",
        "block1/mylstm/recurrent_kernel:0",
        "block1/mylstm/bias:0",
    ]
    assert y.name.startswith("block1/mylstm/")


def devices_that_ran(fetch, feed):
    """The devices that TensorFlow itself says the operations of a step ran on."""
    metadata = tf.RunMetadata()
    options = tf.RunOptions(output_partition_graphs=True)
    K.get_session().run(fetch, feed, options=options, run_metadata=metadata)
    nodes = [node for graph in metadata.partition_graphs for node in graph.node]
    return {node.device[-5:] for node in nodes if not node.op.startswith("_")}


def test_keras_layers_and_models_are_compatible_with_device_scopes():
    with tf.device("/cpu:1"):
        x = tf.placeholder(tf.float32, shape=(None, 20, 64))
        y = LSTM(32)(x)  # all ops / variables in the LSTM layer will live on this device
    made = tf.get_default_graph().get_operations()
    # A read is placed with its variable by TensorFlow itself, and says nothing of its own.
    assert {op.device for op in made if op.type != "ReadVariableOp"} == {"/device:CPU:1"}
    K.set_session(two_cpus())
    assert devices_that_ran(y, {x: np.zeros((1, 20, 64))}) == {"CPU:1"}


def test_keras_layers_and_models_are_compatible_with_graph_scopes():
    my_graph = tf.Graph()
    with my_graph.as_default():
        x = tf.placeholder(tf.float32, shape=(None, 20, 64))
        y = LSTM(32)(x)  # all ops / variables in the LSTM layer are created as part of our graph
    assert y.graph is my_graph
    assert not tf.get_default_graph().get_operations()


def test_variable_sharing_is_done_by_calling_the_same_layer_and_not_via_variable_scopes():
    # instantiate a Keras layer
    lstm = LSTM(32)
    # instantiate two TF placeholders
    x = tf.placeholder(tf.float32, shape=(None, 20, 64))
    y = tf.placeholder(tf.float32, shape=(None, 20, 64))
    # encode the two tensors with the *same* LSTM weights
    x_encoded = lstm(x)
    y_encoded = lstm(y)
    data = np.random.rand(2, 20, 64)
    first, second = K.get_session().run([x_encoded, y_encoded], {x: data, y: data})
    assert len(tf.global_variables()) == 3
    np.testing.assert_allclose(first, second, rtol=1e-6)


def test_a_keras_layer_ignores_the_reuse_and_the_initializer_of_a_variable_scope():
    x = tf.placeholder(tf.float32, shape=(None, 4))
    for _ in range(2):
        with tf.variable_scope("vs", reuse=tf.AUTO_REUSE, initializer=tf.ones_initializer()):
            Dense(2, use_bias=False)(x)
    assert [variable.name for variable in tf.global_variables()] == [
        "vs/dense_1/kernel:0",
        "vs_1/dense_2/kernel:0",
    ]
    assert (K.get_value(tf.global_variables()[0]) != 1).any()


def test_update_ops_are_made_from_the_pairs_of_layer_updates():
    x = tf.placeholder(tf.float32, shape=(None, 4))
    layer = BatchNormalization()(x)  # the tutorial's own mistake: this is a tensor
    update_ops = []
    for old_value, new_value in layer.updates:
        update_ops.append(tf.assign(old_value, new_value))
    sess = K.get_session()
    data = np.random.rand(8, 4)
    sess.run(update_ops, {x: data})
    moving_mean = tf.global_variables()[2]
    np.testing.assert_allclose(sess.run(moving_mean), data.mean(axis=0), rtol=1e-5)


def test_the_trainable_weights_of_a_layer_are_tensorflow_variables():
    x = tf.placeholder(tf.float32, shape=(None, 4))
    layer = Dense(32)(x)  # instantiate and call a layer
    assert [weight.name for weight in layer.trainable_weights] == [
        "dense_1/kernel:0",
        "dense_1/bias:0",
    ]
    assert all(isinstance(weight, tf.Variable) for weight in layer.trainable_weights)


def test_knowing_the_trainable_weights_we_can_run_our_own_training_routine():
    x = tf.placeholder(tf.float32, shape=(None, 4))
    first, second = Dense(8), Dense(1)
    loss = tf.reduce_mean(tf.square(second(first(x))))
    step = tf.train.AdamOptimizer(0.1).minimize(loss, var_list=second.trainable_weights)
    sess = K.get_session()
    before = first.get_weights() + second.get_weights()
    sess.run(step, {x: np.ones((2, 4))})
    after = first.get_weights() + second.get_weights()
    assert [bool((old != new).any()) for old, new in zip(before, after)] == [
        False,
        False,
        True,
        True,
    ]


# ---- II: using Keras models with TensorFlow
# -------------------------------------------------------


def test_a_sequential_model_takes_a_custom_input_tensor():
    # this is our custom input tensor: preprocessed raw data
    raw = tf.placeholder(tf.float32, shape=(None, 784))
    custom_input_tensor = raw / 255.0
    model = Sequential()
    model.add(InputLayer(input_tensor=custom_input_tensor, input_shape=(None, 784)))
    model.add(Dense(32, activation="relu"))
    model.add(Dense(10, activation="softmax"))
    output_tensor = model.output
    assert output_tensor.shape.as_list() == [None, 10]
    assert K.get_session().run(output_tensor, {raw: batch()[0]}).shape == (6, 10)


def test_new_tensorflow_operations_go_on_top_of_the_output_of_a_model():
    model = Sequential([Dense(3, input_shape=(4,))])
    largest = tf.argmax(model.output, axis=1)
    data = np.random.rand(5, 4)
    assert (
        K.get_session().run(largest, {model.input: data}).tolist()
        == model.predict(data).argmax(1).tolist()
    )


def test_a_keras_model_is_called_on_a_tensorflow_tensor_and_reuses_its_variables():
    model = Sequential()
    model.add(Dense(32, activation="relu", input_dim=784))
    model.add(Dense(10, activation="softmax"))
    weights = len(tf.global_variables())
    x = tf.placeholder(tf.float32, shape=(None, 784))
    y = model(x)
    images, _ = batch()
    np.testing.assert_allclose(
        K.get_session().run(y, {x: images}), model.predict(images), rtol=1e-5
    )
    assert len(tf.global_variables()) == weights
    assert model.output is not y and model.output.shape.as_list() == [None, 10]


def test_a_raw_tensorflow_operation_may_stand_between_the_input_and_the_output_of_a_model():
    x = Input(shape=(4,))
    model = Model(x, Dense(2)(tf.nn.relu(Dense(3)(x)) * 2.0))
    data = np.random.rand(5, 4)
    again = K.get_session().run(model(K.constant(data)))
    np.testing.assert_allclose(model.predict(data), again, rtol=1e-5)


def test_a_model_on_a_raw_placeholder_says_how_to_wrap_it():
    x = tf.placeholder(tf.float32, shape=(None, 4))
    with pytest.raises(ValueError, match=r"Input\(tensor=placeholder\)"):
        Model(x, Dense(2)(x))


# ---- III: multi-GPU and distributed training
# ------------------------------------------------------


def test_parts_of_a_model_are_assigned_to_different_devices():
    with tf.device("/cpu:0"):
        x = tf.placeholder(tf.float32, shape=(None, 5, 8))
        y = LSTM(4)(x)
    with tf.device("/cpu:1"):
        z = Dense(2)(y)
    assert (y.device, z.device) == ("/device:CPU:0", "/device:CPU:1")
    K.set_session(two_cpus())
    assert K.get_session().run(z, {x: np.zeros((3, 5, 8))}).shape == (3, 2)


def test_replicas_of_one_model_run_on_two_devices_and_are_merged_on_the_cpu():
    with tf.device("/cpu:0"):
        x = tf.placeholder(tf.float32, shape=(None, 784))
        # shared model living on CPU:0; it won't actually be run during training
        model = Sequential()
        model.add(Dense(32, activation="relu", input_dim=784))
        model.add(Dense(10, activation="softmax"))
    with tf.device("/cpu:0"):
        output_0 = model(x)  # all ops in the replica will live on this device
    with tf.device("/cpu:1"):
        output_1 = model(x)
    with tf.device("/cpu:0"):
        preds = 0.5 * (output_0 + output_1)  # merge outputs on CPU
    assert (output_0.device, output_1.device) == ("/device:CPU:0", "/device:CPU:1")
    images, _ = batch()
    K.set_session(two_cpus())
    output_value, alone = K.get_session().run([preds, output_0], feed_dict={x: images})
    np.testing.assert_allclose(output_value, alone, rtol=1e-5)
    assert len(tf.global_variables()) == 4


def test_a_session_on_a_server_makes_training_distributed():
    server = tf.train.Server.create_local_server()
    sess = tf.Session(server.target)
    K.set_session(sess)
    img, labels, preds = mnist_classifier()
    loss = tf.reduce_mean(categorical_crossentropy(labels, preds))
    train_step = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
    images, targets = batch()
    feed = {img: images, labels: targets}
    before = K.get_session().run(loss, feed)
    for _ in range(5):
        K.get_session().run(train_step, feed)
    assert K.get_session().run(loss, feed) < before


# ---- IV: exporting a model
# ------------------------------------------------------------------------


def test_a_model_is_rebuilt_with_the_learning_phase_fixed_at_0():
    previous_model = Sequential(
        [Dense(8, input_shape=(4,)), BatchNormalization(), Dropout(0.5), Dense(2)]
    )
    data = np.random.rand(5, 4)
    expected = previous_model.predict(data)
    K.set_learning_phase(0)  # all new operations will be in test mode from now on
    # serialize the model and get its weights, for quick re-building
    config = previous_model.get_config()
    weights = previous_model.get_weights()
    # re-build a model where the learning phase is now hard-coded to 0
    new_model = model_from_config(config)
    new_model.set_weights(weights)
    assert not new_model.uses_learning_phase
    np.testing.assert_allclose(new_model.predict(data), expected, rtol=1e-6)


# ---- what the tutorial leaves to the reader: states, masks, threads, one optimizer over everything
# --


def test_the_states_of_a_stateful_rnn_are_updates_too():
    x = tf.placeholder(tf.float32, shape=(2, 3, 4))
    lstm = LSTM(5, stateful=True)
    y = lstm(x)
    data = np.random.rand(2, 3, 4)
    sess = K.get_session()
    first = sess.run([y] + lstm.updates, {x: data})[0]
    second = sess.run([y] + lstm.updates, {x: data})[0]
    assert [len(pair) for pair in lstm.updates] == [2, 2]
    assert (first != second).any()
    lstm.reset_states()
    np.testing.assert_allclose(sess.run(y, {x: data}), first, rtol=1e-6)


def test_masks_reach_an_lstm_on_raw_placeholders():
    words = tf.placeholder(tf.int32, shape=(None, 4))
    y = LSTM(3)(Embedding(10, 5, mask_zero=True)(words))
    short, long = K.get_session().run(y, {words: [[7, 8, 0, 0], [7, 8, 9, 9]]})
    (again,) = K.get_session().run(y, {words: [[7, 8, 0, 0]]})
    np.testing.assert_allclose(short, again, rtol=1e-5)
    assert (short != long).any()


def test_one_optimizer_trains_keras_weights_and_raw_variables_together():
    x = tf.placeholder(tf.float32, shape=(None, 4))
    scale = tf.Variable(2.0, name="scale")
    layer = Dense(3)
    loss = tf.reduce_mean(tf.square(layer(x) * scale))
    step = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
    sess = K.get_session()  # initializes the raw variable and the slots as well
    before = [sess.run(scale)] + layer.get_weights()
    sess.run(step, {x: np.ones((2, 4))})
    after = [sess.run(scale)] + layer.get_weights()
    assert all((old != new).any() for old, new in zip(before, after))


def test_freezing_a_layer_is_obeyed_by_any_optimizer():
    x = tf.placeholder(tf.float32, shape=(None, 4))
    frozen, free = Dense(3), Dense(3)
    loss = tf.reduce_mean(tf.square(free(frozen(x))))
    frozen.trainable = False
    step = tf.train.AdamOptimizer().minimize(loss)
    before = frozen.get_weights()
    K.get_session().run(step, {x: np.ones((2, 4))})
    np.testing.assert_array_equal(frozen.get_weights()[0], before[0])
    frozen.trainable = True
    assert [variable.name for variable in tf.trainable_variables()] == [
        "dense_1/kernel:0",
        "dense_1/bias:0",
        "dense_2/kernel:0",
        "dense_2/bias:0",
    ]


def updates_moved(run):
    """The moving mean after updates were run in one of the ways of legacy code, and what it should
    be."""
    tf.reset_default_graph()
    x = tf.placeholder(tf.float32, shape=(None, 3))
    layer = BatchNormalization()
    y = layer(x)
    model_input = Input(tensor=x)
    model = Model(model_input, layer(model_input))
    train_step = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_mean(y))
    data = np.random.rand(16, 3)
    run(K.get_session(), layer, model, train_step, {x: data, K.learning_phase(): 1})
    return K.get_value(layer.moving_mean), data.mean(axis=0)


def by_assigning_pairs(sess, layer, model, train_step, feed):
    sess.run([tf.assign(old, new) for old, new in layer.updates[:2]], feed)


def by_running_them_with_the_train_step(sess, layer, model, train_step, feed):
    sess.run([train_step] + layer.updates[:2], feed)


def by_grouping_those_of_the_model(sess, layer, model, train_step, feed):
    sess.run(tf.group(*model.updates), feed)


def by_control_dependencies(sess, layer, model, train_step, feed):
    with tf.control_dependencies(layer.updates[:2]):
        done = tf.no_op()
    sess.run(done, feed)


def by_the_update_ops_collection(sess, layer, model, train_step, feed):
    update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    assert len(update_ops) == 4  # two calls give four entries
    sess.run(update_ops[:2], feed)


@pytest.mark.parametrize(
    "run",
    [
        by_assigning_pairs,
        by_running_them_with_the_train_step,
        by_grouping_those_of_the_model,
        by_control_dependencies,
        by_the_update_ops_collection,
    ],
    ids=lambda run: run.__name__,
)
def test_updates_move_the_statistics_in_every_way_legacy_code_runs_them(run):
    moved, expected = updates_moved(run)
    np.testing.assert_allclose(moved, expected, rtol=1e-5)


def test_regularization_losses_are_found_where_plain_tensorflow_looks_for_them():
    x = tf.placeholder(tf.float32, shape=(None, 3))
    layer = Dense(2, kernel_regularizer="l2", activity_regularizer="l1")
    layer(x)
    assert tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES) == layer.losses
    assert len(layer.get_losses_for(None)) == len(layer.get_losses_for(x)) == 1


def three_models_in_three_graphs():
    models = []
    for size in (3, 4, 5):
        with tf.Graph().as_default():
            models.append(
                Sequential([Dense(size, input_shape=(6,)), BatchNormalization(), Dense(2)])
            )
    return models


def test_predict_gives_the_same_numbers_from_8_threads_under_foreign_default_graphs():
    models = three_models_in_three_graphs()
    data = np.random.rand(40, 6)
    expected = [model.predict(data) for model in models]
    wrong = []

    def work(index):
        with tf.Graph().as_default():
            for round_ in range(5):
                which = (index + round_) % 3
                if not np.array_equal(models[which].predict(data), expected[which]):
                    wrong.append((index, round_))

    threads = [threading.Thread(target=work, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_prepared_model_predicts_after_the_graph_was_finalized():
    model = Sequential([Dense(2, input_shape=(3,))])
    data = np.random.rand(4, 3)
    expected = model.predict(data)
    tf.get_default_graph().finalize()
    np.testing.assert_array_equal(model.predict(data), expected)


def test_the_package_is_the_keras_tree():
    assert (
        keras.layers.Dense is Dense and keras.models.Sequential is Sequential and keras.backend is K
    )
