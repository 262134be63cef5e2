"""Restoring objects from checkpoints: what in a checkpoint belongs to which object, and what waits for objects to come."""

import collections
import itertools
import weakref

from ..core.context import here
from ..core.dispatch import registry
from ..core.errors import NotFoundError
from ..core.export import export
from ..core.identity import WeakIdentityDict
from ..core.scopes import device, init_scope
from ..core.trackable import VARIABLE_VALUE_KEY, CheckpointInitialValue, SaveableObject
from ..platform import tf_logging as logging
from ..variables.tracking import PythonStateSaveable
from .checkpoint_reader import CheckpointReader
from .device_saver import MultiDeviceSaver
from .saver_builder import restore_v2
from .saver_saveables import op_list_to_dict, saveable_objects_for_op, validate_and_slice_inputs

_uids = itertools.count(1)

_Slot = collections.namedtuple("_Slot", ["optimizer_id", "slot_variable_id", "slot_name"])
_WaitingSlot = collections.namedtuple("_WaitingSlot", ["original_variable", "slot_variable_id", "slot_name"])


def new_restore_uid():
    """The number of a new restore, greater than those before."""
    return next(_uids)


@export("python.training.tracking.base.CheckpointPosition")
class CheckpointPosition:
    """One object in a checkpoint that is being restored.

    Args:
      checkpoint: the `CheckpointRestoreCoordinator`.
      proto_id: the number of the object in the checkpoint.
    """

    def __init__(self, checkpoint, proto_id):
        self._checkpoint = checkpoint
        self._proto_id = proto_id

    checkpoint = property(lambda self: self._checkpoint)
    restore_uid = property(lambda self: self._checkpoint.restore_uid)
    object_proto = property(lambda self: self._checkpoint.object_graph_proto.nodes[self._proto_id])
    trackable = property(lambda self: self._checkpoint.object_by_proto_id[self._proto_id])

    def at(self, proto_id):
        """The position of another object in the same checkpoint."""
        return CheckpointPosition(self._checkpoint, proto_id)

    def restore(self, trackable):
        """Restores an object, and what it depends on."""
        with init_scope():
            if self.bind_object(trackable):
                operations = trackable._restore_from_checkpoint_position(self)
                if operations:
                    self._checkpoint.new_restore_ops(operations)

    def bind_object(self, trackable):
        """Notes that this is where an object is, and sees to slot variables that wait for it.

        Returns:
          Whether that was not known before.
        """
        checkpoint = self._checkpoint
        checkpoint.all_python_objects[trackable] = True
        current = checkpoint.object_by_proto_id.get(self._proto_id)
        checkpoint.matched_proto_ids.add(self._proto_id)
        if current is not None:
            if current is not trackable:
                logging.warning(
                    "Inconsistent references when loading the checkpoint into this object graph. Either the Trackable object "
                    "references in the Python program have changed in an incompatible way, or the checkpoint was generated in an "
                    "incompatible program.\n\nTwo checkpoint references resolved to different objects (%s and %s).",
                    current, trackable)  # fmt: skip
            return False
        checkpoint.object_by_proto_id[self._proto_id] = trackable
        for slot in checkpoint.deferred_slot_restorations.pop(self._proto_id, ()):
            self._restore_slot(trackable, slot.original_variable, slot)
        for slot in checkpoint.slot_restorations.pop(self._proto_id, ()):
            optimizer = checkpoint.object_by_proto_id.get(slot.optimizer_id)
            if optimizer is None:
                waiting = _WaitingSlot(trackable, slot.slot_variable_id, slot.slot_name)
                checkpoint.deferred_slot_restorations.setdefault(slot.optimizer_id, []).append(waiting)
            else:
                self._restore_slot(optimizer, trackable, slot)
        return True

    def _restore_slot(self, optimizer, variable, slot):
        optimizer._create_or_restore_slot_variable(
            slot_variable_position=self.at(slot.slot_variable_id), variable=variable, slot_name=slot.slot_name)  # fmt: skip

    # ------------------------------------------------------------------------------------------ values of new variables

    def is_simple_variable(self):
        """Whether the object is a variable, whose initial value can come from here."""
        attributes = self.object_proto.attributes
        return len(attributes) == 1 and attributes[0].name == VARIABLE_VALUE_KEY and not self.object_proto.children

    def initial_value(self, shape=None):
        """The value, for a variable that is to be made."""
        return CheckpointInitialValue(self, shape)

    def value_tensors(self):
        """The values of the object's attributes by their names."""
        values = {}
        for attribute in self.object_proto.attributes:
            key = attribute.checkpoint_key
            if key not in self._checkpoint.dtype_map:
                raise NotFoundError(None, None, "%s: there is no tensor %s" % (self._checkpoint.save_path_string, key))
            with init_scope():
                with device("/cpu:0"):
                    value = restore_v2(self._checkpoint.save_path_tensor, [key], [""], [self._checkpoint.dtype_map[key]],
                                       name="%s_checkpoint_read" % attribute.name)[0]  # fmt: skip
                values[attribute.name] = registry["Identity"](value)
        return values

    # ------------------------------------------------------------------------------------------------- saved attributes

    def gather_ops_or_named_saveables(self):
        """Finds what restores the attributes of the object that is here.

        Returns:
          A list of operations that are there already, `SaveableObject`s by their keys, and a list of `PythonStateSaveable`s.
        """
        operations, by_key, python_state = [], {}, []
        factories = self.trackable._gather_saveables_for_checkpoint()
        for attribute in self.object_proto.attributes:
            key = attribute.checkpoint_key
            known = None if here.eager else self._checkpoint.restore_ops_by_name.get(key)
            if known is not None:
                operations.append(known)
                continue
            saveable = self._saveable(attribute.name, key, factories.get(attribute.name))
            if saveable is None:
                if not attribute.optional_restore:
                    self._checkpoint.unused_attributes.setdefault(self._proto_id, []).append(attribute.name)
            elif isinstance(saveable, PythonStateSaveable):
                python_state.append(saveable)
            else:
                by_key[key] = saveable
        return operations, by_key, python_state

    def _saveable(self, name, key, factory):
        """What restores an attribute, out of the cache if it is there; None if the object has no such attribute (any more)."""
        cache = self._checkpoint.graph_view.saveables_cache
        known = {} if cache is None else cache.setdefault(self.trackable, {})
        found = known.get(name, ())
        if len(found) == 1 and key in found[0].name:
            return found[0]
        if factory is None:
            return None
        made = factory(name=key) if callable(factory) else factory
        if isinstance(made, SaveableObject):
            known[name] = [made]
        return made

    def __repr__(self):
        return repr(self.object_proto)


