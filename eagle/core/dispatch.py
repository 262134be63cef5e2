"""The one door: every operation of either mode comes through `call`.

Eagerly the kernel runs at once on the values of the arguments and the tapes take note; in graph mode a node is added.  Types are
inferred once for each combination of input types and looked up afterwards.
"""

import contextlib
import importlib

import numpy as np

from . import attributes, errors, inference, known, shape as shapes, tape
from .constant import eager_name
from .context import here, process
from .dtypes import Handle
from .errors import OpError
from .export import ROOT
from .graph import get_default_graph
from .graph_scopes import VALID_OP_NAME
from .scopes import graph_from_inputs
from .state import eager_state
from .tensor import EagerTensor, GraphTensor, read_variable

_ndarray, _generic = np.ndarray, np.generic


def call(op, args, attrs, name=None):
    """Runs an op, or adds it to the default graph.

    Args:
      op: the `Op`.
      args: one argument for each input.
      attrs: the attributes that the caller gives.
      name: the name of the node.

    Returns:
      The output tensor; a list for an output that is a list; a named tuple for several outputs; the operation (eagerly None)
      for none.
    """
    return run(op, args, attrs, name) if here.eager else add_node(op, args, attrs, name)


# ------------------------------------------------------------------------------------------------------------- eagerly


def run(op, args, attrs, name=None):
    """Runs an op now."""
    values, types = [], []
    for kind, a in zip(op.kinds, args):
        if kind == "t":
            if type(a) is not EagerTensor:
                t = read_variable(a)
                if type(t) is not EagerTensor:
                    break
                args = [t if x is a else x for x in args]
                a = t
            v = a._v
            types.append(v.dtype)
        elif kind == "h":
            v = host_value(a)
        else:
            v = _values(a, types)
            if v is None:
                break
        values.append(v)
    else:
        extra = op.eager_types.get(tuple(types))
        if extra is not None:
            return _finish(op, args, values, extra, attrs, name)
    return _run_carefully(op, args, attrs, name)


def _values(tensors, types):
    """The values of a list of eager tensors of one type, which is noted in `types`; None if it is anything else."""
    if type(tensors) is not list or not tensors:
        return None
    values = []
    for t in tensors:
        if type(t) is not EagerTensor:
            return None
        values.append(t._v)
    dtype = values[0].dtype
    types.append(dtype)
    for v in values:
        if v.dtype is not dtype:
            return None
    return values


def _run_carefully(op, args, attrs, name):
    """The way of a call whose arguments are not yet tensors, or whose combination of types is new."""
    args = list(args)
    definition = op.definition
    inferring = inference.Inference(definition, op.name, True)
    try:
        args = inferring.convert_all(args, op.host_inputs)
    except OpError as e:
        raise _with_name(e, op, name) from None
    values, types = [], []
    for kind, a in zip(op.kinds, args):
        if kind == "h":
            values.append(host_value(a))
            continue
        for t in a if kind == "l" else (a,):
            if type(t) is not EagerTensor:
                if not getattr(t.graph, "takes_eager_operations", False):
                    raise TypeError(_LEAKED % t.name)
                with t.graph.as_default():  # a tensor of a model of Keras: the operation becomes a part of the model
                    return add_node(op, args, attrs, name)
        values.append([t._v for t in a] if kind == "l" else a._v)
        types += [t._v.dtype for t in a[:1]] if kind == "l" else [a._v.dtype]
    _check_types(op, definition, inferring.attrs)
    extra = {n: inferring.attrs[n] for n in op.inferred_attrs if n in inferring.attrs}
    if op.types_decide:
        op.eager_types[tuple(types)] = extra
        if not extra and len(set(types)) == 1 and types[0].kind not in "cO":
            op.fast.add(types[0])
    return _finish(op, args, values, extra, attrs, name)


_LEAKED = """An op outside of the function building code is being passed
a "Graph" tensor. It is possible to have Graph tensors
leak out of the function building context by including a
tf.init_scope in your function building code.
For example, the following function will fail:
  @tf.function
  def has_init_scope():
    my_constant = tf.constant(1.)
    with tf.init_scope():
      added = my_constant * 2
The graph tensor has name: %s"""


def _check_types(op, definition, types):
    """Raises what TensorFlow raises where it has no kernel for these types."""
    for attr, found in types.items():
        allowed = definition.attrs[attr].allowed
        if not allowed:
            continue
        for t in found if isinstance(found, tuple) else (found,):
            if t not in allowed:
                listed = ", ".join("DT_" + eager_name(x).upper() for x in allowed)
                message = "Could not find valid device for node.\nNode:{{node %s}}\nAll kernels registered for op %s :\n"
                message = message % (op.name, op.name) + "  device='CPU'; %s in [%s]\n [Op:%s]" % (attr, listed, op.name)
                raise errors.NotFoundError(None, None, message)


