"""Functions of ``tf.contrib`` whose numbers are compared with TensorFlow 1.15.5's.

A case is a function of ``(tf, contrib)`` that gives tensors by name.
"""

import importlib

import numpy as np

CASES = {}


def observe(tf, contrib, name):
    """The arrays that a case gives, and what is in the local variables afterwards."""
    with tf.Graph().as_default() as graph, tf.Session(graph=graph) as session:
        tf.set_random_seed(1)
        tensors = CASES[name](tf, contrib)
        session.run(
            [tf.global_variables_initializer(), tf.local_variables_initializer()]
            + [tf.tables_initializer()]
        )
        return {key: _plain(session.run(each)) for key, each in tensors.items()}


def _plain(value):
    """Text as text, so that the file needs no pickling."""
    value = np.asarray(value)
    return np.vectorize(bytes.decode)(value) if value.dtype.kind == "O" else value


def case(function):
    CASES[function.__name__] = function
    return function


LOGITS = np.cos(np.arange(12)).reshape(4, 3).astype("float32")
LABELS = np.eye(3, dtype="float32")[[0, 2, 1, 1]]
SCORES = np.sin(np.arange(2 * 4 * 3)).reshape(2, 4, 3).astype("float32")
TAGS = np.array([[0, 2, 1, 1], [1, 0, 0, 0]], "int32")
MOVES = np.cos(np.arange(9)).reshape(3, 3).astype("float32")
IMAGES = np.arange(2 * 5 * 5 * 1).reshape(2, 5, 5, 1).astype("float32")


@case
def losses(tf, c):
    x, y = tf.constant(LOGITS), tf.constant(LABELS)
    p = tf.sigmoid(x)
    by_row = tf.constant([0.0, 1.0, 2.0, 1.0])
    found = {
        "absolute": c.losses.absolute_difference(p, y),
        "squared": c.losses.mean_squared_error(p, y, weights=by_row),
        "log": c.losses.log_loss(p, y, weights=tf.reshape(by_row, [4, 1])),
        "sigmoid": c.losses.sigmoid_cross_entropy(x, y, label_smoothing=0.2),
        "softmax": c.losses.softmax_cross_entropy(x, y, by_row, label_smoothing=0.1),
        "sparse": c.losses.sparse_softmax_cross_entropy(x, tf.argmax(y, 1), 0.5),
        "hinge": c.losses.hinge_loss(x, y),
        "pairwise": c.losses.mean_pairwise_squared_error(p, y),
        "cosine": c.losses.cosine_distance(p, y, dim=1),
        "weighted": c.losses.compute_weighted_loss(x, by_row),
    }
    names = [each.op.name for each in c.losses.get_losses()]
    return dict(found, total=c.losses.get_total_loss(), count=tf.constant(len(names)))


@case
def metrics(tf, c):
    x, y = tf.constant(LOGITS), tf.constant(LABELS)
    p, q = tf.argmax(x, 1), tf.argmax(y, 1)
    found = {
        "accuracy": c.metrics.streaming_accuracy(p, q),
        "weighted": c.metrics.streaming_accuracy(p, q, tf.constant([1.0, 0.0, 2.0, 1.0])),
        "precision": c.metrics.streaming_precision(x > 0, y > 0),
        "recall": c.metrics.streaming_recall(x > 0, y > 0),
        "auc": c.metrics.streaming_auc(tf.sigmoid(x), y, num_thresholds=20),
        "rmse": c.metrics.streaming_root_mean_squared_error(x, y),
        "absolute": c.metrics.streaming_mean_absolute_error(predictions=x, labels=y),
        "relative": c.metrics.streaming_mean_relative_error(x, y, y + 1.0),
        "iou": c.metrics.streaming_mean_iou(p, q, 3),
        "mean": c.metrics.streaming_mean(x),
        "less": c.metrics.streaming_percentage_less(x, 0.3),
        "at k": c.metrics.streaming_recall_at_k(x, q, 2),
        "sparse at k": c.metrics.streaming_sparse_recall_at_k(x, tf.reshape(q, [4, 1]), 2),
        "specific": c.metrics.streaming_specificity_at_sensitivity(
            tf.sigmoid(x), y > 0, 0.5, num_thresholds=20
        ),
        "cosine": c.metrics.streaming_mean_cosine_distance(x, y, 1),
    }
    updates = {key: update for key, (_, update) in found.items()}
    confusion = c.metrics.confusion_matrix(q, p)
    return dict(updates, batch=c.metrics.accuracy(p, q), confusion=confusion)


