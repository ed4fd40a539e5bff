"""Small programs that use every symbol that two real scripts or more use.

A case is a function of ``(tf, folder)``; it gives values by name, the same on TensorFlow 1.15.5.
``used`` tells which symbols they use.
"""

import ast
import gzip
import os
import struct

import numpy as np

CASES = {}
X = np.linspace(-1.0, 1.0, 8).reshape(8, 1).astype("float32")
Y = 2.0 * X
CLASSES = np.array([0, 0, 0, 0, 1, 1, 1, 1])


def case(function):
    CASES[function.__name__] = function
    return function


def observe(tf, name, folder):
    """What a case gives, as lists and numbers."""
    with tf.Graph().as_default():
        tf.set_random_seed(1)
        return {key: _plain(value) for key, value in CASES[name](tf, folder).items()}


def _plain(value):
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return _plain(value.tolist()) if isinstance(value, (np.ndarray, np.generic)) else value


def numbers(tf, tensors):
    """What tensors are in a new session, after every kind of initialization."""
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run([tf.local_variables_initializer(), tf.tables_initializer()])
        return session.run(tensors)


def line_of(tf):
    def line(features, labels, mode):
        start = tf.constant_initializer(0.5)
        predictions = tf.layers.dense(features["x"], 1, kernel_initializer=start)
        if mode == tf.estimator.ModeKeys.PREDICT:
            exported = {"serving_default": tf.estimator.export.PredictOutput({"y": predictions})}
            return tf.estimator.EstimatorSpec(mode, predictions, export_outputs=exported)
        loss = tf.losses.mean_squared_error(labels, predictions)
        error = {"rmse": tf.metrics.root_mean_squared_error(labels, predictions)}
        if mode == tf.estimator.ModeKeys.EVAL:
            return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops=error)
        step = None
        if mode == tf.estimator.ModeKeys.TRAIN:
            step = tf.contrib.layers.optimize_loss(loss, tf.train.get_global_step(), 0.1, "SGD")
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step)

    return line


@case
def an_estimator_is_trained_evaluated_exported_and_served(tf, folder):
    def serve():
        placeholder = tf.placeholder(tf.float32, [None, 1])
        return tf.estimator.export.ServingInputReceiver({"x": placeholder}, {"x": placeholder})

    config = tf.estimator.RunConfig(model_dir=folder, save_checkpoints_steps=2)
    estimator = tf.estimator.Estimator(line_of(tf), config=config)
    read = tf.estimator.inputs.numpy_input_fn({"x": X}, Y, batch_size=4, shuffle=False)
    exporter = tf.estimator.LatestExporter("latest", serve)
    metrics, exports = tf.estimator.train_and_evaluate(
        estimator,
        tf.estimator.TrainSpec(read, max_steps=2),
        tf.estimator.EvalSpec(read, exporters=exporter, throttle_secs=0),
    )
    predict = tf.contrib.predictor.from_saved_model(exports[0].decode())
    raw = tf.estimator.export.build_raw_serving_input_receiver_fn({"x": tf.zeros([1, 1])})()
    one = tf.estimator.export.TensorServingInputReceiver(tf.zeros([1]), {"x": tf.zeros([1])})
    return {
        "metrics": [float(metrics[key]) for key in ("global_step", "loss", "rmse")],
        "served": predict({"x": X})["y"],
        "raw": [sorted(raw.features), raw.receiver_tensors["x"].shape.as_list()],
        "one": [sorted(one.receiver_tensors), one.features.shape.as_list()],
    }


