"""Normalization: moments and what is made of them, batch normalization, local response normalization, `l2_loss`."""

import numpy as np

from ..core import shape as shapes
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op


@op("L2Loss")
def _l2_loss(xp, t):
    """Half the sum of the squares of a tensor's elements."""
    flat = t.reshape(-1)
    return (xp.dot(flat, flat) / t.dtype.type(2)).astype(t.dtype)


_l2_loss.shape(lambda t: ())


@_l2_loss.grad("t")
def _(g, t):
    return t * g


@_l2_loss.samples
def _(make):
    yield (make(2, 3),)
    yield (make(),)
    yield (make(0, 3),)


@export("nn.l2_loss")
def l2_loss(t, name=None):
    """Half the sum of the squares of a tensor's elements.

    Args:
      t: a tensor of floats.
      name: the name of the node.
    """
    return _l2_loss(t, name=name)


# ------------------------------------------------------------------------------------------- local response normalization


def _neighbours(channels, radius, dtype):
    """The matrix that adds up, for each channel, those no further away than `radius`."""
    index = np.arange(channels)
    return (np.abs(index[:, None] - index) <= radius).astype(dtype)


def _wide(x):
    return x.astype(np.float32) if x.dtype.itemsize < 4 else x


def _check_lrn(x):
    if x.ndim != 4:
        raise invalid("in must be 4-dimensional")


@op("LRN")
def _lrn(xp, input, *, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5):
    _check_lrn(input)
    x = _wide(input)
    norm = bias + alpha * (xp.square(x) @ _neighbours(x.shape[-1], depth_radius, x.dtype))
    return (x * norm**-beta).astype(input.dtype)


_lrn.shape(lambda input: shapes.with_rank(input, 4))


@_lrn.grad("input")
def _(g, input, output, *, depth_radius, bias, alpha, beta):
    return _lrn_grad(g, input, output, depth_radius=depth_radius, bias=bias, alpha=alpha, beta=beta)


@_lrn.samples
def _(make):
    yield (make(2, 2, 3, 4),)
    yield make(1, 2, 2, 7), dict(depth_radius=2, bias=0.5, alpha=0.3, beta=0.75)
    yield (make(0, 2, 3, 4),)


@op("LRNGrad")
def _lrn_grad(xp, input_grads, input_image, output_image, *, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5):
    _check_lrn(input_image)
    g, x, y = _wide(input_grads), _wide(input_image), _wide(output_image)
    band = _neighbours(x.shape[-1], depth_radius, x.dtype)
    norm = bias + alpha * (xp.square(x) @ band)
    return (g * norm**-beta - 2 * alpha * beta * x * ((g * y / norm) @ band)).astype(input_image.dtype)


@_lrn_grad.shape
def _(input_grads, input_image, output_image):
    return shapes.with_rank(shapes.agree(shapes.agree(input_grads, input_image), output_image), 4)


@_lrn_grad.samples
def _(make):
    for shape, attrs in (((2, 2, 3, 4), {}), ((1, 2, 2, 7), dict(depth_radius=2, bias=0.5, alpha=0.3, beta=0.75))):
        x = make(*shape)
        yield make(*shape), x, _lrn.numpy(x, **attrs), attrs


@export("nn.local_response_normalization", "nn.lrn")
def local_response_normalization(input, depth_radius=5, bias=1, alpha=1, beta=0.5, name=None):
    """Each element divided by `(bias + alpha * s) ** beta`, where s is the sum of the squares of its neighbours among channels.

    Args:
      input: a tensor of floats of shape `[batch, height, width, channels]`.
      depth_radius: how far neighbours may be away.
      bias, alpha, beta: numbers.
      name: the name of the node.
    """
    return _lrn(input, depth_radius=depth_radius, bias=bias, alpha=alpha, beta=beta, name=name)
