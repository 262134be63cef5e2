"""Which engine runs a plan: NumPy at once, and XLA when the plan is hot.

A plan starts on NumPy, so that no first run waits for a compiler.  When it has run so often with the same types and shapes that
compiling would have paid (costs.py) it is compiled on a thread of its own, and the compiled program takes over at a fixed run,
which waits for it if need be.  So which engine computes which run does not depend on the clock, and a seeded program prints the
same numbers every time.
"""

import collections
import functools
import logging
import os
import threading

from ..core import dtypes
from ..core.tracing import NotCompilable
from .codegen import CutProgram, Program
from .compiled import CheckFailed, Compiled, Outdated
from .costs import switching
from .cutting import parts_of, small_feeds
from .leaving import inside
from .values import on_host, owned
from .writer import call

_log = logging.getLogger("tensorflow")

_MAIN = threading.main_thread().ident
MOST_VARIANTS = 8  # compiled programs for different shapes of one plan's feeds
MOST_COUNTED = 64  # different shapes whose runs are counted


def tier_named(name):
    """The tier of a name: "numpy", "xla" or "auto".

    Raises:
      ValueError: there is no tier of this name.
    """
    if name not in ("numpy", "xla", "auto"):
        raise ValueError("EAGLE_TIER must be 'numpy', 'xla' or 'auto', not %r" % name)
    return name


def default_tier():
    return tier_named(os.environ.get("EAGLE_TIER") or "auto")


