import json
import os
import sys

import numpy as np
import original
import pytest
import tensorboard_cases
from record_tensorboard import FILE

import tfkeras_compat as ours
from tfkeras_compat import backend as K
from tfkeras_compat import layers
from tfkeras_compat._tf import tf
from tfkeras_compat.callbacks import TensorBoard
from tfkeras_compat.models import Model, Sequential

X, Y = np.ones((4, 2), "float32"), np.ones((4, 1), "float32")
VALIDATED = {"validation_data": (X, Y), "verbose": 0}


def compiled(**options):
    model = Sequential([layers.Dense(1, input_shape=(2,), name="only", **options)])
    model.compile("sgd", "mse")
    return model


def tags(folder):
    return {tag for tag, _, _ in tensorboard_cases.events(str(folder))}


# ---- as the original ----------------------------------------------------------------------------


def assert_same(found, expected):
    assert [event[:2] for event in found["events"]] == [event[:2] for event in expected["events"]]
    for event, recorded in zip(found["events"], expected["events"]):
        np.testing.assert_allclose(
            event[2], recorded[2], rtol=1e-4, atol=1e-6, err_msg=str(event[:2])
        )
    assert found["configuration"] == expected["configuration"]
    if expected["checkpoint"] is not None:
        name, arrays = found["checkpoint"]
        assert name == expected["checkpoint"][0] and set(arrays) == set(expected["checkpoint"][1])
        for key, values in expected["checkpoint"][1].items():
            np.testing.assert_allclose(arrays[key], values, rtol=1e-5, atol=1e-6, err_msg=key)


@pytest.mark.parametrize("name", sorted(tensorboard_cases.CASES))
def test_the_files_hold_what_keras_2_2_5_recorded(name, tmp_path):
    with open(FILE) as file:
        expected = json.load(file)[name]
    assert_same(tensorboard_cases.observe(ours, name, str(tmp_path)), expected)


@pytest.mark.skipif(
    not original.is_installed_here(),
    reason="NOT COMPARED LIVE: no Keras 2.2.5 here (its recorded answers are compared)",
)
def test_the_real_keras_writes_the_same_in_this_process(tmp_path):
    import keras

    for name in tensorboard_cases.CASES:
        theirs, own = [tmp_path / name / whose for whose in ("theirs", "ours")]
        assert_same(
            tensorboard_cases.observe(ours, name, str(own)),
            tensorboard_cases.observe(keras, name, str(theirs)),
        )


