"""`tf.estimator.inputs`: input functions that read arrays and data frames."""

import collections
import uuid

import numpy as np

from ..core.export import export
from .feeding import enqueue_data

_SHUFFLE = "shuffle must be provided and explicitly set as boolean (it is recommended to set it as True for training); got %s"


def _checked_features(x):
    if isinstance(x, dict):
        if not x:
            raise ValueError("x cannot be an empty dict")
        return collections.OrderedDict(sorted(x.items(), key=lambda item: item[0]))
    if not isinstance(x, np.ndarray):
        raise TypeError("x must be a dict or array; got %s" % type(x).__name__)
    if x.size == 0:
        raise ValueError("x cannot be an empty array")
    return collections.OrderedDict({"__direct_np_input__": x})


def _unused_key(columns):
    key = "__target_key__"
    while key in columns:
        key += "_n"
    return key


def _check_lengths(columns, features, labels):
    """Raises ValueError unless all arrays have the same length."""
    if len({v.shape[0] for v in columns.values()}) == 1:
        return
    shapes = None if labels is None else columns[labels].shape if isinstance(labels, str) else {k: columns[k].shape for k in labels}
    raise ValueError("Length of tensors in x and y is mismatched. All elements in x and y must have the same length.\n"
                     "Shapes in x: %s\nShapes in y: %s\n" % ({k: columns[k].shape for k in features}, shapes))  # fmt: skip


@export("estimator.inputs.numpy_input_fn")
def numpy_input_fn(x, y=None, batch_size=128, num_epochs=1, shuffle=None, queue_capacity=1000, num_threads=1):
    """An input function that gives batches of arrays.

    Args:
      x: the features, an array or a dict of arrays.
      y: the labels, an array or a dict of arrays; None for none.
      batch_size: how many rows a batch has.
      num_epochs: how many rounds to go; None for no end.
      shuffle: whether to shuffle the rows; must be given.
      queue_capacity: how many rows wait at most.
      num_threads: how many threads read.

    Raises:
      ValueError: `shuffle` is not given, something is empty, or keys are the same.
      TypeError: `x` is something else.
    """
    if not isinstance(shuffle, bool):
        raise ValueError(_SHUFFLE % shuffle)

    def input_fn():
        columns = _checked_features(x)
        features, labels = list(columns), None
        if isinstance(y, dict):
            if not y:
                raise ValueError("y cannot be empty dict, use None instead.")
            labels = sorted(y)
            twice = set(features) & set(labels)
            if twice:
                raise ValueError("%d duplicate keys are found in both x and y: %s" % (len(twice), twice))
            columns.update((k, y[k]) for k in labels)
        elif y is not None:
            labels = _unused_key(columns)
            columns[labels] = y
        _check_lengths(columns, features, labels)
        queue = enqueue_data(columns, queue_capacity, shuffle, num_threads, batch_size, num_epochs)
        batch = (queue.dequeue_many(batch_size) if num_epochs is None else queue.dequeue_up_to(batch_size))[1:]
        found = batch[0] if isinstance(x, np.ndarray) else dict(zip(features, batch))
        if labels is None:
            return found
        return found, (batch[-1] if isinstance(labels, str) else dict(zip(labels, batch[-len(labels) :])))

    return input_fn


@export("estimator.inputs.pandas_input_fn")
def pandas_input_fn(x, y=None, batch_size=128, num_epochs=1, shuffle=None, queue_capacity=1000, num_threads=1,
                    target_column="target"):  # fmt: skip
    """An input function that gives batches of a data frame, a dict of its columns.

    Args:
      x: the data frame of features.
      y: the series or data frame of labels; None for none.
      batch_size, num_epochs, shuffle, queue_capacity, num_threads: as of `numpy_input_fn`.
      target_column: a name for the labels.

    Raises:
      ValueError: `shuffle` is not given, `x` has a column of that name, or the rows of `y` are others.
      TypeError: `target_column` is no string, or pandas is not installed.
    """
    try:
        import pandas
    except ImportError:
        raise TypeError("pandas_input_fn should not be called without pandas installed") from None
    if not isinstance(shuffle, bool):
        raise ValueError(_SHUFFLE % shuffle)
    if not isinstance(target_column, str):
        raise TypeError("target_column must be a string type")
    x, names = x.copy(), []
    if y is not None:
        if target_column in x:
            raise ValueError("Cannot use name %s for target column: DataFrame already has a column with that name: %s"
                             % (target_column, x.columns))  # fmt: skip
        if not np.array_equal(x.index, y.index):
            raise ValueError("Index for x and y are mismatched.\nIndex for x: %s\nIndex for y: %s\n" % (x.index, y.index))
        if isinstance(y, pandas.DataFrame):
            names = [(column, column + "_" + str(uuid.uuid4()) if column in x else column) for column in y]
            x[[name for _, name in names]] = y
        else:
            x[target_column] = y
    capacity = queue_capacity if queue_capacity is not None else len(x) * (4 if shuffle else 1)

    def input_fn():
        queue = enqueue_data(x, capacity, shuffle, num_threads, batch_size, num_epochs, max(capacity / 4, 1))
        batch = queue.dequeue_many(batch_size) if num_epochs is None else queue.dequeue_up_to(batch_size)
        features = dict(zip(x.columns, batch[1:]))
        if y is None:
            return features
        if names:
            return features, {column: features.pop(name) for column, name in names}
        labels = features.pop(target_column)
        return features, labels

    return input_fn
