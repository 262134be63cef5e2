"""What Python's built-in functions do in converted code: with graph tensors they build operations."""

import builtins
import sys

from ..core.convert import convert
from ..core.export import resolve
from ..core.tensor import GraphTensor
from ..ops.tensor_arrays import TensorArray
from ..variables.base import Variable
from .lists import StagedList


def _symbolic(x):
    if isinstance(x, Variable):
        x = x.value()
    return isinstance(x, GraphTensor)


def abs_(x):
    """`abs` of a number or a tensor."""
    return resolve("abs")(x) if _symbolic(x) else builtins.abs(x)


def float_(x=0):
    """`float`, or a cast to float32."""
    return _number(x, "float32") if _symbolic(x) else builtins.float(x)


def int_(x=0, *base, **named):
    """`int`, or a cast to int32."""
    return _number(x, "int32") if _symbolic(x) else builtins.int(x, *base, **named)


def _number(x, dtype):
    x = convert(x)
    if x.dtype.base_dtype.name == "string":
        return resolve("string_to_number")(x, out_type=dtype)
    return resolve("cast")(x, dtype)


def len_(s):
    """`len`; of a tensor its first dimension: an int if that is known, else a tensor.

    Raises:
      ValueError: the tensor is a scalar.
    """
    if isinstance(s, TensorArray) and _symbolic(s.flow):
        return s.size()
    if isinstance(s, StagedList):
        return s.length()
    if not _symbolic(s):
        return builtins.len(s)
    s = convert(s)
    if s._shape is not None and not s._shape:
        raise ValueError("len requires a non-scalar tensor, got one of shape %s" % s.shape)
    if s._shape and s._shape[0] is not None:
        return s._shape[0]
    return resolve("shape")(s)[0]


def range_(start_or_stop, stop=None, step=None):
    """`range`, or `tf.range` if a bound is a tensor."""
    given = [x for x in (start_or_stop, stop, step) if x is not None]
    if any(_symbolic(x) for x in given):
        return resolve("range")(*given)
    return builtins.range(*given)


def print_(*objects, **options):
    """`print`; tensors are printed when the graph runs.

    Raises:
      ValueError: with tensors, an unknown keyword or a file other than standard output or error is given.
    """
    if not any(_symbolic(x) for x in objects):
        return builtins.print(*objects, **options)
    unknown = set(options) - {"sep", "end", "file", "flush"}
    if unknown:
        raise ValueError(f"invalid keyword argument(s): {tuple(unknown)}")
    stream = options.get("file") or sys.stdout
    if options.get("flush"):
        raise ValueError("flush=True is not supported with tensors")
    return resolve("print")(*objects, output_stream=stream, sep=options.get("sep") or " ", end=options.get("end") or "\n")


def enumerate_(things, start=0):
    """`enumerate`; of a dataset a dataset, of a tensor with a known first dimension pairs of numbers and rows."""
    if _is_dataset(things):
        return things.enumerate(start)
    return builtins.enumerate(_rows(things), start)


def zip_(*things):
    """`zip`; of datasets a dataset; tensors with a known first dimension give their rows."""
    if things and all(map(_is_dataset, things)):
        return type(things[0]).zip(things)
    return builtins.zip(*map(_rows, things))


def map_(function, *things):
    """`map`; of datasets a dataset; tensors with a known first dimension give their rows."""
    if things and all(map(_is_dataset, things)):
        return type(things[0]).zip(things).map(function)
    return builtins.map(function, *map(_rows, things))


def _is_dataset(things):
    return hasattr(things, "_autograph_for") and hasattr(things, "_variant_tensor")


def _rows(things):
    if not _symbolic(things):
        return things
    count = len_(things)
    return [things[i] for i in builtins.range(count)] if isinstance(count, int) else things


def min_(*args, **options):
    """`min`, or the smaller of tensors."""
    return _extreme(builtins.min, "minimum", "reduce_min", args, options)


def max_(*args, **options):
    """`max`, or the greater of tensors."""
    return _extreme(builtins.max, "maximum", "reduce_max", args, options)


def _extreme(plain, pairwise, reduction, args, options):
    if options or not any(map(_symbolic, args)):
        return plain(*args, **options)
    if builtins.len(args) == 1:
        return resolve(reduction)(args[0], axis=0)
    result = args[0]
    for x in args[1:]:
        result = resolve(pairwise)(result, x)
    return result


OVERLOADS = {
    builtins.abs: abs_, builtins.float: float_, builtins.int: int_, builtins.len: len_, builtins.range: range_,
    builtins.print: print_, builtins.enumerate: enumerate_, builtins.zip: zip_, builtins.map: map_, builtins.min: min_,
    builtins.max: max_,
}  # fmt: skip
