"""Ragged shapes and how they are broadcast."""

from ..core import dtypes
from ..core.convert import convert
from ..core.export import public as tf
from ..core.scopes import control_dependencies, name_scope
from ..core.static_values import constant_value
from .rows import repeat_ranges, splits_of, to_int_tensor
from .shaping import tile
from .tensor import RaggedTensor, is_ragged, to_tensor_or_ragged


class DynamicShape:
    """The shape of a tensor or ragged tensor.

    Args:
      partitioned: the sizes of the dimensions down to the innermost ragged one: a scalar for a uniform dimension, for a ragged one
        a vector of the lengths of its rows.
      inner: the sizes of the others, a vector.
      dtype: the type of the sizes.
    """

    def __init__(self, partitioned, inner, dtype=None):
        with name_scope(None, "RaggedTensorDynamicShape", (partitioned, inner)):
            partitioned = [convert(p, None, "partitioned_dimension_size_%d" % i) for i, p in enumerate(partitioned)]
            inner = convert(inner, None, "inner_dim_sizes")
            if dtype is None:
                dtype = next((p.dtype for p in partitioned if p.shape.ndims == 1), dtypes.int64)
            self.partitioned = tuple([tf.cast(p, dtype) for p in partitioned])
            self.inner, self.dtype = tf.cast(inner, dtype), dtype

    @property
    def rank(self):
        inner = self.inner.shape.as_list()[0]
        return None if inner is None else len(self.partitioned) + inner

    def size(self, axis):
        """The size of a dimension, a scalar, or a vector if it is ragged."""
        count = len(self.partitioned)
        return self.partitioned[axis] if axis < count else self.inner[axis - count]

    def is_ragged(self, axis):
        return 0 < axis < len(self.partitioned) and self.partitioned[axis].shape.ndims == 1

    def of_rank(self, rank):
        """The shape with dimensions of size 1 in front."""
        more = rank - self.rank
        if not more:
            return self
        if self.partitioned:
            return DynamicShape((1,) * more + self.partitioned, self.inner, self.dtype)
        return DynamicShape((), tf.concat([tf.ones([more], self.dtype), self.inner], axis=0), self.dtype)

    def broadcast_dimension(self, axis, lengths):
        """The shape with one dimension broadcast to a size, or to rows of these lengths."""
        lengths = to_int_tensor(lengths, "lengths", self.dtype)
        scalar, size = lengths.shape.ndims == 0, self.size(axis)
        if self.is_ragged(axis):
            good = tf.equal(lengths, 1) if scalar else tf.reduce_all(tf.equal(lengths, size))
        elif scalar:
            good = tf.equal(lengths, 1) | tf.equal(size, 1) | tf.equal(size, lengths)
        else:
            good = tf.equal(size, 1)
        text = "Unable to broadcast: dimension size mismatch in dimension"
        check = tf.Assert(good, [text, axis, "lengths=", lengths, "dim_size=", size], summarize=10)
        with control_dependencies([check]):
            if self.is_ragged(axis):
                return DynamicShape(self.partitioned, tf.identity(self.inner), self.dtype)
            if axis < len(self.partitioned):
                return self._broadcast_outer(axis, lengths)
            at = axis - len(self.partitioned)
            if scalar:
                size = tf.where(tf.equal(size, 1), lengths, size)
                inner = tf.concat([self.inner[:at], [size], self.inner[at + 1 :]], axis=0)
                return DynamicShape(self.partitioned, inner, self.dtype)
            if axis == 0:
                raise ValueError("Unable to broadcast: outermost dimension must be uniform.")
            uniform = tuple([self.inner[i] for i in range(at)])
            return DynamicShape((*self.partitioned, *uniform, lengths), self.inner[at + 1 :], self.dtype)

    def _slices(self, axis):
        """How many slices there are down to a dimension."""
        if axis < 0:
            return tf.constant(1, dtype=self.dtype)
        if self.is_ragged(axis):
            return tf.reduce_sum(self.partitioned[axis])
        return self.size(axis) * self._slices(axis - 1)

    def _broadcast_outer(self, axis, lengths):
        size = self.size(axis)
        sizes = list(self.partitioned[:axis])
        if lengths.shape.ndims == 0:
            lengths = tf.where(tf.equal(size, 1), lengths, size)
            repeats = tf.where(tf.equal(size, 1), lengths, 1)
            splits = tf.stack([0, self._slices(axis)])
        else:
            repeats = lengths
            splits = tf.range(tf.size(lengths, out_type=self.dtype) + 1)
        sizes.append(lengths)
        for inner in self.partitioned[axis + 1 :]:
            if inner.shape.ndims == 0:
                sizes.append(inner)
                splits *= inner
            else:
                sizes.append(repeat_ranges(inner, splits, repeats))
                splits = tf.gather(splits_of(inner), splits)
        return DynamicShape(sizes, self.inner, self.dtype)


