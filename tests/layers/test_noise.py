import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.layers import AlphaDropout, GaussianDropout, GaussianNoise, Masking

ONES = np.ones((100, 200), "float32")


def run(layer, values, phase):
    x = K.placeholder(values.shape)
    y = layer(x)
    return K.get_session().run(y, {x: values, K.learning_phase(): phase})


@pytest.mark.parametrize("layer", [GaussianNoise(0.5), GaussianDropout(0.5), AlphaDropout(0.5)])
def test_there_is_noise_in_training_only(layer):
    np.testing.assert_array_equal(run(layer, ONES, 0), ONES)
    assert run(layer, ONES, 1).std() > 0.1
    assert layer.uses_learning_phase


@pytest.mark.parametrize(
    "layer, deviation", [(GaussianNoise(0.5), 0.5), (GaussianDropout(0.2), 0.5)]
)
def test_mean_and_deviation_are_those_that_were_asked_for(layer, deviation):
    found = run(layer, ONES, 1)
    assert abs(found.mean() - 1) < 0.02
    assert abs(found.std() - deviation) < 0.02


def test_noise_is_added_and_gaussian_dropout_multiplies():
    zeros = np.zeros_like(ONES)
    assert run(GaussianNoise(0.5), zeros, 1).std() > 0.4
    assert run(GaussianDropout(0.5), zeros, 1).std() == 0


def test_alpha_dropout_keeps_mean_and_variance_of_normal_numbers():
    x = np.random.normal(size=(300, 300)).astype("float32")
    found = run(AlphaDropout(0.3), x, 1)
    assert abs(found.mean()) < 0.02
    assert abs(found.std() - 1) < 0.02


def test_alpha_dropout_decides_in_the_shape_of_the_noise():
    found = run(AlphaDropout(0.5, noise_shape=(100, 1), seed=3), ONES, 1)
    assert (found == found[:, :1]).all()
    assert len(np.unique(found)) == 2


@pytest.mark.parametrize("rate", [0, 1.0, -0.5])
@pytest.mark.parametrize("kind", [GaussianDropout, AlphaDropout])
def test_a_rate_outside_of_0_and_1_changes_nothing(kind, rate):
    layer = kind(rate)
    x = K.placeholder((None, 3))
    assert layer(x) is not None
    assert not layer.uses_learning_phase


@pytest.mark.parametrize("training, changes", [(True, True), (False, False)])
def test_the_argument_training_is_stronger_than_the_phase(training, changes):
    y = GaussianNoise(1.0)(K.constant(ONES), training=training)
    assert (K.eval(y) != ONES).any() == changes


def test_the_mask_goes_through():
    x = Masking()(K.placeholder((None, 3, 2)))
    for layer in (GaussianNoise(1), GaussianDropout(0.5), AlphaDropout(0.5)):
        x = layer(x)
        assert layer.output_mask is not None


def test_half_precision_stays_half_precision():
    x = K.placeholder((None, 3), dtype="float16")
    for layer in (GaussianNoise(1.0), GaussianDropout(0.5), AlphaDropout(0.5)):
        assert K.dtype(layer(x)) == "float16"


def test_configurations_hold_the_rate_and_keras_1_had_other_words():
    assert AlphaDropout.from_config(AlphaDropout(0.3, seed=1).get_config()).rate == 0.3
    with pytest.warns(UserWarning, match="sigma"):
        assert GaussianNoise(sigma=0.3).get_config()["stddev"] == 0.3
    with pytest.warns(UserWarning, match="`p`"):
        assert GaussianDropout(p=0.3).get_config()["rate"] == 0.3
