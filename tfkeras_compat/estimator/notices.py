"""Calling parts of TensorFlow that say of themselves or each other that they are deprecated."""

import contextlib
import logging
import threading
import warnings

from tfkeras_compat._tf import tf


class _NotDeprecations(logging.Filter):
    """Lets everything pass that is not a deprecation notice of this thread."""

    def __init__(self):
        super().__init__()
        self._thread = threading.get_ident()

    def filter(self, record):
        return record.thread != self._thread or "is deprecated" not in record.getMessage()


@contextlib.contextmanager
def without_deprecations():
    """Nothing is said about what TensorFlow's own feature columns and metrics call.

    The one who runs an old program through this package can not change it.
    """
    logger = tf.get_logger()
    quiet = _NotDeprecations()
    logger.addFilter(quiet)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            yield
    finally:
        logger.removeFilter(quiet)
