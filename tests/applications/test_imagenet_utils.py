import json

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.applications import imagenet_utils
from tfkeras_compat.applications.imagenet_utils import decode_predictions, preprocess_input
from tfkeras_compat.errors import ShapeError

PIXEL = [10.0, 20.0, 30.0]
EXPECTED = {
    "caffe": [30 - 103.939, 20 - 116.779, 10 - 123.68],
    "tf": [10 / 127.5 - 1, 20 / 127.5 - 1, 30 / 127.5 - 1],
    "torch": [(10 / 255 - 0.485) / 0.229, (20 / 255 - 0.456) / 0.224, (30 / 255 - 0.406) / 0.225],
}


@pytest.mark.parametrize("mode", sorted(EXPECTED))
@pytest.mark.parametrize("ndim", [3, 4])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_arrays_and_tensors_are_prepared_alike(mode, ndim, data_format):
    shape = [1] * ndim
    axis = -1 if data_format == "channels_last" else -3
    shape[axis] = 3
    pixel = np.reshape(PIXEL, shape).astype("float32")
    symbolic = K.eval(preprocess_input(K.constant(pixel), data_format, mode))
    array = preprocess_input(pixel.copy(), data_format, mode)
    assert array.shape == symbolic.shape == tuple(shape)
    np.testing.assert_allclose(array.ravel(), EXPECTED[mode], rtol=1e-5)
    np.testing.assert_allclose(symbolic.ravel(), EXPECTED[mode], rtol=1e-5)


def test_arrays_of_floats_are_changed_themselves_and_others_are_not():
    floats, ints = np.full((1, 1, 3), 255.0), np.full((1, 1, 3), 255)
    preprocess_input(floats, mode="tf")
    assert floats.tolist() == [[[1.0, 1.0, 1.0]]]
    assert preprocess_input(ints, mode="tf").dtype == np.float32
    assert ints.max() == 255


def test_predictions_are_named_best_first(tmp_path, monkeypatch):
    names = {str(number): ["n%d" % number, "name %d" % number] for number in range(1000)}
    (tmp_path / "index.json").write_text(json.dumps(names))
    fetched = []

    def get_file(*args, **kwargs):
        fetched.append(kwargs["file_hash"])
        return str(tmp_path / "index.json")

    monkeypatch.setattr(imagenet_utils, "get_file", get_file)
    monkeypatch.setattr(imagenet_utils, "_class_index", [])
    row = np.zeros(1000)
    row[[7, 3]] = [0.25, 0.5]
    for _ in range(2):
        found = decode_predictions(np.stack([row, row]), top=2)
    assert found[1] == [("n3", "name 3", 0.5), ("n7", "name 7", 0.25)]
    assert len(fetched) == 1


def test_predictions_of_other_classes_can_not_be_named():
    with pytest.raises(ShapeError, match=r"\(2, 100\)"):
        decode_predictions(np.ones((2, 100)))
