"""What the tests of rules ask: a text stays as it is, or becomes another and then stays."""

import pytest

from tfkeras_compat.migrate.in_text import rewritten
from tfkeras_compat.migrate.rules import rules_of


@pytest.fixture
def check_noop():
    def check(source, step="drop-in"):
        assert rewritten(source, rules_of(step)) == source

    return check


@pytest.fixture
def check_transformed(check_noop):
    def check(old, new, step="drop-in"):
        assert rewritten(old, rules_of(step)) == new
        check_noop(new, step)

    return check
