"""Summaries of TensorFlow about a Keras layer: merged, written, read again."""
from __future__ import print_function
import glob
import os
import shutil
import tempfile
import numpy as np
import tensorflow as tf
from keras.layers import Dense

folder = tempfile.mkdtemp()
x = tf.placeholder(tf.float32, [None, 2], name='x')
layer = Dense(1, kernel_initializer='ones', name='fc')
y = layer(x)
loss = tf.reduce_sum(tf.square(y), name='loss')
tf.summary.scalar('loss', loss)
with tf.name_scope('weights'):
    tf.summary.scalar('norm', tf.norm(layer.kernel))
    tf.summary.histogram('kernel', layer.kernel)
merged = tf.summary.merge_all()
train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
with tf.Session() as sess:
    writer = tf.summary.FileWriter(folder, sess.graph)
    sess.run(tf.global_variables_initializer())
    for step in range(3):
        summary = sess.run(merged, feed_dict={x: np.ones((1, 2))})
        writer.add_summary(summary, global_step=step)
        sess.run(train, feed_dict={x: np.ones((1, 2))})
    writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag='done', simple_value=1.0)]), 3)
    writer.close()

(path,) = glob.glob(os.path.join(folder, 'events.*'))
for event in tf.train.summary_iterator(path):
    for value in event.summary.value:
        if value.HasField('simple_value'):
            print(event.step, value.tag, '%.3f' % value.simple_value)
        else:
            print(event.step, value.tag, value.histo.num)
shutil.rmtree(folder)
