"""Adding a bias to each channel."""

import math

import numpy as np

from ..core import shape as shapes
from ..core.context import here
from ..core.convert import convert
from ..core.errors import invalid
from ..core.export import export
from ..core.op import IDENTITY, HostShape, Shape, op
from ..core.scopes import name_scope
from ..core.tensor import EagerTensor

_to_brackets = shapes.to_brackets


def _check(value, bias, channels):
    """What TensorFlow's kernels demand; `channels` is the dimension that the bias must fit."""
    if value.ndim < 2:
        raise invalid("Input tensor must be at least 2D: %s", _to_brackets(value.shape))
    if bias.ndim != 1:
        raise invalid("Biases must be 1D: %s", _to_brackets(bias.shape))
    if bias.shape[0] != value.shape[channels]:
        text = "Must provide as many biases as the last dimension of the input tensor: %s vs. %s"
        raise invalid(text, _to_brackets(bias.shape), _to_brackets(value.shape))


def _biased_shape(value, bias, *, data_format="NHWC"):
    """The static shape of a tensor with a bias added."""
    value = shapes.with_rank_at_least(value, 3 if data_format == "NCHW" else 2)
    bias = shapes.with_rank(bias, 1)
    if value is None:
        return None
    channels = 1 if data_format == "NCHW" else len(value) - 1
    return (*value[:channels], shapes.merge_dims(value[channels], bias[0]), *value[channels + 1 :])


def sum_of_channels(xp, x, data_format):
    """The sum of the elements of each channel."""
    if data_format == "NCHW":
        return x.sum((0, *range(2, x.ndim)))
    rows = x.reshape(math.prod(x.shape[:-1]), x.shape[-1])
    if rows.dtype.kind == "f" and rows.dtype.itemsize >= 4:
        return xp.ones(rows.shape[0], rows.dtype) @ rows  # a product is the fastest sum of rows
    return rows.sum(0)


@op("BiasAdd")
def _bias_add(xp, value, bias, *, data_format="NHWC"):
    if data_format == "NHWC":
        _check(value, bias, -1)
        return value + bias
    _check(value, bias, 1)
    return value + bias.reshape(-1, *[1] * (value.ndim - 2))


@_bias_add.shape
def _(value, bias, *, data_format):
    return _biased_shape(value, bias, data_format=data_format)


@_bias_add.grad("value", IDENTITY)
def _(g):
    return g


@_bias_add.grad("bias", lambda g, *, data_format: sum_of_channels(np, g, data_format))
def _(g, *, data_format):
    return _bias_add_grad(g, data_format=data_format)


@op("BiasAddGrad", promotes=True)
def _bias_add_grad(xp, out_backprop, *, data_format="NHWC"):
    if out_backprop.ndim < 2:
        raise invalid("Input tensor must be at least 2D: %s", _to_brackets(out_backprop.shape))
    return sum_of_channels(xp, out_backprop, data_format)


@_bias_add_grad.shape
def _(out_backprop, *, data_format):
    shape = shapes.with_rank_at_least(out_backprop, 3 if data_format == "NCHW" else 2)
    return (None if shape is None else shape[1 if data_format == "NCHW" else -1],)


@_bias_add_grad.grad("out_backprop")
def _(g, out_backprop: Shape, *, data_format):
    return _spread_bias(g, out_backprop, data_format=data_format)


# Of Eagle's own: a bias given to every element of its channel.
_SPREAD_BIAS = (
    "EagleSpreadBias(bias: T, shape: S) -> (output: T) | T: type; S: type in [int32,int64] = 'int32'; "
    "data_format: string in [NHWC,NCHW] = 'NHWC' | gradient"
)


@op("EagleSpreadBias", definition=_SPREAD_BIAS)
def _spread_bias(xp, bias, shape: HostShape, *, data_format="NHWC"):
    if data_format == "NCHW":
        bias = bias.reshape(-1, *[1] * (len(shape) - 2))
    return xp.broadcast_to(bias, shape)


_spread_bias.shape(lambda bias, shape: shape)


@_spread_bias.grad("bias")
def _(g, *, data_format):
    return _bias_add_grad(g, data_format=data_format)


@_spread_bias.samples
def _(make):
    yield make(3), (2, 3)
    yield make(3), (2, 3, 2), dict(data_format="NCHW")


@op("BiasAddV1")
def _bias_add_v1(xp, value, bias):
    _check(value, bias, -1)
    return value + bias


_bias_add_v1.shape(lambda value, bias: _biased_shape(value, bias))
_bias_add_v1.grad("value")(lambda g: g)
_bias_add_v1.grad("bias")(lambda g: _bias_add_grad(g))


def _samples(make):
    yield make(2, 3), make(3)
    yield make(2, 2, 3, 4), make(4)
    yield make(0, 3), make(3)


@_bias_add.samples
def _(make):
    yield from _samples(make)
    yield make(2, 3, 2), make(3), dict(data_format="NCHW")
    yield make(2, 3, 2, 2), make(3), dict(data_format="NCHW")


@_bias_add_grad.samples
def _(make):
    yield (make(2, 3),)
    yield (make(2, 2, 3, 4),)
    yield (make(0, 3),)
    yield make(2, 3, 2, 2), dict(data_format="NCHW")


_bias_add_v1.samples(_samples)


@export("nn.bias_add")
def bias_add(value, bias, data_format=None, name=None):
    """Adds a bias to each channel.

    Args:
      value: a tensor of rank 2 or more.
      bias: a vector with a number for each channel, of the same type.
      data_format: where the channels are: "N...C" (the default) or "NC...".
      name: the name of the node.

    Raises:
      ValueError: `data_format` is neither, or the shapes are known and don't fit.
      InvalidArgumentError: the shapes don't fit.
    """
    if data_format is None and type(value) is EagerTensor and type(bias) is EagerTensor and here.eager:
        return _bias_add(value, bias, name=name)
    with name_scope(name, "BiasAdd", [value, bias]) as scope:
        if data_format is not None:
            if data_format.startswith("NC"):
                data_format = "NCHW"
            elif data_format.startswith("N") and data_format.endswith("C"):
                data_format = "NHWC"
            else:
                raise ValueError("data_format must be of the form `N...C` or `NC...`")
        if not here.eager:
            value = convert(value, name="input")
            bias = convert(bias, value.dtype.base_dtype, "bias")
        return _bias_add(value, bias, data_format=data_format or "NHWC", name=scope)
