"""Elementwise functions of large float32 arrays by oneDNN, which takes all processors and wider vector instructions than NumPy."""

import functools
import time

import numpy as np

from ..onednn import library, primitives
from ..onednn.primitives import SHARED

LARGE = 1 << 17  # elements, below which nothing is gained
_FLOAT32 = np.dtype(np.float32)
_ONE = np.ones(1, np.float32)

# Op type -> the steps of a chain of oneDNN operations on x, its operands besides x (None stands for x itself, which comes first of
# all), and from how many elements on it is faster than NumPy.  oneDNN's exponential of NaN is none, but its maximum with NaN is.
_ONE_OPERAND = {
    "Exp": ((("mul", "number"), ("exp",), ("max", "array")), (_ONE, None), LARGE),
    "Tanh": ((("tanh",),), (), SHARED),
    "Sigmoid": ((("logistic",),), (), LARGE),
    "Neg": ((("mul", "number"),), (-_ONE,), SHARED),
    "Square": ((("mul", "array"),), (None,), SHARED),
}
_TWO_OPERANDS = {"Add": "add", "AddV2": "add", "Sub": "sub", "Mul": "mul"}


class _Team:
    """Keeps oneDNN's threads out of the way of others: where they have to wait for processors, NumPy's one thread is faster."""

    PATIENCE = 4  # times as long as at best is too long
    REST = 64  # calls

    def __init__(self):
        self._best = {}  # steps of a chain -> seconds per element
        self._resting = 0

    def is_ready(self):
        """Whether to call it now."""
        if self._resting:
            self._resting -= 1
            return False
        return True

    def note(self, steps, seconds):
        """Learns how many seconds per element a chain has taken."""
        best = self._best[steps] = min(seconds, self._best.get(steps, seconds))
        if seconds > self.PATIENCE * best:
            self._resting = self.REST


_team = _Team()


def of_one(op, x):
    """The value of an op of one operand for a large array."""
    found = _ONE_OPERAND.get(op.name)
    return _run(x, *found[:2]) if found is not None and _is_for_us(x, found[2]) else op.numpy(x)


def _is_for_us(x, least):
    """Whether an array is one for oneDNN, and large enough."""
    fits = x.size >= least and x.dtype is _FLOAT32 and x.flags.c_contiguous
    return fits and _serves() and (x.size < SHARED or _team.is_ready())


def _run(x, steps, others):
    out = np.empty(x.shape, _FLOAT32)
    operands = [x if y is None else y for y in others]
    both = steps[0][1:]  # the result comes behind the one or two operands of the first step
    kernel = primitives.chain(x.size, *steps)
    start = time.perf_counter()
    kernel(x, *operands[: len(both)], out, *operands[len(both) :])
    if x.size >= SHARED:
        _team.note(steps, (time.perf_counter() - start) / x.size)
    return out


def of_two(op, compute, x, y):
    """The value of an op of two operands, of which the first is a large array.

    Args:
      op: the `Op`.
      compute: its kernel for NumPy.
      x: a large array.
      y: an array of the same type.
    """
    name = _TWO_OPERANDS.get(op.name)
    if name is None or not _is_for_us(x, SHARED):
        return compute(x, y)
    if y.shape == x.shape and y.flags.c_contiguous:
        return _run(x, ((name, "array"),), (y,))
    if y.size == 1 and y.ndim <= x.ndim:
        return _run(x, ((name, "number"),), (y.reshape(1),))
    return compute(x, y)


def of_reflected(op, compute, x, y):
    """`of_two` where the second operand is the large array, and the first one a number."""
    return of_two(op, compute, y, x) if op.name in ("Add", "AddV2", "Mul") else compute(x, y)


@functools.cache
def _serves():
    """Whether there is a oneDNN, and it passes NaNs on."""
    if not library.available():
        return False
    for steps, others, _ in _ONE_OPERAND.values():
        if not np.isnan(_run(np.full(LARGE, np.nan, np.float32), steps, others)).all():
            return False
    return True
