"""The learning phase: one placeholder per graph, False unless fed, or a fixed number."""

import pytest

from tfkeras_compat._tf import tf
from tfkeras_compat.state import ledger, phase


class AnyLayer:
    trainable = True
    stateful = False


def test_the_phase_is_a_boolean_scalar_placeholder_of_the_originals_name():
    found = phase.learning_phase()
    assert found.name == "keras_learning_phase:0"
    assert (found.dtype, found.get_shape().as_list()) == (tf.bool, [])
    assert found.op.type == "PlaceholderWithDefault"


def test_there_is_one_phase_in_a_graph_and_another_in_another():
    mine = phase.learning_phase()
    assert phase.learning_phase() is mine
    with tf.Graph().as_default():
        assert phase.learning_phase() is not mine


@pytest.mark.parametrize("fed, expected", [(0, False), (1, True), (False, False), (True, True)])
def test_ints_and_bools_are_fed(fed, expected):
    found = phase.learning_phase()
    with tf.Session() as session:
        assert session.run(found, {found: fed}) == expected


def test_the_phase_is_false_unless_it_is_fed():
    with tf.Session() as session:
        assert not session.run(phase.learning_phase())


def test_the_phase_is_made_at_the_root_whatever_scopes_it_is_first_asked_for_in():
    blocker = tf.placeholder("float32")
    with tf.name_scope("tower"), tf.device("/gpu:0"), tf.control_dependencies([blocker]):
        found = phase.learning_phase()
    assert found.name == "keras_learning_phase:0"
    assert found.device == ""
    with tf.Session() as session:
        session.run(found)


def test_the_phase_is_made_outside_a_loop_in_whose_body_it_is_first_asked_for():
    def body(i):
        return i + tf.cast(phase.learning_phase(), tf.int32) + 1

    counted = tf.while_loop(lambda i: i < 4, body, [tf.constant(0)])
    with tf.Session() as session:
        assert session.run(counted, {phase.learning_phase(): 1}) == 4
        assert session.run(phase.learning_phase()) in (False,)


def test_a_phase_made_beforehand_is_found_in_a_finalized_graph():
    found = phase.learning_phase()
    tf.get_default_graph().finalize()
    assert phase.learning_phase() is found


@pytest.mark.parametrize("value", [0, 1])
def test_a_fixed_phase_is_that_number_in_this_graph_only(value):
    phase.set_learning_phase(value)
    assert phase.learning_phase() == value
    assert type(phase.learning_phase()) is int
    assert phase.is_fixed()
    with tf.Graph().as_default():
        assert not phase.is_fixed()


@pytest.mark.parametrize("value", [2, -1, None, "train"])
def test_only_0_and_1_can_be_fixed(value):
    with pytest.raises(ValueError, match="0 or 1"):
        phase.set_learning_phase(value)


def test_asking_for_the_phase_marks_the_running_call():
    with ledger.recording(ledger.Record(AnyLayer(), [])) as outer:
        with ledger.recording(ledger.Record(AnyLayer(), [])) as inner:
            phase.learning_phase()
    assert inner.uses_learning_phase
    assert outer.uses_learning_phase


def test_asking_for_a_fixed_phase_marks_nothing():
    phase.set_learning_phase(1)
    with ledger.recording(ledger.Record(AnyLayer(), [])) as record:
        phase.learning_phase()
    assert not record.uses_learning_phase


def test_looking_whether_there_is_a_phase_makes_none_and_marks_nothing():
    with ledger.recording(ledger.Record(AnyLayer(), [])) as record:
        assert phase.placeholder() is None
        found = phase.learning_phase()
        record.uses_learning_phase = False
        assert phase.placeholder() is found
    assert not record.uses_learning_phase