@case
def an_experiment_of_contrib_learn_runs_by_every_path_to_it(tf, folder):
    def line(features, labels, mode):
        start = tf.constant_initializer(0.5)
        predictions = tf.contrib.layers.fully_connected(
            features["x"], 1, activation_fn=None, weights_initializer=start
        )
        loss = train = None
        if mode == tf.contrib.learn.ModeKeys.TRAIN or mode == tf.contrib.learn.ModeKeys.EVAL:
            loss = tf.reduce_mean(tf.squared_difference(predictions, labels))
            step = tf.contrib.framework.get_global_step()
            train = tf.contrib.layers.optimize_loss(loss, step, 0.1, "SGD")
        return tf.contrib.learn.ModelFnOps(mode, predictions, loss, train)

    def serve():
        inputs = {"x": tf.placeholder(tf.float32, [None, 1])}
        return tf.contrib.learn.utils.input_fn_utils.InputFnOps(inputs, None, inputs)

    def read():
        return {"x": tf.constant(X)}, tf.constant(Y)

    def trial(strategy):
        error = tf.contrib.learn.MetricSpec(tf.contrib.metrics.streaming_accuracy)
        return lambda output_dir: tf.contrib.learn.Experiment(
            tf.contrib.learn.Estimator(
                line, config=tf.contrib.learn.RunConfig(model_dir=output_dir)
            ),
            read,
            read,
            eval_metrics={"same": error},
            train_steps=2,
            eval_steps=1,
            export_strategies=[strategy],
        )

    new = tf.contrib.learn.make_export_strategy(serve)
    old = tf.contrib.learn.python.learn.utils.saved_model_export_utils.make_export_strategy(serve)
    runs = [
        tf.contrib.learn.learn_runner.run(trial(new), os.path.join(folder, "new")),
        tf.contrib.learn.python.learn.learn_runner.run(trial(old), os.path.join(folder, "old")),
    ]
    return {
        "results": [
            [float(results[key]) for key in ("global_step", "loss", "same")] for results, _ in runs
        ],
        "exports": [len(exports) for _, exports in runs],
    }


@case
def a_canned_classifier_learns_from_contrib_columns(tf, folder):
    words = tf.contrib.layers.sparse_column_with_keys("w", ["a", "b"])
    columns = [
        tf.contrib.layers.real_valued_column("x"),
        tf.contrib.layers.embedding_column(words, 2),
    ]
    classifier = tf.contrib.learn.DNNClassifier([16], columns, n_classes=2, model_dir=folder)

    def read():
        indices = [[row, 0] for row in range(8)]
        words = tf.SparseTensor(indices, ["a"] * 4 + ["b"] * 4, [8, 1])
        return {"x": tf.constant(X), "w": words}, tf.constant(CLASSES)

    classifier.fit(input_fn=read, steps=60)
    return {"accuracy": float(classifier.evaluate(input_fn=read, steps=1)["accuracy"])}


@case
def hyperparameters_are_parsed_by_both_paths(tf, folder):
    new = tf.contrib.training.HParams(rate=0.1, layers=[1, 2], name="a")
    old = tf.contrib.training.python.training.hparam.HParams(rate=0.1)
    return {"new": sorted(new.parse("rate=0.5,name=b").values().items()), "old": old.values()}


@case
def layers_and_cells_make_a_network(tf, folder):
    start = tf.constant_initializer(0.1)
    with tf.variable_scope("net", initializer=start):
        images = tf.reshape(tf.cast(tf.range(32), tf.float32), [2, 4, 4, 1]) / 32.0
        x = tf.layers.conv2d(images, 2, 3, activation=tf.nn.relu, padding="same")
        x = tf.layers.max_pooling2d(x, 2, 2)
        x = tf.layers.dropout(tf.contrib.layers.flatten(x), 0.5, training=False)
        layer = tf.contrib.layers.fully_connected
        x = tf.contrib.layers.stack(x, layer, [4, 3], weights_initializer=start)
        cell = tf.contrib.rnn.BasicLSTMCell(2)
        outputs, state = tf.contrib.rnn.static_rnn(cell, [x, x], dtype=tf.float32)
        last = tf.layers.dense(outputs[-1], 5, kernel_initializer=start)
    names = [each.op.name for each in tf.trainable_variables()]
    return {"names": names, "values": numbers(tf, [x, last, state.c, state.h])}


