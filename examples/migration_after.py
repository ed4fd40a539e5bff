"""The script of migration_before.py after it was taken over: plain Python runs it.

    python examples/migration_after.py

Imports name this package, and names of Keras 1 became those of Keras 2. The numbers stay the same.
"""

import os

import numpy as np

import tfkeras_compat.tensorflow as tf
from tfkeras_compat import backend as K
from tfkeras_compat.layers import BatchNormalization, Dense
from tfkeras_compat.losses import categorical_crossentropy
from tfkeras_compat.models import Sequential
from tfkeras_compat.regularizers import l2
from tfkeras_compat.tensorflow.examples.tutorials.mnist import input_data

np.random.seed(1337)
tf.set_random_seed(1337)

here = os.path.dirname(os.path.abspath(__file__))
digits = input_data.read_data_sets(os.path.join(here, "digits"), one_hot=True)

sess = tf.Session()
K.set_session(sess)

model = Sequential()
model.add(BatchNormalization(input_shape=(784,)))
model.add(Dense(10, kernel_regularizer=l2(1e-4), activation="softmax"))

labels = tf.placeholder(tf.float32, shape=(None, 10))
loss = tf.reduce_mean(categorical_crossentropy(labels, model.output)) + sum(model.losses)
train_step = tf.train.AdamOptimizer(0.01).minimize(loss)

sess.run(tf.global_variables_initializer())
for _ in range(200):
    batch = digits.train.next_batch(50)
    feed = {model.input: batch[0], labels: batch[1], K.learning_phase(): 1}
    sess.run([train_step] + model.updates, feed_dict=feed)

predictions = model.predict(digits.test.images)
accuracy = np.mean(predictions.argmax(axis=1) == digits.test.labels.argmax(axis=1))
print("Test accuracy: %.4f" % accuracy)
