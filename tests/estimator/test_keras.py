"""model_to_estimator: Keras models as Estimators."""

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.input import Input
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.errors import ConfigError, ShapeError, WrongKeysError
from tfkeras_compat.estimator import RunConfig, model_to_estimator
from tfkeras_compat.layers import BatchNormalization, Dense, Dropout, concatenate
from tfkeras_compat.models import Model, Sequential
from tfkeras_compat.optimizers import SGD, Adam

pytestmark = pytest.mark.either_end

X = np.linspace(-1.0, 1.0, 24).reshape(12, 2).astype("float32")
Y = (X[:, :1] * 2.0 - X[:, 1:] + 0.5).astype("float32")


def small_model(optimizer="sgd", loss="mse", **kwargs):
    model = Sequential([Dense(3, activation="tanh", input_shape=(2,)), Dense(1)])
    model.compile(optimizer, loss, **kwargs)
    return model


def two_input_model(optimizer="sgd"):
    a, b = Input((2,), name="a"), Input((1,), name="b")
    hidden = Dense(4, activation="tanh")(concatenate([a, b]))
    model = Model([a, b], [Dense(1, name="o1")(hidden), Dense(2, name="o2")(hidden)])
    model.compile(optimizer, "mse", metrics={"o1": "mae"}, loss_weights=[1.0, 0.5])
    return model


def batches(features=X, labels=Y, size=4, repeat=1):
    def input_fn():
        data = features if labels is None else (features, labels)
        return tf.data.Dataset.from_tensor_slices(data).repeat(repeat).batch(size)

    return input_fn


def predicted(estimator, input_fn, name):
    return np.array([each[name] for each in estimator.predict(input_fn)])


def test_it_predicts_and_evaluates_with_the_models_own_weights_before_training(tmp_path):
    model = small_model(metrics=["mae"])
    estimator = model_to_estimator(model, model_dir=str(tmp_path))
    found = predicted(estimator, batches(labels=None), model.output_names[0])
    np.testing.assert_allclose(found, model.predict(X), rtol=1e-6)
    result = estimator.evaluate(batches())
    np.testing.assert_allclose(
        [result["loss"], result["mean_absolute_error"]], model.evaluate(X, Y, verbose=0), rtol=1e-5
    )
    assert result["global_step"] == 0
    assert tf.train.checkpoint_exists(str(tmp_path / "keras" / "keras_model.ckpt"))


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "tf"])
def test_it_trains_as_fit_does_and_leaves_the_model_as_it_was(optimizer, tmp_path):
    chosen = tf.train.AdamOptimizer(0.01) if optimizer == "tf" else optimizer
    model = small_model(chosen)
    before = model.get_weights()
    estimator = model_to_estimator(model, model_dir=str(tmp_path))
    estimator.train(batches(repeat=2))
    np.testing.assert_array_equal(model.get_weights()[0], before[0])
    model.fit(X, Y, batch_size=4, epochs=2, shuffle=False, verbose=0)
    for weight in model.weights:
        found = estimator.get_variable_value(weight.op.name)
        np.testing.assert_allclose(found, K.get_value(weight), rtol=1e-5, atol=1e-7)
    assert estimator.get_variable_value("global_step") == 6


def test_a_learning_rate_set_in_the_session_counts(tmp_path):
    model = small_model(SGD(0.1))
    K.set_value(model.optimizer.lr, 0.0)
    estimator = model_to_estimator(model, model_dir=str(tmp_path)).train(batches())
    found = estimator.get_variable_value(model.weights[0].op.name)
    np.testing.assert_array_equal(found, model.get_weights()[0])


def test_the_phase_follows_the_mode(tmp_path):
    model = Sequential([Dropout(0.999, input_shape=(2,))])
    model.compile("sgd", "mse")
    estimator = model_to_estimator(model, model_dir=str(tmp_path))
    found = predicted(estimator, batches(labels=None), model.output_names[0])
    np.testing.assert_array_equal(found, X)
    with tf.Graph().as_default(), tf.Session() as session:
        spec = estimator.model_fn(tf.constant(X), tf.constant(X), "train", estimator.config)
        session.run(tf.global_variables_initializer())
        assert (session.run(spec.predictions[model.output_names[0]]) == 0).mean() > 0.9


