"""How an op is declared: `@op` on its kernel, then `.shape`, `.grad`, `.samples` and the like.

    @op("Sum", promotes=True)
    def sum_(xp, input, reduction_indices: Host, *, keep_dims=False):
        return xp.sum(input, axis=reduction_indices, keepdims=keep_dims)

    @sum_.shape
    def _(input, reduction_indices, *, keep_dims): ...

    @sum_.grad("input")
    def _(g, input: Shape, reduction_indices): ...

The kernel is written against an array namespace `xp` (NumPy or jax.numpy).  Its positional parameters are the op's inputs, its
keyword-only ones attributes, all with TensorFlow's names; both are checked against the op's definition.  The declared thing is
an `Op`: calling it runs it or adds a node.
"""

import collections
import functools
import inspect
from itertools import islice

import numpy as np

from . import attributes, dispatch, op_definitions
from .dispatch import registry
from .dtypes import FROM_NUMPY, single
from .tape import KEEPS, NOT_DIFFERENTIABLE


class Host:
    """Annotation of a kernel's input that must be known before the kernel runs; given as plain Python (int, nested tuple)."""


class HostShape(Host):
    """A `Host` input that spells a shape: the shape rule gets what is known of it, with None for unknown dimensions."""


class HostVector(Host):
    """A `Host` input, an int vector of which the shape rule gets what is known, with None for unknown elements."""


class Known:
    """Annotation of an input that must be known before the kernel runs, given as an array; the shape rule gets its value.

    Of an input that is a list, the rule gets for each tensor the value, an array, or where that is not known the shape.
    """


class Variable:
    """Annotation of an input that is a variable's handle: the shape rule gets the pair of the variable's type and static shape."""


class Shape:
    """Annotation of a gradient function's parameter: the shape of that input or output, as a tuple or (in graphs) a tensor."""


class Slices:
    """Annotation of a gradient function's first parameter: it takes the gradient as `IndexedSlices` too, if that is what comes."""


class State:
    """Annotation of the kernel's parameter `state`, through which it reaches what lives from run to run; the name alone counts."""


IDENTITY = "identity"  # the NumPy form of a rule that passes the gradient on as it is


class Rule:
    """A gradient function and what it wants to be given.

    Attributes:
      op: the `Op`.
      function: called with the gradients of the outputs, then the inputs and outputs that it names, then attributes by keyword.
      numpy: None, or what `function` does to tensors of real numbers done to their values, for the hot path: values for tensors,
        otherwise the same arguments (shapes, host values, attributes by keyword).
      wants: for each of those a pair of what ("input", "host", "input shape", "output", "output shape") and its number.
      lists: whether the op's one output is a list, so that the gradients come as a list.
      mixes: the number of the output that is a list, if there are others too, and how many others; else None.
      takes_slices: whether it takes a gradient as `IndexedSlices`; otherwise it gets a tensor.
      attr_names: the attributes that it names.
      asks_needs: whether it has a parameter `needs`: for each input whether its gradient is needed.
      asks_node: whether it has a parameter `node`: the operation of the graph.  Such a rule gets the gradients of all output
        tensors one by one, and serves in graphs only.
      passes: whether the gradient passes through as it is.
      keep: a function from arguments and outputs of the op to what the tape keeps, a tuple of the tensors and shapes named.
    """

    __slots__ = ("op", "function", "numpy", "wants", "lists", "mixes", "takes_slices", "attr_names", "asks_needs", "asks_node",
                 "passes", "keep", "_attr_set")  # fmt: skip

    def __init__(self, op, function, numpy=None):
        self.op = op
        self.function = function
        self.numpy = numpy
        code = function.__code__
        names = code.co_varnames[: code.co_argcount]
        keywords = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
        self.asks_needs, self.asks_node = "needs" in keywords, "node" in keywords
        self.passes = numpy is IDENTITY
        self.takes_slices = self.passes and not op.broadcasts or bool(names) and function.__annotations__.get(names[0]) is Slices
        self.attr_names = tuple(k for k in keywords if k not in ("needs", "node"))
        self._attr_set = set(self.attr_names)
        self.wants = self.lists = self.mixes = None
        self.keep = self._first_keep

    def _first_keep(self, args, outputs):
        self.resolve()
        return self.keep(args, outputs)

    def resolve(self):
        """Looks up what the parameters mean; done late, so that declaring an op doesn't read its definition."""
        if self.wants is not None:
            return
        code, annotations = self.function.__code__, self.function.__annotations__
        if self.asks_node:
            self.wants, self.keep = [], _keeper(())
            return
        definition = self.op.definition
        inputs = [a.name for a in definition.inputs]
        outputs = [a.name for a in definition.outputs]
        lists = [i for i, a in enumerate(definition.outputs) if a.is_list]
        self.lists = len(outputs) == 1 and bool(lists)
        self.mixes = (lists[0], len(outputs) - 1) if len(lists) == 1 < len(outputs) else None
        wants = []
        for name in code.co_varnames[len(outputs) : code.co_argcount]:
            shape = " shape" if annotations.get(name) is Shape else ""
            if name in self.op.input_names and inputs.index(name) in self.op.host_inputs:
                wants.append(("host", inputs.index(name)))
            elif name in inputs:
                wants.append(("input" + shape, inputs.index(name)))
            elif name in outputs:
                wants.append(("output" + shape, outputs.index(name)))
            else:
                raise TypeError("The gradient of %s names %r, which is neither an input nor an output" % (self.op.name, name))
        self.wants = wants
        self.keep = _keeper(tuple(wants))

    def per_output(self, gradients):
        """The gradients of an op's several output tensors as the rule takes them: those of a list in a list."""
        if self.lists:
            return (list(gradients),)
        if self.mixes is None:
            return gradients
        at, others = self.mixes
        end = at + len(gradients) - others
        return *gradients[:at], list(gradients[at:end]), *gradients[end:]

    def pick(self, attrs, op):
        """The attributes that the rule names, by name, or None."""
        if not self.attr_names:
            return None
        if attrs.keys() == self._attr_set:
            return attrs
        return {n: attrs[n] if n in attrs else op.default_attr(n) for n in self.attr_names}