def shape_of(x):
    """The `DynamicShape` of a tensor or ragged tensor."""
    with name_scope(None, "RaggedTensorDynamicShapeFromTensor", [x]):
        x = to_tensor_or_ragged(x)
        if not is_ragged(x):
            return DynamicShape((), tf.shape(x))
        return DynamicShape((x.nrows(), *x.nested_row_lengths()), tf.shape(x.flat_values)[1:])


def broadcast_dynamic_shape(x, y):
    """The shape that two shapes are broadcast to."""
    if x.rank is None or y.rank is None:
        raise ValueError("Unable to broadcast: unknown rank")
    if x.dtype != y.dtype:
        kind = x.dtype if x.partitioned else y.dtype
        x, y = DynamicShape(x.partitioned, x.inner, kind), DynamicShape(y.partitioned, y.inner, kind)
    rank = max(x.rank, y.rank)
    x, y = x.of_rank(rank), y.of_rank(rank)
    for axis in range(rank):
        x = x.broadcast_dimension(axis, y.size(axis))
        y = y.broadcast_dimension(axis, x.size(axis))
    return x


def broadcast_to(x, shape, broadcast_inner_dimensions=True):
    """A tensor or ragged tensor broadcast to a shape; if wished not along its dimensions below the ragged ones."""
    x = to_tensor_or_ragged(x)
    if shape.partitioned:
        return _to_ragged(x, shape, broadcast_inner_dimensions)
    if is_ragged(x):
        raise ValueError("Incompatible with shape: ragged rank mismatch")
    return tf.broadcast_to(x, shape.inner) if broadcast_inner_dimensions else x


def _to_ragged(x, shape, broadcast_inner_dimensions):
    if x.shape.ndims is None or shape.rank is None:
        raise ValueError("Unable to broadcast: unknown rank")
    if x.shape.ndims > shape.rank:
        raise ValueError("Incompatible with shape: rank mismatch")
    outer = len(shape.partitioned)
    if is_ragged(x) and x.ragged_rank >= outer:
        raise ValueError("Incompatible with shape: ragged rank mismatch")
    source = shape_of(x).of_rank(shape.rank)
    x = _of_rank(x, shape)
    multiples = [1] * shape.rank
    for axis in range(outer):
        if not source.is_ragged(axis) and not shape.is_ragged(axis):
            have, wanted = source.size(axis), shape.size(axis)
            if constant_value(have) in (1, None) and constant_value(wanted) != 1:
                multiples[axis] = tf.where(tf.equal(have, 1), wanted, 1)
    if any(not isinstance(m, int) for m in multiples):
        x = tile(x, tf.stack(multiples, axis=0))
    if broadcast_inner_dimensions:
        x = x.with_flat_values(tf.reshape(x.flat_values, tf.concat([[-1], shape.inner], axis=0)))
    for axis in range(outer):
        if not source.is_ragged(axis) and shape.is_ragged(axis):
            x = _repeat_rows(x, axis, shape.size(axis), shape.dtype)
    return x


def _of_rank(x, shape):
    """A ragged tensor of the shape's rank and ragged rank."""
    inner = shape.rank - len(shape.partitioned)
    if shape.rank > x.shape.ndims and x.shape.ndims < inner + 1:
        x = tf.reshape(x, tf.concat([[-1], shape.inner], axis=0))
    for _ in range(shape.rank - x.shape.ndims):
        nrows = x.nrows() if is_ragged(x) else tf.shape(x, out_type=shape.dtype)[0]
        x = RaggedTensor.from_row_lengths(x, [nrows], validate=False)
    if not is_ragged(x):
        return RaggedTensor.from_tensor(x, ragged_rank=len(shape.partitioned) - 1, row_splits_dtype=shape.dtype)
    more = x.flat_values.shape.ndims - 1 - inner
    if more > 0:
        flat = RaggedTensor.from_tensor(x.flat_values, ragged_rank=more, row_splits_dtype=shape.dtype)
        x = x.with_flat_values(flat)
    return x


def _repeat_rows(x, axis, repeats, splits_type):
    """Repeats the one slice of each row of a dimension as often as the row is to be long."""
    if not is_ragged(x):
        x = RaggedTensor.from_tensor(x, ragged_rank=1, row_splits_dtype=splits_type)
    if axis > 1:
        return x.with_values(_repeat_rows(x.values, axis - 1, repeats, splits_type))
    splits, lengths = x.row_splits, [repeats]
    for inner_splits, inner_lengths in zip(x.nested_row_splits[1:], x.nested_row_lengths()[1:]):
        lengths.append(repeat_ranges(inner_lengths, splits, repeats))
        splits = tf.gather(inner_splits, splits)
    values = repeat_ranges(x.flat_values, splits, repeats)
    return RaggedTensor.from_nested_row_lengths(values, lengths, validate=False)
