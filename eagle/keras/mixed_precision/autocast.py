"""Variables that are read in the type in which the layer that is being called computes."""

import functools

from ...core import dtypes
from ...core.export import public as tf
from ...variables.resource import is_resource_variable
from ..engine.calling import call_context


def _read_dtype():
    """The floating point type in which the layer that is being called computes, or None."""
    if not call_context.in_call:
        return None
    name = call_context.layer._compute_dtype
    dtype = dtypes.as_dtype(name) if name else None
    return dtype if dtype is not None and dtype.is_floating else None


class AutoCast:
    """What casts, beside the class of a variable.  Only reading casts: what is assigned has the type of the variable."""

    @property
    def true_dtype(self):
        """The type of the variable itself."""
        return self._dtype

    @property
    def dtype(self):
        """The type in which it is read."""
        return _read_dtype() or self._dtype

    def _cast(self, value):
        dtype = _read_dtype()
        return value if dtype is None or value.dtype == dtype else tf.cast(value, dtype)

    def value(self):
        """The value, in the type in which it is read."""
        return self._cast(super().value())

    def _eager_value(self):
        found = super()._eager_value()
        return found if found is self else self._cast(found)

    def read_value(self):
        """The value as a tensor of its own, in the type in which it is read."""
        return self._cast(super().read_value())

    def sparse_read(self, indices, name=None):
        """Rows of the variable, in the type in which it is read."""
        return self._cast(super().sparse_read(indices, name))

    def __repr__(self):
        return "<AutoCastVariable '%s' shape=%s dtype=%s true_dtype=%s>" % (
            self.name, self.shape, self.dtype.name, self.true_dtype.name
        )  # fmt: skip


@functools.cache
def _casting(kind):
    return type("AutoCastVariable", (AutoCast, kind), {})


def autocast(variable):
    """Lets a variable cast itself when it is read; raises ValueError if it is no resource variable of floats."""
    if not is_resource_variable(variable):
        raise ValueError("variable must be of type tf.ResourceVariable, but got: %s" % (variable,))
    if not variable.dtype.is_floating:
        raise ValueError("variable must be a floating point variable but has type: %s" % variable.dtype.name)
    variable.__class__ = _casting(type(variable))
    return variable
