"""``model_to_estimator``: a compiled Keras model as an Estimator."""

from tfkeras_compat import _tf
from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.network import Network
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator import sessions
from tfkeras_compat.estimator.estimator import Estimator
from tfkeras_compat.estimator.export_outputs import DEFAULT_KEY, PredictOutput
from tfkeras_compat.estimator.keras import arranged, first_checkpoint
from tfkeras_compat.estimator.keras.clone import Blueprint, Judged, evaluated, training_step
from tfkeras_compat.estimator.keras.saver import LAYOUTS, KerasSaver
from tfkeras_compat.estimator.mode_keys import ModeKeys
from tfkeras_compat.estimator.spec import EstimatorSpec
from tfkeras_compat.models import load_model
from tfkeras_compat.optimizers import TFOptimizer
from tfkeras_compat.training import compilation

# The name of the mean over samples, which is another number than `loss` if batches differ in size.
SAMPLE_MEAN = "loss_per_sample"


def model_to_estimator(
    keras_model=None,
    keras_model_path=None,
    custom_objects=None,
    model_dir=None,
    config=None,
    checkpoint_format="saver",
    use_v2_estimator=False,
    loss_per_sample=False,
):
    """An :class:`Estimator` that trains, evaluates and exports a compiled Keras model.

    The model itself stays as it is: the Estimator builds it anew in each of its graphs. Its weights
    and the state of its optimizer are what the first training begins with, and what is evaluated
    and predicted with before it. If ``model_dir`` holds checkpoints of an earlier training, that
    one is continued.

    Args:
        keras_model: the model; or ``keras_model_path``, a file that ``model.save`` wrote, with the
            ``custom_objects`` that are in it.
        model_dir, config: those of the Estimator.
        checkpoint_format: what variables are called in checkpoints: ``"saver"``, the names that
            tf.keras gives them, or ``"checkpoint"`` (also None), their places in the model. Both
            go on in TensorFlow 1.15, and both are read from there, whichever is chosen.
        use_v2_estimator: accepted; there is one kind of Estimator.
        loss_per_sample: whether :meth:`Estimator.evaluate` also gives the mean loss over samples,
            under that name; ``loss`` is the mean over batches.

    Features are a dictionary by the names of the inputs, a list, or one tensor, in any type of
    numbers, or ``{"features": ..., "sample_weights": ...}``; labels are the same by output. The
    predictions are a dictionary by the names of the outputs.

    Raises: ConfigError for none or both of model and path, a model that is not compiled or whose
    structure is not known, an unknown format, an optimizer of Keras under ``train_distribute``.

    >>> import tempfile
    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat._tf import tf
    >>> from tfkeras_compat.layers import Dense
    >>> from tfkeras_compat.models import Sequential
    >>> model = Sequential([Dense(1, input_shape=(2,), kernel_initializer="ones")])
    >>> model.compile("sgd", "mse")
    >>> estimator = model_to_estimator(model, model_dir=tempfile.mkdtemp())
    >>> data = lambda: tf.data.Dataset.from_tensors(([[1.0, 2.0]], [5.0]))
    >>> float(estimator.evaluate(data)["loss"])
    4.0
    """
    if (keras_model is None) == (keras_model_path is None):
        raise ConfigError(
            "Either keras_model or keras_model_path needs to be provided, and not both."
        )
    _check_format(checkpoint_format)
    if keras_model is None:
        keras_model = _loaded(keras_model_path, custom_objects)
    _check(keras_model)
    with keras_model.in_graph():
        blueprint = Blueprint(keras_model, custom_objects)
    return _OfKerasModel(
        blueprint, model_dir, config, loss_per_sample, checkpoint_format or "checkpoint"
    )


def _check_format(checkpoint_format):
    if checkpoint_format is not None and checkpoint_format not in LAYOUTS:
        raise ConfigError(
            'Checkpoint format must be one of "checkpoint" or "saver". Got %s' % checkpoint_format
        )


def _loaded(path, custom_objects):
    _tf.use_graph_mode()
    tf.logging.info("Loading models from %s", path)
    with tf.Graph().as_default():
        return load_model(path, custom_objects)


