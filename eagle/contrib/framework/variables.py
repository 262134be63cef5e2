"""Variables as old code makes, finds and sets them."""

import functools
import re

from ...core.dtypes import float32
from ...core.export import export, public as tf
from ...training import global_step as steps
from ...variables.base import VariableAggregation, VariableSynchronization
from ...variables.scope import VariableScope, get_variable, get_variable_scope
from .arg_scopes import add_arg_scope


def _names(name):
    """Where programs look for a function."""
    return "contrib.framework." + name, "contrib.framework.python.ops.variables." + name, "contrib.slim." + name


# ------------------------------------------------------------------------------------------------------------ the global step


for _name in ("get_global_step", "create_global_step", "get_or_create_global_step", "assert_global_step"):
    export(*_names(_name))(getattr(steps, _name))


@export(*_names("assert_or_get_global_step"))
def assert_or_get_global_step(graph=None, global_step_tensor=None):
    """The global step of a graph, or the given one, checked."""
    if global_step_tensor is None:
        return steps.get_global_step(graph)
    steps.assert_global_step(global_step_tensor)
    return global_step_tensor


# ---------------------------------------------------------------------------------------------------------------- making


def _untrained(initial_value, collection, validate_shape, name, use_resource):
    return tf.Variable(initial_value, trainable=False, collections=[collection], validate_shape=validate_shape, name=name,
                       use_resource=use_resource)  # fmt: skip


@export(*_names("local_variable"))
def local_variable(initial_value, validate_shape=True, name=None, use_resource=None):
    """A variable in the collection of local variables, not trained; arguments as of `tf.Variable`."""
    return _untrained(initial_value, "local_variables", validate_shape, name, use_resource)


@export(*_names("global_variable"))
def global_variable(initial_value, validate_shape=True, name=None, use_resource=None):
    """A variable in the collection of global variables, not trained; arguments as of `tf.Variable`."""
    return _untrained(initial_value, "variables", validate_shape, name, use_resource)


@export(*_names("variable"))
@add_arg_scope
def variable(
    name,
    shape=None,
    dtype=None,
    initializer=None,
    regularizer=None,
    trainable=True,
    collections=None,
    caching_device=None,
    device=None,
    partitioner=None,
    custom_getter=None,
    use_resource=None,
    synchronization=VariableSynchronization.AUTO,
    aggregation=VariableAggregation.NONE,
):
    """A variable that `tf.get_variable` makes or shares.

    Args:
      name, shape, dtype, initializer, regularizer, trainable, caching_device, partitioner, use_resource, synchronization,
        aggregation: as of `tf.get_variable`.
      collections: the collections to add it to; by default that of global variables.
      device: the device of the variable.
      custom_getter: what makes the variable, called with `reuse` too.
    """
    collections = list(dict.fromkeys(collections if collections is not None else ["variables"]))
    getter = get_variable
    if custom_getter is not None:
        getter = functools.partial(custom_getter, reuse=get_variable_scope().reuse)
    with tf.device(device or ""):
        return getter(
            name, shape=shape, dtype=dtype, initializer=initializer, regularizer=regularizer, trainable=trainable,
            collections=collections, caching_device=caching_device, partitioner=partitioner, use_resource=use_resource,
            synchronization=synchronization, aggregation=aggregation,
        )  # fmt: skip


@export(*_names("model_variable"))
@add_arg_scope
def model_variable(name, shape=None, dtype=float32, initializer=None, regularizer=None, trainable=True, collections=None,
                   caching_device=None, device=None, partitioner=None, custom_getter=None, use_resource=None,
                   synchronization=VariableSynchronization.AUTO, aggregation=VariableAggregation.NONE):  # fmt: skip
    """As `variable`; it is in the collections of global variables and of model variables, too."""
    return variable(
        name, shape=shape, dtype=dtype, initializer=initializer, regularizer=regularizer, trainable=trainable,
        collections=[*(collections or ()), "variables", "model_variables"], caching_device=caching_device, device=device,
        partitioner=partitioner, custom_getter=custom_getter, use_resource=use_resource, synchronization=synchronization,
        aggregation=aggregation,
    )  # fmt: skip


@export(*_names("add_model_variable"))
def add_model_variable(var):
    """Adds a variable to the collection of model variables, unless it is there."""
    add_new("model_variables", var)


def add_new(collection, thing):
    """Adds a thing to a collection, unless it is there."""
    if not any(x is thing for x in tf.get_collection(collection)):
        tf.add_to_collection(collection, thing)


# --------------------------------------------------------------------------------------------------------------- finding


