"""What the tests of rules ask: a text stays as it is, or becomes another and then stays."""

import pytest

from tfkeras_compat.migrate import journey
from tfkeras_compat.migrate.names import ALONE
from tfkeras_compat.migrate.rules import rules_of


@pytest.fixture
def check_noop():
    def check(source, step="drop-in", program=ALONE):
        assert journey.settled(source, rules_of(step), program) == source

    return check


@pytest.fixture
def check_transformed(check_noop):
    def check(old, new, step="drop-in", program=ALONE):
        assert journey.settled(old, rules_of(step), program) == new
        check_noop(new, step, program)

    return check
