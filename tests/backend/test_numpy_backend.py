import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.backend import numpy_backend as NP
from tfkeras_compat.errors import ConfigError, ShapeError

LAYOUTS = ["channels_last", "channels_first"]
REDUCTIONS = ["max", "min", "mean", "var", "std", "sum", "prod", "logsumexp"]


def numbers(*shape):
    return np.random.uniform(0.1, 1, shape).astype("float32")


def in_layout(array, data_format):
    return np.moveaxis(array, -1, 1) if data_format == "channels_first" else array


def check(name, *arrays, **arguments):
    """Both backends give the same."""
    found = getattr(NP, name)(*arrays, **arguments)
    expected = K.eval(getattr(K, name)(*[K.constant(array) for array in arrays], **arguments))
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("data_format", LAYOUTS)
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize(
    "name, shape, kernel, rate",
    [
        ("conv1d", (2, 8, 2), (4, 2, 3), 2),
        ("conv2d", (2, 5, 6, 3), (2, 3, 3, 4), (2, 1)),
        ("conv3d", (1, 4, 3, 5, 2), (2, 1, 3, 2, 3), 1),
        ("depthwise_conv2d", (2, 5, 6, 3), (2, 3, 3, 4), (1, 1)),
    ],
)
def test_convolutions_are_those_of_the_backend(name, shape, kernel, rate, padding, data_format):
    rate = rate if isinstance(rate, tuple) else (rate,) * (len(shape) - 2)
    x = in_layout(numbers(*shape), data_format)
    check(name, x, numbers(*kernel), padding=padding, data_format=data_format, dilation_rate=rate)


@pytest.mark.parametrize("data_format", LAYOUTS)
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_separable_convolutions_are_those_of_the_backend(padding, data_format):
    for name, spatial in (("separable_conv1d", 1), ("separable_conv2d", 2)):
        x = in_layout(numbers(*(2,) + (6,) * spatial + (3,)), data_format)
        depthwise = numbers(*(3,) * spatial + (3, 2))
        pointwise = numbers(*(1,) * spatial + (6, 4))
        check(name, x, depthwise, pointwise, padding=padding, data_format=data_format)


@pytest.mark.parametrize("data_format", LAYOUTS)
@pytest.mark.parametrize("padding, sizes", [("same", (5, 6)), ("valid", (6, 8))])
def test_transposed_convolution_is_that_of_the_backend(padding, sizes, data_format):
    x, kernel = in_layout(numbers(2, 5, 6, 3), data_format), numbers(2, 3, 4, 3)
    shape = in_layout(np.zeros((2,) + sizes + (4,)), data_format).shape
    check(
        "conv2d_transpose", x, kernel, output_shape=shape, padding=padding, data_format=data_format
    )


@pytest.mark.parametrize("data_format", LAYOUTS)
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("mode", ["max", "avg"])
def test_pooling_is_that_of_the_backend(mode, padding, data_format):
    x = in_layout(numbers(2, 7, 6, 3), data_format)
    windows = {"pool_size": (3, 2), "strides": (2, 1)}
    check("pool2d", x, padding=padding, data_format=data_format, pool_mode=mode, **windows)


@pytest.mark.parametrize("name", REDUCTIONS)
@pytest.mark.parametrize("axis", [None, 1, [0, -1]])
def test_reductions_are_those_of_the_backend(name, axis):
    check(name, numbers(2, 3, 4), axis=axis)
    check(name, numbers(2, 3, 4), axis=axis, keepdims=True)


@pytest.mark.parametrize(
    "name, arguments",
    [
        ("relu", {"alpha": 0.1, "max_value": 0.5, "threshold": 0.2}),
        ("elu", {"alpha": 0.5}),
        ("softplus", {}),
        ("softsign", {}),
        ("sigmoid", {}),
        ("hard_sigmoid", {}),
        ("softmax", {"axis": 1}),
        ("l2_normalize", {"axis": 1}),
        ("sqrt", {}),
        ("pow", {"a": 3}),
        ("clip", {"min_value": -0.2, "max_value": 0.3}),
        ("cumsum", {}),
        ("cumprod", {"axis": 1}),
        ("argmax", {}),
        ("argmin", {"axis": 0}),
        ("reverse", {"axes": [0, -1]}),
        ("slice", {"start": [1, 0, 2], "size": [1, 2, 2]}),
        ("repeat_elements", {"rep": 3, "axis": 1}),
        ("tile", {"n": (2, 1, 3)}),
        ("permute_dimensions", {"pattern": (2, 0, 1)}),
        ("batch_flatten", {}),
        ("temporal_padding", {"padding": (1, 2)}),
        ("expand_dims", {}),
    ],
)
def test_functions_of_one_tensor_are_those_of_the_backend(name, arguments):
    check(name, numbers(2, 3, 4) - 0.5 if name != "sqrt" else -numbers(2, 3, 4), **arguments)


