"""A convolutional network in the spelling of Keras 1."""

from __future__ import print_function
import numpy as np
from keras.layers import Activation, Dense, Dropout, Flatten
from keras.layers.convolutional import Convolution2D, MaxPooling2D, ZeroPadding2D
from keras.layers.normalization import BatchNormalization
from keras.models import Sequential
from keras.regularizers import l2
from keras.utils import np_utils

rng = np.random.RandomState(20)
model = Sequential()
model.add(ZeroPadding2D((1, 1), input_shape=(6, 6, 1), dim_ordering="tf"))
model.add(
    Convolution2D(
        3,
        3,
        3,
        border_mode="valid",
        activation="relu",
        subsample=(1, 1),
        dim_ordering="tf",
        init="glorot_uniform",
        W_regularizer=l2(0.01),
    )
)
model.add(MaxPooling2D(pool_size=(2, 2), strides=(2, 2), dim_ordering="tf"))
model.add(BatchNormalization(mode=0, axis=-1))
model.add(Flatten())
model.add(Dense(output_dim=4, init="uniform"))
model.add(Activation("relu"))
model.add(Dropout(p=0.0))
model.add(Dense(2, activation="softmax", bias=True))
model.compile(loss="categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
model.set_weights(
    [
        rng.uniform(0.1, 0.5, w.shape) * rng.choice([-1, 1], w.shape)
        if w.ndim > 1
        else rng.uniform(0.1, 0.5, w.shape)
        for w in model.get_weights()
    ]
)

x = rng.rand(16, 6, 6, 1)
y = np_utils.to_categorical((x.mean(axis=(1, 2, 3)) > 0.5).astype(int), 2)
print(model.input_shape, model.output_shape, len(model.layers), model.count_params())
print([layer.output_shape for layer in model.layers][:4])
print("%.4f" % model.evaluate(x, y, batch_size=16, verbose=0)[0])
history = model.fit(x, y, nb_epoch=3, batch_size=16, shuffle=False, verbose=0)
print(sorted(history.history), ["%.2f" % loss for loss in history.history["loss"]])
print(model.predict_proba(x[:2], verbose=0).shape, model.predict_classes(x, verbose=0).shape)
