"""The graph of objects behind a checkpoint: what depends on what, and under which keys the objects are saved."""

import collections
import weakref

from .. import protos
from ..core.convert import constant
from ..core.dtypes import string
from ..core.export import export
from ..core.identity import IdentityDict
from ..core.scopes import NOTHING, device
from ..core.trackable import OBJECT_GRAPH_PROTO_KEY, SaveableObject
from ..variables.tracking import NoRestoreSaveable, NotTrackable, PythonStateSaveable
from .saver_saveables import op_list_to_dict, saveable_objects_for_op

_Described = collections.namedtuple("_Described", ["objects", "node_ids", "names", "slots"])


def escaped(name):
    """A name as it stands in a key: slashes separate objects, and what begins with a dot is ours."""
    return name.replace(".", "..").replace("/", ".S")


def saves_slots(trackable):
    """Whether an object is an optimizer: it has slot variables, which are saved with what they belong to."""
    return hasattr(trackable, "_create_or_restore_slot_variable")


@export("python.training.tracking.graph_view.ObjectGraphView")
class ObjectGraphView:
    """All that an object depends on.

    Args:
      root: the object, or a weak reference to it.
      saveables_cache: in a graph a dictionary, by identity, object -> name of an attribute -> list of `SaveableObject`s, so that
        these are made only once; else None.
    """

    def __init__(self, root, saveables_cache=None):
        self._root_ref = root
        self.saveables_cache = saveables_cache

    @property
    def root(self):
        """The object."""
        return self._root_ref() if isinstance(self._root_ref, weakref.ref) else self._root_ref

    def list_dependencies(self, obj):
        """What an object itself depends on, a list of `TrackableReference`."""
        obj._maybe_initialize_trackable()
        return obj._checkpoint_dependencies

    def list_objects(self):
        """All objects, the root first; slot variables last."""
        return self._describe().objects

    def objects_ids_and_slot_variables(self):
        """All objects, the number of each, and for optimizers the list of `SlotVariableReference`."""
        described = self._describe()
        return described.objects, described.node_ids, described.slots

    def _describe(self):
        """Finds all objects, level by level, with their numbers and the beginnings of their keys."""
        root = self.root
        objects, names, waiting = [], IdentityDict([(root, "")]), collections.deque([root])
        while waiting:
            current = waiting.popleft()
            if isinstance(current, NotTrackable):
                raise NotImplementedError(
                    "The object %s does not support object-based saving. File a feature request if this limitation bothers you. In "
                    "the meantime, you can remove the dependency on this object and save everything else." % (current,)
                )
            objects.append(current)
            for name, dependency in self.list_dependencies(current):
                if dependency not in names:
                    names[dependency] = "%s/%s" % (names[current], escaped(name)) if current is not root else escaped(name)
                    waiting.append(dependency)
        node_ids = IdentityDict((thing, i) for i, thing in enumerate(objects))
        return _Described(objects, node_ids, names, _add_slots(objects, node_ids, names))

    def serialize_object_graph(self):
        """Describes the graph for a checkpoint.

        Returns:
          The list of `SaveableObject`s, the `TrackableObjectGraph`, and what to feed when saving; None instead of the last if there
          is no cache: then the state of Python objects is saved as it is.
        """
        return self._serialize(self._describe(), None)

    def _serialize(self, described, object_map):
        graph = protos.TrackableObjectGraph()
        for thing in described.objects:
            node = graph.nodes.add()
            node.slot_variables.extend(described.slots.get(thing, ()))
            for name, dependency in self.list_dependencies(thing):
                node.children.add(node_id=described.node_ids[dependency], local_name=name)
        feeds = None if self.saveables_cache is None else {}
        saveables = []
        for thing, node in zip(described.objects, graph.nodes):
            saved = thing if object_map is None else object_map.get(thing, thing)
            for name, factory in saved._gather_saveables_for_checkpoint().items():
                key = "%s/.ATTRIBUTES/%s" % (described.names[thing], escaped(name))
                attribute = node.attributes.add(name=name, checkpoint_key=key)
                own = self._saveables_of(saved, name, factory, key)
                attribute.optional_restore = bool(own) and all(s.optional_restore for s in own)
                for saveable in own:
                    if hasattr(saveable, "full_name"):
                        attribute.full_name = saveable.full_name
                    saveables.append(_with_state(saveable, thing, feeds))
        return saveables, graph, feeds

    def _saveables_of(self, thing, name, factory, key):
        """The `SaveableObject`s for an attribute of an object, made anew if those in the cache have another key."""
        known = None if self.saveables_cache is None else self.saveables_cache.setdefault(thing, {})
        found = known.get(name) if known else None
        if found is None or not all(key in s.name for s in found):
            found = _make_saveables(factory, key)
            for s in found:
                if key not in s.name:
                    raise AssertionError(
                        "The object %s produced a SaveableObject with name '%s' for attribute '%s'. Expected a name containing "
                        "'%s'." % (thing, s.name, name, key)
                    )
            if known is not None:
                known[name] = found
        return found

    def frozen_saveable_objects(self, object_map=None, to_graph=None):
        """`SaveableObject`s for the graph as it is now, the description of the graph among them.

        Args:
          object_map: by identity, object -> the one whose values to save in its place.
          to_graph: the graph in which to make what is made; by default the default graph.
        """
        described = self._describe()
        with to_graph.as_default() if to_graph else NOTHING:
            saveables, graph, _ = self._serialize(described, object_map)
            with device("/cpu:0"):
                text = constant(graph.SerializeToString(), dtype=string)
            return [*saveables, NoRestoreSaveable(text, OBJECT_GRAPH_PROTO_KEY)]


