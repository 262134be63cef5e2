"""Convolution and pooling with holes ("a trous"), of any number of dimensions, over the space-to-batch form of their input."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.convert import convert
from ..core.deprecation import one_of
from ..core.dispatch import registry
from ..core.export import export
from ..core.scopes import name_scope
from ..core.static_values import constant_value
from .blocks import batch_to_space, batch_to_space_nd, required_space_to_batch_paddings, space_to_batch, space_to_batch_nd
from .conv import conv2d_backprop_input_op, conv2d_op, conv3d_op
from .conv_functions import conv1d, conv2d_transpose, per_dimension
from .joining import concat, stack
from .pool_functions import avg_pool, avg_pool3d, max_pool, max_pool3d
from .shaping import shape as shape_of


def _is_first(data_format):
    return data_format is not None and data_format.startswith("NC")


# -------------------------------------------------------------------------------------------------------- space to batch


@export("nn.with_space_to_batch")
def with_space_to_batch(input, dilation_rate, padding, op, filter_shape=None, spatial_dims=None, data_format=None):
    """Does something with sliding windows to the space-to-batch form of a tensor, so that the windows have holes.

    Args:
      input: a tensor.
      dilation_rate: an int vector of known length: the step from element to element of a window in each spatial dimension.
      padding: "SAME" or "VALID".
      op: called as `op(input, number of spatial dimensions, padding)`; gives a tensor.
      filter_shape: for padding "SAME" the size of the window, an int vector.
      spatial_dims: which dimensions are the spatial ones, an increasing list; by default those after the batch, or after the
        channels if `data_format` begins with "NC".
      data_format: where the channels are.

    Returns:
      What `op` gives, in the form of the input again.

    Raises:
      ValueError: an argument is not as it should be.
    """
    return _in_batches(convert(input, name="input"), dilation_rate, padding, op, filter_shape, spatial_dims, data_format)


def _in_batches(input, dilation_rate, padding, op, filter_shape, spatial_dims=None, data_format=None, filter=None):
    """`with_space_to_batch`; `filter` tells the size of the window if it is not known before the run."""
    return _InBatches(input.shape, dilation_rate, padding, filter_shape, spatial_dims, data_format)(input, op, filter)


class _InBatches:
    """What `with_space_to_batch` does, in two steps: what the arguments alone say, and then what is done to an input."""

    def __init__(self, input_shape, dilation_rate, padding, filter_shape, spatial_dims=None, data_format=None):
        self._padding, self._data_format = padding, data_format
        self._rate = rate = convert(dilation_rate, dtypes.int32, "dilation_rate")
        if rate._shape is not None and len(rate._shape) != 1:
            raise ValueError("rate must be rank 1")
        if not shapes.is_known(rate._shape):
            raise ValueError("rate must have known shape")
        self._count = count = rate._shape[0]
        self._dims = _checked_dims(input_shape, spatial_dims, count, data_format)
        known_rate = constant_value(rate)
        self._is_plain = known_rate is not None and np.all(known_rate == 1)
        if known_rate is not None and np.any(known_rate < 1):
            raise ValueError("dilation_rate must be positive")
        if not self._is_plain:
            self._base = _base_paddings(padding, filter_shape, count, rate if known_rate is None else known_rate)

    def __call__(self, input, op, filter=None):
        count, dims = self._count, self._dims
        if self._is_plain:
            return op(input, count, self._padding)
        sizes = None if input._shape is None else [input._shape[d] for d in dims]
        if sizes is None or None in sizes:
            all_sizes = shape_of(input)
            sizes = stack([all_sizes[d] for d in dims])
        paddings, crops = required_space_to_batch_paddings(sizes, self._rate, self._base)
        rate = _between_others(self._rate, 1, dims)
        paddings, crops = _between_others(paddings, 0, dims), _between_others(crops, 0, dims)
        result = op(space_to_batch_nd(input, rate, paddings), count, "VALID")
        result = batch_to_space_nd(result, rate, crops)
        if _is_first(self._data_format) and filter is not None and not result.shape.dims[1].value:
            sizes = result.shape.as_list()
            sizes[1] = filter.shape[-1]
            result.set_shape(sizes)
        return result


def _checked_dims(input_shape, spatial_dims, count, data_format):
    """The spatial dimensions; raises ValueError if they are not increasing or the input lacks them."""
    first = 2 if _is_first(data_format) else 1
    given = list(range(first, count + first) if spatial_dims is None else spatial_dims)
    dims = sorted({int(d) for d in given})
    if dims != given or any(d < 1 for d in dims):
        raise ValueError("spatial_dims must be a montonically increasing sequence of positive integers")
    least = dims[-1] + (0 if _is_first(data_format) else 1)
    if input_shape.ndims is not None and input_shape.ndims < least:
        raise ValueError("input tensor must have rank %d at least" % least)
    return dims


def _base_paddings(padding, filter_shape, count, rate):
    """The paddings that "SAME" or "VALID" mean for a window with holes, as an int matrix."""
    if padding == "VALID":
        return np.zeros([count, 2], np.int32)
    if padding != "SAME":
        raise ValueError("Invalid padding method %r" % padding)
    if filter_shape is None:
        raise ValueError("filter_shape must be specified for SAME padding")
    window = convert(filter_shape, name="filter_shape")
    value = constant_value(window)
    window = (window if value is None else value)[:count]
    extra = window + (window - 1) * (rate - 1) - 1
    before = extra // 2
    after = extra - before
    return stack([[before[i], after[i]] for i in range(count)])


def _between_others(values, fill, spatial_dims):
    """Values for the spatial dimensions with `fill` for the others before and between them."""
    known_values = constant_value(values)
    rest = values.shape.as_list()[1:]
    values = values if known_values is None else known_values
    parts, previous, i = [], 0, 0
    while i < len(spatial_dims):
        start = i
        if spatial_dims[start] > 1:
            parts.append(np.full([spatial_dims[start] - 1 - previous] + rest, fill, np.int32))
        while i + 1 < len(spatial_dims) and spatial_dims[i + 1] == spatial_dims[i] + 1:
            i += 1
        parts.append(values[start : i + 1])
        previous = spatial_dims[i]
        i += 1
    return concat(parts, 0) if known_values is None else np.concatenate(parts)


def _strides_and_rate(count, strides, rate):
    """Strides and dilation rate for `count` spatial dimensions as arrays; raises ValueError if they don't go together."""
    checked = []
    for name, values in (("dilation_rate", rate), ("strides", strides)):
        values = [1] * count if values is None else values
        if len(values) != count:
            raise ValueError("len(%s)=%d but should be %d" % (name, len(values), count))
        values = np.array(values, np.int32)
        if np.any(values < 1):
            raise ValueError("all values of %s must be positive" % name)
        checked.append(values)
    rate, strides = checked
    if np.any(strides > 1) and np.any(rate > 1):
        raise ValueError("strides > 1 not supported in conjunction with dilation_rate > 1")
    return strides, rate


