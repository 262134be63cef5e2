"""Tensors that a session keeps from one run to others: `tf.get_session_handle` and its kin."""

import numpy as np

from ..core import dtypes
from ..core.dispatch import registry
from ..core.errors import InvalidArgumentError
from ..core.export import export
from ..core.op import op
from ..core.scopes import colocate_with, device
from ..core.session_tensors import SessionTensors, device_of
from ..core.tensor import Tensor


def _store(state):
    return state.resource("", "session_tensors", SessionTensors)


def _text(handle):
    return np.asarray(handle)[()].decode()


@op("GetSessionHandle", host=True, ignores=("T",))
def _get_handle(xp, value, *, state):
    return _store(state).put(state.node_name, np.array(value)[()]).encode()


@op("GetSessionTensor", host=True)
def _get_tensor(xp, handle, *, dtype, state):
    value = _store(state).get(_text(handle))
    if np.asarray(value).dtype != dtype.np:
        raise InvalidArgumentError(None, None, "The tensor with handle '%s' is no %s" % (_text(handle), dtype.name))
    return value


@op("DeleteSessionTensor", host=True)
def _delete(xp, handle, *, state):
    _store(state).delete(_text(handle))
    return ()


@_get_handle.shape
def _(value):
    return ()


@_get_tensor.shape
def _(handle, *, dtype):
    return None


for _declared in (_get_handle, _get_tensor, _delete):
    _declared.not_differentiable()


@export("get_session_handle", "python.ops.session_ops.get_session_handle")
def get_session_handle(data, name=None):
    """Lets the session keep a tensor; a run that fetches the result gives a `TensorHandle`, which can be fed to others.

    Args:
      data: the tensor.
      name: the name of the node.

    Returns:
      A scalar string tensor.

    Raises:
      TypeError: `data` is no tensor.
    """
    if not isinstance(data, Tensor):
        raise TypeError("`data` must be of type Tensor.")
    with colocate_with(data):
        return _get_handle(data, name=name)


@export("get_session_tensor", "python.ops.session_ops.get_session_tensor")
def get_session_tensor(handle, dtype, name=None):
    """A tensor that a session keeps.

    Args:
      handle: the handle of such a tensor, a string; it tells the device.
      dtype: the type of the tensor.
      name: the name of the node.

    Returns:
      A placeholder to which to feed the handle, and the tensor.
    """
    with device(device_of(handle)):
        holder = registry["Placeholder"](dtype=dtypes.string, shape=None)
        return holder, _get_tensor(holder, dtype=dtypes.as_dtype(dtype), name=name)


@export("delete_session_tensor", "python.ops.session_ops.delete_session_tensor")
def delete_session_tensor(handle, name=None):
    """Lets the session forget a tensor.

    Args:
      handle: the handle of the tensor, a string; it tells the device.
      name: the name of the node.

    Returns:
      A placeholder to which to feed the handle, and the operation.
    """
    with device(device_of(handle)):
        holder = registry["Placeholder"](dtype=dtypes.string, shape=None)
        return holder, _delete(holder, name=name)
