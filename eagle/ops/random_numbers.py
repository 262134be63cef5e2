"""From random words to random numbers, as TensorFlow makes them: uniform, normal and truncated normal ones, and integers.

A distribution is a function from the words of some blocks to columns of numbers, written for any array namespace.  Where NumPy is
much faster with memory that is used again, a second form for it writes the same numbers into an array.
"""

import math

import numpy as np

from ..core import dtypes
from ..core.tracing import is_traced
from . import philox
from .float_functions import log_float32, log_in_place, sincos_float32, sincos_in_place
from .philox import RESERVED, workspace

_EPSILON = 1e-7  # the least number of which a logarithm is taken
_LIMIT = 2.0  # truncated normal numbers are nearer to 0
_FLOAT_MANTISSA, _FLOAT_ONE = np.uint32(0x7FFFFF), np.uint32(0x3F800000)


def _drawn(xp, stream, shape, dtype, per_block, columns, write=None):
    """Numbers of some shape.

    Args:
      xp: the array namespace.
      stream: the `Stream` that the words come from.
      shape: a tuple of ints.
      dtype: the NumPy type.
      per_block: how many numbers a block of words makes.
      columns: a function of `xp` and the words of some blocks, to a list of `per_block` arrays.
      write: NumPy's form: a function of the words and the array of shape (blocks, per_block) to fill.
    """
    if xp is not np:
        count = math.prod(shape)
        made = columns(xp, philox.words(xp, stream, -(-count // per_block)))
        return xp.stack(made, axis=1).astype(dtype).reshape(-1)[:count].reshape(shape)

    def fill(first, out):
        made = philox.words(np, stream, len(out), 1, first)
        if write is not None:
            write(made, out)
        else:
            for i, column in enumerate(columns(np, made)):
                out[:, i] = column

    return _filled(shape, dtype, per_block, fill)


def _filled(shape, dtype, group, fill):
    """An array whose elements, in groups of `group`, are filled by `fill(number of the first group, groups to fill)`."""
    count = math.prod(shape)
    whole, rest = divmod(count, group)
    if rest and whole < 1000:  # one call fills everything, and a bit more
        padded = np.empty((whole + 1, group), dtype)
        fill(0, padded)
        return padded.reshape(-1)[:count].reshape(shape)
    out = np.empty(shape, dtype)
    flat = out.reshape(-1)
    groups = flat[: whole * group].reshape(whole, group)
    philox.in_chunks(whole, lambda first, limit: fill(first, groups[first:limit]))
    if rest:
        last = np.empty((1, group), dtype)
        fill(whole, last)
        flat[whole * group :] = last[0, :rest]
    return out


# --------------------------------------------------------------------------------------------------------------- uniform


def _unit_float32(xp, word, bits=23):
    """float32 numbers in [0, 1) from the low bits of words."""
    return (word & ((1 << bits) - 1)).astype(xp.int32).astype(xp.float32) * xp.float32(2.0**-bits)


def _unit_float64(xp, high, low):
    """float64 numbers in [0, 1) from 20 bits of one word and 32 of another."""
    return (((high & 0xFFFFF) << 32) | low).astype(xp.int64).astype(xp.float64) * 2.0**-52


def _uniform_columns(bits):
    return lambda xp, words: [_unit_float32(xp, w, bits) for w in words]


def uniform_float64(xp, words):
    """The two float64 numbers in [0, 1) of each block."""
    return [_unit_float64(xp, words[0], words[1]), _unit_float64(xp, words[2], words[3])]


def _write_uniform_float32(words, out):
    bits = out.view(np.uint32)
    for i, word in enumerate(words):
        bits[:, i] = word
    bits &= _FLOAT_MANTISSA
    bits |= _FLOAT_ONE
    out -= np.float32(1)


_UNIFORM = {
    dtypes.float16: (4, _uniform_columns(10), None),
    dtypes.bfloat16: (4, _uniform_columns(7), None),
    dtypes.float32: (4, _uniform_columns(23), _write_uniform_float32),
    dtypes.float64: (2, uniform_float64, None),
}


def uniform(xp, stream, shape, dtype):
    """Uniform numbers in [0, 1) of a floating point type."""
    return _drawn(xp, stream, shape, dtype.np, *_UNIFORM[dtype])


# -------------------------------------------------------------------------------------------------------------- integers


def integers(xp, stream, shape, dtype, low=0, size=None):
    """Integers of a 32-bit or 64-bit type.

    Args:
      xp, stream, shape: as always.
      dtype: the `DType`.
      low: the least one.
      size: how many different ones, or None for all that the type has.
    """
    unsigned, per_block = (np.uint32, 4) if dtype.size == 4 else (np.uint64, 2)

    def columns(xp, words):
        return words if per_block == 4 else [words[0] | (words[1] << 32), words[2] | (words[3] << 32)]

    def write(words, out):
        for i, column in enumerate(columns(np, words)):
            out[:, i] = column
        if size is not None:  # unlike the remainder, the quotient by a scalar is fast
            workspace.use(len(out))
            quotient = workspace("quotient", np.uint64).view(unsigned).reshape(out.shape)
            np.floor_divide(out, unsigned(size), out=quotient)
            quotient *= unsigned(size)
            out -= quotient
            out += unsigned(int(low) % (1 << 8 * dtype.size))

    made = _drawn(xp, stream, shape, unsigned, per_block, columns, write)
    if xp is not np and size is not None:
        made = made % _unsigned(xp, size, unsigned) + _unsigned(xp, low, unsigned)
    return made.view(dtype.np)


def _unsigned(xp, number, unsigned):
    """An integer, known or traced, as one without a sign of the same bits."""
    return xp.asarray(number).astype(unsigned) if is_traced(number) else unsigned(int(number) % (1 << np.iinfo(unsigned).bits))


# ---------------------------------------------------------------------------------------------------------------- normal


def _box_muller_float32(xp, first, second):
    """Two float32 normal numbers from two words."""
    radius = xp.sqrt(xp.float32(-2) * log_float32(xp, xp.maximum(_unit_float32(xp, first), xp.float32(_EPSILON))))
    angle = (_unit_float32(xp, second).astype(xp.float64) * (2 * math.pi)).astype(xp.float32)
    sin, cos = sincos_float32(xp, angle)
    return [sin * radius, cos * radius]


def _normal_float32(xp, words):
    return _box_muller_float32(xp, *words[:2]) + _box_muller_float32(xp, *words[2:])


def normal_float64(xp, words):
    """The two standard normal float64 numbers of each block."""
    radius = xp.sqrt(-2.0 * xp.log(xp.maximum(_unit_float64(xp, words[0], words[1]), _EPSILON)))
    angle = _unit_float64(xp, words[2], words[3]) * (2 * math.pi)
    return [xp.sin(angle) * radius, xp.cos(angle) * radius]


def _write_normal_float32(words, out):
    """`_normal_float32` in NumPy; the two pairs of a block are the rows of the arrays."""
    workspace.use(len(out))
    radius, sin, cos = (workspace("float32 " + n, np.float32) for n in "abc")
    _write_units(words[0], words[2], radius)
    np.maximum(radius, np.float32(_EPSILON), out=radius)
    log_in_place(radius, workspace)
    radius *= np.float32(-2)
    np.sqrt(radius, out=radius)
    angle, wide = workspace("float32 d", np.float32), workspace("float64 a", np.float64)
    _write_units(words[1], words[3], angle)
    np.copyto(wide, angle)
    wide *= 2 * math.pi
    np.copyto(angle, wide, casting="same_kind")
    sincos_in_place(angle, sin, cos, workspace)
    sin *= radius
    cos *= radius
    out[:, 0], out[:, 1], out[:, 2], out[:, 3] = sin[0], cos[0], sin[1], cos[1]


def _write_units(first, second, out):
    """`_unit_float32` of two arrays of words into the rows of an array."""
    bits = out.view(np.uint32)
    bits[0], bits[1] = first, second
    bits &= _FLOAT_MANTISSA
    bits |= _FLOAT_ONE
    out -= np.float32(1)


_NORMAL = {dtypes.float32: (4, _normal_float32, _write_normal_float32), dtypes.float64: (2, normal_float64, None)}


def normal(xp, stream, shape, dtype):
    """Standard normal numbers of a floating point type; the narrow types are rounded float32 ones."""
    wide = dtypes.float64 if dtype is dtypes.float64 else dtypes.float32
    made = _drawn(xp, stream, shape, wide.np, *_NORMAL[wide])
    return made if dtype is wide else made.astype(dtype.np)


# ------------------------------------------------------------------------------------------------------ truncated normal


def truncated_normal(xp, stream, shape, dtype):
    """Standard normal numbers between -2 and 2: others are left out, and the next ones of the stream taken.

    Groups of as many numbers as a block makes have each a part of the stream for themselves.
    """
    wide = dtypes.float64 if dtype is dtypes.float64 else dtypes.float32
    group, columns, write = _NORMAL[wide]
    stride = group * RESERVED // 4
    if xp is not np:
        count = math.prod(shape)
        made = _first_accepted(xp, columns, stream, -(-count // group), group, stride)
        return made.reshape(-1)[:count].reshape(shape).astype(dtype.np)

    def normals(words, out):
        if write is not None:
            write(words, out)
        else:
            for i, column in enumerate(columns(np, words)):
                out[:, i] = column

    def fill(first, out):
        normals(philox.words(np, stream, len(out), stride, first * stride), out)
        rejected = np.flatnonzero(np.abs(out) >= _LIMIT) // group
        if len(rejected):
            rejected = rejected[np.diff(rejected, prepend=-1) != 0]
            out[rejected] = _replaced(out[rejected], (first + rejected) * stride, stream, normals)

    made = _filled(shape, wide.np, group, fill)
    return made if dtype is wide else made.astype(dtype.np)


def _replaced(values, positions, stream, normals):
    """Groups of numbers of which some are not accepted, with the next acceptable ones of their part of the stream.

    Args:
      values: the first numbers of each group.
      positions: where in the stream the groups begin.
      stream: the `Stream`.
      normals: a function that writes the normal numbers of given words into an array.
    """
    group = values.shape[1]
    done = np.empty_like(values)
    waiting = np.arange(len(values))
    positions = positions.astype(np.uint64)
    while len(waiting):
        positions = positions + np.uint64(1)
        more = np.empty((len(waiting), group), values.dtype)
        normals(philox.words_at(np, stream, positions), more)
        values = np.concatenate([values, more], axis=1)
        accepted = np.abs(values) < _LIMIT
        rank = np.cumsum(accepted, axis=1, dtype=np.int32)
        complete = rank[:, -1] >= group
        chosen = accepted & (rank <= group) & complete[:, None]
        done[waiting[complete]] = values[chosen].reshape(-1, group)
        waiting, values, positions = waiting[~complete], values[~complete], positions[~complete]
    return done


def _first_accepted(xp, columns, stream, count, group, stride):
    """The first acceptable numbers of each group, in a program for JAX: block after block until all groups are complete."""
    import jax

    starts = xp.arange(count, dtype=xp.uint64) * stride

    def step(state):
        at, found, made = state
        for candidate in columns(xp, philox.words_at(xp, stream, starts + at)):
            accepted = xp.abs(candidate) < _LIMIT
            here = (xp.arange(group) == found[:, None]) & accepted[:, None]
            made = xp.where(here, candidate[:, None], made)
            found = found + accepted
        return at + 1, found, made

    dtype = xp.float64 if group == 2 else xp.float32
    start = xp.uint64(0), xp.zeros(count, xp.int32), xp.zeros((count, group), dtype)
    return jax.lax.while_loop(lambda state: (state[1] < group).any(), step, start)[2]
