"""Tables of tf.contrib.learn."""

import numpy as np
import pytest

from tfkeras_compat.errors import FileFormatError, NotInLegacyError
from tfkeras_compat.tensorflow.contrib.learn.datasets import base

ROWS = "1.5,2.5,0\n3.5,4.5,2\n"


def test_a_table_with_a_header_is_read_by_the_types_given(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("2,2,a,b,c\n" + ROWS)
    data, target = base.load_csv_with_header(str(path), np.int64, np.float32)
    assert (data.dtype, target.dtype) == (np.float32, np.int64)
    assert (data.tolist(), target.tolist()) == ([[1.5, 2.5], [3.5, 4.5]], [0, 2])


def test_a_table_without_a_header_has_its_target_where_it_is_said(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(ROWS)
    found = base.load_csv_without_header(str(path), np.float64, np.float64, target_column=0)
    assert (found.data.tolist(), found.target.tolist()) == ([[2.5, 0.0], [4.5, 2.0]], [1.5, 3.5])


def test_a_header_that_promises_other_sizes_is_an_error(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("3,2\n" + ROWS)
    with pytest.raises(FileFormatError, match=r"promises 3 rows of 2 features. Found: \(2, 2\)"):
        base.load_csv_with_header(str(path), np.int64, np.float32)


def test_iris_has_150_rows():
    pytest.importorskip("sklearn")
    data, target = base.load_iris()
    assert (data.shape, data[0].tolist()) == ((150, 4), [5.1, 3.5, 1.4, 0.2])
    assert np.bincount(target).tolist() == [50, 50, 50]


def test_boston_needs_a_file():
    with pytest.raises(NotInLegacyError, match="boston_housing.load_data"):
        base.load_boston()


def test_a_file_is_fetched_once(tmp_path):
    source = tmp_path / "source"
    source.write_text("content")
    for _ in range(2):
        path = base.maybe_download("name", str(tmp_path / "work"), source.as_uri())
        source.write_text("another")
    with open(path) as file:
        assert file.read() == "content"
