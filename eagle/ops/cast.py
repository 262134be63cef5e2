"""From one element type to another: `cast`, `saturate_cast`, `bitcast`."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.constant import eager_name
from ..core.context import process
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.errors import UnimplementedError, invalid
from ..core.export import export
from ..core.indexed_slices import IndexedSlices
from ..core.op import op
from ..core.scopes import name_scope
from ..core.sparse_tensor import SparseTensor
from ..core.tensor import EagerTensor, from_value
from ..core.versions import shortcut, versioned

_FLOATING = (dtypes.float16, dtypes.float32, dtypes.float64, dtypes.bfloat16, dtypes.complex64, dtypes.complex128)


def as_type(x, dtype):
    """An array, NumPy's or JAX's, with elements of another NumPy type: of complex numbers their real parts if need be."""
    if x.dtype.kind == "c" and dtype.kind != "c":
        x = x.real
    return x.astype(dtype)


@op("Cast")
def _cast(xp, x, *, SrcT, DstT, Truncate=False):
    if dtypes.string in (SrcT, DstT):
        message = "Cast %s to %s is not supported" % (eager_name(SrcT), eager_name(DstT))
        raise UnimplementedError(None, None, message)
    if SrcT is DstT:
        return x
    if SrcT.is_quantized:
        x = x.view(SrcT.np[0])
    if DstT.is_quantized:
        return as_type(x, DstT.np[0]).view(DstT.np)
    return as_type(_without_tail(x, SrcT, DstT) if Truncate else x, DstT.np)


# How many bits of the significand the narrower type lacks, and the unsigned integers of the wider one's size.
_LOST_BITS = {
    (dtypes.float32, dtypes.bfloat16): (16, np.uint32), (dtypes.float32, dtypes.float16): (13, np.uint32),
    (dtypes.float64, dtypes.bfloat16): (45, np.uint64), (dtypes.float64, dtypes.float16): (42, np.uint64),
    (dtypes.float64, dtypes.float32): (29, np.uint64),
}  # fmt: skip


def _without_tail(x, source, target):
    """Floats without the bits that a narrower type has no room for, so that they are rounded towards zero."""
    if (source, target) not in _LOST_BITS:
        return x
    count, bits = _LOST_BITS[source, target]
    return (x.view(bits) >> bits(count) << bits(count)).view(source.np)


@_cast.shape
def _(x):
    return x


@_cast.grad("x")
def _(g, *, SrcT, DstT):
    return cast(g, SrcT) if SrcT in _FLOATING and DstT in _FLOATING else None


@_cast.samples
def _(make):
    for target in (dtypes.float64, dtypes.int32, dtypes.bool_, dtypes.complex64, dtypes.bfloat16):
        if make.dtype is not dtypes.string:
            yield make(2, 3), dict(DstT=target)
    yield make(), dict(DstT=dtypes.float16)
    if make.dtype is not dtypes.string:
        yield make(2, 3), dict(DstT=dtypes.float16, Truncate=True)


@versioned
def _general_cast(x, dtype, name):
    """`cast` of anything that it works with."""
    base = dtypes.as_dtype(dtype).base_dtype
    sparse = isinstance(x, (SparseTensor, IndexedSlices))
    if not sparse and getattr(x, "is_tensor_like", False) and x.dtype == base:
        return x
    with name_scope(name, "Cast", [x]) as name:
        if isinstance(x, SparseTensor):
            return SparseTensor(x.indices, cast(x.values, base, name), x.dense_shape)
        if isinstance(x, IndexedSlices):
            return IndexedSlices(cast(x.values, base, name), x.indices, x.dense_shape)
        x = convert(x, None, "x")
        return x if x.dtype.base_dtype is base else _cast(x, DstT=base, name=name)


@export("cast", "dtypes.cast")
@shortcut(_general_cast)
def cast(x, dtype, name=None):
    """A tensor with its elements converted to another type.

    Floats become integers by dropping the fraction, complex numbers real ones by dropping the imaginary part.

    Args:
      x: a tensor, `SparseTensor` or `IndexedSlices` of any type but string.
      dtype: the type.
      name: the name of the node.

    Returns:
      What `x` is; `x` itself if it is a tensor of that type.

    Raises:
      TypeError: `dtype` is no type.
      UnimplementedError: strings would have to be converted.
    """
    base = dtypes.as_dtype(dtype).base_dtype
    if type(x) is EagerTensor and not process.busy:
        v, wanted = x._v, base.np
        if v.dtype is wanted:
            return x
        if v.dtype.kind in "fiub" and wanted.kind in "fiubc":
            return from_value(v.astype(wanted))
    return _general_cast(x, dtype, name)


@export("saturate_cast", "dtypes.saturate_cast")
@versioned
def saturate_cast(value, dtype, name=None):
    """A tensor converted to another type, numbers beyond that type's limits first replaced by the limits.

    Args:
      value: a tensor of real numbers.
      dtype: the type.
      name: the name of the node.

    Raises:
      TypeError: one of the types has no limits.
    """
    with name_scope(name, "saturate_cast", [value]) as name:
        value = convert(value, None, "value")
        dtype = dtypes.as_dtype(dtype).base_dtype
        if value.dtype.min < dtype.min:
            value = registry["Maximum"](value, convert(dtype.min, value.dtype, "min"))
        if value.dtype.max > dtype.max:
            value = registry["Minimum"](value, convert(dtype.max, value.dtype, "max"))
        return cast(value, dtype, name)


def _declare_cast_to(public, dtype, default_name):
    def function(x, name=default_name):
        return cast(x, dtype, name)

    function.__name__ = function.__qualname__ = public
    function.__doc__ = (
        """`tf.cast(x, tf.%s)`, in an old spelling.

    Args:
      x: a tensor, `SparseTensor` or `IndexedSlices`.
      name: the name of the node.
    """
        % dtype.name
    )
    export(public)(function)


for _public, _dtype, _name in [
    ("to_float", dtypes.float32, "ToFloat"),
    ("to_double", dtypes.float64, "ToDouble"),
    ("to_int32", dtypes.int32, "ToInt32"),
    ("to_int64", dtypes.int64, "ToInt64"),
    ("to_bfloat16", dtypes.bfloat16, "ToBFloat16"),
    ("to_complex64", dtypes.complex64, "ToComplex64"),
    ("to_complex128", dtypes.complex128, "ToComplex128"),
]:
    _declare_cast_to(_public, _dtype, _name)


# -------------------------------------------------------------------------------------------------------------- bitcast


def _size(dtype):
    return dtype.np.itemsize


@op("Bitcast")
def _bitcast(xp, input, *, T, type):
    have, want = _size(T), _size(type)
    x = np.ascontiguousarray(input).reshape(np.shape(input))
    if want > have:
        if not x.ndim or x.shape[-1] * have != want:
            raise invalid("Cannot bitcast from %d to %d", T.as_datatype_enum, type.as_datatype_enum)
        return x.view(type.np).reshape(x.shape[:-1])
    if want < have:
        return x[..., np.newaxis].view(type.np)
    return x.view(type.np)


@_bitcast.kernel_for("xla")
def _(jnp, input, *, T, type):
    import jax

    if T.is_complex:  # XLA has no bitcast of complex numbers
        input = jnp.stack([input.real, input.imag], -1)
    if not type.is_complex:
        want = type.np
        parts = jax.lax.bitcast_convert_type(input, want)
        return parts.reshape(*parts.shape[:-2], -1) if T.is_complex and _size(type) * 2 < _size(T) else parts
    halves = jax.lax.bitcast_convert_type(input, np.float32 if type is dtypes.complex64 else np.float64)
    return jax.lax.complex(halves[..., 0], halves[..., 1])


@_bitcast.shape
def _(input, *, T, type):
    have, want = _size(T), _size(type)
    if input is None or want == have:
        return input
    if want < have:
        return (*input, have // want)
    if shapes.with_rank_at_least(input, 1)[-1] not in (None, want // have):
        raise ValueError("Cannot bitcast due to shape. %d does not match %d" % (input[-1], want // have))
    return input[:-1]


_bitcast.not_differentiable()


@_bitcast.samples
def _(make):
    size = _size(make.dtype)
    same = {1: dtypes.int8, 2: dtypes.int16, 4: dtypes.int32, 8: dtypes.int64, 16: dtypes.complex128}[size]
    yield make(2, 3), dict(type=same)
    yield make(2, 3), dict(type=dtypes.uint8)
    if size < 8:
        yield make(2, 8 // size), dict(type=dtypes.float64)
    if size >= 4:
        yield make(), dict(type=dtypes.int16)


@export("bitcast")
def bitcast(input, type, name=None):
    """A tensor with its bytes taken for elements of another type.

    If the new type is smaller, the shape gets one more dimension for the parts of an element; if it is larger, the last
    dimension must hold the parts of one element, and vanishes.

    Args:
      input: a tensor of numbers.
      type: the type.
      name: the name of the node.

    Raises:
      InvalidArgumentError (in a graph ValueError): the last dimension does not fit.
    """
    return _bitcast(input, type=type, name=name)
