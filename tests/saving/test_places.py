"""Files that are no HDF5: the message says what they are, and what to do."""

import io

import pytest

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import FileFormatError, MissingFileError
from tfkeras_compat.layers import Dense
from tfkeras_compat.models import Sequential, load_model


@pytest.fixture
def model():
    return Sequential([Dense(2, input_shape=(3,))])


def test_an_archive_of_keras_3_is_told_to_be_one(model, tmp_path):
    path = tmp_path / "model.keras"
    path.write_bytes(b"PK\x03\x04 and so on")
    for read in (load_model, model.load_weights):
        with pytest.raises(FileFormatError, match=r"model\.keras.*\.keras archive.*save_format"):
            read(str(path))
    with pytest.raises(FileFormatError, match=r"\.keras archive"):
        load_model(io.BytesIO(path.read_bytes()))


def test_a_saved_model_is_told_to_be_one(model, tmp_path):
    (tmp_path / "saved_model.pb").write_bytes(b"")
    for read in (load_model, model.load_weights):
        with pytest.raises(FileFormatError, match="SavedModel.*save_format"):
            read(str(tmp_path))


def test_a_checkpoint_is_told_to_be_one(model, tmp_path):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        written = tf.train.Saver().save(session, str(tmp_path / "model.ckpt"))
    with pytest.raises(MissingFileError, match="checkpoint of TensorFlow.*load_weights.*Saver"):
        load_model(written)
    for read in (load_model, model.load_weights):
        with pytest.raises(FileFormatError, match="checkpoint of TensorFlow.*Saver"):
            read(written + ".index")


def test_any_other_folder_or_file_is_told_without_a_guess(tmp_path):
    (tmp_path / "notes.txt").write_bytes(b"text")
    for path in (tmp_path, tmp_path / "notes.txt"):
        with pytest.raises(FileFormatError, match="of another format") as raised:
            load_model(str(path))
        assert "It is" not in str(raised.value)
