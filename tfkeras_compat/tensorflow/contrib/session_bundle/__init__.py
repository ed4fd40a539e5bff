"""``tf.contrib.session_bundle``: exports for the first servers, see
``tfkeras_compat.serving.session_bundle``."""

from tfkeras_compat.serving.session_bundle import exporter, gc
from tfkeras_compat.tensorflow import offered

__getattr__, __dir__ = offered.names_of(__name__)