@case
def crf(tf, c):
    x, tags, lengths = tf.constant(SCORES), tf.constant(TAGS), tf.constant([4, 2])
    moves = tf.constant(MOVES)
    likelihood, _ = c.crf.crf_log_likelihood(x, tags, lengths, moves)
    decoded, score = c.crf.crf_decode(x, moves, lengths)
    live = tf.sequence_mask(lengths, 4, tf.int32)  # what follows the end is of no meaning
    return {
        "likelihood": likelihood,
        "gradient": tf.gradients(likelihood, [x])[0],
        "moves gradient": tf.gradients(likelihood, [moves])[0],
        "decoded": decoded * live,
        "score": score,
        "one step": c.crf.crf_log_norm(x[:, :1], tf.constant([1, 0]), moves),
        "viterbi": tf.constant(c.crf.viterbi_decode(SCORES[0], MOVES)[0]),
    }


@case
def images(tf, c):
    x = tf.constant(IMAGES)
    turn = c.image.angles_to_projective_transforms(0.3, 5.0, 5.0)
    move = c.image.translations_to_projective_transforms([1.0, -1.0])
    both = c.image.compose_transforms(turn, move)
    return {
        "rotated": c.image.rotate(x, [0.5, 1.0], "BILINEAR"),
        "one image": c.image.rotate(x[0], np.pi / 2),
        "plane": c.image.rotate(x[0, :, :, 0], 0.4),
        "moved": c.image.translate(x, [1.0, 2.0]),
        "transform": both,
        "transformed": c.image.transform(x, both, "BILINEAR"),
    }


@case
def lookup(tf, c):
    words = tf.constant(["b", "c", "x"])
    table = c.lookup.index_table_from_tensor(["a", "b", "c"], num_oov_buckets=1)
    back = c.lookup.index_to_string_table_from_tensor(["a", "b"], default_value="?")
    pairs = c.lookup.KeyValueTensorInitializer(["b"], [5], tf.string, tf.int64)
    return {
        "index": table.lookup(words),
        "word": back.lookup(tf.constant([1, 7], tf.int64)),
        "hash": c.lookup.HashTable(pairs, -1).lookup(words),
        "first name": c.lookup.string_to_index(words, ["a", "b"]),
        "word again": c.lookup.index_to_string(tf.constant([0], tf.int64), tf.constant(["a"])),
    }


@case
def optimized(tf, c):
    found = {}
    for name in ("SGD", "Adam", "Momentum", "RMSProp", "Adagrad", "Ftrl"):
        with tf.variable_scope(name):
            weights = tf.get_variable("w", initializer=tf.constant(LOGITS))
            loss = tf.reduce_mean(tf.square(weights - LABELS))
            step = tf.train.get_or_create_global_step()
            train = c.layers.optimize_loss(
                loss,
                step,
                0.1,
                name,
                clip_gradients=0.1,
                gradient_multipliers={weights: 2.0},
                learning_rate_decay_fn=lambda rate, at: tf.train.exponential_decay(
                    rate, at, 1, 0.5
                ),
                variables=[weights],
                summaries=c.layers.OPTIMIZER_SUMMARIES,
            )
            with tf.control_dependencies([train]):
                found[name] = tf.identity(weights.read_value())
    tags = sorted(each.op.name for each in tf.get_collection(tf.GraphKeys.SUMMARIES))
    return dict(found, tags=tf.constant(tags))


