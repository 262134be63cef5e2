"""What Keras keeps for a program or a graph: types, formats, names, the learning phase, the graph of models."""

import collections
import contextlib
import weakref

from ...core.context import here
from ...core.export import export, public as tf
from ...core.func_graph import FuncGraph
from ...core.graph import get_default_graph
from ...core.operation import Operation
from ...core.scopes import init_scope, name_scope
from ...core.tensor import EagerTensor, GraphTensor


class _Settings:
    floatx = "float32"
    epsilon = 1e-7
    image_data_format = "channels_last"


# ------------------------------------------------------------------------------------------------------------ defaults


@export("keras.backend.floatx")
def floatx():
    """The default type of floats, as a string."""
    return _Settings.floatx


@export("keras.backend.set_floatx")
def set_floatx(value):
    """Sets the default type of floats; raises ValueError if it is not "float16", "float32" or "float64"."""
    if value not in {"float16", "float32", "float64"}:
        raise ValueError("Unknown floatx type: %s" % value)
    _Settings.floatx = str(value)


@export("keras.backend.epsilon")
def epsilon():
    """The small number that keeps divisions and logarithms finite."""
    return _Settings.epsilon


@export("keras.backend.set_epsilon")
def set_epsilon(value):
    """Sets the small number of `epsilon()`."""
    _Settings.epsilon = value


@export("keras.backend.image_data_format")
def image_data_format():
    """Where images have their channels by default: "channels_last" or "channels_first"."""
    return _Settings.image_data_format


@export("keras.backend.set_image_data_format")
def set_image_data_format(data_format):
    """Sets the default of `image_data_format()`; raises ValueError for another word."""
    if data_format not in {"channels_last", "channels_first"}:
        raise ValueError("Unknown data_format: %s" % data_format)
    _Settings.image_data_format = str(data_format)


# --------------------------------------------------------------------------------------------------------------- graphs


class _Process:
    graph = None  # where models are built while execution is eager
    eager_phase = None  # the learning phase of eager execution, if it was set


_of_graph = weakref.WeakKeyDictionary()  # graph -> what Keras keeps for it


class _GraphState:
    def __init__(self):
        self.names = collections.defaultdict(int)  # (namespace, name) -> how often it was given
        self.phase = None
        self.variables = []
        self.has_history = False  # whether there are inputs of models in it


def state_of(graph):
    """What Keras keeps for a graph."""
    found = _of_graph.get(graph)
    if found is None:
        found = _of_graph[graph] = _GraphState()
    return found


_MOST_KNOWN = 128  # elements of an eager tensor whose value counts for static shapes


class KerasGraph(FuncGraph):
    """The graph in which models are built while execution is eager; it only tells what they are made of."""

    takes_eager_operations = True

    def outermost(self):
        """Itself: operations on its tensors belong in it, also from eager execution."""
        return self

    def _stand_in(self, tensor):
        inner = super()._stand_in(tensor)
        if isinstance(tensor, EagerTensor) and tensor.dtype.is_integer and tensor.shape.num_elements() <= _MOST_KNOWN:
            inner.op._known = [tensor.numpy()]  # axes, paddings, sizes: static shapes follow from them
        return inner


@export("python.keras.backend.get_graph")
def get_graph():
    """The graph in which layers are connected: the default graph; while execution is eager one that Keras keeps."""
    if not here.eager:
        return get_default_graph()
    if _Process.graph is None:
        outer = get_default_graph()
        _Process.graph = KerasGraph("keras_graph", outer)
        _Process.graph.name = "keras_graph"
    return _Process.graph


def is_keras_graph(graph):
    """Whether a graph is that in which models are built while execution is eager."""
    return graph is _Process.graph


def is_eager_outside_functions():
    """Whether execution is eager outside of functions, branches and loops under construction."""
    if here.eager:
        return True
    if not get_default_graph().building_function:
        return False
    with init_scope():
        return here.eager


@export("keras.backend.clear_session")
def clear_session():
    """Forgets the default graph, the session, all names that were given, and the learning phase."""
    tf.reset_default_graph()
    _of_graph.clear()
    _Process.graph = _Process.eager_phase = None
    sessions.current = None


@export("keras.backend.reset_uids")
def reset_uids():
    """Lets the numbers in names of layers begin anew in all graphs."""
    for state in _of_graph.values():
        state.names.clear()


@export("keras.backend.get_uid")
def get_uid(prefix=""):
    """How often a name has been given in the graph, this time included."""
    names = state_of(get_graph()).names
    names[prefix] += 1
    return names[prefix]


