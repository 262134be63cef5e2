"""From the nodes of a `GraphDef` or a `FunctionDef` to operations of a graph."""

import collections
import heapq

import numpy as np

from .. import protos
from ..core import attributes, known, op_definitions, shape as shapes
from ..core.context import process
from ..core.convert import constant
from ..core.dispatch import registry
from ..core.dtypes import FROM_NUMPY
from ..core.func_graph import FuncGraph, GraphFunction
from ..core.graph import get_default_graph
from ..core.scopes import control_dependencies
from ..ops.branches import add_branches, let_bodies_out
from ..ops.while_loop import add_while
from ..run.function import call_spec
from .control_flow import Branches, Irreducible, Loop, has_control_flow, structure
from .functions import Body, lookup
from .node_defs import attr_values, check_counts, type_name

_MOST_NODES = 300_000  # in all bodies of functions of one graph that is read, where a body counts as 20 nodes by itself
_MOST_CALLS = 60  # of functions inside functions
_MERGES, _NEXTS = ("Merge", "RefMerge"), ("NextIteration", "RefNextIteration")

_NOT_REGISTERED = (
    "Op type not registered '%s'. Make sure that it is an op of TensorFlow 1.15 or a function of the graph's library; ops of other "
    "libraries can't be loaded."
)


# Op type -> the attributes that name the functions that it calls.
_CALLS = {
    "PartitionedCall": ("f",),
    "StatefulPartitionedCall": ("f",),
    "If": ("then_branch", "else_branch"),
    "StatelessIf": ("then_branch", "else_branch"),
    "Case": ("branches",),
    "While": ("cond", "body"),
    "StatelessWhile": ("cond", "body"),
}


class Reading:
    """What all builders of one graph that is read share.

    Attributes:
      library: name -> `LibraryFunction`.
      version: the version of the graph that is built, as far as ops that are no longer allowed are concerned.
      names: name in the graph that is read -> name in the graph that is built.
      used: the tensors that nodes use.
      calls: the names of the functions whose bodies are being built.
    """

    def __init__(self, library, version, names):
        self.library, self.version, self.names = library, version, names
        self.used = set()
        self.calls = []
        self._taken = {n.lower() for n in names.values()}
        self._count = 0

    def enter(self, name, count):
        """Begins the body of a function with so many nodes."""
        if len(self.calls) >= _MOST_CALLS:
            raise ValueError("More than %d functions of the graph call each other, one inside another" % _MOST_CALLS)
        self.calls.append(name)
        self._count += count + 20
        if self._count > _MOST_NODES:
            raise ValueError("The functions of the graph call each other so often that they have more than %d nodes" % _MOST_NODES)

    def leave(self):
        self.calls.pop()

    def name_of(self, name):
        return self.names.get(name, name)

    def fresh_name(self, graph, beside, last):
        """A name for an operation that the graph that is read does not have, in the scope of another one."""
        stem = name = "/".join([*self.name_of(beside).split("/")[:-1], last])
        count = 0
        while name.lower() in self._taken or name.lower() in graph._names:
            count += 1
            name = "%s_%d" % (stem, count)
        self._taken.add(name.lower())
        return name


