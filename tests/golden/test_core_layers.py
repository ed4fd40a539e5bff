"""Core layers and cells give what those of TensorFlow 1.15.5 gave (``record_core_layers``)."""

import functools

import core_layer_cases
import numpy as np
import pytest
import record_core_layers

import tfkeras_compat.tensorflow as tf
from tfkeras_compat._tf import VERSION

pytestmark = pytest.mark.either_end

FACTS, ARRAYS = record_core_layers.recorded()


@functools.lru_cache(maxsize=None)
def observed(name):
    return core_layer_cases.observe(name, tf)


def check(name, kinds, tolerance):
    ours, theirs = observed(name)[1], ARRAYS[name]
    wanted = [entry for entry in theirs if entry.split(" ")[0] in kinds]
    assert sorted(entry for entry in ours if entry.split(" ")[0] in kinds) == sorted(wanted)
    for entry in wanted:
        np.testing.assert_allclose(
            ours[entry], theirs[entry], rtol=tolerance, atol=tolerance, err_msg=entry
        )


def test_every_case_is_recorded_and_no_other():
    assert sorted(core_layer_cases.CASES) == sorted(FACTS)


@pytest.mark.parametrize("name", core_layer_cases.CASES)
def test_variables_collections_and_shapes_are_those_of_tensorflow_1(name):
    assert observed(name)[0] == FACTS[name]


@pytest.mark.parametrize("name", core_layer_cases.CASES)
def test_numbers_are_those_of_tensorflow_1(name):
    check(name, ("initial",), 0)
    check(name, ("outputs", "losses", "updated"), 2e-6)
    check(name, ("gradients",), 2e-5)


@pytest.mark.parametrize("name", record_core_layers.KEPT)
def test_checkpoint_of_tensorflow_1_is_restored_by_name(name):
    _, found = core_layer_cases.observe(name, tf, record_core_layers.checkpoint(name))
    for entry in ARRAYS[name]:
        if entry.startswith("outputs"):
            np.testing.assert_allclose(found[entry], ARRAYS[name][entry], rtol=2e-6, atol=2e-6)


@pytest.mark.skipif(VERSION > (1, 15), reason="TensorFlow 2 has no such layers of its own")
@pytest.mark.parametrize("name", record_core_layers.KEPT)
def test_tensorflow_1_restores_our_checkpoint_by_name(name, tmp_path):
    import tensorflow

    ours = str(tmp_path / "ours")
    core_layer_cases.observe(name, tf, ours + "+")
    _, found = core_layer_cases.observe(name, tensorflow, ours)
    for entry in ARRAYS[name]:
        np.testing.assert_allclose(found[entry], ARRAYS[name][entry], rtol=2e-6, atol=2e-6)