@case
def framework(tf, c):
    f = c.framework
    with tf.variable_scope("net"):
        f.model_variable("a", [2], initializer=tf.ones_initializer(), collections=["mine"])
        with f.arg_scope([f.variable], trainable=False, initializer=tf.ones_initializer()):
            f.variable("b", [2])
            with f.arg_scope([f.variable], regularizer=c.layers.l2_regularizer(0.5)):
                f.variable("c", [2], trainable=True)
    f.local_variable(3.0, name="d")
    names = {
        "model": f.get_model_variables(),
        "trainable": f.get_trainable_variables("net"),
        "by name": f.get_variables_by_name("b"),
        "by suffix": f.get_variables_by_suffix("c", "net"),
        "local": f.get_local_variables(),
        "mine": f.get_variables(collection="mine"),
        "restored": f.get_variables_to_restore(exclude=["net/b"]),
        "filtered": f.filter_variables(tf.global_variables(), ["net"], ["c"]),
        "unique": [f.get_unique_variable("net/c")],
        "losses": tf.losses.get_regularization_losses(),
    }
    assign, feeds = f.assign_from_values({"net/a": np.array([5.0, 6.0])})
    return dict(
        {key: tf.constant([each.name for each in found]) for key, found in names.items()},
        summed=f.reduce_sum_n([tf.constant([1.0]), tf.constant([2.0, 3.0])], name="sums"),
        squeezed=f.remove_squeezable_dimensions(tf.zeros([2, 1]), tf.zeros([2]))[0],
        fed=tf.constant([len(feeds)]),
    )


@case
def regularized(tf, c):
    weights = tf.constant(LOGITS)
    both = c.layers.l1_l2_regularizer(0.1, 0.2)
    return {
        "l1": c.layers.l1_regularizer(0.3)(weights),
        "l2": c.layers.l2_regularizer(0.3)(weights),
        "both": both(weights),
        "sum": c.layers.sum_regularizer([both, None])(weights),
        "applied": c.layers.apply_regularization(both, [weights, weights]),
    }


@case
def columns(tf, c):
    features = {
        "age": tf.constant([[20.0], [40.0]]),
        "size": tf.constant([[1.0, 2.0], [3.0, 4.0]]),
        "word": tf.SparseTensor([[0, 0], [1, 0]], ["b", "a"], [2, 1]),
        "number": tf.SparseTensor([[0, 0], [1, 0]], tf.constant([1, 2], tf.int64), [2, 1]),
    }
    age = c.layers.real_valued_column("age", normalizer=lambda x: x / 10.0)
    word = c.layers.sparse_column_with_keys("word", ["a", "b"])
    number = c.layers.sparse_column_with_integerized_feature("number", 3)
    chosen = [
        age,
        c.layers.real_valued_column("size", dimension=2),
        c.layers.one_hot_column(word),
        c.layers.bucketized_column(c.layers.real_valued_column("age"), [30.0]),
        c.layers.embedding_column(number, 2, initializer=tf.ones_initializer()),
    ]
    spec = c.layers.create_feature_spec_for_parsing(chosen)
    inputs = c.layers.input_from_feature_columns(features, chosen)
    return {
        "sums": tf.reduce_sum(inputs, 1),
        "width": tf.shape(inputs),
        "spec": tf.constant(sorted(spec)),
    }


@case
def slim(tf, c):
    s = c.slim
    with s.arg_scope([s.conv2d], activation_fn=None, weights_initializer=tf.ones_initializer()):
        x = s.conv2d(tf.constant(IMAGES), 2, 3, scope="c")
    loss = s.losses.mean_squared_error(s.flatten(x), tf.zeros([2, 50]))
    train = s.learning.create_train_op(
        loss,
        tf.train.GradientDescentOptimizer(1e-6),
        clip_gradient_norm=1.0,
        gradient_multipliers={"c/weights": 2.0},
        summarize_gradients=True,
    )
    with tf.control_dependencies([train]):
        after = tf.identity(s.get_model_variables("c/weights")[0].read_value())
    return {"weights": after, "step": tf.train.get_global_step().read_value() * 0, "loss": loss}


# ---- beams ---------------------------------------------------------------------------------------


