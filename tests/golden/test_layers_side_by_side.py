"""Ours and the real Keras 2.2.5 in one process, for a case of every kind of layer.

Only where that Keras is installed: on the TensorFlow 1.15 end. Elsewhere the recorded answers must
do.
"""

import comparison
import layer_cases
import observation
import original
import pytest

import tfkeras_compat as ours

pytestmark = pytest.mark.skipif(
    not original.is_installed_here(),
    reason="NOT COMPARED LIVE: no Keras 2.2.5 here (test_layers has its recorded answers)",
)

CASES = (
    "dense_with_every_argument",
    "activation_elu",
    "dropout",
    "flatten_channels_first",
    "reshape_with_one_free_axis",
    "lambda_with_mask",
    "embedding_with_mask_zero",
    "batch_normalization_momentum",
    "simplernn_masked",
    "lstm",
    "gru_reset_after",
    "lstm_stateful",
    "conv2d_dilated",
    "max_pooling2d_channels_first",
    "concatenate_with_masks",
    "dot_of_matrices_normalized",
    "time_distributed_lstm_masked_by_embedding",
    "nested_sequential",
    "shared_layer",
    "model_on_a_new_tensor",
    "rnn_of_cells",
    "conv2d_transpose_channels_first",
    "convlstm2d_masked",
    "convlstm2d_stateful",
    "prelu_of_shared_axes",
    "relu_with_every_argument",
)


@pytest.fixture(scope="module")
def theirs():
    import keras

    assert keras.__version__ == original.VERSION
    return keras


@pytest.mark.parametrize("name", CASES)
def test_both_give_the_same_answers_in_one_process(theirs, name):
    case = layer_cases.CASES[name]
    expected, found = (observation.observe(each, case) for each in (theirs, ours))
    for question in observation.FACTS:
        if question is not observation.tensors:
            comparison.assert_same_facts(
                comparison.answer(found, question.__name__),
                expected[question.__name__],
                "%s: %s" % (name, question.__name__),
            )
    for question in observation.NUMBERS:
        comparison.assert_same_numbers(
            comparison.answer(found, question.__name__),
            expected[question.__name__],
            comparison.tolerance(case, question.__name__),
        )
