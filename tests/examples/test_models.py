"""The examples that train models: they run as they are, and learn as in Keras 2.2.5."""

import json
import os
import re

import example_cases
import numpy as np
import pytest
import tensorboard_cases
import warm_processes
from record_examples import FILE

from tfkeras_compat.dropin import rewrite

pytestmark = pytest.mark.either_end

ROOT = os.path.dirname(example_cases.EXAMPLES)


def printed(name, *arguments):
    """What an example prints, run as the README says."""
    path = os.path.join(example_cases.EXAMPLES, name + ".py")
    done = warm_processes.run(
        ["-m", "tfkeras_compat", "run", path, *arguments],
        env=dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", PYTHONPATH=ROOT),
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def numbers_after(text, output):
    line = re.search(r"^%s:? (.*)$" % re.escape(text), output, flags=re.M).group(1)
    return [float(number) for number in re.findall(r"\d\.\d+", line)]


def test_the_autoencoder_learns_and_leaves_checkpoints_and_event_files(tmp_path):
    folder = str(tmp_path)
    output = printed("autoencoder_with_tensorboard", folder)
    losses = numbers_after("Loss", output)
    assert len(losses) == 6 and losses[-1] < losses[0] / 2
    assert numbers_after("Test loss of the last checkpoint", output)[0] < losses[0] / 2
    checkpoints = sorted(name for name in os.listdir(folder) if name.endswith(".h5"))
    assert checkpoints == ["autoencoder.%02d.h5" % epoch for epoch in (2, 4, 6)]
    events = list(tensorboard_cases.events(folder))
    assert [step for tag, step, _ in events if tag == "val_loss"] == list(range(6))
    assert {step for tag, step, _ in events if tag == "conv2d_1/kernel_0"} == {0, 2, 4}
    sizes = {tuple(values[:3]) for tag, _, values in events if tag == "conv2d_1/bias_0_1/image/0"}
    assert sizes == {(32, 1, 1)}


def test_the_classifier_of_masked_text_learns_and_does_not_see_the_padding():
    output = printed("text_with_mask")
    losses = numbers_after("Loss", output)
    assert losses[-1] < losses[0] / 3
    assert numbers_after("Test accuracy", output)[0] > 0.9
    padded, alone = numbers_after("In favour", output)
    assert padded == pytest.approx(alone, abs=2e-4)


@pytest.mark.parametrize("name", sorted(example_cases.CASES))
def test_the_loss_falls_as_in_keras_2_2_5_from_the_same_weights(name):
    with open(FILE) as file:
        expected = json.load(file)[name]
    found = example_cases.observe(name, rewrite.compiled)
    assert set(found) == set(expected)
    for key, values in expected.items():
        np.testing.assert_allclose(found[key], values, rtol=1e-4, err_msg=key)
