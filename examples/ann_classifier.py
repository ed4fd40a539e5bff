"""A network with one hidden layer tells handwritten digits apart.

    python -m tfkeras_compat run examples/ann_classifier.py

The digits are those in examples/digits; any folder with the four files of MNIST does as well.
"""

import os

import numpy as np
import tensorflow as tf
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD
from tensorflow.examples.tutorials.mnist import input_data

np.random.seed(1337)  # for reproducibility
tf.set_random_seed(1337)

HERE = os.path.dirname(os.path.abspath(__file__))
digits = input_data.read_data_sets(os.path.join(HERE, "digits"), one_hot=True)

model = Sequential()
model.add(Dense(32, activation="sigmoid", input_dim=784))
model.add(Dense(10, activation="softmax"))
model.compile(SGD(lr=0.5), loss="categorical_crossentropy", metrics=["accuracy"])

model.fit(digits.train.images, digits.train.labels, batch_size=32, epochs=20, verbose=0)

loss, accuracy = model.evaluate(digits.test.images, digits.test.labels, verbose=0)
print("Test accuracy: %.4f" % accuracy)
digit = model.predict_classes(digits.test.images[:1])[0]
print("The first digit is a %d; the network says %d" % (digits.test.labels[0].argmax(), digit))
