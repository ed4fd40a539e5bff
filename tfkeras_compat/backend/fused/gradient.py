"""Values whose gradient is computed by a function of ours.

The function has a name, and gets all it needs from its operation: a graph that was exported and
imported again still has its gradient where this package is loaded, and runs where it is not. (A
``tf.custom_gradient`` is known only to the process that made the graph.)
"""

from tfkeras_compat._tf import tf


def register(name, function, results):
    """Registers the gradient of operations of that name: ``function(sources, gradients)``.

    ``gradients`` are those of the ``results``, the last values of the operation; ``sources`` are
    the values before them, and the function gives a gradient for each, or ``None``.
    """

    def gradient(op, *gradients):
        values = list(op.inputs)
        of_sources = function(values[:-results], gradients[-results:])
        return list(of_sources) + [None] * (len(values) - len(of_sources))

    tf.RegisterGradient(name)(gradient)


def attach(name, sources, results):
    """The ``results``, with the registered gradient of that name towards ``sources``.

    Sources that get no gradient, because they are only kept for the function, come last.
    """
    with tf.get_default_graph().gradient_override_map({"IdentityN": name}):
        values = tf.identity_n(list(sources) + list(results), name="with_gradient")
    return values[len(sources) :]


def unless_zero(gradient):
    """A list of the gradient; empty if it is that of a result which nothing depends on."""
    return [] if gradient.op.type == "ZerosLike" else [gradient]


def without_gradient(x):
    """``x``, of which a gradient can not be asked: TensorFlow raises LookupError."""
    return tf.raw_ops.PreventGradient(
        input=x,
        message="The gradient of a gradient of a recurrent layer was asked for. Make the layer "
        "with unroll=True, which has one.",
    )
