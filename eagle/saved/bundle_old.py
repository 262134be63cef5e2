"""TensorFlow's V1 checkpoints, read and written: one table, or several, with descriptions of all tensors and the tensors' parts."""

import math
import os

import numpy as np

from .. import protos
from ..core.compat import as_bytes
from ..core.dtypes import FROM_NUMPY, DType, bfloat16, float16, qint16, quint16, string, uint32, uint64
from ..core.errors import DataLossError, InternalError, NotFoundError, OpError, UnimplementedError, invalid
from ..core.shape import to_brackets
from ..platform import bundle_slices as slices, gfile
from ..platform.bundle_index import as_printed, temporary_name
from ..platform.bundle_table import Table, TableWriter, put_varint
from ..platform.gfile import Translated

_VERSION = 1
_LARGEST_MESSAGE = 1 << 31
_NOT_STORED = (uint32, uint64, bfloat16, qint16, quint16)
# Where a `TensorProto` keeps the elements of a type; "int_val" for all others.
_FIELDS = {
    "float32": "float_val", "float64": "double_val", "int64": "int64_val", "bool": "bool_val", "string": "string_val",
    "complex64": "scomplex_val", "complex128": "dcomplex_val", "float16": "half_val",
}  # fmt: skip


def _field(dtype):
    return _FIELDS.get(dtype.name, "int_val")


# -------------------------------------------------------------------------------------------------------------- writing


class OldWriter:
    """Writes a V1 checkpoint; the file gets its name in `finish`.

    Args:
      path: its name.
    """

    def __init__(self, path):
        self._path = path
        self._meta = protos.SavedTensorSlices()
        self._meta.meta.versions.producer = _VERSION
        self._tensors = {}  # name -> `SavedSliceMeta`
        self._data = {}  # key -> bytes

    def add(self, name, shape, extents, value):
        """Adds a part of a tensor.

        Args:
          name: the name of the tensor, as bytes.
          shape: the shape of the whole.
          extents: which part it is.
          value: an array.

        Raises:
          UnimplementedError: such checkpoints can't hold the type.
          InternalError: another part of the tensor has another type or is of another shape.
          InvalidArgumentError: it is too large.
        """
        value = np.asarray(value)
        dtype = FROM_NUMPY[value.dtype]
        if dtype in _NOT_STORED:
            raise UnimplementedError(None, None, "Saving data type %s not yet supported" % dtype.name)
        _describe(self._tensor(name, shape, dtype).slice.add(), extents)
        saved = protos.SavedTensorSlices()
        saved.data.name = name.decode()
        _describe(saved.data.slice, extents)
        estimate = value.nbytes + 1024 if dtype is not string else sum(map(len, value.ravel().tolist())) + 10 * value.size
        if estimate > _LARGEST_MESSAGE:
            raise invalid("Tensor slice is too large to serialize (conservative estimate: %d bytes)", estimate)
        saved.data.data.MergeFrom(_message(value, dtype))
        self._data[slices.encode_name(name, extents)] = saved.SerializeToString()

    def _tensor(self, name, shape, dtype):
        """The description of a tensor."""
        found = self._tensors.get(name)
        if found is None:
            found = self._tensors[name] = self._meta.meta.tensor.add(name=name.decode(), type=dtype.as_datatype_enum)
            found.shape.SetInParent()
            for size in shape:
                found.shape.dim.add(size=size)
            return found
        before = tuple(d.size for d in found.shape.dim)
        if before != tuple(shape):
            raise InternalError(None, None, "Mismatching shapes: existing tensor = %s, trying to add name %s, shape = %s"
                                % (to_brackets(before), as_printed(name), to_brackets(shape)))  # fmt: skip
        if found.type != dtype.as_datatype_enum:
            raise InternalError(None, None, "Mismatching types: existing type = %s, trying to add name %s, type = %s"
                                % (DType(found.type).name, as_printed(name), dtype.name))  # fmt: skip
        return found

    def finish(self):
        """Writes the file."""
        temporary = temporary_name(self._path)
        try:
            with Translated(temporary), open(temporary, "wb") as file:
                table = TableWriter(file)
                table.add(b"", self._meta.SerializeToString())
                for key in sorted(self._data):
                    table.add(key, self._data[key])
                table.finish()
            with Translated(self._path):
                os.replace(temporary, self._path)
        except BaseException:
            if os.path.exists(temporary):
                os.remove(temporary)
            raise


