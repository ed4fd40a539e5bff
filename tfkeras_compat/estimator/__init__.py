"""``tf.estimator``: Estimators, what they are given and what they give."""

from tfkeras_compat.aliases import lazy_attributes

__getattr__, __dir__ = lazy_attributes(__name__)
