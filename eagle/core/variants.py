"""Values of tensors of type variant that hold plain values."""

import numpy as np

from .dtypes import VARIANT, Handle, Handles, object_array


class Variants(Handles):
    """The value of a tensor of type variant that is no scalar; it may be empty."""

    __slots__ = ()
    dtype = VARIANT


class TensorVariant(Handle):
    """A tensor as the value of a variant."""

    __slots__ = ("value",)
    dtype = VARIANT

    def __init__(self, value):
        self.value = value


def variant_of(items):
    """The value of a variant tensor for an object array (or a single one) of values."""
    if isinstance(items, np.ndarray):
        return Variants(items) if items.ndim else items[()]
    return items


def tensors_as_variants(values, shape):
    """A variant tensor of some shape that holds arrays."""
    return Variants(object_array([TensorVariant(v) for v in values]).reshape(shape))
