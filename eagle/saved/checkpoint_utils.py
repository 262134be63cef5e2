"""Checkpoints by name: `tf.train.list_variables`, `load_variable`, `init_from_checkpoint`, `checkpoints_iterator`, ..."""

import time

from ..core.export import export
from ..core.scopes import device
from ..platform import gfile, tf_logging as logging
from ..variables.base import Variable
from ..variables.scope import variable_store
from .checkpoint_reader import CheckpointReader
from .checkpoint_state import latest_checkpoint
from .saver_builder import restore_v2
from .saver_saveables import op_list_to_dict, saveable_objects_for_op


def checkpoint_name(ckpt_dir_or_file):
    """The name of a checkpoint that is given by itself or by its folder; None if the folder knows none."""
    return latest_checkpoint(ckpt_dir_or_file) if gfile.isdir(ckpt_dir_or_file) else ckpt_dir_or_file


@export("train.load_checkpoint", "contrib.framework.load_checkpoint")
def load_checkpoint(ckpt_dir_or_file):
    """A `CheckpointReader` for a checkpoint, or for the newest one of a folder.

    Args:
      ckpt_dir_or_file: the name of the checkpoint, or the folder.

    Raises:
      ValueError: the folder knows no checkpoint.
      NotFoundError: there is no checkpoint of this name.
    """
    name = checkpoint_name(ckpt_dir_or_file)
    if name is None:
        raise ValueError("Couldn't find 'checkpoint' file or checkpoints in given directory %s" % ckpt_dir_or_file)
    return CheckpointReader(name)


@export("train.load_variable", "contrib.framework.load_variable")
def load_variable(ckpt_dir_or_file, name):
    """The value of a variable in a checkpoint as an array.

    Args:
      ckpt_dir_or_file: the name of the checkpoint, or a folder whose newest one is meant.
      name: the name of the variable; a `:0` at its end is left out.

    Raises:
      NotFoundError: the checkpoint has no such variable.
    """
    return load_checkpoint(ckpt_dir_or_file).get_tensor(name.removesuffix(":0"))


@export("train.list_variables", "contrib.framework.list_variables")
def list_variables(ckpt_dir_or_file):
    """All variables of a checkpoint, a sorted list of pairs of the name and the shape, which is a list of ints.

    Args:
      ckpt_dir_or_file: the name of the checkpoint, or a folder whose newest one is meant.
    """
    return sorted(load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map().items())


# ------------------------------------------------------------------------------------------------------ waiting for new ones


@export("contrib.training.wait_for_new_checkpoint", "python.training.checkpoint_utils.wait_for_new_checkpoint")
def wait_for_new_checkpoint(checkpoint_dir, last_checkpoint=None, seconds_to_sleep=1, timeout=None):
    """Waits until the newest checkpoint of a folder is another one than before.

    Args:
      checkpoint_dir: the folder.
      last_checkpoint: the name of the newest checkpoint before; None if any will do.
      seconds_to_sleep: how long to wait until looking again.
      timeout: how many seconds to wait at most; None for ever.

    Returns:
      The name of the new checkpoint, or None if there was none in time.
    """
    logging.info("Waiting for new checkpoint at %s", checkpoint_dir)
    end = None if timeout is None else time.time() + timeout
    while True:
        found = latest_checkpoint(checkpoint_dir)
        if found is not None and found != last_checkpoint:
            logging.info("Found new checkpoint at %s", found)
            return found
        if end is not None and time.time() + seconds_to_sleep > end:
            return None
        time.sleep(seconds_to_sleep)


@export("train.checkpoints_iterator", "contrib.training.checkpoints_iterator")
def checkpoints_iterator(checkpoint_dir, min_interval_secs=0, timeout=None, timeout_fn=None):
    """Generates the names of the checkpoints of a folder as they come; those that come while the caller is busy may be missed.

    Args:
      checkpoint_dir: the folder.
      min_interval_secs: how many seconds there are between two of them at least.
      timeout: how many seconds to wait for one; None for ever.
      timeout_fn: called without arguments when the time is over: if it returns False, waiting begins anew.
    """
    last = None
    while True:
        found = wait_for_new_checkpoint(checkpoint_dir, last, timeout=timeout)
        if found is None:
            if timeout_fn is None:
                logging.info("Timed-out waiting for a checkpoint.")
            if timeout_fn is None or timeout_fn():
                return
            continue
        begin, last = time.time(), found
        yield found
        time.sleep(max(0, begin + min_interval_secs - time.time()))


