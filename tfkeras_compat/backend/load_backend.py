"""Where the settings file is, under the names by which programs ask for it here."""

import os
from typing import Any

from tfkeras_compat import backend as K
from tfkeras_compat.state.config import keras_home

_BACKEND = "tensorflow"
_keras_dir = keras_home()
_config_path = os.path.join(_keras_dir, "keras.json")


def __getattr__(name: str) -> Any:
    return getattr(K, name)
