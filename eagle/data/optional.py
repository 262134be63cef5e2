"""Values that may be missing: `tf.data.experimental.Optional`."""

import numpy as np

from ..core import dtypes, errors
from ..core.dispatch import registry
from ..core.dtypes import VARIANT, Handle
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from ..core.scopes import name_scope
from ..core.tensor_spec import TensorSpec
from ..core.type_spec import TypeSpec
from . import specs
from .iterator_ops import checked


class OptionalValue(Handle):
    """The value of a variant tensor that is an optional: components, or None."""

    __slots__ = ("components",)
    dtype = VARIANT

    def __init__(self, components):
        self.components = components


@op("OptionalFromValue", host=True, ignores=("Toutput_types",))
def _from_value(xp, components):
    return OptionalValue(list(components))


@op("OptionalNone", host=True, foldable=False)
def _none(xp):
    return OptionalValue(None)


@op("OptionalHasValue", host=True)
def _has_value(xp, optional):
    return np.bool_(optional.components is not None)


@op("OptionalGetValue", host=True)
def _get_value(xp, optional, *, output_types, output_shapes):
    if optional.components is None:
        raise invalid("The given optional does not have a value.")
    return checked(optional.components, output_types, output_shapes)


@op("IteratorGetNextAsOptional", host=True, foldable=False)
def _get_next(xp, iterator, *, output_types, output_shapes):
    try:
        return OptionalValue(checked(iterator.next(), output_types, output_shapes))
    except errors.OutOfRangeError:
        return OptionalValue(None)


for _declared in (_from_value, _none, _has_value, _get_next):
    _declared.shape(lambda *inputs: ())
for _declared in (_none, _has_value, _get_next, _get_value, _from_value):
    _declared.not_differentiable()


@_get_value.shape
def _(optional, *, output_shapes):
    return list(output_shapes)


@export("data.experimental.Optional", "contrib.data.Optional")
class Optional:
    """A value that may be missing.  Made by `from_value`, `none_from_structure` and `get_next_as_optional`."""

    def has_value(self, name=None):
        """Whether there is a value, as a scalar of type bool."""
        raise NotImplementedError("Optional.has_value()")

    def get_value(self, name=None):
        """The value.

        Raises:
          InvalidArgumentError: (when run) there is none.
        """
        raise NotImplementedError("Optional.get_value()")

    @property
    def value_structure(self):
        """The structure of specs of the value."""
        raise NotImplementedError("Optional.value_structure")

    @staticmethod
    def from_value(value):
        """An optional with a value, a structure of what can be tensors."""
        with name_scope("optional") as scope:
            with name_scope("value"):
                spec = specs.spec_of(value)
                encoded = specs.to_tensors(spec, value)
            return Given(registry["OptionalFromValue"](encoded, name=scope), spec)

    @staticmethod
    def none_from_structure(value_structure):
        """An optional without a value.

        Args:
          value_structure: the structure of specs that a value would have.
        """
        return Given(registry["OptionalNone"](), value_structure)


@export("python.data.ops.optional_ops._OptionalImpl")
class Given(Optional):
    """An optional that is a tensor.

    Args:
      variant_tensor: the tensor.
      value_structure: the structure of specs of the value.
    """

    def __init__(self, variant_tensor, value_structure):
        self._variant_tensor, self._value_structure = variant_tensor, value_structure

    value_structure = property(lambda self: self._value_structure)

    def _nest_parts(self):
        return [self._variant_tensor]

    def _nest_rebuild(self, parts):
        return Given(parts[0], self._value_structure)

    def _nest_key(self):
        return specs.key_of(self._value_structure)

    def has_value(self, name=None):
        return registry["OptionalHasValue"](self._variant_tensor, name=name)

    def get_value(self, name=None):
        with name_scope(name, "OptionalGetValue", [self._variant_tensor]) as scope:
            flat = registry["OptionalGetValue"](self._variant_tensor, name=scope, **specs.flat_attrs(self._value_structure))
            return specs.from_tensors(self._value_structure, flat)


@export("OptionalSpec", "data.experimental.OptionalStructure")
class OptionalSpec(TypeSpec):
    """The spec of an optional.

    Args:
      value_structure: the structure of specs of its value.
    """

    value_type = Optional

    def __init__(self, value_structure):
        self._value_structure = value_structure

    @staticmethod
    def from_value(value):
        """The spec of an optional."""
        return OptionalSpec(value.value_structure)

    def _serialize(self):
        return (self._value_structure,)

    def _batch(self, batch_size):
        raise NotImplementedError("Optionals can't be batched")

    def _unbatch(self):
        raise NotImplementedError("Optionals can't be batched")


class _OptionalKind(specs.Kind):
    def flat(self, spec):
        return [TensorSpec([], dtypes.variant)]

    def encode(self, spec, value):
        return [value._variant_tensor]

    def decode(self, spec, tensors):
        return Given(tensors[0], spec._value_structure)

    def legacy(self, spec):
        return spec, spec, spec


specs.register_kind(OptionalSpec, _OptionalKind(), Optional, OptionalSpec.from_value)


@export("data.experimental.get_next_as_optional", "contrib.data.get_next_as_optional")
def get_next_as_optional(iterator):
    """The next element of an iterator as an `Optional`, without a value at the end.

    Args:
      iterator: a `tf.data.Iterator`.
    """
    spec = iterator.element_spec
    return Given(registry["IteratorGetNextAsOptional"](iterator._iterator_resource, **specs.flat_attrs(spec)), spec)
