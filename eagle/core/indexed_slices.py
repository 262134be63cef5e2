"""`tf.IndexedSlices`: a tensor given by some of its slices along the first dimension, the gradient of a gather."""

import collections

from .dispatch import registry
from .export import export


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

    def __str__(self):
        shape = "" if self._dense_shape is None else ", dense_shape=%s" % (self._dense_shape,)
        return "IndexedSlices(indices=%s, values=%s%s)" % (self._indices, self._values, shape)

    def __neg__(self):
        return IndexedSlices(-self._values, self._indices, self._dense_shape)


IndexedSlicesValue = collections.namedtuple("IndexedSlicesValue", ["values", "indices", "dense_shape"])
export("IndexedSlicesValue")(IndexedSlicesValue)


def concatenate(slices):
    """The sum of several `IndexedSlices` of one shape: all their slices."""
    if len(slices) == 1:
        return slices[0]
    concat = registry["ConcatV2"]
    return IndexedSlices(concat([s.values for s in slices], 0), concat([s.indices for s in slices], 0), slices[0].dense_shape)