# ------------------------------------------------------------------------------------------------------ one restore


class NodeNames:
    """What to call the objects in a checkpoint; found out when it is first asked."""

    def __init__(self, graph):
        self._graph = graph
        self._places = None  # number of an object -> that of its owner, and its name there
        self._slots = {}  # number of a slot variable -> of its optimizer and of what it is for, and its name

    def __getitem__(self, node_id):
        if self._places is None:
            self._find()
        if node_id in self._slots:
            optimizer_id, variable_id, name = self._slots[node_id]
            return "%s's state '%s' for %s" % (self._path(optimizer_id), name, self._path(variable_id))
        return self._path(node_id)

    def _path(self, node_id):
        parts = []
        while node_id in self._places:
            node_id, name = self._places[node_id]
            parts.append(name)
        parts.append("(root)" if node_id == 0 else "(object %d)" % node_id)
        return ".".join(reversed(parts))

    def _find(self):
        self._places, waiting = {}, collections.deque([0])
        while waiting:
            node_id = waiting.popleft()
            for child in self._graph.nodes[node_id].children:
                if child.node_id and child.node_id not in self._places:
                    self._places[child.node_id] = node_id, child.local_name
                    waiting.append(child.node_id)
        for node_id, node in enumerate(self._graph.nodes):
            for slot in node.slot_variables:
                self._slots[slot.slot_variable_node_id] = node_id, slot.original_variable_node_id, slot.slot_name


class _Report:
    """Warns, when it goes, of what in a checkpoint has not been used; apart from the coordinator, which may be in cycles."""

    def __init__(self, graph, matched, unused):
        self._graph, self._matched, self._unused = graph, matched, unused
        self.expect_partial = False

    def __del__(self):
        if self.expect_partial or logging is None:  # None: Python ends
            return
        names, told = NodeNames(self._graph), False
        for node_id in range(len(self._graph.nodes)):
            if node_id not in self._matched:
                logging.warning("Unresolved object in checkpoint: %s", names[node_id])
                told = True
        for node_id, attribute in self._unused.items():
            logging.warning("Unused attribute in object %s: %s", names[node_id], attribute)
            told = True
        if told:
            logging.warning(
                "A checkpoint was restored (e.g. tf.train.Checkpoint.restore or tf.keras.Model.load_weights) but not all "
                "checkpointed values were used. See above for specific issues. Use expect_partial() on the load status object, "
                "e.g. tf.train.Checkpoint.restore(...).expect_partial(), to silence these warnings, or use assert_consumed() to "
                "make the check explicit. See https://www.tensorflow.org/alpha/guide/checkpoints#loading_mechanics for details."
            )


