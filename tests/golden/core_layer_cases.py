"""Core layers and recurrent cells on a few examples, and all that can be seen of them.

The same code runs TensorFlow 1.15.5's own (``tensorflow``) and ours
(``tfkeras_compat.tensorflow``): a case is a function of that module. Weights are set to small
numbers that their names decide.
"""

import zlib

import numpy as np

CASES = {}


def case(build):
    """Registers a function of ``tf`` that gives pairs (placeholder, array), and outputs."""
    CASES[build.__name__] = build
    return build


def feed(tf, *shape, **options):
    """A placeholder whose batch size is unknown, and what it is fed."""
    random = np.random.RandomState(sum(shape))
    array = random.uniform(-1, 1, shape).astype("float32")
    known = shape if options.get("known") else (None,) + shape[1:]
    return tf.placeholder(tf.float32, known), array


def squares(tf, factor):
    """A regularizer."""
    return lambda weight: factor * tf.reduce_sum(weight * weight)


# ---- layers --------------------------------------------------------------------------------------


@case
def dense(tf):
    x = feed(tf, 3, 4)
    h = tf.layers.dense(x[0], 5, activation=tf.nn.relu, kernel_regularizer=squares(tf, 0.1))
    with tf.variable_scope("head"):
        h = tf.layers.dense(h, 2, name="logits")
        y = tf.layers.dense(h, 2, use_bias=False)
    return [x], [h, y]


@case
def dense_of_sequences(tf):
    x = feed(tf, 2, 3, 4)
    return [x], [tf.layers.dense(x[0], 5, tf.tanh)]


@case
def dense_shared(tf):
    x, z = feed(tf, 3, 4), feed(tf, 2, 4)
    regularizer = squares(tf, 0.5)
    with tf.variable_scope("vs", reuse=tf.AUTO_REUSE):
        y = [
            tf.layers.dense(each[0], 2, name="fc", kernel_regularizer=regularizer)
            for each in (x, z)
        ]
    with tf.variable_scope("vs", reuse=True):
        y.append(tf.layers.dense(x[0], 2, name="fc"))
    y.append(tf.layers.dense(x[0], 3, name="own"))
    y.append(tf.layers.dense(z[0], 3, name="own", reuse=True))
    layer = tf.layers.Dense(2, name="object")
    y += [layer(x[0]), layer.apply(z[0])]
    return [x, z], y


@case
def defaults_of_a_scope(tf):
    x = feed(tf, 3, 4)
    ones = tf.constant_initializer(0.5)
    with tf.variable_scope("filled", initializer=ones, regularizer=squares(tf, 0.2)):
        y = [tf.layers.dense(x[0], 3)]
    with tf.variable_scope("resources", use_resource=True):
        y.append(tf.layers.dense(x[0], 3))
    with tf.variable_scope("renamed", custom_getter=_renamed):
        y.append(tf.layers.dense(x[0], 3))
    with tf.variable_scope("parts", partitioner=tf.fixed_size_partitioner(2)):
        y.append(tf.layers.dense(x[0], 3))
        y.append(tf.layers.batch_normalization(y[-1], training=True))
    return [x], y


def _renamed(getter, name, *args, **kwargs):
    return getter(name.replace("kernel", "weights").replace("bias", "biases"), *args, **kwargs)


@case
def layer_of_a_user(tf):
    class Scale(tf.layers.Layer):
        def __init__(self, bias, **kwargs):
            super().__init__(**kwargs)
            self.bias = bias

        def build(self, input_shape):
            self.factor = self.add_variable(
                "factor", [input_shape[-1].value], initializer=tf.ones_initializer()
            )
            self.steps = self.add_variable(
                "steps", [], initializer=tf.zeros_initializer(), trainable=False
            )
            self.built = True

        def call(self, inputs):
            return inputs * self.factor + self.bias + self.steps

    x = feed(tf, 3, 4)
    with tf.variable_scope("tower"):
        layer = Scale(0.5, name="scaled")
        return [x], [layer(x[0]), layer(2 * x[0]), Scale(1.0)(x[0])]


