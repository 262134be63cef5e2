"""`NodeDef`s, checked as TensorFlow checks them: their names, inputs and attributes, against the definition of the op."""

import re

import numpy as np

from .. import protos
from ..core import attributes, hidden_ops, shape as shapes, tensor_proto
from ..core.inference import output_types

_PIECE = r"[A-Za-z0-9.][A-Za-z0-9_.\-/]*"
_VALID_NAME = re.compile(r"%s(?:>%s)*" % (_PIECE, _PIECE)).fullmatch
_TENSOR_NAME = re.compile(r"(.*):(\d{1,9})", re.DOTALL).fullmatch

_KINDS = {
    "s": "string",
    "i": "int",
    "f": "float",
    "b": "bool",
    "type": "type",
    "shape": "shape",
    "tensor": "tensor",
    "func": "func",
}
_LARGEST_TENSOR = 1 << 31  # bytes: no constant in a graph is larger
_FIRST_REF, _LAST_REF = 100, 200

is_valid_name = _VALID_NAME


def split_input(text):
    """An input of a node as (name of the node, number of its output)."""
    match = _TENSOR_NAME(text)
    return (match.group(1), int(match.group(2))) if match else (text, 0)


class Node:
    """A node of a graph that is being read.

    Attributes:
      name: its name, as the nodes that use it say it.
      op: the op type.
      inputs: (name, number of the output) of each input.
      controls: the names of the nodes that it must wait for.
      proto: the `NodeDef`.
    """

    __slots__ = ("name", "op", "inputs", "controls", "proto")

    def __init__(self, proto):
        self.proto, self.name, self.op = proto, proto.name, proto.op
        self.inputs, self.controls = [], []
        for text in proto.input:
            if text[:1] == "^":
                self.controls.append(text[1:])
            else:
                self.inputs.append(split_input(text))


def read_nodes(node_defs):
    """The nodes of a graph.

    Raises:
      ValueError: a name is not valid or occurs twice, or a node has no op type, or its inputs are in a wrong order.
    """
    found = {}
    for proto in node_defs:
        name = proto.name
        if not is_valid_name(name):
            raise ValueError("Node '%s': Node name contains invalid characters" % name)
        if name in found:
            raise ValueError("Node '%s' is not unique" % name)
        if not proto.op:
            raise ValueError("Node '%s' does not specify an operation" % name)
        found[name] = Node(hidden_ops.shown(proto))
        texts = list(found[name].proto.input)
        count = len(found[name].inputs)
        if any(t[:1] == "^" for t in texts[:count]):
            raise ValueError("Node '%s': Control dependencies must come after regular dependencies" % name)
    return found


# --------------------------------------------------------------------------------------------------------------- attributes


def attr_values(proto, definition):
    """The attributes of a `NodeDef` in their plain form, defaults in the place of missing ones.

    Raises:
      ValueError: an attribute is missing, unknown, of the wrong type or not allowed.
    """
    declared, values, label = definition.attrs, {}, "{{node %s}}" % proto.name
    for name in sorted(proto.attr):
        value, attribute = proto.attr[name], declared.get(name)
        if attribute is None:
            if name[:1] != "_":
                raise ValueError(
                    "NodeDef mentions attr '%s' not in %s; NodeDef: %s. (Check whether your GraphDef-interpreting binary is up to "
                    "date with your GraphDef-generating binary.)." % (name, summary(definition), label)
                )
        else:
            _check(value, attribute, definition, label)
        is_default = attribute is not None and attribute.kind == "tensor" and attribute.has_default
        is_default = is_default and value.tensor == attributes.default_value(attribute)  # then it is written in the same way again
        values[name] = attributes.default_value(attribute) if is_default else plain_value(value)
    absent = [a.name for a in declared.values() if a.name not in values and not a.has_default]
    if absent:
        raise ValueError("NodeDef missing attr%s '%s' from %s; NodeDef: %s"
                         % ("s" * (len(absent) > 1), "', '".join(absent), summary(definition), label))  # fmt: skip
    for a in declared.values():
        if a.name not in values:
            values[a.name] = attributes.default_value(a)
    return values


def plain_value(value):
    """The plain value of an `AttrValue`; a tensor of a type that no array can hold stays a `TensorProto`.

    Raises:
      ValueError: the content of a tensor does not fit its shape or its type.
    """
    if value.WhichOneof("value") == "tensor":
        return _tensor(value.tensor)
    if value.WhichOneof("value") == "list" and value.list.tensor:
        return tuple(map(_tensor, value.list.tensor))
    return attributes.from_proto(value)


