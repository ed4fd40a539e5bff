"""Keras models as Estimators, and Experiments, give what TensorFlow 1.15.5 gave."""

import json
import os
import shutil

import keras_estimator_cases as cases
import numpy as np
import pytest

import tfkeras_compat.tensorflow as tf
from tfkeras_compat.errors import FileFormatError


@pytest.fixture(scope="module")
def recorded():
    with open(cases.FILE) as file:
        return json.load(file)


def plain(answers):
    return json.loads(json.dumps(answers, default=float))


@pytest.mark.either_end
@pytest.mark.parametrize("name", sorted(cases.optimizers(tf)))
def test_a_model_as_estimator_gives_the_numbers_of_the_original(name, recorded):
    found = plain(cases.of_model(tf, cases.optimizers(tf)[name]))
    for part, expected in recorded[name].items():
        assert set(found[part]) == set(expected)
        for key, value in expected.items():
            assert found[part][key] == pytest.approx(value, abs=1e-5), (part, key)


def test_an_experiment_gives_the_numbers_and_files_of_the_original(recorded):
    found = plain(cases.of_experiment(tf))
    assert found["files"] == recorded["experiment"]["files"]
    assert found["results"] == pytest.approx(recorded["experiment"]["results"], abs=1e-5)


formats = pytest.mark.parametrize("checkpoint_format", cases.FORMATS)
models = pytest.mark.parametrize("name", sorted(cases.CONTINUED))


def checkpoint_of_the_original(name, directory):
    folder = os.path.join(str(directory), "model")
    shutil.copytree(os.path.join(cases.KEPT, name), folder)
    return folder


@pytest.mark.either_end
@formats
@models
def test_a_training_of_the_original_goes_on_here(name, checkpoint_format, recorded, tmp_path):
    name_of_case = name + "_" + checkpoint_format
    folder = checkpoint_of_the_original(name_of_case, tmp_path)
    found = cases.of_continued(tf, name, checkpoint_format, folder)
    expected = recorded["continued"][name_of_case]
    np.testing.assert_allclose(np.ravel(found), np.ravel(expected), atol=1e-5)


def test_layers_counted_from_another_number_and_the_other_format_are_found(recorded, tmp_path):
    folder = checkpoint_of_the_original("plain_saver", tmp_path)
    cases.CONTINUED["plain"](tf)
    found = cases.of_continued(tf, "plain", "checkpoint", folder)
    expected = recorded["continued"]["plain_saver"]
    np.testing.assert_allclose(np.ravel(found), np.ravel(expected), atol=1e-5)


def test_a_checkpoint_of_another_model_is_an_error_with_both(tmp_path):
    folder = checkpoint_of_the_original("plain_saver", tmp_path)
    made = cases.as_estimator(tf, "nested", "saver", folder)
    with pytest.raises(FileFormatError, match=r"last/kernel.*dense_1/kernel"):
        made.evaluate(cases.pairs(tf))


@pytest.mark.either_end
@formats
@models
def test_the_variables_in_a_checkpoint_are_called_as_there(name, checkpoint_format, tmp_path):
    made = cases.as_estimator(tf, name, checkpoint_format, str(tmp_path)).train(cases.pairs(tf))
    original = os.path.join(cases.KEPT, name + "_" + checkpoint_format)
    expected = dict(tf.train.list_variables(original))
    found = dict(tf.train.list_variables(made.latest_checkpoint()))
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.skipif(not tf.__version__.startswith("1."), reason="NOT COMPARED LIVE: no tf.keras")
@pytest.mark.parametrize(
    "name, checkpoint_format", [("nested", "saver"), ("recurrent", "checkpoint")]
)
def test_the_original_goes_on_from_a_checkpoint_of_ours(
    name, checkpoint_format, tmp_path, fresh_graph
):
    import tensorflow.compat.v1 as original

    sides = []
    for side in (tf, original):
        fresh_graph()
        sides.append(cases.as_estimator(side, name, checkpoint_format, str(tmp_path)))
    for trained, other in (sides, sides[::-1]):
        expected = trained.train(cases.pairs(tf)).evaluate(cases.pairs(tf))
        found = other.evaluate(cases.pairs(tf))
        assert found["loss"] == pytest.approx(expected["loss"], abs=1e-5)
    assert found["global_step"] == 6


def test_an_export_for_training_has_what_only_the_original_reads(tmp_path):
    folder = checkpoint_of_the_original("recurrent_saver", tmp_path)
    made = cases.as_estimator(tf, "recurrent", "checkpoint", folder)
    receiver = tf.estimator.experimental.build_raw_supervised_input_receiver_fn(
        tf.placeholder(tf.float32, [None, 4]), tf.placeholder(tf.float32, [None, 2])
    )
    exported = made.export_saved_model(str(tmp_path), receiver, experimental_mode="train")
    names = [
        name for name, _ in tf.train.list_variables(os.fsdecode(exported) + "/variables/variables")
    ]
    assert "optimizer/momentum/.ATTRIBUTES/VARIABLE_VALUE" in names
