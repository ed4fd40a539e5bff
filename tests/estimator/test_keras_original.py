"""Keras models as Estimators, and Experiments, give what TensorFlow 1.15.5 gave."""

import json

import keras_estimator_cases as cases
import pytest

import tfkeras_compat.tensorflow as tf


@pytest.fixture(scope="module")
def recorded():
    with open(cases.FILE) as file:
        return json.load(file)


def plain(answers):
    return json.loads(json.dumps(answers, default=float))


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
