"""What is known of the elements of a dataset: a structure of specs, and how its components travel as tensors.

A tensor travels as it is, a sparse tensor as a variant that holds its three parts, a dataset or an optional value as a variant.
Packages below add kinds of their own (`register_kind`): ragged/elements.py that of ragged tensors.
"""

from ..core import dtypes
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export, resolve
from ..core.scopes import name_scope
from ..core.shape import TensorShape, as_shape
from ..core.sparse_tensor import SparseTensor, SparseTensorSpec
from ..core.tensor import GraphTensor, Tensor
from ..core.tensor_spec import TensorSpec
from ..core.type_spec import register_values, spec_of_value
from .structures import assert_same_structure, flatten, is_sequence, map_structure, map_structure_up_to, pack_sequence_as

_kinds = []  # (class of specs, its `Kind`)


class Kind:
    """How components of one kind travel; this is the way of tensors.

    `flat` gives the specs of the tensors for a spec, `encode` the tensors for a value, `decode` the value for tensors.
    """

    def normalize(self, value, name):
        """What a value becomes when an element is given: what is made of tensors and was given as arrays gets tensors."""
        return value

    def flat(self, spec):
        return [spec]

    def encode(self, spec, value):
        return [convert(value, spec.dtype)]

    def encode_batched(self, spec, value):
        """The tensors for a value whose slices are to be components."""
        return self.encode(spec, value)

    def decode(self, spec, tensors):
        (tensor,) = tensors
        if isinstance(tensor, GraphTensor):
            tensor.set_shape(spec.shape)
        return tensor

    def legacy(self, spec):
        """Type, shape and class."""
        return spec.dtype, spec.shape, Tensor


class _Dense(Kind):
    def normalize(self, value, name):
        return convert(value, None, name)


class _Sparse(Kind):
    def normalize(self, value, name):
        return SparseTensor.from_value(value)

    def flat(self, spec):
        return [TensorSpec(None, dtypes.variant)]

    def encode(self, spec, value):
        value = SparseTensor.from_value(value)
        return [registry["SerializeSparse"](value.indices, value.values, value.dense_shape, out_type=dtypes.variant)]

    def encode_batched(self, spec, value):
        if value.shape.merge_with(spec.shape).ndims == 0:
            raise ValueError("Unbatching a sparse tensor is only supported for rank >= 1")
        return [registry["SerializeManySparse"](value.indices, value.values, value.dense_shape, out_type=dtypes.variant)]

    def decode(self, spec, tensors):
        found = SparseTensor(*registry["DeserializeSparse"](tensors[0], dtype=spec.dtype))
        if not hasattr(found.indices, "_v"):
            found.indices.set_shape([None, spec.shape.ndims])
            found.dense_shape.set_shape([spec.shape.ndims])
        return found

    def legacy(self, spec):
        return spec.dtype, spec.shape, SparseTensor


def register_kind(spec_class, kind, value_class=None, spec_of=None):
    """Lets components have specs of a class.

    Args:
      spec_class: the class.
      kind: its `Kind`.
      value_class, spec_of: the class of the components, and a function from such to its spec.
    """
    _kinds.insert(0, (spec_class, kind))
    if value_class is not None:
        register_values(value_class, spec_of)


register_kind(TensorSpec, _Dense())
register_kind(SparseTensorSpec, _Sparse())


@export("data.experimental.TensorStructure")
def tensor_structure(dtype, shape):
    """The spec of a tensor; deprecated, use `tf.TensorSpec`."""
    return TensorSpec(shape, dtype)


@export("data.experimental.SparseTensorStructure")
def sparse_tensor_structure(dtype, shape):
    """The spec of a sparse tensor; deprecated, use `tf.SparseTensorSpec`."""
    return SparseTensorSpec(shape, dtype)


def kind_of(spec):
    """The `Kind` of a spec; raises TypeError if it has none."""
    for cls, kind in _kinds:
        if isinstance(spec, cls):
            return kind
    raise TypeError("Expected a TypeSpec, got %r" % (spec,))


def is_spec(x):
    return any(isinstance(x, cls) for cls, _ in _kinds)


def spec_of(element):
    """The structure of specs of an element.

    Raises:
      TypeError: a component is no tensor and can't become one.
    """
    spec = spec_of_value(element)
    if spec is None and hasattr(element, "unstack"):  # a TensorArray
        resolve("TensorArraySpec")
        spec = spec_of_value(element)
    if spec is not None:
        return spec
    if isinstance(element, dict):
        made = element.copy()
        for k in element:
            made[k] = spec_of(element[k])
        return made
    if isinstance(element, tuple):
        parts = [spec_of(part) for part in element]
        return type(element)(*parts) if hasattr(element, "_fields") else tuple(parts)
    if hasattr(type(element), "__attrs_attrs__"):
        return type(element)(*[spec_of(getattr(element, a.name)) for a in element.__attrs_attrs__])
    try:
        return spec_of_value(convert(element))
    except (TypeError, ValueError):
        raise TypeError("Could not build a TypeSpec for %r with type %s" % (element, type(element).__name__)) from None


