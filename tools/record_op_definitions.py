"""Writes eagle/core/op_definitions.txt: TensorFlow 1.15's op definitions, one op a line.

Run by hand with the interpreter of a TensorFlow 1.15 installation:

    python3.7 tools/record_op_definitions.py > eagle/core/op_definitions.txt
    python3.7 tools/record_op_definitions.py --test-ops > eagle/core/test_op_definitions.txt

The second file has the ops that TensorFlow registers for its own tests: graphs may have them.

The form of a line, which eagle/core/op_definitions.py reads back:

    Name(input: type, list: N*type, ref: &type) -> (output: type)
      | attr: kind in [allowed] >= minimum = default | flags | order | version text

The part `order` is there where the Python wrapper (`tf.raw_ops.Name`) has the parameters in another order than inputs, required
attributes, other attributes, or under other names (`axis=reduction_indices`); the last one where graphs that are written in this
version or a later one must not have the op, with the text that says what to use instead.
"""

import ast
import re
import sys

import numpy as np
import tensorflow as tf
from tensorflow.python.framework import op_def_registry, ops, tensor_util

NUMBERS = (
    "float32",
    "float64",
    "int32",
    "uint8",
    "int16",
    "int8",
    "complex64",
    "int64",
    "qint8",
    "quint8",
    "qint32",
    "bfloat16",
    "uint16",
    "complex128",
    "float16",
    "uint32",
    "uint64",
)
REALS = ("float32", "float64", "int32", "uint8", "int16", "int8", "int64", "bfloat16", "uint16", "float16", "uint32", "uint64")
SETS = {frozenset(NUMBERS): "number", frozenset(REALS): "real"}


def type_name(enum):
    return tf.as_dtype(enum).name


def argument(arg):
    kind = type_name(arg.type) if arg.type else arg.type_attr or arg.type_list_attr
    if arg.number_attr:
        kind = arg.number_attr + "*" + kind
    return "%s: %s%s" % (arg.name, "&" if arg.is_ref else "", kind)


def shape(proto):
    return None if proto.unknown_rank else tuple(None if d.size < 0 else d.size for d in proto.dim)


def value(v):
    """An attribute value as a Python literal."""
    which = v.WhichOneof("value")
    if which == "list":
        for field, conv in [
            ("s", bytes.decode),
            ("i", int),
            ("f", round_float),
            ("b", bool),
            ("type", type_name),
            ("shape", shape),
        ]:
            items = getattr(v.list, field)
            if len(items):
                return [conv(i) for i in items]
        return []
    if which == "tensor":
        return tensor_util.MakeNdarray(v.tensor).tolist()
    return {
        "s": lambda: v.s.decode(),
        "i": lambda: int(v.i),
        "f": lambda: round_float(v.f),
        "b": lambda: v.b,
        "type": lambda: type_name(v.type),
        "shape": lambda: shape(v.shape),
    }[which]()


def round_float(f):
    return float(str(np.float32(f)))


def attribute(a):
    text = "%s: %s" % (a.name, a.type)
    if a.HasField("allowed_values"):
        allowed = value(a.allowed_values)
        text += " in [%s]" % (SETS.get(frozenset(allowed)) or ",".join(allowed))
    if a.has_minimum:
        text += " >= %d" % a.minimum
    if a.HasField("default_value"):
        text += " = %r" % (value(a.default_value),)
    return text


def order(op):
    """The parameters of the op's Python wrapper, renamed ones as new=old; None if they are as expected."""
    wrapper = getattr(tf.raw_ops, op.name, None)
    if wrapper is None:
        return None
    try:
        wrapper(None)
    except TypeError as e:  # "... only takes keyword args (possible keys: ['x', 'name'])"
        parameters = [p for p in ast.literal_eval(re.search(r"\[.*\]", str(e)).group()) if p != "name"]
    inferred = set()
    for a in op.input_arg:
        inferred |= {a.type_attr, a.number_attr, a.type_list_attr}
    attrs = [a for a in op.attr if a.name not in inferred]
    expected = [a.name for a in op.input_arg]
    expected += [a.name for a in attrs if not a.HasField("default_value")] + [a.name for a in attrs if a.HasField("default_value")]
    if parameters == expected:
        return None
    lost = [n for n in expected if n not in parameters]
    renamed = [p for p in parameters if p not in expected]
    assert len(lost) == len(renamed), (op.name, parameters, expected)
    old = dict(zip(renamed, lost))
    return " ".join("%s=%s" % (p, old[p]) if p in old else p for p in parameters)


def line(op):
    flags = [f for f in ("stateful", "commutative", "aggregate") if getattr(op, "is_" + f)]
    if op.allows_uninitialized_input:
        flags.append("uninitialized")
    try:
        ops._gradient_registry.lookup(op.name)
        flags.append("gradient")
    except LookupError:
        if op.name in ops._gradient_registry._registry:
            flags.append("gradient")
    text = "%s(%s) -> (%s) | %s | %s" % (
        op.name,
        ", ".join(map(argument, op.input_arg)),
        ", ".join(map(argument, op.output_arg)),
        "; ".join(map(attribute, op.attr)),
        " ".join(flags),
    )
    wrapper = order(op)
    if op.HasField("deprecation"):
        return "%s | %s | %d %s" % (text, wrapper or "", op.deprecation.version, op.deprecation.explanation)
    return text + " | " + wrapper if wrapper else text


def main():
    if "--test-ops" in sys.argv:
        before = set(op_def_registry.get_registered_ops())
        from tensorflow.python.framework import test_ops

        chosen = set(op_def_registry.get_registered_ops()) - before
        assert test_ops and chosen
    else:
        assert tf.contrib.eager.Iterator  # loads tf.contrib, and with it contrib's op libraries and gradients
        chosen = op_def_registry.get_registered_ops()
    for name, op in sorted(op_def_registry.get_registered_ops().items()):
        if name in chosen and not name.startswith("_"):
            sys.stdout.write(line(op).rstrip() + "\n")


main()
