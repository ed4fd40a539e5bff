"""Sequence to sequence: LSTM states go from encoder to decoder; inference step by step."""
from __future__ import print_function
import numpy as np
from keras.layers import LSTM, Dense, Input
from keras.models import Model

tokens, latent = 5, 6
encoder_inputs = Input(shape=(None, tokens))
encoder = LSTM(latent, return_state=True)
_, state_h, state_c = encoder(encoder_inputs)
encoder_states = [state_h, state_c]
decoder_inputs = Input(shape=(None, tokens))
decoder_lstm = LSTM(latent, return_sequences=True, return_state=True)
decoder_outputs, _, _ = decoder_lstm(decoder_inputs, initial_state=encoder_states)
decoder_dense = Dense(tokens, activation='softmax')
model = Model([encoder_inputs, decoder_inputs], decoder_dense(decoder_outputs))
model.compile(optimizer='rmsprop', loss='categorical_crossentropy')

rng = np.random.RandomState(13)
model.set_weights([rng.uniform(-.5, .5, w.shape) for w in model.get_weights()])
source = np.eye(tokens)[rng.randint(1, tokens, (10, 4))]
target = source[:, ::-1]
fed = np.concatenate([np.zeros((10, 1, tokens)), target[:, :-1]], axis=1)
fed[:, 0, 0] = 1.
history = model.fit([source, fed], target, batch_size=5, epochs=4, shuffle=False, verbose=0)
print(['%.3f' % loss for loss in history.history['loss']])

encoder_model = Model(encoder_inputs, encoder_states)
state_inputs = [Input(shape=(latent,)), Input(shape=(latent,))]
outputs, h, c = decoder_lstm(decoder_inputs, initial_state=state_inputs)
decoder_model = Model([decoder_inputs] + state_inputs, [decoder_dense(outputs), h, c])


def decode_sequence(sequence):
    states = encoder_model.predict(sequence)
    token, scores = 0, []
    for _ in range(4):
        output, h, c = decoder_model.predict([np.eye(tokens)[[token]][None]] + states)
        token, states = int(output[0, -1].argmax()), [h, c]
        scores.append(output[0, -1].max())
    return scores


print(['%.3f' % score for score in decode_sequence(source[:1])])
