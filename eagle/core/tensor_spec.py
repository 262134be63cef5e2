"""`tf.TensorSpec`: what is known of a tensor that is not there yet."""

import numpy as np

from . import dtypes, shape as shapes
from .export import export
from .tensor import Tensor
from .type_spec import TypeSpec, register_values


@export("TensorSpec", "contrib.eager.TensorSpec")
class TensorSpec(TypeSpec):
    """The shape and type of a tensor.

    Args:
      shape: the shape, possibly unknown in parts.
      dtype: the type of the elements.
      name: a name for the tensor.
    """

    __slots__ = ("_shape", "_dtype", "_name")
    value_type = Tensor

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
        if isinstance(spec_or_tensor, TypeSpec) and not isinstance(spec_or_tensor, TensorSpec):
            return False
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

    def _serialize(self):
        return self._shape, self._dtype, self._name

    def _batch(self, batch_size):
        return TensorSpec(shapes.TensorShape([batch_size]).concatenate(self._shape), self._dtype)

    def _unbatch(self):
        if self._shape.ndims == 0:
            raise ValueError("Unbatching a tensor is only supported for rank >= 1")
        return TensorSpec(self._shape[1:], self._dtype)

    def most_specific_compatible_type(self, other):
        """The spec that says as much as both this and another one allow.

        Raises:
          ValueError: the types differ.
        """
        if not isinstance(other, TensorSpec) or self._dtype != other._dtype:
            raise ValueError("Types are not compatible: %r vs %r" % (self, other))
        shape = self._shape.most_specific_compatible_shape(other._shape)
        return TensorSpec(shape, self._dtype, self._name if self._name == other._name else None)


register_values(Tensor, lambda t: TensorSpec(t.shape, t.dtype.base_dtype))


@export("contrib.framework.BoundedTensorSpec", "python.framework.tensor_spec.BoundedTensorSpec")
class BoundedTensorSpec(TensorSpec):
    """The shape and type of a tensor, and bounds for its elements, which are in the range themselves.

    Args:
      shape, dtype, name: as of `TensorSpec`.
      minimum, maximum: the bounds, numbers or arrays that can be broadcast to the shape; kept as arrays that can't be changed.

    Raises:
      ValueError: a bound is missing, or does not fit the shape.
    """

    __slots__ = ("_minimum", "_maximum")

    def __init__(self, shape, dtype, minimum, maximum, name=None):
        super().__init__(shape, dtype, name)
        if minimum is None or maximum is None:
            raise ValueError("minimum and maximum must be provided; but saw '%s' and '%s'" % (minimum, maximum))
        self._minimum, self._maximum = self._bound("minimum", minimum), self._bound("maximum", maximum)

    def _bound(self, what, value):
        made = np.array(value, self._dtype.as_numpy_dtype)
        for have, wanted in zip(reversed(made.shape), reversed(self._shape._dims or ())):
            if have != wanted and 1 not in (have, wanted) and wanted is not None:
                error = ValueError(
                    "Incompatible shapes for broadcasting: %s and %s"
                    % (shapes.to_text(made.shape), shapes.to_text(self._shape._dims))
                )
                raise ValueError("%s is not compatible with shape. Message: %r." % (what, error))
        made.setflags(write=False)
        return made

    @classmethod
    def from_spec(cls, spec):
        """A spec like another one; without bounds there those are the type's."""
        dtype = dtypes.as_dtype(spec.dtype)
        minimum, maximum = getattr(spec, "minimum", dtype.min), getattr(spec, "maximum", dtype.max)
        return cls(spec.shape, dtype, minimum, maximum, spec.name)

    @classmethod
    def is_bounded(cls):
        return True

    minimum = property(lambda self: self._minimum)
    maximum = property(lambda self: self._maximum)

    def __repr__(self):
        return "BoundedTensorSpec(shape=%s, dtype=%r, name=%r, minimum=%r, maximum=%r)" % (
            self._shape, self._dtype, self._name, self._minimum, self._maximum)  # fmt: skip

    def __eq__(self, other):
        return (
            super().__eq__(other)
            and isinstance(other, BoundedTensorSpec)
            and bool(np.allclose(self._minimum, other._minimum) and np.allclose(self._maximum, other._maximum))
        )

    __hash__ = TensorSpec.__hash__

    def __reduce__(self):
        return BoundedTensorSpec, (self._shape, self._dtype, self._minimum, self._maximum, self._name)


def _name_of(tensor):
    try:
        return tensor.op.name
    except AttributeError:  # an eager tensor has no name
        return None
