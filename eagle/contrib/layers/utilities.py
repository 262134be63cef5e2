"""What the layers of `tf.contrib.layers` share."""

import collections

from ...core.export import export, public as tf
from ...core.shape import TensorShape
from ...core.static_values import constant_value as static_value
from ...core.tensor import Tensor
from ...ops.cond import cond
from ...variables.base import Variable, VariableAggregation, VariableSynchronization
from ...variables.partitioned import PartitionedVariable
from ..framework.variables import add_new, model_variable


def names(name, module="layers"):
    """Where programs look for a layer."""
    return "contrib.layers." + name, "contrib.layers.python.layers.%s.%s" % (module, name), "contrib.slim." + name


def _names(name):
    return ["contrib.%s.utils.%s" % (prefix, name) for prefix in ("layers", "layers.python.layers", "slim")]


NamedOutputs = export(*_names("NamedOutputs"))(collections.namedtuple("NamedOutputs", ["name", "outputs"]))


# --------------------------------------------------------------------------------------------------------------- outputs


@export(*_names("collect_named_outputs"))
def collect_named_outputs(collections, alias, outputs):
    """Adds outputs to collections under another name.

    Args:
      collections: the name of a collection, a list of these, or None.
      alias: the other name.
      outputs: a tensor.

    Returns:
      `outputs`.
    """
    if collections:
        append_tensor_alias(outputs, alias)
        tf.add_to_collections(collections, outputs)
    return outputs


@export(*_names("append_tensor_alias"))
def append_tensor_alias(tensor, alias):
    """Gives a tensor one more name."""
    alias = alias.removesuffix("/")
    if hasattr(tensor, "aliases"):
        tensor.aliases.append(alias)
    else:
        tensor.aliases = [alias]
    return tensor


@export(*_names("gather_tensors_aliases"))
def gather_tensors_aliases(tensors):
    """The other names of some tensors, a list."""
    return [alias for t in tensors for alias in get_tensor_aliases(t)]


@export(*_names("get_tensor_aliases"))
def get_tensor_aliases(tensor):
    """The other names of a tensor; its own if it has none."""
    if hasattr(tensor, "aliases"):
        return tensor.aliases
    return [tensor.op.name if tensor.name[-2:] == ":0" else tensor.name]


@export(*_names("convert_collection_to_dict"))
def convert_collection_to_dict(collection, clear_collection=False):
    """A collection as a dictionary from names to tensors; perhaps it is cleared."""
    found = collections.OrderedDict((alias, t) for t in tf.get_collection(collection) for alias in get_tensor_aliases(t))
    if clear_collection:
        tf.get_default_graph().clear_collection(collection)
    return found


# -------------------------------------------------------------------------------------------------------------- decisions


@export(*_names("constant_value"))
def constant_value(value_or_tensor_or_var, dtype=None):
    """The value of a tensor if it is known, None for a variable, anything else itself.

    Args:
      value_or_tensor_or_var: the thing, not None.
      dtype: the type that a tensor must have.

    Raises:
      ValueError: it is None, or of another type.
    """
    value = value_or_tensor_or_var
    if value is None:
        raise ValueError("value_or_tensor_or_var cannot be None")
    if not isinstance(value, Tensor | Variable):
        return value
    if dtype and value.dtype != dtype:
        raise ValueError("It has the wrong type %s instead of %s" % (value.dtype, dtype))
    return None if isinstance(value, Variable) else static_value(value)


@export(*_names("static_cond"))
def static_cond(pred, fn1, fn2):
    """The result of one of two functions; raises TypeError if one can't be called."""
    for name, fn in (("fn1", fn1), ("fn2", fn2)):
        if not callable(fn):
            raise TypeError("%s must be callable." % name)
    return fn1() if pred else fn2()


@export(*_names("smart_cond"))
def smart_cond(pred, fn1, fn2, name=None):
    """The result of one of two functions, decided now if the condition is known."""
    value = constant_value(pred)
    return cond(pred, fn1, fn2, name) if value is None else static_cond(value, fn1, fn2)


# ------------------------------------------------------------------------------------------------------------- arguments


@export(*_names("get_variable_collections"))
def get_variable_collections(variables_collections, name):
    """The collections for a variable, from a list or from a dictionary by names."""
    return variables_collections.get(name) if isinstance(variables_collections, dict) else variables_collections


