"""Models as single graphs whose weights are constants, and as files of TensorFlow Lite."""

import contextlib

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.network import Network
from tfkeras_compat.errors import GraphError
from tfkeras_compat.saving.config import classes_in, model_from_config
from tfkeras_compat.serving.inference import for_inference, quiet
from tfkeras_compat.state.registry import serialize


def frozen_graph(model, fixed=None, session=None, unroll=False):
    """The ``GraphDef`` of a model with constants for its weights and for the learning phase 0.

    Inputs and outputs keep the names of their tensors, ``model.input.name`` and
    ``model.output.name``; unrolled, they have the names of the model's layers. The first arguments
    are those of :func:`for_inference`.

    Args: ``unroll`` repeats the step of recurrent layers instead of a loop, for programs that know
    no loops. The number of steps must be known.
    Raises: GraphError as :func:`for_inference`, and for what can not be unrolled.

    >>> from tfkeras_compat.layers import Dense, Dropout
    >>> from tfkeras_compat.models import Sequential
    >>> from tfkeras_compat.serving import frozen_graph
    >>> model = Sequential([Dense(2, input_shape=(3,)), Dropout(0.5)])
    >>> sorted(node.op for node in frozen_graph(model).node if node.name.startswith("dense_1/"))
    ['BiasAdd', 'Const', 'Const', 'Identity', 'Identity', 'MatMul']
    """
    with _with_or_without_loops(model, unroll, session) as (model, session):
        with for_inference(model, fixed, session) as inference:
            return _frozen(inference)


def tf_lite_model(model, fixed=None, session=None, unroll=True):
    """The bytes of a model for TensorFlow Lite; inputs and outputs have the order of the model's.

    The arguments are those of :func:`frozen_graph`. Recurrent layers are unrolled unless told
    otherwise, since TensorFlow Lite does not have the loops of TensorFlow 1.
    Raises: GraphError as :func:`frozen_graph`; ConverterError of TensorFlow for operations that
    TensorFlow Lite does not have.
    """
    with _with_or_without_loops(model, unroll and _has_loops(model), session) as (model, session):
        with for_inference(model, fixed, session) as inference:
            definition = _frozen(inference)
            names = [_names(each) for each in (inference.inputs, inference.outputs)]
    with tf.Graph().as_default(), tf.Session() as session, quiet():
        tf.import_graph_def(definition, name="")
        tensors = [list(map(session.graph.get_tensor_by_name, each)) for each in names]
        return tf.lite.TFLiteConverter.from_session(session, *tensors).convert()


def _names(tensors):
    return [tensor.name for tensor in tensors.values()]


def _frozen(inference):
    names = [tensor.op.name for tensor in inference.outputs.values()]
    with quiet():
        definition = tf.graph_util.convert_variables_to_constants(
            inference.session, inference.graph.as_graph_def(), names
        )
    for node in list(definition.node):
        if node.op == "ClipByValue":
            _spell_out_clip(definition, node)
    return definition


def _spell_out_clip(definition, node):
    """Converters to other formats know the two operations that clipping consists of."""
    x, low, high = node.input[:3]
    raised = definition.node.add(name=node.name + "/raised", op="Maximum", input=[x, low])
    raised.attr["T"].CopyFrom(node.attr["T"])
    node.op = "Minimum"
    node.input[:3] = [raised.name, high]


# ---- loops --------------------------------------------------------------------------------------


def _has_loops(model):
    return isinstance(model, Network) and "'unroll': False" in repr(serialize(model))


@contextlib.contextmanager
def _with_or_without_loops(model, unroll, session):
    if not unroll:
        yield model, session
        return
    if not isinstance(model, Network) or not model._is_graph_network:
        raise GraphError(
            "Only a functional or Sequential model can be unrolled, not %r." % (model,)
        )
    config, classes = _unrolled(serialize(model)), classes_in(model)
    values = _values(model, session)
    with tf.Graph().as_default(), tf.Session() as own:
        clone = model_from_config(config, classes, safe_mode=False)
        clone.set_weights(values)
        yield clone, own


def _values(model, session):
    weights = [weight for layer in model.layers for weight in layer.weights]
    return K.batch_get_value(weights) if session is None else session.run(weights)


def _unrolled(config):
    """A configuration in which every recurrent layer is unrolled."""
    if isinstance(config, dict):
        return {key: key == "unroll" or _unrolled(value) for key, value in config.items()}
    if isinstance(config, (list, tuple)):
        return [_unrolled(value) for value in config]
    return config
