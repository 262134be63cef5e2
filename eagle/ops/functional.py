"""Functions of functions: `tf.map_fn`, `tf.foldl`, `tf.foldr`, `tf.scan`.

All are loops over the elements along the first dimension.
"""

from ..core import dtypes, nest
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.scopes import name_scope
from ..core.shape import TensorShape
from ..core.sparse_tensor import SparseTensor
from ..platform import tf_logging
from .tensor_arrays import TensorArray
from .while_loop import while_loop


class _Elements:
    """Tensors in a structure, taken apart along their first dimension.

    Attributes:
      flat: the tensors.
      count: how many elements there are: an int, or a tensor where that is not known.
    """

    def __init__(self, structure, with_shapes=False):
        self._structure = structure
        self.flat = [convert(t, name="elem") for t in nest.flatten(structure)]
        for t in self.flat:
            if t.shape.ndims == 0:
                if len(self.flat) == 1:
                    raise ValueError("elems must be a 1+ dimensional Tensor, not a scalar")
                raise ValueError("elements in elems must be 1+ dimensional Tensors, not scalars")
        first = self.flat[0]
        known = None if first.shape.ndims is None else first.shape.as_list()[0]
        self.count = registry["Shape"](first)[0] if known is None else known
        self._arrays = [
            TensorArray(t.dtype, self.count, element_shape=t.shape[1:] if with_shapes else None, infer_shape=True).unstack(t)
            for t in self.flat
        ]

    def read(self, i):
        """The elements at position `i`, in the structure."""
        return nest.pack_sequence_as(self._structure, [a.read(i) for a in self._arrays])

    def name_count(self, results):
        """Lets results, one for each element, have their known number."""
        known = self.flat[0].shape.with_rank_at_least(1)[:1]
        for t in self.flat[1:]:
            known = known.merge_with(t.shape.with_rank_at_least(1)[:1])
        if not here.eager:
            for r in results:
                r.set_shape(TensorShape(known).concatenate(r.shape[1:]))
        return results


def _check_callable(fn):
    if not callable(fn):
        raise TypeError("fn must be callable.")


@export("map_fn")
def map_fn(fn, elems, dtype=None, parallel_iterations=None, back_prop=True, swap_memory=False, infer_shape=True, name=None):
    """Applies a function to each element along the first dimension.

    Args:
      fn: a function of an element (in the structure of `elems`).
      elems: a tensor or a structure of tensors with equal first dimensions.
      dtype: the types of what `fn` returns, in its structure; by default those of `elems`.
      parallel_iterations: how many elements may be computed at a time; Eagle computes one after the other.
      back_prop: whether gradients can be asked for.
      swap_memory: whether values kept for gradients may leave an accelerator's memory.
      infer_shape: whether all results must have the same shape.
      name: the name scope.

    Returns:
      A tensor or a structure of tensors: the results stacked.

    Raises:
      TypeError: `fn` can't be called, or its result has another structure than `dtype`.
      ValueError: an element is a scalar.
    """
    _check_callable(fn)
    if isinstance(elems, SparseTensor):
        raise TypeError(
            "To perform a map over the values of a sparse tensor use either SparseTensor(input.indices, fn(input.values), "
            "input.dense_shape) or SparseTensor(input.indices, map_fn(fn, input.values), input.dense_shape)"
        )
    if here.eager and parallel_iterations and parallel_iterations > 1:
        tf_logging.log_first_n(
            tf_logging.WARN, "parallel_iterations > 1 has no effect when map_fn runs eagerly; inside a defun it may.", 1
        )
    with name_scope(name, "map", nest.flatten(elems)):
        elements = _Elements(elems)
        count = elements.count
        types = nest.map_structure(lambda t: t.dtype, nest.pack_sequence_as(elems, elements.flat)) if dtype is None else dtype
        results = [
            TensorArray(dtypes.as_dtype(t), count, infer_shape=infer_shape)
            for t in nest.flatten(types)
        ]  # fmt: skip

        def turn(i, arrays):
            value = fn(elements.read(i))
            nest.assert_same_structure(types, value)
            return i + 1, [a.write(i, v) for a, v in zip(arrays, nest.flatten(value))]

        _, results = while_loop(
            lambda i, _: i < count, turn, (convert(0, dtypes.int32), results),
            parallel_iterations=parallel_iterations or 10, back_prop=back_prop, swap_memory=swap_memory, maximum_iterations=count,
        )  # fmt: skip
        return nest.pack_sequence_as(types, elements.name_count([a.stack() for a in results]))


