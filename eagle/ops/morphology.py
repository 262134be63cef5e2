"""Grayscale morphology: dilation, erosion, and the gradients of dilation."""

import functools

import numpy as np

from ..core import shape as shapes
from ..core.deprecation import one_of
from ..core.dtypes import lowest
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from ..core.scopes import name_scope
from . import windows
from .rearranging import reverse
from .unary import negative


class _Plan:
    """Where the windows of a dilation lie.

    Attributes:
      counts: the height and width of the output.
      before, after: the padding of height and width.
      taps: the index into the padded input of each element of all windows.
    """

    def __init__(self, input_shape, filter_shape, strides, rates, padding):
        for what, values in (("Strides", strides), ("Rates", rates)):
            if len(values) != 4:
                raise invalid("%s field must specify 4 dimensions", what)
            if values[0] != 1 or values[3] != 1:
                raise invalid("%s in the batch and depth dimensions must be 1", what)
            if min(values) < 1:
                raise invalid("%s must be positive", what)
        if len(input_shape) != 4:
            raise invalid("input must be 4-dimensional%s", shapes.to_brackets(input_shape))
        if len(filter_shape) != 3:
            raise invalid("filter must be 3-dimensional: %s", shapes.to_brackets(filter_shape))
        if input_shape[3] != filter_shape[2]:
            raise invalid("input and filter must have the same depth: %d vs %d", input_shape[3], filter_shape[2])
        inner = strides[1:3], rates[1:3]
        placed = [windows.place(*v, padding) for v in zip(input_shape[1:3], filter_shape, *inner)]
        self.counts, self.before, self.after = zip(*placed)
        self.input_shape, self.filter_shape = input_shape, filter_shape
        self.output_shape = (input_shape[0], *self.counts, input_shape[3])
        self.offsets = list(np.ndindex(*filter_shape[:2]))
        self.taps = [windows.tap(o, self.counts, *inner) for o in self.offsets]
        self._inner = inner

    def is_inside(self, offset):
        """Which windows have the element at `offset` inside the input, as an array of height, width and 1."""
        masks = []
        for o, n, s, r, b, size in zip(offset, self.counts, *self._inner, self.before, self.input_shape[1:3]):
            place = np.arange(n) * s + o * r - b
            masks.append((place >= 0) & (place < size))
        return (masks[0][:, None] & masks[1])[:, :, None]


_plan = functools.lru_cache(maxsize=256)(_Plan)


def _winners(xp, plan, input, filter):
    """The greatest sum of each window of the input and the filter, and the number of the element that it comes from."""
    padded = windows.pad(input, plan.before, plan.after, 0, xp)
    best, which = xp.full(plan.output_shape, lowest(input.dtype), input.dtype), xp.zeros(plan.output_shape, np.int32)
    for i, (offset, tap) in enumerate(zip(plan.offsets, plan.taps)):
        candidate = padded[tap] + filter[offset]
        better = plan.is_inside(offset) & (candidate > best)
        best, which = xp.where(better, candidate, best), xp.where(better, np.int32(i), which)
    return best, which


def _check_gradient(plan, out_backprop):
    if tuple(out_backprop.shape) != plan.output_shape:
        raise invalid("out_backprop has incompatible size.")


@op("Dilation2D")
def dilation2d_op(xp, input, filter, *, strides, rates, padding):
    return _winners(xp, _plan(input.shape, filter.shape, strides, rates, padding), input, filter)[0]


@dilation2d_op.shape
def _(input, filter, *, strides, rates, padding):
    input, filter = shapes.with_rank(input, 4), shapes.with_rank(filter, 3)
    for what, values in (("stride", strides), ("rates", rates)):
        if len(values) != 4:
            raise ValueError("Dilation2D requires the %s attribute to contain 4 values, but got: %d" % (what, len(values)))
    depth = shapes.merge_dims(input[3], filter[2])
    spatial = [windows.static_size(*v, padding) for v in zip(input[1:3], filter, strides[1:3], rates[1:3])]
    return (input[0], *spatial, depth)


@dilation2d_op.grad("input")
def _(g, input, filter, *, strides, rates, padding):
    return _backprop_input(input, filter, g, strides=strides, rates=rates, padding=padding)


