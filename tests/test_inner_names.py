"""TensorFlow's insides by their inner names, as programs import them."""

import os
import subprocess
import sys

import pytest

import eagle as tf

HEAD = "from eagle.legacy import alias; alias.install(); import tensorflow as tf\n"


def run(code):
    home = os.path.dirname(os.path.dirname(tf.__file__))
    done = subprocess.run(
        [sys.executable, "-c", HEAD + code], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": home}
    )
    assert done.returncode == 0, done.stderr


PROGRAMS = {
    "generated modules": """
from tensorflow.python.ops import gen_array_ops, gen_nn_ops, gen_resource_variable_ops, io_ops
assert gen_array_ops.reshape(tf.ones([4]), [2, 2], name="r").name == "r:0"
assert gen_nn_ops._max_pool_grad and gen_nn_ops.conv3d_backprop_input_v2 and gen_resource_variable_ops.read_variable_op
assert io_ops.restore_v2
try:
    gen_array_ops.no_such_op
except AttributeError as e:
    assert "Eagle does not have it" in str(e)
else:
    raise AssertionError
""",
    "modules of keras": """
from tensorflow.python.keras.layers import Dense
from tensorflow.python.keras.layers.core import Dropout
from tensorflow.python.keras import backend as K, activations
assert Dense is tf.keras.layers.Dense and Dropout is tf.keras.layers.Dropout and K.epsilon is tf.keras.backend.epsilon
assert activations.relu is tf.keras.activations.relu
""",
    "names and shapes": """
from tensorflow.python.framework import ops, dtypes, common_shapes, tensor_util, op_def_registry
from tensorflow.python.eager import context
assert ops.uid() + 1 == ops.uid()
assert ops.strip_name_scope("^a/b/c", "a/") == "^b/c" and ops.strip_name_scope("a/b", None) == "a/b"
assert ops.strip_name_scope("loc:@a/b", "a") == "loc:@b" and ops.prepend_name_scope("^b", "a") == "^a/b"
assert dtypes.float16_ref == tf.float16._as_ref
assert tensor_util.TensorShapeProtoToList(tf.TensorShape([2, None]).as_proto()) == [2, -1]
assert common_shapes.unknown_shape(tf.constant(1).op)[0].ndims is None
assert op_def_registry.get_registered_ops()["MatMul"].input_arg[0].name == "a"
assert context.in_graph_mode() and context.EAGER_MODE == 1 and context.default_execution_mode == context.GRAPH_MODE
assert ops.convert_to_tensor_v2(1, dtype_hint=tf.float32).dtype == tf.float32
assert ops.internal_convert_to_tensor([1.0], name="c").name == "c:0"
assert ops.RegisterShape("MatMul")(len) is len
""",
    "conversions of sessions": """
from tensorflow.python.client import session
class Square:
    def __init__(self, t):
        self.t, self.squared = t, tf.square(t)
session.register_session_run_conversion_functions(
    Square, lambda s: ([s.squared], lambda v: v[0] + 0.5), lambda s, v: [(s.t, v)], lambda s: [s.t])
x = Square(tf.placeholder(tf.float32, []))
with tf.Session() as sess:
    assert sess.run(x, {x: 3.0}) == 9.5 and sess.run([x, x.t], {x: 2.0}) == [4.5, 2.0]
try:
    session.register_session_run_conversion_functions(Square, None)
except ValueError as e:
    assert "has already been registered so ignore it" in str(e)
else:
    raise AssertionError
""",
    "tensor-like types": """
from tensorflow.python.framework import ops
class Like:
    name, dtype = property(lambda self: "x"), property(lambda self: tf.float32)
ops.register_dense_tensor_like_type(Like)
assert Like.is_tensor_like
try:
    ops.register_dense_tensor_like_type(int)
except TypeError as e:
    assert "does not define a `name` property" in str(e)
else:
    raise AssertionError
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_inner_names(name):
    run(PROGRAMS[name])


def test_switches_to_and_from_version_2():
    shape = tf.TensorShape([2, None])
    assert shape[0] == tf.Dimension(2) and repr(shape) == "TensorShape([Dimension(2), Dimension(None)])"
    tf.enable_v2_tensorshape()
    try:
        assert list(shape) == [2, None] and shape[1] is None and repr(shape) == "TensorShape([2, None])"
        assert (
            str(shape) == "(2, None)"
            and type(shape[0]) is int
            and tf.compat.dimension_value(shape[0]) == 2
            and tf.TensorShape(None)[3] is None
        )
    finally:
        tf.disable_v2_behavior()
    assert isinstance(shape[0], tf.Dimension) and not tf.executing_eagerly()
    tf.enable_v2_behavior()
    try:
        assert tf.executing_eagerly() and type(shape[0]) is int
    finally:
        tf.disable_v2_behavior()
    assert isinstance(shape[0], tf.Dimension) and not tf.executing_eagerly()
    with tf.experimental.function_executor_type("SINGLE_THREADED_EXECUTOR"):
        pass
    with pytest.raises(tf.errors.NotFoundError, match="No executor factory"), tf.experimental.function_executor_type("x"):
        pass
    assert tf.get_logger().name == "tensorflow"


def test_namespaces_show_all_their_names():
    found = vars(tf.losses)  # programs look for classes in `tf.train.__dict__`
    assert set(dir(tf.losses)) <= set(found) and found["mean_squared_error"] is tf.losses.mean_squared_error
