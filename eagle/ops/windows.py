"""Sliding windows: where they lie on an input, for convolution, pooling and morphology.

Attributes of these ops (`strides`, `dilations`, `ksize`) have a number for each dimension of the input, those of batch and
channels among them; `data_format` says which dimensions these are.
"""

import numpy as np

from ..core.errors import invalid


def is_channels_first(data_format):
    return data_format[1] == "C"


def spatial_dims(values, data_format):
    """Those of the values for each dimension that are for spatial dimensions."""
    return tuple(values[2:]) if data_format[1] == "C" else tuple(values[1:-1])


def assemble(batch, spatial, channels, data_format):
    """A shape from its parts."""
    return (batch, channels, *spatial) if data_format[1] == "C" else (batch, *spatial, channels)


def channels_of(shape, data_format):
    return shape[1] if data_format[1] == "C" else shape[-1]


def extent(window, dilation):
    """How far a window with holes reaches."""
    return None if window is None else (window - 1) * dilation + 1


def static_size(size, window, stride, dilation, padding, before=0, after=0):
    """The static size of an output dimension; None if it is not known.

    Raises:
      ValueError: the window does not fit into the input.
    """
    reach = extent(window, dilation)
    if size is None or padding != "SAME" and reach is None:
        return None
    if padding == "SAME":
        return -(-size // stride)
    size += before + after
    if reach > size:
        raise ValueError("Negative dimension size caused by subtracting %d from %d" % (reach, size))
    return (size - reach) // stride + 1


def place(size, window, stride, dilation, padding, before=0, after=0):
    """Where windows lie along a dimension.

    Args:
      size: the size of the input.
      window: the size of the window.
      stride: the step from window to window.
      dilation: the step from element to element of a window.
      padding: "SAME", "VALID" or "EXPLICIT".
      before, after: how much is added to both ends if `padding` is "EXPLICIT".

    Returns:
      How many windows there are, and how much is added to both ends.
    """
    reach = extent(window, dilation)
    if padding == "SAME":
        count = -(-size // stride)
        missing = max((count - 1) * stride + reach - size, 0)
        return count, missing // 2, missing - missing // 2
    count = (size + before + after - reach + stride) // stride
    if count < 0:
        text = "Computed output size would be negative: %d [input_size: %d, effective_filter_size: %d, stride: %d]"
        raise invalid(text, count, size + before + after, reach, stride)
    return count, before, after


def pad(x, before, after, value=0, xp=np):
    """An array with its spatial dimensions, all but the first and the last, made larger at both ends."""
    if not any(before) and not any(after):
        return x
    if xp is not np:
        return xp.pad(x, ((0, 0), *zip(before, after), (0, 0)), constant_values=value)
    shape = (x.shape[0], *[b + d + a for b, d, a in zip(before, x.shape[1:-1], after)], x.shape[-1])
    padded = np.full(shape, value, x.dtype)
    padded[crop(before, x.shape[1:-1])] = x
    return padded


def crop(before, sizes):
    """The index that takes the padding off again."""
    return (slice(None), *[slice(b, b + d) for b, d in zip(before, sizes)])


def windows(x, counts, window, strides, dilations):
    """The windows of a padded array, as a view: batch, windows along each dimension, elements of a window, channels."""
    inner = x.strides[1:-1]
    shape = (x.shape[0], *counts, *window, x.shape[-1])
    steps = (
        x.strides[0], *[a * b for a, b in zip(inner, strides)], *[a * b for a, b in zip(inner, dilations)], x.strides[-1]
    )  # fmt: skip
    return np.lib.stride_tricks.as_strided(x, shape, steps, writeable=False)


def tap(offsets, counts, strides, dilations):
    """The index into a padded array of one element, the one at `offsets`, of each window."""
    places = zip(offsets, counts, strides, dilations)
    return (slice(None), *[slice(o * d, o * d + (n - 1) * s + 1, s) if n else slice(0, 0) for o, n, s, d in places])


def taps(window, counts, strides):
    """The indices of all elements of windows without holes, in order."""
    return [tap(offsets, counts, strides, (1,) * len(window)) for offsets in np.ndindex(*window)]


def channels_last(x, data_format, xp=np):
    """A view of an array with the channels in the last dimension."""
    return xp.moveaxis(x, 1, -1) if data_format[1] == "C" else x


def channels_back(x, data_format, xp=np):
    """An array of which `channels_last` was taken, in its own order of dimensions again."""
    if data_format[1] != "C":
        return x
    moved = xp.moveaxis(x, -1, 1)
    return np.ascontiguousarray(moved) if xp is np else moved


# ------------------------------------------------------------------------------------------------ what attributes must be


def check_static(name, strides, dilations, padding, explicit_paddings, data_format, rank):
    """What the shape rules of convolutions demand of attributes.

    Raises:
      ValueError: TensorFlow's text.
    """
    if len(dilations) != rank:
        raise ValueError("%s requires the dilation attribute to contain %d values, but got: %d" % (name, rank, len(dilations)))
    if len(strides) != rank:
        raise ValueError(
            "%s on data format %s requires the stride attribute to contain %d values, but got: %d"
            % (name, data_format, rank, len(strides))
        )
    for s in spatial_dims(strides, data_format):
        if s <= 0:
            raise ValueError("Stride must be > 0, but got %d" % s)
    for d in spatial_dims(dilations, data_format):
        if d < 1:
            raise ValueError("Dilation rate must be >= 1, but got %d" % d)
    check_explicit(padding, explicit_paddings, data_format, rank)


def check_explicit(padding, explicit_paddings, data_format, rank):
    """What `explicit_paddings` must be; raises ValueError."""
    if padding != "EXPLICIT":
        if explicit_paddings:
            raise ValueError("explicit_paddings attribute must be empty if the padding attribute is not EXPLICIT")
        return
    if len(explicit_paddings) != 2 * rank:
        raise ValueError("explicit_paddings attribute must contain %d values, but got: %d" % (2 * rank, len(explicit_paddings)))
    if min(explicit_paddings) < 0:
        raise ValueError("All elements of explicit_paddings must be nonnegative")
    channel = 1 if is_channels_first(data_format) else rank - 1
    if any(explicit_paddings[2 * i] or explicit_paddings[2 * i + 1] for i in (0, channel)):
        raise ValueError("Nonzero explicit padding in the batch or depth dimensions is not supported")


def check_attributes(strides, dilations, padding, explicit_paddings, data_format, rank):
    """What kernels of convolutions demand of attributes; raises InvalidArgumentError."""
    channel = 1 if is_channels_first(data_format) else rank - 1
    for what, values, few in (("dilations", dilations, "Dilated rates"), ("strides", strides, "Sliding window strides")):
        if len(values) != rank:
            raise invalid("Sliding window %s field must specify %d dimensions", what, rank)
        if values[0] != 1 or values[channel] != 1:
            raise invalid("Current implementation does not yet support %s in the batch and depth dimensions.", what)
        if min(values) < 1:
            raise invalid("%s should be larger than 0.", few)
    try:
        check_explicit(padding, explicit_paddings, data_format, rank)
    except ValueError as e:
        raise invalid(str(e)) from None


def explicit_of(explicit_paddings, data_format):
    """Explicit paddings of the spatial dimensions: those before and those after."""
    if not explicit_paddings:
        return None
    befores, afters = explicit_paddings[::2], explicit_paddings[1::2]
    return spatial_dims(befores, data_format), spatial_dims(afters, data_format)
