"""Keras layers as a simplified interface to TensorFlow: placeholders, a session, a TF optimizer."""
from __future__ import print_function
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense, Dropout
from keras.objectives import categorical_crossentropy
from keras.metrics import categorical_accuracy

rng = np.random.RandomState(0)
centers = rng.randn(3, 8)
labels = np.arange(120) % 3
data = (centers[labels] + 0.3 * rng.randn(120, 8)).astype('float32')
targets = np.eye(3)[labels].astype('float32')

sess = tf.Session()
K.set_session(sess)

img = tf.placeholder(tf.float32, shape=(None, 8))
x = Dense(16, activation='relu', name='hidden')(img)
x = Dropout(0.5)(x)
preds = Dense(3, activation='softmax', name='scores')(x)
wanted = tf.placeholder(tf.float32, shape=(None, 3))
loss = tf.reduce_mean(categorical_crossentropy(wanted, preds))
train_step = tf.train.GradientDescentOptimizer(0.5).minimize(loss)

sess.run(tf.global_variables_initializer())
for variable in tf.trainable_variables():
    variable.load(rng.uniform(-0.4, 0.4, variable.get_shape().as_list()), sess)
print([variable.name for variable in tf.trainable_variables()])

with sess.as_default():
    for step in range(60):
        feed = {img: data, wanted: targets, K.learning_phase(): 0}
        if step % 20 == 0:
            print('step %d loss %.3f' % (step, loss.eval(feed_dict=feed)))
        train_step.run(feed_dict=feed)
    accuracy = tf.reduce_mean(categorical_accuracy(wanted, preds))
    print('accuracy %.2f' % accuracy.eval(feed_dict=feed))
    one, two = [sess.run(preds, {img: data, K.learning_phase(): 1}) for _ in range(2)]
    print('dropout is random in training:', not np.allclose(one, two))