@case
def convolutions(tf):
    steps, images, volumes = feed(tf, 2, 7, 3), feed(tf, 2, 6, 5, 3), feed(tf, 1, 4, 4, 3, 2)
    y = [
        tf.layers.conv1d(steps[0], 4, 3, dilation_rate=2, activation=tf.nn.relu),
        tf.layers.conv2d(images[0], 4, 3, strides=2, padding="same"),
        tf.layers.conv2d(images[0], 2, (3, 2), use_bias=False, kernel_regularizer=squares(tf, 0.3)),
        tf.layers.conv3d(volumes[0], 2, 2),
    ]
    return [steps, images, volumes], y


@case
def separable_convolutions(tf):
    steps, images = feed(tf, 2, 7, 3), feed(tf, 2, 6, 5, 3)
    y = [
        tf.layers.separable_conv1d(steps[0], 4, 3),
        tf.layers.separable_conv2d(images[0], 4, 3, padding="same", depth_multiplier=2),
    ]
    return [steps, images], y


@case
def transposed_convolutions(tf):
    images, volumes = feed(tf, 2, 3, 4, 3), feed(tf, 1, 2, 2, 3, 2)
    y = [
        tf.layers.conv2d_transpose(images[0], 4, 3, strides=2, padding="same"),
        tf.layers.conv2d_transpose(images[0], 2, 3, strides=(1, 2), activation=tf.nn.relu),
        tf.layers.conv3d_transpose(volumes[0], 2, 2, strides=2),
    ]
    return [images, volumes], y


@case
def pooling_and_shape(tf):
    steps, images, volumes = feed(tf, 2, 6, 3), feed(tf, 2, 6, 5, 3), feed(tf, 1, 4, 4, 4, 2)
    y = [
        tf.layers.max_pooling1d(steps[0], 2, 2),
        tf.layers.average_pooling1d(steps[0], 3, 1, padding="same"),
        tf.layers.max_pooling2d(images[0], 2, 2),
        tf.layers.average_pooling2d(images[0], (3, 2), 2, padding="same"),
        tf.layers.max_pooling3d(volumes[0], 2, 2),
        tf.layers.average_pooling3d(volumes[0], 2, 1),
        tf.layers.flatten(images[0]),
        tf.layers.flatten(tf.layers.flatten(images[0])),
        tf.layers.dropout(steps[0], 0.5),
        tf.layers.dropout(steps[0], 0.5, seed=3, training=True, name="dropped"),
    ]
    return [steps, images, volumes], y


# ---- batch normalization -------------------------------------------------------------------------


@case
def normalized(tf):
    x, images = feed(tf, 6, 4), feed(tf, 3, 4, 5, 2)
    normalize = tf.layers.batch_normalization
    y = [
        normalize(x[0], training=True),
        normalize(x[0]),
        normalize(x[0], training=True, center=False, scale=False, momentum=0.5),
        normalize(images[0], training=True, name="fused"),
        normalize(images[0], training=True, fused=False, trainable=False),
        normalize(images[0], training=True, axis=1, fused=False, beta_regularizer=squares(tf, 0.1)),
        normalize(images[0], training=True, axis=[1, 3]),
    ]
    return [x, images], y


@case
def normalized_by_the_wish_of_a_tensor(tf):
    x, images = feed(tf, 6, 4), feed(tf, 3, 4, 5, 2)
    wish = tf.placeholder(tf.bool, [])
    y = [
        tf.layers.batch_normalization(x[0], training=wish),
        tf.layers.batch_normalization(images[0], training=wish),
    ]
    return [x, images, (wish, np.array(True))], y


@case
def renormalized(tf):
    x, images = feed(tf, 6, 4), feed(tf, 3, 4, 5, 2)
    clipping = {"rmin": 0.5, "rmax": 1.5, "dmax": 0.3}
    y = [
        tf.layers.batch_normalization(x[0], training=True, renorm=True),
        tf.layers.batch_normalization(
            images[0], training=True, renorm=True, renorm_clipping=clipping, renorm_momentum=0.8
        ),
    ]
    return [x, images], y


@case
def normalized_in_parts_and_adjusted(tf):
    x = feed(tf, 6, 4)
    y = [
        tf.layers.batch_normalization(x[0], training=True, virtual_batch_size=3),
        tf.layers.batch_normalization(
            x[0],
            training=True,
            adjustment=lambda shape: (tf.fill(shape[-1:], 0.9), tf.fill(shape[-1:], 0.1)),
        ),
    ]
    return [x], y


