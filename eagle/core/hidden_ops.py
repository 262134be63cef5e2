"""Ops that TensorFlow does not have, in `GraphDef`s that it is to read.

Gradients are built with some ops of Eagle's own.  Those that say how TensorFlow computes the same are written like that.  The
others become placeholders, so that TensorFlow reads the graph and runs all but what depends on them; hidden attributes say what
they are, with which Eagle makes them operations again.
"""

from .. import protos
from . import attributes

_OP, _INPUTS, _ATTR = "_eagle_op", "_eagle_inputs", "_eagle_attr_"
_PREFIX = "Eagle"


def is_hidden(op_type):
    """Whether it is an op of Eagle's own."""
    return op_type.startswith(_PREFIX)


def hide(node, outputs):
    """The nodes that take the place of one with an op that TensorFlow does not have.

    Args:
      node: the `NodeDef`.
      outputs: for each output a pair of type and static shape.
    """
    made = protos.NodeDef(name=node.name, device=node.device)
    made.attr[_OP].s = node.op.encode()
    made.attr[_INPUTS].list.s.extend(text.encode() for text in node.input if text[:1] != "^")
    for name, value in node.attr.items():
        made.attr[_ATTR * (name[:1] != "_") + name].CopyFrom(value)
    controls = [text for text in node.input if text[:1] == "^"]
    if len(outputs) == 1:
        return [_placeholder(made, *outputs[0], controls)]
    parts = [_placeholder(protos.NodeDef(name="%s/output_%d" % (node.name, i)), *o, ()) for i, o in enumerate(outputs)]
    made.op = "IdentityN"
    made.attr["T"].CopyFrom(attributes.to_proto([dtype for dtype, _ in outputs], "list(type)"))
    made.input.extend([p.name for p in parts] + controls)
    return [*parts, made]


def _placeholder(node, dtype, shape, controls):
    node.op = "Placeholder"
    node.attr["dtype"].CopyFrom(attributes.to_proto(dtype, "type"))
    node.attr["shape"].CopyFrom(attributes.to_proto(shape, "shape"))
    node.input.extend(controls)
    return node


def shown(node):
    """The `NodeDef` that `hide` hid; other nodes as they are."""
    if _OP not in node.attr:
        return node
    made = protos.NodeDef(name=node.name, device=node.device, op=node.attr[_OP].s.decode("utf-8", "replace"))
    if not is_hidden(made.op):
        return node
    made.input.extend(text.decode("utf-8", "replace") for text in node.attr[_INPUTS].list.s)
    made.input.extend(text for text in node.input if text[:1] == "^")
    for name, value in node.attr.items():
        if name.startswith(_ATTR):
            made.attr[name[len(_ATTR) :]].CopyFrom(value)
        elif name[:1] == "_" and name not in (_OP, _INPUTS):
            made.attr[name].CopyFrom(value)
    return made
