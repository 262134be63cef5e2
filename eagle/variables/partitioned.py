"""`PartitionedVariable`: a variable in several parts along one dimension, and the partitioners that say how many."""

import math

from ..core.convert import register_tensor_conversion_function
from ..core.dispatch import registry
from ..core.dtypes import DType
from ..core.export import export
from ..core.scopes import control_dependencies, name_scope
from ..core.shape import TensorShape


@export("python.ops.variables.PartitionedVariable")
class PartitionedVariable:
    """The variables that are the parts of one, which as a tensor is their concatenation.

    Args:
      name: the name of the whole.
      shape: its `TensorShape`.
      dtype: the type of its elements.
      variable_list: the parts, each with a `SaveSliceInfo`.
      partitions: for each dimension into how many parts it is divided.

    Raises:
      TypeError, ValueError: the arguments don't fit together.
    """

    is_tensor_like = True

    def __init__(self, name, shape, dtype, variable_list, partitions):
        _check_parts(shape, variable_list, partitions)
        self._variable_list = sorted(variable_list, key=lambda v: v._get_save_slice_info().var_offset)
        self._name = name
        self._tensor_shape = shape
        self._dtype = dtype
        self._partitions = partitions

    name = property(lambda self: self._name)
    dtype = property(lambda self: self._dtype)
    shape = property(lambda self: self._tensor_shape)

    def get_shape(self):
        """The shape of the whole."""
        return self._tensor_shape

    def __iter__(self):
        return iter(self._variable_list)

    def __len__(self):
        axes = self._partition_axes()
        if len(axes) > 1:
            raise ValueError("Cannot get a length for %d > 1 partition axes" % len(axes))
        return len(self._variable_list)

    def _get_variable_list(self):
        return self._variable_list

    def _get_partitions(self):
        return self._partitions

    def _partition_axes(self):
        axes = [i for i, p in enumerate(self._partitions) if p > 1]
        return axes or [0]

    def as_tensor(self):
        """The whole as a tensor."""
        with control_dependencies(None):
            return self._concat()

    def _concat(self):
        parts = self._variable_list
        if len(parts) == 1:
            with name_scope(None):
                return registry["Identity"](parts[0], name=self._name)
        axes = self._partition_axes()
        if len(axes) > 1:
            raise NotImplementedError("Cannot concatenate along more than one dimension: %s.  Multi-axis partition concat is not "
                                      "supported" % axes)  # fmt: skip
        with name_scope(self._name + "/ConcatPartitions/"):
            whole = registry["ConcatV2"](parts, axes[0], name="concat")
        with name_scope(None):
            return registry["Identity"](whole, name=self._name)

    def _apply(self, method, value, use_locking, name, read_value):
        axes = self._partition_axes()
        if len(axes) > 1:
            raise NotImplementedError("Cannot do assign action along more than one dimension: %s.  Multi-axis partition assign "
                                      "action is not supported " % axes)  # fmt: skip
        if isinstance(value, list):
            if len(value) != len(self._variable_list):
                raise ValueError("Expected %d values for the parts, got %d" % (len(self._variable_list), len(value)))
            values = value
        elif isinstance(value, PartitionedVariable):
            values = list(value)
        else:
            sizes = [v.shape.as_list()[axes[0]] for v in self._variable_list]
            values = registry["SplitV"](value, sizes, axes[0], num_split=len(sizes), name="split")
        made = [getattr(v, method)(part, use_locking=use_locking, name=name) for v, part in zip(self._variable_list, values)]
        return made if read_value else [m.op for m in made]

    def assign(self, value, use_locking=False, name=None, read_value=True):
        """Gives each part its part of the value: a tensor, a list of tensors or another partitioned variable."""
        return self._apply("assign", value, use_locking, name, read_value)

    def assign_add(self, value, use_locking=False, name=None, read_value=True):
        """As `assign`, adding to the values."""
        return self._apply("assign_add", value, use_locking, name, read_value)

    def assign_sub(self, value, use_locking=False, name=None, read_value=True):
        """As `assign`, subtracting from the values."""
        return self._apply("assign_sub", value, use_locking, name, read_value)


