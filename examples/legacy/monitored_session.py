"""Keras layers in a tf.train.MonitoredTrainingSession with hooks and checkpoints."""
from __future__ import print_function
import os
import shutil
import tempfile
import numpy as np
import tensorflow as tf
from keras.layers import Dense

rng = np.random.RandomState(10)
features = rng.rand(16, 2).astype('float32')
targets = features.dot([[2.], [-1.]]).astype('float32') + 0.5


class Recorder(tf.train.SessionRunHook):
    def __init__(self, tensor):
        self.tensor, self.values = tensor, []

    def before_run(self, run_context):
        return tf.train.SessionRunArgs(self.tensor)

    def after_run(self, run_context, run_values):
        self.values.append(run_values.results)


folder = tempfile.mkdtemp()
x = tf.placeholder(tf.float32, [None, 2], name='x')
layer = Dense(1, kernel_initializer='zeros', name='linear')
loss = tf.losses.mean_squared_error(targets, layer(x))
global_step = tf.train.get_or_create_global_step()
train_op = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss, global_step=global_step)
recorder = Recorder(loss)
hooks = [tf.train.StopAtStepHook(last_step=30), tf.train.NanTensorHook(loss), recorder]
with tf.train.MonitoredTrainingSession(checkpoint_dir=folder, hooks=hooks,
                                       save_checkpoint_secs=None, save_checkpoint_steps=10,
                                       log_step_count_steps=None) as sess:
    while not sess.should_stop():
        sess.run(train_op, feed_dict={x: features})
print('steps', len(recorder.values))
print(['%.3f' % value for value in recorder.values[::10]])
print(os.path.basename(tf.train.latest_checkpoint(folder)))
names = [name for name, _ in tf.train.list_variables(folder)]
print(sorted(names))
shutil.rmtree(folder)
