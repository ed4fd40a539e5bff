"""Models for comparing generations with their originals, each in the words of its original.

The same functions build them there (``record_generations.py``) and here, and observe the same.
"""

import numpy as np

BATCH = 6
STEPS = 20


def _sequential(*make, **options):
    """A case: layers, made in order of functions of ``keras.layers``; see :func:`observe`."""

    def build(keras):
        model = keras.models.Sequential()
        for each in make:
            model.add(each(keras.layers))
        return model

    return dict({"build": build, "optimizer": "sgd", "trains": True}, **options)


# ---- tf.keras -----------------------------------------------------------------------------------

_MLP = (
    lambda layers: layers.Dense(5, activation="tanh", input_shape=(4,)),
    lambda layers: layers.Dense(4, activation="relu"),
    lambda layers: layers.Dense(2, activation="softmax"),
)


def _named(keras):
    """Most kinds of layers, named by themselves; what it gives does not matter."""
    layers = keras.layers
    steps, image = layers.Input((5, 3)), layers.Input((8, 8, 2))
    a = layers.LSTM(2)(layers.Bidirectional(layers.GRU(2, return_sequences=True))(steps))
    b = layers.SimpleRNN(2)(layers.TimeDistributed(layers.Dense(3))(layers.Conv1D(2, 2)(steps)))
    c = layers.SeparableConv2D(3, 2)(layers.DepthwiseConv2D(2)(layers.Conv2D(2, 2)(image)))
    c = layers.MaxPooling2D()(layers.BatchNormalization()(layers.PReLU()(c)))
    c = layers.Flatten()(layers.Conv2DTranspose(2, 2)(c))
    inner = keras.models.Sequential([layers.Dense(2, input_shape=(2,)), layers.Activation("relu")])
    joined = layers.concatenate([inner(a), layers.add([a, b]), layers.Dropout(0.0)(c)])
    return keras.models.Model([steps, image], [layers.Dense(1)(joined), joined])


OF_TF_KERAS = {
    "named": {"build": _named, "optimizer": "sgd", "trains": False},
    "normalized": _sequential(
        lambda layers: layers.Dense(3, input_shape=(4,)),
        lambda layers: layers.BatchNormalization(momentum=0.8),
        lambda layers: layers.Dense(2),
    ),
    "normalized_images": _sequential(
        lambda layers: layers.Conv2D(3, 2, input_shape=(5, 5, 2)),
        lambda layers: layers.BatchNormalization(momentum=0.8),
        lambda layers: layers.Flatten(),
        lambda layers: layers.Dense(2),
    ),
    "recurrent": _sequential(
        lambda layers: layers.LSTM(3, return_sequences=True, input_shape=(4, 2)),
        lambda layers: layers.GRU(2),
    ),
}
OF_TF_KERAS.update(
    ("mlp_" + name.lower(), _sequential(*_MLP, optimizer=optimizer))
    for name, optimizer in {
        "SGD": "sgd",
        "momentum": lambda keras: keras.optimizers.SGD(learning_rate=0.1, momentum=0.9),
        "RMSprop": "rmsprop",
        "Adadelta": lambda keras: keras.optimizers.Adadelta(),
        "Adam": "adam",
        "amsgrad": lambda keras: keras.optimizers.Adam(lr=0.01, amsgrad=True),
        "Adamax": "adamax",
    }.items()
)

# ---- Keras 1.2 ----------------------------------------------------------------------------------

_SGD = {"optimizer": lambda keras: keras.optimizers.SGD(lr=0.01, momentum=0.5)}


def _dense(layers):
    return layers.Dense(2)


def _flat(layers):
    return layers.Flatten()


def _on_vectors(make, **options):
    return _sequential(lambda layers: layers.Dense(4, input_dim=3), make, _dense, **options)


def _on_steps(make, **options):
    first = lambda layers: layers.TimeDistributed(layers.Dense(4), input_shape=(5, 3))  # noqa: E731
    return _sequential(first, make, _flat, _dense, **dict(_SGD, **options))


