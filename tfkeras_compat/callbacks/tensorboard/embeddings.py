"""What TensorBoard's projector shows: outputs of layers for given data, in a checkpoint, and the
file that says which of its variables they are."""

import os

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.callbacks.tensorboard.summaries import made_once
from tfkeras_compat.errors import ConfigError, ShapeError

CHECKPOINT = "keras_embedding.ckpt"
PROJECTOR_CONFIG = "projector_config.pbtxt"


class Embeddings:
    """The outputs of some layers for all samples of some data, kept in variables of the graph.

    Args:
        model: its graph gets a variable ``<layer>_embedding``, of ``(samples, size)``, per layer.
        data: list of arrays, one per input.
        layer_names: which layers; those of class ``Embedding`` if none is named.
    Raises: ConfigError if there is no such layer; ShapeError if the size of an output is unknown.
    """

    def __init__(self, model, data, layer_names=None):
        self.model, self.data = model, data
        layers = _chosen(model, layer_names)
        samples = int(data[0].shape[0])
        key = ("embeddings", samples) + tuple(layer.name for layer in layers)
        made = made_once(model, key, lambda: _operations(layers, samples))
        self.batch_id, self.step, self.variables, self.assignments, self.saver = made

    def fill(self, session, batch_size):
        """Computes the outputs, batch by batch, and assigns them to the variables."""
        samples = self.data[0].shape[0]
        for begin in range(0, samples, batch_size):
            step = min(batch_size, samples - begin)
            feed = {self.batch_id: begin, self.step: step}
            parts = [values[begin : begin + step] for values in self.data]
            feed.update(zip(self.model._feed_inputs, parts))
            feed.update((phase, False) for phase in self.model._phase_inputs())
            session.run(self.assignments, feed_dict=feed)

    def save(self, session, log_dir, epoch):
        self.saver.save(session, os.path.join(log_dir, CHECKPOINT), epoch)

    def configuration(self, metadata):
        """The file for the projector: which variables, and which file has the samples' labels.

        ``metadata`` is the path of that file, or a dictionary of paths by the layer's name.
        """
        if isinstance(metadata, str):
            metadata = dict.fromkeys(self.variables, metadata)
        return "".join(
            _message(variable.name, metadata.get(name)) for name, variable in self.variables.items()
        )


def _chosen(model, names):
    if names:
        layers = [layer for layer in model.layers if layer.name in names]
    else:
        layers = [layer for layer in model.layers if type(layer).__name__ == "Embedding"]
    if not layers:
        raise ConfigError(
            "TensorBoard: no layer to show in the projector. Found in `embeddings_layer_names`: "
            "%r; model %s has the layers %s, of which none is an Embedding or has that name. Name "
            "one of them, or set embeddings_freq=0."
            % (names, model.name, ", ".join(layer.name for layer in model.layers))
        )
    return layers


def _operations(layers, samples):
    batch_id, step = tf.placeholder(tf.int32), tf.placeholder(tf.int32)
    variables, assignments = {}, []
    for layer in layers:
        size = _size(layer)
        # Not trainable: an optimizer of the user's would otherwise look for its gradient.
        variable = tf.Variable(
            tf.zeros((samples, size)),
            name=layer.name + "_embedding",
            trainable=False,
            use_resource=True,
        )
        values = K.cast(tf.reshape(layer.output, (step, size)), "float32")
        assignments.append(tf.assign(variable[batch_id : batch_id + step], values))
        variables[layer.name] = variable
    return batch_id, step, variables, assignments, tf.train.Saver(list(variables.values()))


def _size(layer):
    shape = K.int_shape(layer.output)
    if None in shape[1:]:
        raise ShapeError(
            "TensorBoard: the output of layer %s is to be shown in the projector, so it needs a "
            "known size per sample. Found shape %s. Give the model's Input a full shape."
            % (layer.name, shape)
        )
    return int(np.prod(shape[1:]))


def _message(tensor_name, metadata_path):
    fields = [("tensor_name", tensor_name), ("metadata_path", metadata_path)]
    lines = ["  %s: %s\n" % (name, _quoted(value)) for name, value in fields if value]
    return "embeddings {\n%s}\n" % "".join(lines)


def _quoted(text):
    """Text as protocol buffers' text format has it."""
    return '"%s"' % "".join(map(_escaped, text.encode("utf-8")))


def _escaped(byte):
    if chr(byte) in "\"'\\":
        return "\\" + chr(byte)
    return chr(byte) if 32 <= byte < 127 else "\\%03o" % byte
