"""Assertions about tensors: `tf.assert_equal`, `tf.assert_rank`, `tf.debugging.assert_shapes`, ...

An assertion gives an operation that fails when it runs; what is known while the graph is built fails at once, and so does
everything eagerly.
"""

import collections

import numpy as np

from ..core import compat, dtypes
from ..core.context import here
from ..core.convert import convert
from ..core.errors import InvalidArgumentError
from ..core.export import export
from ..core.scopes import control_dependencies, name_scope
from ..core.sparse_tensor import SparseTensor
from ..core.static_values import constant_value
from ..core.tensor import Tensor
from .comparison import equal, greater, greater_equal, less, less_equal, logical_or, not_equal
from .cond import cond
from .flow import group, no_op, with_dependencies
from .printing import Assert
from .reduce import reduce_all
from .shaping import rank as rank_of, reshape, shape as shape_of, size
from .slicing import strided_slice
from .unary import abs_

# The types of `is_numeric_tensor`; TensorFlow's list, which leaves some out.
_NUMERIC = frozenset((dtypes.float32, dtypes.float64, dtypes.int8, dtypes.int16, dtypes.int32, dtypes.int64, dtypes.uint8,
                      dtypes.qint8, dtypes.qint32, dtypes.quint8, dtypes.complex64))  # fmt: skip

# ------------------------------------------------------------------------------------------- one tensor against another


def _comparison(name, sign, compare, compare_arrays):
    """Makes the public assertion that `x sign y` holds for all elements."""

    def assertion(x, y, data=None, summarize=None, message=None, name=None):
        if public_name == "assert_equal":
            with name_scope(name, public_name, [x, y, data]):
                if x is y:
                    return None if here.eager else no_op()
        with name_scope(name, public_name, [x, y, data]):
            x, y = convert(x, name="x"), convert(y, name="y")
            check = _compare_now if here.eager else _compare_later
            return check(sign, compare, compare_arrays, x, y, data, summarize, message)

    public_name = name
    assertion.__name__ = assertion.__qualname__ = name
    assertion.__doc__ = (
        """Asserts that `x %s y` holds for every pair of elements, after broadcasting.

    Args:
      x, y: tensors.
      data: a list of what to show if it does not; by default parts of `x` and `y`.
      summarize: how many elements of each tensor to show.
      message: a text to show before them.
      name: the name scope of the nodes.

    Returns:
      An operation; eagerly None.

    Raises:
      InvalidArgumentError: it does not hold; at once where `x` and `y` are known.
    """
        % sign
    )
    return export(name, "debugging." + name)(assertion)


def _compare_now(sign, compare, compare_arrays, x, y, data, summarize, message):
    """Raises unless all elements of eager tensors compare."""
    passes = compare(x, y).numpy()
    if np.all(passes):
        return
    summarize = 3 if summarize is None else summarize if summarize >= 0 else int(1e9)
    data = _failed(sign, x, y, summarize, passes) if data is None else data
    if message is not None:
        data = [message, *data]
    raise InvalidArgumentError(None, None, "\n".join(_shown(d, summarize) for d in data))


def _failed(sign, x, y, count, passes):
    """What an eager assertion that failed shows: where it failed, and the first elements."""
    data = ["Condition x %s y did not hold." % sign]
    if count <= 0:
        return data
    a, b = x.numpy(), y.numpy()
    if x.shape == y.shape and np.ndim(a):
        where = np.argwhere(~passes)
        shown = min(count, len(where))
        data += ["Indices of first %d different values:" % shown, where[:shown]]
        data += ["Corresponding x values:", a[~passes][:shown], "Corresponding y values:", b[~passes][:shown]]
    for label, values in (("x", np.reshape(a, -1)), ("y", np.reshape(b, -1))):
        shown = min(values.size, count)
        data += ["First %d elements of %s:" % (shown, label), values[:shown]]
    return data


def _shown(thing, count):
    """One of the data of an assertion as it shows eagerly."""
    if not isinstance(thing, Tensor):
        return str(thing)
    value = thing.numpy()
    if np.isscalar(value):
        return str(value)
    flat = np.reshape(value, -1)
    return str([str(v) for v in flat[:count]] + (["..."] if flat.size > count else []))


