"""A script of 2016, for Keras 1 and TensorFlow 1, before it is taken over: see migration_after.py.

    python -m tfkeras_compat run examples/migration_before.py

It runs as it is. A regularized layer normalizes and classifies the digits; the loss, the update of
the moving statistics and the training step are TensorFlow's.
"""

import os

import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers.core import Dense
from keras.layers.normalization import BatchNormalization
from keras.models import Sequential
from keras.objectives import categorical_crossentropy
from keras.regularizers import l2
from tensorflow.examples.tutorials.mnist import input_data

np.random.seed(1337)
tf.set_random_seed(1337)

here = os.path.dirname(os.path.abspath(__file__))
digits = input_data.read_data_sets(os.path.join(here, "digits"), one_hot=True)

sess = tf.Session()
K.set_session(sess)

model = Sequential()
model.add(BatchNormalization(mode=0, input_shape=(784,)))
model.add(Dense(output_dim=10, init="glorot_uniform", W_regularizer=l2(1e-4), activation="softmax"))

labels = tf.placeholder(tf.float32, shape=(None, 10))
loss = tf.reduce_mean(categorical_crossentropy(labels, model.output)) + sum(model.losses)
train_step = tf.train.AdamOptimizer(0.01).minimize(loss)

sess.run(tf.initialize_all_variables())
for _ in range(200):
    batch = digits.train.next_batch(50)
    feed = {model.input: batch[0], labels: batch[1], K.learning_phase(): 1}
    sess.run([train_step] + model.updates, feed_dict=feed)

predictions = model.predict(digits.test.images)
accuracy = np.mean(predictions.argmax(axis=1) == digits.test.labels.argmax(axis=1))
print("Test accuracy: %.4f" % accuracy)
