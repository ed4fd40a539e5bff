import os

import numpy as np
import pytest

from tfkeras_compat.errors import ConfigError, ShapeError

pytest.importorskip("PIL")
pytest.importorskip("scipy")

from tfkeras_compat.layers import Dense, Flatten  # noqa: E402
from tfkeras_compat.models import Sequential  # noqa: E402
from tfkeras_compat.preprocessing.image import (  # noqa: E402
    ImageDataGenerator,
    apply_affine_transform,
    random_zoom,
    save_img,
)

PICTURES = np.random.RandomState(0).uniform(0, 255, (10, 6, 8, 3)).astype("float32")
LABELS = np.arange(10)
EVERYTHING = {
    "rotation_range": 30,
    "width_shift_range": 0.2,
    "height_shift_range": [1, 2],
    "brightness_range": (0.5, 1.5),
    "shear_range": 10,
    "zoom_range": 0.3,
    "channel_shift_range": 20.0,
    "horizontal_flip": True,
    "vertical_flip": True,
    "rescale": 0.5,
}


def row(*values):
    return np.array(values, dtype="float32").reshape((1, -1, 1))


@pytest.mark.parametrize(
    "arguments, expected",
    [
        ({"ty": 1}, [2, 3, 4, 4]),
        ({"ty": 1, "fill_mode": "constant", "cval": 9}, [2, 3, 4, 9]),
        ({"ty": 1, "fill_mode": "wrap"}, None),
        ({}, [1, 2, 3, 4]),
    ],
)
def test_a_picture_is_moved_and_filled(arguments, expected):
    moved = apply_affine_transform(row(1, 2, 3, 4), **arguments)
    assert moved.shape == (1, 4, 1)
    if expected:
        assert moved.ravel().tolist() == expected


def test_a_picture_is_turned_about_the_originals_centre():
    turned = apply_affine_transform(np.ones((3, 3, 1)), theta=45, fill_mode="constant")
    np.testing.assert_allclose(turned[..., 0], [[0, 0, 1], [0, 1, 1], [0, 0, 1]], atol=1e-6)


def test_a_zoom_needs_two_factors():
    with pytest.raises(ConfigError, match="zoom_range"):
        random_zoom(PICTURES[0], 2.0)


def test_flips_are_those_of_rows_and_columns():
    generator, x = ImageDataGenerator(), PICTURES[0]
    flipped = generator.apply_transform(x, {"flip_horizontal": True})
    np.testing.assert_array_equal(flipped, x[:, ::-1])
    flipped = generator.apply_transform(x, {"flip_vertical": True})
    np.testing.assert_array_equal(flipped, x[::-1])


def test_each_sample_gets_mean_and_deviation():
    generator = ImageDataGenerator(samplewise_std_normalization=False, samplewise_center=True)
    assert abs(generator.standardize(PICTURES[0].copy()).mean()) < 1e-4


@pytest.mark.filterwarnings("ignore:This ImageDataGenerator specifies")
def test_the_statistics_of_the_data_are_learned():
    generator = ImageDataGenerator(featurewise_std_normalization=True)
    generator.fit(PICTURES)
    found = generator.standardize(PICTURES.copy())
    np.testing.assert_allclose(found.mean(axis=(0, 1, 2)), 0, atol=1e-4)
    np.testing.assert_allclose(found.std(axis=(0, 1, 2)), 1, atol=1e-4)


@pytest.mark.filterwarnings("ignore:This ImageDataGenerator specifies")
def test_whitening_makes_pixels_independent():
    x = np.random.RandomState(0).normal(size=(200, 2, 2, 1)).astype("float32")
    x[:, 0] += x[:, 1]
    generator = ImageDataGenerator(zca_whitening=True)
    generator.fit(x)
    flat = generator.standardize(x.copy()).reshape((200, 4))
    np.testing.assert_allclose(flat.T.dot(flat) / 200, np.eye(4), atol=1e-3)


def test_normalization_that_was_not_learned_warns():
    with pytest.warns(UserWarning, match="`featurewise_center`, but it hasn't been fit"):
        ImageDataGenerator(featurewise_center=True).standardize(PICTURES.copy())


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_a_seed_gives_the_same_batches(data_format):
    x = PICTURES if data_format == "channels_last" else PICTURES.transpose(0, 3, 1, 2)
    arguments = dict(EVERYTHING, brightness_range=None, data_format=data_format)
    flows = [ImageDataGenerator(**arguments).flow(x, LABELS, 4, seed=5) for _ in range(2)]
    for first, second in zip([next(flows[0]) for _ in range(4)], flows[1]):
        np.testing.assert_array_equal(first[0], second[0])
        np.testing.assert_array_equal(first[1], second[1])
    assert sorted(len(next(flows[0])[1]) for _ in range(3)) == [2, 4, 4]


def test_other_arrays_go_with_their_pictures():
    flow = ImageDataGenerator().flow((PICTURES, [LABELS, LABELS * 2]), LABELS, batch_size=4)
    (x, first, second), y = next(flow)
    assert x.shape == (4, 6, 8, 3)
    np.testing.assert_array_equal(first, y)
    np.testing.assert_array_equal(second, 2 * y)
    _, y, weights = next(ImageDataGenerator().flow(PICTURES, LABELS, sample_weight=LABELS * 3))
    np.testing.assert_array_equal(weights, 3 * y)


