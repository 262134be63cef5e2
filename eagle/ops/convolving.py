"""How convolutions are computed: a plan for each geometry, in oneDNN primitives, in NumPy, and for XLA.

A plan covers the three directions: forward, the gradient of the input, and the gradient of the filter.  Filters are in
TensorFlow's order, spatial..., input channels, output channels; with fewer input channels than the input has, the convolution is
grouped: the channels of input and output are in as many groups.
"""

import functools
import math

import numpy as np

from ..onednn import ffi, library as onednn, primitives
from . import windows

_BLOCK = 1 << 21  # elements of the matrix of windows that NumPy works on at a time


@functools.lru_cache(maxsize=1024)
def plan(input_shape, filter_shape, strides, padding, explicit_paddings, data_format, dilations):
    """The `Plan` of a convolution, from shapes and attributes; raises InvalidArgumentError if they don't fit."""
    return Plan(input_shape, filter_shape, strides, padding, explicit_paddings, data_format, dilations)


class Plan:
    """A convolution of one geometry.

    Attributes:
      input_shape, filter_shape, output_shape: the shapes.
      groups: how many groups of channels there are.
      strides, dilations, before, after, counts: for each spatial dimension: steps, padding, size of the output.
    """

    def __init__(self, input_shape, filter_shape, strides, padding, explicit_paddings, data_format, dilations):
        self.input_shape, self.filter_shape, self.data_format = input_shape, filter_shape, data_format
        self.strides = windows.spatial_dims(strides, data_format)
        self.dilations = windows.spatial_dims(dilations, data_format)
        channels = windows.channels_of(input_shape, data_format)
        self.groups = channels // filter_shape[-2] if filter_shape[-2] else 1
        sizes = windows.spatial_dims(input_shape, data_format)
        explicit = windows.explicit_of(explicit_paddings, data_format) or ((0,) * len(sizes),) * 2
        placed = [
            windows.place(*values, padding, b, a)
            for *values, b, a in zip(sizes, filter_shape, self.strides, self.dilations, *explicit)
        ]
        self.counts, self.before, self.after = zip(*placed)
        self.output_shape = windows.assemble(input_shape[0], self.counts, filter_shape[-1], data_format)
        self.is_empty = 0 in input_shape or 0 in filter_shape or 0 in self.output_shape
        self._primitives = {}

    # ------------------------------------------------------------------------------------------------- with oneDNN

    def forward(self, input, filter):
        """The convolution."""
        if self.is_empty:
            return np.zeros(self.output_shape, input.dtype)
        return self._run("forward", portable_forward, input, filter)

    def input_gradient(self, filter, out_backprop):
        """The gradient of the input."""
        if self.is_empty:
            return np.zeros(self.input_shape, filter.dtype)
        return self._run("data", portable_input_gradient, filter, out_backprop)

    def filter_gradient(self, input, out_backprop):
        """The gradient of the filter."""
        if self.is_empty:
            return np.zeros(self.filter_shape, input.dtype)
        return self._run("weights", portable_filter_gradient, input, out_backprop)

    def _run(self, direction, portable, *arrays):
        dtype = arrays[0].dtype
        primitive = self._primitive(direction, dtype)
        if not primitive:
            return portable(self, *arrays)
        if dtype.itemsize < 4:  # in single precision, so that sums are exact enough
            return self._call(direction, primitive, *[a.astype(np.float32) for a in arrays]).astype(dtype)
        return self._call(direction, primitive, *arrays)

    def _call(self, direction, primitive, first, second):
        result = np.empty(getattr(self, _RESULTS[direction]), np.float32)
        primitive(np.ascontiguousarray(first), np.ascontiguousarray(second), result)
        return result

    def traced(self, direction, xla, first, second):
        """The convolution, or a gradient, in a compiled program: `xla` gives XLA's own."""
        dtype = first.dtype
        primitive = ffi.serves() and not self.is_empty and self._primitive(direction, dtype)
        if not primitive:
            return xla(self, first, second)
        shape = getattr(self, _RESULTS[direction])
        content = ("convolution", direction, self.data_format, self.input_shape, self.filter_shape, self.output_shape, self.strides,
                   self.dilations, self.before, self.after)  # fmt: skip
        single = np.float32
        return ffi.call(primitive, content, shape, first.astype(single), second.astype(single)).astype(dtype)

    def _primitive(self, direction, dtype):
        """The oneDNN primitive for a direction; False if there is none for this type."""
        if dtype.itemsize > 4:
            return False
        found = self._primitives.get(direction)
        if found is None:
            found = self._primitives[direction] = self._make_primitive(direction)
        return found

    def _make_primitive(self, direction):
        if not onednn.available():
            return False
        first = windows.is_channels_first(self.data_format)
        input, output = (primitives.activations(s, first) for s in (self.input_shape, self.output_shape))
        try:
            return primitives.convolution(
                direction, *input, *self._weights(), *output, self.strides, self.dilations, self.before, self.after
            )
        except onednn.OneDnnError:
            return False

    def _weights(self):
        """Dimensions and strides of the filter in oneDNN's order: (groups,) output channels, input channels, spatial."""
        *spatial, inputs, outputs = self.filter_shape
        *steps, per_input, per_output = primitives.contiguous_strides(self.filter_shape)
        if self.groups == 1:
            return (outputs, inputs, *spatial), (per_output, per_input, *steps)
        each = outputs // self.groups
        return (self.groups, each, inputs, *spatial), (each * per_output, per_output, per_input, *steps)


