"""Folders of versions, as servers look for them: ``model/1``, ``model/2`` ..."""

import contextlib
import os

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError


@contextlib.contextmanager
def new_version(folder, version=None):
    """A context with the path to write a version to, and the path that it gets at the end.

    A server that watches the folder sees nothing before. ``version`` is one more than the last that
    is there, if not given. After an error nothing is left. Raises: ConfigError if it is there.
    """
    folder = os.fsdecode(folder)
    version = next_version(folder) if version is None else int(version)
    final = os.path.join(folder, str(version))
    temporary = os.path.join(folder, "temp-%d" % version)  # no number: servers pass over it
    if tf.gfile.Exists(final):
        raise ConfigError("%s is there already: give another version, or none." % final)
    if tf.gfile.Exists(temporary):  # of a process that was killed
        tf.gfile.DeleteRecursively(temporary)
    try:
        yield temporary, final
        tf.gfile.Rename(temporary, final)
    except BaseException:
        if tf.gfile.Exists(temporary):
            tf.gfile.DeleteRecursively(temporary)
        raise


def next_version(folder):
    """One more than the greatest version in a folder; 1 if there is none."""
    entries = tf.gfile.ListDirectory(folder) if tf.gfile.Exists(folder) else ()
    names = [name.strip("/") for name in entries]
    return max([int(name) for name in names if name.isdigit()], default=0) + 1
