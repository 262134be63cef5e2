"""One compiled program: a plan traced and compiled by XLA for certain types and shapes of what is fed."""

import contextlib
import math
import weakref

import numpy as np

from ..core.dtypes import Handle
from ..core.errors import OpError
from ..core.tracing import NotCompilable, Trace, is_traced
from ..ops.variable_state import VariableState
from .interrupts import Uninterrupted
from .rewriting import rewritten
from .traced import TracedProgram
from .xla import compiled, jax, with_64_bits

_LARGE = 1024  # elements of a value that is worth moving
_MUCH = 1 << 20  # elements of variables: so many are not copied for the sake of checks ...
_LITTLE = 0.1  # ... if these are but such a part of the work
_nothing = contextlib.nullcontext()


class CheckFailed(Exception):
    """Raised when a check inside a compiled program was not passed; nothing has changed."""


class Outdated(Exception):
    """Raised when a variable has got another shape than it had when the program was compiled; nothing has changed."""


class Compiled:
    """A plan compiled for certain values of its feeds.

    Args:
      plan: the `Plan`.
      state: the `State` with the variables.
      values: values of the feeds, for their types and shapes.
      constant: the numbers of those feeds whose values, too, are the same in every run.
      lasting: whether arrays that are fed never change.

    Attributes:
      program: the `TracedProgram`.

    Raises:
      NotCompilable: an operation can't be part of a compiled program.
    """

    def __init__(self, plan, state, values, constant=(), lasting=False):
        resources = {i: v for i, v in enumerate(values) if isinstance(v, Handle)}
        if not all(isinstance(v, VariableState) for v in resources.values()):
            raise NotCompilable("a resource other than a variable")
        self.program = program = TracedProgram(plan, state, resources)
        self._sources = [c.source for c in program.cells]
        self._changed = [c.source for c in program.changed]
        cells = {id(s): s for s in self._sources + self._changed}
        self._locks = [s.lock for _, s in sorted(cells.items()) if hasattr(s, "lock")]  # in one order for all threads
        self._constant = {i: values[i] for i in constant}
        self._given = [i for i in range(len(values)) if i not in self._constant and i not in resources]
        self._numbers = [i for i in range(len(values)) if i not in resources]  # of the parameters, by the feeds
        self._moved = _Moved() if lasting else None
        self._known = {}  # position among the fetches -> value known since compiling
        self._is_guarded = [False] * len(self._changed)
        self._checks_first = None  # a program that tells whether checks will be passed
        arguments = [_like(values[i]) for i in self._given] + [_like(s.array) for s in self._sources]
        with with_64_bits():
            self._function = self._compile(arguments)

    def _compile(self, arguments):
        """The compiled program: from fed values and those of cells to fetches, new values of cells, and whether checks passed."""
        traced, kinds = self._traced(self._trace_guarded, arguments)
        donated = self._donated(kinds[1])
        if donated and kinds[2] and sum(math.prod(arguments[i].shape) for i in donated) >= _MUCH:
            checks = jax().jit(self._traced(lambda *given: self._trace(*given)[2], arguments)[0]).lower(*arguments)
            if _work(checks) < _LITTLE * _work(jax().jit(traced).lower(*arguments)):
                self._checks_first = compiled(checks)
                self._is_guarded = [False] * len(self._changed)
                traced, _ = self._traced(self._trace_unchecked, arguments)
        return compiled(jax().jit(traced, donate_argnums=donated).lower(*arguments))

    def _traced(self, function, arguments):
        """A function in the form that XLA is fast with, and of what kinds its results are."""
        try:
            closed, kinds = jax().make_jaxpr(function, return_shape=True)(*arguments)
        except Exception as e:
            raise self._located(e) from e
        flat, tree = rewritten(closed), jax().tree_util.tree_structure(kinds)
        return lambda *given: jax().tree_util.tree_unflatten(tree, flat(*given)), kinds

    def _trace(self, *given):
        """The plan with traced values: those of fetches, new ones of cells, and whether checks were passed, if there are any."""
        count = len(self._given)
        feeds = iter(given[:count])
        fed = [self._constant[i] if i in self._constant else next(feeds) for i in self._numbers]
        with Trace() as trace:
            fetched, new = self.program.function(*fed, *given[count:])
        if any(getattr(v, "holds_traced", False) for v in fetched):
            raise NotCompilable("a list that is used outside of the program")
        self._known = {i: v for i, v in enumerate(fetched) if not is_traced(v)}
        return [v for v in fetched if is_traced(v)], new, [trace.passed()] if trace.checks else []

    def _trace_guarded(self, *given):
        """As `_trace`; if checks are not passed, cells whose memory is written into keep their values."""
        fetched, new, checks = self._trace(*given)
        if checks:
            new = self._guarded(checks[0], new, dict(zip(map(id, self._sources), given[len(self._given) :])))
        return fetched, new, checks

    def _trace_unchecked(self, *given):
        """As `_trace`, without the checks: they are a program of their own, which runs before."""
        fetched, new, _ = self._trace(*given)
        return fetched, new, []

    def _guarded(self, passed, new, before):
        """New values of cells that are the old ones if checks were not passed, for cells whose memory may be written into."""
        import jax.numpy as jnp

        old = [before.get(id(s)) for s in self._changed]
        self._is_guarded = [o is not None and o.shape == n.shape and o.dtype == n.dtype for o, n in zip(old, new)]
        return [jnp.where(passed, n, o) if guarded else n for n, o, guarded in zip(new, old, self._is_guarded)]

    def _located(self, error):
        """An error of tracing as `NotCompilable`, with the operation that it came from.

        With none if the operation says that its inputs don't fit: a run over NumPy will say so, too, when it gets there.
        """
        if isinstance(error, OpError):
            return NotCompilable("%s: %s" % (type(error).__name__, error.message))
        op = getattr(error, "op", None)
        trace = error.__traceback__
        while trace is not None and op is None:
            if trace.tb_frame.f_code.co_filename == self.program.file_name:
                op = self.program.operation_at.get(trace.tb_lineno)
            trace = trace.tb_next
        if not isinstance(error, NotCompilable):
            error = NotCompilable("%s: %s" % (type(error).__name__, error))
        error.op = op
        return error

    def _donated(self, kinds):
        """The arguments whose memory may be written into: those of cells that change and keep type and shape."""
        new = {id(s): t for s, t in zip(self._changed, kinds)}
        found = []
        for i, s in enumerate(self._sources):
            after, before = new.get(id(s)), s.array
            if after is not None and after.shape == np.shape(before) and after.dtype == before.dtype:
                found.append(len(self._given) + i)
        return tuple(found)

    def __call__(self, values):
        """The values of the fetches, as arrays of JAX's; the cells get their new values.

        Raises:
          CheckFailed: a check was not passed; nothing has changed.
          Outdated: the program can't run with the values that variables have now; nothing has changed.
        """
        with Uninterrupted() if self._changed else _nothing:
            fetched, new, checks = self._call_locked(values)
        if checks and not np.asarray(checks[0]):  # `bool` of an array of JAX's takes ten times as long
            raise CheckFailed
        if not self._known:
            return fetched
        rest = iter(fetched)
        return [self._known[i] if i in self._known else next(rest) for i in range(len(fetched) + len(self._known))]

    def _call_locked(self, values):
        """Calls the function while no other thread changes the variables that it does, and gives these their new values."""
        for lock in self._locks:
            lock.acquire()
        try:
            given = [values[i] for i in self._given]
            if self._moved is not None:
                given = [self._moved.get(i, v) for i, v in enumerate(given)]
            arguments = given + [_array_of(s) for s in self._sources]
            with with_64_bits():
                try:
                    if self._checks_first is not None and not np.asarray(self._checks_first(*arguments)[0]):
                        raise CheckFailed
                    results = fetched, new, checks = self._function(*arguments)
                except TypeError as e:  # raised before the program begins
                    raise Outdated from e
            passed = not checks or np.asarray(checks[0])
            for s, array, guarded in zip(self._changed, new, self._is_guarded):
                if guarded or passed:
                    s.put_array(array)
            # Until its results are there, all of them at once, the program may read what it is given.
            for array in (fetched or new)[:1]:
                array.block_until_ready()
        finally:
            for lock in self._locks:
                lock.release()
        return results


