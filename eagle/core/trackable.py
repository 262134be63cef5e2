"""What can be saved: `Trackable`, objects with named dependencies on other objects, and `SaveableObject`, one saved thing.

Only the keeping of books is here.  A position in a checkpoint that is being restored (saved/trackable_restore.py) comes as an
argument.
"""

import collections
import contextlib
import functools

from . import dtypes
from .context import here
from .export import export
from .scopes import init_scope

OBJECT_GRAPH_PROTO_KEY = export("python.training.tracking.base.OBJECT_GRAPH_PROTO_KEY")("_CHECKPOINTABLE_OBJECT_GRAPH")
VARIABLE_VALUE_KEY = export("python.training.tracking.base.VARIABLE_VALUE_KEY")("VARIABLE_VALUE")
OBJECT_CONFIG_JSON_KEY = export("python.training.tracking.base.OBJECT_CONFIG_JSON_KEY")("OBJECT_CONFIG_JSON")

TrackableReference = export(
    "python.training.tracking.base.TrackableReference", "python.training.checkpointable.base.CheckpointableReference"
)(collections.namedtuple("TrackableReference", ["name", "ref"]))


# -------------------------------------------------------------------------------------------------------- what is saved


@export("python.training.saving.saveable_object.SaveSpec")
class SaveSpec:
    """One tensor to save.

    Args:
      tensor: the tensor, or a function that gives it.
      slice_spec: which part of a larger tensor it is (see `Variable.SaveSliceInfo`), or "".
      name: its name in the checkpoint.
      dtype, device: of the tensor; needed where `tensor` is a function.

    Raises:
      AssertionError: `tensor` is a function and `dtype` or `device` is missing.
    """

    def __init__(self, tensor, slice_spec, name, dtype=None, device=None):
        self._tensor = tensor
        self.slice_spec = slice_spec
        self.name = name
        if callable(tensor):
            if dtype is None or device is None:
                raise AssertionError(
                    "When passing a callable `tensor` to a SaveSpec, an explicit dtype and device must be provided."
                )
            self.dtype, self.device = dtype, device
        else:
            self.dtype, self.device = tensor.dtype, tensor.device

    @property
    def tensor(self):
        """The tensor."""
        return self._tensor() if callable(self._tensor) else self._tensor


@export("python.training.saving.saveable_object.SaveableObject")
class SaveableObject:
    """Something that is saved as one or more tensors, and restored from them.

    Args:
      op: what is saved, a variable for one.
      specs: a list of `SaveSpec`, all on one device.
      name: the name in the checkpoint.
    """

    def __init__(self, op, specs, name):
        self.op = op
        self.specs = specs
        self.name = name

    @property
    def optional_restore(self):
        """Whether a checkpoint may lack it."""
        return False

    @property
    def device(self):
        """The device of its tensors."""
        return self.specs[0].device

    def restore(self, restored_tensors, restored_shapes):
        """Restores the object.

        Args:
          restored_tensors: the tensors from the checkpoint.
          restored_shapes: the shapes that they are to get, or None.

        Returns:
          The operation that does it.
        """
        raise ValueError("Calling an abstract method.")


# ------------------------------------------------------------------------------------------------------------- tracking


@export("python.training.tracking.base.CheckpointInitialValue")
class CheckpointInitialValue:
    """The initial value of a variable that comes from a checkpoint; it behaves as the tensor does.

    Attributes:
      wrapped_value: the tensor.
      checkpoint_position: where it comes from.
    """

    is_tensor_like = True

    def __init__(self, checkpoint_position, shape=None):
        self.wrapped_value = checkpoint_position.value_tensors()[VARIABLE_VALUE_KEY]
        if shape:
            self.wrapped_value.set_shape(shape)
        self.checkpoint_position = checkpoint_position

    @property
    def restore_uid(self):
        return self.checkpoint_position.restore_uid

    def __getattr__(self, name):
        return getattr(self.__dict__["wrapped_value"], name)


@export("python.training.tracking.base.no_automatic_dependency_tracking")
def no_automatic_dependency_tracking(method):
    """A decorator of methods in which attributes may be set without becoming dependencies."""

    @functools.wraps(method)
    def wrapper(self, *args, **kwargs):
        before = getattr(self, "_self_setattr_tracking", True)
        self._self_setattr_tracking = False
        try:
            return method(self, *args, **kwargs)
        finally:
            self._self_setattr_tracking = before

    return wrapper


