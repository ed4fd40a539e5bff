"""Calls of ``tf.contrib.layers`` whose graphs and numbers are compared with TensorFlow 1.15.5's.

A case is a function of ``(tf, contrib, inputs)``; ``contrib`` is ``tf.contrib`` of either side.
"""

import numpy as np

ROWS = np.linspace(-1.0, 1.0, 12).reshape(4, 3).astype("float32")
IMAGES = np.cos(np.arange(2 * 6 * 6 * 4)).reshape(2, 6, 6, 4).astype("float32")
LINES = np.cos(np.arange(2 * 5 * 3)).reshape(2, 5, 3).astype("float32")
BLOCKS = np.cos(np.arange(2 * 3 * 3 * 3 * 2)).reshape(2, 3, 3, 3, 2).astype("float32")
WORDS = np.array([[1, 2, 2], [0, 4, 1]])


def _arg_scope(tf, c, x):
    # As networks are written for slim: regularized and normalized layers in scopes.
    with c.framework.arg_scope(
        [c.layers.conv2d, c.layers.fully_connected],
        weights_regularizer=c.layers.l2_regularizer(0.01),
    ), c.framework.arg_scope(
        [c.layers.conv2d],
        normalizer_fn=c.layers.batch_norm,
        normalizer_params={"is_training": True, "scale": True},
    ):
        x = c.layers.conv2d(x, 3, [3, 3], stride=2, scope="first")
        x = c.layers.flatten(x)
        return c.layers.fully_connected(x, 2, activation_fn=None, scope="last")


def _reused(tf, c, x):
    first = c.layers.fully_connected(x, 3, scope="shared")
    return first + c.layers.fully_connected(x, 3, scope="shared", reuse=True)


def _batch_norm(**arguments):
    return lambda tf, c, x: c.layers.batch_norm(x, **arguments)


def _fed_phase(tf, c, x):
    phase = tf.placeholder_with_default(True, [], name="phase")
    return c.layers.batch_norm(x, is_training=phase, updates_collections=None, decay=0.5)


