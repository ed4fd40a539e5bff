"""Parts of a graph that are made when they are first asked for."""

import threading

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.layers import BatchNormalization, Dense, Input
from tfkeras_compat.models import Model


@pytest.fixture
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def normalized(name="norm"):
    layer = BatchNormalization(name=name)
    layer(K.placeholder((None, 3)))
    return layer


def names(collection):
    return [getattr(each, "op", each).name for each in tf.get_collection(collection)]


def count_of_operations(graph):
    return len(graph.get_operations())


def test_a_call_makes_no_moving_averages_until_somebody_asks_for_one(graph):
    layer = normalized()
    before = count_of_operations(graph)
    assert len(layer.updates) == 2
    assert layer.updates[0].variable is layer.moving_mean
    assert count_of_operations(graph) == before
    assert layer.updates[0].op.type == "AssignVariableOp"
    assert count_of_operations(graph) > before


def test_all_variables_are_found_in_the_order_of_the_calls(graph):
    normalized("first")
    normalized("second")
    kinds = ("gamma", "beta", "moving_mean", "moving_variance")
    kinds += ("moving_mean/biased", "moving_mean/local_step")
    kinds += ("moving_variance/biased", "moving_variance/local_step")
    found = [variable.op.name for variable in tf.global_variables()]
    assert found == ["%s/%s" % (layer, kind) for layer in ("first", "second") for kind in kinds]


def test_the_collection_of_updates_holds_operations_in_the_order_of_the_calls(graph):
    first, second = normalized("first"), normalized("second")
    found = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    assert found == [update.op for update in first.updates + second.updates]
    assert all(isinstance(each, tf.Operation) for each in found)


def test_a_reference_to_a_collection_is_complete_too(graph):
    normalized()
    assert len(tf.get_collection_ref(tf.GraphKeys.UPDATE_OPS)) == 2
    assert len(tf.get_collection_ref(tf.GraphKeys.GLOBAL_VARIABLES)) == 8


def test_what_is_deferred_has_the_names_that_it_would_have_had_at_once(graph):
    with tf.name_scope("outer"):
        layer = normalized()
    with tf.name_scope("elsewhere"):
        assert {each.op.name.rpartition("/")[0] for each in layer.updates} == {"outer/norm"}


def test_freezing_takes_updates_that_are_not_made_yet_out_and_thawing_puts_them_back(graph):
    layer = normalized()
    layer.trainable = False
    assert names(tf.GraphKeys.UPDATE_OPS) == []
    other = normalized("other")
    other.trainable = False
    other.trainable = True
    layer.trainable = True
    assert sorted(name.split("/")[0] for name in names(tf.GraphKeys.UPDATE_OPS)) == (
        ["norm"] * 2 + ["other"] * 2
    )


@pytest.mark.parametrize(
    "surroundings",
    [lambda: tf.device("/cpu:0"), lambda: tf.control_dependencies([tf.no_op()])],
    ids=["device", "control dependency"],
)
def test_inside_more_than_name_scopes_nothing_is_deferred(graph, surroundings):
    with surroundings():
        layer = normalized()
    assert layer.updates[0].deferred.is_made


def test_finalizing_a_graph_makes_what_was_deferred(graph):
    layer = normalized()
    graph.finalize()
    assert layer.updates[0].op.type == "AssignVariableOp"
    assert len(tf.global_variables()) == 8


def test_averages_that_come_late_are_initialized_in_the_session_that_is_in_use(graph):
    layer = BatchNormalization()
    inputs = Input((2,))
    model = Model(inputs, layer(inputs))
    model.predict(np.zeros((1, 2)))
    K.get_session().run(model.updates, {model.input: [[2.0, 4.0], [4.0, 8.0]]})
    np.testing.assert_allclose(K.get_value(layer.moving_mean), [3.0, 6.0], rtol=1e-6)


def test_a_session_knows_all_variables_after_late_ones_came(graph):
    model = Model(*(lambda x: (x, BatchNormalization()(x)))(Input((2,))))
    model.predict(np.zeros((1, 2)))
    assert len(tf.global_variables()) == 8
    asked = []
    session = K.get_session()
    session.run, run = (
        lambda *args, **kwargs: asked.append(args) or run(*args, **kwargs),
        session.run,
    )
    assert K.get_session() is session and asked == []
    K.variable(1.0)
    K.get_session()
    assert len(asked) == 2  # whether the new one is initialized, and its initializer


def test_an_error_in_one_part_loses_no_other(graph):
    def fails():
        raise ZeroDivisionError

    first = normalized("first")
    broken = K.moving_average_update(K.variable(0.0, name="broken"), fails, 0.9)
    second = normalized("second")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            tf.global_variables()
    assert first.updates[0].op.type == "AssignVariableOp"
    broken.deferred._make = lambda: (None, None, [])
    assert second.updates[0].op.type == "AssignVariableOp"
    assert len([x for x in tf.global_variables() if x.op.name.startswith("second/")]) == 8


def test_a_saver_made_early_keeps_the_averages(graph, tmp_path):
    normalized()
    saver = tf.train.Saver()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        path = saver.save(session, str(tmp_path / "model.ckpt"))
    assert "norm/moving_mean/biased" in dict(tf.train.list_variables(path))


def test_an_exported_graph_holds_the_updates(graph):
    normalized()
    meta = tf.train.export_meta_graph()
    assert len(meta.collection_def[tf.GraphKeys.UPDATE_OPS].node_list.value) == 2


def test_a_layer_can_be_asked_while_another_thread_reads_the_collections(graph):
    layers = [normalized("norm_%d" % index) for index in range(4)]
    Dense(2)(K.placeholder((None, 2)))

    def read():
        assert len(graph.get_collection(tf.GraphKeys.GLOBAL_VARIABLES)) == 34

    def ask():
        assert all(update.op is not None for layer in layers for update in layer.updates)

    threads = [threading.Thread(target=work, daemon=True) for work in (read, ask) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    read()
