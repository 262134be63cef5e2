"""Where `tf.get_variable` keeps variables by name, and how it makes them."""

import collections.abc
import enum
import inspect
import traceback

from ..core import dtypes
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export, resolve
from ..core.graph import get_default_graph
from ..core.scopes import colocate_with, init_scope, name_scope
from ..core.shape import as_shape
from ..core.tensor import Tensor
from .base import Variable, VariableAggregation, VariableSynchronization, VariableV1, checked_properties
from .partitioned import PartitionedVariable
from .resource import BaseResourceVariable


class _ReuseMode(enum.Enum):
    """The type of `tf.AUTO_REUSE`: `get_variable` makes a variable unless there is one, which it then gives."""

    AUTO_REUSE = 1


AUTO_REUSE = export("AUTO_REUSE")(_ReuseMode.AUTO_REUSE)

DEFAULT_DTYPE = dtypes.float32


class _Defaults:
    """Whether variables are resource variables where nothing says otherwise."""

    use_resource = False


defaults = _Defaults()


class PartitionInfo:
    """Which part of a partitioned variable an initializer is to make.

    Attributes:
      full_shape: the shape of the whole.
      var_offset: where the part begins.

    Raises:
      TypeError: an argument is no sequence.
      ValueError: they don't fit together.
    """

    def __init__(self, full_shape, var_offset):
        for name, value in (("full_shape", full_shape), ("var_offset", var_offset)):
            if not isinstance(value, collections.abc.Sequence) or isinstance(value, str):
                raise TypeError("`%s` must be a sequence (like tuple or list) instead of %s" % (name, type(value).__name__))
        if len(var_offset) != len(full_shape):
            raise ValueError("Expected equal length, but `var_offset` is of length %d while full_shape is of length %d."
                             % (len(var_offset), len(full_shape)))  # fmt: skip
        for offset, size in zip(var_offset, full_shape):
            if not 0 <= offset < size:
                raise ValueError("Expected 0 <= offset < shape but found offset=%s, shape=%s for var_offset=%s, full_shape=%s"
                                 % (offset, size, var_offset, full_shape))  # fmt: skip
        self.full_shape = full_shape
        self.var_offset = var_offset

    def single_offset(self, shape):
        """Where a part of this shape begins along the one dimension that is divided; 0 if none is."""
        dim = self.single_slice_dim(shape)
        return 0 if dim is None else self.var_offset[dim]

    def single_slice_dim(self, shape):
        """The dimension along which a part of this shape is a part, or None if it is the whole.

        Raises:
          TypeError: `shape` is no sequence.
          ValueError: the part would exceed the whole, or be a part along several dimensions.
        """
        if not isinstance(shape, collections.abc.Sequence) or isinstance(shape, str):
            raise TypeError("`shape` must be a sequence (like tuple or list) instead of " + type(shape).__name__)
        if len(shape) != len(self.full_shape):
            raise ValueError("Expected equal length, but received shape=%s of length %d while self.full_shape=%s is of length %d."
                             % (shape, len(shape), self.full_shape, len(self.full_shape)))  # fmt: skip
        for i, size in enumerate(shape):
            if self.var_offset[i] + size > self.full_shape[i]:
                raise ValueError("With self.var_offset=%s, a partition of shape=%s would exceed self.full_shape=%s in dimension %d."
                                 % (self.var_offset, shape, self.full_shape, i))  # fmt: skip
        divided = [i for i, size in enumerate(shape) if size != self.full_shape[i]]
        if len(divided) > 1:
            raise ValueError(
                "Cannot use single_slice_dim() with shape=%s and self.full_shape=%s since slice dim could be either dimension %d "
                "or %d." % (shape, self.full_shape, divided[1], divided[0])
            )
        return divided[0] if divided else None


