"""Updates that are pairs and operations, and the records of calls."""

import threading

import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.state import ledger
from tfkeras_compat.state.ledger import Record, recording


class AnyLayer:
    def __init__(self, trainable=True, stateful=False):
        self.trainable = trainable
        self.stateful = stateful


@pytest.fixture
def update():
    """An update that adds one to a variable that is 0."""
    variable = K.variable(0.0, name="counter")
    return K.update(variable, variable + 1)


def session_for(update):
    session = tf.Session()
    session.run(update.variable.initializer)
    return session


# ---- an update is a pair ------------------------------------------------------------------------


def test_an_update_unpacks_to_the_variable_and_its_new_value(update):
    old, new = update
    assert old is update.variable
    with session_for(update) as session:
        session.run(tf.assign(old, new))
        assert session.run(old) == 1.0


def test_an_update_has_length_and_elements_of_a_pair(update):
    assert len(update) == 2
    assert (update[0], update[1]) == (update.variable, update.new_value)
    assert tuple(update) == (update.variable, update.new_value)


def test_looking_at_the_pair_does_not_run_the_update(update):
    with session_for(update) as session:
        assert session.run(update[1]) == 1.0
        assert session.run(update[0]) == 0.0


# ---- an update is an operation ------------------------------------------------------------------

RUNS = {
    "alone": lambda session, update: session.run(update),
    "in a list": lambda session, update: session.run([tf.constant(1), update]),
    "in a sum of lists": lambda session, update: session.run([tf.constant(1)] + [update]),
    "in a dictionary": lambda session, update: session.run({"x": tf.constant(1), "up": update}),
    "in a nested structure": lambda session, update: session.run([[update], (tf.constant(1),)]),
    "through its op": lambda session, update: session.run(update.op),
    "grouped": lambda session, update: session.run(tf.group(update)),
    "grouped with others": lambda session, update: session.run(tf.group(tf.no_op(), *[update])),
    "in a prepared callable": lambda session, update: session.make_callable([update])(),
}


@pytest.mark.parametrize("run", list(RUNS.values()), ids=list(RUNS))
def test_an_update_runs(run, update):
    with session_for(update) as session:
        run(session, update)
        assert session.run(update.variable) == 1.0


def test_other_operations_wait_for_an_update(update):
    with tf.control_dependencies([update]):
        after = tf.identity(update.variable.read_value())
    with session_for(update) as session:
        assert session.run(after) == 1.0


def test_an_update_in_a_collection_runs_from_there(update):
    tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, update)
    with session_for(update) as session:
        session.run(tf.get_collection(tf.GraphKeys.UPDATE_OPS))
        assert session.run(update.variable) == 1.0


def test_a_meta_graph_is_exported_when_the_collection_holds_the_operation(update, tmp_path):
    ledger.publish(tf.GraphKeys.UPDATE_OPS, update.op)
    tf.train.export_meta_graph(str(tmp_path / "graph.meta"))
    with tf.Graph().as_default(), tf.Session() as session:
        tf.train.import_meta_graph(str(tmp_path / "graph.meta"))
        imported = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
        session.run(tf.global_variables_initializer())
        session.run(imported)
        assert session.run(tf.global_variables()[0].read_value()) == 1.0


def test_where_a_tensor_is_expected_an_update_is_the_value_after_it(update):
    doubled = tf.convert_to_tensor(update) * 2
    with session_for(update) as session:
        assert session.run(doubled) == 2.0


def test_an_update_tells_what_an_operation_tells(update):
    assert update.graph is tf.get_default_graph()
    assert update.name == update.op.name
    assert update.device == update.op.device
    assert update.dtype.base_dtype == tf.float32
    assert update.get_shape().as_list() == []
    assert "counter:0" in repr(update)


@pytest.mark.parametrize(
    "make, expected", [(K.update_add, 5.0), (K.update_sub, -1.0), (K.update, 3.0)]
)
def test_every_kind_of_update_is_pair_and_operation(make, expected):
    variable = K.variable(2.0)
    update = make(variable, 3.0)
    with session_for(update) as session:
        session.run(tf.assign(*update))
        assert session.run(variable) == expected
        session.run(variable.initializer)
        session.run(update)
        assert session.run(variable) == expected


# ---- records ------------------------------------------------------------------------------------


def test_records_nest_like_the_calls():
    assert ledger.innermost() is None
    outer, inner = Record(AnyLayer(), []), Record(AnyLayer(), [])
    with recording(outer):
        with recording(inner):
            assert ledger.innermost() is inner
        assert ledger.innermost() is outer
    assert ledger.innermost() is None
    assert outer.children == [inner]


def test_a_record_is_closed_also_after_an_error():
    with pytest.raises(KeyError):
        with recording(Record(AnyLayer(), [])):
            raise KeyError
    assert ledger.innermost() is None


def test_each_thread_has_records_of_its_own():
    seen = []
    with recording(Record(AnyLayer(), [])):
        thread = threading.Thread(target=lambda: seen.append(ledger.innermost()))
        thread.start()
        thread.join()
    assert seen == [None]


def test_a_record_collects_what_the_calls_inside_it_left_in_order():
    outer, inner = Record(AnyLayer(), []), Record(AnyLayer(), [])
    outer.updates, inner.updates, outer.children = ["own"], ["inside"], [inner]
    assert outer.collect("updates") == ["own", "inside"]


def test_updates_of_a_frozen_layer_are_left_out_and_its_losses_are_not():
    outer, inner = Record(AnyLayer(), []), Record(AnyLayer(trainable=False), [])
    inner.updates, inner.losses, outer.children = ["update"], ["loss"], [inner]
    assert outer.collect("updates") == []
    assert outer.collect("losses") == ["loss"]


def test_updates_of_a_frozen_stateful_layer_stay():
    record = Record(AnyLayer(trainable=False, stateful=True), [])
    record.updates = ["state"]
    assert record.collect("updates") == ["state"]


def test_a_record_belongs_to_just_the_tensors_of_its_call():
    x, y = K.placeholder((1,)), K.placeholder((1,))
    record = Record(AnyLayer(), [x, y])
    assert record.is_for([x, y])
    assert record.is_for((x, y))
    assert not record.is_for([y, x])
    assert not record.is_for(x)
    assert not Record(AnyLayer(), None).is_for([])


# ---- collections --------------------------------------------------------------------------------


def test_what_is_published_is_in_the_collection_once_until_it_is_retracted():
    loss = tf.constant(1.0)
    for _ in range(2):
        ledger.publish(tf.GraphKeys.REGULARIZATION_LOSSES, loss)
    assert tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES) == [loss]
    ledger.retract(tf.GraphKeys.REGULARIZATION_LOSSES, loss)
    assert tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES) == []


def test_what_is_published_goes_to_its_own_graph():
    with tf.Graph().as_default() as other:
        loss = tf.constant(1.0)
    ledger.publish(tf.GraphKeys.REGULARIZATION_LOSSES, loss)
    assert other.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES) == [loss]
    assert tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES) == []


def test_what_was_made_inside_a_loop_can_not_be_fetched_and_is_not_published():
    def body(i):
        ledger.publish("anything", tf.constant(1.0))
        return i + 1

    tf.while_loop(lambda i: i < 3, body, [tf.constant(0)])
    assert tf.get_collection("anything") == []


def test_numbers_are_not_published():
    ledger.publish("anything", 0.0)
    assert tf.get_collection("anything") == []
