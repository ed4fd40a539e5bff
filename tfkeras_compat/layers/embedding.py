"""Embedding: integers to vectors."""

from tfkeras_compat import backend as K
from tfkeras_compat.engine.configured import configured
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.errors import ShapeError
from tfkeras_compat.state.structures import to_list


class Embedding(Layer):
    """Looks up a vector for each integer.

    Shapes: ``(batch, ...)`` of ints in ``[0, input_dim)`` -> ``(batch, ..., output_dim)``.
    Weights: embeddings ``(input_dim, output_dim)``.
    ``mask_zero`` masks the value 0; ``input_length`` (an int, or a tuple for more axes) fixes the
    length.
    In generation "1.2" ``dropout`` is the part of the vectors that is zero in a step of training.
    Raises: ShapeError if the inputs contradict ``input_length``.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import Embedding
    >>> Embedding(10, 4)(K.placeholder((None, 7), dtype="int32")).shape.as_list()
    [None, 7, 4]
    """

    config_excludes = ("dropout",)

    @configured
    def __init__(
        self,
        input_dim,
        output_dim,
        embeddings_initializer="uniform",
        embeddings_regularizer=None,
        activity_regularizer=None,
        embeddings_constraint=None,
        mask_zero=False,
        input_length=None,
        dropout=0.0,
        **kwargs,
    ):
        if "batch_input_shape" not in kwargs:
            kwargs.setdefault("input_shape", tuple(to_list(input_length, allow_tuple=True)))
        super().__init__(**kwargs)
        self.supports_masking = mask_zero

    def weight_specs(self, input_shape):
        yield self.weight("embeddings", (self.input_dim, self.output_dim))

    def get_config(self):
        return dict(super().get_config(), **({"dropout": self.dropout} if self.dropout else {}))

    def call(self, inputs):
        return K.gather(self._embeddings_or_fewer(), K.cast(inputs, "int32"))

    def _embeddings_or_fewer(self):
        if not 0.0 < self.dropout < 1.0:
            return self.embeddings
        kept = K.random_binomial((self.input_dim, 1), p=1.0 - self.dropout) / (1.0 - self.dropout)
        return K.in_train_phase(self.embeddings * kept, self.embeddings)

    def compute_mask(self, inputs, mask=None):
        return K.not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape):
        if self.input_length is None:
            return tuple(input_shape) + (self.output_dim,)
        lengths = to_list(self.input_length, allow_tuple=True)
        known = [
            mine if mine is not None else theirs for mine, theirs in zip(lengths, input_shape[1:])
        ]
        if len(lengths) != len(input_shape) - 1 or any(
            theirs is not None and mine != theirs for mine, theirs in zip(known, input_shape[1:])
        ):
            raise ShapeError(
                'Layer %s: "input_length" is %s, but received input has shape %s.'
                % (self.name, self.input_length, tuple(input_shape))
            )
        return (input_shape[0],) + tuple(known) + (self.output_dim,)