class VariableStore:
    """Variables by name.

    Attributes:
      store_eager_variables: whether eager variables are kept too, so that they can be reused.
    """

    def __init__(self):
        self._vars = {}
        self._partitioned_vars = {}
        self._store_eager_variables = False

    def get_variable(self, name, shape=None, dtype=DEFAULT_DTYPE, initializer=None, regularizer=None, reuse=None, trainable=None,
                     collections=None, caching_device=None, partitioner=None, validate_shape=True, use_resource=None,
                     custom_getter=None, constraint=None, synchronization=VariableSynchronization.AUTO,
                     aggregation=VariableAggregation.NONE):  # fmt: skip
        """The variable of this name: the one there is, or a new one; see `tf.get_variable`.

        Args:
          reuse: True (it must be there), False (it must not be there), None or AUTO_REUSE (either).

        Raises:
          RuntimeError: eagerly, reuse was asked for although no `EagerVariableStore` is in force.
          ValueError: the variable is there and should not be, or the other way round, or does not fit the arguments.
        """
        if custom_getter is not None and not callable(custom_getter):
            raise ValueError("Passed a custom_getter which is not callable: %s" % (custom_getter,))
        with init_scope():
            if here.eager:
                use_resource = True
        if here.eager:
            if not self._store_eager_variables and reuse:
                raise RuntimeError("When eager execution is enabled variable reuse is only supported when an EagerVariableStore is "
                                   "active. See the documentation on EagerVariableStore for example usage.")  # fmt: skip
            if self._store_eager_variables:
                reuse = AUTO_REUSE
        dtype = getattr(dtype, "base_dtype", dtype)
        synchronization, aggregation, trainable = checked_properties(synchronization, aggregation, trainable, name)
        settings = dict(
            name=name, shape=shape, dtype=dtype, initializer=initializer, regularizer=regularizer, reuse=reuse,
            trainable=trainable, collections=collections, caching_device=caching_device, partitioner=partitioner,
            validate_shape=validate_shape, use_resource=use_resource, synchronization=synchronization, aggregation=aggregation,
        )  # fmt: skip
        if custom_getter is None:
            return self._get(constraint=constraint, **settings)
        if _takes(custom_getter, "constraint"):
            settings["constraint"] = constraint
        return custom_getter(getter=self._get, **settings)

    def _get(self, name, shape=None, dtype=DEFAULT_DTYPE, initializer=None, regularizer=None, reuse=None, trainable=None,
             collections=None, caching_device=None, partitioner=None, validate_shape=True, use_resource=None, constraint=None,
             synchronization=VariableSynchronization.AUTO, aggregation=VariableAggregation.NONE):  # fmt: skip
        """What custom getters know as the getter."""
        making = dict(
            trainable=trainable, collections=collections, caching_device=caching_device, validate_shape=validate_shape,
            use_resource=use_resource, constraint=constraint, synchronization=synchronization, aggregation=aggregation,
        )  # fmt: skip
        is_scalar = isinstance(shape, _Sequence) and not shape
        if partitioner is not None and not is_scalar:
            if not callable(partitioner):
                raise ValueError("Partitioner must be callable, but received: %s" % (partitioner,))
            with name_scope(None):
                return self._get_partitioned_variable(name, partitioner, shape, dtype, initializer, regularizer, reuse, **making)
        if reuse is True and partitioner is None and name in self._partitioned_vars:
            return self._get_partitioned_variable(name, None, shape, dtype, initializer, regularizer, reuse, **making)
        if "%s/part_0" % name in self._vars:
            raise ValueError(
                "No partitioner was provided, but a partitioned version of the variable was found: %s/part_0. Perhaps a variable "
                "of the same name was already created with partitioning?" % name
            )
        return self._get_single_variable(name, shape, dtype, initializer, regularizer, reuse, **making)

    # -------------------------------------------------------------------------------------------------- a whole variable

    def _get_single_variable(self, name, shape=None, dtype=DEFAULT_DTYPE, initializer=None, regularizer=None, reuse=None,
                             partition_info=None, **making):  # fmt: skip
        from_value = initializer is not None and not callable(initializer)
        if from_value and shape is not None:
            raise ValueError("If initializer is a constant, do not specify shape.")
        dtype, shape = dtypes.as_dtype(dtype), as_shape(shape)
        if name in self._vars:
            return self._existing(name, shape, dtype, reuse)
        if reuse is True:
            raise ValueError(
                "Variable %s does not exist, or was not created with tf.get_variable(). Did you mean to set reuse=tf.AUTO_REUSE in "
                "VarScope?" % name
            )
        if initializer is None:
            initializer, from_value = self._get_default_initializer(name, shape, dtype)
        with init_scope():
            value, value_type = (initializer, None) if from_value else _initial_value(initializer, shape, dtype, partition_info)
        if making["use_resource"] is None:
            making["use_resource"] = defaults.use_resource
        variable = VariableV1(initial_value=value, name=name, dtype=value_type, **making)
        self._keep(name, variable, making)
        if regularizer:  # an empty dictionary stands for none in some programs
            _regularize(name, variable, regularizer)
        return variable

    def _existing(self, name, shape, dtype, reuse):
        found = self._vars[name]
        if reuse is False:
            message = (
                "Variable %s already exists, disallowed. Did you mean to set reuse=True or reuse=tf.AUTO_REUSE in VarScope?" % name
            )
            if not isinstance(found, BaseResourceVariable):
                frames = found.op.user_traceback()[::-1][:5]
                message = "%s Originally defined at:\n\n%s" % (message, "".join(traceback.format_list(frames)))
            raise ValueError(message)
        if not shape.is_compatible_with(found.get_shape()):
            raise ValueError("Trying to share variable %s, but specified shape %s and found shape %s."
                             % (name, shape, found.get_shape()))  # fmt: skip
        if not dtype.is_compatible_with(found.dtype):
            raise ValueError("Trying to share variable %s, but specified dtype %s and found dtype %s."
                             % (name, dtype.name, found.dtype.name))  # fmt: skip
        return found

    def _keep(self, name, variable, making):
        if here.eager and not self._store_eager_variables:
            return
        if here.eager:
            graph = get_default_graph()
            graph.add_to_collections(making["collections"] or ["variables"], variable)
            if making["trainable"]:
                graph.add_to_collection("trainable_variables", variable)
        self._vars[name] = variable

    def _get_default_initializer(self, name, shape=None, dtype=DEFAULT_DTYPE):
        """The initializer of a variable for which none is given, and whether it is a value."""
        if dtype.is_floating:
            return resolve("glorot_uniform_initializer")(), False
        if dtype.is_integer or dtype.is_bool or dtype is dtypes.string:
            return resolve("zeros_initializer")(), False
        raise ValueError("An initializer for variable %s of %s is required" % (name, dtype.base_dtype))

    # --------------------------------------------------------------------------------------------- a variable in parts

    def _get_partitioned_variable(self, name, partitioner, shape=None, dtype=DEFAULT_DTYPE, initializer=None, regularizer=None,
                                  reuse=None, **making):  # fmt: skip
        if name in self._vars:
            raise ValueError(
                "A partitioner was provided, but an unpartitioned version of the variable was found: %s.  Perhaps a variable of "
                "the same name was already created without partitioning?" % name
            )
        shape = as_shape(shape)
        if isinstance(initializer, Tensor | Variable):
            shape = shape.merge_with(initializer.get_shape())
        partitions = _call_partitioner(partitioner, shape, dtype) if not reuse or partitioner else None
        if name in self._partitioned_vars:
            return self._existing_partitioned(name, shape, dtype, reuse, partitions)
        if reuse is True:
            raise ValueError(
                "PartitionedVariable %s does not exist, or was not created with tf.get_variable(). Did you mean to set reuse=False "
                "or reuse=tf.AUTO_REUSE in VarScope?" % name
            )
        dim, count = _divided_dimension(partitions)
        self._check_parts(name, count)
        sizes, parts = shape.as_list(), []
        for i, (offset, part_shape) in enumerate(_slices(sizes, count, dim)):
            part_name = "%s/part_%d" % (name, i)
            with name_scope(part_name + "/PartitionedInitializer"):
                value, value_shape, dtype = self._part_initializer(name, initializer, shape, dtype, offset, part_shape)
            info = PartitionInfo(sizes, offset)
            with name_scope(None):
                part = self._get_single_variable(part_name, value_shape, dtype, value, regularizer, reuse, info, **making)
            part._set_save_slice_info(Variable.SaveSliceInfo(name, sizes, offset, part_shape))
            parts.append(part)
        whole = PartitionedVariable(name, shape, dtype, parts, partitions)
        if not here.eager or self._store_eager_variables:
            self._partitioned_vars[name] = whole
        return whole

    def _part_initializer(self, name, initializer, shape, dtype, offset, part_shape):
        """The initializer of a part, the shape to call it with (None for a value), and the type."""
        if initializer is None:
            initializer, from_value = self._get_default_initializer(name, shape, dtype)
            return initializer, None if from_value else part_shape, dtype
        if callable(initializer):
            return initializer, part_shape, dtype
        if isinstance(initializer, Tensor):
            value = registry["Slice"](initializer, offset, part_shape)
            return value, None, value.dtype.base_dtype
        return registry["Slice"](convert(initializer, dtype), offset, part_shape), None, dtype

    def _existing_partitioned(self, name, shape, dtype, reuse, partitions):
        if reuse is False:
            raise ValueError(
                "Partitioned variable with name %s already exists. Did you mean to set reuse=True or reuse=tf.AUTO_REUSE in "
                "VarScope?" % name
            )
        found = self._partitioned_vars[name]
        if not shape.is_compatible_with(found.get_shape()):
            raise ValueError("Trying to reuse partitioned variable %s, but specified shape %s and found shape %s."
                             % (name, shape, found.get_shape()))  # fmt: skip
        if not dtype.is_compatible_with(found.dtype):
            raise ValueError("Trying to reuse partitioned variable %s, but specified dtype %s and found dtype %s."
                             % (name, dtype.name, found.dtype.name))  # fmt: skip
        if partitions is not None and found._get_partitions() != partitions:
            raise ValueError("Trying to reuse partitioned variable %s, but specified partitions %s and found partitions %s."
                             % (name, partitions, found._get_partitions()))  # fmt: skip
        return found

    def _check_parts(self, name, count):
        """Raises ValueError if some, but not just these, parts of a variable are there."""
        if "%s/part_0" % name not in self._vars:
            return
        text = (
            "Partitioner returned a different partitioning than what was already found.  Partitioner returned %d shards, and shard "
        )
        text = text % count + "%s/part_0 was found, but " % name
        if "%s/part_%d" % (name, count - 1) not in self._vars:
            raise ValueError(text + "%s/part_%d was not." % (name, count - 1))
        if "%s/part_%d" % (name, count) in self._vars:
            raise ValueError(text + "so was the extra shard %s/part_%d." % (name, count))


