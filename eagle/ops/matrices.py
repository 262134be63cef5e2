"""Diagonals and bands of matrices."""

import math

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.export import export
from ..core.op import Host, Shape, op
from ..core.scopes import name_scope
from ..core.tensor import Tensor
from ..core.versions import versioned
from .filling import ones, zeros
from .joining import concat
from .slicing import placed

# -------------------------------------------------------------------------------------- diagonals of batches of matrices


def _diagonals(k):
    """The lowest and the highest diagonal that a host value, one number or two, stands for."""
    if type(k) is int:
        return k, k
    if not 0 < len(k) <= 2:
        raise invalid("diag_index must have only one or two elements, received %d elements.", len(k))
    if k[0] > k[-1]:
        raise invalid("lower_diag_index must not be larger than upper_diag_index: %d > %d", *k)
    return k[0], k[-1]


def _longest(rows, cols, low, high):
    """The length of the longest of some diagonals."""
    return min(rows + min(high, 0), cols - max(low, 0))


def _places(rows, cols, low, high):
    """Where the elements of diagonals stand: rows and columns in the matrix, then number and place among the diagonals."""
    found = []
    for d in range(high, low - 1, -1):
        n = np.arange(min(rows + min(d, 0), cols - max(d, 0)))
        found.append((n + max(-d, 0), n + max(d, 0), np.full(len(n), high - d), n))
    return [np.concatenate(part) for part in zip(*found)]


def _check_matrix(input):
    if input.ndim < 2:
        raise invalid("input must be at least 2-dim, received shape: %s", shapes.to_brackets(input.shape))


def _check_diagonals(rows, cols, k):
    low, high = _diagonals(k)
    for d, which in ((low, "lower"), (high, "upper")):
        if d and not -rows < d < cols:
            text = "%s_diag_index is out of bound: %d%s It must be between %d and %d"
            raise invalid(text, which, d, "." if which == "lower" else "", -rows, cols)
    return low, high


def _read(xp, input, k, padding):
    """The diagonals of matrices, shorter ones padded at their end; a single one without a dimension of its own."""
    _check_matrix(input)
    rows, cols = input.shape[-2:]
    low, high = _check_diagonals(rows, cols, k)
    i, j, m, n = _places(rows, cols, low, high)
    if low == high:
        return input[..., i, j]
    out = xp.full((*input.shape[:-2], high - low + 1, _longest(rows, cols, low, high)), padding, input.dtype)
    return placed(xp, out, (..., m, n), input[..., i, j])


def _read_shape(input, k):
    if input is not None and len(input) < 2:
        raise ValueError("Shape must be at least rank 2 but is rank %d" % len(input))
    if input is None or k is None:
        return None
    low, high = _diagonals(k)
    rows, cols = input[-2:]
    longest = None
    if rows is not None and cols is not None:
        for d, which in ((low, "lower"), (high, "upper")):
            if d and not -rows < d < cols:
                raise ValueError("%s_diag_index %d is out of bound" % (which, d))
        longest = _longest(rows, cols, low, high)
    return (*input[:-2], longest) if low == high else (*input[:-2], high - low + 1, longest)


_OTHER_DIAGONAL = (
    "Either first dimensions of diagonal don't match input.shape[:-2], or diagonal.shape[:-1] is not equal to the longests "
    "diagonal in range [lower_diag_index:upper_diag_index].\nInput shape: %s\nDiagonal shape: %s\nExpected diagonal shape: %s"
)


def _write(xp, input, diagonal, k):
    """Matrices with other diagonals."""
    _check_matrix(input)
    if not diagonal.ndim:
        raise invalid("diagonal must be at least 1-dim, received shape: []")
    rows, cols = input.shape[-2:]
    low, high = _check_diagonals(rows, cols, k)
    expected = _read_shape(tuple(input.shape), k)
    if diagonal.shape != expected:
        raise invalid(_OTHER_DIAGONAL, *map(shapes.to_brackets, (input.shape, diagonal.shape, expected)))
    i, j, m, n = _places(rows, cols, low, high)
    return placed(xp, xp.array(input), (..., i, j), diagonal if low == high else diagonal[..., m, n])


def _write_shape(input, diagonal, k):
    if input is not None and len(input) < 2:
        raise ValueError("Shape must be at least rank 2 but is rank %d" % len(input))
    if diagonal == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    expected = _read_shape(input, k)
    if expected is not None and diagonal is not None and not shapes.compatible(expected, diagonal):
        raise ValueError("The diagonal must have the shape %s but has %s" % tuple(map(shapes.to_brackets, (expected, diagonal))))
    return input