@case
def tables_turn_words_to_numbers_and_back(tf, folder):
    path = os.path.join(folder, "words.txt")
    with tf.gfile.Open(path, "w") as file:
        file.write("a\nb\n")
    by_file = tf.contrib.lookup.index_table_from_file(path)
    by_tensor = tf.contrib.lookup.index_table_from_tensor(tf.constant(["a", "b"]))
    back = tf.contrib.lookup.index_to_string_table_from_tensor(tf.constant(["a", "b"]))
    words = tf.constant(["b", "z"], tf.string)
    looked_up = [by_file.lookup(words), by_tensor.lookup(words)]
    return {"found": numbers(tf, looked_up + [back.lookup(tf.constant([1, 5], tf.int64))])}


@case
def accuracy_is_counted_batch_by_batch(tf, folder):
    _, old = tf.contrib.metrics.streaming_accuracy(tf.constant([1, 0]), tf.constant([1, 1]))
    _, new = tf.metrics.accuracy(labels=tf.constant([1, 1]), predictions=tf.constant([1, 0]))
    return {"accuracies": numbers(tf, [old, new])}


@case
def the_tutorials_digits_are_read(tf, folder):
    for part, count in {"train": 5003, "t10k": 3}.items():
        pixels = struct.pack(">IIII", 2051, count, 28, 28) + b"\1" * (count * 784)
        labels = struct.pack(">II", 2049, count) + b"\2" * count
        for name, content in [("images-idx3", pixels), ("labels-idx1", labels)]:
            with gzip.open(os.path.join(folder, "%s-%s-ubyte.gz" % (part, name)), "wb") as file:
                file.write(content)
    digits = tf.examples.tutorials.mnist.input_data.read_data_sets(folder, one_hot=True)
    images, labels = digits.train.next_batch(2)
    sizes = [digits.train.num_examples, digits.validation.num_examples, digits.test.num_examples]
    return {"sizes": sizes, "pixel": images[0, 0], "labels": labels}


@case
def operations_of_every_kind_run(tf, folder):
    x = tf.constant([[1.0, 4.0], [9.0, 16.0]])
    flag = tf.placeholder_with_default(tf.constant(True, tf.bool), [])
    pieces = tf.split(x, 2, axis=1)
    shape = tf.shape(tf.reshape(x, [4]))
    with tf.device("/cpu:0"), tf.name_scope("scope"):
        chosen = tf.cond(flag, lambda: tf.sqrt(x), lambda: tf.square(x))
    found = {
        "picked": tf.gather(x, tf.convert_to_tensor([1])),
        "roots": chosen,
        "joined": tf.concat([tf.squeeze(each) for each in pieces], 0),
        "largest": tf.argmax(x, 1),
        "masked": tf.boolean_mask(x, tf.equal(x, 4.0)),
        "clipped": tf.clip_by_value(tf.cast(x, tf.int32), 2, 10),
        "long": tf.to_int64(x),
        "hot": tf.one_hot([1], 2, dtype=tf.uint8),
        "padded": tf.pad(tf.tile(tf.expand_dims(tf.zeros([1]), 0), [2, 1]), [[0, 0], [1, 0]]),
        "sliced": tf.slice(tf.transpose(x), [0, 0], [1, 2]),
        "where": tf.where(x > 4.0, x, tf.zeros_like(x)),
        "mapped": tf.map_fn(lambda row: tf.reduce_sum(row * row), x),
        "product": tf.matmul(x, tf.multiply(x, 0.5)),
        "mean": tf.reduce_mean(x, 0),
        "stopped": tf.gradients(tf.stop_gradient(x) * x, x)[0],
        "logs": tf.log(tf.identity(x)),
        "printed": tf.Print(shape, [shape], first_n=0),
        "normal": tf.random_normal([2], seed=2),
        "uniform": tf.random_uniform([2], seed=2),
        "truncated": tf.truncated_normal([2], seed=2),
        "boxes": tf.image.non_max_suppression(tf.constant([[0.0, 0, 1, 1]]), [0.5], 1),
    }
    values = numbers(tf, found)
    session = tf.InteractiveSession()
    values["text"] = tf.constant("text").eval()
    session.close()
    return values


