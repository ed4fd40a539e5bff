"""Sequences of words as vectors."""

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, KindError
from tfkeras_compat.tensorflow.contrib.framework.variables import model_variable
from tfkeras_compat.tensorflow.contrib.layers.embedding_ops import (
    embedding_lookup_unique,
    safe_embedding_lookup_sparse,
)
from tfkeras_compat.tensorflow.contrib.layers.reshaping import dense_to_sparse


def embed_sequence(
    ids,
    vocab_size=None,
    embed_dim=None,
    unique=False,
    initializer=None,
    regularizer=None,
    trainable=True,
    scope=None,
    reuse=None,
):
    """A vector for each word. Shapes: (batch, words) -> (batch, words, embed_dim).

    Variables: embeddings (vocab_size, embed_dim).

    Raises: ConfigError if a size is missing and nothing is reused.
    """
    if not (reuse or (vocab_size and embed_dim)):
        raise ConfigError(
            "embed_sequence needs vocab_size and embed_dim; found %r and %r."
            % (vocab_size, embed_dim)
        )
    with tf.variable_scope(scope, "EmbedSequence", [ids], reuse=reuse):
        shape = [vocab_size, embed_dim] if vocab_size and embed_dim else None
        embeddings = _embeddings(shape, initializer, regularizer, trainable)
        look_up = embedding_lookup_unique if unique else tf.nn.embedding_lookup
        return look_up(embeddings, ids)


def bow_encoder(
    ids,
    vocab_size,
    embed_dim,
    sparse_lookup=True,
    initializer=None,
    regularizer=None,
    trainable=True,
    scope=None,
    reuse=None,
):
    """The mean of the words' vectors. Shapes: (batch, words) -> (batch, embed_dim)."""
    if not vocab_size or not embed_dim:
        raise ConfigError("bow_encoder needs vocab_size and embed_dim.")
    with tf.variable_scope(scope, "bow_encoder", [ids], reuse=reuse):
        embeddings = _embeddings([vocab_size, embed_dim], initializer, regularizer, trainable)
        is_sparse = isinstance(ids, _tf.SparseTensor)
        if sparse_lookup:
            sparse = ids if is_sparse else dense_to_sparse(ids)
            return safe_embedding_lookup_sparse([embeddings], sparse, default_id=0)
        if is_sparse:
            raise KindError("ids are sparse: bow_encoder expects sparse_lookup=True for them.")
        return tf.reduce_mean(tf.nn.embedding_lookup(embeddings, ids), axis=1)


def _embeddings(shape, initializer, regularizer, trainable):
    return model_variable(
        "embeddings",
        shape=shape,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
    )
