"""Resources that a session must initialize besides variables."""

import collections
import os

from ..core import dtypes
from ..core.convert import constant
from ..core.dispatch import registry
from ..core.export import export, resolve
from ..core.graph import get_default_graph
from ..core.scopes import device, name_scope
from ..ops.flow import group

_SHARED, _LOCAL = "resources", "local_resources"
_Resource = collections.namedtuple("_Resource", ["handle", "create", "is_initialized"])


@export("python.ops.resources.register_resource")
def register_resource(handle, create_op, is_initialized_op, is_shared=True):
    """Lets a resource be initialized with the others.

    Args:
      handle: what gives its handle.
      create_op: the operation that initializes it.
      is_initialized_op: a boolean scalar that says whether it is.
      is_shared: whether all tasks of a cluster see it, or only this session.
    """
    resource = _Resource(handle, create_op, is_initialized_op)
    get_default_graph().add_to_collection(_SHARED if is_shared else _LOCAL, resource)


@export("python.ops.resources.shared_resources")
def shared_resources():
    """The resources that all tasks of a cluster see."""
    return get_default_graph().get_collection(_SHARED)


@export("python.ops.resources.local_resources")
def local_resources():
    """The resources that only this session sees."""
    return get_default_graph().get_collection(_LOCAL)


@export("python.ops.resources.report_uninitialized_resources")
def report_uninitialized_resources(resource_list=None, name="report_uninitialized_resources"):
    """The names of resources (by default of all) that are not initialized, as a vector."""
    resources = shared_resources() + local_resources() if resource_list is None else resource_list
    place = os.environ.get("TF_DEVICE_FOR_UNINITIALIZED_VARIABLE_REPORTING", "/cpu:0")
    with name_scope(name), device(place):
        if not resources:
            return constant([], dtype=dtypes.string)
        missing = resolve("logical_not")(resolve("stack")([r.is_initialized for r in resources]))
        return resolve("boolean_mask")(constant([r.handle.name for r in resources]), missing)


@export("python.ops.resources.initialize_resources")
def initialize_resources(resource_list, name="init"):
    """The operation that initializes resources."""
    return group(*[r.create for r in resource_list], name=name) if resource_list else registry["NoOp"](name=name)
