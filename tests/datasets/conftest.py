"""A folder of data sets in a home of its own, whose files have the hashes that are asked for."""

import hashlib

import pytest

from tfkeras_compat.datasets import published


class Home:
    """The folder, and how a file gets there."""

    def __init__(self, folder, monkeypatch):
        self.folder = folder
        self._files = dict(published.FILES)
        monkeypatch.setattr(published, "FILES", self._files)

    def put(self, name, write, published_name=None, is_expected=True):
        """A file that ``write(path)`` makes, in place of a published one."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path)
        if is_expected:
            published_name = published_name or path.name
            digest = hashlib.md5(path.read_bytes()).hexdigest()
            self._files[published_name] = ("file:///no/such/place/", digest)
        return path

    def expect_from(self, folder, name):
        """The file is to be fetched from another folder."""
        digest = hashlib.md5((folder / name).read_bytes()).hexdigest()
        self._files[name] = (folder.as_uri() + "/", digest)


@pytest.fixture
def home(tmp_path, monkeypatch):
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home" / "datasets", monkeypatch)
