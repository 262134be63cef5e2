"""Writes programs: a plan becomes the text of one Python function, a line an operation.

The two kinds of program, over NumPy (codegen.py) and for XLA (traced.py), differ in how an operation is written.
"""

import contextlib
import itertools
import keyword
import re

import numpy as np

from ..core import dispatch, dtypes, errors, known
from ..core.errors import InvalidArgumentError, NotYetError, OpError
from .effects import effects_of
from .plan import Plan, known_outputs

_UNFIT = re.compile(r"\W")
_serial = itertools.count()


class _Line:
    """One line: its text, the local variables that it sets, the operation that it computes."""

    __slots__ = ("op", "text", "targets")

    def __init__(self, op, text, targets):
        self.op, self.text, self.targets = op, text, targets

    def words(self):
        return _UNFIT.split(self.text)


class _Block:
    """A compound statement: parts with a head (`if x:`, `else:`) and lines below; `targets` are set inside and used after it."""

    def __init__(self, program, op, targets):
        self._program, self.op, self.targets, self.parts = program, op, list(targets), []

    @contextlib.contextmanager
    def part(self, head):
        """A context manager: what is written inside stands below `head`."""
        program, items = self._program, []
        outer, program._items = program._items, items
        try:
            yield
        finally:
            program._items = outer
        self.parts.append((head, items or [_Line(self.op, "pass", [])]))

    def words(self):
        for head, items in self.parts:
            yield from _UNFIT.split(head)
            for item in items:
                yield from item.words()


class Nested:
    """A function inside the text, in the making.

    Attributes:
      name: its name.
      items: its lines.
      values: key of a cell -> the name of its value at the end, for cells that the function changes.
    """

    def __init__(self, name, block):
        self.name = name
        self.items = []
        self.values = {}
        self._block = block

    def end(self, op, parameters, results):
        head = "def %s(%s):" % (self.name, ", ".join(parameters))
        self._block.parts.append((head, [*self.items, _Line(op, "return " + results, [])]))


class Reference:
    """Stands for a ref tensor: the variable behind it, whose value is read wherever the tensor is used.

    Attributes:
      text: an expression for the variable.
    """

    __slots__ = ("text",)

    def __init__(self, text):
        self.text = text


