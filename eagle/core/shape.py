"""Static shapes: `tf.TensorShape` and `tf.Dimension`, with TensorFlow 1.x semantics.

Inside Eagle a static shape is a plain tuple of ints and Nones, or None where even the rank is unknown; the functions at the
end of this file work on those.  The two classes here are what users see.
"""

import numpy as np

from .. import protos
from . import dtypes
from .export import export


class _Version:
    gives_numbers = False  # whether the parts of a shape are ints and None instead of `Dimension`s


@export("enable_v2_tensorshape")
def enable_v2_tensorshape():
    """Lets `shape[i]` and iteration over a `TensorShape` give ints (None for what is unknown), as in TensorFlow 2."""
    _Version.gives_numbers = True


@export("disable_v2_tensorshape")
def disable_v2_tensorshape():
    """Lets `shape[i]` and iteration over a `TensorShape` give `Dimension`s, as is the case from the start."""
    _Version.gives_numbers = False


@export("Dimension")
class Dimension:
    """The size of one dimension of a tensor: a non-negative int, or None if it is not known.

    Arithmetic with an unknown size gives an unknown size; comparisons with one give None.
    """

    __slots__ = ("_value",)

    def __init__(self, value):
        if value is None:
            self._value = None
            return
        if isinstance(value, Dimension):
            self._value = value._value
            return
        if isinstance(value, dtypes.DType):
            raise TypeError("Cannot convert %s to Dimension" % value)
        if type(value) is not int:
            given, value = value, _size(value)
            if not isinstance(given, (str, bytes)) and value != given:
                raise ValueError("Ambiguous dimension: %s" % given)
        if value < 0:
            raise ValueError("Dimension %d must be >= 0" % value)
        self._value = value

    @property
    def value(self):
        """The size, or None."""
        return self._value

    def is_compatible_with(self, other):
        other = as_dimension(other)
        return self._value is None or other._value is None or self._value == other._value

    def assert_is_compatible_with(self, other):
        if not self.is_compatible_with(other):
            raise ValueError("Dimensions %s and %s are not compatible" % (self, other))

    def merge_with(self, other):
        """The more specific of the two sizes; raises ValueError if they contradict each other."""
        other = as_dimension(other)
        self.assert_is_compatible_with(other)
        return Dimension(other._value if self._value is None else self._value)

    def _combine(self, other, operate):
        try:
            other = as_dimension(other)
        except (TypeError, ValueError):
            return NotImplemented
        if self._value is None or other._value is None:
            return Dimension(None)
        return Dimension(operate(self._value, other._value))

    def __add__(self, other):
        return self._combine(other, lambda a, b: a + b)

    __radd__ = __add__

    def __sub__(self, other):
        return self._combine(other, lambda a, b: a - b)

    def __rsub__(self, other):
        return self._combine(other, lambda a, b: b - a)

    def __mul__(self, other):
        return self._combine(other, lambda a, b: a * b)

    __rmul__ = __mul__

    def __floordiv__(self, other):
        return self._combine(other, lambda a, b: a // b)

    def __rfloordiv__(self, other):
        return self._combine(other, lambda a, b: b // a)

    __div__, __rdiv__ = __floordiv__, __rfloordiv__

    def __truediv__(self, other):
        raise TypeError("unsupported operand type(s) for /: 'Dimension' and '%s', please use // instead" % type(other).__name__)

    def __rtruediv__(self, other):
        raise TypeError("unsupported operand type(s) for /: '%s' and 'Dimension', please use // instead" % type(other).__name__)

    def __mod__(self, other):
        return self._combine(other, lambda a, b: a % b)

    def __rmod__(self, other):
        return self._combine(other, lambda a, b: b % a)

    def _compare(self, other, operate):
        other = as_dimension(other)
        if self._value is None or other._value is None:
            return None
        return operate(self._value, other._value)

    def __eq__(self, other):
        try:
            return self._compare(other, lambda a, b: a == b)
        except (TypeError, ValueError):
            return NotImplemented

    def __ne__(self, other):
        try:
            return self._compare(other, lambda a, b: a != b)
        except (TypeError, ValueError):
            return NotImplemented

    def __lt__(self, other):
        return self._compare(other, lambda a, b: a < b)

    def __le__(self, other):
        return self._compare(other, lambda a, b: a <= b)

    def __gt__(self, other):
        return self._compare(other, lambda a, b: a > b)

    def __ge__(self, other):
        return self._compare(other, lambda a, b: a >= b)

    def __hash__(self):
        return hash(self._value)

    def __int__(self):
        return self._value

    __index__ = __int__

    def __str__(self):
        return "?" if self._value is None else str(self._value)

    def __repr__(self):
        return "Dimension(%s)" % self._value

    def __reduce__(self):
        return Dimension, (self._value,)


def _size(value):
    """A dimension given as something other than an int, as an int."""
    try:
        return int(value)
    except (TypeError, ValueError):
        pass
    try:
        return value.__index__()
    except AttributeError:
        raise TypeError("Dimension value must be integer or None or have an __index__ method, got %r" % (value,)) from None


@export("python.framework.tensor_shape.as_dimension")
def as_dimension(value):
    """Converts a value to a `Dimension`."""
    return value if isinstance(value, Dimension) else Dimension(value)


@export("TensorShape")
class TensorShape:
    """The shape of a tensor as far as it is known: fully, in some dimensions only, in its rank only, or not at all.

    Args:
      dims: None for an unknown shape, or a sequence of sizes (ints, `Dimension`s or None), or one size for a vector.
    """

    __slots__ = ("_dims",)

    def __init__(self, dims):
        self._dims = as_tuple(dims)

    @property
    def rank(self):
        return None if self._dims is None else len(self._dims)

    @property
    def ndims(self):
        return self.rank

    @property
    def dims(self):
        """The list of `Dimension`s, or None."""
        return None if self._dims is None else [Dimension(d) for d in self._dims]

    def __len__(self):
        if self._dims is None:
            raise ValueError("Cannot take the length of Shape with unknown rank.")
        return len(self._dims)

    def __bool__(self):
        return self._dims is not None

    __nonzero__ = __bool__

    def __iter__(self):
        if self._dims is None:
            raise ValueError("Cannot iterate over a shape with unknown rank.")
        return iter(self._dims if _Version.gives_numbers else [Dimension(d) for d in self._dims])

    def __getitem__(self, key):
        if self._dims is not None:
            if isinstance(key, slice):
                return TensorShape(self._dims[key])
            return self._dims[key] if _Version.gives_numbers else Dimension(self._dims[key])
        if not isinstance(key, slice):
            return None if _Version.gives_numbers else Dimension(None)
        start = key.start if key.start is not None else 0
        stop = key.stop
        if key.step is not None:
            raise ValueError("Steps are not yet handled")
        if stop is None:
            return TensorShape(None)
        if start < 0 or stop < 0:
            return TensorShape(None)
        return TensorShape([None] * max(stop - start, 0))

    def num_elements(self):
        """The number of elements, or None if the shape is not fully known."""
        return element_count(self._dims)

    def is_fully_defined(self):
        return is_known(self._dims)

    def assert_is_fully_defined(self):
        if not self.is_fully_defined():
            raise ValueError("Shape %s is not fully defined" % self)

    def assert_has_rank(self, rank):
        if self.rank not in (None, rank):
            raise ValueError("Shape %s must have rank %d" % (self, rank))

    def with_rank(self, rank):
        """This shape with the rank `rank`; raises ValueError if it has another."""
        try:
            return self.merge_with(TensorShape([None] * rank))
        except ValueError:
            raise ValueError("Shape %s must have rank %d" % (self, rank)) from None

    def with_rank_at_least(self, rank):
        if self.rank is not None and self.rank < rank:
            raise ValueError("Shape %s must have rank at least %d" % (self, rank))
        return self

    def with_rank_at_most(self, rank):
        if self.rank is not None and self.rank > rank:
            raise ValueError("Shape %s must have rank at most %d" % (self, rank))
        return self

    def assert_same_rank(self, other):
        other = as_shape(other)
        if self.rank is not None and other.rank is not None and self.rank != other.rank:
            raise ValueError("Shapes %s and %s must have the same rank" % (self, other))

    def is_compatible_with(self, other):
        """Whether some fully known shape fits both."""
        return compatible(self._dims, as_tuple(other))

    def assert_is_compatible_with(self, other):
        if not self.is_compatible_with(other):
            raise ValueError("Shapes %s and %s are incompatible" % (self, other))

    def most_specific_compatible_shape(self, other):
        """The most specific shape that both fit."""
        return TensorShape(relax(self._dims, as_tuple(other)))

    def merge_with(self, other):
        """All that the two shapes tell together; raises ValueError if they contradict each other."""
        other = as_shape(other)
        merged = merge(self._dims, other._dims)
        if merged is CONTRADICTION:
            if len(self._dims) != len(other._dims):
                raise ValueError("Shapes %s and %s must have the same rank" % (self, other))
            raise ValueError("Shapes %s and %s are not compatible" % (self, other))
        return TensorShape(merged)

    def concatenate(self, other):
        other = as_tuple(other)
        if self._dims is None or other is None:
            return TensorShape(None)
        return TensorShape(self._dims + other)

    def __add__(self, other):
        return self.concatenate(other)

    def __radd__(self, other):
        return as_shape(other).concatenate(self)

    def as_list(self):
        """The sizes as a list of ints and Nones; raises ValueError if the rank is unknown."""
        if self._dims is None:
            raise ValueError("as_list() is not defined on an unknown TensorShape.")
        return list(self._dims)

    def as_proto(self):
        """This shape as a `TensorShapeProto`."""
        return to_proto(self._dims)

    def __eq__(self, other):
        """Whether two shapes are the same; different objects are not if a size is unknown, which might be any."""
        if self is other:
            return True
        try:
            other = as_tuple(other)
        except TypeError:
            return NotImplemented
        return self._dims == other and (other is None or None not in other)

    def __ne__(self, other):
        given = other
        try:
            other = as_tuple(other)
        except TypeError:
            return NotImplemented
        if self._dims is None or other is None:
            raise ValueError("The inequality of unknown TensorShapes is undefined.")
        return self._dims != other or None in other and self is not given

    def __hash__(self):
        return hash(self._dims)

    def __reduce__(self):
        return TensorShape, (None if self._dims is None else list(self._dims),)

    def __str__(self):
        if _Version.gives_numbers and self._dims is not None:
            return str(self._dims)
        return to_text(self._dims)

    def __repr__(self):
        if self._dims is None:
            return "TensorShape(None)"
        return "TensorShape([%s])" % ", ".join(repr(d) for d in self)

    @property
    def _rank(self):
        return self.rank


@export("python.framework.tensor_shape.as_shape")
def as_shape(value):
    """Converts a value to a `TensorShape`."""
    return value if isinstance(value, TensorShape) else TensorShape(value)


@export("python.framework.tensor_shape.unknown_shape")
def unknown_shape(rank=None, **kwargs):
    """A `TensorShape` of which at most the rank is known (`ndims` is the old spelling)."""
    rank = kwargs.pop("ndims", rank)
    if kwargs:
        raise TypeError("Unknown argument: %s" % kwargs)
    return TensorShape(None if rank is None else [None] * rank)


@export("python.framework.tensor_shape.scalar")
def scalar():
    """The shape of a scalar."""
    return TensorShape([])


@export("python.framework.tensor_shape.vector")
def vector(length):
    """The shape of a vector."""
    return TensorShape([length])


@export("python.framework.tensor_shape.matrix")
def matrix(rows, cols):
    """The shape of a matrix."""
    return TensorShape([rows, cols])


# ---------------------------------------------------------------------------------------------- shapes as plain tuples

CONTRADICTION = object()


def as_tuple(value):
    """A shape in any form that TensorFlow takes, as a tuple of ints and Nones, or None."""
    if value is None or type(value) is tuple and all(type(d) is int and d >= 0 for d in value):
        return value
    if isinstance(value, TensorShape):
        return value._dims
    if hasattr(value, "dim") and hasattr(value, "unknown_rank"):  # a TensorShapeProto
        return None if value.unknown_rank else tuple(None if d.size == -1 else d.size for d in value.dim)
    if isinstance(value, (int, np.integer, Dimension)):
        return (Dimension(value)._value,)
    if isinstance(value, (str, bytes)):
        raise TypeError("A string has ambiguous TensorShape, please wrap in a list or convert to an int: %s" % value)
    try:
        sizes = list(value)
    except TypeError:
        return (Dimension(value)._value,)
    return tuple(d if d is None or type(d) is int and d >= 0 else Dimension(d)._value for d in sizes)


def is_known(shape):
    return shape is not None and None not in shape


def element_count(shape):
    """The number of elements of a tensor of this shape, or None."""
    if not is_known(shape):
        return None
    count = 1
    for d in shape:
        count *= d
    return count


def to_text(shape):
    """A shape as TensorFlow prints it: `(2, ?)`, `(3,)`, `()`, `<unknown>`."""
    if shape is None:
        return "<unknown>"
    sizes = ["?" if d is None else str(d) for d in shape]
    return "(%s,)" % sizes[0] if len(sizes) == 1 else "(%s)" % ", ".join(sizes)


def to_brackets(shape):
    """A shape as TensorFlow's kernels print it: `[2,?]`, `[]`, `<unknown>`."""
    if shape is None:
        return "<unknown>"
    return "[%s]" % ",".join("?" if d is None else str(d) for d in shape)


def compatible(a, b):
    return merge(a, b) is not CONTRADICTION


def merge(a, b):
    """What the two shapes tell together, or CONTRADICTION."""
    if a is None or a == b:
        return b
    if b is None:
        return a
    if len(a) != len(b):
        return CONTRADICTION
    merged = []
    for x, y in zip(a, b):
        if x is not None and y is not None and x != y:
            return CONTRADICTION
        merged.append(y if x is None else x)
    return tuple(merged)


def relax(a, b):
    """The most specific shape that both fit."""
    if a is None or b is None or len(a) != len(b):
        return None
    return tuple(x if x == y else None for x, y in zip(a, b))


def broadcast(a, b):
    """The static shape of two broadcast operands, or CONTRADICTION."""
    if a == b and is_known(a):
        return a
    if a is None or b is None:
        return None
    if len(a) < len(b):
        a, b = b, a
    ahead = len(a) - len(b)
    out = list(a[:ahead])
    for x, y in zip(a[ahead:], b):
        if x == 1:
            out.append(y)
        elif y == 1 or x == y:
            out.append(x)
        elif x is None:
            out.append(y)
        elif y is None:
            out.append(x)
        else:
            return CONTRADICTION
    return tuple(out)


# What shape rules demand, in TensorFlow's words.


def with_rank(shape, rank):
    """The shape, which must have this rank, as a tuple."""
    if shape is None:
        return (None,) * rank
    if len(shape) != rank:
        raise ValueError("Shape must be rank %d but is rank %d" % (rank, len(shape)))
    return shape


def with_rank_at_least(shape, rank):
    """The shape, which must have at least this rank; None if it is unknown."""
    if shape is not None and len(shape) < rank:
        raise ValueError("Shape must be at least rank %d but is rank %d" % (rank, len(shape)))
    return shape


def merge_dims(a, b):
    """What is known of a dimension that two shapes share."""
    if a is not None and b is not None and a != b:
        raise ValueError("Dimensions must be equal, but are %d and %d" % (a, b))
    return b if a is None else a


def agree(a, b):
    """What is known of a shape that two tensors share."""
    merged = merge(a, b)
    if merged is not CONTRADICTION:
        return merged
    if len(a) != len(b):
        raise ValueError("Shapes must be equal rank, but are %d and %d" % (len(a), len(b)))
    i = next(i for i, (x, y) in enumerate(zip(a, b)) if None not in (x, y) and x != y)
    raise ValueError("Dimension %d in both shapes must be equal, but are %d and %d. Shapes are %s and %s."
                     % (i, a[i], b[i], to_brackets(a), to_brackets(b)))  # fmt: skip


def to_proto(shape):
    """A static shape as a `TensorShapeProto`."""
    proto = protos.TensorShapeProto()
    if shape is None:
        proto.unknown_rank = True
        return proto
    for d in shape:
        proto.dim.add().size = -1 if d is None else d
    return proto
