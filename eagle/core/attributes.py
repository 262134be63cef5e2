"""Attributes of operations: plain Python inside Eagle, `AttrValue` messages outside.

Inside, a type is a `DType`, a shape a tuple or None, a tensor an array (a `TensorProto` where no array can hold it), a function a
`FunctionName`, a list a tuple.
"""

import numbers

import numpy as np

from .. import protos
from . import dtypes, shape as shapes, tensor_proto

BODY = "_body"  # the attribute, for Eagle's own use, with the function of a node whose op type is that function's name

_SCALAR_FIELDS = {"string": "s", "int": "i", "float": "f", "bool": "b", "type": "type"}


class FunctionName(str):
    """The value of an attribute that names a function of the graph, with the function's own attributes."""

    __slots__ = ("attrs",)

    def __new__(cls, name, attrs=None):
        made = str.__new__(cls, name)
        made.attrs = attrs or {}
        return made


def kind_of(op, name):
    """The kind (`"int"`, `"list(shape)"`, ...) of an attribute of an operation."""
    declared = op.definition.attrs.get(name)
    return declared.kind if declared is not None else guess_kind(op.attrs[name])


def guess_kind(value):
    """The kind of an attribute that is in no op definition, such as `_class` or `_output_shapes`."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, FunctionName):
        return "func"
    if isinstance(value, (str, bytes)):
        return "string"
    if isinstance(value, numbers.Integral):
        return "int"
    if isinstance(value, numbers.Real):
        return "float"
    if isinstance(value, dtypes.DType):
        return "type"
    if isinstance(value, np.ndarray) or hasattr(value, "tensor_shape"):
        return "tensor"
    if isinstance(value, (tuple, list)) and value:
        inner = value[0]
        return "list(shape)" if inner is None or isinstance(inner, tuple) else "list(%s)" % guess_kind(inner)
    return "list(string)"


def _bytes(text):
    return text.encode() if isinstance(text, str) else text


def _function_message(name):
    message = protos.NameAttrList(name=str(name))
    for key, value in getattr(name, "attrs", {}).items():
        message.attr[key].CopyFrom(to_proto(value, guess_kind(value)))
    return message


def _public_item(value, kind):
    if kind == "string":
        return _bytes(value)
    if kind == "shape":
        return shapes.to_proto(value)
    if kind == "tensor":
        return tensor_proto.encode(value) if isinstance(value, np.ndarray) else value
    if kind == "func":
        return _function_message(value)
    return value


def public_value(value, kind):
    """An attribute as `Operation.get_attr` gives it."""
    if kind.startswith("list("):
        return [_public_item(v, kind[5:-1]) for v in value]
    return _public_item(value, kind)


def to_proto(value, kind):
    """An attribute as an `AttrValue`; one of an operation that was read may be None, for a message in which nothing is set."""
    proto = protos.AttrValue()
    if value is None and kind != "shape":
        return proto
    if kind.startswith("list("):
        proto.list.SetInParent()
        kind, items = kind[5:-1], value
        field = _SCALAR_FIELDS.get(kind, kind)
        target = getattr(proto.list, field)
        for item in items:
            item = _public_item(item, kind)
            target.append(item.as_datatype_enum if kind == "type" else item)
        return proto
    item = _public_item(value, kind)
    if kind in _SCALAR_FIELDS:
        setattr(proto, _SCALAR_FIELDS[kind], item.as_datatype_enum if kind == "type" else item)
    else:
        getattr(proto, kind).CopyFrom(item)
    return proto


def from_proto(proto):
    """The plain value of an `AttrValue`."""
    field = proto.WhichOneof("value")
    if field is None:
        return ()
    if field == "list":
        for name in ("s", "i", "f", "b", "type", "shape", "tensor", "func"):
            items = getattr(proto.list, name)
            if items:
                return tuple(_plain_item(v, name) for v in items)
        return ()
    return _plain_item(getattr(proto, field), field)


def _plain_item(item, field):
    if field == "s":
        try:
            return item.decode()
        except UnicodeDecodeError:
            return item
    if field == "type":
        return dtypes.as_dtype(item) if item else None
    if field == "shape":
        return shapes.as_tuple(item)
    if field == "tensor":
        return tensor_proto.decode(item)
    if field == "func":
        return function_name(item)
    return item


def function_name(proto):
    """The `FunctionName` for a `NameAttrList`."""
    return FunctionName(proto.name, {k: from_proto(v) for k, v in proto.attr.items()})


def node_def(op):
    """An operation as a `NodeDef`."""
    node = protos.NodeDef(name=op._name, op=op.type, device=op._device)
    node.input.extend(t._as_node_def_input() for t in op._inputs)
    node.input.extend(sorted("^" + c._name for c in op._control_inputs))
    for name, value in op.attrs.items():
        if name != BODY:
            node.attr[name].CopyFrom(to_proto(value, kind_of(op, name)))
    return node


def op_def(definition):
    """An op definition as an `OpDef`."""
    proto = protos.OpDef(
        name=definition.name,
        is_stateful=definition.is_stateful,
        is_commutative=definition.is_commutative,
        is_aggregate=definition.is_aggregate,
        allows_uninitialized_input=definition.allows_uninitialized_input,
    )
    if definition.deprecation is not None:
        proto.deprecation.version, proto.deprecation.explanation = definition.deprecation
    for arguments, target in ((definition.inputs, proto.input_arg), (definition.outputs, proto.output_arg)):
        for a in arguments:
            made = target.add(name=a.name, number_attr=a.number_attr or "", is_ref=a.is_ref)
            if a.dtype is not None:
                made.type = a.dtype.as_datatype_enum
            elif a.is_list and not a.number_attr:
                made.type_list_attr = a.type_attr
            else:
                made.type_attr = a.type_attr
    for a in definition.attrs.values():
        made = proto.attr.add(name=a.name, type=a.kind)
        if a.has_default:
            made.default_value.CopyFrom(to_proto(default_value(a), a.kind))
        if a.minimum is not None:
            made.has_minimum, made.minimum = True, a.minimum
        if a.allowed:
            made.allowed_values.CopyFrom(allowed_proto(a))
    return proto


def default_value(attribute):
    """The plain default value of an op's `Attribute`."""
    return attribute.default


