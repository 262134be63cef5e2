"""`tf.tpu.bfloat16_scope`: variables of single precision that are read in half of it."""

import contextlib

from ..core import dtypes
from ..core.export import export
from ..ops.cast import cast
from .scope import variable_scope


def _kept_in_float32(getter, *args, **kwargs):
    """A custom getter: what is asked for as bfloat16 is a float32 variable, cast; others stay variables, which can be assigned."""
    if kwargs["dtype"] != dtypes.bfloat16:
        return getter(*args, **kwargs)
    return cast(getter(*args, **{**kwargs, "dtype": dtypes.float32}), dtypes.bfloat16)


@export("tpu.bfloat16_scope", "contrib.tpu.bfloat16_scope")
@contextlib.contextmanager
def bfloat16_scope():
    """A context manager in which `get_variable` of type bfloat16 gives the cast of a float32 variable.

    Yields:
      The `VariableScope`.
    """
    with variable_scope("", custom_getter=_kept_in_float32) as scope:
        yield scope
