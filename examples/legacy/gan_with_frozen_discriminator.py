"""A GAN: the discriminator is frozen inside the combined model, and learns on its own."""
from __future__ import print_function
import numpy as np
from keras.layers import Activation, BatchNormalization, Dense, Input, LeakyReLU
from keras.models import Model, Sequential
from keras.optimizers import Adam, SGD

rng = np.random.RandomState(5)


def with_fixed_weights(model):
    model.set_weights([rng.uniform(-.5, .5, w.shape) if w.ndim > 1 else w
                       for w in model.get_weights()])
    return model


def build_generator():
    model = Sequential(name='generator')
    model.add(Dense(8, input_dim=4))
    model.add(LeakyReLU(alpha=0.2))
    model.add(BatchNormalization(momentum=0.8))
    model.add(Dense(2))
    model.add(Activation('tanh'))
    return with_fixed_weights(model)


def build_discriminator():
    model = Sequential(name='discriminator')
    model.add(Dense(8, input_dim=2))
    model.add(LeakyReLU(alpha=0.2))
    model.add(Dense(1, activation='sigmoid'))
    return with_fixed_weights(model)


discriminator = build_discriminator()
discriminator.compile(loss='binary_crossentropy', optimizer=SGD(lr=0.1), metrics=['accuracy'])
generator = build_generator()
z = Input(shape=(4,))
img = generator(z)
discriminator.trainable = False
valid = discriminator(img)
combined = Model(z, valid)
combined.compile(loss='binary_crossentropy', optimizer=Adam(0.02, 0.5))

print('trainable in combined:', len(combined.trainable_weights))
print('of all weights:', len(combined.weights))
for epoch in range(5):
    real = 0.1 * rng.randn(16, 2) + 0.7
    noise = rng.normal(0, 1, (16, 4))
    fake = generator.predict(noise)
    d_loss_real = discriminator.train_on_batch(real, np.ones((16, 1)))
    d_loss_fake = discriminator.train_on_batch(fake, np.zeros((16, 1)))
    d_loss = 0.5 * np.add(d_loss_real, d_loss_fake)
    before = discriminator.get_weights()
    g_loss = combined.train_on_batch(noise, np.ones((16, 1)))
    kept = all(np.array_equal(a, b) for a, b in zip(before, discriminator.get_weights()))
    print("%d [D loss: %.4f, acc.: %.2f%%] [G loss: %.4f]" % (epoch, d_loss[0], 100 * d_loss[1], g_loss))
    print("D unchanged:", kept)
