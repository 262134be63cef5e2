"""`tf.train.warm_start`: lets variables begin with the values of a checkpoint, in the order of other vocabularies if need be."""

import collections

from ..core.convert import convert
from ..core.errors import NotFoundError
from ..core.export import export
from ..core.graph import get_default_graph
from ..platform import tf_logging as logging
from ..variables.assigning import assign
from ..variables.base import Variable
from ..variables.partitioned import PartitionedVariable
from ..variables.store import PartitionInfo
from .checkpoint_utils import checkpoint_name, init_from_checkpoint
from .remapping import load_and_remap_matrix_initializer
from .saver import object_graph_key_mapping
from .saver_saveables import op_list_to_dict

_FIELDS = "new_vocab new_vocab_size num_oov_buckets old_vocab old_vocab_size backup_initializer axis"


@export("train.VocabInfo", "estimator.VocabInfo", "compat.v2.estimator.VocabInfo")
class VocabInfo(collections.namedtuple("VocabInfo", _FIELDS)):
    """The vocabularies of a variable before and now.

    Args:
      new_vocab, new_vocab_size: the file of the new vocabulary, a word a line, and how many words it has.
      num_oov_buckets: how many rows (or columns) there are more for unknown words.
      old_vocab, old_vocab_size: the old file, and how many of its words count; -1 for all.
      backup_initializer: for words that the old vocabulary lacks; by default zeros.
      axis: whether the words stand for rows (0) or columns (1).

    Raises:
      ValueError: `axis` is something else.
    """

    def __new__(cls, new_vocab, new_vocab_size, num_oov_buckets, old_vocab, old_vocab_size=-1, backup_initializer=None, axis=0):
        if axis not in (0, 1):
            raise ValueError("The only supported values for the axis argument are 0 and 1.  Provided axis: %s" % axis)
        return super().__new__(cls, new_vocab, new_vocab_size, num_oov_buckets, old_vocab, old_vocab_size, backup_initializer, axis)


def _is_variable(thing):
    return isinstance(thing, Variable)


def _parts(var):
    """A variable, or a partitioned one, as the list of its parts."""
    if _is_variable(var):
        return [var]
    if isinstance(var, PartitionedVariable):
        return list(var)
    if isinstance(var, list) and all(map(_is_variable, var)):
        return var
    raise TypeError("var MUST be one of the following: a Variable, list of Variable or PartitionedVariable, but is %s" % type(var))


@export("python.training.warm_starting_util._infer_var_name")
def _name_of(parts):
    """The name of a variable in checkpoints, which is given as a list of its parts."""
    named = op_list_to_dict(parts)
    if len(named) > 1:
        raise TypeError("`var` = %s passed as arg violates the constraints.  name_to_var_dict = %s" % (parts, named))
    (name,) = named
    return name


@export("python.training.warm_starting_util._get_var_info")
def _variable_and_name(var, prev_tensor_name=None):
    """The name that a variable has in a checkpoint, by default its own, and the variable as `init_from_checkpoint` takes it."""
    parts = _parts(var)
    return prev_tensor_name or _name_of(parts), var if _is_variable(var) else parts


@export("python.training.warm_starting_util._warm_start_var_with_vocab")
def _start_with_vocabulary(var, current_vocab_path, current_vocab_size, prev_ckpt, prev_vocab_path, previous_vocab_size=-1,
                           current_oov_buckets=0, prev_tensor_name=None, initializer=None, axis=0):  # fmt: skip
    """Gives a variable, or its parts, an initializer that puts a matrix of a checkpoint into another order."""
    if not (current_vocab_path and current_vocab_size and prev_ckpt and prev_vocab_path):
        raise ValueError("Invalid args: Must provide all of [current_vocab_path, current_vocab_size, prev_ckpt, prev_vocab_path}.")
    if axis not in (0, 1):
        raise ValueError("The only supported values for the axis argument are 0 and 1.  Provided axis: %s" % axis)
    parts = _parts(var)
    name = prev_tensor_name or _name_of(parts)
    rows = sum(v.get_shape().as_list()[0] for v in parts)
    for v in parts:
        shape, info = v.get_shape().as_list(), v._get_save_slice_info()
        if axis == 0:
            order = dict(new_row_vocab_size=current_vocab_size, new_col_vocab_size=shape[1], old_row_vocab_size=previous_vocab_size,
                         old_row_vocab_file=prev_vocab_path, new_row_vocab_file=current_vocab_path,
                         num_row_oov_buckets=current_oov_buckets)  # fmt: skip
        else:
            order = dict(new_row_vocab_size=rows, new_col_vocab_size=current_vocab_size, old_col_vocab_file=prev_vocab_path,
                         new_col_vocab_file=current_vocab_path, num_col_oov_buckets=current_oov_buckets)  # fmt: skip
        make = load_and_remap_matrix_initializer(checkpoint_name(prev_ckpt), name, initializer=initializer, **order)
        place = PartitionInfo(full_shape=info.full_shape, var_offset=info.var_offset) if info else None
        v._initializer_op = assign(v, convert(make(shape=shape, partition_info=place)))


