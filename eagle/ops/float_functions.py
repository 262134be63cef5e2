"""The float32 logarithm, sine and cosine to the bit as TensorFlow has them on Linux: those of the C library.

Today's C libraries compute them in float64, with a table and polynomials whose constants come from Arm's optimized routines (MIT
license); other correct ways give another last bit now and then.  Each function has a portable form and one for NumPy that works in
place.  They are for the arguments that random numbers need: `log` for normal positive numbers below 1, sine and cosine for angles
from 0 to 2 pi.
"""

import numpy as np

# For each sixteenth of an octave a number near the reciprocal of its middle, and that number's logarithm, negated.
_RECIPROCALS = """
    0x1.661ec79f8f3bep+0 0x1.571ed4aaf883dp+0 0x1.49539f0f010bp+0 0x1.3c995b0b80385p+0 0x1.30d190c8864a5p+0 0x1.25e227b0b8eap+0
    0x1.1bb4a4a1a343fp+0 0x1.12358f08ae5bap+0 0x1.0953f419900a7p+0 0x1p+0 0x1.e608cfd9a47acp-1 0x1.ca4b31f026aap-1
    0x1.b2036576afce6p-1 0x1.9c2d163a1aa2dp-1 0x1.886e6037841edp-1 0x1.767dcf5534862p-1"""
_LOGARITHMS = """
    -0x1.57bf7808caadep-2 -0x1.2bef0a7c06ddbp-2 -0x1.01eae7f513a67p-2 -0x1.b31d8a68224e9p-3 -0x1.6574f0ac07758p-3
    -0x1.1aa2bc79c81p-3 -0x1.a4e76ce8c0e5ep-4 -0x1.1973c5a611cccp-4 -0x1.252f438e10c1ep-5 0x0p+0 0x1.aa5aa5df25984p-5
    0x1.c5e53aa362eb4p-4 0x1.526e57720db08p-3 0x1.bc2860d22477p-3 0x1.1058bc8a07ee1p-2 0x1.4043057b6ee09p-2"""
_LN2 = float.fromhex("0x1.62e42fefa39efp-1")
_LOG = [float.fromhex(c) for c in ("-0x1.00ea348b88334p-2", "0x1.5575b0be00b6ap-2", "-0x1.ffffef20a4123p-2")]

_HALF_PI, _TWO_OVER_PI = float.fromhex("0x1.921fb54442d18p+0"), float.fromhex("0x1.45f306dc9c883p-1")
_SIN = [float.fromhex(c) for c in ("-0x1.555545995a603p-3", "0x1.1107605230bc4p-7", "-0x1.994eb3774cf24p-13")]
_COS = [
    float.fromhex(c) for c in ("-0x1.ffffffd0c621cp-2", "0x1.55553e1068f19p-5", "-0x1.6c087e89a359dp-10", "0x1.99343027bf8c3p-16")
]

# The upper 13 bits of a float, less those of _LOWEST, are its place in tables that know exponents too.
_OCTAVES = 25
_LOWEST = 0x3F330000 - 16 * _OCTAVES * (1 << 19)
_PLACE_SHIFT = np.int32(19)


def _tables():
    """For each place the factor that brings its numbers near 1, and what it takes from their logarithm."""
    octave, part = np.divmod(np.arange(-16 * _OCTAVES, 16), 16)
    factor = np.array([float.fromhex(c) for c in _RECIPROCALS.split()])[part] * np.exp2(-octave.astype(np.float64))
    return factor, np.array([float.fromhex(c) for c in _LOGARITHMS.split()])[part] + octave * _LN2


_FACTOR, _OFFSET = _tables()


def log_float32(xp, x):
    """The logarithm of float32 numbers between 1e-7 and 1."""
    place = (x.view(xp.int32) - _LOWEST) >> 19
    r = x.astype(xp.float64) * xp.take(xp.asarray(_FACTOR), place) - 1.0
    square = r * r
    high = xp.take(xp.asarray(_OFFSET), place) + r
    return ((_LOG[0] * square + (_LOG[1] * r + _LOG[2])) * square + high).astype(xp.float32)


