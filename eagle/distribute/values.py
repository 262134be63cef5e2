"""Values of several replicas: `PerReplica`, where each has its own, and `Mirrored`, where all have the same."""

from ..core import nest
from ..core.convert import convert, register_tensor_conversion_function
from ..core.dispatch import registry
from ..core.export import export
from ..core.indexed_slices import IndexedSlices
from ..core.scopes import control_dependencies, device
from ..core.tensor import Tensor
from ..ops.flow import group as group_ops
from . import context
from .devices import current_device


def replica_number(replica):
    """Which of the replicas a `ReplicaContext` is, an int."""
    number = replica._number
    return 0 if number is None else number


@export("python.distribute.values.DistributedValues")
class DistributedValues:
    """A value for each replica.

    Args:
      devices: the names of the devices where the values are.
      values: as many values.

    Attributes:
      devices, values: the same as tuples.
      primary: the first of the values.
    """

    def __init__(self, devices, values):
        self._devices, self._values = tuple(devices), tuple(values)

    is_mirrored = False  # whether all values are the same
    devices = property(lambda self: self._devices)
    values = property(lambda self: self._values)
    primary = property(lambda self: self._values[0])

    @property
    def is_tensor_like(self):
        return all(getattr(v, "is_tensor_like", False) or isinstance(v, Tensor) for v in self._values)

    def get(self):
        """The value of the replica that the program speaks for, or that is being changed.

        Raises:
          ValueError: the program speaks for all replicas, and they have different values.
        """
        number = self._current_number()
        return self._get_cross_replica() if number is None else self._values[number]

    def _current_number(self):
        replica = context.mode().replica
        if replica is None:
            return context.thread.updating
        return replica_number(replica) if len(self._values) > 1 else 0

    def _closest(self):
        """The value of the replica that the program speaks for, or else of the one on the current device."""
        number = self._current_number()
        if number is None:
            here = current_device()
            number = self._devices.index(here) if here in self._devices else 0
        return self._values[number]

    def _get_cross_replica(self):
        raise ValueError("%s has no value of its own where the program speaks for all replicas." % (self,))

    def _text(self, show):
        lines = ["  %d %s: %s" % (i, d, show(v)) for i, (d, v) in enumerate(zip(self._devices, self._values))]
        return "%s:{\n%s\n}" % (type(self).__name__, ",\n".join(lines))

    def __str__(self):
        return self._text(str)

    def __repr__(self):
        return self._text(repr)


class _Composite(DistributedValues):
    """Values that are arguments and results of functions."""

    def _nest_parts(self):
        return list(self._values)

    def _nest_rebuild(self, parts):
        return type(self)(self._devices, parts)

    def _nest_key(self):
        return self._devices


@export("python.distribute.values.PerReplica")
class PerReplica(_Composite):
    """A value for each replica, which may differ."""


@export("python.distribute.values.Mirrored")
class Mirrored(_Composite):
    """The same value for each replica; it can stand where one value is expected."""

    is_mirrored = True

    def _get_cross_replica(self):
        return self._closest()

    def _as_graph_element(self):
        found = self.get()
        convert_element = getattr(found, "_as_graph_element", None)
        return convert_element() if callable(convert_element) else found

    def __getattr__(self, name):
        if name in ("_values", "_devices", "_handle"):
            raise AttributeError(name)
        return getattr(self.get(), name)

    def __getitem__(self, key):
        return self.get()[key]


def _operator(name):
    return lambda self, *others: getattr(convert(self.get()), name)(*others)


for _name in (
    "add radd sub rsub mul rmul truediv rtruediv floordiv rfloordiv mod rmod lt le gt ge and rand or ror xor rxor pow rpow "
    "invert neg abs matmul rmatmul"
).split():
    setattr(Mirrored, "__%s__" % _name, _operator("__%s__" % _name))


def _mirrored_to_tensor(value, dtype=None, name=None, as_ref=False):
    return convert(value.get(), dtype, name)


register_tensor_conversion_function(Mirrored, _mirrored_to_tensor)


# ------------------------------------------------------------------------------------------------- structures of such values


def container(value):
    """The distributed variable one of whose copies `value` is; `value` itself if it is none."""
    find = getattr(value, "_distributed_container", None)
    if find is None or isinstance(value, DistributedValues) or value._parent_op is not None:  # the last is an assignment to one
        return value
    found = find()
    return value if found is None else found


@export("python.distribute.values.regroup")
def regroup(devices, values, wrap=PerReplica):
    """One structure of distributed values out of the structures that replicas gave.

    Args:
      devices: the names of the replicas' devices.
      values: a structure from each replica, all alike.
      wrap: what makes a value out of the devices and the replicas' values.
    """
    first = values[0]
    if isinstance(first, list | tuple):
        assert all(type(v) is type(first) and len(v) == len(first) for v in values), "%s" % (values,)
        parts = [regroup(devices, tuple(v[i] for v in values), wrap) for i in range(len(first))]
        return first._make(parts) if hasattr(first, "_make") else type(first)(parts)
    if isinstance(first, dict):
        assert all(isinstance(v, dict) and set(v) == set(first) for v in values), "%s" % (values,)
        return type(first)((key, regroup(devices, tuple(v[key] for v in values), wrap)) for key in first)
    whole = container(first)
    if whole is not first:
        assert all(container(v) is whole for v in values), "%s" % (values,)
        return whole
    if all(v is first for v in values):
        return first if wrap is PerReplica else wrap(devices, values) if isinstance(first, Tensor) else first
    return wrap(devices, values)


@export("python.distribute.values.select_replica")
def select_replica(replica_id, structured):
    """The structure that one replica sees."""
    return nest.map_structure(lambda x: x.values[replica_id] if isinstance(x, DistributedValues) else x, structured)


def select_mirrored(number, structured):
    """The structure that the update of one replica's variables sees; raises TypeError for values that differ among replicas."""

    def select(x):
        if isinstance(x, DistributedValues) and not x.is_mirrored:
            raise TypeError("Expected value to be mirrored across replicas: %s in %s." % (x, structured))
        return x.values[number] if isinstance(x, DistributedValues) else x

    return nest.map_structure(select, structured)


def regroup_updates(devices, updates, group, local_results):
    """What changes of the copies of variables give as a whole.

    Args:
      devices: the names of the devices.
      updates: what the change of each copy gave.
      group: whether they become one thing, which waits for all changes.
      local_results: what makes a tuple of a distributed value.
    """
    if not group:
        return nest.map_structure(local_results, regroup(devices, updates, Mirrored))

    def grouped(devices, values):
        if len(values) == 1:
            return Mirrored(devices, values)
        done = group_ops(*values)
        if not all(isinstance(v, Tensor | IndexedSlices) or getattr(v, "is_tensor_like", False) for v in values):
            return done
        waiting = []
        for v, d in zip(values, devices):
            with device(d), control_dependencies([] if done is None else [done]):
                waiting.append(registry["Identity"](convert(v)))
        return Mirrored(devices, waiting)

    return regroup(devices, updates, grouped)
