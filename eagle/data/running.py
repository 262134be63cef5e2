"""What runs when a dataset is iterated over.

A `DatasetValue` makes iterators: Python iterators of elements, which are tuples of values.  An iterator that raised an error can go
on with the element after it, which is why none of them is a generator.
"""

import copy
import functools
import threading
import weakref

import numpy as np

from ..core import dtypes
from ..core.dtypes import RESOURCE, VARIANT, Handle
from ..core.errors import InvalidArgumentError, OpError, OutOfRangeError
from ..core.func_graph import body_of
from ..core.state import State
from ..core.variants import Variants, variant_of
from ..ops.variable_state import VariableState
from ..run.codegen import Program
from ..run.effects import bodies_of, effects_of
from ..run.plan import Plan

INFINITE, UNKNOWN = -1, -2  # numbers of elements that are none


class DatasetValue(Handle):
    """The value of a variant tensor that is a dataset.

    Attributes:
      inputs: the datasets that it is made of.
    """

    __slots__ = ("__weakref__",)
    dtype = VARIANT
    inputs = ()

    def iterate(self, run, place):
        """A new iterator.

        Args:
          run: the `Run` to which it belongs.
          place: a string that tells it from other iterators of the run, but not from those of other epochs.
        """
        raise NotImplementedError(type(self).__name__)

    def size(self):
        """The number of elements, `INFINITE` or `UNKNOWN`."""
        return UNKNOWN

    def made_of(self, inputs):
        """This dataset with others in the place of its inputs."""
        made = copy.copy(self)
        made.inputs = tuple(inputs)
        return made


class Unary(DatasetValue):
    """A dataset made of one other dataset, `input`."""

    __slots__ = ("input",)

    def __init__(self, input):
        self.input = input

    @property
    def inputs(self):
        return (self.input,)

    def made_of(self, inputs):
        made = copy.copy(self)
        (made.input,) = inputs
        return made

    def upstream(self, run, place):
        """An iterator of the input."""
        return self.input.iterate(run, self.place_of_input(place))

    def place_of_input(self, place):
        """The place of an iterator of the input."""
        return place + type(self).__name__ + "/"


class Alias(Unary):
    """A dataset with the elements of its input."""

    __slots__ = ()

    def iterate(self, run, place):
        return self.input.iterate(run, place)

    def size(self):
        return self.input.size()


# ----------------------------------------------------------------------------------------------------------------- a run


class Run:
    """One iteration over a dataset: what its iterators share.

    Attributes:
      closed: whether threads of the run are to end.
    """

    def __init__(self, state):
        self.state = _RunState(state)
        self.closed = False
        self._kept = {}
        self._lock = threading.RLock()
        self._closing = weakref.WeakSet()
        self._programs = {}

    def keep(self, key, make):
        """What iterators at one place have in common through all epochs, made by `make()` at first."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                found = self._kept[key] = make()
            return found

    def closes(self, thing):
        """Has `thing.close()` called when the run ends."""
        self._closing.add(thing)
        if self.closed:
            thing.close()

    def close(self):
        """Ends all threads of the run."""
        self.closed = True
        for thing in list(self._closing):
            thing.close()

    def program(self, body):
        """The program of a function's body; one for all runs if it keeps nothing from call to call."""
        if not _keeps_state(body):
            if body._shared_program is None:
                body._shared_program = _Prepared(body, State())
            return body._shared_program
        with self._lock:
            found = self._programs.get(body)
            if found is None:
                found = self._programs[body] = _Prepared(body, self.state)
            return found


class _RunState(State):
    """The resources of a session, with slots of the run's own: random generators in functions begin anew with each run."""

    def __init__(self, shared):
        super().__init__()
        self.shared = shared
        self.resources = shared.resources
        self.lock = shared.lock


def _keeps_state(body):
    for node in body.get_operations():
        spec = node.spec
        if spec is not None and (spec.asks_state or ("numpy" in spec.emitters and node.definition.is_stateful)):
            if node.type not in ("PartitionedCall", "StatefulPartitionedCall", "If", "While", "Case"):
                return True
        if any(map(_keeps_state, bodies_of(node))):
            return True
    return False


class _Prepared:
    """The program of a function's body.

    Outputs that are inputs are passed on without it.
    """

    def __init__(self, body, state):
        passed = [_as_input(t, body) for t in body.outputs]
        computed = [t for t, number in zip(body.outputs, passed) if number is None]
        # Values that no variable holds may be passed on without a copy: nobody writes into them.
        self._is_part = not _meets_variables(body)
        self.program = Program(Plan(body.inputs, computed, effects_of(body), replaced=()), state, self._is_part)
        has_text = not self._is_part and any(t._dtype.base_dtype is dtypes.string for t in computed)
        self.is_simple = len(computed) == len(passed) and not has_text
        self._passed = passed

    def call(self, values):
        """The outputs for the values of the inputs, a tuple."""
        results = self.program.function(*values)
        if self.is_simple:
            return tuple(results)
        if not self._is_part:
            results = [text(v) if type(v) is bytes else v for v in results]
        rest = iter(results)
        return tuple([next(rest) if number is None else values[number] for number in self._passed])


