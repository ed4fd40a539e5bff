"""Every symbol that real scripts use works: small programs that run them, and a test that none is
left out."""

import ast
import csv
import os
import struct

import numpy as np
import pytest

import tfkeras_compat.tensorflow as tf
from tfkeras_compat.errors import NotInLegacyError

USAGE = os.path.join(
    os.path.dirname(__file__), "../../../shared/usage/tf_symbols_missing_in_2.21.csv"
)
X = np.linspace(-1.0, 1.0, 8).reshape(8, 1).astype("float32")
Y = 2.0 * X
CLASSES = np.array([0, 0, 0, 0, 1, 1, 1, 1])


def numbers(*tensors):
    """What tensors are in a new session, after every kind of initialization."""
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run([tf.local_variables_initializer(), tf.tables_initializer()])
        return session.run(list(tensors))


def serve():
    placeholder = tf.placeholder(tf.float32, [None, 1])
    return tf.estimator.export.ServingInputReceiver({"x": placeholder}, {"x": placeholder})


def line(features, labels, mode):
    predictions = tf.layers.dense(features["x"], 1)
    if mode == tf.estimator.ModeKeys.PREDICT:
        exported = {"serving_default": tf.estimator.export.PredictOutput({"y": predictions})}
        return tf.estimator.EstimatorSpec(mode, predictions, export_outputs=exported)
    loss = tf.losses.mean_squared_error(labels, predictions)
    error = {"rmse": tf.metrics.root_mean_squared_error(labels, predictions)}
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops=error)
    assert mode == tf.estimator.ModeKeys.TRAIN
    step = tf.contrib.layers.optimize_loss(loss, tf.train.get_global_step(), 0.1, "SGD")
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step)


def test_an_estimator_is_trained_evaluated_exported_and_served(tmp_path):
    config = tf.estimator.RunConfig(model_dir=str(tmp_path), save_checkpoints_steps=2)
    estimator = tf.estimator.Estimator(line, config=config)
    read = tf.estimator.inputs.numpy_input_fn({"x": X}, Y, batch_size=4, shuffle=False)
    tf.estimator.train_and_evaluate(
        estimator,
        tf.estimator.TrainSpec(read, max_steps=2),
        tf.estimator.EvalSpec(
            read, exporters=tf.estimator.LatestExporter("latest", serve), throttle_secs=0
        ),
    )
    (export,) = (tmp_path / "export" / "latest").iterdir()
    predict = tf.contrib.predictor.from_saved_model(str(export))
    assert predict({"x": X})["y"].shape == (8, 1)
    directly = tf.contrib.predictor.from_estimator(estimator, serve)
    np.testing.assert_allclose(directly({"x": X})["y"], predict({"x": X})["y"])
    with pytest.raises(ValueError, match="unexpected keys in input_dict: .*'z'"):
        predict({"z": X})
    raw = tf.estimator.export.build_raw_serving_input_receiver_fn({"x": tf.zeros([1, 1])})
    assert isinstance(raw(), tf.estimator.export.ServingInputReceiver)
    one = tf.estimator.export.TensorServingInputReceiver(tf.zeros([1]), {"x": tf.zeros([1])})
    assert list(one.receiver_tensors) == ["x"]


def old_line(features, labels, mode):
    predictions = tf.contrib.layers.fully_connected(features["x"], 1, activation_fn=None)
    loss = train = None
    if mode in (tf.contrib.learn.ModeKeys.TRAIN, tf.contrib.learn.ModeKeys.EVAL):
        loss = tf.reduce_mean(tf.squared_difference(predictions, labels))
        step = tf.contrib.framework.get_global_step()
        train = tf.contrib.layers.optimize_loss(loss, step, 0.1, tf.train.MomentumOptimizer(0.1, 0))
    return tf.contrib.learn.ModelFnOps(mode, predictions, loss, train)


def old_serve():
    placeholder = tf.placeholder(tf.float32, [None, 1])
    inputs = {"x": placeholder}
    return tf.contrib.learn.utils.input_fn_utils.InputFnOps(inputs, None, inputs)


