"""`tf.TensorSpec`: what is known of a tensor that is not there yet."""

import numpy as np

from . import dtypes, shape as shapes
from .export import export
from .tensor import Tensor


@export("TensorSpec", "contrib.eager.TensorSpec")
class TensorSpec:
    """The shape and type of a tensor.

    Args:
      shape: the shape, possibly unknown in parts.
      dtype: the type of the elements.
      name: a name for the tensor.
    """

    __slots__ = ("_shape", "_dtype", "_name")

    def __init__(self, shape, dtype=dtypes.float32, name=None):
        self._shape = shapes.TensorShape(shape)
        self._dtype = dtypes.as_dtype(dtype)
        self._name = name

    @classmethod
    def from_spec(cls, spec, name=None):
        """A spec like another one, under another name."""
        return cls(spec.shape, spec.dtype, name or spec.name)

    @classmethod
    def from_tensor(cls, tensor, name=None):
        """The spec of a tensor.

        Raises:
          ValueError: `tensor` is none.
        """
        if not isinstance(tensor, Tensor):
            raise ValueError("`tensor` should be a tf.Tensor")
        own = None if not hasattr(tensor, "op") or not hasattr(type(tensor), "name") else _name_of(tensor)
        return cls(tensor.shape, tensor.dtype, name or own)

    @classmethod
    def is_bounded(cls):
        return False

    shape = property(lambda self: self._shape)
    dtype = property(lambda self: self._dtype)
    name = property(lambda self: self._name)

    def is_compatible_with(self, spec_or_tensor):
        """Whether a tensor, or tensors of another spec, fit this one."""
        return self._dtype.is_compatible_with(spec_or_tensor.dtype) and self._shape.is_compatible_with(spec_or_tensor.shape)

    def __repr__(self):
        return "TensorSpec(shape=%s, dtype=%r, name=%r)" % (self._shape, self._dtype, self._name)

    def __hash__(self):
        return hash((self._shape, self._dtype))

    def __eq__(self, other):
        return (
            isinstance(other, TensorSpec)
            and self._shape._dims == other._shape._dims
            and self._dtype == other._dtype
            and self._name == other._name
        )

    def __ne__(self, other):
        return not self == other

    def __reduce__(self):
        return TensorSpec, (self._shape, self._dtype, self._name)


def _name_of(tensor):
    try:
        return tensor.op.name
    except AttributeError:  # an eager tensor has no name
        return None


def of_array(array):
    """The spec of an array's tensor."""
    return TensorSpec(np.shape(array), dtypes.FROM_NUMPY[array.dtype])
