"""Sequences of numbers made into arrays and batches."""

import json
import random

import numpy as np

from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.training.enqueue import Sequence

# ---- padding ------------------------------------------------------------------------------------

# What is kept of a sequence that is too long, and where one that is too short is put in its row.
_KEPT = {"pre": lambda s, length: s[-length:], "post": lambda s, length: s[:length]}
_PLACE = {"pre": lambda length: slice(-length, None), "post": lambda length: slice(length)}


def pad_sequences(
    sequences, maxlen=None, dtype="int32", padding="pre", truncating="pre", value=0.0
):
    """Sequences of different lengths as one array.

    Shapes: a list of ``(steps, ...)`` -> ``(samples, maxlen, ...)``.

    Args:
        maxlen: the longest length if not given.
        padding, truncating: whether values are added and removed at the beginning, ``"pre"``, or
            at the end, ``"post"``.
        value: what is added.
    Raises: ConfigError for what are no sequences, or an unknown mode; ShapeError where the steps
        have different shapes.

    >>> pad_sequences([[1], [2, 3, 4]], maxlen=2).tolist()
    [[0, 1], [3, 4]]
    """
    lengths = _lengths(sequences)
    maxlen = max(lengths) if maxlen is None else maxlen
    if isinstance(value, str) and np.dtype(dtype).kind not in "OU":
        raise ConfigError(
            "`dtype` %s is not compatible with `value`'s type: %s. Use dtype=object for strings of "
            "variable length." % (dtype, type(value))
        )
    kept = _mode(_KEPT, truncating, "Truncating")
    place = _mode(_PLACE, padding, "Padding")
    filled = [index for index, length in enumerate(lengths) if length]
    step_shape = np.asarray(sequences[filled[0]]).shape[1:] if filled else ()
    padded = np.full((len(sequences), maxlen) + step_shape, value, dtype=dtype)
    for index in filled:
        part = np.asarray(kept(sequences[index], maxlen), dtype=dtype)
        if part.shape[1:] != step_shape:
            raise ShapeError(
                "Shape of sample %s of sequence at position %s is different from expected shape %s"
                % (part.shape[1:], index, step_shape)
            )
        padded[index, place(len(part))] = part
    return padded


def _lengths(sequences):
    if not hasattr(sequences, "__len__"):
        raise ConfigError("`sequences` must be iterable.")
    for sequence in sequences:
        if not hasattr(sequence, "__len__"):
            raise ConfigError(
                "`sequences` must be a list of iterables. Found non-iterable: %s" % (sequence,)
            )
    return [len(sequence) for sequence in sequences]


def _mode(table, name, role):
    if name not in table:
        raise ConfigError('%s type "%s" not understood: expected "pre" or "post".' % (role, name))
    return table[name]


def _remove_long_seq(maxlen, seq, label):
    """The sequences shorter than ``maxlen``, and their labels."""
    kept = [(x, y) for x, y in zip(seq, label) if len(x) < maxlen]
    return [x for x, _ in kept], [y for _, y in kept]


# ---- word pairs ---------------------------------------------------------------------------------


def make_sampling_table(size, sampling_factor=1e-5):
    """The probability to keep each word, by its rank, so that common words count less.

    Frequencies are those of Zipf's law, the formula that of word2vec (Mikolov et al., 2013).
    """
    gamma = 0.577
    rank = np.arange(size)
    rank[0] = 1
    inverse_frequency = rank * (np.log(rank) + gamma) + 0.5 - 1.0 / (12.0 * rank)
    ratio = sampling_factor * inverse_frequency
    return np.minimum(1.0, ratio / np.sqrt(ratio))


def skipgrams(
    sequence,
    vocabulary_size,
    window_size=4,
    negative_samples=1.0,
    shuffle=True,
    categorical=False,
    sampling_table=None,
    seed=None,
):
    """``(pairs, labels)``: words with their neighbours, label 1, and with random words, label 0.

    Args:
        sequence: word numbers; 0 is no word, and passed over.
        window_size: how far neighbours are at most.
        negative_samples: how many random pairs there are for each true one.
        shuffle: whether the pairs are put in random order, by ``seed`` if given.
        categorical: whether labels are ``[1, 0]`` and ``[0, 1]`` instead of 0 and 1.
        sampling_table: the probability to keep each word, see :func:`make_sampling_table`.
    """
    pairs = _neighbours(sequence, window_size, sampling_table)
    labels = [[0, 1] if categorical else 1] * len(pairs)
    if negative_samples > 0:
        count = int(len(pairs) * negative_samples)
        words = [word for word, _ in pairs]
        random.shuffle(words)
        pairs += [
            [words[index % len(words)], random.randint(1, vocabulary_size - 1)]
            for index in range(count)
        ]
        labels += [[1, 0] if categorical else 0] * count
    if shuffle:
        seed = random.randint(0, 10000000) if seed is None else seed
        for values in (pairs, labels):  # in the same order
            random.seed(seed)
            random.shuffle(values)
    return pairs, labels


