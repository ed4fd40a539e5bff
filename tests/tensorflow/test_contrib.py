"""tf.contrib.learn, tf.contrib.training, tf.estimator and the announcement's names."""

import ast
import inspect

import pytest

import tfkeras_compat.tensorflow as tf
from tfkeras_compat import estimator
from tfkeras_compat.dropin.rewrite import rewritten
from tfkeras_compat.estimator import experiment, hparams, learn_runner
from tfkeras_compat.estimator.learn import run_config


def test_the_packages_are_ours_on_both_ends():
    assert tf.estimator is estimator
    assert tf.estimator.Estimator.__module__ == "tfkeras_compat.estimator.estimator"
    assert tf.contrib.learn.Experiment is experiment.Experiment
    assert tf.contrib.learn.learn_runner is learn_runner
    assert tf.contrib.training.HParams is hparams.HParams
    assert tf.keras.estimator.model_to_estimator is estimator.model_to_estimator


def test_the_announcements_names_are_there():
    assert tf.training.Experiment is experiment.Experiment
    assert tf.inputs.pandas_input_fn is tf.estimator.inputs.pandas_input_fn
    assert tf.AdamOptimizer is tf.train.AdamOptimizer


@pytest.mark.parametrize(
    "line, expected",
    [
        ("from tensorflow.contrib.learn import learn_runner as x", learn_runner),
        ("from tensorflow.contrib.learn.python.learn import learn_runner as x", learn_runner),
        (
            "from tensorflow.contrib.learn.python.learn.estimators import run_config as x",
            run_config,
        ),
        ("from tensorflow.contrib.learn import RunConfig as x", run_config.RunConfig),
        (
            "from tensorflow.contrib.learn.python.learn.estimators.run_config "
            "import RunConfig as x",
            run_config.RunConfig,
        ),
        (
            "from tensorflow.contrib.learn.python.learn.experiment import Experiment as x",
            experiment.Experiment,
        ),
        ("from tensorflow.estimator import Estimator as x", estimator.Estimator),
        ("import tensorflow.contrib.learn as x; x = x.Experiment", experiment.Experiment),
    ],
)
def test_what_scripts_import_is_found(line, expected):
    scope = {}
    exec(compile(rewritten(ast.parse(line)), "script", "exec"), scope)
    assert scope["x"] is expected


def test_every_name_of_the_tables_is_there():
    for package in (tf.contrib.learn, tf.contrib.training, tf.contrib.estimator, tf.training):
        for name in dir(package):
            found = getattr(package, name)
            assert name.startswith("_") or found is not None
    arguments = list(inspect.signature(tf.contrib.learn.Experiment).parameters)
    assert arguments[:3] == ["estimator", "train_input_fn", "eval_input_fn"]
