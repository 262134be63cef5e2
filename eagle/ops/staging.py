"""Staging areas: elements that one step puts and a later one gets."""

from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.scopes import colocate_with, name_scope
from ..core.shape import TensorShape
from . import staging_ops  # noqa: F401  (declares the ops)
from .flow import no_op
from .queues import values_of


class BaseStagingArea:
    """What `StagingArea` and `MapStagingArea` share; the arguments are told there.

    Raises:
      ValueError: there are not as many shapes or names as types, or `shared_name` is no string.
    """

    def __init__(self, dtypes, shapes=None, names=None, shared_name=None, capacity=0, memory_limit=0):
        if shared_name is None:
            shared_name = get_default_graph().unique_name(type(self).__name__)
        elif not isinstance(shared_name, str):
            raise ValueError("shared_name must be a string")
        for values, what in ((shapes, "shapes"), (names, "names")):
            if values is not None and len(values) != len(dtypes):
                raise ValueError("StagingArea %s must be the same length as dtypes" % what)
        self._name, self._dtypes, self._names = shared_name, dtypes, names
        self._shapes = [TensorShape(None) for _ in dtypes] if shapes is None else [TensorShape(s) for s in shapes]
        self._capacity, self._memory_limit = capacity, memory_limit
        with name_scope("%s_root" % self._name):
            self._coloc_op = no_op()

    @property
    def name(self):
        """The name under which operations share the area."""
        return self._name

    @property
    def dtypes(self):
        """The types of the components of an element."""
        return self._dtypes

    @property
    def shapes(self):
        """The shapes of the components."""
        return self._shapes

    @property
    def names(self):
        """The names of the components, or None."""
        return self._names

    @property
    def capacity(self):
        """The most elements, or 0."""
        return self._capacity

    @property
    def memory_limit(self):
        """The most bytes, or 0."""
        return self._memory_limit

    def _options(self, name):
        """The keywords that all ops of the area have."""
        return {"shared_name": self._name, "name": name, "capacity": self._capacity, "memory_limit": self._memory_limit}

    def _root(self):
        """The scope in which operations stand where the area is."""
        return colocate_with(None if here.eager else self._coloc_op)

    def _check_put_dtypes(self, vals, indices=None):
        """The components of an element (tensors), and their numbers."""
        if isinstance(vals, dict):
            vals, indices = self._named(vals)
        elif self._names:
            raise ValueError("You must enqueue a dictionary in a staging area with names")
        elif indices is None:
            raise ValueError("Indices must be supplied when inserting a list of tensors")
        elif len(indices) != len(vals):
            raise ValueError("Number of indices '%d' doesn't match number of values '%d'" % (len(indices), len(vals)))
        if len(vals) > len(self._dtypes):
            raise ValueError("Unexpected number of inputs '%d' vs '%d'" % (len(vals), len(self._dtypes)))
        tensors = []
        for value, i in zip(vals, indices):
            if value.dtype != self._dtypes[i]:
                raise ValueError("Datatypes do not match. '%s' != '%s'" % (value.dtype, self._dtypes[i]))
            value.get_shape().assert_is_compatible_with(self._shapes[i])
            tensors.append(convert(value, self._dtypes[i], "component_%d" % i))
        return tensors, indices

    def _named(self, vals):
        """The components in a dictionary, in the order of the names, and their numbers."""
        if not self._names:
            raise ValueError("Staging areas must have names to enqueue a dictionary")
        if not set(vals) <= set(self._names):
            raise ValueError("Keys in dictionary to put do not match names of staging area. Dictionary: (%s), Queue: (%s)"
                             % (sorted(vals), sorted(self._names)))  # fmt: skip
        indices = [i for i, name in enumerate(self._names) if name in vals]
        return [vals[self._names[i]] for i in indices], indices

    def _here(self, tensors):
        """Tensors where the caller is: copies, if the area is on another device."""
        if no_op().device == self._coloc_op.device:
            return tensors
        return [registry["Identity"](t) for t in tensors]

    def _get_return_value(self, tensors, indices):
        """What `get` and `peek` return: a list of tensors, or a dictionary."""
        tensors = self._here(tensors)
        for tensor, i in zip(tensors, indices):
            tensor.set_shape(self._shapes[i])
        return {self._names[i]: t for t, i in zip(tensors, indices)} if self._names else tensors


