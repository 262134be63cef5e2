"""The usual functions and the operators of ragged tensors.

`_extend` lets public functions look for ragged arguments first; without such arguments they do what they did.
"""

import functools
import inspect
import types

from ..core.context import here
from ..core.convert import convert
from ..core.export import exists, extend, public as tf
from ..core.op import Op
from ..core.scopes import control_dependencies
from ..core.sparse_tensor import SparseTensor
from . import gathering, joining, masking, reducing, shaping
from .broadcasting import broadcast_dynamic_shape, broadcast_to, shape_of
from .indexing import getitem
from .rows import checks_that_splits_match
from .tensor import RaggedTensor, is_ragged, match_splits_types, to_tensor_or_ragged

_UNARY = (
    "abs acos acosh angle as_string asin asinh atan atanh bitwise.invert cast ceil check_numerics clip_by_value conj cos cosh "
    "debugging.check_numerics decode_base64 decode_compressed digamma encode_base64 erf erfc exp expm1 floor identity imag "
    "io.decode_base64 io.decode_compressed io.encode_base64 is_finite is_inf is_nan is_finite lgamma log log1p log_sigmoid "
    "logical_not negative nn.log_sigmoid "
    "ones_like real reciprocal regex_full_match regex_replace rint round rsqrt saturate_cast sign sin sinh sqrt square "
    "strings.length string_strip string_to_hash_bucket string_to_hash_bucket_fast string_to_hash_bucket_strong string_to_number "
    "strings.regex_full_match strings.regex_replace strings.strip strings.substr strings.to_hash_bucket "
    "strings.to_hash_bucket_fast strings.to_hash_bucket_strong strings.to_number strings.unicode_script substr tan zeros_like"
).split()
_LISTS = "add_n string_join strings.join".split()
_BINARY = (
    "add atan2 bitwise.bitwise_and bitwise.bitwise_or bitwise.bitwise_xor bitwise.left_shift bitwise.right_shift complex "
    "div_no_nan divide equal floordiv floormod mod greater greater_equal less less_equal logical_and logical_or logical_xor "
    "maximum minimum multiply not_equal pow realdiv squared_difference subtract truediv truncatediv truncatemod"
).split()


def _dynamic_partition(data, partitions, num_partitions, name=None):
    """`tf.dynamic_partition` of ragged tensors."""
    if not isinstance(num_partitions, int) or num_partitions < 0:
        raise TypeError("num_partitions must be a non-negative integer")
    result = masking.stack_dynamic_partitions(data, partitions, num_partitions, name)
    return [result[i] for i in range(num_partitions)]


_OTHERS = {
    "batch_gather": (gathering.batch_gather, ("params", "indices")),
    "concat": (joining.concat, ("values",)),
    "expand_dims": (shaping.expand_dims, ("input",)),
    "gather": (gathering.gather, ("params", "indices")),
    "gather_nd": (gathering.gather_nd, ("params", "indices")),
    "manip.gather_nd": (gathering.gather_nd, ("params", "indices")),
    "reduce_join": (reducing.reduce_join, ("inputs",)),
    "strings.reduce_join": (reducing.reduce_join, ("inputs",)),
    "rank": (shaping.rank, ("input",)),
    "size": (shaping.size, ("input",)),
    "squeeze": (shaping.squeeze, ("input",)),
    "stack": (joining.stack, ("values",)),
    "tile": (shaping.tile, ("input",)),
    "manip.tile": (shaping.tile, ("input",)),
    "where": (joining.where, ("condition", "x", "y")),
    "dynamic_partition": (_dynamic_partition, ("data", "partitions")),
    **{
        space + "unsorted_segment_" + k: (getattr(reducing, "segment_" + k), ("data", "segment_ids"))
        for k in ("sum", "prod", "min", "max", "mean", "sqrt_n")
        for space in ("", "math.")
    },
    **{
        "reduce_" + k: (getattr(reducing, "reduce_" + k), ("input_tensor",))
        for k in ("sum", "prod", "min", "max", "mean", "any", "all")
    },
}


def _any_ragged(value):
    return isinstance(value, list | tuple) and any(map(is_ragged, value)) or is_ragged(value)


def _split_arguments(names, args, kwargs):
    """The named arguments out of a call's, and the rest of them."""
    rest = dict(kwargs)
    picked = [args[i] if i < len(args) else rest.pop(n, None) for i, n in enumerate(names)]
    return picked, args[len(names) :], rest


def _names_of(function):
    op = function.args[0] if isinstance(function, functools.partial) else None
    return list(op.input_names if op is not None else inspect.signature(function).parameters)


def _unary(function):
    names = _names_of(function)[:1]

    def handle(args, kwargs):
        (x,), args, kwargs = _split_arguments(names, args, kwargs)
        x = to_tensor_or_ragged(x)
        return x.with_flat_values(function(x.flat_values, *args, **kwargs))

    return handle, names


