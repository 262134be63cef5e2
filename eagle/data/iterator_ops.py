"""Iterators as resources: what `tf.data.Iterator` and loops over datasets run."""

import itertools
import threading
import weakref

import numpy as np

from ..core import errors, shape as shapes
from ..core.constant import eager_name
from ..core.dtypes import FROM_NUMPY
from ..core.errors import invalid
from ..core.op import State, op
from .running import Function, Resource, Run, text


class IteratorResource(Resource):
    """An iterator that operations share.

    Attributes:
      key: the container and the name, by which a string handle finds it.
      types, shapes: of the components of its elements.
    """

    __slots__ = ("key", "types", "shapes", "_run", "_iterator", "_lock", "_dataset", "_count")

    def __init__(self, key, types, shapes):
        self.key, self.types, self.shapes = key, types, shapes
        self._run = self._iterator = self._dataset = None
        self._count = 0
        self._lock = threading.RLock()

    def begin(self, dataset, state):
        """Begins with the first element of a dataset."""
        run = Run(state)
        iterator = dataset.iterate(run, "")
        with self._lock:
            before, self._run, self._iterator = self._run, run, iterator
            self._dataset, self._count = dataset, 0
        if before is not None:
            before.close()

    def next(self):
        """The next element.

        Raises:
          FailedPreconditionError: it has not begun.
          OutOfRangeError: there is none.
        """
        with self._lock:
            if self._iterator is None:
                raise _not_initialized("GetNext", "getting the next element")
            try:
                element = next(self._iterator)
            except StopIteration:
                raise errors.OutOfRangeError(None, None, "End of sequence") from None
            self._count += 1
            return element

    def position(self):
        """How many elements it has given.

        Raises:
          FailedPreconditionError: it has not begun.
        """
        if self._iterator is None:
            raise _not_initialized("Save", "saving it")
        return np.int64(self._count)

    def set_position(self, position):
        """Goes on behind so many elements of its dataset.

        Raises:
          FailedPreconditionError: it has not begun.
        """
        with self._lock:
            if self._iterator is None:
                raise _not_initialized("Restore", "restoring it")
            self.begin(self._dataset, self._run.state.shared)
            for _ in range(position):
                self.next()

    def close(self):
        run = self._run
        if run is not None:
            run.close()

    def __del__(self):
        self.close()


def _not_initialized(method, purpose):
    return errors.FailedPreconditionError(
        None, None,
        "%s() failed because the iterator has not been initialized. Ensure that you have run the initializer operation for this "
        "iterator before %s." % (method, purpose),
    )  # fmt: skip


_anonymous = weakref.WeakValueDictionary()  # name -> iterator of eager execution or of a function
_numbers = itertools.count()


def _vector(*inputs):
    return ()


@op("IteratorV2", host=True, foldable=False)
def _iterator(xp, *, shared_name, container, output_types, output_shapes, state: State):
    name = shared_name or (state.node_name or "")
    return state.resource(container, name, lambda: IteratorResource((container, name), output_types, output_shapes))


@op("Iterator", host=True, foldable=False)
def _old_iterator(xp, *, shared_name, container, output_types, output_shapes, state: State):
    name = shared_name or (state.node_name or "")
    return state.resource(container, name, lambda: IteratorResource((container, name), output_types, output_shapes))


def _made_anonymous(types, shapes):
    name = "AnonymousIterator%d" % next(_numbers)
    made = IteratorResource(("", name), types, shapes)
    _anonymous[name] = made
    return made


@op("AnonymousIterator", host=True, foldable=False)
def _anonymous_iterator(xp, *, output_types, output_shapes):
    return _made_anonymous(output_types, output_shapes)


@op("AnonymousIteratorV2", host=True, foldable=False)
def _anonymous_iterator_v2(xp, *, output_types, output_shapes):
    made = _made_anonymous(output_types, output_shapes)
    return made, Deleter()


class Deleter(Resource):
    """The value of a tensor whose life a resource's hangs on; here the resource's own value is enough."""

    __slots__ = ()


@op("DeleteIterator", host=True)
def _delete(xp, handle, deleter):
    handle.close()
    return ()


@op("OneShotIterator", host=True, foldable=False)
def _one_shot(xp, *, dataset_factory, output_types, output_shapes, container="", shared_name="", state: State):
    name = shared_name or (state.node_name or "")

    def make():
        iterator = IteratorResource((container, name), output_types, output_shapes)
        (dataset,) = Function(dataset_factory, ()).bind(Run(_shared(state)))(())
        iterator.begin(dataset, _shared(state))
        return iterator

    return state.resource(container, name, make)


def _shared(state):
    """The state of the session behind that of a node."""
    return getattr(state, "_state", state)


@op("MakeIterator", host=True)
def _make(xp, dataset, iterator, *, state: State):
    iterator.begin(dataset, _shared(state))
    return ()


def checked(element, output_types, output_shapes):
    """An element of the promised types and shapes, as a list."""
    if len(element) != len(output_types):
        raise invalid("Number of components does not match: expected %d types but got %d.", len(output_types), len(element))
    for i, (v, t, s) in enumerate(zip(element, output_types, output_shapes)):
        if FROM_NUMPY[v.dtype] is not t:
            raise invalid("Data type mismatch at component %d: expected %s but got %s.",
                          i, eager_name(t), eager_name(FROM_NUMPY[v.dtype]))  # fmt: skip
        if s is not None and not shapes.compatible(s, v.shape):
            raise invalid("Incompatible shapes at component %d: expected %s but got %s.",
                          i, shapes.to_brackets(s), shapes.to_brackets(v.shape))  # fmt: skip
    return list(element)


