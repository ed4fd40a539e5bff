"""The same network in the three styles of Keras: a stack, a graph of calls, and a class.

python -m tfkeras_compat run examples/three_styles.py
"""

import numpy as np
import tensorflow as tf
from keras.layers import Dense, Dropout, Input
from keras.models import Model, Sequential
from keras.optimizers import Adam

np.random.seed(1337)  # for reproducibility
tf.set_random_seed(1337)


def as_stack():
    """For layers one after the other."""
    model = Sequential()
    model.add(Dense(16, activation="tanh", input_shape=(2,)))
    model.add(Dropout(0.1))
    model.add(Dense(1, activation="sigmoid"))
    return model


def as_graph():
    """For any connections: several inputs and outputs, shared layers, branches."""
    points = Input(shape=(2,))
    x = Dense(16, activation="tanh")(points)
    x = Dropout(0.1)(x)
    return Model(inputs=points, outputs=Dense(1, activation="sigmoid")(x))


class AsClass(Model):
    """For computations that are easier to write down than to draw."""

    def __init__(self):
        super().__init__()
        self.hidden = Dense(16, activation="tanh")
        self.dropout = Dropout(0.1)
        self.answer = Dense(1, activation="sigmoid")

    def call(self, points):
        return self.answer(self.dropout(self.hidden(points)))


def make_points(number, seed):
    """Points (number, 2), and whether they are in a disc (number, 1)."""
    points = np.random.RandomState(seed).uniform(-1, 1, (number, 2))
    return points, (np.square(points).sum(axis=1, keepdims=True) < 0.5).astype("float32")


x_train, y_train = make_points(1000, seed=1)
x_test, y_test = make_points(200, seed=2)

stack, graph, network = as_stack(), as_graph(), AsClass()
for model in (stack, graph, network):
    model.compile(Adam(lr=0.02), loss="binary_crossentropy", metrics=["accuracy"])
network.train_on_batch(x_train, y_train)  # a class has weights from its first batch on

for model in (graph, network):
    model.set_weights(stack.get_weights())
expected = stack.predict(x_test)
for style, model in (("stack", stack), ("graph", graph), ("class", network)):
    print("%s: answers as the stack: %s" % (style, np.allclose(model.predict(x_test), expected)))
    model.fit(x_train, y_train, batch_size=20, epochs=15, verbose=0)
    print("%s: test accuracy %.4f" % (style, model.evaluate(x_test, y_test, verbose=0)[1]))
