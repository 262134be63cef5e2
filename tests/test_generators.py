"""Random generators that are variables: what tests/programs/generators.py leaves out."""

import math

import numpy as np
import pytest

import eagle as tf
from eagle.ops.binomial import binomial
from eagle.ops.philox import Stream, words
from eagle.ops.random_numbers import uniform_float64

STREAM = Stream((12, 34), (0, 0, 5, 6))


def one_by_one(size, count, prob):
    """Binomial numbers by inversion, drawn as TensorFlow's kernel describes it."""
    found, at = [], 0
    while len(found) < size:
        left, total, number = [], 0.0, 0
        while True:
            if not left:
                first, second = uniform_float64(np, words(np, STREAM, 1, 1, at))
                left, at = [float(first[0]), float(second[0])], at + 1
            total += math.ceil(math.log(left.pop()) / math.log1p(-prob))
            if total > count:
                break
            number += 1
        found.append(number)
    return found, at


@pytest.mark.parametrize("count,prob", [(3.0, 0.5), (10.0, 0.4), (40.0, 0.1), (1.0, 0.3)])
def test_binomial_by_inversion(count, prob):
    found, taken = binomial(STREAM, 300, count, prob)
    expected, at = one_by_one(300, count, prob)
    assert found.tolist() == expected and taken == at


@pytest.mark.parametrize("count,prob", [(10.0, 0.4), (50.0, 0.3), (200.0, 0.9), (1000.0, 0.5), (5.0, 0.95)])
def test_moments_of_binomial_numbers(count, prob):
    found, _ = binomial(STREAM, 20000, count, prob)
    variance = count * prob * (1 - prob)
    assert abs(found.mean() - count * prob) < 5 * math.sqrt(variance / 20000)
    assert abs(found.var() / variance - 1) < 0.06
    assert found.min() >= 0 and found.max() <= count


def test_binomial_parameters(eager):
    g = tf.random.experimental.Generator.from_seed(3)
    x = g.binomial([3, 4], [3.0, 40.0, 0.0], 0.9, tf.float32).numpy()
    assert (x[0] <= 3).all() and (x[1] > 20).all() and (x[2] == 0).all()
    x = g.binomial([2, 3], 5.0, [-1.0, 1.5])
    np.testing.assert_array_equal(x.numpy(), [[0] * 3, [5] * 3])
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"Input counts should have length 1 or shape\[0\], got shape: \[2\]"):
        g.binomial([3], [1.0, 2.0], 0.5)
    with pytest.raises(tf.errors.InvalidArgumentError, match="Input probs should be a scalar or vector"):
        g.binomial([3], 1.0, [[0.5]])


def test_errors_of_states(eager):
    with pytest.raises(ValueError, match="Unsupported algorithm id: 9"):
        tf.random.experimental.Generator.from_seed(3, alg=9)
    with pytest.raises(tf.errors.InvalidArgumentError, match="Unsupported algorithm id: 2"):
        tf.random.experimental.Generator.from_seed(3, alg=2).normal([2])
    with pytest.raises(ValueError, match="are incompatible|not compatible"):
        tf.random.experimental.Generator(state=[1, 2], alg=1)
    with pytest.raises(ValueError, match="Must specify maxval for integer dtype"):
        tf.random.experimental.Generator.from_seed(3).uniform([2], dtype=tf.int32)


def test_global_generator(eager):
    before = tf.random.experimental.get_global_generator()
    assert tf.random.experimental.get_global_generator() is before
    mine = tf.random.experimental.Generator.from_seed(3)
    tf.random.experimental.set_global_generator(mine)
    assert tf.random.experimental.get_global_generator() is mine
    tf.random.experimental.set_global_generator(before)
    copied = tf.random.experimental.Generator(copy_from=mine)
    np.testing.assert_array_equal(copied.normal([3]).numpy(), mine.normal([3]).numpy())


def test_raw_ops(eager):
    """The older op reads the algorithm from the state; ints without a seed."""
    from eagle.core.dispatch import registry

    state = tf.Variable([1, 77, 0, 0], dtype=tf.int64)
    g = tf.random.experimental.Generator.from_seed(77)
    x = registry["StatefulStandardNormal"](state.handle, [4])
    np.testing.assert_array_equal(x.numpy(), g.normal([4]).numpy())
    np.testing.assert_array_equal(state.numpy()[1:], g.state.numpy())
    for dtype in (tf.int32, tf.uint32, tf.int64, tf.uint64):
        a, b = (registry["NonDeterministicInts"]([100], dtype=dtype).numpy() for _ in range(2))
        assert a.dtype == dtype.as_numpy_dtype and (a != b).any() and len(set(a.tolist())) > 50
