"""``optimize_loss``: one operation that trains, from a loss and a rate."""

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.tensorflow.contrib.framework import tensors

_averages = _tf.submodule("python.training.moving_averages")

OPTIMIZER_CLS_NAMES = {
    "Adagrad": tf.train.AdagradOptimizer,
    "Adam": tf.train.AdamOptimizer,
    "Ftrl": tf.train.FtrlOptimizer,
    "Momentum": lambda learning_rate: tf.train.MomentumOptimizer(learning_rate, momentum=0.9),
    "RMSProp": tf.train.RMSPropOptimizer,
    "SGD": tf.train.GradientDescentOptimizer,
}

OPTIMIZER_SUMMARIES = [
    "learning_rate",
    "loss",
    "gradients",
    "gradient_norm",
    "global_gradient_norm",
]
_USUAL_SUMMARIES = ["loss", "learning_rate", "global_gradient_norm"]
_NORMS = {"global_gradient_norm", "gradient_norm"}


def optimize_loss(
    loss,
    global_step,
    learning_rate,
    optimizer,
    gradient_noise_scale=None,
    gradient_multipliers=None,
    clip_gradients=None,
    learning_rate_decay_fn=None,
    update_ops=None,
    variables=None,
    name=None,
    summaries=None,
    colocate_gradients_with_ops=False,
    increment_global_step=True,
):
    """A tensor of the loss that trains when it is run.

    The optimizer is one of ``OPTIMIZER_CLS_NAMES``, a class or function of a rate, or a
    ``tf.train.Optimizer``. Operations of ``UPDATE_OPS`` are run before the loss.

    Raises: ConfigError for an unknown optimizer or summary, or a rate that is missing or negative.
    """
    loss = tf.convert_to_tensor(loss)
    tensors.assert_scalar(loss)
    global_step = _checked_step(global_step)
    with tf.variable_scope(name, "OptimizeLoss", [loss, global_step]):
        loss = _after_updates(loss, update_ops)
        summaries = _checked_summaries(summaries)
        rate = _decayed(_rate(learning_rate), learning_rate_decay_fn, global_step, summaries)
        chosen = _optimizer(optimizer, rate, learning_rate is not None)
        if variables is None:
            variables = tf.trainable_variables()
        gradients = chosen.compute_gradients(
            loss, variables, colocate_gradients_with_ops=colocate_gradients_with_ops
        )
        gradients = _noisy(gradients, gradient_noise_scale)
        gradients = _multiplied(gradients, gradient_multipliers)
        if _NORMS & set(summaries):
            _summarize_norm("global_norm/gradient_norm", gradients)
        gradients = _clipped(gradients, clip_gradients)
        _summarize(summaries, loss, gradients, clip_gradients)
        step = global_step if increment_global_step else None
        trained = chosen.apply_gradients(gradients, global_step=step, name="train")
        with tf.control_dependencies([trained]):
            return tf.identity(loss)


def _checked_step(global_step):
    if global_step is None:
        return tf.train.get_global_step()
    tf.train.assert_global_step(global_step)
    return global_step


def _after_updates(loss, update_ops):
    if update_ops is None:
        update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    if not update_ops:
        return loss
    with tf.control_dependencies(list(update_ops)):
        return tf.identity(loss)


def _checked_summaries(summaries):
    if summaries is None:
        return _USUAL_SUMMARIES
    unknown = [each for each in summaries if each not in OPTIMIZER_SUMMARIES]
    if unknown:
        raise ConfigError(
            "Summaries must be of %s; found %s."
            % (", ".join(OPTIMIZER_SUMMARIES), ", ".join(map(str, unknown)))
        )
    return summaries


def _rate(learning_rate):
    is_scalar = isinstance(learning_rate, _tf.Tensor) and learning_rate.get_shape().ndims == 0
    if learning_rate is None or is_scalar:
        return learning_rate
    if not isinstance(learning_rate, float) or learning_rate < 0.0:
        raise ConfigError(
            "learning_rate must be a scalar tensor or a float that is not negative; found %r."
            % (learning_rate,)
        )
    return tf.get_variable(
        "learning_rate",
        [],
        trainable=False,
        initializer=tf.constant_initializer(learning_rate),
    )


def _decayed(rate, decay, global_step, summaries):
    if rate is None or decay is None:
        return rate
    if global_step is None:
        raise ConfigError("learning_rate_decay_fn needs a global_step, and there is none.")
    rate = decay(rate, global_step)
    if "learning_rate" in summaries:
        tf.summary.scalar("learning_rate", rate)
    return rate


def _optimizer(optimizer, rate, has_rate):
    if isinstance(optimizer, tf.train.Optimizer):
        return optimizer
    if isinstance(optimizer, (str, type)):
        return _made(optimizer, rate)
    made = None
    if callable(optimizer):
        made = optimizer(rate) if has_rate else optimizer()
    if not isinstance(made, tf.train.Optimizer):
        raise ConfigError(
            "optimizer must be one of %s, a tf.train.Optimizer, or a class or function that gives "
            "one; found %r." % (", ".join(OPTIMIZER_CLS_NAMES), optimizer)
        )
    return made


