"""What the TensorBoard callback is compared on: small trainings, with their event files read back.

Each case is a function of a Keras and a folder; it trains with the callback, from equal weights on
equal batches. ``observe`` runs it and gives what lies in the folder, as plain JSON values.
"""

import os

import deterministic
import numpy as np
import tensorflow.compat.v1 as tf

OPTIONS = {"shuffle": False, "verbose": 0, "epochs": 2}


def images_and_gradients(keras, folder):
    """Kernels of three ranks, and a summary of the user's own in the graph's collection."""
    layers = keras.layers
    model = keras.models.Sequential(
        [
            layers.Conv2D(2, (3, 2), input_shape=(5, 5, 1)),
            layers.Conv2D(2, 2, activation="relu"),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    compiled(model, keras, "categorical_crossentropy", ["accuracy"])
    tf.summary.scalar("of_the_user", tf.reduce_sum(model.output))
    board = keras.callbacks.TensorBoard(
        folder, histogram_freq=1, batch_size=3, write_grads=True, write_images=True
    )
    x, y = random(8, 5, 5, 1), np.eye(3)[np.arange(8) % 3]
    data = (random(5, 5, 5, 1), np.eye(3)[np.arange(5) % 3])
    model.fit(x, y, batch_size=4, validation_data=data, callbacks=[board], **OPTIONS)


def embeddings(keras, folder):
    """The projector's files, and scalars after each batch."""
    layers = keras.layers
    model = keras.models.Sequential(
        [
            layers.Embedding(7, 3, input_length=4, name="words"),
            layers.Flatten(),
            layers.Dense(1, name="score"),
        ]
    )
    compiled(model, keras, "mse", [])
    x = np.arange(20).reshape(5, 4) % 7
    board = keras.callbacks.TensorBoard(
        folder,
        batch_size=2,
        update_freq="batch",
        embeddings_freq=1,
        embeddings_layer_names=["words", "score"],
        embeddings_metadata={"words": 'labels of "Müller\'s".tsv'},
        embeddings_data=x,
    )
    model.fit(x, random(5, 1), batch_size=2, callbacks=[board], **OPTIONS)


def generator_with_phase(keras, folder):
    """Two inputs and outputs, a learning phase, scalars after every 5 samples."""
    layers = keras.layers
    first, second = layers.Input((2,), name="first"), layers.Input((3,), name="second")
    joined = layers.concatenate([first, second], name="joined")
    # A rate that changes nothing, but asks for the phase.
    dropped = layers.Dropout(1e-9, name="dropped")(joined)
    outputs = [layers.Dense(1, name=name)(dropped) for name in ("left", "right")]
    model = keras.models.Model([first, second], outputs)
    compiled(model, keras, "mse", [])
    board = keras.callbacks.TensorBoard(folder, histogram_freq=2, update_freq=5)
    x, y = [random(4, 2), random(4, 3)], [random(4, 1), random(4, 1)]

    def batches():
        while True:
            yield x, y

    model.fit_generator(
        batches(), 3, epochs=3, verbose=0, validation_data=(x, y), workers=0, callbacks=[board]
    )


CASES = {each.__name__: each for each in (images_and_gradients, embeddings, generator_with_phase)}


def random(*shape):
    return np.random.RandomState(sum(shape)).uniform(-1, 1, shape).astype("float32")


def compiled(model, keras, loss, metrics):
    model.compile(keras.optimizers.SGD(0.125), loss, metrics=metrics)
    model.set_weights([random(*weight.shape) for weight in model.get_weights()])


# ---- what is in a folder ------------------------------------------------------------------------


def observe(keras, name, folder):
    """Runs a case: the events, the projector's configuration, the last checkpoint."""
    keras.backend.clear_session()
    with deterministic.training():
        CASES[name](keras, folder)
    return {
        "events": sorted(events(folder), key=lambda event: event[:2]),
        "configuration": configuration(folder),
        "checkpoint": checkpoint(folder),
    }


def events(folder):
    """``[tag, step, values]`` of all summaries, in the order in which they were written."""
    for name in sorted(os.listdir(folder)):
        if "tfevents" in name:
            for event in tf.train.summary_iterator(os.path.join(folder, name)):
                for value in event.summary.value:
                    yield [value.tag, event.step, numbers(value)]


def numbers(value):
    """A scalar's value, a histogram's moments, or an image's size and pixels."""
    if value.HasField("histo"):
        return [getattr(value.histo, name) for name in ("num", "min", "max", "sum", "sum_squares")]
    if value.HasField("image"):
        size = [value.image.height, value.image.width, value.image.colorspace]
        return size + pixels(value.image.encoded_image_string)
    return [value.simple_value]


def pixels(png):
    with tf.Graph().as_default(), tf.Session() as session:
        return session.run(tf.image.decode_png(png)).ravel().tolist()


def configuration(folder):
    path = os.path.join(folder, "projector_config.pbtxt")
    if not os.path.exists(path):
        return None
    with open(path) as file:
        return file.read()


def checkpoint(folder):
    path = tf.train.latest_checkpoint(folder)
    if path is None:
        return None
    reader = tf.train.NewCheckpointReader(path)
    names = sorted(reader.get_variable_to_shape_map())
    return [os.path.basename(path), {name: reader.get_tensor(name).tolist() for name in names}]
