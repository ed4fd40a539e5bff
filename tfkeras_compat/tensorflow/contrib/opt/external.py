"""Minimizers outside of TensorFlow: SciPy's, or one that a subclass wraps."""

import functools
import importlib

import numpy as np

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, MissingDependencyError, SessionError


class ExternalOptimizerInterface:
    """Base of what minimizes ``loss``, a scalar, in a session by functions of one vector: of the
    variables' values, one after the other.

    ``var_list`` are the variables, by default all trainable ones of floating point. ``equalities``
    and ``inequalities`` are scalars to be held at zero, or not below it; ``var_to_bounds`` gives
    variables the least and the greatest of their values, as numbers, as arrays that fit by
    broadcasting, or ``None`` for no bound. What else is given is for the minimizer
    (``optimizer_kwargs``).

    The variables, of any kind, have the values that are tried while the loss is computed, and those
    that were found at the end; the values from before if the minimizer fails.
    """

    def __init__(
        self,
        loss,
        var_list=None,
        equalities=None,
        inequalities=None,
        var_to_bounds=None,
        **optimizer_kwargs,
    ):
        self.optimizer_kwargs = optimizer_kwargs
        self._variables = _trainable() if var_list is None else list(var_list)
        self._loss = (loss, self._gradients_of(loss))
        self._equalities = [(each, self._gradients_of(each)) for each in equalities or []]
        self._inequalities = [(each, self._gradients_of(each)) for each in inequalities or []]
        self._bounds = None if var_to_bounds is None else self._bounds_by(var_to_bounds)
        self._fed = [tf.placeholder(each.dtype.base_dtype) for each in self._variables]
        self._changes = [
            tf.assign(variable, tf.reshape(value, variable.get_shape()))
            for variable, value in zip(self._variables, self._fed)
        ]

    def _gradients_of(self, tensor):
        """One after the other, as one vector; no operation changes the graph later."""
        if not self._variables:
            raise ConfigError(
                "%s has no variables to change: give var_list, or make variables of floating point "
                "that are trainable." % type(self).__name__
            )
        gradients = [
            tf.zeros_like(variable) if gradient is None else gradient
            for variable, gradient in zip(self._variables, tf.gradients(tensor, self._variables))
        ]
        return tf.concat([tf.reshape(each, [-1]) for each in gradients], 0)

    def _bounds_by(self, given):
        pairs = [(each, given.get(each, (-np.inf, np.inf))) for each in self._variables]
        return [
            bounds
            for variable, pair in pairs
            for bounds in zip(*(_broadcast(each, variable.get_shape()) for each in pair))
        ]

    def minimize(
        self,
        session=None,
        feed_dict=None,
        fetches=None,
        step_callback=None,
        loss_callback=None,
        **run_kwargs,
    ):
        """Minimizes, and gives the variables the values that were found.

        Args: ``session``, by default the default session; ``step_callback``, which is called with
        the vector at each step; ``loss_callback``, which is called with the values of ``fetches``
        each time that the loss is computed; ``feed_dict`` and what else ``session.run`` takes.
        Raises: SessionError if there is no session.
        """
        session = session or tf.get_default_session()
        if session is None:
            raise SessionError(
                "%s.minimize computes in a session: give one, or call it inside `with "
                "tf.Session():`." % type(self).__name__
            )
        run = functools.partial(session.run, feed_dict=feed_dict, **run_kwargs)
        of = functools.partial(self._function, session, run)
        found = before = np.concatenate([np.ravel(each) for each in session.run(self._variables)])
        try:
            found = self._minimize(
                initial_val=before,
                loss_grad_func=of(list(self._loss), fetches, loss_callback),
                equality_funcs=[of([value]) for value, _ in self._equalities],
                equality_grad_funcs=[of([gradient]) for _, gradient in self._equalities],
                inequality_funcs=[of([value]) for value, _ in self._inequalities],
                inequality_grad_funcs=[of([gradient]) for _, gradient in self._inequalities],
                packed_bounds=self._bounds,
                step_callback=step_callback or _nothing,
                optimizer_kwargs=self.optimizer_kwargs,
            )
        finally:
            self._assign(session, found)

    def _function(self, session, run, tensors, fetches=None, callback=None):
        """What gives the values of ``tensors`` for a vector, and those of ``fetches`` to a
        callback."""

        def function(vector):
            self._assign(session, vector)
            values, seen = run([tensors, fetches or []])
            if callback is not None:
                callback(*seen)
            return values

        return function

    def _assign(self, session, vector):
        sizes = [each.get_shape().num_elements() for each in self._variables]
        parts = np.split(np.asarray(vector), np.cumsum(sizes)[:-1])
        session.run(self._changes, dict(zip(self._fed, parts)))

    def _minimize(self, **given):
        """The vector with the least loss, to be found by a subclass.

        It is given ``initial_val``, the vector of now; ``loss_grad_func``, a function of a vector
        that gives ``[loss, gradient]``; ``equality_funcs``, ``equality_grad_funcs``,
        ``inequality_funcs`` and ``inequality_grad_funcs``, lists of functions that give lists of
        one; ``packed_bounds``, a pair for each number, or ``None``; ``step_callback``, to be called
        with the vector at each step; and ``optimizer_kwargs``.
        """
        raise NotImplementedError("%s defines no _minimize" % type(self).__name__)


