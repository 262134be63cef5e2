"""Numbers from binomial distributions, made one after the other from one stream (as TensorFlow does on a single thread)."""

import math

import numpy as np

from . import philox
from .random_numbers import uniform_float64

# The logarithm of k! less Stirling's approximation of it, for small k.
_TAILS = [
    0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509, 0.0166446911898211, 0.0138761288230707,
    0.0118967099458917, 0.0104112652619720, 0.00925546218271273, 0.00833056343336287,
]  # fmt: skip


def _stirling_tail(k):
    k = np.asarray(k, np.float64)
    square = (k + 1) * (k + 1)
    large = (1.0 / 12 - (1.0 / 360 + 1.0 / 1260 / square) / square) / (k + 1)
    return np.where(k <= 9, np.take(_TAILS, np.clip(np.nan_to_num(k), 0, 9).astype(np.int64)), large)


def binomial(stream, size, count, prob):
    """Numbers from a binomial distribution, and how many blocks of the stream they took.

    Args:
      stream: a `philox.Stream`.
      size: how many numbers.
      count, prob: the parameters, floats.
    """
    if count <= 0.0 or prob <= 0.0:
        return np.zeros(size), 0
    if prob >= 1.0:
        return np.full(size, count), 0
    if math.isnan(prob):
        return np.full(size, np.nan), 0
    less = min(prob, 1.0 - prob)
    draw = _by_rejection if count * less >= 10 else _by_inversion
    with np.errstate(all="ignore"):
        found, taken = draw(stream, size, count, less)
    return (found if prob <= 0.5 else count - found), taken


def _by_inversion(stream, size, count, prob):
    """The number of geometric numbers whose sum does not exceed `count`.  Every number begins with a block of its own."""
    found, at, blocks = [], 0, max(64, int(size * (count * prob + 1)))
    while len(found) < size:
        first, second = uniform_float64(np, philox.words(np, stream, blocks, 1, at))
        geometric = np.ceil(np.log(np.stack([second, first], 1).reshape(-1)) / np.log1p(-prob))
        sums = np.concatenate([[0.0], np.cumsum(geometric)])
        begins = sums[:-1:2]
        over = np.searchsorted(sums, begins + count, "right")  # of the sums, the first beyond what begins here
        numbers, following = (over - 1 - 2 * np.arange(blocks)).tolist(), ((over + 1) // 2).tolist()
        place, last = 0, len(sums)
        while len(found) < size and place < blocks and 2 * following[place] <= last and numbers[place] + 2 * place + 1 < last:
            found.append(numbers[place])
            place = following[place]
        at += place
        blocks *= 1 + (place == 0)
    return np.array(found, np.float64), at


def _by_rejection(stream, size, count, prob):
    """Hormann's transformed rejection, which takes a block for each attempt."""
    stddev = math.sqrt(count * prob * (1 - prob))
    b = 1.15 + 2.53 * stddev
    a = -0.0873 + 0.0248 * b + 0.01 * prob
    c = count * prob + 0.5
    r = prob / (1 - prob)
    alpha = (2.83 + 5.1 / b) * stddev
    m = math.floor((count + 1) * prob)
    found, at = np.empty(0), 0
    while True:
        blocks = 2 * (size - len(found)) + 16
        v, u = uniform_float64(np, philox.words(np, stream, blocks, 1, at))
        u = u - 0.5
        distance = 0.5 - np.abs(u)
        k = np.floor((2 * a / distance + b) * u + c)
        bound = (
            (m + 0.5) * np.log((m + 1) / (r * (count - m + 1)))
            + (count + 1) * np.log((count - m + 1) / (count - k + 1))
            + (k + 0.5) * np.log(r * (count - k + 1) / (k + 1))
            + _stirling_tail(m) + _stirling_tail(count - m) - _stirling_tail(k) - _stirling_tail(count - k)
        )  # fmt: skip
        inside = (distance >= 0.07) & (v <= 0.92 - 4.2 / b)
        below = np.log(v * alpha / (a / (distance * distance) + b)) <= bound
        chosen = np.flatnonzero(inside | ((k >= 0) & (k <= count) & below))[: size - len(found)]
        found = np.concatenate([found, k[chosen]])
        if len(found) == size:
            return found, at + (int(chosen[-1]) + 1 if len(chosen) else 0)
        at += blocks
