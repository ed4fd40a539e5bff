"""A network of TF-Slim: arg_scope, end points, losses, slim.learning.train and evaluation."""
from __future__ import print_function
import os
import shutil
import tempfile
import numpy as np
import tensorflow as tf
import tensorflow.contrib.slim as slim


def start(shape, dtype=tf.float32, partition_info=None):
    count = int(np.prod(shape))
    return tf.constant(0.3 * np.sin(1. + 3. * np.arange(count)).reshape(shape), dtype)


def lenet_arg_scope(weight_decay=0.01):
    with slim.arg_scope([slim.conv2d, slim.fully_connected],
                        weights_regularizer=slim.l2_regularizer(weight_decay),
                        weights_initializer=start, activation_fn=tf.nn.relu) as sc:
        return sc


def lenet(images, num_classes=3, is_training=False, scope='LeNet'):
    end_points = {}
    with tf.variable_scope(scope, 'LeNet', [images]):
        net = end_points['conv1'] = slim.conv2d(images, 4, [3, 3], scope='conv1')
        net = end_points['pool1'] = slim.max_pool2d(net, [2, 2], 2, scope='pool1')
        net = slim.flatten(net)
        net = end_points['fc3'] = slim.fully_connected(net, 6, scope='fc3')
        net = slim.dropout(net, 1.0, is_training=is_training, scope='dropout3')
        logits = slim.fully_connected(net, num_classes, activation_fn=None, scope='fc4')
    end_points['Predictions'] = slim.softmax(logits, scope='Predictions')
    return logits, end_points


tf.logging.set_verbosity(tf.logging.ERROR)
rng = np.random.RandomState(8)
pictures = rng.rand(12, 8, 8, 1).astype('float32')
classes = np.arange(12) % 3
pictures[np.arange(12), classes, 2:6] += 2.
folder = tempfile.mkdtemp()

with tf.Graph().as_default():
    images, labels = tf.constant(pictures), slim.one_hot_encoding(classes, 3)
    with slim.arg_scope(lenet_arg_scope()):
        logits, end_points = lenet(images, is_training=True)
    slim.losses.softmax_cross_entropy(logits, labels)
    total_loss = slim.losses.get_total_loss()
    print(sorted(end_points), [v.op.name for v in slim.get_model_variables()])
    global_step = slim.get_or_create_global_step()
    learning_rate = tf.train.exponential_decay(0.2, global_step, 10, 0.5, staircase=True)
    optimizer = tf.train.MomentumOptimizer(learning_rate, 0.9)
    train_op = slim.learning.create_train_op(total_loss, optimizer, clip_gradient_norm=4.0)
    loss = slim.learning.train(train_op, folder, number_of_steps=30, save_summaries_secs=0,
                               save_interval_secs=600)
    print('loss %.3f' % loss)

with tf.Graph().as_default():
    with slim.arg_scope(lenet_arg_scope()):
        logits, _ = lenet(tf.constant(pictures))
    predictions = tf.argmax(logits, 1)
    names_to_values, names_to_updates = slim.metrics.aggregate_metric_map({
        'accuracy': slim.metrics.streaming_accuracy(predictions, classes),
        'error': slim.metrics.streaming_mean_absolute_error(
            tf.nn.softmax(logits), tf.one_hot(classes, 3)),
    })
    latest = tf.train.latest_checkpoint(folder)
    print(os.path.basename(latest))
    found = slim.evaluation.evaluate_once(
        '', latest, folder, num_evals=1, eval_op=list(names_to_updates.values()),
        final_op=[names_to_values[name] for name in sorted(names_to_values)])
    print(['%.3f' % value for value in found])

with tf.Graph().as_default(), tf.Session() as sess:
    with slim.arg_scope(lenet_arg_scope()):
        logits, _ = lenet(tf.constant(pictures), num_classes=2)
    restored = slim.get_variables_to_restore(exclude=['LeNet/fc4'])
    init_fn = slim.assign_from_checkpoint_fn(latest, restored)
    sess.run(tf.global_variables_initializer())
    init_fn(sess)
    print(len(restored), '%.3f' % np.abs(sess.run(restored[0])).max())
shutil.rmtree(folder)