_Sequence = collections.abc.Sequence


def _initial_value(initializer, shape, dtype, partition_info):
    """What to initialize a variable with, from an initializer, and the type to give it (None to leave it as it is)."""
    if inspect.isclass(initializer):
        initializer = initializer()
    if shape.is_fully_defined():
        options = dict(partition_info=partition_info) if _takes(initializer, "partition_info", only_named=True) else {}
        return lambda: initializer(shape.as_list(), dtype=dtype, **options), dtype.base_dtype
    if all(p.default is not p.empty or p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in _parameters(initializer)):
        return initializer, None
    raise ValueError(
        "The initializer passed is not valid. It should be a callable with no arguments and the shape should not be provided or an "
        "instance of `tf.keras.initializers.*' and `shape` should be fully defined."
    )


def _parameters(function):
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return []


def _takes(function, name, only_named=False):
    """Whether a function takes an argument of this name."""
    return any(p.name == name or p.kind is p.VAR_KEYWORD and not only_named for p in _parameters(function))


def _regularize(name, variable, regularizer):
    """Adds the regularization loss of a new variable to its collection."""
    with colocate_with(variable), name_scope(name + "/Regularizer/"):
        with init_scope():
            loss = regularizer(variable)
        if loss is not None:
            get_default_graph().add_to_collection("regularization_losses", loss)