def test_an_experiment_of_contrib_learn_runs_by_every_path_to_it(tmp_path):
    def read():
        return {"x": tf.constant(X)}, tf.constant(Y)

    error = tf.contrib.learn.MetricSpec(tf.contrib.metrics.streaming_mean_squared_error)
    strategies = [
        tf.contrib.learn.make_export_strategy,
        tf.contrib.learn.python.learn.utils.saved_model_export_utils.make_export_strategy,
    ]

    def trial(output_dir):
        config = tf.contrib.learn.RunConfig(model_dir=output_dir)
        return tf.contrib.learn.Experiment(
            tf.contrib.learn.Estimator(old_line, config=config),
            read,
            read,
            eval_metrics={"error": error},
            train_steps=2,
            eval_steps=1,
            export_strategies=[strategy(old_serve) for strategy in strategies[:1]],
        )

    results, exports = tf.contrib.learn.learn_runner.run(trial, str(tmp_path / "a"))
    assert results["global_step"] == 2 and "error" in results and len(exports) == 1
    assert tf.contrib.learn.python.learn.learn_runner.run is tf.contrib.learn.learn_runner.run
    assert strategies[0] is strategies[1]


def test_a_canned_classifier_learns_from_contrib_columns(tmp_path):
    words = tf.contrib.layers.sparse_column_with_keys("w", ["a", "b"])
    columns = [tf.contrib.layers.real_valued_column("x"), tf.contrib.layers.one_hot_column(words)]
    classifier = tf.contrib.learn.DNNClassifier(
        hidden_units=[16], feature_columns=columns, n_classes=2, model_dir=str(tmp_path)
    )

    def read():
        indices = [[row, 0] for row in range(8)]
        words = tf.SparseTensor(indices, ["a"] * 4 + ["b"] * 4, [8, 1])
        return {"x": tf.constant(X), "w": words}, tf.constant(CLASSES)

    classifier.fit(input_fn=read, steps=60)
    assert classifier.evaluate(input_fn=read, steps=1)["accuracy"] == 1.0


def test_hyperparameters_are_found_by_both_paths():
    parameters = tf.contrib.training.HParams(rate=0.1)
    assert isinstance(parameters, tf.contrib.training.python.training.hparam.HParams)
    assert parameters.parse("rate=0.5").rate == 0.5


def test_layers_and_cells_make_a_network():
    images = tf.placeholder_with_default(np.ones([2, 4, 4, 1], "float32"), [None, 4, 4, 1])
    x = tf.layers.conv2d(images, 2, 3, activation=tf.nn.relu, padding="same")
    x = tf.layers.max_pooling2d(x, 2, 2)
    x = tf.layers.dropout(tf.contrib.layers.flatten(x), 0.5, training=True)
    x = tf.contrib.layers.stack(x, tf.contrib.layers.fully_connected, [4, 3])
    cell = tf.contrib.rnn.BasicLSTMCell(2)
    outputs, state = tf.contrib.rnn.static_rnn(cell, [x, x], dtype=tf.float32)
    found = numbers(tf.layers.dense(outputs[-1], 5), state.h)
    assert [each.shape for each in found] == [(2, 5), (2, 2)]
    names = {each.op.name for each in tf.trainable_variables()}
    assert {"conv2d/kernel", "Stack/fully_connected_2/weights", "dense/bias"} <= names


