"""The model whose weights Keras 1.2.2 wrote, and how they were written.

Run it in an environment with Keras 1.2.2 (``oracles/make_oracles.sh k122`` makes one) to write
``files/keras_1.weights.h5`` and ``files/keras_1.npz`` anew:

    ~/.cache/tfkeras-oracles/k122/bin/python tests/golden/keras_1_model.py
"""

import os

import numpy as np

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")


def inputs():
    """Sequences and images: what the model is fed."""
    random = np.random.RandomState(5)
    return [random.normal(size=(2,) + shape).astype("float32") for shape in ((5, 4), (6, 6, 2))]


def build(keras):
    """Recurrent and convolutional layers, wrapped and inside a model, in the words of Keras 1."""
    layers = keras.layers
    series, image = layers.Input(shape=(5, 4)), layers.Input(shape=(6, 6, 2))
    inner = keras.models.Sequential()
    inner.add(layers.LSTM(3, return_sequences=True, input_shape=(5, 4)))
    inner.add(layers.BatchNormalization())
    inner.add(layers.GRU(2))
    both = layers.Bidirectional(layers.LSTM(2))(series)
    steps = layers.Flatten()(layers.TimeDistributed(layers.Dense(2))(series))
    convolved = layers.Flatten()(layers.Convolution1D(3, 2)(series))
    seen = layers.Flatten()(layers.Convolution2D(2, 3, 3)(image))
    outputs = [inner(series), layers.SimpleRNN(2)(series), both, steps, convolved, seen]
    return keras.models.Model([series, image], outputs)


def record(keras):
    model = build(keras)
    random = np.random.RandomState(6)
    model.set_weights(
        [random.uniform(0.1, 0.9, w.shape) - 0.3 * (w.ndim > 1) for w in model.get_weights()]
    )
    outputs = model.predict(inputs())
    model.save_weights(os.path.join(FOLDER, "keras_1.weights.h5"), overwrite=True)
    np.savez_compressed(
        os.path.join(FOLDER, "keras_1.npz"), **{"output%d" % i: y for i, y in enumerate(outputs)}
    )


if __name__ == "__main__":
    import keras

    record(keras)
