"""The operation that a training step runs."""

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf


def with_updates(train_op):
    """``train_op`` together with the updates of the layers in its graph.

    The moving statistics of a batch normalization are updated without being asked for. Where the
    model function already made the training depend on them nothing changes: an operation runs once
    in a step. Updates inside loops and branches can not be asked for and are left out, and so are
    those of a model's own inputs, where the training is about a later call of the model.
    """
    updates = [
        element
        for element in tf.get_collection(tf.GraphKeys.UPDATE_OPS)
        if not _tf.in_body(getattr(element, "op", element))
    ]
    unfed = _after_placeholders_unknown_to(getattr(train_op, "op", train_op)) if updates else ()
    updates = [element for element in updates if getattr(element, "op", element) not in unfed]
    if not updates:
        return train_op
    return tf.group(train_op, *updates, name="train_op_with_updates")


def _after_placeholders_unknown_to(train_op):
    """The operations that need a placeholder which the training does not need: nobody feeds it."""
    known = before([train_op])
    placeholders = [op for op in train_op.graph.get_operations() if op.type == "Placeholder"]
    return _reached([op for op in placeholders if op not in known], _tf.behind)


def _reached(operations, neighbours):
    found, waiting = set(operations), list(operations)
    while waiting:
        new = [op for op in neighbours(waiting.pop()) if op not in found]
        found.update(new)
        waiting += new
    return found


def before(operations):
    """The operations themselves, and all that run before them."""
    return _reached(operations, _needed_by)


def _needed_by(op):
    return [tensor.op for tensor in op.inputs] + list(op.control_inputs)