def test_features_and_labels_go_by_name_or_order_and_in_any_number_type(tmp_path):
    model = two_input_model()
    estimator = model_to_estimator(model, model_dir=str(tmp_path))
    a, b = X.astype("float64"), np.arange(12).reshape(12, 1)
    o1, o2 = Y, np.concatenate([Y, -Y], axis=1).astype("float64")
    by_name = estimator.evaluate(batches({"b": b, "a": a}, {"o2": o2, "o1": o1}))
    in_order = estimator.evaluate(batches((a, b), (o1, o2)))
    expected = dict(zip(model.metrics_names, model.evaluate([a, b], [o1, o2], verbose=0)))
    assert set(by_name) == {"loss", "o1_mean_absolute_error", "global_step"}
    for result in (by_name, in_order):
        assert result["loss"] == pytest.approx(expected["loss"], rel=1e-5)
        assert result["o1_mean_absolute_error"] == pytest.approx(
            expected["o1_mean_absolute_error"], rel=1e-5
        )


def test_sample_weights_come_with_the_features(tmp_path):
    model = small_model()
    estimator = model_to_estimator(model, model_dir=str(tmp_path))
    weights = np.linspace(0.1, 2.0, 12).astype("float32")
    features = {"features": X, "sample_weights": weights}
    result = estimator.evaluate(batches(features, size=12))
    expected = model.evaluate(X, Y, sample_weight=weights, verbose=0, batch_size=12)
    assert result["loss"] == pytest.approx(expected, rel=1e-5)


def test_the_loss_is_the_mean_of_batches_and_that_of_samples_is_offered(tmp_path):
    model = small_model()
    estimator = model_to_estimator(model, model_dir=str(tmp_path), loss_per_sample=True)
    result = estimator.evaluate(batches(size=8))
    parts = [model.evaluate(X[:8], Y[:8], verbose=0), model.evaluate(X[8:], Y[8:], verbose=0)]
    assert result["loss"] == pytest.approx(np.mean(parts), rel=1e-5)
    assert result["loss_per_sample"] == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-5)


def test_a_model_that_is_not_compiled_is_refused():
    with pytest.raises(ValueError, match="has not been compiled yet"):
        model_to_estimator(Sequential([Dense(1, input_shape=(2,))]))


def test_a_model_or_its_path_is_needed_and_a_known_format():
    with pytest.raises(ValueError, match="needs to be provided"):
        model_to_estimator()
    with pytest.raises(ValueError, match='one of "checkpoint" or "saver"'):
        model_to_estimator(small_model(), checkpoint_format="h5")


# ---- the defects of the original, by their numbers in estimator.md -------------------------------


def test_defect_1_moving_statistics_are_part_of_what_it_starts_with(tmp_path):
    model = Sequential([BatchNormalization(input_shape=(2,)), Dense(1)])
    model.compile("sgd", "mse")
    model.fit(X + 3.0, Y, epochs=3, verbose=0)
    estimator = model_to_estimator(model, model_dir=str(tmp_path))
    found = predicted(estimator, batches(labels=None), model.output_names[0])
    np.testing.assert_allclose(found, model.predict(X), rtol=1e-5)
    estimator.train(batches(X + 3.5, size=12))
    model.fit(X + 3.5, Y, batch_size=12, epochs=1, verbose=0)
    for weight in model.weights:
        found = estimator.get_variable_value(weight.op.name)
        np.testing.assert_allclose(found, K.get_value(weight), rtol=1e-5, atol=1e-6)


