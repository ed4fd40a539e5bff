"""Functions of tf.contrib give the numbers that TensorFlow 1.15.5 recorded."""

import contrib_function_cases
import numpy as np
import pytest
import record_contrib

import tfkeras_compat.tensorflow as tf

pytestmark = pytest.mark.either_end

_, NUMBERS = record_contrib.recorded()


@pytest.mark.parametrize("name", sorted(contrib_function_cases.CASES))
def test_the_numbers_are_those_of_1_15(name):
    found = contrib_function_cases.observe(tf, tf.contrib, name)
    expected = {key[len(name) + 1 :] for key in NUMBERS if key.startswith(name + "/")}
    assert set(found) == expected
    for key, value in found.items():
        recorded = NUMBERS["%s/%s" % (name, key)]
        if value.dtype.kind == "f":
            np.testing.assert_allclose(value, recorded, rtol=2e-5, atol=1e-5, err_msg=key)
        else:
            assert value.astype(str).tolist() == recorded.astype(str).tolist(), key
