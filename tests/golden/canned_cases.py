"""Canned estimators and heads on a few examples, with weights that no seed decides.

The same code runs the original's (``tf.estimator`` of TensorFlow 1.15.5) and ours: a case is given
the TensorFlow and the estimators it is made of.
"""

import os

import numpy as np

STEPS = 3
BATCH = 4
COUNT = 8

_WORDS = ["a", "b", "c", "a", "b", "c", "a", "d"]
FEATURES = {
    "pair": np.array([[i % 3, -i] for i in range(COUNT)], np.float32) / 4,
    "age": np.array([5, 15, 25, 35, 8, 18, 28, 3], np.float32),
    "word": np.array(_WORDS),
    "number": np.array([0, 1, 2, 3, 0, 1, 2, 3]),
    "share": np.array([1, 2, 3, 4, 1, 2, 3, 4], np.float32) / 4,
    "weight": np.array([1, 2, 0.5, 1, 3, 1, 0, 1], np.float32),
}
TWO = np.array([0, 1, 1, 0, 1, 0, 0, 1])
THREE = np.array([0, 1, 2, 0, 1, 2, 2, 1])
NAMED = np.array([["no", "yes"][each] for each in TWO])
PAIRS = np.array([[i, 1.0 - i] for i in range(COUNT)], np.float32) / 8


def columns(tf):
    column = tf.feature_column
    word = column.categorical_column_with_vocabulary_list("word", ["a", "b", "c"])
    number = column.categorical_column_with_identity("number", 4)
    age = column.bucketized_column(column.numeric_column("age"), [10.0, 20.0])
    pair = column.numeric_column("pair", shape=(2,))
    crossed = column.crossed_column(["word", "number"], 5)
    weighted = column.weighted_categorical_column(word, "share")
    linear = [pair, age, number, crossed, weighted]
    return linear, [pair, column.indicator_column(word), column.embedding_column(number, 2)]


def _value(name, shape):
    """A number for each place of a weight, from its name."""
    count = int(np.prod(shape))
    start = sum(map(ord, name)) % 7
    return np.sin(np.arange(start, start + count, dtype=np.float32)).reshape(shape) * 0.5


def initial_weights(tf, directory, inputs, widths, units):
    """Writes a checkpoint with the weights of a network; gives its path."""
    shapes = {
        "dnn/input_from_feature_columns/input_layer/number_embedding/embedding_weights": (4, 2)
    }
    for index, width in enumerate(list(widths) + [units]):
        layer = "dnn/logits" if index == len(widths) else "dnn/hiddenlayer_%d" % index
        shapes[layer + "/kernel"] = (inputs, width)
        shapes[layer + "/bias"] = (width,)
        inputs = width
    with tf.Graph().as_default(), tf.Session() as session:
        variables = [
            tf.get_variable(name, initializer=_value(name, shape)) for name, shape in shapes.items()
        ]
        session.run(tf.global_variables_initializer())
        return tf.train.Saver(variables).save(session, os.path.join(directory, "initial"))


def _warm(tf, estimator, directory, widths, units, batch_norm=False):
    path = initial_weights(tf, directory, 7, widths, units)
    # With a normalization some variables are not in that checkpoint.
    wanted = ".*(kernel|bias|embedding_weights)[^a-z]*" if batch_norm else ".*"
    return estimator.WarmStartSettings(path, wanted)


def _linear_classifier(tf, estimator, directory):
    return estimator.LinearClassifier(
        columns(tf)[0],
        os.path.join(directory, "model"),
        weight_column="weight",
        label_vocabulary=["no", "yes"],
    )


def _linear_classifier_of_three(tf, estimator, directory):
    return estimator.LinearClassifier(
        columns(tf)[0],
        os.path.join(directory, "model"),
        n_classes=3,
        optimizer=lambda: tf.train.GradientDescentOptimizer(0.1),
        loss_reduction="weighted_sum_over_batch_size",
    )


def _linear_regressor(tf, estimator, directory):
    return estimator.LinearRegressor(
        columns(tf)[0],
        os.path.join(directory, "model"),
        label_dimension=2,
        optimizer=None,
        sparse_combiner="mean",
    )


def _dnn_classifier(tf, estimator, directory):
    return estimator.DNNClassifier(
        [4, 3],
        columns(tf)[1],
        os.path.join(directory, "model"),
        n_classes=3,
        label_vocabulary=["x", "y", "z"],
        batch_norm=True,
        warm_start_from=_warm(tf, estimator, directory, [4, 3], 3, True),
    )


def _dnn_regressor(tf, estimator, directory):
    return estimator.DNNRegressor(
        [4],
        columns(tf)[1],
        os.path.join(directory, "model"),
        weight_column=tf.feature_column.numeric_column("weight", normalizer_fn=lambda w: w * 2),
        optimizer="Adam",
        activation_fn=tf.nn.tanh,
        warm_start_from=_warm(tf, estimator, directory, [4], 1).ckpt_to_initialize_from,
    )


def _combined(tf, directory, estimator, kind, units, **keywords):
    linear, dnn = columns(tf)
    path = initial_weights(tf, directory, 7, [4], units)
    return kind(
        os.path.join(directory, "model"),
        linear,
        dnn_feature_columns=dnn,
        dnn_hidden_units=[4],
        warm_start_from=estimator.WarmStartSettings(path, "dnn/.*"),
        **keywords,
    )


def _combined_classifier(tf, estimator, directory):
    return _combined(tf, directory, estimator, estimator.DNNLinearCombinedClassifier, 1)


def _combined_regressor(tf, estimator, directory):
    return _combined(
        tf,
        directory,
        estimator,
        estimator.DNNLinearCombinedRegressor,
        2,
        label_dimension=2,
        linear_optimizer=tf.train.AdagradOptimizer(0.1),
        dnn_optimizer="RMSProp",
    )