class Builder:
    """Adds nodes to a graph.

    Args:
      graph: the graph, which is the default one and in no name scope.
      reading: the `Reading`.
      outer: the builder of the graph around, for the body of a loop or branch.
      aliases: tensor -> the tensor of the graph around that it stands for.

    Attributes:
      operations: name of a node -> its operation.
      values: tensor (name, number) -> the `GraphTensor` that takes its place.
      waits: name of a node -> the operation to wait for in its place, or None for nothing.
    """

    def __init__(self, graph, reading, outer=None, aliases=None):
        self.graph, self.reading, self.outer = graph, reading, outer
        self._aliases = aliases or {}
        self.operations, self.values, self.waits = {}, {}, {}
        self._types, self._open = {}, []

    # --------------------------------------------------------------------------------------------------------- looking up

    def tensor(self, ref):
        """The tensor of this graph for a tensor of the graph that is read; None if there is no such node or output."""
        found = self.values.get(ref)
        if found is not None:
            return found
        if ref in self._aliases:
            return self._admitted(self.outer.tensor(self._aliases[ref]))
        op = self.operations.get(ref[0])
        if op is not None:
            return op.outputs[ref[1]] if ref[1] < len(op.outputs) else None
        return self._admitted(self.outer.tensor(ref)) if self.outer is not None else None

    def _admitted(self, tensor):
        return None if tensor is None else self.graph.admit(tensor)

    def control(self, name):
        """The operation to wait for in the place of a node: of this graph or of one around; None for nothing."""
        if name in self.waits:
            return self.waits[name]
        op = self.operations.get(name)
        if op is not None:
            return op
        return self.outer.control(name) if self.outer is not None else None

    def _controls(self, names):
        """The operations of this graph for the names of nodes to wait for; for what lies outside the whole body waits."""
        found = []
        for name in names:
            op = self.control(name)
            if op is None or op in found:
                continue
            if op.graph is self.graph:
                found.append(op)
            else:
                self.graph.outer_control.append(op)
        return found

    # ----------------------------------------------------------------------------------------------------------- building

    def build(self, nodes):
        """Adds all nodes of a graph; what makes loops and branches of the first kind becomes such of the second kind.

        Raises:
          ValueError: a node is malformed.
        """
        self.reading.used.update(ref for n in nodes for ref in n.inputs)
        self._types = {n.name: n.op for n in nodes}
        if has_control_flow(nodes):
            try:
                nodes = structure(nodes)
            except Irreducible:  # the nodes stay what they are, and can't be run
                pass
        self.add_all(nodes)

    def add_all(self, items):
        """Adds nodes, loops and branches, each after those that it depends on, else in their order."""
        home = {n: i for i, item in enumerate(items) for n in (item.provides if isinstance(item, Loop | Branches) else [item.name])}
        waiting, followers = [], {}
        for i, item in enumerate(items):
            before = {home[n] for n in self._before(item) if n in home}
            waiting.append(len(before))
            for b in before:
                followers.setdefault(b, []).append(i)
        ready = [i for i, n in enumerate(waiting) if not n]
        done = 0
        while ready:
            i = heapq.heappop(ready)
            done += 1
            self._add(items[i])
            for f in followers.get(i, ()):
                waiting[f] -= 1
                if not waiting[f]:
                    heapq.heappush(ready, f)
        if done < len(items):
            raise ValueError("%d nodes in a cycle" % (len(items) - done))
        for op, index, ref in self._open:
            op._update_input(index, self.tensor(ref))

    def _before(self, item):
        """The names of what must be built before an item."""
        for ref in item.inputs:
            if ref not in self.values and not self._is_from_next_turn(item, ref):
                yield ref[0]
        for name in item.controls:
            if name not in self.waits:
                yield name

    def _is_from_next_turn(self, item, ref):
        return getattr(item, "op", None) in _MERGES and self._types.get(ref[0]) in _NEXTS

    def _add(self, item):
        if isinstance(item, Loop):
            self._add_loop(item)
        elif isinstance(item, Branches):
            self._add_branches(item)
        else:
            self._add_node(item)

    # -------------------------------------------------------------------------------------------------------------- nodes

    def _add_node(self, node):
        reading, proto = self.reading, node.proto
        definition = lookup(node.op, reading.library)
        if definition is None:
            raise ValueError(_NOT_REGISTERED % node.op)
        inputs = self._inputs(node)
        attrs = attr_values(proto, definition)
        if definition.deprecation is not None and definition.deprecation[0] <= reading.version:
            raise ValueError("Op %s is not available in GraphDef version %d. It has been removed in version %d. %s."
                             % (node.op, reading.version, *definition.deprecation))  # fmt: skip
        if node.op == "Const":
            _check_constant(node, attrs)
        wanted, types = check_counts(node, definition, attrs)
        name = reading.name_of(node.name)
        for i, (t, expected) in enumerate(zip(inputs, wanted)):
            if t._dtype is not expected and (expected._is_ref_dtype or t._dtype.base_dtype is not expected):
                raise ValueError("Input %d of node %s was passed %s from %s incompatible with expected %s."
                                 % (i, name, type_name(t._dtype), t.name, type_name(expected)))  # fmt: skip
        output_shapes = attrs.pop("_output_shapes", None)
        self._rename(node, attrs)
        op = self._built(node, definition, name, inputs, attrs, types)
        self.graph._names.setdefault(name.lower(), 1)
        for control in self._controls(node.controls):
            op._add_control_input(control)
        self.operations[node.name] = op
        if self.graph.building_function:
            op._device = proto.device
        _narrow(op, output_shapes)

    def _inputs(self, node):
        inputs = []
        for i, ref in enumerate(node.inputs):
            if self._is_from_next_turn(node, ref) and ref[0] not in self.operations:
                self._open.append((node.name, i, ref))
                inputs.append(inputs[0] if inputs else None)
                continue
            t = self.tensor(ref)
            if t is None:
                op = self.operations.get(ref[0])
                if op is None:
                    raise ValueError("Node '%s': Unknown input node '%s:%d'" % (node.name, *ref))
                raise ValueError("Node '%s': Connecting to invalid output %d of source node %s which has %d outputs"
                                 % (node.name, ref[1], ref[0], len(op.outputs)))  # fmt: skip
            inputs.append(t)
        if None in inputs:
            raise ValueError("Node '%s' merges nothing but a value of the next turn" % node.name)
        return inputs

    def _rename(self, node, attrs):
        """Attributes that name other nodes, or a loop, name those of the graph that is built."""
        groups = attrs.get("_class")
        if isinstance(groups, tuple):
            if self.graph.building_function:
                del attrs["_class"]
            else:
                attrs["_class"] = tuple(map(self._renamed_group, groups))
        if node.op in ("Enter", "RefEnter"):
            prefix = self.reading.name_of(node.name).removesuffix(node.name)
            frame = attrs["frame_name"]
            attrs["frame_name"] = prefix + (frame if isinstance(frame, str) else frame.decode("utf-8", "replace"))

    def _renamed_group(self, group):
        return "loc:@" + self.reading.name_of(group[5:]) if isinstance(group, str) and group.startswith("loc:@") else group

    def _built(self, node, definition, name, inputs, attrs, types):
        """The operation for a node."""
        spec, reading = None, self.reading
        if node.op in _CALLS:
            self._take_functions(node, inputs, attrs)
        elif any(a.kind.endswith(("func", "func)")) for a in definition.attrs.values()):
            self._take_other_functions(node, definition, attrs)
        elif node.op in self.reading.library:
            spec = call_spec(definition)
            if reading.library[node.op].gradient in reading.library:
                spec.grad(self._gradient_of(reading.library[node.op].gradient))
            given = [_Given.of(t) for t in inputs]
            attrs[attributes.BODY] = self.instantiate(protos.NameAttrList(name=node.op, attr=node.proto.attr), given)
        op = process.build_node(self.graph, definition, name, inputs, attrs, types, spec)
        for position, (user, index, ref) in enumerate(self._open):
            if user == node.name:
                self._open[position] = (op, index, ref)
        _take_shapes(op)
        return op

    def _gradient_of(self, name):
        """The gradient of calls whose function has another function of the library as its gradient."""
        reading = self.reading
        definition = reading.library[name].op_definition

        def build(*grads, node):
            graph = get_default_graph()
            grads = [registry["ZerosLike"](t) if g is None else g for t, g in zip(node.outputs, grads)]
            inputs = [graph.admit(t) for t in (*node._inputs, *grads)]
            function = protos.NameAttrList(name=name)
            attrs = {attributes.BODY: Builder(graph, reading).instantiate(function, [_Given.of(t) for t in inputs])}
            op = process.build_node(graph, definition, graph.unique_name(name), inputs, attrs, spec=call_spec(definition))
            _take_shapes(op)
            return tuple(op.outputs)

        return build

    def _take_functions(self, node, inputs, attrs):
        """Puts the bodies of the functions that a node calls into its attributes."""
        given = [_Given.of(t) for t in inputs]
        if node.op in ("If", "StatelessIf", "Case"):
            given = given[1:]
        elif node.op in ("While", "StatelessWhile"):
            kept = attrs["output_shapes"] if len(attrs["output_shapes"]) == len(given) else [None] * len(given)
            given = [g._replace(shape=s, value=None) for g, s in zip(given, kept)]
        for name in _CALLS[node.op]:
            value = node.proto.attr[name]
            if value.WhichOneof("value") == "list":
                attrs[name] = tuple(self.instantiate(f, given) for f in value.list.func)
            else:
                attrs[name] = self.instantiate(value.func, given)

    def _take_other_functions(self, node, definition, attrs):
        """Puts the bodies of functions that get other values than the node's inputs, such as elements, into its attributes."""
        for a in definition.attrs.values():
            if a.name in node.proto.attr and a.kind.endswith(("func", "func)")):
                value = node.proto.attr[a.name]
                if a.kind == "func":
                    attrs[a.name] = self.instantiate(value.func)
                else:
                    attrs[a.name] = tuple(map(self.instantiate, value.list.func))

    def _identity(self, tensor, name, controls=()):
        """An operation that passes a tensor on, after others."""
        tensor = self.graph.admit(tensor)
        attrs = {"T": tensor._dtype.base_dtype}
        op = process.build_node(self.graph, op_definitions.lookup("Identity"), name, [tensor], attrs)
        op.outputs[0]._handle_data = known.handle_data(tensor)
        self.graph._names.setdefault(name.lower(), 1)
        for control in self._controls(controls):
            op._add_control_input(control)
        return op

    # -------------------------------------------------------------------------------------------------- loops and branches

    def _body(self, beside, last):
        """A graph for the body of a loop or branch, named after a node."""
        name = "_".join([*self.reading.name_of(beside).split("/")[:-1], last])
        return FuncGraph(name, self.graph)

    def _add_loop(self, loop):
        initial = [self._value(ref) for ref in loop.initial]
        beside = (loop.provides or loop.variables or [loop.name])[0]
        bodies = []
        for items, last in ((loop.condition, "cond"), (loop.body, "body")):
            graph = self._body(beside, last)
            aliases = {k: v for k, v in loop.aliases.items() if isinstance(v, tuple)}
            builder = Builder(graph, self.reading, self, aliases)
            for t, label in zip(initial, loop.variables):
                inner = graph.add_input(t._dtype.base_dtype, None, self.reading.name_of(label))
                inner._handle_data = known.handle_data(t)
            builder.values = {k: graph.inputs[v] for k, v in loop.aliases.items() if isinstance(v, int)}
            with graph.as_default():
                builder.add_all(items)
                if last == "cond":
                    graph.outputs = [builder._value(loop.predicate)]
                else:
                    graph.outputs = [builder._result(*r, label) for r, label in zip(loop.results, loop.variables)]
            bodies.append(graph)
        kept = [None] * len(initial)
        with control_dependencies(self._controls(loop.controls)):
            name = self.reading.fresh_name(self.graph, beside, "While")
            outputs = add_while(initial, *bodies, kept, loop.parallel_iterations, True, name)
        for name, i in loop.exits.items():
            self.operations[name] = self._identity(outputs[i], self.reading.name_of(name))

    def _value(self, ref):
        """The tensor for a tensor of the graph that is read.

        Raises:
          ValueError: there is no such tensor.
        """
        found = self.tensor(ref)
        if found is None:
            raise ValueError("There is no tensor '%s:%d'" % ref)
        return found

    def _result(self, ref, controls, label):
        """What a turn of a loop gives for a loop variable."""
        value = self._value(ref)
        if not controls:
            return value
        return self._identity(value, self.graph.unique_name(self.reading.name_of(label) + "_next"), controls).outputs[0]

    def _add_branches(self, branches):
        predicate = self._value(branches.predicate)
        bodies, builders = [], {}
        for branch, last in ((True, "true"), (False, "false")):
            graph = self._body(branches.name, last)
            builder = builders[branch] = Builder(graph, self.reading, self, branches.aliases)
            with graph.as_default():
                builder.add_all(branches.parts[branch])
                graph.outputs = self._branch_outputs(branches, branch, builder)
            bodies.append(graph)
        with control_dependencies(self._controls(branches.controls)):
            name = self.reading.fresh_name(self.graph, branches.name, "If")
            outputs = iter(add_branches(predicate, bodies, name))
        for name in branches.merges:
            op = self._identity(next(outputs), self.reading.name_of(name), branches.merge_controls[name])
            self.operations[name] = op
            if (name, 1) in self.reading.used:
                self.values[name, 1] = next(outputs)
        for ref, _ in branches.kept:
            self.values[ref] = next(outputs)
        for names in branches.effects.values():
            if names:
                done = self._identity(next(outputs), self.reading.fresh_name(self.graph, branches.name, "Done"))
                self.waits.update(dict.fromkeys(names, done))

    def _branch_outputs(self, branches, branch, builder):
        """The outputs of one branch; None where only the other one has a value."""
        outputs = []
        for name, sources in branches.merges.items():
            ref, index = sources[branch]
            outputs.append(builder._value(ref))
            if (name, 1) in self.reading.used:
                outputs.append(constant(np.int32(index)))
        outputs += [builder._value(ref) if b is branch else None for ref, b in branches.kept]
        for b, names in branches.effects.items():
            if names:
                done = builder._identity(constant(True), builder.graph.unique_name("Done"), names) if b is branch else None
                outputs.append(done and done.outputs[0])
        return outputs

    # ---------------------------------------------------------------------------------------------------------- functions

    def instantiate(self, function, given=None):
        """The body of a function of the library for one use of it.

        Args:
          function: the `NameAttrList` that names it.
          given: what is known of the tensors that it is called with: a list of `_Given`; None for nothing but their types.

        Returns:
          A `GraphFunction`; a mere `FunctionName`, which can't be run, for a function that is not there or that calls itself.

        Raises:
          ValueError: the function is malformed or takes other types.
        """
        reading, name = self.reading, function.name
        found = reading.library.get(name)
        if found is None or name in reading.calls:
            return attributes.function_name(function)
        body = Body(found, function.attr, reading.library)
        if given is None:
            given = [_Given(t, None, None, None) for t in body.types]
        types = [g.dtype for g in given]
        if body.types != types:
            raise ValueError("The function '%s' takes (%s) but is called with (%s)"
                             % (name, ", ".join(map(type_name, body.types)), ", ".join(map(type_name, types))))  # fmt: skip
        reading.enter(name, len(body.nodes))
        graph = FuncGraph(name, self.graph)
        graph.name, graph.runs_effects = name, True
        builder = Builder(graph, reading)
        with graph.as_default():
            for (label, number, is_ref), g in zip(body.arguments, given):
                inner = graph.add_input(g.dtype._as_ref if is_ref else g.dtype, g.shape, label)
                inner._handle_data = g.handle_data
                inner.op._known = None if g.value is None else [g.value]
                builder.values[label, number] = inner
            builder.build(body.nodes)
            graph.outputs = [builder._value(ref) for ref in body.results]
        reading.leave()
        graph.read_from(found)
        return GraphFunction(graph, {k: attributes.from_proto(v) for k, v in function.attr.items()})


