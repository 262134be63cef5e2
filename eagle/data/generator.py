"""The Python side of `Dataset.from_generator`."""

import threading

import numpy as np

from ..core import dtypes
from ..core.constant import to_array
from ..core.export import public
from .structures import flatten, flatten_up_to, pack_sequence_as


class Generators:
    """The iterators under way of a Python generator, by number."""

    def __init__(self, generator):
        self._generator = generator
        self._lock = threading.Lock()
        self._arguments, self._iterators = {}, {}
        self._next = 0

    def begin(self, *arguments):
        """The number of a new iterator."""
        with self._lock:
            number, self._next = self._next, self._next + 1
        self._arguments[number] = arguments
        return np.array(number, np.int64)

    def get(self, number):
        number = int(number)
        found = self._iterators.get(number)
        if found is None:
            found = self._iterators[number] = iter(self._generator(*self._arguments.pop(number)))
        return found

    def end(self, number):
        self._iterators.pop(int(number), None)
        self._arguments.pop(int(number), None)
        return np.array(0, np.int64)


def generator_functions(generator, output_types, output_shapes, arguments):
    """The functions of tensors that begin an iterator, give its next element, and end it.

    Args:
      generator: the Python function.
      output_types, output_shapes: the structures of types and of shapes.
      arguments: the tensors to be passed to it.
    """
    state = Generators(generator)
    types = [dtypes.as_dtype(t) for t in flatten(output_types)]
    shapes = flatten(output_shapes)
    element = _Element(output_types, types, shapes)

    def get_iterator_id_fn(unused_dummy):
        return public.numpy_function(state.begin, arguments, dtypes.int64)

    def generator_next_fn(iterator_id_t):
        flat = public.numpy_function(lambda number: element.arrays(next(state.get(number))), [iterator_id_t], types)
        for t, s in zip(flat, shapes):
            t.set_shape(s)
        return pack_sequence_as(output_types, flat)

    def finalize_fn(iterator_id_t):
        return public.numpy_function(state.end, [iterator_id_t], dtypes.int64)

    return get_iterator_id_fn, generator_next_fn, finalize_fn


class _Element:
    """The conversion of what a generator gives."""

    def __init__(self, structure, types, shapes):
        self._structure, self._types, self._shapes = structure, types, shapes
        self._checks = [(t, t.np, s._dims, s) for t, s in zip(types, shapes)]

    def arrays(self, values):
        """The arrays of an element.

        Raises:
          TypeError, ValueError: it has another structure, type or shape than was promised.
        """
        try:
            flat = flatten_up_to(self._structure, values)
        except (TypeError, ValueError):
            raise TypeError(
                "`generator` yielded an element that did not match the expected structure. The expected structure was %s, but the "
                "yielded element was %s." % (self._structure, values)
            ) from None
        return [self._array(value, *check) for value, check in zip(flat, self._checks)]

    def _array(self, value, dtype, wanted, dims, shape):
        if type(value) is not np.ndarray or value.dtype != wanted:
            try:
                value = _converted(value, dtype)
            except (TypeError, ValueError):
                raise TypeError(
                    "`generator` yielded an element that could not be converted to the expected type. The expected type was %s, "
                    "but the yielded element was %s." % (dtype.name, value)
                ) from None
            if value.dtype != wanted:
                raise TypeError(
                    "`generator` yielded an element of type %s where an element of type %s was expected."
                    % (value.dtype, dtype.as_numpy_dtype)
                )
        if dims is not None and value.shape != dims and not shape.is_compatible_with(value.shape):
            raise ValueError(
                "`generator` yielded an element of shape %s where an element of shape %s was expected." % (value.shape, shape)
            )
        return value


def _converted(value, dtype):
    """A value as an array of a type."""
    if dtype is dtypes.string:
        return np.asarray(to_array(value, None))
    return np.asarray(value, dtype=dtype.np)