def _size(longest, low, high, rows, cols):
    """The size of the matrix whose longest diagonal is given, where it is not spelled out (-1)."""
    least_rows, least_cols = longest - min(high, 0), longest + max(low, 0)
    if rows not in (-1, None) and rows < least_rows:
        raise invalid("The number of rows is too small.")
    if cols not in (-1, None) and cols < least_cols:
        raise invalid("The number of columns is too small.")
    if rows == cols == -1:
        rows = cols = max(least_rows, least_cols)
    rows, cols = least_rows if rows == -1 else rows, least_cols if cols == -1 else cols
    if rows != least_rows and cols != least_cols:
        raise invalid("The number of rows or columns is not consistent with the specified d_lower, d_upper, and diagonal.")
    return rows, cols


def _matrix_of(xp, diagonal, k, rows, cols, padding):
    """Matrices with these diagonals and `padding` elsewhere."""
    if not diagonal.ndim:
        raise invalid("diagonal must be at least 1-dim, received shape: %s", shapes.to_brackets(diagonal.shape))
    low, high = _diagonals(k)
    if low != high and (diagonal.ndim < 2 or diagonal.shape[-2] != high - low + 1):
        raise invalid(
            "The number of diagonals provided in the input does not match the lower_diag_index and upper_diag_index range."
        )
    rows, cols = _size(diagonal.shape[-1], low, high, rows, cols)
    batch = diagonal.shape[: -1 if low == high else -2]
    i, j, m, n = _places(rows, cols, low, high)
    out = xp.full((*batch, rows, cols), padding, diagonal.dtype)
    return placed(xp, out, (..., i, j), diagonal if low == high else diagonal[..., m, n])


def _zero(like):
    return b"" if like.dtype == object else np.zeros((), like.dtype)


@op("MatrixDiag")
def _matrix_diag(xp, diagonal):
    return _matrix_of(xp, diagonal, 0, -1, -1, _zero(diagonal))


@_matrix_diag.shape
def _(diagonal):
    if diagonal == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    return None if diagonal is None else (*diagonal, diagonal[-1])


@_matrix_diag.grad("diagonal")
def _(g):
    return _matrix_diag_part(g)


@op("MatrixDiagV2")
def _matrix_diag_v2(xp, diagonal, k: Host, num_rows: Host, num_cols: Host, padding_value):
    return _matrix_of(xp, diagonal, k, num_rows, num_cols, padding_value if diagonal.dtype != object else padding_value[()])


@_matrix_diag_v2.shape
def _(diagonal, k, num_rows, num_cols, padding_value):
    if diagonal == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    if diagonal is None or k is None:
        return None
    low, high = _diagonals(k)
    if low != high and (len(diagonal) < 2 or diagonal[-2] not in (None, high - low + 1)):
        raise ValueError(
            "The number of rows of `diagonal` doesn't match the number of diagonals implied from `d_lower` and `d_upper`."
        )
    size = (None, None)
    if diagonal[-1] is not None and num_rows is not None and num_cols is not None:
        size = _size(diagonal[-1], low, high, num_rows, num_cols)
    return (*diagonal[: -1 if low == high else -2], *size)


@_matrix_diag_v2.grad("diagonal")
def _(g, k):
    return _matrix_diag_part_v2(g, k, zeros([], g.dtype.base_dtype))


@op("MatrixDiagPart")
def _matrix_diag_part(xp, input):
    return _read(xp, input, 0, None)


@_matrix_diag_part.shape
def _(input):
    return _read_shape(input, 0)


@_matrix_diag_part.grad("input")
def _(g, input: Shape):
    if type(input) is tuple and input[-1] == input[-2]:
        return _matrix_diag(g)
    return _matrix_set_diag(zeros(input, g.dtype.base_dtype), g)


@op("MatrixDiagPartV2")
def _matrix_diag_part_v2(xp, input, k: Host, padding_value):
    return _read(xp, input, k, padding_value if input.dtype != object else padding_value[()])


@_matrix_diag_part_v2.shape
def _(input, k, padding_value):
    return _read_shape(input, k)


@_matrix_diag_part_v2.grad("input")
def _(g, input: Shape, k):
    return _matrix_set_diag_v2(zeros(input, g.dtype.base_dtype), g, k)


@op("MatrixSetDiag")
def _matrix_set_diag(xp, input, diagonal):
    return _write(xp, input, diagonal, 0)


@_matrix_set_diag.shape
def _(input, diagonal):
    return _write_shape(input, diagonal, 0)


@_matrix_set_diag.grad("input")
def _(g, diagonal: Shape):
    return _matrix_set_diag(g, zeros(diagonal, g.dtype.base_dtype))


@_matrix_set_diag.grad("diagonal")
def _(g):
    return _matrix_diag_part(g)


@op("MatrixSetDiagV2")
def _matrix_set_diag_v2(xp, input, diagonal, k: Host):
    return _write(xp, input, diagonal, k)


