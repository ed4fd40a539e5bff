"""Rule ``arguments of TensorFlow 0.x``."""

import pytest

TF = "import tensorflow.compat.v1 as tf\n"


@pytest.mark.parametrize(
    "old, new",
    [
        ("tf.concat(1, [x, y], name='c')", "tf.concat([x, y], 1, name='c')"),
        ("tf.concat(axis, [x])", "tf.concat([x], axis)"),
        ("tf.concat(concat_dim=1, values=v)", "tf.concat(axis=1, values=v)"),
        ("tf.split(1, 3, x)", "tf.split(x, 3, 1)"),
        (
            "tf.split(split_dim=0, num_split=2, value=x)",
            "tf.split(axis=0, num_or_size_splits=2, value=x)",
        ),
        (
            "tf.reduce_sum(x, reduction_indices=[1], keep_dims=True)",
            "tf.reduce_sum(x, axis=[1], keepdims=True)",
        ),
        ("tf.expand_dims(x,  # x\n  dim=0)", "tf.expand_dims(x,  # x\n  axis=0)"),
        ("tf.argmax(x, dimension=1)", "tf.argmax(x, axis=1)"),
        ("tf.scalar_summary(tags='a', values=x)", "tf.summary.scalar(name='a', tensor=x)"),
    ],
)
def test_arguments_have_the_order_and_names_of_tensorflow_1(old, new, check_transformed):
    check_transformed(TF + old + "\n", TF + new + "\n", "compat.v1")


@pytest.mark.parametrize(
    "source",
    [
        "tf.concat([x, y], 1)",
        "tf.concat(values, axis)",
        "tf.split(x, 2, 1)",
        "K.sum(x, keep_dims=1)",
    ],
)
def test_others_stay(source, check_noop):
    check_noop(TF + source + "\n", "compat.v1")
