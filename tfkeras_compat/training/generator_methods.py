"""``fit_generator``, ``evaluate_generator`` and ``predict_generator`` of a model."""

import itertools
from typing import Any

from tfkeras_compat.training import generators
from tfkeras_compat.training.arguments import accepts_keras_1_names
from tfkeras_compat.training.enqueue import is_sequence


class GeneratorMethods:
    """The methods of a model that take batches from a generator or ``Sequence``.

    >>> import numpy as np
    >>> from tfkeras_compat.layers import Dense
    >>> from tfkeras_compat.models import Sequential
    >>> model = Sequential([Dense(1, input_shape=(3,), kernel_initializer="ones")])
    >>> model.compile("sgd", "mse")
    >>> def batches():
    ...     while True:
    ...         yield np.ones((4, 3)), np.zeros(4)
    >>> history = model.fit_generator(batches(), steps_per_epoch=2, epochs=3, verbose=0)
    >>> len(history.history["loss"])
    3
    >>> model.predict_generator(batches(), steps=2).shape
    (8, 1)
    """

    in_graph: Any
    optimizer: Any
    outputs: Any
    _is_compiled: Any
    _prepare_for: Any

    def _prepared_by(self, source, parts_of):
        """The same batches, of which the first has built a model that waited for its data."""
        if self.outputs and (self._is_compiled or self.optimizer is None):
            return source
        if is_sequence(source):
            first = source[0]
        else:
            first = next(source)
            source = itertools.chain([first], source)
        self._prepare_for(*parts_of(first))
        return source

    @accepts_keras_1_names
    def fit_generator(
        self,
        generator,
        steps_per_epoch=None,
        epochs=1,
        verbose=1,
        callbacks=None,
        validation_data=None,
        validation_steps=None,
        validation_freq=1,
        class_weight=None,
        max_queue_size=10,
        workers=1,
        use_multiprocessing=False,
        shuffle=True,
        initial_epoch=0,
    ):
        """Trains on batches of a generator, which goes on for ever, or of a ``Sequence``.

        Args:
            generator: yields ``(x, y)`` or ``(x, y, sample_weight)``, each a batch.
            steps_per_epoch: how many batches an epoch has; all of a ``Sequence`` if not given.
            validation_data: a second generator or ``Sequence``, or a tuple of arrays.
            validation_steps: how many batches of it, if it is a generator or ``Sequence``.
            max_queue_size: how many batches are made ahead.
            workers: how many threads make them; 0 for none, they then are made when needed.
            use_multiprocessing: whether processes make them, and not threads.
            shuffle: whether the batches of a ``Sequence`` come in another order each epoch.
        The other arguments are those of ``fit``.

        Returns a :class:`tfkeras_compat.callbacks.History`.
        Raises: what the generator raises; StopIteration if it ends too early; RuntimeError before
            ``compile``, or if several threads call a generator that is not made for that;
            ConfigError for a batch of another kind, or where steps are missing.
        """
        with self.in_graph():
            return generators.fit(
                self,
                self._prepared_by(generator, _inputs_and_targets),
                steps_per_epoch=steps_per_epoch,
                epochs=epochs,
                verbose=verbose,
                callbacks=callbacks,
                validation_data=validation_data,
                validation_steps=validation_steps,
                validation_freq=validation_freq,
                class_weight=class_weight,
                flow=generators.Flow(max_queue_size, workers, use_multiprocessing),
                shuffle=shuffle,
                initial_epoch=initial_epoch,
            )

    @accepts_keras_1_names
    def evaluate_generator(
        self,
        generator,
        steps=None,
        callbacks=None,
        max_queue_size=10,
        workers=1,
        use_multiprocessing=False,
        verbose=0,
    ):
        """The average loss over some batches, or a list of it and the metrics.

        ``steps`` is the number of batches; the other arguments are those of ``fit_generator``.
        """
        flow = generators.Flow(max_queue_size, workers, use_multiprocessing)
        with self.in_graph():
            generator = self._prepared_by(generator, _inputs_and_targets)
            return generators.evaluate(self, generator, steps, callbacks, flow, verbose)

    @accepts_keras_1_names
    def predict_generator(
        self,
        generator,
        steps=None,
        callbacks=None,
        max_queue_size=10,
        workers=1,
        use_multiprocessing=False,
        verbose=0,
    ):
        """The outputs for some batches: an array, or a list of arrays.

        A generator yields inputs, or tuples as those to train with, of which only the inputs
        count. The arguments are those of ``evaluate_generator``.
        """
        flow = generators.Flow(max_queue_size, workers, use_multiprocessing)
        with self.in_graph():
            generator = self._prepared_by(generator, _inputs_alone)
            return generators.predict(self, generator, steps, callbacks, flow, verbose)


def _inputs_and_targets(batch):
    return generators.training_parts(batch)[:2]


def _inputs_alone(batch):
    return generators.inputs_of(batch), None