def _of_list(function):
    names = _names_of(function)[:1]

    def handle(args, kwargs):
        (x,), args, kwargs = _split_arguments(names, args, kwargs)
        _reject_sparse(*x)
        parts = match_splits_types(*[to_tensor_or_ragged(t) if is_ragged(t) else t for t in x])
        nested = [t.nested_row_splits for t in parts if is_ragged(t)]
        flat = [t.flat_values if is_ragged(t) else t for t in parts]
        with control_dependencies(checks_that_splits_match(nested)):
            return RaggedTensor.from_nested_row_splits(function(flat, *args, **kwargs), nested[0], validate=False)

    return handle, names


def _reject_sparse(*operands):
    for t in operands:
        if isinstance(t, SparseTensor):
            raise TypeError("A SparseTensor is no operand beside a RaggedTensor: %s" % t)


def _rank_reaches(rt, other):
    inner, outer = rt.flat_values.shape.ndims, other.shape.ndims
    return inner is not None and outer is not None and inner <= outer


def _binary(function):
    names = _names_of(function)[:2]

    def handle(args, kwargs):
        (x, y), args, kwargs = _split_arguments(names, args, kwargs)
        _reject_sparse(x, y)
        x = to_tensor_or_ragged(x) if is_ragged(x) else convert(x, None, names[0], preferred=y.dtype)
        y = to_tensor_or_ragged(y) if is_ragged(y) else convert(y, None, names[1], preferred=x.dtype)
        x, y = match_splits_types(x, y)
        both = is_ragged(x) and is_ragged(y)
        if both or is_ragged(x) and _rank_reaches(x, y) or is_ragged(y) and _rank_reaches(y, x):
            shape = broadcast_dynamic_shape(shape_of(x), shape_of(y))
            x = broadcast_to(x, shape, broadcast_inner_dimensions=False)
            y = broadcast_to(y, shape, broadcast_inner_dimensions=False)
        values = function(*[t.flat_values if is_ragged(t) else t for t in (x, y)], *args, **kwargs)
        return (x if is_ragged(x) else y).with_flat_values(values)

    return handle, names


def _other(ragged_function, names):
    return lambda function: (lambda args, kwargs: ragged_function(*args, **kwargs), names)


_done = set()  # the functions that take ragged tensors already: a function has several names


def _extension(make):
    """What `extend` wants, for one kind of function."""

    def extension(function):
        if function in _done:
            return
        _done.add(function)
        plain = _copy(function)
        handle, names = make(plain)

        def extended(*args, **kwargs):
            for i, name in enumerate(names):
                value = args[i] if i < len(args) else kwargs.get(name)
                if value is not None and _any_ragged(value):
                    if not here.eager:
                        # TensorFlow tries the plain function first; in graphs that leaves names in use, perhaps constants.
                        try:
                            return plain(*args, **kwargs)
                        except (TypeError, ValueError):
                            pass
                    return handle(args, kwargs)
            return plain(*args, **kwargs)

        _divert(function, extended)

    return extension


class _RaggedOp(Op):
    """An op that is public itself, and takes ragged tensors."""

    def __call__(self, *args, **kwargs):
        return self.extended(*args, **kwargs)


def _copy(function):
    """A function that goes on doing what this one does now."""
    if isinstance(function, Op):
        return functools.partial(Op.__call__, function)
    f = function
    copy = types.FunctionType(f.__code__, f.__globals__, f.__name__, f.__defaults__, f.__closure__)
    copy.__kwdefaults__ = f.__kwdefaults__
    copy.__dict__.update(f.__dict__)
    return copy


def _divert(function, target):
    """Lets a function do what another one does.

    The function stays the object that it is: whoever has it already, has one that takes ragged tensors.  The code that calls the
    other one has that as a constant, since a function's closure can't be changed.
    """
    if isinstance(function, Op):
        function.extended, function.__class__ = target, _RaggedOp
        return
    function.__signature__ = inspect.signature(function)
    old, code = function.__code__, _calls_a_constant.__code__
    constants = tuple([target if c == _PLACE else c for c in code.co_consts])
    function.__code__ = code.replace(
        co_consts=constants, co_freevars=old.co_freevars, co_name=old.co_name, co_filename=old.co_filename
    )
    function.__defaults__ = function.__kwdefaults__ = None


_PLACE = "the place of the function to call"


def _calls_a_constant(*args, **kwargs):
    target = "the place of the function to call"
    return target(*args, **kwargs)


def _extend():
    kinds = [(_UNARY, _unary), (_LISTS, _of_list), (_BINARY, _binary)]
    for names, make in kinds:
        for name in names:
            for full in (name, "math." + name, "debugging." + name, "dtypes." + name):
                if exists(full):
                    extend(full, _extension(make))
    for name, (function, parameters) in _OTHERS.items():
        for full in (name, "math." + name):
            if exists(full):
                extend(full, _extension(_other(function, parameters)))


_extend()


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
