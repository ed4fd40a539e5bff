"""The operations that summarize a model: histograms and images of its weights, gradients and
outputs, under the tags of Keras 2.2.5."""

import functools

from tfkeras_compat import _tf
from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.state.graph import at_root
from tfkeras_compat.state.structures import contains, unique

_MADE = "_tensorboard_operations"


def made_once(model, key, make):
    """What ``make()`` gave for this model the first time: a second training adds no operations, and
    goes on under the same tags."""
    made = vars(model).setdefault(_MADE, {})
    if key not in made:
        with at_root(model.graph):
            made[key] = make()
    return made[key]


def merged(model, write_grads=False, write_images=False):
    """One string tensor of all summaries: the model's, and those that the user's own code has put
    into the graph's collection of summaries and that can be computed from what ``fit`` feeds.

    The model's are not put into that collection: ``tf.summary.merge_all()`` of the user's code, or
    another model's training, would have to feed this model.
    """
    unknown = _undetermined(model)
    gradients = _gradients(model) if write_grads else {}
    summaries = []
    for layer in model.layers:  # in the original's order: tags get numbers where two are the same
        summaries += _of_weights(model, layer, gradients, write_images)
        summaries += _of_outputs(model, layer, unknown)
    summaries += [
        each
        for each in tf.get_collection(tf.GraphKeys.SUMMARIES)
        if _tf.is_tensor(each) and each.op.name not in unknown
    ]
    summaries = unique(summaries)  # a layer may belong to the model and to one nested in it
    key = ("merged",) + tuple(each.name for each in summaries)
    return made_once(model, key, lambda: tf.summary.merge(summaries, collections=[]))


def _of_weights(model, layer, gradients, write_images):
    for weight in layer.weights:
        yield _histogram(model, _tag(weight), weight)
        if contains(layer.trainable_weights, weight) and weight.name in gradients:
            yield _histogram(model, _tag(weight) + "_grad", gradients[weight.name])
        if write_images and weight.dtype.is_floating:
            image = made_once(model, ("image", weight.name), functools.partial(_image, weight))
            if image is not None:
                yield image


def _of_outputs(model, layer, unknown):
    for tag, output in _outputs(layer):
        values = _dense(output)
        is_number = values.dtype.is_floating or values.dtype.is_integer
        if is_number and values.op.name not in unknown:
            yield _histogram(model, tag, values)


def _tag(weight):
    return weight.name.replace(":", "_")


def _histogram(model, tag, tensor):
    return made_once(
        model,
        ("histogram", tag, tensor.name),
        lambda: tf.summary.histogram(tag, tensor, collections=[]),
    )


def _gradients(model):
    """The gradients that training applies, clipped as it clips them, by name of the weight."""
    weights = {w.name: w for layer in model.layers for w in layer.trainable_weights}

    def make():
        loss, names = model.total_loss, list(weights)
        return dict(zip(names, model.optimizer.get_gradients(loss, list(weights.values()))))

    return made_once(model, ("gradients", model.total_loss.name) + tuple(weights), make)


# ---- outputs ------------------------------------------------------------------------------------


def _outputs(layer):
    """``(tag, tensor)`` of a layer's outputs, if it has exactly one call."""
    output = getattr(layer, "output", None)
    if isinstance(output, (list, tuple)):
        return [("%s_out_%d" % (layer.name, number), each) for number, each in enumerate(output)]
    return [] if output is None else [("%s_out" % layer.name, output)]


def _dense(tensor):
    return tensor.values if K.is_sparse(tensor) else tensor


def _parts(tensor):
    is_sparse = K.is_sparse(tensor)
    return [tensor.indices, tensor.values, tensor.dense_shape] if is_sparse else [tensor]


def _undetermined(model):
    """Names of the operations that need a placeholder which a training of the model does not feed:
    those of other models, or of a nested one by itself.

    Operations are listed in the order in which they were made, after those that they need; only the
    way back in a loop runs against it, and what matters enters a loop at its beginning.
    """
    fed = {part.op.name for x in model._fed_tensors() for part in _parts(x)}
    unknown = set()
    for op in model.graph.get_operations():
        if op.name in fed:
            continue
        needed = [x.op for x in op.inputs] + list(op.control_inputs)
        if op.type == "Placeholder" or any(each.name in unknown for each in needed):
            unknown.add(op.name)
    return unknown


# ---- images -------------------------------------------------------------------------------------


def _image(weight):
    """A summary of a weight as grey images, or ``None`` if it has too many axes for that."""
    values = tf.squeeze(weight)
    shape_as_images = _AS_IMAGES.get(K.ndim(values))
    if shape_as_images is None:
        return None
    return tf.summary.image(_tag(weight), shape_as_images(values), collections=[])


def _row(values):
    return tf.reshape(values, [1, -1, 1, 1])


def _matrix(values):
    """A matrix lying on its side: the longer axis runs from left to right."""
    rows, columns = K.int_shape(values)
    if rows > columns:
        values, rows, columns = tf.transpose(values), columns, rows
    return tf.reshape(values, [1, rows, columns, 1])


def _kernels(values):
    """One image for each of the last axis, or of the first where channels come first."""
    if K.image_data_format() == "channels_last":
        values = tf.transpose(values, [2, 0, 1])
    return tf.expand_dims(values, -1)


_AS_IMAGES = {1: _row, 2: _matrix, 3: _kernels}
