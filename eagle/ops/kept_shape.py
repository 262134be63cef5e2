"""The shape of a reduction that keeps its dimensions, where the shape and the axes are tensors."""

from ..core import dtypes
from ..core.context import here
from .cast import cast
from .distinct import dynamic_stitch
from .filling import fill, range_
from .shaping import shape as shape_of, size


def kept_shape(input_shape, axes):
    """A shape, an int vector, in which the dimensions `axes`, an int vector, have become 1."""
    if here.eager:
        kept = input_shape.numpy().copy()
        kept[axes.numpy()] = 1
        return kept
    input_shape, axes = cast(input_shape, dtypes.int32), cast(axes, dtypes.int32)
    rank = size(input_shape)
    axes = (axes + rank) % rank
    ones_shape = shape_of(axes)
    return dynamic_stitch([range_(rank), axes], [input_shape, fill(ones_shape, 1)])
