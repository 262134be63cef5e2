"""Lists of tensors: what makes, changes and reads them, and gradients through them."""

import numpy as np
import pytest

import eagle as tf
from eagle.core.dispatch import registry
from eagle.ops import list_functions as lists


@pytest.fixture(params=["eager", "graph"])
def run(request):
    """A function that gives the values of tensors which another function builds."""

    def in_graph(build):
        with tf.Graph().as_default(), tf.Session() as sess:
            return sess.run(build())

    def eagerly(build):
        with tf.contrib.eager.eager_mode() if hasattr(tf.contrib.eager, "eager_mode") else tf.eager_mode():
            return tf.nest.map_structure(lambda t: t.numpy(), build())

    return eagerly if request.param == "eager" else in_graph


def test_stack_of_values(run):
    def build():
        made = lists.empty_tensor_list([2], tf.float32)
        for i in range(3):
            made = registry["TensorListPushBack"](made, tf.constant([i, i + 1.0]))
        shorter, last = lists.tensor_list_pop_back(made, tf.float32)
        other = registry["TensorListPushBack"](shorter, tf.constant([8.0, 9.0]))
        return [lists.tensor_list_stack(v, tf.float32) for v in (made, shorter, other)] + [
            last,
            registry["TensorListLength"](other),
        ]

    made, shorter, other, last, length = run(build)
    assert made.tolist() == [[0, 1], [1, 2], [2, 3]] and shorter.tolist() == [[0, 1], [1, 2]]
    assert other.tolist() == [[0, 1], [1, 2], [8, 9]] and last.tolist() == [2, 3] and length == 3


def test_elements_that_are_not_set(run):
    def build():
        made = lists.tensor_list_set_item(lists.tensor_list_reserve([2], 3, tf.float32), 1, [5.0, 6.0])
        grown = registry["TensorListResize"](made, 4)
        return [
            lists.tensor_list_get_item(made, 0, tf.float32),
            lists.tensor_list_stack(grown, tf.float32),
            lists.tensor_list_gather(made, [1, 2], tf.float32),
            lists.tensor_list_stack(lists.tensor_list_scatter([[7.0, 7.0]], [2], input_handle=made), tf.float32),
        ]

    first, grown, gathered, scattered = run(build)
    assert first.tolist() == [0, 0] and grown.tolist() == [[0, 0], [5, 6], [0, 0], [0, 0]]
    assert gathered.tolist() == [[5, 6], [0, 0]] and scattered.tolist() == [[0, 0], [5, 6], [7, 7]]


def test_pieces(run):
    def build():
        made = lists.tensor_list_split(tf.range(6), [None], [1, 3, 2])
        return [lists.tensor_list_concat(made, tf.int32), lists.tensor_list_get_item(made, 1, tf.int32)]

    whole, piece = run(build)
    assert whole.tolist() == list(range(6)) and piece.tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: lists.tensor_list_pop_back(lists.empty_tensor_list([], tf.float32), tf.float32),
            "Trying to pop from an empty list",
        ),
        (
            lambda: lists.tensor_list_get_item(lists.tensor_list_reserve([], 2, tf.float32), 2, tf.float32),
            "access element 2 in a list",
        ),
        (
            lambda: lists.tensor_list_stack(lists.empty_tensor_list([2], tf.float32), tf.int32),
            "Invalid data types; op elements int32",
        ),
        (lambda: lists.tensor_list_stack(lists.empty_tensor_list(None, tf.float32), tf.float32), "elements of an empty list"),
        (lambda: registry["TensorListPushBack"](lists.empty_tensor_list([2], tf.float32), [1.0]), "incompatible shape to a list"),
        (
            lambda: lists.tensor_list_split(tf.range(3), [None], [1, 1]),
            "Unused values in tensor. Length of tensor: 3 Values used: 2",
        ),
    ],
)
def test_messages(run, build, message):
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        run(build)


@pytest.mark.parametrize("way", ["push", "stack", "set", "gather", "scatter", "concat"])
def test_gradients(way):
    """The gradient through a list is that of the elements."""
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
        weights = np.arange(6.0).reshape(3, 2).astype("f")
        made = lists.tensor_list_from_tensor(x, [2])
        if way == "push":
            made = registry["TensorListPushBack"](lists.tensor_list_pop_back(made, tf.float32)[0], x[2])
        elif way == "set":
            made = lists.tensor_list_set_item(lists.tensor_list_set_item(made, 1, [0.0, 0.0]), 1, x[1])
        elif way == "scatter":
            made = lists.tensor_list_scatter(x, [0, 1, 2], [2])
        found = lists.tensor_list_stack(made, tf.float32)
        if way == "gather":
            found = lists.tensor_list_gather(made, [0, 1, 2], tf.float32)
        elif way == "concat":
            found = lists.tensor_list_concat(lists.tensor_list_split(x, [None, 2], [1, 2]), tf.float32)
        y = tf.reduce_sum(found * found * weights)
        assert np.allclose(*sess.run([tf.gradients(y, x)[0], 2 * x * weights]))
