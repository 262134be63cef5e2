"""Sequences of different lengths, windows of time series, pairs of words."""

import json
import random

import numpy as np

from ...core.export import export
from ..utils.sequences import Sequence


@export("keras.preprocessing.sequence.pad_sequences")
def pad_sequences(sequences, maxlen=None, dtype="int32", padding="pre", truncating="pre", value=0.0):
    """Sequences as one array.

    Args:
      sequences: a list of sequences.
      maxlen: the length that they get, by default that of the longest.
      dtype: the type of the array.
      padding, truncating: "pre" or "post": at which end short ones are filled and long ones are cut.
      value: what they are filled with.

    Raises:
      ValueError: an argument is not as it must be.
    """
    if not hasattr(sequences, "__len__"):
        raise ValueError("`sequences` must be iterable.")
    for x in sequences:
        if not hasattr(x, "__len__"):
            raise ValueError("`sequences` must be a list of iterables. Found non-iterable: " + str(x))
    shape = next((np.asarray(x).shape[1:] for x in sequences if len(x)), ())
    if maxlen is None:
        maxlen = max(len(x) for x in sequences)
    if isinstance(value, str) and not (np.dtype(dtype) == object or np.issubdtype(dtype, np.str_)):
        raise ValueError(
            f"`dtype` {dtype} is not compatible with `value`'s type: {type(value)}\n"
            "You should set `dtype=object` for variable length strings."
        )
    found = np.full((len(sequences), maxlen, *shape), value, dtype=dtype)
    for i, x in enumerate(sequences):
        if not len(x):
            continue
        if truncating not in ("pre", "post"):
            raise ValueError('Truncating type "%s" not understood' % truncating)
        x = np.asarray(x[-maxlen:] if truncating == "pre" else x[:maxlen], dtype=dtype)
        if x.shape[1:] != shape:
            raise ValueError(
                "Shape of sample %s of sequence at position %s is different from expected shape %s" % (x.shape[1:], i, shape)
            )
        if padding == "post":
            found[i, : len(x)] = x
        elif padding == "pre":
            found[i, -len(x) :] = x
        else:
            raise ValueError('Padding type "%s" not understood' % padding)
    return found


@export("keras.preprocessing.sequence.make_sampling_table")
def make_sampling_table(size, sampling_factor=1e-5):
    """With which probability words are taken, by their ranks, so that frequent ones are rarer.

    Args:
      size: how many words there are.
      sampling_factor: how strong that is.
    """
    rank = np.arange(size)
    rank[0] = 1
    inverse = rank * (np.log(rank) + 0.577) + 0.5 - 1.0 / (12.0 * rank)
    f = sampling_factor * inverse
    return np.minimum(1.0, f / np.sqrt(f))


@export("keras.preprocessing.sequence.skipgrams")
def skipgrams(sequence, vocabulary_size, window_size=4, negative_samples=1.0, shuffle=True, categorical=False, sampling_table=None,
              seed=None):  # fmt: skip
    """Pairs of words that are near to each other, and pairs at random.

    Args:
      sequence: words as numbers; 0 is none.
      vocabulary_size: how many words there are.
      window_size: how far apart is near.
      negative_samples: how many pairs at random there are for each near one.
      shuffle: whether the pairs are in random order.
      categorical: whether labels are pairs and not numbers.
      sampling_table: with which probability words are taken.
      seed: of the order.

    Returns: a list of pairs, and a list of labels that say which are near.
    """
    couples, labels = [], []
    for i, word in enumerate(sequence):
        if not word or sampling_table is not None and sampling_table[word] < random.random():
            continue
        for j in range(max(0, i - window_size), min(len(sequence), i + window_size + 1)):
            if j != i and sequence[j]:
                couples.append([word, sequence[j]])
                labels.append([0, 1] if categorical else 1)
    if negative_samples > 0:
        count = int(len(labels) * negative_samples)
        words = [c[0] for c in couples]
        random.shuffle(words)
        couples += [[words[i % len(words)], random.randint(1, vocabulary_size - 1)] for i in range(count)]
        labels += [[1, 0] if categorical else 0] * count
    if shuffle:
        seed = random.randint(0, int(10e6)) if seed is None else seed
        for some in (couples, labels):
            random.seed(seed)
            random.shuffle(some)
    return couples, labels


@export("keras.preprocessing.sequence.TimeseriesGenerator")
class TimeseriesGenerator(Sequence):
    """Windows of a time series, in batches.

    Args:
      data: the series.
      targets: what belongs to each time.
      length: the length of windows.
      sampling_rate: the steps within a window.
      stride: the steps between windows.
      start_index, end_index: where windows lie.
      shuffle: whether windows are taken at random.
      reverse: whether windows are given backwards.
      batch_size: how many windows a batch has.

    Raises:
      ValueError: data and targets differ in length, or there is no window.
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
            raise ValueError(
                f"Data and targets have to be of same length. Data length is {len(data)} while target length is {len(targets)}"
            )
        self.data, self.targets, self.length, self.sampling_rate, self.stride = data, targets, length, sampling_rate, stride
        self.start_index = start_index + length
        self.end_index = len(data) - 1 if end_index is None else end_index
        self.shuffle, self.reverse, self.batch_size = shuffle, reverse, batch_size
        if self.start_index > self.end_index:
            raise ValueError(
                "`start_index+length=%i > end_index=%i` is disallowed, as no part of the sequence would be left to be "
                "used as current "
                "step." % (self.start_index, self.end_index)
            )

    def __len__(self):
        span = self.batch_size * self.stride
        return (self.end_index - self.start_index + span) // span

    def __getitem__(self, index):
        if self.shuffle:
            rows = np.random.randint(self.start_index, self.end_index + 1, size=self.batch_size)
        else:
            i = self.start_index + self.batch_size * self.stride * index
            rows = np.arange(i, min(i + self.batch_size * self.stride, self.end_index + 1), self.stride)
        samples = np.array([self.data[row - self.length : row : self.sampling_rate] for row in rows])
        targets = np.array([self.targets[row] for row in rows])
        return (samples[:, ::-1, ...] if self.reverse else samples), targets

    def get_config(self):
        """The arguments to make it again, data and targets as JSON; raises TypeError if they are not such."""
        found = {}
        for name in ("data", "targets"):
            values = getattr(self, name)
            try:
                found[name] = json.dumps(values.tolist() if isinstance(values, np.ndarray) else values)
            except TypeError:
                raise TypeError(name.capitalize() + " not JSON Serializable:", values) from None
        names = ("length", "sampling_rate", "stride", "start_index", "end_index", "shuffle", "reverse", "batch_size")
        return {**found, **{n: getattr(self, n) for n in names}}

    def to_json(self, **kwargs):
        """The configuration as a string; `kwargs` go to `json.dumps`."""
        return json.dumps({"class_name": type(self).__name__, "config": self.get_config()}, **kwargs)
