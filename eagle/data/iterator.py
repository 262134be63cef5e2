"""`tf.data.Iterator`, and the iterators of eager execution."""

import warnings

from ..core import dtypes, errors
from ..core.context import here, process
from ..core.convert import convert
from ..core.dispatch import eager_error, registry
from ..core.export import export, public
from ..core.func_graph import FuncGraph, GraphFunction
from ..core.graph import get_default_graph
from ..core.scopes import colocate_with, device, name_scope
from ..core.shape import as_shape
from ..core.tensor import EagerTensor, Tensor, from_value
from ..core.trackable import Trackable
from . import specs
from .dataset_v1 import DatasetV1Adapter, warn_of_graphs
from .iterator_ops import checked
from .structures import assert_same_structure, flatten, map_structure, map_structure_up_to

_MANY = 32
_MANY_TEXT = (
    "An unusually high number of `Iterator.get_next()` calls was detected. This often indicates that `Iterator.get_next()` is "
    "being called inside a training loop, which will cause gradual slowdown and eventual resource exhaustion. If this is the case, "
    "restructure your code to call `next_element = iterator.get_next()` once outside the loop, and use `next_element` as the input "
    "to some computation that is invoked inside the loop."
)
export("python.data.ops.iterator_ops.GET_NEXT_CALL_WARNING_THRESHOLD")(_MANY)
export("python.data.ops.iterator_ops.GET_NEXT_CALL_WARNING_MESSAGE")(_MANY_TEXT)


class _HasElements:
    """What iterators tell of their elements, `self._element_spec`."""

    element_spec = property(lambda self: self._element_spec, doc="The structure of specs of the elements.")

    @property
    def output_types(self):
        """The types of the components of the elements."""
        return specs.legacy(self._element_spec, 0)

    @property
    def output_shapes(self):
        """The shapes of the components of the elements."""
        return specs.legacy(self._element_spec, 1)

    @property
    def output_classes(self):
        """The classes of the components of the elements."""
        return specs.legacy(self._element_spec, 2)


