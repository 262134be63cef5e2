"""Models of Keras with sparse inputs, and with sparse and ragged outputs, batch by batch."""

import numpy as np
import pytest

import eagle as tf
from eagle.core.context import eager_mode
from eagle.keras.engine.composites import examples, joined

DENSE = np.float32([[5, 0, 0], [6, 7, 0], [0, 8, 0], [0, 0, 0], [0, 0, 9]])


@pytest.fixture(autouse=True)
def eagerly():
    """These are eager programs: a graph takes such data only in steps."""
    with eager_mode():
        yield
    tf.keras.backend.clear_session()


def test_sparse_inputs():
    inputs = tf.keras.layers.Input((3,), sparse=True)
    model = tf.keras.Model(inputs, tf.keras.layers.Lambda(tf.sparse.to_dense)(inputs))
    model.compile("sgd", "mse", run_eagerly=True)
    sparse = tf.sparse.from_dense(DENSE)
    np.testing.assert_array_equal(model.predict(sparse, batch_size=2), DENSE)
    assert model.evaluate(sparse, DENSE, batch_size=2, verbose=0) == 0
    found = model.fit(sparse, DENSE, batch_size=2, verbose=0)  # inputs and targets are shuffled alike
    assert found.history == {"loss": [0]}


@pytest.mark.parametrize("is_value", [False, True])
def test_examples_of_sparse_tensors_in_any_order(is_value):
    sparse, rows = tf.sparse.from_dense(DENSE), np.array([4, 1, 3])
    if is_value:
        sparse = tf.SparseTensorValue(*(v.numpy() for v in (sparse.indices, sparse.values, sparse.dense_shape)))
    some, nothing = examples([sparse, None], rows)
    assert type(some) is type(sparse) and nothing is None
    wanted = tf.sparse.from_dense(DENSE[rows])
    for name in "indices", "values", "dense_shape":
        np.testing.assert_array_equal(getattr(some, name), getattr(wanted, name))


def test_sparse_and_ragged_outputs():
    inputs = tf.keras.layers.Input((3,))
    for make in tf.sparse.from_dense, lambda x: tf.RaggedTensor.from_tensor(x, padding=0):
        model = tf.keras.Model(inputs, tf.keras.layers.Lambda(make)(inputs))
        model._run_eagerly = True
        output = model.predict(DENSE, batch_size=2)
        if isinstance(output, tf.SparseTensor):
            np.testing.assert_array_equal(tf.sparse.to_dense(output), DENSE)
        else:
            assert output.to_list() == [[5], [6, 7], [0, 8], [], [0, 0, 9]]


def test_values_are_put_together():
    parts = [tf.SparseTensorValue(np.array([[1, 2]]), np.array([7]), np.array([2, 3])),
             tf.SparseTensorValue(np.array([[0, 1]]), np.array([8]), np.array([1, 3]))]  # fmt: skip
    got = joined(parts)
    assert [x.tolist() for x in got] == [[[1, 2], [2, 1]], [7, 8], [3, 3]]
    with pytest.raises(ValueError, match="can't be put together"):
        joined([parts[0], tf.SparseTensorValue(np.array([[0, 1]]), np.array([8]), np.array([1, 4]))])
    value = tf.ragged.constant_value
    assert joined([value([[[1], []], []]), value([[[2, 3]]])]).to_list() == [[[1], []], [], [[2, 3]]]


def test_reductions_of_what_belongs_to_a_graph_in_part():
    symbolic = tf.keras.layers.Input((3,))
    assert tf.reduce_max([symbolic, symbolic]).shape.as_list() == []
    assert tf.reduce_max([[1.0, 2.0], [3.0, 0.0]]).numpy() == 3
