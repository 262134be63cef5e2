"""From a plan to one Python function over NumPy.

    print(program.source)

shows what a graph really does: one line an operation, names taken from the nodes, values dropped after their last use; branches
and loops are Python's own.
"""

from ..core.dispatch import host_value
from ..core.state import NodeState
from .cutting import root
from .plan import known_outputs
from .values import copied, fetched, on_host
from .writer import Reference, Writer


class Program(Writer):
    """A plan as a Python function.

    Args:
      plan: the `Plan`.
      state: the `State` with the variables.
      is_part: whether what is fetched goes to other parts of the same plan.

    Attributes:
      function: the function: from the values of the feeds, in order, to the list of the values of the fetches.
      temporaries: the names of temporary variables made and not yet destroyed.
    """

    engine = "numpy"

    def __init__(self, plan, state, is_part=False):
        super().__init__(plan, state, {"host": host_value, "fetched": fetched, "copied": copied})
        self.temporaries = set()
        parameters = [self.local(t) for t in plan.feeds]
        self.write_all()
        results = [self.value(t) for t in plan.fetches]
        if not is_part:  # what a caller gets belongs to him
            local = set(parameters).union(*[item.targets for item in self._items])
            results = [("fetched(%s)" if text in local else "copied(%s)") % text for text in results]
        self.finish(parameters, "[%s]" % ", ".join(results))

    def write_all(self):
        for op in self.running(self.plan):
            self.write(op)

    def kernel(self, op):
        return self.bind(op.type, op.spec.numpy)

    def node_state(self, op):
        return self.bind("state_" + op._name, NodeState(self.state, op._name))

    def read(self, variable):
        return variable + ".value"

    def refer(self, tensor, text):
        """Lets an expression for a `VariableState` stand for a ref tensor, whose value is read wherever it is used."""
        self.define(tensor, Reference(text))


class CutProgram(Program):
    """A plan in parts, some of which may be compiled: each of these is a call.

    Args:
      plan, state: as of `Program`.
      parts: the list of `Part`.
      make_runner: a function from the plan of a part to what runs it.
    """

    def __init__(self, plan, state, parts, make_runner):
        self._parts, self._make_runner = parts, make_runner
        super().__init__(plan, state)

    def write_all(self):
        self._wanted |= set(self.plan.fetches)
        for part in self._parts:
            if part.compiles:
                self._write_call(part.plan(self.plan))
            else:
                for op in part.operations:
                    self._write_with_sources(op)
        for t in self.plan.fetches:
            self._provide(t)

    def _write_call(self, plan):
        """A line that calls a part."""
        runner = self.bind("part", self._make_runner(plan))
        names = [self.local(t) for t in plan.fetches]
        call = "%s(%s)" % (runner, ", ".join(map(self.value, plan.feeds)))
        self.statement(None, "%s = %s" % (", ".join(names) + "," * (len(names) == 1), call) if names else call, names)
        hosts = {t for part in self._parts if not part.compiles for op in part.operations for t in op._inputs}
        for t, name in zip(plan.fetches, names):
            if t in hosts or t in self.plan.fetches:
                self.statement(None, "%s = %s(%s)" % (name, self.bind("on_host", on_host), name), [name])

    def _write_with_sources(self, op):
        if known_outputs(op, self._replaced) is None:
            for t in op._inputs:
                self._provide(t)
        self.write(op)

    def _provide(self, tensor):
        """Writes what gives a tensor that is known or a variable, if that has not been written."""
        if tensor in self._expressions:
            return
        if tensor._dtype._is_ref_dtype and root(tensor) is not tensor:
            self._provide(root(tensor))
            self.define(tensor, self.expression(root(tensor)))
        else:
            self._write_with_sources(tensor.op)