def test_defect_2_weights_set_anew_are_taken_by_a_second_call(tmp_path):
    model = small_model()
    model_to_estimator(model, model_dir=str(tmp_path))
    model.set_weights([weight + 1.0 for weight in model.get_weights()])
    second = model_to_estimator(model, model_dir=str(tmp_path))
    found = predicted(second, batches(labels=None), model.output_names[0])
    np.testing.assert_allclose(found, model.predict(X), rtol=1e-6)


def test_defect_2_a_training_that_goes_on_is_told(tmp_path, monkeypatch):
    model = small_model()
    model_to_estimator(model, model_dir=str(tmp_path)).train(batches(), steps=1)
    said = []
    monkeypatch.setattr(tf.logging, "warning", lambda text, *args: said.append(text % args))
    model_to_estimator(model, model_dir=str(tmp_path))
    assert any("of an earlier training" in text for text in said)


def doubled(x):
    return x * 2.0


def test_defect_3_custom_objects_are_found_when_a_file_is_read(tmp_path):
    model = Sequential([Dense(1, input_shape=(2,), activation=doubled)])
    model.compile("sgd", "mse")
    path = str(tmp_path / "model.h5")
    model.save(path)
    estimator = model_to_estimator(
        keras_model_path=path,
        custom_objects={"doubled": doubled},
        model_dir=str(tmp_path / "estimator"),
    )
    found = predicted(estimator, batches(labels=None), model.output_names[0])
    np.testing.assert_allclose(found, model.predict(X), rtol=1e-6)


def test_defect_4_labels_of_rank_1_are_compared_one_by_one(tmp_path):
    model = small_model(metrics=["mae"])
    estimator = model_to_estimator(model, model_dir=str(tmp_path))
    result = estimator.evaluate(batches(labels=Y[:, 0]))
    expected = model.evaluate(X, Y, verbose=0)
    assert [result["loss"], result["mean_absolute_error"]] == pytest.approx(expected, rel=1e-5)


def test_defect_4_class_numbers_of_rank_1_too(tmp_path):
    model = Sequential([Dense(3, activation="softmax", input_shape=(2,))])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    classes = np.arange(12) % 3
    estimator = model_to_estimator(model, model_dir=str(tmp_path))
    result = estimator.evaluate(batches(labels=classes, size=5))
    assert result["acc"] == pytest.approx(model.evaluate(X, classes, verbose=0)[1], rel=1e-5)


def test_defect_4_labels_that_do_not_fit_are_an_error(tmp_path):
    estimator = model_to_estimator(small_model(), model_dir=str(tmp_path))
    with pytest.raises(ShapeError, match=r"labels of output 'dense_2' have the shape"):
        estimator.train(batches(labels=np.ones((12, 3), "float32")))