# ----------------------------------------------------------------------------------------------------------- convolution


@export("nn.convolution")
def convolution(input, filter, padding, strides=None, dilation_rate=None, name=None, data_format=None, filters=None,
                dilations=None):  # fmt: skip
    """Convolution of one, two or three dimensions, with strides or with holes.

    Args:
      input: a tensor of floats of shape `[batch, spatial..., in_channels]`, or as `data_format` says.
      filter: a tensor of the same type of shape `[spatial..., in_channels, out_channels]`.
      padding: "SAME" or "VALID".
      strides: the step of the window: a number, or one for each spatial dimension.
      dilation_rate: the step from element to element of the window, likewise; where one is more than 1, strides must be 1.
      name: the name of the node or of the scope of the nodes.
      data_format: "NWC", "NHWC", "NDHWC" (the default for each rank), "NCW", "NCHW" or "NCDHW".
      filters: another name for `filter`.
      dilations: another name for `dilation_rate`.

    Raises:
      ValueError: the rank is unknown or not supported, or arguments don't go together.
    """
    filter = one_of("filters", filters, "filter", filter)
    dilation_rate = one_of("dilations", dilations, "dilation_rate", dilation_rate)
    count = _spatial_count(input, filter)
    channel_index = 1 if _is_first(data_format) else count + 1
    strides = per_dimension(strides, count, channel_index, "strides")
    dilations = per_dimension(dilation_rate, count, channel_index, "dilations")
    with name_scope(name, "convolution", [input, filter]) as scope:
        if all(d == 1 for d in dilations):
            return _convolve(count, input, filter, strides, padding, data_format, dilations, scope)
        inner = slice(2, None) if channel_index == 1 else slice(1, -1)
        return _atrous(input, filter, padding, strides[inner], dilations[inner], data_format, scope)


def _spatial_count(input, filter):
    """How many spatial dimensions there are, by the rank of `input` or `filter`."""
    for x in (input, filter):
        shape = shapes.as_tuple(x.shape)
        if shape is not None:
            if not 1 <= len(shape) - 2 <= 3:
                raise ValueError("Input tensor must be of rank 3, 4 or 5 but was %d." % len(shape))
            return len(shape) - 2
    raise ValueError("rank of input or filter must be known")


def _convolve(count, input, filter, strides, padding, data_format, dilations, name):
    if count == 1:
        return conv1d(input, filter, strides, padding, data_format=data_format, dilations=dilations, name=name)
    op, default = (conv2d_op, "NHWC") if count == 2 else (conv3d_op, "NDHWC")
    return op(input, filter, strides=strides, padding=padding, data_format=data_format or default, dilations=dilations, name=name)