_RESULTS = {"forward": "output_shape", "data": "input_shape", "weights": "filter_shape"}


# ------------------------------------------------------------------------------------------------------------ in NumPy


def _in_single_precision(function):
    """A portable kernel that computes types of two bytes, which NumPy is slow and inexact with, in single precision."""

    @functools.wraps(function)
    def computed(plan, *arrays):
        dtype = arrays[0].dtype
        if dtype.itemsize >= 4:
            return function(plan, *arrays)
        return function(plan, *[a.astype(np.float32) for a in arrays]).astype(dtype)

    return computed


def _blocks(plan):
    """Slices of the batch, so small that the matrix of all windows in them fits into a cache."""
    each = math.prod(plan.counts) * math.prod(plan.filter_shape[:-1]) * plan.groups
    step = max(_BLOCK // max(each, 1), 1)
    return [slice(i, i + step) for i in range(0, plan.input_shape[0], step)]


def _columns(plan, x):
    """The windows of a padded input as matrices: groups, windows, elements of a window."""
    found = windows.windows(x, plan.counts, plan.filter_shape[:-2], plan.strides, plan.dilations)
    taps = math.prod(plan.filter_shape[:-2])
    rows = x.shape[0] * math.prod(plan.counts)
    if plan.groups == 1:
        return found.reshape(1, rows, -1)
    grouped = found.reshape(rows, taps, plan.groups, -1)
    return grouped.transpose(2, 0, 1, 3).reshape(plan.groups, rows, -1)


def _matrices(plan, filter):
    """The filter as matrices: groups, elements of a window, output channels of the group."""
    outputs = plan.filter_shape[-1] // plan.groups
    return filter.reshape(-1, plan.groups, outputs).transpose(1, 0, 2)


def _grouped(plan, y):
    """An output with channels last as matrices: groups, windows, output channels of the group."""
    return y.reshape(-1, plan.groups, plan.filter_shape[-1] // plan.groups).transpose(1, 0, 2)


@_in_single_precision
def portable_forward(plan, input, filter):
    """The convolution as products of the matrix of windows and the filter."""
    x = windows.pad(windows.channels_last(input, plan.data_format), plan.before, plan.after)
    matrices = _matrices(plan, filter)
    out = np.empty((plan.input_shape[0], *plan.counts, plan.filter_shape[-1]), input.dtype)
    for block in _blocks(plan):
        products = _columns(plan, x[block]) @ matrices
        out[block] = products.transpose(1, 0, 2).reshape(out[block].shape)
    return windows.channels_back(out, plan.data_format)


@_in_single_precision
def portable_input_gradient(plan, filter, out_backprop):
    """The gradient of the input: what each element of each window gets, added up."""
    y = windows.channels_last(out_backprop, plan.data_format)
    sizes = windows.spatial_dims(plan.input_shape, plan.data_format)
    window = plan.filter_shape[:-2]
    padded = [b + d + a for b, d, a in zip(plan.before, sizes, plan.after)]
    x = np.zeros((plan.input_shape[0], *padded, plan.groups * plan.filter_shape[-2]), filter.dtype)
    matrices = _matrices(plan, filter).transpose(0, 2, 1)
    for block in _blocks(plan):
        part = x[block]
        columns = _grouped(plan, y[block]) @ matrices  # groups, windows, elements of a window
        columns = columns.reshape(plan.groups, part.shape[0], *plan.counts, math.prod(window), -1)
        for i, offsets in enumerate(np.ndindex(*window)):
            at = windows.tap(offsets, plan.counts, plan.strides, plan.dilations)
            part[at] += np.moveaxis(columns[..., i, :], 0, -2).reshape(part[at].shape)
    return windows.channels_back(np.ascontiguousarray(x[windows.crop(plan.before, sizes)]), plan.data_format)


@_in_single_precision
def portable_filter_gradient(plan, input, out_backprop):
    """The gradient of the filter as products of the matrix of windows and the gradient of the output."""
    x = windows.pad(windows.channels_last(input, plan.data_format), plan.before, plan.after)
    y = windows.channels_last(out_backprop, plan.data_format)
    total = 0
    for block in _blocks(plan):
        total = total + _columns(plan, x[block]).transpose(0, 2, 1) @ _grouped(plan, y[block])
    return np.ascontiguousarray(total.transpose(1, 0, 2)).reshape(plan.filter_shape)


# ------------------------------------------------------------------------------------------------- by the array namespace


def forward(xp, plan, input, filter):
    """A convolution."""
    return plan.forward(input, filter) if xp is np else plan.traced("forward", xla_forward, input, filter)


def input_gradient(xp, plan, filter, out_backprop):
    """The gradient of a convolution's input."""
    if xp is np:
        return plan.input_gradient(filter, out_backprop)
    return plan.traced("data", xla_input_gradient, filter, out_backprop)


def filter_gradient(xp, plan, input, out_backprop):
    """The gradient of a convolution's filter."""
    if xp is np:
        return plan.filter_gradient(input, out_backprop)
    return plan.traced("weights", xla_filter_gradient, input, out_backprop)


def gradients(plan, input, filter, out_backprop, needs):
    """The gradients of input and filter, those that are needed; all are NumPy arrays."""
    out_backprop = np.ascontiguousarray(out_backprop)  # once for both: the gradient of a sum is a view of one number
    return (
        plan.input_gradient(filter, out_backprop) if needs[0] else None,
        plan.filter_gradient(input, out_backprop) if needs[1] else None,
    )


# ------------------------------------------------------------------------------------------------------------- for XLA


def xla_forward(plan, input, filter):
    """The convolution as XLA's."""
    from jax import lax

    letters = "DHW"[-len(plan.strides) :]
    activations = windows.assemble("N", letters, "C", plan.data_format)
    order = "".join(activations), letters + "IO", "".join(activations)
    return lax.conv_general_dilated(
        input, filter, plan.strides, list(zip(plan.before, plan.after)), rhs_dilation=plan.dilations, dimension_numbers=order,
        feature_group_count=plan.groups,
    )  # fmt: skip


def xla_input_gradient(plan, filter, out_backprop):
    """The gradient of the input: the transpose of the convolution, which is linear in it."""
    import jax

    wanted = jax.ShapeDtypeStruct(plan.input_shape, filter.dtype)
    return jax.linear_transpose(lambda x: xla_forward(plan, x, filter), wanted)(out_backprop)[0]


def xla_filter_gradient(plan, input, out_backprop):
    """The gradient of the filter: the transpose of the convolution, which is linear in it too."""
    import jax

    wanted = jax.ShapeDtypeStruct(plan.filter_shape, input.dtype)
    return jax.linear_transpose(lambda f: xla_forward(plan, input, f), wanted)(out_backprop)[0]