def _compare_later(sign, compare, compare_arrays, x, y, data, summarize, message):
    """The operation that fails unless all elements compare; raises if that is known already."""
    if data is None:
        data = ["Condition x %s y did not hold element-wise:" % sign, "x (%s) = " % x.name, x, "y (%s) = " % y.name, y]
    if message is not None:
        data = [message, *data]
    condition = reduce_all(compare(x, y))
    known_x, known_y = constant_value(x), constant_value(y)
    if known_x is not None and known_y is not None and not np.all(compare_arrays(known_x, known_y)):
        raise InvalidArgumentError(None, None, "\n".join(_known_text(d) for d in data))
    return Assert(condition, data, summarize=summarize)


def _known_text(thing):
    value = constant_value(thing) if isinstance(thing, Tensor) else thing
    return str(thing if value is None else value)


assert_equal = _comparison("assert_equal", "==", equal, np.equal)
assert_none_equal = _comparison("assert_none_equal", "!=", not_equal, np.not_equal)
assert_less = _comparison("assert_less", "<", less, np.less)
assert_less_equal = _comparison("assert_less_equal", "<=", less_equal, np.less_equal)
assert_greater = _comparison("assert_greater", ">", greater, np.greater)
assert_greater_equal = _comparison("assert_greater_equal", ">=", greater_equal, np.greater_equal)


def _sign(name, relation, check):
    """Makes the public assertion about the signs of the elements of a tensor, e.g. `x > 0`."""

    def assertion(x, data=None, summarize=None, message=None, name=None):
        with name_scope(name, public_name, [x, data]):
            x = convert(x, name="x")
            if data is None:
                data = _data(message, "Condition x %s did not hold element-wise:" % relation, x)
            return check(x, convert(0, x.dtype), data, summarize)

    public_name = name
    assertion.__name__ = assertion.__qualname__ = name
    assertion.__doc__ = (
        """Asserts that `x %s` holds for every element.

    Args:
      x: a tensor of numbers.
      data: a list of what to show if it does not; by default part of `x`.
      summarize: how many elements of each tensor to show.
      message: a text to show before them.
      name: the name scope of the nodes.

    Returns:
      An operation; eagerly None.

    Raises:
      InvalidArgumentError: it does not hold; at once where `x` is known.
    """
        % relation
    )
    return export(name, "debugging." + name)(assertion)


def _data(message, sentence, x):
    """What an assertion about the elements of `x` shows by default."""
    label = "x (%s) = " % _label(x)
    if sentence.startswith("Condition x <= 0"):
        return [message or "", sentence + label, x]  # one text in TensorFlow, too
    return [message or "", sentence, label, x]


def _label(x):
    return "shape=%s dtype=%s" % (x.shape, x.dtype.name) if here.eager else x.name


assert_negative = _sign("assert_negative", "< 0", lambda x, zero, data, n: assert_less(x, zero, data, n))
assert_positive = _sign("assert_positive", "> 0", lambda x, zero, data, n: assert_less(zero, x, data, n))
assert_non_negative = _sign("assert_non_negative", ">= 0", lambda x, zero, data, n: assert_less_equal(zero, x, data, n))
assert_non_positive = _sign("assert_non_positive", "<= 0", lambda x, zero, data, n: assert_less_equal(x, zero, data, n))