@case
def neural_operations_and_losses_agree(tf, folder):
    x, labels = tf.constant([[2.0, 0.0, 1.0]]), tf.constant([0])
    hot = tf.one_hot(labels, 3)
    pooled = tf.nn.max_pool(tf.reshape(x, [1, 1, 3, 1]), [1, 1, 3, 1], [1, 1, 1, 1], "VALID")
    found = {
        "loss": tf.losses.softmax_cross_entropy(hot, x),
        "sparse_loss": tf.losses.sparse_softmax_cross_entropy(labels, x),
        "entropy": tf.nn.softmax_cross_entropy_with_logits(labels=hot, logits=x),
        "sparse": tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=x),
        "softmax": tf.nn.softmax(x),
        "activations": [tf.nn.sigmoid(x), tf.nn.tanh(x), tf.nn.relu(-x)],
        "top": [tf.nn.top_k(x).indices, tf.nn.in_top_k(x, labels, 1)],
        "rest": [tf.nn.l2_loss(x), pooled],
    }
    return numbers(tf, found)


@case
def variables_are_made_trained_saved_and_found(tf, folder):
    config = tf.ConfigProto(gpu_options=tf.GPUOptions(allow_growth=True))
    with tf.Graph().as_default() as graph, tf.Session(config=config) as session:
        with tf.variable_scope("net"):
            w = tf.get_variable("w", [2], initializer=tf.constant_initializer(3.0))
        step = tf.train.get_or_create_global_step()
        loss = tf.reduce_sum(tf.square(w)) + tf.Variable(1.0, trainable=False)
        trainers = [
            tf.train.AdamOptimizer(0.1),
            tf.train.GradientDescentOptimizer(0.1),
            tf.train.RMSPropOptimizer(0.1),
            tf.train.MomentumOptimizer(0.1, 0.9),
        ]
        trains = [each.minimize(loss, step) for each in trainers]
        tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, trains[0])
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            after = tf.identity(w.read_value())
        tf.summary.scalar("loss", loss)
        tf.summary.histogram("w", w)
        session.run(tf.initialize_all_variables())
        with tf.summary.FileWriter(folder, graph) as writer:
            writer.add_summary(session.run(tf.summary.merge_all()), 1)
        values = {"loss": session.run(loss), "w": [session.run(after)]}
        for train in trains[1:]:
            session.run(tf.group(train))
            values["w"].append(session.run(w))
        tf.train.Saver().save(session, os.path.join(folder, "model"), step)
        values["step"] = [session.run(each) for each in tf.get_collection(tf.GraphKeys.GLOBAL_STEP)]
        trainable = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES)
        values["names"] = [each.op.name for each in trainable + tf.trainable_variables()]
        values["same_graph"] = tf.get_default_graph() is graph
    found = tf.train.get_checkpoint_state(folder).model_checkpoint_path
    return dict(values, checkpoint=os.path.basename(found))


@case
def a_signature_is_exported_by_the_paths_of_tensorflow_python(tf, folder):
    path = os.path.join(folder, "export")
    saved_model = tf.python.saved_model
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None])
        keys = {
            str(tf.python.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY),
            str(tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY),
        }
        signature = tf.python.saved_model.signature_def_utils_impl.predict_signature_def(
            {"x": x}, {"y": x + 1.0}
        )
        builder = tf.python.saved_model.builder.SavedModelBuilder(path)
        builder.add_meta_graph_and_variables(
            session,
            [tf.python.saved_model.tag_constants.SERVING],
            dict.fromkeys(keys, signature),
        )
        builder.save()
    method = saved_model.signature_constants.PREDICT_METHOD_NAME
    predict = tf.contrib.predictor.from_saved_model(path)
    same = signature.method_name == method
    return {"keys": sorted(keys), "method": same, "y": predict({"x": [1.0]})["y"]}


