"""The examples of one subject each: they run as they are, in one process, and learn.

Each is a script of its time, whose imports are rewritten as ``run`` does it.
"""

import os
import pathlib
import re
import sys

import pytest

from tfkeras_compat import backend as K
from tfkeras_compat import utils
from tfkeras_compat.applications import inception_v3
from tfkeras_compat.applications.branches import Average, Conv, Joined, Maximum
from tfkeras_compat.dropin import rewrite
from tfkeras_compat.models import Model

pytestmark = pytest.mark.either_end

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXAMPLES = os.path.join(ROOT, "examples")


@pytest.fixture
def printed(monkeypatch, capsys):
    """Runs an example with arguments; gives what it prints."""

    def run(name, *arguments):
        path = os.path.join(EXAMPLES, name + ".py")
        monkeypatch.setattr(sys, "argv", [path] + list(arguments))
        with open(path, "rb") as file:
            code = rewrite.compiled(file.read(), path)
        exec(code, {"__name__": "__main__", "__file__": path})
        return capsys.readouterr().out

    yield run
    K.clear_session()


def after(words, output):
    """The numbers in the line that begins with these words."""
    lines = re.findall(r"^%s:? (.*)$" % re.escape(words), output, flags=re.M)
    assert lines, "no line begins with %r in:\n%s" % (words, output)
    return [float(number) for number in re.findall(r"\d+\.\d+", lines[0])]


@pytest.mark.parametrize(
    "name, least",
    [
        ("ann_classifier", 0.9),
        ("cnn_with_filters", 0.85),
        ("training_from_tf_data", 0.9),
    ],
)
def test_a_classifier_learns_real_digits(name, least, printed):
    assert after("Test accuracy", printed(name))[0] > least


def test_replicas_run_on_two_devices_with_one_set_of_weights(printed):
    output = printed("multi_device_replicas")
    assert after("Test accuracy", output)[0] > 0.9
    assert "Weights: 4, whatever" in output
    assert re.findall(r"A replica on .*CPU:(\d)", output) == ["0", "1"]


def test_the_weights_of_a_distributed_session_belong_to_the_server(printed):
    output = printed("distributed_session")
    assert after("Test accuracy", output)[0] > 0.9
    assert after("Test accuracy in another session", output) == after("Test accuracy", output)
    assert "The weights are on /job:worker/task:0" in output


def test_the_deep_network_generalizes(printed):
    output = printed("dnn_with_training_curves")
    assert after("Test accuracy", output)[0] > 0.9
    losses = after("val_loss", output)
    assert losses[-1] < losses[0] / 2


def test_the_regression_is_far_better_than_a_guess(printed):
    output = printed("regression")
    guess = after("Mean error of a constant guess", output)[0]
    assert after("Mean error of the network", output)[0] < guess / 8


def test_the_forecast_follows_the_waves(printed):
    output = printed("rnn_forecast")
    as_before = after("Squared error of the last value as a forecast", output)[0]
    assert after("Squared error of the network", output)[0] < as_before / 20
    assert after("Squared error when it goes on alone, 25 steps", output)[0] < as_before / 3


def test_digits_are_made_again_from_16_numbers(printed):
    output = printed("autoencoder_of_digits")
    assert "A digit is 16 numbers" in output
    mean = after("Squared error of the mean digit", output)[0]
    assert after("Squared error of the reconstructions", output)[0] < mean / 2


def test_the_generator_comes_near_the_ring(printed):
    output = printed("gan_of_points", "1000")
    (before, _), (radius, _) = after("Made before", output), after("Made after", output)
    assert before < 1 and abs(radius - 2) < 0.4
    assert "in 4 quarters" in output.splitlines()[-1]


def test_the_unet_finds_discs_that_brightness_does_not_tell(printed):
    output = printed("unet_segmentation")
    assert after("Overlap of the network's answers", output)[0] > 0.75
    assert after("Overlap of bright pixels with the discs", output)[0] < 0.5


def test_the_three_styles_are_one_network(printed):
    output = printed("three_styles")
    assert output.count("answers as the stack: True") == 3
    for style in ("stack", "graph", "class"):
        assert after("%s: test accuracy" % style, output)[0] > 0.8


def test_the_estimator_learns_goes_on_and_is_as_good_as_a_canned_one(printed, tmp_path):
    output = printed("estimator_of_digits", str(tmp_path))
    steps = [int(number) for number in re.findall(r"after (\d+) steps", output)]
    first, second, canned = [float(each) for each in re.findall(r"accuracy (\d\.\d+)", output)]
    assert steps == [100, 200, 200]
    assert first > 0.85 and second > 0.9 and abs(second - canned) < 0.06
    assert "checkpoint" in os.listdir(str(tmp_path))
    found, truly = [line.split(", ") for line in re.findall(r"\[([\d, ]+)\]", output)]
    assert sum(one == other for one, other in zip(found, truly)) >= 6


@pytest.mark.filterwarnings("ignore:.*(Update your|no longer exists):UserWarning")
def test_a_script_taken_over_gives_the_numbers_of_the_one_before(printed, fresh_graph):
    before = printed("migration_before")
    fresh_graph()
    assert printed("migration_after") == before
    assert after("Test accuracy", before)[0] > 0.85
    with open(os.path.join(EXAMPLES, "migration_after.py")) as file:
        assert not re.search(r"^(import|from) (keras|tensorflow)\b", file.read(), flags=re.M)


def test_the_video_model_is_trained_by_an_experiment(printed, monkeypatch):
    # InceptionV3 is shortened to a few of its parts; tests/applications has all of it.
    first = [Conv(8, 3, 3, 2, "valid"), Conv(8, 3, 3), Conv(8, 3, 3), Maximum(), Conv(8, 1, 1)]
    last = [Joined("mixed10", [[Conv(8, 1, 1)], [Average(), Conv(8, 1, 1)]])]
    monkeypatch.setattr(inception_v3, "_PARTS", first + last)
    output = printed("video_question_answering", "1")
    assert "10 of 24 in InceptionV3 are trained, 21 of 35 in the model" in output
    loss, accuracy = after("After 1 steps", output)
    assert 0 < loss < 10 and 0 <= accuracy <= 1


@pytest.mark.parametrize(
    "name, argument, pictures",
    [
        ("dnn_with_training_curves", "curves.png", ["curves.png"]),
        ("autoencoder_of_digits", "digits.png", ["digits.png"]),
        ("unet_segmentation", "discs.png", ["discs.png"]),
        ("cnn_with_filters", "", ["filters.png", "seen.png"]),
    ],
)
def test_pictures_are_drawn_where_asked(name, argument, pictures, printed, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(Model, "fit", _one_epoch(Model.fit))
    monkeypatch.setattr(utils, "plot_model", lambda *args, **kwargs: None, raising=False)
    printed(name, str(tmp_path / argument))
    assert sorted(path.name for path in tmp_path.iterdir()) == pictures


def _one_epoch(fit):
    return lambda self, *args, **kwargs: fit(self, *args, **dict(kwargs, epochs=1))


def test_every_example_is_run_by_a_test():
    tested = "".join(
        path.read_text()
        for folder in ("examples", "golden")
        for path in pathlib.Path(ROOT, "tests", folder).glob("*.py")
    )
    names = {path.stem for path in pathlib.Path(EXAMPLES).glob("*.py")}
    assert len(names) > 15
    assert [name for name in sorted(names) if name not in tested] == []