def test_tables_turn_words_to_numbers_and_back(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("a\nb\n")
    file = tf.contrib.lookup.index_table_from_file(str(path))
    tensor = tf.contrib.lookup.index_table_from_tensor(tf.constant(["a", "b"]))
    back = tf.contrib.lookup.index_to_string_table_from_tensor(tf.constant(["a", "b"]))
    words = tf.constant(["b", "z"])
    found = numbers(
        file.lookup(words), tensor.lookup(words), back.lookup(tf.constant([1], tf.int64))
    )
    assert [each.tolist() for each in found] == [[1, -1], [1, -1], [b"b"]]


def test_accuracy_is_counted_batch_by_batch():
    _, update = tf.contrib.metrics.streaming_accuracy(tf.constant([1, 0]), tf.constant([1, 1]))
    _, again = tf.metrics.accuracy(labels=tf.constant([1, 1]), predictions=tf.constant([1, 0]))
    assert numbers(update, again) == [0.5, 0.5]


@pytest.mark.skipif(tf.__version__.startswith("1."), reason="TensorFlow 1.15 has them itself")
@pytest.mark.parametrize(
    "symbol",
    [
        lambda: tf.contrib.cluster_resolver.TPUClusterResolver,
        lambda: tf.contrib.distribute.TPUStrategy,
        lambda: tf.contrib.distribute.initialize_tpu_system,
        lambda: tf.contrib.tpu.CrossShardOptimizer,
        lambda: tf.contrib.tpu.RunConfig,
        lambda: tf.contrib.tpu.TPUConfig,
        lambda: tf.contrib.tpu.TPUEstimator,
        lambda: tf.contrib.tpu.TPUEstimatorSpec,
    ],
)
def test_what_needs_a_tpu_says_so_when_it_is_called(symbol):
    found = symbol()
    with pytest.raises(NotInLegacyError, match=found.__name__ + ".*TPU.*tf.estimator.Estimator"):
        found("argument")


def test_the_tutorials_digits_are_read(tmp_path):
    shapes = {"train": 5003, "t10k": 3}
    for part, count in shapes.items():
        pixels = struct.pack(">IIII", 2051, count, 28, 28) + b"\1" * (count * 784)
        labels = struct.pack(">II", 2049, count) + b"\2" * count
        (tmp_path / (part + "-images-idx3-ubyte.gz")).write_bytes(_gzipped(pixels))
        (tmp_path / (part + "-labels-idx1-ubyte.gz")).write_bytes(_gzipped(labels))
    digits = tf.examples.tutorials.mnist.input_data.read_data_sets(str(tmp_path), one_hot=True)
    assert digits.train.images.shape == (3, 784) and digits.test.labels.shape == (3, 10)


def _gzipped(content):
    import gzip

    return gzip.compress(content)


def test_operations_of_every_kind_run():
    tf.set_random_seed(1)
    x = tf.constant([[1.0, 4.0], [9.0, 16.0]])
    picked = tf.gather(x, tf.convert_to_tensor([1]))
    pieces = tf.split(x, 2, axis=1)
    shape = tf.shape(tf.reshape(x, [4]))
    with tf.device("/cpu:0"), tf.name_scope("scope"):
        chosen = tf.cond(tf.constant(True), lambda: tf.sqrt(x), lambda: tf.square(x))
    found = {
        "picked": picked,
        "roots": chosen,
        "joined": tf.concat([tf.squeeze(each) for each in pieces], 0),
        "largest": tf.argmax(x, 1),
        "masked": tf.boolean_mask(x, tf.equal(x, 4.0)),
        "clipped": tf.clip_by_value(tf.to_int64(x), 2, 10),
        "hot": tf.one_hot(tf.cast([1], tf.int32), 2),
        "padded": tf.pad(tf.tile(tf.expand_dims(tf.zeros([1]), 0), [2, 1]), [[0, 0], [1, 0]]),
        "sliced": tf.slice(tf.transpose(x), [0, 0], [1, 2]),
        "where": tf.where(x > 4.0, x, tf.zeros_like(x)),
        "mapped": tf.map_fn(lambda row: tf.reduce_sum(row * row), x),
        "product": tf.matmul(x, tf.multiply(x, 0.0)),
        "stopped": tf.gradients(tf.stop_gradient(x) * x, x)[0],
        "logs": tf.log(tf.identity(x)),
        "printed": tf.Print(shape, [shape]),
        "random": tf.random_normal([2]) + tf.random_uniform([2]) + tf.truncated_normal([2]),
        "boxes": tf.image.non_max_suppression(tf.constant([[0.0, 0, 1, 1]]), [0.5], 1),
    }
    values = dict(zip(found, numbers(*found.values())))
    interactive = tf.InteractiveSession()
    assert tf.constant("text", tf.string).eval() == b"text"
    interactive.close()
    assert values["roots"].tolist() == [[1, 2], [3, 4]]
    assert values["joined"].tolist() == [1, 9, 4, 16]
    assert values["clipped"].tolist() == [[2, 4], [9, 10]]
    assert values["printed"].tolist() == [4] and values["boxes"].tolist() == [0]
    assert values["stopped"].tolist() == [[1, 4], [9, 16]]


def test_neural_operations_and_losses_agree():
    x, labels = tf.constant([[2.0, 0.0, 1.0]]), tf.constant([0])
    hot = tf.one_hot(labels, 3)
    losses = [
        tf.losses.softmax_cross_entropy(hot, x),
        tf.losses.sparse_softmax_cross_entropy(labels, x),
        tf.nn.softmax_cross_entropy_with_logits(labels=hot, logits=x),
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=x),
        -tf.log(tf.nn.softmax(x))[0, 0],
    ]
    pooled = tf.nn.max_pool(tf.reshape(x, [1, 1, 3, 1]), [1, 1, 3, 1], [1, 1, 1, 1], "VALID")
    rest = [tf.nn.top_k(x).indices, tf.nn.in_top_k(x, labels, 1), tf.nn.l2_loss(x), pooled]
    activations = [tf.nn.sigmoid(x), 0.5 + 0.5 * tf.nn.tanh(x / 2.0), tf.nn.relu(x)]
    found = numbers(*(losses + rest + activations))
    np.testing.assert_allclose([float(np.squeeze(each)) for each in found[:5]], found[0], rtol=1e-6)
    assert [float(np.squeeze(each)) for each in found[5:9]] == [0, 1, 2.5, 2]
    np.testing.assert_allclose(found[9], found[10], rtol=1e-6)