def _finish(op, args, values, extra, attrs, name):
    """Calls the kernel, wraps what it gives and lets the tapes know."""
    if attrs:
        attrs = op.checked_attrs(attrs)
    if extra:
        attrs = {**extra, **attrs}
    try:
        result = op.numpy(*values, state=eager_state, **attrs) if op.asks_state else op.numpy(*values, **attrs)
    except Exception as e:  # whatever a kernel raises becomes what TensorFlow raises
        raise eager_error(e, op, values, name) from e
    if op.single:
        if type(result) is bytes:  # NumPy gives a Python object for objects of rank 0
            result = np.array(result, object)
        out = EagerTensor()
        out._v = result
        out._id = 0
        outputs = (out,)
    else:
        outputs = _wrap(op, result)
        out = op.arrange(outputs, result)
    if process.busy:
        tape.record(op, args, outputs, attrs, name)
    return out


def _wrap(op, result):
    if not op.definition.outputs:
        return ()
    made = []
    for v in op.flatten(result):
        t = EagerTensor()
        t._v = v
        t._id = 0
        made.append(t)
    return made


def host_value(a):
    """A host argument as plain Python: an int, float, bool, bytes or a nested tuple of these."""
    kind = type(a)
    if kind is int or a is None or kind is bool:
        return a
    if kind is EagerTensor:
        a = a._v
        kind = type(a)
    if kind is tuple or kind is list:
        for x in a:
            if type(x) is not int:
                return tuple([host_value(x) for x in a])
        return tuple(a)
    if isinstance(a, (_ndarray, _generic)):
        return _nested_tuple(a.tolist())
    if isinstance(a, shapes.TensorShape):
        return _known_shape(a)
    if isinstance(a, shapes.Dimension):
        return int(a)
    if hasattr(a, "__array__") or getattr(a, "is_tensor_like", False):
        return host_value(np.asarray(a.numpy() if hasattr(a, "numpy") else a))
    if isinstance(a, str):
        return a.encode()
    if isinstance(a, list | tuple):  # a list that an object tracks, a tuple with names
        return host_value(tuple(a))
    return a


def _known_shape(shape):
    if not shape.is_fully_defined():
        raise ValueError("Cannot convert a partially known TensorShape to a Tensor: %s" % shape)
    return shape._dims


def _nested_tuple(value):
    return tuple([_nested_tuple(v) for v in value]) if type(value) is list else value


def _with_name(error, op, name):
    """An OpError with the op, and the name if the caller gave one, behind its message."""
    error._message += " [Op:%s]" % op.name + (" name: %s" % name if name else "")
    return error


def eager_error(error, op, values, name):
    """What a failed kernel raises: TensorFlow's exception type, with the op behind the message."""
    error = as_op_error(error, op, values)
    return _with_name(error, op, name) if isinstance(error, OpError) else error


def as_op_error(error, op, values):
    """Turns what a kernel raised (mostly NumPy's ValueError) into a `tf.errors` type."""
    if isinstance(error, (OpError, NotImplementedError)) or getattr(error, "is_users", False):
        return error
    if isinstance(error, MemoryError):
        return errors.ResourceExhaustedError(None, None, "OOM when running %s: %s" % (op.name, error))
    if isinstance(error, (ValueError, IndexError, OverflowError, ZeroDivisionError)):
        described = op.describe_failure(values) if op.describe_failure and values else None
        return errors.InvalidArgumentError(None, None, described or str(error))
    return errors.InternalError(None, None, "%s: %s (input shapes: %s)" % (type(error).__name__, error, _value_shapes(values)))


def _value_shapes(values):
    return [list(v.shape) if isinstance(v, (_ndarray, _generic, Handle)) else v for v in values]


# ------------------------------------------------------------------------------------------------------- in a graph


def add_node(op, args, attrs, name=None):
    """Adds a node for an op to the graph."""
    graph = get_default_graph()
    types = []
    for kind, a in zip(op.kinds, args):
        if type(a) is not GraphTensor or kind == "l" or a.op.graph is not graph:
            return _add_carefully(op, args, attrs, name)
        types.append(a._dtype)
    known_types = op.graph_types.get(tuple(types))
    if known_types is None:
        return _add_carefully(op, args, attrs, name)
    inferred, all_attrs, outputs = known_types
    if attrs or all_attrs is None:
        all_attrs = inference.complete(op.definition, inferred, attrs)
        outputs = inference.output_types(op.definition, all_attrs)
    name = _node_name(graph, name) if name else graph.unique_name(op.name)
    return op.arrange_node(_add_built(graph, op, op.definition, name, list(args), dict(all_attrs), outputs))


def _node_name(graph, name):
    if name[-1] == "/":
        return name[:-1]
    if not VALID_OP_NAME(name) and not (graph._name_stack and name):
        raise ValueError("'%s' is not a valid scope name" % name)
    return graph.unique_name(name)


