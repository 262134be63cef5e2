"""TensorArrays as components of elements: their stacked elements travel as a variant."""

from ..core import dtypes
from ..core.dispatch import registry
from ..core.export import export
from ..core.op import op
from ..core.shape import TensorShape, as_shape
from ..core.tensor_spec import TensorSpec
from ..core.type_spec import TypeSpec
from ..core.variants import TensorVariant
from ..ops.tensor_arrays import TensorArray
from . import specs

_BOX = "EagleTensorAsVariant(tensor: T) -> (variant: variant) | T: type |"
_UNBOX = "EagleVariantAsTensor(variant: variant) -> (tensor: T) | T: type; shape: shape |"


@op("EagleTensorAsVariant", definition=_BOX, host=True)
def _box(xp, tensor):
    return TensorVariant(tensor)


@op("EagleVariantAsTensor", definition=_UNBOX, host=True, ignores=("T",))
def _unbox(xp, variant, *, shape):
    return variant.value


_box.shape(lambda tensor: ())


@_unbox.shape
def _(variant, *, shape):
    return shape


for _declared in (_box, _unbox):
    _declared.not_differentiable()


@export("TensorArraySpec")
class TensorArraySpec(TypeSpec):
    """What is known of a `TensorArray`.

    Args:
      element_shape: the shape of its elements.
      dtype: their type.
      dynamic_size: whether it may grow.
      infer_shape: whether all elements have one shape.
    """

    value_type = TensorArray

    def __init__(self, element_shape=None, dtype=dtypes.float32, dynamic_size=False, infer_shape=True):
        self._element_shape, self._dtype = as_shape(element_shape), dtypes.as_dtype(dtype)
        self._dynamic_size, self._infer_shape = dynamic_size, infer_shape

    @staticmethod
    def from_value(value):
        """The spec of a `TensorArray`.

        Raises:
          TypeError: it is none.
        """
        if not isinstance(value, TensorArray):
            raise TypeError("Expected value to be a TensorArray, but saw: %s." % type(value))
        return TensorArraySpec(value.element_shape, value.dtype, value.dynamic_size, value._infer_shape)

    def is_compatible_with(self, other):
        """Whether an array, or those of another spec, fit this one."""
        if isinstance(other, TensorArray):
            other = TensorArraySpec.from_value(other)
        return (
            isinstance(other, TensorArraySpec) and self._dtype.is_compatible_with(other._dtype)
            and self._element_shape.is_compatible_with(other._element_shape) and self._dynamic_size == other._dynamic_size
        )  # fmt: skip

    def _serialize(self):
        return self._element_shape, self._dtype, self._dynamic_size, self._infer_shape

    def _batch(self, batch_size):
        raise NotImplementedError("TensorArrays can't be batched")

    def _unbatch(self):
        raise NotImplementedError("TensorArrays can't be batched")


class _ArrayKind(specs.Kind):
    def flat(self, spec):
        return [TensorSpec([], dtypes.variant)]

    def encode(self, spec, value):
        return [registry["EagleTensorAsVariant"](value.stack())]

    def decode(self, spec, tensors):
        shape = TensorShape([None]).concatenate(spec._element_shape)._dims
        stacked = registry["EagleVariantAsTensor"](tensors[0], T=spec._dtype, shape=shape)
        made = TensorArray(spec._dtype, size=0, dynamic_size=True, infer_shape=spec._infer_shape, element_shape=spec._element_shape)
        return made.unstack(stacked)

    def legacy(self, spec):
        told = TensorShape([int(spec._dynamic_size), int(spec._infer_shape)])
        return spec._dtype, told.concatenate(spec._element_shape), TensorArray

    def from_legacy(self, dtype, shape):
        """The spec for what `legacy` gives."""
        return TensorArraySpec(shape[2:], dtype, bool(shape._dims[0]), bool(shape._dims[1]))


specs.register_kind(TensorArraySpec, _ArrayKind(), TensorArray, TensorArraySpec.from_value)


@export("data.experimental.TensorArrayStructure")
def tensor_array_structure(dtype, element_shape, dynamic_size, infer_shape):
    """The spec of a `TensorArray`; deprecated, use `tf.TensorArraySpec`."""
    return TensorArraySpec(element_shape, dtype, dynamic_size, infer_shape)
