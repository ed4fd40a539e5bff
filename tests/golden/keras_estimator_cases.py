"""Keras models as Estimators, and Experiments, with given weights: what is compared with the
original.

    python tests/golden/keras_estimator_cases.py

records the answers of TensorFlow 1.15.5, run in its environment, and keeps checkpoints of it.
"""

import json
import os
import shutil
import tempfile

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
FILE = os.path.join(HERE, "keras_estimator.json")
KEPT = os.path.join(HERE, "keras_checkpoints")
FORMATS = ("saver", "checkpoint")

_RANDOM = np.random.RandomState(0)
X = _RANDOM.randn(20, 4).astype("float32")
CLASSES = _RANDOM.randint(0, 3, (20, 1))
Z = _RANDOM.randn(20, 2).astype("float32")
WEIGHTS = [
    _RANDOM.randn(*shape).astype("float32") for shape in [(4, 5), (5,), (5, 3), (3,), (5, 2), (2,)]
]


def optimizers(tf):
    return {
        "sgd": "sgd",
        "adam": "adam",
        "rmsprop": "rmsprop",
        "tf_adam": tf.train.AdamOptimizer(0.01),
        "tf_momentum": tf.train.MomentumOptimizer(0.1, 0.9),
    }


def read(tf):
    return lambda: tf.data.Dataset.from_tensor_slices(({"x": X}, {"c": CLASSES, "z": Z})).batch(8)


def model(tf, optimizer):
    layers = tf.keras.layers
    x = layers.Input((4,), name="x")
    hidden = layers.Dense(5, activation="tanh", name="h")(x)
    c = layers.Dense(3, activation="softmax", name="c")(hidden)
    made = tf.keras.models.Model(x, [c, layers.Dense(2, name="z")(hidden)])
    made.compile(
        optimizer,
        {"c": "sparse_categorical_crossentropy", "z": "mse"},
        metrics={"c": ["accuracy"], "z": ["mae"]},
        loss_weights={"c": 1.0, "z": 0.5},
    )
    made.set_weights(WEIGHTS)
    return made


def of_model(tf, optimizer):
    """Metrics before and after three trainings, and predictions after them."""
    estimator = tf.keras.estimator.model_to_estimator(
        model(tf, optimizer), model_dir=tempfile.mkdtemp()
    )
    before = estimator.evaluate(read(tf))
    for _ in range(3):
        estimator.train(read(tf))
    after = estimator.evaluate(read(tf))
    predicted = {name: list(each) for name, each in next(estimator.predict(read(tf))).items()}
    return {"before": before, "after": after, "predicted": predicted}


def _plain(tf):
    layers = tf.keras.layers
    made = tf.keras.models.Sequential(
        [layers.Dense(3, activation="tanh", input_shape=(4,)), layers.Dense(2)]
    )
    made.compile("adam", "mse")
    return made


def _nested(tf):
    layers = tf.keras.layers
    inner = tf.keras.models.Sequential([layers.Dense(3, activation="tanh", input_shape=(4,))])
    x = layers.Input((4,))
    made = tf.keras.models.Model(x, layers.Dense(2, name="last")(inner(x)))
    made.compile(tf.train.AdamOptimizer(0.01), "mse")
    return made


def _recurrent(tf):
    layers = tf.keras.layers
    made = tf.keras.models.Sequential(
        [
            layers.Reshape((2, 2), input_shape=(4,)),
            layers.Bidirectional(layers.LSTM(2, return_sequences=True)),
            layers.TimeDistributed(layers.Dense(3)),
            layers.Flatten(),
            layers.BatchNormalization(),
            layers.Dense(2),
        ]
    )
    made.compile("rmsprop", "mse")
    return made


# Models whose checkpoints are kept. Statistics of a BatchNormalization take another step apart.
CONTINUED = {"plain": _plain, "nested": _nested, "recurrent": _recurrent}


def pairs(tf):
    return lambda: tf.data.Dataset.from_tensor_slices((X, Z)).batch(8)


def as_estimator(tf, name, checkpoint_format, directory):
    return tf.keras.estimator.model_to_estimator(
        CONTINUED[name](tf), model_dir=directory, checkpoint_format=checkpoint_format
    )


def of_continued(tf, name, checkpoint_format, directory):
    """The losses of an Estimator that finds a checkpoint in the directory: at once and, but for
    normalizations, after three steps more."""
    estimator = as_estimator(tf, name, checkpoint_format, directory)
    found = [estimator.evaluate(pairs(tf))]
    if name != "recurrent":
        found.append(estimator.train(pairs(tf)).evaluate(pairs(tf)))
    return [[each["global_step"], each["loss"]] for each in found]


def keep(tf, name, checkpoint_format):
    """Trains three steps, keeps the checkpoint, and gives what follows it."""
    tf.keras.backend.clear_session()
    directory = tempfile.mkdtemp()
    as_estimator(tf, name, checkpoint_format, directory).train(pairs(tf))
    kept = os.path.join(KEPT, name + "_" + checkpoint_format)
    shutil.rmtree(kept, ignore_errors=True)
    os.makedirs(kept)
    last = [each for each in os.listdir(directory) if "ckpt-3." in each and "meta" not in each]
    for each in last:
        shutil.copy(os.path.join(directory, each), kept)
    with open(os.path.join(kept, "checkpoint"), "w") as file:  # theirs may hold absolute paths
        file.write('model_checkpoint_path: "model.ckpt-3"\n')
    tf.keras.backend.clear_session()
    return of_continued(tf, name, checkpoint_format, directory)


def of_experiment(tf):
    """Metrics of an Experiment with an Estimator of tf.contrib.learn, and the files it leaves."""

    def model_fn(features, labels, mode):
        weight = tf.get_variable("w", initializer=WEIGHTS[0][:, :2])
        predictions = tf.matmul(features["x"], weight)
        loss = tf.losses.mean_squared_error(labels["z"], predictions)
        step = tf.train.AdagradOptimizer(0.3).minimize(loss, tf.train.get_global_step())
        return {"p": predictions}, loss, step

    def tensors(repeat):
        return lambda: tf.data.make_one_shot_iterator(read(tf)().repeat(repeat)).get_next()

    learn = tf.contrib.learn
    directory = tempfile.mkdtemp()
    metric = learn.MetricSpec(tf.metrics.mean_absolute_error, prediction_key="p", label_key="z")
    experiment = learn.Experiment(
        learn.Estimator(model_fn, config=learn.RunConfig(model_dir=directory)),
        tensors(None),
        tensors(1),
        train_steps=6,
        eval_steps=None,
        eval_metrics={"error": metric},
    )
    results, _ = experiment.train_and_evaluate()
    files = {name.split(".")[0] if "events" in name else name for name in os.listdir(directory)}
    return {"results": results, "files": sorted(files)}


def answers(tf):
    """The answers to all cases, as plain numbers."""
    found = {name: of_model(tf, optimizer) for name, optimizer in optimizers(tf).items()}
    found["experiment"] = of_experiment(tf)
    return json.loads(json.dumps(found, default=float))


if __name__ == "__main__":
    import tensorflow

    recorded = answers(tensorflow)
    recorded["continued"] = {
        name + "_" + each: keep(tensorflow, name, each) for name in CONTINUED for each in FORMATS
    }
    with open(FILE, "w") as out:
        json.dump(recorded, out, indent=1, sort_keys=True, default=float)
