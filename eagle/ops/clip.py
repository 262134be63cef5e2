"""Clipping: of values between bounds, of tensors to a norm."""

import collections.abc

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.convert import constant, convert
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.export import export
from ..core.indexed_slices import IndexedSlices
from ..core.op import op
from ..core.scopes import colocate_with, name_scope
from ..core.versions import versioned
from .binary import maximum, minimum
from .cast import cast
from .filling import ones_like, range_
from .joining import stack
from .passing import identity
from .reduce import reduce_sum
from .shaping import rank, size
from .unary import is_finite, rsqrt, sqrt
from .where import where


@op("ClipByValue", sample_types=[dtypes.float32, dtypes.float64, dtypes.float16, dtypes.int32, dtypes.int64, dtypes.uint8])
def _clip_by_value(xp, t, clip_value_min, clip_value_max):
    if clip_value_min.shape not in ((), t.shape) or clip_value_max.shape not in ((), t.shape):
        text = "clip_value_min and clip_value_max must be either of the same shape as input, or a scalar. "
        text += "input shape: %sclip_value_min shape: %sclip_value_max shape: %s"
        raise invalid(text, *[shapes.to_brackets(x.shape) for x in (t, clip_value_min, clip_value_max)])
    return xp.maximum(xp.minimum(t, clip_value_max), clip_value_min)


@_clip_by_value.shape
def _(t, clip_value_min, clip_value_max):
    return t


@_clip_by_value.samples
def _(make):
    yield make(2, 3), np.asarray(make(1)[0] * 0), np.asarray(abs(make(1)[0]))
    yield make(3), make(3) * 0, abs(make(3))


@export("clip_by_value")
@versioned
def clip_by_value(t, clip_value_min, clip_value_max, name=None):
    """A tensor with its elements brought between two bounds.

    Args:
      t: a tensor or `IndexedSlices`.
      clip_value_min, clip_value_max: the bounds: tensors of the type of `t` that can be broadcast to its shape.
      name: the name of the node.

    Returns:
      A tensor, or `IndexedSlices`, of the shape of `t`.

    Raises:
      ValueError: the bounds would make the tensor larger.
    """
    with name_scope(name, "clip_by_value", [t, clip_value_min, clip_value_max]) as name:
        values = _values_of(t, "t")
        below = minimum(values, clip_value_max)
        values.shape.merge_with(below.shape)
        result = maximum(below, clip_value_min, name)
        values.shape.merge_with(result.shape)
        return _like(t, result)


def _values_of(t, name):
    """A tensor, or the values of `IndexedSlices`."""
    return convert(t.values if isinstance(t, IndexedSlices) else t, None, name)


def _like(t, values):
    """Clipped values as `IndexedSlices` if they came from such."""
    return IndexedSlices(values, t.indices, t.dense_shape) if isinstance(t, IndexedSlices) else values


@export("clip_by_norm")
def clip_by_norm(t, clip_norm, axes=None, name=None):
    """A tensor scaled down so that its norm is at most `clip_norm`.

    Args:
      t: a tensor or `IndexedSlices` of floats.
      clip_norm: the norm, a positive scalar.
      axes: the axes along which the norm is taken; by default all.
      name: the name of the node.

    Returns:
      A tensor, or `IndexedSlices`, of the shape of `t`.
    """
    with name_scope(name, "clip_by_norm", [t, clip_norm]) as name:
        values = _values_of(t, "t")
        squares = reduce_sum(values * values, axes, True)
        positive = squares > 0
        length = where(positive, sqrt(where(positive, squares, ones_like(squares))), squares)
        scaled = values * clip_norm
        values.shape.merge_with(scaled.shape)
        return _like(t, identity(scaled / maximum(length, clip_norm), name=name))


def _as_sequence(t_list):
    if not isinstance(t_list, collections.abc.Sequence) or isinstance(t_list, str):
        raise TypeError("t_list should be a sequence")
    return list(t_list)


@export("global_norm", "linalg.global_norm")
def global_norm(t_list, name=None):
    """The norm of all elements of several tensors together.

    Args:
      t_list: a sequence of tensors, `IndexedSlices` and Nones, which are passed over.
      name: the name scope of the nodes.

    Returns:
      A scalar.

    Raises:
      TypeError: `t_list` is no sequence.
    """
    t_list = _as_sequence(t_list)
    with name_scope(name, "global_norm", t_list):
        values = [None if t is None else _values_of(t, "t_%d" % i) for i, t in enumerate(t_list)]
        halves = []
        for v in values:
            if v is not None:
                with colocate_with(v):
                    halves.append(registry["L2Loss"](v))
        half = reduce_sum(stack(halves))
        return sqrt(half * constant(2.0, half.dtype), "global_norm")


@export("clip_by_global_norm")
def clip_by_global_norm(t_list, clip_norm, use_norm=None, name=None):
    """Several tensors scaled down so that their norm together is at most `clip_norm`; all NaN if it is not finite.

    Args:
      t_list: a sequence of tensors, `IndexedSlices` and Nones.
      clip_norm: the norm, a positive scalar.
      use_norm: the norm of the tensors, if it is known; by default `global_norm(t_list)`.
      name: the name scope of the nodes.

    Returns:
      The list of the clipped tensors, and their norm before.

    Raises:
      TypeError: `t_list` is no sequence.
    """
    t_list = _as_sequence(t_list)
    if use_norm is None:
        use_norm = global_norm(t_list, name)
    with name_scope(name, "clip_by_global_norm", t_list + [clip_norm]) as name:
        scale = clip_norm * minimum(1.0 / use_norm, constant(1.0, use_norm.dtype) / clip_norm)
        scale = where(is_finite(use_norm), scale, constant(float("nan"), use_norm.dtype))
        values = [None if t is None else _values_of(t, "t_%d" % i) for i, t in enumerate(t_list)]
        clipped = []
        for i, (t, v) in enumerate(zip(t_list, values)):
            if v is None:
                clipped.append(None)
                continue
            with colocate_with(v):
                clipped.append(_like(t, identity(v * scale, name="%s_%d" % (name, i))))
    return clipped, use_norm


@export("clip_by_average_norm")
def clip_by_average_norm(t, clip_norm, name=None):
    """A tensor scaled down so that its norm divided by its number of elements is at most `clip_norm`.

    Args:
      t: a float32 tensor.
      clip_norm: a positive scalar.
      name: the name of the node.
    """
    with name_scope(name, "clip_by_average_norm", [t, clip_norm]) as name:
        t = convert(t, None, "t")
        count = cast(size(t), dtypes.float32)
        inverse = rsqrt(reduce_sum(t * t, range_(rank(t))))
        return identity(t * clip_norm * minimum(inverse * count, constant(1.0) / clip_norm), name=name)
