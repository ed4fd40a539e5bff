"""Configurations that tf.keras, tf_keras and Keras 2.3 wrote, in the form of Keras 2.2.

Layers there have arguments that Keras 2.2 does not know: they are left out where they say what
Keras 2.2 does anyway, and refused otherwise. Classes stand where Keras 2.2 has functions:
initializers, losses, metrics.
"""

import re
from typing import Any, Dict

from tfkeras_compat.errors import ConfigError

_CLASSES = {
    "Functional": "Model",
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
    "SyncBatchNormalization": "BatchNormalization",
    "LSTMV2": "LSTM",
    "GRUV2": "GRU",
    "UnifiedLSTM": "LSTM",
    "UnifiedGRU": "GRU",
}

# Arguments that Keras 2.2 does not have, and the values that mean what it does; `None` for any.
_NEUTRAL: Dict[str, Any] = {
    "autocast": (True,),
    "build_config": None,
    "dynamic": (False,),
    "experimental_autocast": (True,),
    "fused": None,
    "groups": (1,),
    "keepdims": (False,),
    "module": None,
    "optional": (False,),
    "output_shape_module": None,
    "ragged": (False,),
    "registered_name": None,
    "renorm": (False,),
    "renorm_clipping": (None,),
    "renorm_momentum": None,
    "synchronized": (False,),
    "time_major": (False,),
    "type_spec": (None,),
    "virtual_batch_size": (None,),
    "zero_output_for_mask": (False,),
}
# The same, where a class of Keras 2.2 has an argument of that name, or for this class only.
_NEUTRAL_OF_CLASSES: Dict[str, Dict[str, Any]] = {
    "Embedding": {"sparse": (False,)},
    "Bidirectional": {"backward_layer": (None,)},
}

_FUNCTIONS_OF_SEED = re.compile("^(Glorot|He|Lecun)(Normal|Uniform)(V2)?$")
_REGULARIZERS = {"L1": "L1L2", "L2": "L1L2"}

_OPTIMIZERS = {"adadelta", "adagrad", "adam", "adamax", "ftrl", "nadam", "rmsprop", "sgd"}
_OPTIMIZER_ARGUMENTS = {"learning_rate": "lr"}
_NEUTRAL_OF_OPTIMIZERS: Dict[str, Any] = {
    "centered": (False,),
    "ema_momentum": None,
    "ema_overwrite_frequency": None,
    "global_clipnorm": (),
    "initial_accumulator_value": None,  # the accumulators are in the file
    "is_legacy_optimizer": None,
    "jit_compile": None,
    "name": None,
    "use_ema": (False,),
    "weight_decay": (0, False),
}
_NEUTRAL_OF_OPTIMIZER_CLASSES: Dict[str, Dict[str, Any]] = {"RMSprop": {"momentum": (0,)}}


def is_tf_keras(version: Any) -> bool:
    """Whether a version, as a file names it, is one of tf.keras or of Keras 2.3 and later."""
    numbers = re.match(r"^2\.(\d+)", str(version or ""))
    return numbers is not None and ("-tf" in str(version) or int(numbers.group(1)) >= 3)


def in_keras_2_2_form(entry: Any) -> Any:
    """An entry ``{"class_name": ..., "config": ...}`` as Keras 2.2 would have written it.

    Raises: ConfigError for an argument that says what Keras 2.2 can not do.
    """
    written = _class_name(entry)
    class_name = _CLASSES.get(written, written)
    config = entry["config"]
    if isinstance(config, list):  # of a Sequential, before TensorFlow 1.13
        config = {"name": entry.get("name"), "layers": config}
    if "layers" in config:
        layers = [in_keras_2_2_form(layer) for layer in config["layers"]]
        config = {name: config[name] for name in config if name not in ("trainable", "dtype")}
        return dict(entry, class_name=class_name, config=dict(config, layers=layers))
    neutral = dict(_NEUTRAL, **_NEUTRAL_OF_CLASSES.get(class_name, {}))
    config = _without(neutral, config, "Layer %s" % config.get("name", class_name))
    config = {name: _argument(class_name, name, value) for name, value in config.items()}
    return dict(entry, class_name=class_name, config=config)


def _class_name(entry: Any) -> Any:
    return entry["class_name"].split(">")[-1]  # before it: what registered it, "Custom" if nothing


def _without(neutral: Any, config: Any, owner: str) -> Any:
    kept = {}
    for name, value in config.items():
        if name not in neutral:
            kept[name] = value
        elif neutral[name] is not None and value not in neutral[name]:
            raise ConfigError(
                "%s has %s=%r, which is of a later Keras than 2.2 and not understood here. Build "
                "the model in code, and use load_weights()." % (owner, name, value)
            )
    return kept


