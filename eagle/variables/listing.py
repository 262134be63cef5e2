"""The variables of a graph: their collections, and the operations that initialize them or tell which are not."""

import os

import numpy as np

from ..core import dtypes
from ..core.collections import get_collection
from ..core.context import here
from ..core.convert import constant
from ..core.dispatch import registry
from ..core.export import export, resolve
from ..core.graph import get_default_graph
from ..core.scopes import colocate_with, device, name_scope
from ..ops.flow import group, no_op


@export("global_variables")
def global_variables(scope=None):
    """The variables in the collection `GraphKeys.GLOBAL_VARIABLES`; `scope` filters names as `tf.get_collection` does."""
    return get_collection("variables", scope)


@export("all_variables")
def all_variables():
    """Deprecated: `tf.global_variables()`."""
    return global_variables()


@export("local_variables")
def local_variables(scope=None):
    """The variables in the collection `GraphKeys.LOCAL_VARIABLES`; `scope` filters names as `tf.get_collection` does."""
    return get_collection("local_variables", scope)


@export("model_variables")
def model_variables(scope=None):
    """The variables in the collection `GraphKeys.MODEL_VARIABLES`; `scope` filters names as `tf.get_collection` does."""
    return get_collection("model_variables", scope)


@export("trainable_variables")
def trainable_variables(scope=None):
    """The variables in `GraphKeys.TRAINABLE_VARIABLES`; `scope` filters names as `tf.get_collection` does."""
    return get_collection("trainable_variables", scope)


@export("moving_average_variables")
def moving_average_variables(scope=None):
    """The variables in `GraphKeys.MOVING_AVERAGE_VARIABLES`; `scope` filters names as `tf.get_collection` does."""
    return get_collection("moving_average_variables", scope)


@export("variables_initializer", "initializers.variables", "initialize_variables")
def variables_initializer(var_list, name="init"):
    """An operation that initializes variables; eagerly they are initialized when they are made, and this does nothing.

    Args:
      var_list: the variables.
      name: the name of the operation.
    """
    if var_list and not here.eager:
        return group(*[v.initializer for v in var_list], name=name)
    return no_op(name=name)


@export("global_variables_initializer", "initializers.global_variables", "initialize_all_variables")
def global_variables_initializer():
    """An operation that initializes all global variables; eagerly None."""
    return no_op(name="global_variables_initializer") if here.eager else variables_initializer(global_variables())


@export("local_variables_initializer", "initializers.local_variables", "initialize_local_variables")
def local_variables_initializer():
    """An operation that initializes all local variables; eagerly None."""
    return no_op(name="local_variables_initializer") if here.eager else variables_initializer(local_variables())


@export("is_variable_initialized")
def is_variable_initialized(variable):
    """Whether a variable has a value, as a boolean tensor."""
    if variable.dtype._is_ref_dtype:
        return registry["IsVariableInitialized"](variable)
    return variable.is_initialized()


def _all_variables():
    """All global and local variables; where there are none, the outputs of operations that are ref variables."""
    found = global_variables() + local_variables()
    if found:
        return found
    return [op.outputs[0] for op in get_default_graph().get_operations() if op.type in ("Variable", "VariableV2")]


@export("assert_variables_initialized")
def assert_variables_initialized(var_list=None):
    """Deprecated: an operation that fails with `FailedPreconditionError` if a variable has no value.

    Args:
      var_list: the variables; by default all.

    Returns:
      A tensor, or None if there are no variables.
    """
    variables = _all_variables() if var_list is None else var_list
    if not variables:
        return None
    ranks = []
    for v in variables:
        with colocate_with(v.op):
            ranks.append(registry["Rank"](v))
    return ranks[0] if len(ranks) == 1 else resolve("stack")(ranks)


@export("report_uninitialized_variables")
def report_uninitialized_variables(var_list=None, name="report_uninitialized_variables"):
    """The names of the variables that have no value, as a tensor of strings.

    Args:
      var_list: the variables; by default all.
      name: the name scope.
    """
    variables = _all_variables() if var_list is None else var_list
    with name_scope(name):
        initialized = [is_variable_initialized(v) for v in variables]
        with device(os.environ.get("TF_DEVICE_FOR_UNINITIALIZED_VARIABLE_REPORTING", "/cpu:0")):
            if not variables:
                return constant(np.empty(0, object), dtypes.string)
            missing = resolve("logical_not")(resolve("stack")(initialized))
            return resolve("boolean_mask")(constant([v.op.name for v in variables]), missing)