def _describe(proto, extents):
    proto.SetInParent()
    slices.fill_proto(proto, extents)


def _message(value, dtype):
    """The elements of an array as a `TensorProto` without type and shape."""
    flat, field = np.ascontiguousarray(value).reshape(-1), _field(dtype)
    made = protos.TensorProto()
    if dtype is string:
        made.string_val.extend(as_bytes(v) for v in flat.tolist())
    elif dtype.np.kind in "fc" and dtype is not float16:  # packed they are just their bytes
        number = protos.TensorProto.DESCRIPTOR.fields_by_name[field].number
        made.MergeFromString(put_varint(number << 3 | 2) + put_varint(flat.nbytes) + flat.tobytes())
    else:
        flat = flat.view(np.uint16) if dtype is float16 else flat.view(dtype.np[0]) if dtype.is_quantized else flat
        getattr(made, field).extend(flat.tolist())
    return made


# -------------------------------------------------------------------------------------------------------------- reading


class _Tensor:
    """What an old checkpoint says of a tensor: `dtype`, `shape`, and `parts`: slice -> the table that holds it."""

    def __init__(self, dtype, shape):
        self.dtype, self.shape, self.parts = dtype, shape, {}


class OldReader:
    """Reads a V1 checkpoint.

    Args:
      pattern: its file name, or a pattern that the names of its files match.

    Raises:
      NotFoundError: there is no such file.
      DataLossError, InternalError, InvalidArgumentError: it is no such checkpoint, or damaged.
    """

    def __init__(self, pattern):
        self._pattern = pattern
        self._tensors = {}  # name as bytes -> `_Tensor`
        self._files = []
        names = gfile.glob(pattern)
        if not names:
            raise NotFoundError(None, None, "Unsuccessful TensorSliceReader constructor: Failed to find any matching files for %s"
                                % pattern)  # fmt: skip
        for name in names:
            self._open(name)

    def close(self):
        """Closes the files."""
        while self._files:
            self._files.pop().close()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def _open(self, name):
        try:
            with Translated(name):
                file = open(name, "rb")
            self._files.append(file)
            table = Table(file, name)
        except OpError as e:
            raise DataLossError(None, None, "Unable to open table file %s: %s: %s: perhaps your file is in a different file format "
                                "and you need to use a different restore operator?"
                                % (name, _kind(e), e.message)) from None  # fmt: skip
        meta = _parsed(table.get(b""), name)
        if meta is None:
            raise _lost(name, "Failed to find the saved tensor slices at the beginning of the checkpoint file")
        if meta.meta.versions.min_consumer > _VERSION:
            raise invalid("Checkpoint min consumer version %d above current version %d for %s.  Please upgrade TensorFlow.",
                          meta.meta.versions.min_consumer, _VERSION, name)  # fmt: skip
        for tensor in meta.meta.tensor:
            self._register(tensor, table, name)

    def _register(self, described, table, name):
        """Notes which parts of a tensor a table holds."""
        shape, key = tuple(d.size for d in described.shape.dim), described.name.encode()
        try:
            dtype = DType(described.type)
        except TypeError:
            raise _lost(name, "tensor %s has an unknown type" % described.name) from None
        if described.shape.unknown_rank or any(d < 0 for d in shape):
            raise _lost(name, "Invalid tensor shape: %s %s" % (described.name, list(shape)))
        found = self._tensors.setdefault(key, _Tensor(dtype, shape))
        if (found.dtype, found.shape) != (dtype, shape):
            before, after = ("%s %s" % (t.name, to_brackets(s)) for t, s in ((found.dtype, found.shape), (dtype, shape)))
            raise _lost(name, "Incompatible tensor types or shapes detected for tensor %s: existing = %s, new = %s"
                        % (described.name, before, after))  # fmt: skip
        for part in map(slices.from_proto, described.slice):
            try:
                slices.shape_of(part, shape)
            except InternalError as e:
                raise _lost(name, "tensor %s: %s" % (described.name, e.message)) from None
            if part in found.parts:
                raise _lost(name, "Overlapping slices of tensor %s: %s" % (described.name, slices.spell(part)))
            found.parts[part] = table

    @property
    def tensors(self):
        """name as bytes -> what is known of the tensor: `dtype`, `shape`, `parts`."""
        return self._tensors

    def type_and_shape(self, key):
        """A tensor's `DType` and shape."""
        found = self._tensor(key)
        return found.dtype, found.shape

    def _tensor(self, key):
        found = self._tensors.get(key)
        if found is None:
            raise NotFoundError(None, None, 'Tensor name "%s" not found in checkpoint files %s' % (as_printed(key), self._pattern))
        return found

    def lookup(self, key):
        """A tensor as an array of its own."""
        return self.lookup_slice(key, (slices.FULL,) * len(self._tensor(key).shape))

    def lookup_slice(self, key, extents):
        """A part of a tensor as an array of its own.

        Raises:
          NotFoundError: there is no such tensor.
          InvalidArgumentError: the file does not have the part.
          DataLossError: the file is damaged.
        """
        tensor = self._tensor(key)
        shape = slices.shape_of(extents, tensor.shape)
        if not math.prod(shape):
            return self._empty(key, shape, tensor.dtype)
        chosen = slices.covering(extents, list(tensor.parts), tensor.shape)
        # All parts are read before there is room for the whole: what a file says of its tensors need not be true.
        parts = [(s, self._part(key, tensor, s)) for s in chosen or ()]
        if not parts or len(parts) > 1 and slices.overlap(extents, chosen, tensor.shape):
            raise invalid("Error copying slice data of tensor %s from %s: it does not have %s",
                          as_printed(key), self._pattern, slices.spell(extents))  # fmt: skip
        if parts[0][1].shape == shape:
            return parts[0][1]
        result = self._empty(key, shape, tensor.dtype)
        for part, value in parts:
            into, out_of = slices.place(extents, part, tensor.shape)
            result[into] = value[out_of]
        return result

    def _empty(self, key, shape, dtype):
        try:
            return np.empty(shape, dtype.np)
        except (ValueError, TypeError) as e:  # TypeError: values of the type are no elements of arrays
            raise _lost(self._pattern, "Impossible shape or type of tensor %s: %s" % (as_printed(key), e)) from None

    def _part(self, key, tensor, extents):
        """A stored part as an array."""
        saved = _parsed(tensor.parts[extents].get(slices.encode_name(key, extents)), self._pattern)
        shape = slices.shape_of(extents, tensor.shape)
        value = None if saved is None else _array(saved.data.data, tensor.dtype, math.prod(shape), self._pattern)
        if value is None:
            raise _lost(self._pattern, "the data of tensor %s, slice %s, is missing or does not fit its shape"
                        % (as_printed(key), slices.spell(extents)))  # fmt: skip
        return value.reshape(shape)