def waves(shape, dtype=None, partition_info=None):
    """An initializer without chance."""
    count = int(np.prod(shape)) if len(shape) else 1
    return np.sin(1.0 + 2.0 * np.arange(count)).reshape(shape).astype("float32")


def _searched(c, decoder, **options):
    outputs, state, lengths = c.seq2seq.dynamic_decode(decoder, maximum_iterations=6, **options)
    steps = outputs.beam_search_decoder_output
    return state, {
        "ids": outputs.predicted_ids,
        "scores": steps.scores,
        "parents": steps.parent_ids,
        "step_ids": steps.predicted_ids,
        "log_probs": state.log_probs,
        "finished": state.finished,
        "lengths": state.lengths,
        "lengths_of_the_loop": lengths,
    }


@case
def beams_of_words(tf, c):
    with tf.variable_scope("words", initializer=waves):
        cells = [tf.nn.rnn_cell.BasicLSTMCell(4), tf.nn.rnn_cell.GRUCell(3)]
        cell = tf.nn.rnn_cell.MultiRNNCell(cells)
        embedding = 2.0 * tf.get_variable("embedding", [6, 3])
        start = tf.nn.rnn_cell.LSTMStateTuple(tf.constant(SCORES[:, 0]), tf.constant(SCORES[:, 1]))
        start = tf.nest.map_structure(lambda x: tf.concat([x, x], 1)[:, :4], start)
        state = c.seq2seq.tile_batch((start, tf.constant(SCORES[:, 2])), 3)
        decoder = c.seq2seq.BeamSearchDecoder(
            cell,
            lambda ids: tf.nn.embedding_lookup(embedding, ids),
            [0, 2],
            1,
            state,
            3,
            tf.layers.Dense(6, kernel_initializer=waves),
            length_penalty_weight=0.8,
        )
        state, found = _searched(c, decoder)
    return dict(found, c=state.cell_state[0].c, h=state.cell_state[1])


@case
def beams_that_attend(tf, c):
    state, found = _attending(tf, c, [1, 2], 4)
    # The original does not put it in order where its shape is known.
    return dict(found, history=state.cell_state.alignment_history.stack())


@case
def beams_of_an_unknown_batch(tf, c):
    starts = tf.placeholder_with_default([1, 2], [None])
    state, found = _attending(tf, c, starts, 2 * tf.size(starts))
    return dict(found, history=state.cell_state.alignment_history)


def _attending(tf, c, starts, rows):
    memory = tf.constant(np.concatenate([SCORES, -SCORES], 2))
    with tf.variable_scope("attending", initializer=waves):
        mechanism = c.seq2seq.LuongAttention(
            4, c.seq2seq.tile_batch(memory, 2), c.seq2seq.tile_batch(tf.constant([4, 3]), 2)
        )
        cell = c.seq2seq.AttentionWrapper(
            tf.nn.rnn_cell.GRUCell(4), mechanism, attention_layer_size=3, alignment_history=True
        )
        decoder = c.seq2seq.BeamSearchDecoder(
            cell,
            3.0 * tf.get_variable("embedding", [5, 3]),
            starts,
            1,
            cell.zero_state(rows, tf.float32),
            2,
            tf.layers.Dense(5, kernel_initializer=waves),
            length_penalty_weight=0.3,
            coverage_penalty_weight=0.5,
        )
        state, found = _searched(c, decoder, output_time_major=True)
    found.update(
        attended=state.accumulated_attention_probs,
        alignments=state.cell_state.alignments,
        time=state.cell_state.time,
    )
    return state, found


@case
def ways_back_through_beams(tf, c):
    ids = tf.constant([[[2, 3, 4]], [[5, 9, 6]], [[7, 8, 1]], [[0, 2, 9]]])
    parents = tf.constant([[[0, 0, 0]], [[0, 2, 1]], [[1, 0, 2]], [[2, 1, 0]]])
    return {
        "all": c.seq2seq.gather_tree(ids, parents, [4], 9),
        "shorter": c.seq2seq.gather_tree(ids, parents, [3], 9),
    }


# ---- optimizers ----------------------------------------------------------------------------------