def _check(model):
    if not isinstance(model, Network):
        raise ConfigError("keras_model must be a model of this package, found %r." % (model,))
    if not getattr(model, "optimizer", None):
        raise ConfigError(
            "The given keras model has not been compiled yet. Please compile the model with "
            "`model.compile()` before calling `model_to_estimator()`."
        )
    if not model._is_graph_network:
        raise ConfigError(
            "model_to_estimator needs a model whose inputs are known: a functional model, or a "
            "Sequential one whose first layer has an input_shape. The structure of %r is in its "
            "code: call it on Input tensors and make a Model of these and the result."
            % type(model).__name__
        )


class _OfKerasModel(Estimator):
    def __init__(self, blueprint, model_dir, config, loss_per_sample, checkpoint_format):
        model_fn = _model_function(blueprint, loss_per_sample, checkpoint_format)
        super().__init__(model_fn, model_dir=model_dir, config=config)
        _check_distribution(blueprint.model.optimizer, self.config)
        # The others wait for the chief, which initializes.
        if self.config.is_chief:
            self._warn_of_training()
            self._warm_start_settings = first_checkpoint.saved(
                blueprint,
                self.model_dir,
                checkpoint_format,
                self.config.tf_random_seed,
                self._session_config,
            )

    def _keys_in(self, checkpoint):
        keys = getattr(self._warm_start_settings, "var_name_to_prev_var_name", {})
        saved = {name for name, _ in tf.train.list_variables(checkpoint)}
        # Under a distribution strategy variables have their own names there.
        return keys if len(saved & set(keys.values())) >= len(saved & set(keys)) else {}

    def _warn_of_training(self):
        found = self.latest_checkpoint()
        if found:
            tf.logging.warning(
                "model_dir holds the checkpoint %s of an earlier training, which goes on: the "
                "weights that the Keras model has now are not used. Take another model_dir to "
                "begin with them.",
                found,
            )


def _check_distribution(optimizer, config):
    # Each replica would follow its own gradients, and their weights would drift apart.
    if config.train_distribute is not None and not isinstance(optimizer, TFOptimizer):
        raise ConfigError(
            "Under a distribution strategy only the optimizers of TensorFlow add up the gradients "
            "of all replicas: compile the model with one of tf.train, such as "
            "tf.train.AdamOptimizer(), instead of %s." % type(optimizer).__name__
        )


def _model_function(blueprint, loss_per_sample, checkpoint_format):
    model = blueprint.model

    def model_fn(features, labels, mode, config):
        K.set_learning_phase(int(mode == ModeKeys.TRAIN))
        features, sample_weights = arranged.without_weights(features)
        inputs = arranged.inputs_of(features, model.input_names, model.inputs)
        clone = blueprint.built_on(inputs)
        predictions = dict(zip(model.output_names, clone.outputs))
        exported = {DEFAULT_KEY: PredictOutput(predictions)}
        if mode == ModeKeys.PREDICT:
            scaffold = _scaffold(clone, None, checkpoint_format, config)
            return EstimatorSpec(mode, predictions, export_outputs=exported, scaffold=scaffold)
        judged = _judged(clone, model, labels, sample_weights)
        optimizer = blueprint.new_optimizer() if mode == ModeKeys.TRAIN else None
        return EstimatorSpec(
            mode,
            predictions,
            judged.loss,
            training_step(clone, judged, optimizer) if optimizer else None,
            _metrics(judged, inputs, loss_per_sample),
            export_outputs=exported,
            scaffold=_scaffold(clone, optimizer, checkpoint_format, config),
        )

    return model_fn


def _judged(clone, model, labels, sample_weights):
    names = clone.output_names
    losses = compilation.loss_functions(model.loss or None, names)
    targets = arranged.targets_of(labels, names, clone.outputs, losses)
    return Judged(clone, model, targets, arranged.weights_of(sample_weights, names))


def _scaffold(clone, optimizer, checkpoint_format, config):
    if tf.distribute.has_strategy():  # which has its own way to save the copies of a variable
        return None
    options = sessions.saver_options(config)
    return tf.train.Scaffold(saver=KerasSaver(clone, optimizer, checkpoint_format, **options))


def _metrics(judged, inputs, loss_per_sample):
    count = tf.shape(inputs[0])[0]
    metrics = evaluated(judged, count)
    if loss_per_sample:
        metrics[SAMPLE_MEAN] = tf.metrics.mean(judged.loss, tf.cast(count, tf.float32))
    return metrics
