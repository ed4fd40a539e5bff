import sys

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat import utils
from tfkeras_compat.callbacks import History
from tfkeras_compat.errors import ConfigError, MissingDependencyError, ShapeError
from tfkeras_compat.layers import Conv2D, Dense
from tfkeras_compat.models import Sequential

HISTORY = {"val_loss": [0.6, 0.4], "loss": [0.5, 0.3], "acc": [0.8, 0.9], "val_only": [1.0, 2.0]}


@pytest.fixture
def matplotlib():
    pytest.importorskip("matplotlib.pyplot")
    return sys.modules["matplotlib"]


def test_each_quantity_has_a_panel_with_its_validation(matplotlib, tmp_path):
    path = tmp_path / "training.png"
    figure = utils.plot_history(HISTORY, to_file=str(path))
    assert [axes.get_title() for axes in figure.axes] == ["loss", "acc", "val_only"]
    lines = [[list(line.get_ydata()) for line in axes.lines] for axes in figure.axes]
    assert lines == [[[0.5, 0.3], [0.6, 0.4]], [[0.8, 0.9]], [[1.0, 2.0]]]
    assert path.read_bytes().startswith(b"\x89PNG")
    assert matplotlib.pyplot.get_fignums() == []  # what the program itself draws is left alone


def test_epochs_are_those_of_the_training(matplotlib):
    history = History()
    history.epoch, history.history = [4, 5], HISTORY
    (axes,) = utils.plot_history(history, metrics=["acc"]).axes
    assert list(axes.lines[0].get_xdata()) == [5, 6]


@pytest.mark.parametrize("history, metrics", [({}, None), (HISTORY, ["accuracy"])])
def test_what_a_history_does_not_have_is_named(history, metrics):
    with pytest.raises(ConfigError, match="has no (quantity|accuracy) to show; it has"):
        utils.plot_history(history, metrics)


def shown(figure):
    return [np.asarray(axes.images[0].get_array()) for axes in figure.axes]


def test_images_fill_a_square_or_a_row_for_each_array(matplotlib):
    images = np.arange(5 * 2 * 3).reshape(5, 2, 3, 1)
    tiles = shown(utils.plot_images(images))
    assert len(tiles) == 5
    np.testing.assert_allclose(tiles[4], images[4, ..., 0] / 29.0)
    figure = utils.plot_images([images, images[:2, ..., 0]], names=["in", "out"])
    assert [axes.get_ylabel() for axes in figure.axes] == ["in", "", "", "", "", "out", ""]


@pytest.mark.parametrize("layout", ["channels_last", "channels_first"])
def test_filters_are_shown_as_colours_or_as_their_mean(layout, matplotlib):
    K.set_image_data_format(layout)
    try:
        shape = (8, 8, 3) if layout == "channels_last" else (3, 8, 8)
        model = Sequential([Conv2D(4, 5, input_shape=shape), Conv2D(2, 3)])
        first, second = model.layers
        tiles = shown(utils.plot_filters(first)) + shown(utils.plot_filters(second))
    finally:
        K.set_image_data_format("channels_last")
    assert [tile.shape for tile in tiles] == [(5, 5, 3)] * 4 + [(3, 3)] * 2
    mean = second.get_weights()[0].mean(axis=2)[..., 1]
    np.testing.assert_allclose(tiles[-1], (mean - mean.min()) / np.ptp(mean), atol=1e-5)


def test_what_is_no_image_is_refused():
    with pytest.raises(ShapeError, match=r"found \(2, 3\)"):
        utils.plot_images(np.zeros((2, 3)))
    with pytest.raises(ShapeError, match="Layer dense_1 has no kernel"):
        utils.plot_filters(Sequential([Dense(2, input_shape=(3,))]).layers[0])


def test_without_matplotlib_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingDependencyError, match=r"tfkeras_compat\[plot\]"):
        utils.plot_history(HISTORY)
