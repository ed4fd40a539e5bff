"""tf.layers and Keras layers in one network, one optimizer, one list of variables."""

from __future__ import print_function
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense

rng = np.random.RandomState(15)
pictures = rng.rand(20, 6, 6, 1).astype("float32")
classes = (pictures[:, :3].mean(axis=(1, 2, 3)) > pictures[:, 3:].mean(axis=(1, 2, 3))).astype(int)

x = tf.placeholder(tf.float32, [None, 6, 6, 1])
y = tf.placeholder(tf.int32, [None])
with tf.variable_scope("features"):
    net = tf.layers.conv2d(x, 4, [3, 3], activation=tf.nn.relu)
    net = tf.layers.max_pooling2d(net, [2, 2], 2)
    net = tf.layers.flatten(net)
net = tf.layers.dense(net, 8, activation=tf.nn.tanh, name="tf_dense")
net = Dense(8, activation="tanh", name="keras_dense")(net)
logits = Dense(2, name="logits")(net)
with tf.variable_scope("features", reuse=True):
    again = tf.layers.conv2d(x, 4, [3, 3], name="conv2d")
loss = tf.losses.sparse_softmax_cross_entropy(labels=y, logits=logits)
train_op = tf.train.GradientDescentOptimizer(0.2).minimize(loss)
print([(v.name, v.get_shape().as_list()) for v in tf.trainable_variables()])
print(again.get_shape().as_list())

with tf.Session() as sess:
    K.set_session(sess)
    sess.run(tf.global_variables_initializer())
    for variable in tf.trainable_variables():
        variable.load(rng.uniform(-0.4, 0.4, variable.get_shape().as_list()), sess)
    feed = {x: pictures, y: classes}
    for step in range(41):
        if step % 10 == 0:
            print("step %d loss %.5f" % (step, sess.run(loss, feed)))
        sess.run(train_op, feed)
