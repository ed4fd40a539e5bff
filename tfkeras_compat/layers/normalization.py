"""BatchNormalization."""

from tfkeras_compat import backend as K
from tfkeras_compat.engine.configured import configured
from tfkeras_compat.engine.input_spec import InputSpec
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.errors import ShapeError
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
        **kwargs,
    ):
        super().__init__(**kwargs)
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

    def call(self, inputs, training=None):
        gamma, beta, mean, variance = (
            None if weight is None else K.value_of(weight)
            for weight in (self.gamma, self.beta, self.moving_mean, self.moving_variance)
        )

        def normalized_by_averages():
            return self._normalized(inputs, mean, variance, beta, gamma)

        if training in (0, False) or (self.frozen_uses_moving_statistics and not self.trainable):
            return normalized_by_averages()
        normalized, *statistics = K.normalize_batch_in_training(
            inputs, gamma, beta, self._reduction_axes(inputs), epsilon=self.epsilon
        )
        self.add_update(self._moving_average_updates(inputs, *statistics), inputs)
        return K.in_train_phase(normalized, normalized_by_averages, training=training)

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
    # Images go through TensorFlow's fused operation, which divides by n - 1.
    is_image = K.ndim(inputs) == 4 and layer.axis % 4 in (1, 3)
    return 1.0 / _unbiased(layer, inputs, 1.0) if is_image else 1.0


_CORRECTIONS = {
    "unbiased_with_epsilon": _unbiased_with_epsilon,
    "biased": _biased,
    "none": lambda layer, inputs: 1.0,
}
