"""`tf.Graph`: operations, their names and collections; the stack of default graphs."""

import contextlib
import itertools
import re
import threading

from .. import protos
from . import attributes, graph_writer, op_definitions
from .context import here, process
from .export import export
from .graph_scopes import VALID_OP_NAME, Scopes
from .operation import Operation
from .tensor import EagerTensor, GraphTensor, Tensor

# The versions that TensorFlow 1.15 writes into its graphs.
GRAPH_DEF_VERSION, GRAPH_DEF_VERSION_MIN_PRODUCER, GRAPH_DEF_VERSION_MIN_CONSUMER = 134, 0, 0
export("GRAPH_DEF_VERSION", "version.GRAPH_DEF_VERSION")(GRAPH_DEF_VERSION)
export("GRAPH_DEF_VERSION_MIN_PRODUCER", "version.GRAPH_DEF_VERSION_MIN_PRODUCER")(GRAPH_DEF_VERSION_MIN_PRODUCER)
export("GRAPH_DEF_VERSION_MIN_CONSUMER", "version.GRAPH_DEF_VERSION_MIN_CONSUMER")(GRAPH_DEF_VERSION_MIN_CONSUMER)


_serial = itertools.count()


@export("Graph")
class Graph(Scopes):
    """A computation: operations and the tensors that flow between them.

    One graph is always the default one, to which new operations are added.

    Attributes:
      seed: the graph-level random seed, or None.
      building_function: whether this graph is the body of a function, a branch or a loop.
      runs_effects: whether it is the body of a function, or lies in one, so that all that acts on the world runs.
    """

    building_function = runs_effects = False
    _seed_used = False  # whether an operation's seed follows from the graph's
    _shared_program = None  # of a function's body: the program that runs of datasets share
    _building_function = property(lambda self: self.building_function)  # TensorFlow's name for it

    def __init__(self):
        self._init_scopes()
        self._lock = threading.RLock()
        self._nodes = []  # by id
        self._by_name = {}
        self._collections = {}
        self._finalized = False
        self._unfeedable = set()
        self._unfetchable = set()
        self._functions = {}
        self._function_numbers = itertools.count(1)  # those of the functions and bodies inside
        self._count = [0]  # operations; those of branches and loops count with those of the graph around
        self._mutations = 0  # changes other than the addition of operations
        self._unknown = set()  # operations whose values are known to be unknown before the graph runs
        self._graph_def_versions = None
        self._seed = None
        self._variable_creators = []
        self._graph_key = "graph-key-%d/" % next(_serial)

    # ------------------------------------------------------------------------------------------------- adding operations

    def add(self, spec, definition, name, inputs, attrs, output_types):
        """Adds an operation whose inputs and attributes have been checked; `name` is its full, unique name."""
        if self._finalized:
            self._check_not_finalized()
        op = Operation(self, spec, definition, name, inputs, attrs, output_types)
        with self._lock:
            op._id = len(self._nodes)
            self._nodes.append(op)
            self._count[0] += 1
            self._by_name[name] = op
        op._control_flow_context = self._control_flow_context
        op._original_op = self._default_original_op
        if self._control_stack or self._device_stack or self._colocation_stack or self._gradient_override_map:
            self._apply_scopes(op, [t.op for t in inputs])
        elif self._attr_scope_map or self._op_to_kernel_label_map or self._container:
            self._apply_scopes(op, [t.op for t in inputs])
        return op

    def outermost(self):
        """The graph around all bodies of branches, loops and functions that this one lies in."""
        return self

    def admit(self, tensor, consumer=None):
        """The tensor of this graph to use where an operation (`consumer` is its name) asks for `tensor`.

        One of the graph itself stays as it is, one of a branch inside it becomes an output of the branch, and the body of a
        function captures outer ones.

        Raises:
          RuntimeError, ValueError: there is no such tensor.
        """
        if isinstance(tensor, GraphTensor) and tensor.op.graph is self:
            return tensor
        if isinstance(tensor, EagerTensor):
            raise RuntimeError("Attempting to capture an EagerTensor without building a function.")
        if tensor.op.graph.building_function and tensor.op.graph.outermost() is self:
            return self.admit(tensor.op.graph.let_out(tensor, consumer), consumer)
        raise ValueError("%s must be from the same graph as the operation that takes it." % (tensor,))

    def changed(self):
        """Notes that operations changed, so that plans made before are made anew."""
        self._mutations += 1
        self._unknown.clear()

    @property
    def version(self):
        """A number that grows as operations are added: the id of the newest operation."""
        return len(self._nodes)

    @property
    def _last_id(self):
        """The number that TensorFlow gives to its newest operation; seeds of random operations are made of it."""
        return self._count[0]

    def count_more(self, number):
        """Counts operations that TensorFlow makes for branches and loops, which lie in the graph itself there."""
        self._count[0] += number

    def _next_id(self):
        return len(self._nodes) + 1

    @property
    def _variable_creator_stack(self):
        return self._variable_creators

    @_variable_creator_stack.setter
    def _variable_creator_stack(self, creators):
        self._variable_creators = list(creators)

    @property
    def seed(self):
        return self._seed

    @seed.setter
    def seed(self, seed):
        self._seed = seed

    @property
    def graph_def_versions(self):
        """The `VersionDef` of this graph."""
        if self._graph_def_versions is None:
            self._graph_def_versions = protos.VersionDef(producer=GRAPH_DEF_VERSION)
        return self._graph_def_versions

    @property
    def finalized(self):
        return self._finalized

    def finalize(self):
        """Makes the graph read-only: adding an operation raises RuntimeError from now on."""
        self._finalized = True

    def _unsafe_unfinalize(self):
        self._finalized = False

    def _check_not_finalized(self):
        if self._finalized:
            raise RuntimeError("Graph is finalized and cannot be modified.")

    # ---------------------------------------------------------------------------------------------------------- elements

    def get_operations(self):
        """All operations, in the order in which they were added."""
        return list(self._nodes)

    def get_operation_by_name(self, name):
        """The operation with this name.

        Raises:
          TypeError: `name` is no string.
          KeyError: there is no such operation.
        """
        if not isinstance(name, str):
            raise TypeError("Operation names are strings (or similar), not %s." % type(name).__name__)
        return self.as_graph_element(name, allow_tensor=False, allow_operation=True)

    def get_tensor_by_name(self, name):
        """The tensor with this name (`"operation:0"`); raises as `get_operation_by_name`."""
        if not isinstance(name, str):
            raise TypeError("Tensor names are strings (or similar), not %s." % type(name).__name__)
        return self.as_graph_element(name, allow_tensor=True, allow_operation=False)

    def as_graph_element(self, obj, allow_tensor=True, allow_operation=True):
        """The operation or tensor of this graph that `obj` stands for.

        Args:
          obj: an operation, a tensor, a name, or an object with a method `_as_graph_element`.
          allow_tensor, allow_operation: what it may be.

        Raises:
          TypeError: `obj` can't stand for a graph element.
          ValueError: it stands for the wrong kind, or for an element of another graph.
          KeyError: there is no element with this name.
        """
        kinds = [k for k, allowed in (("Tensor", allow_tensor), ("Operation", allow_operation)) if allowed]
        if not kinds:
            raise ValueError("allow_tensor and allow_operation can't both be False.")
        wanted = " or ".join(kinds)
        convert = getattr(obj, "_as_graph_element", None)
        if convert is not None:
            obj = convert()
        if isinstance(obj, (str, bytes)):
            return self._element_by_name(obj if isinstance(obj, str) else obj.decode(), allow_tensor, allow_operation, wanted)
        if isinstance(obj, Tensor) and allow_tensor:
            if isinstance(obj, EagerTensor) or obj.graph is not self:
                raise ValueError("Tensor %s is not an element of this graph." % (obj,))
            return obj
        if isinstance(obj, Operation) and allow_operation:
            if obj.graph is not self:
                raise ValueError("Operation %s is not an element of this graph." % obj)
            return obj
        raise TypeError("Can not convert a %s into a %s." % (type(obj).__name__, wanted))

    def _element_by_name(self, name, allow_tensor, allow_operation, wanted):
        if ":" in name:
            if not allow_tensor:
                raise ValueError("Name %r appears to refer to a Tensor, not a %s." % (name, wanted))
            return self._tensor_by_name(name)
        op = self._by_name.get(name)
        if allow_operation:
            if op is None:
                raise KeyError("The name %r refers to an Operation not in the graph." % name)
            return op
        problem = "refers to an Operation, not a" if op else "looks like an (invalid) Operation name, not a"
        raise ValueError(
            'The name %r %s %s. Tensor names must be of the form "<op_name>:<output_index>".' % (name, problem, wanted)
        )

    def _tensor_by_name(self, name):
        op_name, _, index = name.partition(":")
        if not index.isdigit():
            raise ValueError(
                "The name %r looks a like a Tensor name, but is not a valid one. Tensor names must be of the form "
                '"<op_name>:<output_index>".' % name
            )
        op = self._by_name.get(op_name)
        if op is None:
            raise KeyError(
                "The name %r refers to a Tensor which does not exist. The operation, %r, does not exist in the graph."
                % (name, op_name)
            )
        if int(index) >= len(op.outputs):
            raise KeyError(
                "The name %r refers to a Tensor which does not exist. The operation, %r, exists but only has %s outputs."
                % (name, op_name, len(op.outputs))
            )
        return op.outputs[int(index)]

    def create_op(self, op_type, inputs, dtypes=None, input_types=None, name=None, attrs=None, op_def=None,
                  compute_shapes=True, compute_device=True):  # fmt: skip
        """Adds an operation from its parts.

        Args:
          op_type: the op type.
          inputs: the input tensors, lists flattened.
          dtypes: the types of the outputs; by default those of the op's definition.
          input_types: ignored but for their number: the inputs say their types.
          name: the name; made unique unless it ends with `/`.
          attrs: attribute name -> `AttrValue`.
          op_def, compute_shapes, compute_device: as in TensorFlow these no longer matter.

        Raises:
          TypeError: an input is no tensor.
          ValueError: the name is not valid or TensorFlow has no such op.
        """
        for i, t in enumerate(inputs):
            if not isinstance(t, Tensor):
                raise TypeError("Input #%d is not a tensor: %s" % (i, t))
        definition = op_definitions.lookup(op_type)
        if definition is None:
            raise ValueError("Op type not registered %r" % op_type)
        name = name or op_type
        name = name[:-1] if name[-1] == "/" else self.unique_name(name)
        if not VALID_OP_NAME(name):
            raise ValueError("'%s' is not a valid node name" % name)
        inputs = [self.admit(t, name) for t in inputs]
        plain = {k: attributes.from_proto(v) for k, v in (attrs or {}).items()}
        return process.build_node(self, definition, name, inputs, plain, dtypes)

    # ------------------------------------------------------------------------------------------- feeding and fetching

    def prevent_feeding(self, tensor):
        """Makes it an error to feed `tensor`."""
        self._unfeedable.add(tensor)

    def is_feedable(self, tensor):
        """Whether a value may be fed for `tensor`."""
        return tensor not in self._unfeedable

    def prevent_fetching(self, op):
        """Makes it an error to fetch `op`."""
        self._unfetchable.add(op)

    def is_fetchable(self, tensor_or_op):
        """Whether a tensor or operation may be fetched."""
        op = tensor_or_op.op if isinstance(tensor_or_op, Tensor) else tensor_or_op
        return op not in self._unfetchable

    # --------------------------------------------------------------------------------------------------------- collections

    @property
    def collections(self):
        """The names of all collections."""
        return list(self._collections)

    def get_all_collection_keys(self):
        """The names (those that are strings) of all collections."""
        return [k for k in self._collections if isinstance(k, str)]

    def add_to_collection(self, name, value):
        """Appends `value` to a collection; the same value may be in it several times."""
        self._check_not_finalized()
        self._collections.setdefault(name, []).append(value)

    def add_to_collections(self, names, value):
        """Appends `value` to each of the collections (or to one, given as a string)."""
        for name in (names,) if isinstance(names, str) else dict.fromkeys(names):
            self.add_to_collection(name, value)

    def get_collection_ref(self, name):
        """The list that is the collection itself; made empty if there is none yet."""
        return self._collections.setdefault(name, [])

    def get_collection(self, name, scope=None):
        """A copy of a collection.

        Args:
          name: the collection's name.
          scope: if given, a regular expression that an element's `name` must begin with; elements without a name are left out.
        """
        found = self._collections.get(name)
        if found is None:
            return []
        if scope is None:
            return list(found)
        begins = re.compile(scope).match
        return [item for item in found if hasattr(item, "name") and begins(item.name)]

    def clear_collection(self, name):
        """Empties a collection."""
        self._check_not_finalized()
        self._collections.pop(name, None)

    # ------------------------------------------------------------------------------------------------------------- other

    def _get_control_flow_context(self):
        return self._control_flow_context

    def _set_control_flow_context(self, ctx):
        self._control_flow_context = ctx

    def _is_function(self, name):
        return (name.decode() if isinstance(name, bytes) else name) in self._functions

    def _get_function(self, name):
        return self._functions.get(name.decode() if isinstance(name, bytes) else name)

    def _add_function(self, function):
        self._functions[str(function.name)] = function

    def as_graph_def(self, from_version=None, add_shapes=False):
        """The graph as a `GraphDef`.

        Args:
          from_version: if given, only operations added after the graph had this `version`.
          add_shapes: whether each node gets an attribute `_output_shapes`.
        """
        return graph_writer.graph_def(self, from_version, add_shapes)

    def as_default(self):
        """A context manager that makes this the default graph and switches to graph mode."""
        return _DefaultGraph(self)


