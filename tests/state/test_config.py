"""Process-wide settings: float type, fuzz factor, image layout."""

import json
import os

import pytest

from tfkeras_compat.state import config


@pytest.fixture(autouse=True)
def settings_restored():
    before = dict(config._settings)
    yield
    config._settings.update(before)


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """Writes a settings file and reads it as the first import does."""

    def write(content):
        (tmp_path / "keras.json").write_text(content)
        monkeypatch.setenv("KERAS_HOME", str(tmp_path))
        config._read_settings_file()

    return write


def test_the_float_type_is_set_and_told():
    config.set_floatx("float64")
    assert config.floatx() == "float64"


@pytest.mark.parametrize("value", ["int32", "float", None, 32])
def test_an_unknown_float_type_is_refused(value):
    with pytest.raises(ValueError, match="float16, float32, float64"):
        config.set_floatx(value)


def test_the_fuzz_factor_is_set_and_told():
    config.set_epsilon(1e-3)
    assert config.epsilon() == 1e-3


def test_the_image_layout_is_set_and_told_in_the_words_of_either_generation():
    config.set_image_data_format("channels_first")
    assert config.image_dim_ordering() == "th"
    config.set_image_dim_ordering("tf")
    assert config.image_data_format() == "channels_last"


@pytest.mark.parametrize("set_it", [config.set_image_data_format, config.set_image_dim_ordering])
def test_an_unknown_image_layout_is_refused(set_it):
    with pytest.raises(ValueError, match="channels_middle"):
        set_it("channels_middle")


def test_no_image_layout_means_the_default_one():
    config.set_image_data_format("channels_first")
    assert config.normalize_data_format(None) == "channels_first"
    assert config.normalize_data_format("Channels_Last") == "channels_last"


def test_a_settings_file_of_keras_2_is_read(stored):
    stored(json.dumps({"floatx": "float16", "epsilon": 0.1, "image_data_format": "channels_first"}))
    assert (config.floatx(), config.epsilon()) == ("float16", 0.1)
    assert config.image_data_format() == "channels_first"


def test_a_settings_file_of_keras_1_is_read(stored):
    stored(json.dumps({"image_dim_ordering": "th", "backend": "theano"}))
    assert config.image_data_format() == "channels_first"


@pytest.mark.parametrize("content", ["", "{", "nonsense"])
def test_a_settings_file_that_can_not_be_read_changes_nothing(stored, content):
    before = dict(config._settings)
    stored(content)
    assert config._settings == before


def test_the_folder_of_settings_and_downloads_is_keras_home_or_in_the_users(monkeypatch):
    monkeypatch.setenv("KERAS_HOME", "/somewhere")
    assert config.keras_home() == "/somewhere"
    monkeypatch.delenv("KERAS_HOME")
    assert config.keras_home() == os.path.join(os.path.expanduser("~"), ".keras")