@export("vectorized_map")
def vectorized_map(fn, elems):
    """Applies a function to each element along the first dimension.

    TensorFlow computes all elements at a time; Eagle one after the other, as `map_fn`.

    Args:
      fn: a function of an element (in the structure of `elems`) that returns a structure of tensors.
      elems: a tensor or a structure of tensors with equal first dimensions.

    Returns:
      The results stacked, in the structure of what `fn` returns.
    """
    elems = nest.map_structure(convert, elems)
    with name_scope(None, "loop_body", nest.flatten(elems)):
        first = fn(nest.map_structure(lambda t: registry["GatherV2"](t, 0, 0), elems))  # tells the types and makes the variables
        first = nest.map_structure(convert, first)
        if here.eager:
            count = len(nest.flatten(elems)[0])
            rest = [fn(nest.map_structure(lambda t: registry["GatherV2"](t, i, 0), elems)) for i in range(1, count)]
            return nest.map_structure(lambda *rows: registry["Pack"](rows), first, *rest)
        return map_fn(fn, elems, nest.map_structure(lambda t: t.dtype, first))


def _fold(fn, elems, initializer, parallel_iterations, back_prop, swap_memory, name, default_name, backwards):
    _check_callable(fn)
    with name_scope(name, default_name, nest.flatten(elems)):
        elements = _Elements(elems)
        count = elements.count
        done = 0 if initializer is not None else 1
        if initializer is None:
            initializer = elements.read(count - 1 if backwards else 0)
        else:
            initializer = nest.map_structure(convert, initializer)
        if backwards:
            first, last = count - 1 - done, lambda i, _: i >= 0
        else:
            first, last = done, lambda i, _: i < count

        def turn(i, a):
            value = fn(a, elements.read(i))
            nest.assert_same_structure(initializer, value)
            return (i - 1 if backwards else i + 1), value

        _, result = while_loop(
            last, turn, (convert(first, dtypes.int32), initializer), parallel_iterations=parallel_iterations, back_prop=back_prop,
            swap_memory=swap_memory, maximum_iterations=count,
        )  # fmt: skip
        return result


@export("foldl")
def foldl(fn, elems, initializer=None, parallel_iterations=10, back_prop=True, swap_memory=False, name=None):
    """Combines the elements along the first dimension into one value, from the first to the last.

    Args:
      fn: a function of the value so far and an element.
      elems: a tensor or a structure of tensors with equal first dimensions.
      initializer: the value to begin with, a tensor or a structure; by default the first element.
      parallel_iterations, back_prop, swap_memory, name: as of `map_fn`.

    Returns:
      The last value.

    Raises:
      TypeError: `fn` can't be called, or its result has another structure than the value so far.
      ValueError: an element is a scalar.
    """
    return _fold(fn, elems, initializer, parallel_iterations, back_prop, swap_memory, name, "foldl", False)


@export("foldr")
def foldr(fn, elems, initializer=None, parallel_iterations=10, back_prop=True, swap_memory=False, name=None):
    """Combines the elements along the first dimension into one value, from the last to the first; else as `foldl`."""
    return _fold(fn, elems, initializer, parallel_iterations, back_prop, swap_memory, name, "foldr", True)


@export("scan")
def scan(fn, elems, initializer=None, parallel_iterations=10, back_prop=True, swap_memory=False, infer_shape=True, reverse=False,
         name=None):  # fmt: skip
    """All values on the way of a `foldl`, stacked.

    Args:
      fn: a function of the value so far and an element.
      elems: a tensor or a structure of tensors with equal first dimensions.
      initializer: the value to begin with, a tensor or a structure; by default the first element.
      parallel_iterations, back_prop, swap_memory, name: as of `map_fn`.
      infer_shape: whether all values must have the same shape.
      reverse: whether to go from the last element to the first; results stand where their elements stand.

    Returns:
      A tensor or structure of tensors with as many elements as `elems`.

    Raises:
      TypeError: `fn` can't be called, or its result has another structure than the value so far.
      ValueError: an element is a scalar.
    """
    _check_callable(fn)
    with name_scope(name, "scan", nest.flatten(elems)):
        elements = _Elements(elems, with_shapes=True)
        count, done = elements.count, 0 if initializer is not None else 1
        structure = elems if initializer is None else initializer
        if initializer is None:
            flat = nest.flatten(elements.read(count - 1 if reverse else 0))
        else:
            flat = [convert(t) for t in nest.flatten(initializer)]
        arrays = [
            TensorArray(t.dtype, count, element_shape=t.shape if infer_shape else None, infer_shape=infer_shape) for t in flat
        ]
        if initializer is None:
            arrays = [a.write(count - 1 if reverse else 0, t) for a, t in zip(arrays, flat)]
        if reverse:
            first, more = count - 1 - done, lambda i, *_: i >= 0
        else:
            first, more = done, lambda i, *_: i < count

        def turn(i, flat, arrays):
            value = fn(nest.pack_sequence_as(structure, flat), elements.read(i))
            nest.assert_same_structure(structure, value)
            flat = nest.flatten(value)
            return (i - 1 if reverse else i + 1), flat, [a.write(i, v) for a, v in zip(arrays, flat)]

        _, _, arrays = while_loop(
            more, turn, (convert(first, dtypes.int32), flat, arrays), parallel_iterations=parallel_iterations, back_prop=back_prop,
            swap_memory=swap_memory, maximum_iterations=count,
        )  # fmt: skip
        return nest.pack_sequence_as(structure, elements.name_count([a.stack() for a in arrays]))
