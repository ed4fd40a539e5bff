"""How a model takes the batches of ``tf.data``."""

from typing import Any

from tfkeras_compat.engine.network import Network
from tfkeras_compat.training import datasets


class DatasetMethods(Network):
    """The part of ``fit``, ``evaluate`` and ``predict`` that connects datasets to placeholders."""

    optimizer: Any
    loss: Any
    _check_compiled: Any
    _compile_outputs: Any
    _fed_tensors: Any
    _feed_output_names: Any
    _feed_sample_weight_modes: Any
    _feed_target_shapes: Any
    _feed_targets: Any
    _is_compiled: Any

    def _stream(self, source, purpose):
        """The batches of a dataset or iterator: one for each purpose, as they may overlap."""
        streams = vars(self).setdefault("_streams", {})
        key = (id(source), purpose)  # holds the source, so that its id stays its own
        if key not in streams:
            streams[key] = datasets.Stream(source)
        return streams[key]

    def _stream_values(self, stream, purpose, class_weight):
        """The tensors of inputs, targets and weights, in the order of the placeholders."""
        x, y, weights = datasets.parts_of(stream.batch)
        values = datasets.matched(
            x, self._feed_input_names, self._feed_inputs, self._feed_input_shapes, "input"
        )
        if purpose == "predict":
            return values
        names = self._feed_output_names
        targets = datasets.matched(
            () if y is None else y, names, self._feed_targets, self._feed_target_shapes, "target"
        )
        modes = self._feed_sample_weight_modes
        return values + targets + datasets.weights_of(targets, weights, class_weight, names, modes)

    def _prepare_for_stream(self, stream, purpose):
        if not self.inputs:
            self.build(datasets.shapes_of(datasets.parts_of(stream.batch)[0]))
        if purpose != "predict" and not self._is_compiled and self.optimizer is not None:
            self._compile_outputs(self.loss or None, None)
        getattr(self, "_make_%s_function" % purpose)()

    def _stream_feed(self, source, purpose, steps, steps_name, class_weight=None):
        """What the function for a purpose is fed with, where ``tf.data`` makes the batches."""
        stream = self._stream(source, purpose)
        stream.check_steps(steps, steps_name)
        self._prepare_for_stream(stream, purpose)
        function = getattr(self, "%s_function" % purpose)
        tensors = self._feed_inputs if purpose == "predict" else self._fed_tensors()
        is_training = purpose == "train"
        return datasets.StreamFeed(
            stream,
            stream.values_for(
                (tensors, class_weight), lambda: self._stream_values(stream, purpose, class_weight)
            ),
            tensors,
            phase_values(function, 1.0 if is_training else 0.0),
            steps,
            steps_name,
            restarts=not is_training,
        )


def phase_values(function, value):
    """What the learning phase is fed in a call, in a list; nothing if the function takes none."""
    return [value] if getattr(function, "takes_phase", False) else []
