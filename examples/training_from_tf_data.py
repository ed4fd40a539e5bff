"""A model trained from tf.data: records are decoded, shuffled and batched in TensorFlow.

    python -m tfkeras_compat run examples/training_from_tf_data.py

The digits of examples/digits are written as a file of tf.train.Example records first, as larger
data sets come in many such files.
"""

import os
import shutil
import tempfile

import numpy as np
import tensorflow as tf
from keras.layers import Dense, Flatten, Input
from keras.models import Model
from tensorflow.examples.tutorials.mnist import input_data

np.random.seed(1337)  # for reproducibility
tf.set_random_seed(1337)

HERE = os.path.dirname(os.path.abspath(__file__))
BATCH = 32


def write_records(digits, path):
    """A record for each digit: its pixels as bytes, and its number."""
    with tf.python_io.TFRecordWriter(path) as writer:
        for image, label in zip(digits.images, digits.labels):
            pixels = tf.train.BytesList(value=[image.tobytes()])
            number = tf.train.Int64List(value=[int(label)])
            features = {
                "image": tf.train.Feature(bytes_list=pixels),
                "label": tf.train.Feature(int64_list=number),
            }
            example = tf.train.Example(features=tf.train.Features(feature=features))
            writer.write(example.SerializeToString())


def decoded(record):
    """An image (28, 28, 1) from 0 to 1, and its label (1,)."""
    kinds = {
        "image": tf.FixedLenFeature([], tf.string),
        "label": tf.FixedLenFeature([1], tf.int64),
    }
    features = tf.parse_single_example(record, kinds)
    pixels = tf.decode_raw(features["image"], tf.uint8)
    return tf.cast(tf.reshape(pixels, (28, 28, 1)), tf.float32) / 255.0, features["label"]


def pipeline(path, is_training):
    dataset = tf.data.TFRecordDataset(path).map(decoded)
    if is_training:
        dataset = dataset.shuffle(2000, seed=1).repeat()
    return dataset.batch(BATCH).prefetch(1)


def main(folder):
    digits = input_data.read_data_sets(
        os.path.join(HERE, "digits"), dtype=tf.uint8, reshape=False, validation_size=0
    )
    train, test = os.path.join(folder, "train"), os.path.join(folder, "test")
    write_records(digits.train, train)
    write_records(digits.test, test)

    images = Input(shape=(28, 28, 1))
    x = Dense(64, activation="relu")(Flatten()(images))
    model = Model(images, Dense(10, activation="softmax")(x))
    model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])

    steps = digits.train.num_examples // BATCH
    history = model.fit(pipeline(train, True), epochs=8, steps_per_epoch=steps, verbose=0)
    print("Loss: " + " ".join("%.4f" % loss for loss in history.history["loss"]))
    test_steps = -(-digits.test.num_examples // BATCH)
    results = model.evaluate(pipeline(test, False), steps=test_steps, verbose=0)
    print("Test accuracy: %.4f" % results[1])


if __name__ == "__main__":
    folder = tempfile.mkdtemp()
    try:
        main(folder)
    finally:
        shutil.rmtree(folder)