def _atrous(input, filter, padding, strides, rate, data_format, name):
    """Convolution with holes."""
    made = Convolution(shapes.as_shape(input.shape), shapes.as_shape(filter.shape), padding, strides, rate, name, data_format)
    return made(convert(input), filter)


@export("python.ops.nn_ops.Convolution")
class Convolution:
    """A convolution of one, two or three dimensions, with strides or with holes, of inputs of one kind.

    Args:
      input_shape, filter_shape: `TensorShape`s.
      padding, strides, dilation_rate, name, data_format: as of `tf.nn.convolution`.

    Raises:
      ValueError: the rank is unknown, or arguments don't go together.
    """

    def __init__(self, input_shape, filter_shape, padding, strides=None, dilation_rate=None, name=None, data_format=None):
        rank = filter_shape.ndims if filter_shape.ndims is not None else input_shape.ndims
        if rank is None:
            raise ValueError("rank of input or filter must be known")
        if input_shape.ndims not in (None, rank):
            raise ValueError("input tensor must have rank %d" % rank)
        self._count = count = rank - 2
        channel = 1 if _is_first(data_format) else rank - 1
        channels = shapes.Dimension(None) if input_shape.ndims is None else input_shape[channel]
        expected = shapes.Dimension(None) if filter_shape.ndims is None else filter_shape[count]
        if not channels.is_compatible_with(expected):
            raise ValueError(
                "number of input channels does not match corresponding dimension of filter, %s != %s" % (channels, expected)
            )
        strides, rate = _strides_and_rate(count, strides, dilation_rate)
        self._stride = int(strides[0])
        self._strides = per_dimension(list(strides), count, channel, "strides")
        self._data_format, self._name = data_format, name
        dims = range(2, rank) if _is_first(data_format) else range(1, rank - 1)
        self._batches = _InBatches(input_shape, rate, padding, filter_shape, dims, data_format)

    def __call__(self, input, filter):
        """The convolution of an input with a filter."""

        def op(converted, _, padding):
            if self._count == 1:
                return conv1d(converted, filter, self._stride, padding, data_format=self._data_format or "NWC", name=self._name)
            ones = (1,) * (self._count + 2)
            return _convolve(self._count, converted, filter, self._strides, padding, self._data_format, ones, self._name)

        return self._batches(input, op, filter)


@export("nn.atrous_conv2d")
def atrous_conv2d(value, filters, rate, padding, name=None):
    """Two-dimensional convolution with holes.

    Args:
      value: a tensor of floats of shape `[batch, height, width, in_channels]`.
      filters: a tensor of the same type of shape `[height, width, in_channels, out_channels]`.
      rate: the step from element to element of the window, an int.
      padding: "SAME" or "VALID".
      name: the name of the scope of the nodes.

    Raises:
      ValueError: arguments don't go together.
    """
    return convolution(value, filters, padding, dilation_rate=np.broadcast_to(rate, (2,)), name=name)


