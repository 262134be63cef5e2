"""The global step: the variable that counts how often a model was trained."""

import numpy as np

from ..core import dtypes
from ..core.context import here
from ..core.export import export, resolve
from ..core.graph import get_default_graph
from ..core.scopes import NOTHING, control_dependencies, device
from ..core.tensor import Tensor
from ..platform import tf_logging as logging
from ..variables.assigning import assign_add
from ..variables.base import Variable, VariableAggregation
from ..variables.scope import get_variable

_READ = "global_step_read_op_cache"


@export("train.global_step")
def global_step(sess, global_step_tensor):
    """The value of the global step as an int.

    Args:
      sess: the session (eagerly not used).
      global_step_tensor: the variable or tensor, or its name.
    """
    value = global_step_tensor.numpy() if here.eager else sess.run(global_step_tensor)
    return int(np.asarray(value).item())  # a vector of one number will do


@export("train.get_global_step")
def get_global_step(graph=None):
    """The global step of a graph (by default the default graph), or None if there is none.

    Raises:
      TypeError: what is called so is no integer scalar.
    """
    graph = graph or get_default_graph()
    found = graph.get_collection("global_step")
    if len(found) > 1:
        logging.error("Multiple tensors in global_step collection.")
        return None
    if found:
        step = found[0]
    else:
        try:
            step = graph.get_tensor_by_name("global_step:0")
        except KeyError:
            return None
    assert_global_step(step)
    return step


@export("train.create_global_step")
def create_global_step(graph=None):
    """A new global step in a graph (by default the default graph).

    Raises:
      ValueError: there is one.
    """
    graph = graph or get_default_graph()
    if get_global_step(graph) is not None:
        raise ValueError('"global_step" already exists.')
    with device("cpu:0") if here.eager else graph.as_default(), NOTHING if here.eager else graph.name_scope(None):
        return get_variable(
            "global_step", shape=[], dtype=dtypes.int64, initializer=resolve("zeros_initializer")(), trainable=False,
            aggregation=VariableAggregation.ONLY_FIRST_REPLICA, collections=["variables", "global_step"])  # fmt: skip


@export("train.get_or_create_global_step")
def get_or_create_global_step(graph=None):
    """The global step of a graph (by default the default graph), made if there is none."""
    graph = graph or get_default_graph()
    step = get_global_step(graph)
    return create_global_step(graph) if step is None else step


@export("train.assert_global_step")
def assert_global_step(global_step_tensor):
    """Raises TypeError unless this is a variable or tensor that is an integer scalar."""
    if not isinstance(global_step_tensor, Variable | Tensor):
        raise TypeError('Existing "global_step" must be a Variable or Tensor: %s.' % (global_step_tensor,))
    if not global_step_tensor.dtype.base_dtype.is_integer:
        raise TypeError('Existing "global_step" does not have integer type: %s' % global_step_tensor.dtype)
    shape = global_step_tensor.get_shape()
    if shape.ndims != 0 and shape.is_fully_defined():
        raise TypeError('Existing "global_step" is not scalar: %s' % shape)


@export("python.training.training_util._get_or_create_global_step_read")
def global_step_read(graph=None):
    """A tensor that reads the global step before it is incremented, made once for a graph; None if there is no global step."""
    graph = graph or get_default_graph()
    found = graph.get_collection(_READ)
    if len(found) > 1:
        raise RuntimeError("There are multiple items in collection %s. There should be only one." % _READ)
    if found:
        return found[0]
    step = get_global_step(graph)
    if step is None:
        return None
    with graph.as_default(), graph.name_scope(None), graph.name_scope(step.op.name + "/"):
        value = step.initialized_value() if isinstance(step, Variable) else step
        read = value + 0
        graph.add_to_collection(_READ, read)
    return read


@export("python.training.training_util._increment_global_step")
def increment_global_step(increment, graph=None):
    """An operation that adds to the global step, after `global_step_read` read it.

    Raises:
      ValueError: there is no global step.
    """
    graph = graph or get_default_graph()
    step = get_global_step(graph)
    if step is None:
        raise ValueError("Global step tensor should be created by tf.train.get_or_create_global_step before calling increment.")
    read = global_step_read(graph)
    with graph.as_default(), graph.name_scope(None), graph.name_scope(step.op.name + "/"), control_dependencies([read]):
        return assign_add(step, increment)
