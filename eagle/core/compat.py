"""`tf.compat`: text and bytes, and types of numbers, for programs that ran on Python 2 and 3."""

import contextlib
import datetime
import numbers
import os

import numpy as np

from . import shape as shapes
from .export import export

bytes_or_text_types = export("compat.bytes_or_text_types", "python.util.compat.bytes_or_text_types")((bytes, str))
integral_types = export("compat.integral_types", "python.util.compat.integral_types")((numbers.Integral, np.integer))
real_types = export("compat.real_types", "python.util.compat.real_types")((numbers.Real, np.integer, np.floating))
complex_types = export("compat.complex_types", "python.util.compat.complex_types")((numbers.Complex, np.number))


@export("compat.as_bytes", "python.util.compat.as_bytes")
def as_bytes(bytes_or_text, encoding="utf-8"):
    """Text or bytes as bytes; raises TypeError for anything else."""
    if isinstance(bytes_or_text, str):
        return bytes_or_text.encode(encoding)
    if isinstance(bytes_or_text, bytes | bytearray):
        return bytes(bytes_or_text)
    raise TypeError("Expected binary or unicode string, got %r" % (bytes_or_text,))


@export("compat.as_text", "compat.as_str", "python.util.compat.as_text", "python.util.compat.as_str")
def as_text(bytes_or_text, encoding="utf-8"):
    """Text or bytes as text; raises TypeError for anything else."""
    if isinstance(bytes_or_text, str):
        return bytes_or_text
    if isinstance(bytes_or_text, bytes):
        return bytes_or_text.decode(encoding)
    raise TypeError("Expected binary or unicode string, got %r" % bytes_or_text)


@export("compat.as_str_any", "python.util.compat.as_str_any")
def as_str_any(value):
    """Bytes as text, anything else by `str`."""
    return as_text(value) if isinstance(value, bytes) else str(value)


@export("compat.path_to_str", "python.util.compat.path_to_str")
def path_to_str(path):
    """A path object as text; anything else as it is."""
    return as_str_any(os.fspath(path)) if hasattr(path, "__fspath__") else path


@export("compat.dimension_value", "dimension_value")
def dimension_value(dimension):
    """The size of a `Dimension`; anything else as it is."""
    return dimension.value if isinstance(dimension, shapes.Dimension) else dimension


@export("compat.dimension_at_index", "dimension_at_index")
def dimension_at_index(shape, index):
    """The `Dimension` of a shape at an index, also of an unknown shape."""
    return shapes.Dimension(None) if shape.rank is None else shape.dims[index]


# The day of which TensorFlow 1.15's forward-compatibility checks think.
_horizon = datetime.date(2019, 10, 14)


@export("compat.forward_compatible")
def forward_compatible(year, month, day):
    """Whether TensorFlow 1.15 may build graphs that programs older than a date do not know."""
    return _horizon > datetime.date(year, month, day)


@export("compat.forward_compatibility_horizon")
@contextlib.contextmanager
def forward_compatibility_horizon(year, month, day):
    """A context in which `forward_compatible` thinks of another day.

    Args:
      year, month, day: the day.
    """
    global _horizon
    before, _horizon = _horizon, datetime.date(year, month, day)
    try:
        yield
    finally:
        _horizon = before
