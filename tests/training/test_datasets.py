import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat import optimizers
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, GraphError, ShapeError
from tfkeras_compat.layers import Dense, Dropout, Input, concatenate
from tfkeras_compat.models import Model, Sequential

pytestmark = pytest.mark.either_end

RANDOM = np.random.RandomState(0)
X = RANDOM.normal(size=(10, 3)).astype("float32")
Y = RANDOM.normal(size=(10, 2))  # float64: datasets hold what arrays hold
slices = tf.data.Dataset.from_tensor_slices


def compiled(units=2, loss="mse", **options):
    model = Sequential([Dense(units, input_shape=(3,))])
    model.compile(optimizers.SGD(0.1), loss, **options)
    return model


def twin_of(model):
    twin = compiled()
    twin.set_weights(model.get_weights())
    return twin


def assert_same_weights(model, other):
    for array, expected in zip(model.get_weights(), other.get_weights()):
        np.testing.assert_allclose(array, expected, atol=1e-6)


@pytest.mark.parametrize("is_known", [True, False])
def test_a_dataset_trains_as_its_arrays_do_each_epoch_from_its_beginning(is_known):
    model = compiled()
    twin = twin_of(model)
    batches = slices((X, Y)).batch(4)
    if not is_known:
        batches = batches.filter(lambda x, y: tf.greater(tf.size(x), 0))
    history = model.fit(batches, epochs=3, verbose=0)
    twin.fit(X, Y, batch_size=4, epochs=3, shuffle=False, verbose=0)
    assert_same_weights(model, twin)
    assert history.params["steps"] == 3 and len(history.history["loss"]) == 3


def test_with_steps_the_next_epoch_goes_on_where_the_last_one_ended():
    model = compiled()
    twin = twin_of(model)
    model.fit(slices((X, Y)).batch(2), epochs=2, steps_per_epoch=2, verbose=0)
    twin.fit(X[:8], Y[:8], batch_size=2, shuffle=False, verbose=0)
    assert_same_weights(model, twin)


def test_a_dataset_that_ends_before_its_steps_ends_the_training_with_a_warning():
    batches = slices((X, Y)).batch(4)
    with pytest.warns(UserWarning, match="after 1 of 2 steps"):
        history = compiled().fit(batches, epochs=5, steps_per_epoch=2, verbose=0)
    assert history.epoch == [0, 1]


def test_evaluation_and_prediction_take_datasets():
    model = compiled(metrics=["mae"])
    batches = slices((X, Y)).batch(5)
    expected = model.evaluate(X, Y, verbose=0)
    np.testing.assert_allclose(model.evaluate(batches, verbose=0), expected, rtol=1e-5)
    np.testing.assert_allclose(model.predict(batches), model.predict(X), rtol=1e-5)
    np.testing.assert_allclose(model.predict(slices(X).batch(3)), model.predict(X), rtol=1e-5)
    assert model.predict(batches, steps=1).shape == (5, 2)


def test_validation_data_may_be_a_dataset_beside_arrays_and_beside_a_dataset():
    model = compiled()
    batches = slices((X, Y)).batch(5)
    for data in ({"x": X, "y": Y}, {"x": batches}):
        found = model.fit(validation_data=batches, epochs=2, verbose=0, **data).history
        assert found["val_loss"][-1] == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-5)
    found = model.fit(batches, validation_data=(X, Y), verbose=0).history
    assert found["val_loss"][0] == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-5)


def test_iterators_are_taken_as_they_stand():
    model = compiled()
    batches = slices((X, Y)).batch(2)
    iterator = tf.data.make_initializable_iterator(batches)
    K.get_session().run(iterator.initializer)
    twin = twin_of(model)
    model.fit(iterator, steps_per_epoch=2, verbose=0)
    model.fit(iterator, steps_per_epoch=2, verbose=0)
    twin.fit(X[:8], Y[:8], batch_size=2, shuffle=False, verbose=0)
    assert_same_weights(model, twin)
    once = tf.data.make_one_shot_iterator(batches.repeat())
    assert np.isfinite(model.evaluate(once, steps=7, verbose=0))
    with pytest.raises(ConfigError, match="steps_per_epoch"):
        model.fit(once)


