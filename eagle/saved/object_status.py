"""What `tf.train.Checkpoint.restore` returns: checks of what was restored, and in a graph the operations to run."""

from ..core.context import here
from ..core.errors import NotYetError
from ..core.export import export, resolve
from ..core.identity import IdentityDict
from ..core.scopes import device
from ..platform import tf_logging as logging
from ..variables.structures import TrackableDataStructure
from .object_restore import NodeNames, new_restore_uid
from .saver import Saver

_NOTHING_GIVEN = "No checkpoint specified (save_path=None); nothing is being restored."


@export("python.training.tracking.util.get_session")
def get_session():
    """The default session; if there is none that of Keras."""
    return here.sessions[-1] if here.sessions else resolve("keras.backend.get_session")()


def _initializers(objects, restore_uid):
    """The initializers of objects that no restore from this one on has a value for."""
    waiting = [c for c in objects if getattr(c, "_update_uid", restore_uid - 1) < restore_uid]
    return [c.initializer for c in waiting if getattr(c, "initializer", None) is not None]


@export("python.training.tracking.util._LoadStatus")
class LoadStatus:
    """The base of what `restore` returns."""

    def expect_partial(self):
        """Lets nobody be warned of what in the checkpoint is not used; returns itself."""
        return self


@export("python.training.tracking.util.CheckpointLoadStatus")
class CheckpointLoadStatus(LoadStatus):
    """The status of a restore from an object-based checkpoint.

    Args:
      checkpoint: the `CheckpointRestoreCoordinator`.
      feed_dict: what to feed to the operations.
      graph_view: the `ObjectGraphView` of the objects.
    """

    def __init__(self, checkpoint, feed_dict, graph_view):
        self._checkpoint = checkpoint
        self._feed_dict = feed_dict
        self._graph_view = graph_view
        self._root = graph_view.root  # keeps it alive

    def assert_consumed(self):
        """Raises AssertionError unless everything here and in the checkpoint has its counterpart; returns itself."""
        checkpoint = self._checkpoint
        names = NodeNames(checkpoint.object_graph_proto)
        self.assert_existing_objects_matched()
        for node_id, node in enumerate(checkpoint.object_graph_proto.nodes):
            if node_id not in checkpoint.object_by_proto_id:
                raise AssertionError("Unresolved object in checkpoint %s: %s" % (names[node_id], node))
        if checkpoint.slot_restorations:
            raise AssertionError("Unresolved slot restorations: %s" % (checkpoint.slot_restorations,))
        if checkpoint.unused_attributes:
            lines = ["%s (%s): %s" % (names[node_id], checkpoint.object_by_proto_id[node_id], attribute)
                     for node_id, attribute in checkpoint.unused_attributes.items()]  # fmt: skip
            raise AssertionError("Unused attributes in these objects (the attributes exist in the checkpoint but were not "
                                 "restored):\n" + "\n".join(lines))  # fmt: skip
        return self

    def assert_existing_objects_matched(self):
        """Raises AssertionError unless everything here has its counterpart in the checkpoint; returns itself."""
        checkpoint = self._checkpoint
        for node_id, node in enumerate(checkpoint.object_graph_proto.nodes):
            trackable = checkpoint.object_by_proto_id.get(node_id)
            if trackable is not None and trackable._update_uid < checkpoint.restore_uid:
                raise AssertionError("Object not assigned a value from checkpoint: %s" % (node,))
        unmatched = self._unmatched(
            lambda thing: not isinstance(thing, TrackableDataStructure) or thing._checkpoint_dependencies  # not the empty ones
        )
        if unmatched:
            raise AssertionError("Some Python objects were not bound to checkpointed values, likely due to changes in the Python "
                                 "program: %s" % (unmatched,))  # fmt: skip
        return self

    def _unmatched(self, counts=lambda thing: True):
        """The objects without a counterpart in the checkpoint."""
        everything = self._checkpoint.all_python_objects
        for thing in self._graph_view.list_objects():
            if counts(thing):
                everything[thing] = True
        matched = IdentityDict((thing, True) for thing in self._checkpoint.object_by_proto_id.values())
        return [thing for thing in everything if thing not in matched]

    def assert_nontrivial_match(self):
        """Raises AssertionError if nothing but the root has a counterpart in the checkpoint; returns itself."""
        unmatched = self._unmatched()
        if len(self._checkpoint.object_by_proto_id) > 1:
            return self
        if unmatched:
            raise AssertionError("Nothing except the root object matched a checkpointed value. Typically this means that the "
                                 "checkpoint does not match the Python program. The following objects have no matching "
                                 "checkpointed value: %s" % (unmatched,))  # fmt: skip
        raise AssertionError("Nothing to load. No dependencies have been added to %s yet." % (self._graph_view.root,))

    def run_restore_ops(self, session=None):
        """Runs the operations that restore, in a graph; `session` is by default the default session."""
        if not here.eager:
            (session or get_session()).run(self._checkpoint.restore_ops, feed_dict=self._feed_dict)

    def initialize_or_restore(self, session=None):
        """The same, and initializes what the checkpoint has no value for."""
        if here.eager:
            return
        session = session or get_session()
        objects = self._graph_view.list_objects()
        matched = IdentityDict((thing, True) for thing in self._checkpoint.object_by_proto_id.values())
        others = _initializers([thing for thing in objects if thing not in matched], self._checkpoint.restore_uid)
        self.run_restore_ops(session=session)
        session.run(others)

    def expect_partial(self):
        self._checkpoint.expect_partial = True
        return self