@export("python.training.warm_starting_util._get_grouped_variables")
def _grouped(wanted):
    """name -> list of the parts of a variable, for the variables that `warm_start` is told of."""
    graph = get_default_graph()
    if wanted is None or isinstance(wanted, str):
        logging.info("Warm-starting variables only in TRAINABLE_VARIABLES.")
        found = graph.get_collection("trainable_variables", wanted)
    elif not isinstance(wanted, list):
        raise ValueError("`vars_to_warm_start must be a `list` or `str`.  Given type is %s" % type(wanted))
    elif all(isinstance(v, str) for v in wanted):
        found = [v for scope in wanted for v in graph.get_collection("variables", scope)]
    elif all(map(_is_variable, wanted)):
        found = wanted
    else:
        raise ValueError("If `vars_to_warm_start` is a list, it must be all `Variable` or all `str`.  Given types are %s"
                         % [type(v) for v in wanted])  # fmt: skip
    grouped = {}
    for v in found:
        grouped.setdefault(_name_of([v]), []).append(v)
    return grouped


def _renamed_by_objects(checkpoint, names):
    """For an object-based checkpoint the keys that variables have in it, by their names; else an empty dictionary."""
    try:
        keys = object_graph_key_mapping(checkpoint_name(checkpoint))
    except NotFoundError:
        return {}
    missing = set(names) - set(keys)
    if missing:
        raise ValueError("Attempting to warm-start from an object-based checkpoint, but found that the checkpoint did not contain "
                         "values for all variables. The following variables were missing: %s" % missing)  # fmt: skip
    return {name: keys[name] for name in names}


def _check_used(argument, given, used, grouped):
    unused = set(given) - used
    if unused:
        raise ValueError("You provided the following variables in %s that were not used: %s.  Perhaps you misspelled them?  Here "
                         "is the list of viable variable names: %s" % (argument, unused, grouped.keys()))  # fmt: skip


@export("train.warm_start")
def warm_start(ckpt_to_initialize_from, vars_to_warm_start=".*", var_name_to_vocab_info=None, var_name_to_prev_var_name=None):
    """Lets variables of the default graph get their initial values from a checkpoint.

    Args:
      ckpt_to_initialize_from: the name of the checkpoint, or a folder whose newest one is meant.
      vars_to_warm_start: which variables: a regular expression for names of trainable variables; a list of regular expressions for
        names of all variables; a list of variables; or None for those with vocabularies only.
      var_name_to_vocab_info: name -> `VocabInfo` for variables whose rows or columns stand for words.
      var_name_to_prev_var_name: name -> name in the checkpoint, where they differ.

    Raises:
      ValueError: a name in one of the dictionaries is that of none of the variables, or the checkpoint lacks one.
    """
    logging.info("Warm-starting from: %s", ckpt_to_initialize_from)
    grouped, vocabularies = _grouped(vars_to_warm_start), var_name_to_vocab_info or {}
    before = var_name_to_prev_var_name or _renamed_by_objects(ckpt_to_initialize_from, grouped)
    plain, count = [], 0  # dictionaries for `init_from_checkpoint`: several variables may begin with the same
    for name, parts in grouped.items():
        info = vocabularies.get(name)
        if info:
            _start_with_vocabulary(
                parts, info.new_vocab, info.new_vocab_size, ckpt_to_initialize_from, info.old_vocab, info.old_vocab_size,
                info.num_oov_buckets, before.get(name), info.backup_initializer, info.axis)  # fmt: skip
            count += 1
        elif vars_to_warm_start:
            key, var = _variable_and_name(parts[0] if len(parts) == 1 else parts, before.get(name))
            room = next((d for d in plain if key not in d), None)
            if room is None:
                plain.append(room := {})
            room[key] = var
            count += 1
    for assignments in plain:
        init_from_checkpoint(ckpt_to_initialize_from, assignments)
    logging.info("Warm-started %d variables.", count)
    _check_used("var_name_to_prev_var_name", before, {n for n in grouped if before.get(n)}, grouped)
    _check_used("var_name_to_vocab_info", vocabularies, {n for n in grouped if vocabularies.get(n)}, grouped)
