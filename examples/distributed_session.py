"""A Keras model whose session is on a server, as in a cluster.

    python -m tfkeras_compat run examples/distributed_session.py

The server runs in this process, so that the example needs no other machine. In a cluster, CLUSTER
lists the addresses of all machines, and each of them starts a server of its own task.
"""

import os

import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense
from keras.metrics import categorical_accuracy
from keras.models import Sequential
from keras.objectives import categorical_crossentropy
from tensorflow.examples.tutorials.mnist import input_data

np.random.seed(1337)  # for reproducibility
tf.set_random_seed(1337)

HERE = os.path.dirname(os.path.abspath(__file__))
CLUSTER = {"worker": ["localhost:0"]}  # any free port
digits = input_data.read_data_sets(os.path.join(HERE, "digits"), one_hot=True)

server = tf.train.Server(CLUSTER, job_name="worker", task_index=0)
sess = tf.Session(server.target)
K.set_session(sess)  # from here on, all weights live on the server

with tf.device("/job:worker/task:0"):
    model = Sequential()
    model.add(Dense(64, activation="relu", input_dim=784))
    model.add(Dense(10, activation="softmax"))
    labels = tf.placeholder(tf.float32, shape=(None, 10))
    loss = tf.reduce_mean(categorical_crossentropy(labels, model.output))
    accuracy = tf.reduce_mean(categorical_accuracy(labels, model.output))
    train_step = tf.train.AdamOptimizer(0.003).minimize(loss)

sess.run(tf.global_variables_initializer())
for _ in range(300):
    batch = digits.train.next_batch(50)
    sess.run(train_step, {model.input: batch[0], labels: batch[1]})
feed = {model.input: digits.test.images, labels: digits.test.labels}
print("Test accuracy: %.4f" % sess.run(accuracy, feed))

# Another session on the same server finds the weights as they are: they belong to the server.
with tf.Session(server.target) as other:
    print("Test accuracy in another session: %.4f" % other.run(accuracy, feed))
print("The weights are on %s" % model.weights[0].device)