# ---- recurrent cells -----------------------------------------------------------------------------


def _dynamic(tf, cell, **options):
    x = feed(tf, 2, 5, 3)
    outputs, state = tf.nn.dynamic_rnn(cell, x[0], dtype=tf.float32, **options)
    return [x], [outputs] + tf.contrib.framework.nest.flatten(state)


def _unrolled(tf, cell, x=None, **options):
    """As ``_dynamic``, for two steps without a loop, which makes a much smaller graph."""
    x = x or feed(tf, 2, 2, 3)
    steps = tf.unstack(x[0], 2, 1)
    outputs, state = tf.nn.static_rnn(cell, steps, dtype=tf.float32, **options)
    return [x], outputs + tf.contrib.framework.nest.flatten(state)


@case
def simple_cell(tf):
    return _dynamic(tf, tf.nn.rnn_cell.BasicRNNCell(4), sequence_length=[5, 3])


@case
def gru_cell(tf):
    return _unrolled(tf, tf.nn.rnn_cell.GRUCell(4, activation=tf.nn.relu))


@case
def basic_lstm_cell(tf):
    with tf.variable_scope("encoder"):
        return _dynamic(tf, tf.nn.rnn_cell.BasicLSTMCell(4), sequence_length=[2, 5])


@case
def basic_lstm_cell_with_one_state(tf):
    return _unrolled(tf, tf.nn.rnn_cell.BasicLSTMCell(4, state_is_tuple=False, forget_bias=0.0))


@case
def lstm_cell(tf):
    return _unrolled(tf, tf.nn.rnn_cell.LSTMCell(4, initializer=tf.constant_initializer(0.1)))


@case
def lstm_cell_with_everything(tf):
    cell = tf.nn.rnn_cell.LSTMCell(
        4, use_peepholes=True, cell_clip=0.2, num_proj=2, proj_clip=0.1, num_unit_shards=2
    )
    return _unrolled(tf, cell, scope="decoder")


@case
def stacked_cells(tf):
    cells = [tf.nn.rnn_cell.BasicLSTMCell(4), tf.nn.rnn_cell.GRUCell(3)]
    return _dynamic(tf, tf.nn.rnn_cell.MultiRNNCell(cells))


@case
def stacked_cells_with_one_state(tf):
    cells = [tf.nn.rnn_cell.LSTMCell(4, state_is_tuple=False), tf.nn.rnn_cell.GRUCell(3)]
    return _unrolled(tf, tf.nn.rnn_cell.MultiRNNCell(cells, state_is_tuple=False))


@case
def dropped_cells(tf):
    cells = [
        tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.BasicLSTMCell(4), 0.7, 0.6, 0.5, seed=3),
        tf.nn.rnn_cell.ResidualWrapper(
            tf.nn.rnn_cell.DeviceWrapper(tf.nn.rnn_cell.GRUCell(4), "/cpu:0")
        ),
    ]
    # Steps in parallel would draw their numbers in no order.
    return _dynamic(tf, tf.nn.rnn_cell.MultiRNNCell(cells), parallel_iterations=1)


@case
def cells_that_drop_the_same_at_all_steps(tf):
    cell = tf.nn.rnn_cell.DropoutWrapper(
        tf.nn.rnn_cell.BasicLSTMCell(4),
        0.7,
        0.6,
        0.5,
        variational_recurrent=True,
        input_size=3,
        dtype=tf.float32,
        seed=5,
    )
    return _dynamic(tf, cell)


@case
def cell_of_a_user(tf):
    class Mixed(tf.nn.rnn_cell.RNNCell):
        @property
        def state_size(self):
            return 4

        @property
        def output_size(self):
            return 4

        def __call__(self, inputs, state, scope=None):
            with tf.variable_scope(scope or type(self).__name__):
                w = tf.get_variable("W", [3, 4])
                new_state = tf.tanh(tf.matmul(inputs, w) + tf.layers.dense(state, 4))
            return new_state, new_state

    return _dynamic(tf, Mixed())


