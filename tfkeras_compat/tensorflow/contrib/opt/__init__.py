"""``tf.contrib.opt``: the optimizers that scripts took from there."""

from tfkeras_compat.tensorflow import offered
from tfkeras_compat.tensorflow.contrib.opt.adam import LazyAdamOptimizer, NadamOptimizer
from tfkeras_compat.tensorflow.contrib.opt.external import (
    ExternalOptimizerInterface,
    ScipyOptimizerInterface,
)
from tfkeras_compat.tensorflow.contrib.opt.moving_average import MovingAverageOptimizer
from tfkeras_compat.tensorflow.contrib.opt.sign import AddSignOptimizer, PowerSignOptimizer
from tfkeras_compat.tensorflow.contrib.opt.weight_decay import (
    AdamWOptimizer,
    DecoupledWeightDecayExtension,
    MomentumWOptimizer,
    extend_with_decoupled_weight_decay,
)

__getattr__, __dir__ = offered.names_of(__name__)

__all__ = [
    "AdamWOptimizer",
    "AddSignOptimizer",
    "DecoupledWeightDecayExtension",
    "ExternalOptimizerInterface",
    "LazyAdamOptimizer",
    "MomentumWOptimizer",
    "MovingAverageOptimizer",
    "NadamOptimizer",
    "PowerSignOptimizer",
    "ScipyOptimizerInterface",
    "extend_with_decoupled_weight_decay",
]
