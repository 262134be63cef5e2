"""`AutoTrackable`: objects whose attributes are their dependencies; and other things that checkpoints save."""

import abc
import contextlib
import functools
import io

import numpy as np

from ..core import dtypes
from ..core.context import eager_mode, here
from ..core.convert import constant, convert, register_tensor_conversion_function
from ..core.dispatch import registry
from ..core.export import export, resolve
from ..core.graph import get_default_graph
from ..core.scopes import device, init_scope
from ..core.trackable import SaveableObject, SaveSpec, Trackable, TrackableReference
from . import structures_dicts, structures_lists  # noqa: F401 - what lists and dictionaries become
from .scope import variable_creator_scope
from .structures import NoDependency, is_function, sticky_attribute_assignment


@export("python.training.tracking.tracking.NotTrackable")
class NotTrackable:
    """Marks objects that would look as if checkpoints could save them, but can't be saved."""


@export(
    "contrib.checkpoint.Checkpointable", "contrib.eager.Checkpointable", "python.training.tracking.tracking.AutoTrackable",
    "python.training.tracking.tracking.Checkpointable",
)  # fmt: skip
class AutoTrackable(Trackable):
    """An object whose attributes are its dependencies, by their names, as far as checkpoints save them.

    Lists and dictionaries are wrapped for that; `tf.contrib.checkpoint.NoDependency` keeps a value as it is.
    """

    def __setattr__(self, name, value):
        if self.__dict__.get(name, sticky_attribute_assignment) is value:  # `x.y = x.y`
            return
        if getattr(self, "_self_setattr_tracking", True):
            value = sticky_attribute_assignment(trackable=self, value=value, name=name)
        super().__setattr__(name, value)

    def __delattr__(self, name):
        self._maybe_initialize_trackable()
        delete_tracking(self, name)
        super().__delattr__(name)

    def _no_dependency(self, value):
        return NoDependency(value)

    def _list_functions_for_serialization(self, serialization_cache):
        found = {}
        for name in dir(self):
            try:
                value = getattr(self, name, None)
            except Exception:  # an attribute that can't be read is none of our business
                continue
            if is_function(value):
                found[name] = value
        return found


@export("contrib.checkpoint.capture_dependencies", "python.training.tracking.util.capture_dependencies")
@contextlib.contextmanager
def capture_dependencies(template):
    """A context manager in which an object comes to depend on the variables that are made in its variable scope.

    If a scope of this kind is inside, whose object is in the variable scope, the object depends on that object instead.

    Args:
      template: the object; its attribute `variable_scope` is the scope.
    """
    prefix = template.variable_scope.name

    def create(next_creator, name, initial_value, trackable_parent=None, **kwargs):
        if name is None or not name.startswith(prefix):
            return next_creator(name=name, initial_value=initial_value, trackable_parent=(template, prefix), **kwargs)
        if trackable_parent:
            inner, inner_prefix = trackable_parent
            template._track_trackable(inner, name=inner_prefix[len(prefix) + 1 :], overwrite=True)
            return next_creator(name=name, initial_value=initial_value, trackable_parent=(template, prefix), **kwargs)

        def make(name, initializer, **arguments):  # `name` is that in the scope only
            return next_creator(name=full_name, initial_value=initializer, **arguments)

        full_name = name
        return template._add_variable_with_custom_getter(
            name=name[len(prefix) + 1 :], initializer=initial_value, getter=make, overwrite=True,
            trackable_parent=(template, prefix), **kwargs)  # fmt: skip

    with variable_creator_scope(create):
        yield


@export("python.training.tracking.tracking.delete_tracking")
def delete_tracking(obj, name):
    """Lets an object depend no more on what it depends on under a name, if it does."""
    if obj._unconditional_dependency_names.pop(name, None) is not None:
        references = obj._unconditional_checkpoint_dependencies
        references[:] = [r for r in references if r.name != name]


# ---------------------------------------------------------------------------------------------------------------- resources

_trackers = []


@export("python.training.tracking.tracking.ResourceTracker")
class ResourceTracker:
    """Collects the resources that are made while it is active.

    Attributes:
      resources: a list of `TrackableResource`.
    """

    def __init__(self):
        self._resources = []

    @property
    def resources(self):
        return self._resources

    def add_resource(self, resource):
        """Adds one."""
        self._resources.append(resource)


