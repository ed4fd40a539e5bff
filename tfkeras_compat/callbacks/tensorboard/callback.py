"""The callback that writes event files for TensorBoard."""

import os
from typing import Any

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.callbacks.base import Callback
from tfkeras_compat.callbacks.tensorboard import summaries
from tfkeras_compat.callbacks.tensorboard.embeddings import PROJECTOR_CONFIG, Embeddings
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.state.session import get_session

_NO_VALUES = ("batch", "size")  # in the logs, beside loss and metrics


class TensorBoard(Callback):
    """Writes event files that TensorBoard shows: ``tensorboard --logdir=./logs``.

    Scalars are called as in the logs: ``loss``, ``acc``, ``val_loss``; histograms and images as the
    weight: ``dense_1/kernel_0``, ``dense_1/kernel_0_grad``; outputs ``dense_1_out``. The names are
    those of Keras 2.2.5. Summaries of the graph's own collection, made by ``tf.summary``, are
    written with the histograms, if they need no other placeholders than the model's.

    Args:
        log_dir: the folder of the event files; anything that ``tf.gfile`` can write to.
        histogram_freq: after every how many epochs there are histograms of weights and outputs; 0
            for none. They need arrays to validate with.
        batch_size: how many samples of those a histogram is made of.
        write_graph: whether the graph is written.
        write_grads: whether there are histograms of gradients, too.
        write_images: whether weights with up to three axes longer than 1 are also drawn.
        embeddings_freq: after every how many epochs ``embeddings_data`` is sent through the model
            and the outputs of the layers written for the projector; 0 for never.
        embeddings_layer_names: which layers; those of class ``Embedding`` if none is named.
        embeddings_metadata: path of the file with the samples' labels, or a dictionary of paths by
            the layer's name.
        embeddings_data: array, or list of arrays: one per input of the model.
        update_freq: ``"epoch"``; ``"batch"``; or after every how many samples the scalars are
            written, with the number of samples instead of the epoch.
    Raises: ConfigError for histograms without data to validate with, or embeddings without data.

    >>> import os, tempfile
    >>> import numpy as np
    >>> from tfkeras_compat.callbacks import TensorBoard
    >>> from tfkeras_compat.layers import Dense
    >>> from tfkeras_compat.models import Sequential
    >>> model = Sequential([Dense(1, input_shape=(2,))])
    >>> model.compile("sgd", "mse")
    >>> folder = tempfile.TemporaryDirectory()
    >>> board = TensorBoard(folder.name, write_graph=False)
    >>> _ = model.fit(np.ones((4, 2)), np.ones(4), verbose=0, callbacks=[board])
    >>> [name.split(".")[2] for name in os.listdir(folder.name)]
    ['tfevents']
    >>> folder.cleanup()
    """

    writer: Any
    sess: Any
    embeddings: Any

    def __init__(
        self,
        log_dir="./logs",
        histogram_freq=0,
        batch_size=32,
        write_graph=True,
        write_grads=False,
        write_images=False,
        embeddings_freq=0,
        embeddings_layer_names=None,
        embeddings_metadata=None,
        embeddings_data=None,
        update_freq="epoch",
    ):
        super().__init__()
        self.log_dir = os.fspath(log_dir)
        self.histogram_freq = histogram_freq
        self.batch_size = batch_size
        self.write_graph = write_graph
        self.write_grads = write_grads
        self.write_images = write_images
        self.embeddings_freq = embeddings_freq
        self.embeddings_layer_names = embeddings_layer_names
        self.embeddings_metadata = embeddings_metadata or {}
        self.embeddings_data = embeddings_data
        self.update_freq = 1 if update_freq == "batch" else update_freq
        self.merged = None
        self.embeddings = None
        self.samples_seen = 0
        self.samples_seen_at_last_write = 0

    def set_model(self, model):
        """Makes the operations, unless the model has them from before, and opens the file."""
        self.model = model
        with model.in_graph():
            if self.histogram_freq:
                self._make_summaries()
            if self.embeddings_freq and self.embeddings_data is not None:
                self._make_embeddings()
            self.sess = get_session(model.graph)
            graph = self.sess.graph if self.write_graph else None
            self.writer = tf.summary.FileWriter(self.log_dir, graph)
            if self.embeddings:
                self._describe_embeddings()

    def _make_summaries(self):
        self.merged = summaries.merged(self.model, self.write_grads, self.write_images)
        fed = self._fed_tensors()
        # The function holds the tensors, so that no id comes again.
        key = ("function", self.merged.name) + tuple(map(id, fed))
        self._summarize = summaries.made_once(
            self.model, key, lambda: K.function(fed, [self.merged])
        )

    def _fed_tensors(self):
        return self.model._fed_tensors() + self.model._phase_inputs()

    def _make_embeddings(self):
        self.embeddings_data = self.model._standardize_user_data(self.embeddings_data)[0]
        self.embeddings = Embeddings(self.model, self.embeddings_data, self.embeddings_layer_names)

    def _describe_embeddings(self):
        with tf.gfile.GFile(os.path.join(self.log_dir, PROJECTOR_CONFIG), "w") as file:
            file.write(self.embeddings.configuration(self.embeddings_metadata))

    # ---- moments --------------------------------------------------------------------------------

    def on_batch_end(self, batch, logs=None):
        if self.update_freq == "epoch":
            return
        logs = logs or {}
        self.samples_seen += logs.get("size", 0)
        if self.samples_seen - self.samples_seen_at_last_write >= self.update_freq:
            self._write_logs(logs, self.samples_seen)
            self.samples_seen_at_last_write = self.samples_seen

    def on_epoch_end(self, epoch, logs=None):
        self._check_data()
        if self.histogram_freq and epoch % self.histogram_freq == 0:
            self._write_summaries(epoch)
        if self.embeddings_freq and epoch % self.embeddings_freq == 0:
            self._write_embeddings(epoch)
        self._write_logs(logs or {}, epoch if self.update_freq == "epoch" else self.samples_seen)

    def on_train_end(self, logs=None):
        self.writer.close()

    # ---- writing --------------------------------------------------------------------------------

    def _check_data(self):
        arrays = self._validation_arrays()
        if self.histogram_freq and (not arrays or any(map(K.is_tensor, arrays))):
            raise ConfigError(
                "If printing histograms, validation_data must be provided, and cannot be a "
                "generator: give arrays to fit as validation_data, or set histogram_freq=0."
            )
        if self.embeddings_freq and self.embeddings_data is None:
            raise ConfigError(
                "To visualize embeddings, embeddings_data must be provided: arrays for the model's "
                "inputs. Or set embeddings_freq=0."
            )

    def _validation_arrays(self):
        """The arrays of the validation, without the learning phase that may follow them."""
        return (self.validation_data or [])[: len(self.model._fed_tensors())]

    def _write_summaries(self, epoch):
        """A summary of each batch of the validation data, all under the number of the epoch."""
        arrays = self._validation_arrays()
        phase_values = [0.0] * len(self.model._phase_inputs())
        for begin in range(0, arrays[0].shape[0], self.batch_size):
            batch = [values[begin : begin + self.batch_size] for values in arrays]
            self.writer.add_summary(self._summarize(batch + phase_values)[0], epoch)

    def _write_embeddings(self, epoch):
        with self.model.in_graph():
            self.embeddings.fill(self.sess, self.batch_size)
            self.embeddings.save(self.sess, self.log_dir, epoch)

    def _write_logs(self, logs, index):
        for name, value in logs.items():
            if name not in _NO_VALUES:
                summary = tf.Summary()
                summary.value.add(tag=name, simple_value=np.asarray(value).item())
                self.writer.add_summary(summary, index)
        self.writer.flush()
