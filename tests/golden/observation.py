"""What can be seen of a case from outside: one function, run on the original and on ours.

``observe(keras, case)`` builds the case in a fresh graph and session and asks one question after
the other. An answer is a structure of plain JSON values, or a dictionary of arrays. A question
that fails is answered with the exception, so that one fault does not hide the other answers.
"""

import collections
import contextlib
import json
import zlib

import layer_cases
import numpy as np
import tensorflow.compat.v1 as tf

RUNS_OF_UPDATES = (1, 2, 10)

SCOPES_OF_OPERATIONS = ("while", "cond", "embedding_lookup")

# Keys of configurations that hold code of the running interpreter.
CODE = {"function", "output_shape", "mask", "module", "function_type", "output_shape_type"}


class Built:
    """A built case: the model, its session and what is fed."""

    def __init__(self, keras, case):
        self.keras, self.case, self.K = keras, case, keras.backend
        self.K.clear_session()
        with _scopes(case):
            inputs = [_input(keras, feed) for feed in case.feeds]
            outputs = case.build(keras, *inputs)
            self.variables = [v.name for v in tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES)]
            self.model = keras.models.Model(inputs, outputs)
        self.phase = self.K.learning_phase()
        self.outputs = list(self.model.outputs)

    def initialize(self):
        """Sets all weights to small random numbers, and gives the values they started with."""
        self.session = self.K.get_session()
        weights = self.model.weights
        values = self.K.batch_get_value(weights)
        random = np.random.RandomState(zlib.crc32(self.case.name.encode()) % 2**31)
        self.K.batch_set_value([(w, _small(random, w.shape.as_list(), w.name)) for w in weights])
        return zip(_names(weights), values)

    def feed(self, phase, batch=0):
        fed = dict(zip(self.model.inputs, layer_cases.arrays(self.case, batch)))
        fed[self.phase] = phase
        return fed

    @property
    def layer(self):
        """The layer that the case is about: the last."""
        return self.model.layers[-1]

    @property
    def uses_phase(self):
        return bool(self.model.uses_learning_phase)


@contextlib.contextmanager
def _scopes(case):
    names, variables = case.options["name_scope"], case.options["variable_scope"]
    if names:
        with tf.name_scope(names):
            yield
    elif variables:
        with tf.variable_scope(variables):
            yield
    else:
        yield


def _input(keras, feed):
    return keras.layers.Input(batch_shape=(feed.batch_size,) + feed.shape, dtype=feed.dtype)


def _small(random, shape, name):
    # Variances must be positive; all else may have either sign.
    return random.uniform(0.5, 1.5, shape) if "variance" in name else random.normal(0, 0.4, shape)


def _names(things):
    return [thing.name for thing in things]


# The questions ------------------------------------------------------------------------------------


def names(built):
    model = built.model
    return {
        "variables": built.variables,
        "phase": built.phase.name,
        "layers": _names(model.layers),
        "weights": [[w.name, list(w.shape.as_list())] for w in model.weights],
        "trainable": _names(model.trainable_weights),
        "non_trainable": _names(model.non_trainable_weights),
    }


def tensors(built):
    """The names of the outputs: recorded only, since operations are made by TensorFlow's taste."""
    return _names(built.outputs)


def scopes(built):
    """The names of the inputs, and the name scopes of the layers that gave the outputs."""
    return {
        "inputs": _names(built.model.inputs),
        "outputs": [_layer_scope(tensor.name) for tensor in built.outputs],
    }


def _layer_scope(name):
    parts = name.split("/")[:-1]
    while parts and parts[-1] in SCOPES_OF_OPERATIONS:
        parts.pop()
    return "/".join(parts)


def counts(built):
    model, layer = built.model, built.layer
    return {
        "parameters": model.count_params(),
        "of_layers": [each.count_params() for each in model.layers],
        "updates": len(model.updates),
        "losses": len(model.losses),
        "layer_updates": len(layer.updates),
        "stateful": bool(model.stateful),
        "uses_learning_phase": built.uses_phase,
        "supports_masking": [bool(each.supports_masking) for each in model.layers],
    }


def shapes(built):
    layer = built.layer
    return {
        "outputs": [built.K.int_shape(y) for y in built.outputs],
        "keras_shapes": [y._keras_shape for y in built.outputs],
        "model": [built.model.input_shape, built.model.output_shape],
        "computed": built.model.compute_output_shape(built.model.input_shape),
        "of_layer": layer.get_output_shape_at(0),
        "dtypes": [built.K.dtype(y) for y in built.outputs],
    }


def config(built):
    return without_code(built.model.get_config())


def round_trip(built):
    model = type(built.model).from_config(built.model.get_config(), _known_functions())
    return without_code(model.get_config()) == config(built)


def summary(built):
    lines = []
    if built.case.options["summary"]:
        built.model.summary(print_fn=lines.append)
    return "\n".join(lines).split("\n")


