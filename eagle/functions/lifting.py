"""Taking a tensor out of the body of a function: the operations that compute it, copied into the graph outside."""

from ..core.context import process
from ..core.export import export
from ..core.func_graph import FuncGraph
from ..core.tensor import EagerTensor


@export("python.eager.lift_to_graph.UnliftableError", "python.ops.op_selector.UnliftableError")
class UnliftableError(Exception):
    """A tensor can't be taken out of a function because it depends on the function's arguments."""


def lift(tensor, target, arguments=None):
    """The tensor of the graph `target` that is computed as `tensor` is inside bodies of functions.

    Args:
      tensor: a tensor of a `FuncGraph`, or any other, which is returned as it is.
      target: the graph to copy operations into.
      arguments: None, or input of a function -> the tensor that was passed for it.

    Raises:
      UnliftableError: it depends on an argument for which nothing is known.
    """
    return _Lifting(tensor, target, arguments or {}).tensor(tensor)


class _Lifting:
    def __init__(self, wanted, target, arguments):
        self._wanted, self._target, self._arguments = wanted, target, arguments
        self._copies = {}  # operation -> its copy

    def tensor(self, t):
        while not isinstance(t, EagerTensor) and isinstance(t.op.graph, FuncGraph) and t.op.graph is not self._target:
            outer = self._outer(t)
            if outer is None:
                return self._copy(t.op).outputs[t.value_index]
            t = outer
        return self._target.admit(t)

    def _outer(self, t):
        """What was passed for an input of a body; None for any other tensor."""
        graph = t.op.graph
        if t not in graph.inputs:
            return None
        found = next((outer for outer, inner in graph.captures.items() if inner is t), None)
        found = self._arguments.get(t, found)
        if found is None:
            path = " <- ".join("%s (%s)" % (op.name, op.type) for op in _path(self._wanted.op, t.op))
            raise UnliftableError(
                "Unable to lift tensor %r because it depends transitively on placeholder %r via at least one path, e.g.: %s"
                % (self._wanted, t.op, path)
            )
        return found

    def _copy(self, op):
        made = self._copies.get(op)
        if made is None:
            inputs = [self.tensor(t) for t in op._inputs]
            waits = [self._copy(c) for c in op._control_inputs if c.graph is op.graph and not _is_input(c)]
            attrs = {k: v for k, v in op.attrs.items() if k != "_class"}
            name = self._target.unique_name(op._name)
            made = process.build_node(self._target, op.definition, name, inputs, attrs, [t._dtype for t in op.outputs])
            made._control_inputs += [w for w in waits if w not in made._control_inputs]
            self._copies[op] = made
        return made


def _is_input(op):
    return any(t in op.graph.inputs for t in op.outputs)


def _path(start, end):
    """The operations from one back to another on which it depends."""
    before, stack = {start: None}, [start]
    while stack:
        op = stack.pop()
        if op is end:
            break
        for t in op._inputs:
            if t.op not in before:
                before[t.op] = op
                stack.append(t.op)
    path, op = [], end
    while op is not None:
        path.append(op)
        op = before.get(op)
    return path[::-1]
