"""``tf.contrib.tensorboard.plugins.projector``: which variables TensorBoard shows as points."""

import os

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError


class _Message:
    """A message of TensorBoard's ``projector_config.proto``, which prints itself as text."""

    def __str__(self):
        return "".join(_lines(self))


class SpriteMetadata(_Message):
    """A picture made of a thumbnail for each point."""

    def __init__(self):
        self.image_path = ""
        self.single_image_dim = []


class EmbeddingInfo(_Message):
    """One variable, with the files that describe its rows."""

    def __init__(self):
        self.tensor_name = ""
        self.metadata_path = ""
        self.bookmarks_path = ""
        self.tensor_shape = []
        self.sprite = SpriteMetadata()
        self.tensor_path = ""


class _Embeddings(list):
    def add(self, **fields):
        """A new entry, to be filled in."""
        entry = EmbeddingInfo()
        vars(entry).update(fields)
        self.append(entry)
        return entry


class ProjectorConfig(_Message):
    """What to show.

    >>> config = ProjectorConfig()
    >>> config.embeddings.add().tensor_name = "words"
    >>> print(config, end="")
    embeddings {
      tensor_name: "words"
    }
    """

    def __init__(self):
        self.model_checkpoint_path = ""
        self.embeddings = _Embeddings()
        self.model_checkpoint_dir = ""


def _lines(message, indent=""):
    for name, value in vars(message).items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, _Message):
                inner = list(_lines(each, indent + "  "))
                if inner:
                    yield from ["%s%s {\n" % (indent, name)] + inner + [indent + "}\n"]
            elif each != "":
                yield "%s%s: %s\n" % (indent, name, _text(each))


def _text(value):
    if not isinstance(value, str):
        return str(value)
    plain = value.encode("utf-8")
    return '"%s"' % "".join(
        chr(b) if 31 < b < 127 and b not in b'"\\' else "\\%03o" % b for b in plain
    )


def visualize_embeddings(summary_writer, config):
    """Writes ``projector_config.pbtxt`` beside the events of a ``tf.summary.FileWriter``."""
    folder = summary_writer.get_logdir()
    if folder is None:
        raise ConfigError("The summary writer must have a logdir.")
    with tf.gfile.GFile(os.path.join(folder, "projector_config.pbtxt"), "w") as file:
        file.write(str(config))