@export("assert_near", "debugging.assert_near")
def assert_near(x, y, rtol=None, atol=None, data=None, summarize=None, message=None, name=None):
    """Asserts that `|x - y| < atol + rtol * |y|` holds for every pair of elements, after broadcasting.

    Args:
      x, y: tensors of floats or complex numbers of one type.
      rtol, atol: tolerances of that type; by default ten times the distance from 1 to the next number.
      data: a list of what to show if it does not; by default parts of `x` and `y`.
      summarize: how many elements of each tensor to show.
      message: a text to show before them.
      name: the name scope of the nodes.

    Returns:
      An operation; eagerly None.

    Raises:
      InvalidArgumentError: eagerly, it does not hold.
    """
    with name_scope(name, "assert_near", [x, y, rtol, atol, data]):
        x = convert(x, name="x")
        y = convert(y, x.dtype, "y")
        default = 10 * np.finfo(x.dtype.as_numpy_dtype).eps
        rtol = convert(default if rtol is None else rtol, x.dtype, "rtol")
        atol = convert(default if atol is None else atol, x.dtype, "atol")
        if data is None:
            data = [message or "", "x and y not equal to tolerance rtol = %s, atol = %s" % (rtol, atol),
                    "x (%s) = " % _label(x), x, "y (%s) = " % _label(y), y]  # fmt: skip
        tolerance = atol + rtol * abs_(y)
        difference = abs_(x - y)
        return Assert(reduce_all(less(difference, tolerance)), data, summarize=summarize)


# ----------------------------------------------------------------------------------------------------------------- ranks


class _WrongRank(Exception):
    """The rank of a tensor is known, and not as it has to be."""


@export("assert_rank", "debugging.assert_rank")
def assert_rank(x, rank, data=None, summarize=None, message=None, name=None):
    """Asserts that a tensor has a rank.

    Args:
      x: a tensor.
      rank: an int32 scalar.
      data: a list of what to show if it has another; by default its shape.
      summarize: how many elements of each tensor to show.
      message: a text to show before them.
      name: the name scope of the nodes.

    Returns:
      An operation, one that does nothing if the rank is known.

    Raises:
      ValueError: the rank is known to be another, or `rank` is no scalar.
      InvalidArgumentError: eagerly, the rank is another.
    """
    return _rank_assertion("assert_rank", "must have rank", lambda x, ranks: equal(x, ranks[0]),
                           lambda x, ranks: x == ranks[0], x, [rank], data, summarize, message, name)  # fmt: skip


@export("assert_rank_at_least", "debugging.assert_rank_at_least")
def assert_rank_at_least(x, rank, data=None, summarize=None, message=None, name=None):
    """Asserts that a tensor has a rank or a larger one.

    Args:
      x: a tensor.
      rank: an int32 scalar.
      data: a list of what to show if it has a smaller one; by default its shape.
      summarize: how many elements of each tensor to show.
      message: a text to show before them.
      name: the name scope of the nodes.

    Returns:
      An operation, one that does nothing if the rank is known.

    Raises:
      ValueError: the rank is known to be smaller, or `rank` is no scalar.
      InvalidArgumentError: eagerly, the rank is smaller.
    """
    return _rank_assertion("assert_rank_at_least", "must have rank at least", lambda x, ranks: greater_equal(x, ranks[0]),
                           lambda x, ranks: x >= ranks[0], x, [rank], data, summarize, message, name)  # fmt: skip


@export("assert_rank_in", "debugging.assert_rank_in")
def assert_rank_in(x, ranks, data=None, summarize=None, message=None, name=None):
    """Asserts that a tensor has one of several ranks.

    Args:
      x: a tensor.
      ranks: int32 scalars.
      data: a list of what to show if it has another; by default its shape.
      summarize: how many elements of each tensor to show.
      message: a text to show before them.
      name: the name scope of the nodes.

    Returns:
      An operation, one that does nothing if the rank is known.

    Raises:
      ValueError: the rank is known to be another, or one of `ranks` is no scalar.
      InvalidArgumentError: eagerly, the rank is another.
    """
    return _rank_assertion("assert_rank_in", "must have rank in", _is_in, lambda x, ranks: x in ranks, x, list(ranks), data,
                           summarize, message, name)  # fmt: skip


def _is_in(x, ranks):
    if not ranks:
        return convert(False)
    result = equal(ranks[0], x)
    for rank in ranks[1:]:
        result = logical_or(result, equal(rank, x))
    return result


