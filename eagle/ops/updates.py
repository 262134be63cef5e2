"""Ops that change variables: one rule serves an op on ref variables and its twin on resource variables.

    @update("AssignAdd", "AssignAddVariableOp", 1, ignores=("use_locking",))
    def assign_add(xp, ref, value):
        return (ref + value,)

    @assign_add.in_place
    def _(ref, value):
        np.add(ref, value, out=ref)

The rule's first parameters are the values of the variables; it gives their new values, and so may be compiled.  `in_place` writes
the same into the arrays: what runs eagerly and in uncompiled programs.
"""

import numpy as np

from ..core.errors import FailedPreconditionError
from ..core.op import Op, Variable


class UpdateOp(Op):
    """An op whose first inputs are variables that it changes.

    Attributes:
      changes: how many variables.
      check: None, or a function from the op, the variables' values (a list), the other inputs and the attributes that raises if
        they don't fit.
      kernels: "portable": the rule; "numpy": what writes into the variables' arrays, if there is such a thing.
    """

    def __init__(self, name, rule, changes, check=None, **options):
        self.changes = changes
        self.check = check
        self._definition = None
        super().__init__(name, rule, **options)
        self.numpy = self._run
        self.emitters = {"numpy": self._emit, "xla": self._emit_compiled}

    def _read_signature(self, kernel):
        super()._read_signature(kernel)
        self.input_names = tuple(a.name for a in self.definition.inputs)
        self.is_on_refs = self.definition.inputs[0].is_ref
        self._annotations += [None] * (len(self.input_names) - len(self._annotations))
        if not self.is_on_refs:
            self._annotations[: self.changes] = [Variable] * self.changes
            self.has_host_inputs = True

    def _run(self, *args, **attrs):
        count = self.changes
        states, inputs = args[:count], args[count:]
        # Always in the same order, so that two threads can't wait for each other.
        ordered = states if count == 1 else sorted(states, key=id)
        for s in ordered:
            s.lock.acquire()
        try:
            self._update(states, inputs, attrs)
        finally:
            for s in ordered:
                s.lock.release()

    def _update(self, states, inputs, attrs):
        """Changes variables that are locked."""
        try:
            values = [s.value for s in states]
        except FailedPreconditionError:
            raise next(s for s in states if s.peek() is None).missing() from None
        if self.check is not None:
            self.check(self, values, inputs, **attrs)
        write = self.kernels.get("numpy")
        if write is None:
            for s, old, new in zip(states, values, self.kernel(np, *values, *inputs, **attrs)):
                s.assign(np.asarray(new, old.dtype) if type(old) is np.ndarray else old.dtype.type(new))
            return
        del values
        arrays = []
        try:
            for s in states:
                arrays.append(s.take())
            write(*arrays, *inputs, **attrs)
        finally:
            for s, a in zip(states, arrays):
                s.put(a)

    @staticmethod
    def _emit(program, node):
        program.statement(node, program.call(node))
        if node.spec.is_on_refs:
            program.refer(node.outputs[0], program.reference(node._inputs[0]))

    @staticmethod
    def _emit_compiled(program, node):
        """The rule as it is: from the variables' values to their new ones."""
        spec = node.spec
        variables = [program.reference(t) if spec.is_on_refs else program.value(t) for t in node._inputs[: spec.changes]]
        inputs = [program.value(t) for t in node._inputs[spec.changes :]]
        values = [program.read(v) for v in variables]
        attrs = ["%s=%s" % (n, program.literal(node.attrs[n], n)) for n in spec.attr_names]
        new = [program.fresh(v + "_new") for v in variables]
        update = program.bind(node.type, spec.compiled_update)
        program.statement(node, "%s, = %s(%s)" % (", ".join(new), update, ", ".join(values + inputs + attrs)), new)
        for v, name in zip(variables, new):
            program.set(node, v, name)
        if spec.is_on_refs:
            program.refer(node.outputs[0], variables[0])

    def compiled_update(self, *args, **attrs):
        """The new values of variables, for traced values."""
        import jax.numpy as jnp

        values, inputs = args[: self.changes], args[self.changes :]
        if self.check is not None:
            self.check(self, values, inputs, **attrs)
        new = self.kernels.get("xla", self.kernel)(jnp, *values, *inputs, **attrs)
        return [n.astype(v.dtype).reshape(v.shape) for n, v in zip(new, values)]

    def shape(self, function):
        """Declares the shape rule: from static shapes, first those of the variables, to the shape of the first variable."""
        if self.is_on_refs:
            return super().shape(function)
        count = self.changes

        def of_handles(*args, **attrs):
            function(*[a and a[1] for a in args[:count]], *args[count:], **attrs)

        super().shape(function)
        self.shape_rule = of_handles
        return function


class Update:
    """The ops that one rule serves; declares things for all of them.

    Attributes:
      ops: the ops, on ref variables and on resource variables.
    """

    def __init__(self, ops):
        self.ops = ops

    def in_place(self, function):
        """Declares what writes the new values into the variables' arrays."""
        for op in self.ops:
            op.kernels["numpy"] = function
        return function

    def shape(self, function):
        """Declares the shape rule, as `UpdateOp.shape`."""
        for op in self.ops:
            op.shape(function)
        return function

    def samples(self, function):
        """Declares sample calls: arrays stand for the values of the variables."""
        for op in self.ops:
            op.samples(function)
        return function

    def not_differentiable(self):
        """Declares that no gradient flows through the ops."""
        for op in self.ops:
            op.not_differentiable()
        return self


def update(name, resource_name, changes, **options):
    """Declares an op on ref variables and its twin on resource variables, either of which may be None.

    Args:
      name, resource_name: the op types.
      changes: how many of the first inputs are variables.
      **options: as of `UpdateOp`.
    """
    return lambda rule: Update([UpdateOp(n, rule, changes, **options) for n in (name, resource_name) if n])
