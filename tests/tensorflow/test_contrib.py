"""tf.contrib.learn, tf.contrib.training, tf.estimator and the announcement's names."""

import ast
import inspect
import operator

import pytest

import tfkeras_compat.tensorflow as tf
from tfkeras_compat import estimator
from tfkeras_compat.dropin.rewrite import rewritten
from tfkeras_compat.errors import NotInLegacyError
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


@pytest.mark.parametrize(
    "path",
    [
        "preprocessing.VocabularyProcessor",
        "python.learn.datasets.base.load_csv_with_header",
        "python.learn.datasets.mnist.read_data_sets",
        "python.learn.utils.saved_model_export_utils.make_export_strategy",
        "utils.input_fn_utils.InputFnOps",
        "io.numpy_input_fn",
    ],
)
def test_the_inner_packages_of_learn_offer_what_scripts_use(path):
    assert callable(operator.attrgetter(path)(tf.contrib.learn))


@pytest.mark.parametrize("path", ["graph_actions.train", "io.extract_pandas_data", "SVM"])
def test_what_learn_no_longer_has_says_what_to_use(path):
    with pytest.raises(NotInLegacyError, match="Use "):
        operator.attrgetter(path)(tf.contrib.learn)()


@pytest.mark.skipif(tf.__version__.startswith("1."), reason="TensorFlow 1.15 has them itself")
@pytest.mark.parametrize("path", ["learn.models", "learn.io.dask_io", "training.StratifiedSampler"])
def test_another_name_says_where_it_was(path):
    with pytest.raises(AttributeError, match="has tensorflow.contrib.%s. " % path):
        operator.attrgetter(path)(tf.contrib)
