"""What kernels meet while XLA compiles a program: traced values, of which only type and shape are known.

A value that is known while compiling is NumPy's, as ever.  An operation whose inputs are all known is computed at once and stays
known, so shapes and what follows from them never reach XLA.
"""

import numpy as np

from .context import here


class NotCompilable(Exception):
    """Raised while a program is traced by something that XLA can't do; the program is then cut there, or runs on NumPy.

    Attributes:
      op: the operation, if it is known.
    """

    op = None


_tracers = ()  # JAX's classes of traced values, once it is loaded


def use_jax(jax):
    """Tells this module what JAX's traced values are."""
    global _tracers
    _tracers = (jax.core.Tracer,)


def is_traced(value):
    """Whether a kernel's argument is a traced value, or has traced parts."""
    if isinstance(value, _tracers):
        return True
    if type(value) in (list, tuple):
        return any(map(is_traced, value))
    return getattr(value, "holds_traced", False)


def known(value):
    """A value that must be known.

    Raises:
      NotCompilable: it is traced.
    """
    if is_traced(value):
        raise NotCompilable("a value must be known that depends on what is computed")
    return value


class Trace:
    """What is collected while a program is traced.

    Attributes:
      checks: traced booleans that must be true; if one is not, the run is done again on NumPy, which says what is wrong.
      room: for how many turns the lists of a loop have room whose number of turns is not known.
    """

    room = 64

    def __init__(self):
        self.checks = []

    def __enter__(self):
        self._outer, here.trace = here.trace, self
        return self

    def __exit__(self, *unused):
        here.trace = self._outer

    def passed(self):
        """Whether all checks were passed: a traced boolean, or True."""
        result = True
        for check in self.checks:
            result = check if result is True else result & check
        return result


def require(condition, error):
    """Checks a condition that depends on values.

    Args:
      condition: a boolean or an array of them, known or traced.
      error: a function that gives the exception to raise if not all of them are true.
    """
    if is_traced(condition):
        here.trace.checks.append(condition.all())  # there is a trace wherever values are traced
    elif not np.all(condition):
        raise error()
