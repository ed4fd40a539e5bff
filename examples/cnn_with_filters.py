"""A convolutional network for handwritten digits, and what its filters look for.

    python -m tfkeras_compat run examples/cnn_with_filters.py [FOLDER]

With a folder, pictures of the model, of the first filters, and of what these make of one digit are
written there (this needs matplotlib, pydot and Graphviz).
"""

import os
import sys

import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from keras.models import Sequential
from tensorflow.examples.tutorials.mnist import input_data

np.random.seed(1337)  # for reproducibility
tf.set_random_seed(1337)

HERE = os.path.dirname(os.path.abspath(__file__))


def make_network():
    model = Sequential()
    model.add(Conv2D(8, (5, 5), strides=2, activation="relu", input_shape=(28, 28, 1)))
    model.add(Conv2D(16, (3, 3), activation="relu"))
    model.add(MaxPooling2D((2, 2)))
    model.add(Flatten())
    model.add(Dropout(0.25))
    model.add(Dense(10, activation="softmax"))
    model.compile("adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def draw(model, images, folder):
    from keras.utils import plot_filters, plot_images, plot_model

    first = model.layers[0]
    seen = K.function([model.input], [first.output])([images[:1]])[0]  # (1, 12, 12, 8)
    plot_filters(first, os.path.join(folder, "filters.png"), columns=8)
    plot_images(seen[0].transpose(2, 0, 1), os.path.join(folder, "seen.png"), columns=8)
    plot_model(model, os.path.join(folder, "model.png"), show_shapes=True)


def main(folder=None):
    digits = input_data.read_data_sets(
        os.path.join(HERE, "digits"), one_hot=True, reshape=False, seed=0
    )
    model = make_network()
    model.fit(digits.train.images, digits.train.labels, batch_size=32, epochs=8, verbose=0)
    test = model.evaluate(digits.test.images, digits.test.labels, verbose=0)
    print("Test accuracy: %.4f" % test[1])
    if folder:
        draw(model, digits.test.images, folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