@export("data.Iterator", "python.data.ops.iterator_ops.Iterator")
class Iterator(_HasElements, Trackable):
    """The state of going through the elements of a dataset.

    Args:
      iterator_resource: the tensor of type resource that is the iterator.
      initializer: the operation that begins it, or None.
      output_types, output_shapes, output_classes: the structures of types, shapes and classes of the elements' components.

    Raises:
      ValueError: one of the structures is missing.
    """

    def __init__(self, iterator_resource, initializer, output_types, output_shapes, output_classes):
        if output_types is None or output_shapes is None or output_classes is None:
            raise ValueError(
                "If `structure` is not specified, all of `output_types`, `output_shapes`, and `output_classes` must be specified."
            )
        self._hold(iterator_resource, initializer, specs.from_legacy(output_types, output_shapes, output_classes))

    @classmethod
    def _of(cls, resource, initializer, spec):
        made = cls.__new__(cls)
        made._hold(resource, initializer, spec)
        return made

    def _hold(self, resource, initializer, spec):
        self._iterator_resource, self._initializer, self._element_spec = resource, initializer, spec
        self._string_handle = registry["IteratorToStringHandle"](resource)
        self._get_next_call_count = 0
        get_default_graph().add_to_collection("iterators", resource)

    @staticmethod
    def from_structure(output_types, output_shapes=None, shared_name=None, output_classes=None):
        """An iterator for any dataset with elements of a structure, to be begun by what `make_initializer` gives.

        Args:
          output_types: the structure of types.
          output_shapes: that of shapes; by default they are unknown.
          shared_name: a name under which sessions share the iterator.
          output_classes: the structure of classes; by default all are tensors.

        Raises:
          TypeError: the structures differ.
        """
        spec = _structure(output_types, output_shapes, output_classes)
        resource = _on_cpu(lambda: registry["IteratorV2"](container="", shared_name=shared_name or "", **specs.flat_attrs(spec)))
        return Iterator._of(resource, None, spec)

    @staticmethod
    def from_string_handle(string_handle, output_types, output_shapes=None, output_classes=None):
        """The iterator that a string (mostly fed) names, as `string_handle` gave it.

        Args:
          string_handle: a scalar of type string.
          output_types: the structure of types.
          output_shapes: that of shapes; by default they are unknown.
          output_classes: that of classes; by default all are tensors.
        """
        spec = _structure(output_types, output_shapes, output_classes)
        string_handle = convert(string_handle, dtypes.string)
        resource = _on_cpu(lambda: registry["IteratorFromStringHandleV2"](string_handle, **specs.flat_attrs(spec)))
        return Iterator._of(resource, None, spec)

    @property
    def initializer(self):
        """The operation that begins the iterator.

        Raises:
          ValueError: it begins by itself, or by what `make_initializer` gives.
        """
        if self._initializer is None:
            raise ValueError("Iterator does not have an initializer.")
        return self._initializer

    def make_initializer(self, dataset, name=None):
        """An operation that begins the iterator with the first element of a dataset.

        Args:
          dataset: a dataset whose elements have the iterator's structure.
          name: the name of the operation.

        Raises:
          TypeError: the elements have other types or classes, or incompatible shapes.
          ValueError: they have another structure.
        """
        with name_scope(name, "make_initializer") as name:
            mine, other = self._element_spec, dataset.element_spec
            _check_alike(mine, other)
            with colocate_with(self._iterator_resource):
                return registry["MakeIterator"](dataset._variant_tensor, self._iterator_resource, name=name)

    def get_next(self, name=None):
        """The next element: tensors that have the values of another element in every run.

        Args:
          name: the name of the node.

        Raises:
          OutOfRangeError: (when run) there is none.
        """
        self._get_next_call_count += 1
        if self._get_next_call_count > _MANY:
            warnings.warn(_MANY_TEXT, stacklevel=2)
        flat = registry["IteratorGetNext"](self._iterator_resource, name=name, **specs.flat_attrs(self._element_spec))
        return specs.from_tensors(self._element_spec, flat)

    def _gather_saveables_for_checkpoint(self):
        make = public.python.data.devices.IteratorSaveable
        return {"ITERATOR": lambda name: make(self._iterator_resource, name, name + "_STATE")}

    def string_handle(self, name=None):
        """A scalar of type string that names the iterator.

        Args:
          name: the name of a node to be made for it.
        """
        if name is None:
            return self._string_handle
        return registry["IteratorToStringHandle"](self._iterator_resource, name=name)


def _check_alike(mine, other):
    """Raises unless elements of one structure of specs can be taken for those of another."""
    types, shapes, classes = [(specs.legacy(mine, w), specs.legacy(other, w)) for w in range(3)]
    assert_same_structure(*types)
    assert_same_structure(*shapes)
    if any(a is not b and a != b for a, b in zip(*map(flatten, classes))):
        raise TypeError("Expected output classes %r but got dataset with output class %r." % classes)
    if any(a != b for a, b in zip(*map(flatten, types))):
        raise TypeError("Expected output types %r but got dataset with output types %r." % types)
    if not all(a.is_compatible_with(b) for a, b in zip(*map(flatten, shapes))):
        raise TypeError("Expected output shapes compatible with %r but got dataset with output shapes %r." % shapes)


def _structure(types, shapes, classes):
    """The specs for the arguments of `Iterator`'s constructors."""
    types = map_structure(dtypes.as_dtype, types)
    if shapes is None:
        shapes = map_structure(lambda _: as_shape(None), types)
    else:
        shapes = map_structure_up_to(types, as_shape, shapes)
    if classes is None:
        classes = map_structure(lambda _: Tensor, types)
    assert_same_structure(types, shapes)
    return specs.from_legacy(types, shapes, classes)


