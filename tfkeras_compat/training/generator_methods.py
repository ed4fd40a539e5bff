"""``fit_generator``, ``evaluate_generator`` and ``predict_generator`` of a model."""

from typing import Any

from tfkeras_compat.training import generators


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
                generator,
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
            return generators.evaluate(self, generator, steps, callbacks, flow, verbose)

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
            return generators.predict(self, generator, steps, callbacks, flow, verbose)
