"""Keras weights in checkpoints of tf.train.Saver, restored into a fresh graph by name."""
from __future__ import print_function
import os
import shutil
import tempfile
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import BatchNormalization, Conv2D, Dense, Flatten
from keras.models import Sequential


def build():
    model = Sequential()
    model.add(Conv2D(2, (2, 2), input_shape=(4, 4, 1), name='conv'))
    model.add(BatchNormalization(name='norm'))
    model.add(Flatten())
    model.add(Dense(2, name='dense'))
    return model


folder = tempfile.mkdtemp()
rng = np.random.RandomState(9)
pictures = rng.rand(2, 4, 4, 1)
with tf.Graph().as_default(), tf.Session() as sess:
    K.set_session(sess)
    model = build()
    model.set_weights([rng.rand(*w.shape) for w in model.get_weights()])
    expected = model.predict(pictures)
    path = tf.train.Saver().save(sess, os.path.join(folder, 'model.ckpt'), global_step=7)
print(os.path.basename(path))
for name, shape in tf.train.list_variables(folder):
    print(name, shape)

with tf.Graph().as_default(), tf.Session() as sess:
    K.set_session(sess)
    model = build()
    sess.run(tf.global_variables_initializer())
    tf.train.Saver().restore(sess, tf.train.latest_checkpoint(folder))
    print('same predictions:', np.allclose(model.predict(pictures), expected, atol=1e-6))
    print('bias sum %.3f' % tf.train.load_variable(path, 'dense/bias').sum())
shutil.rmtree(folder)
