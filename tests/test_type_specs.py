"""`tf.TypeSpec` and the specs made of it."""

import pickle

import numpy as np
import pytest

import eagle as tf


class Pair:
    def __init__(self, x, y, color="red"):
        self.x, self.y, self.color = x, y, color


class PairSpec(tf.TypeSpec):
    value_type = Pair

    def __init__(self, shape, dtype, color="red"):
        self._shape, self._dtype, self._color = tf.TensorShape(shape), tf.as_dtype(dtype), color

    @classmethod
    def from_value(cls, value):
        return cls(value.x.shape, value.x.dtype, value.color)

    def _serialize(self):
        return self._shape, self._dtype, self._color

    @property
    def _component_specs(self):
        return [tf.TensorSpec(self._shape, self._dtype)] * 2

    def _to_components(self, value):
        return [value.x, value.y]

    def _from_components(self, components):
        return Pair(*components, self._color)


def test_specs_of_users():
    known, vague, blue = PairSpec([2, 3], tf.int32), PairSpec([2, None], tf.int32), PairSpec([2, 3], tf.int32, "blue")
    assert known == PairSpec([2, 3], tf.int32) and hash(known) == hash(PairSpec([2, 3], tf.int32))
    assert known != vague and known != blue and known != 5 and known != PairSpec([2, 3], tf.float32)
    assert known.is_compatible_with(vague) and vague.is_compatible_with(known) and not known.is_compatible_with(blue)
    assert known.most_specific_compatible_type(vague) == vague
    assert known.most_specific_compatible_type(PairSpec([2], tf.int32)) == PairSpec(None, tf.int32)
    with pytest.raises(ValueError, match="Types are not compatible: 'red' vs 'blue'"):
        known.most_specific_compatible_type(blue)
    with pytest.raises(ValueError, match="No TypeSpec is compatible with both"):
        known.most_specific_compatible_type(tf.TensorSpec([], tf.int32))
    assert repr(vague) == "PairSpec(TensorShape([Dimension(2), Dimension(None)]), tf.int32, 'red')"
    arrays = [PairSpec([], tf.int32, np.array([1, n])) for n in (2, 2, 3)]
    assert arrays[0] == arrays[1] != arrays[2]
    with pytest.raises(ValueError, match="unsupported type object"):
        hash(PairSpec([], tf.int32, object()))


def test_values_as_tensors(eager):
    value = Pair(tf.zeros([2, 3]), tf.ones([2, 3]))
    spec = PairSpec.from_value(value)
    assert spec.is_compatible_with(value) and not spec.is_compatible_with(tf.zeros([2, 3]))
    tensors = spec._to_tensor_list(value)
    assert tensors[0] is value.x and spec._from_tensor_list(tensors).y is value.y
    with pytest.raises(ValueError, match="wrong number of tensors"):
        spec._from_tensor_list(tensors[:1])
    with pytest.raises(ValueError, match="tensor 1 .* is incompatible with TensorSpec"):
        spec._from_tensor_list([tensors[0], tf.zeros([1])])


@pytest.mark.parametrize("spec", [
    tf.TensorSpec([2, None], tf.int64), tf.SparseTensorSpec([None, 3], tf.int32), tf.RaggedTensorSpec([None, None], tf.string),
    tf.IndexedSlicesSpec([None, 3], tf.float64, tf.int32, tf.int64, [4]), tf.TensorArraySpec([2], tf.int32),
    tf.OptionalSpec(tf.TensorSpec([], tf.int32)), tf.data.DatasetSpec(tf.TensorSpec([], tf.int32)),
])  # fmt: skip
def test_all_specs_are_of_the_class(spec):
    assert isinstance(spec, tf.TypeSpec) and isinstance(spec, tf.data.experimental.Structure)
    again = pickle.loads(pickle.dumps(spec))
    assert again == spec and again.is_compatible_with(spec) and spec.most_specific_compatible_type(again) == spec


def test_slices(eager):
    slices = tf.IndexedSlices(tf.ones([2, 3]), tf.constant([0, 4]), tf.constant([5, 3]))
    spec = tf.IndexedSlicesSpec.from_value(slices)
    assert spec == tf.IndexedSlicesSpec([5, 3], tf.float32, tf.int32, tf.int32, [2])
    assert spec._component_specs == (
        tf.TensorSpec([2, 3], tf.float32), tf.TensorSpec([2], tf.int32), tf.TensorSpec([2], tf.int32))  # fmt: skip
    assert spec._from_components(spec._to_components(slices)).values is slices.values
    arrays = spec._from_components((np.ones(3), np.arange(3)))
    assert isinstance(arrays, tf.IndexedSlicesValue) and arrays.dense_shape is None
