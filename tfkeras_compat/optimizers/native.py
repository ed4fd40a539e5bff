"""TensorFlow's own optimizers."""

from tfkeras_compat.optimizers.base import Optimizer, accepts_keras_1_order


class TFOptimizer(Optimizer):
    """A ``tf.train.Optimizer`` in the place of one of ours.

    ``iterations`` counts the steps. The state lies in TensorFlow's slots: ``weights`` and
    ``get_config`` raise NotImplementedError, as in Keras 2.2.5.

    >>> from tfkeras_compat import backend as K, optimizers
    >>> from tfkeras_compat._tf import tf
    >>> w = K.variable([1.0, 2.0])
    >>> descent = optimizers.TFOptimizer(tf.train.GradientDescentOptimizer(0.5))
    >>> _ = K.function([], [], descent.get_updates(K.sum(K.square(w)), [w]))([])
    >>> K.get_value(w).tolist()
    [0.0, 0.0]
    """

    def __init__(self, optimizer):
        self.optimizer = optimizer
        self.updates = []
        self._make_variables(iterations=0)

    @accepts_keras_1_order
    def get_updates(self, loss, params, constraints=None):
        """The operation of one step; it counts the step as well.

        The variables carry their constraints, which TensorFlow applies; ``constraints`` is there
        for Keras 1's order of arguments.
        """
        gradients = self.optimizer.compute_gradients(loss, var_list=params)
        step = self.optimizer.apply_gradients(gradients, global_step=self.iterations)
        self.updates = [step]
        return self.updates

    @property
    def weights(self):
        raise NotImplementedError("The state of a TFOptimizer lies in its optimizer's slots.")

    def get_config(self):
        raise NotImplementedError("A tf.train.Optimizer does not tell its configuration.")

    def from_config(self, config):
        raise NotImplementedError("A tf.train.Optimizer can not be made from a configuration.")
