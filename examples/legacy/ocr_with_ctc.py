"""Reading text in images: convolution, recurrent layers and the CTC loss in a Lambda layer."""
from __future__ import print_function
import numpy as np
from keras import backend as K
from keras.layers import Activation, Conv2D, Dense, Input, Lambda, MaxPooling2D, Reshape
from keras.layers.merge import add, concatenate
from keras.layers.recurrent import GRU
from keras.models import Model
from keras.optimizers import SGD

width, height, letters, longest = 16, 8, 4, 3


def ctc_lambda_func(args):
    y_pred, labels, input_length, label_length = args
    y_pred = y_pred[:, 1:, :]
    return K.ctc_batch_cost(labels, y_pred, input_length, label_length)


input_data = Input(name='the_input', shape=(width, height, 1), dtype='float32')
inner = Conv2D(3, (3, 3), padding='same', activation='relu', name='conv1')(input_data)
inner = MaxPooling2D(pool_size=(2, 2), name='max1')(inner)
inner = Reshape(target_shape=(width // 2, (height // 2) * 3), name='reshape')(inner)
inner = Dense(5, activation='relu', name='dense1')(inner)
gru_1 = GRU(4, return_sequences=True, name='gru1')(inner)
gru_1b = GRU(4, return_sequences=True, go_backwards=True, name='gru1_b')(inner)
gru1_merged = add([gru_1, gru_1b])
gru_2 = GRU(4, return_sequences=True, name='gru2')(gru1_merged)
gru_2b = GRU(4, return_sequences=True, go_backwards=True, name='gru2_b')(gru1_merged)
inner = Dense(letters + 1, name='dense2')(concatenate([gru_2, gru_2b]))
y_pred = Activation('softmax', name='softmax')(inner)

labels = Input(name='the_labels', shape=[longest], dtype='float32')
input_length = Input(name='input_length', shape=[1], dtype='int64')
label_length = Input(name='label_length', shape=[1], dtype='int64')
loss_out = Lambda(ctc_lambda_func, output_shape=(1,), name='ctc')(
    [y_pred, labels, input_length, label_length])
model = Model(inputs=[input_data, labels, input_length, label_length], outputs=loss_out)
sgd = SGD(lr=0.02, decay=1e-6, momentum=0.9, nesterov=True, clipnorm=5)
model.compile(loss={'ctc': lambda y_true, y_pred: y_pred}, optimizer=sgd)

rng = np.random.RandomState(21)
model.set_weights([rng.uniform(-.4, .4, w.shape) for w in model.get_weights()])
inputs = {
    'the_input': rng.rand(8, width, height, 1),
    'the_labels': rng.randint(0, letters, (8, longest)),
    'input_length': np.full((8, 1), width // 2 - 1),
    'label_length': rng.randint(1, longest + 1, (8, 1)),
}
history = model.fit(inputs, {'ctc': np.zeros([8])}, batch_size=4, epochs=5, shuffle=False,
                    verbose=0)
print(['%.3f' % loss for loss in history.history['loss']])

test_func = K.function([input_data], [y_pred])
out = test_func([inputs['the_input']])[0]
print('%.4f' % out.max(), out.shape)
decoded, log_prob = K.ctc_decode(y_pred, input_length=K.constant([8] * 8, dtype='int32'))
read = K.function([input_data], [decoded[0], log_prob])([inputs['the_input']])
print(read[0].tolist(), ['%.3f' % value for value in read[1].ravel()])
beam = K.ctc_decode(K.variable(out), K.variable([8] * 8, dtype='int32'), greedy=False,
                    beam_width=4, top_paths=2)
print([K.eval(path).shape[0] for path in beam[0]], '%.3f' % K.eval(beam[1])[0, 0])
