"""The versions of the usual functions (see core/versions.py) for ragged tensors, and the operators."""

import inspect

from ..core.convert import convert
from ..core.export import public as tf, resolve
from ..core.scopes import control_dependencies
from ..core.sparse_tensor import SparseTensor
from ..core.versions import first_arguments, version
from . import gathering, joining, masking, reducing, shaping
from .broadcasting import broadcast_dynamic_shape, broadcast_to, shape_of
from .indexing import getitem
from .rows import checks_that_splits_match
from .tensor import RaggedTensor, is_ragged, match_splits_types, to_tensor_or_ragged
from .value import RaggedTensorValue

_ONE = (
    "abs acos acosh angle as_string asin asinh atan atanh bitwise.invert cast ceil check_numerics clip_by_value conj cos cosh "
    "decode_base64 decode_compressed digamma encode_base64 erf erfc exp expm1 floor identity imag is_finite is_inf is_nan lgamma "
    "log log1p log_sigmoid logical_not negative ones_like real reciprocal regex_replace rint round rsqrt saturate_cast sign sin "
    "sinh sqrt square string_strip string_to_hash_bucket string_to_hash_bucket_fast string_to_hash_bucket_strong string_to_number "
    "strings.length strings.regex_full_match strings.unicode_script substr tan zeros_like"
).split()
_LIST = "add_n string_join".split()
_TWO = (
    "add atan2 bitwise.bitwise_and bitwise.bitwise_or bitwise.bitwise_xor bitwise.left_shift bitwise.right_shift complex "
    "div_no_nan equal floordiv floormod greater greater_equal less less_equal logical_and logical_or logical_xor maximum minimum "
    "multiply not_equal pow realdiv squared_difference subtract truediv truncatediv truncatemod"
).split()


def _dynamic_partition(data, partitions, num_partitions, name=None):
    """`tf.dynamic_partition` of ragged tensors."""
    if not isinstance(num_partitions, int) or num_partitions < 0:
        raise TypeError("num_partitions must be a non-negative integer")
    result = masking.stack_dynamic_partitions(data, partitions, num_partitions, name)
    return [result[i] for i in range(num_partitions)]


def _unless(default, joined):
    """A function of lists with the name of its scope as the last argument, where the plain one's default means none."""
    return lambda values, axis, name: joined(values, axis, None if name == default else name)


_OTHERS = {  # name -> version, how many operands may be ragged
    "batch_gather": (gathering.batch_gather, 2),
    "concat": (_unless("concat", joining.concat), 1),
    "dynamic_partition": (_dynamic_partition, 2),
    "expand_dims": (shaping.expand_dims, 1),
    "gather": (gathering.gather, 2),
    "gather_nd": (gathering.gather_nd, 2),
    "rank": (shaping.rank, 1),
    "reduce_join": (reducing.reduce_join, 1),
    "size": (shaping.size, 1),
    "squeeze": (shaping.squeeze, 1),
    "stack": (_unless("stack", joining.stack), 1),
    "tile": (shaping.tile, 1),
    "where": (joining.where, 3),
    **{"reduce_" + k: (getattr(reducing, "reduce_" + k), 1) for k in ("sum", "prod", "min", "max", "mean", "any", "all")},
    **{"unsorted_segment_" + k: (getattr(reducing, "segment_" + k), 2) for k in ("sum", "prod", "min", "max", "mean", "sqrt_n")},
}


def _reject_sparse(*operands):
    for t in operands:
        if isinstance(t, SparseTensor):
            raise TypeError("A SparseTensor is no operand beside a RaggedTensor: %s" % t)


def _split_arguments(function, count, args, kwargs):
    """The arguments for a function's first `count` parameters out of a call's, and the rest of these."""
    names = [*inspect.signature(function).parameters][:count] if len(args) < count else ()
    rest = {k: v for k, v in kwargs.items() if k not in names}
    return first_arguments(function, count, args, kwargs), args[count:], rest