def _on_cpu(make):
    """What `make()` gives on the processor, if no other device is asked for."""
    if here.device if here.eager else get_default_graph()._device_stack:
        return make()
    with device("/cpu:0"):
        return make()


# ------------------------------------------------------------------------------------------------------ made of datasets


@export("data.make_initializable_iterator", "python.data.ops.dataset_ops.make_initializable_iterator")
def make_initializable_iterator(dataset, shared_name=None):
    """An iterator of a dataset's elements, to be begun by running its `initializer`.

    Args:
      dataset: the dataset.
      shared_name: a name under which sessions share it.

    Raises:
      RuntimeError: eagerly.
    """
    if hasattr(dataset, "_make_initializable_iterator"):
        return dataset._make_initializable_iterator(shared_name)
    return DatasetV1Adapter(dataset)._make_initializable_iterator(shared_name)


@export("data.make_one_shot_iterator", "python.data.ops.dataset_ops.make_one_shot_iterator")
def make_one_shot_iterator(dataset):
    """An iterator of a dataset's elements that begins by itself, and ends for good.

    Raises:
      ValueError: the dataset uses something that has a state, a variable for one.
    """
    if hasattr(dataset, "_make_one_shot_iterator"):
        return dataset._make_one_shot_iterator()
    return DatasetV1Adapter(dataset)._make_one_shot_iterator()


@export("python.data.ops.iterator_ops.initializable")
def initializable(dataset, shared_name):
    """See `make_initializable_iterator`."""
    if here.eager:
        raise RuntimeError("dataset.make_initializable_iterator is not supported when eager execution is enabled.")
    warn_of_graphs(dataset)
    dataset = dataset._apply_options()
    spec = dataset.element_spec
    resource = registry["IteratorV2"](container="", shared_name=shared_name or "", **specs.flat_attrs(spec))
    with colocate_with(resource):
        initializer = registry["MakeIterator"](dataset._variant_tensor, resource)
    return Iterator._of(resource, initializer, spec)


@export("python.data.ops.iterator_ops.one_shot")
def one_shot(dataset):
    """See `make_one_shot_iterator`."""
    if here.eager:
        return IteratorV2(dataset)
    warn_of_graphs(dataset)
    factory = _factory(dataset)
    resource = registry["OneShotIterator"](dataset_factory=factory, **specs.flat_attrs(dataset.element_spec))
    return Iterator._of(resource, None, dataset.element_spec)


def _factory(dataset):
    """A function without arguments that makes a dataset: copies of its nodes."""
    graph = FuncGraph("_make_dataset", get_default_graph())
    graph.runs_effects = True
    copies = _Copies(graph, _dataset_operations(dataset))
    graph.admit = copies.admit
    with graph.as_default():
        graph.outputs = [graph.admit(dataset._apply_options()._variant_tensor)]
    return GraphFunction(graph)


def _dataset_operations(dataset):
    """The operations of a dataset and of those that it is made of: these may be copied although they are stateful."""
    found, stack = set(), [dataset._variant_tensor.op]
    while stack:
        op = stack.pop()
        if op not in found and op.outputs and op.outputs[0]._dtype is dtypes.variant:
            found.add(op)
            stack += [t.op for t in op._inputs]
    return found


class _Copies:
    """The copies of operations of an outer graph in a function's.

    Args:
      graph: the function's graph.
      allowed: stateful operations that may be copied.
    """

    def __init__(self, graph, allowed):
        self._graph, self._allowed = graph, allowed
        self._made = {}

    def admit(self, tensor, consumer=None):
        """A tensor of the function for a tensor of the outer graph, or for one of its own."""
        if isinstance(tensor, EagerTensor):
            return convert(tensor._v)
        if tensor.op.graph is self._graph:
            return tensor
        return self._copy(tensor.op).outputs[tensor.value_index]

    def _copy(self, op):
        made = self._made.get(op)
        if made is not None:
            return made
        if op.type == "Placeholder":
            raise ValueError("Cannot capture a placeholder (name:%s, type:%s) by value." % (op.name, op.type))
        if op.definition.is_stateful and op not in self._allowed:
            raise ValueError(_STATEFUL % ("Cannot capture a stateful node (name:%s, type:%s) by value." % (op.name, op.type)))
        inputs = [self.admit(t) for t in op._inputs]
        attrs = {k: v for k, v in op.attrs.items() if k != "_class"}
        made = process.build_node(
            self._graph, op.definition, self._graph.unique_name(op._name), inputs, attrs, [t._dtype for t in op.outputs]
        )
        for t, source in zip(made.outputs, op.outputs):
            t._shape = source._shape
        self._made[op] = made
        return made


