"""A network that estimates a number: rents of made-up flats.

    python -m tfkeras_compat run examples/regression.py

The rent depends on area, rooms, and the distance to the centre. Each has units of its own, so that
they are normalized first. A guess that is always the mean rent shows what there is to learn.
"""

import numpy as np
import tensorflow as tf
from keras.callbacks import EarlyStopping
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import Adam

np.random.seed(1337)  # for reproducibility
tf.set_random_seed(1337)


def make_flats(number, seed):
    """Area in square metres, rooms, distance in metres (number, 3); monthly rents (number,)."""
    random = np.random.RandomState(seed)
    area = random.uniform(20, 150, number)
    rooms = np.ceil(area / random.uniform(20, 40, number))
    distance = random.uniform(0, 12000, number)
    rent = area * (9 + 12 * np.exp(-distance / 3000)) + 40 * rooms
    return np.stack([area, rooms, distance], axis=1), rent + random.normal(0, 20, number)


x_train, y_train = make_flats(1000, seed=1)
x_test, y_test = make_flats(200, seed=2)

mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
x_train, x_test = (x_train - mean) / deviation, (x_test - mean) / deviation

model = Sequential()
model.add(Dense(32, activation="relu", input_shape=(3,)))
model.add(Dense(32, activation="relu"))
model.add(Dense(1))
model.compile(Adam(lr=0.01), loss="mse", metrics=["mae"])

stopping = EarlyStopping(monitor="val_loss", patience=10)
history = model.fit(
    x_train,
    y_train,
    batch_size=20,
    epochs=60,
    verbose=0,
    validation_split=0.2,
    callbacks=[stopping],
)

guess = np.abs(y_test - y_train.mean()).mean()
error = model.evaluate(x_test, y_test, verbose=0)[1]
print("Trained for %d epochs" % len(history.epoch))
print("Mean error of a constant guess: %.1f" % guess)
print("Mean error of the network: %.1f" % error)
