"""`switch` and `merge`."""

import numpy as np
import pytest

import eagle as tf
from eagle.core.export import namespace

flow = namespace("python.ops.control_flow_ops")


def test_a_branch_by_hand():
    x, p = tf.placeholder(tf.float32, [2]), tf.placeholder(tf.bool, [])
    no, yes = flow.switch(x, p)
    y, index = flow.merge([no * 10.0, yes + 1.0])
    (gradient,) = tf.gradients(y, x)
    with tf.Session() as sess:
        for taken, wanted, slope in ((False, [10, 20], 10), (True, [2, 3], 1)):
            found = sess.run([y, index, gradient], {x: [1, 2], p: taken})
            assert found[0].tolist() == wanted and found[1] == taken and found[2].tolist() == [slope] * 2


def test_random_choice_among_functions():
    """What programs that distort images do: one of several functions is applied."""
    x, selected = tf.placeholder(tf.float32, []), tf.placeholder(tf.int32, [])
    functions = [lambda v: v + 1, lambda v: v * 10, lambda v: -v]
    y = flow.merge([f(flow.switch(x, tf.equal(selected, i))[1]) for i, f in enumerate(functions)])[0]
    with tf.Session() as sess:
        assert [sess.run(y, {x: 3, selected: i}) for i in range(3)] == [4, 30, -3]


def test_nested():
    x, p, q = (tf.placeholder(t, []) for t in (tf.int32, tf.bool, tf.bool))
    no, yes = flow.switch(x, p)
    inner_no, inner_yes = flow.switch(yes, q)
    y, index = flow.merge([no, inner_no * 10, inner_yes * 100])
    with tf.Session() as sess:
        found = [tuple(sess.run([y, index], {x: 3, p: a, q: b})) for a in (False, True) for b in (False, True)]
    assert found == [(3, 0), (3, 0), (30, 1), (300, 2)]


def test_things_made_of_tensors():
    p = tf.placeholder(tf.bool, [])
    slices = tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]))
    no, yes = flow.switch(slices, p)
    made, _ = flow.merge([no, tf.IndexedSlices(yes.values * 2.0, yes.indices)])
    sparse, _ = flow.merge(flow.switch(tf.SparseTensor([[0]], [5], [3]), p))
    with tf.Session() as sess:
        assert sess.run(made.values, {p: True}).tolist() == [2] and sess.run(made.values, {p: False}).tolist() == [1]
        assert sess.run(sparse, {p: True}).values.tolist() == [5]


def test_errors():
    with pytest.raises(ValueError, match="At least one of the merge inputs is None"):
        flow.merge([tf.constant(1), None])
    with pytest.raises(TypeError, match="must be all tensors"):
        flow.merge([tf.constant(1), tf.SparseTensor([[0]], [5], [3])])
    assert flow.merge([tf.constant(1)]).output.dtype == tf.int32
    tf.enable_eager_execution()
    with pytest.raises(RuntimeError, match="is for graphs"):
        flow.switch(np.float32(1), True)
