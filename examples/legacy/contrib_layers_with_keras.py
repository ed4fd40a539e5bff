"""tf.contrib.layers around a Keras layer, an arg_scope, and optimize_loss."""

from __future__ import print_function
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense
from tensorflow.contrib import layers
from tensorflow.contrib.framework import arg_scope

rng = np.random.RandomState(17)
features = rng.rand(16, 3).astype("float32")
goals = features.dot([[1.0], [-1.0], [2.0]]).astype("float32")
x = tf.placeholder(tf.float32, [None, 3])
y = tf.placeholder(tf.float32, [None, 1])
with arg_scope(
    [layers.fully_connected],
    activation_fn=tf.nn.tanh,
    weights_initializer=layers.xavier_initializer(),
    weights_regularizer=layers.l2_regularizer(0.001),
):
    net = layers.fully_connected(x, 5, scope="fc1")
    net = layers.fully_connected(net, 4, activation_fn=None, scope="fc2")
net = Dense(1, name="keras_dense")(net)
loss = tf.losses.mean_squared_error(y, net)
total = loss + tf.add_n(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))
train_op = layers.optimize_loss(
    total, tf.train.get_or_create_global_step(), learning_rate=0.1, optimizer="SGD"
)
print([v.name for v in tf.trainable_variables()])
print(len(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)))
with tf.Session() as sess:
    K.set_session(sess)
    sess.run(tf.global_variables_initializer())
    for variable in tf.trainable_variables():
        variable.load(rng.uniform(-0.5, 0.5, variable.get_shape().as_list()), sess)
    for step in range(61):
        value, _ = sess.run([loss, train_op], {x: features, y: goals})
        if step % 20 == 0:
            print("step %d loss %.2f" % (step, value))
    print("global step", sess.run(tf.train.get_global_step()))
