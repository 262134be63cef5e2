"""Arguments and sizes of layers with windows."""

from ..backend.settings import image_data_format


def normalize_tuple(value, n, name):
    """A tuple of `n` integers from one integer or a sequence; raises ValueError if it is neither."""
    if isinstance(value, int):
        return (value,) * n
    message = "The `%s` argument must be a tuple of %d integers. Received: %s" % (name, n, value)
    try:
        values = tuple(value)
    except TypeError:
        raise ValueError(message) from None
    if len(values) != n:
        raise ValueError(message)
    for v in values:
        try:
            int(v)
        except (ValueError, TypeError):
            raise ValueError("%s including element %s of type %s" % (message, v, type(v))) from None
    return values


def normalize_data_format(value):
    """The data format in small letters, by default that of images; raises ValueError for another word."""
    found = (image_data_format() if value is None else value).lower()
    if found not in {"channels_first", "channels_last"}:
        raise ValueError('The `data_format` argument must be one of "channels_first", "channels_last". Received: ' + str(value))
    return found


def normalize_padding(value):
    """The padding in small letters; raises ValueError for another word."""
    if isinstance(value, list | tuple):
        return value
    found = value.lower()
    if found not in {"valid", "same", "causal"}:
        raise ValueError(
            'The `padding` argument must be a list/tuple or one of "valid", "same" (or "causal", only for `Conv1D). Received: '
            + str(found)
        )
    return found


_FORMATS = {
    "channels_last": {3: "NWC", 4: "NHWC", 5: "NDHWC"},
    "channels_first": {3: "NCW", 4: "NCHW", 5: "NCDHW"},
}


def convert_data_format(data_format, ndim):
    """TensorFlow's letters for a data format of Keras; raises ValueError if there are none."""
    if data_format not in _FORMATS:
        raise ValueError("Invalid data_format:", data_format)
    if ndim not in _FORMATS[data_format]:
        raise ValueError("Input rank not supported:", ndim)
    return _FORMATS[data_format][ndim]


def conv_output_length(length, window, padding, stride, dilation=1):
    """The size of the output of a convolution or pooling along a dimension; None if that of the input is."""
    if length is None:
        return None
    reach = window + (window - 1) * (dilation - 1)
    length = {"same": 0, "causal": 0, "valid": 1 - reach, "full": reach - 1}[padding] + length
    return (length + stride - 1) // stride


def deconv_output_length(length, window, padding, output_padding=None, stride=0, dilation=1):
    """The size of the output of a transposed convolution along a dimension; `length` is an integer, a tensor, or None."""
    if length is None:
        return None
    window = window + (window - 1) * (dilation - 1)
    if output_padding is None:
        if padding == "valid":
            return length * stride + max(window - stride, 0)
        if padding == "full":
            return length * stride - (stride + window - 2)
        return length * stride
    pad = {"same": window // 2, "valid": 0, "full": window - 1}[padding]
    return (length - 1) * stride + window - 2 * pad + output_padding
