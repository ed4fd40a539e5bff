"""Models that define ``call`` themselves. Names and orders are those of Keras 2.2.5, as run."""

import h5py
import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import GraphError, ShapeError
from tfkeras_compat.layers import (
    LSTM,
    BatchNormalization,
    Dense,
    Dropout,
    Embedding,
    Input,
    Masking,
    concatenate,
)
from tfkeras_compat.models import Model, Sequential

RANDOM = np.random.RandomState(0)
X = RANDOM.normal(size=(8, 3)).astype("float32")
Y = RANDOM.normal(size=(8, 2)).astype("float32")
WEIGHTS = [
    "dense_1/kernel:0", "dense_1/bias:0",
    "batch_normalization_1/gamma:0", "batch_normalization_1/beta:0",
    "dense_2/kernel:0", "dense_2/bias:0",
    "batch_normalization_1/moving_mean:0", "batch_normalization_1/moving_variance:0",
]  # fmt: skip


class Usual(Model):
    def __init__(self):
        super().__init__()
        self.first = Dense(4, activation="relu")
        self.normal = BatchNormalization()
        self.drop = Dropout(0.5)
        self.last = Dense(2, kernel_regularizer="l2")

    def call(self, inputs):
        return self.last(self.drop(self.normal(self.first(inputs))))


def names(items):
    return [item.name for item in items]


def compiled(model=None, **options):
    model = model or Usual()
    model.compile("sgd", "mse", **options)
    return model


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default():
        yield


def test_the_first_data_make_inputs_outputs_and_weights_called_as_in_the_original():
    model = compiled(metrics=["mae"])
    history = model.fit(X, Y, epochs=2, validation_data=(X, Y), verbose=0).history
    assert set(history) == {
        "loss", "mean_absolute_error", "val_loss", "val_mean_absolute_error",
    }  # fmt: skip
    assert names(model.weights) == WEIGHTS
    assert names(model.layers) == ["dense_1", "batch_normalization_1", "dropout_1", "dense_2"]
    assert (model.input_names, model.output_names) == (["input_1"], ["output_1"])
    assert (len(model.updates), len(model.losses)) == (2, 1)
    assert model.get_layer("dense_2") is model.last
    assert np.any(K.get_value(model.normal.moving_mean) != 0)


def test_one_batch_at_a_time_works_too():
    model = compiled()
    assert model.train_on_batch(X, Y) > 0 and model.test_on_batch(X, Y) > 0
    assert model.predict_on_batch(X).shape == (8, 2)
    assert Usual().predict(X).shape == (8, 2)


def test_a_call_on_a_placeholder_makes_a_graph_for_any_optimizer():
    model = Usual()
    x = tf.placeholder(tf.float32, (None, 3))
    loss = tf.reduce_mean(model(x) ** 2) + tf.add_n(model.losses)
    step = tf.train.AdamOptimizer(0.1).minimize(loss)
    assert len(model.updates) == 2 and len(model.trainable_weights) == 6
    session, before = K.get_session(), None
    for _ in range(3):
        after, _, _ = session.run([loss, step, model.updates], {x: X, K.learning_phase(): 1})
        assert before is None or after != before
        before = after
    assert np.any(K.get_value(model.normal.moving_mean) != 0)


def test_a_model_that_was_called_on_a_placeholder_still_fits():
    model = compiled()
    x = tf.placeholder(tf.float32, (None, 3))
    model(x)
    model.fit(X, Y, verbose=0)
    assert len(model.updates) == 2 and len(model.get_updates_for([x])) == 2


def test_layers_in_lists_and_dictionaries_belong_to_the_model():
    class Listed(Model):
        def __init__(self):
            super().__init__()
            self.blocks = []
            self.heads = {"out": Dense(2, name="out")}
            for number in range(2):
                self.blocks.append(Dense(3, name="block%d" % number))
            self._hidden = Dense(3, name="hidden")

        def call(self, inputs):
            for block in self.blocks + [self._hidden]:
                inputs = block(inputs)
            return self.heads["out"](inputs)

    model = compiled(Listed())
    before = model.train_on_batch(X, Y)
    assert names(model.layers) == ["block0", "block1", "out", "hidden"]
    assert len(model.trainable_weights) == 8
    assert model.train_on_batch(X, Y) != before


def test_several_inputs_and_outputs():
    class Two(Model):
        def __init__(self):
            super().__init__()
            self.p, self.q = Dense(2), Dense(1)

        def call(self, inputs):
            a, b = inputs
            return [self.p(a), self.q(concatenate([a, b]))]

    model = Two()
    model.compile("sgd", "mse", metrics=["mae"])
    model.fit([X, X], [Y, Y[:, :1]], verbose=0)
    assert model.metrics_names == [
        "loss", "output_1_loss", "output_2_loss",
        "output_1_mean_absolute_error", "output_2_mean_absolute_error",
    ]  # fmt: skip
    assert [output.shape for output in model.predict([X, X])] == [(8, 2), (8, 1)]


def test_call_may_take_training_and_decide_itself():
    class Dropping(Model):
        def __init__(self):
            super().__init__()
            self.drop = Dropout(0.5)

        def call(self, inputs, training=None):
            return self.drop(inputs, training=training)

    model = Dropping()
    x = tf.placeholder(tf.float32, (None, 3))
    always, never = K.get_session().run([model(x, training=True), model(x, training=False)], {x: X})
    assert np.any(always != X) and np.all(never == X)
    np.testing.assert_array_equal(model.predict(X), X)
    assert model.uses_learning_phase


