"""Version 2 of the wrappers of recurrent cells, that are cells of Keras."""

import numpy as np
import pytest

import eagle as tf

nn = tf.compat.v2.nn
WRAPPERS = [(nn.RNNCellDropoutWrapper, ()), (nn.RNNCellResidualWrapper, ()), (nn.RNNCellDeviceWrapper, ("/cpu:0",))]


@pytest.mark.parametrize("wrapper, arguments", WRAPPERS)
def test_variables_are_those_of_the_cell_inside(wrapper, arguments):
    with tf.Graph().as_default():
        cell = wrapper(tf.keras.layers.SimpleRNNCell(1), *arguments)
        tf.keras.layers.RNN(cell, name="around")(tf.constant([[[1.0]]]))
        names = ["around/kernel:0", "around/recurrent_kernel:0", "around/bias:0"]
        assert [v.name for v in cell.weights] == names == [v.name for v in cell.cell.trainable_weights]


@pytest.mark.parametrize("wrapper, arguments", WRAPPERS)
def test_configurations_make_it_again(wrapper, arguments):
    with tf.Graph().as_default():
        made = wrapper(tf.keras.layers.LSTMCell(10), *arguments)
        again = wrapper.from_config(made.get_config())
        assert type(again) is wrapper and type(again.cell) is tf.keras.layers.LSTMCell
        assert again.get_config() == made.get_config()
        assert again.state_size == [10, 10] and again.output_size == 10


def test_functions_in_configurations():
    with tf.Graph().as_default():
        made = nn.RNNCellResidualWrapper(tf.keras.layers.LSTMCell(2), residual_fn=lambda i, o: i + i + o)
        assert nn.RNNCellResidualWrapper.from_config(made.get_config())._residual_fn(1, 2) == 4


def test_numbers():
    with tf.Graph().as_default(), tf.Session() as session:
        cell = tf.keras.layers.SimpleRNNCell(2, kernel_initializer="ones", recurrent_initializer="ones", activation=None)
        output, state = nn.RNNCellResidualWrapper(cell)(tf.constant([[1.0, 2.0]]), [tf.constant([[3.0, 4.0]])])
        session.run(tf.global_variables_initializer())
        np.testing.assert_array_equal(session.run(output), [[11, 12]])
        np.testing.assert_array_equal(session.run(state[0]), [[10, 10]])


def test_gru_cells_without_a_type_of_their_own_are_built():
    with tf.Graph().as_default():
        cell = tf.nn.rnn_cell.GRUCell(3)
        nn.RNNCellDeviceWrapper(cell, "/cpu:0").build((1, 3))
        assert [v.shape.as_list() for v in cell.weights] == [[6, 6], [6], [6, 3], [3]]
