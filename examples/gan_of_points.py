"""A generative adversarial network learns to make points on a ring.

    python -m tfkeras_compat run examples/gan_of_points.py [STEPS]

The generator makes points of random numbers, the discriminator tells made points from real ones.
In the combined model the discriminator is frozen: training that changes the generator only.
"""

import sys

import numpy as np
import tensorflow as tf
from keras.layers import Dense, Input, LeakyReLU
from keras.models import Model, Sequential
from keras.optimizers import Adam

np.random.seed(1337)  # for reproducibility
tf.set_random_seed(1337)

RADIUS = 2.0
NOISE = 8
BATCH = 64


def real_points(number):
    """Points (number, 2) near a ring around 0."""
    angle = np.random.uniform(0, 2 * np.pi, (number, 1))
    radius = np.random.normal(RADIUS, 0.05, (number, 1))
    return radius * np.concatenate([np.cos(angle), np.sin(angle)], axis=1)


def noise(number):
    return np.random.normal(size=(number, NOISE))


def make_generator():
    return Sequential(
        [Dense(32, activation="relu", input_dim=NOISE), Dense(32, activation="relu"), Dense(2)]
    )


def make_discriminator():
    model = Sequential([Dense(32, input_dim=2), LeakyReLU(0.2), Dense(32), LeakyReLU(0.2)])
    model.add(Dense(1, activation="sigmoid"))
    model.compile(Adam(lr=0.002, beta_1=0.5), loss="binary_crossentropy")
    return model


def make_combined(generator, discriminator):
    frozen = Model(discriminator.inputs, discriminator.outputs)  # the same weights
    frozen.trainable = False
    random = Input(shape=(NOISE,))
    combined = Model(random, frozen(generator(random)))
    combined.compile(Adam(lr=0.002, beta_1=0.5), loss="binary_crossentropy")
    return combined


def show(name, points):
    radius = np.sqrt(np.square(points).sum(axis=1))
    quarters = np.unique(np.sign(points), axis=0)
    print(
        "%s: radius %.3f +- %.3f, in %d quarters"
        % (name, radius.mean(), radius.std(), len(quarters))
    )


def main(steps):
    generator, discriminator = make_generator(), make_discriminator()
    combined = make_combined(generator, discriminator)
    show("Real points", real_points(500))
    show("Made before", generator.predict(noise(500)))
    labels = np.concatenate([np.ones((BATCH, 1)), np.zeros((BATCH, 1))])
    for _ in range(steps):
        points = np.concatenate([real_points(BATCH), generator.predict(noise(BATCH))])
        discriminator.train_on_batch(points, labels)
        combined.train_on_batch(noise(BATCH), np.ones((BATCH, 1)))
    show("Made after", generator.predict(noise(500)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1500)