def _check_parts(shape, variables, partitions):
    if not isinstance(variables, list | tuple):
        raise TypeError("variable_list is not a list or tuple: %s" % (variables,))
    if not isinstance(partitions, list | tuple):
        raise TypeError("partitions is not a list or tuple: %s" % (partitions,))
    if not all(p >= 1 for p in partitions):
        raise ValueError("partition values must be positive: %s" % (partitions,))
    if not variables:
        raise ValueError("variable_list may not be empty")
    for v in variables:
        info = v._get_save_slice_info()
        if info is None:
            raise ValueError("All variables must have a save_slice_info available: %s" % [v.name for v in variables])
        if len(shape) != len(partitions):
            raise ValueError("len(shape) != len(partitions): %s vs. %s" % (shape, partitions))
        if info.full_shape != shape:
            raise ValueError("All variables' full shapes must match shape: %s; but full shapes were: %s"
                             % (shape, str([info.full_shape])))  # fmt: skip


def _convert(variable, dtype=None, name=None, as_ref=False):
    if dtype is not None and not dtype.is_compatible_with(variable.dtype):
        raise ValueError("Incompatible type conversion requested to type '%s' for variable of type '%s'"
                         % (dtype.name, variable.dtype.name))  # fmt: skip
    if as_ref:
        raise NotImplementedError("PartitionedVariable doesn't support being used as a reference.")
    return variable.as_tensor()


register_tensor_conversion_function(PartitionedVariable, _convert)


# ---------------------------------------------------------------------------------------------------------- partitioners


@export("variable_axis_size_partitioner")
def variable_axis_size_partitioner(max_shard_bytes, axis=0, bytes_per_string_element=16, max_shards=None):
    """A partitioner that keeps the parts below a size.

    Args:
      max_shard_bytes: the largest size of a part.
      axis: the dimension that is divided.
      bytes_per_string_element: the size to reckon for a string.
      max_shards: the largest number of parts, or None.

    Raises:
      ValueError: a number is not positive.
    """
    if max_shard_bytes < 1 or bytes_per_string_element < 1:
        raise ValueError("Both max_shard_bytes and bytes_per_string_element must be positive.")
    if max_shards and max_shards < 1:
        raise ValueError("max_shards must be positive.")

    def partitioner(shape, dtype):
        if not isinstance(shape, TensorShape):
            raise ValueError("shape is not a TensorShape: %s" % (shape,))
        if not shape.is_fully_defined():
            raise ValueError("shape is not fully defined: %s" % shape)
        if not isinstance(dtype, DType):
            raise ValueError("dtype is not a DType: %s" % (dtype,))
        sizes = shape.as_list()
        slice_bytes = shape.num_elements() / sizes[axis] * _element_size(dtype, bytes_per_string_element)
        shards = math.ceil(sizes[axis] / max(1, math.floor(max_shard_bytes / slice_bytes)))
        return _along(axis, len(sizes), min(shards, max_shards) if max_shards else shards)

    return partitioner


def _element_size(dtype, size_of_string):
    return size_of_string if dtype.base_dtype.name == "string" else dtype.size


def _along(axis, rank, count):
    """Partitions of which one dimension has several."""
    partitions = [1] * rank
    partitions[axis] = count
    return partitions


@export("min_max_variable_partitioner")
def min_max_variable_partitioner(max_partitions=1, axis=0, min_slice_size=256 << 10, bytes_per_string_element=16):
    """A partitioner that makes as many parts as may be while each has a least size.

    Args:
      max_partitions: the largest number of parts.
      axis: the dimension that is divided.
      min_slice_size: the least size of a part in bytes.
      bytes_per_string_element: the size to reckon for a string.
    """

    def partitioner(shape, dtype):
        if axis >= len(shape):
            raise ValueError("Can not partition variable along axis %d when shape is only %s" % (axis, shape))
        total = shape.num_elements() * _element_size(dtype, bytes_per_string_element)
        count = min(shape.as_list()[axis], max_partitions, math.ceil(total / min_slice_size))
        return _along(axis, len(shape), max(1, count))

    return partitioner


@export("fixed_size_partitioner")
def fixed_size_partitioner(num_shards, axis=0):
    """A partitioner that divides a dimension into a fixed number of parts, or as many as it has entries if those are fewer."""

    def partitioner(shape, **unused):
        return _along(axis, len(shape), min(num_shards, shape.as_list()[axis]))

    return partitioner
