import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ShapeError


def numbers(*shape):
    return np.random.uniform(-3, 3, shape).astype("float32")


def probabilities(*shape):
    positive = np.random.uniform(0.1, 1, shape).astype("float32")
    return positive / positive.sum(-1, keepdims=True)


# ---- activations --------------------------------------------------------------------------------


@pytest.mark.parametrize("alpha", [0.0, 0.25])
@pytest.mark.parametrize("max_value", [None, 2.0, 6])
@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_relu_bends_at_the_threshold_and_saturates(alpha, max_value, threshold):
    x = np.float32([-4, -0.5, 0.5, 1.5, 3, 9])
    expected = np.where(x > threshold, x, 0)
    expected = np.clip(expected, 0, max_value) if max_value else expected
    expected = np.where(x < threshold, expected + alpha * (x - threshold), expected)
    found = K.relu(K.constant(x), alpha=alpha, max_value=max_value, threshold=threshold)
    np.testing.assert_allclose(K.eval(found), expected, rtol=1e-6)


def test_relu_takes_numpy_scalars_and_float64():
    x = tf.constant([-2.0, 8.0], dtype="float64")
    found = K.relu(x, alpha=np.float32(0.5), max_value=np.array(3, "float32"), threshold=1.0)
    assert K.eval(found).tolist() == [-1.5, 3.0]