@functools.cache
def _keeper(wants):
    """A function from an op's arguments and outputs to what a rule with these wishes, a tuple of pairs, keeps."""
    kept = "".join([_KEPT[what] % i + ", " for what, i in wants])
    return eval("lambda args, outputs: (%s)" % kept, {"shape": _shape, "host_value": dispatch.host_value})


_KEPT = {
    "input": "args[%d]",
    "output": "outputs[%d]",
    "input shape": "shape(args[%d])",
    "output shape": "shape(outputs[%d])",
    "host": "host_value(args[%d])",
}


def _shape(t):
    """The shape of an eager tensor, or the shapes of a list of them."""
    return [x._v.shape for x in t] if type(t) is list else t._v.shape


class Op:
    """An op: its kernel and all that belongs to it.

    Attributes:
      name: the op type.
      kernel: the kernel as written; `numpy` is the same bound to NumPy.
      kinds: one letter an input: "t" a tensor, "l" a list of tensors, "h" a host value.
      rules: gradient functions of single inputs: input number -> Rule; `joint_rule` computes them all together.
      emitters: what writes a node into a program: "numpy" or "xla" -> a function of program and node.
      foldable: a known output may take its place before the graph runs; None: unless it is an op of the host, many of which
        read files or keep state.
      ignored_attrs: attributes that mean nothing here (`use_cudnn_on_gpu`), so that no kernel reads them.
      sample_types, golden_tolerance: for the tests: the types to try if not all that the definition allows, and how far values
        may lie from TensorFlow's if not within rounding.
      normal_form: for the tests: a function from the outputs' values to what of them is unique (of eigenvectors not the sign).
      compiles: it may be compiled although it is stateful: its kernel keeps from run to run a random generator at most; and while
        a program is traced its kernel for XLA serves even if all inputs are known.
      unseen: inputs that a compiled program does not compute.
      waits: whether other threads may let it wait: 1 for an op that adds something somewhere, 2 for one that takes; else 0.
      is_host: acts on the world or has an output whose shape depends on values: no part of a compiled program.
      promotes: NumPy may give another type than the op's; the driver casts.
      eager_types, graph_types: types of inputs seen before -> the attributes that follow from them.
      alias_inputs: the names of inputs for which the kernel gets the `VariableState` itself where a tensor is the value of a ref
        variable: it reads that when it needs it.
      acts: whether a node acts on the world and must run in a function even if nothing uses what it gives; None: as its
        definition and its kernel tell.
      broadcasts: operands are broadcast; the gradient driver sums their gradients back to shape.
    """

    def __init__(self, name, kernel, definition=None, host=False, promotes=False, broadcasts=False, foldable=None, ignores=(),
                 sample_types=None, golden_tolerance=None, normal_form=None, acts=None, compiles=False, unseen=(),
                 waits=0):  # fmt: skip
        self.name = name
        self.kernel = kernel
        if definition is not None:
            op_definitions.define(definition)
        self._read_signature(inspect.unwrap(kernel))
        self.is_host = host
        self.waits = waits
        self.promotes = promotes
        self.broadcasts = broadcasts
        self.foldable = not host if foldable is None else foldable
        self.acts = acts
        self.alias_inputs = ()
        self.ignored_attrs = ignores
        self.sample_types = sample_types
        self.golden_tolerance = golden_tolerance
        self.normal_form = normal_form
        self.compiles = compiles
        self.unseen = unseen
        self.kernels = {"portable": kernel}
        self.numpy = self._bind(functools.partial(kernel, np))
        self.shape_rule = self.known_rule = self.partial_rule = self.sampler = self.describe_failure = None
        self.emitters, self.writer = {}, None
        self.attr_check = self.infix = None  # infix: the operator that generated programs write, if there is one
        self.shape_attrs = ()
        self.rules = {}
        self.joint_rule = None
        self.eager_types = {}
        self.graph_types = {}
        self.fast = set()  # NumPy types that all inputs may have on the short cuts of ops/doors.py
        self._definition = None
        self.__name__ = self.__qualname__ = name
        self.__doc__ = kernel.__doc__
        registry[name] = self

    def _read_signature(self, kernel):
        """Learns the op's inputs and attributes from the parameters of its kernel."""
        code, annotations = kernel.__code__, kernel.__annotations__
        self.input_names = code.co_varnames[1 : code.co_argcount]
        keywords = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
        self.asks_state = "state" in keywords
        self.attr_names = tuple(k for k in keywords if k != "state")
        self.defaults = _in_single_precision(kernel.__kwdefaults__)
        self._annotations = [annotations.get(n) for n in self.input_names]
        self.host_inputs = {i for i, a in enumerate(self._annotations) if isinstance(a, type) and issubclass(a, Host)}
        self.has_host_inputs = any(a in (Host, HostShape, HostVector, Known, Variable) for a in self._annotations)

    def _bind(self, function):
        if not self.promotes:
            return function

        @functools.wraps(self.kernel)
        def cast(*args, **attrs):
            result = function(*args, **attrs)
            wanted = args[0].dtype
            return result if result.dtype is wanted else result.astype(wanted)

        return cast

    # ------------------------------------------------------------------------------------- what the definition tells

    @property
    def definition(self):
        """The op's `Definition`."""
        found = self._definition
        if found is None:
            found = self._definition = op_definitions.lookup(self.name)
            if found is None:
                raise LookupError("No op definition for %s" % self.name)
        return found

    @functools.cached_property
    def kinds(self):
        return "".join("h" if i in self.host_inputs else "l" if a.is_list else "t" for i, a in enumerate(self.definition.inputs))

    @functools.cached_property
    def rule_kinds(self):
        """`kinds` as the shape rule sees them.

        "s" stands for a shape, "v" for a vector, "k" for a known value, "L" for a list of them, "r" for a variable.
        """
        letters = {HostShape: "s", HostVector: "v", Known: "k", Variable: "r"}
        return "".join("L" if a is Known and k == "l" else letters.get(a, k) for a, k in zip(self._annotations, self.kinds))

    @functools.cached_property
    def shapes_suffice(self):
        """Whether the shape rule gets the static shape of each input tensor, and nothing else."""
        return not self.has_host_inputs and not set(self.rule_kinds) & set("lL")

    @functools.cached_property
    def single(self):
        """Whether the op has exactly one output tensor."""
        outputs = self.definition.outputs
        return len(outputs) == 1 and not outputs[0].is_list

    @functools.cached_property
    def inferred_attrs(self):
        """The attributes that the kernel names and that follow from the inputs."""
        return [n for n in self.attr_names if n in self.definition.inferred]

    @functools.cached_property
    def types_decide(self):
        """Whether the types of the inputs alone decide the inferred attributes that the kernel names."""
        lists = {a.type_attr for a in self.definition.inputs if a.is_list and not a.number_attr}
        return not lists and not any(self.definition.attrs[n].kind == "int" for n in self.inferred_attrs)

    @functools.cached_property
    def is_stateful(self):
        return self.definition.is_stateful

    @functools.cached_property
    def result_type(self):
        """The named tuple of an op with several outputs."""
        return collections.namedtuple(self.name, [a.name for a in self.definition.outputs])

    @functools.cached_property
    def simple_rules(self):
        """For `Tape.note_simple`: (rule, what it keeps) of the one or two inputs, and `broadcasts`.

        None if an input has no gradient function of its own, or one that needs more than whole inputs or the output.
        """
        count = len(self.input_names)
        if self.joint_rule is not None or len(self.rules) != count or count > 2 or self.kinds.strip("t"):
            return None
        letters = {(): "", (("input", 0),): "x", (("input", 1),): "y", (("output", 0),): "o", (("input", 0), ("input", 1)): "xy"}
        pairs = []
        for i in range(count):
            rule = self.rules[i]
            rule.resolve()
            keeps = letters.get(tuple(rule.wants))
            if rule.attr_names or keeps is None:
                return None
            pairs.append((None if rule.passes else rule, KEEPS[keeps]))
        return pairs[0], pairs[-1], self.broadcasts

    @functools.cached_property
    def missing_rule(self):
        """The rule of an op that has no gradient: it says so when a gradient comes."""

        def fail(*gradients):
            raise LookupError("gradient registry has no entry for: %s" % self.name)

        return Rule(self, fail)

    def default_attr(self, name):
        return self.definition.attrs[name].default

    def checked_attrs(self, attrs):
        """Attributes given by an eager caller, checked and in their plain form."""
        declared, checked = self.definition.attrs, {}
        for name, value in attrs.items():
            if name not in declared:
                raise TypeError("%s() got an unexpected keyword argument '%s'" % (self.name, name))
            if name in self.attr_names:
                checked[name] = attributes.check(self.name, declared[name], value)
        return checked

    # -------------------------------------------------------------------------------------------------------- calling

    def __call__(self, *args, name=None, **attrs):
        if len(args) != len(self.input_names) or (attrs and not attrs.keys().isdisjoint(self.input_names)):
            args, attrs = self._sort_arguments(args, attrs)
        return dispatch.call(self, args, attrs, name)

    def _sort_arguments(self, args, attrs):
        """Inputs and attributes from arguments given by position or by name in any mixture."""
        order = list(self.input_names) + [a.name for a in self.definition.attribute_order()]
        if len(args) > len(order):
            raise TypeError("%s() takes %d positional arguments but %d were given" % (self.name, len(order), len(args)))
        given = dict(zip(order, args))
        for n, v in attrs.items():
            if n in given:
                raise TypeError("%s() got multiple values for argument '%s'" % (self.name, n))
            given[n] = v
        missing = [n for n in self.input_names if n not in given]
        if missing:
            raise TypeError("%s() missing %d required positional argument%s: %s"
                            % (self.name, len(missing), "s" * (len(missing) > 1), " and ".join(map(repr, missing))))  # fmt: skip
        return [given.pop(n) for n in self.input_names], given

    @property
    def __signature__(self):
        parameters = [inspect.Parameter(n, inspect.Parameter.POSITIONAL_OR_KEYWORD) for n in self.input_names]
        for a in self.definition.attribute_order():
            default = a.default if a.has_default else inspect.Parameter.empty
            parameters.append(inspect.Parameter(a.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default))
        parameters.append(inspect.Parameter("name", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None))
        required = [p for p in parameters if p.default is inspect.Parameter.empty]
        return inspect.Signature(required + [p for p in parameters if p.default is not inspect.Parameter.empty])

    # ------------------------------------------------------------------------------------------- lists and structures

    def flatten(self, result):
        """A kernel's result as a flat sequence of values."""
        if self.single:
            return (result,)
        outputs = self.definition.outputs
        if len(outputs) == 1:
            return result
        if not any(a.is_list for a in outputs):
            return result
        return [v for a, part in zip(outputs, result) for v in (part if a.is_list else (part,))]

    def arrange(self, tensors, result):
        """Flat output tensors as a call gives them; `result` is what the kernel gave, which tells how long lists are."""
        outputs = self.definition.outputs
        if len(outputs) == 1:
            return list(tensors) if outputs[0].is_list else tensors[0]
        if not outputs:
            return None
        if not any(a.is_list for a in outputs):
            return self.result_type(*tensors)
        return self._grouped(tensors, [len(part) if a.is_list else 1 for a, part in zip(outputs, result)])

    def arrange_node(self, node):
        """The outputs of a new node as a call gives them."""
        if self.single:
            return node.outputs[0]
        outputs = self.definition.outputs
        if not outputs:
            return node
        if len(outputs) == 1:
            return list(node.outputs) or node
        if not any(a.is_list for a in outputs):
            return self.result_type(*node.outputs)
        return self._grouped(node.outputs, self.output_counts(node))

    def _grouped(self, tensors, counts):
        """The named tuple of flat outputs of which some belong to lists."""
        return self.result_type(*self.per_output(tensors, counts))

    def per_output(self, flat, counts):
        """What belongs to each output of what belongs to flat ones: a list for an output that is a list."""
        flat = iter(flat)
        return [list(islice(flat, n)) if a.is_list else next(flat) for a, n in zip(self.definition.outputs, counts)]

    def counts(self, node):
        """How many input tensors of a node belong to each input of the op."""
        return [_count(a, node.attrs) for a in self.definition.inputs]

    def output_counts(self, node):
        """How many output tensors of a node belong to each output of the op."""
        return [_count(a, node.attrs) for a in self.definition.outputs]

    def gather(self, node, values):
        """A node's flat input values as the arguments of the kernel."""
        args, position = [], 0
        for kind, count in zip(self.kinds, self.counts(node)):
            group = values[position : position + count]
            position += count
            args.append(list(group) if kind == "l" else dispatch.host_value(group[0]) if kind == "h" else group[0])
        return args

    # ------------------------------------------------------------------------------------------------------ declaring

    def shape(self, function):
        """Declares the shape rule: from static shapes (values for host inputs) and attributes to the outputs' static shapes."""
        code = function.__code__
        self.shape_rule = function
        self.shape_attrs = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
        return function

    def grad(self, which=None, numpy=None):
        """Declares a gradient function: of one input (`@x.grad("input")`) or, as `@x.grad`, of all inputs together.

        Args:
          which: the input's name, or the function itself; None for all inputs if there is a form for NumPy values.
          numpy: the same on NumPy values, if that is worth a short cut (see `Rule`).
        """
        if callable(which):
            self.joint_rule = Rule(self, which)
            return which

        def declare(function):
            rule = Rule(self, function, numpy)
            if which is None:
                self.joint_rule = rule
            else:
                self.rules[self.input_names.index(which)] = rule
            return function

        return declare

    def not_differentiable(self):
        """Declares that no gradient flows through this op."""
        self.joint_rule = NOT_DIFFERENTIABLE
        return self

    def kernel_for(self, engine):
        """Declares a kernel that serves in the place of the portable one: `@conv2d.kernel_for("numpy")`."""

        def declare(function):
            _in_single_precision(getattr(function, "__kwdefaults__", None))
            self.kernels[engine] = function
            if engine == "numpy":
                self.numpy = self._bind(function)
            return function

        return declare

    def known(self, function):
        """Declares how the outputs of a node can be known without running it: a function from the node to values or None."""
        self.known_rule = function
        return function

    def partial(self, function):
        """Declares how a shape that a node computes can be known in part: a function from the node to a tuple or None."""
        self.partial_rule = function
        return function

    def emits(self, *engines):
        """Declares how generated programs run a node, where that is no call of the kernel: a function of program and node.

        Args:
          *engines: "numpy" for programs of NumPy values, "xla" for those that XLA compiles.
        """
        assert engines and set(engines) <= {"numpy", "xla"}, engines

        def declare(function):
            for engine in engines:
                self.emitters[engine] = function
            return function

        return declare

    def checks(self, function):
        """Declares what attributes must be for the op to run at all: a function of them that raises; called before a graph runs."""
        self.attr_check = function
        return function

    def writes(self, function):
        """Declares how a node is written in a `GraphDef`, where that is not as it is.

        The function gets the `Writer` of graph_writer.py and the node.
        """
        self.writer = function
        return function

    def explains(self, function):
        """Declares the message for input values that the kernel could not work with."""
        self.describe_failure = function
        return function

    def samples(self, function):
        """Declares sample calls for the tests: a generator, given a maker of arrays, of `Sample`s (tests/samples.py)."""
        self.sampler = function
        return function

    def __repr__(self):
        return "<op %s>" % self.name


def _in_single_precision(defaults):
    """A kernel's defaults of attributes, in which floats have been made what the op's definition would give."""
    for name, value in (defaults or {}).items():
        if type(value) is float:
            defaults[name] = single(value)
    return defaults or {}


def _count(argument, attrs):
    if argument.number_attr:
        return attrs[argument.number_attr]
    return len(attrs[argument.type_attr]) if argument.is_list else 1


def op(name, **options):
    """Declares an op with the decorated function as its kernel; the options are those of `Op`."""
    return lambda kernel: Op(name, kernel, **options)


def dtype_of(value):
    """The `DType` of an array."""
    return FROM_NUMPY[np.dtype(value.dtype)]