def _lost(name, message):
    return DataLossError(None, None, "%s: %s" % (name, message))


def _kind(error):
    """A status code in words: `Data loss`."""
    name = type(error).__name__.removesuffix("Error")
    return name[0] + "".join(" " + c.lower() if c.isupper() else c for c in name[1:])


def _parsed(data, name):
    if data is None:
        return None
    try:
        return protos.SavedTensorSlices.FromString(data)
    except Exception as e:  # protobuf's own exceptions have no common base
        raise _lost(name, "a record can't be parsed") from e


def _array(proto, dtype, count, name):
    """The elements in a `TensorProto` as a flat array; None if they are not as many as they should be."""
    if not dtype.is_numpy_compatible or dtype in _NOT_STORED:
        raise invalid("Restoring data type %s not yet supported (from %s)", dtype.name, name)
    values = getattr(proto, _field(dtype))
    numbers = 2 * count if dtype.is_complex else count
    if len(values) != numbers:
        return None
    if dtype is string:
        flat = np.empty(count, object)
        flat[:] = list(values)
        return flat
    if dtype is float16:
        return np.fromiter(values, np.int64, numbers).astype(np.uint16).view(np.float16)
    if dtype.is_complex:
        return np.fromiter(values, dtype.real_dtype.np, numbers).view(dtype.np)
    if dtype.np.kind == "f":
        return np.fromiter(values, dtype.np, numbers)
    flat = np.fromiter(values, np.int64, numbers)
    return flat.astype(dtype.np[0]).view(dtype.np) if dtype.is_quantized else flat.astype(dtype.np)
