"""Activations, losses, metrics, constraints, regularizers, initializers: the numbers of 2.2.5."""

import os

import comparison
import function_cases
import numpy as np
import pytest

import tfkeras_compat as keras
from tfkeras_compat._tf import tf

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "functions.npz")
SEED = 12  # not the recorder's: distributions are compared, not numbers

# Relative to the number; the absolute part is for what is zero but for rounding.
RTOL, ATOL = 1e-6, 1e-6

# Relative to the standard deviation, for 60,000 numbers: mean, deviation, largest magnitude. The
# standard error of mean and deviation is 0.004 and 0.003; normal numbers have no largest one.
TOLERANCES = {
    "uniform": (0.02, 0.015, 0.005),
    "truncated": (0.02, 0.015, 0.02),
    "normal": (0.02, 0.015, 1.0),
}


@pytest.fixture(scope="module")
def recorded():
    with np.load(FILE) as arrays:
        return dict(arrays)


@pytest.fixture(autouse=True)
def no_seed_of_the_graph(fresh_graph):
    tf.set_random_seed(None)  # as in the recorder: only the seeds of the initializers count


def test_every_case_was_recorded_and_no_other(recorded):
    cases = set(function_cases.CASES) | set(function_cases.SAMPLES)
    assert set(recorded) == cases | {"numpy"}


@pytest.mark.parametrize("name", list(function_cases.CASES))
def test_gives_the_numbers_of_the_original(name, recorded):
    found = function_cases.evaluate(keras, name)
    assert found.shape == recorded[name].shape
    if "rthogonal" in name and str(recorded["numpy"]) != np.__version__:
        found = _with_signs_of(recorded[name], found)
    atol = max(ATOL, comparison.rounding(recorded[name]))
    np.testing.assert_allclose(found, recorded[name], rtol=RTOL, atol=atol)


def _with_signs_of(expected, found):
    # Each singular vector may come with either sign: that is the choice of NumPy's LAPACK.
    matrices = [values.reshape(-1, values.shape[-1]) for values in (expected, found)]
    along = 0 if matrices[0].shape[0] >= matrices[0].shape[1] else 1
    signs = np.sign((matrices[0] * matrices[1]).sum(axis=along, keepdims=True))
    return (matrices[1] * signs).reshape(found.shape)


@pytest.mark.parametrize("name", list(function_cases.SAMPLES))
def test_draws_from_the_distribution_of_the_original(name, recorded):
    found = function_cases.statistics(keras, name, SEED)
    tolerances = np.array(TOLERANCES[function_cases.SAMPLES[name].distribution])
    deviation = recorded[name][1]
    assert (abs(found - recorded[name]) <= tolerances * deviation).all()
