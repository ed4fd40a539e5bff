"""An Estimator that learns digits: layers of Keras in a model_fn, batches of tf.data.

    python -m tfkeras_compat run examples/estimator_of_digits.py [DIRECTORY]

It is trained and evaluated by train_and_evaluate, stopped and gone on with from its checkpoint, and
compared with a canned estimator on the same batches. The updates of BatchNormalization are run by
the training step, and the mode says whether Dropout drops.
"""

import os
import sys
import tempfile

import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data

tf.logging.set_verbosity(tf.logging.ERROR)

HERE = os.path.dirname(os.path.abspath(__file__))
digits = input_data.read_data_sets(os.path.join(HERE, "digits"), seed=0)


def model_fn(features, labels, mode, params):
    x = tf.keras.layers.Dense(params["units"], activation="relu")(features["image"])
    x = tf.keras.layers.BatchNormalization(momentum=0.9)(x)
    x = tf.keras.layers.Dropout(0.2)(x)
    scores = tf.keras.layers.Dense(10)(x)
    found = tf.argmax(scores, axis=1)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"digit": found})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, scores)
    step = tf.train.AdamOptimizer(0.005).minimize(loss, tf.train.get_global_step())
    accuracy = tf.metrics.accuracy(labels, found)
    return tf.estimator.EstimatorSpec(
        mode, loss=loss, train_op=step, eval_metric_ops={"accuracy": accuracy}
    )


def batches(part, is_training):
    def input_fn():
        pairs = ({"image": part.images}, part.labels.astype("int64"))
        data = tf.data.Dataset.from_tensor_slices(pairs)
        return data.shuffle(2000, seed=1).repeat().batch(50) if is_training else data.batch(100)

    return input_fn


train, test = batches(digits.train, True), batches(digits.test, False)


def show(name, results):
    print("%s: accuracy %.4f after %d steps" % (name, results["accuracy"], results["global_step"]))


def main(directory):
    config = tf.estimator.RunConfig(directory, tf_random_seed=1)
    estimator = tf.estimator.Estimator(model_fn, config=config, params={"units": 64})
    for steps in (100, 200):  # the second goes on from the checkpoint of the first
        train_spec = tf.estimator.TrainSpec(train, max_steps=steps)
        tf.estimator.train_and_evaluate(estimator, train_spec, tf.estimator.EvalSpec(test))
        show("model_fn", estimator.evaluate(test))

    column = tf.feature_column.numeric_column("image", shape=(784,))
    canned = tf.estimator.DNNClassifier([64], [column], n_classes=10, optimizer="Adam")
    show("DNNClassifier", canned.train(train, steps=200).evaluate(test))

    found = [int(each["digit"]) for each in estimator.predict(test)]
    print("First digits: %s, truly %s" % (found[:8], digits.test.labels[:8].tolist()))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
