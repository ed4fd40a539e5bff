"""tf.data feeds a Keras model: Input(tensor=...), targets as tensors, fit without arrays."""
from __future__ import print_function
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model

rng = np.random.RandomState(8)
features = rng.rand(24, 4).astype('float32')
labels = (features.sum(axis=1, keepdims=True) > 2).astype('float32')

dataset = tf.data.Dataset.from_tensor_slices((features, labels))
dataset = dataset.map(lambda a, b: (a - 0.5, b)).repeat().batch(8)
iterator = dataset.make_one_shot_iterator()
x, y = iterator.get_next()

inputs = Input(tensor=tf.reshape(x, (-1, 4)))
hidden = Dense(6, activation='tanh', name='hidden')(inputs)
outputs = Dense(1, activation='sigmoid', name='out')(hidden)
train_model = Model(inputs=inputs, outputs=outputs)
train_model.compile(optimizer='sgd', loss='binary_crossentropy', metrics=['accuracy'],
                    target_tensors=[tf.reshape(y, (-1, 1))])
train_model.set_weights([rng.uniform(-.5, .5, w.shape) for w in train_model.get_weights()])
history = train_model.fit(epochs=3, steps_per_epoch=6, verbose=0)
print(sorted(history.history))
print(['%.3f' % loss for loss in history.history['loss']])

test_input = Input(shape=(4,))
test_model = Model(test_input, train_model.layers[-1](train_model.layers[-2](test_input)))
print(test_model.predict(features[:3] - 0.5).astype('float64').round(3).ravel().tolist())
print(len(K.get_session().run(x)))
