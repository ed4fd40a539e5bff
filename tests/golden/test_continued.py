"""Models saved in the middle of a training: Keras 2.2.5's go on here, and ours go on there.

Numbers are equal within ``absolute + 1e-6 * |expected|``, where ``absolute`` is 1e-6, and 1e-5 for
the weights after the last step.
"""

import os

import comparison
import continued_cases
import numpy as np
import original
import pytest
import record_continued

import tfkeras_compat as keras

# Of optimizers with the same kind of state, one is enough in the live comparison.
COMPARED_LIVE = sorted(set(continued_cases.CASES) - {"mlp_adagrad", "mlp_adamax"})


def assert_equal_runs(found, expected):
    for what, value in found.items():
        np.testing.assert_allclose(
            value,
            expected[what],
            rtol=comparison.RELATIVE,
            atol=1e-5 if what == "weights" else 1e-6,
            err_msg=what,
        )


def answers_of(file, name):
    with np.load(str(file)) as arrays:
        return {
            key.split("/")[1]: arrays[key] for key in arrays.files if key.startswith(name + "/")
        }


@pytest.mark.either_end
@pytest.mark.parametrize("name", sorted(continued_cases.CASES))
def test_a_model_of_the_original_goes_on_as_it_does_there(name):
    folder = record_continued.FOLDER
    found = continued_cases.go_on(keras, name, os.path.join(folder, name + ".h5"))
    assert_equal_runs(found, answers_of(os.path.join(folder, "continued.npz"), name))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A folder with models trained and saved here, and with what the original gives for them."""
    if not original.is_installed_here() and not original.interpreter():
        pytest.skip("NOT COMPARED: no Keras 2.2.5 found to read our files; see test_files.py")
    folder = tmp_path_factory.mktemp("continued")
    for name in COMPARED_LIVE:
        keras.backend.clear_session()
        continued_cases.train_and_save(keras, name, str(folder / (name + ".h5")))
    if original.is_installed_here():
        import keras as theirs

        answers = record_continued.go_on_from_all(theirs, str(folder))
        theirs.backend.clear_session()
        np.savez(str(folder / "continued.npz"), **answers)
    else:
        original.run(record_continued.__file__, str(folder))
    return folder


@pytest.mark.parametrize("name", COMPARED_LIVE)
def test_a_model_of_ours_goes_on_there_as_it_does_here(written, name):
    found = continued_cases.go_on(keras, name, str(written / (name + ".h5")))
    assert_equal_runs(found, answers_of(written / "continued.npz", name))
