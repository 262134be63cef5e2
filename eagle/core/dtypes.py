"""Element types: `tf.DType`, its instances (`tf.float32`, ...) and their NumPy counterparts.

A `DType` stands for one entry of TensorFlow's `DataType` enumeration.  There is exactly one instance per entry, so types may
be compared with `is`.  For every type `t` there is a reference type `t_ref` (enumeration value plus 100), the type of a
mutable ref variable's output.
"""

import ml_dtypes
import numpy as np

from .export import export

REF_OFFSET = 100


def object_array(items):
    """A vector of Python objects, such as strings or handles; `np.array` would look into those that are sequences."""
    return np.fromiter(items, object, len(items))


def lowest(dtype):
    """What no number of a NumPy type is less than: the least integer, or minus infinity."""
    return np.iinfo(dtype).min if dtype.kind in "iu" else -np.inf


def highest(dtype):
    """What no number of a NumPy type is greater than: the greatest integer, or infinity."""
    return np.iinfo(dtype).max if dtype.kind in "iu" else np.inf


class Handle:
    """The base of values that live in a tensor of type `resource` or `variant`: they look like NumPy scalars to the dispatcher."""

    __slots__ = ()
    shape = ()
    ndim = 0
    size = 1


class _OpaqueType:
    """Takes the place of `ndarray.dtype` in a `Handle`."""

    __slots__ = ("name",)
    kind = "?"
    hasobject = True

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


RESOURCE = _OpaqueType("resource")
VARIANT = _OpaqueType("variant")


class NamedResource(Handle):
    """The base of resources that have names (queues, readers, ...).

    Attributes:
      name: the name.
    """

    dtype = RESOURCE

    @property
    def value(self):
        """What a handle of the old kind, a ref tensor of strings, shows: container and name."""
        return object_array([b"", self.name.encode()])


class Handles(Handle):
    """The value of a tensor of handles that is no scalar: an object array of them."""

    __slots__ = ("items",)

    def __init__(self, items):
        self.items = items if isinstance(items, np.ndarray) else object_array(items)

    dtype = property(lambda self: self.items.flat[0].dtype)
    shape = property(lambda self: self.items.shape)
    ndim = property(lambda self: self.items.ndim)
    size = property(lambda self: self.items.size)

    def rearranged(self, items):
        """The value that some of these handles have in another order or shape, given as an object array or a single one."""
        if isinstance(items, np.ndarray):
            return type(self)(items) if items.ndim else items[()]
        return items

    def __getitem__(self, index):
        return self.rearranged(self.items[index])

    def reshape(self, shape):
        return self.rearranged(self.items.reshape(shape))

    def transpose(self, axes):
        return self.rearranged(self.items.transpose(axes))


def _quantized(name, base):
    return np.dtype([(name, base)])


BFLOAT16 = np.dtype(ml_dtypes.bfloat16)

# name, enumeration value, NumPy type
_TABLE = [
    ("float32", 1, np.float32),
    ("float64", 2, np.float64),
    ("int32", 3, np.int32),
    ("uint8", 4, np.uint8),
    ("int16", 5, np.int16),
    ("int8", 6, np.int8),
    ("string", 7, np.object_),
    ("complex64", 8, np.complex64),
    ("int64", 9, np.int64),
    ("bool", 10, np.bool_),
    ("qint8", 11, _quantized("qint8", np.int8)),
    ("quint8", 12, _quantized("quint8", np.uint8)),
    ("qint32", 13, _quantized("qint32", np.int32)),
    ("bfloat16", 14, BFLOAT16),
    ("qint16", 15, _quantized("qint16", np.int16)),
    ("quint16", 16, _quantized("quint16", np.uint16)),
    ("uint16", 17, np.uint16),
    ("complex128", 18, np.complex128),
    ("float16", 19, np.float16),
    ("resource", 20, RESOURCE),
    ("variant", 21, VARIANT),
    ("uint32", 22, np.uint32),
    ("uint64", 23, np.uint64),
]

