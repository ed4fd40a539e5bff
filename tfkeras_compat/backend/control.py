"""What depends on a condition, on the learning phase, or goes over the elements of a tensor;
gradients."""

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.backend import fused
from tfkeras_compat.backend.nn import dropout
from tfkeras_compat.backend.random import draw_seed
from tfkeras_compat.errors import ShapeError
from tfkeras_compat.state import phase

learning_phase = phase.learning_phase
set_learning_phase = phase.set_learning_phase
name_scope = tf.name_scope


def in_train_phase(x, alt, training=None):
    """``x`` in the training phase, ``alt`` otherwise; both may be tensors or callables that make
    one.

    ``training`` replaces the learning phase of the graph: a bool, an int or a boolean tensor.
    """
    return _by_phase(training, x, alt, lambda phase: switch(phase, x, alt))


def _by_phase(training, x, alt, choose):
    uses_phase = training is None
    training = learning_phase() if uses_phase else training
    if isinstance(training, (bool, int)):
        return _made(x if training else alt)
    chosen = choose(tf.cast(training, tf.bool))
    if uses_phase:
        chosen._uses_learning_phase = True
    return chosen


def dropout_in_train_phase(x, level, noise_shape=None, seed=None, training=None):
    """:func:`dropout` of ``x`` in the training phase, ``x`` otherwise."""
    seed = draw_seed(seed)
    return _by_phase(
        training,
        lambda: dropout(x, level, noise_shape, seed),
        x,
        lambda phase: fused.dropout(x, level, noise_shape, seed, phase),
    )


def in_test_phase(x, alt, training=None):
    """``x`` in the test phase, ``alt`` otherwise."""
    return in_train_phase(alt, x, training=training)


def _made(expression):
    return expression() if callable(expression) else expression


def switch(condition, then_expression, else_expression):
    """``then_expression`` where ``condition`` holds, ``else_expression`` elsewhere.

    A scalar condition chooses between whole expressions, of which only callables are left
    unevaluated; a condition of more axes chooses element-wise and is repeated over the axes that it
    lacks on the right.
    Raises ShapeError if the condition has more axes than the expressions.
    """
    condition = tf.cast(condition, tf.bool)
    if condition.get_shape().ndims == 0:
        return tf.cond(
            condition,
            lambda: _value(_made(then_expression)),
            lambda: _value(_made(else_expression)),
        )
    then_tensor, else_tensor = _made(then_expression), _made(else_expression)
    return tf.where(_repeated(condition, then_tensor), then_tensor, else_tensor)


def _value(expression):
    return tf.identity(expression) if _tf.is_variable(expression) else expression


def _repeated(condition, expression):
    missing = expression.get_shape().ndims - condition.get_shape().ndims
    if missing < 0:
        raise ShapeError(
            "Rank of `condition` should be less than or equal to rank of `then_expression` and "
            "`else_expression`. ndim(condition)=%d, ndim(then_expression)=%d"
            % (condition.get_shape().ndims, expression.get_shape().ndims)
        )
    for _ in range(missing):
        condition = tf.expand_dims(condition, -1)
    return tf.logical_and(condition, tf.ones_like(expression, dtype=tf.bool))


def gradients(loss, variables):
    """The gradients of ``loss`` with respect to ``variables``."""
    with _tf.without_control_dependencies():
        return tf.gradients(loss, variables)


def stop_gradient(variables):
    """The tensors with their gradient taken as zero."""
    if isinstance(variables, (list, tuple)):
        return [tf.stop_gradient(x) for x in variables]
    return tf.stop_gradient(variables)


def print_tensor(x, message=""):
    """``x``, whose value is printed with ``message`` whenever it is evaluated."""
    return tf.Print(x, [x], message)


def map_fn(fn, elems, name=None, dtype=None):
    """``fn`` applied to each element along the first axis."""
    return tf.map_fn(fn, elems, name=name, dtype=dtype)


def foldl(fn, elems, initializer=None, name=None):
    """The elements combined by ``fn`` from the left."""
    return tf.foldl(fn, elems, initializer=initializer, name=name)


def foldr(fn, elems, initializer=None, name=None):
    """The elements combined by ``fn`` from the right."""
    return tf.foldr(fn, elems, initializer=initializer, name=name)
