"""Updates, losses and metrics of a layer's calls: added to the records of the calls, and asked of
them."""

from typing import Any, Callable, List, Optional

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.state import ledger
from tfkeras_compat.state.ledger import Record
from tfkeras_compat.state.structures import to_list, unique


class Recorded:
    """Something with a record of each call, and one of what depends on no call."""

    name: str
    trainable: Any
    stateful: bool
    _records: List[Any]
    _records_of_no_call: List[Any]
    _unconditional: Record
    _sublayers: Callable[[], Any]
    _always_uses_learning_phase = False

    def add_update(self, updates: Any, inputs: Any = None) -> None:
        """Adds updates to the record of the call on ``inputs``, or to the unconditional ones.

        An update is a ``(variable, new_value)`` pair, an ``Update`` or an operation.
        """
        updates = [K.update(*item) if isinstance(item, tuple) else item for item in _given(updates)]
        self._record_for(inputs).updates += updates
        if self._has_updates and not ledger.is_inside_frozen():
            for item in updates:
                ledger.publish_update(item)

    def add_loss(self, losses: Any, inputs: Any = None) -> None:
        """Adds loss tensors to the record of the call on ``inputs``, or to the unconditional
        ones.

        A function without arguments is called when the losses are first asked for: the weights may
        come later. ``inputs=True`` stands for those of the call that is running.
        """
        running = ledger.innermost()
        if inputs is True:
            inputs = running.inputs if running is not None and running.layer is self else None
        record = self._record_for(inputs)
        record.losses += _given(losses)
        if record is not self._unconditional:
            self._make_losses(record)
        for loss in record.losses:
            ledger.publish(tf.GraphKeys.REGULARIZATION_LOSSES, loss)

    @staticmethod
    def _make_losses(record: Record) -> None:
        """Calls what stands for a loss to be made, and publishes all."""
        record.losses[:] = [loss() if callable(loss) else loss for loss in record.losses]
        for loss in record.losses:
            ledger.publish(tf.GraphKeys.REGULARIZATION_LOSSES, loss)

    def add_metric(
        self, value: Any, aggregation: Optional[str] = None, name: Optional[str] = None
    ) -> None:
        """Adds a tensor to what is reported in training and evaluation, under a name.

        Args:
            value: a scalar; with ``aggregation="mean"`` a tensor of any shape.
            aggregation: ``"mean"`` for the mean over all elements.
            name: in logs and ``metrics_names``. Required.
        Of a model, before ``compile``; of a layer, in its ``call``, or of its weights.
        Raises: ConfigError without a name, for another aggregation, or for no scalar.
        """
        if name is None:
            raise ConfigError(
                "%s: please provide a name for the metric, as in "
                "add_metric(x, name='mean_activation', aggregation='mean')." % self.name
            )
        if aggregation not in (None, "mean"):
            raise ConfigError(
                "%s: the aggregation of metric %s should be 'mean' or None, found %r."
                % (self.name, name, aggregation)
            )
        if not K.is_tensor(value):
            raise ConfigError(
                "%s: metric %s should be a tensor, found %r." % (self.name, name, value)
            )
        if aggregation is None and K.ndim(value) != 0:
            raise ConfigError(
                "%s: metric %s has shape %s; give a scalar, or aggregation='mean'."
                % (self.name, name, K.int_shape(value))
            )
        running = ledger.innermost()
        is_running = running is not None and running.layer is self
        record: Any = running if is_running else self._unconditional
        record.metrics.append((name, value if aggregation is None else K.mean(value)))

    def _record_for(self, inputs: Any) -> Any:
        if inputs is None or inputs == []:
            return self._unconditional
        running = ledger.innermost()
        if running is not None and running.layer is self and running.is_for(inputs):
            return running
        return self._earlier_record(inputs) or self._new_record(inputs)

    def _earlier_record(self, inputs: Any) -> Any:
        return next((record for record in reversed(self._records) if record.is_for(inputs)), None)

    def _new_record(self, inputs: Any) -> Any:
        # The layer was not called but its `call` was, by a wrapper: the record becomes part of the
        # wrapper's.
        record = Record(self, inputs)
        self._keep(record)
        caller = ledger.innermost()
        (self._records_of_no_call if caller is None else caller.children).append(record)
        return record

    def _keep(self, record: Record) -> None:
        if not ledger.is_discarding():
            self._records.append(record)

    def _added_below(self) -> Any:
        """The records of what was added to sublayers outside of any call."""
        return [
            record
            for layer in self._sublayers()
            for record in layer._records_of_no_call + layer._added_below()
        ]

    def _collected(self, kind: str, records: Any) -> Any:
        if kind == "updates" and not self._has_updates:
            return []
        return [item for record in records for item in record.collect(kind)]

    def _unconditional_of(self, kind: str) -> Any:
        if kind == "losses":
            self._make_losses(self._unconditional)
        found = self._unconditional.collect(kind)
        return found + [
            item for layer in self._sublayers() for item in layer._unconditional_of(kind)
        ]

    def _recorded(self, kind: str) -> Any:
        records = self._records + self._added_below()
        return unique(self._unconditional_of(kind) + self._collected(kind, records))

    def _recorded_for(self, kind: str, inputs: Any) -> Any:
        if inputs is None:
            return self._unconditional_of(kind)
        records = [each for each in self._records + self._added_below() if each.is_for(inputs)]
        return unique(self._collected(kind, records))

    @property
    def _has_updates(self) -> Any:
        return bool(self.trainable or self.stateful)

    def _publish_updates(self, allowed: Any) -> None:
        """Enters this layer's updates and those of its sublayers in ``UPDATE_OPS``, or takes them
        out if frozen."""
        allowed = allowed and self._has_updates
        enter = ledger.publish_update if allowed else ledger.retract_update
        for record in [self._unconditional] + self._records:
            for item in record.updates:
                enter(item)
        for layer in self._sublayers():
            layer._publish_updates(allowed)

    @property
    def updates(self) -> Any:
        """All updates of all calls: each a pair and an operation."""
        return self._recorded("updates")

    @property
    def losses(self) -> Any:
        """All regularization and activity losses of all calls."""
        return self._recorded("losses")

    def get_updates_for(self, inputs: Any = None) -> Any:
        """The updates of the calls on ``inputs``; with ``None`` those that depend on no inputs."""
        return self._recorded_for("updates", inputs)

    def get_losses_for(self, inputs: Any = None) -> Any:
        """The losses of the calls on ``inputs``; with ``None`` those that depend on no inputs."""
        return self._recorded_for("losses", inputs)

    @property
    def uses_learning_phase(self) -> Any:
        """Whether the result of any call depends on the learning phase. May be set, as Keras 1
        layers did."""
        return self._always_uses_learning_phase or any(
            record.uses_learning_phase for record in self._records
        )

    @uses_learning_phase.setter
    def uses_learning_phase(self, value: Any) -> None:
        self._always_uses_learning_phase = value


def _given(values: Any) -> Any:
    """What was given to ``add_update`` or ``add_loss`` as a list: one item, a list of them, or
    ``None``."""
    return [] if values is None else list(to_list(values))