CASES = {
    "fully_connected": (ROWS, lambda tf, c, x: c.layers.fully_connected(x, 5)),
    "fully_connected of a sequence": (LINES, lambda tf, c, x: c.layers.fully_connected(x, 2)),
    "linear without biases": (
        ROWS,
        lambda tf, c, x: c.layers.linear(x, 2, biases_initializer=None, scope="out"),
    ),
    "relu6 in collections": (
        ROWS,
        lambda tf, c, x: c.layers.relu6(
            x, 2, variables_collections={"weights": ["w"]}, outputs_collections="activations"
        ),
    ),
    "elu regularized": (
        ROWS,
        lambda tf, c, x: c.layers.elu(x, 2, weights_regularizer=c.layers.l1_regularizer(0.5)),
    ),
    "fully_connected frozen": (
        ROWS,
        lambda tf, c, x: c.layers.fully_connected(x, 2, trainable=False),
    ),
    "fully_connected reused": (ROWS, _reused),
    "conv1d": (LINES, lambda tf, c, x: c.layers.conv1d(x, 2, 3)),
    "conv2d": (IMAGES, lambda tf, c, x: c.layers.conv2d(x, 3, [3, 3])),
    "conv2d valid with stride": (
        IMAGES,
        lambda tf, c, x: c.layers.conv2d(x, 3, [2, 3], stride=2, padding="VALID"),
    ),
    "conv2d dilated": (IMAGES, lambda tf, c, x: c.layers.conv2d(x, 2, 3, rate=2)),
    "conv3d": (BLOCKS, lambda tf, c, x: c.layers.conv3d(x, 2, 2)),
    "conv2d_transpose": (
        IMAGES,
        lambda tf, c, x: c.layers.conv2d_transpose(x, 3, [3, 3], stride=2),
    ),
    "conv2d_transpose valid": (
        IMAGES,
        lambda tf, c, x: c.layers.conv2d_transpose(x, 2, 3, stride=2, padding="VALID"),
    ),
    "conv3d_transpose": (BLOCKS, lambda tf, c, x: c.layers.conv3d_transpose(x, 2, 2, stride=2)),
    "separable_conv2d": (IMAGES, lambda tf, c, x: c.layers.separable_conv2d(x, 3, 3, 2)),
    "separable_conv2d without outputs": (
        IMAGES,
        lambda tf, c, x: c.layers.separable_conv2d(x, None, 3, 2, stride=2),
    ),
    "conv2d_in_plane": (IMAGES, lambda tf, c, x: c.layers.conv2d_in_plane(x, 3)),
    "batch_norm of rows": (ROWS, _batch_norm(decay=0.9)),
    "batch_norm of images": (IMAGES, _batch_norm(decay=0.9, scale=True)),
    "batch_norm of sequences": (LINES, _batch_norm(decay=0.9)),
    "batch_norm not fused": (IMAGES, _batch_norm(decay=0.9, fused=False)),
    "batch_norm in place": (IMAGES, _batch_norm(decay=0.9, updates_collections=None)),
    "batch_norm in place not fused": (
        ROWS,
        _batch_norm(decay=0.9, updates_collections=None, fused=False, scale=True),
    ),
    "batch_norm in its own collection": (
        ROWS,
        _batch_norm(decay=0.9, updates_collections="mine", fused=False),
    ),
    "batch_norm without bias": (IMAGES, _batch_norm(decay=0.9, zero_debias_moving_mean=True)),
    "batch_norm in inference": (IMAGES, _batch_norm(is_training=False, scale=True)),
    "batch_norm of rows in inference": (ROWS, _batch_norm(is_training=False)),
    "batch_norm with weights": (
        ROWS,
        lambda tf, c, x: c.layers.batch_norm(x, batch_weights=tf.constant([0.0, 1.0, 2.0, 1.0])),
    ),
    "batch_norm with an activation": (
        IMAGES,
        _batch_norm(activation_fn=abs, param_regularizers={"beta": abs}, center=True),
    ),
    "batch_norm with a fed phase": (ROWS, _fed_phase),
    "renormalization": (ROWS, _batch_norm(renorm=True)),
    "layer_norm": (ROWS, lambda tf, c, x: c.layers.layer_norm(x)),
    "layer_norm of sequences": (
        LINES,
        lambda tf, c, x: c.layers.layer_norm(x, begin_norm_axis=2, activation_fn=tf.nn.relu),
    ),
    "instance_norm": (IMAGES, lambda tf, c, x: c.layers.instance_norm(x)),
    "group_norm": (IMAGES, lambda tf, c, x: c.layers.group_norm(x, groups=2)),
    "group_norm around zero": (
        IMAGES,
        lambda tf, c, x: c.layers.group_norm(x, groups=2, mean_close_to_zero=True),
    ),
    "bias_add": (ROWS, lambda tf, c, x: c.layers.bias_add(x, activation_fn=tf.nn.relu)),
    "max_pool2d": (IMAGES, lambda tf, c, x: c.layers.max_pool2d(x, 2)),
    "avg_pool2d": (IMAGES, lambda tf, c, x: c.layers.avg_pool2d(x, [3, 2], 1, "SAME")),
    "max_pool3d": (BLOCKS, lambda tf, c, x: c.layers.max_pool3d(x, 2)),
    "avg_pool3d": (BLOCKS, lambda tf, c, x: c.layers.avg_pool3d(x, 2)),
    "flatten": (IMAGES, lambda tf, c, x: c.layers.flatten(x)),
    "dropout in inference": (ROWS, lambda tf, c, x: c.layers.dropout(x, is_training=False)),
    "one_hot_encoding": (WORDS, lambda tf, c, x: c.layers.one_hot_encoding(x, 5)),
    "softmax": (LINES, lambda tf, c, x: c.layers.softmax(x)),
    "unit_norm": (LINES, lambda tf, c, x: c.layers.unit_norm(x, 2)),
    "maxout": (IMAGES, lambda tf, c, x: c.layers.maxout(x, 2)),
    "spatial_softmax": (IMAGES, lambda tf, c, x: c.layers.spatial_softmax(x)),
    "stack": (ROWS, lambda tf, c, x: c.layers.stack(x, c.layers.fully_connected, [4, 3])),
    "stack in a scope": (
        IMAGES,
        lambda tf, c, x: c.layers.stack(x, c.layers.conv2d, [(2, 3), (3, 1)], scope="tower"),
    ),
    "repeat": (IMAGES, lambda tf, c, x: c.layers.repeat(x, 2, c.layers.conv2d, 4, 3)),
    "embed_sequence": (WORDS, lambda tf, c, x: c.layers.embed_sequence(x, 5, 2)),
    "embed_sequence of each word once": (
        WORDS,
        lambda tf, c, x: c.layers.embed_sequence(x, 5, 2, unique=True),
    ),
    "bow_encoder": (WORDS, lambda tf, c, x: c.layers.bow_encoder(x, 5, 2)),
    "legacy_fully_connected": (ROWS, lambda tf, c, x: c.layers.legacy_fully_connected(x, 2)),
    "arg_scope": (IMAGES, _arg_scope),
}

