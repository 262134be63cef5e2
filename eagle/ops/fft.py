"""Fourier transforms of the last one, two or three dimensions: `tf.signal.fft`, `tf.signal.rfft`, ..."""

import math

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.export import export
from ..core.known import partial_shape
from ..core.op import HostShape, Shape, op
from ..core.scopes import name_scope
from .binary import maximum
from .complex import conj
from .filling import zeros, zeros_like
from .joining import concat, stack
from .padding import pad
from .rearranging import roll
from .shaping import rank as rank_of, shape as shape_of
from .splitting import unstack


def _suffix(rank):
    """How the names of transforms of `rank` dimensions end."""
    return "" if rank == 1 else "%dD" % rank


def _check_rank(x, rank):
    if x.ndim < rank:
        raise invalid("Input must have rank of at least %d but got: %s", rank, shapes.to_brackets(x.shape))


# ------------------------------------------------------------------------------------------------------ complex transforms


def _declare(rank):
    """Declares the transform of `rank` dimensions and its inverse; their public functions."""
    axes = tuple(range(-rank, 0))

    def declare(name, function):
        @op(name)
        def transform(xp, input):
            _check_rank(input, rank)
            return getattr(xp.fft, function)(input, axes=axes) if input.size else input

        @transform.shape
        def _(input):
            return shapes.with_rank_at_least(input, rank)

        @transform.grad("input")
        def _(g):
            """The matrix of the transform is symmetric, so that its adjoint is its conjugate."""
            return conj(transform(conj(g)))

        @transform.samples
        def _(make):
            sizes = (4, 3, 2)[3 - rank :]
            yield (make(*sizes),)
            yield (make(2, *sizes[::-1]),)
            yield (make(0, *sizes),)

        public = name.lower()
        return export(public, "signal." + public, "spectral." + public)(transform)

    return declare("FFT" + _suffix(rank), "fftn"), declare("IFFT" + _suffix(rank), "ifftn")


(fft, ifft), (fft2d, ifft2d), (fft3d, ifft3d) = (_declare(rank) for rank in (1, 2, 3))

# --------------------------------------------------------------------------------------------------------- real transforms

# Of Eagle's own: the adjoints of the transforms of real numbers.
_OF_GRAD = "(grad: %s, fft_length: int32, shape: S) -> (output: %s) | rank: int; S: type in [int32,int64] | gradient"
_RFFT_GRAD = "EagleRFFTGrad" + _OF_GRAD % ("complex64", "float32")
_IRFFT_GRAD = "EagleIRFFTGrad" + _OF_GRAD % ("float32", "complex64")


def _half(length):
    """The length of the half of a spectrum that says all about real numbers."""
    return length // 2 + 1 if length else 0


def _cut(x, sizes):
    """The part of an array that begins at the front and has `sizes` along its last dimensions."""
    return x[(..., *(slice(0, n) for n in sizes))]


def _filled_up(xp, x, shape):
    """An array with zeros behind its elements, up to a shape."""
    padding = [(0, n - have) for have, n in zip(x.shape, shape)]
    return xp.pad(x, padding) if any(p[1] for p in padding) else x


def _check_lengths(x, lengths, rank, forward):
    _check_rank(x, rank)
    if type(lengths) is not tuple or len(lengths) != rank:
        raise invalid("fft_length must have shape [%d]", rank)
    for i, n in enumerate(lengths):
        least = _half(n) if i == rank - 1 and not forward else n
        axis = x.ndim - rank + i
        if 0 != x.shape[axis] < least:
            raise invalid("Input dimension %d must have length of at least %d but got: %d", axis, least, x.shape[axis])


def _spectrum(xp, x, lengths):
    """The half spectrum of real numbers."""
    return xp.fft.rfftn(_cut(x, lengths), axes=tuple(range(-len(lengths), 0)))


@op("EagleRFFTGrad", definition=_RFFT_GRAD)
def _rfft_grad(xp, grad, fft_length: HostShape, shape: HostShape, *, rank):
    if not grad.size:
        return xp.zeros(shape, np.float32)
    whole = _filled_up(xp, grad, (*grad.shape[:-1], fft_length[-1]))
    values = xp.fft.ifftn(whole, axes=tuple(range(-rank, 0))).real * np.float32(math.prod(fft_length))
    return _filled_up(xp, values, shape).astype(np.float32)


