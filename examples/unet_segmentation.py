"""A small U-Net finds the discs in noisy pictures, pixel by pixel.

    python -m tfkeras_compat run examples/unet_segmentation.py [PICTURE]

On the way down the network sees more and more of the surroundings; on the way up, what it saw at
each size is put beside it, so that edges stay sharp (Ronneberger et al., arXiv:1505.04597). With
the name of a picture, pictures, truth and answers are drawn (this needs matplotlib).
"""

import sys

import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Conv2D, Input, MaxPooling2D, UpSampling2D, concatenate
from keras.models import Model
from keras.optimizers import Adam

np.random.seed(1337)  # for reproducibility
tf.set_random_seed(1337)

SIZE = 32


def make_pictures(number, seed):
    """Pictures with discs and bars (number, 32, 32, 1); masks of the discs, of the same shape."""
    random = np.random.RandomState(seed)
    rows, columns = np.mgrid[:SIZE, :SIZE]
    center = random.uniform(8, SIZE - 8, (2, number, 1, 1))
    radius = random.uniform(4, 8, (number, 1, 1))
    masks = (rows - center[0]) ** 2 + (columns - center[1]) ** 2 < radius**2
    bars = np.abs(rows - random.uniform(0, SIZE, (number, 1, 1))) < 2
    pictures = np.maximum(masks, bars) + random.normal(0, 0.3, masks.shape)
    return pictures[..., np.newaxis], masks[..., np.newaxis].astype("float32")


def convolved(x, filters):
    x = Conv2D(filters, (3, 3), activation="relu", padding="same")(x)
    return Conv2D(filters, (3, 3), activation="relu", padding="same")(x)


def make_unet(widths=(8, 16, 16)):
    pictures = x = Input(shape=(SIZE, SIZE, 1))
    seen = []
    for width in widths[:-1]:
        x = convolved(x, width)
        seen.append(x)
        x = MaxPooling2D()(x)
    x = convolved(x, widths[-1])
    for width in reversed(widths[:-1]):
        x = concatenate([seen.pop(), UpSampling2D()(x)])
        x = convolved(x, width)
    model = Model(pictures, Conv2D(1, (1, 1), activation="sigmoid")(x))
    model.compile(Adam(lr=0.01), loss="binary_crossentropy", metrics=[overlap])
    return model


def overlap(y_true, y_pred):
    """Pixels that both call a disc, by pixels that either does: 1 for the same masks."""
    found = K.round(y_pred)
    both = K.sum(y_true * found, axis=(1, 2, 3))
    either = K.sum(K.maximum(y_true, found), axis=(1, 2, 3))
    return both / either


def main(picture=None):
    x_train, y_train = make_pictures(300, seed=1)
    x_test, y_test = make_pictures(50, seed=2)
    model = make_unet()
    model.fit(x_train, y_train, batch_size=20, epochs=8, verbose=0)
    bright = (x_test > 0.5).astype("float32")
    both, either = (
        (bright * y_test).sum(axis=(1, 2, 3)),
        np.maximum(bright, y_test).sum(axis=(1, 2, 3)),
    )
    print("Overlap of bright pixels with the discs: %.4f" % (both / either).mean())
    print("Overlap of the network's answers: %.4f" % model.evaluate(x_test, y_test, verbose=0)[1])
    if picture:
        from keras.utils import plot_images

        rows = [x_test[:8], y_test[:8], model.predict(x_test[:8])]
        plot_images(rows, to_file=picture, names=["picture", "truth", "found"])


if __name__ == "__main__":
    main(*sys.argv[1:])