@export("python.training.tracking.util._CheckpointRestoreCoordinator")
class CheckpointRestoreCoordinator:
    """A restore from an object-based checkpoint: it goes on as objects come.

    Args:
      object_graph_proto: the `TrackableObjectGraph` of the checkpoint.
      save_path: the checkpoint's name.
      save_path_tensor: a string tensor that is, or gets, this name.
      restore_op_cache: key -> operation, for a graph; shared among all restores of the same objects.
      graph_view: the `ObjectGraphView` of the objects.

    Attributes:
      object_by_proto_id: number in the checkpoint -> object, not kept alive.
      all_python_objects: the objects seen, matched or not.
      unused_attributes: number of an object -> its attributes in the checkpoint that the object does not have.
      slot_restorations: number of a variable -> slots that wait for it.
      deferred_slot_restorations: number of an optimizer -> slots that wait for it.
      restore_ops: the operations to run, in a graph.
      new_restore_ops_callback: a function that new ones are given to, or None.
    """

    def __init__(self, object_graph_proto, save_path, save_path_tensor, restore_op_cache, graph_view):
        self.object_graph_proto = object_graph_proto
        self.restore_uid = new_restore_uid()
        self.unused_attributes = {}
        self.object_by_proto_id = weakref.WeakValueDictionary()
        self.matched_proto_ids = set()
        self.all_python_objects = WeakIdentityDict()
        self.save_path_tensor = save_path_tensor
        self.save_path_string = save_path
        self.dtype_map = CheckpointReader(save_path).get_variable_to_dtype_map()
        self.restore_ops = []
        self.restore_ops_by_name = restore_op_cache
        self.graph_view = graph_view
        self.new_restore_ops_callback = None
        self.deferred_slot_restorations = {}
        self.slot_restorations = {}
        for i, node in enumerate(object_graph_proto.nodes):
            for slot in node.slot_variables:
                waiting = self.slot_restorations.setdefault(slot.original_variable_node_id, [])
                waiting.append(_Slot(i, slot.slot_variable_node_id, slot.slot_name))
        self._report = _Report(object_graph_proto, self.matched_proto_ids, self.unused_attributes)

    @property
    def expect_partial(self):
        """Whether no warning is to tell of what has not been used."""
        return self._report.expect_partial

    @expect_partial.setter
    def expect_partial(self, value):
        self._report.expect_partial = value

    def new_restore_ops(self, new_ops):
        """Notes more operations to run."""
        self.restore_ops.extend(new_ops)
        if self.new_restore_ops_callback:
            self.new_restore_ops_callback(new_ops)

    def restore_saveables(self, tensor_saveables, python_saveables):
        """Restores the state of Python objects and, eagerly, of variables.

        Args:
          tensor_saveables: key -> `SaveableObject` or variable.
          python_saveables: a list of `PythonStateSaveable`.

        Returns:
          In a graph, the list of operations that restore variables.
        """
        if python_saveables:
            reader = CheckpointReader(self.save_path_string)
            for saveable in python_saveables:
                saveable.python_restore([reader.get_tensor(spec.name) for spec in saveable.specs])
        if not tensor_saveables:
            return []
        validated = validate_and_slice_inputs(tensor_saveables)
        names = {s.name for s in validated}
        if names != set(tensor_saveables):
            raise AssertionError("Saveable keys changed when validating. Got back %s, was expecting %s"
                                 % (tensor_saveables.keys(), names))  # fmt: skip
        restored = MultiDeviceSaver(validated).restore(self.save_path_tensor)
        if here.eager:
            return []
        self.restore_ops_by_name.update(restored)
        return [operation for _, operation in sorted(restored.items())]


@export("python.training.tracking.util._NameBasedRestoreCoordinator")
class NameBasedRestoreCoordinator:
    """A restore of objects from a checkpoint of a `Saver`, in which variables have their global names.

    Args:
      save_path: the checkpoint's name.
      dtype_map: name -> type of its tensors; needed eagerly.

    Attributes:
      unused_attributes: object -> attributes that are not in the checkpoint, by identity, not kept alive.
    """

    def __init__(self, save_path, dtype_map=None):
        self.save_path = save_path
        self.dtype_map = dtype_map
        self.unused_attributes = WeakIdentityDict()
        self.restore_uid = new_restore_uid()

    def globally_named_object_attributes(self, trackable):
        """Yields `SaveableObject`s, with global names, for what an object saves."""
        for name, factory in trackable._gather_saveables_for_checkpoint().items():
            if callable(factory):
                try:
                    saveable = factory()
                except TypeError:  # it has no global name
                    if not factory("").optional_restore:
                        self.unused_attributes.setdefault(trackable, []).append(name)
                    continue
            else:
                saveable = factory
            for full_name, thing in op_list_to_dict([saveable], convert_variable_to_tensor=False).items():
                yield from saveable_objects_for_op(thing, full_name)

    def eager_restore(self, trackable):
        """Restores what an object itself saves, as far as it is in the checkpoint."""
        for saveable in self.globally_named_object_attributes(trackable):
            missing = [spec.name for spec in saveable.specs if spec.name not in self.dtype_map]
            if missing:
                self.unused_attributes.setdefault(trackable, []).append(saveable.name)
                continue
            names = [spec.name for spec in saveable.specs]
            with device("cpu:0"):
                values = restore_v2(self.save_path, names, [""] * len(names), [self.dtype_map[n] for n in names])
            saveable.restore(restored_tensors=[values[i] for i in range(len(names))], restored_shapes=None)