@dilation2d_op.grad("filter")
def _(g, input, filter, *, strides, rates, padding):
    return _backprop_filter(input, filter, g, strides=strides, rates=rates, padding=padding)


@op("Dilation2DBackpropInput")
def _backprop_input(xp, input, filter, out_backprop, *, strides, rates, padding):
    plan = _plan(input.shape, filter.shape, strides, rates, padding)
    _check_gradient(plan, out_backprop)
    _, which = _winners(xp, plan, input, filter)
    sizes = [b + d + a for b, d, a in zip(plan.before, input.shape[1:3], plan.after)]
    total = xp.zeros((input.shape[0], *sizes, input.shape[3]), out_backprop.dtype)
    for i, tap in enumerate(plan.taps):
        part = out_backprop * (which == i)
        if xp is np:
            total[tap] += part
        else:
            total = total.at[tap].add(part)
    return total[windows.crop(plan.before, input.shape[1:3])]


@_backprop_input.shape
def _(input, filter, out_backprop):
    return input


@op("Dilation2DBackpropFilter")
def _backprop_filter(xp, input, filter, out_backprop, *, strides, rates, padding):
    plan = _plan(input.shape, filter.shape, strides, rates, padding)
    _check_gradient(plan, out_backprop)
    _, which = _winners(xp, plan, input, filter)
    parts = [(out_backprop * (which == i)).sum((0, 1, 2)) for i in range(len(plan.taps))]
    return xp.stack(parts).reshape(filter.shape).astype(filter.dtype)


@_backprop_filter.shape
def _(input, filter, out_backprop):
    return filter


_SAMPLES = [
    ((2, 4, 5, 2), (2, 2, 2), dict(strides=(1, 1, 1, 1), rates=(1, 1, 1, 1), padding="SAME")),
    ((1, 7, 6, 1), (3, 2, 1), dict(strides=(1, 2, 2, 1), rates=(1, 2, 1, 1), padding="VALID")),
    ((1, 5, 5, 2), (2, 3, 2), dict(strides=(1, 2, 1, 1), rates=(1, 1, 2, 1), padding="SAME")),
]


@dilation2d_op.samples
def _(make):
    for input, filter, attrs in _SAMPLES:
        yield make(*input), make(*filter), attrs


def _gradient_samples(make):
    for input, filter, attrs in _SAMPLES:
        out = _plan(input, filter, attrs["strides"], attrs["rates"], attrs["padding"]).output_shape
        yield make(*input), make(*filter), make(*out), attrs


_backprop_input.samples(_gradient_samples)
_backprop_filter.samples(_gradient_samples)


@export("nn.dilation2d")
def dilation2d(input, filter=None, strides=None, rates=None, padding=None, name=None, filters=None, dilations=None):
    """Grayscale dilation: each output is the greatest sum of a window of the input and the filter.

    Args:
      input: a tensor of real numbers of shape `[batch, height, width, channels]`.
      filter: a tensor of the same type of shape `[height, width, channels]`.
      strides: the step of the window, a number for each dimension.
      rates: the step from element to element of the window, likewise.
      padding: "SAME" or "VALID".
      name: the name of the node.
      filters: another name for `filter`.
      dilations: another name for `rates`.

    Raises:
      ValueError, InvalidArgumentError: the shapes don't fit.
    """
    filter = one_of("filters", filters, "filter", filter)
    rates = one_of("dilations", dilations, "rates", rates)
    return dilation2d_op(input, filter, strides=strides, rates=rates, padding=padding, name=name)


@export("nn.erosion2d")
def erosion2d(value, kernel, strides, rates, padding, name=None):
    """Grayscale erosion: each output is the smallest difference of a window of the input and the kernel.

    Args:
      value: a tensor of real numbers of shape `[batch, height, width, channels]`.
      kernel: a tensor of the same type of shape `[height, width, channels]`.
      strides: the step of the window, a number for each dimension.
      rates: the step from element to element of the window, likewise.
      padding: "SAME" or "VALID".
      name: the name of the dilation that it is made of.
    """
    with name_scope(name, "erosion2d", [value, kernel]) as scope:
        value, kernel = negative(value), reverse(kernel, [0, 1])
        return negative(dilation2d_op(value, kernel, strides=strides, rates=rates, padding=padding, name=scope))