def _rank_assertion(kind, demand, compare, compare_known, x, ranks, data, summarize, message, name):
    """What the three assertions about ranks share."""
    with name_scope(name, kind, (x, *ranks, *(data or ()))):
        x = convert(x, name="x")
        ranks = [convert(rank, name="rank") for rank in ranks]
        label = "" if here.eager else x.name
        if data is None:
            data = [message or "", "Tensor %s %s" % (label, demand), *ranks, "Received shape: ", shape_of(x)]
        try:
            return _check_rank(x, ranks, compare, compare_known, data, summarize)
        except _WrongRank as e:
            wanted = e.args[0] if kind == "assert_rank_in" else e.args[0][0]
            raise ValueError("%s.  Tensor %s %s %s.  Received rank %d, shape %s"
                             % (message or "", label, demand, wanted, x.shape.ndims, x.shape)) from None  # fmt: skip


def _check_rank(x, ranks, compare, compare_known, data, summarize):
    for rank in ranks:
        assert_type(rank, dtypes.int32)
    known = tuple(None if constant_value(rank) is None else np.asarray(constant_value(rank)) for rank in ranks)
    if all(k is not None for k in known):
        if any(np.ndim(k) for k in known):
            raise ValueError("Rank must be a scalar.")
        if x.shape.ndims is not None:
            if not compare_known(x.shape.ndims, known):
                raise _WrongRank(tuple(int(k) for k in known) if here.eager else known)
            return no_op(name="static_checks_determined_all_ok")
    condition = compare(rank_of(x), ranks)
    for rank, value in zip(ranks, known, strict=True):
        if value is None:  # nobody is to give a list of one
            check = assert_rank(rank, 0, data=["Rank must be a scalar. Received rank: ", rank])
            condition = with_dependencies([check], condition)
    return Assert(condition, data, summarize=summarize)


# ---------------------------------------------------------------------------------------------------------------- shapes

# A tensor, whether its first dimensions are free, the size of each dimension (an int or a tensor), and what each must be.
_Sizes = collections.namedtuple("_Sizes", "x, free_outer, actual, wanted")


@export("debugging.assert_shapes")
def assert_shapes(shapes, data=None, summarize=None, message=None, name=None):
    """Asserts that the sizes of the dimensions of tensors are equal to numbers or to each other.

    Args:
      shapes: pairs of a tensor and its shape (or a dict of them).  A shape is an iterable of numbers, of symbols, equal ones of
        which stand for equal sizes (`"N"`), of `None` or `"."` for any size; `...` or `"*"` in front stands for any number of
        dimensions.  A shape without dimensions is taken for `[1]`.  None instead of a shape asks for nothing.
      data: a list of what to show if a shape does not fit; by default that shape.
      summarize: how many elements of each tensor to show.
      message: a text to show before them.
      name: the name scope of the nodes.

    Returns:
      An operation, one that does nothing if all is known.

    Raises:
      ValueError: a shape is known not to fit, or is no iterable, or has `...` elsewhere than in front.
      InvalidArgumentError: eagerly, a shape does not fit.
    """
    shapes = shapes.items() if isinstance(shapes, dict) else shapes
    message = message or ""
    with name_scope(name, "assert_shapes", [shapes, data]):
        pairs = [(convert(x), shape) for x, shape in shapes if shape is not None]
        sizes = [_sizes(x, shape, message) for x, shape in pairs]
        rank_checks = [c for s in sizes for c in _rank_checks(s, data=data, summarize=summarize, message=message, name=name)]
        size_checks = _size_checks(sizes, data, summarize, message)
        with control_dependencies(rank_checks):
            return group(size_checks)


def _sizes(x, shape, message):
    if not hasattr(shape, "__iter__") and not hasattr(shape, "__getitem__"):
        raise ValueError("%s.  Tensor %s.  Specified shape must be an iterable.  An iterable has the attribute `__iter__` or "
                         "`__getitem__`.  Received specified shape: %s" % (message, _label(x), shape))  # fmt: skip
    wanted = tuple(shape)
    free = [i for i, symbol in enumerate(wanted) if symbol in (..., "*")]
    for i in free:
        if i:
            raise ValueError("%s.  Tensor %s specified shape index %d.  Symbol `...` or `*` for a variable number of unspecified "
                             "dimensions is only allowed as the first entry" % (message, _label(x), i))  # fmt: skip
    return _Sizes(x, bool(free), _actual_sizes(x), (wanted[1:] if free else wanted) or (1,))