def _meets_variables(body):
    """Whether a function's body uses variables, whose values change in place."""
    for node in body.get_operations():
        if any(t._dtype._is_ref_dtype or t._dtype is dtypes.resource for t in (*node.outputs, *node._inputs)):
            return True
        if any(map(_meets_variables, bodies_of(node))):
            return True
    return False


def _as_input(tensor, body):
    """The number of the input that an output is, or None if it is computed."""
    while tensor.op.type == "Identity" and not tensor.op._control_inputs:
        tensor = tensor.op._inputs[0]
    return body.inputs.index(tensor) if tensor.op.graph is body and tensor in body.inputs else None


class Function:
    """A traced function with the values that it captured.

    Args:
      function: a `GraphFunction`.
      captured: a list of values.
    """

    __slots__ = ("body", "captured", "_reads")

    def __init__(self, function, captured):
        self.body = body_of(function)
        self.captured = tuple(captured)
        inputs = self.body.inputs[len(self.body.inputs) - len(self.captured) :]
        self._reads = [
            type(c) is VariableState and t._dtype.base_dtype is not dtypes.resource for c, t in zip(self.captured, inputs)
        ]

    def bind(self, run):
        """What calls the function: from an element (a tuple of values) to its results, a tuple.

        A function that raises OutOfRangeError ends the dataset.
        """
        prepared, captured = run.program(self.body), self.captured
        function, is_simple, failed = prepared.program.function, prepared.is_simple, self._failed(prepared)
        if any(self._reads):
            return self._live(prepared, failed)

        def call(element):
            try:
                if is_simple:
                    return tuple(function(*element, *captured))
                return prepared.call((*element, *captured))
            except Exception as e:
                raise failed(e) from e

        return call

    def bind_numbered(self, run, may_end=True):
        """As `bind`, but what it gives takes pairs of number and element; errors tell the number.

        Args:
          run: the `Run`.
          may_end: whether the function may end the dataset.
        """
        prepared, captured = run.program(self.body), self.captured
        function, is_simple, failed = prepared.program.function, prepared.is_simple, self._failed(prepared, may_end)
        if any(self._reads):
            call_live = self._live(prepared, failed)
            return lambda pair: call_live(pair[1], pair[0])

        def call(pair):
            try:
                if is_simple:
                    return tuple(function(*pair[1], *captured))
                return prepared.call((*pair[1], *captured))
            except Exception as e:
                raise failed(e, pair[0]) from e

        return call

    def _live(self, prepared, failed):
        """As `bind`, for a function that captured ref variables: their values are read at each call."""

        def call(element, number=None):
            try:
                captured = [c.value if is_read else c for c, is_read in zip(self.captured, self._reads)]
                return prepared.call((*element, *captured))
            except Exception as e:
                raise failed(e, number) from e

        return call

    def _failed(self, prepared, may_end=True):
        """A function from what a call raised, and the number of its element, to what is to be raised."""

        def failed(error, number=None):
            error = prepared.program.failure(error)
            if isinstance(error, OutOfRangeError):
                if may_end:
                    return StopIteration()
                error = InvalidArgumentError(None, None, "Function invocation produced OutOfRangeError: " + error.message)
            return error if number is None else _with_element(error, number)

        return failed


def _with_element(error, number):
    """An error with the number of its element in the message."""
    if not isinstance(error, OpError):
        return error
    return type(error)(error._node_def, error._op, "%s\n\t (in element %d of a dataset)" % (error.message, number))


# -------------------------------------------------------------------------------------------------- values of components


text = functools.partial(np.array, dtype=object)  # a string as the value of a scalar tensor


def rows(value):
    """An iterator of the values along the first dimension."""
    if isinstance(value, Variants):
        return map(variant_of, value.items)
    if value.ndim == 1 and value.dtype.hasobject:
        return map(text, value)
    return iter(value)


def part_of(value, where):
    """The values at a slice, or a list of positions, of the first dimension."""
    if isinstance(value, Variants):
        return Variants(value.items[where])
    return value[where] if isinstance(where, slice) else value.take(where, 0)


def stack(values):
    """Values of equal shape in a new first dimension."""
    first = values[0]
    if isinstance(first, Handle):
        return Variants(_stack_variants(values))
    if first.ndim and not first.dtype.hasobject:
        out = np.empty((len(values), *first.shape), first.dtype)
        if first.nbytes < 4096:
            np.concatenate(values, out=out.reshape(len(values) * first.shape[0], *first.shape[1:]))
        else:
            for i, v in enumerate(values):
                out[i] = v
        return out
    if first.dtype.hasobject:
        out = np.empty((len(values), *first.shape), object)
        for i, v in enumerate(values):
            out[i] = v if v.ndim else v[()]
        return out
    return np.array(values, first.dtype)


def _stack_variants(values):
    first = values[0]
    if not isinstance(first, Variants):
        return dtypes.object_array(values)
    return np.stack([v.items for v in values])


def shape_of(value):
    return tuple(value.shape)


class Resource(Handle):
    """The base of resources that are values of tensors."""

    __slots__ = ("__weakref__",)
    dtype = RESOURCE