def _baseline_classifier(tf, estimator, directory):
    return estimator.BaselineClassifier(os.path.join(directory, "model"), n_classes=3)


def _baseline_regressor(tf, estimator, directory):
    return estimator.BaselineRegressor(
        os.path.join(directory, "model"), weight_column="weight", optimizer="SGD"
    )


# Name -> how the estimator is made, and the labels it learns.
CANNED = {
    "linear_classifier": (_linear_classifier, NAMED),
    "linear_classifier_of_three": (_linear_classifier_of_three, THREE),
    "linear_regressor": (_linear_regressor, PAIRS),
    "dnn_classifier": (_dnn_classifier, np.array(["x", "y", "z"])[THREE]),
    "dnn_regressor": (_dnn_regressor, PAIRS[:, :1]),
    "combined_classifier": (_combined_classifier, TWO),
    "combined_regressor": (_combined_regressor, PAIRS),
    "baseline_classifier": (_baseline_classifier, THREE),
    "baseline_regressor": (_baseline_regressor, PAIRS[:, :1]),
}


def input_of(tf, labels, is_repeated=False):
    """An input function of two batches, repeated without end or once."""

    def input_fn():
        examples = tf.data.Dataset.from_tensor_slices((FEATURES, labels))
        return (examples.repeat() if is_repeated else examples).batch(BATCH)

    return input_fn


def observe(name, tf, estimator, directory):
    """What a canned estimator says after a short training."""
    make, labels = CANNED[name]
    model = make(tf, estimator, directory)
    model.train(input_of(tf, labels, is_repeated=True), steps=STEPS)
    return {
        "evaluation": _numbers(model.evaluate(input_of(tf, labels))),
        "predictions": _columns(model.predict(input_of(tf, labels))),
        "variables": {
            each: model.get_variable_value(each).tolist() for each in model.get_variable_names()
        },
        "summaries": _tags(tf, model.model_dir),
    }


def _numbers(evaluation):
    return {key: float(value) for key, value in evaluation.items()}


def _columns(predictions):
    rows = list(predictions)
    names = {key: "/".join(key) if isinstance(key, tuple) else key for key in rows[0]}
    return {names[key]: [_plain(row[key].tolist()) for row in rows] for key in rows[0]}


def _plain(value):
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.decode() if isinstance(value, bytes) else value


def _tags(tf, directory):
    tags = set()
    for file in sorted(os.listdir(directory)):
        if "tfevents" in file:
            for event in tf.train.summary_iterator(os.path.join(directory, file)):
                tags.update(each.tag for each in event.summary.value)
    return sorted(tags - {"global_step/sec"})


LOGITS = np.array([[(3 * i + 5 * j) % 7 - 3 for j in range(5)] for i in range(COUNT)], np.float32)
INDICATOR = np.array([[(i + j) % 2 * (i % 3 > 0) for j in range(3)] for i in range(COUNT)])


def _multi_head(estimator):
    return estimator.MultiHead(
        [
            estimator.BinaryClassHead(name="first"),
            estimator.RegressionHead(label_dimension=2, name="second"),
        ],
        head_weights=[1.0, 0.5],
    )


# Name -> how the head is made, and its labels.
HEADS = {
    "binary": (
        lambda e: e.BinaryClassHead(weight_column="weight", thresholds=[0.2, 0.9], name="answer"),
        TWO,
    ),
    "binary_summed": (lambda e: e.BinaryClassHead(loss_reduction="sum"), TWO),
    "multi_class": (lambda e: e.MultiClassHead(3, weight_column="weight"), THREE),
    "multi_label": (
        lambda e: e.MultiLabelHead(
            3,
            weight_column="weight",
            thresholds=[0.4],
            classes_for_class_based_metrics=[0, 2],
        ),
        INDICATOR,
    ),
    "regression": (lambda e: e.RegressionHead(label_dimension=2), PAIRS),
    "poisson": (lambda e: e.PoissonRegressionHead(), TWO[:, None]),
    "logistic": (lambda e: e.LogisticRegressionHead(weight_column="weight"), TWO[:, None]),
    "multi": (_multi_head, {"first": TWO, "second": PAIRS}),
}


def observe_head(name, tf, estimator, directory):
    """What a head makes of given logits and one regularization loss."""
    make, labels = HEADS[name]

    def model_fn(features, labels, mode):
        head = make(estimator)
        logits = features["logits"][:, : head.logits_dimension]
        return head.create_estimator_spec(
            features, mode, logits, labels, regularization_losses=[tf.constant(0.25)]
        )

    def input_fn():
        features = dict(FEATURES, logits=LOGITS)
        return tf.data.Dataset.from_tensor_slices((features, labels)).batch(BATCH)

    model = estimator.Estimator(model_fn, os.path.join(directory, "model"))
    return {
        "evaluation": _numbers(model.evaluate(input_fn)),
        "predictions": _columns(model.predict(input_fn)),
    }


def assert_same(found, expected, where=""):
    """Numbers within 1e-5, those of variables within 1e-4, everything else the same.

    A batch normalization of four examples makes more of the rounding of a gradient.
    """
    assert type(found) is type(expected), where
    if isinstance(expected, dict):
        assert sorted(found) == sorted(expected), where
        for key in expected:
            assert_same(found[key], expected[key], where + "/" + key)
    elif _is_of_words(expected):
        assert found == expected, where
    else:
        relative = 1e-4 if where.startswith("/variables") else 1e-5
        np.testing.assert_allclose(found, expected, rtol=relative, atol=1e-5, err_msg=where)


def _is_of_words(value):
    while isinstance(value, list) and value:
        value = value[0]
    return isinstance(value, str)