@export("python.training.tracking.tracking.resource_tracker_scope")
@contextlib.contextmanager
def resource_tracker_scope(resource_tracker):
    """A context manager in which a `ResourceTracker` is active."""
    _trackers.append(resource_tracker)
    try:
        yield
    finally:
        _trackers.remove(resource_tracker)


@export("python.training.tracking.tracking.CapturableResourceDeleter")
class CapturableResourceDeleter:
    """Destroys a resource when it is itself deleted.

    Args:
      destroy_resource_fn: what destroys the resource; None if nothing need be done.
    """

    def __init__(self, destroy_resource_fn=None):
        self._destroy = destroy_resource_fn
        if destroy_resource_fn:
            self._context = eager_mode if here.eager else get_default_graph().as_default

    def destroy_resource(self):
        """Destroys the resource."""
        return self._destroy() if self._destroy else None

    def __del__(self):
        if self._destroy:
            with self._context():
                self._destroy()


@export("python.training.tracking.tracking.CapturableResource")
class CapturableResource(Trackable):
    """An object that has a resource, whose handle functions can capture.

    Args:
      device: the device to make the resource on.
      deleter: a `CapturableResourceDeleter`.
    """

    def __init__(self, device="", deleter=None):
        self._resource_handle = None
        self._resource_device = device
        self._resource_deleter = deleter or CapturableResourceDeleter()

    def _create_resource(self):
        """Makes the resource and returns its handle."""
        raise NotImplementedError("TrackableResource._create_resource not implemented.")

    def _initialize(self):
        """Initializes the resource."""

    @property
    def resource_handle(self):
        """The handle of the resource, which is made when it is first asked for."""
        if self._resource_handle is None:
            with device(self._resource_device):
                self._resource_handle = self._create_resource()
        return self._resource_handle

    def _list_functions_for_serialization(self, serialization_cache):
        def destroy():
            self._resource_deleter.destroy_resource()

        function = functools.partial(resolve("function"), input_signature=[], autograph=False)
        return {
            "_create_resource": function(lambda: self._create_resource()),
            "_initialize": function(_returning_one(lambda: self._initialize())),
            "_destroy_resource": function(_returning_one(destroy)),
        }


def _returning_one(act):
    def function():
        act()
        return 1  # a function of a SavedModel returns something

    return function


@export("python.training.tracking.tracking.TrackableResource")
class TrackableResource(CapturableResource):
    """A resource that the active `ResourceTracker`s collect."""

    def __init__(self, device="", deleter=None):
        for tracker in _trackers:
            tracker.add_resource(self)
        super().__init__(device=device, deleter=deleter)


@export("python.training.tracking.tracking.TrackableAsset")
class TrackableAsset(Trackable):
    """A file that a SavedModel takes along.

    Args:
      path: the path, a string or a tensor.
    """

    def __init__(self, path):
        with init_scope(), device("CPU"):
            self._path = convert(path, dtypes.string, "asset_path")

    @property
    def asset_path(self):
        """The path, a string tensor."""
        return self._path


register_tensor_conversion_function(
    TrackableAsset, lambda asset, dtype=None, name=None, as_ref=False: convert(asset.asset_path, dtype, name)
)

# ------------------------------------------------------------------------------------------------------- the state of objects


def _nothing():
    return None if here.eager else registry["NoOp"]()


@export("python.training.tracking.base.NoRestoreSaveable")
class NoRestoreSaveable(SaveableObject):
    """A tensor that is saved, and that nothing restores.

    Args:
      tensor: the tensor, or a function that gives it.
      name: its name in the checkpoint.
      dtype, device: of the tensor; needed for a function.
    """

    def __init__(self, tensor, name, dtype=None, device=None):
        super().__init__(tensor, [SaveSpec(tensor, "", name, dtype=dtype, device=device)], name)

    def restore(self, restored_tensors, restored_shapes):
        return _nothing()


