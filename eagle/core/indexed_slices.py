"""`tf.IndexedSlices`: a tensor given by some of its slices along the first dimension, the gradient of a gather."""

import collections
import warnings

import numpy as np

from . import dtypes, known, shape as shapes
from .convert import convert, register_tensor_conversion_function
from .dispatch import registry
from .export import export
from .tensor import GraphTensor
from .tensor_spec import TensorSpec
from .type_spec import CompositeSpec, register_values

LARGEST_WITHOUT_WARNING = 100000000  # elements


@export("IndexedSlices")
class IndexedSlices:
    """Slices of a tensor along its first dimension; the other slices are zero, and slices with equal indices add up.

    Attributes:
      values: a tensor of shape `[D0, D1, ..., Dn]`, the slices.
      indices: an integer tensor of shape `[D0]`, where they belong.
      dense_shape: an integer tensor, the shape of the whole, or None.
    """

    is_tensor_like = True

    def __init__(self, values, indices, dense_shape=None):
        self._values = values
        self._indices = indices
        self._dense_shape = dense_shape

    values = property(lambda self: self._values)
    indices = property(lambda self: self._indices)
    dense_shape = property(lambda self: self._dense_shape)

    @property
    def dtype(self):
        return self._values.dtype

    @property
    def name(self):
        return self._values.name

    @property
    def device(self):
        return self._values.device

    @property
    def op(self):
        return self._values.op

    @property
    def graph(self):
        return self._values.graph

    def _nest_parts(self):
        parts = [self._values, self._indices]
        return parts if self._dense_shape is None else [*parts, self._dense_shape]

    def _nest_rebuild(self, parts):
        return IndexedSlices(*parts)

    @property
    def _type_spec(self):
        return IndexedSlicesSpec.from_value(self)

    def _shape_invariant_to_type_spec(self, shape):
        """The spec of a loop variable with an invariant, which is the shape of `values`."""
        sizes = None if self._dense_shape is None else self._dense_shape.dtype
        whole = shapes.TensorShape([None]).concatenate(shape[1:])
        return IndexedSlicesSpec(whole, self.dtype, self._indices.dtype, sizes, shape[:1])

    def __str__(self):
        shape = "" if self._dense_shape is None else ", dense_shape=%s" % (self._dense_shape,)
        return "IndexedSlices(indices=%s, values=%s%s)" % (self._indices, self._values, shape)

    def __neg__(self):
        return IndexedSlices(-self._values, self._indices, self._dense_shape)


IndexedSlicesValue = collections.namedtuple("IndexedSlicesValue", ["values", "indices", "dense_shape"])
export("IndexedSlicesValue")(IndexedSlicesValue)


def concatenate(slices):
    """The sum of several `IndexedSlices` of one shape: all their slices. Indices of both types become int64."""
    if len(slices) == 1:
        return slices[0]
    concat, indices = registry["ConcatV2"], [s.indices for s in slices]
    if len({i.dtype for i in indices}) > 1:
        indices = [i if i.dtype is dtypes.int64 else registry["Cast"](i, DstT=dtypes.int64) for i in indices]
    return IndexedSlices(concat([s.values for s in slices], 0), concat(indices, 0), slices[0].dense_shape)


def with_values_by(gradient, function):
    """A gradient, a tensor or `IndexedSlices`, whose values a function changes."""
    if isinstance(gradient, IndexedSlices):
        return IndexedSlices(function(gradient.values), gradient.indices, gradient.dense_shape)
    return function(gradient)


