"""A classifier of sentences of different lengths: an embedding that masks the padding, and an LSTM.

    python -m tfkeras_compat run examples/text_with_mask.py

The sentences are made up: numbers of words, of which some are good, some bad, and most mean
nothing. A sentence is in favour if it has more good words than bad ones.
"""

import numpy as np
from keras.layers import LSTM, Dense, Embedding
from keras.models import Sequential
from keras.optimizers import RMSprop

np.random.seed(1337)  # for reproducibility

WORDS = 60  # 1 to 9 are good, 10 to 18 bad; 0 is no word, but padding
LENGTH = 20


def make_sentences(number, seed):
    """Padded sentences (number, 20) and whether they are in favour (number,)."""
    random = np.random.RandomState(seed)
    words = random.randint(1, WORDS, (number, LENGTH))
    lengths = random.randint(5, LENGTH + 1, (number, 1))
    words[np.arange(LENGTH) >= lengths] = 0
    good = ((words >= 1) & (words <= 9)).sum(axis=1)
    bad = ((words >= 10) & (words <= 18)).sum(axis=1)
    is_clear = good != bad
    return words[is_clear], (good > bad)[is_clear].astype("float32")


def make_classifier():
    model = Sequential()
    model.add(Embedding(WORDS, 16, mask_zero=True))
    model.add(LSTM(16))
    model.add(Dense(1, activation="sigmoid"))
    model.compile(RMSprop(lr=0.01), loss="binary_crossentropy", metrics=["accuracy"])
    return model


def main():
    x_train, y_train = make_sentences(2000, seed=1)
    x_test, y_test = make_sentences(500, seed=2)
    model = make_classifier()
    history = model.fit(
        x_train, y_train, batch_size=32, epochs=5, verbose=2, validation_data=(x_test, y_test)
    )
    print("Loss: " + " ".join("%.4f" % loss for loss in history.history["loss"]))
    print("Test accuracy: %.4f" % model.evaluate(x_test, y_test, verbose=0)[1])

    # The mask hides the padding: a sentence means the same without it.
    sentence = x_test[:1]
    padded, alone = model.predict(sentence), model.predict(sentence[:, sentence[0] > 0])
    print("In favour: %.4f padded, %.4f as it is" % (padded[0, 0], alone[0, 0]))


if __name__ == "__main__":
    main()