ACTIVATIONS = {
    "softplus": lambda x: np.log1p(np.exp(x)),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "hard_sigmoid": lambda x: np.clip(0.2 * x + 0.5, 0, 1),
    "tanh": np.tanh,
    "elu": lambda x: np.where(x > 0, x, np.exp(x) - 1),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_follow_their_formulas(name):
    x = numbers(3, 4)
    np.testing.assert_allclose(
        K.eval(getattr(K, name)(K.constant(x))), ACTIVATIONS[name](x), rtol=1e-5, atol=1e-6
    )


def test_elu_scales_its_negative_part():
    found = K.eval(K.elu(K.constant([-1, 2]), alpha=0.5))
    np.testing.assert_allclose(found, [0.5 * (np.exp(-1) - 1), 2], rtol=1e-6)


@pytest.mark.parametrize("axis", [-1, 0, 1])
def test_softmax_sums_to_one_along_its_axis(axis):
    x = numbers(2, 3, 4)
    expected = np.exp(x) / np.exp(x).sum(axis, keepdims=True)
    np.testing.assert_allclose(K.eval(K.softmax(K.constant(x), axis)), expected, rtol=1e-5)


def test_dropout_drops_a_fraction_and_scales_the_rest():
    values = K.eval(K.dropout(K.ones((100, 100)), 0.2, seed=1))
    assert abs((values == 0).mean() - 0.2) < 0.02
    np.testing.assert_allclose(values[values > 0], 1.25)


def test_dropout_shares_decisions_along_axes_of_size_one():
    values = K.eval(K.dropout(K.ones((50, 4)), 0.5, noise_shape=(50, 1)))
    assert set(values.sum(1).tolist()) == {0.0, 8.0}


def test_dropout_refuses_a_level_outside_its_range():
    with pytest.raises(ValueError):
        K.dropout(K.ones((2, 2)), -0.5)


# ---- cross-entropies ----------------------------------------------------------------------------


def one_hot(classes, count):
    return np.eye(count, dtype="float32")[np.array(classes)]


def test_categorical_crossentropy_divides_predictions_by_their_sum_first():
    target, output = one_hot([1, 0], 3), probabilities(2, 3)
    found = K.categorical_crossentropy(K.constant(target), K.constant(output * 5))
    np.testing.assert_allclose(K.eval(found), -np.log(output[[0, 1], [1, 0]]), rtol=1e-5)


def test_crossentropies_stay_finite_at_zero_and_one():
    expected = -np.log(K.epsilon())
    certain = K.constant([[1, 0]])
    categorical = K.categorical_crossentropy(K.constant([[0, 1]]), certain)
    sparse = K.sparse_categorical_crossentropy(K.constant([1]), certain)
    binary = K.binary_crossentropy(K.constant([[1, 1]]), K.constant([[0, 1]]))
    np.testing.assert_allclose(K.eval(categorical), [expected], rtol=1e-4)
    np.testing.assert_allclose(K.eval(sparse), [expected], rtol=1e-4)
    np.testing.assert_allclose(K.eval(binary), [[expected, 0]], rtol=0.02, atol=1e-6)


def test_the_classes_may_be_on_another_axis():
    classes = np.array([[1, 0], [2, 2]])
    output = probabilities(2, 2, 3)
    expected = -np.log(np.take_along_axis(output, classes[..., None], -1)[..., 0])
    target = K.constant(one_hot(classes, 3).transpose(0, 2, 1))
    moved = K.constant(output.transpose(0, 2, 1))
    dense = K.categorical_crossentropy(target, moved, axis=1)
    sparse = K.sparse_categorical_crossentropy(K.constant(classes), moved, axis=1)
    np.testing.assert_allclose(K.eval(dense), expected, rtol=1e-5)
    np.testing.assert_allclose(K.eval(sparse), expected, rtol=1e-4)


def test_logits_give_the_same_losses_as_the_probabilities_they_stand_for():
    logits, classes = K.constant(numbers(4, 3)), np.array([0, 2, 1, 1])
    softmax, target = K.softmax(logits), K.constant(one_hot(classes, 3))
    np.testing.assert_allclose(
        K.eval(K.categorical_crossentropy(target, logits, from_logits=True)),
        K.eval(K.categorical_crossentropy(target, softmax)),
        rtol=1e-4,
    )
    np.testing.assert_allclose(
        K.eval(K.sparse_categorical_crossentropy(K.constant(classes), logits, from_logits=True)),
        K.eval(K.sparse_categorical_crossentropy(K.constant(classes), softmax)),
        rtol=1e-4,
    )
    np.testing.assert_allclose(
        K.eval(K.binary_crossentropy(target, logits, from_logits=True)),
        K.eval(K.binary_crossentropy(target, K.sigmoid(logits))),
        rtol=1e-4,
        atol=1e-6,
    )


@pytest.mark.parametrize("axis", [-2, 2])
def test_an_axis_that_is_not_there_is_refused(axis):
    for loss in (K.categorical_crossentropy, K.sparse_categorical_crossentropy):
        with pytest.raises(ShapeError, match="2 dimensions"):
            loss(K.placeholder((2, 3)), K.placeholder((2, 3)), axis=axis)


def test_in_top_k_looks_at_the_best_predictions():
    predictions = K.constant([[0.1, 0.5, 0.4], [0.1, 0.5, 0.4]])
    found = K.in_top_k(predictions, tf.constant([2, 0]), 2)
    assert K.eval(found).tolist() == [True, False]


# ---- batch normalization ------------------------------------------------------------------------


BATCHES = [((6, 3), [0]), ((2, 4, 3), [0, 1]), ((2, 3, 4), [0, 2]), ((2, 3, 4, 4), [0, 2, 3]),
           ((2, 4, 4, 3), [0, 1, 2]), ((2, 2, 2, 2, 3), [0, 1, 2, 3])]  # fmt: skip


@pytest.mark.parametrize("shape, axes", BATCHES)
@pytest.mark.parametrize("is_affine", [True, False])
def test_a_batch_is_normalized_by_its_own_statistics(shape, axes, is_affine):
    x, gamma, beta = numbers(*shape), numbers(3), numbers(3)
    kept = [axis for axis in range(len(shape)) if axis not in axes][0]
    along = [3 if axis == kept else 1 for axis in range(len(shape))]
    mean, variance = x.mean(tuple(axes)), x.var(tuple(axes))
    expected = (x - mean.reshape(along)) / np.sqrt(variance.reshape(along) + 1e-3)
    if is_affine:
        expected = expected * gamma.reshape(along) + beta.reshape(along)
    parameters = (K.variable(gamma), K.variable(beta)) if is_affine else (None, None)
    found = K.function([], list(K.normalize_batch_in_training(K.constant(x), *parameters, axes)))
    normalized, found_mean, found_variance = found([])
    np.testing.assert_allclose(normalized, expected, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(found_mean, mean, rtol=1e-4, atol=1e-5)
    count = x.size // 3
    corrected = (
        variance * count / (count - 1) if axes == [0, 1, 2] and len(shape) == 4 else variance
    )
    np.testing.assert_allclose(found_variance, corrected, rtol=1e-4)


def test_images_in_float64_are_normalized_although_the_fused_operation_is_not_made_for_them():
    x = tf.constant(numbers(2, 3, 3, 2).astype("float64"))
    normalized, _, variance = K.normalize_batch_in_training(x, None, None, [0, 1, 2])
    np.testing.assert_allclose(K.eval(variance), K.eval(x).var((0, 1, 2)), rtol=1e-6)
    assert K.dtype(normalized) == "float64"


@pytest.mark.parametrize("shape, axis, parameter_shape", [
    ((5, 3), -1, (3,)), ((2, 4, 4, 3), -1, (3,)), ((2, 4, 4, 3), 3, (1, 1, 1, 3)),
    ((2, 3, 4, 4), 1, (1, 3, 1, 1)),
])  # fmt: skip
def test_batch_normalization_uses_the_statistics_it_is_given(shape, axis, parameter_shape):
    x, mean, gamma = numbers(*shape), numbers(*parameter_shape), numbers(*parameter_shape)
    variance = np.abs(numbers(*parameter_shape)) + 0.1
    found = K.batch_normalization(
        K.constant(x), K.constant(mean), K.constant(variance), None, K.constant(gamma), axis=axis
    )
    expected = (x - mean) / np.sqrt(variance + 1e-3) * gamma
    np.testing.assert_allclose(K.eval(found), expected, rtol=1e-4, atol=1e-4)


# ---- biases -------------------------------------------------------------------------------------


@pytest.mark.parametrize("rank", [2, 3, 4, 5])
@pytest.mark.parametrize("is_vector", [True, False])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_bias_add_adds_along_the_channels(rank, is_vector, data_format):
    x = numbers(*([2] * (rank - 1) + [3]))
    bias = numbers(3) if is_vector else numbers(*x.shape[1:])
    expected = x + bias
    if data_format == "channels_first" and rank > 2:
        x = np.moveaxis(x, -1, 1)
        # A bias of a whole sample keeps the order of its elements and gets the sizes of the sample.
        expected = x + (bias.reshape([3] + [1] * (rank - 2)) if is_vector
                        else bias.reshape(x.shape[1:]))  # fmt: skip
    found = K.bias_add(K.constant(x), K.constant(bias), data_format=data_format)
    np.testing.assert_allclose(K.eval(found), expected, rtol=1e-6)


def test_a_bias_of_another_rank_is_refused():
    with pytest.raises(ShapeError, match="expected 1 or 3"):
        K.bias_add(K.placeholder((2, 3, 3, 2)), K.placeholder((3, 2)))


# ---- connectionist temporal classification ------------------------------------------------------


def test_ctc_labels_keep_the_first_ones_of_each_row():
    sparse = K.ctc_label_dense_to_sparse(tf.constant([[1, 2, 9], [3, 9, 9]]), tf.constant([2, 1]))
    dense = K.eval(tf.sparse.to_dense(sparse, default_value=-1))
    assert dense.tolist() == [[1, 2, -1], [3, -1, -1]]


def test_ctc_cost_is_that_of_all_alignments():
    # The label 0 in two steps, of classes 0 and blank: 0-0, 0-blank, blank-0.
    output = np.float32([[[0.6, 0.4], [0.3, 0.7]]])
    cost = K.ctc_batch_cost(
        K.constant([[0]]), K.constant(output), K.constant([[2]]), K.constant([[1]])
    )
    alignments = 0.6 * 0.3 + 0.6 * 0.7 + 0.4 * 0.3
    np.testing.assert_allclose(K.eval(cost), [[-np.log(alignments)]], rtol=1e-4)


@pytest.mark.parametrize("greedy", [True, False])
def test_ctc_decode_drops_blanks_and_repetitions(greedy):
    output = one_hot([[0, 0, 2, 1, 2], [1, 2, 1, 2, 2]], 3) * 0.9 + 0.03
    decoded, log_probability = K.ctc_decode(
        K.constant(output), tf.constant([5, 3]), greedy=greedy, beam_width=10
    )
    assert K.eval(decoded[0]).tolist() == [[0, 1], [1, 1]]
    assert K.int_shape(log_probability)[1] == 1


def test_ctc_decode_gives_as_many_paths_as_asked_for():
    decoded, _ = K.ctc_decode(
        K.constant(probabilities(2, 4, 3)), tf.constant([4, 4]), greedy=False, top_paths=3
    )
    assert len(decoded) == 3
