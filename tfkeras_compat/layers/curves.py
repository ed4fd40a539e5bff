"""Activations of Keras 1 that learn their shape: ParametricSoftplus and SReLU."""

from tfkeras_compat import backend as K
from tfkeras_compat.engine.configured import configured
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.weights import WeightSpec
from tfkeras_compat.initializers import Constant, get
from tfkeras_compat.state.structures import to_list


class _Curve(Layer):
    """What both share: weights of the shape of one sample, with size 1 along shared axes."""

    def _weight_shape(self, input_shape):
        sizes = list(input_shape[1:])
        for axis in to_list(self.shared_axes or [], allow_tuple=True):
            sizes[axis - 1] = 1
        return sizes

    def compute_output_shape(self, input_shape):
        return input_shape


class ParametricSoftplus(_Curve):
    """``alpha * log(1 + exp(beta * x))``, for an alpha and beta of each element.

    Shapes: any -> the same. Weights: alphas and betas of the shape of a sample, with size 1 along
    ``shared_axes``.

    Source: McFarland et al., PLOS Computational Biology 9(7), 2013.
    """

    @configured
    def __init__(self, alpha_init=0.2, beta_init=5.0, shared_axes=None, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def weight_specs(self, input_shape):
        shape = self._weight_shape(input_shape)
        yield WeightSpec("alphas", shape, Constant(self.alpha_init))
        yield WeightSpec("betas", shape, Constant(self.beta_init))

    def call(self, inputs):
        return K.softplus(self.betas * inputs) * self.alphas


class SReLU(_Curve):
    """Three straight pieces: slope 1 between two thresholds, and a learnt slope on either side.

    Shapes: any -> the same. Weights: t_left, a_left, t_right, a_right (thresholds and slopes; the
    right threshold is the left one plus the size of t_right) of the shape of a sample, with size 1
    along ``shared_axes``.

    Source: Jin et al., arXiv:1512.07030.
    """

    @configured
    def __init__(
        self,
        t_left_init="zero",
        a_left_init="glorot_uniform",
        t_right_init="glorot_uniform",
        a_right_init="one",
        shared_axes=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.supports_masking = True

    def weight_specs(self, input_shape):
        shape = self._weight_shape(input_shape)
        for name in ("t_left", "a_left", "t_right", "a_right"):
            yield WeightSpec(name, shape, get(getattr(self, name + "_init")))

    def call(self, inputs):
        right = self.t_left + K.abs(self.t_right)
        below = self.t_left + self.a_left * (inputs - self.t_left)
        above = right + self.a_right * (inputs - right)
        kept = K.switch(inputs <= self.t_left, below, inputs)
        return K.switch(inputs >= right, above, kept)
