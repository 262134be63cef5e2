"""Programs that XLA compiles: the same text as programs over NumPy, with kernels for `jax.numpy` and without effects.

What lives from run to run, variables and random generators, comes in as parameters and goes out as results; the bodies of branches
and loops are functions inside the text.
"""

import contextlib

import numpy as np

from ..core import tracing
from ..core.dispatch import host_value
from ..core.state import NodeState
from ..core.tracing import NotCompilable
from ..ops.philox import TracedGenerator
from .cutting import is_compilable, seen_operations
from .plan import known_outputs
from .rounding import may_cancel, rounded
from .writer import Nested, Reference, Writer
from .xla import traced_kernel


def _host(value):
    return host_value(tracing.known(value))


class Cell:
    """Something that lives from run to run, as a traced program sees it.

    Attributes:
      source: what keeps it: a variable's state, or a `Drawing`.
      parameter: the name of the parameter by which its value comes in; None while nothing reads it.
      current: the name of its value at the present place of the text.
      changed: whether it gets a new value.
    """

    def __init__(self, source):
        self.source = source
        self.parameter = self.current = None
        self.changed = False


class TracedProgram(Writer):
    """A plan as a function that JAX traces.

    Args:
      plan, state: as of `Writer`.
      resources: number of a feed -> what is fed there, for feeds of resources: they are no parameters.

    Attributes:
      function: the function: from the values of the feeds and cells to the list of the values of the fetches and that of the new
        values of the cells that change.
      cells: the cells that have a parameter, in the order of the parameters behind those of the feeds.
      changed: the cells that change, in the order of the second list.
    """

    engine = "xla"
    frees = False

    def __init__(self, plan, state, resources=()):
        super().__init__(plan, state, {"host": _host, "known": tracing.known})
        self._cells = {}  # id of what keeps it -> Cell
        parameters = []
        for i, t in enumerate(plan.feeds):
            if i in resources:
                self.define(t, self.bind(t.op._name, resources[i]))
            else:
                parameters.append(self.local(t))
        for op in self.running(plan):
            self.write(op)
        self.changed = [c for c in self._cells.values() if c.changed]
        fetched = ", ".join([self.value(t) for t in plan.fetches])
        self.cells = [c for c in self._cells.values() if c.parameter]
        parameters += [c.parameter for c in self.cells]
        self.finish(parameters, "[%s], [%s]" % (fetched, ", ".join([c.current for c in self.changed])))

    def running(self, plan):
        return seen_operations(plan)

    def write(self, op):
        try:
            if not is_compilable(op) and known_outputs(op, self._replaced) is None:
                raise NotCompilable("%s is no part of compiled programs" % op.type)
            super().write(op)
        except NotCompilable as e:
            e.op = e.op or op
            raise

    def kernel(self, op, spec=None):
        """The name of the kernel for an operation, or of that of another op which computes the same outputs."""
        types = tuple(t._dtype.base_dtype.np for t in op.outputs)
        spec = spec or op.spec
        return self.bind(spec.name, traced_kernel(spec, types))

    def call(self, op):
        text = super().call(op)
        return "%s(%s)" % (self.bind("rounded", rounded), text) if may_cancel(op) else text

    def known(self, tensor):
        return "known(%s)" % self.value(tensor)

    # ---------------------------------------------------------------------------------------------------------- cells

    def read(self, variable):
        return self._value_of(self.cell(variable), variable)

    def cell(self, variable):
        """The cell of the variable that an expression stands for."""
        source = self._globals.get(variable)
        if source is None:
            raise NotCompilable("which variable it is depends on what is computed")
        found = self._cells.get(id(source))
        if found is None:
            found = self._cells[id(source)] = Cell(source)
        return found

    def _value_of(self, cell, name):
        if cell.current is None:
            cell.parameter = cell.current = self.fresh(name + "_value")
        return cell.current

    def set(self, op, variable, text):
        """Writes a line that gives the variable that an expression stands for a new value."""
        cell = self.cell(variable)
        cell.current = self.fresh(variable + "_value")
        cell.changed = True
        self.statement(op, "%s = %s" % (cell.current, text), [cell.current])

    def refer(self, tensor, text):
        """Lets a variable stand for a ref tensor."""
        self.define(tensor, Reference(text))

    def node_state(self, op):
        """A stream that begins where the node's generator is; `wrote` takes back where it ends."""
        self._drawing = self.bind("draw_" + op._name, Drawing(NodeState(self.state, op._name)))
        self._stream = self.fresh("stream_" + op._name)
        self.statement(op, "%s = %s.start(%s)" % (self._stream, self._drawing, self.read(self._drawing)), [self._stream])
        return self._stream

    def wrote(self, op):
        if op.spec.asks_state:
            self.set(op, self._drawing, self._stream + ".end()")

    # ------------------------------------------------------------------------------------------------ functions inside

    @contextlib.contextmanager
    def nested(self, op, name):
        """A context manager in which the lines of a function inside the text are written; gives a `Nested`."""
        inner = Nested(self.fresh(name), self.block(op))
        before = {key: c.current for key, c in self._cells.items()}
        outer, self._items = self._items, inner.items
        try:
            yield inner
        finally:
            self._items = outer
        for key, c in self._cells.items():
            now, c.current = c.current, before.get(key, c.parameter)
            if now != c.current:
                inner.values[key] = now

    def set_by(self, functions):
        """The cells that functions inside change, all of them with a value to begin with.

        Args:
          functions: a list of `Nested`.

        Returns:
          A list of `Cell`.
        """
        found = [self._cells[key] for key in dict.fromkeys(key for f in functions for key in f.values)]
        for c in found:
            self._value_of(c, "cell")
        return found

    def end_nested(self, op, inner, parameters, results, cells=()):
        """Writes the head and the end of a function inside.

        Args:
          op: the operation that it is written for.
          inner: the `Nested`.
          parameters: names of its parameters.
          results: texts of the values that it returns.
          cells: cells whose values it returns besides.
        """
        values = [*results, *[inner.values.get(id(c.source), c.current) for c in cells]]
        inner.end(op, parameters, "(%s)" % "".join(v + ", " for v in values))

    def after_nested(self, op, cells):
        """New names for the values of cells that functions inside have changed."""
        for c in cells:
            c.current = self.fresh(c.current)
            c.changed = True
        return [c.current for c in cells]


class Drawing:
    """The generator of a random op's node, in a traced program.

    Attributes:
      generator: the generator, found when the kernel asks for it.
    """

    def __init__(self, state):
        self._state = state
        self.generator = None

    def start(self, words):
        return TracedGenerator(self._slot, words)

    def _slot(self, key, make):
        self.generator = self._state.slot(key, make)
        return self.generator

    @property
    def array(self):
        """Key and counter; before the program is traced an array like them."""
        return np.zeros(6, np.uint32) if self.generator is None else self.generator.words

    def put_array(self, words):
        if self.generator is not None:  # else it stands in a branch that is never taken
            self.generator.words = words
