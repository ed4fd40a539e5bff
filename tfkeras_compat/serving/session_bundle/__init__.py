"""``tensorflow_serving.session_bundle`` and ``tf.contrib.session_bundle``, whose exporter writes
what servers of today load."""

from tfkeras_compat.aliases import lazy_attributes

__getattr__, __dir__ = lazy_attributes(__name__)