def test_the_phase_is_fed_also_where_a_raw_operation_ends_the_call():
    class Raw(Model):
        def __init__(self):
            super().__init__()
            self.drop = Dropout(0.99)

        def call(self, inputs):
            return tf.abs(self.drop(inputs))

    model = compiled(Raw())
    zeros = np.zeros((8, 3))
    K.get_session().run(tf.global_variables_initializer())
    assert model.test_on_batch(X, zeros) == pytest.approx(np.mean(X**2), rel=1e-5)
    model._make_test_function()
    assert model._uses_dynamic_learning_phase()


def test_masks_go_into_call_and_out_of_compute_mask():
    class Masked(Model):
        def __init__(self):
            super().__init__()
            self.dense = Dense(2)

        def call(self, inputs, mask=None):
            self.seen = mask
            return self.dense(inputs)

        def compute_mask(self, inputs, mask=None):
            return mask

    model = Masked()
    x = Input((4, 3))
    outer = Model(x, LSTM(2)(model(Masking()(x))))
    assert model.seen is not None
    padded = np.concatenate([np.ones((1, 2, 3)), np.zeros((1, 2, 3))], axis=1)
    np.testing.assert_allclose(
        outer.predict(padded), outer.predict(np.roll(padded, 1, axis=1)), rtol=1e-5
    )


def test_models_of_both_kinds_hold_each_other():
    class Outer(Model):
        def __init__(self):
            super().__init__()
            self.inner = Usual()
            self.stack = Sequential([Dense(3)])

        def call(self, inputs):
            return self.stack(self.inner(inputs))

    x = Input((3,))
    model = Model(x, Dense(2)(Outer()(x)))
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0)
    assert (len(model.updates), len(model.losses), len(model.weights)) == (2, 1, 12)
    assert np.any(K.get_value(model.layers[1].inner.normal.moving_mean) != 0)


def test_a_mask_from_inside_needs_a_compute_mask_as_in_the_original():
    class Text(Model):
        def __init__(self):
            super().__init__()
            self.embed = Embedding(5, 2, mask_zero=True)

        def call(self, inputs):
            return self.embed(inputs)

    model = Text()
    model.compile("sgd", "mse")
    tokens, targets = np.array([[1, 2, 0]]), np.zeros((1, 3, 2))
    expected = np.mean(model.predict(tokens) ** 2)
    assert model.test_on_batch(tokens, targets) == pytest.approx(expected, rel=1e-5)


def test_weights_are_saved_and_loaded_once_they_exist(tmp_path):
    path = str(tmp_path / "weights.h5")
    with pytest.raises(GraphError, match="has none yet"):
        Usual().save_weights(path)
    with pytest.raises(GraphError, match="has none yet"):
        Usual().load_weights(path, by_name=True)
    with tf.Graph().as_default():
        model = compiled()
        model.fit(X, Y, verbose=0)
        model.save_weights(path)
        expected = model.predict(X)
    with h5py.File(path, "r") as file:
        layers = [name.decode() for name in file.attrs["layer_names"]]
        stored = [name.decode() for each in layers for name in file[each].attrs["weight_names"]]
    assert layers == ["dense_1", "batch_normalization_1", "dropout_1", "dense_2"]
    assert stored == WEIGHTS[:4] + WEIGHTS[6:] + WEIGHTS[4:6]
    with pytest.raises(ShapeError, match="Not built yet"):
        Usual().load_weights(path)
    with tf.Graph().as_default():
        other = Usual()
        other.build((None, 3))
        other.load_weights(path)
        np.testing.assert_allclose(other.predict(X), expected, rtol=1e-5)
        assert names(other.weights) == WEIGHTS


def test_a_build_of_the_user_runs_once_wherever_the_model_is_first_used():
    class Built(Model):
        builds = 0

        def build(self, input_shape):
            self.builds += 1
            self.dense = Dense(input_shape[-1])
            super().build(input_shape)

        def call(self, inputs):
            return self.dense(inputs)

    models = [Built() for _ in range(3)]
    models[0](tf.placeholder(tf.float32, (None, 3)))
    models[1].predict(X)
    models[2].build((None, 3))
    for model in models:
        assert model.predict(X).shape == (8, 3)
        assert model.builds == 1 and len(model.weights) == 2


def test_generators_build_a_model_with_their_first_batch_and_lose_none():
    model = compiled()
    given = iter([(X, Y), (X, Y)])
    history = model.fit_generator((each for each in given), steps_per_epoch=2, verbose=0, workers=0)
    assert len(history.history["loss"]) == 1
    assert Usual().predict_generator((X for _ in range(2)), steps=2, workers=0).shape == (16, 2)


def test_code_is_not_kept_in_a_configuration_or_file(tmp_path):
    model = compiled()
    model.fit(X, Y, verbose=0)
    for method in (model.get_config, model.to_json, lambda: model.save(str(tmp_path / "m.h5"))):
        with pytest.raises(NotImplementedError, match="save_weights"):
            method()


def test_frozen_layers_stay():
    model = Usual()
    model.first.trainable = False
    compiled(model).fit(X, Y, verbose=0)
    assert names(model.trainable_weights) == WEIGHTS[2:6]
    model.trainable = False
    assert model.trainable_weights == []


def test_what_is_missing_is_said():
    class Empty(Model):
        pass

    with pytest.raises(NotImplementedError, match=r"define `call\(self, inputs\)` in class Empty"):
        Empty().predict(X)

    class Hasty(Model):
        def __init__(self):
            self.dense = Dense(2)

    with pytest.raises(RuntimeError, match="super"):
        Hasty()
    with pytest.raises(ValueError, match="not yet been built"):
        Usual().summary()