@case
def both_directions(tf):
    x = feed(tf, 2, 5, 3)
    cell = tf.nn.rnn_cell.GRUCell
    (forward, backward), states = tf.nn.bidirectional_dynamic_rnn(
        cell(4), cell(2), x[0], sequence_length=[4, 5], dtype=tf.float32
    )
    return [x], [forward, backward] + list(states)


@case
def unrolled(tf):
    x = feed(tf, 2, 3, 3)
    cell = tf.contrib.rnn.BasicLSTMCell(4)
    steps = tf.unstack(x[0], 3, 1)
    outputs, state = tf.contrib.rnn.static_rnn(cell, steps, dtype=tf.float32)
    both = tf.contrib.rnn.static_bidirectional_rnn(
        tf.contrib.rnn.GRUCell(2), tf.contrib.rnn.GRUCell(3), steps, dtype=tf.float32
    )
    return [x], outputs + list(state) + both[0] + list(both[1:])


@case
def shared_cell(tf):
    x = feed(tf, 2, 3)
    cell = tf.nn.rnn_cell.BasicLSTMCell(4)
    state = cell.zero_state(tf.shape(x[0])[0], tf.float32)
    outputs = []
    with tf.variable_scope("loop"):
        for step in range(2):
            if step:
                tf.get_variable_scope().reuse_variables()
            output, state = cell(x[0], state)
            outputs.append(output)
    return [x], outputs + list(state)


@case
def block_cells(tf):
    rnn = tf.contrib.rnn
    x, found = feed(tf, 2, 2, 3), []
    for scope, cell in [
        ("lstm", rnn.LSTMBlockCell(4)),
        ("peephole", rnn.LSTMBlockCell(4, forget_bias=0.5, cell_clip=0.2, use_peephole=True)),
        ("gru", rnn.GRUBlockCell(4)),
        ("gru_2", rnn.GRUBlockCellV2(4)),
    ]:
        found += _unrolled(tf, cell, x, scope=scope)[1]
    return [x], found


@case
def fused_cells(tf):
    x = feed(tf, 5, 2, 3)
    rnn = tf.contrib.rnn
    found = list(rnn.LSTMBlockFusedCell(4)(x[0], dtype=tf.float32))
    peepholes = rnn.LSTMBlockFusedCell(4, use_peephole=True, name="seeing")
    reverse = rnn.TimeReversedFusedRNN(peepholes)
    found += list(reverse(x[0], dtype=tf.float32, sequence_length=[5, 3]))
    adapted = rnn.FusedRNNCellAdaptor(rnn.GRUCell(2), use_dynamic_rnn=True)
    found += list(adapted(x[0], dtype=tf.float32))
    return [x], tf.contrib.framework.nest.flatten(found)


@case
def layer_normalized_cell(tf):
    x = feed(tf, 2, 2, 3)
    feeds, found = _unrolled(tf, tf.contrib.rnn.LayerNormBasicLSTMCell(4), x)
    plain = tf.contrib.rnn.LayerNormBasicLSTMCell(4, layer_norm=False)
    return feeds, found + _unrolled(tf, plain, x, scope="plain")[1]


@case
def attending_cell(tf):
    cell = tf.contrib.rnn.AttentionCellWrapper(tf.contrib.rnn.BasicLSTMCell(4), attn_length=3)
    return _unrolled(tf, cell)


@case
def projected_cells(tf):
    cell = tf.contrib.rnn.InputProjectionWrapper(tf.contrib.rnn.GRUCell(4), 2, tf.nn.relu)
    return _unrolled(tf, tf.contrib.rnn.OutputProjectionWrapper(cell, 3))


@case
def embedded_cell(tf):
    cell = tf.contrib.rnn.EmbeddingWrapper(tf.contrib.rnn.GRUCell(4), 6, 3)
    x = tf.placeholder(tf.int32, [None, 2, 1])
    return _unrolled(tf, cell, (x, np.arange(4).reshape(2, 2, 1)))


@case
def further_cells(tf):
    x, found = feed(tf, 2, 2, 4), []
    rnn = tf.contrib.rnn
    for cell in [rnn.HighwayWrapper(rnn.GRUCell(4)), rnn.UGRNNCell(3), rnn.NASCell(3, num_proj=2)]:
        found += _unrolled(tf, cell, x, scope=type(cell).__name__)[1]
    outputs, _, _ = rnn.stack_bidirectional_dynamic_rnn(
        [rnn.GRUCell(2)], [rnn.GRUCell(2)], x[0], dtype=tf.float32
    )
    return [x], found + [outputs]


