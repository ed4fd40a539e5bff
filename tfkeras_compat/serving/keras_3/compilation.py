"""How a model was compiled, in the form of Keras 3."""

from tfkeras_compat.legacy import to_keras_3
from tfkeras_compat.optimizers import TFOptimizer
from tfkeras_compat.serving.keras_3 import forms
from tfkeras_compat.serving.keras_3.unmapped import Unmapped

_AFRESH = "compiled as here; the optimizer starts afresh, without its state"


def compile_config(model, report):
    """The entry of how a model was compiled; ``None`` if it was not, or if Keras 3 can not be told.
    The report says which."""
    if getattr(model, "optimizer", None) is None:
        return None
    try:
        config = {
            "optimizer": _optimizer(model.optimizer),
            "loss": _for_outputs(model, _named(model.loss, to_keras_3.LOSSES)),
            "loss_weights": _for_outputs(model, model.loss_weights),
            "metrics": _metrics(model, model.metrics),
            "weighted_metrics": _metrics(model, model.weighted_metrics),
        }
        _check_sample_weights(model)
    except Unmapped as reason:
        report.compiled = "NOT COMPILED there: %s" % reason
        return None
    report.compiled = _AFRESH
    return config


# ---- optimizers ---------------------------------------------------------------------------------


def _optimizer(optimizer):
    kind = type(optimizer).__name__
    if isinstance(optimizer, TFOptimizer) or kind not in to_keras_3.OPTIMIZERS:
        raise Unmapped("Keras 3 has no optimizer %s" % kind)
    config = {
        to_keras_3.OPTIMIZER_ARGUMENTS.get(name, name): value
        for name, value in optimizer.get_config().items()
    }
    if config.pop("schedule_decay", to_keras_3.SCHEDULE_DECAY) != to_keras_3.SCHEDULE_DECAY:
        raise Unmapped("Nadam has another schedule_decay than %s" % to_keras_3.SCHEDULE_DECAY)
    decay = config.pop("decay", 0.0)
    if decay:
        config["learning_rate"] = _decaying(config["learning_rate"], decay)
    config.update(to_keras_3.OPTIMIZERS[kind])
    return forms.object_of("keras.optimizers", kind, config)


def _decaying(rate, decay):
    config = {"initial_learning_rate": rate, "decay_steps": 1, "decay_rate": decay}
    return forms.object_of("keras.optimizers.schedules", "InverseTimeDecay", config)


# ---- losses, metrics ----------------------------------------------------------------------------


def _named(value, known):
    """Losses or metrics, in whatever structure, by their names in Keras 3."""
    if isinstance(value, dict):
        return {forms.safe_name(key): _named(each, known) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_named(each, known) for each in value]
    name = value if isinstance(value, str) or value is None else _name_of_ours(value)
    if name is not None and name not in known:
        raise Unmapped("Keras 3 has no loss or metric %s" % name)
    return name


def _name_of_ours(function):
    is_ours = getattr(function, "__module__", "").startswith("tfkeras_compat.")
    name = getattr(function, "__name__", type(function).__name__)
    return name if is_ours else "%s, which is a user's own" % name


def _for_outputs(model, value):
    """What one word says of all outputs is said there of each."""
    names = [forms.safe_name(name) for name in model.output_names]
    if len(names) == 1 or value is None or isinstance(value, dict):
        return value
    values = value if isinstance(value, (list, tuple)) else [value] * len(names)
    return dict(zip(names, values))


def _metrics(model, metrics):
    found = _named(metrics, to_keras_3.METRICS) or None
    if len(model.output_names) == 1 or not isinstance(found, list):
        return found
    return {forms.safe_name(name): found for name in model.output_names}


def _check_sample_weights(model):
    if model.sample_weight_mode:
        raise Unmapped("Keras 3 has no sample_weight_mode: give weights of that shape to fit")