@op("EagleIRFFTGrad", definition=_IRFFT_GRAD)
def _irfft_grad(xp, grad, fft_length: HostShape, shape: HostShape, *, rank):
    if not grad.size:
        return xp.zeros(shape, np.complex64)
    n = fft_length[-1]
    twice = np.arange(_half(n))
    twice = np.where((twice == 0) | (2 * twice == n), 1.0, 2.0).astype(np.float32) / np.float32(math.prod(fft_length))
    return _filled_up(xp, _spectrum(xp, grad, fft_length) * twice, shape).astype(np.complex64)


for _op in (_rfft_grad, _irfft_grad):

    @_op.shape
    def _(grad, fft_length, shape):
        return shape


@_rfft_grad.grad("grad")
def _(g, fft_length, *, rank):
    return registry["RFFT" + _suffix(rank)](g, fft_length)


@_irfft_grad.grad("grad")
def _(g, fft_length, *, rank):
    return registry["IRFFT" + _suffix(rank)](g, fft_length)


@_rfft_grad.samples
def _(make):
    make.dtype = dtypes.complex64
    yield make(2, 4), (6,), (2, 6), dict(rank=1)
    yield make(2, 3, 3), (3, 5), (2, 4, 7), dict(rank=2)


@_irfft_grad.samples
def _(make):
    yield make(2, 6), (6,), (2, 4), dict(rank=1)
    yield make(2, 3, 5), (3, 5), (2, 4, 3), dict(rank=2)


def _declare_real(rank):
    """Declares the transform of real numbers of `rank` dimensions and its inverse; their public functions."""

    def shape_rule(input, fft_length, forward):
        if input is None:
            return None
        fft_length = (None,) * rank if fft_length is None else fft_length
        if len(fft_length) != rank:
            raise ValueError("Dimension must be %d but is %d" % (rank, len(fft_length)))
        *outer, last = fft_length
        if last is not None and forward:
            last = _half(last)
        return (*shapes.with_rank_at_least(input, rank)[: len(input) - rank], *outer, last)

    @op("RFFT" + _suffix(rank))
    def forward(xp, input, fft_length: HostShape):
        _check_lengths(input, fft_length, rank, True)
        if not input.size or 0 in fft_length:
            return xp.zeros((*input.shape[:-rank], *fft_length[:-1], _half(fft_length[-1])), np.complex64)
        return _spectrum(xp, input, fft_length)

    @forward.shape
    def _(input, fft_length):
        return shape_rule(input, fft_length, True)

    @forward.grad("input")
    def _(g, input: Shape, fft_length):
        return _rfft_grad(g, fft_length, input, rank=rank)

    @op("IRFFT" + _suffix(rank))
    def inverse(xp, input, fft_length: HostShape):
        _check_lengths(input, fft_length, rank, False)
        if not input.size or 0 in fft_length:
            return xp.zeros((*input.shape[:-rank], *fft_length), np.float32)
        spectrum = _cut(input, (*fft_length[:-1], _half(fft_length[-1])))
        return xp.fft.irfftn(spectrum, s=fft_length, axes=tuple(range(-rank, 0)))

    @inverse.shape
    def _(input, fft_length):
        return shape_rule(input, fft_length, False)

    @inverse.grad("input")
    def _(g, input: Shape, fft_length):
        return _irfft_grad(g, fft_length, input, rank=rank)

    @forward.samples
    def _(make):
        sizes = (4, 3, 6)[3 - rank :]
        yield make(2, *sizes), sizes
        yield make(*sizes[::-1]), tuple(d - 1 for d in sizes[::-1])
        yield make(0, *sizes), sizes

    @inverse.samples
    def _(make):
        make.dtype = dtypes.complex64
        sizes = (4, 3, 6)[3 - rank :]
        yield make(2, *sizes), (*sizes[:-1], 2 * sizes[-1] - 2)
        yield make(*sizes[::-1]), tuple(d - 1 for d in sizes[::-1])
        yield make(0, *sizes), sizes

    return _public(forward, rank, True), _public(inverse, rank, False)


