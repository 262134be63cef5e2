"""Small functions that generated programs call."""

import sys

import numpy as np

_ndarray = np.ndarray


def _count_when_unshared():
    """What `sys.getrefcount` says inside `fetched` of an array that only one local variable of the caller holds."""

    def measure(v):
        return sys.getrefcount(v)

    array = np.zeros(1)
    return measure(array)


_UNSHARED = _count_when_unshared()


def fetched(v):
    """A value as the caller of a program gets it: an array that nothing else refers to, or a scalar.

    An array that something else may still refer to (a variable, a constant, a feed, another fetch) is copied.
    """
    if type(v) is not _ndarray:
        return v
    if not v.ndim:
        return v[()]
    return v if v.base is None and sys.getrefcount(v) <= _UNSHARED else v.copy()


def copied(v):
    """A value that the program does not own as the caller gets it: an array of its own, or a scalar."""
    if type(v) is not _ndarray:
        return v
    return v.copy() if v.ndim else v[()]


def on_host(v):
    """A value as NumPy has it."""
    return np.asarray(v)[()] if hasattr(v, "addressable_shards") else v


def owned(v):
    """A value of a compiled program as its caller gets it: an array of his own, or a scalar."""
    return np.array(v)[()] if hasattr(v, "addressable_shards") else copied(v)
