"""Every symbol that real scripts use works as on TensorFlow 1.15.5: small programs that use them,
with what these gave there, and a test that none is left out."""

import csv
import os

import numpy as np
import pytest
import record_symbols
import symbol_cases

import tfkeras_compat.tensorflow as tf
from tfkeras_compat import _tf
from tfkeras_compat.errors import NotInLegacyError

USAGE = os.path.join(
    os.path.dirname(__file__), "../../../shared/usage/tf_symbols_missing_in_2.21.csv"
)
RECORDED = record_symbols.recorded()
OF_TPU = (
    "tf.contrib.cluster_resolver.TPUClusterResolver",
    "tf.contrib.distribute.TPUStrategy",
    "tf.contrib.distribute.initialize_tpu_system",
    "tf.contrib.tpu.CrossShardOptimizer",
    "tf.contrib.tpu.RunConfig",
    "tf.contrib.tpu.TPUConfig",
    "tf.contrib.tpu.TPUEstimator",
    "tf.contrib.tpu.TPUEstimatorSpec",
)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of queues
@pytest.mark.parametrize("name", symbol_cases.CASES)
def test_a_program_gives_what_tensorflow_1_15_5_gives(name, tmp_path):
    found = symbol_cases.observe(tf, name, str(tmp_path))
    assert sorted(found) == sorted(RECORDED[name])
    for key in found:
        _assert_same(found[key], RECORDED[name][key], key)


def _assert_same(ours, theirs, where):
    if isinstance(theirs, (list, tuple)):
        assert len(ours) == len(theirs), where
        for pair in zip(ours, theirs):
            _assert_same(*pair, where)
    elif isinstance(theirs, float):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-7, err_msg=where)
    else:
        assert ours == theirs, where


@pytest.mark.skipif(_tf.VERSION < (2, 0), reason="TensorFlow 1.15 has them itself")
@pytest.mark.parametrize("symbol", OF_TPU)
def test_what_needs_a_tpu_says_so_when_it_is_called(symbol):
    found = tf
    for name in symbol.split(".")[1:]:
        found = getattr(found, name)
    with pytest.raises(NotInLegacyError, match=name + ".*TPU.*tf.estimator.Estimator"):
        found("argument")


def test_no_symbol_that_two_scripts_use_is_left_out():
    if not os.path.exists(USAGE):
        pytest.skip("the usage table is not in this checkout")
    with open(USAGE) as file:
        needed = {row["symbol"] for row in csv.DictReader(file) if int(row["scripts"]) > 1}
    assert needed - symbol_cases.used() - set(OF_TPU) == set()


def test_a_name_that_is_only_looked_up_counts_for_nothing(tmp_path):
    lines = ["tf.a.b(tf.c)", "x = tf.d", "assert y is tf.e", "if mode == tf.f: pass", "tf.g.h"]
    path = tmp_path / "program.py"
    path.write_text("\n".join(lines + ["f([tf.i], x=tf.j.k)"]))
    used = {"tf.a.b", "tf.a", "tf.c", "tf.f", "tf.i", "tf.j", "tf.j.k"}
    assert symbol_cases.used(str(path)) == used
