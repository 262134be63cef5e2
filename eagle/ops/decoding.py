"""Bytes to tensors: raw numbers, compressed text, serialized tensors, CSV, JSON."""

import zlib

import numpy as np

from .. import protos
from ..core import dtypes, shape as shapes, tensor_proto
from ..core.compat import as_bytes
from ..core.constant import eager_name
from ..core.deprecation import one_of
from ..core.errors import DataLossError, invalid
from ..core.export import export
from ..core.op import Host, op
from ..core.versions import versioned
from .text import each, same_shape
from .text_numbers import float_of, int_of

# --------------------------------------------------------------------------------------------------------------- raw bytes


def _elements(data, dtype, little_endian):
    """The numbers that bytes hold."""
    size = dtype.np.itemsize
    if not little_endian and size > 1:
        data = np.frombuffer(data, np.uint8).reshape(-1, size)[:, ::-1].tobytes()
    if dtype is dtypes.bool_:
        return np.frombuffer(data, np.uint8) != 0
    return np.frombuffer(data, dtype.np).copy()


@op("DecodeRaw", host=True, foldable=True)
def _decode_raw(xp, bytes, *, out_type, little_endian=True):
    if not bytes.ndim and little_endian and out_type is not dtypes.bool_:
        data = bytes.item()
        if not len(data) % out_type.np.itemsize:
            return np.frombuffer(data, out_type.np)
    strings = np.ravel(bytes).tolist()
    size = len(strings[0]) if strings else 0
    for i, s in enumerate(strings):
        if len(s) != size:
            raise invalid("DecodeRaw requires input strings to all be the same size, but element %d has size %d != %d",
                          i, size, len(s))  # fmt: skip
    width = out_type.np.itemsize
    if size % width:
        raise invalid(
            "Input to DecodeRaw has length %d that is not a multiple of %d, the size of %s", size, width, eager_name(out_type)
        )
    return _elements(b"".join(strings), out_type, little_endian).reshape((*np.shape(bytes), size // width))


@_decode_raw.shape
def _(bytes):
    return None if bytes is None else (*bytes, None)


_decode_raw.not_differentiable()


@_decode_raw.samples
def _(make):
    data = np.array([b"abcdefgh" * 2, bytes(range(16))], object)
    for dtype in (dtypes.float32, dtypes.int16, dtypes.uint8, dtypes.int64, dtypes.bool_, dtypes.complex64, dtypes.float16):
        yield data, dict(out_type=dtype)
        yield data[:1], dict(out_type=dtype, little_endian=False)
    yield np.array(b"", object), dict(out_type=dtypes.int32)


@export("decode_raw", "io.decode_raw")
def decode_raw(input_bytes=None, out_type=None, little_endian=True, name=None, bytes=None):
    """The numbers whose bytes strings hold.

    Args:
      input_bytes: a string tensor, all of whose elements are of one length.
      out_type: the type of the numbers.
      little_endian: whether the least byte comes first.
      name: the name of the node.
      bytes: the old name of `input_bytes`.

    Returns:
      A tensor with one more dimension.

    Raises:
      InvalidArgumentError: lengths differ, or are no multiples of the size of the type.
      ValueError: `out_type` is missing.
    """
    input_bytes = one_of("input_bytes", input_bytes, "bytes", bytes)
    if out_type is None:
        raise ValueError("decode_raw_v1() missing 1 positional argument: 'out_type'")
    return _decode_raw(input_bytes, out_type=out_type, little_endian=little_endian, name=name)


@export("compat.v2.io.decode_raw")
def decode_raw_v2(input_bytes, out_type, little_endian=True, fixed_length=None, name=None):
    """The numbers whose bytes strings hold.

    Args:
      input_bytes: a string tensor.
      out_type: the type of the numbers.
      little_endian: whether the least byte comes first.
      fixed_length: None if all strings are of one length; else what they are cut or filled up to, with zeros.
      name: the name of the node.

    Returns:
      A tensor with one more dimension.

    Raises:
      InvalidArgumentError: lengths differ, or are no multiples of the size of the type.
    """
    if fixed_length is None:
        return _decode_raw(input_bytes, out_type=out_type, little_endian=little_endian, name=name)
    return _decode_padded_raw(input_bytes, fixed_length, out_type=out_type, little_endian=little_endian, name=name)


@op("DecodePaddedRaw", host=True)
def _decode_padded_raw(xp, input_bytes, fixed_length: Host, *, out_type, little_endian=True):
    width = out_type.np.itemsize
    if fixed_length <= 0:
        raise invalid("fixed_length (%d) must be greater than zero.", fixed_length)
    if fixed_length % width:
        raise invalid("fixed_length (%d) must be a multiple of the size of out_type (%d)", fixed_length, width)
    data = b"".join(s[:fixed_length].ljust(fixed_length, b"\0") for s in np.ravel(input_bytes).tolist())
    return _elements(data, out_type, little_endian).reshape((*np.shape(input_bytes), fixed_length // width))


@_decode_padded_raw.shape
def _(input_bytes, fixed_length, *, out_type):
    if input_bytes is None:
        return None
    return (*input_bytes, None if fixed_length is None else fixed_length // out_type.np.itemsize)


_decode_padded_raw.not_differentiable()


@_decode_padded_raw.samples
def _(make):
    yield np.array([b"abc", b"", b"abcdefgh"], object), 4, dict(out_type=dtypes.uint8)
    one = np.array(b"abcde", object)
    yield one, 8, dict(out_type=dtypes.float32)
    yield one, 4, dict(out_type=dtypes.int16, little_endian=False)


# ------------------------------------------------------------------------------------------------------------ compression

_WINDOWS = {"ZLIB": 15, "GZIP": 31}


def _inflated(data, window):
    """What compressed bytes hold."""
    inflater = zlib.decompressobj(window)
    try:
        found = inflater.decompress(data)
    except zlib.error as e:
        number, _, what = str(e).removeprefix("Error ").partition(" while decompressing data: ")
        raise DataLossError(None, None, "inflate() failed with error %s: %s" % (number, what)) from None
    if data and not inflater.eof:
        raise DataLossError(None, None, "%d bytes of compressed data end too early" % len(data))
    return found


@op("DecodeCompressed", host=True)
def _decode_compressed(xp, bytes, *, compression_type=""):
    if not compression_type:
        return bytes
    if compression_type not in _WINDOWS:
        raise invalid("Only ZLIB, GZIP or NONE are supported compressions")
    return each(lambda s: _inflated(s, _WINDOWS[compression_type]), bytes)


@_decode_compressed.shape
def _(bytes):
    return bytes


@_decode_compressed.samples
def _(make):
    packed = np.empty(2, object)
    packed[:] = [zlib.compress(b"hello"), zlib.compress(b"")]
    yield packed, dict(compression_type="ZLIB")
    yield make.strings(2, 3)


@export("decode_compressed", "io.decode_compressed")
@versioned
def decode_compressed(bytes, compression_type="", name=None):
    """Strings unpacked.

    Args:
      bytes: a string tensor.
      compression_type: `"ZLIB"`, `"GZIP"`, or `""` for strings that are not packed.
      name: the name of the node.

    Returns:
      A string tensor of the same shape.

    Raises:
      InvalidArgumentError: the type is another one.
      DataLossError: a string is not packed so.
    """
    return _decode_compressed(bytes, compression_type=compression_type, name=name)


# ----------------------------------------------------------------------------------------------------- serialized tensors


@op("SerializeTensor", host=True)
def _serialize_tensor(xp, tensor, *, T):
    proto = protos.TensorProto(dtype=T.as_datatype_enum)
    proto.tensor_shape.CopyFrom(shapes.to_proto(tensor.shape))
    if T is dtypes.string:
        proto.string_val.extend(np.ravel(tensor).tolist())
    else:
        proto.tensor_content = np.ascontiguousarray(tensor).tobytes()
    return np.array(proto.SerializeToString(), object)


@_serialize_tensor.shape
def _(tensor):
    return ()


_serialize_tensor.not_differentiable()


@_serialize_tensor.samples
def _(make):
    yield make(2, 3)
    yield make()


@export("serialize_tensor", "io.serialize_tensor")
def serialize_tensor(tensor, name=None):
    """A tensor as a serialized `TensorProto`.

    Args:
      tensor: any tensor.
      name: the name of the node.

    Returns:
      A scalar string tensor.
    """
    return _serialize_tensor(tensor, name=name)


@op("ParseTensor", host=True)
def _parse_tensor(xp, serialized, *, out_type):
    if serialized.ndim:
        raise invalid("Expected `serialized` to be a scalar, got shape: %s", shapes.to_brackets(serialized.shape))
    from google.protobuf.message import DecodeError

    data = np.asarray(serialized).item()
    try:
        proto = protos.TensorProto.FromString(data)
    except DecodeError:
        raise invalid("Could not parse `serialized` as TensorProto: '%s'", data.decode(errors="replace")) from None
    try:
        value = tensor_proto.decode(proto)
    except (ValueError, TypeError):
        raise invalid("Cannot parse tensor from proto: ") from None
    found = dtypes.as_dtype(proto.dtype)
    if found is not out_type:
        raise invalid("Type mismatch between parsed tensor (%s) and dtype (%s)", eager_name(found),
                      eager_name(out_type))  # fmt: skip
    return value


@_parse_tensor.shape
def _(serialized):
    return None


_parse_tensor.not_differentiable()


@_parse_tensor.samples
def _(make):
    for value in (make(2, 3), make.strings(3), np.float16([1.5, -2.0])):
        data = tensor_proto.encode(value).SerializeToString()
        yield np.array(data, object), dict(out_type=dtypes.FROM_NUMPY[value.dtype])


@export("parse_tensor", "io.parse_tensor")
def parse_tensor(serialized, out_type, name=None):
    """The tensor that a serialized `TensorProto` holds.

    Args:
      serialized: a scalar string tensor.
      out_type: the tensor's type.
      name: the name of the node.

    Returns:
      A tensor of this type and an unknown shape.

    Raises:
      InvalidArgumentError: the string holds no tensor, or one of another type.
    """
    return _parse_tensor(serialized, out_type=out_type, name=name)


# --------------------------------------------------------------------------------------------------------------------- CSV


class _Record:
    """One record of a CSV file, from which fields are taken one by one.

    Attributes:
      text: the bytes.
      at: where the next field begins.
    """

    def __init__(self, text, delimiter, quotes):
        self.text, self.at, self._delimiter, self._quotes = text, 0, ord(delimiter), quotes

    def fields(self):
        """Yields all fields."""
        text = self.text
        while self.at < len(text):
            if text[self.at] in b"\r\n":
                self.at += 1
                continue
            yield self._quoted() if self._quotes and text[self.at] == ord('"') else self._plain()
        if text and text[-1] == self._delimiter:
            yield b""

    def _plain(self):
        end = self.text.find(self._delimiter, self.at)
        end = len(self.text) if end < 0 else end
        field = self.text[self.at : end]
        if b"\n" in field or b"\r" in field or self._quotes and b'"' in field:
            raise invalid("Unquoted fields cannot have quotes/CRLFs inside")
        self.at = end + 1
        return field

    def _quoted(self):
        text, field, at, last = self.text, bytearray(), self.at + 1, len(self.text) - 1
        while at < last and (text[at] != ord('"') or text[at + 1] != self._delimiter):
            field.append(text[at])
            if text[at] == ord('"'):
                if text[at + 1] != ord('"'):
                    raise invalid("Quote inside a string has to be escaped by another quote")
                at += 1
            at += 1
        if at > last or text[at] != ord('"') or at < last and text[at + 1] != self._delimiter:
            raise invalid("Quoted field has to end with quote followed by delim or end")
        self.at = at + 2
        return bytes(field)


def _selected(record, columns):
    """The fields of a record, all of them or those of some columns; reading ends with the last one of these."""
    if not columns:
        return list(record.fields())
    found = []
    for i, field in enumerate(record.fields()):
        if i == columns[len(found)]:
            found.append(field)
            if len(found) == len(columns):
                break
    return found


def _number(of, dtype):
    def parse(field, column, record):
        value = of(field)
        if value is None or dtype.is_integer and not dtype.min <= value <= dtype.max:
            raise invalid("Field %d in record %d is not a valid %s: %s", column, record, eager_name(dtype),
                          field.decode(errors="replace"))  # fmt: skip
        return value

    return parse


_PARSERS = {t: _number(int_of if t.is_integer else float_of, t)
            for t in (dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64)}  # fmt: skip
_PARSERS[dtypes.string] = lambda field, column, record: field


def _check_csv(record_defaults, OUT_TYPE, field_delim, select_cols):
    if select_cols and len(select_cols) != len(OUT_TYPE):
        raise invalid("select_cols should match output size")
    if any(a >= b for a, b in zip(select_cols, select_cols[1:])):
        raise invalid("select_cols should be strictly increasing indices")
    if select_cols and select_cols[0] < 0:
        raise invalid("select_cols should be non-negative indices")
    if len(as_bytes(field_delim)) != 1:
        raise invalid("field_delim should be only 1 char")
    for i, default in enumerate(record_defaults):
        if default.ndim > 1:
            raise invalid("Each record default should be at most rank 1")
        if default.size > 1:
            raise invalid("There should only be 1 default per field but field %d has %d", i, default.size)


@op("DecodeCSV", host=True)
def _decode_csv(xp, records, record_defaults, *, field_delim=",", use_quote_delim=True, na_value="", select_cols=(), OUT_TYPE):
    _check_csv(record_defaults, OUT_TYPE, field_delim, select_cols)
    missing = as_bytes(na_value)
    defaults = [d.ravel()[0] if d.size else None for d in record_defaults]
    parsers = [_PARSERS[t] for t in OUT_TYPE]
    columns = [[] for _ in OUT_TYPE]
    for r, text in enumerate(np.ravel(records).tolist()):
        fields = _selected(_Record(text, field_delim, use_quote_delim), select_cols)
        if len(fields) != len(columns):
            raise invalid("Expect %d fields but have %d in record %d", len(columns), len(fields), r)
        for f, field in enumerate(fields):
            if field and field != missing:
                columns[f].append(parsers[f](field, f, r))
            elif defaults[f] is None:
                raise invalid("Field %d is required but missing in record %d!", f, r)
            else:
                columns[f].append(defaults[f])
    out = [np.empty(len(c), t.np) for c, t in zip(columns, OUT_TYPE)]
    for array, column in zip(out, columns):
        array[:] = column
    return [array.reshape(np.shape(records)) for array in out]


@_decode_csv.shape
def _(records, record_defaults):
    for default in record_defaults:
        if default is not None and len(default) > 1:
            raise ValueError("Shape must be at most rank 1 but is rank %d" % len(default))
        if default is not None and len(default) == 1 and default[0] is not None and default[0] > 1:
            raise ValueError("Shape of a default must be a length-0 or length-1 vector, or a scalar.")
    return [records] * len(record_defaults)


@_decode_csv.samples
def _(make):
    records = np.array([b'1,a b,"x ""y"", z"', b"\n2,,q", b"\r\nN,c,"], object)
    defaults = [np.int32([7]), np.array([b"none"], object), np.array([b""], object)]
    yield records, defaults, dict(na_value="N")
    yield records.reshape(3, 1), [np.array([b"none"], object)], dict(select_cols=[1])
    numbers = np.array([b'1;2.5;1e3;"x"', b" 4; .5;7 ;"], object)
    types = [np.int64([]), np.float32(2), np.float64([3]), np.array(b"d", object)]
    yield numbers, types, dict(field_delim=";", use_quote_delim=False)


@export("decode_csv", "io.decode_csv")
def decode_csv(records, record_defaults, field_delim=",", use_quote_delim=True, name=None, na_value="", select_cols=None):
    """Records of a CSV file, column by column.

    Args:
      records: a string tensor, each element a record.
      record_defaults: a list of tensors, one a column, which give the columns' types; what an empty field stands for, or an
        empty vector if a field must not be empty.
      field_delim: the character between fields.
      use_quote_delim: whether a field may stand in quotes.
      name: the name of the node.
      na_value: a text that counts as an empty field.
      select_cols: the numbers of those columns that are wanted, in order; by default all.

    Returns:
      A list of tensors, one a column, of the shape of `records`.

    Raises:
      InvalidArgumentError: a record has too few or too many fields, or a field does not fit.
      ValueError: columns are selected in a wrong way.
    """
    if select_cols is not None and any(a >= b for a, b in zip(select_cols, select_cols[1:])):
        raise ValueError("select_cols is not strictly increasing.")
    if select_cols is not None and select_cols[0] < 0:
        raise ValueError("select_cols contains negative values.")
    if select_cols is not None and len(select_cols) != len(record_defaults):
        raise ValueError("Length of select_cols and record_defaults do not match.")
    return _decode_csv(records, record_defaults, field_delim=field_delim, use_quote_delim=use_quote_delim, na_value=na_value,
                       select_cols=select_cols or (), name=name)  # fmt: skip


# -------------------------------------------------------------------------------------------------------------------- JSON


@op("DecodeJSONExample", host=True)
def _decode_json_example(xp, json_examples):
    from google.protobuf import json_format

    def convert(text):
        try:
            return json_format.Parse(text, protos.Example()).SerializeToString(deterministic=True)
        except json_format.ParseError as e:
            raise invalid("Error while parsing JSON: %s", e) from None

    return each(convert, json_examples)


_decode_json_example.shape(same_shape)


@_decode_json_example.samples
def _(make):
    text = b'{"features": {"feature": {"a": {"bytesList": {"value": ["YWI=", ""]}}}}}'
    yield np.array([text, b"{}"], object)


@export("decode_json_example", "io.decode_json_example")
def decode_json_example(json_examples, name=None):
    """`Example` protocol buffers written as JSON, serialized.

    Args:
      json_examples: a string tensor.
      name: the name of the node.

    Returns:
      A string tensor of the same shape.

    Raises:
      InvalidArgumentError: a string is no JSON, or no `Example`.
    """
    return _decode_json_example(json_examples, name=name)
