"""BatchNormalization."""

from tfkeras_compat import backend as K
from tfkeras_compat.backend.nn import fused_layout
from tfkeras_compat.engine.configured import configured
from tfkeras_compat.engine.input_spec import InputSpec
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.state.generation import trait


class BatchNormalization(Layer):
    """Normalizes the activations of each batch in training, and with moving averages of its
    statistics in testing.

    Shapes: any with a known size of ``axis`` -> the same.
    Weights: gamma (if ``scale``), beta (if ``center``), moving_mean, moving_variance: each of that
    size. ``layer.updates`` holds two updates for each call, mean first.
    Raises: ShapeError if the size of ``axis`` is unknown.

    Frozen with ``trainable = False`` it still uses the batch's statistics in training, as Keras 2.2
    did. Set the class attribute ``frozen_uses_moving_statistics`` to True beforehand to have frozen
    layers run as in testing.

    In generation "1.2" ``mode=1`` normalizes each sample by itself, along its last axis, and
    ``mode=2`` each batch by its own statistics, also in testing; 0, what is described here, is the
    only one that Keras 2 has.

    Source: Ioffe and Szegedy, arXiv:1502.03167; averages and the correction of the variance are
    those of the generation.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import BatchNormalization
    >>> layer = BatchNormalization()
    >>> layer(K.placeholder((None, 3))).shape.as_list()
    [None, 3]
    >>> for variable, new_value in layer.updates:
    ...     print(variable.name)
    batch_normalization_1/moving_mean:0
    batch_normalization_1/moving_variance:0
    """

    frozen_uses_moving_statistics = False
    config_excludes = ("mode",)

    @configured
    def __init__(
        self,
        axis=-1,
        momentum=0.99,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        moving_mean_initializer="zeros",
        moving_variance_initializer="ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        mode=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if mode not in _MODES:
            raise ConfigError(
                "Layer %s: mode is one of %s, found %r." % (self.name, sorted(_MODES), mode)
            )
        self.supports_masking = True

    def weight_specs(self, input_shape):
        shape = (input_shape[self.axis],)
        yield self.weight("gamma", shape, wanted=self.scale)
        yield self.weight("beta", shape, wanted=self.center)
        yield self.weight("moving_mean", shape, trainable=False)
        yield self.weight("moving_variance", shape, trainable=False)

    def build(self, input_shape):
        if input_shape[self.axis] is None:
            raise ShapeError(
                "Axis %d of the input of layer %s should have a defined dimension, found shape %s."
                % (self.axis, self.name, tuple(input_shape))
            )
        super().build(input_shape)
        self.input_spec = InputSpec(ndim=len(input_shape), axes={self.axis: input_shape[self.axis]})

    def get_config(self):
        return dict(super().get_config(), **({"mode": self.mode} if self.mode else {}))

    def call(self, inputs, training=None):
        return _MODES[self.mode](self, inputs, training)

    def _call_with_averages(self, inputs, training):
        gamma, beta, mean, variance = (
            None if weight is None else K.value_of(weight)
            for weight in (self.gamma, self.beta, self.moving_mean, self.moving_variance)
        )

        def normalized_by_averages():
            return self._normalized(inputs, mean, variance, beta, gamma)

        if training in (0, False) or (self.frozen_uses_moving_statistics and not self.trainable):
            return normalized_by_averages()
        normalized, *statistics = self._normalized_by_batch(inputs, gamma, beta)
        self.add_update(self._moving_average_updates(inputs, *statistics), inputs)
        return K.in_train_phase(normalized, normalized_by_averages, training=training)

    def _normalized_by_batch(self, inputs, gamma, beta):
        return K.normalize_batch_in_training(
            inputs, gamma, beta, self._reduction_axes(inputs), epsilon=self.epsilon
        )

    def _call_by_sample(self, inputs, training):
        centered = inputs - K.mean(inputs, axis=-1, keepdims=True)
        deviation = K.sqrt(K.var(inputs, axis=-1, keepdims=True) + self.epsilon)
        return self.gamma * (centered / (deviation + self.epsilon)) + self.beta

    def _call_by_batch(self, inputs, training):
        gamma, beta = (
            None if each is None else K.value_of(each) for each in (self.gamma, self.beta)
        )
        return self._normalized_by_batch(inputs, gamma, beta)[0]

    def _moving_average_updates(self, inputs, mean, variance):
        def corrected():
            correction = _CORRECTIONS[trait("averages")["correction"]](self, inputs)
            return variance * K.cast(correction, K.dtype(variance))

        return [
            K.moving_average_update(self.moving_mean, mean, self.momentum),
            K.moving_average_update(self.moving_variance, corrected, self.momentum),
        ]

    def _reduction_axes(self, inputs):
        axes = list(range(K.ndim(inputs)))
        del axes[self.axis]
        return axes

    def _normalized(self, inputs, *parameters):
        ndim = K.ndim(inputs)
        if self.axis % ndim != ndim - 1:  # the channels are not last: their axis has to be lined up
            shape = [1] * ndim
            shape[self.axis] = K.int_shape(inputs)[self.axis]
            parameters = [None if x is None else K.reshape(x, shape) for x in parameters]
        return K.batch_normalization(inputs, *parameters, axis=self.axis, epsilon=self.epsilon)

    def compute_output_shape(self, input_shape):
        return input_shape


# ---- modes of Keras 1 ---------------------------------------------------------------------------

_MODES = {
    0: BatchNormalization._call_with_averages,
    1: BatchNormalization._call_by_sample,
    2: BatchNormalization._call_by_batch,
}

# ---- the correction of the variance, by generation ----------------------------------------------


def _unbiased(layer, inputs, taken):
    """n / (n - taken) for n values of each channel."""
    # float16 ends at 65504, and the statistics of its images are float32.
    dtype = "float64" if K.dtype(layer.moving_variance) == "float64" else "float32"
    values = K.cast(K.size(inputs), dtype)
    channels = K.int_shape(layer.moving_variance)[0]
    return values / (values - channels * taken)


def _unbiased_with_epsilon(layer, inputs):
    return _unbiased(layer, inputs, 1.0 + layer.epsilon)


def _biased(layer, inputs):
    # TensorFlow's fused operation divides by n - 1.
    is_fused = fused_layout(inputs, layer.axis) is not None
    return 1.0 / _unbiased(layer, inputs, 1.0) if is_fused else 1.0


_CORRECTIONS = {
    "unbiased_with_epsilon": _unbiased_with_epsilon,
    "biased": _biased,
    "none": lambda layer, inputs: 1.0,
}