_matrix_set_diag_v2.shape(_write_shape)


@_matrix_set_diag_v2.grad("input")
def _(g, diagonal: Shape, k):
    return _matrix_set_diag_v2(g, zeros(diagonal, g.dtype.base_dtype), k)


@_matrix_set_diag_v2.grad("diagonal")
def _(g, k):
    return _matrix_diag_part_v2(g, k, zeros([], g.dtype.base_dtype))


@_matrix_diag.samples
def _(make):
    yield (make(2, 3),)
    yield (make(2),)


@_matrix_diag_v2.samples
def _(make):
    yield make(3), 1, -1, -1, make()
    yield make(2, 2, 3), (-1, 0), -1, -1, make()
    yield make(2), -1, 3, 2, make()


@_matrix_diag_part.samples
def _(make):
    yield (make(2, 3, 3),)
    yield (make(2, 3),)


@_matrix_diag_part_v2.samples
def _(make):
    yield make(2, 3), 1, make()
    yield make(2, 3, 4), (-1, 2), make()


@_matrix_set_diag.samples
def _(make):
    yield make(2, 3, 3), make(2, 3)
    yield make(2, 3), make(2)


@_matrix_set_diag_v2.samples
def _(make):
    yield make(2, 3), make(2), 1
    yield make(2, 3, 3), make(2, 2, 3), (-1, 0)


@export("matrix_diag", "linalg.diag")
def matrix_diag(diagonal, name="diag", k=0, num_rows=-1, num_cols=-1, padding_value=0):
    """Matrices with given diagonals.

    Args:
      diagonal: a tensor of shape `[..., length]`; of shape `[..., number of diagonals, length]` if `k` asks for several.
      name: the name of the node.
      k: which diagonal it is: 0 is the main one, positive numbers are above it; or a pair, the lowest and the highest.
      num_rows, num_cols: the size of the matrices; by default the smallest possible.
      padding_value: what stands elsewhere.

    Raises:
      InvalidArgumentError (in a graph ValueError where the shapes are known): the arguments don't fit.
    """
    given = k, num_rows, num_cols, padding_value
    if all(type(v) is int for v in given) and given == (0, -1, -1, 0):
        return _matrix_diag(diagonal, name=name)
    return _matrix_diag_v2(diagonal, k, num_rows, num_cols, _typed(padding_value, diagonal), name=name)


@export("matrix_diag_part", "linalg.diag_part")
@versioned
def matrix_diag_part(input, name="diag_part", k=0, padding_value=0):
    """The diagonals of matrices.

    Args:
      input: a tensor of shape `[..., rows, columns]`.
      name: the name of the node.
      k: which diagonal: 0 is the main one, positive numbers are above it; or a pair, the lowest and the highest.
      padding_value: what fills up shorter diagonals if there are several.

    Raises:
      InvalidArgumentError (in a graph ValueError where the shapes are known): there is no such diagonal.
    """
    if type(k) is int and not k:
        return _matrix_diag_part(input, name=name)
    return _matrix_diag_part_v2(input, k, _typed(padding_value, input), name=name)


def _typed(padding_value, like):
    return bool(padding_value) if getattr(like, "dtype", None) == dtypes.bool_ else padding_value


@export("matrix_set_diag", "linalg.set_diag")
def matrix_set_diag(input, diagonal, name="set_diag", k=0):
    """Matrices with other diagonals.

    Args:
      input: a tensor of shape `[..., rows, columns]`.
      diagonal: the new diagonals, of the shape that `matrix_diag_part(input, k=k)` has.
      name: the name of the node.
      k: which diagonal: 0 is the main one, positive numbers are above it; or a pair, the lowest and the highest.

    Raises:
      InvalidArgumentError (in a graph ValueError where the shapes are known): the arguments don't fit.
    """
    if type(k) is int and not k:
        return _matrix_set_diag(input, diagonal, name=name)
    return _matrix_set_diag_v2(input, diagonal, k, name=name)


# ---------------------------------------------------------------------------------------------- diagonals of any tensors


@op("Diag")
def _diag(xp, diagonal):
    if not diagonal.ndim:
        raise invalid("Input must be at least rank 1, got 0")
    count = diagonal.size
    places = np.arange(count)
    flat = placed(xp, xp.zeros((count, count), diagonal.dtype), (places, places), diagonal.reshape(-1))
    return flat.reshape(diagonal.shape + diagonal.shape)


@_diag.shape
def _(diagonal):
    if diagonal == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    return None if diagonal is None else diagonal + diagonal


@_diag.grad("diagonal")
def _(g):
    return _diag_part(g)


