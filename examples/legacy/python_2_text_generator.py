# -*- coding: utf-8 -*-
"""A character text generator as it was written for Python 2."""
import cPickle as pickle
import os
import random
import string
import sys
import tempfile
from StringIO import StringIO

import numpy as np
from keras.layers import LSTM, Activation, Dense
from keras.models import Sequential

path = os.path.join(tempfile.gettempdir(), 'python_2_text_%d.txt' % os.getpid())
open(path, 'w').write('the cat sat on the mat. ' * 4)
text = unicode(open(path).read().lower())
os.remove(path)
print 'corpus length:', len(text)
chars = sorted(list(set(text)))
print 'total chars:', len(chars), `chars[0]`
char_indices = dict((c, i) for i, c in enumerate(chars))
indices_char = dict((i, c) for i, c in enumerate(chars))
print char_indices.has_key(u'z'), [k for k, v in sorted(char_indices.iteritems())][:3]

maxlen = len(text) / 16  # whole
step = 3 / 2
sentences, next_chars = [], []
for i in xrange(0, len(text) - maxlen, step):
    sentences.append(text[i:i + maxlen])
    next_chars.append(text[i + maxlen])
print 'sequences:', len(sentences), maxlen, step

X = np.zeros((len(sentences), maxlen, len(chars)), dtype=np.bool_)
y = np.zeros((len(sentences), len(chars)), dtype=np.bool_)
for i, sentence in enumerate(sentences):
    for t, char in enumerate(sentence):
        X[i, t, char_indices[char]] = 1
    y[i, char_indices[next_chars[i]]] = 1

model = Sequential()
model.add(LSTM(8, input_shape=(maxlen, len(chars))))
model.add(Dense(len(chars)))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer='adam')
rng = np.random.RandomState(19)
model.set_weights([rng.uniform(-.5, .5, w.shape) for w in model.get_weights()])


def sample(preds, temperature=1.0):
    preds = np.asarray(preds).astype('float64')
    exp_preds = np.exp(np.log(preds) / temperature)
    return int(np.argmax(exp_preds / np.sum(exp_preds)))


for iteration in range(1, 3):
    history = model.fit(X, y, batch_size=30, epochs=2, shuffle=False, verbose=0)
    print 'Iteration', iteration, '%.4f' % history.history['loss'][-1]
    for diversity in map(float, ['0.5', '1']):
        generated = StringIO()
        sentence = text[:maxlen]
        for i in range(5):
            x = np.zeros((1, maxlen, len(chars)))
            for t, char in enumerate(sentence):
                x[0, t, char_indices[char]] = 1.
            next_char = indices_char[sample(model.predict(x, verbose=0)[0], diversity)]
            generated.write(next_char)
            sentence = sentence[1:] + next_char
        print '----- diversity:', diversity, `str(generated.getvalue())`

try:
    raise KeyError, 'no such char'
except KeyError, e:
    print >>sys.stdout, 'caught', e
weights = pickle.loads(pickle.dumps(model.get_weights(), 2))
print len(weights), zip(string.ascii_lowercase, range(2)), filter(str.isalpha, ['a', '1'])
exec 'total = sum(range(4))'
print total, 7 / 2 * 1., -7 / 2, 7 // 2., 0x10 / 3, reduce(lambda a, b: a + b, [1, 2])
