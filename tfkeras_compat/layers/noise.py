"""Noise in the training phase: added, or multiplied with."""

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat.activations import _SELU_ALPHA, _SELU_SCALE
from tfkeras_compat.engine.configured import configured
from tfkeras_compat.engine.layer import Layer

_LOWEST_SELU = -_SELU_ALPHA * _SELU_SCALE


class _Noise(Layer):
    """What the layers of this file share: ``_noised`` in the training phase, else nothing."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def _is_active(self):
        return True

    def _noised(self, inputs):
        """The inputs as they are in the training phase."""
        raise NotImplementedError

    def call(self, inputs, training=None):
        if not self._is_active():
            return inputs
        return K.in_train_phase(lambda: self._noised(inputs), inputs, training=training)

    def compute_output_shape(self, input_shape):
        return input_shape


class GaussianNoise(_Noise):
    """Adds normally distributed numbers of mean 0 in the training phase.

    Shapes: any -> the same.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import GaussianNoise
    >>> K.eval(GaussianNoise(0.1)(K.constant([[1.0, 2.0]]))).tolist()
    [[1.0, 2.0]]
    """

    @configured
    def __init__(self, stddev, **kwargs):
        super().__init__(**kwargs)

    def _noised(self, inputs):
        return inputs + K.random_normal(
            K.shape(inputs), mean=0.0, stddev=self.stddev, dtype=K.dtype(inputs)
        )


class GaussianDropout(_Noise):
    """Multiplies with normally distributed numbers of mean 1 in the training phase.

    Their variance is ``rate / (1 - rate)``, that of the factors of a Dropout of this rate. A rate
    of 0, or of 1 and more, changes nothing.

    Shapes: any -> the same. Source: Srivastava et al., JMLR 15 (2014).
    """

    @configured
    def __init__(self, rate, **kwargs):
        super().__init__(**kwargs)

    def _is_active(self):
        return 0.0 < self.rate < 1.0

    def _noised(self, inputs):
        stddev = np.sqrt(self.rate / (1.0 - self.rate))
        return inputs * K.random_normal(
            K.shape(inputs), mean=1.0, stddev=stddev, dtype=K.dtype(inputs)
        )


class AlphaDropout(_Noise):
    """Dropout for the SELU activation: what is dropped takes its lowest value, and all is then
    scaled and shifted so that mean and variance stay.

    Shapes: any -> the same; ``noise_shape`` is that of the random decisions, if not one for each
    element. Source: Klambauer et al., Self-Normalizing Neural Networks, NIPS 2017.
    """

    config_excludes = ("noise_shape", "seed")  # as in the original

    @configured
    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(**kwargs)

    def _is_active(self):
        return 0.0 < self.rate < 1.0

    def _noised(self, inputs):
        lowest, dtype = _LOWEST_SELU, K.dtype(inputs)
        shape = self.noise_shape if self.noise_shape else K.shape(inputs)
        kept = K.cast(K.random_uniform(shape, dtype=dtype, seed=self.seed) >= self.rate, dtype)
        factor = ((1 - self.rate) * (1 + self.rate * lowest**2)) ** -0.5
        return factor * (inputs * kept + lowest * (1 - kept)) - factor * lowest * self.rate
