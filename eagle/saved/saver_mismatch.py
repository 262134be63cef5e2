"""What a checkpoint and the variables to restore from it don't have in common, in words."""

import difflib

from ..core import shape as shapes
from ..core.compat import as_text
from ..core.dtypes import as_dtype
from ..core.errors import OpError
from ..platform import bundle_slices as slices
from .checkpoint_reader import CheckpointReader

_LISTED = 20  # names of a kind in a message


def wanted_by_saveables(saveables):
    """What is restored: name -> pair (type, shape or None)."""
    wanted = {}
    for saveable in saveables:
        for spec in saveable.specs:
            shape = getattr(saveable.op, "shape", None)
            wanted[spec.name] = spec.dtype.base_dtype, _whole_shape(spec.slice_spec, shapes.as_tuple(shape))
    return wanted


def wanted_by_operation(graph, name):
    """The same, found by following what an operation of a graph, given by its name, waits for."""
    try:
        stack = [graph.as_graph_element(name.partition(":")[0], allow_tensor=False)]
    except (KeyError, ValueError):
        return {}
    wanted, seen = {}, set()
    while stack:
        op = stack.pop()
        if op in seen:
            continue
        seen.add(op)
        if op.type == "RestoreV2":
            _add_restored(op, wanted)
        else:
            stack += [t.op for t in op.inputs] + list(op.control_inputs)
    return wanted


def _add_restored(op, wanted):
    """Adds what a RestoreV2 restores, with the shapes of the variables that get it."""
    names, specs = (_constant(t) for t in op.inputs[1:3])
    if names is None or specs is None:
        return
    for name, spec, tensor in zip(names, specs, op.outputs):
        wanted[as_text(name)] = tensor.dtype, _whole_shape(as_text(spec), _target_shape(tensor))


def _constant(tensor):
    return tensor.op.attrs["value"].tolist() if tensor.op.type == "Const" else None


def _target_shape(tensor):
    """The shape of the variable that a tensor is assigned to; None if it is not known."""
    for user in tensor.consumers():
        if user.type == "Assign":
            return user.inputs[0]._shape
        if user.type == "AssignVariableOp":
            handle = user.inputs[0].op
            return handle.attrs["shape"] if handle.type == "VarHandleOp" else None
        if user.type == "Identity":
            return _target_shape(user.outputs[0])
    return None


def _whole_shape(spec, shape):
    """The shape of the whole that a variable is part of."""
    return slices.parse_shape_and_slice(spec)[0] if spec else shape


def report(wanted, checkpoint):
    """The differences, as text to go behind a message; empty if there are none or the checkpoint can't be read.

    Args:
      wanted: name -> pair (type, shape or None).
      checkpoint: the name of the checkpoint.
    """
    try:
        reader = CheckpointReader(checkpoint)
    except OpError:
        return ""
    there = reader.get_variable_to_shape_map()
    types = reader.get_variable_to_dtype_map()
    missing = sorted(n for n in wanted if n not in there)
    unused = sorted(n for n in there if n not in wanted)
    different = []
    for name in sorted(n for n in wanted if n in there):
        dtype, shape = wanted[name]
        if types[name] is not as_dtype(dtype) or not shapes.compatible(shape, tuple(there[name])):
            different.append("%s: %s %s, in the checkpoint %s %s" % (
                name, dtype.name, shapes.to_brackets(shape), types[name].name, shapes.to_brackets(there[name])))  # fmt: skip
    parts = [
        _section("Variables that the checkpoint lacks", [_with_neighbours(n, unused) for n in missing]),
        _section("Tensors of the checkpoint that no variable is restored from", unused),
        _section("Variables of another type or shape", different),
    ]
    return "".join(parts)


def _with_neighbours(name, candidates):
    """A missing name, with those that look most like it."""
    close = difflib.get_close_matches(name, candidates, 3, 0.6) if len(candidates) <= 5000 else ()
    return "%s (the nearest: %s)" % (name, ", ".join(close)) if close else name


def _section(title, lines):
    if not lines:
        return ""
    shown = lines[:_LISTED] + (["... and %d more" % (len(lines) - _LISTED)] if len(lines) > _LISTED else [])
    return "\n\n%s (%d):\n%s" % (title, len(lines), "\n".join("  " + line for line in shown))