def test_variables_are_made_trained_saved_and_found(tmp_path):
    config = tf.ConfigProto(gpu_options=tf.GPUOptions(allow_growth=True))
    with tf.Graph().as_default() as graph, tf.Session(config=config) as session:
        with tf.variable_scope("net"):
            w = tf.get_variable("w", [2], initializer=tf.constant_initializer(3.0))
        step = tf.train.get_or_create_global_step()
        loss = tf.reduce_sum(tf.square(w))
        trainers = [
            tf.train.AdamOptimizer(0.1),
            tf.train.GradientDescentOptimizer(0.1),
            tf.train.RMSPropOptimizer(0.1),
        ]
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            train = tf.group(*[each.minimize(loss, step) for each in trainers])
        tf.summary.scalar("loss", loss)
        tf.summary.histogram("w", w)
        session.run(tf.initialize_all_variables())
        writer = tf.summary.FileWriter(str(tmp_path), graph)
        writer.add_summary(session.run([tf.summary.merge_all(), train])[0], 1)
        tf.summary.FileWriterCache.clear()
        tf.train.Saver().save(session, str(tmp_path / "model"), step)
        assert session.run(step) == 3 and (session.run(w) < 3).all()
        assert tf.get_collection(tf.GraphKeys.GLOBAL_STEP) == [step]
        assert tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES) == tf.trainable_variables()
        assert isinstance(w, tf.Variable) and tf.get_default_graph() is graph
        assert isinstance(tf.train.LoggingTensorHook([loss], every_n_iter=1).begin(), type(None))
    assert tf.train.get_checkpoint_state(str(tmp_path)).model_checkpoint_path.endswith("-3")


def test_a_signature_is_exported_by_the_paths_of_tensorflow_python(tmp_path):
    saved_model = tf.python.saved_model
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None])
        builder = tf.python.saved_model.builder.SavedModelBuilder(str(tmp_path / "export"))
        signature = tf.python.saved_model.signature_def_utils_impl.predict_signature_def(
            {"x": x}, {"y": x + 1.0}
        )
        key = tf.python.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY
        assert key == tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY
        tags = [tf.python.saved_model.tag_constants.SERVING]
        builder.add_meta_graph_and_variables(session, tags, {key: signature})
        builder.save()
    assert saved_model.loader is not None
    predict = tf.contrib.predictor.from_saved_model(str(tmp_path / "export"))
    assert predict({"x": [1.0]})["y"].tolist() == [2.0]


def test_columns_and_the_classes_behind_them_are_found():
    number = tf.feature_column.numeric_column("n")
    words = tf.feature_column.categorical_column_with_vocabulary_list("w", ["a", "b"])
    crossed = tf.feature_column.crossed_column(["w", words], 3)
    columns = [number] + [tf.feature_column.indicator_column(each) for each in (words, crossed)]
    features = {"n": tf.constant([[1.0]]), "w": tf.constant([["b"]])}
    (row,) = numbers(tf.feature_column.input_layer(features, columns))
    assert row.shape == (1, 6) and row.sum() == 3
    private = tf.python.feature_column.feature_column
    for name in ("_BucketizedColumn", "_NumericColumn", "_VocabularyListCategoricalColumn"):
        assert isinstance(getattr(private, name), type)
    assert tf.python.feature_column.feature_column._BucketizedColumn is private._BucketizedColumn
    assert tf.python.feature_column.feature_column._NumericColumn is private._NumericColumn
    assert tf.python.feature_column.feature_column._VocabularyListCategoricalColumn
    assert "MatMul" in tf.python.framework.ops._gradient_registry._registry


