import importlib
import os

from tfkeras_compat import backend as K
from tfkeras_compat.backend import load_backend


def test_the_settings_file_is_looked_for_in_keras_home(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    try:
        importlib.reload(load_backend)
        assert load_backend._config_path == os.path.join(str(tmp_path), "keras.json")
    finally:
        monkeypatch.undo()
        importlib.reload(load_backend)


def test_the_backend_itself_is_found_there_too():
    assert load_backend.placeholder is K.placeholder