class Runner:
    """Runs a plan, on NumPy or compiled.

    Args:
      plan: the `Plan`.
      state: the `State` with the variables.
      tier: "numpy", "xla" or "auto".
      is_part: whether it is a part of another plan: what it gives goes to other parts.
      finish: a function from what a compiled program gives to what the caller gets.
      lasting: whether arrays that are fed never change, such as those of eager tensors.

    Attributes:
      function: from the values of the feeds to the list of those of the fetches.
    """

    def __init__(self, plan, state, tier, is_part=False, finish=owned, lasting=False):
        self.plan = plan
        self._state, self._tier, self._is_part = state, tier, is_part
        self._variants = collections.OrderedDict()  # what is fed, by types and shapes -> _Variant
        self._count_compiled = 0  # for how many variants it was tried
        self._finish = None if is_part else finish
        self._lasting = lasting
        self._resources = [i for i, t in enumerate(plan.feeds) if t._dtype is dtypes.resource]
        self._constant = ()  # numbers of the feeds whose values compiled programs depend on
        self._has_many_values = False  # whether these turned out to vary a lot
        self._on_host = set()  # operations that turned out not to be compilable
        self._cuts = []  # the programs of the plan in parts
        self._lock = threading.Lock()
        self._switching = (1, 1) if tier == "xla" else switching(plan) if tier == "auto" else None
        self.function = self._chosen()

    def _chosen(self):
        """What runs the plan: `_run` if it may be compiled as a whole, else its parts; NumPy alone if compiling does not pay."""
        if self._switching is not None:
            parts = parts_of(self.plan)
            if all(p.compiles for p in parts):
                return self._run
            if any(p.is_worth_compiling for p in parts):
                return self._cut(parts)
        return self._run_on_numpy if self._is_part else self.program.function

    @functools.cached_property
    def program(self):
        """The plan as one `Program` over NumPy; a plan that is cut from the beginning may never need it."""
        return Program(self.plan, self._state, self._is_part)

    def __call__(self, *values):
        return self.run(values)

    def failure(self, error):
        """What a failed run raises."""
        programs = [self.program, *self._cuts] if "program" in self.__dict__ else self._cuts
        return next((found for found in (p.failure(error) for p in programs) if found is not error), error)

    def run(self, values):
        """As `function`, but errors come as `failure` words them."""
        return call(self.function, values, self.failure)

    def run_on_numpy(self, values):
        """As `run`, whatever the tier."""
        return call(self._run_on_numpy, values, self.failure)

    def _run_on_numpy(self, *values):
        return self.program.function(*(map(on_host, values) if self._is_part else values))

    def _run(self, *values):
        key = tuple([getattr(v, "shape", None) for v in values])
        if self._resources:
            key += tuple([values[i] for i in self._resources])
        if self._constant:
            key += tuple([values[i].tobytes() for i in self._constant])
        variant = self._variants.get(key)
        if variant is None:
            variant = self._new_variant(key)
        variant.runs += 1
        if variant.runs < variant.switch:
            if variant.runs == variant.begin:
                variant.compile(values)
            return self._run_on_numpy(*values)
        if threading.get_ident() == _MAIN:
            return self._run_compiled(variant, key, values)
        with inside:
            return self._run_compiled(variant, key, values)

    def _run_compiled(self, variant, key, values):
        if not variant.is_ready:
            variant.wait(values)
        if variant.compiled is None:
            return self._run_on_numpy(*values)
        try:
            fetched = variant.compiled(values)
        except CheckFailed:  # NumPy says what is wrong
            return self._run_on_numpy(*values)
        except Outdated:
            self._variants.pop(key, None)
            return self._run_on_numpy(*values)
        return fetched if self._finish is None else [self._finish(v) for v in fetched]

    def _new_variant(self, key):
        with self._lock:
            variant = self._variants[key] = _Variant(self, *self._switching)
            if len(self._variants) > MOST_COUNTED:
                del self._variants[next(k for k, v in self._variants.items() if v.is_idle)]
                if self._constant:
                    self._constant, self._has_many_values, self._count_compiled = (), True, 0
                    self._variants.clear()
            return variant

    def compile(self, values):
        """The plan compiled for such values; cut where that is needed; None if that can't be."""
        with self._lock:
            self._count_compiled += 1
            if self._count_compiled == MOST_VARIANTS + 1:
                _log.info("More than %d different shapes are fed to one plan; others run on NumPy.", MOST_VARIANTS)
            if self._count_compiled > MOST_VARIANTS:
                return None
        try:
            return Compiled(self.plan, self._state, values, self._constant, self._lasting)
        except NotCompilable as e:
            return self._without(e, values)
        except Exception as e:
            _log.debug("A plan stays on NumPy: %s: %s", type(e).__name__, e, exc_info=True)
        return None

    def _without(self, problem, values):
        """What runs a plan that can't be compiled as a whole: with some feeds known, or cut; None if that does not help."""
        op = problem.op
        if op is None:
            _log.debug("A plan stays on NumPy: %s", problem)
            return None
        where = "%s (node %s, made at %s)" % (problem, op.name, op.where())
        constant = set(self._constant)
        if not self._has_many_values:
            constant |= small_feeds(self.plan, op, values)
        if constant - set(self._constant):
            _log.debug("A plan is compiled for each value of %s: %s", [self.plan.feeds[i].name for i in sorted(constant)], where)
            self._constant = tuple(sorted(constant))
            return None
        _log.debug("A plan is cut: %s", where)
        self._on_host.add(op)
        parts = parts_of(self.plan, self._on_host)
        if all(p.compiles for p in parts) or not any(p.is_worth_compiling for p in parts):
            return None
        function = self._cut(parts)
        return lambda given: function(*given)

    def _cut(self, parts):
        """The function of the plan in parts."""
        make = functools.partial(Runner, state=self._state, tier=self._tier, is_part=True)
        made = CutProgram(self.plan, self._state, parts, make)
        self._cuts.append(made)
        return made.function


class _Variant:
    """A plan with feeds of certain types and shapes.

    Attributes:
      runs: how often it ran.
      begin, switch: the runs at which compiling begins, and that the compiled program takes over.
      compiled: the `Compiled`, or None.
      is_ready: whether `compiled` says all.
    """

    def __init__(self, runner, begin, switch):
        self.begin, self.switch = begin, switch
        self.runs = 0
        self.compiled = None
        self.is_ready = False
        self._runner = runner
        self._thread = None
        self._lock = threading.Lock()

    @property
    def is_idle(self):
        """Whether nothing is lost with it but a count."""
        return self.compiled is None and self._thread is None

    def compile(self, values):
        """Begins compiling on another thread."""
        self._thread = threading.Thread(target=self._compile, args=(values,), name="eagle-compiler")
        self._thread.start()

    def wait(self, values):
        """Waits until it is compiled; compiles it now if nobody does."""
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            if not self.is_ready:
                self._compile(values)

    def _compile(self, values):
        self.compiled = self._runner.compile(values)
        self.is_ready = True
        self._thread = None