def _actual_sizes(x):
    """The sizes of the dimensions of a tensor, ints where they are known; `(1,)` for a scalar."""
    running = shape_of(x)
    if x.shape.ndims is None:
        return cond(equal(rank_of(x), 0), lambda: convert([1]), lambda: running)
    return [running[i] if n is None else n for i, n in enumerate(x.shape.as_list())] or (1,)


def _rank_checks(sizes, **options):
    rank = len(sizes.wanted)
    if sizes.free_outer:
        if rank > 1:
            yield assert_rank_at_least(sizes.x, rank, **options)
    elif rank > 1:
        yield assert_rank(sizes.x, rank, **options)
    else:
        yield assert_rank_in(sizes.x, [0, 1], **options)


def _size_checks(all_sizes, data, summarize, message):
    checks = []
    found = {}  # symbol -> the size it stands for, the tensor and the dimension that said so
    for sizes in all_sizes:
        for i, symbol in enumerate(sizes.wanted):
            if symbol in (None, "."):
                continue
            dim = i - len(sizes.wanted) if sizes.free_outer else i
            actual = sizes.actual[dim]
            if _is_number(symbol):
                wanted, why = int(symbol), "Specified explicitly"
            elif symbol in found:
                wanted, y, at = found[symbol]
                why = "Specified by tensor %s dimension %d" % (_label(y), at)
            else:
                found[symbol] = actual, sizes.x, dim
                continue
            if not (_is_number(actual) and _is_number(wanted)):
                condition = equal(convert(actual), convert(wanted))
                shown = data or [message, why, "Tensor %s dimension" % _label(sizes.x), dim, "must have size", wanted,
                                 "Received shape: ", shape_of(sizes.x)]  # fmt: skip
                checks.append(Assert(condition, shown, summarize=summarize))
            elif int(actual) != int(wanted):
                raise ValueError("%s.  %s.  Tensor %s dimension %s must have size %d.  Received size %d, shape %s"
                                 % (message, why, _label(sizes.x), dim, wanted, actual, sizes.x.shape))  # fmt: skip
    return checks


def _is_number(size):
    try:
        int(size)
    except (ValueError, TypeError):
        return False
    return True


# ----------------------------------------------------------------------------------------------------------------- types


@export("assert_type", "debugging.assert_type")
def assert_type(tensor, tf_type, message=None, name=None):
    """Asserts that a tensor has a type.

    Args:
      tensor: a tensor.
      tf_type: a `DType`.
      message: a text to put before the error's.
      name: the name scope of the node.

    Returns:
      An operation that does nothing; eagerly None.

    Raises:
      TypeError: the tensor has another type.
    """
    with name_scope(name, "assert_type", [tensor]):
        tensor = convert(tensor, name="tensor")
        if tensor.dtype != tf_type:
            label = "tensor" if here.eager else " " + tensor.name
            raise TypeError("%s %s must be of type %s" % (message or "", label, tf_type))
        return no_op("statically_determined_correct_type")


@export("assert_integer", "debugging.assert_integer")
def assert_integer(x, message=None, name=None):
    """Asserts that a tensor holds integers, and no quantized ones.

    Args:
      x: a tensor.
      message: a text to put before the error's.
      name: the name scope of the node.

    Returns:
      An operation that does nothing; eagerly None.

    Raises:
      TypeError: the tensor has no integer type.
    """
    with name_scope(name, "assert_integer", [x]):
        x = convert(x, name="x")
        if not x.dtype.is_integer:
            raise TypeError('%s  Expected "x" to be integer type.  Found: %s of dtype %s'
                            % (message or "", "tensor" if here.eager else x.name, x.dtype))  # fmt: skip
        return no_op("statically_determined_was_integer")


@export("assert_scalar", "debugging.assert_scalar")
def assert_scalar(tensor, name=None, message=None):
    """Asserts that a tensor is known to be a scalar.

    Args:
      tensor: a tensor.
      name: the name scope of the node.
      message: a text to put before the error's.

    Returns:
      The tensor.

    Raises:
      ValueError: the tensor has dimensions, or its rank is not known.
    """
    with name_scope(name, "assert_scalar", [tensor]) as scope:
        tensor = convert(tensor, name=scope)
        if tensor.shape.ndims != 0:
            label = "" if here.eager else " for %s" % tensor.name
            raise ValueError("%sExpected scalar shape%s, saw shape: %s." % (message or "", label, tensor.shape))
        return tensor


