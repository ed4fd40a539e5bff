"""The list of rules: names, steps, notes; and a file of tests for each."""

import importlib
import os

import pytest

from tfkeras_compat.migrate.rule import DROP_IN, FROM_PYTHON_2, PYTHON_2, STEPS
from tfkeras_compat.migrate.rules import RULES, rules_up_to

HERE = os.path.dirname(os.path.abspath(__file__))
MODULES = sorted({type(rule).__module__.rpartition(".")[2] for rule in RULES})


def test_names_are_unique_and_every_rule_has_a_step_and_a_note():
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)
    for rule in RULES:
        assert rule.note and rule.steps
        assert set(rule.steps) <= {*STEPS, PYTHON_2, FROM_PYTHON_2}


@pytest.mark.parametrize("module", MODULES)
def test_a_rule_is_tested_for_what_it_changes_and_for_what_it_leaves(module):
    with open(os.path.join(HERE, "test_%s.py" % module)) as file:
        tests = file.read()
    assert "check_noop(" in tests and "check_transformed(" in tests
    assert importlib.import_module("tfkeras_compat.migrate." + module).__doc__.startswith("Rule")


def test_each_step_includes_those_before_it():
    counts = [len(rules_up_to(step)) for step in STEPS]
    assert counts == sorted(counts) and counts[0] == len(
        [rule for rule in RULES if DROP_IN in rule.steps]
    )
