"""Activation functions with parameters, as layers."""

from tfkeras_compat import activations
from tfkeras_compat import backend as K
from tfkeras_compat.aliases import lazy_attributes
from tfkeras_compat.engine.configured import configured
from tfkeras_compat.engine.input_spec import InputSpec
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.state.structures import to_list

__getattr__, __dir__ = lazy_attributes(__name__)


class _Elementwise(Layer):
    """A layer that leaves shape and mask as they are: what the activations share.

    Its numbers are those of the default float type, as the original computed with, and kept.
    """

    numbers = ()

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        for name in self.numbers:
            value = getattr(self, name)
            setattr(self, name, None if value is None else float(K.cast_to_floatx(value)))

    def compute_output_shape(self, input_shape):
        return input_shape


class LeakyReLU(_Elementwise):
    """``x`` above zero, ``alpha * x`` below. Shapes: any -> the same.

    Source: Maas et al., Rectifier Nonlinearities Improve Neural Network Acoustic Models, 2013.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import LeakyReLU
    >>> K.eval(LeakyReLU(0.5)(K.constant([[-2.0, 2.0]]))).tolist()
    [[-1.0, 2.0]]
    """

    numbers = ("alpha",)

    @configured
    def __init__(self, alpha=0.3, **kwargs):
        super().__init__(**kwargs)

    def call(self, inputs):
        return K.relu(inputs, alpha=self.alpha)


class PReLU(_Elementwise):
    """``x`` above zero, ``alpha * x`` below, where ``alpha`` is learned for each element.

    Shapes: any -> the same.
    Weights: alpha, of the shape of the input without the batch; 1 on the ``shared_axes``, which are
    counted with the batch: ``[1, 2]`` gives one for each channel of images.
    Raises: ShapeError if the size of an axis is unknown that is not shared.

    Source: He et al., arXiv:1502.01852.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import PReLU
    >>> layer = PReLU(shared_axes=[1, 2])
    >>> _ = layer(K.placeholder((None, None, 5, 3)))
    >>> layer.alpha.shape.as_list()
    [1, 1, 3]
    """

    @configured
    def __init__(
        self,
        alpha_initializer="zeros",
        alpha_regularizer=None,
        alpha_constraint=None,
        shared_axes=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if shared_axes is not None:
            self.shared_axes = to_list(shared_axes, allow_tuple=True)

    def weight_specs(self, input_shape):
        sizes = list(input_shape[1:])
        for axis in self.shared_axes or ():
            sizes[axis - 1] = 1
        if None in sizes:
            raise ShapeError(
                "Layer %s learns a number for each element, and needs the sizes of all axes that "
                "are not shared. Found the input shape %s and shared_axes=%s."
                % (self.name, tuple(input_shape), self.shared_axes)
            )
        yield self.weight("alpha", sizes)

    def build(self, input_shape):
        super().build(input_shape)
        axes = {
            axis: size
            for axis, size in enumerate(input_shape)
            if self.shared_axes and axis not in [0] + self.shared_axes
        }
        self.input_spec = InputSpec(ndim=len(input_shape), axes=axes)

    def call(self, inputs):
        return K.relu(inputs) - self.alpha * K.relu(-inputs)


class ELU(_Elementwise):
    """``x`` above zero, ``alpha * (exp(x) - 1)`` below. Shapes: any -> the same.

    Source: Clevert et al., arXiv:1511.07289.
    """

    numbers = ("alpha",)

    @configured
    def __init__(self, alpha=1.0, **kwargs):
        super().__init__(**kwargs)

    def call(self, inputs):
        return K.elu(inputs, self.alpha)


class ThresholdedReLU(_Elementwise):
    """``x`` above ``theta``, zero elsewhere. Shapes: any -> the same.

    Source: Konda et al., arXiv:1402.3337.
    """

    numbers = ("theta",)

    @configured
    def __init__(self, theta=1.0, **kwargs):
        super().__init__(**kwargs)

    def call(self, inputs):
        return inputs * K.cast(K.greater(inputs, self.theta), K.dtype(inputs))


class Softmax(_Elementwise):
    """Exponentials divided by their sum along ``axis``. Shapes: any -> the same.

    Raises: ShapeError for inputs of one axis.
    """

    @configured
    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)

    def call(self, inputs):
        return activations.softmax(inputs, axis=self.axis)


class ReLU(_Elementwise):
    """``max_value`` above it, ``x`` down to ``threshold``, ``negative_slope * (x - threshold)``
    below.

    Shapes: any -> the same. Raises: ConfigError if ``max_value`` or ``negative_slope`` is negative.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import ReLU
    >>> K.eval(ReLU(max_value=6, negative_slope=0.5)(K.constant([[-2, 3, 9]]))).tolist()
    [[-1.0, 3.0, 6.0]]
    """

    numbers = ("max_value", "negative_slope", "threshold")

    @configured
    def __init__(self, max_value=None, negative_slope=0.0, threshold=0.0, **kwargs):
        super().__init__(**kwargs)
        for name in ("max_value", "negative_slope"):
            value = getattr(self, name)
            if value is not None and value < 0:
                raise ConfigError(
                    "%s of ReLU layer cannot be a negative value: found %s in layer %s."
                    % (name, value, self.name)
                )

    def call(self, inputs):
        return K.relu(
            inputs,
            alpha=self.negative_slope,
            max_value=self.max_value,
            threshold=self.threshold,
        )
