"""One model on several devices: each works on a part of the batch, with the same weights.

    python -m tfkeras_compat run examples/multi_device_replicas.py

The weights are made on one device; calling the model under another makes operations there, and no
new weights. The devices are two processors of this machine, so that the example runs everywhere;
write "/gpu:0" and "/gpu:1" where there are such.
"""

import os

import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential
from keras.objectives import categorical_crossentropy
from tensorflow.examples.tutorials.mnist import input_data

np.random.seed(1337)  # for reproducibility
tf.set_random_seed(1337)

HERE = os.path.dirname(os.path.abspath(__file__))
DEVICES = ["/cpu:0", "/cpu:1"]

sess = tf.Session(config=tf.ConfigProto(device_count={"CPU": len(DEVICES)}))
K.set_session(sess)
digits = input_data.read_data_sets(os.path.join(HERE, "digits"), one_hot=True)

images = tf.placeholder(tf.float32, shape=(None, 784))
labels = tf.placeholder(tf.float32, shape=(None, 10))

with tf.device(DEVICES[0]):
    model = Sequential()
    model.add(Dense(128, activation="relu", input_dim=784))
    model.add(Dense(10, activation="softmax"))

optimizer = tf.train.GradientDescentOptimizer(0.5)
replicas, gradients = [], []
for device, part, answers in zip(
    DEVICES, tf.split(images, len(DEVICES)), tf.split(labels, len(DEVICES))
):
    with tf.device(device):
        predictions = model(part)
        loss = tf.reduce_mean(categorical_crossentropy(answers, predictions))
        gradients.append(optimizer.compute_gradients(loss, model.trainable_weights))
        replicas.append(predictions)

with tf.device(DEVICES[0]):
    mean_gradients = [
        (tf.reduce_mean(tf.stack([gradient for gradient, _ in each]), axis=0), each[0][1])
        for each in zip(*gradients)
    ]
    train_step = optimizer.apply_gradients(mean_gradients)
    predictions = tf.concat(replicas, axis=0)
    is_right = tf.equal(tf.argmax(predictions, axis=1), tf.argmax(labels, axis=1))
    accuracy = tf.reduce_mean(tf.cast(is_right, tf.float32))

sess.run(tf.global_variables_initializer())
for _ in range(400):
    batch = digits.train.next_batch(50)
    sess.run(train_step, {images: batch[0], labels: batch[1]})

print("Weights: %d, whatever the number of devices" % len(model.weights))
for replica in replicas:
    print("A replica on " + replica.device)
even = len(digits.test.images) // 2 * 2
feed = {images: digits.test.images[:even], labels: digits.test.labels[:even]}
print("Test accuracy: %.4f" % sess.run(accuracy, feed))
