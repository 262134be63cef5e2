"""`tf.wrap_function`: functions of TensorFlow 1's kind, and parts of them."""

import numpy as np
import pytest

import eagle as tf

FLOAT = tf.TensorSpec((), tf.float32)


def test_only_what_is_returned_runs(eager):
    seen = []

    def f(x, adds):
        v = tf.Variable(5.0)
        seen.append(v)
        v.assign_add(100.0)
        op = v.assign_add(x) if adds else v.assign_sub(x)
        with tf.control_dependencies([op]):
            return v.read_value()

    add, subtract = (tf.wrap_function(f, [FLOAT, adds]) for adds in (True, False))
    assert [add(1.0).numpy(), add(1.0).numpy(), subtract(1.0).numpy(), subtract(1.0).numpy()] == [6, 7, 4, 3]
    assert len(seen) == 2  # each traced once
    assert add.graph.get_collection("trainable_variables")[0] is seen[0]
    assert not tf.get_collection("trainable_variables")


def test_calls(eager):
    f = tf.wrap_function(lambda pair, scale: {"sum": pair[0] + pair[1] * scale}, [(FLOAT, FLOAT), 3.0])
    assert f(1, tf.constant(2.0))["sum"].numpy() == 7
    with pytest.raises(NotImplementedError, match="Keyword arguments not supported when calling a wrap_function-decorated"):
        f(x=1.0)
    with pytest.raises(ValueError, match="Arguments and signature arguments do not match. got: 1, expected: 2"):
        f(1.0)
    with pytest.raises(TypeError, match="must return zero or more Tensors"):
        tf.wrap_function(tf.no_op, [])


def test_parts(eager):
    v = tf.Variable(1.0)

    def f(x, y):
        product = tf.multiply(v, x, name="product")
        v.assign_add(y, name="add", read_value=False)
        return product + y

    whole = tf.wrap_function(f, [FLOAT, FLOAT])
    x, y = whole.inputs[:2]
    product = whole.prune(x, "product:0")
    assert product(tf.constant(3.0)).numpy() == 3
    add = whole.prune(y, {"done": whole.graph.get_operation_by_name("add"), "y": y})
    assert add(tf.constant(2.0))["y"].numpy() == 2 and v.numpy() == 3
    assert add.structured_outputs["done"] is None and [op.name for op in add.graph.control_outputs] == ["add"]
    with tf.GradientTape() as tape:
        square = product(product(tf.constant(2.0)))
    assert square.numpy() == 18 and tape.gradient(square, v).numpy() == 12
    double = tf.function(lambda x: product(x) * 2.0)
    assert double(tf.constant(5.0)).numpy() == 30
    with pytest.raises(Exception, match="Unable to lift tensor .* depends transitively on placeholder"):
        whole.prune([], "product:0")
    with pytest.raises(ValueError, match="Feeds must be tensors."):
        whole.prune("product", "product:0")


def test_variables_of_graphs_read_into_it(eager, tmp_path):
    with tf.Graph().as_default(), tf.Session() as sess:
        w = tf.get_variable("w", initializer=np.float32(4.0), use_resource=True)
        tf.multiply(w, 2.0, name="output")
        saver = tf.train.Saver()
        sess.run(w.initializer)
        path = saver.save(sess, str(tmp_path / "model"))

    def read():
        tf.train.import_meta_graph(path + ".meta")
        return tf.get_default_graph().get_tensor_by_name("output:0")

    wrapped = tf.wrap_function(read, [])
    (variable,) = wrapped.graph.variables
    wrapped.prune([], w.initializer.name)()
    assert variable.numpy() == 4 and wrapped().numpy() == 8
    variable.assign(1.0)
    assert wrapped().numpy() == 2