def _trained(tf, make, kinds=(False, True)):
    """Values after three steps, one after the other, of a table that is looked up and of weights;
    of reference and of resource variables."""
    found = {}
    for is_resource in kinds:
        with tf.variable_scope("resource" if is_resource else "ref", use_resource=is_resource):
            table = tf.get_variable("table", initializer=LOGITS)
            weights = tf.get_variable("weights", initializer=MOVES)
        optimizer, step = make(), tf.no_op()
        for _ in range(3):
            with tf.control_dependencies([step]):
                rows = tf.gather(table.read_value(), [1, 3, 1])
                loss = tf.reduce_sum(tf.square(tf.matmul(rows, weights.read_value()) - 1.0))
                pairs = optimizer.compute_gradients(loss, [table, weights])
            # Nothing is changed, nor decays, before all gradients are known.
            with tf.control_dependencies([each for pair in pairs for each in _parts(pair[0])]):
                step = optimizer.apply_gradients(pairs)
        with tf.control_dependencies([step]):
            values = [table.read_value(), weights.read_value()]
            found[table.op.name] = tf.concat(values, 0)
    return found


def _parts(gradient):
    return [gradient.values, gradient.indices] if hasattr(gradient, "indices") else [gradient]


@case
def lazy_adam(tf, c):
    return _trained(tf, lambda: c.opt.LazyAdamOptimizer(0.1, 0.8, 0.9))


@case
def nadam(tf, c):
    return _trained(tf, lambda: c.opt.NadamOptimizer(0.1, 0.8, 0.9))


@case
def adam_with_decay(tf, c):
    return _trained(tf, lambda: c.opt.AdamWOptimizer(0.05, 0.1, 0.8, 0.9))


@case
def momentum_with_decay(tf, c):
    return _trained(tf, lambda: c.opt.MomentumWOptimizer(0.05, 0.01, 0.9))


@case
def any_optimizer_with_decay(tf, c):
    kind = c.opt.extend_with_decoupled_weight_decay(tf.train.AdagradOptimizer)
    return _trained(tf, lambda: kind(0.05, learning_rate=0.1))


# 1.15.5 has no steps of theirs for rows of a resource variable.


@case
def add_sign(tf, c):
    return _trained(tf, lambda: c.opt.AddSignOptimizer(0.05, 0.5, 0.8, lambda _: 0.7), [False])


@case
def power_sign(tf, c):
    return _trained(tf, lambda: c.opt.PowerSignOptimizer(0.05, 3.0, 0.8), [False])


def _decays(c):
    if hasattr(c.opt, "get_linear_decay_fn"):
        return c.opt
    return importlib.import_module("tensorflow.contrib.opt.python.training.sign_decay")


@case
def signs_that_decay(tf, c):
    decays, found = _decays(c), {}
    decays = {
        "AddSign": decays.get_linear_decay_fn(4),
        "PowerSign": decays.get_cosine_decay_fn(4),
    }
    for name in sorted(decays):
        x = tf.get_variable(name, initializer=MOVES, use_resource=True)
        steps = tf.get_variable(name + "_steps", initializer=0, use_resource=True)
        optimizer = getattr(c.opt, name + "Optimizer")(0.1, sign_decay_fn=decays[name])
        step = tf.no_op()
        for _ in range(4):
            with tf.control_dependencies([step]):
                loss = tf.reduce_sum(tf.square(x.read_value() - SCORES[0, :3]))
                step = optimizer.apply_gradients(optimizer.compute_gradients(loss, [x]), steps)
        average = optimizer.get_slot(x, "m")
        with tf.control_dependencies([step]):
            found[name] = tf.concat([x.read_value(), average.read_value()], 0)
    return found


