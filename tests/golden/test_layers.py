"""Our layers give what Keras 2.2.5 on TensorFlow 1.15.5 gave (``record_layers``)."""

import functools

import comparison
import layer_cases
import observation
import pytest

import tfkeras_compat as keras

pytestmark = [
    pytest.mark.either_end,
    pytest.mark.filterwarnings("ignore:The `.*` layer is deprecated"),
]


@functools.lru_cache(maxsize=None)
def observed(name):
    return observation.observe(keras, layer_cases.CASES[name])


def having(option):
    return [name for name, case in layer_cases.CASES.items() if case.options[option]]


def check_facts(name, *questions):
    for question in questions:
        ours = comparison.answer(observed(name), question)
        theirs = comparison.recorded(layer_cases.CASES[name], question)
        comparison.assert_same_facts(ours, theirs, "%s: %s" % (name, question))


def check_numbers(name, *questions):
    case = layer_cases.CASES[name]
    for question in questions:
        ours = comparison.answer(observed(name), question)
        comparison.assert_same_numbers(
            ours, comparison.recorded(case, question), comparison.tolerance(case, question)
        )


def test_every_case_is_recorded_and_no_other():
    assert sorted(layer_cases.CASES) == sorted(comparison._facts())


@pytest.mark.parametrize("name", layer_cases.CASES)
def test_variables_and_weights_have_the_names_and_the_order_of_the_original(name):
    check_facts(name, "names", "scopes", "order_of_values")


@pytest.mark.parametrize("name", layer_cases.CASES)
def test_shapes_and_counts_are_those_of_the_original(name):
    check_facts(name, "shapes", "counts")


@pytest.mark.parametrize("name", layer_cases.CASES)
def test_configuration_is_that_of_the_original_and_builds_the_same_model(name):
    check_facts(name, "config", "round_trip")


@pytest.mark.parametrize("name", layer_cases.CASES)
def test_outputs_in_both_phases_masks_and_losses_are_those_of_the_original(name):
    check_numbers(name, "initial", "outputs", "masks", "losses")


@pytest.mark.parametrize("name", having("gradients"))
def test_gradients_are_those_of_the_original(name):
    check_numbers(name, "gradients")


@pytest.mark.parametrize("name", having("updates"))
def test_moving_statistics_after_1_2_and_10_updates_are_those_of_the_original(name):
    check_numbers(name, "statistics")


@pytest.mark.parametrize("name", having("summary"))
def test_summary_prints_the_text_of_the_original(name):
    check_facts(name, "summary")
