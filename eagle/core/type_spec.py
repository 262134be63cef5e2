"""`tf.TypeSpec`: what is known of a value that is not there yet; the base of all specs."""

import numpy as np

from . import dtypes, nest, shape as shapes
from .convert import convert
from .export import export

_spec_makers = []  # (class of values, function from a value to its spec)


def register_values(value_class, spec_of):
    """Lets values of a class (or a tuple of classes) have specs, which `spec_of` gives."""
    _spec_makers.insert(0, (value_class, spec_of))


def spec_of_value(value):
    """The spec of a tensor or of something composed of tensors; None for everything else."""
    return next((spec_of(value) for cls, spec_of in _spec_makers if isinstance(value, cls)), None)


def _spec_of_anything(value):
    spec = spec_of_value(value)
    if spec is not None:
        return spec
    try:
        return spec_of_value(convert(value))
    except (TypeError, ValueError):
        raise TypeError("Could not build a TypeSpec for %r with type %s" % (value, type(value).__name__)) from None


@export("TypeSpec", "data.experimental.Structure")
class TypeSpec:
    """What is known of values of some kind: their shapes, types and the like.

    A subclass says how a value is made of tensors (`_component_specs`, `_to_components`, `_from_components`) and gives, in
    `_serialize`, a tuple of the arguments that make an equal spec: of plain values, arrays, types, shapes, other specs, and tuples
    and dictionaries of these.  Equality, compatibility and the printed form follow from that tuple.

    Attributes:
      value_type: the class of the values.
    """

    __slots__ = ()

    @property
    def value_type(self):
        raise NotImplementedError("%s.value_type" % type(self).__name__)

    def is_compatible_with(self, spec_or_value):
        """Whether a value, or those of another spec, fit this one.

        Raises:
          TypeError: the value can't have a spec.
        """
        other = spec_or_value
        if not isinstance(other, TypeSpec):
            other = self._spec_of(other)
        return type(other) is type(self) and _fits(self._serialize(), other._serialize())

    def most_specific_compatible_type(self, other):
        """The spec that says as much as it can and that the values of both specs fit.

        Raises:
          ValueError: there is none.
        """
        if type(other) is not type(self):
            raise ValueError("No TypeSpec is compatible with both %s and %s" % (self, other))
        return self._deserialize(_merged(self._serialize(), other._serialize()))

    def _spec_of(self, value):
        """The spec of a value."""
        return type(self).from_value(value) if isinstance(value, self.value_type) else _spec_of_anything(value)

    def _batch(self, batch_size):
        """The spec of batches of values, of `batch_size` each (None: of any number)."""
        raise NotImplementedError("%s._batch" % type(self).__name__)

    def _unbatch(self):
        """The spec of the slices of values along their first dimension."""
        raise NotImplementedError("%s._unbatch" % type(self).__name__)

    # ------------------------------------------------------------------------------------------------ values as tensors

    @property
    def _component_specs(self):
        raise NotImplementedError("%s._component_specs()" % type(self).__name__)

    def _to_components(self, value):
        raise NotImplementedError("%s._to_components()" % type(self).__name__)

    def _from_components(self, components):
        raise NotImplementedError("%s._from_components()" % type(self).__name__)

    @property
    def _flat_tensor_specs(self):
        return [s for part in nest.flatten(self._component_specs) for s in _tensor_specs(part)]

    def _to_tensor_list(self, value):
        return nest.flatten(self._to_components(value), expand_composites=True)

    def _from_tensor_list(self, tensor_list):
        specs = self._flat_tensor_specs
        if len(specs) != len(tensor_list):
            raise ValueError("Incompatible input: wrong number of tensors")
        for i, (t, s) in enumerate(zip(tensor_list, specs)):
            if not s.is_compatible_with(t):
                raise ValueError("Incompatible input: tensor %d (%s) is incompatible with %s" % (i, t, s))
        return self._from_compatible_tensor_list(tensor_list)

    def _from_compatible_tensor_list(self, tensor_list):
        return self._from_components(nest.pack_sequence_as(self._component_specs, tensor_list))

    # -------------------------------------------------------------------------------------------------- specs as tuples

    def _serialize(self):
        raise NotImplementedError("%s._serialize()" % type(self).__name__)

    @classmethod
    def _deserialize(cls, serialization):
        return cls(*serialization)

    def __eq__(self, other):
        return type(other) is type(self) and _key(self._serialize()) == _key(other._serialize())

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash((type(self), _key(self._serialize())))

    def __reduce__(self):
        return type(self), self._serialize()

    def __repr__(self):
        return "%s%r" % (type(self).__name__, self._serialize())


class CompositeSpec(TypeSpec):
    """The spec of something that is composed of tensors; `nest` takes it, as its values, apart if asked to."""

    __slots__ = ()

    @property
    def _type_spec(self):
        return self

    def _to_components(self, value):
        return value._nest_parts()

    def _nest_parts(self):
        return list(self._component_specs)

    def _nest_rebuild(self, parts):
        return self._from_components(parts)


def _tensor_specs(spec):
    """The specs of the tensors of a component."""
    try:
        return spec._flat_tensor_specs
    except NotImplementedError:  # a tensor's spec
        return [spec]


def _key(value):
    """Something hashable for a part of what `_serialize` gives; equal for equal parts."""
    if value is None or isinstance(value, int | float | str | bytes | dtypes.DType | TypeSpec):
        return value
    if isinstance(value, dict):
        return tuple((k, _key(value[k])) for k in sorted(value))
    if isinstance(value, tuple):
        return tuple(map(_key, value))
    if isinstance(value, shapes.TensorShape):
        return shapes.TensorShape, value._dims
    if isinstance(value, np.ndarray):
        return np.ndarray, value.shape, value.tobytes()
    raise ValueError("A spec's _serialize() gave a value of the unsupported type %s" % type(value).__name__)


def _fits(a, b):
    """Whether the same value may fit two specs that gave these."""
    if type(a) is not type(b):
        return False
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(_fits, a, b))
    if isinstance(a, dict):
        return set(a) == set(b) and all(_fits(a[k], b[k]) for k in a)
    if isinstance(a, TypeSpec | shapes.TensorShape | dtypes.DType):
        return a.is_compatible_with(b)
    return _key(a) == _key(b)


def _merged(a, b):
    """What the spec gives that is as specific as two allow which gave these.

    Raises:
      ValueError: there is none.
    """
    if type(a) is type(b):
        if isinstance(a, tuple) and len(a) == len(b):
            return tuple(map(_merged, a, b))
        if isinstance(a, dict) and set(a) == set(b):
            return {k: _merged(a[k], b[k]) for k in a}
        if isinstance(a, shapes.TensorShape):
            return a.most_specific_compatible_shape(b)
        if isinstance(a, TypeSpec):
            return a.most_specific_compatible_type(b)
        if not isinstance(a, tuple | dict) and _key(a) == _key(b):
            return a
    raise ValueError("Types are not compatible: %r vs %r" % (a, b))
