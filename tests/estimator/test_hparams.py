"""HParams: named settings with types."""

import pytest

from tfkeras_compat.estimator.hparams import HParams


def settings():
    return HParams(rate=0.1, count=3, name="net", units=[64, 32], is_deep=True)


def test_text_is_read_by_the_type_of_each_setting():
    read = settings().parse("rate=1e-3,count=-4,name=a/b,units=[1, 2,3],is_deep=false")
    assert read.values() == {
        "rate": 0.001,
        "count": -4,
        "name": "a/b",
        "units": [1, 2, 3],
        "is_deep": False,
    }


def test_one_number_of_a_list_can_be_changed():
    assert settings().parse("units[1]=7").units == [64, 7]


def test_json_goes_both_ways():
    read = settings()
    assert read.parse_json('{"count": 9}').count == 9
    assert settings().parse_json(read.to_json()).values() == read.values()


@pytest.mark.parametrize("text", ["count=a", "unknown=1", "count", "count=1,count=2", "units=3"])
def test_text_that_does_not_fit_is_refused(text):
    with pytest.raises(ValueError):
        settings().parse(text)


def test_a_setting_keeps_its_type():
    with pytest.raises(ValueError, match="Could not cast hparam 'count'"):
        settings().set_hparam("count", 1.5)
    with pytest.raises(ValueError, match="needs a list"):
        settings().set_hparam("units", 3)
    with pytest.raises(ValueError, match="is reserved"):
        HParams(parse=1)
    assert settings().get("none", 5) == 5 and "rate" in settings()
