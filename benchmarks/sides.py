"""The sides that are measured: TensorFlow alone, and three Kerases on it."""

import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def use_one_core():
    """Keeps this process on one core, the last one, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}


def tensorflow():
    """``tensorflow.compat.v1`` in graph mode."""
    import tensorflow.compat.v1 as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    tf.disable_v2_behavior()
    return tf


def _ours():
    import tfkeras_compat.layers
    import tfkeras_compat.models

    return tfkeras_compat


def _peer():
    tensorflow()
    import tf_keras

    return tf_keras


def _keras3():
    import keras

    return keras


KERASES = {"ours": _ours, "peer": _peer, "keras3": _keras3}
