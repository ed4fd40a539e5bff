"""Keras as a simplified interface to TensorFlow: a classifier of handwritten digits.

The graph mixes TensorFlow placeholders and optimizers with Keras layers; one session runs it all.
"""
import os

import tensorflow as tf
from keras import backend as K
from keras.layers import Dense, Dropout
from keras.metrics import categorical_accuracy as accuracy
from keras.objectives import categorical_crossentropy
from tensorflow.examples.tutorials.mnist import input_data

sess = tf.Session()
K.set_session(sess)

mnist_data = input_data.read_data_sets(
    os.path.join(os.path.dirname(os.path.abspath(__file__)), 'digits'), one_hot=True)

# This placeholder will contain the digits, as flat vectors.
img = tf.placeholder(tf.float32, shape=(None, 784))
labels = tf.placeholder(tf.float32, shape=(None, 10))

# Keras layers can be called on TensorFlow tensors.
x = Dense(128, activation='relu')(img)
x = Dense(128, activation='relu')(x)
preds = Dense(10, activation='softmax')(x)

loss = tf.reduce_mean(categorical_crossentropy(labels, preds))
train_step = tf.train.GradientDescentOptimizer(0.5).minimize(loss)

sess.run(tf.global_variables_initializer())

with sess.as_default():
    for i in range(1000):
        batch = mnist_data.train.next_batch(50)
        train_step.run(feed_dict={img: batch[0], labels: batch[1]})

acc_value = tf.reduce_mean(accuracy(labels, preds))
with sess.as_default():
    print('Test accuracy: %.4f' % acc_value.eval(feed_dict={
        img: mnist_data.test.images, labels: mnist_data.test.labels}))

# The same with Dropout, which behaves differently in training and in testing.
x = Dense(128, activation='relu')(img)
x = Dropout(0.5)(x)
x = Dense(128, activation='relu')(x)
x = Dropout(0.5)(x)
preds = Dense(10, activation='softmax')(x)

loss = tf.reduce_mean(categorical_crossentropy(labels, preds))
train_step = tf.train.GradientDescentOptimizer(0.5).minimize(loss)

sess.run(tf.global_variables_initializer())

with sess.as_default():
    for i in range(1000):
        batch = mnist_data.train.next_batch(50)
        train_step.run(feed_dict={
            img: batch[0], labels: batch[1], K.learning_phase(): 1})

acc_value = tf.reduce_mean(accuracy(labels, preds))
with sess.as_default():
    print('Test accuracy with Dropout: %.4f' % acc_value.eval(feed_dict={
        img: mnist_data.test.images, labels: mnist_data.test.labels, K.learning_phase(): 0}))
