"""The functional interface: two questions, shared embedding and LSTM, saved and loaded again."""
from __future__ import print_function
import os
import shutil
import tempfile
import numpy as np
from keras.layers import LSTM, Dense, Embedding, Input, add, concatenate, multiply
from keras.models import Model, load_model, model_from_json

question1 = Input(shape=(5,), dtype='int32', name='q1')
question2 = Input(shape=(5,), dtype='int32', name='q2')
embedding = Embedding(12, 4, mask_zero=True, name='words')
encode = LSTM(3, name='encoder')
code1, code2 = encode(embedding(question1)), encode(embedding(question2))
merged = concatenate([code1, code2, multiply([code1, code2]), add([code1, code2])])
same = Dense(1, activation='sigmoid', name='same')(merged)
length = Dense(1, name='length')(merged)
model = Model(inputs=[question1, question2], outputs=[same, length])
model.compile('adam', loss={'same': 'binary_crossentropy', 'length': 'mse'},
              loss_weights={'same': 1., 'length': .1}, metrics={'same': 'accuracy'})

rng = np.random.RandomState(12)
model.set_weights([rng.uniform(-.5, .5, w.shape) for w in model.get_weights()])
data = {'q1': rng.randint(1, 12, (8, 5)), 'q2': rng.randint(1, 12, (8, 5))}
data['q1'][:, 3:] = 0
goals = {'same': rng.randint(0, 2, (8, 1)), 'length': rng.rand(8, 1)}
print(model.metrics_names)
for _ in range(3):
    print(['%.5f' % value for value in model.train_on_batch(data, goals)])

folder = tempfile.mkdtemp()
path = os.path.join(folder, 'model.h5')
model.save(path)
loaded = load_model(path)
architecture = model_from_json(model.to_json())
architecture.set_weights(loaded.get_weights())
for a, b, c in zip(model.predict(data), loaded.predict(data), architecture.predict(data)):
    print(np.allclose(a, b, atol=1e-6), np.allclose(a, c, atol=1e-6), '%.4f' % a.sum())
print(len(model.layers), model.count_params())
shutil.rmtree(folder)