def _argument(class_name: str, name: str, value: Any) -> Any:
    if name == "axis" and class_name == "BatchNormalization" and isinstance(value, list):
        return value[0] if len(value) == 1 else value
    if name == "cells":
        return [in_keras_2_2_form(each) for each in value]
    if not isinstance(value, dict):
        return value
    if name == "dtype":  # a policy
        return value.get("config", {}).get("name", "float32")
    if name in ("layer", "cell"):
        return in_keras_2_2_form(value)
    kind = name.rsplit("_", 1)[-1]
    return _OBJECTS[kind](value) if kind in _OBJECTS and "class_name" in value else value


def _initializer(entry: Any) -> Any:
    config = {name: value for name, value in entry["config"].items() if name != "dtype"}
    class_name = entry["class_name"]
    found = _FUNCTIONS_OF_SEED.match(class_name)
    if found:  # functions of a seed in Keras 2.2
        class_name = "%s_%s" % (found.group(1).lower(), found.group(2).lower())
        config = {"seed": config.get("seed")}
    return {"class_name": class_name, "config": config}


def _regularizer(entry: Any) -> Any:
    class_name = _REGULARIZERS.get(entry["class_name"], entry["class_name"])
    return {"class_name": class_name, "config": entry["config"]}


def _constraint(entry: Any) -> Any:
    return {"class_name": entry["class_name"], "config": entry["config"]}


_OBJECTS = {"initializer": _initializer, "regularizer": _regularizer, "constraint": _constraint}


# ---- compilation --------------------------------------------------------------------------------


def training_in_keras_2_2_form(training: Any, output_names: Any) -> Any:
    """What ``compile`` was given, as Keras 2.2 would have written it.

    Raises: ConfigError for an optimizer, loss or metric that Keras 2.2 does not have.
    """
    optimizer = training["optimizer_config"]
    translated = dict(training, optimizer_config=_optimizer(optimizer))
    translated["loss"] = _functions(training.get("loss"))
    for name in ("metrics", "weighted_metrics"):
        translated[name] = _by_output(_functions(training.get(name)), output_names)
    return translated


def _optimizer(entry: Any) -> Any:
    class_name = _class_name(entry)
    neutral = dict(_NEUTRAL_OF_OPTIMIZERS, **_NEUTRAL_OF_OPTIMIZER_CLASSES.get(class_name, {}))
    given = {name: value for name, value in entry["config"].items() if value is not None}
    config = _without(neutral, given, "Optimizer %s" % class_name)
    config = {_OPTIMIZER_ARGUMENTS.get(name, name): value for name, value in config.items()}
    if not isinstance(config.get("lr", 0.0), (int, float)):
        raise ConfigError(
            "Optimizer %s has a schedule for a learning rate, %r: use the callback "
            "LearningRateScheduler." % (class_name, config["lr"])
        )
    return {"class_name": class_name, "config": config}


def _functions(value: Any) -> Any:
    """Losses or metrics, in whatever structure, by the names of functions."""
    if isinstance(value, list):
        return [_functions(each) for each in value]
    if isinstance(value, dict) and "class_name" in value:
        return _function(value)
    if isinstance(value, dict):
        return {name: _functions(each) for name, each in value.items()}
    return value


def _function(entry: Any) -> Any:
    config = entry["config"]
    if isinstance(config, str):  # of a function
        return config
    if config.get("fn"):
        return _functions(config["fn"])
    plain = all(
        config.get(name, neutral) in (neutral, None)
        for name, neutral in (("from_logits", False), ("label_smoothing", 0))
    )
    if not plain:
        raise ConfigError("%s(%s) is no function of Keras 2.2." % (_class_name(entry), config))
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", _class_name(entry)).lower()


def _by_output(metrics: Any, output_names: Any) -> Any:
    """Metrics that are listed for each output, as Keras 2.2 takes them."""
    if not isinstance(metrics, list) or not any(isinstance(each, list) for each in metrics):
        return metrics
    if len(output_names) == 1:
        return [each for part in metrics for each in (part if isinstance(part, list) else [part])]
    return {name: part for name, part in zip(output_names, metrics) if part}


def slots_by_kind(names: Any) -> Any:
    """Indices of an optimizer's variables in Keras 2.2's order: all slots of the first kind come
    first. ``None`` if the names are not those of tf.keras.

    >>> slots_by_kind(["iteration:0", "Adam/m/a:0", "Adam/v/a:0", "Adam/m/b:0", "Adam/v/b:0"])
    [0, 1, 3, 2, 4]
    """
    kinds = [_kind_of_slot(name.split(":")[0].split("/")) for name in names]
    if not kinds or kinds[0] != "iterations" or None in kinds:
        return None
    order = list(dict.fromkeys(kinds))
    return sorted(range(len(kinds)), key=lambda index: order.index(kinds[index]))


def _kind_of_slot(parts: Any) -> Any:
    if parts[-1] in ("iter", "iteration", "iterations"):
        return "iterations"
    if parts[0] == "training" and len(parts) > 3:  # training/Adam/dense/kernel/m
        return parts[-1]
    if parts[0].lower() in _OPTIMIZERS and len(parts) > 2:  # Adam/m/dense/kernel
        return parts[1]
    return None  # dense/kernel/Adam, of tf.train