@op("DiagPart")
def _diag_part(xp, input):
    half = input.ndim // 2
    if not half or input.ndim % 2:
        raise invalid(
            "The rank of the tensor should be %seven and positive, got shape %s", " " * 41, shapes.to_brackets(input.shape)
        )
    for i in range(half):
        if input.shape[i] != input.shape[half + i]:
            raise invalid("Invalid shape %s: dimensions %d and %d do not match.", shapes.to_brackets(input.shape), i, half + i)
    shape = input.shape[:half]
    count = math.prod(shape)
    places = np.arange(count)
    return input.reshape((count, count))[places, places].reshape(shape)


@_diag_part.shape
def _(input):
    if input is None:
        return None
    if not input or len(input) % 2:
        raise ValueError("Input must have even and non-zero rank, input rank is %d" % len(input))
    half = len(input) // 2
    merged = shapes.merge(input[:half], input[half:])
    if merged is shapes.CONTRADICTION:
        raise ValueError("The first half of the dimensions %s is not the second" % shapes.to_brackets(input))
    return merged


@_diag_part.grad("input")
def _(g):
    return _diag(g)


@_diag.samples
def _(make):
    yield (make(3),)
    yield (make(2, 2),)


@_diag_part.samples
def _(make):
    yield (make(3, 3),)
    yield (make(2, 3, 2, 3),)


diag = export("diag", "linalg.tensor_diag")(_diag)
diag_part = export("diag_part", "linalg.tensor_diag_part")(_diag_part)

# --------------------------------------------------------------------------------------------------------------- bands


@op("MatrixBandPart")
def _matrix_band_part(xp, input, num_lower: Host, num_upper: Host):
    _check_matrix(input)
    rows, cols = input.shape[-2:]
    for value, which, limit, what in ((num_lower, "num_lower", rows, "rows"), (num_upper, "num_upper", cols, "columns")):
        if type(value) is not int:
            raise invalid("%s must be scalar, got shape %s", which, shapes.to_brackets(np.shape(value)))
        if value > limit:
            raise invalid("%s must be negative or less or equal to number of %s (%d) got: %d", which, what, limit, value)
    below = np.arange(rows)[:, None] - np.arange(cols)
    inside = (num_lower < 0 or below <= num_lower) & (num_upper < 0 or -below <= num_upper)
    return xp.where(np.broadcast_to(inside, (rows, cols)), input, _zero(input))


@_matrix_band_part.shape
def _(input, num_lower, num_upper):
    if input is not None and len(input) < 2:
        raise ValueError("Shape must be at least rank 2 but is rank %d" % len(input))
    for value in (num_lower, num_upper):
        if value is not None and type(value) is not int:
            raise ValueError("Shape must be rank 0 but is rank %d" % np.ndim(value))
    return input


@_matrix_band_part.grad("input")
def _(g, num_lower, num_upper):
    return _matrix_band_part(g, num_lower, num_upper)


@_matrix_band_part.samples
def _(make):
    yield make(3, 4), 1, 0
    yield make(2, 3, 3), -1, 1
    yield make(3, 2), 0, -1


matrix_band_part = export("matrix_band_part", "linalg.band_part")(_matrix_band_part)


@export("eye", "linalg.eye")
def eye(num_rows, num_columns=None, batch_shape=None, dtype=dtypes.float32, name=None):
    """Identity matrices.

    Args:
      num_rows: the number of rows.
      num_columns: the number of columns; by default that of rows.
      batch_shape: a list of ints or an int vector: how many matrices; by default a single one.
      dtype: the type.
      name: the name scope of the nodes.

    Returns:
      A tensor of shape `batch_shape + [num_rows, num_columns]`.

    Raises:
      TypeError: a size is no integer.
    """
    with name_scope(name, default_name="eye", values=[num_rows, num_columns, batch_shape]):
        square = num_columns is None
        num_columns = num_rows if square else num_columns
        batch_shape = [] if batch_shape is None else batch_shape
        if isinstance(num_rows, Tensor) or isinstance(num_columns, Tensor):
            length = registry["Minimum"](num_rows, num_columns)
        else:
            if not isinstance(num_rows, int | np.integer) or not isinstance(num_columns, int | np.integer):
                raise TypeError("num_rows and num_columns must be positive integer values.")
            square = num_rows == num_columns
            length = min(num_rows, num_columns)
        if isinstance(batch_shape, Tensor) or isinstance(length, Tensor):
            batch_shape = convert(batch_shape, dtypes.int32, "shape")
            lengths = concat((batch_shape, [length]), axis=0)
            size = None if square else concat((batch_shape, [num_rows, num_columns]), axis=0)
        else:
            lengths = [*batch_shape, length]
            size = [*batch_shape, num_rows, num_columns]
        diagonal = ones(lengths, dtype=dtype)
        return matrix_diag(diagonal) if square else matrix_set_diag(zeros(size, dtype=dtype), diagonal)
