"""The switches between the behavior of TensorFlow 1 and 2."""

import os
import subprocess
import sys

import pytest

import eagle as tf

PROGRAM = """
import eagle as tf
tf.enable_v2_behavior()
assert tf.executing_eagerly() and tf.control_flow_v2_enabled() and tf.resource_variables_enabled()
assert tf.zeros([2, 3]).shape[0] == 2
a = tf.constant([1, 2])
assert (a == [1, 3]).numpy().tolist() == [True, False] and (a != [1, 3]).numpy().tolist() == [False, True]
assert (tf.Variable(1.0) == 1.0).numpy() and not (a == tf.constant([1, 2, 3])).numpy()
for x in (a, tf.Variable(1.0)):
    try:
        {x: 1}
        raise SystemExit("hashable")
    except TypeError as e:
        assert "unhashable if Tensor equality is enabled" in str(e)
assert {a.experimental_ref(): 1}[a.experimental_ref()] == 1

@tf.function
def f(x, y):
    return tf.cond(tf.reduce_all(x == y), lambda: x * 2, lambda: x)

assert f(a, a + 0).numpy().tolist() == [2, 4] and f(a, a + 1).numpy().tolist() == [1, 2]
model = tf.keras.Sequential([tf.keras.layers.Dense(3), tf.keras.layers.Dense(1)])
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(model(tf.ones([2, 4])))
grads = tape.gradient(loss, model.trainable_variables)
tf.keras.optimizers.SGD(0.1).apply_gradients(zip(grads, model.trainable_variables))
tf.disable_tensor_equality()
assert a != [1, 2] and a == a and {a: 1}[a] == 1
"""


def test_behavior_of_version_2():
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=dict(os.environ), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_in_graphs_tensors_are_compared_as_objects():
    tf.enable_tensor_equality()
    try:
        with tf.Graph().as_default():
            a = tf.constant(1)
            assert a == a and a != tf.constant(1) and {a: 1}[a] == 1
    finally:
        tf.disable_tensor_equality()


def test_device_scopes_are_left_in_order(eager):
    scope = tf.device("/device:CPU:0")
    scope.__enter__()
    with tf.device(None), pytest.raises(RuntimeError, match="Exiting device scope without proper scope nesting"):
        scope.__exit__(None, None, None)
    scope.__exit__(None, None, None)
