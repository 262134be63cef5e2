"""Datasets that are components of elements: their specs."""

from ..core.export import export
from ..core.type_spec import TypeSpec
from . import specs


@export("data.DatasetSpec", "data.experimental.DatasetStructure")
class DatasetSpec(TypeSpec):
    """The spec of a dataset that is a component.

    Args:
      element_spec: the structure of specs of its elements.
      dataset_shape: the shape of the tensor of datasets.
    """

    def __init__(self, element_spec, dataset_shape=()):
        self._element_spec = element_spec
        self._dataset_shape = specs.as_shape(dataset_shape)

    value_type = None  # set where the class is declared, dataset.py

    @staticmethod
    def from_value(value):
        """The spec of a dataset."""
        return DatasetSpec(value.element_spec)

    def _serialize(self):
        return self._element_spec, self._dataset_shape

    def _batch(self, batch_size):
        return DatasetSpec(self._element_spec, specs.TensorShape([batch_size]).concatenate(self._dataset_shape))

    def _unbatch(self):
        if self._dataset_shape.ndims == 0:
            raise ValueError("Unbatching a dataset is only supported for rank >= 1")
        return DatasetSpec(self._element_spec, self._dataset_shape[1:])


class Nested:
    """A tensor of datasets that is no scalar."""

    def __init__(self, variant, spec):
        self._variant_tensor, self.element_spec, self._dataset_shape = variant, spec._element_spec, spec._dataset_shape