@export("nn.atrous_conv2d_transpose")
def atrous_conv2d_transpose(value, filters, output_shape, rate, padding, name=None):
    """The transpose of `atrous_conv2d`.

    Args:
      value: a tensor of floats of shape `[batch, height, width, in_channels]`.
      filters: a tensor of the same type of shape `[height, width, out_channels, in_channels]`.
      output_shape: the shape of the result, four ints.
      rate: the step from element to element of the window, an int.
      padding: "SAME" or "VALID".
      name: the name of the scope of the nodes.

    Raises:
      ValueError: arguments don't go together.
    """
    with name_scope(name, "atrous_conv2d_transpose", [value, filters, output_shape]):
        value = convert(value, name="value")
        filters = convert(filters, name="filters")
        if not value.shape.dims[3].is_compatible_with(filters.shape[3]):
            raise ValueError("value's input channels does not match filters' input channels, %s != %s"
                             % (value.shape[3], filters.shape[3]))  # fmt: skip
        if rate < 1:
            raise ValueError("rate %s cannot be less than one" % rate)
        if rate == 1:
            return conv2d_transpose(value, filters, output_shape, strides=[1, 1, 1, 1], padding=padding, data_format="NHWC")
        output_shape = _checked_output_shape(output_shape, filters)
        (top, bottom), (left, right) = _transposed_paddings(filters, rate, padding)
        height, width = output_shape[1] + top + bottom, output_shape[2] + left + right
        more_bottom, more_right = (rate - height % rate) % rate, (rate - width % rate) % rate
        value = space_to_batch(value, [[0, more_bottom], [0, more_right]], block_size=rate)
        sizes = [rate * rate * output_shape[0], (height + more_bottom) // rate, (width + more_right) // rate, output_shape[3]]
        value = conv2d_backprop_input_op(sizes, filters, value, strides=[1, 1, 1, 1], padding="VALID", data_format="NHWC")
        return batch_to_space(value, [[top, bottom + more_bottom], [left, right + more_right]], block_size=rate)


def _checked_output_shape(output_shape, filters):
    tensor = convert(output_shape, name="output_shape")
    if not tensor.shape.is_compatible_with([4]):
        raise ValueError("output_shape must have shape (4,), got %s" % tensor.shape)
    if isinstance(output_shape, tuple):
        output_shape = list(output_shape)
    if isinstance(output_shape, list | np.ndarray) and not filters.shape.dims[2].is_compatible_with(output_shape[3]):
        raise ValueError("output_shape does not match filter's output channels, %s != %s" % (output_shape[3], filters.shape[2]))
    return output_shape


def _transposed_paddings(filters, rate, padding):
    """The paddings of height and width, each before and after."""
    if padding == "VALID":
        return (0, 0), (0, 0)
    if padding != "SAME":
        raise ValueError("padding must be either VALID or SAME: %s" % padding)
    sizes = filters.shape.as_list() if filters.shape.is_fully_defined() else shape_of(filters)
    height, width = sizes[0], sizes[1]
    height_up = height + (height - 1) * (rate - 1)
    width_up = width + (width - 1) * (rate - 1)
    height, width = height_up - 1, width_up - 1
    top = height // 2
    bottom = height - top
    left = width // 2
    return (top, bottom), (left, width - left)


# --------------------------------------------------------------------------------------------------------------- pooling

_POOLS = {("MAX", 1): max_pool, ("MAX", 2): max_pool, ("MAX", 3): max_pool3d,
          ("AVG", 1): avg_pool, ("AVG", 2): avg_pool, ("AVG", 3): avg_pool3d}  # fmt: skip


@export("nn.pool")
def pool(input, window_shape, pooling_type, padding, dilation_rate=None, strides=None, name=None, data_format=None,
         dilations=None):  # fmt: skip
    """Pooling over one, two or three dimensions, with strides or with holes.

    Args:
      input: a numeric tensor of shape `[batch, spatial..., channels]`, or as `data_format` says.
      window_shape: the size of the window in each spatial dimension.
      pooling_type: "MAX" or "AVG".
      padding: "SAME" or "VALID".
      dilation_rate: the step from element to element of the window, one for each spatial dimension.
      strides: the step of the window, likewise; where a rate is more than 1, strides must be 1.
      name: the name of the scope of the nodes.
      data_format: "NWC", "NHWC", "NDHWC" (the default for each rank), "NCW", "NCHW" or "NCDHW".
      dilations: another name for `dilation_rate`.

    Raises:
      ValueError: arguments don't go together.
    """
    dilation_rate = one_of("dilations", dilations, "dilation_rate", dilation_rate)
    with name_scope(name, "%s_pool" % pooling_type.lower(), [input]) as scope:
        input = convert(input, name="input")
        count = len(window_shape)
        if not 1 <= count <= 3:
            raise ValueError("It is required that 1 <= num_spatial_dims <= 3.")
        input.shape.with_rank(count + 2)
        strides, rate = _strides_and_rate(count, strides, dilation_rate)
        if padding == "SAME" and np.any(rate > 1):
            raise ValueError("pooling with SAME padding is not implemented for dilation_rate > 1")
        if np.any(strides > window_shape):
            raise ValueError("strides > window_shape not supported due to inconsistency between CPU and GPU implementations")
        function = _POOLS.get((pooling_type, count))
        if function is None:
            raise ValueError("%d-D %s pooling is not supported." % (count, pooling_type))
        channel = 1 if _is_first(data_format) else count + 1
        window, step = (
            list(per_dimension(list(v), count, channel, n)) for v, n in ((window_shape, "window"), (strides, "strides"))
        )
        spatial_dims = range(2, count + 2) if channel == 1 else range(1, count + 1)
        if count == 1:
            if data_format not in (None, "NWC", "NCW"):
                raise ValueError('data_format must be either "NWC" or "NCW".')
            data_format = "NCHW" if data_format == "NCW" else "NHWC"
            window, step = [1, *window], [1, *step]

        def op(converted, _, converted_padding):
            if count == 1:
                converted = registry["ExpandDims"](converted, spatial_dims[0])
            result = function(converted, window, step, converted_padding, name=scope, data_format=data_format)
            return registry["Squeeze"](result, squeeze_dims=[spatial_dims[0]]) if count == 1 else result

        return _in_batches(input, rate, padding, op, window_shape, spatial_dims)