@export(*_names("get_variables"))
def get_variables(scope=None, suffix=None, collection="variables"):
    """The variables in a collection.

    Args:
      scope: a regular expression that the beginnings of their names match, or a variable scope.
      suffix: what their names end with.
      collection: the collection.
    """
    if isinstance(scope, VariableScope):
        scope = scope.name
    if suffix is not None:
        scope = (scope or "") + ".*" + (suffix if ":" in suffix else suffix + ":")
    return tf.get_collection(collection, scope)


@export(*_names("get_model_variables"))
def get_model_variables(scope=None, suffix=None):
    """The model variables; arguments as of `get_variables`."""
    return get_variables(scope, suffix, "model_variables")


@export(*_names("get_local_variables"))
def get_local_variables(scope=None, suffix=None):
    """The local variables; arguments as of `get_variables`."""
    return get_variables(scope, suffix, "local_variables")


@export(*_names("get_trainable_variables"))
def get_trainable_variables(scope=None, suffix=None):
    """The trainable variables; arguments as of `get_variables`."""
    return get_variables(scope, suffix, "trainable_variables")


@export(*_names("get_variables_to_restore"))
def get_variables_to_restore(include=None, exclude=None):
    """The global variables in some scopes and not in others.

    Args:
      include, exclude: lists of scopes, or None for all and none.

    Raises:
      TypeError: one is no list.
    """
    for name, scopes in (("include", include), ("exclude", exclude)):
        if scopes is not None and not isinstance(scopes, list | tuple):
            raise TypeError("%s is provided but is not a list or a tuple." % name)
    included = get_variables() if include is None else [v for scope in include for v in get_variables(scope)]
    excluded = {id(v) for scope in exclude or () for v in get_variables(scope)}
    return [v for v in included if id(v) not in excluded]


@export(*_names("get_variables_by_suffix"))
def get_variables_by_suffix(suffix, scope=None):
    """The global variables whose names end with a suffix."""
    return get_variables(scope=scope, suffix=suffix)


@export(*_names("get_variables_by_name"))
def get_variables_by_name(given_name, scope=None):
    """The global variables with a name, in whatever scope."""
    return get_variables(scope=scope, suffix="/" + given_name + ":|^" + given_name + ":")


@export(*_names("get_unique_variable"))
def get_unique_variable(var_op_name):
    """The global variable with a full name; raises ValueError if there is none."""
    candidates = get_variables(scope=var_op_name)
    if not candidates:
        raise ValueError("Couldn't find variable %s" % var_op_name)
    for candidate in candidates:
        if candidate.op.name == var_op_name:
            return candidate
    raise ValueError("Variable %s does not uniquely identify a variable" % var_op_name)


@export(*_names("filter_variables"))
def filter_variables(var_list, include_patterns=None, exclude_patterns=None, reg_search=True):
    """The variables whose names match one of some patterns and none of others.

    Args:
      var_list: a list of variables.
      include_patterns, exclude_patterns: lists of regular expressions, or None.
      reg_search: whether a match may be anywhere in the name.
    """
    matches = re.search if reg_search else re.match
    found = list(var_list)
    if include_patterns is not None:
        found = [v for v in found if any(matches(p, v.name) for p in include_patterns)]
    if exclude_patterns is not None:
        found = [v for v in found if not any(matches(p, v.name) for p in exclude_patterns)]
    return found


# --------------------------------------------------------------------------------------------------------------- setting


@export(*_names("VariableDeviceChooser"))
class VariableDeviceChooser:
    """A device function that deals variables out to the tasks of a job.

    Args:
      num_tasks: how many tasks there are; 0 for one machine.
      job_name, device_type, device_index, replica: the other parts of the device.
    """

    def __init__(self, num_tasks=0, job_name="ps", device_type="CPU", device_index=0, replica=None):
        self._num_tasks = num_tasks
        self._parts = dict(device_type=device_type, device_index=device_index, replica=replica)
        self._job_name = job_name
        self._next_task = 0

    def __call__(self, op):
        parts = dict(self._parts)
        if self._num_tasks > 0:
            parts.update(job=self._job_name, task=self._next_task)
            self._next_task = (self._next_task + 1) % self._num_tasks
        return tf.DeviceSpec(**parts).to_string()


@export(*_names("zero_initializer"))
def zero_initializer(ref, use_locking=True, name="zero_initializer"):
    """Initializes a variable with zeros.

    Args:
      ref: the variable, not initialized.
      use_locking: without meaning: there are locks anyway.
      name: the name of the operation.
    """
    with tf.control_dependencies([tf.Assert(tf.logical_not(tf.is_variable_initialized(ref)), ["input is already initialized"])]):
        return tf.assign(ref, tf.zeros(ref.shape, ref.dtype.base_dtype), validate_shape=False, name=name)