@op("IteratorGetNext", host=True, foldable=False)
def _get_next(xp, iterator, *, output_types, output_shapes):
    return checked(iterator.next(), output_types, output_shapes)


@op("IteratorGetNextSync", host=True, foldable=False)
def _get_next_sync(xp, iterator, *, output_types, output_shapes):
    return checked(iterator.next(), output_types, output_shapes)


for _declared in (_get_next, _get_next_sync):
    _declared.not_differentiable()

    @_declared.shape
    def _(iterator, *, output_shapes):
        return list(output_shapes)


@op("IteratorToStringHandle", host=True, foldable=False)
def _to_string(xp, resource_handle):
    return text(("\0".join(resource_handle.key)).encode())


def _from_string(string_handle, output_types, output_shapes, state):
    value = string_handle.item() if isinstance(string_handle, np.ndarray) else string_handle
    container, _, name = value.decode("latin1").partition("\0")
    found = _anonymous.get(name) or state.resources.get((container, name))
    if not isinstance(found, IteratorResource):
        raise errors.NotFoundError(
            None, None, "Resource %s/%s/N10tensorflow4data16IteratorResourceE does not exist." % (container, name)
        )
    _check_same(found, output_types, output_shapes)
    return found


def _check_same(iterator, types, wanted):
    if types and types != iterator.types:
        for i, (a, b) in enumerate(zip(types, iterator.types)):
            if a is not b:
                raise invalid("Data type mismatch at component %d: expected %s but got %s.", i, eager_name(a), eager_name(b))
        raise invalid("Number of components does not match: expected %d types but got %d.", len(types), len(iterator.types))
    for i, (a, b) in enumerate(zip(wanted, iterator.shapes)):
        if not shapes.compatible(a, b):
            raise invalid("Incompatible shapes at component %d: expected %s but got %s.",
                          i, shapes.to_brackets(a), shapes.to_brackets(b))  # fmt: skip


@op("IteratorFromStringHandle", host=True, foldable=False)
def _from_string_handle(xp, string_handle, *, output_types=(), output_shapes=(), state: State):
    return _from_string(string_handle, output_types, output_shapes, _shared(state))


@op("IteratorFromStringHandleV2", host=True, foldable=False)
def _from_string_handle_v2(xp, string_handle, *, output_types=(), output_shapes=(), state: State):
    return _from_string(string_handle, output_types, output_shapes, _shared(state))


@op("IteratorGetDevice", host=True)
def _device(xp, resource):
    return text(b"/job:localhost/replica:0/task:0/device:CPU:0")


for _declared in (_iterator, _old_iterator, _anonymous_iterator, _one_shot, _to_string, _from_string_handle,
                  _from_string_handle_v2, _device):  # fmt: skip
    _declared.shape(_vector)
    _declared.not_differentiable()
_anonymous_iterator_v2.shape(lambda: [(), ()])
for _declared in (_anonymous_iterator_v2, _delete, _make):
    _declared.not_differentiable()


# ---------------------------------------------------------------------------------------------- datasets as plain values


@op("DatasetToSingleElement", host=True, foldable=False, acts=True)
def _single_element(xp, dataset, *, output_types, output_shapes, state: State):
    run = Run(_shared(state))
    try:
        iterator = dataset.iterate(run, "")
        element = next(iterator, None)
        if element is None:
            raise invalid("Dataset was empty.")
        if next(iterator, None) is not None:
            raise invalid("Dataset had more than one element.")
        return checked(element, output_types, output_shapes)
    finally:
        run.close()


@op("ReduceDataset", host=True, foldable=False, acts=True, ignores=("Tstate", "Targuments", "use_inter_op_parallelism"))
def _reduce(xp, input_dataset, initial_state, other_arguments, *, f, output_types, output_shapes, state: State):
    run = Run(_shared(state))
    try:
        call = Function(f, other_arguments).bind(run)
        value = tuple(initial_state)
        for element in input_dataset.iterate(run, ""):
            try:
                following = call(value + element)
            except StopIteration:
                break
            if len(following) != len(value):
                raise invalid("The number of components of the initial state and the reduce function output does not match. "
                              "(initial_state=%d, output=%d).", len(value), len(following))  # fmt: skip
            value = following
        return checked(value, output_types, output_shapes)
    finally:
        run.close()


for _declared in (_single_element, _reduce):
    _declared.not_differentiable()


@_single_element.shape
def _(dataset, *, output_shapes):
    return list(output_shapes)


@_reduce.shape
def _(input_dataset, initial_state, other_arguments, *, output_shapes):
    return list(output_shapes)


@op("DatasetCardinality", host=True, foldable=False)
def _cardinality(xp, input_dataset):
    return np.int64(input_dataset.size())


@op("ExperimentalDatasetCardinality", host=True, foldable=False)
def _experimental_cardinality(xp, input_dataset):
    return np.int64(input_dataset.size())


for _declared in (_cardinality, _experimental_cardinality):
    _declared.shape(_vector)
    _declared.not_differentiable()
