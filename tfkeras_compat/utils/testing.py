"""What the original's own tests use to test a layer; custom layers' tests use it too."""

from typing import Any

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat.engine.input import Input
from tfkeras_compat.models import Model
from tfkeras_compat.state.structures import has_arg
from tfkeras_compat.utils.bucket import tf_file_io_proxy

__all__ = ["get_test_data", "layer_test", "tf_file_io_proxy"]


def get_test_data(
    num_train=1000,
    num_test=500,
    input_shape=(10,),
    output_shape=(2,),
    classification=True,
    num_classes=2,
):
    """Random data that can be learned: ``((x_train, y_train), (x_test, y_test))``.

    Classes are normal distributions around their number; without ``classification`` the targets, of
    ``output_shape``, are noise around the number that the inputs are noise around.
    """
    samples = num_train + num_test
    centers: Any
    y: Any
    if classification:
        y = centers = np.random.randint(0, num_classes, size=(samples,))
    else:
        centers = np.random.random((samples,))
        y = _noise_around(centers, output_shape)
    x = _noise_around(centers, input_shape)
    return (x[:num_train], y[:num_train]), (x[num_train:], y[num_train:])


def _noise_around(centers, shape):
    centers = centers.reshape((-1,) + (1,) * len(shape))
    return np.random.normal(centers, 0.7, size=(len(centers),) + tuple(shape)).astype("float32")


def layer_test(
    layer_cls,
    kwargs=None,
    input_shape=None,
    input_dtype=None,
    input_data=None,
    expected_output=None,
    expected_output_dtype=None,
    fixed_batch_size=False,
):
    """Puts a layer of one input and one output through what every layer must stand.

    Weights are read and set; dtype, shape and values of the output are compared; a model of it is
    rebuilt from its configuration with equal results, and trained on a batch if the layer knows
    training. Returns the output for the given, or random, input. Raises AssertionError.
    """
    kwargs = kwargs or {}
    if input_data is None:
        input_data = _random_data(input_shape, input_dtype or K.floatx())
    input_shape = input_data.shape if input_shape is None else input_shape
    input_dtype = input_dtype or input_data.dtype
    layer = layer_cls(**kwargs)
    layer.set_weights(layer.get_weights())
    expected_shape = layer.compute_output_shape(input_shape)
    model = _model_of(layer, input_shape, input_dtype, fixed_batch_size)
    assert K.dtype(model.output) == (expected_output_dtype or input_dtype)
    output = model.predict(input_data)
    _check_output(output, expected_shape, expected_output)
    _check_rebuilt(model, input_data, output)
    if has_arg(layer.call, "training"):
        model.compile("rmsprop", "mse")
        model.train_on_batch(input_data, output)
    type(layer).from_config(dict(layer.get_config(), batch_input_shape=input_shape))
    return output


def _random_data(shape, dtype):
    sizes = [np.random.randint(1, 4) if size is None else size for size in shape]
    return (10 * np.random.random(sizes)).astype(dtype)


def _model_of(layer, input_shape, dtype, fixed_batch_size):
    batch_size = input_shape[0] if fixed_batch_size else None
    x = Input(batch_shape=(batch_size,) + tuple(input_shape[1:]), dtype=dtype)
    return Model(x, layer(x))


def _check_output(output, expected_shape, expected_output):
    for expected, found in zip(expected_shape, output.shape):
        assert expected in (None, found), "expected shape %s, found %s" % (
            expected_shape,
            output.shape,
        )
    if expected_output is not None:
        np.testing.assert_allclose(output, expected_output, rtol=1e-3)


def _check_rebuilt(model, input_data, output):
    rebuilt = type(model).from_config(model.get_config())
    if model.weights:
        rebuilt.set_weights(model.get_weights())
        np.testing.assert_allclose(rebuilt.predict(input_data), output, rtol=1e-3)
