"""Generations "1.2" and "tf.keras" against recordings of Keras 1.2.2 and tf.keras 1.15.

``record_generations.py`` made the recordings.
"""

import functools
import json
import os

import generation_cases
import keras_1_cases
import numpy as np
import pytest

import tfkeras_compat as keras
from tfkeras_compat import backend as K
from tfkeras_compat.state.generation import generation

HERE = os.path.dirname(os.path.abspath(__file__))
TABLES = {"1.2": keras_1_cases.CASES, "tf.keras": generation_cases.OF_TF_KERAS}
CASES = [(title, name) for title in sorted(TABLES) for name in sorted(TABLES[title])]

pytestmark = [
    pytest.mark.either_end,
    pytest.mark.filterwarnings("ignore:.*(Keras 1|Keras 2|no longer exists|deprecated)"),
]


@functools.lru_cache(maxsize=None)
def recording(title):
    path = os.path.join(HERE, "generation_" + title)
    with open(path + ".json") as file, np.load(path + ".npz") as arrays:
        return json.load(file), {key: arrays[key] for key in arrays.files}


@pytest.fixture(autouse=True)
def other_generation():
    yield
    K.clear_session()
    generation("2.2")


@pytest.mark.parametrize("title, name", CASES)
def test_names_outputs_and_20_steps_of_training_are_those_of_the_original(title, name):
    facts, arrays = recording(title)
    generation(title)
    ours, found = generation_cases.observe(keras, TABLES[title][name])
    assert ours == facts[name]
    expected = {
        key.split("/")[1]: value for key, value in arrays.items() if key.startswith(name + "/")
    }
    assert sorted(found) == sorted(expected)
    for key in sorted(expected):
        np.testing.assert_allclose(found[key], expected[key], rtol=1e-4, atol=1e-5, err_msg=key)


# ---- files --------------------------------------------------------------------------------------

WITH_OTHER_LAYOUT = ("bidirectional", "convlstm2d", "convolution1d", "deconvolution2d", "gru")


def built(title, name):
    generation(title)
    K.clear_session()
    return keras_1_cases.CASES[name]["build"](keras)


@pytest.mark.parametrize("name", WITH_OTHER_LAYOUT + ("convolution2d_th",))
@pytest.mark.parametrize("written, read", [("1.2", "2.2"), ("2.2", "1.2"), ("1.2", "1.2")])
def test_weights_go_from_one_generation_to_another_in_a_file(name, written, read, tmp_path):
    case = keras_1_cases.CASES[name]
    model = built(written, name)
    generation_cases.start(model)
    expected = generation_cases.outputs(model, case)
    model.save_weights(str(tmp_path / "weights.h5"))
    model = built(read, name)
    model.load_weights(str(tmp_path / "weights.h5"))
    for ours, theirs in zip(generation_cases.outputs(model, case), expected):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["recurrent", "other_convolutions"])
def test_a_file_of_keras_1_gives_in_its_own_generation_what_it_gave(name):
    generation("1.2")
    path = os.path.join(HERE, "files", "keras_1", name)
    model = keras.models.load_model(path + ".h5", compile=False)
    with np.load(path + ".npz") as recorded:
        inputs = [recorded[key] for key in sorted(recorded.files) if key.startswith("input")]
        found = model.predict(inputs if len(inputs) > 1 else inputs[0])
        found = found if isinstance(found, list) else [found]
        for index, ours in enumerate(found):
            np.testing.assert_allclose(ours, recorded["output%d" % index], rtol=1e-5, atol=1e-6)