_by_enum = {}
_by_name = {}


@export("DType", "dtypes.DType")
class DType:
    """The type of a tensor's elements.

    Attributes:
      name: the type's name, such as `"float32"` or `"float32_ref"`.
      np: the `numpy.dtype` that holds its values (an opaque stand-in for `resource` and `variant`).
      base_dtype: the type itself, or for a reference type the type that it refers to.
    """

    __slots__ = ("name", "_enum", "np", "base_dtype", "_ref", "__weakref__")

    def __new__(cls, type_enum):
        try:
            return _by_enum[int(type_enum)]
        except (KeyError, ValueError, TypeError):
            raise TypeError("type_enum is not a valid types_pb2.DataType: %s" % (type_enum,)) from None

    @property
    def _is_ref_dtype(self):
        return self._enum > REF_OFFSET

    @property
    def _as_ref(self):
        return self if self._is_ref_dtype else self._ref

    @property
    def real_dtype(self):
        """The type of this type's real part: `float32` for `complex64`, `float64` for `complex128`, else the type itself."""
        base = self.base_dtype
        real = {complex64: float32, complex128: float64}.get(base)
        if real is None:
            return self
        return real._as_ref if self._is_ref_dtype else real

    @property
    def is_numpy_compatible(self):
        return self.base_dtype not in (resource, variant)

    @property
    def as_numpy_dtype(self):
        """The NumPy scalar type (for quantized types the structured `numpy.dtype`) that corresponds to this type."""
        base = self.base_dtype
        if base is resource:
            return np.dtype([("resource", np.ubyte)])
        if base is variant:
            return np.object_
        return base.np if base.is_quantized else base.np.type

    @property
    def as_datatype_enum(self):
        return self._enum

    @property
    def is_bool(self):
        return self.base_dtype is bool_

    @property
    def is_integer(self):
        """Whether this is a (non-quantized) integer type."""
        return self.base_dtype.np.kind in "iu" and not self.is_quantized

    @property
    def is_floating(self):
        """Whether this is a (non-quantized, real) floating point type."""
        return self.base_dtype.np.kind == "f" or self.base_dtype is bfloat16

    @property
    def is_complex(self):
        return self.base_dtype.np.kind == "c"

    @property
    def is_quantized(self):
        return self.base_dtype._enum in (11, 12, 13, 15, 16)

    @property
    def is_unsigned(self):
        return self.base_dtype.np.kind == "u"

    def _number_info(self, what):
        base = self.base_dtype
        if base.is_floating:
            return ml_dtypes.finfo(base.np)
        if base.is_integer:
            return np.iinfo(base.np)
        raise TypeError("Cannot find %s value of %s." % (what, self))

    @property
    def min(self):
        """The smallest value of a real numeric type; raises TypeError for others."""
        return _plain(self._number_info("minimum").min, self)

    @property
    def max(self):
        """The largest value of a real numeric type; raises TypeError for others."""
        return _plain(self._number_info("maximum").max, self)

    @property
    def limits(self):
        """The pair (lowest, highest) intensity of an image with elements of this type: (0, 1) for floats, (0, max) for integers."""
        if self.is_floating:
            return 0, 1
        return 0, self.max

    def is_compatible_with(self, other):
        """Whether a tensor of type `other` can be used where this type is wanted (references convert to their base)."""
        other = as_dtype(other)
        return self._enum in (other._enum, other.base_dtype._enum)

    @property
    def size(self):
        if self.base_dtype in (variant, resource):
            return 1
        if self.base_dtype is string:
            return np.dtype(np.object_).itemsize
        return self.base_dtype.np.itemsize

    def __eq__(self, other):
        if self is other:
            return True
        if other is None:
            return False
        try:
            return as_dtype(other) is self
        except TypeError:
            return False

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return self._enum

    def __int__(self):
        return self._enum

    def __str__(self):
        return "<dtype: %r>" % self.name

    def __repr__(self):
        return "tf." + self.name

    def __reduce__(self):
        return as_dtype, (self.name,)


