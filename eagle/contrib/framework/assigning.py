"""Values for variables from checkpoints and dictionaries: `tf.contrib.framework.assign_from_checkpoint` and its kin."""

from ...core.export import export, resolve
from ...core.graph import get_default_graph
from ...ops.flow import group
from ...platform import tf_logging as logging
from ...saved.checkpoint_reader import CheckpointReader
from ...saved.saver import Saver

_V1 = 1  # of `SaverDef.CheckpointFormatVersion`


@export("contrib.framework.get_variable_full_name", "contrib.slim.get_variable_full_name")
def get_variable_full_name(var):
    """The name of a variable in a checkpoint: for a part of a partitioned one that of the whole."""
    return var._save_slice_info.full_name if var._save_slice_info else var.op.name


def _placeholder(var):
    """What feeds a new value to a variable, and the operation that assigns it."""
    fed = resolve("placeholder")(dtype=var.dtype.base_dtype, shape=var.get_shape(), name="placeholder/" + var.op.name)
    return fed, var.assign(fed)


@export("contrib.framework.assign_from_values", "contrib.slim.assign_from_values")
def assign_from_values(var_names_to_values):
    """An operation that gives variables new values, which are fed.

    Args:
      var_names_to_values: a dictionary from names of variables to arrays with as many elements.

    Returns:
      The operation, and the dictionary to feed to it.

    Raises:
      ValueError: a name is that of no variable, or of several.
    """
    feeds, assigned = {}, []
    for name, value in var_names_to_values.items():
        var = _named(name)
        fed, operation = _placeholder(var)
        feeds[fed] = value.reshape(var.get_shape())
        assigned.append(operation)
    return group(*assigned), feeds


def _named(name):
    """The variable of a name."""
    found = get_default_graph().get_collection("variables", name)
    if not found:
        raise ValueError("Variable %s wasn't found" % name)
    exact = [v for v in found if v.op.name == name] if len(found) > 1 else found
    if not exact:
        raise ValueError("Variable %s doesn't uniquely identify a variable" % name)
    return exact[0]


@export("contrib.framework.assign_from_values_fn", "contrib.slim.assign_from_values_fn")
def assign_from_values_fn(var_names_to_values):
    """As `assign_from_values`; returns a function of a session that does it."""
    operation, feeds = assign_from_values(var_names_to_values)
    return lambda session: session.run(operation, feeds)


@export("contrib.framework.assign_from_checkpoint", "contrib.slim.assign_from_checkpoint")
def assign_from_checkpoint(model_path, var_list, ignore_missing_vars=False):
    """An operation that gives variables their values from a checkpoint, which are fed.

    Args:
      model_path: the name of the checkpoint.
      var_list: a list of variables and of parts of partitioned ones, or a dictionary from names in the checkpoint to a variable or
        a list.
      ignore_missing_vars: whether variables that the checkpoint lacks are left alone, with a warning.

    Returns:
      The operation, and the dictionary to feed to it.

    Raises:
      ValueError: the checkpoint lacks a variable, or has another shape.
    """
    by_name = {}
    if isinstance(var_list, list | tuple):
        for var in var_list:
            by_name.setdefault(get_variable_full_name(var), []).append(var)
    else:
        by_name = {name: v if isinstance(v, list | tuple) else [v] for name, v in var_list.items()}
    reader, feeds, assigned = CheckpointReader(model_path), {}, []
    for name, variables in by_name.items():
        if not reader.has_tensor(name):
            missing = "Checkpoint is missing variable [%s]" % name
            if not ignore_missing_vars:
                raise ValueError(missing)
            logging.warning(missing)
            continue
        value = reader.get_tensor(name)
        for var in variables:
            fed, operation = _placeholder(var)
            assigned.append(operation)
            feeds[fed] = _value_for(var, name, value)
    return group(*assigned), feeds


def _value_for(var, name, value):
    """The value of a variable, or of the part of one."""
    info = var._save_slice_info
    if info:
        return value[tuple(slice(i, i + n) for i, n in zip(info.var_offset, info.var_shape))].reshape(info.var_shape)
    if var.get_shape() != value.shape:
        raise ValueError("Total size of new array must be unchanged for %s lh_shape: [%s], rh_shape: [%s]"
                         % (name, value.shape, var.get_shape()))  # fmt: skip
    return value


@export("contrib.framework.assign_from_checkpoint_fn", "contrib.slim.assign_from_checkpoint_fn")
def assign_from_checkpoint_fn(model_path, var_list, ignore_missing_vars=False, reshape_variables=False):
    """A function of a session that restores variables from a checkpoint.

    Args:
      model_path: the name of the checkpoint.
      var_list: a list of variables, or a dictionary from names in the checkpoint to variables.
      ignore_missing_vars: whether variables that the checkpoint lacks are left alone, with a warning.
      reshape_variables: whether a value may have another shape with as many elements.

    Returns:
      The function; None if the checkpoint has none of the variables.

    Raises:
      ValueError: there are no variables.
    """
    if not var_list:
        raise ValueError("var_list cannot be empty")
    if ignore_missing_vars:
        reader = CheckpointReader(model_path)
        named = var_list if isinstance(var_list, dict) else {var.op.name: var for var in var_list}
        for name in named:
            if not reader.has_tensor(name):
                logging.warning("Variable %s missing in checkpoint %s", name, model_path)
        var_list = {name: var for name, var in named.items() if reader.has_tensor(name)}
    if not var_list:
        logging.warning("No Variables to restore")
        return None
    saver = Saver(var_list, reshape=reshape_variables, write_version=_V1)
    return lambda session: saver.restore(session, model_path)
