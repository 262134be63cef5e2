"""TensorFlow's op definitions: what each op type is called, what goes in and out, and which attributes it has.

They stand in op_definitions.txt, one line an op (tools/record_op_definitions.py wrote it from TensorFlow 1.15), and those that
TensorFlow registers for its own tests in test_op_definitions.txt.  A line is parsed when its op is first used:

    Split(split_dim: int32, value: T) -> (output: num_split*T) | num_split: int >= 1; T: type | gradient
"""

import ast
import os
import re

from .. import protos
from . import dtypes

NUMBERS = (
    "float32 float64 int32 uint8 int16 int8 complex64 int64 qint8 quint8 qint32 bfloat16 uint16 complex128 float16 uint32 uint64"
).split()
REALS = [n for n in NUMBERS if n[0] != "q" and n != "quint8" and "complex" not in n]
_TYPE_SETS = {"number": NUMBERS, "real": REALS}


class Argument:
    """One input or output of an op.

    Attributes:
      name: its name.
      dtype: the fixed `DType`, or None.
      type_attr: the name of the attribute that gives its type, or its list of types, or None.
      number_attr: the name of the attribute that says how many tensors of one type it stands for, or None.
      is_list: whether it stands for a list of tensors.
      is_ref: whether it is a reference to a ref variable.
    """

    __slots__ = ("name", "dtype", "type_attr", "number_attr", "is_list", "is_ref")

    def __init__(self, name, kind, list_attrs):
        self.name = name
        self.is_ref = kind[0] == "&"
        self.number_attr, _, kind = kind.lstrip("&").rpartition("*")
        self.number_attr = self.number_attr or None
        fixed = kind not in list_attrs
        self.dtype = dtypes.as_dtype(kind) if fixed else None
        self.type_attr = None if fixed else kind
        self.is_list = bool(self.number_attr) or list_attrs.get(kind, False)


class Attribute:
    """One attribute of an op: `kind` is "int", "type", "list(shape)", ...; `allowed` and `minimum` restrict its values."""

    __slots__ = ("name", "kind", "allowed", "minimum", "default", "has_default")

    def __init__(self, text):
        match = _ATTRIBUTE.fullmatch(text)
        self.name, self.kind, allowed, minimum, default = match.groups()
        self.allowed = None
        if allowed:
            self.allowed = _TYPE_SETS.get(allowed) or allowed.split(",")
            if self.kind.endswith(("type", "type)")):
                self.allowed = tuple(dtypes.as_dtype(t) for t in self.allowed)
        self.minimum = int(minimum) if minimum else None
        self.has_default = default is not None
        self.default = self._read(default) if self.has_default else None

    def _read(self, text):
        value = ast.literal_eval(text)
        if self.kind == "type":
            return dtypes.as_dtype(value)
        if self.kind == "list(type)":
            return tuple(dtypes.as_dtype(v) for v in value)
        if self.kind == "float":
            return dtypes.single(value)
        if self.kind == "tensor" and isinstance(value, int):
            return protos.TensorProto(
                dtype=protos.DataType.Value("DT_INT32"), tensor_shape=protos.TensorShapeProto(), int_val=[value]
            )
        if self.kind == "tensor":  # the only other one is a color, which TensorFlow writes like this
            color = protos.TensorProto(dtype=protos.DataType.Value("DT_UINT8"), int_val=value)
            color.tensor_shape.dim.add(size=len(value))
            return color
        return tuple(value) if self.kind.startswith("list") else value


class Definition:
    """The definition of one op type.

    Attributes:
      deprecation: None, or the version of graphs since when they must not have the op, and what to use instead.
    """

    __slots__ = (
        "name",
        "inputs",
        "outputs",
        "attrs",
        "is_stateful",
        "is_commutative",
        "is_aggregate",
        "has_gradient",
        "has_refs",
        "allows_uninitialized_input",
        "inferred",
        "deprecation",
        "text",
        "_wrapper",
    )

    def __init__(self, line):
        self.text = line
        head, attrs, flags, wrapper, deprecation = (part.strip() for part in (line + "||").split("|")[:5])
        self.name, inputs, outputs = _HEAD.fullmatch(head).groups()
        attrs = [Attribute(a) for a in attrs.split("; ") if a]
        self.attrs = {a.name: a for a in attrs}
        list_attrs = {a.name: a.kind == "list(type)" for a in attrs}
        self.inputs = [Argument(*text.split(": "), list_attrs) for text in inputs.split(", ") if text]
        self.outputs = [Argument(*text.split(": "), list_attrs) for text in outputs.split(", ") if text]
        # Attributes that follow from the inputs and are therefore never given by the caller.
        self.inferred = {name for a in self.inputs for name in (a.type_attr, a.number_attr) if name}
        self.has_refs = any(a.is_ref for a in self.inputs)
        version, _, instead = deprecation.partition(" ")
        self.deprecation = (int(version), instead) if version else None
        self._wrapper = wrapper
        flags = flags.split()
        self.is_stateful = "stateful" in flags
        self.is_commutative = "commutative" in flags
        self.is_aggregate = "aggregate" in flags
        self.has_gradient = "gradient" in flags
        self.allows_uninitialized_input = "uninitialized" in flags

    def wrapper_parameters(self):
        """The parameters of `tf.raw_ops.<name>`: public name -> the definition's own name, in order."""
        if self._wrapper:
            pairs = [word.partition("=") for word in self._wrapper.split()]
            return {public: own or public for public, _, own in pairs}
        return {a.name: a.name for a in (*self.inputs, *self.attribute_order())}

    def attribute_order(self):
        """The attributes a caller may give, in the order of TensorFlow's generated wrappers: required ones first."""
        given = [a for a in self.attrs.values() if a.name not in self.inferred]
        return [a for a in given if not a.has_default] + [a for a in given if a.has_default]


_HEAD = re.compile(r"([\w.\-/]+)\((.*?)\) -> \((.*?)\)")
_ATTRIBUTE = re.compile(r"(\w+): ([\w()]+)(?: in \[(.*?)\])?(?: >= (-?\d+))?(?: = (.*))?")

_lines = {}
_definitions = {}


def _load():
    for name in ("test_op_definitions.txt", "op_definitions.txt"):
        with open(os.path.join(os.path.dirname(__file__), name), encoding="ascii") as f:
            _lines.update((line[: line.index("(")], line) for line in f.read().splitlines())


def names():
    """The names of all op types of TensorFlow 1.15, those for its tests among them."""
    if not _lines:
        _load()
    return _lines.keys()


def lookup(name):
    """The `Definition` of the op type `name`, or None if there is no such type."""
    found = _definitions.get(name)
    if found is None and name in names():
        found = _definitions[name] = Definition(_lines[name])
    return found


def define(line):
    """Adds the definition of an op type that TensorFlow does not have."""
    definition = Definition(line)
    _definitions[definition.name] = definition
    return definition