def _on_images(make, **options):
    first = lambda layers: layers.Convolution2D(3, 2, 2, input_shape=(6, 6, 2))  # noqa: E731
    return _sequential(first, make, _flat, _dense, **dict(_SGD, **options))


def _recurrent(name, **arguments):
    return _on_steps(
        lambda layers: getattr(layers, name)(3, return_sequences=True, **arguments), recurrent=True
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

OF_KERAS_1 = {
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
    "embedding": _sequential(
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
        lambda layers: layers.Bidirectional(layers.LSTM(3, return_sequences=True)), recurrent=True
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
    "convolution3d": _sequential(
        lambda layers: layers.Convolution3D(2, 2, 2, 2, input_shape=(3, 3, 3, 2)), _flat, _dense
    ),
    "convlstm2d": _sequential(
        lambda layers: layers.ConvLSTM2D(2, 2, 2, input_shape=(3, 4, 4, 2)),
        _flat,
        _dense,
        recurrent=True,
    ),
    "repeatvector": _on_vectors(lambda layers: layers.RepeatVector(2), trains=False),
    "merge_of_a_function": _merged(lambda x: x[0] - 0.5 * x[1], output_shape=(4,)),
    "merge_sum": _merged("sum"),
    "merge_mul": _merged("mul"),
    "merge_ave": _merged("ave"),
    "merge_max": _merged("max"),
    "merge_concat": _merged("concat", concat_axis=-1),
    "merge_dot": _merged("dot", dot_axes=1),
    "merge_cos": _merged("cos", dot_axes=1),
}
OF_KERAS_1.update(
    ("optimizer_" + name, _on_vectors(lambda layers: layers.Activation("tanh"), optimizer=name))
    for name in ("rmsprop", "adagrad", "adadelta", "adam", "adamax", "nadam")
)


# ---- what is observed ---------------------------------------------------------------------------


def _inputs(model, case):
    random = np.random.RandomState(8)
    shapes = [tuple(x.get_shape().as_list())[1:] for x in model.inputs]
    if "integers" in case:
        return [random.randint(0, case["integers"], (BATCH,) + shape) for shape in shapes]
    return [random.normal(size=(BATCH,) + shape).astype("float32") for shape in shapes]


def start(model):
    """Gives a model the weights that every observation begins with."""
    random = np.random.RandomState(9)
    values = [
        0.6 * random.uniform(0.1, 0.9, w.shape) - 0.24 * (w.ndim > 1) for w in model.get_weights()
    ]
    model.set_weights(values)


def _only(values):
    return values[0] if len(values) == 1 else values


def outputs(model, case):
    """What a model gives for the inputs of a case: a list of arrays."""
    found = model.predict(_only(_inputs(model, case)))
    return found if isinstance(found, list) else [found]


def observe(keras, case):
    """``(facts, arrays)`` of a case: names, outputs, and what some steps of training make of it."""
    keras.backend.clear_session()
    np.random.seed(3)
    model = case["build"](keras)
    start(model)
    facts = {
        "model": model.name,
        "layers": [layer.name for layer in model.layers],
        "weights": [weight.name for weight in model.weights],
        "outputs": model.output_names,
        "inputs": model.input_names,
    }
    arrays = {"output%d" % index: value for index, value in enumerate(outputs(model, case))}
    if case["trains"]:
        _train(keras, model, case, _inputs(model, case), facts, arrays)
    return facts, arrays


def _train(keras, model, case, inputs, facts, arrays):
    optimizer = case["optimizer"]
    optimizer = optimizer(keras) if callable(optimizer) else optimizer
    model.compile(optimizer, "mse", metrics=["accuracy"])
    random = np.random.RandomState(10)
    targets = random.uniform(size=(BATCH,) + model.output_shape[1:]).astype("float32")
    losses = [model.train_on_batch(_only(inputs), targets)[0] for _ in range(STEPS)]
    facts["metrics"] = model.metrics_names
    arrays["losses"] = np.array(losses)
    arrays.update(("weight%d" % i, value) for i, value in enumerate(model.get_weights()))
