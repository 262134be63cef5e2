"""Names that Python, NumPy and Pillow had in TensorFlow 1's days and have dropped since, for programs that `eagle run` runs.

Only names that are missing are given back, each as what took its place.
"""

import collections
import collections.abc
import functools
import importlib.abc
import importlib.machinery
import inspect
import time

import numpy as np

from . import finders

_COLLECTIONS = (
    "Callable Container Hashable ItemsView Iterable Iterator KeysView Mapping MappingView MutableMapping MutableSequence "
    "MutableSet Reversible Sequence Set Sized ValuesView"
).split()
_TYPES = {"bool": bool, "int": int, "float": float, "complex": complex, "object": object, "str": str, "long": int, "unicode": str}
_NUMPY = {
    "float_": "float64", "complex_": "complex128", "unicode_": "str_", "string_": "bytes_", "int0": "intp", "uint0": "uintp",
    "Inf": "inf", "Infinity": "inf", "infty": "inf", "PINF": "inf", "NaN": "nan", "product": "prod", "cumproduct": "cumprod",
    "alltrue": "all", "sometrue": "any", "round_": "round", "row_stack": "vstack", "trapz": "trapezoid", "in1d": "isin",
}  # fmt: skip
_PILLOW = {"ANTIALIAS": "LANCZOS", "LINEAR": "BILINEAR", "CUBIC": "BICUBIC"}


def give_back():
    """Gives the names back, in this process."""
    for name in _COLLECTIONS:
        _set(collections, name, lambda name=name: getattr(collections.abc, name))
    _set(time, "clock", lambda: time.perf_counter)
    _set(inspect, "getargspec", lambda: _getargspec)
    for name, kind in _TYPES.items():
        _set(np, name, lambda kind=kind: kind)
    for name, now in _NUMPY.items():
        _set(np, name, lambda now=now: getattr(np, now))
    _set(np, "NINF", lambda: -np.inf)
    _set(np, "asscalar", lambda: lambda a: np.asarray(a).item())
    _set(np, "asfarray", lambda: _asfarray)
    for name in ("meshgrid", "broadcast_arrays"):
        if not isinstance(getattr(np, name)([1], [2]), list):
            setattr(np, name, _with_list(getattr(np, name)))
    if "newshape" not in inspect.signature(np.reshape).parameters:
        np.reshape = _with_newshape(np.reshape)
    finders.put_first(_OfPillow)


def _set(module, name, value):
    if name not in vars(module):
        setattr(module, name, value())


def _getargspec(func):
    """The parameters of a function, as Python had them before 3.11."""
    full = inspect.getfullargspec(func)
    return collections.namedtuple("ArgSpec", "args varargs keywords defaults")(full.args, full.varargs, full.varkw, full.defaults)


def _asfarray(a, dtype=np.float64):
    return np.asarray(a, dtype if np.issubdtype(dtype, np.inexact) else np.float64)


def _with_list(function):
    """A function of NumPy that gave a list before it gave a tuple."""
    return functools.wraps(function)(lambda *args, **kwargs: list(function(*args, **kwargs)))


def _with_newshape(reshape):
    @functools.wraps(reshape)
    def function(a, *args, newshape=None, **kwargs):
        return reshape(a, *args, **kwargs) if newshape is None else reshape(a, newshape, *args, **kwargs)

    return function


class _OfPillow(importlib.abc.MetaPathFinder):
    """Finds `PIL.Image`, and has it given its names back when it has been loaded."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname != "PIL.Image":
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        return spec and finders.when_loaded(spec, _give_pillow_back)


def _give_pillow_back(module):
    for name, now in _PILLOW.items():
        _set(module, name, lambda now=now: getattr(module, now))