def test_data_is_read_by_datasets(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("1,2\n3,4\n")
    lines = tf.data.TextLineDataset(str(tmp_path / "a.csv")).map(
        lambda text: tf.decode_csv(text, [[0], [0]])
    )
    with tf.python_io.TFRecordWriter(str(tmp_path / "records")) as writer:
        feature = tf.train.Feature(int64_list=tf.train.Int64List(value=[7]))
        example = tf.train.Example(features=tf.train.Features(feature={"f": feature}))
        writer.write(example.SerializeToString())
    spec = {"f": tf.FixedLenFeature([], tf.int64)}
    (record,) = _elements(tf.data.TFRecordDataset(str(tmp_path / "records")))
    parsed = tf.parse_single_example(record, spec)["f"]
    many = tf.parse_example([record], spec)["f"]
    assert [int(np.squeeze(each)) for each in numbers(parsed, many)] == [7, 7]
    assert _elements(lines) == [(1, 2), (3, 4)]
    assert _elements(tf.data.Dataset.from_tensor_slices([1, 2])) == [1, 2]
    assert len(_elements(tf.data.Dataset.list_files(str(tmp_path / "*.csv")))) == 2
    assert [each.tolist() for each in _elements(tf.data.Dataset.from_tensors([1]))] == [[1]]


def _elements(dataset):
    following = tf.data.make_one_shot_iterator(dataset).get_next()
    found = []
    with tf.Session() as session:
        try:
            while True:
                found.append(session.run(following))
        except tf.errors.OutOfRangeError:
            return found


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_data_is_read_by_queues(tmp_path):
    (tmp_path / "a.txt").write_text("1 2\n" * 8)
    pattern = str(tmp_path / "*.txt")
    with tf.Graph().as_default(), tf.Session() as session:
        names = tf.train.match_filenames_once(pattern)
        _, text = tf.TextLineReader().read(tf.train.string_input_producer(names))
        words = tf.sparse_tensor_to_dense(tf.string_split([text]), default_value="")
        batch = tf.train.shuffle_batch([tf.reshape(words, [2])], 2, 8, 2)
        found = [batch, tf.matching_files(pattern), tf.decode_raw(tf.constant(["ab"]), tf.uint8)]
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(session, coordinator)
        values = session.run(found)
        coordinator.request_stop()
        coordinator.join(threads)
    assert values[0].tolist() == [[b"1", b"2"]] * 2 and len(values[1]) == 1
    assert values[2].tolist() == [[97, 98]]


def test_files_flags_messages_and_clusters_work(tmp_path):
    with tf.gfile.Open(str(tmp_path / "d.txt"), "w") as file:
        file.write("text")
    tf.gfile.DeleteRecursively(str(tmp_path))
    assert not tmp_path.exists()
    tf.flags.DEFINE_integer("an_integer", 3, "")
    tf.flags.DEFINE_float("a_float", 0.5, "")
    tf.flags.DEFINE_string("a_string", "s", "")
    tf.app.flags.DEFINE_integer("another_integer", 4, "")
    tf.app.flags.DEFINE_string("another_string", "t", "")
    with pytest.raises(SystemExit):
        tf.app.run(lambda argv: None, ["program"])
    flags = tf.flags.FLAGS
    assert (flags.an_integer, flags.a_float, tf.app.flags.FLAGS.another_string) == (3, 0.5, "t")
    before = tf.logging.get_verbosity()
    tf.logging.set_verbosity(tf.logging.ERROR)
    tf.logging.info("no %s", "message")
    tf.logging.warning("no message")
    tf.logging.set_verbosity(before)
    assert tf.logging.__dict__["INFO"] == tf.logging.INFO
    cluster = tf.train.ClusterSpec({"local": ["localhost:0"]})
    server = tf.train.Server({"local": ["localhost:0"]}, start=False)
    with tf.device(tf.train.replica_device_setter(ps_tasks=1)):
        placed = tf.get_variable("placed", [])
    assert cluster.jobs == ["local"] and "ps" in placed.device and server.target
    assert tf.test.is_built_with_cuda() in (True, False) and tf.bool and tf.__version__


def _used_here():
    """Every dotted name of ``tf`` in this file."""
    with open(__file__) as file:
        tree = ast.parse(file.read())
    return {_dotted(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def _dotted(node):
    if isinstance(node, ast.Attribute):
        return "%s.%s" % (_dotted(node.value), node.attr)
    return getattr(node, "id", "")


@pytest.mark.skipif(not os.path.exists(USAGE), reason="the usage table is not in this checkout")
def test_no_symbol_that_two_scripts_use_is_left_out():
    with open(USAGE) as file:
        needed = {row["symbol"] for row in csv.DictReader(file) if int(row["scripts"]) > 1}
    assert needed - _used_here() == set()