def _dimension(shape, dim, min_rank):
    dims = shape.dims
    if dims is None:
        raise ValueError("dims of shape must be known but is None")
    if len(dims) < min_rank:
        raise ValueError("rank of shape must be at least %d not: %d" % (min_rank, len(dims)))
    value = dims[dim].value
    if value is None:
        raise ValueError("dimension %d of shape must be known but is None: %s" % (dim, shape))
    return value


@export(*_names("channel_dimension"))
def channel_dimension(shape, data_format, min_rank=1):
    """The size of the channels of a shape; raises ValueError if it is not known."""
    return _dimension(shape, 1 if data_format == "channels_first" else -1, min_rank)


@export(*_names("last_dimension"))
def last_dimension(shape, min_rank=1):
    """The size of the last dimension of a shape; raises ValueError if it is not known."""
    return _dimension(shape, -1, min_rank)


@export(*_names("two_element_tuple"))
def two_element_tuple(int_or_tuple):
    """A pair of integers from one or two; raises ValueError if there are others."""
    if isinstance(int_or_tuple, list | tuple):
        if len(int_or_tuple) != 2:
            raise ValueError("Must be a list with 2 elements: %s" % int_or_tuple)
        return int(int_or_tuple[0]), int(int_or_tuple[1])
    if isinstance(int_or_tuple, int):
        return int_or_tuple, int_or_tuple
    if isinstance(int_or_tuple, TensorShape) and len(int_or_tuple) == 2:
        return int_or_tuple[0], int_or_tuple[1]
    raise ValueError("Must be an int, a list with 2 elements or a TensorShape of length 2")


@export(*_names("n_positive_integers"))
def n_positive_integers(n, value):
    """A tuple of `n` positive integers from one or `n`; raises ValueError if there are others."""
    if int(n) < 1 or int(n) != n:
        raise ValueError("n must be a positive integer")
    n = int(n)
    try:
        values = (int(value),) * n
    except (TypeError, ValueError):
        message = "Expected sequence of %d positive integers, but received %r" % (n, value)
        if len(value) != n:
            raise ValueError(message) from None
        try:
            values = tuple(int(x) for x in value)
        except (TypeError, ValueError):
            raise ValueError(message) from None
    for x in values:
        if x < 1:
            raise ValueError("expected positive integer, but received %d" % x)
    return values


# ------------------------------------------------------------------------------------------------------------- variables


def renaming_getter(**rename):
    """A getter for variable scopes that makes model variables, some of them under another name.

    Args:
      **rename: the last part of a name -> what it is here.
    """

    def getter(getter, name, shape=None, dtype=None, initializer=None, regularizer=None, trainable=True, collections=None,
               caching_device=None, partitioner=None, use_resource=None, synchronization=VariableSynchronization.AUTO,
               aggregation=VariableAggregation.NONE, **unused):  # fmt: skip
        start, slash, last = name.rpartition("/")
        return model_variable(
            start + slash + rename.get(last, last), shape=shape, dtype=dtype, initializer=initializer, regularizer=regularizer,
            collections=collections, trainable=trainable, caching_device=caching_device, partitioner=partitioner,
            custom_getter=getter, use_resource=use_resource, synchronization=synchronization, aggregation=aggregation,
        )  # fmt: skip

    return getter


def add_to_collections(variable, variables_collections, name):
    """Adds a variable to the collections that a layer's caller asked for."""
    for collection in get_variable_collections(variables_collections, name) or []:
        for v in variable if isinstance(variable, PartitionedVariable) else [variable]:
            add_new(collection, v)


def make_variable(name, shape, dtype, initializer, variables_collections, regularizer=None, trainable=True):
    """A model variable in the collections that a layer's caller asked for."""
    return model_variable(
        name, shape=shape, dtype=dtype, initializer=initializer, regularizer=regularizer,
        collections=get_variable_collections(variables_collections, name), trainable=trainable,
    )  # fmt: skip


def finished(outputs, scope, outputs_collections, activation_fn=None, normalizer_fn=None, normalizer_params=None):
    """The outputs of a layer, normalized, activated and collected."""
    if normalizer_fn is not None:
        outputs = normalizer_fn(outputs, **(normalizer_params or {}))
    if activation_fn is not None:
        outputs = activation_fn(outputs)
    return collect_named_outputs(outputs_collections, scope, outputs)


def checked_format(data_format, is_3d=False):
    """The data format in Keras's words; raises ValueError for others than the two."""
    allowed = ("NCDHW", "NDHWC") if is_3d else ("NCHW", "NHWC")
    if data_format not in allowed:
        raise ValueError("data_format has to be either %s or %s." % allowed)
    return "channels_first" if data_format.startswith("NC") else "channels_last"
