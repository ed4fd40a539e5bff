"""``tensorflow.tools.graph_transforms``: a graph made smaller for inference."""

import re

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError


def TransformGraph(input_graph_def, inputs, outputs, transforms):  # noqa: N802
    """The graph after some transforms, given as text: ``"remove_nodes(op=Identity)"``.

    Offered are ``strip_unused_nodes``, ``remove_nodes(op=...)`` for ``Identity`` and
    ``CheckNumerics``, ``sort_by_execution_order`` and ``remove_device``. Those that only make a
    graph faster (``fold_constants``, ``fold_batch_norms``, ``merge_duplicate_nodes``) are left out
    with a message: TensorFlow does the like itself when a graph is run.

    Raises: ConfigError for a transform that would change what the graph computes.
    """
    graph_def = tf.GraphDef()
    graph_def.CopyFrom(input_graph_def)
    for each in transforms:
        name = each.partition("(")[0].strip()
        if name in _BY_THE_RUNTIME:
            tf.logging.info("TransformGraph: %s is left to TensorFlow.", name)
            continue
        if name not in _TRANSFORMS:
            raise ConfigError(
                "TransformGraph: %r is not offered; found in %s. Offered are %s. To quantize, use "
                "tf.lite.TFLiteConverter." % (name, transforms, ", ".join(sorted(_TRANSFORMS)))
            )
        removed = re.findall(r"op\s*=\s*(\w+)", each)
        graph_def = _TRANSFORMS[name](graph_def, removed, [_node(output) for output in outputs])
    return graph_def


def _node(tensor):
    return tensor.lstrip("^").partition(":")[0]


def _strip(graph_def, removed, outputs):
    return tf.graph_util.extract_sub_graph(graph_def, outputs)


def _remove_nodes(graph_def, removed, outputs):
    return tf.graph_util.remove_training_nodes(graph_def, protected_nodes=outputs)


def _remove_device(graph_def, removed, outputs):
    for node in graph_def.node:
        node.device = ""
    return graph_def


_TRANSFORMS = {
    "remove_device": _remove_device,
    "remove_nodes": _remove_nodes,
    "sort_by_execution_order": _strip,
    "strip_unused_nodes": _strip,
}
_BY_THE_RUNTIME = {
    "flatten_atrous_conv",
    "fold_batch_norms",
    "fold_constants",
    "fold_old_batch_norms",
    "fuse_resize_and_conv",
    "fuse_resize_pad_and_conv",
    "merge_duplicate_nodes",
    "remove_attribute",
}
