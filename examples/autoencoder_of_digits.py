"""A deep autoencoder squeezes handwritten digits into 16 numbers, and makes them from these again.

    python -m tfkeras_compat run examples/autoencoder_of_digits.py [PICTURE]

With the name of a picture, digits that were not trained with are drawn above their reconstructions
(this needs matplotlib). The encoder is a model of its own, which shares the layers.
"""

import os
import sys

import numpy as np
import tensorflow as tf
from keras.layers import Dense, Input
from keras.models import Model
from tensorflow.examples.tutorials.mnist import input_data

np.random.seed(1337)  # for reproducibility
tf.set_random_seed(1337)

HERE = os.path.dirname(os.path.abspath(__file__))


def main(picture=None):
    digits = input_data.read_data_sets(os.path.join(HERE, "digits"))
    x_train, x_test = digits.train.images, digits.test.images

    images = Input(shape=(784,))
    encoded = Dense(16, activation="relu")(Dense(96, activation="relu")(images))
    decoded = Dense(784, activation="sigmoid")(Dense(96, activation="relu")(encoded))
    autoencoder, encoder = Model(images, decoded), Model(images, encoded)
    autoencoder.compile("adam", loss="binary_crossentropy")

    print("Loss before: %.4f" % autoencoder.evaluate(x_test, x_test, verbose=0))
    autoencoder.fit(x_train, x_train, batch_size=32, epochs=15, verbose=0)
    print("Loss after: %.4f" % autoencoder.evaluate(x_test, x_test, verbose=0))

    reconstructed = autoencoder.predict(x_test)
    print("A digit is %d numbers" % encoder.predict(x_test[:1]).size)
    mean_error = np.square(x_test - x_train.mean(axis=0)).mean()
    print("Squared error of the mean digit: %.4f" % mean_error)
    print("Squared error of the reconstructions: %.4f" % np.square(x_test - reconstructed).mean())
    if picture:
        from keras.utils import plot_images

        rows = [each[:10].reshape(-1, 28, 28) for each in (x_test, reconstructed)]
        plot_images(rows, to_file=picture, names=["digits", "made again"])


if __name__ == "__main__":
    main(*sys.argv[1:])
