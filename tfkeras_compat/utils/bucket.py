"""A bucket of Google's storage that is not there, for tests of saving."""

import contextlib
import io
import os
from typing import Any
from unittest import mock

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import FileFormatError, MissingFileError, SessionError

_SCHEME = "gs://"


class tf_file_io_proxy:  # noqa: N801 (the original's name)
    """A context in which paths that begin with ``gs://`` lie in memory.

    Args:
        file_io_module: where the original has TensorFlow's file system replaced. All of this
            package reaches it through ``tf.gfile``, which is where it is replaced, whatever is
            given.
        bucket_name: a real bucket, also from the environment variable ``GCS_TEST_BUCKET``; nothing
            is replaced then.

    >>> with tf_file_io_proxy("keras.engine.saving.tf_file_io") as files:
    ...     path = files.get_filepath("model.h5")
    ...     with files.FileIO(path, "wb") as file:
    ...         _ = file.write(b"bytes")
    ...     files.assert_exists(path)
    >>> path
    'gs://mock-bucket/model.h5'
    """

    def __init__(self, file_io_module=None, bucket_name=None):
        bucket_name = bucket_name or os.environ.get("GCS_TEST_BUCKET")
        self.mock_gcs = bucket_name is None
        self.file_io_module = file_io_module
        self.bucket_name = (bucket_name or "mock-bucket").replace(_SCHEME, "", 1)
        self.local_objects = {}
        self._replaced: Any = None

    @property
    def bucket_path(self):
        """The path of the bucket."""
        return _SCHEME + self.bucket_name

    def get_filepath(self, filename):
        """The path of a file in the bucket."""
        return "%s/%s" % (self.bucket_path, filename)

    def _is_in_memory(self, path):
        return self.mock_gcs and os.fspath(path).startswith(_SCHEME)

    def FileIO(self, name, mode):
        """An open file; in memory, modes ``"rb"`` and ``"wb"`` only."""
        self._check_started()
        if not self._is_in_memory(name):
            return self._open(name, mode)
        if mode == "wb":
            return _Written(self.local_objects, name)
        if mode != "rb":
            raise FileFormatError("%s: modes here are 'rb' and 'wb', not %r." % (name, mode))
        if name not in self.local_objects:
            raise MissingFileError("%s does not exist" % name)
        return io.BytesIO(self.local_objects[name])

    def file_exists(self, filename):
        """Whether there is such a file."""
        self._check_started()
        if self._is_in_memory(filename):
            return filename in self.local_objects
        return self._exists(filename)

    def _is_directory(self, path):
        """No path in memory is: asked for one, TensorFlow looks for the bucket, with a network or
        minutes without."""
        return not self._is_in_memory(path) and self._is_folder(path)

    def delete_file(self, filename):
        """Removes a file."""
        if self._is_in_memory(filename):
            del self.local_objects[filename]
        else:
            self._remove(filename)

    def assert_exists(self, filepath):
        """Raises AssertionError unless there is such a file."""
        if not self.file_exists(filepath):
            raise AssertionError("%s does not exist" % filepath)

    def _check_started(self):
        if self._replaced is None:
            raise SessionError("tf_file_io_proxy is not started: use it in a `with` statement.")

    def start(self):
        """Begins what a ``with`` statement begins."""
        if self._replaced is not None:
            raise SessionError("start called on already started tf_file_io_proxy")
        files = tf.gfile
        self._open, self._exists, self._remove = files.GFile, files.Exists, files.Remove
        self._is_folder = files.IsDirectory
        self._replaced = contextlib.ExitStack()
        if self.mock_gcs:
            self._replaced.enter_context(
                mock.patch.multiple(
                    files,
                    GFile=self.FileIO,
                    Exists=self.file_exists,
                    Remove=self.delete_file,
                    IsDirectory=self._is_directory,
                )
            )

    def stop(self):
        """Ends what a ``with`` statement ends."""
        self._check_started()
        replaced, self._replaced = self._replaced, None
        replaced.close()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, value, traceback):
        self.stop()


class _Written(io.BytesIO):
    """A file that is there when it is closed."""

    def __init__(self, files, name):
        super().__init__()
        self._files, self._name = files, name

    def close(self):
        if not self.closed:
            self._files[self._name] = self.getvalue()
        super().close()
