"""A variational autoencoder whose loss is added to the model."""
from __future__ import print_function
import numpy as np
from keras import backend as K
from keras import metrics
from keras.layers import Dense, Input, Lambda
from keras.models import Model

original_dim, latent_dim, batch = 6, 2, 8
noise = np.random.RandomState(2).normal(size=(batch, latent_dim))

x = Input(shape=(original_dim,))
h = Dense(5, activation='relu')(x)
z_mean = Dense(latent_dim)(h)
z_log_var = Dense(latent_dim)(h)


def sampling(args):
    mean, log_var = args
    epsilon = K.constant(noise)  # fixed, for the sake of this example
    return mean + K.exp(log_var / 2) * epsilon


z = Lambda(sampling, output_shape=(latent_dim,))([z_mean, z_log_var])
decoder_h = Dense(5, activation='relu')
decoder_mean = Dense(original_dim, activation='sigmoid')
x_decoded_mean = decoder_mean(decoder_h(z))
vae = Model(x, x_decoded_mean)

xent_loss = original_dim * metrics.binary_crossentropy(x, x_decoded_mean)
kl_loss = -0.5 * K.sum(1 + z_log_var - K.square(z_mean) - K.exp(z_log_var), axis=-1)
vae.add_loss(K.mean(xent_loss + kl_loss))
vae.compile(optimizer='rmsprop', loss=None)

rng = np.random.RandomState(7)
vae.set_weights([rng.uniform(-.5, .5, w.shape) for w in vae.get_weights()])
data = (rng.rand(batch, original_dim) > 0.5).astype('float32')
history = vae.fit(data, shuffle=False, epochs=4, batch_size=batch, verbose=0)
print(['%.3f' % loss for loss in history.history['loss']])
encoder = Model(x, z_mean)
print(encoder.predict(data).shape, ['%.2f' % v for v in encoder.predict(data).sum(axis=0)])
