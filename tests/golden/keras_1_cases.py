"""Models with every layer that Keras 1.2.2 had, in its own words.

``record_generations.py`` records what they give there.
"""

from generation_cases import sequential

_SGD = {"optimizer": lambda keras: keras.optimizers.SGD(lr=0.01, momentum=0.5)}


def _dense(layers):
    return layers.Dense(2)


def _flat(layers):
    return layers.Flatten()


def _on_vectors(make, **options):
    return sequential(lambda layers: layers.Dense(4, input_dim=3), make, _dense, **options)


def _on_steps(make, **options):
    first = lambda layers: layers.TimeDistributed(layers.Dense(4), input_shape=(5, 3))  # noqa: E731
    return sequential(first, make, _flat, _dense, **dict(_SGD, **options))


def _on_images(make, **options):
    first = lambda layers: layers.Convolution2D(3, 2, 2, input_shape=(6, 6, 2))  # noqa: E731
    return sequential(first, make, _flat, _dense, **dict(_SGD, **options))


def _on_volumes(make, **options):
    first = lambda layers: layers.Convolution3D(2, 2, 2, 2, input_shape=(5, 4, 4, 2))  # noqa: E731
    slow = {"optimizer": lambda keras: keras.optimizers.SGD(lr=1e-3)}
    return sequential(first, make, _flat, _dense, **dict(slow, **options))


def _of_channels(make, shape, first):
    """A layer that leaves one value of each channel."""
    return sequential(lambda layers: first(layers, input_shape=shape), make, _dense, **_SGD)


def _of_steps(make):
    return _of_channels(make, (5, 3), lambda layers, **shape: layers.Convolution1D(4, 2, **shape))


def _of_images(make):
    shape = (6, 6, 2)
    return _of_channels(make, shape, lambda layers, **on: layers.Convolution2D(3, 2, 2, **on))


def _of_volumes(make):
    shape = (4, 4, 4, 2)
    return _of_channels(make, shape, lambda layers, **on: layers.Convolution3D(3, 2, 2, 2, **on))


def _recurrent(name, trains=True, **arguments):
    return _on_steps(
        lambda layers: getattr(layers, name)(3, return_sequences=True, **arguments), trains=trains
    )


def _merged(mode, **arguments):
    def build(keras):
        layers = keras.layers
        first, second = layers.Input(shape=(3,)), layers.Input(shape=(3,))
        parts = [layers.Dense(4)(first), layers.Dense(4)(second)]
        output = layers.Dense(2)(_flatter(layers, layers.merge(parts, mode=mode, **arguments)))
        return keras.models.Model(input=[first, second], output=output)

    return {"build": build, "optimizer": "sgd", "trains": True}


def _flatter(layers, x):
    return layers.Flatten()(x) if len(x.get_shape()) > 2 else x


_TH = {"dim_ordering": "th"}

