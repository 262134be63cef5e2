"""What `Session.run` is fed: the checks on keys and the conversion of values."""

import numpy as np

from ..core import errors, shape as shapes
from ..core.session_tensors import TensorHandle
from ..core.sparse_tensor import SparseTensor, SparseTensorValue
from ..core.tensor import Tensor

_ndarray = np.ndarray


class Feeds:
    """The fed keys of a run, and how their values reach the program.

    Attributes:
      tensors: the tensors that are fed, in the order of the program's parameters.
    """

    def __init__(self, graph, keys):
        parts = [_parts(k, keys[k] if isinstance(keys, dict) else None) for k in keys]
        self.tensors = [_tensor_for(graph, p) for group in parts for p in group]
        self.feeders = [feeder(t) for t in self.tensors]
        self._keys = None if all(len(group) == 1 and group[0] is k for k, group in zip(keys, parts)) else list(keys)

    def values(self, feed_dict):
        """The values for the program; raises TypeError or ValueError if one does not fit its tensor."""
        values = feed_dict.values()
        if self._keys is not None:
            values = [v for key in self._keys for v in _split(key, feed_dict[key])]
        return [feed(v) for feed, v in zip(self.feeders, values)]


_functions = []  # (type, feed function, feed function for partial runs), see `register_feed`


def register_feed(kind, feed_function, feed_function_for_partial_run=None):
    """Registers how objects of a type are fed; the newest registration is tried first.

    Args:
      kind: a type.
      feed_function: gives for an object and the value that is fed a list of pairs of a tensor and its value.
      feed_function_for_partial_run: gives for an object the list of its tensors.
    """
    _functions.insert(0, (kind, feed_function, feed_function_for_partial_run))


def _function_for(key):
    """What is registered for a key, or None."""
    return next((f for f in _functions if isinstance(key, f[0])), None) if _functions else None


def _parts(key, value=None):
    """The tensors that a key stands for: several for a sparse tensor or a tuple."""
    found = _function_for(key)
    if found is not None:
        _, feed, list_tensors = found
        return list(list_tensors(key)) if list_tensors is not None else [t for t, _ in feed(key, value)]
    if isinstance(key, SparseTensor):
        return [key.indices, key.values, key.dense_shape]
    if isinstance(key, tuple):
        return [p for k in key for p in _parts(k)]
    return [key]


def _split(key, value):
    """The values for the parts of a key."""
    found = _function_for(key)
    if found is not None:
        return [v for _, v in found[1](key, value)]
    if isinstance(key, SparseTensor):
        if not isinstance(value, SparseTensorValue | tuple | list) or len(value) != 3:
            raise TypeError("A SparseTensor is fed a SparseTensorValue, not %r" % (value,))
        return list(value)
    if isinstance(key, tuple):
        if not isinstance(value, tuple | list) or len(key) != len(value):
            raise ValueError("Could not flatten dictionary. Key had %d elements, but value had %d elements. Key: %s, value: %s."
                             % (len(key), len(value) if hasattr(value, "__len__") else 1, key, value))  # fmt: skip
        return [v for k, item in zip(key, value) for v in _split(k, item)]
    return [value]


def _tensor_for(graph, key):
    """The tensor that a fed key stands for.

    Raises:
      TypeError: it stands for none.
      ValueError: the tensor may not be fed.
    """
    try:
        tensor = graph.as_graph_element(key, allow_operation=False)
    except Exception as e:
        raise TypeError("Cannot interpret feed_dict key as Tensor: %s" % (e.args[0] if e.args else e)) from None
    if not graph.is_feedable(tensor):
        raise ValueError("Tensor %s may not be fed." % tensor)
    return tensor


def feeder(tensor):
    """A function that turns what a user feeds for `tensor` into the value for the program."""
    dtype = tensor._dtype.base_dtype
    if not dtype.is_numpy_compatible:
        return lambda value: value
    is_string = dtype.name == "string"
    wanted, shape = dtype.np, tensor._shape
    scalar, takes_floats = wanted.type, shape == () and wanted.kind == "f"
    rank = None if shape is None else len(shape)
    known_dims = [(i, d) for i, d in enumerate(shape or ()) if d is not None]

    def feed(value):
        kind = type(value)
        if kind is float and takes_floats:
            return scalar(value)
        if kind is not _ndarray or value.dtype is not wanted or is_string:
            value = _convert(value, dtype, tensor)
        have = value.shape
        if rank is not None and (len(have) != rank or any([have[i] != d for i, d in known_dims])):
            raise ValueError("Cannot feed value of shape %r for Tensor %r, which has shape %r"
                             % (have, tensor.name, shapes.to_text(shape)))  # fmt: skip
        return value

    return feed


def _convert(value, dtype, tensor):
    if isinstance(value, TensorHandle):
        value = np.asarray(value.value)
        if value.dtype != dtype.np:
            raise errors.InvalidArgumentError(None, tensor.op, "The kept tensor that is fed to %s has another type" % tensor.name)
        return value
    if isinstance(value, Tensor):
        raise TypeError(
            "The value of a feed cannot be a tf.Tensor object. Acceptable feed values include Python scalars, strings, lists, "
            "numpy ndarrays, or TensorHandles. For reference, the tensor object was %s which was passed to the feed with key %s."
            % (value, tensor)
        )
    if type(value) is int and (dtype.name == "string" or dtype.np.kind in "iu" and np.array(value).astype(dtype.np) != value):
        raise TypeError(
            "Type of feed value %s with type %s is not compatible with Tensor type %s. Try explicitly setting the type of the feed "
            "tensor to a larger type (e.g. int64)." % (value, type(value), dtype.as_numpy_dtype)
        )
    if dtype.name == "string":
        return _strings(value)
    if dtype.is_quantized:
        value = np.asarray(value)
        return value if value.dtype == dtype.np else value.astype(dtype.np[0]).view(dtype.np)
    return np.array(value, dtype=dtype.np)


def _strings(value):
    source = np.asarray(value, dtype=object)
    if all([type(v) is bytes for v in source.flat]):
        return source
    flat = np.empty(source.size, object)
    flat[:] = [_bytes(v) for v in source.flat]
    return flat.reshape(source.shape)


def _bytes(value):
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bytes):
        return bytes(value)
    raise errors.InternalError(None, None, "Unsupported object type %s" % type(value).__name__)