@export("python.training.tracking.util.InitializationOnlyStatus")
class InitializationOnlyStatus(LoadStatus):
    """The status where there is no checkpoint to restore from; variables can be initialized."""

    def __init__(self, graph_view, restore_uid=None):
        self._restore_uid = new_restore_uid() if restore_uid is None else restore_uid
        self._graph_view = graph_view
        self._root = graph_view.root

    def assert_consumed(self):
        """Raises AssertionError."""
        raise AssertionError(_NOTHING_GIVEN)

    assert_existing_objects_matched = assert_nontrivial_match = assert_consumed

    def run_restore_ops(self, session=None):
        """Raises AssertionError; `initialize_or_restore` does what can be done."""
        raise AssertionError("No checkpoint specified, so no restore ops are available (save_path=None to Saver.restore).")

    def initialize_or_restore(self, session=None):
        """Initializes the variables, in a graph; `session` is by default the default session."""
        if not here.eager:
            (session or get_session()).run(_initializers(self._graph_view.list_objects(), self._restore_uid))


@export("python.training.tracking.util.NameBasedSaverStatus")
class NameBasedSaverStatus(LoadStatus):
    """The status of a restore from a checkpoint of a `Saver`."""

    def __init__(self, checkpoint, graph_view):
        logging.warning(
            "Restoring a name-based tf.train.Saver checkpoint using the object-based restore API. This mode uses global names to "
            "match variables, and so is somewhat fragile. It also adds new restore ops to the graph each time it is called when "
            "graph building. Prefer re-encoding training checkpoints in the object-based format: run save() on the object-based "
            "saver (the same one this message is coming from) and use that checkpoint in the future."
        )
        self._checkpoint = checkpoint
        self._graph_view = graph_view
        self._root = graph_view.root

    def assert_consumed(self):
        """Raises AssertionError unless all objects have been restored; returns itself."""
        unused = ["\n    %s: %s" % item for item in self._checkpoint.unused_attributes.items()]
        if unused:
            raise AssertionError("Some objects had attributes which were not restored:" + "".join(unused))
        for thing in self._graph_view.list_objects():
            thing._maybe_initialize_trackable()
            if thing._update_uid < self._checkpoint.restore_uid:
                raise AssertionError("Object not restored: %s" % (thing,))
        return self

    assert_existing_objects_matched = assert_nontrivial_match = assert_consumed

    def run_restore_ops(self, session=None):
        """Restores the variables, in a graph, with a new `Saver`; `session` is by default the default session."""
        if here.eager:
            return
        with device("/cpu:0"):
            Saver(self._new_saveables()).restore(sess=session or get_session(), save_path=self._checkpoint.save_path)

    initialize_or_restore = run_restore_ops

    def _new_saveables(self):
        """What saves the objects that have no newer values."""
        found = []
        for thing in self._graph_view.list_objects():
            thing._maybe_initialize_trackable()
            if thing._update_uid < self._checkpoint.restore_uid:
                thing._update_uid = self._checkpoint.restore_uid
                found.extend(self._checkpoint.globally_named_object_attributes(thing))
        return found


@export("python.training.tracking.util.streaming_restore")
def streaming_restore(status, session=None):
    """Lets a restore in a graph go on by itself: operations for objects that come are run at once.

    Args:
      status: what `restore` returned.
      session: the session to run them in; by default the default session.
    """
    if here.eager:
        return
    if isinstance(status, NameBasedSaverStatus):
        raise NotYetError(
            "Streaming restore not supported from name-based checkpoints when graph building. File a feature request if this "
            "limitation bothers you. As a workaround, consider either using tf.train.Checkpoint to load name-based checkpoints or "
            "enabling eager execution."
        )
    session = session or get_session()
    status.run_restore_ops(session=session)
    status._checkpoint.new_restore_ops_callback = lambda new: session.run(new, feed_dict=status._feed_dict)
