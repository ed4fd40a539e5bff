"""``tf.contrib.predictor``: functions from arrays to arrays, out of exports and Estimators."""

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, ShapeError, WrongKeysError
from tfkeras_compat.estimator.mode_keys import ModeKeys
from tfkeras_compat.saving import graph_safety
from tfkeras_compat.tensorflow import offered

_SERVING = tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY
_FIRST_GENERATION = "default_input_alternative:%s"


class Predictor:
    """A session with the names of what is fed and fetched; called with a dictionary of arrays."""

    def __init__(self, graph, session, feed_names, fetch_names):
        self.graph, self.session = graph, session
        self.feed_tensors = {k: _tensor(graph, v) for k, v in feed_names.items()}
        self.fetch_tensors = {k: _tensor(graph, v) for k, v in fetch_names.items()}

    def __call__(self, input_dict):
        """The fetched arrays by name.

        Raises: ConfigError for a key that nothing is fed by, ShapeError for what does not fit.
        """
        unexpected = set(input_dict) - set(self.feed_tensors)
        if unexpected:
            raise ConfigError(
                "Got unexpected keys in input_dict: %s; expected: %s."
                % (sorted(unexpected), sorted(self.feed_tensors))
            )
        feeds = {self.feed_tensors[key]: value for key, value in input_dict.items()}
        try:
            return self.session.run(self.fetch_tensors, feeds)
        except (KeyError, TypeError, ValueError) as error:  # raised before anything runs
            raise ShapeError("%s can not be fed: %s" % (sorted(input_dict), error)) from error

    def __repr__(self):
        return "%s with feed tensors %s and fetch_tensors %s" % (
            type(self).__name__,
            self.feed_tensors,
            self.fetch_tensors,
        )


def _tensor(graph, name):
    try:
        return graph.get_tensor_by_name(name)
    except (KeyError, ValueError) as error:
        raise WrongKeysError("The graph has no tensor %r: %s" % (name, error)) from error


def from_saved_model(
    export_dir,
    signature_def_key=None,
    signature_def=None,
    input_names=None,
    output_names=None,
    tags=None,
    graph=None,
    config=None,
    safe_mode=True,
):
    """A :class:`Predictor` of an export.

    What is fed and fetched is said by a signature's key (that of serving, if none is given), a
    signature, or names of tensors. A SavedModel is a program: in safe mode one that calls Python,
    uses files or talks to other machines is refused.

    Raises: ConfigError if more than one of these is given, or the export has no such signature;
    MissingFileError, FileFormatError if there is none, or a damaged one; UnsafeConfigError.
    """
    _check_choice(signature_def_key, signature_def, input_names, output_names)
    graph = graph or tf.Graph()
    with graph.as_default():
        session = tf.Session(config=config, graph=graph)
        wanted = [tag.strip() for tag in (tags or "serve").split(",")]
        loaded = graph_safety.load(session, wanted, export_dir, safe_mode)
    if input_names is None:
        signature = signature_def or _signature(loaded, signature_def_key or _SERVING)
        input_names, output_names = _names(signature.inputs), _names(signature.outputs)
    return Predictor(graph, session, input_names, output_names)


def _check_choice(key, signature, input_names, output_names):
    if (input_names is None) != (output_names is None):
        raise ConfigError("input_names and output_names must be given together, or neither.")
    if sum(each is not None for each in (key, signature, input_names)) > 1:
        raise ConfigError(
            "Give at most one of signature_def_key, signature_def, or input_names and output_names."
        )


def _signature(loaded, key):
    for name in (key, _FIRST_GENERATION % key):
        if name in loaded.signature_def:
            return loaded.signature_def[name]
    raise ConfigError(
        'Got signature_def_key "%s". Available signatures are %s.'
        % (key, sorted(loaded.signature_def))
    )


def _names(infos):
    return {key: info.name for key, info in infos.items()}


def from_estimator(estimator, serving_input_receiver_fn, output_key=None, graph=None, config=None):
    """A :class:`Predictor` of the last checkpoint of an Estimator.

    Raises: WrongKeysError if the Estimator has no such output.
    """
    graph = graph or tf.Graph()
    with graph.as_default():
        receiver = serving_input_receiver_fn()
        spec = estimator.model_fn(receiver.features, None, ModeKeys.PREDICT, estimator.config)
        key = output_key or _SERVING
        if key not in spec.export_outputs:
            raise WrongKeysError(
                "output_key must be one of %s; got %r." % (sorted(spec.export_outputs), key)
            )
        signature = spec.export_outputs[key].as_signature_def(receiver.receiver_tensors)
        creator = tf.train.ChiefSessionCreator(config=config, checkpoint_dir=estimator.model_dir)
        session = tf.train.MonitoredSession(session_creator=creator)
    return Predictor(graph, session, _names(signature.inputs), _names(signature.outputs))


__getattr__, __dir__ = offered.names_of(__name__)