def _check_constant(node, attrs):
    """Raises ValueError if a constant has a value that no array can hold, or one of another type."""
    value = attrs["value"]
    if not isinstance(value, np.ndarray | np.generic):
        raise ValueError("Cannot parse tensor from proto: dtype: %s in node '%s'" % (protos.DataType.Name(value.dtype), node.name))
    found = FROM_NUMPY[value.dtype]
    if found is not attrs["dtype"]:
        raise ValueError("Inconsistent types in node '%s': a value of type %s for a constant of type %s"
                         % (node.name, type_name(found), type_name(attrs["dtype"])))  # fmt: skip


class _Given(collections.namedtuple("_Given", ["dtype", "shape", "handle_data", "value"])):
    """What the body of a function knows of a tensor that it is called with."""

    @classmethod
    def of(cls, tensor):
        return cls(tensor._dtype.base_dtype, tensor._shape, known.handle_data(tensor), known.value(tensor))


def _take_shapes(op):
    """Gives the outputs of a node that calls functions the shapes that these give.

    Raises:
      ValueError: the functions give other types.
    """
    named = [op.attrs[n] for n in (*_CALLS.get(op.type, ()), attributes.BODY) if n in op.attrs and n != "cond"]
    functions = [f for value in named for f in (value if isinstance(value, tuple) else (value,))]
    if not functions or not all(isinstance(f, GraphFunction) for f in functions):
        return
    bodies = [f.graph for f in functions]
    for body in bodies:
        types = [t._dtype.base_dtype for t in body.outputs]
        if types != [t._dtype for t in op.outputs]:
            raise ValueError("The function '%s' that node '%s' calls returns (%s)"
                             % (body.name, op.name, ", ".join(map(type_name, types))))  # fmt: skip
    if op.type in ("If", "StatelessIf", "Case"):
        let_bodies_out(op, bodies)
        return
    tensors = bodies[0].inputs if op.type in ("While", "StatelessWhile") else bodies[0].outputs
    for t, inner in zip(op.outputs, tensors):
        t._shape, t._handle_data = inner._shape, known.handle_data(inner)