CASES = {
    "dense": _on_vectors(lambda layers: layers.Dense(3, activation="relu", bias=False)),
    "highway": _on_vectors(lambda layers: layers.Highway(activation="tanh")),
    "maxoutdense": _on_vectors(lambda layers: layers.MaxoutDense(3, nb_feature=2)),
    "batchnormalization": _on_vectors(lambda layers: layers.BatchNormalization(momentum=0.8)),
    "prelu": _on_vectors(lambda layers: layers.advanced_activations.PReLU()),
    "leakyrelu": _on_vectors(lambda layers: layers.advanced_activations.LeakyReLU(alpha=0.2)),
    "elu": _on_vectors(lambda layers: layers.advanced_activations.ELU(alpha=0.8)),
    "thresholdedrelu": _on_vectors(
        lambda layers: layers.advanced_activations.ThresholdedReLU(theta=0.1)
    ),
    "parametricsoftplus": _on_vectors(
        lambda layers: layers.advanced_activations.ParametricSoftplus(alpha_init=0.3)
    ),
    "srelu": _on_vectors(lambda layers: layers.advanced_activations.SReLU()),
    "timedistributeddense": _on_steps(lambda layers: layers.TimeDistributedDense(3)),
    "activation": _on_vectors(lambda layers: layers.Activation("softplus")),
    "dropout": _on_vectors(lambda layers: layers.Dropout(p=0.5), trains=False),
    "gaussiannoise": _on_vectors(
        lambda layers: layers.noise.GaussianNoise(sigma=0.2), trains=False
    ),
    "gaussiandropout": _on_vectors(
        lambda layers: layers.noise.GaussianDropout(p=0.2), trains=False
    ),
    "regularized": _on_vectors(
        lambda layers: layers.Dense(3, W_regularizer="l2", b_constraint="nonneg", init="normal")
    ),
    "embedding": sequential(
        lambda layers: layers.Embedding(7, 3, input_length=4), _flat, _dense, integers=7, **_SGD
    ),
    "convolution1d": _on_steps(lambda layers: layers.Convolution1D(3, 2, border_mode="same")),
    "atrousconvolution1d": _on_steps(
        lambda layers: layers.AtrousConvolution1D(3, 2, atrous_rate=2)
    ),
    "maxpooling1d": _on_steps(lambda layers: layers.MaxPooling1D(pool_length=2, stride=1)),
    "averagepooling1d": _on_steps(lambda layers: layers.AveragePooling1D(pool_length=2)),
    "zeropadding1d": _on_steps(lambda layers: layers.ZeroPadding1D(1)),
    "cropping1d": _on_steps(lambda layers: layers.Cropping1D((1, 1))),
    "upsampling1d": _on_steps(lambda layers: layers.UpSampling1D(length=2)),
    "locallyconnected1d": _on_steps(lambda layers: layers.LocallyConnected1D(2, 2)),
    "permute": _on_steps(lambda layers: layers.Permute((2, 1))),
    "lstm": _recurrent("LSTM"),
    "lstm_mem": _recurrent("LSTM", consume_less="mem", inner_activation="sigmoid"),
    "lstm_gpu": _recurrent("LSTM", consume_less="gpu"),
    "lstm_regularized": _recurrent("LSTM", W_regularizer="l2", U_regularizer="l2"),
    "gru": _recurrent("GRU"),
    "gru_gpu": _recurrent("GRU", consume_less="gpu"),
    "simplernn": _recurrent("SimpleRNN"),
    "bidirectional": _on_steps(
        lambda layers: layers.Bidirectional(layers.LSTM(3, return_sequences=True))
    ),
    "convolution2d": _on_images(lambda layers: layers.Convolution2D(2, 3, 2, subsample=(2, 1))),
    "convolution2d_th": _on_images(lambda layers: layers.Convolution2D(3, 2, 2, **_TH)),
    "atrousconvolution2d": _on_images(
        lambda layers: layers.AtrousConvolution2D(3, 2, 2, atrous_rate=(2, 2))
    ),
    "separableconvolution2d": _on_images(
        lambda layers: layers.SeparableConvolution2D(4, 2, 2, depth_multiplier=2)
    ),
    "deconvolution2d": _on_images(
        lambda layers: layers.Deconvolution2D(4, 2, 2, output_shape=(None, 6, 6, 4))
    ),
    "locallyconnected2d": _on_images(lambda layers: layers.LocallyConnected2D(2, 2, 2)),
    "maxpooling2d": _on_images(lambda layers: layers.MaxPooling2D((2, 2), strides=(1, 1))),
    "averagepooling2d": _on_images(lambda layers: layers.AveragePooling2D((2, 1))),
    "zeropadding2d": _on_images(lambda layers: layers.ZeroPadding2D((1, 1))),
    "cropping2d": _on_images(lambda layers: layers.Cropping2D(((1, 0), (0, 1)))),
    "upsampling2d": _on_images(lambda layers: layers.UpSampling2D((2, 2))),
    "batchnormalization_of_images": _on_images(
        lambda layers: layers.BatchNormalization(axis=3, momentum=0.8)
    ),
    "convolution3d": sequential(
        lambda layers: layers.Convolution3D(2, 2, 2, 2, input_shape=(3, 3, 3, 2)), _flat, _dense
    ),
    "convlstm2d": sequential(
        lambda layers: layers.ConvLSTM2D(2, 2, 2, input_shape=(3, 4, 4, 2)),
        _flat,
        _dense,
    ),
    "repeatvector": _on_vectors(lambda layers: layers.RepeatVector(2), trains=False),
    "reshape": _on_vectors(lambda layers: layers.Reshape((2, 2)), trains=False),
    "lambda": _on_vectors(lambda layers: layers.Lambda(lambda x: 2.0 * x), holds_code=True),
    "inputlayer": sequential(
        lambda layers: layers.InputLayer(input_shape=(3,), name="given"), _dense
    ),
    "activityregularization": _on_vectors(
        lambda layers: layers.ActivityRegularization(l1=0.01, l2=0.02)
    ),
    "penalized": _on_vectors(
        lambda layers: layers.Dense(3, activity_regularizer="activity_l2", b_regularizer="l1"),
    ),
    "constrained": _on_vectors(
        lambda layers: layers.Dense(3, W_constraint="unitnorm", b_constraint="maxnorm")
    ),
    "embedding_dropout": sequential(
        lambda layers: layers.Embedding(7, 3, input_length=4, dropout=0.3),
        _flat,
        _dense,
        integers=7,
        trains=False,
    ),
    "embedding_masked": sequential(
        lambda layers: layers.Embedding(7, 3, input_length=4, mask_zero=True),
        lambda layers: layers.GRU(2),
        integers=7,
        **_SGD,
    ),
    "batchnormalization_of_samples": _on_vectors(
        lambda layers: layers.BatchNormalization(mode=1, epsilon=0.01)
    ),
    "batchnormalization_of_batches": _on_vectors(
        lambda layers: layers.BatchNormalization(1e-4, 2, -1, 0.8)
    ),
    "batchnormalization_of_images_2": _on_images(
        lambda layers: layers.BatchNormalization(mode=2, axis=3)
    ),
    "batchnormalization_of_images_th": _on_images(
        lambda layers: layers.BatchNormalization(axis=1, momentum=0.8)
    ),
    "prelu_shared": _on_images(
        lambda layers: layers.advanced_activations.PReLU(init="one", shared_axes=[1, 2])
    ),
    "srelu_shared": _on_images(
        lambda layers: layers.advanced_activations.SReLU(shared_axes=[1, 2])
    ),
    "parametricsoftplus_shared": _on_images(
        lambda layers: layers.advanced_activations.ParametricSoftplus(shared_axes=[1, 2])
    ),
    "simplernn_mem": _recurrent("SimpleRNN", consume_less="mem"),
    "simplernn_dropout": _recurrent("SimpleRNN", dropout_W=0.2, dropout_U=0.1, trains=False),
    "gru_mem": _recurrent("GRU", consume_less="mem", go_backwards=True),
    "lstm_dropout": _recurrent("LSTM", dropout_W=0.2, dropout_U=0.1, trains=False),
    "lstm_unrolled": _recurrent("LSTM", unroll=True, forget_bias_init="zero"),
    "lstm_stateful": sequential(
        lambda layers: layers.LSTM(3, stateful=True, batch_input_shape=(6, 4, 2)), _dense, **_SGD
    ),
    "bidirectional_sum": _on_steps(
        lambda layers: layers.Bidirectional(layers.GRU(3, return_sequences=True), merge_mode="sum")
    ),
    "spatialdropout1d": _on_steps(lambda layers: layers.SpatialDropout1D(0.5), trains=False),
    "spatialdropout2d": _on_images(lambda layers: layers.SpatialDropout2D(0.5), trains=False),
    "spatialdropout3d": _on_volumes(lambda layers: layers.SpatialDropout3D(0.5), trains=False),
    "maxpooling3d": _on_volumes(lambda layers: layers.MaxPooling3D((2, 1, 2))),
    "averagepooling3d": _on_volumes(lambda layers: layers.AveragePooling3D(strides=(1, 1, 1))),
    "zeropadding3d": _on_volumes(lambda layers: layers.ZeroPadding3D((1, 0, 2))),
    "cropping3d": _on_volumes(lambda layers: layers.Cropping3D(((1, 0), (0, 1), (1, 1)))),
    "upsampling3d": _on_volumes(lambda layers: layers.UpSampling3D((1, 2, 2))),
    "globalmaxpooling1d": _of_steps(lambda layers: layers.GlobalMaxPooling1D()),
    "globalaveragepooling1d": _of_steps(lambda layers: layers.GlobalAveragePooling1D()),
    "globalmaxpooling2d": _of_images(lambda layers: layers.GlobalMaxPooling2D()),
    "globalaveragepooling2d": _of_images(lambda layers: layers.GlobalAveragePooling2D()),
    "globalmaxpooling3d": _of_volumes(lambda layers: layers.GlobalMaxPooling3D()),
    "globalaveragepooling3d": _of_volumes(lambda layers: layers.GlobalAveragePooling3D()),
    "masking": sequential(
        lambda layers: layers.Masking(mask_value=0.0, input_shape=(5, 1)),
        lambda layers: layers.LSTM(3),
        _dense,
        integers=3,
        **_SGD,
    ),
    "merge_of_a_function": dict(
        _merged(lambda x: x[0] - 0.5 * x[1], output_shape=(4,)), holds_code=True
    ),
    "merge_sum": _merged("sum"),
    "merge_mul": _merged("mul"),
    "merge_ave": _merged("ave"),
    "merge_max": _merged("max"),
    "merge_concat": _merged("concat", concat_axis=-1),
    "merge_dot": _merged("dot", dot_axes=1),
    "merge_cos": _merged("cos", dot_axes=1),
}
# ---- layers of branches -------------------------------------------------------------------------


