"""Functions: when they are traced, what they give, their gradients, in both modes."""

import numpy as np
import pytest

import eagle as tf
import eagle.contrib.eager as tfe

MAKERS = pytest.mark.parametrize("make", [tfe.defun, tf.function], ids=["defun", "function"])


def values(structure):
    return tf.nest.map_structure(lambda t: t.numpy().tolist() if isinstance(t, tf.Tensor) else t, structure)


@MAKERS
def test_traced_once_for_types_shapes_and_python_values(make, eager):
    traced = []

    @make
    def f(x, y=2.0):
        traced.append(y)
        return x * y

    assert f(tf.constant([1.0, 2.0])).numpy().tolist() == [2, 4]
    assert f(tf.constant([3.0, 4.0])).numpy().tolist() == [6, 8]
    assert len(traced) == 1
    f(tf.constant([1.0]))
    f(tf.constant([1.0]), y=3.0)
    f(tf.constant([1]), 3)
    assert traced == [2.0, 2.0, 3.0, 3]
    f(np.array([5.0], np.float32), 3.0)  # an array is a tensor
    f(tf.constant([1.0]), y=3.0)
    assert len(traced) == 4


@MAKERS
def test_structures(make, eager):
    @make
    def f(pair, options):
        a, b = pair
        return {"sum": a + b, "rest": [a, None, (b,)], "scaled": a * options["scale"]}

    result = f((tf.constant(1.0), tf.constant(2.0)), options={"scale": 3.0})
    assert values(result) == {"sum": 3, "rest": [1, None, (2,)], "scaled": 3}
    assert f.get_concrete_function((tf.constant(1.0), tf.constant(2.0)), {"scale": 3.0}).output_shapes["sum"] == []


def test_nothing_returned(eager):
    seen = []
    f = tfe.defun(lambda: seen.append(1))
    assert f() is None and f() is None and seen == [1]


@MAKERS
def test_gradients_of_any_order(make, eager):
    cube = make(lambda x: x * x * x)
    third = tfe.gradients_function(tfe.gradients_function(tfe.gradients_function(lambda x: cube(x))))
    x = tf.constant([1.0, 2.0])
    assert tfe.gradients_function(cube)(x)[0].numpy().tolist() == [3, 12]
    assert third(x)[0].numpy().tolist() == [6, 6]


def test_gradient_of_what_is_captured(eager):
    w = tf.constant(3.0)
    f = tfe.defun(lambda x: x * w)
    with tf.GradientTape() as tape:
        tape.watch(w)
        y = f(tf.constant(2.0))
    assert tape.gradient(y, w).numpy() == 2


def test_nested_calls(eager):
    square = tfe.defun(lambda x: x * x)

    @tfe.defun
    def f(x):
        return square(x) + square(2.0 * x)

    x = tf.constant(3.0)
    assert f(x).numpy() == 45
    assert tfe.gradients_function(f)(x)[0].numpy() == 30


def test_tape_inside(eager):
    @tfe.defun
    def slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = x * x
        return tape.gradient(y, x)

    assert slope(tf.constant(3.0)).numpy() == 6
    assert tfe.gradients_function(slope)(tf.constant(3.0))[0].numpy() == 2


@MAKERS
def test_in_a_graph(make):
    f = make(lambda x, y: (x * y, x + y))
    x = tf.placeholder(tf.float32, [2])
    product, total = f(x, x)
    (g,) = tf.gradients(product, x)
    (gg,) = tf.gradients(g, x)
    with tf.Session() as sess:
        found = sess.run([product, total, g, gg], {x: [1, 2]})
    assert [v.tolist() for v in found] == [[1, 4], [2, 4], [2, 4], [2, 2]]


def test_methods_and_closures(eager):
    class Model:
        def __init__(self, scale):
            self.scale = scale

        @tfe.defun
        def apply(self, x):
            return x * self.scale

    two, three = Model(2.0), Model(3.0)
    x = tf.constant(1.0)
    assert two.apply(x).numpy() == 2 and three.apply(x).numpy() == 3
    assert two.apply(x).numpy() == 2


def test_input_signature(eager):
    traced = []

    @tfe.defun(input_signature=[tf.TensorSpec([None, 2], tf.float32)])
    def f(x):
        traced.append(x.shape.as_list())
        return x * 2.0

    assert f([[1.0, 2.0]]).shape == [1, 2]
    assert f(tf.constant(np.ones([3, 2], np.float32))).shape == [3, 2]
    assert traced == [[None, 2]]
    with pytest.raises(ValueError, match="Python inputs incompatible with input_signature"):
        f(tf.constant([1.0]))
    with pytest.raises(ValueError, match="Python inputs incompatible with input_signature"):
        f(tf.constant([[1, 2]]))
    with pytest.raises(TypeError, match="only pass arguments covered by it. Received 2"):
        f(tf.constant([[1.0, 2.0]]), tf.constant(1.0))
    with pytest.raises(ValueError, match="Structure of Python function inputs does not match input_signature"):
        f()
    with pytest.raises(TypeError, match="input_signature must be either a tuple or a list"):
        tfe.defun(lambda x: x, input_signature={"x": tf.TensorSpec([])})
    with pytest.raises(TypeError, match="Invalid input_signature 3; input_signature must be a possibly nested sequence"):
        tfe.defun(lambda x: x, input_signature=3)


def test_relaxed_shapes(eager):
    traced = []

    @tf.function(experimental_relax_shapes=True)
    def f(x):
        traced.append(x.shape.as_list())
        return x + 1.0

    for n in range(1, 6):
        assert f(tf.constant([0.0] * n)).shape == [n]
    assert traced == [[1], [2], [None]]


def test_arguments_must_be_hashable(eager):
    with pytest.raises(AttributeError, match="'set' object has no attribute 'shape'"):
        tfe.defun(lambda x, s: x)(tf.constant(1.0), {1, 2})


def test_errors_name_the_line(eager):
    @tfe.defun
    def f(x, y):
        return tf.add(x, y, name="broken")

    f = f.get_concrete_function(tf.TensorSpec([None], tf.float32), tf.TensorSpec([None], tf.float32))
    with pytest.raises(tf.errors.InvalidArgumentError, match="Incompatible shapes") as caught:
        f(tf.constant([1.0, 2.0]), tf.constant([1.0, 2.0, 3.0]))
    assert "broken" in str(caught.value) and "test_functions.py" in str(caught.value)


def test_run_eagerly(eager):
    seen = []

    @tf.function
    def f(x):
        seen.append(1)
        return x

    tf.config.experimental_run_functions_eagerly(True)
    try:
        f(tf.constant(1.0))
        f(tf.constant(1.0))
    finally:
        tf.config.experimental_run_functions_eagerly(False)
    assert seen == [1, 1]


def test_tracing_too_often_is_told(eager, caplog):
    f = tfe.defun(lambda x, n: x * n)
    with caplog.at_level("WARNING", logger="tensorflow"):
        for n in range(8):
            f(tf.constant(1.0), float(n))
    assert sum("traced" in r.message for r in caplog.records) == 1


@MAKERS
def test_effects_in_branches_and_loops_of_functions(make, eager):
    v = tfe.Variable(1.0)

    @make
    def f(flag, n):
        tf.cond(flag, lambda: v.assign_add(10.0).read_value(), lambda: tf.constant(0.0))
        tf.while_loop(lambda i: i < n, lambda i: (v.assign_add(1.0), i + 1)[1], [0])
        return v * 2.0

    assert f(tf.constant(True), tf.constant(3)).numpy() == 28
    assert f(tf.constant(False), tf.constant(0)).numpy() == 28
    assert v.numpy() == 14
