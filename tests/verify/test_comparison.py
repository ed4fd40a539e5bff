"""Two records side by side."""

import pytest

from tfkeras_compat.verify.comparison import compared, difference, table, verdict

NAN, INFINITE = float("nan"), float("inf")


def events(*losses, **more):
    return [dict({"kind": "step", "values": [each], "random": []}, **more) for each in losses]


def test_losses_within_the_tolerance_are_equal():
    found = compared(events(1.0, 0.5), events(1.00001, 0.5), 1e-4)
    assert found.first_parting() is None and found.is_whole()
    assert "2 steps and 0 values are equal within 0.0001" in verdict(found)


def test_the_first_step_beyond_the_tolerance_is_where_they_part():
    found = compared(events(1.0, 0.5, 0.3), events(1.0, 0.6, 0.4), 1e-4)
    assert found.first_parting().number == 2
    assert verdict(found) == "The losses part at step 2: the original has 0.5, ours has 0.6."
    assert [line for line in table(found) if line.endswith("<- parts")]


def test_steps_are_paired_with_steps_and_values_with_values():
    one = events(1.0) + events(7.0, kind="value") + events(2.0)
    two = events(7.0, kind="value") + events(1.0, 2.0)
    found = compared(one, two, 1e-4)
    assert [(row.kind, row.number) for row in found.rows] == [
        ("step", 1),
        ("value", 1),
        ("step", 2),
    ]
    assert found.first_parting() is None


def test_of_several_scalars_the_one_that_differs_most_is_shown():
    one = [{"kind": "step", "values": [1.0, 2.0, 3.0], "random": []}]
    two = [{"kind": "step", "values": [1.0, 2.5, 3.0], "random": []}]
    assert compared(one, two, 1e-4).rows[0][:4] == ("step", 1, 2.0, 2.5)


def test_random_draws_are_an_explanation():
    found = compared(events(1.0, random=["dropout/Uniform"]), events(2.0), 1e-4)
    assert "draws random numbers in it (dropout/Uniform)" in verdict(found)


def test_weights_that_change_while_they_are_read_are_an_explanation_of_steps():
    of_steps = compared(events(1.0), events(2.0), 1e-4)
    of_values = compared(events(1.0, kind="value"), events(2.0, kind="value"), 1e-4)
    assert "reference variables" in verdict(of_steps, references=True)
    assert "reference variables" not in verdict(of_steps)
    assert "reference variables" not in verdict(of_values, references=True)


def test_a_run_that_ends_earlier_is_told():
    found = compared(events(1.0, 0.5), events(1.0), 1e-4)
    assert not found.is_whole()
    assert "the original has 2 steps and ours 1" in verdict(found)


def test_a_long_table_shows_the_start_the_parting_and_the_end():
    ours = [1.0] * 30 + [2.0] * 30
    lines = list(table(compared(events(*[1.0] * 60), events(*ours), 1e-4)))
    shown = [line.split()[1] for line in lines[1:] if "..." not in line]
    assert shown == ["1", "2", "3", "4", "5", "29", "30", "31", "32", "33", "59", "60"]


@pytest.mark.parametrize(
    "one, other, apart",
    [
        (NAN, NAN, 0.0),
        (NAN, 1.0, INFINITE),
        (INFINITE, INFINITE, 0.0),
        (INFINITE, -INFINITE, INFINITE),
        (0.0, 1e-9, 0.0),
        (-1.0, 1.0, 2.0),
        (2.0, 1.0, 0.5),
    ],
)
def test_numbers_differ_by_parts_of_the_larger(one, other, apart):
    assert difference(one, other) == apart