def initial(built):
    """Values that are the same at every start: of biases and of all that is one per feature."""
    return {name: value for name, value in built.initialize() if value.ndim == 1 or "bias" in name}


def order_of_values(built):
    """The names of the weights whose values get_weights gives, in its order.

    set_weights puts the values back, which must change nothing that follows.
    """
    values = built.model.get_weights()
    built.model.set_weights(values)
    by_value = {
        value.tobytes(): weight.name
        for weight, value in zip(built.model.weights, built.K.batch_get_value(built.model.weights))
    }
    return [by_value[value.tobytes()] for value in values]


def outputs(built):
    if built.case.options["stateful"]:
        return _stateful_outputs(built)
    phases = (0,) if built.case.options["random"] else (0, 1)
    return _numbered(
        {"phase%d" % phase: built.session.run(built.outputs, built.feed(phase)) for phase in phases}
    )


def _stateful_outputs(built):
    updates = [
        update
        for layer in built.model.layers
        if getattr(layer, "stateful", False)
        for update in layer.updates
    ]
    step = built.K.function(built.model.inputs, built.outputs, updates=updates)
    first, second = (layer_cases.arrays(built.case, batch) for batch in (0, 1))
    found = collections.OrderedDict([("first", step(first)), ("second", step(second))])
    found["states"] = built.K.batch_get_value(built.layer.states)
    built.model.reset_states()
    found["after_reset"] = step(first)
    return _numbered(found)


def masks(built):
    found = {}
    for number, tensor in enumerate(built.outputs):
        layer, node = tensor._keras_history[:2]
        for place, mask in enumerate(_list(layer.get_output_mask_at(node))):
            if mask is not None:
                found["%d.%d" % (number, place)] = built.session.run(mask, built.feed(0)).astype(
                    "float32"
                )
    return found


def losses(built):
    # The original keeps them in a set, in no order.
    return _numbered({"losses": sorted(built.session.run(list(built.model.losses), built.feed(0)))})


def gradients(built):
    if not built.case.options["gradients"]:
        return {}
    K = built.K
    loss = sum(K.sum(K.square(y)) for y in built.outputs)
    weights = built.model.trainable_weights
    found = built.session.run(K.gradients(loss, weights), built.feed(int(built.uses_phase)))
    return {w.name: _dense(value, w.shape.as_list()) for w, value in zip(weights, found)}


def _dense(gradient, shape):
    if not hasattr(gradient, "indices"):
        return gradient
    dense = np.zeros(shape, "float32")
    np.add.at(dense, gradient.indices, gradient.values)
    return dense


def statistics(built):
    """The moving statistics after runs of the updates, fed with other batches in phase 1."""
    found = {}
    if built.case.options["updates"]:
        for run in range(1, max(RUNS_OF_UPDATES) + 1):
            _run_updates(built, built.feed(1, batch=run))
            if run in RUNS_OF_UPDATES:
                found["%02d" % run] = built.K.batch_get_value(built.model.non_trainable_weights)
    return _numbered(found)


def _run_updates(built, feed):
    # Mean and variance of one call together; those of the next call change the same variables.
    updates = list(built.model.updates)
    for first in range(0, len(updates), 2):
        built.session.run(updates[first : first + 2], feed)


def _numbered(lists):
    return {
        "%s.%d" % (name, number): np.asarray(value)
        for name, values in lists.items()
        for number, value in enumerate(values)
    }


def _list(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _known_functions():
    return {name: value for name, value in vars(layer_cases).items() if callable(value)}


def without_code(config):
    """The configuration as JSON gives it back, without the functions of Lambda layers."""
    return _strip(_as_json(config))


def _as_json(answer):
    return json.loads(json.dumps(answer, default=_plain))


def _plain(value):
    return value.item() if isinstance(value, np.generic) else value.tolist()


def _strip(value, inside_lambda=False):
    if isinstance(value, list):
        return [_strip(each, inside_lambda) for each in value]
    if not isinstance(value, dict):
        return value
    is_lambda = value.get("class_name") == "Lambda"
    return {
        key: _strip(each, is_lambda and key == "config")
        for key, each in value.items()
        if not (inside_lambda and key in CODE)
    }


# In this order: names first, then what adds to the graph; the statistics change the weights and com

QUESTIONS = (
    names,
    tensors,
    scopes,
    counts,
    shapes,
    config,
    summary,
    initial,
    order_of_values,
    outputs,
    masks,
    losses,
    gradients,
    statistics,
    round_trip,
)
NUMBERS = (initial, outputs, masks, losses, gradients, statistics)  # answered with arrays
FACTS = tuple(question for question in QUESTIONS if question not in NUMBERS)


def observe(keras, case):
    """All answers of one case, by the question's name."""
    built = Built(keras, case)
    answers = collections.OrderedDict()
    for question in QUESTIONS:
        try:
            answer = question(built)
            answers[question.__name__] = answer if question in NUMBERS else _as_json(answer)
        except Exception as error:  # kept, and raised by whoever asks for this answer
            answers[question.__name__] = error
    return answers
