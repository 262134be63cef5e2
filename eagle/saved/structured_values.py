"""Structures of plain values and specs as `StructuredValue` messages, as saved models keep them."""

import collections

from .. import protos
from ..core import dtypes
from ..core.export import export, resolve
from ..core.shape import TensorShape
from ..core.tensor_spec import TensorSpec
from ..core.type_spec import TypeSpec

_SPECS = {  # number in the message -> public name of the class
    1: "SparseTensorSpec", 2: "IndexedSlicesSpec", 3: "RaggedTensorSpec", 4: "TensorArraySpec", 5: "data.DatasetSpec",
    7: "OptionalSpec",
}  # fmt: skip


class NotEncodableError(Exception):
    """Something in a structure has no form in a `StructuredValue`."""


def encode(value):
    """A structure as a `StructuredValue`.

    Raises:
      NotEncodableError: something in it is no plain value, type, shape or spec.
    """
    made = protos.StructuredValue()
    _encode_into(made, value)
    return made


def _encode_into(made, value):
    if value is None:
        made.none_value.SetInParent()
    elif isinstance(value, bool):
        made.bool_value = value
    elif isinstance(value, int):
        made.int64_value = value
    elif isinstance(value, float):
        made.float64_value = value
    elif isinstance(value, str):
        made.string_value = value
    elif isinstance(value, TensorShape):
        made.tensor_shape_value.CopyFrom(value.as_proto())
    elif isinstance(value, dtypes.DType):
        made.tensor_dtype_value = value.as_datatype_enum
    elif isinstance(value, TypeSpec):
        _encode_spec(made, value)
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        made.named_tuple_value.name = type(value).__name__
        for key, part in zip(value._fields, value):
            _encode_into(made.named_tuple_value.values.add(key=key).value, part)
    elif isinstance(value, list | tuple):
        target = made.list_value if isinstance(value, list) else made.tuple_value
        target.SetInParent()
        for part in value:
            _encode_into(target.values.add(), part)
    elif isinstance(value, dict) and all(isinstance(k, str) for k in value):
        made.dict_value.SetInParent()
        for key, part in value.items():
            _encode_into(made.dict_value.fields[key], part)
    else:
        raise NotEncodableError("No encoder for object [%s] of type [%s]." % (value, type(value)))


def _encode_spec(made, spec):
    if type(spec) is TensorSpec:
        made.tensor_spec_value.shape.CopyFrom(spec.shape.as_proto())
        made.tensor_spec_value.dtype = spec.dtype.as_datatype_enum
        made.tensor_spec_value.name = spec.name or ""
        return
    number = next((n for n, name in _SPECS.items() if type(spec) is resolve(name)), None)
    if number is None:
        raise NotEncodableError("No encoder for object [%s] of type [%s]." % (spec, type(spec)))
    made.type_spec_value.type_spec_class = number
    made.type_spec_value.type_spec_class_name = type(spec).__name__
    _encode_into(made.type_spec_value.type_state, spec._serialize())


def decode(value):
    """The structure that a `StructuredValue` holds.

    Raises:
      ValueError: it holds something unknown.
    """
    kind = value.WhichOneof("kind")
    content = getattr(value, kind) if kind else None
    if kind == "none_value":
        return None
    if kind in ("bool_value", "float64_value", "string_value"):
        return content
    if kind == "int64_value":
        return int(content)
    if kind == "tensor_shape_value":
        return TensorShape(content)
    if kind == "tensor_dtype_value":
        return dtypes.as_dtype(content)
    if kind == "tensor_spec_value":
        return TensorSpec(TensorShape(content.shape), dtypes.as_dtype(content.dtype), content.name or None)
    if kind == "type_spec_value" and content.type_spec_class in _SPECS:
        return resolve(_SPECS[content.type_spec_class])(*decode(content.type_state))
    if kind == "list_value":
        return [decode(part) for part in content.values]
    if kind == "tuple_value":
        return tuple([decode(part) for part in content.values])
    if kind == "dict_value":
        return {key: decode(content.fields[key]) for key in sorted(content.fields)}
    if kind == "named_tuple_value":
        made = collections.namedtuple(content.name, [pair.key for pair in content.values])
        return made(*[decode(pair.value) for pair in content.values])
    raise ValueError("Cannot decode %s" % value)


export("python.saved_model.nested_structure_coder.NotEncodableError")(NotEncodableError)