def normalize(element):
    """An element with tensors for what can become such."""
    made = []
    with name_scope("normalize_element"):
        for i, part in enumerate(flatten(element)):
            spec = spec_of(part) if hasattr(part, "unstack") else spec_of_value(part)
            kind = kind_of(spec) if spec is not None else _Dense()
            made.append(kind.normalize(part, "component_%d" % i))
    return pack_sequence_as(element, made)


def flat_specs(spec):
    """The specs of the tensors as which elements travel."""
    return [s for part in flatten(spec) for s in kind_of(part).flat(part)]


def key_of(spec):
    """Something hashable that tells specs apart."""
    return repr(spec)


def flat_attrs(spec):
    """The attributes of an operation that gives elements."""
    flat = flat_specs(spec)
    return {"output_types": tuple(s.dtype for s in flat), "output_shapes": tuple(s.shape._dims for s in flat)}


def to_tensors(spec, element, batched=False):
    """An element as a list of tensors.

    Raises:
      TypeError, ValueError: it has another structure.
    """
    assert_same_structure(spec, element)
    made = []
    for s, part in zip(flatten(spec), flatten(element)):
        kind = kind_of(s)
        made += kind.encode_batched(s, part) if batched else kind.encode(s, part)
    return made


def from_tensors(spec, tensors):
    """The element that travelled as a list of tensors."""
    tensors, made, position = list(tensors), [], 0
    for s in flatten(spec):
        kind = kind_of(s)
        count = len(kind.flat(s))
        made.append(kind.decode(s, tensors[position : position + count]))
        position += count
    if position != len(tensors):
        raise ValueError("Expected %d tensors but got %d." % (position, len(tensors)))
    return pack_sequence_as(spec, made)


def packer(spec):
    """What makes elements of lists of tensors without looking at these; None unless all components are tensors."""
    leaves = flatten(spec)
    if any(type(s) is not TensorSpec for s in leaves):
        return None
    if not is_sequence(spec):
        return lambda tensors: tensors[0]
    if type(spec) is tuple and all(s is leaf for s, leaf in zip(spec, leaves)):
        return tuple
    return lambda tensors: pack_sequence_as(spec, tensors)


def batched(spec, count):
    """The specs of batches of elements."""
    return map_structure(lambda s: s._batch(count), spec)


def unbatched(spec):
    """The specs of slices of elements."""
    return map_structure(lambda s: s._unbatch(), spec)


def legacy(spec, which):
    """The types (0), shapes (1) or classes (2) of the components."""
    return map_structure(lambda s: kind_of(s).legacy(s)[which], spec)


def from_legacy(types, shapes, classes):
    """The specs for types, shapes and classes.

    Raises:
      TypeError: a class is unknown.
    """
    made = []
    for t, s, c in zip(flatten(types), flatten(shapes), flatten(classes)):
        if is_spec(c):
            made.append(c)
        elif issubclass(c, SparseTensor):
            made.append(SparseTensorSpec(s, t))
        elif issubclass(c, Tensor):
            made.append(TensorSpec(s, t))
        else:
            kind = next((k for cls, k in _kinds if getattr(cls, "value_type", None) is c and hasattr(k, "from_legacy")), None)
            if kind is None:
                raise TypeError("Could not build a structure for output class %r" % (c,))
            made.append(kind.from_legacy(t, s))
    return pack_sequence_as(classes, made)


def compatible(a, b):
    """Whether two structures of specs are alike, and each pair of specs is compatible."""
    try:
        assert_same_structure(a, b)
    except (TypeError, ValueError):
        return False
    return all(x.is_compatible_with(y) and y.is_compatible_with(x) for x, y in zip(flatten(a), flatten(b)))


def get_structure(dataset_or_iterator):
    """The specs of the elements of a dataset or an iterator.

    Args:
      dataset_or_iterator: a `tf.data.Dataset` or a `tf.data.Iterator`.

    Returns:
      A structure of specs.

    Raises:
      TypeError: it is neither.
    """
    try:
        return dataset_or_iterator.element_spec
    except AttributeError:
        raise TypeError(
            "`dataset_or_iterator` must be a Dataset or Iterator object, but got %s." % type(dataset_or_iterator)
        ) from None


export("data.experimental.get_structure", "python.data.ops.dataset_ops.get_structure")(get_structure)


def _legacy_getter(which, name, doc):
    def get(dataset_or_iterator):
        return legacy(get_structure(dataset_or_iterator), which)

    get.__name__ = get.__qualname__ = name
    get.__doc__ = doc
    return export("data." + name, "python.data.ops.dataset_ops.get_legacy_" + name[4:])(get)


get_output_types = _legacy_getter(0, "get_output_types", "The types of the components of a dataset's or an iterator's elements.")
get_output_shapes = _legacy_getter(1, "get_output_shapes", "The shapes of the components of a dataset's or an iterator's elements.")
get_output_classes = _legacy_getter(2, "get_output_classes", "The classes of the components of a dataset's or iterator's elements.")


def shape_structure(types, shapes):
    """The structure of shapes that goes with one of types; unknown shapes if none are given."""
    if shapes is None:
        return map_structure(lambda _: TensorShape(None), types)
    return map_structure_up_to(types, as_shape, shapes)
