"""What a variable is underneath: `VariableState`, an array that lives from run to run, and how it is updated.

A variable's value is an array that is never written into while anything else refers to it: whoever read the value keeps it.
An update in place therefore begins with `take`, which gives the array itself if the variable was its only holder, else a copy,
and ends with `put`.  In between other threads that read the value wait.
"""

import sys
import threading

import numpy as np

from .. import protos
from ..core.dtypes import RESOURCE, Handle
from ..core.errors import FailedPreconditionError, NotFoundError, invalid
from ..core.tensor import EagerTensor

_ndarray = np.ndarray


def _count_of_a_local():
    """What `sys.getrefcount` says of an array that only one local variable holds."""
    array = np.zeros(1)
    return sys.getrefcount(array)


_ALONE = _count_of_a_local()


def _count_of_an_argument():
    """The same, of an array that only a local variable of the caller holds."""

    def measure(value):
        return sys.getrefcount(value)

    array = np.zeros(1)
    return measure(array)


_ALONE_ARGUMENT = _count_of_an_argument()


class VariableState(Handle):
    """A variable's value, the thing that a handle of a resource variable and a reference of a ref variable stand for.

    Attributes:
      value: the value, an array or a NumPy scalar; reading it raises `FailedPreconditionError` if there is none.
      device: the value as an array of JAX's, where a compiled program has set it; `value` follows when somebody reads it.
      element: the `DType` of the value.
      static_shape: the shape that the value must have, a tuple with None for unknown dimensions, or None.
      container, name: under which the state keeps it.
      is_ref: whether it is a ref variable.
      home: the resources of the state that keeps it, or None.
      lock: held while the value changes.
      was_destroyed: whether it had a value once that was destroyed.
    """

    __slots__ = (
        "value", "device", "element", "static_shape", "container", "name", "is_ref", "home", "was_destroyed", "_tensor", "lock",
        "__weakref__",
    )  # fmt: skip
    dtype = RESOURCE

    def __init__(self, element, static_shape, container="", name="", is_ref=False, home=None):
        self.element = element
        self.static_shape = static_shape
        self.container = container
        self.name = name
        self.is_ref = is_ref
        self.home = home
        self.was_destroyed = False
        self.device = None
        self._tensor = None
        self.lock = threading.RLock()

    def __getattr__(self, name):
        """Called where `value` is not set: the variable has no value, or another thread is just updating it."""
        if name != "value":
            raise AttributeError(name)
        with self.lock:
            value = self.peek()
        if value is None:
            raise self.uninitialized()
        return value

    # -------------------------------------------------------------------------------------------------------- reading

    def peek(self):
        """The value, or None if there is none."""
        try:
            return VariableState.value.__get__(self)
        except AttributeError:
            if self.device is None:
                return None
            self.value = np.asarray(self.device)[()]
            return self.value

    @property
    def is_initialized(self):
        with self.lock:
            return self.peek() is not None

    def tensor(self):
        """The value as an eager tensor: the same one until the value changes."""
        t = self._tensor
        if t is None:
            t = EagerTensor()
            t._v = self.value
            t._id = 0
            self._tensor = t
        return t

    def uninitialized(self):
        """The exception for an attempt to read the value where there is none."""
        if self.is_ref:
            return FailedPreconditionError(None, None, "Attempting to use uninitialized value %s" % self.name)
        return FailedPreconditionError(
            None, None, "Error while reading resource variable %s from Container: %s. This could mean that the variable was "
            "uninitialized. Not found: %s" % (self.name, self.container or "localhost", self._absence()))  # fmt: skip

    def missing(self):
        """The exception for an attempt to change a resource variable that is not there."""
        return self.uninitialized() if self.is_ref else NotFoundError(None, None, self._absence())

    def _absence(self):
        container = self.container or "localhost"
        neighbours = (self.home or {}).values()
        if self.was_destroyed or any(isinstance(r, VariableState) and not r.is_ref and r.is_initialized for r in neighbours):
            return "Resource %s/%s/N10tensorflow3VarE does not exist." % (container, self.name)
        return "Container %s does not exist. (Could not find resource: %s/%s)" % (container, container, self.name)

    # --------------------------------------------------------------------------------------------- in compiled programs

    @property
    def array(self):
        """The value as a compiled program takes it: an array of JAX's or NumPy's."""
        device = self.device
        return self.value if device is None else device

    def keep_array(self, array, value):
        """Keeps an array of JAX's for a value, if that still is the variable's; whether it is."""
        with self.lock:
            if self.device is None and self.peek() is value:
                self.device = array
                return True
        return False

    def put_array(self, array):
        """Makes what a compiled program gave the new value; to be called with the lock held."""
        self.device = array
        self._tensor = None
        try:
            del self.value
        except AttributeError:
            pass

    # ------------------------------------------------------------------------------------------------------- changing

    def assign(self, value):
        """Makes `value`, into which nobody ever writes, the new value."""
        with self.lock:
            self.value = value
            self.device = self._tensor = None

    def assign_own(self, value):
        """Makes `value` the new value: itself if the caller's local variable is all that holds it, else a copy."""
        if type(value) is _ndarray and (value.base is not None or sys.getrefcount(value) > _ALONE_ARGUMENT):
            value = value.copy()
        self.assign(value)

    def destroy(self):
        """Takes the value away."""
        with self.lock:
            if self.peek() is None:
                raise NotFoundError(None, None, self._absence())
            del self.value
            self.device = self._tensor = None
            self.was_destroyed = True

    def take(self):
        """The value as an array to write into; until `put` the variable has none.  To be called with the lock held."""
        array = self.value
        del self.value
        self.device = self._tensor = None
        if type(array) is _ndarray and array.base is None and sys.getrefcount(array) <= _ALONE and array.flags.writeable:
            return array
        return np.array(array)

    def put(self, array):
        """The end of an update that began with `take`."""
        self.value = array if array.ndim else array[()]

    def __bytes__(self):
        """The handle as TensorFlow serializes it, which is what a fetched one is."""
        container = self.container or "localhost"
        message = protos.ResourceHandleProto(container=container, name=self.name, maybe_type_name="N10tensorflow3VarE")
        return message.SerializeToString()

    def __len__(self):
        return len(bytes(self))

    def __bool__(self):
        return True

    def __repr__(self):
        return "<variable %r of type %s and shape %s>" % (self.name, self.element.name, self.static_shape)


def variable_of(state, container, name, element, static_shape, is_ref=False):
    """The variable of this name in a `State`, made without a value if there is none."""

    def make():
        return VariableState(element, static_shape, container, name, is_ref, state.resources)

    found = state.resource(container, name, make)
    if found.element is not element:
        raise invalid("Trying to access the variable %s with type %s, but it has type %s", name, element.name, found.element.name)
    return found
