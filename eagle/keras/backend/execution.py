"""`function`: runs of the graph that Keras keeps."""

from ...core import nest
from ...core.context import here
from ...core.errors import NotYetError
from ...core.export import export, public as tf
from ...core.scopes import control_dependencies
from ...core.tensor import GraphTensor
from .settings import get_graph, get_session
from .values import get_value


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
        return _eager_function(inputs, outputs, updates)
    for key in kwargs:
        if key not in ("feed_dict", "fetches", "options", "run_metadata"):
            raise ValueError('Invalid argument "%s" passed to K.function with TensorFlow backend' % key)
    return GraphFunction(inputs, outputs, updates=updates, name=name, **kwargs)


def _eager_function(inputs, outputs, updates):
    if updates:
        raise NotYetError("Functions of Keras that have updates, eagerly")
    model = tf.keras.Model([x for x in nest.flatten(inputs) if x.graph is get_graph()], outputs)

    def run(values):
        return nest.map_structure(get_value, model(values))

    return run
