"""Makes the four files in examples/digits: real handwritten digits in the IDX format of MNIST.

    python examples/make_digits.py [folder]

The source is the test part of the UCI data set "Optical Recognition of Handwritten Digits"
(E. Alpaydin, C. Kaynak), which scikit-learn carries: 1,797 digits of 8 x 8 pixels with values from
0 to 16. They are enlarged to MNIST's 28 x 28 by bilinear interpolation; squaring gives the blurred
strokes their contrast back. Every sixth digit is held out as the test set: other digits than those
of the training set, by the same writers.
"""

import gzip
import os
import struct
import sys

import numpy as np

TEST_EVERY = 6
SIZE = 28
MARGIN = 4  # as in MNIST, where the digits are 20 x 20
LABELS, IMAGES = 2049, 2051


def enlarged(images, size):
    """Square images ``(n, s, s)``, interpolated linearly along both axes to ``(n, size, size)``."""
    old = images.shape[1]
    position = np.clip((np.arange(size) + 0.5) * old / size - 0.5, 0, old - 1)
    weights = np.maximum(0, 1 - np.abs(position[:, np.newaxis] - np.arange(old)))  # (size, old)
    return np.einsum("ri,nij,cj->nrc", weights, images, weights)


def as_mnist(digits):
    """Digits ``(n, 8, 8)`` from 0 to 16 as uint8 images ``(n, 28, 28)``."""
    inner = (enlarged(digits, SIZE - 2 * MARGIN) / 16) ** 2 * 255
    padding = ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN))
    return np.rint(np.pad(inner, padding, mode="constant")).astype(np.uint8)


def write_idx(path, magic, values):
    """Writes uint8 values as a compressed IDX file; without a date: equal data, equal bytes."""
    header = struct.pack(">%dI" % (1 + values.ndim), magic, *values.shape)
    with open(path, "wb") as file:
        with gzip.GzipFile(
            filename="", mode="wb", compresslevel=9, fileobj=file, mtime=0
        ) as stream:
            stream.write(header + values.tobytes())


def make(folder):
    """Writes the four files."""
    from sklearn.datasets import load_digits

    source = load_digits()
    images, labels = as_mnist(source.images), source.target.astype(np.uint8)
    os.makedirs(folder, exist_ok=True)
    held_out = np.arange(len(labels)) % TEST_EVERY == TEST_EVERY - 1
    for prefix, part in (("train", ~held_out), ("t10k", held_out)):
        write_idx(os.path.join(folder, prefix + "-images-idx3-ubyte.gz"), IMAGES, images[part])
        write_idx(os.path.join(folder, prefix + "-labels-idx1-ubyte.gz"), LABELS, labels[part])


if __name__ == "__main__":
    beside_this_file = os.path.join(os.path.dirname(os.path.abspath(__file__)), "digits")
    make(sys.argv[1] if len(sys.argv) > 1 else beside_this_file)