def _tensor(proto):
    try:
        count = shapes.element_count(d.size for d in proto.tensor_shape.dim)
        if count > _LARGEST_TENSOR and not proto.tensor_content and sum(len(v) for v in _elements(proto)) > 1:
            raise ValueError("too many elements")
        return tensor_proto.decode(proto)
    except TypeError:
        return protos.TensorProto.FromString(proto.SerializeToString())
    except (ValueError, OverflowError, MemoryError) as e:
        raise ValueError("Cannot parse tensor from proto: %s (%s)" % (_brief(proto), e)) from None


def _elements(proto):
    return [value for field, value in proto.ListFields() if field.name.endswith("_val")]


def _brief(proto):
    text = " ".join(str(proto).split())
    return text if len(text) < 200 else text[:200] + "..."


def _check(value, attribute, definition, label):
    """Raises ValueError if an `AttrValue` is not what an attribute must be."""
    problem = _problem(value, attribute)
    if problem is not None:
        raise ValueError("%s\n\t; NodeDef: %s; %s" % (problem, label, summary(definition)))


def _problem(value, attribute):
    """What is wrong with an `AttrValue`, or None."""
    kind = attribute.kind
    problem = _wrong_type(value, kind)
    if problem is not None:
        return "%s\n\t for attr '%s'" % (problem, attribute.name)
    if attribute.minimum is not None:
        if kind == "int":
            if value.i < attribute.minimum:
                return "Value for attr '%s' of %d must be at least minimum %d" % (attribute.name, value.i, attribute.minimum)
        else:
            length = len(_list_items(value.list)[1])
            if length < attribute.minimum:
                return "Length for attr '%s' of %d must be at least minimum %d" % (attribute.name, length, attribute.minimum)
    if attribute.allowed:
        items = _list_items(value.list)[1] if kind.startswith("list(") else [value.type if kind == "type" else value.s]
        for item in items:
            problem = _not_allowed(item, attribute)
            if problem is not None:
                return problem
    return None


def _not_allowed(item, attribute):
    if attribute.kind.endswith(("type", "type)")):
        if item in [t.as_datatype_enum for t in attribute.allowed]:
            return None
        shown, allowed = _type_name(item), ", ".join(t.name for t in attribute.allowed)
    else:
        text = item.decode("utf-8", "replace")
        if text in attribute.allowed:
            return None
        shown, allowed = '"%s"' % text, ", ".join('"%s"' % a for a in attribute.allowed)
    return "Value for attr '%s' of %s is not in the list of allowed values: %s" % (attribute.name, shown, allowed)


def _list_items(proto):
    """The field that is set in an `AttrValue.ListValue` and its items; ("", ()) for an empty list."""
    for field in _KINDS:
        items = getattr(proto, field)
        if items:
            return field, items
    return "", ()


def _wrong_type(value, kind):
    """What is wrong with the type of an `AttrValue` that should be of a kind such as `"list(int)"`; None if nothing is."""
    field = value.WhichOneof("value")
    if field == "placeholder":
        return "AttrValue had value with unexpected type 'placeholder'"
    if field == "list":
        for name, inner in _KINDS.items():
            if getattr(value.list, name) and kind != "list(%s)" % inner:
                return "AttrValue had value with type 'list(%s)' when '%s' expected" % (inner, kind)
    elif field is not None and kind != _KINDS[field]:
        return "AttrValue had value with type '%s' when '%s' expected" % (_KINDS[field], kind)
    if not kind.startswith("list(") and (field is None or field == "list"):
        return "AttrValue missing value with expected type '%s'" % kind
    if kind in ("type", "list(type)"):
        for item in [value.type] if kind == "type" else value.list.type:
            if item not in _TYPE_NAMES:
                return "AttrValue has invalid DataType enum: %d" % item
            if _FIRST_REF <= item < _LAST_REF:
                return "AttrValue must not have reference type value of %s" % _type_name(item)
            if not item:
                return "AttrValue %s invalid DataType" % ("has" if kind == "type" else "contains")
    return None


# ---------------------------------------------------------------------------------------------------------------- summaries


def _type_names():
    names = {}
    for name, number in protos.DataType.items():
        short = {"DT_HALF": "half", "DT_BOOL": "bool"}.get(name, name[3:].lower())
        names[number] = short[:-4] + "_ref" if short.endswith("_ref") else short
    return names


_TYPE_NAMES = _type_names()


def _type_name(number):
    return _TYPE_NAMES.get(number, "unknown dtype enum (%d)" % number)


def type_name(dtype):
    """The name of a type in TensorFlow's messages."""
    return _type_name(dtype.as_datatype_enum)


