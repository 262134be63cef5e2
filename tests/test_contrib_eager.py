"""What `tf.contrib.eager` has besides: iterators."""

import pytest

import eagle as tf
import eagle.contrib.eager as tfe


def test_iterator(eager):
    data = tf.data.Dataset.from_tensor_slices({"a": [1, 2, 3]})
    iterator = tfe.Iterator(data)
    assert iterator.next()["a"].numpy() == 1 and iterator.output_types == {"a": tf.int32}
    assert [x["a"].numpy() for x in iterator] == [2, 3]
    with pytest.raises(StopIteration):
        iterator.next()
    with pytest.raises(tf.errors.OutOfRangeError):
        iterator.get_next()
    with pytest.raises(TypeError, match="must be a `tf.data.Dataset` object"):
        tfe.Iterator([1])

    @tf.function
    def total(data):
        s = 0
        for x in tfe.Iterator(data):
            s += x["a"]
        return s

    assert total(data).numpy() == 6


def test_iterator_needs_eager_execution():
    with pytest.raises(RuntimeError, match="objects can only be used when eager execution is enabled"):
        tfe.Iterator(tf.data.Dataset.range(3))