def test_weights_of_samples_and_classes_count():
    model = compiled()
    weights = np.arange(10.0)
    batches = slices((X, Y, weights)).batch(10)
    expected = model.test_on_batch(X, Y, sample_weight=weights)
    assert model.evaluate(batches, verbose=0) == pytest.approx(expected, rel=1e-5)
    classes = np.arange(10) % 3
    model = compiled(3, "sparse_categorical_crossentropy")
    given = {0: 1.0, 1: 0.0, 2: 4.0}
    K.set_value(model.optimizer.lr, 0.0)
    expected = model.train_on_batch(X, classes, class_weight=given)
    found = model.fit(slices((X, classes)).batch(10), class_weight=given, verbose=0)
    assert found.history["loss"][0] == pytest.approx(expected, rel=1e-5)
    with pytest.raises(tf.errors.InvalidArgumentError, match="must contain all classes"):
        model.fit(slices((X, classes)).batch(10), class_weight={0: 1.0, 1: 1.0}, verbose=0)


def test_inputs_and_outputs_go_by_name_or_in_order():
    a, b = Input((3,), name="a"), Input((1,), name="b")
    outputs = [Dense(2, name="p")(a), Dense(1, name="q")(concatenate([a, b]))]
    model = Model([a, b], outputs)
    model.compile("sgd", "mse")
    one = X[:, 0]
    expected = model.evaluate([X, one], [Y, one], verbose=0)
    by_name = slices(({"b": one, "a": X}, {"q": one, "p": Y})).batch(10)
    in_order = slices(((X, one), (Y, one))).batch(10)
    for batches in (by_name, in_order):
        np.testing.assert_allclose(model.evaluate(batches, verbose=0), expected, rtol=1e-5)
    with pytest.raises(ShapeError, match='No data provided for input "b"'):
        model.fit(slices(({"a": X}, (Y, one))).batch(5), verbose=0)


def test_models_that_wait_for_their_data_take_a_dataset():
    class Plain(Model):
        def __init__(self):
            super().__init__()
            self.dense, self.drop = Dense(2), Dropout(0.5)

        def call(self, inputs):
            return self.drop(self.dense(inputs))

    for model in (Plain(), Sequential([Dense(2)])):
        model.compile("sgd", "mse")
        model.fit(slices((X, Y)).batch(5), verbose=0)
        assert model.predict(X).shape == (10, 2)


def test_fitting_again_adds_nothing_to_the_graph():
    model = compiled()
    batches = slices((X, Y)).batch(5)
    model.fit(batches, validation_data=batches, verbose=0)
    model.predict(batches)
    count = len(model.graph.get_operations())
    model.fit(batches, validation_data=batches, verbose=0)
    model.predict(batches)
    assert len(model.graph.get_operations()) == count


@pytest.mark.parametrize(
    "batches, options, error, message",
    [
        (lambda: slices((X, Y)).repeat().batch(4), {}, ConfigError, "repeats without end"),
        (lambda: slices((X, Y)).batch(4), {"y": Y}, ConfigError, "`y` argument"),
        (lambda: slices((X, Y)).batch(4), {"batch_size": 4}, ConfigError, r"dataset.batch\(\)"),
        (lambda: slices((X[:, :2], Y)).batch(4), {}, ShapeError, r"have shape \(None, 3\)"),
        (lambda: slices((X, Y[:, :1])).batch(4), {}, ShapeError, "checking target"),
        (lambda: slices((X.astype(str), Y)).batch(4), {}, ShapeError, "has strings"),
        (lambda: slices(X).batch(4), {}, ShapeError, "0 targets"),
        (lambda: slices((X[:0], Y[:0])).batch(4), {}, ShapeError, "no batches"),
        (lambda: slices((X, Y, Y, Y)).batch(4), {}, ConfigError, "Several inputs go into"),
    ],
)
def test_datasets_that_do_not_fit_are_refused_and_change_no_weight(
    batches, options, error, message
):
    model = compiled()
    before = model.get_weights()
    with pytest.raises(error, match=message):
        model.fit(batches(), verbose=0, **options)
    np.testing.assert_array_equal(model.get_weights()[0], before[0])
    model.fit(slices((X, Y)).batch(5), verbose=0)


def test_a_dataset_of_another_graph_is_refused():
    model = compiled()
    with tf.Graph().as_default():
        batches = slices((X, Y)).batch(4)
    with pytest.raises(GraphError, match="another graph"):
        model.fit(batches)


def test_a_session_that_prepares_no_calls_takes_datasets_too():
    with tf.Graph().as_default():
        model, twin = compiled(metrics=["mae"]), compiled()
        model.compile("sgd", "mse", options=tf.RunOptions())
        twin.compile("sgd", "mse")
        twin.set_weights(model.get_weights())
        model.fit(slices((X, Y)).batch(4), epochs=2, verbose=0)
        twin.fit(X, Y, batch_size=4, epochs=2, shuffle=False, verbose=0)
        assert_same_weights(model, twin)
