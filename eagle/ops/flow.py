"""What orders operations without computing anything: `no_op`, `group`, `tuple`, `with_dependencies`."""

import operator

from ..core import nest
from ..core.context import here
from ..core.convert import convert, is_tensor
from ..core.dispatch import registry
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.indexed_slices import IndexedSlices
from ..core.op import op
from ..core.operation import Operation
from ..core.scopes import control_dependencies, device, name_scope
from ..core.tensor import GraphTensor


@op("NoOp")
def _no_op(xp):
    return ()


@op("ControlTrigger")
def _control_trigger(xp):
    """Like `NoOp`; in the control flow of TensorFlow 1.x it runs also where what it waits for does not."""
    return ()


for _waiting in (_no_op, _control_trigger):

    @_waiting.emits("numpy", "xla")
    def _(program, node):
        """Nothing is left to do when what it waits for has run."""

    @_waiting.samples
    def _(make):
        yield ()


@export("no_op")
def no_op(name=None):
    """An operation that does nothing; with control dependencies it stands for them.  Eagerly None."""
    return _no_op(name=name)


@export("group")
def group(*inputs, **kwargs):
    """An operation that is done when all of its inputs are.

    Args:
      *inputs: tensors, operations or structures of them.
      **kwargs: `name`, the name of the operation.

    Returns:
      The operation; eagerly None.

    Raises:
      TypeError: an input is neither a tensor nor an operation.
      ValueError: another keyword is given.
    """
    name = kwargs.pop("name", None)
    if kwargs:
        raise ValueError("Unknown keyword arguments: " + ", ".join(kwargs))
    if here.eager:
        return None
    with name_scope(name, "group_deps", [i for i in nest.flatten(inputs) if hasattr(i, "graph")]) as scope:
        if not inputs:
            return no_op(name=scope)
        by_device = {}
        for thing in nest.flatten(inputs, expand_composites=True):
            element = _graph_element(thing)
            by_device.setdefault(element.device or None, []).append(element)
        if len(by_device) == 1:
            ((name_of_device, deps),) = by_device.items()
            return _wait_for(name_of_device, deps, scope)
        parts = [_wait_for(d, by_device[d], None) for d in sorted(by_device, key=lambda d: d or "")]
        with control_dependencies(parts):
            return no_op(name=scope)


def _graph_element(thing):
    if hasattr(thing, "_handle") and hasattr(thing, "op"):
        return thing.op  # a resource variable, or an assignment to one: nothing is read
    convert_element = getattr(thing, "_as_graph_element", None)
    element = convert_element() if convert_element is not None else thing
    if isinstance(element, IndexedSlices):
        element = element.values
    if not isinstance(element, Operation | GraphTensor):
        raise TypeError("Expected tf.group() expected Tensor or Operation inputs, not %r with type %r" % (thing, type(thing)))
    return element


def _wait_for(device_name, elements, name):
    with control_dependencies(elements):
        if device_name is None:
            return no_op(name=name)
        with device(device_name):
            return no_op(name=name)


@export("python.ops.control_flow_ops.with_dependencies", "contrib.framework.with_dependencies")
def with_dependencies(dependencies, output_tensor, name=None):
    """A tensor with the value of `output_tensor` that is there when the dependencies have run.

    Args:
      dependencies: operations and tensors.
      output_tensor: a tensor or `IndexedSlices`.
      name: the name of the node.
    """
    if here.eager:
        return output_tensor
    with name_scope(name, "control_dependency", [*dependencies, output_tensor]) as scope:
        with get_default_graph().colocate_with(output_tensor), control_dependencies(dependencies):
            if isinstance(output_tensor, IndexedSlices):
                values = registry["Identity"](output_tensor.values, name=scope)
                return IndexedSlices(values, output_tensor.indices, output_tensor.dense_shape)
            return registry["Identity"](convert(output_tensor), name=scope)


def _gated(thing, gate):
    """A tensor or operation that waits for a gate."""
    if isinstance(thing, Operation):
        with control_dependencies([gate]):
            return group(thing)
    return None if thing is None else with_dependencies([gate], thing)


@export("tuple")
def tuple_(tensors, name=None, control_inputs=None):
    """The tensors as they are, but each of them there only when all are computed.

    Args:
      tensors: a list of tensors, `IndexedSlices`, operations and Nones.
      name: the name scope.
      control_inputs: more operations and tensors to wait for.

    Returns:
      A list like `tensors`.

    Raises:
      TypeError: `control_inputs` has something that is neither an operation nor a tensor.
      ValueError: there is no tensor.
    """
    if here.eager:
        return tensors
    with name_scope(name, "tuple", [t for t in tensors if t is not None]):
        tensors = [t if t is None or isinstance(t, Operation) or is_tensor(t) else convert(t) for t in tensors]
        gating = [_graph_element(t) for t in tensors if t is not None]
        gating = [getattr(g, "op", g) for g in gating]
        for c in control_inputs or ():
            if not isinstance(c, Operation | GraphTensor):
                raise TypeError("Control input must be Operation or Tensor: %s" % (c,))
            gating.append(getattr(c, "op", c))
        gating = sorted(set(gating), key=operator.attrgetter("_id"))
        if not gating:
            raise ValueError("Must have at least one Tensor: %s" % tensors)
        gate = group(*gating)
        return [_gated(t, gate) for t in tensors]