_COLLECTIONS = (
    "variables",
    "trainable_variables",
    "model_variables",
    "moving_average_variables",
    "regularization_losses",
    "update_ops",
    "w",
    "mine",
    "activations",
    "weights",
    "biases",
)


# Here the forced updates stand elsewhere: the last operation has another name.
OTHER_NAMES = {"batch_norm in place not fused"}


def observe(tf, contrib, name):
    """What a case gives: names, shapes, collections, outputs, gradients, statistics after a
    step."""
    values, build = CASES[name]
    with tf.Graph().as_default() as graph, tf.Session(graph=graph) as session:
        inputs = tf.placeholder(values.dtype, [None] + list(values.shape[1:]), name="inputs")
        outputs = build(tf, contrib, inputs)
        variables = tf.global_variables()
        trained = tf.trainable_variables()
        losses = tf.get_collection("regularization_losses")
        total = tf.reduce_sum(tf.cast(outputs, tf.float32) ** 3) + sum(losses)
        gradients = [g for g in tf.gradients(total, trained) if g is not None]
        updates = tf.get_collection("update_ops") + tf.get_collection("mine")
        filled = [v.assign(_filling(v.get_shape().as_list(), v.op.name)) for v in variables]
        facts = {
            "output": [name in OTHER_NAMES or outputs.name, outputs.get_shape().as_list()],
            "variables": [[v.name, v.get_shape().as_list()] for v in variables],
            "collections": {
                key: [_name(each) for each in graph.get_collection(key)] for key in _COLLECTIONS
            },
            "aliases": getattr(outputs, "aliases", None),
        }
        session.run(tf.global_variables_initializer())
        session.run(filled)
        fetches = {"outputs": outputs, "gradients": gradients, "losses": total}
        numbers = session.run(fetches, {inputs: values})
        session.run([outputs] + updates, {inputs: values})
        numbers["after"] = session.run(variables)
    arrays = {"outputs": numbers["outputs"], "loss": numbers["losses"]}
    for kind in ("gradients", "after"):
        for at, each in enumerate(numbers[kind]):
            arrays["%s %d" % (kind, at)] = _dense(each)
    return facts, arrays


def _filling(shape, name):
    """Numbers that differ from place to place; positive, as variances have to be."""
    if name.endswith("local_step"):
        return np.zeros(shape, "float32")
    count = int(np.prod(shape))
    return (0.6 + 0.4 * np.sin(np.arange(count) * 1.7)).reshape(shape).astype("float32")


def _dense(value):
    if not hasattr(value, "values"):
        return np.asarray(value)
    dense = np.zeros(value.dense_shape, value.values.dtype)
    np.add.at(dense, value.indices, value.values)
    return dense


def _name(item):
    return getattr(item, "name", str(item))