def _trainable():
    return [each for each in tf.trainable_variables() if each.dtype.is_floating]


def _broadcast(bound, shape):
    return np.broadcast_to(bound, shape.as_list()).ravel().tolist()


def _nothing(vector):
    pass


class ScipyOptimizerInterface(ExternalOptimizerInterface):
    """``scipy.optimize.minimize`` by its ``method``, ``"L-BFGS-B"`` if none is given; other
    arguments, such as ``options`` and ``tol``, go there. SciPy comes with the extra ``scipy``.

    Raises: MissingDependencyError without SciPy; ConfigError for an argument of SciPy that has
    another name here.

    >>> from tfkeras_compat._tf import tf
    >>> with tf.Graph().as_default(), tf.Session() as session:
    ...     vector = tf.Variable([7.0, 7.0])
    ...     loss = tf.reduce_sum(tf.square(vector))
    ...     optimizer = ScipyOptimizerInterface(loss, var_to_bounds={vector: ([1, 2], None)})
    ...     session.run(tf.global_variables_initializer())
    ...     optimizer.minimize(session)
    ...     print(session.run(vector).tolist())
    [1.0, 2.0]
    """

    _DEFAULT_METHOD = "L-BFGS-B"

    def _minimize(
        self,
        initial_val,
        loss_grad_func,
        equality_funcs,
        equality_grad_funcs,
        inequality_funcs,
        inequality_grad_funcs,
        packed_bounds,
        step_callback,
        optimizer_kwargs,
    ):
        for name in sorted(_SAID_OTHERWISE.keys() & optimizer_kwargs.keys()):
            raise ConfigError(
                "ScipyOptimizerInterface gives SciPy the argument %s itself: %s."
                % (name, _SAID_OTHERWISE[name])
            )
        constraints = _constraints("eq", equality_funcs, equality_grad_funcs)
        constraints += _constraints("ineq", inequality_funcs, inequality_grad_funcs)
        given = dict({"method": self._DEFAULT_METHOD}, **optimizer_kwargs)
        result = _minimize_of_scipy()(
            lambda vector: _in_double(loss_grad_func(vector)),
            initial_val.astype("float64"),  # what it works in, and some of its methods insist on
            jac=True,
            callback=step_callback,
            constraints=constraints,
            bounds=packed_bounds,
            **given,
        )
        tf.logging.info("SciPy ended at %s: %s", result.fun, result.message)
        return result.x


# Argument of SciPy -> what to write instead.
_SAID_OTHERWISE = {
    "bounds": "write var_to_bounds",
    "callback": "give minimize() a step_callback",
    "constraints": "write equalities and inequalities",
    "jac": "the gradients are TensorFlow's",
}


def _constraints(kind, functions, gradients):
    pairs = zip(functions, gradients)
    return [{"type": kind, "fun": function, "jac": gradient} for function, gradient in pairs]


def _in_double(values):
    loss, gradient = values
    return float(loss), gradient.astype("float64")


def _minimize_of_scipy():
    try:
        return importlib.import_module("scipy.optimize").minimize
    except ImportError as error:
        raise MissingDependencyError(
            "ScipyOptimizerInterface needs SciPy, which is missing. Install scipy, or the extra "
            "that brings it: pip install 'tfkeras_compat[scipy]'."
        ) from error