class _Moved:
    """Arrays that are fed again and again, such as constants that a function has captured: they are moved once."""

    def __init__(self):
        self._came = {}  # number of the feed -> a weak reference to the last array
        self._kept = {}  # number of the feed -> an array that came twice in a row, which nobody writes into now, and JAX's copy

    def get(self, number, array):
        """The array, or JAX's copy of it."""
        if type(array) is not np.ndarray or array.size < _LARGE:
            return array
        kept = self._kept.get(number)
        if kept is not None:
            if kept[0] is array:
                return kept[1]
            del self._kept[number]
        came = self._came.get(number)
        if came is None or came() is not array:
            self._came[number] = weakref.ref(array)
            return array
        with with_64_bits():
            moved = jax().device_put(array)
        self._kept[number] = array, moved
        return moved


def _array_of(source):
    """The value of a cell as the program takes it; a large one of NumPy's is moved but once, whatever programs read it."""
    array = source.array
    if type(array) is np.ndarray and array.size >= _LARGE:
        with with_64_bits():
            moved = jax().device_put(array)
        if source.keep_array(moved, array):
            return moved
    return array


def _work(lowered):
    """How much there is to do in a program: operations and bytes."""
    cost = lowered.cost_analysis() or {}
    return cost.get("flops", 0.0) + cost.get("bytes accessed", 0.0)


def _like(value):
    if isinstance(value, int | float | bool):
        value = np.asarray(value)
    if getattr(value, "dtype", None) is None or not isinstance(value.dtype, np.dtype) or value.dtype.kind == "O":
        raise NotCompilable("a value of a type that XLA does not have")
    return jax().ShapeDtypeStruct(np.shape(value), value.dtype)
