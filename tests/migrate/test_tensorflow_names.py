"""Rule ``TensorFlow 0.x``."""

import pytest

TF = "import tensorflow.compat.v1 as tf\n"


@pytest.mark.parametrize(
    "old, new",
    [
        ("tf.mul(x, tf.neg(y))  # 0.x", "tf.multiply(x, tf.negative(y))  # 0.x"),
        ("tf.train.SummaryWriter(d)", "tf.summary.FileWriter(d)"),
        ("tf.initialize_all_variables()", "tf.global_variables_initializer()"),
        ("f = tf.nn.rnn", "f = tf.nn.static_rnn"),
        ("with a(tf.  # so\n  pack): pass", "with a(tf.  # so\n  stack): pass"),
    ],
)
def test_names_are_those_of_tensorflow_1(old, new, check_transformed):
    check_transformed(TF + old + "\n", TF + new + "\n", "compat.v1")


def test_a_name_that_is_imported_by_itself(check_transformed, check_noop):
    imported = "from tensorflow.compat.v1 import "
    check_transformed(
        imported + "mul, sub as s\nmul(1, 2)\n",
        imported + "multiply, subtract as s\nmultiply(1, 2)\n",
        "compat.v1",
    )
    check_noop(imported + "scalar_summary\nscalar_summary(t, v)\n", "compat.v1")


@pytest.mark.parametrize(
    "source", ["tf.multiply(x, y)", "x.mul(y)", "tf.concat([x], 0)", "mul = tf.add\nmul(x, y)"]
)
def test_others_stay(source, check_noop):
    check_noop(TF + source + "\n", "compat.v1")