def test_defect_5_the_state_of_the_optimizer_goes_on(tmp_path):
    model = small_model(Adam(0.05, decay=0.1))
    model.fit(X, Y, batch_size=4, epochs=3, shuffle=False, verbose=0)
    estimator = model_to_estimator(model, model_dir=str(tmp_path)).train(batches())
    model.fit(X, Y, batch_size=4, epochs=1, shuffle=False, verbose=0)
    for weight in model.weights:
        found = estimator.get_variable_value(weight.op.name)
        np.testing.assert_allclose(found, K.get_value(weight), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("key", ["dense_1_input", "dense_input", "dense"])
def test_defect_6_a_key_that_can_only_mean_one_input_is_taken(key, tmp_path):
    model = small_model()
    estimator = model_to_estimator(model, model_dir=str(tmp_path))
    found = predicted(estimator, batches({key: X}, None), model.output_names[0])
    np.testing.assert_allclose(found, model.predict(X), rtol=1e-6)


def test_defect_6_another_key_is_an_error_that_says_which_is_expected(tmp_path):
    estimator = model_to_estimator(two_input_model(), model_dir=str(tmp_path))
    with pytest.raises(KeyError) as caught:
        estimator.train(batches({"a": X, "c": X[:, :1]}, {"o1": Y, "o2": X}))
    assert "Expected: ['a', 'b']. Found: ['a', 'c']. Difference: ['b', 'c']" in str(caught.value)
    assert isinstance(caught.value, WrongKeysError)


def test_defect_6_training_without_labels_is_an_error(tmp_path):
    estimator = model_to_estimator(small_model(), model_dir=str(tmp_path))
    with pytest.raises(ConfigError, match="input_fn gave none"):
        estimator.train(batches(labels=None))


def test_columns_of_rank_1_feed_an_input_of_one_number(tmp_path):
    model = Sequential([Dense(1, input_shape=(1,))])
    model.compile("sgd", "mse")
    estimator = model_to_estimator(model, config=RunConfig(model_dir=str(tmp_path)))
    found = predicted(estimator, batches({"dense_1_input": X[:, 0]}, None), model.output_names[0])
    np.testing.assert_allclose(found, model.predict(X[:, 0]), rtol=1e-6)


def test_what_is_frozen_stays_frozen(tmp_path):
    model = small_model()
    model.layers[0].trainable = False
    model.compile("sgd", "mse")
    estimator = model_to_estimator(model, model_dir=str(tmp_path)).train(batches())
    frozen, trained = model.layers[0].kernel, model.layers[1].kernel
    assert (estimator.get_variable_value(frozen.op.name) == K.get_value(frozen)).all()
    assert (estimator.get_variable_value(trained.op.name) != K.get_value(trained)).any()


def test_a_model_in_a_model_keeps_its_moving_statistics_for_its_own_input_out(tmp_path):
    inner = Sequential([Dense(3, input_shape=(2,)), BatchNormalization()])
    x = Input((2,))
    model = Model(x, Dense(1)(inner(x)))
    model.compile("sgd", "mse")
    estimator = model_to_estimator(model, model_dir=str(tmp_path)).train(batches())
    model.fit(X, Y, batch_size=4, epochs=1, shuffle=False, verbose=0)
    for weight in model.weights:
        found = estimator.get_variable_value(weight.op.name)
        np.testing.assert_allclose(found, K.get_value(weight), rtol=1e-5, atol=1e-6)


class Total(Layer):
    """The sum of all true values, kept in a variable."""

    def __init__(self, name="total", **kwargs):
        super().__init__(name=name, **kwargs)
        self.stateful = True
        self.total = K.variable(0.0)

    def __call__(self, y_true, y_pred):
        before, now = self.total * 1, K.sum(y_true)
        with tf.control_dependencies([before]):
            self.add_update(K.update_add(self.total, now), inputs=[y_true, y_pred])
        return before + now


def test_a_metric_with_a_state_begins_anew_in_each_evaluation(tmp_path):
    model = small_model(metrics=[Total()])
    estimator = model_to_estimator(model, model_dir=str(tmp_path)).train(batches())
    for _ in range(2):
        assert estimator.evaluate(batches())["total"] == pytest.approx(Y.sum(), rel=1e-5)


def test_an_optimizer_of_keras_is_refused_under_a_distribution_strategy(tmp_path):
    strategy = tf.distribute.MirroredStrategy(devices=["/cpu:0"])
    config = RunConfig(model_dir=str(tmp_path), train_distribute=strategy)
    with pytest.raises(ConfigError, match="compile the model with one of tf.train"):
        model_to_estimator(small_model(), config=config)


def test_an_optimizer_of_tensorflow_trains_under_a_distribution_strategy(tmp_path):
    strategy = tf.distribute.MirroredStrategy(devices=["/cpu:0"])
    config = RunConfig(model_dir=str(tmp_path), train_distribute=strategy)
    model = small_model(tf.train.GradientDescentOptimizer(0.1))
    estimator = model_to_estimator(model, config=config).train(batches())
    model.fit(X, Y, batch_size=4, epochs=1, shuffle=False, verbose=0)
    for weight in model.weights:
        found = estimator.get_variable_value(weight.op.name)
        np.testing.assert_allclose(found, K.get_value(weight), rtol=1e-5, atol=1e-6)
