"""The models of examples, trained from equal weights on equal batches."""

import os

import deterministic
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLES = os.path.join(os.path.dirname(os.path.dirname(HERE)), "examples")


def autoencoder_with_tensorboard(example):
    images = example["make_images"](64, seed=3)
    return history(example["make_autoencoder"](), images, images, batch_size=16, epochs=4)


def text_with_mask(example):
    sentences, in_favour = example["make_sentences"](200, seed=3)
    model = example["make_classifier"]()
    return history(model, sentences, in_favour, batch_size=32, epochs=4)


CASES = {each.__name__: each for each in (autoencoder_with_tensorboard, text_with_mask)}


def observe(name, compiled):
    """The course of the losses. ``compiled(source, path)`` makes the example's code object, and
    thereby decides whose Keras it imports."""
    path = os.path.join(EXAMPLES, name + ".py")
    with open(path, "rb") as file:
        code = compiled(file.read(), path)
    example = {"__name__": name}
    exec(code, example)
    with deterministic.training():
        return CASES[name](example)


def history(model, x, y, **options):
    random = np.random.RandomState(7)
    model.set_weights([random.uniform(-0.3, 0.3, w.shape) for w in model.get_weights()])
    course = model.fit(x, y, shuffle=False, verbose=0, **options).history
    return {name: [float(value) for value in values] for name, values in course.items()}