_WORDS = {
    True: ("The discrete Fourier transforms of real numbers", "a float32 tensor", "complex64 and half the length, plus one,"),
    False: ("The inverse discrete Fourier transforms that are real", "a complex64 tensor", "float32 and the length `fft_length`"),
}
_DOC = """%s, over the last dimensions.

    Args:
      input_tensor: %s.
      fft_length: an int32 vector: the lengths of the transforms; inputs are cut or filled up with zeros to fit.
      name: the name of the node.

    Returns:
      A tensor of type %s along the last dimension.
    """


def _public(transform, rank, forward):
    """The public function of a transform of real numbers, which finds out its length."""
    name = transform.name.lower()

    def function(input_tensor, fft_length=None, name=None):
        with name_scope(name, default, [input_tensor, fft_length]) as scope:
            input_tensor = convert(input_tensor, dtypes.float32 if forward else dtypes.complex64)
            input_tensor.shape.with_rank_at_least(rank)
            if fft_length is None:
                fft_length = _own_length(input_tensor, rank, forward)
            else:
                fft_length = convert(fft_length, dtypes.int32)
            input_tensor = _padded(input_tensor, rank, fft_length, forward)
            return transform(input_tensor, fft_length, name=scope)

    default = name
    function.__name__ = function.__qualname__ = name
    function.__doc__ = _DOC % _WORDS[forward]
    return export("signal." + name, "spectral." + name)(function)


def _own_length(x, rank, forward):
    """The length of a transform that keeps all that there is of `x`."""
    sizes = x._shape[-rank:] if x._shape is not None else (None,)
    if None in sizes:
        sizes = shape_of(x)[-rank:]
        if forward:
            return sizes
        *outer, last = unstack(sizes)
        return stack([*outer, maximum(0, 2 * (last - 1))])
    if not forward:
        sizes = (*sizes[:-1], max(0, 2 * (sizes[-1] - 1)))
    return convert(list(sizes), dtypes.int32)


def _padded(x, rank, fft_length, forward):
    """`x` filled up with zeros to the lengths of a transform."""
    shape = x._shape
    fft_length.shape.with_rank(1)
    if shape is not None and 0 in shape:
        return x
    lengths = partial_shape(fft_length)
    if shapes.is_known(lengths) and shape is not None and None not in shape[-len(lengths) :]:
        if not forward:
            lengths = (*lengths[:-1], lengths[-1] // 2 + 1)
        paddings = [[0, max(n - have, 0)] for n, have in zip(lengths, shape[-len(lengths) :])]
        if any(after for _, after in paddings):
            return pad(x, [[0, 0]] * (len(shape) - len(lengths)) + paddings)
        return x
    all_rank = rank_of(x)
    inner = shape_of(x)[-rank:]
    outer = zeros([maximum(0, all_rank - rank)], fft_length.dtype)
    if not forward:
        fft_length = concat([fft_length[:-1], fft_length[-1:] // 2 + 1], 0)
    after = concat([outer, maximum(0, fft_length - inner)], 0)
    return pad(x, stack([zeros_like(after), after], axis=1))


(rfft, irfft), (rfft2d, irfft2d), (rfft3d, irfft3d) = (_declare_real(rank) for rank in (1, 2, 3))

# ---------------------------------------------------------------------------------------------------------------- shifting


def _shifted(default_name, x, axes, name, direction):
    with name_scope(name, default_name) as scope:
        x = convert(x)
        if axes is None:
            axes = tuple(range(len(x.shape)))
            shift = [direction * int(d // 2) for d in x.shape]
        elif isinstance(axes, int):
            shift = direction * int(x.shape[axes] // 2)
        else:
            shift = [direction * int(x.shape[a] // 2) for a in axes]
        return roll(x, shift, axes, scope)


@export("signal.fftshift")
def fftshift(x, axes=None, name=None):
    """A spectrum with the frequency 0 moved to the middle.

    Args:
      x: a tensor of known shape.
      axes: the dimensions, an int or a tuple; by default all.
      name: the name of the node.
    """
    return _shifted("fftshift", x, axes, name, 1)


@export("signal.ifftshift")
def ifftshift(x, axes=None, name=None):
    """Undoes `tf.signal.fftshift`.

    Args:
      x: a tensor of known shape.
      axes: the dimensions, an int or a tuple; by default all.
      name: the name of the node.
    """
    return _shifted("ifftshift", x, axes, name, -1)
