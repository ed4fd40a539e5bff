"""Which versions in a folder of exports are kept: functions from lists of :class:`Path` to the list
of those chosen."""

import collections
import heapq
import os

from tfkeras_compat._tf import tf

Path = collections.namedtuple("Path", "path export_version")


def largest_export_versions(n):
    """Chooses the ``n`` latest versions."""
    return lambda paths: sorted(heapq.nlargest(n, paths, key=lambda path: path.export_version))


def mod_export_version(n):
    """Chooses the versions that are multiples of ``n``."""
    return lambda paths: sorted(path for path in paths if path.export_version % n == 0)


def union(lf, rf):
    """Chooses what either of two functions chooses."""
    return lambda paths: sorted(set(lf(paths)) | set(rf(paths)))


def negation(f):
    """Chooses what a function does not choose."""
    return lambda paths: sorted(set(paths).difference(f(paths)))


def get_paths(base_dir, parser):
    """The paths in a folder that ``parser(path)`` gives a version to, sorted."""
    names = tf.gfile.ListDirectory(base_dir) if tf.gfile.Exists(base_dir) else ()
    paths = [Path(os.path.join(base_dir, name.strip("/")), None) for name in names]
    return sorted(filter(None, map(parser, paths)))