def test_tensorboards_own_reader_finds_scalars_histograms_images_and_graph(tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    ours.backend.clear_session()
    tensorboard_cases.images_and_gradients(ours, str(tmp_path))
    board = EventAccumulator(str(tmp_path), size_guidance={"images": 0})
    board.Reload()
    found = board.Tags()
    assert {"loss", "acc", "val_loss", "val_acc", "of_the_user"} == set(found["scalars"])
    assert "dense_1/kernel_0_grad" in found["histograms"] and found["graph"]
    assert [event.step for event in board.Scalars("loss")] == [0, 1]
    image = board.Images("dense_1/kernel_0_1/image/0")[0]
    assert (image.height, image.width) == (3, 12)
    assert image.encoded_image_string.startswith(b"\x89PNG")


# ---- what is computed ---------------------------------------------------------------------------


def test_a_histogram_holds_the_weight_as_it_is_after_the_epoch(tmp_path):
    model = compiled()
    model.fit(X, Y, callbacks=[TensorBoard(tmp_path, histogram_freq=1)], **VALIDATED)
    events = {tag: values for tag, _, values in tensorboard_cases.events(str(tmp_path))}
    kernel = model.get_weights()[0]
    assert events["only/kernel_0"][:3] == [2, kernel.min(), kernel.max()]
    np.testing.assert_allclose(events["only_out"][3], model.predict(X).sum(), rtol=1e-5)


def test_gradients_are_those_that_training_applies_with_its_clipping(tmp_path):
    model = compiled(kernel_initializer="ones")
    model.compile(ours.optimizers.SGD(0.0, clipnorm=0.5), "mse")
    board = TensorBoard(str(tmp_path), histogram_freq=1, write_grads=True)
    model.fit(X, 9 * Y, callbacks=[board], verbose=0, validation_data=(X, 9 * Y))
    events = {tag: values for tag, _, values in tensorboard_cases.events(str(tmp_path))}
    squares = [events["only/%s_0_grad" % name][4] for name in ("kernel", "bias")]
    assert sum(squares) == pytest.approx(0.25, rel=1e-5)


def test_the_numbers_of_the_training_do_not_change(tmp_path):
    def history(*boards):
        K.clear_session()
        tf.set_random_seed(3)
        np.random.seed(3)
        model = Sequential([layers.Dense(8, input_shape=(2,)), layers.Dropout(0.5)])
        model.add(layers.Dense(1))
        model.compile("adam", "mse")
        return model.fit(X, Y, epochs=3, shuffle=False, callbacks=list(boards), **VALIDATED).history

    board = TensorBoard(str(tmp_path), histogram_freq=1, write_grads=True, write_images=True)
    assert history(board) == history()


def test_a_second_training_adds_no_operations_and_goes_on_under_the_same_tags(tmp_path):
    model = compiled()
    options = {"histogram_freq": 1, "write_grads": True, "write_images": True, "write_graph": False}
    options.update(embeddings_freq=1, embeddings_layer_names=["only"], embeddings_data=X)
    for name in ("first", "second"):
        board = TensorBoard(str(tmp_path / name), **options)
        model.fit(X, Y, callbacks=[board], **VALIDATED)
        tf.get_default_graph().finalize()
    assert tags(tmp_path / "first") == tags(tmp_path / "second")


def test_models_in_one_graph_do_not_need_each_others_data(tmp_path):
    other = tf.placeholder(tf.float32, ())
    tf.summary.scalar("of_another_program", other)
    tf.summary.scalar("constant", tf.constant(2.0))
    for name in ("first", "second"):
        board = TensorBoard(str(tmp_path / name), histogram_freq=1)
        compiled().fit(X, Y, callbacks=[board], **VALIDATED)
        assert {"only_out", "constant"} <= {tag.replace("_1", "") for tag in tags(tmp_path / name)}
        assert "of_another_program" not in tags(tmp_path / name)
    # The user's own merged summaries need nothing but the user's own data.
    assert tf.get_default_session() is None
    K.get_session().run(tf.summary.merge_all(), {other: 1.0})


def test_a_nested_model_and_outputs_that_are_no_numbers_are_passed_over(tmp_path):
    nested = Sequential([layers.Dense(2, input_shape=(2,))], name="nested")
    x = layers.Input((2,))
    layers.Lambda(lambda t: t > 0, name="unused")(x)
    is_positive = layers.Lambda(lambda t: t > 0, name="is_positive")(nested(x))
    y = layers.Lambda(lambda t: K.cast(t[0], "float32") * t[1])([is_positive, nested(x)])
    model = Model(x, layers.Dense(1, name="last")(y))
    model.compile("sgd", "mse")
    board = TensorBoard(str(tmp_path), histogram_freq=1)
    model.fit(X, Y, callbacks=[board], **VALIDATED)
    assert "last_out" in tags(tmp_path)
    assert not {"is_positive_out", "nested_out"} & tags(tmp_path)


def test_sparse_inputs_and_layers_that_are_also_in_a_nested_model(tmp_path):
    sparse = pytest.importorskip("scipy.sparse")
    x, shared = layers.Input((2,), sparse=True, name="few"), layers.Dense(2, name="shared")
    hidden = shared(layers.Dense(2, name="first")(x))
    nested = Sequential([layers.InputLayer((2,)), shared], name="nested")
    model = Model(x, layers.Dense(1, name="last")(nested(hidden)))
    model.compile("sgd", "mse")
    board = TensorBoard(str(tmp_path), histogram_freq=1)
    data = sparse.csr_matrix(X)
    model.fit(data, Y, callbacks=[board], verbose=0, validation_data=(data, Y))
    expected = {"few_out", "shared/kernel_0", "first_out", "last_out"}
    assert expected <= tags(tmp_path)


def test_a_model_trains_with_it_from_outside_its_graph(tmp_path):
    model = compiled()
    with tf.Graph().as_default():
        board = TensorBoard(str(tmp_path), histogram_freq=1, write_grads=True)
        model.fit(X, Y, callbacks=[board], **VALIDATED)
    assert "only/kernel_0_grad" in tags(tmp_path)


# ---- embeddings ---------------------------------------------------------------------------------


def embedding_model(length):
    model = Sequential([layers.Embedding(5, 2, input_length=length, mask_zero=False)])
    model.add(layers.GlobalAveragePooling1D())
    model.compile("sgd", "mse")
    return model


def test_embedding_layers_are_shown_if_none_is_named_and_are_not_trainable(tmp_path):
    model = embedding_model(3)
    x = np.arange(12).reshape(4, 3) % 5
    before = len(tf.trainable_variables())
    board = TensorBoard(
        str(tmp_path), embeddings_freq=1, embeddings_data=x, embeddings_metadata="all.tsv"
    )
    model.fit(x, np.ones((4, 2)), verbose=0, callbacks=[board])
    config = tensorboard_cases.configuration(str(tmp_path))
    assert config.count("tensor_name") == 1 and 'metadata_path: "all.tsv"' in config
    assert len(tf.trainable_variables()) == before
    kept = tensorboard_cases.checkpoint(str(tmp_path))[1]["embedding_1_embedding"]
    np.testing.assert_allclose(kept, model.layers[0].get_weights()[0][x].reshape(4, 6), rtol=1e-6)


def test_tensorboards_own_message_reads_the_projectors_configuration(tmp_path):
    pytest.importorskip("tensorboard")
    from google.protobuf import text_format
    from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

    K.clear_session()
    tensorboard_cases.embeddings(ours, str(tmp_path))
    config = text_format.Parse(tensorboard_cases.configuration(str(tmp_path)), ProjectorConfig())
    assert [each.tensor_name for each in config.embeddings] == [
        "words_embedding:0",
        "score_embedding:0",
    ]
    assert config.embeddings[0].metadata_path == 'labels of "Müller\'s".tsv'


def test_what_can_not_be_shown_is_said(tmp_path):
    x = np.zeros((4, 3))
    folder = str(tmp_path)

    def fit(model, **options):
        board = TensorBoard(folder, write_graph=False, **options)
        model.fit(x[:, : model.input_shape[1]], np.ones((4, 2)), verbose=0, callbacks=[board])

    with pytest.raises(ValueError, match="validation_data must be provided, and cannot be a gen"):
        fit(embedding_model(3), histogram_freq=1)
    with pytest.raises(ValueError, match="embeddings_data must be provided"):
        fit(embedding_model(3), embeddings_freq=1)
    with pytest.raises(ValueError, match="no layer to show.*nowhere"):
        options = {"embeddings_layer_names": ["nowhere"], "embeddings_data": x}
        fit(embedding_model(3), embeddings_freq=1, **options)
    with pytest.raises(ValueError, match="known size per sample"):
        fit(embedding_model(None), embeddings_freq=1, embeddings_data=x)


# ---- scalars ------------------------------------------------------------------------------------


class OfTheUser(TensorBoard):
    """What users wrote to see more: the learning rate among the logs."""

    def on_epoch_end(self, epoch, logs=None):
        logs.update(lr=K.get_value(self.model.optimizer.lr), text=np.array([0.5]))
        super().on_epoch_end(epoch, logs)


def test_what_users_put_into_the_logs_is_written(tmp_path):
    compiled().fit(X, Y, verbose=0, callbacks=[OfTheUser(str(tmp_path))])
    events = {tag: values[0] for tag, _, values in tensorboard_cases.events(str(tmp_path))}
    assert events["lr"] == pytest.approx(0.01) and events["text"] == 0.5


def test_it_is_not_needed_that_tensorboard_is_installed(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    compiled().fit(X, Y, callbacks=[TensorBoard(str(tmp_path), histogram_freq=1)], **VALIDATED)
    assert len(os.listdir(str(tmp_path))) == 1
