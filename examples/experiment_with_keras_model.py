"""A Keras model with two inputs, trained and evaluated by an Experiment on columns of a data frame.

    python -m tfkeras_compat run examples/experiment_with_keras_model.py [DIRECTORY [HPARAMS]]

The model answers questions about a picture, of which only the brightness is left: 0 asks whether it
is dark, 1 whether it is bright, 2 whether it is neither. As in the announcement of Keras as a part
of TensorFlow, the compiled model itself is given to the Experiment. Then learn_runner does the
same with an Estimator, a directory, and settings such as "rate=0.02,units=8".
"""

import sys
import tempfile

import numpy as np
import pandas
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)


def make_frame(number, seed):
    """Columns brightness, question and answer."""
    random = np.random.RandomState(seed)
    brightness = random.uniform(-1.0, 1.0, number).astype("float32")
    question = random.randint(0, 3, number)
    kind = np.select([brightness < -0.3, brightness > 0.3], [0, 1], 2)
    columns = {"brightness": brightness, "question": question, "answer": kind == question}
    return pandas.DataFrame(columns).astype({"answer": "float32"})


def make_model(rate=0.01, units=16):
    brightness = tf.keras.layers.Input(shape=(1,), name="brightness")
    question = tf.keras.layers.Input(shape=(1,), dtype="int32", name="question")
    words = tf.keras.layers.Flatten()(tf.keras.layers.Embedding(3, units)(question))
    seen = tf.keras.layers.Dense(units, activation="tanh")(brightness)
    x = tf.keras.layers.concatenate([seen, words])
    x = tf.keras.layers.Dense(2 * units, activation=tf.nn.relu)(x)
    answer = tf.keras.layers.Dense(1, activation="sigmoid", name="answer")(x)
    model = tf.keras.models.Model([brightness, question], answer)
    model.compile(tf.AdamOptimizer(rate), "binary_crossentropy", metrics=["accuracy"])
    return model


def inputs(frame, **kwargs):
    features = frame[["brightness", "question"]]
    return tf.inputs.pandas_input_fn(features, frame["answer"], batch_size=50, **kwargs)


train_inputs = inputs(make_frame(2000, seed=1), num_epochs=None, shuffle=True)
eval_inputs = inputs(make_frame(500, seed=2), num_epochs=1, shuffle=False)


def show(name, results):
    print("%s: loss %.4f, accuracy %.4f" % (name, results["loss"], results["acc"]))


def with_model():
    experiment = tf.training.Experiment(
        make_model(), train_input_fn=train_inputs, eval_input_fn=eval_inputs, train_steps=600
    )
    show("Before", experiment.evaluate(delay_secs=0))
    results, _ = experiment.train_and_evaluate()
    show("Experiment", results)


def make_experiment(run_config, hparams):
    model = make_model(hparams.rate, hparams.units)
    estimator = tf.keras.estimator.model_to_estimator(model, config=run_config)
    return tf.contrib.learn.Experiment(estimator, train_inputs, eval_inputs, train_steps=600)


def with_runner(directory, text):
    hparams = tf.contrib.training.HParams(rate=0.01, units=16)
    results, _ = tf.contrib.learn.learn_runner.run(
        make_experiment,
        run_config=tf.contrib.learn.RunConfig(model_dir=directory),
        hparams=hparams.parse(text),
    )
    show("learn_runner with %s" % hparams, results)


if __name__ == "__main__":
    with_model()
    directory = sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp()
    with_runner(directory, sys.argv[2] if len(sys.argv) > 2 else "rate=0.02")