def _of_branches(keras):
    """A Sequential that begins with a ``Merge`` of others, as Keras 1's examples had it."""
    left, right = keras.models.Sequential(), keras.models.Sequential()
    left.add(keras.layers.Dense(3, input_dim=4))
    left.add(keras.layers.Activation("tanh"))
    right.add(keras.layers.Dense(3, input_dim=2, name="deeper"))
    model = keras.models.Sequential()
    model.add(keras.layers.Merge([left, right], mode="concat"))
    model.add(keras.layers.Dense(2))
    return model


def _nested(keras):
    """Shared and nested layers, two outputs."""
    layers = keras.layers
    left, right = layers.Input(shape=(4,), name="left"), layers.Input(shape=(4,), name="right")
    shared = layers.Dense(3, activation="tanh", name="shared")
    inner = keras.models.Sequential([layers.Dense(3, input_dim=4), layers.BatchNormalization()])
    joined = layers.merge([shared(left), shared(right), inner(right)], mode="sum", name="joined")
    return keras.models.Model(input=[left, right], output=layers.Dense(2, name="value")(joined))


CASES["merge_of_branches"] = {"build": _of_branches, "optimizer": "adam", "trains": True}
CASES["nested"] = {"build": _nested, "optimizer": "sgd", "trains": True}

# ---- optimizers ---------------------------------------------------------------------------------

CASES.update(
    ("optimizer_" + name, _on_vectors(lambda layers: layers.Activation("tanh"), optimizer=name))
    for name in ("rmsprop", "adagrad", "adadelta", "adam", "adamax", "nadam")
)