@case
def cells_like_those_of_cudnn(tf):
    x, found = feed(tf, 2, 2, 3), []
    cudnn_rnn = tf.contrib.cudnn_rnn
    for cell in [cudnn_rnn.CudnnCompatibleLSTMCell(4), cudnn_rnn.CudnnCompatibleGRUCell(4)]:
        found += _unrolled(tf, cell, x, scope=type(cell).__name__)[1]
    return [x], found


# ---- sequences to sequences ----------------------------------------------------------------------


@case
def decoded_in_training(tf):
    seq2seq, rnn = tf.contrib.seq2seq, tf.contrib.rnn
    memory, x = feed(tf, 2, 5, 3), feed(tf, 2, 4, 3)
    mechanism = seq2seq.LuongAttention(4, memory[0], [5, 3], scale=True)
    cell = seq2seq.AttentionWrapper(
        rnn.BasicLSTMCell(4), mechanism, attention_layer_size=3, alignment_history=True
    )
    state = cell.zero_state(tf.shape(x[0])[0], tf.float32)
    helper = seq2seq.TrainingHelper(x[0], [4, 2])
    decoder = seq2seq.BasicDecoder(cell, helper, state, tf.layers.Dense(6, name="classes"))
    outputs, state, lengths = seq2seq.dynamic_decode(decoder, impute_finished=True)
    weights = tf.sequence_mask(lengths, 4, dtype=tf.float32)
    targets = tf.constant([[1, 2, 3, 4], [0, 5, 0, 0]])
    losses = [
        seq2seq.sequence_loss(outputs.rnn_output, targets, weights),
        seq2seq.sequence_loss(outputs.rnn_output, targets, weights, False),
        seq2seq.sequence_loss(outputs.rnn_output, targets, weights, False, False, True, True),
    ]
    found = [outputs.rnn_output, state.alignment_history.stack(), state.attention]
    return [memory, x], found + [tf.cast(lengths, tf.float32)] + losses


@case
def decoded_greedily(tf):
    seq2seq = tf.contrib.seq2seq
    memory = feed(tf, 2, 5, 3)
    with tf.variable_scope("decoding"):
        mechanisms = [
            seq2seq.BahdanauAttention(4, memory[0], normalize=True),
            seq2seq.BahdanauAttention(3, memory[0], memory_sequence_length=[5, 4]),
        ]
        cell = seq2seq.AttentionWrapper(
            tf.nn.rnn_cell.GRUCell(4), mechanisms, output_attention=False
        )
        # Nobody trains on what is decoded greedily: TensorFlow 2.21 fails in that gradient.
        embedding = tf.stop_gradient(1.0 * tf.get_variable("embedding", [6, 3]))
        helper = seq2seq.GreedyEmbeddingHelper(embedding, [1, 2], 0)
        state = cell.zero_state(2, tf.float32)
        decoder = seq2seq.BasicDecoder(cell, helper, state, tf.layers.Dense(6))
        outputs, _, lengths = seq2seq.dynamic_decode(
            decoder, maximum_iterations=4, output_time_major=True, scope="steps"
        )
    found = [outputs.sample_id, lengths]
    return [memory], [outputs.rnn_output] + [tf.cast(each, tf.float32) for each in found]


# ---- layers of contrib ---------------------------------------------------------------------------


@case
def network_of_contrib(tf):
    layers, arg_scope = tf.contrib.layers, tf.contrib.framework.arg_scope
    x = feed(tf, 2, 6, 6, 3)
    regularized = {"weights_regularizer": layers.l2_regularizer(0.01)}
    normalized = {"is_training": True, "scale": True, "decay": 0.9}
    with tf.variable_scope("net"), arg_scope(
        [layers.conv2d, layers.separable_conv2d, layers.fully_connected], **regularized
    ), arg_scope([layers.conv2d], normalizer_fn=layers.batch_norm, normalizer_params=normalized):
        y = layers.repeat(x[0], 2, layers.conv2d, 4, [3, 3], scope="conv")
        y = layers.separable_conv2d(y, 3, [3, 3], 2, stride=2)
        y = layers.conv2d_transpose(y, 2, 3, stride=2, scope="up")
        y = layers.layer_norm(layers.flatten(layers.max_pool2d(y, 2)))
        y = layers.fully_connected(y, 4, activation_fn=tf.nn.elu)
        return [x], [y, layers.linear(y, 2, scope="logits")]