def _narrow(op, output_shapes):
    """Gives the outputs of an operation the static shapes that the graph says they have.

    Raises:
      ValueError: these contradict what follows from the inputs.
    """
    if not isinstance(output_shapes, tuple) or op.type in _WRONG_SHAPES:
        return
    for i, (t, s) in enumerate(zip(op.outputs, output_shapes)):
        if not (s is None or isinstance(s, tuple)):
            return
        merged = shapes.merge(t._shape, s)
        if merged is shapes.CONTRADICTION:
            where = "Node '%s' has an _output_shapes attribute inconsistent with the GraphDef for output #%d" % (op.name, i)
            raise ValueError("%s: Shapes %s and %s are not compatible" % (where, shapes.to_text(t._shape), shapes.to_text(s)))
        t._shape = merged


# Op types for which older versions of TensorFlow wrote shapes that the ops do not have.
_WRONG_SHAPES = frozenset(
    "RandomShuffleQueue PaddingFIFOQueue FIFOQueue PriorityQueue QueueSize Stack Barrier BarrierReadySize BarrierIncompleteSize "
    "HashTable MutableHashTable MutableHashTableOfTensors Mutex CuckooTable IndexTable WholeFileReader TextLineReader "
    "FixedLengthRecordReader TFRecordReader IdentityReader LMDBReader RefSwitch RefEnter RefNextIteration RefMerge RefIdentity "
    "ConditionalAccumulator SparseConditionalAccumulator Table".split()
)