def summary(definition):
    """An op definition as TensorFlow's messages write it: `Op<name=Neg; signature=x:T -> y:T; attr=T:type,...>`."""
    text = "Op<name=%s; signature=%s -> %s" % (definition.name, _arguments(definition.inputs), _arguments(definition.outputs))
    for a in definition.attrs.values():
        text += "; attr=%s:%s" % (a.name, a.kind)
        if a.has_default:
            text += ",default=" + attr_summary(attributes.to_proto(attributes.default_value(a), a.kind))
        if a.minimum is not None:
            text += ",min=%d" % a.minimum
        if a.allowed:
            text += ",allowed=" + attr_summary(attributes.allowed_proto(a))
    for flag, what in (
        (definition.is_commutative, "is_commutative"),
        (definition.is_aggregate, "is_aggregate"),
        (definition.is_stateful, "is_stateful"),
        (definition.allows_uninitialized_input, "allows_uninitialized_input"),
    ):
        text += "; %s=true" % what if flag else ""
    return text + ">"


def _arguments(arguments):
    parts = []
    for a in arguments:
        text = type_name(a.dtype) if a.dtype is not None else a.type_attr if a.number_attr or not a.is_list else ""
        text = "%s*%s" % (a.number_attr, text) if a.number_attr else text
        parts.append("%s:%s" % (a.name, "Ref(%s)" % text if a.is_ref else text))
    return ", ".join(parts)


def attr_summary(value):
    """An `AttrValue` as TensorFlow's messages write it."""
    field = value.WhichOneof("value")
    if field != "list":
        return "<Unknown AttrValue type>" if field is None else _item_summary(getattr(value, field), field)
    field, items = _list_items(value.list)
    pieces = [_item_summary(item, field) for item in items]
    if len(pieces) >= 15:
        pieces[5 : len(pieces) - 6 + 1] = ["..."]
    return "[%s]" % ", ".join(pieces)


def _item_summary(item, field):
    if field == "s":
        text = _escaped(item)
        return '"%s"' % (text if len(text) < 80 else text[:10] + "..." + text[-10:])
    if field == "b":
        return "true" if item else "false"
    if field == "type":
        return protos.DataType.Name(item) if item in _TYPE_NAMES else ""
    if field == "shape":
        return shapes.to_brackets(shapes.as_tuple(item)) if not item.unknown_rank else "<unknown>"
    if field == "tensor":
        return _tensor_summary(item)
    if field == "func":
        return "%s[%s]" % (item.name, ", ".join(sorted("%s=%s" % (k, attr_summary(v)) for k, v in item.attr.items())))
    if field == "placeholder":
        return "$" + item
    return "%g" % item if field == "f" else str(item)


_ESCAPES = {ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t", ord('"'): '\\"', ord("'"): "\\'", ord("\\"): "\\\\"}


def _value_summary(value):
    """An element of a tensor as TensorFlow's messages write it: a float with as many digits as it takes."""
    if isinstance(value, bytes):
        return _escaped(value)
    if isinstance(value, np.bool_ | np.integer):
        return str(int(value))
    if not isinstance(value, np.floating):
        return "?"
    few, many = (15, 17) if value.dtype == np.float64 else (6, 9)
    text = "%.*g" % (few, value)
    return text if type(value)(text) == value or value != value else "%.*g" % (many, value)


def _escaped(text):
    return "".join(chr(b) if 32 <= b < 127 and b not in b"\"'\\" else _ESCAPES.get(b, "\\%03o" % b) for b in text)


def _tensor_summary(proto):
    try:
        array = tensor_proto.decode(proto)
    except (TypeError, ValueError):
        return "<Invalid TensorProto: %s>" % _brief(proto)
    values = " ".join(map(_value_summary, np.asarray(array).ravel()[:3])) + ("..." if array.size > 3 else "")
    return "Tensor<type: %s shape: %s values: %s>" % (_type_name(proto.dtype), shapes.to_brackets(array.shape), values)


# ------------------------------------------------------------------------------------------------------------ types of a node


def input_types(definition, attrs):
    """The types of the inputs that a node must have, lists flattened, by its attributes."""
    types = []
    for a in definition.inputs:
        t = a.dtype if a.dtype is not None else attrs[a.type_attr]
        if a.number_attr:
            types += [t._as_ref if a.is_ref else t] * attrs[a.number_attr]
        elif a.is_list:
            types += [x._as_ref if a.is_ref else x for x in t]
        else:
            types.append(t._as_ref if a.is_ref else t)
    return types


def check_counts(node, definition, attrs):
    """The types of a node's inputs and those of its outputs.

    Raises:
      ValueError: the node has another number of inputs.
    """
    wanted = input_types(definition, attrs)
    if len(wanted) != len(node.inputs):
        raise ValueError(
            "NodeDef expected inputs '%s' do not match %d inputs specified; %s; NodeDef: {{node %s}}"
            % (", ".join(map(type_name, wanted)), len(node.inputs), summary(definition), node.name)
        )
    return wanted, output_types(definition, attrs)
