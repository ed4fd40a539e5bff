"""A siamese network in the spelling of Keras 1: shared base, distance, contrastive loss."""

from __future__ import print_function
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input, Lambda
from keras.models import Model, Sequential
from keras.optimizers import RMSprop


def euclidean_distance(vects):
    x, y = vects
    return K.sqrt(K.maximum(K.sum(K.square(x - y), axis=1, keepdims=True), K.epsilon()))


def eucl_dist_output_shape(shapes):
    shape1, shape2 = shapes
    return (shape1[0], 1)


def contrastive_loss(y_true, y_pred):
    margin = 1
    return K.mean(
        y_true * K.square(y_pred) + (1 - y_true) * K.square(K.maximum(margin - y_pred, 0))
    )


rng = np.random.RandomState(21)
base_network = Sequential()
base_network.add(Dense(8, input_shape=(4,), activation="relu", init="glorot_uniform"))
base_network.add(Dense(output_dim=3, activation="tanh"))
base_network.set_weights([rng.uniform(-0.5, 0.5, w.shape) for w in base_network.get_weights()])
input_a = Input(shape=(4,))
input_b = Input(shape=(4,))
processed_a = base_network(input_a)
processed_b = base_network(input_b)
distance = Lambda(euclidean_distance, output_shape=eucl_dist_output_shape)(
    [processed_a, processed_b]
)
model = Model(input=[input_a, input_b], output=distance)
model.compile(loss=contrastive_loss, optimizer=RMSprop(lr=0.01))

points = rng.rand(12, 4)
pairs = [points[:6], np.concatenate([points[:3] + 0.02, points[9:]])]
same = np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
print("%.3f" % model.evaluate(pairs, same, batch_size=6, verbose=0))
history = model.fit(pairs, same, batch_size=6, nb_epoch=40, shuffle=False, verbose=0)
distances = model.predict(pairs).ravel()
print("loss fell to a half:", history.history["loss"][-1] < history.history["loss"][0] / 2)
print("same are near, others far:", bool(distances[:3].max() < distances[3:].min()))
print(len(model.layers), len(model.trainable_weights))