class Writer:
    """The text of a plan's function in the making.

    Args:
      plan: the plan.
      state: the `State` with the variables.
      bound: names of global variables of the program -> what they are.

    Attributes:
      source: the function's text.
      function: the function.
      operation_at: number of a line -> the operation that it computes, or None.
      engine: "numpy" or "xla", to choose among what ops declare.
      frees: whether variables are deleted after their last use.
    """

    engine = None
    frees = True

    def __init__(self, plan, state, bound):
        self.plan = plan
        self.state = state
        self.file_name = "<eagle program %d>" % next(_serial)
        self._replaced = set(plan.replaced)
        self._globals = dict(bound)
        self._taken = {*bound, "run", "_"}
        self._expressions = {}  # tensor -> the text that gives its value, or a `Reference`
        self._wanted = _used_tensors(plan)
        self._awaited = _awaited_operations(plan)
        self._items = []  # the lines and blocks of the block being written

    # ---------------------------------------------------------------------------------------- how a kind of program does it

    def kernel(self, op):
        """The name of the function that computes an operation."""
        raise NotImplementedError

    def running(self, plan):
        """The operations of a plan that are written."""
        return plan.operations

    def node_state(self, op):
        """The text of an expression for what the kernel of an operation keeps from run to run."""
        raise NotImplementedError

    def read(self, variable):
        """The text of an expression for the value of the variable that an expression stands for."""
        raise NotImplementedError

    # ------------------------------------------------------------------- what ops with an emitter of their own may use

    def value(self, tensor):
        """The text of an expression for a tensor's value."""
        found = self.expression(tensor)
        return self.read(found.text) if type(found) is Reference else found

    def expression(self, tensor):
        """What stands for a tensor: a text, or a `Reference`."""
        found = self._expressions.get(tensor)
        return self.expression(self.plan.aliases[tensor]) if found is None else found

    def define(self, tensor, expression):
        """Lets a text or a `Reference` stand for a tensor wherever it is used, instead of computing it once in a line."""
        self._expressions[tensor] = expression

    def reference(self, tensor):
        """The text of an expression for the variable behind a ref tensor."""
        found = self.expression(tensor)
        if type(found) is not Reference:
            raise InvalidArgumentError(None, tensor.op, "%s is fed and can't be assigned to" % tensor.name)
        return found.text

    def is_wanted(self, tensor):
        """Whether something uses a tensor's value."""
        return tensor in self._wanted

    def bind(self, name, thing):
        """Makes `thing` a global variable of the program; the name that it got."""
        if self._globals.get(name, self) is thing:
            return name
        name = self.fresh(name)
        self._globals[name] = thing
        return name

    def line(self, op, text):
        """Writes a line: an expression for all outputs of an operation (a sequence if the op has not exactly one)."""
        names = [self.local(t) if t in self._wanted else "_" for t in op.outputs]
        targets = [n for n in names if n != "_"]
        if targets:
            text = "%s = %s" % (names[0] if op.spec.single else _unpacked(op, names), text)
        self._items.append(_Line(op, text, targets))
        self.wrote(op)

    def wrote(self, op):
        """Called when the line of an operation has been written."""

    def statement(self, op, text, targets=()):
        """Writes a statement that sets the local variables `targets`."""
        self._items.append(_Line(op, text, list(targets)))

    def settled(self, op, text):
        """A name for the value of an expression, which is thereby computed once however often the name is used."""
        if text.isidentifier():
            return text
        name = self.fresh(op._name)
        self.statement(op, "%s = %s" % (name, text), [name])
        return name

    def block(self, op, targets=()):
        """Begins a compound statement whose parts the caller writes; `targets` are the variables that it leaves set."""
        made = _Block(self, op, targets)
        self._items.append(made)
        return made

    def inline(self, graph, arguments, outputs, node=None):
        """Writes the body of a function graph, with the operations that must run for their effects (see effects.py).

        Args:
          graph: the `FuncGraph`.
          arguments: what stands for each of its inputs, a text or a `Reference`.
          outputs: those of its tensors whose values are needed.
          node: the operation whose body it is.

        Returns:
          The texts of expressions for the outputs.
        """
        replaced = [inner for outer, inner in graph.captures.items() if outer in self._replaced]
        plan = Plan(graph.inputs, outputs, effects_of(graph, node in self._awaited), replaced)
        self._replaced |= plan.replaced
        self._wanted |= _used_tensors(plan)
        self._awaited |= _awaited_operations(plan)
        self._expressions.update(zip(graph.inputs, arguments))
        for op in self.running(plan):
            self.write(op)
        return [self.value(t) for t in outputs]

    # -------------------------------------------------------------------------------------------------------- writing

    def write(self, op):
        spec = op.spec
        if spec is None:
            raise NotYetError("Eagle has no op %s yet; it is asked for by the node %r made at %s" % (op.type, op.name, op.where()))
        if spec.attr_check is not None:
            try:
                spec.attr_check(op.attrs)
            except OpError as e:
                raise _with_node(e, op) from None
        values = known_outputs(op, self._replaced)
        if values is not None:
            for t, v in zip(op.outputs, values):
                if t in self._wanted:
                    self.define(t, self.bind(op._name, v))
        elif self.engine in spec.emitters:
            spec.emitters[self.engine](self, op)
        else:
            self.line(op, self.call(op))

    def call(self, op):
        """The text of the call of an operation's kernel."""
        spec = op.spec
        arguments = self.arguments(op)
        if spec.infix:
            text = "%s %s %s" % (arguments[0], spec.infix, arguments[1])
            return text if op.outputs[0]._dtype is not dtypes.string else "%s(%s, object)" % (self.bind("array", np.array), text)
        for name in spec.attr_names:
            arguments.append("%s=%s" % (name, self.literal(op.attrs[name], name)))
        if spec.asks_state:
            arguments.append("state=" + self.node_state(op))
        return "%s(%s)" % (self.kernel(op), ", ".join(arguments))

    def arguments(self, op):
        """The texts of the arguments of an operation's kernel."""
        texts, position = [], 0
        for kind, argument, count in zip(op.spec.rule_kinds, op.spec.definition.inputs, op.spec.counts(op)):
            group = op._inputs[position : position + count]
            position += count
            if argument.is_ref:
                express = self.reference
            elif argument.name in op.spec.alias_inputs:
                express = self.value_or_variable
            else:
                express = self._host if kind in "hsv" else self.known if kind == "k" else self.value
            parts = [express(t) for t in group]
            texts.append("[%s]" % ", ".join(parts) if argument.is_list else parts[0])
        return texts

    def value_or_variable(self, tensor):
        """The text of an expression for a tensor's value, or for the variable that it stands for."""
        found = self.expression(tensor)
        return found.text if type(found) is Reference else found

    def known(self, tensor):
        """The text of an expression for a value that must be known before the operation runs."""
        return self.value(tensor)

    def _host(self, tensor):
        value = None if tensor in self._replaced else known.host(tensor)
        return "host(%s)" % self.value(tensor) if value is None else self.literal(value, tensor.op._name)

    def literal(self, value, name):
        """A known value as text, if that is short and says it all; else the name of a global variable for it."""
        if value is None or type(value) in (bool, int, str) or type(value) is float and value - value == 0:
            return repr(value)
        if type(value) is tuple and len(value) <= 16 and all(type(v) in (int, bool, str) for v in value):
            return repr(value)
        if isinstance(value, dtypes.DType):
            return self.bind(value.name, value)
        return self.bind(name, value)

    def local(self, tensor):
        """A new local variable for a tensor's value; its name."""
        name = self.fresh(tensor.op._name if not tensor.value_index else "%s_%d" % (tensor.op._name, tensor.value_index))
        self._expressions[tensor] = name
        return name

    def fresh(self, name):
        """A name that the program does not use yet, like `name`."""
        name = _UNFIT.sub("_", name)
        if name[0].isdigit() or keyword.iskeyword(name):
            name = "_" + name
        fresh, count = name, 0
        while fresh in self._taken:
            count += 1
            fresh = "%s__%d" % (name, count)
        self._taken.add(fresh)
        return fresh

    # ---------------------------------------------------------------------------------------------- running and failing

    def run(self, values):
        """The values of the fetches for those of the feeds; an error as `failure` words it."""
        return call(self.function, values, self.failure)

    def failure(self, error):
        """What a failed run raises: TensorFlow's exception type, with the node, and the user's line that made it."""
        op, frame = self._failed_operation(error)
        if op is None:
            return error
        error = dispatch.as_op_error(error, op.spec, self._values_then(op, frame))
        return _with_node(error, op) if isinstance(error, OpError) else error

    def _failed_operation(self, error):
        """The operation whose line raised an error, and the frame of that line."""
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self.file_name:
                return self.operation_at.get(trace.tb_lineno), trace.tb_frame
            trace = trace.tb_next
        return None, None

    def _values_then(self, op, frame):
        """The arguments of an operation's kernel in a frame of the program; none if they can't be found."""
        if self.engine in op.spec.emitters:
            return ()
        return [eval(text, self._globals, frame.f_locals) for text in self.arguments(op)]

    # ----------------------------------------------------------------------------------------------------- assembling

    def finish(self, parameters, results):
        """Makes the function of what has been written.

        Args:
          parameters: the names of its parameters.
          results: the text of what it returns.
        """
        self._items.append(_Line(None, "return " + results, []))
        self.operation_at = {}
        lines = ["def run(%s):" % ", ".join(parameters)]
        self._lay_out(self._items, set(parameters), set(), lines, "    ")
        del self._items
        self.source = "\n".join(lines) + "\n"
        exec(compile(self.source, self.file_name, "exec"), self._globals)
        self.function = self._globals["run"]

    def _lay_out(self, items, own, foreign, lines, indent):
        """Adds the text of a block, each of its own variables deleted after its last use.

        Args:
          items: its lines and compound statements.
          own: names to be deleted here besides those that the items set.
          foreign: names that the items set for use after the block.
          lines: the list of lines to add to.
          indent: what lines begin with.
        """
        own = own.union(*[item.targets for item in items]) - foreign
        last = {}
        for i, item in enumerate(items):
            for word in item.words():
                if word in own:
                    last[word] = i
        deletions = {}
        for name, i in last.items():
            deletions.setdefault(i, []).append(name)
        for i, item in enumerate(items):
            if type(item) is _Block:
                for head, inside in item.parts:
                    self._add(lines, indent + head, item.op)
                    self._lay_out(inside, set(), foreign.union(item.targets), lines, indent + "    ")
            else:
                self._add(lines, indent + item.text, item.op)
            if self.frees and i in deletions and not _ends(item):
                lines.append(indent + "del " + ", ".join(deletions[i]))

    def _add(self, lines, text, op):
        lines.append(text)
        self.operation_at[len(lines)] = op


