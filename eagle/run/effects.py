"""Which operations of a function's body must run although nothing uses what they give.

In the body of a function, and of branches and loops inside it, everything that acts on the world runs, in program order: these
bodies mean what the same lines mean eagerly.  A branch or loop of a plain graph runs only what its outputs need, as in a session.
"""

from ..core.func_graph import GraphFunction

# Stateful operations that need not run if nothing uses what they give.
_OPTIONAL = {"VarHandleOp", "ReadVariableOp", "VarIsInitializedOp", "Placeholder"}


def has_effects(node):
    """Whether an operation acts on the world.  Random numbers that nobody uses need not be drawn."""
    if not node.definition.is_stateful or node.type in _OPTIONAL:
        return False
    if node.spec is not None and node.spec.acts is not None:
        return node.spec.acts
    bodies = bodies_of(node)
    if bodies:
        return any(has_effects(inner) for body in bodies for inner in body.get_operations())
    spec = node.spec
    return spec is None or not (spec.asks_state and node.outputs)


def bodies_of(node):
    """The bodies of functions among a node's attributes."""
    found = []
    for value in node.attrs.values():
        for part in value if type(value) in (tuple, list) else (value,):
            if isinstance(part, GraphFunction):
                found.append(part.graph)
    return found


def effects_of(body, awaited=False):
    """The operations of a body that must run.

    Args:
      body: the graph.
      awaited: whether something waits for the operation whose body it is: then what its outputs wait for must run, wanted or not.
    """
    if body.control_outputs is not None:
        return body.control_outputs
    if body.runs_effects:
        return [node for node in body.get_operations() if has_effects(node)]
    return _effects_behind(body.outputs) if awaited else []


def _effects_behind(outputs):
    """What acts on the world and must run before some outputs are there, in the order of the program."""
    found, stack = set(), [t.op for t in outputs if t is not None]
    while stack:
        node = stack.pop()
        if node not in found:
            found.add(node)
            stack += [t.op for t in node._inputs] + list(node._control_inputs)
    return sorted(filter(has_effects, found), key=lambda node: node._id)
