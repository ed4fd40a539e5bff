"""A layer of one's own with weights, and callbacks: schedule, early stopping, checkpoints."""
from __future__ import print_function
import os
import shutil
import tempfile
import numpy as np
from keras.callbacks import Callback, EarlyStopping, LearningRateScheduler, ModelCheckpoint
from keras.engine.topology import Layer
from keras.initializers import Constant
from keras.layers import Dense
from keras.models import Sequential, load_model


class Scale(Layer):
    def __init__(self, start=1.0, **kwargs):
        self.start = start
        super(Scale, self).__init__(**kwargs)

    def build(self, input_shape):
        self.scale = self.add_weight(name='scale', shape=(input_shape[-1],),
                                     initializer=Constant(self.start),
                                     trainable=True)
        super(Scale, self).build(input_shape)

    def call(self, x):
        return x * self.scale

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        config = super(Scale, self).get_config()
        config['start'] = self.start
        return config


class LossHistory(Callback):
    def on_train_begin(self, logs={}):
        self.losses = []

    def on_batch_end(self, batch, logs={}):
        self.losses.append(logs.get('loss'))


rng = np.random.RandomState(6)
x = rng.rand(32, 3)
y = x.dot([[1.], [2.], [-1.]])
folder = tempfile.mkdtemp()
best = os.path.join(folder, 'best.h5')
model = Sequential([Scale(0.5, input_shape=(3,)), Dense(1, kernel_initializer='ones')])
model.compile('sgd', 'mse')
history = LossHistory()
result = model.fit(
    x, y, epochs=12, batch_size=8, shuffle=False, verbose=0, validation_data=(x, y),
    callbacks=[history, ModelCheckpoint(best, save_best_only=True),
               LearningRateScheduler(lambda epoch: 0.1 if epoch < 6 else 0.0),
               EarlyStopping(monitor='val_loss', patience=2)])
print('epochs', len(result.epoch), 'batches', len(history.losses))
print(['%.3f' % loss for loss in result.history['val_loss']])
again = load_model(best, custom_objects={'Scale': Scale})
print('best %.3f' % again.evaluate(x, y, verbose=0), again.layers[0].get_config()['start'])
print([weight.name.split('/')[-1] for weight in again.weights])
shutil.rmtree(folder)
