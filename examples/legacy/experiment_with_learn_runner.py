"""tf.contrib.learn: a model_fn, an Experiment, learn_runner, and hyperparameters from flags."""
from __future__ import print_function
import os
import shutil
import tempfile
import numpy as np
import tensorflow as tf
from tensorflow.contrib import layers
from tensorflow.contrib.learn import ModeKeys, ModelFnOps
from tensorflow.contrib.learn.python.learn import learn_runner
from tensorflow.contrib.learn.python.learn.estimators import run_config
from tensorflow.contrib.training.python.training import hparam

tf.app.flags.DEFINE_string('hidden_units', '6,4', 'Sizes of the hidden layers.')
FLAGS = tf.app.flags.FLAGS

rng = np.random.RandomState(3)
X = rng.rand(24, 4).astype('float32')
Y = (X.sum(1) > 2).astype('int32')


def start(shape, dtype=tf.float32, partition_info=None):
    count = int(np.prod(shape))
    return tf.constant(0.5 * np.sin(1. + 3. * np.arange(count)).reshape(shape), dtype)


def input_fn():
    return {'x': tf.constant(X)}, tf.constant(Y)


def model_fn(features, labels, mode, params):
    net = layers.stack(features['x'], layers.fully_connected, params.hidden_units,
                       weights_initializer=start, scope='hidden')
    logits = layers.fully_connected(net, 2, activation_fn=None, weights_initializer=start)
    predictions = {'classes': tf.argmax(logits, 1), 'scores': tf.nn.softmax(logits)}
    loss = train_op = None
    if mode != ModeKeys.INFER:
        loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    if mode == ModeKeys.TRAIN:
        train_op = layers.optimize_loss(
            loss, tf.contrib.framework.get_global_step(), params.learning_rate, 'Adam',
            clip_gradients=1.0,
            learning_rate_decay_fn=lambda rate, step: tf.train.exponential_decay(
                rate, step, 20, 0.5))
    return ModelFnOps(mode, predictions, loss, train_op)


def experiment_fn(config, hparams):
    estimator = tf.contrib.learn.Estimator(model_fn=model_fn, params=hparams, config=config)
    accuracy = tf.contrib.learn.MetricSpec(
        metric_fn=tf.contrib.metrics.streaming_accuracy, prediction_key='classes')
    return tf.contrib.learn.Experiment(
        estimator, train_input_fn=input_fn, eval_input_fn=input_fn,
        eval_metrics={'accuracy': accuracy}, train_steps=40, eval_steps=1)


def main(_):
    folder = tempfile.mkdtemp()
    hparams = hparam.HParams(learning_rate=0.1, hidden_units=[1])
    hparams.parse('hidden_units=[%s]' % FLAGS.hidden_units)
    config = run_config.RunConfig(model_dir=folder, save_checkpoints_steps=20)
    metrics, exports = learn_runner.run(
        experiment_fn=experiment_fn, run_config=config, schedule='train_and_evaluate',
        hparams=hparams)
    print(sorted((key, '%.3f' % value) for key, value in metrics.items()), exports)
    print(os.path.basename(tf.train.latest_checkpoint(folder)))
    again = tf.contrib.learn.Estimator(model_fn=model_fn, params=hparams, model_dir=folder)
    print([name for name in again.get_variable_names() if 'Optimize' not in name])
    found = list(again.predict(input_fn=lambda: {'x': tf.constant(X[:3])}))
    print([int(each['classes']) for each in found], '%.3f' % found[0]['scores'][1])
    shutil.rmtree(folder)


if __name__ == '__main__':
    tf.logging.set_verbosity(tf.logging.ERROR)
    tf.app.run()
