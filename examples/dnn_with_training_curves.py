"""A deep network against overfitting: batch normalization, dropout, a decaying rate; its curves.

    python -m tfkeras_compat run examples/dnn_with_training_curves.py [PICTURE]

With the name of a picture, such as curves.png, the course of the training is drawn (this needs
matplotlib).
"""

import os
import sys

import numpy as np
import tensorflow as tf
from keras.callbacks import ReduceLROnPlateau
from keras.layers import Activation, BatchNormalization, Dense, Dropout
from keras.models import Sequential
from keras.optimizers import Adam
from tensorflow.examples.tutorials.mnist import input_data

np.random.seed(1337)  # for reproducibility
tf.set_random_seed(1337)

HERE = os.path.dirname(os.path.abspath(__file__))


def make_network(hidden_layers=3, units=64):
    model = Sequential()
    model.add(Dropout(0.1, input_shape=(784,)))
    for _ in range(hidden_layers):
        model.add(Dense(units, use_bias=False, kernel_initializer="he_normal"))
        model.add(BatchNormalization())
        model.add(Activation("relu"))
        model.add(Dropout(0.2))
    model.add(Dense(10, activation="softmax"))
    model.compile(Adam(lr=0.003), loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def main(picture=None):
    digits = input_data.read_data_sets(os.path.join(HERE, "digits"), one_hot=True)
    model = make_network()
    history = model.fit(
        digits.train.images,
        digits.train.labels,
        batch_size=64,
        epochs=15,
        verbose=0,
        validation_data=(digits.validation.images, digits.validation.labels),
        callbacks=[ReduceLROnPlateau(patience=3)],
    )
    for name in ("loss", "val_loss", "acc", "val_acc"):
        print("%s: %s" % (name, " ".join("%.4f" % value for value in history.history[name][::3])))
    test = model.evaluate(digits.test.images, digits.test.labels, verbose=0)
    print("Test accuracy: %.4f" % test[1])
    if picture:
        from keras.utils import plot_history

        plot_history(history, metrics=["loss", "acc"], to_file=picture)


if __name__ == "__main__":
    main(*sys.argv[1:])
