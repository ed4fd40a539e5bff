"""Text classification: tokenizer, padded sequences, convolution and global pooling."""
from __future__ import print_function
import numpy as np
from keras.layers import Conv1D, Dense, Embedding, GlobalMaxPooling1D
from keras.models import Sequential
from keras.preprocessing.sequence import pad_sequences
from keras.preprocessing.text import Tokenizer
from keras.utils import to_categorical

texts = ['The plot was good, really good!', 'A bad, dull film.', 'good acting; good music',
         'Dull plot and bad acting', 'I liked the music', 'bad bad bad']
labels = to_categorical(np.asarray([1, 0, 1, 0, 1, 0]))
tokenizer = Tokenizer(num_words=12)
tokenizer.fit_on_texts(texts)
sequences = tokenizer.texts_to_sequences(texts)
print(sorted(tokenizer.word_index.items(), key=lambda item: item[1])[:4])
data = pad_sequences(sequences, maxlen=6)
print(data.tolist())
print(labels.shape, tokenizer.texts_to_matrix(texts[:1], mode='count')[0].tolist())

rng = np.random.RandomState(14)
model = Sequential()
model.add(Embedding(12, 5, input_length=6, weights=[rng.uniform(-.5, .5, (12, 5))]))
model.add(Conv1D(4, 3, activation='relu', padding='valid'))
model.add(GlobalMaxPooling1D())
model.add(Dense(2, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer='rmsprop', metrics=['acc'])
model.set_weights([model.get_weights()[0]]
                  + [rng.uniform(-.5, .5, w.shape) for w in model.get_weights()[1:]])
result = model.fit(data, labels, batch_size=3, epochs=5, shuffle=False, verbose=0)
print(['%.3f' % loss for loss in result.history['loss']], sorted(result.history))
print(model.predict_classes(data, verbose=0).shape)
