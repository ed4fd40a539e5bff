"""Metrics, penalties and constraints of Keras 1.2.2, on the same numbers here and there."""

import numpy as np

METRICS = (
    "binary_accuracy",
    "categorical_accuracy",
    "f1score",
    "fbeta_score",
    "fmeasure",
    "fscore",
    "matthews_correlation",
    "precision",
    "recall",
    "top_k_categorical_accuracy",
)

REGULARIZERS = {
    "activity_l1": lambda module: module.activity_l1(0.1),
    "activity_l1l2": lambda module: module.activity_l1l2(0.1, 0.2),
    "activity_l2": lambda module: module.activity_l2(0.1),
    "by_name": lambda module: module.get("activity_l2"),
    "eigenvalue": lambda module: module.EigenvalueRegularizer(0.1),
    "l1l2": lambda module: module.l1l2(l1=0.1, l2=0.2),
    "of_activities": lambda module: module.ActivityRegularizer(l1=0.1),
    "of_both": lambda module: module.L1L2Regularizer(0.1, 0.2),
    "of_weights": lambda module: module.WeightRegularizer(l2=0.1),
}

CONSTRAINTS = {
    "by_name": lambda module: module.get("maxnorm"),
    "max_norm": lambda module: module.MaxNorm(1, 1),
    "maxnorm": lambda module: module.maxnorm(m=1),
    "nonneg": lambda module: module.nonneg(),
    "unitnorm": lambda module: module.unitnorm(axis=1),
}


def observe(keras):
    """What each gives: a number, or nested lists of them."""
    K = keras.backend
    random = np.random.RandomState(4)
    predicted = random.uniform(size=(5, 7))
    true = (random.uniform(size=(5, 7)) > 0.6).astype("float32")
    weight = random.normal(size=(4, 3)).astype("float32")

    def value(function, *arrays):
        return K.eval(function(*[K.variable(array) for array in arrays])).tolist()

    return {
        "metrics": {name: value(keras.metrics.get(name), true, predicted) for name in METRICS},
        "regularizers": {
            name: value(make(keras.regularizers), weight) for name, make in REGULARIZERS.items()
        },
        "constraints": {
            name: value(make(keras.constraints), weight) for name, make in CONSTRAINTS.items()
        },
    }
