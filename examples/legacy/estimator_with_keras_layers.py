"""An Estimator whose model_fn is written with Keras layers."""

from __future__ import print_function
import shutil
import tempfile
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(18)
features = rng.rand(32, 3).astype("float32")
labels = (features.sum(axis=1) > 1.5).astype("int32")


def model_fn(features, labels, mode, params):
    net = tf.keras.layers.Dense(
        params["units"],
        activation="relu",
        name="hidden",
        kernel_initializer=tf.constant_initializer(0.3),
    )(features["x"])
    logits = tf.keras.layers.Dense(2, name="logits", kernel_initializer=tf.zeros_initializer())(net)
    predictions = {"classes": tf.argmax(logits, axis=1), "scores": tf.nn.softmax(logits)}
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=predictions)
    loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
    metrics = {"accuracy": tf.metrics.accuracy(labels, predictions["classes"])}
    if mode == tf.estimator.ModeKeys.EVAL:
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops=metrics)
    train_op = tf.train.GradientDescentOptimizer(params["rate"]).minimize(
        loss, global_step=tf.train.get_global_step()
    )
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def input_fn(epochs):
    return tf.estimator.inputs.numpy_input_fn(
        {"x": features}, labels, batch_size=32, num_epochs=epochs, shuffle=False
    )


tf.logging.set_verbosity(tf.logging.ERROR)
folder = tempfile.mkdtemp()
estimator = tf.estimator.Estimator(model_fn, folder, params={"units": 4, "rate": 0.4})
print("%.3f" % estimator.train(input_fn(None), steps=1).evaluate(input_fn(1))["loss"])
estimator.train(input_fn(None), max_steps=300)
result = estimator.evaluate(input_fn(1))
print(result["global_step"], "accuracy above 0.9:", bool(result["accuracy"] > 0.9))
print("loss %.2f" % result["loss"])
predictions = list(estimator.predict(input_fn(1)))
print(len(predictions), [int(each["classes"]) for each in predictions[:10]])
print([name for name in estimator.get_variable_names() if name != "global_step"])
shutil.rmtree(folder)