def _made(optimizer, rate):
    if rate is None:
        raise ConfigError("The optimizer %s needs a learning_rate." % (optimizer,))
    kind = OPTIMIZER_CLS_NAMES.get(optimizer, optimizer)
    if isinstance(kind, str) or isinstance(kind, type) and not issubclass(kind, tf.train.Optimizer):
        raise ConfigError(
            "optimizer must be one of %s, or a class of tf.train.Optimizer; found %r."
            % (", ".join(OPTIMIZER_CLS_NAMES), optimizer)
        )
    return kind(learning_rate=rate)


def _noisy(pairs, scale):
    if scale is None:
        return pairs
    return [(_changed(g, lambda x: x + _noise(x) * scale, dense=True), v) for g, v in pairs]


def _noise(tensor):
    known = tensor.get_shape().is_fully_defined()
    return tf.truncated_normal(tensor.get_shape() if known else tf.shape(tensor))


def _changed(gradient, change, dense=False):
    """A gradient changed by a function of its values: of the rows it has, or all if ``dense``."""
    if gradient is None:
        return None
    if isinstance(gradient, tf.IndexedSlices):
        if dense:
            return change(tf.convert_to_tensor(gradient))
        return tf.IndexedSlices(change(gradient.values), gradient.indices, gradient.dense_shape)
    return change(gradient)


def _multiplied(pairs, multipliers):
    if multipliers is None:
        return pairs
    by_name = {getattr(key, "name", key): value for key, value in multipliers.items()}
    if not pairs:
        raise ConfigError("There are no gradients to multiply: check gradient_multipliers.")

    def times(gradient, variable):
        factor = by_name.get(variable.name)
        if factor is None:
            return gradient
        return _changed(gradient, lambda values: values * tf.cast(factor, values.dtype))

    return [(times(gradient, variable), variable) for gradient, variable in pairs]


def _clipped(pairs, clip):
    if clip is None:
        return pairs
    if callable(clip):
        return clip(pairs)
    if not isinstance(clip, float):
        raise ConfigError("clip_gradients must be a float or a function; found %r." % (clip,))
    gradients, variables = zip(*pairs)
    return list(zip(tf.clip_by_global_norm(gradients, clip)[0], variables))


def _summarize(summaries, loss, pairs, clip):
    if "loss" in summaries:
        tf.summary.scalar("loss", loss)
    for gradient, variable in pairs:
        if gradient is not None:
            _summarize_gradient(summaries, gradient, variable.name.replace(":", "_"))
    if clip is not None and _NORMS & set(summaries):
        _summarize_norm("global_norm/clipped_gradient_norm", pairs)


def _summarize_gradient(summaries, gradient, name):
    values = gradient.values if isinstance(gradient, tf.IndexedSlices) else gradient
    if "gradients" in summaries:
        tf.summary.histogram("gradients/" + name, values)
    if "gradient_norm" in summaries:
        tf.summary.scalar("gradient_norm/" + name, tf.global_norm([values]))


def _summarize_norm(name, pairs):
    tf.summary.scalar(name, tf.global_norm([gradient for gradient, _ in pairs]))


def adaptive_clipping_fn(
    std_factor=2.0,
    decay=0.95,
    static_max_norm=None,
    global_step=None,
    report_summary=False,
    epsilon=1e-8,
    name=None,
):
    """A function for ``clip_gradients``: clips where the norm is far above its moving average."""

    def clip(pairs):
        norm = tf.global_norm([gradient for gradient, _ in pairs])
        limit, log_mean = _adaptive_limit(norm, std_factor, decay, global_step, epsilon, name)
        if report_summary:
            tf.summary.scalar("global_norm/adaptive_max_gradient_norm", limit)
        factor = tf.where(norm < limit, tf.ones_like(norm), tf.exp(log_mean) / norm)
        if static_max_norm is not None:
            factor = tf.minimum(static_max_norm / norm, factor)
        return [(_changed(gradient, lambda x: x * factor), v) for gradient, v in pairs]

    return clip


def _adaptive_limit(norm, std_factor, decay, global_step, epsilon, name):
    with tf.variable_scope(name, "AdaptiveMaxNorm", [norm]):
        log_norm = tf.log(norm + epsilon)
        if global_step is not None:
            step = tf.cast(global_step, tf.float32)
            decay = tf.minimum(decay, step / (step + 1.0))
        mean = _moving("mean", log_norm, decay)
        squares = _moving("sq_mean", tf.square(log_norm), decay)
        deviation = tf.sqrt(tf.maximum(epsilon, squares - tf.square(mean)))
        return tf.exp(mean + std_factor * deviation), mean


def _moving(name, value, decay):
    average = tf.get_variable(
        name,
        shape=value.get_shape(),
        dtype=value.dtype,
        initializer=tf.zeros_initializer(),
        trainable=False,
    )
    return _averages.assign_moving_average(average, value, decay, zero_debias=False)