def test_the_validation_is_the_first_part_of_the_data():
    generator = ImageDataGenerator(validation_split=0.3)
    y = np.zeros(10)
    sizes = [generator.flow(PICTURES, y, subset=name).n for name in ("validation", "training")]
    assert sizes == [3, 7]
    with pytest.raises(ConfigError, match="different number of classes"):
        generator.flow(PICTURES, LABELS, subset="training")
    with pytest.raises(ConfigError, match="Invalid subset name: test"):
        generator.flow(PICTURES, subset="test")


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda g: g.flow(PICTURES, LABELS[:5]), r"`x` \(images tensor\) and `y` \(labels\)"),
        (lambda g: g.flow((PICTURES, LABELS[:5])), "All of the arrays in `x`"),
        (lambda g: g.flow(PICTURES[0]), "rank 4"),
        (lambda g: g.fit(PICTURES[0]), "rank 4"),
        (lambda g: ImageDataGenerator(validation_split=5), "strictly between 0 and 1"),
        (lambda g: ImageDataGenerator(zoom_range=(1, 2, 3)), "`zoom_range`"),
        (lambda g: ImageDataGenerator(brightness_range=2), "`brightness_range`"),
        (lambda g: g.flow(PICTURES)[7], "element 7, but the Sequence has length 1"),
    ],
)
def test_what_makes_no_sense_is_refused(call, message):
    with pytest.raises((ConfigError, ShapeError), match=message):
        call(ImageDataGenerator())


# ---- folders ------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    for index, picture in enumerate(PICTURES):
        place = tmp_path / ("dogs" if index < 6 else "cats") / ("inner" if index % 2 else "")
        place.mkdir(parents=True, exist_ok=True)
        save_img(str(place / ("%d.png" % index)), picture, scale=False)
    (tmp_path / "dogs" / "notes.txt").write_text("no picture")
    return str(tmp_path)


def test_the_folders_of_a_folder_are_the_classes(folder, capsys):
    flow = ImageDataGenerator().flow_from_directory(folder, (6, 8), shuffle=False, batch_size=4)
    assert "Found 10 images belonging to 2 classes." in capsys.readouterr().out
    assert flow.class_indices == {"cats": 0, "dogs": 1}
    assert flow.filenames[:3] == [
        os.path.join("cats", "6.png"),
        os.path.join("cats", "8.png"),
        os.path.join("cats", "inner", "7.png"),
    ]
    x, y = next(flow)
    np.testing.assert_array_equal(x[0], PICTURES[6].astype("uint8"))
    assert y.tolist() == [[1, 0]] * 4 and len(flow) == 3


@pytest.mark.parametrize(
    "class_mode, expected", [("binary", [0, 0, 0, 0, 1]), ("sparse", [0, 0, 0, 0, 1])]
)
def test_targets_are_numbers_where_that_is_wanted(folder, class_mode, expected):
    flow = ImageDataGenerator().flow_from_directory(
        folder, (6, 8), class_mode=class_mode, shuffle=False, batch_size=5
    )
    assert next(flow)[1].tolist() == expected


def test_targets_may_be_the_pictures_or_nothing(folder, tmp_path):
    generator = ImageDataGenerator(rescale=1 / 255)
    x, y = next(generator.flow_from_directory(folder, (6, 8), class_mode="input"))
    np.testing.assert_array_equal(x, y)
    (tmp_path / "out").mkdir()
    flow = generator.flow_from_directory(
        folder, (6, 8), classes=["cats"], class_mode=None, save_to_dir=str(tmp_path / "out")
    )
    assert next(flow).shape == (4, 6, 8, 3) and len(list((tmp_path / "out").iterdir())) == 4
    with pytest.raises(ConfigError, match="Invalid class_mode: output"):
        generator.flow_from_directory(folder, class_mode="output")


def test_each_class_is_split(folder):
    generator = ImageDataGenerator(validation_split=0.5)
    flows = [generator.flow_from_directory(folder, subset=s) for s in ("validation", "training")]
    assert [np.bincount(flow.classes).tolist() for flow in flows] == [[2, 3], [2, 3]]
    assert not set(flows[0].filenames) & set(flows[1].filenames)


def test_a_model_is_trained_on_varied_pictures_from_several_threads():
    model = Sequential([Flatten(input_shape=(6, 8, 3)), Dense(1)])
    model.compile("sgd", "mse")
    flow = ImageDataGenerator(**EVERYTHING).flow(PICTURES, LABELS, batch_size=4)
    history = model.fit_generator(flow, epochs=2, workers=2, verbose=0)
    assert history.params["steps"] == 3


def test_the_original_gives_the_same_pictures():
    original = pytest.importorskip("keras_preprocessing.image").ImageDataGenerator
    ours, theirs = [
        cls(**EVERYTHING).flow(PICTURES, LABELS, 4, seed=3)
        for cls in (ImageDataGenerator, original)
    ]
    for _ in range(4):
        (x, y), (their_x, their_y) = next(ours), next(theirs)
        np.testing.assert_allclose(x, their_x, rtol=1e-5, atol=1e-4)
        np.testing.assert_array_equal(y, their_y)
