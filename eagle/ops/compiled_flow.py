"""Branches and loops in compiled programs: what the text of a traced program calls.

A condition that is known while the program is traced chooses there and then.  A loop whose turns can be counted while it is traced
becomes JAX's `scan`, another one its `while_loop`.
"""

import numpy as np

from ..core.errors import InternalError
from ..core.tracing import NotCompilable, Trace, is_traced, require
from .traced_lists import TracedElements, TracedTurns, jax, put

MOST_TURNS = 100_000  # of a loop whose turns are counted while it is traced
MOST_ROOM = 1024  # turns for which a loop's lists have room because it can't take more


class _Nothing:
    """Stands for a value that a branch does not compute and others do."""


nothing = _Nothing()


def _as_traced(value):
    """A value as JAX takes it into branches and loops."""
    import jax.numpy as jnp

    if isinstance(value, np.ndarray | np.generic):
        if value.dtype.kind == "O":
            raise NotCompilable("strings in a compiled loop or branch")
        return jnp.asarray(value)
    return TracedElements(value.values) if isinstance(value, TracedElements) else value


def _passed(trace):
    import jax.numpy as jnp

    return jnp.asarray(trace.passed())


def _wrong():
    return InternalError(None, None, "a check inside of a compiled branch or loop was not passed")


# ------------------------------------------------------------------------------------------------------------- branches


def branch(index, *functions, lacking=False):
    """What one of several functions returns.

    Args:
      index: a boolean for the first of two functions; or the number of one, where others mean the last.
      *functions: functions without arguments that return sequences of values.
      lacking: whether some of the values may be `nothing`.
    """
    if not is_traced(index):
        number = int(not index) if np.asarray(index).dtype == bool else int(index)
        return functions[number if 0 <= number < len(functions) else -1]()
    import jax.numpy as jnp

    last = len(functions) - 1
    number = jnp.where(index, 0, 1) if index.dtype == bool else jnp.where((index < 0) | (index > last), last, index)
    outcomes = [_Outcome(f) for f in functions]
    if lacking:
        likes = _what_others_have([jax().eval_shape(o.shapes) for o in outcomes])
        for o in outcomes:
            o.likes = likes
    try:
        values, passed = jax().lax.switch(number, outcomes)
    except TypeError as e:
        raise NotCompilable("branches whose values differ in shape: %s" % e) from e
    if any(o.has_checks for o in outcomes):
        require(passed, _wrong)
    return values


class _Outcome:
    """A branch's function as JAX calls it.

    Attributes:
      likes: None, or for each value what it is like where the branch has nothing.
      has_checks: whether something was checked.
    """

    def __init__(self, function):
        self._function = function
        self.likes = None
        self.has_checks = False

    def shapes(self):
        with Trace():
            return [None if v is nothing else _as_traced(v) for v in self._function()]

    def __call__(self):
        with Trace() as trace:
            values = [_as_traced(self._zeros(i) if v is nothing else v) for i, v in enumerate(self._function())]
        self.has_checks |= bool(trace.checks)
        return values, _passed(trace)

    def _zeros(self, i):
        import jax.numpy as jnp

        return jax().tree_util.tree_map(lambda s: jnp.zeros(s.shape, s.dtype), self.likes[i])


def _what_others_have(outcomes):
    """For each value of several branches, the first that is there."""
    return [next((v for v in values if v is not None), np.zeros((), np.float32)) for values in zip(*outcomes)]


# ---------------------------------------------------------------------------------------------------------------- loops


def loop(condition, body, initial, cells, lists, counting, limits):
    """Takes turns while a condition holds.

    Args:
      condition: a function of the loop variables and cells that returns a sequence of one boolean.
      body: a function of the same that returns their new values: loop variables, values to be listed, cells.
      initial: the loop variables' values at the beginning.
      cells: those of the cells that the body changes.
      lists: how many values are listed.
      counting: the numbers of the loop variables on which alone the condition depends, and `condition` and `body` for these
        alone; or None.
      limits: a list of the same for booleans of which the condition is the conjunction.

    Returns:
      A list: the final loop variables, the lists, the final cells.
    """
    turns = _counted(counting, initial, MOST_TURNS)
    made = _Loop(condition, body, list(initial), list(cells), lists)
    try:
        if turns is not None:
            return made.run_counted(counting[0], *turns)
        known = [_counted(limit, initial, MOST_ROOM) for limit in limits] if lists else []
        return made.run(min([len(k[0]) for k in known if k is not None], default=None))
    except TypeError as e:
        raise NotCompilable("a loop whose variables change their shapes: %s" % e) from e


def _counted(counting, initial, most):
    """The counters' values in each turn and at the end; None if they are not known, or there are more turns than `most`."""
    if counting is None:
        return None
    counters, more, step = counting
    values, turns = [initial[i] for i in counters], []
    while not is_traced(values):
        (test,) = more(*values)
        if is_traced(test):
            return None
        if not test:
            return turns, values
        if len(turns) > most:
            return None
        turns.append(values)
        values = list(step(*values))
    return None


