"""Where a decoder takes its next inputs from: the targets, or what it has given itself."""

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import SessionError, ShapeError


class Helper:
    """The form of a helper: ``initialize`` gives ``(finished, first inputs)``, ``sample`` class
    numbers for the outputs, ``next_inputs`` ``(finished, inputs, state)``."""

    sample_ids_shape = tf.TensorShape([])
    sample_ids_dtype = tf.int32

    @property
    def batch_size(self):
        """The number of sequences."""
        return self._batch_size

    def initialize(self, name=None):
        raise NotImplementedError("%s does not tell its first inputs." % type(self).__name__)

    def sample(self, time, outputs, state, name=None):
        raise NotImplementedError("%s does not sample." % type(self).__name__)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        raise NotImplementedError("%s does not tell the next inputs." % type(self).__name__)


class CustomHelper(Helper):
    """A helper made of three functions, called by keywords."""

    def __init__(
        self,
        initialize_fn,
        sample_fn,
        next_inputs_fn,
        sample_ids_shape=None,
        sample_ids_dtype=None,
    ):
        self._initialize_fn = initialize_fn
        self._sample_fn = sample_fn
        self._next_inputs_fn = next_inputs_fn
        self._batch_size = None
        self.sample_ids_shape = tf.TensorShape(sample_ids_shape or [])
        self.sample_ids_dtype = sample_ids_dtype or tf.int32

    @property
    def batch_size(self):
        if self._batch_size is None:
            raise SessionError("The batch_size of a CustomHelper is known after initialize().")
        return self._batch_size

    def initialize(self, name=None):
        finished, inputs = self._initialize_fn()
        if self._batch_size is None:
            self._batch_size = tf.size(finished)
        return finished, inputs

    def sample(self, time, outputs, state, name=None):
        return self._sample_fn(time=time, outputs=outputs, state=state)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        return self._next_inputs_fn(time=time, outputs=outputs, state=state, sample_ids=sample_ids)


class TrainingHelper(Helper):
    """Feeds the steps of ``inputs``, and zeros after the end of all sequences.

    Args:
        inputs: ``(batch, time, ...)``, a structure of them, or with the time first.
        sequence_length: ``(batch,)``.
    Raises: ShapeError if that is no vector.
    """

    def __init__(self, inputs, sequence_length, time_major=False, name=None):
        with tf.name_scope(name, "TrainingHelper", [inputs, sequence_length]):
            self._inputs = tf.nest.map_structure(tf.convert_to_tensor, inputs)
            steps = self._inputs
            if not time_major:
                steps = tf.nest.map_structure(batch_and_time_exchanged, steps)
            self._steps = tf.nest.map_structure(_array_of_steps, steps)
            self._zeros = tf.nest.map_structure(lambda x: tf.zeros_like(x[0]), steps)
            self._sequence_length = tf.convert_to_tensor(sequence_length)
            if self._sequence_length.get_shape().ndims != 1:
                raise ShapeError(
                    "Expected sequence_length to be a vector, but received shape: %s"
                    % self._sequence_length.get_shape()
                )
            self._batch_size = tf.size(self._sequence_length)

    @property
    def inputs(self):
        """The inputs as they were given."""
        return self._inputs

    @property
    def sequence_length(self):
        """The lengths of the sequences."""
        return self._sequence_length

    def initialize(self, name=None):
        return self._at(0)

    def sample(self, time, outputs, state=None, name=None):
        return tf.cast(tf.argmax(outputs, axis=-1), tf.int32)

    def next_inputs(self, time, outputs, state, sample_ids=None, name=None):
        return self._at(time + 1) + (state,)

    def _at(self, time):
        finished = time >= self._sequence_length
        inputs = tf.cond(
            tf.reduce_all(finished),
            lambda: self._zeros,
            lambda: tf.nest.map_structure(lambda steps: steps.read(time), self._steps),
        )
        return finished, inputs