def _neighbours(sequence, window_size, sampling_table):
    pairs = []
    for index, word in enumerate(sequence):
        if not word:
            continue
        if sampling_table is not None and sampling_table[word] < random.random():
            continue
        first = max(0, index - window_size)
        window = enumerate(sequence[first : index + window_size + 1], first)
        pairs += [[word, other] for place, other in window if place != index and other]
    return pairs


# ---- time series --------------------------------------------------------------------------------


class TimeseriesGenerator(Sequence):
    """Batches of windows of a time series, each with the target that follows it.

    Args:
        data, targets: equally long; the first axis is time.
        length: of a window, in time steps.
        sampling_rate: every how many steps of a window are kept.
        stride: how many steps one window begins after the other.
        start_index, end_index: the part of the data that is used.
        shuffle: whether windows are drawn at random.
        reverse: whether time runs backwards in a window.
        batch_size: how many windows a batch has at most.
    Raises: ConfigError if data and targets differ in length, or no window fits.

    >>> import numpy as np
    >>> x = np.arange(6)
    >>> batches = TimeseriesGenerator(x, x, length=3, batch_size=2)
    >>> [array.tolist() for array in batches[0]]
    [[[0, 1, 2], [1, 2, 3]], [3, 4]]
    """

    def __init__(
        self,
        data,
        targets,
        length,
        sampling_rate=1,
        stride=1,
        start_index=0,
        end_index=None,
        shuffle=False,
        reverse=False,
        batch_size=128,
    ):
        if len(data) != len(targets):
            raise ConfigError(
                "Data and targets have to be of same length. Data length is %d while target "
                "length is %d" % (len(data), len(targets))
            )
        self.data = data
        self.targets = targets
        self.length = length
        self.sampling_rate = sampling_rate
        self.stride = stride
        self.start_index = start_index + length
        self.end_index = len(data) - 1 if end_index is None else end_index
        self.shuffle = shuffle
        self.reverse = reverse
        self.batch_size = batch_size
        if self.start_index > self.end_index:
            raise ConfigError(
                "`start_index+length=%i > end_index=%i` is disallowed, as no part of the sequence "
                "would be left to be used as current step." % (self.start_index, self.end_index)
            )

    def __len__(self):
        per_batch = self.batch_size * self.stride
        return (self.end_index - self.start_index + per_batch) // per_batch

    def __getitem__(self, index):
        rows = self._rows(index)
        samples = np.array(
            [self.data[row - self.length : row : self.sampling_rate] for row in rows]
        )
        targets = np.array([self.targets[row] for row in rows])
        return samples[:, ::-1, ...] if self.reverse else samples, targets

    def _rows(self, index):
        if self.shuffle:
            return np.random.randint(self.start_index, self.end_index + 1, size=self.batch_size)
        per_batch = self.batch_size * self.stride
        first = self.start_index + per_batch * index
        return np.arange(first, min(first + per_batch, self.end_index + 1), self.stride)

    def get_config(self):
        """The arguments, with data and targets as JSON. Raises TypeError if they can not be."""
        names = ("length", "sampling_rate", "stride", "end_index", "shuffle", "reverse")
        config = {name: getattr(self, name) for name in names + ("batch_size",)}
        config["start_index"] = self.start_index - self.length
        config["data"] = _as_json(self.data)
        config["targets"] = _as_json(self.targets)
        return config

    def to_json(self, **kwargs):
        """The generator as JSON, for :func:`timeseries_generator_from_json`."""
        return json.dumps(
            {"class_name": type(self).__name__, "config": self.get_config()}, **kwargs
        )


def _as_json(values):
    return json.dumps(values.tolist() if isinstance(values, np.ndarray) else values)


def timeseries_generator_from_json(json_string):
    """The :class:`TimeseriesGenerator` that ``to_json`` wrote."""
    config = json.loads(json_string)["config"]
    for name in ("data", "targets"):
        config[name] = json.loads(config[name])
    return TimeseriesGenerator(**config)
