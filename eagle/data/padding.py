"""The arguments of `Dataset.padded_batch`."""

import numpy as np

from ..core import dtypes
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.shape import TensorShape, as_shape
from ..core.static_values import constant_value, constant_value_as_shape
from . import specs
from .structures import flatten, flatten_up_to, map_structure, map_structure_up_to, pack_sequence_as


def _fits(padded, component):
    """Whether components of a shape can be filled up to another."""
    if padded.ndims is None or component.ndims is None:
        return True
    if padded.ndims != component.ndims:
        return False
    return all(p is None or c is None or p >= c for p, c in zip(padded._dims, component._dims))


def _shape_tensor(padded, component):
    """A shape to fill up to as a tensor, with -1 for unknown sizes."""
    try:
        shape = as_shape(padded)
        tensor = convert([-1 if d is None else d for d in shape.as_list()], dtypes.int64)
    except (TypeError, ValueError):
        tensor = convert(padded, None, None, dtypes.int64)
        if tensor.shape.ndims is not None and tensor.shape.ndims != 1:
            raise ValueError(
                "Padded shape %s must be a 1-D tensor of tf.int64 values, but its shape was %s." % (padded, tensor.shape)
            ) from None
        if tensor.dtype != dtypes.int64:
            raise TypeError(
                "Padded shape %s must be a 1-D tensor of tf.int64 values, but its element type was %s."
                % (padded, tensor.dtype.name)
            ) from None
        shape = constant_value_as_shape(tensor)
    if not _fits(shape, component):
        raise ValueError(
            "The padded shape %s is not compatible with the corresponding input component shape %s." % (shape, component)
        )
    return tensor


def _value_tensor(value, dtype):
    value = convert(value, None, "padding_value")
    if not value.shape.is_compatible_with([]):
        raise ValueError("Padding value should be a scalar, but is not: %s" % value)
    if value.dtype != dtype:
        raise TypeError("Padding value tensor (%s) does not match output type: %s" % (value, dtype))
    return value


def _zero(dtype):
    if dtype.base_dtype is dtypes.string:
        return ""
    if dtype.base_dtype is dtypes.variant:
        raise TypeError(
            "Unable to create padding for field of type 'variant' because t.base_type == dtypes.variant == %s."
            % (dtype.base_dtype,)
        )
    return np.zeros_like(dtype.as_numpy_dtype())


def padded_batch(dataset, batch_size, padded_shapes, padding_values, drop_remainder):
    """The variant tensor and the specs of `dataset.padded_batch(...)`."""
    spec = dataset.element_spec
    if any(isinstance(s, specs.SparseTensorSpec) for s in flatten(spec)):
        raise TypeError("Batching of padded sparse tensors is not currently supported")
    size = convert(batch_size, dtypes.int64, "batch_size")
    types, shapes = specs.legacy(spec, 0), specs.legacy(spec, 1)
    if padding_values is None:
        padding_values = map_structure(_zero, types)
    wanted = [_shape_tensor(p, s) for s, p in zip(flatten(shapes), flatten_up_to(shapes, padded_shapes))]
    values = flatten(map_structure_up_to(shapes, _value_tensor, padding_values, types))
    drops = convert(drop_remainder, dtypes.bool_, "drop_remainder")
    known_drops = constant_value(drops)
    count = constant_value(size) if known_drops else None
    outer = TensorShape([None if count is None else int(count)])
    made = pack_sequence_as(shapes, [outer.concatenate(constant_value_as_shape(w)) for w in wanted])
    made_spec = specs.from_legacy(types, made, specs.legacy(spec, 2))
    outputs = specs.flat_attrs(made_spec)["output_shapes"]
    variant = registry["PaddedBatchDatasetV2"](dataset._variant_tensor, size, wanted, values, drops, output_shapes=outputs)
    return variant, made_spec