def allowed_proto(attribute):
    """The values that an op's `Attribute` may have, as an `AttrValue`."""
    return to_proto(attribute.allowed, "list(type)" if attribute.kind.endswith(("type", "type)")) else "list(string)")


def check(op_type, attribute, value):
    """The given value of an attribute in its plain form.

    Raises:
      TypeError, ValueError: the value has the wrong type or is not allowed, as TensorFlow raises.
    """
    kind = attribute.kind
    if kind.startswith("list("):
        if not isinstance(value, (list, tuple)):
            if kind == "list(shape)" and isinstance(value, shapes.TensorShape):
                value = value.dims
            else:
                raise TypeError("Expected list for attr %s, obtained %s instead." % (attribute.name, type(value).__name__)
                                if kind != "list(int)" else "Expected list for '%s' argument to '%s' Op, not %r."
                                % (attribute.name, op_type, value))  # fmt: skip
        value = tuple(_check_item(op_type, attribute, kind[5:-1], v) for v in value)
        if attribute.minimum is not None and len(value) < attribute.minimum:
            raise ValueError("Attr '%s' of '%s' Op passed list of length %d less than minimum %d."
                             % (attribute.name, op_type, len(value), attribute.minimum))  # fmt: skip
        return value
    value = _check_item(op_type, attribute, kind, value)
    if kind == "int" and attribute.minimum is not None and value < attribute.minimum:
        raise ValueError(
            "Attr '%s' of '%s' Op passed %d less than minimum %d." % (attribute.name, op_type, value, attribute.minimum)
        )
    return value


def _check_item(op_type, attribute, kind, value):
    name = attribute.name
    if kind == "type":
        dtype = dtypes.as_dtype(value).base_dtype
        if attribute.allowed and dtype not in attribute.allowed:
            raise TypeError("Value passed to parameter '%s' has DataType %s not in list of allowed values: %s"
                            % (name, dtype.name, ", ".join(t.name for t in attribute.allowed)))  # fmt: skip
        return dtype
    if kind == "shape":
        try:
            return shapes.as_tuple(value)
        except (TypeError, ValueError) as e:
            raise TypeError("Error converting %s to a TensorShape: %s" % (name, e)) from None
    if kind == "int":
        if isinstance(value, (numbers.Integral, shapes.Dimension)) and not isinstance(value, bool):
            return int(value)
        if isinstance(value, bool) or not hasattr(value, "__index__"):
            raise TypeError("Expected int for argument '%s' not %r." % (name, value))
        return value.__index__()
    if kind == "bool":
        if not isinstance(value, (bool, np.bool_)):
            raise TypeError("Expected bool for argument '%s' not %r." % (name, value))
        return bool(value)
    if kind == "float":
        if not isinstance(value, (numbers.Real, np.number)):
            raise TypeError("Expected float for argument '%s' not %r." % (name, value))
        return dtypes.single(value)
    if kind == "string":
        return _check_string(op_type, attribute, value)
    if kind == "tensor" and isinstance(value, (np.ndarray, np.generic)):
        return np.asarray(value)
    if kind == "tensor":
        return tensor_proto.decode(value)
    if kind == "func":
        if hasattr(value, "graph_function"):  # a traced function
            return value.graph_function
        return (
            value if isinstance(value, FunctionName) else FunctionName(getattr(value, "name", value), getattr(value, "attrs", None))
        )
    raise TypeError("Unrecognized Attr type %s for %s" % (kind, name))


def _check_string(op_type, attribute, value):
    if not isinstance(value, (str, bytes)):
        raise TypeError("Expected string for argument '%s' not %r." % (attribute.name, value))
    if isinstance(value, bytes):
        try:
            value = value.decode()
        except UnicodeDecodeError:
            return value
    if attribute.allowed and value not in attribute.allowed:
        raise ValueError("Attr '%s' of '%s' Op passed string '%s' not in: \"%s\"."
                         % (attribute.name, op_type, value, '", "'.join(attribute.allowed)))  # fmt: skip
    return value
