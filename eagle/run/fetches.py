"""What `Session.run` is asked for: any nesting of tensors, operations and names, and what stands for them."""

import collections.abc

from ..core.errors import InvalidArgumentError
from ..core.export import export
from ..core.indexed_slices import IndexedSlices, IndexedSlicesValue
from ..core.operation import Operation
from ..core.session_tensors import TensorHandle
from ..core.sparse_tensor import SparseTensor, SparseTensorValue
from .feeds import register_feed

_expansions = []  # (type, function from a fetch to (elements, function from their values to the result))


def register_expansion(kind, expand):
    """Registers how objects of a type are fetched; the newest registration is tried first.

    Args:
      kind: a type.
      expand: gives for an object a list of graph elements and a function from their values to the result.
    """
    _expansions.insert(0, (kind, expand))


register_expansion(object, lambda fetch: ([fetch], lambda values: values[0]))
register_expansion(
    SparseTensor, lambda fetch: ([fetch.indices, fetch.values, fetch.dense_shape], lambda values: SparseTensorValue(*values))
)


def _expand_slices(fetch):
    parts = [fetch.values, fetch.indices] + ([] if fetch.dense_shape is None else [fetch.dense_shape])
    return parts, lambda values: IndexedSlicesValue(*values, *[None] * (3 - len(values)))


register_expansion(IndexedSlices, _expand_slices)


@export("python.client.session.register_session_run_conversion_functions")
def register_session_run_conversion_functions(tensor_type, fetch_function, feed_function=None, feed_function_for_partial_run=None):
    """Lets `Session.run` fetch and feed objects of a type.

    Args:
      tensor_type: the type.
      fetch_function: gives for an object a list of tensors and a function from their values to what is fetched.
      feed_function: gives for an object and the value that is fed a list of pairs of a tensor and its value.
      feed_function_for_partial_run: gives for an object the list of its tensors.

    Raises:
      ValueError: the type, or one derived from it, is registered already.
    """
    if any(issubclass(kind, tensor_type) for kind, _ in _expansions):
        raise ValueError("%s has already been registered so ignore it." % tensor_type)
    register_expansion(tensor_type, fetch_function)
    if feed_function is not None:
        register_feed(tensor_type, feed_function, feed_function_for_partial_run)


def hashable(fetches, feed_dict):
    """What is fetched and fed, as a key of dictionaries; None if there are objects that can't be hashed."""
    key = Fetches, _frozen(fetches), tuple(feed_dict or ())
    try:
        hash(key)
    except TypeError:
        return None
    return key


def _frozen(fetch):
    """A structure of fetches as tuples, which begin with the types of its parts."""
    kind = type(fetch)
    if isinstance(fetch, list | tuple):
        return (kind, *map(_frozen, fetch))
    if isinstance(fetch, collections.abc.Mapping):
        return (kind, *[(k, _frozen(v)) for k, v in fetch.items()])
    if hasattr(kind, "__attrs_attrs__"):
        return (kind, *[_frozen(getattr(fetch, a.name)) for a in fetch.__attrs_attrs__])
    return fetch


class Fetches:
    """A structure of fetches.

    Attributes:
      tensors: the tensors whose values are wanted, each once.
      operations: the operations to run.
    """

    def __init__(self, graph, fetches):
        self._graph = graph
        self._numbers = {}  # tensor -> its position among the values
        self.operations = []
        self.build = self._mapper(fetches)
        self.tensors = list(self._numbers)

    def _mapper(self, fetch):
        """A function from the list of values to what the caller gets for `fetch`."""
        if fetch is None:
            raise TypeError("Fetch argument %r has invalid type %r" % (fetch, type(fetch)))
        if isinstance(fetch, list | tuple) and not isinstance(fetch, SparseTensorValue):
            return self._sequence(fetch)
        if isinstance(fetch, collections.abc.Mapping):
            keys, parts = list(fetch), [self._mapper(f) for f in fetch.values()]
            return lambda values: _like(fetch, {k: part(values) for k, part in zip(keys, parts)})
        if hasattr(type(fetch), "__attrs_attrs__"):
            kind, parts = type(fetch), [self._mapper(getattr(fetch, a.name)) for a in fetch.__attrs_attrs__]
            return lambda values: kind(*[part(values) for part in parts])
        expand = next(e for kind, e in _expansions if isinstance(fetch, kind))
        elements, contract = expand(fetch)
        if len(elements) == 1 and expand is _expansions[-1][1]:
            return self._element(elements[0])
        parts = [self._element(e) for e in elements]
        return lambda values: contract([part(values) for part in parts])

    def _sequence(self, fetches):
        parts = [self._mapper(f) for f in fetches]
        kind = type(fetches)
        if issubclass(kind, list):
            return lambda values: [part(values) for part in parts]
        if kind is tuple:
            return lambda values: tuple([part(values) for part in parts])
        return lambda values: kind(*[part(values) for part in parts])

    def _element(self, fetch):
        try:
            element = self._graph.as_graph_element(fetch)
        except TypeError as e:
            raise TypeError(
                "Fetch argument %r has invalid type %r, must be a string or Tensor. (%s)" % (fetch, type(fetch), e)
            ) from None
        except (ValueError, KeyError) as e:
            raise ValueError("Fetch argument %r cannot be interpreted as a Tensor. (%s)" % (fetch, e)) from None
        if not self._graph.is_fetchable(element):
            raise InvalidArgumentError(
                None, None, "Operation %r has been marked as not fetchable." % getattr(element, "op", element).name
            )
        if isinstance(element, Operation):
            self.operations.append(element)
            return lambda values: None
        number = self._numbers.setdefault(element, len(self._numbers))
        if element.op.type == "GetSessionHandle":
            return lambda values: TensorHandle(values[number])
        return lambda values: values[number]


def _like(fetch, results):
    """A mapping of the fetch's own type."""
    if isinstance(fetch, dict) and type(fetch) is not dict:
        made = type(fetch)() if not isinstance(fetch, collections.defaultdict) else {}
        made.update(results)
        return made
    return results