# ---- what is seen of a case ----------------------------------------------------------------------

_RUNS_OF_UPDATES = 2


def observe(name, tf, checkpoint=None):
    """``(facts, arrays)`` of a case, built in a graph of its own.

    With a ``checkpoint`` the weights are those in it; one that ends with ``+`` is written.
    """
    plain = tf.ConfigProto()  # optimizing a graph takes longer than running it once
    plain.graph_options.rewrite_options.disable_meta_optimizer = True
    with tf.Graph().as_default(), tf.Session(config=plain) as session:
        tf.set_random_seed(7)
        feeds, outputs = CASES[name](tf)
        variables = tf.global_variables()
        facts = _facts(tf, variables, outputs)
        session.run(tf.global_variables_initializer())
        arrays = _initial(variables, session)
        _set(variables, session, name, checkpoint, tf)
        fed = dict(feeds)
        losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
        total = tf.add_n([tf.reduce_sum(y * y) for y in outputs] + losses)
        trained = tf.trainable_variables()
        wanted = tf.gradients(total, trained)
        gradients = {
            v.op.name: _dense(tf, gradient)
            for v, gradient in zip(trained, wanted)
            if gradient is not None
        }
        found = session.run([outputs, losses, gradients], fed)
        for kind, values in zip(("outputs", "losses"), found):
            _add(arrays, kind, dict(enumerate(values)))
        _add(arrays, "gradients", found[2])
        _add(arrays, "updated", _after_updates(tf, session, fed))
        return facts, arrays


def _dense(tf, gradient):
    if not hasattr(gradient, "indices"):
        return gradient
    return tf.unsorted_segment_sum(gradient.values, gradient.indices, gradient.dense_shape[0])


def _facts(tf, variables, outputs):
    trained = [variable.op.name for variable in tf.trainable_variables()]
    return {
        "variables": [
            [v.op.name, v.get_shape().as_list(), v.dtype.base_dtype.name, v.op.type]
            for v in variables
        ],
        "trained": trained,
        "updates": [op.name for op in tf.get_collection(tf.GraphKeys.UPDATE_OPS)],
        "losses": len(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)),
        "shapes": [y.get_shape().as_list() for y in outputs],
    }


def _initial(variables, session):
    """Values that no chance decides: of biases and all that is one for each feature."""
    fixed = [v for v in variables if v.get_shape().ndims < 2 and not _is_drawn(v.op.name)]
    arrays = {}
    _add(arrays, "initial", dict(zip([v.op.name for v in fixed], session.run(fixed))))
    return arrays


def _is_drawn(name):
    # Vectors that begin with the initializer of their scope.
    return name.endswith(("_diag", "attn_v", "attention_v")) or "layer_norm" in name


def _set(variables, session, name, checkpoint, tf):
    if checkpoint and not checkpoint.endswith("+"):
        tf.train.Saver(variables).restore(session, checkpoint)
        return
    values = {}
    for variable in variables:
        random = np.random.RandomState(zlib.crc32(variable.op.name.encode()) % 2**31)
        shape = variable.get_shape().as_list()
        spread = any(word in variable.op.name for word in ("variance", "stddev"))
        value = random.uniform(0.5, 1.5, shape) if spread else random.normal(0, 0.4, shape)
        values[variable.initializer.inputs[1]] = value
    session.run([variable.initializer for variable in variables], values)
    if checkpoint:
        tf.train.Saver(variables).save(session, checkpoint[:-1], write_meta_graph=False)


def _after_updates(tf, session, fed):
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    moved = [v for v in tf.global_variables() if "moving" in v.op.name or "renorm" in v.op.name]
    for _ in range(_RUNS_OF_UPDATES if updates else 0):
        session.run(updates, fed)
    return dict(zip([v.op.name for v in moved], session.run(moved)))


def _add(arrays, kind, values):
    for entry, value in values.items():
        arrays["%s %s" % (kind, entry)] = np.asarray(value)
