"""Sums of many tensors of one shape, and multiples of a tensor that may be sparse."""

import functools
import operator

from ..core import dtypes, shape as shapes
from ..core.backprop import densify
from ..core.context import here, process
from ..core.convert import convert
from ..core.export import export
from ..core.indexed_slices import IndexedSlices
from ..core.op import Shape, op
from ..core.tensor import Tensor
from ..core.versions import shortcut, versioned
from .arithmetic import multiply
from .doors import eager_values
from .passing import identity


def _unequal(values):
    """TensorFlow's message for summands of different shapes."""
    first = values[0][0].shape
    i, other = next((i, v.shape) for i, v in enumerate(values[0]) if v.shape != first)
    text = "Inputs to operation AddN of type AddN must have the same size and shape.  Input 0: %s != input %d: %s"
    return text % (shapes.to_brackets(first), i, shapes.to_brackets(other))


def _summed(xp, inputs):
    """The sum of arrays, which must have one shape."""
    shape = inputs[0].shape
    if any([x.shape != shape for x in inputs]):
        raise ValueError("shapes differ")
    return functools.reduce(operator.add, inputs)


@op("AddN")
def _add_n(xp, inputs):
    return _summed(xp, inputs)


_add_n.explains(_unequal)


@_add_n.shape
def _(inputs):
    merged = None
    for i in range(len(inputs) - 1, -1, -1):
        try:
            merged = shapes.agree(inputs[i], merged)
        except ValueError as e:
            raise ValueError("%s\n\tFrom merging shape %d with other shapes." % (e, i)) from None
    return merged


@_add_n.grad
def _(g, inputs: Shape):
    return [g] * len(inputs)


def _samples_of_lists(make):
    yield ([make(2, 3), make(2, 3), make(2, 3)],)
    yield ([make()],)


_add_n.samples(_samples_of_lists)


@op("AccumulateNV2", ignores=("shape",))
def _accumulate_n_v2(xp, inputs):
    return _summed(xp, inputs)


_accumulate_n_v2.explains(_unequal)


@_accumulate_n_v2.shape
def _(inputs, *, shape):
    for s in inputs:
        shape = shapes.agree(shape, s)
    return shape


@_accumulate_n_v2.grad
def _(g, inputs: Shape):
    return [g] * len(inputs)


@_accumulate_n_v2.samples
def _(make):
    yield [make(2, 3), make(2, 3)], dict(shape=(2, 3))
    yield [make()], dict(shape=())


def _summands(inputs, error):
    """The arguments of a sum as tensors and `IndexedSlices`."""
    if not isinstance(inputs, (list, tuple)) or not inputs or any(x is None for x in inputs):
        raise error
    return [x if isinstance(x, IndexedSlices) else convert(x) for x in inputs]


@versioned
def _general_add_n(inputs, name):
    """`add_n` of anything that it works with."""
    if type(inputs) is not list or len(inputs) < 2:
        text = "inputs must be a list of at least one Tensor/IndexedSlices with the same dtype and shape"
        inputs = _summands(inputs, ValueError(text))
    if len(inputs) == 1:
        value = densify(inputs[0])
        return identity(value, name=name) if name else value
    return _add_n([densify(x) for x in inputs], name=name)


@export("add_n", "math.add_n")
@shortcut(_general_add_n)
def add_n(inputs, name=None):
    """The sum of tensors of one type and shape.

    Args:
      inputs: a list of tensors or `IndexedSlices`, which become dense.
      name: the name of the node.

    Raises:
      ValueError: there are no inputs or, in a graph, their shapes differ.
      InvalidArgumentError: their shapes differ.
    """
    if eager_values(inputs) and len(inputs) > 1 and (not process.busy or here.eager):
        return _add_n(list(inputs), name=name)
    return _general_add_n(inputs, name)


@export("accumulate_n", "math.accumulate_n")
def accumulate_n(inputs, shape=None, tensor_dtype=None, name=None):
    """The sum of tensors of one type and shape, as `add_n`.

    Args:
      inputs: a list of tensors.
      shape: the shape that they are expected to have.
      tensor_dtype: the type that they are expected to have.
      name: the name of the node.

    Raises:
      TypeError: they have another type than `tensor_dtype`.
      ValueError: there are no inputs, or their types or shapes differ.
    """
    error = ValueError("inputs must be a list of at least one Tensor with the same dtype and shape")
    inputs = _summands(inputs, error)
    if not all(isinstance(x, Tensor) and x.dtype == inputs[0].dtype for x in inputs):
        raise error
    shape = shapes.as_shape(shape)
    for x in inputs:
        shape = shape.merge_with(x.shape)
    if tensor_dtype is not None and dtypes.as_dtype(tensor_dtype) != inputs[0].dtype:
        raise TypeError("tensor_dtype is %s, but input is of type %s" % (tensor_dtype, inputs[0].dtype))
    if len(inputs) == 1:
        return inputs[0] if name is None else identity(inputs[0], name=name)
    if here.eager:
        return _add_n(inputs, name=name)
    return _accumulate_n_v2(inputs, shape=shape._dims, name=name)


@export("scalar_mul", "math.scalar_mul")
def scalar_mul(scalar, x, name=None):
    """A tensor, or `IndexedSlices`, times a scalar.

    Args:
      scalar: a number or tensor of static rank 0.
      x: a tensor or `IndexedSlices`.
      name: the name of the node.

    Raises:
      ValueError: `scalar` has another rank, or an unknown one.
    """
    scalar = convert(scalar, x.dtype.base_dtype, "scalar")
    if scalar._rank() != 0:
        raise ValueError("Only scalar multiply works, got shape %s" % scalar.shape)
    if isinstance(x, IndexedSlices):
        return IndexedSlices(multiply(scalar, x.values, name), x.indices, x.dense_shape)
    return multiply(scalar, x, name)
