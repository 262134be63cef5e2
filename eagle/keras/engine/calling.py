"""What is known while a layer is called, and where tensors come from: the history that connects layers."""

import collections
import contextlib
import threading

from ...core import nest
from ...core.context import here
from ...core.graph import get_default_graph
from ...core.sparse_tensor import SparseTensor
from ...core.tensor import GraphTensor
from ...variables.base import Variable
from ..backend.settings import get_graph, is_eager_outside_functions, is_keras_graph, state_of


class KerasHistory(collections.namedtuple("KerasHistory", ["layer", "node_index", "tensor_index"])):
    """Which output of which call of which layer a tensor is."""

    __slots__ = ()


class CallContext(threading.local):
    """What layer is being called.

    Attributes:
      layer, inputs: the innermost layer, and what it is called with.
      in_call: whether there is one.
      frozen: whether that one or one around it is not trainable.
      training: whether it was called for training, a bool, a tensor, or None.
      in_keras_graph: whether that is in the graph in which models are built while execution is eager.
    """

    layer = inputs = training = None
    frozen = in_call = _in_keras_graph = False

    @contextlib.contextmanager
    def enter(self, layer, inputs, build_graph, training):
        before = self.layer, self.inputs, self.frozen, self.in_call, self.training, self._in_keras_graph
        self.layer, self.inputs, self.in_call, self.training = layer, inputs, True, training
        self.frozen = self.frozen or not layer.trainable
        self._in_keras_graph = self._in_keras_graph or (build_graph and is_keras_graph(get_graph()))
        try:
            yield
        finally:
            self.layer, self.inputs, self.frozen, self.in_call, self.training, self._in_keras_graph = before

    @property
    def in_keras_graph(self):
        return not here.eager and (self._in_keras_graph or is_keras_graph(get_default_graph()))


call_context = CallContext()


def is_in_tf_function():
    """Whether a function is being traced from eager execution (and not a model being built)."""
    return (
        not here.eager
        and get_default_graph().building_function
        and not call_context.in_keras_graph
        and is_eager_outside_functions()
    )


def is_in_eager_or_tf_function():
    """Whether layers act at once, or when the function around runs, rather than being connected to a model."""
    return here.eager or is_in_tf_function()


def is_symbolic(x):
    """Whether something is a tensor of a graph."""
    if isinstance(x, GraphTensor):
        return True
    if isinstance(x, Variable):
        return not here.eager
    if isinstance(x, SparseTensor):
        return isinstance(x.values, GraphTensor)
    return False


def are_all_symbolic(tensors):
    """Whether all of a list are tensors of graphs."""
    return all(map(is_symbolic, tensors))


# -------------------------------------------------------------------------------------------------------------- history


def have_history(tensors):
    """Whether all tensors of a structure come from layers that are connected."""
    return all(getattr(x, "_keras_history", None) is not None for x in nest.flatten(tensors))


def needs_history(tensors):
    """Whether operations between tensors and the layers that they come from are to become layers."""
    if call_context.in_call or have_history(tensors):
        return False
    return state_of(get_graph()).has_history and uses_history(tensors)


def uses_history(tensors):
    """Whether one of the tensors, or what it is computed from, comes from a layer that is connected."""
    seen, queue = set(), nest.flatten(tensors)
    while queue:
        x = queue.pop()
        if id(x) in seen or getattr(x, "_keras_history_checked", None) is not None:
            continue
        seen.add(id(x))
        if getattr(x, "_keras_history", None) is not None:
            return True
        if isinstance(x, GraphTensor):
            queue.extend(x.op._inputs)
    for x in nest.flatten(tensors):
        if isinstance(x, GraphTensor):
            x._keras_history_checked = True
    return False


def reachable_from(inputs, targets):
    """Which of the target operations or tensors depend on the inputs, a set."""
    operations = {getattr(t, "op", t): t for t in targets}
    found, seen, queue = set(), set(), list(inputs)
    while queue and len(found) < len(operations):
        x = queue.pop()
        consumers = x.consumers() if isinstance(x, GraphTensor) else [x.op] if hasattr(x, "op") else []
        for op in consumers:
            if op in seen:
                continue
            seen.add(op)
            if op in operations:
                found.add(operations[op])
            queue.extend(op.outputs)
    return found
