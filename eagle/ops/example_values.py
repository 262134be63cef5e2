"""What `Example` protocol buffers hold, as arrays: what the ops of examples.py and sequence_examples.py share."""

import numpy as np

from .. import protos
from ..core import dtypes, shape as shapes
from ..core.constant import eager_name
from ..core.errors import invalid

_TYPES = {"int64_list": dtypes.int64, "float_list": dtypes.float32, "bytes_list": dtypes.string}

LISTS = {dtype: kind for kind, dtype in _TYPES.items()}


def parsed(message, data):
    """Serialized bytes as a message, `Example` or `SequenceExample`."""
    from google.protobuf.message import DecodeError

    try:
        return getattr(protos, message).FromString(data)
    except DecodeError:
        raise invalid("Could not parse example input, value: '%s'", data.decode(errors="replace")) from None


def type_of(feature):
    """The type of the values of a `Feature`; None if it is not even set to an empty list."""
    return _TYPES.get(feature.WhichOneof("kind"))


def values_of(feature, dtype):
    """The values of a `Feature`, which must be of the type, as a vector; empty if it is not set."""
    kind = feature.WhichOneof("kind")
    values = getattr(feature, kind).value if kind else ()
    out = np.empty(len(values), dtype.np)
    out[:] = list(values)
    return out


def text(key):
    """A key, given as an attribute or as a value."""
    return key if isinstance(key, str) else np.asarray(key).item().decode("utf-8", "replace")


class Dense:
    """A feature that becomes a dense tensor.

    Attributes:
      key, dtype, shape: its name and type, and the shape of its values in one example.
      varies: whether the first dimension is of any size; then `default` fills rows up.
      default: the values of an example that does not have it; empty if it must.
      stride: how many values there are, or in each row of one whose first dimension varies.
    """

    def __init__(self, key, dtype, shape, default, number):
        self.key, self.dtype, self.shape, self.default = text(key), dtype, shape, default
        self.varies = bool(shape) and shape[0] is None
        self.stride = int(np.prod(shape[1:] if self.varies else shape))
        if self.varies and default.size != 1:
            raise invalid("dense_shape[%d] is a variable length shape: %s, therefore def_value[%d] must contain a single element "
                          "(the padding element).  But its shape is: %s",
                          number, shapes.to_brackets(shape), number, shapes.to_brackets(default.shape))  # fmt: skip
        if not self.varies and default.size and not shapes.compatible(shape, default.shape):
            raise invalid("def_value[%d].shape() == %s is not compatible with dense_shapes_[%d] == %s",
                          number, shapes.to_brackets(default.shape), number, shapes.to_brackets(shape))  # fmt: skip

    def missing(self, who):
        """The values of an example without the feature."""
        if self.varies:
            return np.empty(0, self.dtype.np)
        if not self.default.size:
            raise invalid("%sFeature: %s (data type: %s) is required but could not be found.",
                          who, self.key, eager_name(self.dtype))  # fmt: skip
        return self.default.ravel()

    def stacked(self, rows):
        """The values of several examples as one tensor."""
        count = len(rows)
        if not self.varies:
            flat = np.concatenate(rows) if rows else np.empty(0, self.dtype.np)
            return flat.reshape((count, *self.shape))
        most = max([len(row) for row in rows], default=0)
        out = np.empty((count, most), self.dtype.np)
        out[:] = self.default.ravel()[0]
        for target, row in zip(out, rows):
            target[: len(row)] = row
        return out.reshape((count, most // self.stride, *self.shape[1:]))


def sparse_rows(rows, dtype):
    """The values of several examples as a sparse tensor: indices, values, shape."""
    sizes = [len(row) for row in rows]
    indices = np.empty((sum(sizes), 2), np.int64)
    indices[:, 0] = np.repeat(np.arange(len(rows)), sizes)
    indices[:, 1] = np.concatenate([np.arange(n) for n in sizes]) if rows else 0
    values = np.concatenate(rows) if rows else np.empty(0, dtype.np)
    return indices, values, np.array([len(rows), max(sizes, default=0)], np.int64)


def sparse_row(values):
    """The values of one example as a sparse vector: indices, values, shape."""
    return np.arange(len(values), dtype=np.int64).reshape(-1, 1), values, np.array([len(values)], np.int64)


def columns(triples):
    """Sparse tensors, (indices, values, shape) each, as a list of all indices, one of all values, one of all shapes."""
    return [list(column) for column in zip(*triples)] if triples else [[], [], []]


def sparse_shapes(count, rank):
    """The static shapes of that many sparse tensors."""
    return [(None, rank)] * count + [(None,)] * count + [(rank,)] * count
