import warnings

import numpy as np
import pytest

from tfkeras_compat.errors import ConfigError, KindError

pd = pytest.importorskip("pandas")
pytest.importorskip("PIL")

from tfkeras_compat.preprocessing.image import ImageDataGenerator, save_img  # noqa: E402

KINDS = ["cat", "ant", "cat", "bee", "ant", "bee"]
SEVERAL = [["cat"], ["ant", "bee"], ["cat"], ("bee", "cat"), ["ant"], "bee"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("pictures")
    for number in range(6):
        save_img(str(path / ("%d.png" % number)), np.full((4, 4, 3), 40.0 * number), scale=False)
    (path / "notes.txt").write_text("no picture")
    return path


def frame(folder, **columns):
    data = {"filename": ["%d.png" % number for number in range(6)], "class": KINDS}
    data.update(a=[1.0, 2, 3, 4, 5, 6], b=range(6), several=SEVERAL, **columns)
    return pd.DataFrame(data)


def flow(folder, data=None, split=0.0, **arguments):
    data = frame(folder) if data is None else data
    settings = {"target_size": (2, 2), "batch_size": 6, "shuffle": False}
    generator = ImageDataGenerator(rescale=1 / 40.0, validation_split=split)
    settings.update(arguments)
    return generator.flow_from_dataframe(data, settings.pop("directory", str(folder)), **settings)


@pytest.mark.parametrize(
    "arguments, expected",
    [
        ({}, np.eye(3)[[2, 0, 2, 1, 0, 1]]),
        ({"class_mode": "sparse"}, [2, 0, 2, 1, 0, 1]),
        ({"class_mode": "raw", "y_col": "a"}, [1, 2, 3, 4, 5, 6]),
        ({"class_mode": "other", "y_col": "a"}, [1, 2, 3, 4, 5, 6]),
        ({"class_mode": "raw", "y_col": ["a", "b"]}, np.c_[np.arange(1, 7), np.arange(6)]),
        (
            {"y_col": "several"},
            [[0, 0, 1], [1, 1, 0], [0, 0, 1], [0, 1, 1], [1, 0, 0], [0, 1, 0]],
        ),
    ],
)
def test_targets_are_what_the_mode_says(folder, arguments, expected):
    x, y = next(flow(folder, **arguments))
    np.testing.assert_array_equal(x[:, 0, 0, 0], np.arange(6))
    np.testing.assert_array_equal(y, expected)


def test_targets_may_be_the_pictures_several_columns_or_none(folder):
    x, y = next(flow(folder, class_mode="input"))
    np.testing.assert_array_equal(x, y)
    x, (a, b) = next(flow(folder, class_mode="multi_output", y_col=["a", "b"]))
    assert a.tolist() == [1, 2, 3, 4, 5, 6] and b.tolist() == list(range(6))
    assert next(flow(folder, class_mode=None)).shape == (6, 2, 2, 3)


def test_rows_of_other_classes_and_labels_of_them_are_left_out(folder, capsys):
    batches = flow(folder, classes=["cat", "ant"], class_mode="binary")
    assert batches.class_indices == {"ant": 0, "cat": 1} and batches.labels == [1, 0, 1, 0]
    assert "Found 4 validated image filenames belonging to 2 classes." in capsys.readouterr().out
    batches = flow(folder, y_col="several", classes=["bee", "cat"])
    assert batches.filenames == ["0.png", "1.png", "2.png", "3.png", "5.png"]
    assert batches.classes == [[1], [0], [1], [0, 1], 0]


def test_a_row_without_a_picture_is_left_out_with_a_warning(folder, capsys):
    data = frame(folder)
    data.loc[1, "filename"], data.loc[2, "filename"] = "missing.png", "notes.txt"
    with pytest.warns(UserWarning, match="Found 2 invalid image"):
        batches = flow(folder, data)
    assert batches.filenames == ["0.png", "3.png", "4.png", "5.png"]
    assert flow(folder, data, validate_filenames=False).samples == 6
    assert "Found 6 non-validated image filenames" in capsys.readouterr().out


def test_weights_subsets_and_paths_of_their_own(folder):
    data = frame(folder)
    data["filename"] = [str(folder / name) for name in data["filename"]]
    batches = flow(folder, data, 0.34, directory=None, weight_col="a", subset="training")
    x, y, weights = next(batches)
    assert weights.tolist() == [3, 4, 5, 6] and batches.filepaths == list(data["filename"][2:])
    np.testing.assert_array_equal(x[:, 0, 0, 0], [2, 3, 4, 5])
    validation = flow(folder, data, 0.34, directory=None, subset="validation")
    assert validation.samples == 2 and validation.class_indices == batches.class_indices


def test_arguments_of_older_versions_have_no_effect(folder):
    with pytest.warns(DeprecationWarning, match="`has_ext` of `flow_from_dataframe`"):
        assert flow(folder, has_ext=True).samples == 6


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ({"class_mode": "several"}, ConfigError, "Invalid class_mode: several"),
        ({"class_mode": "multi_output"}, KindError, "y_col must be a list. Received str"),
        ({"x_col": "a"}, KindError, "x_col=a must be strings. Found 1.0"),
        ({"y_col": "a"}, KindError, 'y_col="a" column values must be type string, list or tuple'),
        ({"y_col": "several", "class_mode": "sparse"}, KindError, "must be strings. Found .'cat'"),
        ({"class_mode": "binary"}, ConfigError, "must be 2 classes. Found 3: ant, bee, cat"),
        ({"class_mode": "binary", "classes": ["ant"]}, ConfigError, "Found 1: ant"),
        ({"weight_col": "class"}, KindError, "weight_col=class must be numeric"),
        ({"subset": "test"}, ConfigError, "Invalid subset name: test"),
    ],
)
def test_columns_that_do_not_fit_are_named(folder, arguments, error, message):
    with pytest.raises(error, match=message):
        flow(folder, **arguments)


def test_classes_are_not_used_without_labels(folder):
    with pytest.warns(UserWarning, match="will be ignored given the class_mode='raw'"):
        flow(folder, class_mode="raw", y_col="a", classes=["ant"])


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"y_col": "several"},
        {"class_mode": "sparse", "classes": ["cat", "bee"], "weight_col": "a"},
        {"class_mode": "raw", "y_col": "a", "shuffle": True, "seed": 3, "batch_size": 4},
        {"class_mode": "multi_output", "y_col": ["a", "b"], "subset": "training"},
        {"class_mode": "binary", "classes": ["cat", "bee"], "color_mode": "grayscale"},
    ],
)
def test_batches_are_those_of_keras_preprocessing(folder, arguments):
    original = pytest.importorskip(
        "keras_preprocessing.image", reason="NOT COMPARED: no Keras 2.2.5 in this environment"
    )
    settings = dict({"target_size": (3, 5), "batch_size": 2, "shuffle": False}, **arguments)
    data, varied = frame(folder), {"rotation_range": 20, "validation_split": 0.34}
    found, expected = [], []
    for generator, batches in (
        (ImageDataGenerator, found),
        (original.ImageDataGenerator, expected),
    ):
        np.random.seed(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            source = generator(**varied).flow_from_dataframe(data, str(folder), **settings)
        batches += [next(source) for _ in range(5)]
    for ours, theirs in zip(found, expected):
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs):
            np.testing.assert_array_equal(np.array(one), np.array(other))