def _plain(number, dtype):
    """TensorFlow gives floating limits as NumPy scalars and integer limits as Python integers."""
    return number if dtype.is_floating else int(number)


def _make(name, enum, numpy_type):
    dtype = object.__new__(DType)
    dtype.name, dtype._enum = name, enum
    dtype.np = numpy_type if isinstance(numpy_type, _OpaqueType) else np.dtype(numpy_type)
    ref = object.__new__(DType)
    ref.name, ref._enum, ref.np = name + "_ref", enum + REF_OFFSET, dtype.np
    dtype.base_dtype = ref.base_dtype = dtype
    dtype._ref = ref._ref = ref
    for t in (dtype, ref):
        _by_enum[t._enum] = _by_name[t.name] = t
    return dtype


for _row in _TABLE:
    _make(*_row)
float32, float64, float16, bfloat16 = (_by_name[n] for n in ("float32", "float64", "float16", "bfloat16"))
int8, int16, int32, int64 = (_by_name["int%d" % n] for n in (8, 16, 32, 64))
uint8, uint16, uint32, uint64 = (_by_name["uint%d" % n] for n in (8, 16, 32, 64))
complex64, complex128, string, bool_ = (_by_name[n] for n in ("complex64", "complex128", "string", "bool"))
qint8, qint16, qint32, quint8, quint16 = (_by_name[n] for n in ("qint8", "qint16", "qint32", "quint8", "quint16"))
resource, variant = _by_name["resource"], _by_name["variant"]

for _t in [_by_enum[row[1]] for row in _TABLE]:
    export(_t.name, "dtypes." + _t.name)(_t)
export("half", "dtypes.half")(float16)
export("double", "dtypes.double")(float64)
export("QUANTIZED_DTYPES", "dtypes.QUANTIZED_DTYPES")(frozenset(t for t in _by_enum.values() if t.is_quantized))

# From the dtype of an array (or of a Handle) to the type: the look-up behind EagerTensor.dtype.
FROM_NUMPY = {_by_enum[row[1]].np: _by_enum[row[1]] for row in _TABLE}

_PYTHON_TYPES = {float: float32, bool: bool_, object: string}

_converted = {}


@export("as_dtype", "dtypes.as_dtype")
def as_dtype(type_value):
    """Converts a `DType`, a `DataType` number, a name, a NumPy type or a Python type to a `DType`.

    Raises:
      TypeError: there is no corresponding `DType`.
    """
    if type(type_value) is DType:
        return type_value
    try:
        return _converted[type_value]
    except (KeyError, TypeError):
        found = _find(type_value)
    try:
        _converted[type_value] = found
    except TypeError:  # the value can't be hashed
        return found
    return found


def single(value):
    """A float as attributes of operations hold it: in single precision."""
    with np.errstate(over="ignore"):
        return float(np.float32(value))


_SHORT_NAMES = {"half": "float16", "float": "float32", "double": "float64"}


def _find(value):
    if isinstance(value, str) and value in _by_name:
        return _by_name[value]
    if isinstance(value, str) and value.removesuffix("_ref") in _SHORT_NAMES:
        name = value.removesuffix("_ref")
        return _by_name[value.replace(name, _SHORT_NAMES[name])]
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool) and int(value) in _by_enum:
        return _by_enum[int(value)]
    if isinstance(value, type) and value in _PYTHON_TYPES:
        return _PYTHON_TYPES[value]
    if isinstance(value, np.dtype) or isinstance(value, type) and value not in (int, str, bytes, complex):
        try:
            native = np.dtype(value).newbyteorder("=")
        except TypeError:
            native = None
        if native in FROM_NUMPY:
            return FROM_NUMPY[native]
        if native is not None and native.kind in "SU":
            return string
    raise TypeError("Cannot convert value %r to a TensorFlow DType." % (value,))