@case
def columns_and_the_classes_behind_them_are_found(tf, folder):
    number = tf.feature_column.numeric_column("n")
    words = tf.feature_column.categorical_column_with_vocabulary_list("w", ["a", "b"])
    crossed = tf.feature_column.crossed_column(["w", words], 3)
    columns = [number] + [tf.feature_column.indicator_column(each) for each in (words, crossed)]
    features = {"n": tf.constant([[1.0]]), "w": tf.constant([["b"]])}
    private = tf.python.feature_column.feature_column
    old = private._numeric_column("n")
    by_vocabulary = private._categorical_column_with_vocabulary_list("w", ["a"])
    kinds = [
        isinstance(old, tf.python.feature_column.feature_column._NumericColumn),
        isinstance(
            private._bucketized_column(old, [0.0]),
            tf.python.feature_column.feature_column._BucketizedColumn,
        ),
        isinstance(
            by_vocabulary,
            tf.python.feature_column.feature_column._VocabularyListCategoricalColumn,
        ),
    ]
    return {"row": numbers(tf, tf.feature_column.input_layer(features, columns)), "kinds": kinds}


@case
def a_gradient_is_registered_once_and_overridden(tf, folder):
    if "GuidedInTest" not in tf.python.framework.ops._gradient_registry._registry:
        tf.RegisterGradient("GuidedInTest")(lambda op, gradient: 7.0 * gradient)
    x = tf.constant(-1.0)
    with tf.get_default_graph().gradient_override_map({"Relu": "GuidedInTest"}):
        y = tf.nn.relu(x)
    return {"gradient": numbers(tf, tf.gradients(y, x))}


@case
def data_is_read_by_datasets(tf, folder):
    for name in ("a.csv", "b.csv"):
        with open(os.path.join(folder, name), "w") as file:
            file.write("1,2\n3,4\n")
    records = os.path.join(folder, "records")
    with tf.python_io.TFRecordWriter(records) as writer:
        feature = tf.train.Feature(int64_list=tf.train.Int64List(value=[7]))
        example = tf.train.Example(features=tf.train.Features(feature={"f": feature}))
        writer.write(example.SerializeToString())

    wanted = {"f": tf.FixedLenFeature([], tf.int64)}

    def parsed(record):
        batch = tf.parse_example([record], wanted)["f"]
        return tf.parse_single_example(record, wanted)["f"], batch

    lines = tf.data.TextLineDataset(os.path.join(folder, "a.csv"))
    files = tf.data.Dataset.list_files(os.path.join(folder, "*.csv"), shuffle=False)
    datasets = {
        "lines": lines.map(lambda text: tf.decode_csv(text, [[0], [0]])),
        "records": tf.data.TFRecordDataset(records).map(parsed),
        "slices": tf.data.Dataset.from_tensor_slices([1, 2]),
        "files": files.map(lambda path: tf.string_split([path], os.sep).values[-1]),
        "whole": tf.data.Dataset.from_tensors([1, 2]),
    }
    return {name: elements(tf, dataset) for name, dataset in datasets.items()}


def elements(tf, dataset):
    following = dataset.make_one_shot_iterator().get_next()
    found = []
    with tf.Session() as session:
        try:
            while True:
                found.append(session.run(following))
        except tf.errors.OutOfRangeError:
            return found


@case
def data_is_read_by_queues(tf, folder):
    path = os.path.join(folder, "a.txt")
    with open(path, "w") as file:
        file.write("1 2\n" * 8)
    with tf.Session() as session:
        _, text = tf.TextLineReader().read(tf.train.string_input_producer([path]))
        words = tf.sparse_tensor_to_dense(tf.string_split([text]), default_value="")
        batch = tf.train.shuffle_batch([tf.reshape(words, [2])], 2, 8, 2)
        pattern = os.path.join(folder, "*.txt")
        count = tf.shape(tf.matching_files(pattern))
        once = tf.shape(tf.train.match_filenames_once(pattern))
        decoded = tf.decode_raw(tf.constant(["ab"]), tf.uint8)
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(session, coordinator)
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        values = session.run({"batch": batch, "counts": [count, once], "decoded": decoded})
        coordinator.request_stop()
        coordinator.join(threads)
    return values


