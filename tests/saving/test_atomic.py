"""A file that is replaced is the old one or the new one at any moment."""

import os
import signal
import stat
import subprocess
import sys

import pytest

from tfkeras_compat.errors import MissingFileError
from tfkeras_compat.saving.atomic import replacing


def write(path, content):
    with open(path, "w") as file:
        file.write(content)


def test_a_new_file_appears_when_the_body_is_done(tmp_path):
    path = tmp_path / "model.h5"
    with replacing(path) as temporary:
        write(temporary, "new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert os.listdir(str(tmp_path)) == ["model.h5"]


def test_the_temporary_file_lies_in_the_same_folder(tmp_path):
    with replacing(tmp_path / "model.h5") as temporary:
        assert os.path.dirname(temporary) == os.path.realpath(str(tmp_path))


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "model.h5"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        with replacing(path) as temporary:
            write(temporary, "half")
            raise KeyboardInterrupt
    assert path.read_text() == "old"
    assert os.listdir(str(tmp_path)) == ["model.h5"]


def test_the_old_file_survives_a_kill_while_the_new_one_is_written(tmp_path):
    path = tmp_path / "model.h5"
    path.write_text("old")
    script = (
        "import os, signal, sys\n"
        "from tfkeras_compat.saving.atomic import replacing\n"
        "with replacing(sys.argv[1]) as temporary:\n"
        "    open(temporary, 'w').write('half')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    # The room's own __init__ loads TensorFlow, which this does not need.
    alone = (
        "import importlib.machinery, sys, types\n"
        "import tfkeras_compat\n"
        "room = types.ModuleType('tfkeras_compat.saving')\n"
        "room.__path__ = [tfkeras_compat.__path__[0] + '/saving']\n"
        "sys.modules[room.__name__] = room\n"
    )
    killed = subprocess.run([sys.executable, "-c", alone + script, str(path)])
    assert killed.returncode == -signal.SIGKILL
    assert path.read_text() == "old"


def test_the_mode_of_the_old_file_is_kept(tmp_path):
    path = tmp_path / "model.h5"
    path.write_text("old")
    path.chmod(0o640)
    with replacing(path) as temporary:
        write(temporary, "new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_has_the_mode_that_the_process_gives_to_new_files(tmp_path):
    write(str(tmp_path / "plain"), "")
    with replacing(tmp_path / "model.h5"):
        pass
    assert (tmp_path / "model.h5").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_stays_a_link_to_the_replaced_file(tmp_path):
    target, link = tmp_path / "target.h5", tmp_path / "link.h5"
    target.write_text("old")
    link.symlink_to(target)
    with replacing(link) as temporary:
        write(temporary, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(MissingFileError, match="folder .*nowhere does not exist"):
        with replacing(tmp_path / "nowhere" / "model.h5"):
            pass


def test_a_folder_is_not_replaced(tmp_path):
    with pytest.raises(IsADirectoryError):
        with replacing(tmp_path):
            pass


def test_a_device_is_not_replaced():
    with pytest.raises(OSError, match="/dev/null"):
        with replacing("/dev/null"):
            pass


def test_a_path_without_folder_is_in_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with replacing("model.h5") as temporary:
        write(temporary, "new")
    assert (tmp_path / "model.h5").read_text() == "new"
