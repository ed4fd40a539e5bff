import numpy as np
import pytest

from tfkeras_compat.errors import ConfigError, ShapeError

pytest.importorskip("PIL")

from tfkeras_compat.preprocessing.image import (  # noqa: E402
    array_to_img,
    img_to_array,
    list_pictures,
    load_img,
    save_img,
)

COLOURS = np.random.RandomState(0).randint(0, 255, (4, 6, 3)).astype("uint8")


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_an_array_comes_back_from_its_picture(channels, data_format):
    x = np.arange(6 * channels, dtype="float32").reshape((2, 3, channels))
    x = x.transpose(2, 0, 1) if data_format == "channels_first" else x
    picture = array_to_img(x, data_format, scale=False)
    assert picture.size == (3, 2)
    found = img_to_array(picture, data_format)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, x)


def test_values_are_stretched_to_the_whole_range_unless_told_otherwise():
    x = np.array([[[-1.0]], [[0.0]], [[1.0]]])
    assert img_to_array(array_to_img(x)).ravel().tolist() == [0, 127, 255]
    deep = img_to_array(array_to_img(np.array([[[1000.0], [5.0]]]), scale=False))
    assert deep.ravel().tolist() == [1000, 5]


def test_what_is_no_picture_is_refused():
    with pytest.raises(ShapeError, match="rank 3"):
        array_to_img(np.zeros((2, 3)))
    with pytest.raises(ShapeError, match="channel number: 5"):
        array_to_img(np.zeros((2, 3, 5)))
    with pytest.raises(ShapeError, match="image shape"):
        img_to_array(np.zeros((2, 3, 4, 5)))
    with pytest.raises(ValueError, match="data_format"):
        array_to_img(np.zeros((2, 3, 3)), "channels")


def test_a_picture_is_read_as_it_was_written(tmp_path):
    path = str(tmp_path / "x.png")
    save_img(path, COLOURS, scale=False)
    np.testing.assert_array_equal(img_to_array(load_img(path)), COLOURS)
    assert load_img(path, color_mode="grayscale").mode == "L"
    assert load_img(path, color_mode="rgba").mode == "RGBA"
    with pytest.warns(UserWarning, match='color_mode = "grayscale"'):
        assert load_img(path, grayscale=True).mode == "L"
    assert list_pictures(str(tmp_path)) == [path]


def test_a_picture_is_resized_by_height_and_width(tmp_path):
    path = str(tmp_path / "x.png")
    save_img(path, COLOURS)
    for interpolation in ("nearest", "bilinear", "bicubic", "hamming", "box", "lanczos"):
        assert load_img(path, target_size=(2, 5), interpolation=interpolation).size == (5, 2)
    with pytest.raises(ConfigError, match="odd"):
        load_img(path, target_size=(2, 5), interpolation="odd")
    with pytest.raises(ConfigError, match="cmyk"):
        load_img(path, color_mode="cmyk")


def test_a_jpeg_has_no_transparency(tmp_path):
    path = str(tmp_path / "x.jpg")
    with pytest.warns(UserWarning, match="converting to RGB"):
        save_img(path, np.zeros((4, 4, 4)), file_format="jpeg")
    assert load_img(path).size == (4, 4)
