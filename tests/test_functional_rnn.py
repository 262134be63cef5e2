"""`tf.contrib.recurrent` computes what `dynamic_rnn` computes."""

import numpy as np
import pytest

import eagle as tf
from eagle.contrib.recurrent import bidirectional_functional_rnn, functional_rnn

ROWS = np.random.RandomState(0).randn(3, 5, 4).astype(np.float32)


def cell(units=3):
    return tf.nn.rnn_cell.GRUCell(units, kernel_initializer=tf.constant_initializer(0.1))


def values(*tensors):
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [x.tolist() for x in sess.run(tensors)]


@pytest.mark.parametrize("lengths", [None, [2, 4, 3]])
def test_forward(lengths):
    outputs, state = functional_rnn(cell(), tf.constant(ROWS), lengths, dtype=tf.float32)
    assert [v.name for v in tf.trainable_variables()][:1] == ["rnn/gru_cell/gates/kernel:0"]
    wanted, last = tf.nn.dynamic_rnn(cell(), tf.constant(ROWS), lengths, dtype=tf.float32, scope="again")
    got = values(outputs, state, wanted, last)
    assert got[:2] == got[2:]


def test_backward_from_the_longest_end():
    """Steps past the end of shorter sequences count; outputs there are zero."""
    outputs, state = functional_rnn(cell(), tf.constant(ROWS), [2, 4, 3], dtype=tf.float32, reverse=True)
    wanted, last = tf.nn.dynamic_rnn(cell(), tf.constant(ROWS[:, 3::-1]), dtype=tf.float32, scope="again")
    outputs, state, wanted, last = map(np.array, values(outputs, state, wanted, last))
    assert (state == last).all()
    assert (outputs[1, :4] == wanted[1, ::-1]).all()
    assert (outputs[0, :2] == wanted[0, :1:-1]).all()
    assert not outputs[0, 2:].any() and outputs.shape == (3, 5, 3)


def test_both_directions():
    outputs, states = bidirectional_functional_rnn(cell(), cell(2), tf.constant(ROWS), sequence_length=[2, 4, 3], dtype=tf.float32)
    wanted, last = tf.nn.bidirectional_dynamic_rnn(cell(), cell(2), tf.constant(ROWS), [2, 4, 3], dtype=tf.float32, scope="again")
    got = values(*outputs, *states, *wanted, *last)
    assert got[:4] == got[4:]
