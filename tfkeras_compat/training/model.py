"""The part of a model that trains, evaluates and predicts."""

import warnings
from typing import Any

from tfkeras_compat import backend as K
from tfkeras_compat import optimizers
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import CompatError, ConfigError
from tfkeras_compat.state import graph as graph_state
from tfkeras_compat.state import phase
from tfkeras_compat.state.generation import trait
from tfkeras_compat.state.ledger import Update
from tfkeras_compat.state.structures import unpack_singleton
from tfkeras_compat.training import arguments, compilation, datasets, loops
from tfkeras_compat.training.array_methods import ArrayMethods
from tfkeras_compat.training.dataset_methods import DatasetMethods, phase_values
from tfkeras_compat.training.enqueue import is_generator_or_sequence
from tfkeras_compat.training.generator_methods import GeneratorMethods


class TrainingMethods(GeneratorMethods, DatasetMethods, ArrayMethods):
    """What makes a network a model: ``compile``, ``fit``, ``evaluate``, ``predict`` and the like.

    All of them work in the graph of the network, whichever is the default, and from any thread.

    >>> import numpy as np
    >>> from tfkeras_compat.layers import Dense
    >>> from tfkeras_compat.models import Sequential
    >>> model = Sequential([Dense(1, input_shape=(3,), kernel_initializer="ones")])
    >>> model.compile("sgd", "mse", metrics=["mae"])
    >>> model.metrics_names
    ['loss', 'mean_absolute_error']
    >>> history = model.fit(np.ones((8, 3)), np.zeros(8), epochs=2, verbose=0)
    >>> history.epoch, float(history.history["loss"][0])
    ([0, 1], 9.0)
    >>> model.predict(np.ones((8, 3))).shape
    (8, 1)
    """

    optimizer: Any = None
    train_function: Any = None
    test_function: Any = None
    predict_function: Any = None
    _is_compiled = False
    _predicted_outputs: Any = None

    # ---- compiling ------------------------------------------------------------------------------

    def compile(
        self,
        optimizer,
        loss=None,
        metrics=None,
        loss_weights=None,
        sample_weight_mode=None,
        weighted_metrics=None,
        target_tensors=None,
        **kwargs,
    ):
        """Says how the model is trained and judged.

        Args:
            optimizer: a name, a configuration, an optimizer, or one of ``tf.train``.
            loss: a name or ``f(y_true, y_pred)``, for all outputs, or a list or dictionary of them
                by output; without a loss (``None``) an output is not trained. Functions of
                TensorFlow that take ``labels`` and ``logits`` count as such.
            metrics: a list for all outputs, or a dictionary of lists by output. ``"accuracy"`` and
                ``"crossentropy"`` are chosen by the output's shape and loss.
            loss_weights: a list or dictionary of numbers: the weights of losses in their sum.
            sample_weight_mode: ``"temporal"`` for a weight for each step; also by output.
            weighted_metrics: as ``metrics``, averaged with the weights of samples.
            target_tensors: tensors to use as targets, instead of arrays that are fed.
            kwargs: ``feed_dict``, ``fetches``, ``options``, ``run_metadata`` for every call.

        Raises: ConfigError for names that are unknown, lists that do not fit the outputs, or no
            loss at all.
        """
        with self.in_graph():
            self.optimizer = optimizers.get(optimizer)
            self.loss = loss or []
            self.metrics = metrics or []
            self.loss_weights = loss_weights
            self.sample_weight_mode = sample_weight_mode
            self.weighted_metrics = weighted_metrics
            self._function_kwargs = kwargs
            if not self.built or not self.outputs:
                return  # the shapes come with the first data
            self._compile_outputs(loss, target_tensors)

    def _compile_outputs(self, loss, target_tensors):
        self._is_compiled = True
        outputs = compilation.compiled_outputs(
            self.output_names,
            self.outputs,
            self._output_masks(),
            loss,
            self.loss_weights,
            self.sample_weight_mode,
            target_tensors,
        )
        self._name_targets(outputs)
        self.total_loss, output_losses = compilation.total_loss(outputs, self.losses)
        self._record_metrics(outputs, output_losses)
        self.train_function = self.test_function = self.predict_function = None
        self._collected_trainable_weights = _in_order_of_training(self.trainable_weights)

    def _name_targets(self, outputs):
        self.loss_functions = [output.loss for output in outputs]
        self.targets = [output.target for output in outputs]
        self.sample_weights = [output.sample_weight for output in outputs]
        self.sample_weight_modes = [output.sample_weight_mode for output in outputs]
        fed = [output for output in outputs if output.is_fed]
        self._feed_targets = [output.target for output in fed]
        self._feed_outputs = [output.tensor for output in fed]
        self._feed_output_names = [output.name for output in fed]
        self._feed_output_shapes = [K.int_shape(output.tensor) for output in fed]
        self._feed_target_shapes = [output.target_shape() for output in fed]
        self._feed_loss_fns = [output.loss for output in fed]
        self._feed_sample_weights = [output.sample_weight for output in fed]
        self._feed_sample_weight_modes = [output.sample_weight_mode for output in fed]

    def _record_metrics(self, outputs, output_losses):
        record = compilation.MetricRecord(len(outputs), output_losses)
        record.add_all(outputs, self.metrics, self.weighted_metrics)
        record.add_tensors(self.added_metrics())
        self.metrics_names = record.names
        self.metrics_tensors = record.tensors
        self.metrics_updates = record.updates
        self.stateful_metric_names = record.stateful_names
        self.stateful_metric_functions = record.stateful_functions

    # ---- functions ------------------------------------------------------------------------------

    def _uses_dynamic_learning_phase(self):
        with self.in_graph():
            return self.uses_learning_phase and not phase.is_fixed()

    def _phase_inputs(self):
        return [K.learning_phase()] if self._uses_dynamic_learning_phase() else []

    def _function(self, inputs, outputs, updates, name):
        phase_inputs = self._phase_inputs()
        settings = getattr(self, "_function_kwargs", {})
        function = K.function(
            inputs + phase_inputs, outputs, updates=updates, name=name, **settings
        )
        function.takes_phase = bool(phase_inputs)
        return function

    def _fed_tensors(self):
        return self._feed_inputs + self._feed_targets + self._feed_sample_weights

    def _check_compiled(self):
        if self.optimizer is not None and self.outputs and not self._is_compiled and not self.loss:
            self._compile_outputs(None, None)  # all losses are added ones: no targets to wait for
        if not self._is_compiled:
            raise RuntimeError(
                "You must compile your model before using it: model.compile(optimizer, loss)."
            )

    def _check_trainable_weights_consistency(self):
        collected = getattr(self, "_collected_trainable_weights", None)
        if collected is not None and len(collected) != len(self.trainable_weights):
            warnings.warn(
                "Discrepancy between trainable weights and collected trainable weights, did you "
                "set `model.trainable` without calling `model.compile` after ?"
            )

    def _make_train_function(self):
        """Prepares the step of training, unless it is."""
        self._check_compiled()
        self._check_trainable_weights_consistency()
        with self.in_graph(), graph_state.state_of().lock:
            if self.train_function is None:
                self.train_function = self._new_train_function()

    def _new_train_function(self):
        outputs = [self.total_loss] + self.metrics_tensors
        with K.name_scope("training"):
            # What is reported is the loss before the step, also where a weight is read twice.
            with K.name_scope(type(self.optimizer).__name__), tf.control_dependencies(outputs):
                steps = self.optimizer.get_updates(
                    params=self._collected_trainable_weights, loss=self.total_loss
                )
            updates = self.updates + steps + self._metrics_updates_after_outputs()
            return self._function(self._fed_tensors(), outputs, updates, "train_function")

    def _metrics_updates_after_outputs(self):
        """As pairs, which a function assigns once its outputs are there: a metric gives its state
        before the batch with the batch, and its own operation could change the state first."""
        updates = self.metrics_updates
        return [tuple(each) if isinstance(each, Update) else each for each in updates]

    def _make_test_function(self):
        """Prepares the step of evaluation, unless it is."""
        self._check_compiled()
        with self.in_graph(), graph_state.state_of().lock:
            if self.test_function is None:
                self.test_function = self._function(
                    self._fed_tensors(),
                    [self.total_loss] + self.metrics_tensors,
                    self.state_updates + self._metrics_updates_after_outputs(),
                    "test_function",
                )

    def _make_predict_function(self):
        """Prepares prediction, unless it is; call it before ``graph.finalize()``."""
        if self._can_predict():
            return
        with self.in_graph(), graph_state.state_of().lock:
            if not self._can_predict():
                self.predict_function = self._function(
                    self._feed_inputs, self.outputs, self.state_updates, "predict_function"
                )
                self._predicted_outputs = self.outputs

    def _can_predict(self):
        # Layers may have been added since.
        return self.predict_function is not None and self._predicted_outputs is self.outputs

    def _get_callback_model(self):
        return getattr(self, "callback_model", None) or self

    # ---- one batch ------------------------------------------------------------------------------

    def train_on_batch(self, x, y, sample_weight=None, class_weight=None):
        """One step of training: the loss before it, or a list of loss and metrics."""
        with self.in_graph():
            values = self._standardize_user_data(x, y, sample_weight, class_weight)
            self._make_train_function()
            self._check_to_learn_from(y, values, "The batch")
            return self._called_on(self.train_function, values, 1.0)

    def test_on_batch(self, x, y, sample_weight=None):
        """The loss of one batch, or a list of loss and metrics."""
        with self.in_graph():
            values = self._standardize_user_data(x, y, sample_weight)
            self._make_test_function()
            self._check_to_learn_from(y, values, "The batch")
            return self._called_on(self.test_function, values, 0.0)

    def predict_on_batch(self, x):
        """The outputs for one batch: an array, or a list of arrays."""
        with self.in_graph():
            x, _, _ = self._standardize_user_data(x)
            self._make_predict_function()
            return self._called_on(self.predict_function, (x,), 0.0)

    def _called_on(self, function, parts, phase_value):
        values = [value for part in parts for value in part]
        return unpack_singleton(function(values + phase_values(function, phase_value)))

    # ---- all data -------------------------------------------------------------------------------

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose=1,
        callbacks=None,
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
        class_weight=None,
        sample_weight=None,
        initial_epoch=0,
        steps_per_epoch=None,
        validation_steps=None,
        validation_freq=1,
        max_queue_size=10,
        workers=1,
        use_multiprocessing=False,
        **kwargs,
    ):
        """Trains for some epochs.

        Args:
            x, y: array, list of arrays or dictionary of arrays by name; tensors; ``None`` where the
                model's inputs or targets are tensors. Or ``x`` alone: a dataset or iterator of
                ``tf.data`` with batches ``(x, y)`` or ``(x, y, sample_weight)``.
            batch_size: 32 if not given, and no step counts are.
            epochs: the number of the last epoch; ``initial_epoch`` is that of the first, from 0.
            verbose: 0 for nothing, 1 for a progress bar, 2 for a line each epoch.
            callbacks: list of :class:`tfkeras_compat.callbacks.Callback`.
            validation_split: the part of the samples, from the end, to validate with.
            validation_data: ``(x, y)`` or ``(x, y, sample_weight)`` to validate with instead, or a
                dataset or iterator.
            shuffle: whether the order changes each epoch; ``"batch"`` for files of arrays.
            class_weight: dictionary of weights by class number.
            sample_weight: array of weights, ``(samples,)`` or ``(samples, steps)``.
            steps_per_epoch, validation_steps: how many batches, if the data come from tensors.
                A dataset is used to its end if they are not given, in each epoch anew.
            validation_freq: after every how many epochs, or a collection of the epochs (from 1),
                there is a validation.
            max_queue_size, workers, use_multiprocessing: see ``fit_generator``, which this is if
                ``x`` is a generator or ``Sequence``.

        Returns a :class:`tfkeras_compat.callbacks.History`.
        Raises: RuntimeError before ``compile``; ShapeError for arrays that do not fit the model;
            ConfigError for arguments that do not go together.
        """
        course = {
            "epochs": arguments.renamed_epochs(epochs, kwargs),
            "initial_epoch": initial_epoch,
            "steps_per_epoch": steps_per_epoch,
            "shuffle": shuffle,
            "callbacks": callbacks,
            "verbose": verbose,
        }
        if is_generator_or_sequence(x):
            arguments.check_generator_arguments(y, sample_weight, validation_split, batch_size)
            return self.fit_generator(
                x,
                validation_data=validation_data,
                validation_steps=validation_steps,
                validation_freq=validation_freq,
                class_weight=class_weight,
                max_queue_size=max_queue_size,
                workers=workers,
                use_multiprocessing=use_multiprocessing,
                **course,
            )
        if x is None and y is None and steps_per_epoch is None:
            raise ConfigError(
                "If fitting from data tensors, you should specify the `steps_per_epoch` argument."
            )
        with self.in_graph():
            data = (x, y, sample_weight)
            validating = (validation_data, validation_split, validation_steps)
            batch_size, feed, validation = self._fed(
                data, class_weight, batch_size, steps_per_epoch, validating
            )
            validation_feed, validate = self._validation(
                validation, validation_data, batch_size, validation_steps, validation_freq
            )
            return loops.fit_loop(
                self,
                self.train_function,
                feed,
                batch_size=batch_size,
                validate=validate,
                validation_feed=validation_feed,
                **course,
            )

    def _fed(self, data, class_weight, batch_size, steps, validating):
        """The size of batches, what a training is fed, and the parts to validate with or
        ``None``."""
        (x, y, sample_weight), (validation_data, split, validation_steps) = data, validating
        if datasets.is_stream(x):
            datasets.check_arguments(y, sample_weight, split, batch_size)
            feed = self._stream_feed(x, "train", steps, "steps_per_epoch", class_weight)
            return batch_size, feed, self._validation_parts(validation_data, None)
        batch_size = self._validate_or_infer_batch_size(batch_size, steps)
        parts = self._standardize_user_data(
            x, y, sample_weight, class_weight, batch_size=batch_size
        )
        parts, validation = self._with_validation(parts, validation_data, split, batch_size)
        self._make_train_function()
        self._check_to_learn_from(y, parts, "The training data")
        self._check_validation_steps(validation, validation_data, steps, validation_steps)
        return batch_size, self._feed(self.train_function, parts, 1.0), validation

    def _feed(self, function, parts, phase_value):
        values = [value for part in parts for value in part]
        return loops.Feed(values, self._fed_tensors(), phase_values(function, phase_value))

    def _with_validation(self, parts, validation_data, validation_split, batch_size):
        """The parts of the data to train with, and those to validate with or ``None``."""
        if validation_data is not None and not _is_empty(validation_data):
            return parts, self._validation_parts(validation_data, batch_size)
        if not 0.0 < (validation_split or 0.0) < 1.0:
            return parts, None
        x = parts[0]
        if not x or any(K.is_tensor(each) for each in x):
            raise ConfigError(
                "If your data is in the form of symbolic tensors, you cannot use "
                "`validation_split`."
            )
        split_at = int(int(x[0].shape[0]) * (1.0 - validation_split))
        if split_at in (0, int(x[0].shape[0])):
            raise ConfigError(
                "validation_split=%s of %d samples leaves none to train or to validate with."
                % (validation_split, x[0].shape[0])
            )
        return (
            [loops.slice_arrays(list(part), 0, split_at) for part in parts],
            [loops.slice_arrays(list(part), split_at) for part in parts],
        )

    def _validation_parts(self, given, batch_size):
        """The parts of arrays to validate with; ``None`` if there are none, or for a dataset."""
        if given is None or datasets.is_stream(given) or _is_empty(given):
            return None
        if len(given) not in (2, 3):
            raise ConfigError(
                "When passing validation_data, it must contain 2 (x_val, y_val) or 3 (x_val, "
                "y_val, val_sample_weights) items, however it contains %d items" % len(given)
            )
        x, y, weights = (tuple(given) + (None,))[:3]
        try:
            parts = self._standardize_user_data(x, y, weights, batch_size=batch_size)
            self._check_to_learn_from(y, parts, "The array")
        except CompatError as error:
            raise type(error)("validation_data: %s" % error) from error
        return parts

    @staticmethod
    def _check_validation_steps(parts, given, steps_per_epoch, steps):
        if datasets.is_stream(given) or (parts is None and not steps):
            return
        if steps and steps_per_epoch is None:
            raise ConfigError(
                "Can only use `validation_steps` when doing step-wise training, i.e. "
                "`steps_per_epoch` must be set."
            )
        if steps_per_epoch and not steps:
            raise ConfigError(
                "Must specify `validation_steps` to perform validation when doing step-wise "
                "training."
            )

    def _validation(self, parts, given, batch_size, steps, frequency):
        """What the validation is fed, and the function of epoch and callbacks that runs it."""
        is_stream = datasets.is_stream(given)
        if parts is None and not steps and not is_stream:
            return None, None
        self._make_test_function()
        if is_stream:
            feed = self._stream_feed(given, "test", steps, "validation_steps")
            batch_size = None
        else:
            feed = self._feed(self.test_function, parts or (), 0.0)
            batch_size = self._validate_or_infer_batch_size(batch_size, steps)

        def validate(epoch, callbacks):
            if loops.should_run_validation(frequency, epoch):
                return loops.tested(
                    self, self.test_function, feed, batch_size, steps=steps, callbacks=callbacks
                )
            return None

        return None if is_stream else feed, validate

    def evaluate(
        self,
        x=None,
        y=None,
        batch_size=None,
        verbose=1,
        sample_weight=None,
        steps=None,
        callbacks=None,
        max_queue_size=10,
        workers=1,
        use_multiprocessing=False,
    ):
        """The average loss over all samples, or a list of it and the metrics (``metrics_names``).

        The arguments are those of :meth:`fit`; ``steps`` counts batches from tensors.
        """
        if is_generator_or_sequence(x):
            arguments.check_generator_arguments(y, sample_weight, batch_size=batch_size)
            return self.evaluate_generator(
                x, steps, callbacks, max_queue_size, workers, use_multiprocessing, verbose
            )
        if x is None and y is None and steps is None:
            raise ConfigError(
                "If evaluating from data tensors, you should specify the `steps` argument."
            )
        with self.in_graph():
            if datasets.is_stream(x):
                datasets.check_arguments(y, sample_weight, None, batch_size)
                feed = self._stream_feed(x, "test", steps, "steps")
            else:
                batch_size = self._validate_or_infer_batch_size(batch_size, steps)
                parts = self._standardize_user_data(x, y, sample_weight, batch_size=batch_size)
                self._make_test_function()
                self._check_to_learn_from(y, parts, "The data")
                feed = self._feed(self.test_function, parts, 0.0)
            return loops.test_loop(
                self,
                self.test_function,
                feed,
                batch_size,
                verbose,
                steps,
                callbacks,
            )

    def predict(
        self,
        x,
        batch_size=None,
        verbose=0,
        steps=None,
        callbacks=None,
        max_queue_size=10,
        workers=1,
        use_multiprocessing=False,
    ):
        """The outputs for all samples: an array, or a list of arrays, in test phase.

        Args:
            x: array, list of arrays or dictionary of arrays by name; ``None`` where the model's
                inputs are tensors, with ``steps`` counting batches.
            batch_size: 32 if neither it nor ``steps`` is given.

        The first call prepares the model, further ones do not change the graph: they work from any
        thread, under any default graph, and after ``graph.finalize()``.
        """
        if is_generator_or_sequence(x):
            arguments.check_generator_arguments(batch_size=batch_size)
            return self.predict_generator(
                x, steps, callbacks, max_queue_size, workers, use_multiprocessing, verbose
            )
        if x is None and steps is None:
            raise ConfigError(
                "If predicting from data tensors, you should specify the `steps` argument."
            )
        with self.in_graph():
            if datasets.is_stream(x):
                datasets.check_arguments(batch_size=batch_size)
                feed = self._stream_feed(x, "predict", steps, "steps")
            else:
                batch_size = self._validate_or_infer_batch_size(batch_size, steps)
                x, _, _ = self._standardize_user_data(x, batch_size=batch_size)
                self._make_predict_function()
                phase = phase_values(self.predict_function, 0.0)
                feed = loops.Feed(x, self._feed_inputs, phase)
            return loops.predict_loop(
                self, self.predict_function, feed, batch_size, verbose, steps, callbacks
            )


def _is_empty(validation_data):
    return isinstance(validation_data, (list, tuple)) and not validation_data


def _in_order_of_training(weights):
    """Weights as an optimizer is given them, which is the order of its state, too."""
    return sorted(weights, key=lambda weight: weight.name) if trait("trains_by_name") else weights
