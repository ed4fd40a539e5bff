"""A recurrent network that continues a time series: two waves that overlap.

    python -m tfkeras_compat run examples/rnn_forecast.py

An LSTM sees 16 steps and says the next one. Then it goes on alone: each forecast becomes an input.
"""

import numpy as np
import tensorflow as tf
from keras.layers import LSTM, Dense
from keras.models import Sequential
from keras.optimizers import Adam
from keras.preprocessing.sequence import TimeseriesGenerator

np.random.seed(1337)  # for reproducibility
tf.set_random_seed(1337)

STEPS = 16
time = np.arange(1200)
series = (np.sin(2 * np.pi * time / 25) + 0.5 * np.sin(2 * np.pi * time / 9))[:, np.newaxis]
train, test = series[:1000], series[1000:]

model = Sequential()
model.add(LSTM(24, input_shape=(STEPS, 1)))
model.add(Dense(1))
model.compile(Adam(lr=0.01), loss="mse")

batches = TimeseriesGenerator(train, train, length=STEPS, batch_size=32, shuffle=True)
history = model.fit_generator(batches, epochs=10, verbose=0)
print("Loss: " + " ".join("%.4f" % loss for loss in history.history["loss"]))

windows = TimeseriesGenerator(test, test, length=STEPS, batch_size=len(test))
inputs, following = windows[0]
as_before = np.square(inputs[:, -1] - following).mean()
print("Squared error of the last value as a forecast: %.4f" % as_before)
print("Squared error of the network: %.4f" % model.evaluate(inputs, following, verbose=0))

window = inputs[:1].copy()
forecasts = []
for _ in range(25):
    forecasts.append(model.predict(window)[0, 0])
    window = np.roll(window, -1, axis=1)
    window[0, -1, 0] = forecasts[-1]
alone = np.square(np.array(forecasts) - following[:25, 0]).mean()
print("Squared error when it goes on alone, 25 steps: %.4f" % alone)
