"""Tensors that a session keeps between runs, by their handles: `tf.get_session_handle`."""

import itertools
import weakref

import numpy as np

from .device import DeviceSpec
from .errors import InvalidArgumentError

_serial = itertools.count().__next__
_stores = weakref.WeakValueDictionary()  # handle -> the `SessionTensors` that has its tensor


class SessionTensors:
    """The tensors that one session keeps."""

    def __init__(self):
        self._values = {}

    def put(self, node_name, value):
        """Keeps a value; its handle."""
        handle = "%s;%d;/job:localhost/replica:0/task:0/device:CPU:0" % (node_name, _serial())
        self._values[handle] = value
        _stores[handle] = self
        return handle

    def get(self, handle):
        if handle not in self._values:
            raise InvalidArgumentError(None, None, "The tensor with handle '%s' is not in the session store." % handle)
        return self._values[handle]

    def delete(self, handle):
        if self._values.pop(handle, self) is self:
            raise InvalidArgumentError(None, None, "Failed to delete a tensor with handle '%s' in the session store." % handle)


class TensorHandle:
    """What a run gives for a handle: the tensor is kept as long as this object lives, and may be fed.

    Attributes:
      handle: the handle, a string.
    """

    def __init__(self, handle):
        self.handle = handle.decode() if isinstance(handle, bytes) else handle
        self._store = _stores.get(self.handle)
        self._owns = True

    def __str__(self):
        return self.handle

    def __del__(self):
        if self._owns and self._store is not None:
            self._store._values.pop(self.handle, None)

    def _check_owns(self):
        if not self._owns:
            raise TypeError("Persistent tensor %s may have already been deleted." % self.handle)

    @property
    def value(self):
        """The tensor's value, which belongs to the session."""
        if self._store is None:
            raise InvalidArgumentError(None, None, "The tensor with handle '%s' is not in the session store." % self.handle)
        return self._store.get(self.handle)

    def eval(self):
        """The value of the tensor; raises TypeError if it may have been deleted."""
        self._check_owns()
        return np.array(self.value)[()]

    def delete(self):
        """Lets the session forget the tensor; raises TypeError if it may have been deleted."""
        self._check_owns()
        self._owns = False
        self._store.delete(self.handle)

    def get_raw_handle(self):
        """The handle as a string, of a tensor that is kept until `tf.delete_session_tensor` deletes it."""
        self._owns = False
        return self.handle


def device_of(handle):
    """The device on which the tensor with a handle is, as a string."""
    handle = handle.decode() if isinstance(handle, bytes) else str(handle)
    return DeviceSpec.from_string(handle.rpartition(";")[2]).to_string()
