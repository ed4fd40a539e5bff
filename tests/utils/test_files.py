import hashlib
import io
import os
import pathlib
import tarfile
import zipfile

import pytest

from tfkeras_compat.errors import ConfigError, FileFormatError, MissingFileError
from tfkeras_compat.utils.files import extract_archive, get_file, validate_file

CONTENT = b"some data"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
MD5 = hashlib.md5(CONTENT).hexdigest()


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "source.bin"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def cache(tmp_path):
    (tmp_path / "cache").mkdir()
    return tmp_path / "cache"


def fetch(source, cache, fname="data.bin", **kwargs):
    return pathlib.Path(get_file(fname, source.as_uri(), cache_dir=str(cache), **kwargs))


def add(archive, name, content=b"", kind=tarfile.REGTYPE, link=""):
    member = tarfile.TarInfo(name)
    member.type, member.linkname, member.size = kind, link, len(content)
    archive.addfile(member, io.BytesIO(content))


def tar_with(path, *members):
    with tarfile.open(str(path), "w:gz") as archive:
        for member in members:
            add(archive, *member)
    return path


def everything_below(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_file_is_fetched_once_and_kept(source, cache, capsys):
    path = fetch(source, cache)
    assert path == cache / "datasets" / "data.bin" and path.read_bytes() == CONTENT
    assert "Downloading data from file://" in capsys.readouterr().out
    source.unlink()
    assert fetch(source, cache) == path
    assert capsys.readouterr().out == ""


def test_the_cache_is_keras_home_if_none_is_given(source, cache, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(cache))
    path = get_file("data.bin", source.as_uri(), cache_subdir="models")
    assert path == str(cache / "models" / "data.bin")


@pytest.mark.parametrize("given", [{"file_hash": SHA256}, {"md5_hash": MD5}, {"file_hash": MD5}])
def test_a_file_whose_hash_is_another_is_fetched_anew(source, cache, given, capsys):
    path = fetch(source, cache)
    path.write_bytes(b"half of it")
    fetch(source, cache, **given)
    assert path.read_bytes() == CONTENT
    assert "incomplete or outdated" in capsys.readouterr().out


def test_a_download_of_another_hash_is_refused_and_the_old_file_stays(source, cache):
    path = fetch(source, cache)
    path.write_bytes(b"old")
    with pytest.raises(FileFormatError, match="its hash is %s instead of %s" % (SHA256, "0" * 64)):
        fetch(source, cache, file_hash="0" * 64)
    assert path.read_bytes() == b"old"
    assert everything_below(cache) == ["datasets", "datasets/data.bin"]


def test_what_can_not_be_fetched_names_the_place_to_put_it(source, cache):
    source.unlink()
    with pytest.raises(MissingFileError, match="URL fetch failure on file:.*put the file itself"):
        fetch(source, cache)
    assert everything_below(cache) == ["datasets"]


def test_a_connection_that_ends_too_early_leaves_nothing(source, cache, monkeypatch):
    class Response(io.BytesIO):
        headers = {"Content-Length": "100"}

    monkeypatch.setattr("tfkeras_compat.utils.files.urlopen", lambda url: Response(CONTENT))
    with pytest.raises(MissingFileError, match="after 9 of 100 bytes"):
        fetch(source, cache)
    assert everything_below(cache) == ["datasets"]


def test_an_archive_is_unpacked_beside_itself(tmp_path, cache):
    source = tar_with(tmp_path / "a.tar.gz", ("folder/x.txt", CONTENT))
    assert fetch(source, cache, "a.tar.gz", extract=True).name == "a.tar.gz"
    assert (cache / "datasets" / "folder" / "x.txt").read_bytes() == CONTENT


def test_untar_keeps_the_archive_under_its_own_name_and_gives_the_folder(tmp_path, cache):
    source = tar_with(tmp_path / "a.tar.gz", ("folder/x.txt", CONTENT))
    path = fetch(source, cache, "folder", untar=True)
    assert path == cache / "datasets" / "folder" and (path / "x.txt").read_bytes() == CONTENT
    assert (cache / "datasets" / "folder.tar.gz").exists()


def test_unpacking_adds_to_a_folder_that_is_there(tmp_path):
    folder = tmp_path / "target"
    (folder / "a").mkdir(parents=True)
    (folder / "a" / "old.txt").write_bytes(b"old")
    source = tar_with(
        tmp_path / "a.tar", ("a/new.txt", CONTENT), ("a/l", b"", tarfile.SYMTYPE, "new.txt")
    )
    assert extract_archive(str(source), str(folder)) is True
    assert everything_below(folder) == ["a", "a/l", "a/new.txt", "a/old.txt"]
    assert (folder / "a" / "l").read_bytes() == CONTENT


@pytest.mark.parametrize(
    "member",
    [
        ("../evil.txt", CONTENT),
        ("a/../../evil.txt", CONTENT),
        ("/tmp/evil.txt", CONTENT),
        ("link", b"", tarfile.SYMTYPE, "../elsewhere"),
        ("link", b"", tarfile.SYMTYPE, "/etc"),
        ("link", b"", tarfile.LNKTYPE, "../../etc/passwd"),
        ("pipe", b"", tarfile.FIFOTYPE),
        ("device", b"", tarfile.CHRTYPE),
    ],
)
def test_an_archive_that_leads_out_of_its_folder_writes_nothing(tmp_path, member):
    source = tar_with(tmp_path / "a.tar", ("good.txt", CONTENT), member)
    folder = tmp_path / "target"
    with pytest.raises(FileFormatError, match="leads out of the folder"):
        extract_archive(str(source), str(folder))
    assert everything_below(folder) == []
    assert not (tmp_path / "evil.txt").exists()


def test_so_does_a_zip_file(tmp_path):
    source, folder = tmp_path / "a.zip", tmp_path / "target"
    with zipfile.ZipFile(str(source), "w") as archive:
        archive.writestr("good.txt", CONTENT)
        archive.writestr("../evil.txt", CONTENT)
    with pytest.raises(FileFormatError, match="evil.txt"):
        extract_archive(str(source), str(folder))
    assert everything_below(folder) == []


def test_a_link_in_a_zip_file_is_none_when_it_is_unpacked(tmp_path):
    source, folder = tmp_path / "a.zip", tmp_path / "target"
    with zipfile.ZipFile(str(source), "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16  # of a symbolic link
        archive.writestr(link, str(tmp_path))
        archive.writestr("link/evil.txt", CONTENT)
    with pytest.raises((FileFormatError, OSError)):  # a file, and no folder for the other
        extract_archive(str(source), str(folder))
    assert not (tmp_path / "evil.txt").exists()
    assert everything_below(folder) == []


def test_a_download_that_leads_out_of_its_folder_is_refused(tmp_path, cache):
    source = tar_with(tmp_path / "a.tar.gz", ("../../evil.txt", CONTENT))
    for how in ("extract", "untar"):
        with pytest.raises(FileFormatError, match="leads out of the folder"):
            fetch(source, cache, "by " + how, **{how: True})
    assert not list(tmp_path.rglob("evil.txt"))


def test_a_truncated_archive_writes_nothing(tmp_path):
    source, folder = tmp_path / "a.tar.gz", tmp_path / "target"
    tar_with(source, ("one.txt", os.urandom(100)), ("two.txt", os.urandom(100000)))
    source.write_bytes(source.read_bytes()[:50000])
    with pytest.raises(FileFormatError, match="can not be unpacked"):
        extract_archive(str(source), str(folder))
    assert everything_below(folder) == []


def test_only_the_given_formats_are_unpacked(tmp_path, source):
    archive = tar_with(tmp_path / "a.tar", ("x.txt", CONTENT))
    assert extract_archive(str(archive), str(tmp_path / "target"), None) is False
    assert extract_archive(str(archive), str(tmp_path / "target"), ["zip"]) is False
    assert extract_archive(str(source), str(tmp_path / "target")) is False
    with pytest.raises(ConfigError, match="'rar'"):
        extract_archive(str(archive), str(tmp_path), "rar")


def test_the_length_of_a_hash_tells_its_kind(source):
    assert validate_file(str(source), SHA256) and validate_file(str(source), MD5, "md5")
    assert not validate_file(str(source), "0" * 32)
    with pytest.raises(ConfigError, match="sha1"):
        validate_file(str(source), MD5, "sha1")