@pytest.mark.parametrize("data_format", LAYOUTS)
def test_images_are_padded_and_enlarged_as_by_the_backend(data_format):
    images, volumes = numbers(2, 3, 4, 5), numbers(2, 3, 4, 5, 2)
    check("spatial_2d_padding", images, padding=((1, 0), (2, 3)), data_format=data_format)
    check("spatial_3d_padding", volumes, data_format=data_format)
    check("resize_images", images, height_factor=2, width_factor=3, data_format=data_format)
    factors = {"depth_factor": 1, "height_factor": 2, "width_factor": 3}
    check("resize_volumes", volumes, data_format=data_format, **factors)


def test_products_are_those_of_the_backend():
    check("dot", numbers(2, 3), numbers(4, 3, 5))
    check("batch_dot", numbers(2, 3, 4), numbers(2, 4, 5))
    check("batch_dot", numbers(2, 3), numbers(2, 3))
    check("batch_dot", numbers(2, 3, 4), numbers(2, 5, 4), axes=(2, -1))
    for axes in (0, (1, 2), ([1, 2], 1)):
        with pytest.raises(ShapeError):
            NP.batch_dot(numbers(2, 3, 4), numbers(2, 4, 5), axes)


@pytest.mark.parametrize("from_logits", [True, False])
def test_losses_are_those_of_the_backend(from_logits):
    target, output = numbers(3, 4), numbers(3, 4) * 0.9
    check("binary_crossentropy", target, output, from_logits=from_logits)
    check("categorical_crossentropy", target, output, from_logits=from_logits)


@pytest.mark.parametrize("mask", [None, np.array([[1, 1, 0], [0, 1, 1]])])
@pytest.mark.parametrize("go_backwards", [False, True])
def test_a_recurrence_is_that_of_the_backend(go_backwards, mask):
    def step(x, states):
        total = x + 0.5 * states[0]
        return total * 2, [total]

    x, state = numbers(2, 3, 4), numbers(2, 4)
    found = NP.rnn(step, x, [state], go_backwards=go_backwards, mask=mask)
    expected = K.rnn(
        step,
        K.constant(x),
        [K.constant(state)],
        go_backwards=go_backwards,
        mask=None if mask is None else K.constant(mask),
    )
    for ours, theirs in zip(found[:2] + tuple(found[2]), expected[:2] + tuple(expected[2])):
        np.testing.assert_allclose(ours, K.eval(theirs), atol=1e-5)


def test_the_learning_phase_chooses():
    assert NP.in_train_phase(lambda: "train", "test") == "train"
    NP.set_learning_phase(0)
    try:
        assert NP.in_test_phase("test", "train") == "test"
        assert NP.dropout(numbers(2), 0.5).min() > 0
    finally:
        NP.set_learning_phase(1)
    dropped = NP.dropout(np.ones((50, 50)), 0.5)
    assert set(dropped.ravel()) == {0.0, 2.0}


def test_paths_are_decoded_without_repeats_and_blanks():
    probabilities = NP.one_hot([[0, 0, 3, 0, 2], [1, 3, 3, 3, 3]], 4) * 0.6 + 0.1
    labels, score = NP.ctc_decode(probabilities, np.array([5, 2]))
    assert labels.tolist() == [[0, 0, 2], [1, -1, -1]]
    np.testing.assert_allclose(score, -np.log(0.7) * np.array([[5], [2]]), rtol=1e-5)
    with pytest.raises(ConfigError, match="greedy"):
        NP.ctc_decode(probabilities, np.array([5, 2]), greedy=False)


def test_a_target_is_among_the_first_unless_as_many_are_larger():
    predictions = np.array([[0.1, 0.3, 0.3], [0.5, 0.4, 0.1]])
    assert NP.in_top_k(predictions, np.array([1, 2]), 1).tolist() == [True, False]


def test_arrays_have_the_default_type_unless_another_is_given():
    assert NP.dtype(NP.zeros((2,))) == NP.dtype(NP.constant(3, shape=(2, 2))) == K.floatx()
    assert NP.dtype(NP.eye((2, 3), dtype="int32")) == "int32"
    assert NP.dtype(NP.arange(3, dtype="float64")) == "float64"
    with pytest.raises(ConfigError, match="Constraint"):
        NP.variable([1.0], constraint=abs)
