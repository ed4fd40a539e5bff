import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat import layers
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import (
    Cropping1D,
    Cropping2D,
    Cropping3D,
    UpSampling1D,
    UpSampling2D,
    UpSampling3D,
    ZeroPadding1D,
    ZeroPadding2D,
    ZeroPadding3D,
)

LAYOUTS = ["channels_last", "channels_first"]
CHANGES = {
    "up": {"UpSampling1D": 3, "UpSampling2D": (2, 3), "UpSampling3D": (2, 3, 1)},
    "pad": {
        "ZeroPadding1D": (1, 2),
        "ZeroPadding2D": ((1, 0), (2, 3)),
        "ZeroPadding3D": ((1, 0), (2, 3), (0, 1)),
    },
    "crop": {
        "Cropping1D": (1, 2),
        "Cropping2D": ((1, 0), (2, 0)),
        "Cropping3D": ((1, 0), (2, 0), (0, 1)),
    },
}


def run(layer, values):
    return K.eval(layer(K.constant(values)))


def numbers(rank):
    return np.random.normal(size=(2, 4, 5, 6)[: rank + 1] + (3,)).astype("float32")


def in_layout(array, data_format):
    return np.moveaxis(array, -1, 1) if data_format == "channels_first" else array


def pairs(value, rank):
    return [value] if rank == 1 else list(value)


def enlarged(x, rank, size):
    for axis, factor in enumerate([size] if rank == 1 else size, 1):
        x = np.repeat(x, factor, axis)
    return x


def padded(x, rank, padding):
    return np.pad(x, [(0, 0)] + pairs(padding, rank) + [(0, 0)], "constant")


def cropped(x, rank, cropping):
    for axis, (before, after) in enumerate(pairs(cropping, rank), 1):
        x = np.take(x, range(before, x.shape[axis] - after), axis)
    return x


BY_HAND = {"up": enlarged, "pad": padded, "crop": cropped}


@pytest.mark.parametrize("change", sorted(CHANGES))
@pytest.mark.parametrize(
    "rank, data_format",
    [(1, "channels_last")] + [(rank, layout) for rank in (2, 3) for layout in LAYOUTS],
)
def test_values_and_computed_shape_are_those_of_numpy(rank, change, data_format):
    name = sorted(CHANGES[change])[rank - 1]
    amount = CHANGES[change][name]
    options = {} if rank == 1 else {"data_format": data_format}
    layer, x = getattr(layers, name)(amount, **options), numbers(rank)
    expected = in_layout(BY_HAND[change](x, rank, amount), data_format)
    found = run(layer, in_layout(x, data_format))
    np.testing.assert_array_equal(found, expected)
    shape = in_layout(x, data_format).shape
    assert layer.compute_output_shape(shape) == found.shape
    assert type(layer).from_config(layer.get_config()).get_config() == layer.get_config()


@pytest.mark.parametrize("data_format", LAYOUTS)
def test_bilinear_images_lie_between_their_neighbours(data_format):
    image = np.array([[0, 2], [4, 6]], "float32").reshape((1, 2, 2, 1))
    layer = UpSampling2D(2, data_format, "bilinear")
    found = run(layer, in_layout(image, data_format))
    found = found.reshape((4, 4))
    assert found.tolist() == [[0, 1, 2, 2], [2, 3, 4, 4], [4, 5, 6, 6], [4, 5, 6, 6]]


def test_unknown_sizes_stay_unknown():
    x = K.placeholder((None, None, 4, 3))
    for layer in (UpSampling2D(2), ZeroPadding2D(2), Cropping2D(1)):
        assert layer.compute_output_shape((None, None, 4, 3))[:2] == (None, None)
        assert layer(x).shape.as_list()[1] is None


@pytest.mark.parametrize(
    "short, long",
    [
        (ZeroPadding1D(2), ZeroPadding1D((2, 2))),
        (ZeroPadding2D(2), ZeroPadding2D(((2, 2), (2, 2)))),
        (ZeroPadding3D((1, 2, 3)), ZeroPadding3D(((1, 1), (2, 2), (3, 3)))),
        (Cropping1D(2), Cropping1D((2, 2))),
        (Cropping2D((1, 2)), Cropping2D(((1, 1), (2, 2)))),
        (Cropping3D(1), Cropping3D()),
        (UpSampling2D(2), UpSampling2D((2, 2))),
        (UpSampling3D(2), UpSampling3D()),
    ],
)
def test_one_number_counts_for_both_sides_or_all_axes(short, long):
    configs = [dict(layer.get_config(), name=None) for layer in (short, long)]
    assert configs[0] == configs[1]


@pytest.mark.parametrize("kind", [ZeroPadding2D, ZeroPadding3D, Cropping2D, Cropping3D])
@pytest.mark.parametrize("amount", [(1,), (1, 2, 3, 4), 1.5, None, ((1, 2, 3),) * 3, ("a", "b")])
def test_another_form_of_amount_is_refused_by_name(kind, amount):
    with pytest.raises(ConfigError, match="padding|cropping"):
        kind(amount)


def test_another_interpolation_is_refused():
    with pytest.raises(ConfigError, match="nearest.*cubic"):
        UpSampling2D(interpolation="cubic")


def test_another_rank_is_refused():
    with pytest.raises(ShapeError, match="ndim=4"):
        UpSampling2D()(K.placeholder((None, 3, 4)))


def test_a_dictionary_of_sides_is_understood():
    with pytest.warns(UserWarning, match="dictionary of sides"):
        layer = ZeroPadding2D(padding={"top_pad": 1, "right_pad": 2})
    assert layer.padding == ((1, 0), (0, 2))


def test_the_size_of_steps_may_be_no_int():
    assert UpSampling1D(2.0).get_config()["size"] == 2