class ScheduledEmbeddingTrainingHelper(TrainingHelper):
    """A TrainingHelper that, with a probability, feeds the embedding of a class drawn from the
    outputs instead.

    Source: Bengio et al., arXiv:1506.03099.
    """

    def __init__(
        self,
        inputs,
        sequence_length,
        embedding,
        sampling_probability,
        time_major=False,
        seed=None,
        scheduling_seed=None,
        name=None,
    ):
        super().__init__(inputs, sequence_length, time_major, name)
        self._embedding_fn = embedding_function(embedding)
        self._sampling_probability = tf.convert_to_tensor(sampling_probability)
        if self._sampling_probability.get_shape().ndims not in (0, 1):
            raise ShapeError(
                "sampling_probability must be either a scalar or a vector. saw shape: %s"
                % self._sampling_probability.get_shape()
            )
        self._seed = seed
        self._scheduling_seed = scheduling_seed

    def sample(self, time, outputs, state=None, name=None):
        chance = tf.random_uniform([self.batch_size], seed=self._scheduling_seed)
        drawn = drawn_classes(outputs, self._seed)
        return tf.where(chance < self._sampling_probability, drawn, -tf.ones_like(drawn))

    def next_inputs(self, time, outputs, state, sample_ids=None, name=None):
        finished, inputs, state = super().next_inputs(time, outputs, state)
        is_drawn = sample_ids > -1
        drawn = self._embedding_fn(tf.maximum(sample_ids, 0))
        return finished, tf.where(is_drawn, drawn, inputs), state


class GreedyEmbeddingHelper(Helper):
    """Feeds the embedding of the best class, until it is the end.

    Args:
        embedding: a matrix of one row for each class, or a function of class numbers.
        start_tokens: ``(batch,)``.
        end_token: a class number.
    Raises: ShapeError for tokens of other shapes.
    """

    def __init__(self, embedding, start_tokens, end_token):
        self._embedding_fn = embedding_function(embedding)
        self._start_tokens = tf.convert_to_tensor(start_tokens, tf.int32)
        self._end_token = tf.convert_to_tensor(end_token, tf.int32)
        for name, token, ndim in [
            ("start_tokens", self._start_tokens, 1),
            ("end_token", self._end_token, 0),
        ]:
            if token.get_shape().ndims != ndim:
                raise ShapeError(
                    "%s must be a %s, found shape %s."
                    % (name, "vector" if ndim else "scalar", token.get_shape())
                )
        self._batch_size = tf.size(self._start_tokens)

    def initialize(self, name=None):
        finished = tf.tile([False], [self._batch_size])
        return finished, self._embedding_fn(self._start_tokens)

    def sample(self, time, outputs, state=None, name=None):
        return tf.argmax(outputs, axis=-1, output_type=tf.int32)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        finished = tf.equal(sample_ids, self._end_token)
        inputs = tf.cond(
            tf.reduce_all(finished),
            lambda: self._embedding_fn(self._start_tokens),
            lambda: self._embedding_fn(sample_ids),
        )
        return finished, inputs, state


class SampleEmbeddingHelper(GreedyEmbeddingHelper):
    """Feeds the embedding of a class drawn by the outputs, which are logits."""

    def __init__(self, embedding, start_tokens, end_token, softmax_temperature=None, seed=None):
        super().__init__(embedding, start_tokens, end_token)
        self._softmax_temperature = softmax_temperature
        self._seed = seed

    def sample(self, time, outputs, state=None, name=None):
        if self._softmax_temperature is not None:
            outputs = outputs / self._softmax_temperature
        return drawn_classes(outputs, self._seed)


class InferenceHelper(Helper):
    """Feeds what a function draws from the outputs, until another finds it to be the end."""

    def __init__(
        self, sample_fn, sample_shape, sample_dtype, start_inputs, end_fn, next_inputs_fn=None
    ):
        self._sample_fn = sample_fn
        self._end_fn = end_fn
        self.sample_ids_shape = tf.TensorShape(sample_shape)
        self.sample_ids_dtype = sample_dtype
        self._next_inputs_fn = next_inputs_fn
        self._start_inputs = tf.convert_to_tensor(start_inputs)
        self._batch_size = tf.shape(self._start_inputs)[0]

    def initialize(self, name=None):
        return tf.tile([False], [self._batch_size]), self._start_inputs

    def sample(self, time, outputs, state=None, name=None):
        return self._sample_fn(outputs)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        inputs = self._next_inputs_fn(sample_ids) if self._next_inputs_fn else sample_ids
        return self._end_fn(sample_ids), inputs, state


def batch_and_time_exchanged(x):
    """The tensor with its first two axes exchanged."""
    return tf.transpose(x, [1, 0] + list(range(2, x.get_shape().ndims)))


def embedding_function(embedding):
    """A function of class numbers: itself, or the look-up in a matrix."""
    return embedding if callable(embedding) else lambda ids: tf.nn.embedding_lookup(embedding, ids)


def drawn_classes(logits, seed):
    """One class number for each row of logits."""
    drawn = tf.multinomial(logits, 1, seed=seed, output_dtype=tf.int32)
    return tf.reshape(drawn, [-1])


def _array_of_steps(x):
    shape = x.get_shape()[1:]
    return tf.TensorArray(x.dtype, tf.shape(x)[0], element_shape=shape).unstack(x)
