"""Arrays and data frames as the input of estimators."""

import sys

import numpy as np

from ...core import dtypes
from ...core.errors import NotYetError
from ...core.export import export, public as tf
from ...platform import tf_logging as logging

_NUMBERS = {"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64", "bool"}


def _export(name):
    return export("contrib.learn." + name, "contrib.learn.python.learn.learn_io.pandas_io." + name)


def _is(thing, *kinds):
    """Whether something is a frame or series of Pandas; without Pandas loaded nothing is."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(thing, tuple(getattr(pandas, kind) for kind in kinds))


def _bad_columns(frame, form):
    kinds = {column: frame[column].dtype.name for column in frame}
    return ", ".join(form % item for item in kinds.items() if item[1] not in _NUMBERS)


@_export("extract_pandas_data")
def extract_pandas_data(data):
    """The numbers of a data frame, as an array of floats; anything else as it is.

    Raises:
      ValueError: a column has no numbers.
    """
    if not _is(data, "DataFrame"):
        return data
    bad = _bad_columns(data, "'%s' type='%s'")
    if bad:
        raise ValueError("Data types for extracting pandas data must be int, float, or bool. Found: " + bad)
    return data.values.astype("float")


@_export("extract_pandas_matrix")
def extract_pandas_matrix(data):
    """The values of a data frame; anything else as it is."""
    return data.values if _is(data, "DataFrame") else data


@_export("extract_pandas_labels")
def extract_pandas_labels(labels):
    """The values of a data frame with one column of numbers; anything else as it is.

    Raises:
      ValueError: there are several columns, or it has no numbers.
    """
    if not _is(labels, "DataFrame"):
        return labels
    if len(labels.columns) > 1:
        raise ValueError("Only one column for labels is allowed.")
    bad = _bad_columns(labels, "'%s' type=%s")
    if bad:
        raise ValueError("Data types for extracting labels must be int, float, or bool. Found: " + bad)
    return labels.values


def verify_input_args(x, y, input_fn, feed_fn, batch_size):
    """Raises ValueError if there are both arrays and a function, or neither."""
    if input_fn is None:
        if x is None:
            raise ValueError("Either x or input_fn must be provided.")
        if tf.is_tensor(x) or (y is not None and tf.is_tensor(y)):
            raise ValueError("Inputs cannot be tensors. Please provide input_fn.")
        if feed_fn is not None:
            raise ValueError("Can not provide both feed_fn and x or y.")
        return
    if x is not None or y is not None:
        raise ValueError("Can not provide both input_fn and x or y.")
    if batch_size is not None:
        raise ValueError("Can not provide both input_fn and batch_size.")


class ArrayFeeder:
    """Feeds batches of arrays.

    Args:
      x: an array of `[examples, ...]`, a data frame, or a dict of arrays.
      y: the same of labels, or None.
      batch_size: how many examples; None for all.
      shuffle: whether they come in random order, another one in each round.
      epochs: how many rounds; None for no end.

    Raises:
      ValueError: the size of batches is not positive.
    """

    def __init__(self, x, y, batch_size=None, shuffle=True, epochs=None):
        if hasattr(x, "__next__"):
            raise NotYetError("tf.contrib.learn: x and y that are iterators")
        self._x = _arrays(extract_pandas_data(x))
        self._y = None if y is None else _arrays(extract_pandas_labels(y))
        self._length = len(next(iter(self._x.values())) if isinstance(self._x, dict) else self._x)
        if batch_size is not None and batch_size <= 0:
            raise ValueError("Invalid batch_size %d." % batch_size)
        self._batch_size = self._length if batch_size is None else batch_size
        self._shuffle, self._epochs_left = shuffle, epochs
        self._random = np.random.RandomState(42)
        self._offset, self._order = 0, self._new_order()

    def _new_order(self):
        return self._random.permutation(self._length) if self._shuffle else np.arange(self._length)

    def input_fn(self):
        """The placeholders of features and labels."""
        self._inputs = _mapped(lambda name, data: _placeholder("input" + name, data, _feature_shape(data)), self._x)
        self._outputs = None
        if self._y is not None:
            self._outputs = _mapped(lambda name, data: _placeholder("output" + name, data, _label_shape(data)), self._y)
        return self._inputs, self._outputs

    def feed_fn(self):
        """The feeds of the next batch; raises StopIteration after the last round."""
        if self._epochs_left is not None and self._epochs_left <= 0:
            raise StopIteration
        rows = self._order[self._offset : self._offset + self._batch_size]
        self._offset += self._batch_size
        if self._offset >= self._length:
            self._order, self._offset = self._new_order(), 0
            if self._epochs_left is not None:
                self._epochs_left -= 1
        feeds = {}
        _feed(feeds, self._inputs, self._x, rows, _feature_shape)
        if self._y is not None:
            _feed(feeds, self._outputs, self._y, rows, _label_shape)
        return feeds


def _arrays(data):
    return {key: np.asarray(value) for key, value in data.items()} if isinstance(data, dict) else np.asarray(data)


def _mapped(function, data):
    if not isinstance(data, dict):
        return function("", data)
    return {key: function("_" + key, value) for key, value in data.items()}


def _feature_shape(data):
    """The shape of one example: numbers count as rows of one."""
    return data.shape[1:] or (1,)


def _label_shape(data):
    """The shape of one label: rows of one count as numbers."""
    return data.shape[2:] if data.shape[1:2] == (1,) else data.shape[1:]


def _placeholder(name, data, shape):
    dtype = dtypes.as_dtype(data.dtype)
    if dtype == dtypes.float64:
        logging.warning("float64 is not supported by many models, consider casting to float32.")
    return tf.placeholder(dtype, [None, *shape], name=name)


def _feed(feeds, placeholders, data, rows, shape):
    if not isinstance(data, dict):
        placeholders, data = {"": placeholders}, {"": data}
    for key, array in data.items():
        feeds[placeholders[key]] = array[rows].reshape(len(rows), *shape(array))


def input_and_feed(x, y, input_fn, feed_fn, batch_size, shuffle=False, epochs=1):
    """The function that builds the input and the one that feeds it.

    Raises:
      ValueError: there are both arrays and a function, or neither.
    """
    verify_input_args(x, y, input_fn, feed_fn, batch_size)
    if input_fn is not None:
        return input_fn, feed_fn
    feeder = ArrayFeeder(x, y, batch_size, shuffle, epochs)
    return feeder.input_fn, feeder.feed_fn