@case
def decays_of_signs(tf, c):
    decays = _decays(c)
    functions = {
        "linear": decays.get_linear_decay_fn(10),
        "cosine": decays.get_cosine_decay_fn(10),
        "cosine for a while": decays.get_cosine_decay_fn(10, 2, 2),
        "cosine for a period": decays.get_cosine_decay_fn(10, 2, zero_after=1),
        "restart": decays.get_restart_decay_fn(10),
        "restarts": decays.get_restart_decay_fn(10, 3),
        "restarts for a while": decays.get_restart_decay_fn(10, 3, zero_after=2),
        "restart for a period": decays.get_restart_decay_fn(10, zero_after=1),
    }
    return {name: tf.stack([each(t) for t in range(13)]) for name, each in functions.items()}


@case
def external_optimizer(tf, c):
    """What a minimizer of two steps is given, tells and leaves behind."""
    told = {"losses": [], "steps": []}

    class Descent(c.opt.ExternalOptimizerInterface):
        def _minimize(self, **given):
            start, compute = given["initial_val"], given["loss_grad_func"]
            for name in ("equality", "inequality"):
                functions = given[name + "_funcs"] + given[name + "_grad_funcs"]
                found = [np.ravel(each(start)) for each in functions]
                told[name] = np.concatenate(found)
            told["bounds"] = np.array(given["packed_bounds"], "float32")  # None is nan
            told["rate"] = given["optimizer_kwargs"]["rate"]
            for _ in range(2):
                loss, gradient = compute(start)
                start = start - told["rate"] * gradient
                told["losses"].append(loss)
                given["step_callback"](start)
            return start

    x = tf.get_variable("x", initializer=MOVES[:2], use_resource=False)
    y = tf.get_variable("y", initializer=2.0, use_resource=False)
    z = tf.get_variable("z", initializer=[5.0], use_resource=False)
    scale = tf.placeholder(tf.float32, [])
    loss = scale * tf.reduce_sum(tf.square(tf.gather(x, [1]))) + tf.square(y)
    optimizer = Descent(
        loss,
        equalities=[y - 1.0],
        inequalities=[x[0, 0] * y, z[0]],
        var_to_bounds={x: (None, [1, 2, 3]), y: (0, np.inf)},
        rate=0.1,
    )
    fetched = []
    tf.get_default_session().run(tf.global_variables_initializer())
    optimizer.minimize(
        feed_dict={scale: 3.0},
        fetches=[y, loss],
        step_callback=lambda vector: told["steps"].append(vector),
        loss_callback=lambda *values: fetched.append(values),
    )
    told.update(fetched=fetched, left=np.ravel(tf.get_default_session().run(x)))
    return {name: tf.constant(np.asarray(value, "float32")) for name, value in told.items()}


@case
def optimizer_of_scipy(tf, c):
    constrained = {"method": "SLSQP", "equalities": lambda x: [x[1] - 1.0]}
    found = {}
    for name, given in (
        ("free", {"options": {"maxiter": 100}}),
        ("bounded", {"var_to_bounds": lambda x: {x: ([1, 2], np.inf)}}),
        ("constrained", dict(constrained, inequalities=lambda x: [x[0] - 1.0])),
    ):
        x = tf.get_variable(name, initializer=[7.0, 7.0], use_resource=False)
        given = {key: each(x) if callable(each) else each for key, each in given.items()}
        optimizer = c.opt.ScipyOptimizerInterface(
            tf.reduce_sum(tf.square(x)), var_list=[x], **given
        )
        tf.get_default_session().run(x.initializer)
        optimizer.minimize()
        found[name] = tf.constant(x.eval())
    return found


@case
def moving_averages_of_an_optimizer(tf, c):
    x = tf.get_variable("x", initializer=MOVES, use_resource=True)
    optimizer = c.opt.MovingAverageOptimizer(tf.train.GradientDescentOptimizer(0.1), 0.5)
    step = optimizer.minimize(tf.reduce_sum(tf.square(x)))
    average = [v for v in tf.global_variables() if "ExponentialMovingAverage" in v.op.name][0]
    with tf.control_dependencies([step]):
        values = tf.concat([x.read_value(), average.read_value()], 0)
    saver = optimizer.swapping_saver()
    saved = [(name, each.op.name.split("/Read")[0]) for name, each in saver._var_list.items()]
    return {"values": values, "saved": tf.constant(sorted(saved))}
