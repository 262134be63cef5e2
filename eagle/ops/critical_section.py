"""`tf.CriticalSection`: what may run only once at a time."""

import collections

from ..core import nest
from ..core.context import here
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.operation import Operation
from ..core.scopes import colocate_with, control_dependencies, init_scope, name_scope
from ..core.tensor import EagerTensor
from .flow import group, tuple_
from .mutexes import consume_mutex_lock, mutex, mutex_lock
from .passing import identity

SECTIONS, EXECUTIONS = ("critical_sections",), ("critical_section_executions",)
export("python.ops.critical_section_ops.CRITICAL_SECTIONS")("critical_sections")
export("python.ops.critical_section_ops.CRITICAL_SECTION_EXECUTIONS")("critical_section_executions")

_Execution = collections.namedtuple("_ExecutionSignature", ("op", "handle", "resources", "exclusive_resource_access"))


def _same(x):
    """A result at one remove, so that it can wait."""
    if hasattr(x, "flow") and hasattr(x, "identity"):
        return x.identity()
    if isinstance(x, Operation):
        return group(x)
    return None if here.eager and x is None else identity(x)


@export("CriticalSection", "contrib.framework.CriticalSection")
class CriticalSection:
    """A section of which only one execution runs at a time, in whatever session and thread.

    Args:
      name: the name of the mutex.
      shared_name: sections of one shared name exclude each other; by default it is the name.
      critical_section_def, import_scope: not implemented, in TensorFlow neither.

    Raises:
      ValueError: both `name` and `critical_section_def` are given.
      NotImplementedError: `critical_section_def` is given.
    """

    def __init__(self, name=None, shared_name=None, critical_section_def=None, import_scope=None):
        if critical_section_def and name is not None:
            raise ValueError("critical_section_def and shared_name are mutually exclusive.")
        if critical_section_def:
            raise NotImplementedError("Not yet implemented")
        with name_scope(name, "CriticalSection", []) as name:
            with init_scope():
                container = get_default_graph()._container or ""
                self._handle = mutex(shared_name=name if shared_name is None else shared_name, container=container, name=name)
        if not here.eager:
            get_default_graph().add_to_collections(SECTIONS, self)

    @property
    def name(self):
        """The name of the mutex's operation."""
        return self._handle.op.name

    def execute(self, fn, exclusive_resource_access=True, name=None):
        """Runs a function in the section.

        Args:
          fn: a function without arguments.
          exclusive_resource_access: whether resources that it uses may be used in no other section.
          name: the name scope.

        Returns:
          What `fn` returns, tensors of which are computed in the section.

        Raises:
          ValueError: `fn` executes the section in itself, or uses resources of other sections that are exclusive.
        """
        with name_scope(name, "critical_section_execute", []):
            lock = mutex_lock(self._handle)
            resources = []
            if here.eager:
                result = fn()
            else:
                graph = get_default_graph()
                before = len(graph.get_operations())
                with control_dependencies([lock]):
                    result = fn()
                made = graph.get_operations()[before:]
                _wait_before(lock.op, made)
                resources = list({id(t): t for op in made for t in op.inputs if t.dtype.name == "resource"}.values())
                self._check_resources(resources, exclusive_resource_access)
            flat = [_same(x) for x in nest.flatten(result)]
            with control_dependencies([x for x in flat if x is not None]):
                with colocate_with(self._handle):
                    consumed = consume_mutex_lock(lock)
                result = nest.pack_sequence_as(result, tuple_(nest.flatten(result)))
            with control_dependencies([consumed]):
                outputs = nest.map_structure(_same, result)
            if not here.eager:
                done = _Execution(lock.op, self._handle, resources, exclusive_resource_access)
                get_default_graph().add_to_collections(EXECUTIONS, done)
            return outputs

    def _is_own(self, handle):
        """Whether a handle is that of this section, or of one with the same shared name."""
        if isinstance(handle, EagerTensor) or isinstance(self._handle, EagerTensor):
            return handle is self._handle
        if handle.op.type != "MutexV2":
            return False
        own = self._handle.op
        name = handle.op.get_attr("shared_name")
        return bool(name) and name == own.get_attr("shared_name") and handle.op.device == own.device

    def _check_resources(self, resources, exclusive):
        if any(self._is_own(r) for r in resources):
            raise ValueError("The function fn attempts to directly access the CriticalSection in which it would be running.  This "
                             "is illegal and would cause deadlocks.")  # fmt: skip
        for other in get_default_graph().get_collection(EXECUTIONS[0]):
            if self._is_own(other.handle) or not (exclusive or other.exclusive_resource_access):
                continue
            common = [r for r in resources if any(r is o for o in other.resources)]
            if common:
                raise ValueError(
                    "This execution would access resources: %s.  Either this lock (CriticalSection: %s) or lock '%s' "
                    "(CriticalSection: %s) requested exclusive resource access of this resource.  Did you mean to call execute "
                    "with keyword argument exclusive_resource_access=False?" % (common, self._handle, other, other.handle)
                )


def _wait_before(lock, made):
    """Lets a lock wait for what the operations in the section need from outside, which may be in a section too."""
    inside = {*made, lock, *lock.control_inputs, *(t.op for t in lock.inputs)}
    needed = {}
    for op in made:
        for other in [*(t.op for t in op.inputs), *op.control_inputs]:
            if other not in inside:
                needed[other] = None
    if needed:
        lock._add_control_input(group(*sorted(needed, key=lambda op: op._id)))
