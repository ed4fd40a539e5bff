"""A convolutional autoencoder of small colour images, watched in TensorBoard.

    python -m tfkeras_compat run examples/autoencoder_with_tensorboard.py [folder]
    tensorboard --logdir=autoencoder

The images have the shape of CIFAR-10's, and are made here: soft waves of colour. To train on CIFAR
itself, put its arrays, divided by 255, in their place.
"""

import os
import sys

import numpy as np
from keras.callbacks import ModelCheckpoint, TensorBoard
from keras.layers import Conv2D, Input, MaxPooling2D, UpSampling2D
from keras.models import Model, load_model

np.random.seed(1337)  # for reproducibility

SIZE = 32


def make_images(number, seed):
    """Images (number, 32, 32, 3) from 0 to 1: each colour is a wave in a direction of its own."""
    random = np.random.RandomState(seed)
    down, right = np.mgrid[:SIZE, :SIZE][:, None, :, :, None] / float(SIZE)
    frequency = random.uniform(-2, 2, (2, number, 1, 1, 3))
    phase = random.uniform(0, 2 * np.pi, (number, 1, 1, 3))
    waves = np.sin(2 * np.pi * (frequency[0] * down + frequency[1] * right) + phase)
    return (0.5 + 0.5 * waves).astype("float32")


def make_autoencoder():
    images = Input(shape=(SIZE, SIZE, 3))
    x = Conv2D(32, (3, 3), activation="relu", padding="same")(images)
    encoded = MaxPooling2D((2, 2), padding="same")(x)
    x = Conv2D(32, (3, 3), activation="relu", padding="same")(encoded)
    x = UpSampling2D((2, 2))(x)
    decoded = Conv2D(3, (3, 3), activation="sigmoid", padding="same")(x)

    autoencoder = Model(images, decoded)
    autoencoder.compile(optimizer="adadelta", loss="mse")
    return autoencoder


def main(folder):
    x_train, x_test = make_images(1024, seed=1), make_images(256, seed=2)
    autoencoder = make_autoencoder()
    autoencoder.summary()

    history = autoencoder.fit(
        x_train,
        x_train,
        epochs=6,
        batch_size=64,
        shuffle=True,
        verbose=2,
        validation_data=(x_test, x_test),
        callbacks=[
            TensorBoard(log_dir=folder, histogram_freq=2, batch_size=64, write_images=True),
            ModelCheckpoint(os.path.join(folder, "autoencoder.{epoch:02d}.h5"), period=2),
        ],
    )
    print("Loss: " + " ".join("%.4f" % loss for loss in history.history["loss"]))

    restored = load_model(os.path.join(folder, "autoencoder.06.h5"))
    print("Test loss of the last checkpoint: %.4f" % restored.evaluate(x_test, x_test, verbose=0))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "autoencoder")
