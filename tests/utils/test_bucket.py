import pytest

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import MissingFileError, SessionError
from tfkeras_compat.layers import Dense
from tfkeras_compat.models import Sequential, load_model
from tfkeras_compat.utils.bucket import tf_file_io_proxy


def test_a_model_is_saved_to_a_bucket_in_memory(tmp_path):
    model = Sequential([Dense(2, input_shape=(3,))])
    exists = tf.gfile.Exists
    with tf_file_io_proxy("keras.engine.saving.tf_file_io") as files:
        path = files.get_filepath("model.h5")
        with pytest.raises(MissingFileError, match="gs://mock-bucket/model.h5"):
            load_model(path)
        model.save(path)
        files.assert_exists(path)
        assert load_model(path, compile=False).count_params() == 8
        files.delete_file(path)
        with pytest.raises(AssertionError, match="does not exist"):
            files.assert_exists(path)
        (tmp_path / "here").write_bytes(b"")
        assert files.file_exists(str(tmp_path / "here"))  # other paths are where they were
        files.delete_file(str(tmp_path / "here"))
        assert not tf.gfile.Exists(str(tmp_path / "here"))
    assert tf.gfile.Exists is exists or not tf.gfile.Exists(str(tmp_path / "here"))


def test_nobody_looks_for_a_bucket_that_is_in_memory(monkeypatch):
    asked = []
    monkeypatch.setattr(tf.gfile, "IsDirectory", asked.append)  # TensorFlow 1.15 tries for minutes
    with tf_file_io_proxy() as files, pytest.raises(MissingFileError):
        load_model(files.get_filepath("model.h5"))
    assert asked == []


def test_outside_of_the_context_nothing_is_replaced():
    files = tf_file_io_proxy(bucket_name="gs://own")
    assert files.get_filepath("x") == "gs://own/x"
    with pytest.raises(SessionError, match="not started"):
        files.file_exists("gs://own/x")
    with files, pytest.raises(SessionError, match="already started"):
        files.start()
