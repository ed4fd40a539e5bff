"""How a model takes arrays and tensors, and what it learns of its inputs from the first of them."""

from typing import Any

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat.engine.network import Network
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.state.structures import to_list, unpack_singleton
from tfkeras_compat.training import arguments, data


class ArrayMethods(Network):
    """The part of ``fit``, ``evaluate`` and ``predict`` that brings arrays into order."""

    optimizer: Any
    loss: Any
    _compile_outputs: Any
    _feed_loss_fns: Any
    _feed_output_names: Any
    _feed_output_shapes: Any
    _feed_sample_weight_modes: Any
    _feed_target_shapes: Any
    _is_compiled: Any
    _is_running_build = False

    # ---- models that define `call` themselves ---------------------------------------------------

    def build(self, input_shape=None):
        """Makes the weights of a model that defines ``call``, before its first data are there.

        Args:
            input_shape: with the batch axis, as in ``(None, 3)``; a list of them for several
                inputs.
        """
        if self._is_graph_network or self._is_running_build or self.inputs or input_shape is None:
            self.built = True
            return
        shapes = input_shape if isinstance(input_shape, list) else [input_shape]
        self.built = True  # by whoever called this
        with self.in_graph():
            self._set_inputs([K.placeholder(shape) for shape in shapes])

    def _ensure_built(self, inputs):
        if not self.built:
            self._build_as_user_does(to_list(inputs))
        super()._ensure_built(inputs)

    def _build_as_user_does(self, inputs):
        """Runs a ``build`` that a subclass defines; ours would only run ``call`` once more."""
        if self.built:
            return
        self._is_running_build = True
        try:
            self.build(unpack_singleton([K.int_shape(x) for x in inputs]))
        finally:
            self._is_running_build = False
        self.built = True

    # ---- data -----------------------------------------------------------------------------------

    def _set_inputs(self, inputs):
        """Makes placeholders like the arrays, or takes the tensors, and calls the model on them.

        Models that define ``call`` themselves know their inputs only from the first data.
        Raises: ConfigError if the model has inputs.
        """
        if self.inputs:
            raise ConfigError("Model inputs are already set: %s." % (self.inputs,))
        inputs = to_list(inputs, allow_tuple=True)
        self.input_names = ["input_%d" % number for number in range(1, len(inputs) + 1)]
        self.inputs = [_placeholder(*each) for each in zip(inputs, self.input_names)]
        fed = [(x, name) for x, name in zip(self.inputs, self.input_names) if K.is_placeholder(x)]
        self._feed_inputs = [x for x, _ in fed]
        self._feed_input_names = [name for _, name in fed]
        self._feed_input_shapes = [K.int_shape(x) for x in self._feed_inputs]
        try:
            self._build_as_user_does(self.inputs)
            self._call_on_own_inputs()
        except BaseException:
            self.inputs, self.built = None, False  # so that a second attempt begins anew
            raise
        self.output_names = ["output_%d" % number for number in range(1, len(self.outputs) + 1)]
        self.built = True

    def _prepare_for(self, x, y):
        """Builds and compiles a model that waited for the first data to do so."""
        if not self.inputs:
            arguments.check_arrays(x, "inputs")
            self._set_inputs(x)
        if y is None:
            return
        if self.optimizer is None:
            raise RuntimeError(
                "You must compile a model before training/testing. "
                "Use `model.compile(optimizer, loss)`."
            )
        if not self._is_compiled:
            arguments.check_arrays(y, "targets")
            tensors = [each for each in to_list(y, allow_tuple=True) if K.is_tensor(each)]
            self._compile_outputs(self.loss or None, tensors or None)

    def _standardize_user_data(
        self,
        x,
        y=None,
        sample_weight=None,
        class_weight=None,
        check_array_lengths=True,
        batch_size=None,
    ):
        """Lists of arrays: inputs, targets and weights, in the order of the placeholders."""
        self._prepare_for(x, y)
        if arguments.is_tensor_data(x) and not self._feed_inputs:
            return [], [], []
        is_graph = self._is_graph_network
        x = data.standardize_input_data(
            x,
            self._feed_input_names,
            self._feed_input_shapes if is_graph else None,
            check_batch_axis=False,
            exception_prefix="input",
        )
        arguments.check_given(x, self._feed_input_names, "input")
        targets, weights = [], []
        if y is not None:
            targets, weights = self._standardize_targets(y, sample_weight, class_weight)
            if check_array_lengths:
                data.check_array_length_consistency(x, targets, weights)
        self._check_stateful_batches(x, batch_size)
        return x, targets, weights

    def _standardize_targets(self, y, sample_weight, class_weight):
        names, shapes = self._feed_output_names, self._feed_target_shapes
        y = data.standardize_input_data(
            y,
            names,
            shapes if self._is_graph_network else None,
            check_batch_axis=False,
            exception_prefix="target",
        )
        arguments.check_given(y, names, "target")
        if self._is_graph_network:
            data.check_loss_and_target_compatibility(
                y, self._feed_loss_fns, self._feed_output_shapes
            )
        weights = [
            data.standardize_weights(*each)
            for each in zip(
                y,
                data.weights_by_output(sample_weight, names, "sample_weight"),
                data.weights_by_output(class_weight, names, "class_weight"),
                self._feed_sample_weight_modes,
            )
        ]
        return y, weights

    def _check_to_learn_from(self, y, parts, role):
        if parts[0] or y is not None or not self._feed_inputs:
            arguments.check_targets_given(parts[1] or y, self._feed_output_names)
        arguments.check_samples(parts[0], role)

    def _check_stateful_batches(self, x, batch_size):
        if self.stateful and batch_size and x and x[0].shape[0] % batch_size != 0:
            raise ShapeError(
                "In a stateful network, you should only pass inputs with a number of samples that "
                "can be divided by the batch size (%d). Found: %s samples"
                % (batch_size, x[0].shape[0])
            )

    def _validate_or_infer_batch_size(self, batch_size, steps):
        """The batch size: as given, as the inputs have it, or 32."""
        arguments.check_counts(batch_size=batch_size, steps=steps)
        fixed = K.int_shape(self.inputs[0])[0] if self.inputs else None
        if fixed is not None:
            if batch_size is not None and batch_size != fixed:
                raise ConfigError(
                    "The `batch_size` argument value %s is incompatible with the specified batch "
                    "size of your Input Layer: %s" % (batch_size, fixed)
                )
            if steps is None:
                return fixed
        return 32 if batch_size is None and steps is None else batch_size


def _placeholder(value, name):
    if K.is_tensor(value):
        return value
    value = np.asarray(value)
    return K.placeholder((None,) + value.shape[1:], name=name)