def _add_slots(objects, node_ids, names):
    """Adds the slot variables whose optimizers and variables are among the objects; optimizer -> their list, by identity."""
    slots, ordinary = IdentityDict(), list(objects)
    for optimizer in filter(saves_slots, ordinary):
        for slot_name in optimizer.get_slot_names():
            for i, variable in enumerate(ordinary):
                try:
                    slot = optimizer.get_slot(variable, slot_name)
                except (AttributeError, KeyError):
                    continue  # no variable
                if slot is None:
                    continue
                slot._maybe_initialize_trackable()
                _check_slot(slot, node_ids)
                names[slot] = "%s/.OPTIMIZER_SLOT/%s/%s" % (names[variable], names[optimizer], escaped(slot_name))
                node_ids[slot] = len(objects)
                objects.append(slot)
                reference = protos.TrackableObjectGraph.TrackableObject.SlotVariableReference(
                    slot_name=slot_name, original_variable_node_id=i, slot_variable_node_id=node_ids[slot])  # fmt: skip
                slots.setdefault(optimizer, []).append(reference)
    return slots


def _check_slot(slot, node_ids):
    if slot._checkpoint_dependencies:
        raise NotImplementedError("Currently only variables with no dependencies can be saved as slot variables. File a feature "
                                  "request if this limitation bothers you.")  # fmt: skip
    if slot in node_ids:
        raise NotImplementedError("A slot variable was re-used as a dependency of a Trackable object. This is not currently "
                                  "allowed. File a feature request if this limitation bothers you.")  # fmt: skip


def _make_saveables(factory, key):
    """The `SaveableObject`s that what `_gather_saveables_for_checkpoint` gives for an attribute makes for a key."""
    made = factory(name=key) if callable(factory) else factory
    if isinstance(made, SaveableObject):
        return (made,)
    (full_name,) = op_list_to_dict([made], convert_variable_to_tensor=False)
    saveables = tuple(saveable_objects_for_op(made, key))
    for s in saveables:
        s.full_name = full_name
    return saveables


def _with_state(saveable, thing, feeds):
    """A saveable; for the state of a Python object one that saves it, or itself with the state added to the feeds."""
    if not isinstance(saveable, PythonStateSaveable):
        return saveable
    if feeds is None:
        return saveable.freeze()
    for key, value in saveable.feed_dict_additions().items():
        if key in feeds:
            raise AssertionError("The object %s tried to feed a value for the Tensor %s when saving, but another object is already "
                                 "feeding a value." % (thing, key))  # fmt: skip
        feeds[key] = value
    return saveable


@export("contrib.checkpoint.list_objects", "python.training.tracking.util.list_objects")
def list_objects(root_trackable):
    """All objects that a checkpoint of an object would save, as a list, the object first."""
    return ObjectGraphView(root_trackable).list_objects()


@export("python.training.tracking.util.gather_initializers")
def gather_initializers(root_trackable):
    """The initializers of all objects that a checkpoint of an object would save."""
    initializers = (getattr(thing, "initializer", None) for thing in list_objects(root_trackable))
    return [i for i in initializers if i is not None]