@export("python.training.tracking.base.PythonStateSaveable")
class PythonStateSaveable(SaveableObject, abc.ABC):
    """State of Python objects that is saved."""

    @abc.abstractmethod
    def feed_dict_additions(self):
        """The state now, as a dictionary of feeds for the run that saves."""

    @abc.abstractmethod
    def freeze(self):
        """A `SaveableObject` for the state as it is when it is saved, without feeds."""


@export("python.training.tracking.base.PythonStringStateSaveable")
class PythonStringStateSaveable(PythonStateSaveable):
    """State of a Python object as a string.

    Args:
      name: its name in the checkpoint.
      state_callback: a function that gives the state.
      restore_callback: a function of the state that restores it; None if it need not be restored.
    """

    def __init__(self, name, state_callback, restore_callback=None):
        self._state_callback = state_callback
        self._restore_callback = restore_callback
        with device("/cpu:0"):
            self._save_string = constant("", dtype=dtypes.string)
        super().__init__(self._save_string, [SaveSpec(self._save_string, "", name, dtype=dtypes.string)], name)

    def _state(self):
        with init_scope():
            return self._state_callback()

    @property
    def optional_restore(self):
        return self._restore_callback is None

    def feed_dict_additions(self):
        return {self._save_string: self._state()}

    def freeze(self):
        return NoRestoreSaveable(lambda: constant(self._state(), dtype=dtypes.string), self.name, dtypes.string, "cpu:0")

    def python_restore(self, restored_strings):
        """Restores the state from a list of one string."""
        if self._restore_callback:
            (state,) = restored_strings
            self._restore_callback(state)

    def restore(self, restored_tensors, restored_shapes):
        return _nothing()


@export("train.experimental.PythonState", "contrib.checkpoint.PythonStateWrapper", "compat.v2.train.experimental.PythonState",
        "python.training.tracking.python_state.PythonState")  # fmt: skip
class PythonState(Trackable, abc.ABC):
    """An object whose state, which is not in variables, checkpoints save as a string; to be inherited from."""

    @abc.abstractmethod
    def serialize(self):
        """The state as a string."""

    @abc.abstractmethod
    def deserialize(self, string_value):
        """Takes over a state."""

    def _gather_saveables_for_checkpoint(self):
        make = functools.partial(PythonStringStateSaveable, state_callback=self.serialize, restore_callback=self.deserialize)
        return {"py_state": make}


class NumpyArray(PythonState):
    """An array as the state of an object.

    Attributes:
      array: the array.
    """

    def __init__(self, array):
        self.array = array

    def serialize(self):
        file = io.BytesIO()
        np.save(file, self.array, allow_pickle=False)
        return file.getvalue()

    def deserialize(self, string_value):
        self.array = np.load(io.BytesIO(string_value), allow_pickle=False)


@export("contrib.checkpoint.NumpyState", "contrib.checkpoint.python.python_state.NumpyState")
class NumpyState(Trackable):
    """An object whose attributes are arrays, which checkpoints save; restoring makes those attributes that are missing."""

    def _lookup_dependency(self, name):
        found = super()._lookup_dependency(name)
        if found is None:  # it is in the checkpoint, but not here yet; `_track_trackable` would look it up again
            found = NumpyArray(np.array([]))
            self._unconditional_checkpoint_dependencies.append(TrackableReference(name, found))
            self._unconditional_dependency_names[name] = found
            super().__setattr__(name, found)
        return found

    def __getattribute__(self, name):
        found = super().__getattribute__(name)
        return found.array if isinstance(found, NumpyArray) else found

    def __setattr__(self, name, value):
        if isinstance(value, np.ndarray | np.generic):
            known = self.__dict__.get(name)
            if isinstance(known, NumpyArray):
                known.array = value
                return
            value = NumpyArray(value)
            self._track_trackable(value, name=name, overwrite=True)
        elif name not in ("_self_setattr_tracking", "_self_update_uid") and getattr(self, "_self_setattr_tracking", True):
            raise NotImplementedError(
                "Assigned %s to the %s property of %s, which is not a NumPy array. Currently mixing NumPy arrays and other "
                "trackable objects is not supported. File a feature request if this limitation bothers you." % (value, name, self)
            )
        super().__setattr__(name, value)