def call(function, values, failure):
    """What a function gives for some values; an error as `failure` words it."""
    try:
        return function(*values)
    except Exception as e:
        error = failure(e)
        if error is e:
            raise
        raise error from e


def _ends(item):
    """Whether nothing after this item of a block runs."""
    return type(item) is _Line and item.text.startswith(("return ", "break"))


def _used_tensors(plan):
    """The tensors that some operation or fetch of a plan uses."""
    used = set(plan.fetches)
    for op in plan.operations:
        used.update(op._inputs)
    return used


def _awaited_operations(plan):
    """The operations of a plan that must have run although nothing may use what they give."""
    return set(plan.targets).union(*[op._control_inputs for op in plan.operations])


def _with_node(error, op):
    """An error with the node that raised it and the line of the user's program that made the node."""
    message = "%s\n\t [[node %s (defined at %s) ]]" % (error.message, op._name, op.where())
    return errors.exception_type_from_error_code(error.error_code)(op.node_def, op, message)


def _unpacked(op, names):
    """The target of an assignment that takes apart what a kernel gives; lists of outputs among several are lists there."""
    arguments = op.spec.definition.outputs
    if len(arguments) > 1 and any(a.is_list for a in arguments):
        parts = op.spec.per_output(names, op.spec.output_counts(op))
        return ", ".join(p if isinstance(p, str) else "[%s]" % ", ".join(p) for p in parts)
    return ", ".join(names) + "," * (len(names) == 1)