def _to_tensor(value, dtype=None, name=None, as_ref=False):
    """How `IndexedSlices` become a dense tensor."""
    if dtype is not None and not dtype.is_compatible_with(value.dtype):
        raise ValueError("Tensor conversion requested dtype %s for IndexedSlices with dtype %s" % (dtype.name, value.dtype.name))
    if value.dense_shape is None:
        raise ValueError("Tensor conversion requested for IndexedSlices without dense_shape: %s" % (value,))
    size = known.value(value.dense_shape) if isinstance(value.dense_shape, GraphTensor) else None
    if size is not None and np.prod(size, dtype=object) >= LARGEST_WITHOUT_WARNING:
        warnings.warn("Converting sparse IndexedSlices to a dense Tensor with %d elements. This may consume a large amount of "
                      "memory." % np.prod(size, dtype=object), stacklevel=2)  # fmt: skip
    elif isinstance(value.dense_shape, GraphTensor) and size is None:
        warnings.warn("Converting sparse IndexedSlices to a dense Tensor of unknown shape. This may consume a large amount of "
                      "memory.", stacklevel=2)  # fmt: skip
    return registry["UnsortedSegmentSum"](value.values, value.indices, value.dense_shape[0], name=name)


register_tensor_conversion_function(IndexedSlices, _to_tensor, 100)


@export("IndexedSlicesSpec")
class IndexedSlicesSpec(CompositeSpec):
    """The shapes and types of `IndexedSlices`.

    Args:
      shape: the shape of the whole, possibly unknown in parts.
      dtype: the type of the elements.
      indices_dtype: the type of the indices, int32 or int64.
      dense_shape_dtype: the type of `dense_shape`; None if there is none.
      indices_shape: the shape of the indices, a vector.

    Raises:
      ValueError: the indices would be no vector.
    """

    __slots__ = ("_shape", "_values_dtype", "_indices_dtype", "_dense_shape_dtype", "_indices_shape")
    value_type = IndexedSlices

    def __init__(self, shape=None, dtype=dtypes.float32, indices_dtype=dtypes.int64, dense_shape_dtype=None, indices_shape=None):
        self._shape = shapes.as_shape(shape)
        self._values_dtype, self._indices_dtype = dtypes.as_dtype(dtype), dtypes.as_dtype(indices_dtype)
        self._dense_shape_dtype = None if dense_shape_dtype is None else dtypes.as_dtype(dense_shape_dtype)
        self._indices_shape = shapes.as_shape(indices_shape).with_rank(1)

    @classmethod
    def from_value(cls, value):
        """The spec of `IndexedSlices`."""
        whole = shapes.TensorShape([None]).concatenate(value.values.shape[1:])
        sizes = value.dense_shape
        if sizes is not None:
            whole = whole.merge_with(shapes.TensorShape(known.partial_shape(sizes)))
        count = value.indices.shape.merge_with(value.values.shape[:1])
        return cls(whole, value.dtype, value.indices.dtype, None if sizes is None else sizes.dtype, count)

    def _serialize(self):
        return self._shape, self._values_dtype, self._indices_dtype, self._dense_shape_dtype, self._indices_shape

    @property
    def _component_specs(self):
        values = TensorSpec(self._indices_shape.concatenate(self._shape[1:]), self._values_dtype)
        parts = (values, TensorSpec(self._indices_shape, self._indices_dtype))
        if self._dense_shape_dtype is None:
            return parts
        return *parts, TensorSpec([self._shape.ndims], self._dense_shape_dtype)

    def _from_components(self, components):
        if all(isinstance(c, np.ndarray) for c in components):
            return IndexedSlicesValue(*components, *[None] * (3 - len(components)))
        return IndexedSlices(*components)


register_values(IndexedSlices, IndexedSlicesSpec.from_value)


@export("convert_to_tensor_or_indexed_slices")
def convert_to_tensor_or_indexed_slices(value, dtype=None, name=None):
    """`value` itself if it is `IndexedSlices`, else a tensor.

    Args:
      value: `IndexedSlices` or anything that becomes a tensor.
      dtype: the type that it must have.
      name: the name of a new constant.

    Raises:
      ValueError: it has another type.
    """
    dtype = None if dtype is None else dtypes.as_dtype(dtype)
    if isinstance(value, IndexedSlices):
        if dtype is not None and not dtype.is_compatible_with(value.dtype):
            raise ValueError("Tensor conversion requested dtype %s for Tensor with dtype %s: %r"
                             % (dtype.name, value.dtype.name, str(value)))  # fmt: skip
        return value
    return convert(value, dtype, name)