@export("python.keras.backend.unique_object_name")
def unique_object_name(name, name_uid_map=None, avoid_names=None, namespace="", zero_based=False):
    """A name for an object that no other one of the graph has.

    Args:
      name: what it begins with.
      name_uid_map: a `defaultdict(int)` to count in, or None for that of the graph.
      avoid_names: names not to give.
      namespace: names are unique in a namespace.
      zero_based: whether the first one gets no number.
    """
    names = state_of(get_default_graph()).names if name_uid_map is None else name_uid_map
    while True:
        count = names[namespace, name]
        names[namespace, name] += 1
        number = count if zero_based else count + 1
        proposed = "%s_%d" % (name, number) if number else name
        if not avoid_names or proposed not in avoid_names:
            return proposed


@export("python.keras.backend.track_variable")
def track_variable(variable):
    """Notes a variable that a session of Keras is to initialize."""
    if not here.eager:
        variables = state_of(getattr(variable, "graph", None) or get_graph()).variables
        variables.append(weakref.ref(variable) if hasattr(variable, "__weakref__") else lambda: variable)


# ------------------------------------------------------------------------------------------------------- learning phase


@export("keras.backend.learning_phase")
def learning_phase():
    """Whether layers train: in a graph a scalar bool tensor to feed, False by default; eagerly 0 or 1."""
    if not here.eager and is_keras_graph(get_default_graph()):
        return symbolic_learning_phase()
    with init_scope():
        if here.eager:
            return _Process.eager_phase or 0
        return symbolic_learning_phase()


def symbolic_learning_phase():
    """The learning phase of the graph in which layers are connected: a tensor, or what it was set to."""
    graph = get_graph()
    state = state_of(graph)
    if state.phase is None:
        with graph.as_default(), name_scope(""):
            state.phase = tf.placeholder_with_default(False, shape=(), name="keras_learning_phase")
    return state.phase


def is_learning_phase(x):
    """Whether something is the learning phase of a graph, a tensor."""
    return x is not None and not isinstance(x, bool | int) and any(state.phase is x for state in _of_graph.values())


@export("keras.backend.set_learning_phase")
def set_learning_phase(value):
    """Sets the learning phase of the graph (and of eager execution) to 0 or 1; raises ValueError for another number."""
    if value not in {0, 1}:
        raise ValueError("Expected learning phase to be 0 or 1.")
    with init_scope():
        if here.eager:
            _Process.eager_phase = value
        state_of(get_graph()).phase = value


def global_learning_phase_is_set():
    """Whether the learning phase of eager execution was set."""
    return _Process.eager_phase is not None


@export("keras.backend.learning_phase_scope")
@contextlib.contextmanager
def learning_phase_scope(value):
    """A context manager in which the learning phase is 0 or 1; raises ValueError for another number."""
    if value not in {0, 1}:
        raise ValueError("Expected learning phase to be 0 or 1.")
    with init_scope():
        state = state_of(get_graph())
    eager_phase, phase = _Process.eager_phase, state.phase
    set_learning_phase(value)
    try:
        yield
    finally:
        _Process.eager_phase, state.phase = eager_phase, phase


# ------------------------------------------------------------------------------------------------------------- sessions


class _Sessions:
    current = None
    initializes = True  # whether sessions of Keras initialize its variables


sessions = _Sessions()


@export("keras.backend.get_session")
def get_session(op_input_list=()):
    """The session that Keras runs the graph in: the default one, or one that it makes; its variables are initialized."""
    return initialized_session(op_input_list) if sessions.initializes else _session(op_input_list)


def _is_of_graph(thing):
    """Whether something is a tensor, operation or variable of a graph."""
    return getattr(thing, "_in_graph_mode", isinstance(thing, GraphTensor | Operation))


def _session(tensors=()):
    session = tf.get_default_session()
    if session is None:
        graph = next((t.graph for t in tensors if _is_of_graph(t)), None) or get_graph()
        if sessions.current is None or sessions.current.graph is not graph:
            sessions.current = tf.Session(graph=graph)
        session = sessions.current
    return session


def initialized_session(tensors=()):
    """The session that Keras runs the graph in, its variables initialized even where a program wants to do that itself."""
    session = _session(tensors)
    with session.graph.as_default():
        _initialize_variables(session)
    return session


@export("keras.backend.set_session")
def set_session(session):
    """Sets the session that Keras uses."""
    sessions.current = session


def _initialize_variables(session):
    """Initializes those variables of Keras that have no value yet."""
    state = state_of(session.graph)
    candidates = [v for v in (ref() for ref in state.variables) if v is not None]
    fresh = [v for v in candidates if not getattr(v, "_keras_initialized", False)]
    if not fresh:
        return
    known = session.run([tf.is_variable_initialized(v) for v in fresh])
    missing = [v for v, is_set in zip(fresh, known) if not is_set]
    for v in fresh:
        v._keras_initialized = True
    if missing:
        session.run(tf.variables_initializer(missing))