def _call_partitioner(partitioner, shape, dtype):
    """What a partitioner says, checked."""
    if not shape.is_fully_defined():
        raise ValueError("Shape of a new partitioned variable must be fully defined, but instead was %s." % (shape,))
    if shape.ndims < 1:
        raise ValueError("A partitioned Variable must have rank at least 1, shape: %s" % shape)
    partitions = partitioner(shape=shape, dtype=dtype)
    if not isinstance(partitions, collections.abc.Sequence):
        raise ValueError("Partitioner must return a sequence, but saw: %s" % partitions)
    if len(partitions) != shape.ndims:
        raise ValueError("Partitioner returned a partition list that does not match the Variable's rank: %s vs. %s"
                         % (partitions, shape))  # fmt: skip
    if any(p < 1 for p in partitions):
        raise ValueError("Partitioner returned zero partitions for some axes: %s" % partitions)
    if sum(p > 1 for p in partitions) > 1:
        raise ValueError("Can only slice a variable along one dimension: shape: %s, partitioning: %s" % (shape, partitions))
    return partitions


def _divided_dimension(partitions):
    """The dimension that is divided, and into how many parts."""
    return next(((i, p) for i, p in enumerate(partitions) if p > 1), (0, 1))


def _slices(sizes, count, dim):
    """The offset and shape of each of `count` parts along a dimension; the first ones are larger by 1 if it does not come out."""
    least, excess = divmod(sizes[dim], count)
    begin = 0
    for i in range(count):
        size = least + (i < excess)
        offset, shape = [0] * len(sizes), list(sizes)
        offset[dim], shape[dim] = begin, size
        yield offset, shape
        begin += size