def _of_one(name):
    """The version of a function that works on each element of its first argument."""

    def of_ragged(*args, **kwargs):
        function = resolve(name)
        (x,), args, kwargs = _split_arguments(function, 1, args, kwargs)
        x = to_tensor_or_ragged(x)
        return x.with_flat_values(function(x.flat_values, *args, **kwargs))

    return of_ragged


def _of_list(name):
    """The version of a function that works on the elements of a list of tensors, one with another."""

    def of_ragged(*args, **kwargs):
        function = resolve(name)
        (x,), args, kwargs = _split_arguments(function, 1, args, kwargs)
        _reject_sparse(*x)
        parts = match_splits_types(*[to_tensor_or_ragged(t) if is_ragged(t) else t for t in x])
        nested = [t.nested_row_splits for t in parts if is_ragged(t)]
        flat = [t.flat_values if is_ragged(t) else t for t in parts]
        with control_dependencies(checks_that_splits_match(nested)):
            return RaggedTensor.from_nested_row_splits(function(flat, *args, **kwargs), nested[0], validate=False)

    return of_ragged


def _rank_reaches(rt, other):
    inner, outer = rt.flat_values.shape.ndims, other.shape.ndims
    return inner is not None and outer is not None and inner <= outer


def _of_two(name):
    """The version of a function that works on the elements of two tensors, which are broadcast."""

    def of_ragged(*args, **kwargs):
        function = resolve(name)
        (x, y), args, kwargs = _split_arguments(function, 2, args, kwargs)
        _reject_sparse(x, y)
        x = to_tensor_or_ragged(x) if is_ragged(x) else convert(x, None, "x", preferred=y.dtype)
        y = to_tensor_or_ragged(y) if is_ragged(y) else convert(y, None, "y", preferred=x.dtype)
        x, y = match_splits_types(x, y)
        both = is_ragged(x) and is_ragged(y)
        if both or is_ragged(x) and _rank_reaches(x, y) or is_ragged(y) and _rank_reaches(y, x):
            shape = broadcast_dynamic_shape(shape_of(x), shape_of(y))
            x = broadcast_to(x, shape, broadcast_inner_dimensions=False)
            y = broadcast_to(y, shape, broadcast_inner_dimensions=False)
        values = function(*[t.flat_values if is_ragged(t) else t for t in (x, y)], *args, **kwargs)
        return (x if is_ragged(x) else y).with_flat_values(values)

    return of_ragged


KINDS = RaggedTensor, RaggedTensorValue
NAMES = (*_ONE, *_LIST, *_TWO, *_OTHERS)  # the functions that have versions for these


def _declare():
    for names, operands, make in ((_ONE, 1, _of_one), (_LIST, 1, _of_list), (_TWO, 2, _of_two)):
        for name in names:
            version(name, KINDS, operands)(make(name))
    for name, (function, operands) in _OTHERS.items():
        version(name, KINDS, operands)(function)


_declare()


# ----------------------------------------------------------------------------------------------------------- operators


def _operator(name, function, reflected=True):
    setattr(RaggedTensor, "__%s__" % name, lambda x, y: getattr(tf, function)(x, y))
    if reflected:
        setattr(RaggedTensor, "__r%s__" % name, lambda x, y: getattr(tf, function)(y, x))


for _name, _function in dict(add="add", sub="subtract", mul="multiply", truediv="truediv", floordiv="floordiv", mod="floormod",
                             pow="pow", xor="logical_xor").items():  # fmt: skip
    _operator(_name, _function)
_operator("and", "logical_and")
_operator("or", "logical_or")
for _name, _function in dict(ge="greater_equal", gt="greater", le="less_equal", lt="less").items():
    _operator(_name, _function, reflected=False)


def _no_bool(self):
    raise TypeError("RaggedTensor may not be used as a boolean.")


RaggedTensor.__getitem__ = getitem
RaggedTensor.__neg__ = lambda x: tf.negative(x)
RaggedTensor.__abs__ = lambda x: tf.abs(x)
RaggedTensor.__invert__ = lambda x: tf.logical_not(x)
RaggedTensor.__bool__ = _no_bool