class _DefaultGraph(contextlib.AbstractContextManager):
    """The context manager of `Graph.as_default`."""

    def __init__(self, graph):
        self._graph = graph

    def __enter__(self):
        self._mode = here.eager
        here.graphs.append(self._graph)
        here.switches.append(self._graph)
        here.eager = False
        process.busy += 1
        return self._graph

    def __exit__(self, *unused):
        if here.graphs[-1] is not self._graph:
            raise AssertionError("Nesting violated for default stack of %s objects" % type(self._graph))
        process.busy -= 1
        here.graphs.pop()
        here.switches.pop()
        here.eager = self._mode
        return False


@export("get_default_graph")
def get_default_graph():
    """The default graph of the calling thread."""
    graphs = here.graphs
    if graphs:
        return graphs[-1]
    graph = here.default_graph
    if graph is None:
        graph = here.default_graph = Graph()
    return graph


process.get_default_graph = get_default_graph


@export("reset_default_graph")
def reset_default_graph():
    """Puts a new, empty graph in the place of the thread's default graph.

    Raises:
      AssertionError: a graph is the default one through `Graph.as_default`.
    """
    if here.graphs:
        raise AssertionError("Do not use tf.reset_default_graph() to clear nested graphs. If you need a cleared graph, exit the "
                             "nesting and create a new graph.")  # fmt: skip
    here.default_graph = None
