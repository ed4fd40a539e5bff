"""Twenty steps with every optimizer give what Keras 2.2.5 gives (``record_training``).

Numbers are equal within ``absolute + 1e-6 * |expected|``: 1e-5 for weights after the last step,
1e-6 for everything that is reported.
"""

import os

import comparison
import numpy as np
import pytest
import training_cases

import tfkeras_compat as keras

pytestmark = pytest.mark.either_end

ABSOLUTE = {"weights": 1e-5, "history": 1e-6, "evaluated": 1e-6, "predicted": 1e-6}


@pytest.fixture(scope="module")
def recorded():
    with np.load(os.path.join(comparison.HERE, "training.npz")) as arrays:
        return {key: arrays[key] for key in arrays.files}


@pytest.mark.parametrize("model", sorted(training_cases.MODELS))
def test_twenty_steps_with_every_optimizer_are_those_of_the_original(recorded, model):
    runs = training_cases.Runs(keras, model)
    for optimizer in training_cases.OPTIMIZERS:
        assert_recorded(runs.run(optimizer), recorded, "%s/%s" % (model, optimizer))
    assert_recorded(runs.questions(), recorded, model)


def assert_recorded(found, recorded, name):
    for what, value in found.items():
        np.testing.assert_allclose(
            value,
            recorded["%s/%s" % (name, what)],
            rtol=comparison.RELATIVE,
            atol=ABSOLUTE[what],
            err_msg="%s: %s" % (name, what),
        )