_STATEFUL = (
    "Failed to create a one-shot iterator for a dataset. `Dataset.make_one_shot_iterator()` does not support datasets that capture "
    "stateful objects, such as a `Variable` or `LookupTable`. In these cases, use `Dataset.make_initializable_iterator()`. "
    "(Original error: %s)"
)


# --------------------------------------------------------------------------------------------------------------- eagerly


@export("python.data.ops.iterator_ops.IteratorV2", "python.data.ops.iterator_ops.EagerIterator")
class IteratorV2(_HasElements, Trackable):
    """An iterator of a dataset's elements, eagerly or in a function.

    Args:
      dataset: the dataset.
      components, element_spec: in place of `dataset` the tensors that an iterator is, and the specs of its elements.

    Raises:
      ValueError: neither is given, or both are.
    """

    def __init__(self, dataset=None, components=None, element_spec=None):
        message = "Either `dataset` or both `components` and `element_spec` need to be provided."
        if dataset is None:
            if components is None or element_spec is None:
                raise ValueError(message)
            self._iterator_resource, self._deleter = components
            self._element_spec = element_spec
        else:
            if components is not None or element_spec is not None:
                raise ValueError(message)
            dataset = dataset._apply_options()
            self._element_spec = dataset.element_spec
            attrs = specs.flat_attrs(self._element_spec)
            self._iterator_resource, self._deleter = _on_cpu(lambda: registry["AnonymousIteratorV2"](**attrs))
            registry["MakeIterator"](dataset._variant_tensor, self._iterator_resource)
        self._attrs = specs.flat_attrs(self._element_spec)
        self._pack = specs.packer(self._element_spec) if here.eager else None

    def _nest_parts(self):
        return [self._iterator_resource, self._deleter]

    def _nest_rebuild(self, parts):
        return IteratorV2(components=tuple(parts), element_spec=self._element_spec)

    def _nest_key(self):
        return specs.key_of(self._element_spec)

    def __iter__(self):
        return self

    def __next__(self):
        return self.next()

    def _autograph_for(self, *args):
        """What AutoGraph makes of a `for` statement over this iterator."""
        return public.python.data.loops.autograph_for(self, *args)

    def _gather_saveables_for_checkpoint(self):
        make = public.python.data.devices.IteratorSaveable
        return {"ITERATOR": lambda name: make(self._iterator_resource, name, name + "_STATE")}

    def next(self):
        """The next element; StopIteration if there is none."""
        if self._pack is not None and here.eager and not here.callbacks:  # what the op below does, without its detours
            try:
                values = checked(self._iterator_resource._v.next(), **self._attrs)
            except errors.OutOfRangeError:
                raise StopIteration from None
            except errors.OpError as e:
                raise eager_error(e, registry["IteratorGetNextSync"], (), None) from e
            return self._pack([from_value(v) for v in values])
        try:
            return self._next_internal()
        except errors.OutOfRangeError:
            raise StopIteration from None

    def get_next(self, name=None):
        """The next element.

        Raises:
          OutOfRangeError: there is none.
        """
        return self._next_internal(name)

    def _next_internal(self, name=None):
        kind = "IteratorGetNextSync" if here.eager else "IteratorGetNext"
        flat = registry[kind](self._iterator_resource, name=name, **self._attrs)
        return specs.from_tensors(self._element_spec, flat)