@export("contrib.staging.StagingArea", "python.ops.data_flow_ops.StagingArea")
class StagingArea(BaseStagingArea):
    """Elements of tensors that one step puts and a later one gets, in the order in which they came.

    Args:
      dtypes: a list of the types of the components of an element.
      shapes: a list of their shapes, or None.
      names: a list of their names: elements are dictionaries then.
      shared_name: the name under which operations share the area; by default one of its own.
      capacity: the most elements, for which `put` waits; 0 is no limit.
      memory_limit: the most bytes of all elements, for which `put` waits; 0 is no limit.

    Raises:
      ValueError: there are not as many shapes or names as types, or `shared_name` is no string.
    """

    def put(self, values, name=None):
        """An operation that adds an element.

        Args:
          values: a tensor, a list of tensors or a dictionary.
          name: the name of the operation.

        Raises:
          ValueError: types, shapes, the number of values or their names are not the area's.
        """
        with name_scope(name, "%s_put" % self._name, values_of(values)) as scope:
            if not isinstance(values, list | tuple | dict):
                values = [values]
            values, _ = self._check_put_dtypes(values, range(len(values)))
            with self._root():
                return registry["Stage"](values, **self._options(scope))

    def get(self, name=None):
        """Takes the first element, and waits for it; a list of tensors or a dictionary."""
        with self._root():
            values = registry["Unstage"](dtypes=self._dtypes, **self._options(name or "%s_get" % self._name))
        return self._get_return_value(_as_list(values), range(len(self._dtypes)))

    def peek(self, index, name=None):
        """The element of a number, which stays there; waits until there are so many."""
        with self._root():
            values = registry["StagePeek"](index, dtypes=self._dtypes, **self._options(name or "%s_peek" % self._name))
        return self._get_return_value(_as_list(values), range(len(self._dtypes)))

    def size(self, name=None):
        """The number of elements, an int32 tensor."""
        return registry["StageSize"](dtypes=self._dtypes, **self._options(name or "%s_size" % self._name))

    def clear(self, name=None):
        """An operation that removes all elements."""
        return registry["StageClear"](dtypes=self._dtypes, **self._options(name or "%s_clear" % self._name))


def _as_list(values):
    return list(values) if isinstance(values, list | tuple) else [values]


@export("python.ops.data_flow_ops.MapStagingArea")
class MapStagingArea(BaseStagingArea):
    """Elements of tensors that one step puts with a key and a later one gets, whole or in parts.

    Args:
      dtypes, shapes, names, shared_name, capacity, memory_limit: as of `StagingArea`.
      ordered: whether `get` without a key takes the element with the least key, not just any.
    """

    def __init__(self, dtypes, shapes=None, names=None, shared_name=None, ordered=False, capacity=0, memory_limit=0):
        super().__init__(dtypes, shapes, names, shared_name, capacity, memory_limit)
        self._ordered = ordered

    def _op(self, kind):
        return registry[("OrderedMap" if self._ordered else "Map") + kind]

    def put(self, key, vals, indices=None, name=None):
        """An operation that adds an element, or some components of it.

        Args:
          key: an int64 scalar.
          vals: a list of tensors or a dictionary.
          indices: the numbers of the components, for a list.
          name: the name of the operation.

        Raises:
          ValueError: types, shapes, numbers or names are not the area's.
        """
        with name_scope(name, "%s_put" % self._name, values_of(vals)) as scope:
            vals, indices = self._check_put_dtypes(vals, indices)
            with self._root():
                return self._op("Stage")(key, list(indices), vals, dtypes=self._dtypes, **self._options(scope))

    def _get_indices_and_dtypes(self, indices=None):
        """The numbers of components, given by numbers or names, and their types."""
        if indices is None:
            indices = list(range(len(self._dtypes)))
        if not isinstance(indices, list | tuple):
            raise TypeError("Invalid indices type '%s'" % type(indices))
        if not indices:
            raise ValueError("Empty indices")
        if all(isinstance(i, str) for i in indices):
            if self._names is None:
                raise ValueError("String indices provided '%s', but this Staging Area was not created with names." % (indices,))
            for name in indices:
                if name not in self._names:
                    raise ValueError("Named index '%s' not in Staging Area names '%s'" % (name, self._names))
            indices = [self._names.index(name) for name in indices]
        elif not all(isinstance(i, int) for i in indices):
            raise TypeError("Mixed types in indices '%s'. May only be str or int" % (indices,))
        return indices, [self._dtypes[i] for i in indices]

    def peek(self, key, indices=None, name=None):
        """Components of the element with a key, which stay there; waits for it."""
        return self._of_key("Peek", key, indices, name or "%s_pop" % self._name)

    def _of_key(self, kind, key, indices, name):
        indices, dtypes = self._get_indices_and_dtypes(indices)
        with self._root():
            values = self._op(kind)(key, indices, dtypes=dtypes, **self._options(name))
        return self._get_return_value(_as_list(values), indices)

    def get(self, key=None, indices=None, name=None):
        """Takes components of the element with a key, and waits for it.

        Args:
          key: an int64 scalar; None for any element, or that with the least key if the area is ordered.
          indices: numbers or names of the components; by default all. With the last one the element is gone.
          name: the name of the operation.

        Returns:
          The key, and a list of tensors or a dictionary.
        """
        if key is not None:
            return key, self._of_key("Unstage", key, indices, name or "%s_get" % self._name)
        indices, dtypes = self._get_indices_and_dtypes(indices)
        with self._root():
            key, values = self._op("UnstageNoKey")(indices, dtypes=dtypes, **self._options(name or "%s_get_nokey" % self._name))
        return self._here([key])[0], self._get_return_value(_as_list(values), indices)

    def size(self, name=None):
        """The number of whole elements, an int32 tensor."""
        return self._op("Size")(dtypes=self._dtypes, **self._options(name or "%s_size" % self._name))

    def incomplete_size(self, name=None):
        """The number of elements of which components lack, an int32 tensor."""
        return self._op("IncompleteSize")(dtypes=self._dtypes, **self._options(name or "%s_incomplete_size" % self._name))

    def clear(self, name=None):
        """An operation that removes all elements."""
        return self._op("Clear")(dtypes=self._dtypes, **self._options(name or "%s_clear" % self._name))
