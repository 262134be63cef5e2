"""`tf.contrib.checkpoint`: dependencies with unique names, dependencies that are saved together, pictures of checkpoints."""

import functools

from ... import protos
from ...core.context import here
from ...core.dispatch import registry
from ...core.export import export
from ...core.trackable import VARIABLE_VALUE_KEY, SaveableObject, SaveSpec, Trackable
from ...saved.checkpoint import object_metadata
from ...saved.checkpoint_reader import CheckpointReader
from ...variables.structures import TrackableDataStructure

export("contrib.checkpoint.CheckpointableObjectGraph")(protos.TrackableObjectGraph)


@export("contrib.checkpoint.UniqueNameTracker")
class UniqueNameTracker(TrackableDataStructure):
    """Makes things its dependencies under names that it makes unique."""

    def __init__(self):
        super().__init__()
        self._maybe_initialize_trackable()
        self._name_counts = {}

    @property
    def _values(self):
        return [reference.ref for reference in self._checkpoint_dependencies]

    def track(self, trackable, base_name):
        """Adds a dependency.

        Args:
          trackable: the thing.
          base_name: its name, behind which a number is put if it is taken.

        Returns:
          The thing.

        Raises:
          ValueError: it is nothing that checkpoints save.
        """
        if not isinstance(trackable, Trackable):
            raise ValueError("Expected a trackable value, got %s which does not inherit from tf.track.Trackable." % (trackable,))
        count = self._name_counts.get(base_name, 0)
        while self._lookup_dependency(_numbered(base_name, count)) is not None:
            count += 1
        self._name_counts[base_name] = count + 1
        self._track_value(trackable, name=_numbered(base_name, count))
        return trackable


def _numbered(name, number):
    return "%s_%d" % (name, number) if number else name


# ------------------------------------------------------------------------------------------------ saved and restored together


class _CalledBack(SaveableObject):
    """A tensor that functions save and restore."""

    def __init__(self, name, dtype, device, save, restore):
        super().__init__(save, [SaveSpec(save, "", name, dtype=dtype, device=device)], name)
        self._restore = restore

    def restore(self, restored_tensors, restored_shapes):
        (tensor,) = restored_tensors
        return self._restore(tensor)


class _Shared:
    """What the parts of `split_dependency` have in common: tensors that are still to be saved, and that have been restored."""

    def __init__(self, count, fill, consume):
        self.count, self.fill, self.consume = count, fill, consume
        self.to_save, self.restored = {}, {}


class _Part(Trackable):
    """One of the dependencies of `split_dependency`; to a checkpoint it looks like a variable."""

    def __init__(self, shared, name, dtype, device):
        self._shared, self._name, self._dtype, self._device = shared, name, dtype, device

    def _save(self):
        shared = self._shared
        if self._name not in shared.to_save:
            if shared.to_save:
                raise AssertionError("Split dependency %s (%s) unsynchronized. Split dependencies must be saved together."
                                     % (self._name, self))  # fmt: skip
            shared.fill(shared.to_save)
        return shared.to_save.pop(self._name)

    def _restore(self, tensor):
        shared = self._shared
        if self._name in shared.restored:
            raise AssertionError("Split dependency %s (%s) unsynchronized. Split dependencies must be restored together."
                                 % (self._name, self))  # fmt: skip
        shared.restored[self._name] = tensor
        if len(shared.restored) < shared.count:
            return None if here.eager else registry["NoOp"]()
        restored, shared.restored = shared.restored, {}
        return shared.consume(restored)

    def _gather_saveables_for_checkpoint(self):
        make = functools.partial(_CalledBack, dtype=self._dtype, device=self._device, save=self._save, restore=self._restore)
        return {VARIABLE_VALUE_KEY: make}


@export("contrib.checkpoint.split_dependency")
def split_dependency(component_names, component_dtypes, fill_save_buffer_fn, consume_restore_buffer_fn, device):
    """Dependencies that are saved and restored together, as one operation makes and takes the tensors of all of them.

    Args:
      component_names: their names.
      component_dtypes: the types of their tensors.
      fill_save_buffer_fn: a function that puts the tensors to save under these names into an empty dictionary.
      consume_restore_buffer_fn: a function of such a dictionary that restores; in a graph it returns the operation that does.
      device: the device to save and restore on.

    Returns:
      A dictionary from the names to the dependencies; an object must depend on all of them.
    """
    shared = _Shared(len(component_names), fill_save_buffer_fn, consume_restore_buffer_fn)
    return {name: _Part(shared, name, dtype, device) for name, dtype in zip(component_names, component_dtypes)}


# ------------------------------------------------------------------------------------------------------------------ a picture


@export("contrib.checkpoint.dot_graph_from_checkpoint")
def dot_graph_from_checkpoint(save_path):
    """The graph of objects in a checkpoint in the language of Graphviz.

    Args:
      save_path: the name of an object-based checkpoint.
    """
    reader, graph = CheckpointReader(save_path), object_metadata(save_path)
    shapes, dtypes = reader.get_variable_to_shape_map(), reader.get_variable_to_dtype_map()
    slots = {slot.slot_variable_node_id for node in graph.nodes for slot in node.slot_variables}
    lines = ["digraph {\n"]
    for i, node in enumerate(graph.nodes):
        if len(node.attributes) == 1 and node.attributes[0].name == VARIABLE_VALUE_KEY:
            color, kind = ("orange", "Slot variable") if i in slots else ("blue", "Variable")
            key, name = node.attributes[0].checkpoint_key, _quoted(node.attributes[0].full_name)
            lines.append('N_%d [shape=point label="" color=%s width=.25 tooltip="%s %s shape=%s %s"]\n'
                         % (i, color, kind, name, shapes[key], dtypes[key].name))  # fmt: skip
        elif node.slot_variables:
            lines.append('N_%d [shape=point label="" width=.25 color=red,tooltip="Optimizer"]\n' % i)
        else:
            lines.append('N_%d [shape=point label="" width=.25]\n' % i)
        lines += ['N_%d -> N_%d [label="%s"]\n' % (i, child.node_id, _quoted(child.local_name)) for child in node.children]
        for slot in node.slot_variables:
            variable = slot.slot_variable_node_id
            lines.append('N_%d -> N_%d [label="%s" style=dotted]\n' % (i, variable, _quoted(slot.slot_name)))
            lines.append("N_%d -> N_%d [style=dotted]\n" % (slot.original_variable_node_id, variable))
    return "".join([*lines, "}\n"])


def _quoted(name):
    return name.replace('"', '\\"')
