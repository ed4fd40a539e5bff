"""The way out: models as files that Keras 3 loads. Keras 3 itself is not needed for that."""

from tfkeras_compat.aliases import lazy_attributes
from tfkeras_compat.serving.keras_3.archive import to_keras3
from tfkeras_compat.serving.keras_3.report import Report

__getattr__, __dir__ = lazy_attributes(__name__)