@export("assert_same_float_dtype", "debugging.assert_same_float_dtype", "contrib.framework.assert_same_float_dtype")
def assert_same_float_dtype(tensors=None, dtype=None):
    """The type that tensors have in common, which must be one of floats.

    Args:
      tensors: a list of tensors and variables; Nones in it are passed over.
      dtype: the type that they should have.

    Returns:
      The type; float32 if nothing is given.

    Raises:
      ValueError: types differ, or the type is not one of floats.
    """
    if tensors:
        dtype = _same_type([t for t in tensors if t is not None], dtype)
    if not dtype:
        return dtypes.float32
    if not dtype.is_floating:
        raise ValueError("Expected floating point type, got %s." % dtype)
    return dtype


def _same_type(things, expected):
    first = None
    for thing in things:
        found = thing.dtype.base_dtype
        if not expected:
            expected, first = found, thing
        elif expected != found:
            raise ValueError("%s, type=%s, must be of the same type (%s)%s."
                             % (_name(thing), found, expected, " as %s" % _name(first) if first is not None else ""))  # fmt: skip
    return expected


def _name(thing):
    return thing.name if hasattr(thing, "name") else str(thing)


@export("assert_proper_iterable", "debugging.assert_proper_iterable")
def assert_proper_iterable(values):
    """Asserts that something is a list of tensors or the like, and not one tensor or text, which can be iterated over too.

    Raises:
      TypeError: it is not.
    """
    if isinstance(values, (Tensor, SparseTensor, np.ndarray, *compat.bytes_or_text_types)):
        raise TypeError('Expected argument "values" to be a "proper" iterable.  Found: %s' % type(values))
    if not hasattr(values, "__iter__"):
        raise TypeError('Expected argument "values" to be iterable.  Found: %s' % type(values))


@export("is_numeric_tensor", "debugging.is_numeric_tensor")
def is_numeric_tensor(tensor):
    """Whether something is a tensor of numbers: of float32, float64, complex64, a signed integer or uint8 type, or quantized."""
    return isinstance(tensor, Tensor) and tensor.dtype in _NUMERIC


# ----------------------------------------------------------------------------------------------------------------- order


@export("is_non_decreasing", "math.is_non_decreasing", "debugging.is_non_decreasing")
def is_non_decreasing(x, name=None):
    """Whether the elements of a tensor, in the order of memory, never fall.

    Args:
      x: a tensor of numbers.
      name: the name scope of the nodes.

    Returns:
      A boolean scalar; true for fewer than two elements.

    Raises:
      TypeError: these are no numbers.
    """
    with name_scope(name, "is_non_decreasing", [x]):
        steps = _steps(x)
        return reduce_all(less_equal(convert(0, steps.dtype), steps))


@export("is_strictly_increasing", "math.is_strictly_increasing", "debugging.is_strictly_increasing")
def is_strictly_increasing(x, name=None):
    """Whether the elements of a tensor, in the order of memory, always rise.

    Args:
      x: a tensor of numbers.
      name: the name scope of the nodes.

    Returns:
      A boolean scalar; true for fewer than two elements.

    Raises:
      TypeError: these are no numbers.
    """
    with name_scope(name, "is_strictly_increasing", [x]):
        steps = _steps(x)
        return reduce_all(less(convert(0, steps.dtype), steps))


def _steps(x):
    """The differences of neighbouring elements; none if there are fewer than two."""
    x = reshape(x, [-1])
    if not is_numeric_tensor(x):
        raise TypeError("Expected x to be numeric, instead found: %s" % x)
    few = less(size(x), 2)
    count = shape_of(x) - 1
    return cond(few, lambda: convert([], x.dtype), lambda: strided_slice(x, [1], [1] + count) - strided_slice(x, [0], count))
