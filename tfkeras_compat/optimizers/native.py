"""TensorFlow's own optimizers."""

import numbers

import numpy as np

from tfkeras_compat import _tf
from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.optimizers.base import Optimizer, after

# The arguments of the optimizers whose configuration is known. An optimizer keeps each under its
# name with an underscore before it, but for those in the second table.
_ARGUMENTS = {
    "AdadeltaOptimizer": ("learning_rate", "rho", "epsilon"),
    "AdagradOptimizer": ("learning_rate", "initial_accumulator_value"),
    "AdamOptimizer": ("learning_rate", "beta1", "beta2", "epsilon"),
    "GradientDescentOptimizer": ("learning_rate",),
    "MomentumOptimizer": ("learning_rate", "momentum", "use_nesterov"),
    "ProximalAdagradOptimizer": (
        "learning_rate",
        "initial_accumulator_value",
        "l1_regularization_strength",
        "l2_regularization_strength",
    ),
    "ProximalGradientDescentOptimizer": (
        "learning_rate",
        "l1_regularization_strength",
        "l2_regularization_strength",
    ),
    "RMSPropOptimizer": ("learning_rate", "decay", "momentum", "epsilon", "centered"),
}
_ATTRIBUTES = {
    ("AdadeltaOptimizer", "learning_rate"): "_lr",
    ("AdamOptimizer", "learning_rate"): "_lr",
}
_FOR_ALL = ("use_locking", "name")


class TFOptimizer(Optimizer):
    """A ``tf.train.Optimizer`` in the place of one of ours.

    ``iterations`` counts the steps. ``weights`` are that number, the slots, kind after kind in the
    order of the parameters, and what belongs to no parameter, once ``get_updates`` made them. (In
    Keras 2.2.5 they raise NotImplementedError, and neither state nor settings are saved.)

    ``lr`` is the learning rate if the optimizer was given a variable for it; only then can it be
    set between steps.

    >>> from tfkeras_compat import backend as K, optimizers
    >>> from tfkeras_compat._tf import tf
    >>> w = K.variable([1.0, 2.0])
    >>> descent = optimizers.TFOptimizer(tf.train.GradientDescentOptimizer(0.5))
    >>> _ = K.function([], [], descent.get_updates(K.sum(K.square(w)), [w]))([])
    >>> K.get_value(w).tolist()
    [0.0, 0.0]
    """

    def __init__(self, optimizer):
        super().__init__()
        self.optimizer = optimizer
        self._make_variables(iterations=0)

    @property
    def lr(self):
        rate = getattr(self.optimizer, _attribute(self.optimizer, "learning_rate"), None)
        if not _tf.is_variable(rate):
            raise AttributeError(
                "The learning rate of %s is no variable and can not be changed: give it one, as in "
                "tf.train.AdamOptimizer(K.variable(0.001))." % type(self.optimizer).__name__
            )
        return rate

    def get_updates(self, loss, params):
        """The operation of one step; it counts the step as well.

        The variables carry their constraints, which TensorFlow applies.
        """
        with _tf.without_control_dependencies():
            gradients = self.optimizer.compute_gradients(loss, var_list=params)
        with after(loss):
            step = self.optimizer.apply_gradients(gradients, global_step=self.iterations)
        self.updates = [step]
        self.weights = [self.iterations] + self._slots(params) + self._shared_state()
        return self.updates

    def _slots(self, params):
        names = self.optimizer.get_slot_names()
        slots = [self.optimizer.get_slot(param, name) for name in names for param in params]
        return [slot for slot in slots if slot is not None]

    def _shared_state(self):
        graph = _tf.graph_of(self.iterations)
        return [x for x in _tf.shared_state(self.optimizer) if _tf.graph_of(x) is graph]

    def get_config(self):
        """The class and the arguments of the wrapped optimizer; of a variable, its value.

        Raises: NotImplementedError, as in Keras 2.2.5 for all, for a class that is not one of
        ``tf.train``, and if an argument is a tensor or a function.
        """
        kind = type(self.optimizer)
        if kind is not getattr(tf.train, kind.__name__, None) or kind.__name__ not in _ARGUMENTS:
            raise NotImplementedError("The arguments of %s are not known." % kind.__name__)
        return {
            "class_name": kind.__name__,
            "config": {name: self._argument(name) for name in _ARGUMENTS[kind.__name__] + _FOR_ALL},
        }

    def _argument(self, name):
        value = getattr(self.optimizer, _attribute(self.optimizer, name))
        if _tf.is_variable(value):
            return {"variable": np.asarray(K.get_value(value)).tolist()}
        if not isinstance(value, (numbers.Number, str)):
            raise NotImplementedError(
                "The argument %s of %s is computed: %r."
                % (name, type(self.optimizer).__name__, value)
            )
        return value.item() if isinstance(value, np.generic) else value

    @classmethod
    def from_config(cls, config):
        """A new optimizer of TensorFlow, wrapped, from what ``get_config`` gave.

        Raises: ConfigError for a class that is not among those it knows.
        """
        if not isinstance(config, dict) or config.get("class_name") not in _ARGUMENTS:
            raise ConfigError(
                "Expected the configuration of one of %s, found: %r"
                % (", ".join(sorted(_ARGUMENTS)), config)
            )
        arguments = {name: _restored(name, value) for name, value in config["config"].items()}
        return cls(getattr(tf.train, config["class_name"])(**arguments))


def _attribute(optimizer, argument):
    return _ATTRIBUTES.get((type(optimizer).__name__, argument), "_" + argument)


def _restored(name, value):
    if isinstance(value, dict):
        return K.variable(value["variable"], name=name, trainable=False)
    return value