@case
def files_flags_and_messages_work(tf, folder):
    inside = os.path.join(folder, "inside")
    tf.gfile.MakeDirs(inside)
    tf.gfile.DeleteRecursively(inside)
    tf.flags.DEFINE_integer("an_integer", 3, "")
    tf.flags.DEFINE_float("a_float", 0.5, "")
    tf.flags.DEFINE_string("a_string", "s", "")
    tf.app.flags.DEFINE_integer("another_integer", 4, "")
    tf.app.flags.DEFINE_string("another_string", "t", "")
    seen = []

    def main(argv):
        seen.extend([argv[1:], tf.flags.FLAGS.an_integer, tf.app.flags.FLAGS.another_string])

    try:
        tf.app.run(main, ["program", "--an_integer=5", "rest"])
    except SystemExit as end:
        seen.append(end.code)
    before = tf.logging.get_verbosity()
    tf.logging.set_verbosity(tf.logging.INFO)
    level = tf.logging.get_verbosity()
    tf.logging.info("a %s", "message")
    tf.logging.set_verbosity(tf.logging.__dict__["ERROR"])
    tf.logging.warning("no %s", "message")
    levels = [level, tf.logging.get_verbosity() == max(tf.logging.ERROR, 0)]
    tf.logging.set_verbosity(before)
    release = [int(part) > 0 for part in tf.__version__.split(".")[:1]]
    return {"seen": seen, "levels": levels, "release": release, "left": tf.gfile.Exists(inside)}


@case
def sessions_are_monitored_and_variables_placed(tf, folder):
    cluster = tf.train.ClusterSpec({"ps": ["localhost:0"], "worker": ["localhost:0"]})
    server = tf.train.Server({"local": ["localhost:0"]}, start=False)
    with tf.Graph().as_default(), tf.device(tf.train.replica_device_setter(cluster=cluster)):
        placed = tf.get_variable("placed", [])
    step = tf.train.get_or_create_global_step()
    train = tf.group(tf.assign_add(step, 1))
    hook = tf.train.LoggingTensorHook({"step": step}, every_n_iter=1)
    with tf.train.MonitoredSession(hooks=[hook]) as session:
        session.run(train)
        steps = session.run(step)
    with tf.summary.FileWriter(folder) as writer:
        cached = tf.summary.FileWriterCache.get(folder) is not writer
    tf.summary.FileWriterCache.clear()
    kinds = [isinstance(placed, tf.Variable), isinstance(tf.test.is_built_with_cuda(), bool)]
    target = server.target.split(":")[0]
    return {"device": placed.device, "steps": steps, "kinds": kinds + [cached], "target": target}


def used(path=__file__):
    """The symbols of ``tf`` that a file uses: calls, hands to a call, or decides by."""
    with open(path.replace(".pyc", ".py")) as file:
        tree = ast.parse(file.read())
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    return {
        _dotted(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and _is_use(node, above)
    }


def _is_use(node, above):
    *_, last = _parents(node, above)
    return isinstance(last, (ast.Call, ast.If))


def _parents(node, above):
    """The nodes around one, up to the first that is more than a place to put it."""
    places = (ast.List, ast.Tuple, ast.Dict, ast.keyword, ast.Attribute, ast.Subscript)
    places += (ast.Compare, ast.BoolOp)
    yield node
    while isinstance(node, places):
        node = above[node]
        yield node


def _dotted(node):
    if isinstance(node, ast.Attribute):
        return "%s.%s" % (_dotted(node.value), node.attr)
    return getattr(node, "id", "")
