"""`tf.xla.experimental`: which parts of a graph TensorFlow's XLA would compile.  Eagle decides itself what it compiles."""

import contextlib

from .. import protos
from ..core import nest
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.operation import Operation
from ..core.scopes import control_dependencies
from ..ops.flow import group

_SCOPES = "__xla_scope"  # the collection of a graph that holds its scopes


class _Scopes:
    """How many scopes a graph has had, and how many of them are open."""

    def __init__(self):
        self.count = self.depth = 0


@export("xla.experimental.jit_scope", "contrib.compiler.jit.experimental_jit_scope")
@contextlib.contextmanager
def jit_scope(compile_ops=True, separate_compiled_gradients=False):
    """A context manager in which operations are marked for TensorFlow's compiler, by attributes that Eagle does not need.

    Args:
      compile_ops: whether they are to be compiled: a bool, or a function from a `NodeDef` to one.
      separate_compiled_gradients: whether their gradients are to be compiled apart.

    Raises:
      RuntimeError: eagerly.
    """
    if here.eager:
        raise RuntimeError("xla.experimental.jit_scope is not supported when eager execution is enabled. Try use it inside "
                           "tf.function.")  # fmt: skip

    def marked(node_def):
        return protos.AttrValue(b=compile_ops(node_def))

    attributes = {"_XlaCompile": marked if callable(compile_ops) else protos.AttrValue(b=compile_ops),
                  "_XlaSeparateCompiledGradients": protos.AttrValue(b=bool(separate_compiled_gradients))}  # fmt: skip
    graph = get_default_graph()
    kept = graph.get_collection_ref(_SCOPES)
    if not kept:
        kept.append(_Scopes())
    scopes = kept[0]
    if scopes.depth == 0:
        attributes["_XlaScope"] = protos.AttrValue(s=b"jit_scope_%d" % scopes.count)
        scopes.count += 1
    scopes.depth += 1
    try:
        with graph._attr_scope(attributes):
            yield
    finally:
        scopes.depth -= 1


@export("xla.experimental.compile", "contrib.compiler.xla.compile")
def compile_xla(computation, inputs=None):
    """What a function makes of tensors, which TensorFlow would compile as a whole; Eagle compiles what runs often anyway.

    Args:
      computation: the function.
      inputs: a list of its arguments, tensors or structures of them.

    Returns:
      What it returns, operations in it run; a list for a single tensor, an operation where it returns none.

    Raises:
      TypeError: `inputs` is no list.
      ValueError: operations and tensors stand inside structures.
    """
    if inputs is not None and not isinstance(inputs, list | tuple):
        raise TypeError("inputs must be a list")
    flat = [registry["Identity"](convert(x), name="input_%d" % i) for i, x in enumerate(nest.flatten(list(inputs or [])))]
    found = computation(*nest.pack_sequence_as(list(inputs or []), flat))
    if found is None:
        return group(name="output_0")
    if not isinstance(found, list | tuple | dict):
        return [_output(found, 0)] if not isinstance(found, Operation) else group(found, name="output_0")
    parts = nest.flatten(found)
    operations = [p for p in parts if isinstance(p, Operation)]
    if operations and any(isinstance(p, list | tuple | dict) for p in _parts(found)):
        raise ValueError("xla.compile Operations are not allowed in nested structures: %s" % (found,))
    if len(operations) == len(parts):
        return group(*operations, name="output_0")
    with control_dependencies(operations) if not here.eager else contextlib.nullcontext():
        tensors = [_output(p, i) for i, p in enumerate(p for p in parts if not isinstance(p, Operation))]
    return tensors if operations else nest.pack_sequence_as(found, tensors)


def _parts(structure):
    return structure.values() if isinstance(structure, dict) else structure


def _output(value, number):
    return registry["Identity"](convert(value), name="output_%d" % number)