def _add_carefully(op, args, attrs, name):
    """The way of a call with arguments that are not yet tensors, or with a new combination of types."""
    definition = op.definition
    graph = graph_from_inputs([x for a in args for x in (a if isinstance(a, (list, tuple)) else (a,))])
    manager = graph.as_default() if graph is not get_default_graph() else None
    if manager is not None:
        with manager:
            return _add_carefully(op, args, attrs, name)
    name = _node_name(graph, name or op.name)
    before, graph._name_stack = graph._name_stack, name
    try:
        inferring = inference.Inference(definition, op.name, False)
        args = inferring.convert_all(args)
    finally:
        graph._name_stack = before
    complete = inference.complete(definition, inferring.attrs, attrs)
    inputs = [t for a in args for t in (a if isinstance(a, list) else (a,))]
    inputs = [t if type(t) is GraphTensor and t.op.graph is graph else graph.admit(t, name) for t in inputs]
    outputs = inference.output_types(definition, complete)
    if "l" not in op.kinds:
        known_all = (None, None) if attrs else (dict(complete), outputs)
        op.graph_types.setdefault(tuple(t._dtype for t in inputs), (inferring.attrs, *known_all))
    return op.arrange_node(_add_built(graph, op, definition, name, inputs, complete, outputs))


def _add_built(graph, op, definition, name, inputs, attrs, outputs):
    """Builds a node; one that takes references to ref variables is placed with these."""
    if not definition.has_refs:
        return _build(graph, op, definition, name, inputs, attrs, outputs)
    with contextlib.ExitStack() as scopes:
        for t in inputs:
            if t._dtype._is_ref_dtype:
                scopes.enter_context(graph.colocate_with(t.op))
        return _build(graph, op, definition, name, inputs, attrs, outputs)


def build_node(graph, definition, name, inputs, attrs, output_types=None, spec=None):
    """Adds a node from checked parts (of a GraphDef, say); an op that Eagle does not have gets a node all the same.

    `spec` is for an op that is not in the registry, such as a function of the graph.
    """
    missing = [a for a in definition.attrs.values() if a.has_default and a.name not in attrs]
    attrs = {**{a.name: attributes.default_value(a) for a in missing}, **attrs} if missing else attrs
    if output_types is None:
        output_types = inference.output_types(definition, attrs)
    return _build(graph, spec or registry.get(definition.name), definition, name, inputs, attrs, output_types)


process.build_node = build_node


class _Registry(dict):
    """The ops by type.  One that is asked for loads the module that declares it, so that a program pays only for what it uses.

    Attributes:
      homes: op type -> module of Eagle, of all ops (see names.py).
    """

    def __init__(self):
        self.homes = {}

    def read_index(self, index):
        """Learns from names.py (module -> its ops, in one string) where ops are."""
        self.homes.update((name, module) for module, names in index.items() for name in names.split())

    def __missing__(self, name):
        home = self.homes.get(name)
        if home is None:
            raise errors.NotYetError("Eagle has no op %s yet" % name)
        importlib.import_module("%s.%s" % (ROOT, home))
        return dict.__getitem__(self, name)

    def get(self, name, default=None):
        return self[name] if name in self or name in self.homes else default


registry = _Registry()


def _build(graph, op, definition, name, inputs, attrs, output_types):
    node = graph.add(op, definition, name, inputs, attrs, output_types)
    if op is not None and op.shape_rule is not None:
        infer_shapes(node)
    return node


def infer_shapes(node):
    """Gives the outputs of a node the static shapes that follow from its inputs.

    Raises:
      ValueError: the shapes (or known values) of the inputs don't fit the op.
    """
    op, attrs = node.spec, node.attrs
    try:
        args = [t._shape for t in node._inputs] if op.shapes_suffice else known.rule_arguments(node)
        result = op.shape_rule(*args, **{n: attrs[n] for n in op.shape_attrs}) if op.shape_attrs else op.shape_rule(*args)
    except ValueError as e:
        raise ValueError(_shape_message(e, node)) from None
    outputs = node.outputs
    if op.single:
        outputs[0]._shape = result
    elif result is not None:
        for t, s in zip(outputs, result):
            t._shape = s


def _shape_message(error, node):
    """TensorFlow's sentence about inputs that don't fit, with the node and the shapes."""
    text = str(error)
    listed = ", ".join("?" if t._shape is None else shapes.to_brackets(t._shape) for t in node._inputs)
    message = "%s for '%s' (op: '%s') with input shapes: %s" % (text, node._name, node.type, listed)
    computed, partial = [], []
    for i, (kind, t) in enumerate(zip(_input_kinds(node), node._inputs)):
        if kind in "sv":
            spelled = known.partial_shape(t)
            if spelled is not None:
                partial.append("input[%d] = %s" % (i, shapes.to_brackets(spelled)))
        elif kind in "hk":
            value = known.value(t)
            if value is not None:
                computed.append("input[%d] = <%s>" % (i, _brief(value)))
    if computed:
        message += " and with computed input tensors: " + ", ".join(computed)
    if partial:
        message += " and with input tensors computed as partial shapes: " + ",".join(partial)
    return message + "."


def _input_kinds(node):
    """For each input tensor of a node the letter of `rule_kinds`."""
    return [kind for kind, count in zip(node.spec.rule_kinds, node.spec.counts(node)) for _ in range(count)]


def _brief(value):
    return " ".join(str(np.asarray(value)).split())
