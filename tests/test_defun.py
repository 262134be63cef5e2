"""`Defun`: functions of a graph's library."""

import numpy as np
import pytest

import eagle as tf
from eagle.core.export import namespace

Defun = namespace("python.framework.function").Defun
x = np.float32([1, 2])


def run(*fetches):
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [v.tolist() for v in sess.run(list(fetches))]


@Defun(tf.float32, tf.float32)
def both(x, y):
    """Sum and difference."""
    return x + y, x - y


def test_calls():
    a = tf.constant(x)
    total, difference = both(a, a * 3)
    (other, _) = both(a, a, name="mycall")
    assert other.name == "mycall:0" and total.op.type == both.name and total.op.get_attr("_disable_call_shape_inference")
    assert total.shape.ndims is None
    assert run(total, difference, other) == [[4, 8], [-2, -4], [2, 4]]
    assert run(tf.gradients(total * difference, a)[0]) == [[-16, -32]]
    signature = both.definition.signature
    assert [a.name for a in signature.input_arg] == ["x", "y"] and [a.name for a in signature.output_arg] == ["add", "sub"]
    assert signature.description == "Sum and difference."
    assert both.declared_input_types == (tf.float32, tf.float32) and both.stateful_ops == [] and both.grad_func_name is None


def test_written_and_read():
    both(tf.constant(x), tf.constant(x), name="mycall")
    graph_def = tf.get_default_graph().as_graph_def()
    assert [f.signature.name for f in graph_def.library.function] == [both.name] and graph_def.node[-1].op == both.name
    with tf.Graph().as_default():
        (found,) = tf.import_graph_def(graph_def, return_elements=["mycall:0"], name="")
        assert run(found) == [[2, 4]]


def test_attributes_and_names():
    @Defun(tf.float32, func_name="Named", noinline=True, out_names=["squared"])
    def square(v):
        return tf.square(v)

    y = square(x)
    assert y.op.type == square.name == "Named" and square.definition.attr["_noinline"].b
    assert square.definition.signature.output_arg[0].name == "squared"
    with pytest.raises(ValueError, match="Unknown keyword arguments"):
        Defun(tf.float32, other=1)(lambda v: v).name  # noqa: B018


def test_any_types():
    @Defun()
    def double(v):
        return v * 2

    assert double(tf.constant(1)).dtype == tf.int32 and double(x).dtype == tf.float32
    assert run(double(tf.constant(3)), double(x)) == [6, [2, 4]]

    @Defun()
    def one():
        return tf.constant(1.0)

    assert run(one()) == [1]


def test_gradients_of_ones_own():
    def scaled(op, g):
        return [g * 100.0 * op.inputs[0]]

    @Defun(tf.float32, python_grad_func=scaled, shape_func=lambda op: [op.inputs[0].shape])
    def exp(v):
        return tf.exp(v)

    @Defun(tf.float32, tf.float32)
    def sevenfold(v, g):
        return g * 7.0

    @Defun(tf.float32, grad_func=sevenfold)
    def square(v):
        return v * v

    a = tf.constant(x)
    y, z = exp(a), square(a)
    assert y.shape == (2,)
    assert run(tf.gradients(y, a)[0], tf.gradients(z, a)[0]) == [[100, 200], [7, 7]]
    (gradient,) = tf.get_default_graph().as_graph_def().library.gradient
    assert (gradient.function_name, gradient.gradient_func) == (square.name, sevenfold.name)


def test_captured_tensors_and_variables():
    v = tf.get_variable("v", initializer=3.0)

    @Defun(tf.float32)
    def f(a):
        return a * v + tf.get_variable("w", initializer=5.0)

    a = tf.constant(x)
    y = f(a)
    assert [t.name for t in y.op.inputs] == ["Const:0", "v/read:0", "w/read:0"] == ["Const:0", *[t.name for t in f.captured_inputs]]
    assert [t.name for t in tf.global_variables()] == ["v:0", "w:0"]
    assert run(y, *tf.gradients(y, [a, v])) == [[8, 11], [3, 3], 3]


def test_eagerly():
    tf.enable_eager_execution()
    total, difference = both(x, 2 * x)
    assert total.numpy().tolist() == [3, 6] and difference.numpy().tolist() == [-1, -2]


def test_errors():
    a = tf.constant(x)
    with pytest.raises(ValueError, match="Expected number of arguments: 2, received: 1"):
        both(a)
    with pytest.raises(
        ValueError, match="Input 'x' passed int32 expected float while building NodeDef 'both_.*' using Op<name=both_"
    ):
        both(tf.constant(1), a)
    with pytest.raises(TypeError, match="List of Tensors when single Tensor expected"):
        Defun(tf.float32)(lambda v: {"a": v})(a)
    with pytest.raises(ValueError, match="Function can not return None."):
        Defun(tf.float32)(lambda v: [None])(a)
    with pytest.raises(ValueError, match="function with argument defaults or keywords arguments are not supported"):
        Defun(tf.float32)(lambda v=1: v)
    with pytest.raises(ValueError, match="The function has fewer arguments than the number of specified"):
        Defun(tf.float32)(lambda v, w: v)
    with pytest.raises(ValueError, match="function 3 must be callable"):
        Defun(tf.float32)(3)
    with pytest.raises(tf.errors.NotYetError, match="capture_by_value"):
        Defun(tf.float32, capture_by_value=True)(lambda v: v)
