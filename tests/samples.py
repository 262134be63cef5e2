"""Sample calls of ops: what `@op.samples` yields, for every type that an op declares."""

import zlib

import numpy as np

from eagle.core import dtypes
from eagle.core.dispatch import registry


class Maker:
    """Makes the arrays of sample calls, of one element type, the same ones every time.

    `make(2, 3)` has small numbers of both signs, none near zero or near each other, so that ops with kinks can be differentiated.
    """

    def __init__(self, dtype, seed=0):
        self.dtype = dtype
        self._random = np.random.RandomState(seed)

    def __call__(self, *shape):
        count = int(np.prod(shape))
        magnitudes = 0.3 + 1.7 * (np.arange(count) + self._random.uniform(0.2, 0.8, count)) / max(count, 1)
        signs = np.where(self._random.uniform(size=count) < 0.5, -1, 1)
        return self._cast((self._random.permutation(magnitudes) * signs).reshape(shape))

    def scalar(self, value):
        """A number of this type."""
        return self.dtype.np.type(value)

    def positive(self, *shape, low=0.2, high=2.0):
        """Numbers between `low` and `high`."""
        return self._cast(self._random.uniform(low, high, shape))

    def between(self, low, high, *shape):
        """Numbers between `low` and `high`."""
        return self.positive(*shape, low=low, high=high)

    def ints(self, low, high, *shape, dtype=np.int32):
        """Integers of a type of their own, `low` inclusive, `high` exclusive."""
        return self._random.randint(low, high, shape).astype(dtype)

    def bools(self, *shape):
        return self._random.uniform(size=shape) < 0.5

    def strings(self, *shape):
        words = [b"", b"a", b"ab", b"eagle", "\u00e9\u00df".encode(), b"x y", b"0.5", b"-12"]
        out = np.empty(int(np.prod(shape)), object)
        out[:] = [words[i] for i in self._random.randint(0, len(words), out.size)]
        return out.reshape(shape)

    def _cast(self, values):
        dtype = self.dtype
        if dtype is dtypes.string:
            return self.strings(*values.shape)
        if dtype is dtypes.bool_:
            return values > 0
        if dtype.is_complex:
            return (values + 1j * self._random.permutation(values.ravel()).reshape(values.shape)).astype(dtype.np)
        if dtype.is_quantized:
            return np.round(np.abs(values) * 10).astype(dtype.np[0]).view(dtype.np)
        if dtype.is_unsigned:
            values = np.abs(values)
        if dtype.is_integer:
            values = np.where(values < 0, -1, 1) * np.ceil(np.abs(values) * 3)
        return np.asarray(values).astype(dtype.np)


class Sample:
    """One sample call: `args` for the inputs, `attrs` by name."""

    def __init__(self, op, index, dtype, call):
        call = call if isinstance(call, tuple) else (call,)
        self.op, self.index, self.dtype = op, index, dtype
        self.attrs = call[-1] if call and isinstance(call[-1], dict) else {}
        self.args = list(call[:-1] if self.attrs or (call and isinstance(call[-1], dict)) else call)

    @property
    def id(self):
        return "%s-%d-%s" % (self.op.name, self.index, self.dtype.name)


# Tried where an op takes all types.
SOME = [dtypes.float32, dtypes.float64, dtypes.float16, dtypes.bfloat16, dtypes.int32, dtypes.int64, dtypes.uint8, dtypes.bool_,
        dtypes.complex64, dtypes.string]  # fmt: skip


def principal_types(op):
    """The types that the first input (host inputs aside) with a type attribute may have; float32 if there is no such input."""
    for kind, a in zip(op.kinds, op.definition.inputs):
        if a.type_attr == "Tindices" and hasattr(op, "changes"):
            continue
        if kind != "h" and a.type_attr and op.definition.attrs[a.type_attr].kind == "type":
            types = op.sample_types or op.definition.attrs[a.type_attr].allowed or SOME
            return [t for t in types if t.is_numpy_compatible and (op.sample_types or not t.is_quantized)]
    return [dtypes.float32]


def default_type(op):
    types = principal_types(op)
    return next((t for t in (dtypes.float32, dtypes.float64, dtypes.int32, dtypes.bool_) if t in types), types[0])


def samples(op, dtype=None):
    """The samples of an op with its main inputs of one type (by default float32 if it may be)."""
    dtype = dtype or default_type(op)
    make = Maker(dtype, zlib.crc32(op.name.encode()))
    return [Sample(op, i, dtype, call) for i, call in enumerate(op.sampler(make))]


def typed_samples(op):
    """The samples of an op in all its types: all of the default type, two of each other."""
    for dtype in principal_types(op):
        found = samples(op, dtype)
        yield from found if dtype is default_type(op) else found[:2]


def sampled_ops():
    """All ops that have samples, by name, but for those that change variables."""
    return [op for op in _sampled() if not hasattr(op, "changes")]


def update_ops():
    """All ops that change variables and have samples, by name: the first `op.changes` arguments are the variables' values."""
    return [op for op in _sampled() if hasattr(op, "changes")]


def _sampled():
    return [registry[name] for name in sorted(registry) if registry[name].sampler is not None]