# --------------------------------------------------------------------------------------------------- initial values from one


@export("train.init_from_checkpoint", "contrib.framework.init_from_checkpoint")
def init_from_checkpoint(ckpt_dir_or_file, assignment_map):
    """Lets variables of the default graph get their initial values from a checkpoint: their initializers become others.

    Args:
      ckpt_dir_or_file: the name of the checkpoint, or a folder whose newest one is meant.
      assignment_map: a dictionary from a name in the checkpoint to a variable, to a list of the parts of one, or to a variable's
        name; `"scope/"`, or `"/"`, stands for all variables whose names begin so, and is mapped to such a scope of the graph.

    Raises:
      ValueError: the checkpoint lacks a variable, or has another shape; a scope is mapped to a name that is none.
    """
    file, reader = checkpoint_name(ckpt_dir_or_file), load_checkpoint(ckpt_dir_or_file)
    shapes = reader.get_variable_to_shape_map()
    known = variable_store()._vars
    for key, target in sorted(assignment_map.items(), key=lambda item: item[0]):
        variable = target if _is_variable(target) else _find(target, known)
        if variable is not None:
            _check_stored(variable, key, shapes, ckpt_dir_or_file)
            _initialize_from(variable, file, key)
        else:
            _initialize_scope(target, key, file, shapes, known, ckpt_dir_or_file)


def _is_variable(thing):
    return isinstance(thing, Variable) or (isinstance(thing, list) and all(isinstance(v, Variable) for v in thing))


def _find(name, known):
    """The variable of a name, or the list of the parts of one; None if there is none."""
    if name in known:
        return known[name]
    parts = []
    while "%s/part_%d" % (name, len(parts)) in known:
        parts.append(known["%s/part_%d" % (name, len(parts))])
    return parts or None


def _check_stored(variable, key, shapes, checkpoint):
    """Raises ValueError unless a checkpoint has a tensor, in the shape that the variable has."""
    if key not in shapes:
        raise ValueError("Tensor %s is not found in %s checkpoint %s" % (key, checkpoint, shapes))
    if isinstance(variable, Variable) and not variable.get_shape().is_compatible_with(shapes[key]):
        raise ValueError("Shape of variable %s (%s) doesn't match with shape of tensor %s (%s) from checkpoint reader."
                         % (variable.name, variable.get_shape(), key, shapes[key]))  # fmt: skip


def _initialize_scope(scope, key, file, shapes, known, checkpoint):
    """Initializes all variables of a scope from those of a scope of the checkpoint."""
    prefix = scope[: scope.rindex("/")] if "/" in scope else ""
    if not key.endswith("/"):
        raise ValueError(
            f"Assignment map with scope only name {prefix} should map to scope only {key}. Should be 'scope/': 'other_scope/'."
        )
    inside = (name for name in known if not prefix or name.startswith(prefix + "/"))
    for name in sorted({n.partition("/part_")[0] for n in inside}):
        local = name[len(prefix) :]
        full = local if scope == "/" else local[1:]
        if key != "/":
            full = key + full
        full = full.removesuffix("/")
        if full not in shapes:
            raise ValueError(
                "Tensor %s (%s in %s) is not found in %s checkpoint" % (full, name[len(prefix) + 1 :], key, checkpoint)
            )
        _initialize_from(_find(name, known), file, full)


def _initialize_from(variable, file, key):
    """Gives a variable, or the parts of one, another initializer."""
    if isinstance(variable, Variable):
        _set_initializer(variable, file, key, "")
        return
    whole = None
    for part in variable:
        info = part._save_slice_info
        if whole not in (None, info.full_name):
            raise ValueError("Slices must all be from the same tensor: %s != %s" % (whole, info.full_name))
        whole = info.full_name
        _set_initializer(part, file, key, info.spec)


def _set_initializer(variable, file, key, spec):
    with device(variable.device), device("/cpu:0"):
        value = restore_v2(file, [key], [spec], [variable.dtype], name="checkpoint_initializer")[0]
        ((name, thing),) = op_list_to_dict([variable]).items()
        (saveable,) = saveable_objects_for_op(thing, name)
    variable._initializer_op = saveable.restore([value], restored_shapes=None)
    value.set_shape(variable.shape)
    variable._initial_value = value
    logging.debug("Initialize variable %s from checkpoint %s with %s", variable.name, file, key)