class _Loop:
    """A loop while it is traced."""

    def __init__(self, condition, body, initial, cells, lists):
        self._condition, self._body = condition, body
        self._count = len(initial)
        self._lists = lists
        self._start = initial + cells
        self._same = {}  # number of a list -> the value that is known and the same in every turn
        self._has_checks = False

    def _turn(self, values):
        """One turn: new values of loop variables and cells, values to be listed, and whether checks were passed."""
        with Trace() as trace:
            out = self._body(*values)
        self._has_checks |= bool(trace.checks)
        new = [*out[: self._count], *out[self._count + self._lists :]]
        listed = []
        for i, v in enumerate(out[self._count : self._count + self._lists]):
            if is_traced(v):
                listed.append(v)
            else:
                self._same[i] = v
        return [_as_traced(v) for v in new], listed, _passed(trace)

    def _finish(self, values, listed, count, passed):
        if self._has_checks:
            require(passed, _wrong)
        rest, same = iter(listed), self._same
        lists = [TracedTurns(same[i], count, True) if i in same else TracedTurns(next(rest), count) for i in range(self._lists)]
        return [*values[: self._count], *lists, *values[self._count :]]

    def _settled(self, start, turn):
        """Values to begin with, in which TensorArrays without elements have got what the first turns give them."""
        import jax.numpy as jnp

        start = [_as_traced(v) for v in start]
        while any(isinstance(v, TracedElements) and v.values is None for v in start):
            after, changed = jax().eval_shape(turn, start), False
            for i, (v, a) in enumerate(zip(start, after)):
                if isinstance(v, TracedElements) and v.values is None and a.values is not None:
                    start[i], changed = TracedElements(jnp.zeros(a.values.shape, a.values.dtype)), True
            if not changed:
                break
        return start

    # ------------------------------------------------------------------------------- the number of turns is known

    def run_counted(self, counters, turns, last):
        """A loop whose counters take the values in `turns`, and `last` in the end."""
        import jax.numpy as jnp

        if not turns:
            lists = [TracedTurns(None, np.int32(0))] * self._lists
            return [*self._start[: self._count], *lists, *self._start[self._count :]]
        places = {i: k for k, i in enumerate(counters)}
        rest = [i for i in range(len(self._start)) if i not in places]

        def turn(carry, counted):
            values = [counted[places[i]] if i in places else carry[rest.index(i)] for i in range(len(self._start))]
            new, listed, passed = self._turn(values)
            return [new[i] for i in rest], listed, passed

        def scanned(state, counted):
            carry, passed = state
            carry, listed, now = turn(carry, counted)
            return (carry, passed & now), listed

        first = [jnp.asarray(v) for v in turns[0]]
        start = self._settled([self._start[i] for i in rest], lambda carry: turn(carry, first)[0])
        sequence = [np.stack([t[k] for t in turns]) for k in range(len(counters))]
        (carry, passed), listed = jax().lax.scan(scanned, (start, jnp.asarray(True)), sequence, length=len(turns))
        values = [last[places[i]] if i in places else carry[rest.index(i)] for i in range(len(self._start))]
        return self._finish(values, listed, np.int32(len(turns)), passed)

    # --------------------------------------------------------------------------------------------------- it is not

    def run(self, most):
        """A loop that goes on until the condition is false.

        Args:
          most: how many turns it takes at most, if that is known; else its lists have room for so many as the trace says.
        """
        import jax.numpy as jnp

        start = self._settled(self._start, lambda values: self._turn(values)[0])
        room, may_lack_room = (Trace.room, bool(self._lists)) if most is None else (most, False)
        buffers = []
        if self._lists:
            listed = jax().eval_shape(lambda values: self._turn(values)[1], start)
            buffers = jax().tree_util.tree_map(lambda s: jnp.zeros((room, *s.shape), s.dtype), listed)

        def test(state):
            turn, values, _, _ = state
            with Trace():
                (more,) = self._condition(*values)
            more = jnp.asarray(more)
            return more & (turn < room) if may_lack_room else more

        def body(state):
            turn, values, buffers, passed = state
            values, listed, now = self._turn(values)
            buffers = jax().tree_util.tree_map(lambda b, v: put(b, turn, v), buffers, listed)
            return turn + 1, values, buffers, passed & now

        state = jnp.int32(0), start, buffers, jnp.asarray(True)
        turn, values, buffers, passed = jax().lax.while_loop(test, body, state)
        if may_lack_room:
            with Trace():
                (more,) = self._condition(*values)
            self._has_checks = True
            passed &= ~jnp.asarray(more)
        return self._finish(values, buffers, turn, passed)
