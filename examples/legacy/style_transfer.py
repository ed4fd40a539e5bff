"""Style transfer: gradients of a loss of features with respect to the picture itself."""
from __future__ import print_function
import numpy as np
from keras import backend as K
from keras.layers import Conv2D, Input
from keras.models import Model

rng = np.random.RandomState(11)
base = K.variable(rng.rand(1, 8, 8, 3))
style = K.variable(rng.rand(1, 8, 8, 3))
combination = K.placeholder((1, 8, 8, 3))
input_tensor = K.concatenate([base, style, combination], axis=0)

pictures = Input(tensor=input_tensor)
x = Conv2D(4, (3, 3), activation='relu', padding='same', name='block1_conv1')(pictures)
x = Conv2D(6, (3, 3), activation='relu', padding='same', name='block2_conv1')(x)
model = Model(pictures, x)
model.set_weights([rng.uniform(-.4, .4, w.shape) for w in model.get_weights()])
outputs_dict = dict([(layer.name, layer.output) for layer in model.layers])


def gram_matrix(features):
    features = K.batch_flatten(K.permute_dimensions(features, (2, 0, 1)))
    return K.dot(features, K.transpose(features))


def style_loss(style_features, combination_features):
    difference = gram_matrix(style_features) - gram_matrix(combination_features)
    return K.sum(K.square(difference)) / (4. * (6 ** 2) * (64 ** 2))


features = outputs_dict['block2_conv1']
loss = 0.5 * K.sum(K.square(features[2] - features[0])) / 64.
loss += style_loss(outputs_dict['block1_conv1'][1], outputs_dict['block1_conv1'][2])
loss += 0.01 * K.sum(K.square(combination[:, :-1] - combination[:, 1:]))
grads = K.gradients(loss, combination)[0]
f_outputs = K.function([combination], [loss, grads])

picture = rng.rand(1, 8, 8, 3)
for i in range(6):
    loss_value, grad_values = f_outputs([picture])
    print('Iteration %d: loss %.4f' % (i, loss_value))
    picture = np.clip(picture - 0.5 * grad_values, 0, 1)
