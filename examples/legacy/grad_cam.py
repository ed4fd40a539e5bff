"""Grad-CAM: which part of a picture a convolutional classifier looks at."""
from __future__ import print_function
import numpy as np
from keras import backend as K
from keras.layers import Conv2D, Dense, Flatten, MaxPooling2D
from keras.models import Sequential

model = Sequential()
model.add(Conv2D(2, (3, 3), padding='same', input_shape=(8, 8, 1), name='block5_conv3'))
model.add(MaxPooling2D((2, 2)))
model.add(Flatten())
model.add(Dense(2, activation='softmax', name='predictions'))

blob = np.ones((3, 3)) / 9.
edge = np.outer([1, 0, -1], [1, 1, 1]) / 3.
kernel = np.stack([blob, edge], axis=-1)[:, :, None, :]
model.get_layer('block5_conv3').set_weights([kernel, np.zeros(2)])
weights = np.random.RandomState(3).uniform(0, 1, (32, 2))
weights[:, 1] -= 0.5
model.get_layer('predictions').set_weights([weights, np.zeros(2)])

picture = np.zeros((1, 8, 8, 1))
picture[0, 5:8, 1:4, 0] = 1.0
class_idx = 0
class_output = model.output[:, class_idx]
last_conv_layer = model.get_layer('block5_conv3')
grads = K.gradients(class_output, last_conv_layer.output)[0]
pooled_grads = K.mean(grads, axis=(0, 1, 2))
iterate = K.function([model.input], [pooled_grads, last_conv_layer.output[0]])
pooled_grads_value, conv_layer_output_value = iterate([picture])
for i in range(2):
    conv_layer_output_value[:, :, i] *= pooled_grads_value[i]
heatmap = np.maximum(np.mean(conv_layer_output_value, axis=-1), 0)
heatmap /= np.max(heatmap)
print('class scores', model.predict(picture).astype('float64').round(3).tolist())
print('brightest at', [int(n) for n in np.unravel_index(heatmap.argmax(), heatmap.shape)])
print(heatmap.astype('float64').round(2)[4:, :5].tolist())