@export("python.training.tracking.base.no_automatic_dependency_tracking_scope")
@contextlib.contextmanager
def no_automatic_dependency_tracking_scope(obj):
    """A context manager in which attributes of an object may be set without becoming dependencies."""
    before = getattr(obj, "_setattr_tracking", True)
    obj._setattr_tracking = False
    try:
        yield
    finally:
        obj._setattr_tracking = before


@export("python.training.tracking.base.no_manual_dependency_tracking_scope")
@contextlib.contextmanager
def no_manual_dependency_tracking_scope(obj):
    """A context manager in which `_track_trackable` of an object notes nothing."""
    before = getattr(obj, "_manual_tracking", True)
    obj._manual_tracking = False
    try:
        yield
    finally:
        obj._manual_tracking = before


@export(
    "python.training.tracking.base.Trackable", "python.training.checkpointable.base.Checkpointable",
    "python.training.checkpointable.base.CheckpointableBase", "python.training.checkpointable.base.Trackable",
    "contrib.checkpoint.CheckpointableBase",
)  # fmt: skip
class Trackable:
    """The base of objects that object-based checkpoints save: they have named dependencies on others of their kind."""

    # Nothing is kept until something is tracked, so that classes need not call this class's `__init__`.

    @property
    def _setattr_tracking(self):
        return self.__dict__.get("_self_setattr_tracking", True)

    @_setattr_tracking.setter
    def _setattr_tracking(self, value):
        self._self_setattr_tracking = value

    @property
    def _update_uid(self):
        """The number of the restore that the object's value comes from; -1 for none."""
        return self._self_update_uid

    @_update_uid.setter
    def _update_uid(self, value):
        self._self_update_uid = value

    @property
    def _unconditional_checkpoint_dependencies(self):
        return self._self_unconditional_checkpoint_dependencies

    @property
    def _unconditional_dependency_names(self):
        return self._self_unconditional_dependency_names

    @property
    def _name_based_restores(self):
        return self._self_name_based_restores

    @no_automatic_dependency_tracking
    def _maybe_initialize_trackable(self):
        if hasattr(self, "_self_unconditional_checkpoint_dependencies"):
            return
        self._self_unconditional_checkpoint_dependencies = []
        self._self_unconditional_dependency_names = {}
        self._self_unconditional_deferred_dependencies = {}
        if hasattr(self, "_self_update_uid"):
            raise AssertionError("Internal error: the object had an update UID set before its initialization code was run.")
        self._self_update_uid = -1
        self._self_name_based_restores = set()

    @property
    def _object_identifier(self):
        """What kind of object this is, for a SavedModel."""
        return "_generic_user_object"

    @property
    def _tracking_metadata(self):
        """More about the object, for a SavedModel."""
        return ""

    def _no_dependency(self, value):
        """A value as it is to be set as an attribute without becoming a dependency."""
        return value

    # -------------------------------------------------------------------------------------------------- dependencies

    @property
    def _checkpoint_dependencies(self):
        """All dependencies, a list of `TrackableReference`; a class may add some that depend on circumstances."""
        return self._self_unconditional_checkpoint_dependencies

    @property
    def _deferred_dependencies(self):
        """name -> list of positions in checkpoints, for dependencies that are not there yet."""
        return self._self_unconditional_deferred_dependencies

    def _lookup_dependency(self, name):
        """The dependency of this name, or None."""
        return self._self_unconditional_dependency_names.get(name)

    def _track_trackable(self, trackable, name, overwrite=False):
        """Adds a dependency.

        Args:
          trackable: the `Trackable` that this object depends on.
          name: its name here, by which checkpoints find it.
          overwrite: whether it may take the place of another one.

        Returns:
          `trackable`.

        Raises:
          TypeError: it is no `Trackable`.
          ValueError: there is another one of this name.
        """
        self._maybe_initialize_trackable()
        if not isinstance(trackable, Trackable):
            raise TypeError("Trackable._track_trackable() passed type %s, not a Trackable." % (type(trackable),))
        if not getattr(self, "_manual_tracking", True):
            return trackable
        reference, current = TrackableReference(name, trackable), self._lookup_dependency(name)
        if current is None:
            self._self_unconditional_checkpoint_dependencies.append(reference)
            self._handle_deferred_dependencies(name=name, trackable=trackable)
        elif current is not trackable:
            if not overwrite:
                raise ValueError("Called Trackable._track_trackable() with name='%s', but a Trackable with this name is already "
                                 "declared as a dependency. Names must be unique (or overwrite=True)." % (name,))  # fmt: skip
            references = self._self_unconditional_checkpoint_dependencies
            references[:] = [reference if r.name == name else r for r in references]
        self._self_unconditional_dependency_names[name] = trackable
        return trackable

    def _add_variable_with_custom_getter(self, name, shape=None, dtype=dtypes.float32, initializer=None, getter=None,
                                         overwrite=False, **kwargs_for_getter):  # fmt: skip
        """Makes a variable that is a dependency; its value comes from a checkpoint if one waits for it.

        Args:
          name: its name, here too.
          shape, dtype, initializer: of the variable; the last has no meaning if a checkpoint waits for it.
          getter: what makes the variable, called with these and `kwargs_for_getter`.
          overwrite: whether it may take the place of another dependency.

        Returns:
          The variable.

        Raises:
          ValueError: there is a dependency of this name.
        """
        self._maybe_initialize_trackable()
        with init_scope():
            restored = self._preload_simple_restoration(name=name, shape=shape) if here.eager else None
        newer = isinstance(initializer, CheckpointInitialValue) and restored and initializer.restore_uid > restored.restore_uid
        if restored is not None and not newer:
            initializer, shape = restored, None
        variable = getter(name=name, shape=shape, dtype=dtype, initializer=initializer, **kwargs_for_getter)
        if not overwrite or isinstance(variable, Trackable):
            return self._track_trackable(variable, name=name, overwrite=overwrite)
        return variable

    # ----------------------------------------------------------------------------------------------------- restoring

    def _preload_simple_restoration(self, name, shape):
        """The value for a variable that is to be made, as a `CheckpointInitialValue`; None if no checkpoint waits for it."""
        waiting = self._deferred_dependencies.get(name, ())
        if not waiting or not all(p.is_simple_variable() for p in waiting):
            return None
        return max(waiting, key=_uid).initial_value(shape)

    def _handle_deferred_dependencies(self, name, trackable):
        """Restores a new dependency from the checkpoints that wait for it."""
        self._maybe_initialize_trackable()
        trackable._maybe_initialize_trackable()
        for position in sorted(self._deferred_dependencies.pop(name, ()), key=_uid, reverse=True):
            position.restore(trackable)
        for checkpoint in sorted(self._self_name_based_restores, key=lambda c: c.restore_uid, reverse=True):
            trackable._name_based_attribute_restore(checkpoint)

    def _name_based_attribute_restore(self, checkpoint):
        """Restores what this object itself saves from a checkpoint that goes by global names."""
        self._self_name_based_restores.add(checkpoint)
        if self._self_update_uid < checkpoint.restore_uid:
            checkpoint.eager_restore(self)
            self._self_update_uid = checkpoint.restore_uid

    def _restore_from_checkpoint_position(self, checkpoint_position):
        """Restores this object and all that it depends on; what is not there yet will be when it comes."""
        queue = collections.deque([checkpoint_position])
        operations, tensor_saveables, python_saveables = [], {}, []
        while queue:
            position = queue.popleft()
            found = position.trackable._single_restoration_from_checkpoint_position(position, queue)
            operations.extend(found[0])
            tensor_saveables.update(found[1])
            python_saveables.extend(found[2])
        operations.extend(checkpoint_position.checkpoint.restore_saveables(tensor_saveables, python_saveables))
        return operations

    def _single_restoration_from_checkpoint_position(self, checkpoint_position, visit_queue):
        """Finds what restores this object alone, and adds its dependencies to the queue."""
        self._maybe_initialize_trackable()
        checkpoint = checkpoint_position.checkpoint
        found = (), {}, ()
        if checkpoint.restore_uid > self._self_update_uid:
            found = checkpoint_position.gather_ops_or_named_saveables()
            self._self_update_uid = checkpoint.restore_uid
        for child in checkpoint_position.object_proto.children:
            position = checkpoint_position.at(child.node_id)
            dependency = self._lookup_dependency(child.local_name)
            if dependency is None:
                self._deferred_dependencies.setdefault(child.local_name, []).append(position)
            elif position.bind_object(dependency):
                visit_queue.append(position)
        return found

    # --------------------------------------------------------------------------------------------------------- saving

    def _gather_saveables_for_checkpoint(self):
        """What this object itself saves: name -> a variable, a `SaveableObject`, or a function from a name to one.

        A function whose name has a default can serve checkpoints that go by global names, too.
        """
        return {}

    def _list_extra_dependencies_for_serialization(self, serialization_cache):
        """More dependencies that a SavedModel saves: name -> `Trackable`."""
        return {}

    def _list_functions_for_serialization(self, serialization_cache):
        """The functions that a SavedModel saves: name -> function."""
        return {}


def _uid(position):
    return position.restore_uid
