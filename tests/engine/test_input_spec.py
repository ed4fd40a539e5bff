import pytest

from tfkeras_compat._tf import tf
from tfkeras_compat.engine.input_spec import InputSpec, check_inputs
from tfkeras_compat.engine.layer import Layer


def tensor(*shape, **settings):
    return tf.placeholder(settings.get("dtype", "float32"), shape)


def layer_with(spec):
    layer = Layer(name="picky")
    layer.input_spec = spec
    return layer


@pytest.mark.parametrize(
    "spec, found, words",
    [
        (InputSpec(ndim=2), (None, 3, 4), "ndim=2, found ndim=3"),
        (InputSpec(min_ndim=3), (None, 3), "min_ndim=3, found ndim=2"),
        (InputSpec(max_ndim=1), (None, 3), "max_ndim=1, found ndim=2"),
        (InputSpec(dtype="int32"), (None,), "dtype=int32, found dtype=float32"),
        (InputSpec(axes={-1: 4}), (None, 3), r"axis -1 .* value 4, found shape \(None, 3\)"),
        (InputSpec(shape=(2, None)), (3, 4), r"shape=\(2, None\), found shape=\(3, 4\)"),
        (InputSpec(shape=(2, 3)), (2, 3, 4), "ndim=2, found ndim=3"),
    ],
)
def test_an_input_that_does_not_fit_is_named_with_what_was_expected(spec, found, words):
    with pytest.raises(ValueError, match="Input 0 is incompatible with layer picky.*" + words):
        check_inputs(layer_with(spec), tensor(*found))


@pytest.mark.parametrize(
    "spec, found",
    [
        (InputSpec(ndim=2, min_ndim=1, max_ndim=2), (None, 3)),
        (InputSpec(shape=(None, 3)), (5, None)),
        (InputSpec(axes={"1": 3}), (None, 3)),
        (None, (1, 2, 3)),
    ],
)
def test_an_input_that_fits_passes(spec, found):
    check_inputs(layer_with(spec), tensor(*found))


def test_a_tensor_of_unknown_rank_fits_what_can_not_be_told():
    unknown = tf.placeholder(tf.float32)
    check_inputs(layer_with(InputSpec(min_ndim=2, axes={-1: 3})), unknown)
    with pytest.raises(ValueError, match="ndim=2, found ndim=None"):
        check_inputs(layer_with(InputSpec(ndim=2)), unknown)


def test_the_second_input_is_checked_against_the_second_expectation():
    layer = layer_with([InputSpec(ndim=1), InputSpec(ndim=2)])
    check_inputs(layer, [tensor(3), tensor(3, 4)])
    with pytest.raises(ValueError, match="Input 1 .*ndim=2, found ndim=1"):
        check_inputs(layer, [tensor(3), tensor(3)])


def test_the_number_of_inputs_is_checked():
    with pytest.raises(ValueError, match="picky expects 1 inputs, but it received 2"):
        check_inputs(layer_with(InputSpec(ndim=1)), [tensor(3), tensor(3)])
    check_inputs(layer_with(None), [tensor(3), tensor(3)])


def test_only_what_was_given_is_shown():
    assert repr(InputSpec(shape=(None, 3))) == "InputSpec(shape=(None, 3), ndim=2)"


def test_a_layer_can_be_asked_whether_an_input_would_do():
    layer = layer_with(InputSpec(ndim=2))
    layer.assert_input_compatibility(tensor(3, 3))
    with pytest.raises(ValueError, match="incompatible with layer picky"):
        layer.assert_input_compatibility(tensor(3))