def log_in_place(x, workspace):
    """`log_float32` in NumPy: `x` is replaced by its logarithm."""
    place, index = workspace("int32 a", np.int32), workspace("int64", np.int64)
    a, r, y, high = (workspace("float64 " + n, np.float64) for n in "abcd")
    np.subtract(x.view(np.int32), np.int32(_LOWEST), out=place)
    np.right_shift(place, _PLACE_SHIFT, out=place)
    np.copyto(index, place)
    np.take(_FACTOR, index, out=r, mode="clip")
    np.take(_OFFSET, index, out=high, mode="clip")
    np.copyto(a, x)
    r *= a
    r -= 1.0
    high += r
    np.multiply(r, _LOG[1], out=y)
    y += _LOG[2]
    r *= r
    np.multiply(r, _LOG[0], out=a)
    y += a
    y *= r
    y += high
    np.copyto(x, y, casting="same_kind")


def sincos_float32(xp, x):
    """Sine and cosine of float32 angles between 0 and 2 pi."""
    angle = x.astype(xp.float64)
    quarter = (angle * _TWO_OVER_PI + 0.5).astype(xp.int32)
    angle = angle - quarter * _HALF_PI
    square = angle * angle
    cube, fourth = square * angle, square * square
    sin = (angle + cube * _SIN[0] + cube * square * (_SIN[1] + square * _SIN[2])).astype(xp.float32)
    cos = (1.0 + square * _COS[0] + fourth * _COS[1] + fourth * square * (_COS[2] + square * _COS[3])).astype(xp.float32)
    odd = (quarter & 1) != 0
    sin, cos = xp.where(odd, cos, sin), xp.where(odd, sin, cos)
    return xp.where((quarter & 2) != 0, -sin, sin), xp.where(((quarter + 1) & 2) != 0, -cos, cos)


def sincos_in_place(x, sin, cos, workspace):
    """`sincos_float32` in NumPy: writes into the arrays `sin` and `cos`, and destroys `x`."""
    quarter, mask = workspace("int32 a", np.int32), workspace("int32 b", np.int32)
    angle, square, a, b, c = (workspace("float64 " + n, np.float64) for n in "abcde")
    np.copyto(angle, x)
    np.multiply(angle, _TWO_OVER_PI, out=a)
    a += 0.5
    np.floor(a, out=a)
    np.copyto(quarter, a, casting="unsafe")
    a *= _HALF_PI
    angle -= a
    np.multiply(angle, angle, out=square)
    _write_sin(angle, square, sin, a, b, c)
    _write_cos(square, cos, a, b, c)
    s, c, x = sin.view(np.int32), cos.view(np.int32), x.view(np.int32)
    np.bitwise_and(quarter, np.int32(1), out=mask)
    np.negative(mask, out=mask)
    np.bitwise_xor(s, c, out=x)  # sine and cosine change places in odd quarters
    x &= mask
    s ^= x
    c ^= x
    _flip_sign(s, quarter, mask)
    quarter += np.int32(1)
    _flip_sign(c, quarter, mask)


def _write_sin(angle, square, sin, a, b, c):
    np.multiply(square, _SIN[2], out=a)
    a += _SIN[1]
    np.multiply(square, angle, out=b)
    np.multiply(b, square, out=c)
    b *= _SIN[0]
    b += angle
    c *= a
    b += c
    np.copyto(sin, b, casting="same_kind")


def _write_cos(square, cos, a, b, c):
    """Destroys `square`."""
    np.multiply(square, _COS[3], out=a)
    a += _COS[2]
    np.multiply(square, _COS[0], out=b)
    b += 1.0
    np.multiply(square, square, out=c)
    np.multiply(c, square, out=square)
    c *= _COS[1]
    b += c
    square *= a
    b += square
    np.copyto(cos, b, casting="same_kind")


def _flip_sign(bits, quarter, mask):
    """Turns the sign of those floats, given by their bits, whose quarter is 2 or 3 (modulo 4)."""
    np.bitwise_and(quarter, np.int32(2), out=mask)
    mask <<= np.int32(30)
    bits ^= mask
