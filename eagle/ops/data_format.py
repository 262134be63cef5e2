"""What numbers of dimensions, and vectors with a number for each, become when the data format changes."""

from ..core import shape as shapes
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op


def _orders(src_format, dst_format):
    """For each dimension of the source format its place in the target format, and the reverse."""
    for what, text in (("Source", src_format), ("Destination", dst_format)):
        if len(text) != 4:
            raise invalid("%s format must of length 4, received %s format = %s", what, what.lower(), text)
    if sorted(src_format) != sorted(dst_format) or len(set(src_format)) < 4:
        raise invalid("Destination and source format must determine a permutation, got %s and %s", src_format, dst_format)
    return [dst_format.index(c) for c in src_format], [src_format.index(c) for c in dst_format]


@op("DataFormatDimMap")
def _dim_map(xp, x, *, src_format="NHWC", dst_format="NCHW"):
    places = xp.asarray(_orders(src_format, dst_format)[0], x.dtype)
    return places[x % 4]


_dim_map.shape(lambda x: x)
_dim_map.not_differentiable()


@_dim_map.samples
def _(make):
    yield (make.ints(-4, 4, 3, dtype=make.dtype.np),)
    yield make.ints(-4, 4, 2, 2, dtype=make.dtype.np), dict(src_format="NCHW", dst_format="HWNC")


@op("DataFormatVecPermute")
def _vec_permute(xp, x, *, src_format="NHWC", dst_format="NCHW"):
    if x.ndim not in (1, 2):
        raise invalid("input must be a vector or 2D tensor, but got shape %s", shapes.to_brackets(x.shape))
    if x.shape[0] != 4:
        raise invalid("%s input must be of size 4, but got shape %s", "1D" if x.ndim == 1 else "First dimension of 2D",
                      shapes.to_brackets(x.shape))  # fmt: skip
    if x.ndim == 2 and x.shape[1] != 2:
        raise invalid("Second dimension of 2D input must be of size 2, but got shape %s", shapes.to_brackets(x.shape))
    return x[xp.asarray(_orders(src_format, dst_format)[1])]


_vec_permute.shape(lambda x: x)
_vec_permute.not_differentiable()


@_vec_permute.samples
def _(make):
    yield (make.ints(0, 9, 4, dtype=make.dtype.np),)
    yield make.ints(0, 9, 4, 2, dtype=make.dtype.np), dict(src_format="NCHW", dst_format="NHWC")


@export("python.ops.nn_ops.data_format_dim_map")
def data_format_dim_map(x, src_format="NHWC", dst_format="NCHW", name=None):
    """Numbers of dimensions in one data format as those in another.

    Args:
      x: an int tensor with elements in [-4, 4).
      src_format, dst_format: the formats, strings of four letters.
      name: the name of the node.
    """
    return _dim_map(x, src_format=src_format, dst_format=dst_format, name=name)


@export("python.ops.nn_ops.data_format_vec_permute")
def data_format_vec_permute(x, src_format="NHWC", dst_format="NCHW", name=None):
    """A number, or a pair of them, for each dimension in the order of another data format.

    Args:
      x: an int tensor of shape `[4]` or `[4, 2]`.
      src_format, dst_format: the formats, strings of four letters.
      name: the name of the node.
    """
    return _vec_permute(x, src_format=src_format, dst_format=dst_format, name=name)
