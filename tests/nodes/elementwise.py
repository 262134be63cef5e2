"""Programs whose graphs must be TensorFlow's node for node: elementwise functions, casts, complex numbers."""

import numpy as np


def operators(tf):
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    i = tf.placeholder(tf.int32, [None], name="i")
    b = tf.placeholder(tf.bool, name="b")
    x + x, x - 1.0, 2.0 * x, x / 3.0, 1.0 / x, x // 2.0, 5.0 // x, x % 2.0, x**2.0, 2.0**x, -x, abs(x)
    i + 1, i / 2, 2 / i, i // 2, i % 2, i**2, 7 % i
    b & True, True | b, b ^ b, ~b
    x < 1.0, x <= x, 2.0 > x, x >= np.float32(2)
    x.__div__(2.0), i.__div__(2), x.__rdiv__(2.0)
    np.ones([2, 3]) * x, x + np.ones(3), x @ np.ones([3, 1], np.float32), np.ones([1, 2]) @ x


def two_operands(tf):
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    i = tf.placeholder(tf.int16, name="i")
    for f in (tf.add, tf.subtract, tf.multiply, tf.divide, tf.div, tf.truediv, tf.floordiv, tf.realdiv, tf.floor_div, tf.floormod,
              tf.truncatemod, tf.maximum, tf.minimum, tf.pow, tf.squared_difference, tf.atan2, tf.div_no_nan,
              tf.math.multiply_no_nan, tf.math.xdivy, tf.math.xlogy, tf.equal, tf.not_equal, tf.less,
              tf.greater_equal):  # fmt: skip
        f(x, x)
        f(x, 2.0, name="named")
        f([1.0], x)
    tf.truediv(i, i)
    tf.div(i, 3)
    tf.truncatediv(i, i)
    tf.divide(i, i, name="q")
    tf.divide(x, 2)
    tf.math.nextafter(x, 2.0)
    tf.logical_xor(True, [False])
    with tf.name_scope("outer"):
        tf.maximum(x, 0.0)
        x * x + 1.0


def one_operand(tf):
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    for f in (tf.abs, tf.negative, tf.sign, tf.square, tf.sqrt, tf.rsqrt, tf.exp, tf.expm1, tf.log, tf.log1p, tf.tanh, tf.sigmoid,
              tf.sin, tf.cos, tf.tan, tf.asin, tf.acos, tf.atan, tf.sinh, tf.cosh, tf.asinh, tf.acosh, tf.atanh, tf.floor, tf.ceil,
              tf.rint, tf.round, tf.reciprocal, tf.math.reciprocal_no_nan, tf.is_nan, tf.is_inf, tf.is_finite):  # fmt: skip
        f(x)
        f(x, name="named")
        f(2.5)
    tf.round(tf.placeholder(tf.int32))
    tf.abs(tf.placeholder(tf.complex64))
    with tf.name_scope("outer"):
        tf.abs(x, name="inner")
        tf.sigmoid([1.0])


def casts(tf):
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    tf.cast(x, tf.float32)
    tf.cast(x, tf.int32)
    tf.cast(x, np.float64, name="wide")
    tf.cast(3, tf.float32)
    tf.cast([True], "int64", name="b")
    for f in (tf.to_float, tf.to_double, tf.to_int32, tf.to_int64, tf.to_bfloat16, tf.to_complex64, tf.to_complex128):
        f(x)
        f(7)
    tf.saturate_cast(x, tf.uint8)
    tf.saturate_cast(tf.placeholder(tf.int64), tf.int32, name="s")
    tf.saturate_cast(tf.placeholder(tf.uint8), tf.float32)
    tf.bitcast(x, tf.int32)
    tf.bitcast(x, tf.uint8, name="bytes")


def complex_numbers(tf):
    x = tf.placeholder(tf.float32, [2], name="x")
    c = tf.complex(x, 2.0)
    tf.complex(1.0, x, name="joined")
    for f in (tf.real, tf.angle, tf.conj):
        f(c)
        f(c, name="named")
    tf.imag(c)
    tf.real(x)
    tf.conj(x)
    tf.conj([1.0, 2.0])
    tf.abs(c)


def sums(tf):
    x, y = tf.placeholder(tf.float32, [2, None]), tf.placeholder(tf.float32, [None, 3])
    tf.add_n([x, y])
    tf.add_n([x, 2.0 * x], name="total")
    tf.add_n([x])
    tf.add_n([x], name="one")
    tf.accumulate_n([x, y])
    tf.accumulate_n([x, y], shape=[2, 3], tensor_dtype=tf.float32, name="acc")
    tf.accumulate_n([x])
    tf.accumulate_n([x], name="one")
    tf.scalar_mul(3.0, x)
    tf.scalar_mul(3, x, name="tripled")
