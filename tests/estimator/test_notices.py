import threading
import warnings

import pytest

from tfkeras_compat._tf import tf
from tfkeras_compat.estimator.notices import without_deprecations


@pytest.fixture
def said(caplog):
    verbosity = tf.logging.get_verbosity()
    tf.logging.set_verbosity(tf.logging.WARN)
    yield lambda: [each.getMessage() for each in caplog.records]
    tf.logging.set_verbosity(verbosity)


def test_only_deprecations_of_this_thread_are_left_out_and_only_for_a_while(said):
    with without_deprecations():
        warnings.warn("`layer.add_variable` is deprecated", UserWarning)  # an error elsewhere
        tf.logging.warning("linear_model is deprecated")
        tf.logging.warning("the loss is huge")
        other = threading.Thread(target=tf.logging.warning, args=("mine is deprecated",))
        other.start()
        other.join()
    tf.logging.warning("auc is deprecated")
    assert said() == ["the loss is huge", "mine is deprecated", "auc is deprecated"]


def test_the_filter_goes_when_an_error_comes(said):
    with pytest.raises(KeyError), without_deprecations():
        raise KeyError
    tf.logging.warning("it is deprecated")
    assert said() == ["it is deprecated"]
