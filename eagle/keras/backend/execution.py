"""`function`: runs of the graph that Keras keeps."""

from ...core import nest
from ...core.context import here
from ...core.export import export, public as tf
from ...core.scopes import control_dependencies
from ...core.state import eager_state
from ...core.tensor import GraphTensor
from ...run.function import run_program
from ...run.plan import Plan
from ...run.tiers import Runner, default_tier
from ...run.values import on_host
from .settings import get_graph, get_session


class GraphFunction:
    """A run of a graph as a function; called with a list of values for its inputs, it gives the values of its outputs.

    Args:
      inputs, outputs: structures of tensors.
      updates: operations to run too, or pairs of a variable and its new value.
      name: its name.
      **session_kwargs: `feed_dict`, `fetches`, `options`, `run_metadata`.
    """

    def __init__(self, inputs, outputs, updates=None, name=None, **session_kwargs):
        updates = updates or []
        if not isinstance(updates, list | tuple):
            raise TypeError("`updates` in a Keras backend function should be a list or tuple.")
        self._inputs_structure, self.inputs = inputs, nest.flatten(inputs, expand_composites=True)
        self._outputs_structure = outputs
        self.outputs = [tf.convert_to_tensor(x) if hasattr(x, "assign") else x for x in nest.flatten(outputs)]
        with control_dependencies([self.outputs[0]] if self.outputs else []):
            operations = [tf.assign(*u) if isinstance(u, tuple) else u for u in updates]
            self.updates_op = tf.group(*operations)
        self.name = name
        self.feed_dict = session_kwargs.pop("feed_dict", None)
        self.fetches = session_kwargs.pop("fetches", None) or []
        self.fetches = self.fetches if isinstance(self.fetches, list) else [self.fetches]
        self.fetch_callbacks = {}
        self.run_options, self.run_metadata = session_kwargs.pop("options", None), session_kwargs.pop("run_metadata", None)
        if session_kwargs:
            raise ValueError("Some keys in session_kwargs are not supported at this time: %s" % (session_kwargs.keys(),))

    def __call__(self, inputs):
        values = nest.flatten(inputs, expand_composites=True)
        session = get_session(values)
        symbolic = [v for v in values if isinstance(v, GraphTensor)]
        if symbolic:
            found = iter(session.run(symbolic))
            values = [next(found) if isinstance(v, GraphTensor) else v for v in values]
        values = [v.eval(session=session) if hasattr(v, "assign") else v for v in values]
        feeds = dict(self.feed_dict or {})
        feeds.update((x, v) for x, v in zip(self.inputs, values) if v is not None)
        outputs, fetched, _ = session.run(
            (self.outputs, self.fetches, self.updates_op), feed_dict=feeds, options=self.run_options, run_metadata=self.run_metadata
        )
        for fetch, value in zip(self.fetches, fetched):
            if fetch in self.fetch_callbacks:
                self.fetch_callbacks[fetch](value)
        return nest.pack_sequence_as(self._outputs_structure, outputs)


class EagerGraphFunction:
    """A run of the graph that Keras keeps as a function, eagerly; it gives arrays.

    Args:
      inputs, outputs, updates, name: as of `GraphFunction`.

    Raises:
      TypeError: the updates are no list.
      ValueError: there are updates but no outputs, or tensors of several graphs.
    """

    def __init__(self, inputs, outputs, updates=None, name=None):
        updates = updates or []
        if not isinstance(updates, list | tuple):
            raise TypeError("`updates` in a Keras backend function should be a list or tuple.")
        self.name, self._outputs_structure = name, outputs
        self.inputs = nest.flatten(inputs, expand_composites=True)
        outputs = nest.flatten(outputs, expand_composites=True)
        if updates and not outputs:
            raise ValueError(
                "Cannot create a Keras backend function with updates but no outputs during eager execution."
            )  # fmt: skip
        tensors = [x for x in (*self.inputs, *outputs, *nest.flatten(updates)) if hasattr(x, "graph") and not hasattr(x, "assign")]
        graphs = {id(x.graph): x.graph for x in tensors}
        if len(graphs) > 1:
            raise ValueError("Cannot create an execution function which is comprised of elements from multiple graphs.")
        self._graph = next(iter(graphs.values()), None) or get_graph()
        with self._graph.as_default():
            self.outputs = [tf.convert_to_tensor(x) for x in outputs]
            with control_dependencies(self.outputs):
                operations = [tf.assign(*u) if isinstance(u, tuple) else u for u in updates]
        captured = {outer: inner for outer, inner in self._graph.captures.items() if hasattr(outer, "numpy")}
        self._captured = list(captured)
        operations = [getattr(o, "op", o) for o in operations if o is not None]
        plan = Plan([*self.inputs, *captured.values()], self.outputs, operations, replaced=self.inputs)
        self._program = Runner(plan, eager_state, default_tier(), finish=on_host)

    def _value(self, x, value):
        if value is None:
            if x.op.type != "PlaceholderWithDefault":
                raise ValueError("You must feed a value for placeholder %s" % (x,))
            value = tf.get_static_value(x.op.inputs[0])
        value = value if tf.is_tensor(value) else tf.convert_to_tensor(value)
        return value if value.dtype == x.dtype else tf.cast(value, x.dtype)

    def __call__(self, inputs):
        values = [self._value(x, v) for x, v in zip(self.inputs, nest.flatten(inputs, expand_composites=True))]
        found = run_program(self._program, [*values, *self._captured])
        return nest.pack_sequence_as(self._outputs_structure, [x.numpy() for x in found], expand_composites=True)


@export("keras.backend.function")
def function(inputs, outputs, updates=None, name=None, **kwargs):
    """A function that computes tensors of the graph.

    Args:
      inputs: the placeholders to feed, a list.
      outputs: the tensors to compute.
      updates: operations to run too, or pairs of a variable and its new value.
      name: its name.
      **kwargs: in a graph `feed_dict`, `fetches`, `options`, `run_metadata`.

    Raises:
      ValueError: an argument is not known.
    """
    if here.eager:
        if kwargs:
            raise ValueError("Session keyword arguments are not support during eager execution. You passed: %s" % (kwargs,))
        return EagerGraphFunction(inputs, outputs, updates=updates, name=name)
    for key in kwargs:
        if key not in ("feed_dict", "fetches", "options", "run_metadata"):
            raise ValueError('Invalid argument "%s" passed to K.function with TensorFlow backend' % key)
    return GraphFunction(inputs, outputs, updates=updates, name=name, **kwargs)
