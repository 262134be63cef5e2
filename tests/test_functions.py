"""Functions: when they are traced, what they give, their gradients, in both modes."""

import functools
import gc
import inspect
import weakref

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


# ----------------------------------------------------------------------------------------------------------- variables inside


def test_variables_are_made_at_the_first_call(eager):
    made = []

    @tf.function
    def f(x):
        if not made:
            made.append(tf.Variable(2.0 * x))
        return made[0] * x

    assert f(tf.constant(1.0)).numpy() == 2 and f(tf.constant(3.0)).numpy() == 6
    assert f(tf.constant([3.0])).numpy() == [6]
    made[0].assign(1.0)
    assert f(tf.constant(3.0)).numpy() == 3


def test_variables_at_other_calls_are_refused(eager):
    always = tf.function(lambda x: tf.Variable(1.0) + x)
    with pytest.raises(ValueError, match="tf.function-decorated function tried to create variables on non-first call."):
        always(1.0)
    made = []

    @tf.function
    def later(x, more):
        if more:
            made.append(tf.Variable(1.0))
        return x

    later(1.0, False)
    with pytest.raises(ValueError, match="Creating variables on a non-first call to a function decorated with tf.function."):
        later(1.0, True)


def test_variables_that_depend_on_others_and_initialized_ones(eager):
    made = []

    @tf.function
    def f(x):
        if not made:
            made.append(tf.Variable([1.0, 2.0]))
            made.append(tf.Variable(lambda: made[0] * 2.0))
            made.append(tf.Variable(5.0))
            with tf.init_scope():
                made[2].assign(10.0)
        return made[0] + made[1] + made[2] + x

    assert f.get_concrete_function(tf.constant(1.0))(tf.constant(1.0)).numpy().tolist() == [14, 17]
    assert f(tf.constant(2.0)).numpy().tolist() == [15, 18]


def test_variables_of_an_inner_function(eager):
    made = []

    @tf.function
    def inner(x):
        if not made:
            made.append(tf.Variable(3.0))
        return made[0] * x

    outer = tf.function(lambda x: inner(x) + 1.0)
    assert outer(tf.constant(2.0)).numpy() == 7
    assert outer(tf.constant(3.0)).numpy() == 10 and len(made) == 1


def test_initialization_function(eager):
    made = []

    @tf.function
    def f(x):
        if not made:
            made.append(tf.Variable(2.0))
        return made[0] * x

    initialize = f.get_initialization_function(tf.constant(1.0))
    assert not tf.raw_ops.VarIsInitializedOp(resource=made[0].handle).numpy()
    initialize()
    assert made[0].numpy() == 2
    with pytest.raises(RuntimeError, match="cannot be called after the function has been used"):
        f.get_initialization_function(tf.constant(1.0))


def test_variables_in_a_graph():
    made = []

    @tf.function
    def f(x):
        if not made:
            two = tf.constant(2.0)
            made.append(tf.Variable(tf.sqrt(two * two) + 4.0, name="six"))
        return made[0] * x

    y = f(3.0)
    assert [v.name for v in tf.global_variables()] == ["six:0"]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run(y) == 18


def test_initial_values_of_arguments_in_a_graph():
    made = []

    @tf.function
    def f(x):
        if not made:
            made.append(tf.Variable(2.0 * x))
        return made[0] * x

    with pytest.raises(Exception, match="it depends transitively on placeholder.*mul .Mul. <- x .Placeholder."):
        f(tf.constant(3.0))


def test_defun_makes_variables_outside_of_itself(eager):
    made = []

    @tfe.defun
    def f(x):
        made.append(tfe.Variable(lambda: tf.constant(2.0), name="v"))
        return made[-1] * x

    assert f(tf.constant(3.0)).numpy() == 6 and made[0].numpy() == 2 and made[0].name == "v:0"
    inside = tfe.defun(lambda x: tfe.Variable(x))
    with pytest.raises(ValueError, match="Tensor-typed variable initializers must either be wrapped in an init_scope or callable"):
        inside(tf.constant(1.0))


@MAKERS
def test_variables_as_arguments(make, eager):
    traced = []

    @make
    def add(a, b):
        traced.append(1)
        return a.assign_add(1.0) + b

    v, w = tfe.Variable(1.0), tfe.Variable(5.0)
    assert add(v, v).numpy() == 4 and add(v, w).numpy() == 8
    assert add(v, v).numpy() == 8 and len(traced) == 2
    concrete = make(lambda v: v.assign_add(1.0).read_value()).get_concrete_function(v)
    assert concrete(w).numpy() == 6 and w.numpy() == 6 and not concrete.captured_inputs


# ----------------------------------------------------------------------------------------------- what traces tell, and names


@MAKERS
def test_names_of_inputs(make, eager):
    f = make(lambda x, *args, **kwargs: x)
    spec = tf.TensorSpec([], tf.int32)
    concrete = f.get_concrete_function(spec, spec, [spec, 3], k=spec, z=(tf.TensorSpec([], tf.int32, name="q"),))
    assert [t.op.name for t in concrete.inputs] == ["x", "args_0", "args_1", "k", "q"]
    assert concrete.inputs[1].op.get_attr("_user_specified_name") == b"args_0"
    args, kwargs = concrete.structured_input_signature
    assert args == (
        tf.TensorSpec([], tf.int32, "x"), tf.TensorSpec([], tf.int32, "args_0"), [tf.TensorSpec([], tf.int32, "args_1/0"), 3]
    )  # fmt: skip
    assert kwargs == {"k": tf.TensorSpec([], tf.int32, "k"), "z": (tf.TensorSpec([], tf.int32, "q"),)}
    with pytest.raises(ValueError, match="either zero or all names have to be specified"):
        f.get_concrete_function([tf.TensorSpec([], tf.int32, name="a"), spec])


def test_arguments_of_a_concrete_function(eager):
    f = tf.function(lambda x, y=2: x - y)
    concrete = f.get_concrete_function(tf.TensorSpec([], tf.int32), tf.TensorSpec([], tf.int32))
    one, two = tf.constant(1), tf.constant(2)
    assert concrete(one, two).numpy() == -1 == concrete(y=two, x=one).numpy() == concrete(one, y=two).numpy()
    assert concrete.name.startswith(b"__inference_<lambda>_")
    for args, kwargs, kind, message in [
        ((1, 2), {}, ValueError, "All inputs to `ConcreteFunction`s must be Tensors; on invocation of .* the 0-th input .1."),
        ((one,), {}, TypeError, r"Expected argument names \['x', 'y'\] but got values for \['x'\]. Missing: \['y'\]."),
        ((one, two, two), {}, TypeError, "Expected at most 2 positional arguments"),
        ((one, two), {"x": two}, TypeError, "Got two values for keyword 'x'."),
        ((one,), {"y": two, "z": two}, TypeError, r"Keyword arguments \['z'\] unknown. Expected \['x', 'y'\]."),
    ]:
        with pytest.raises(kind, match=message):
            concrete(*args, **kwargs)


def test_shapes_are_checked_in_graphs(eager):
    f = tf.function(lambda argument: argument + 1.0).get_concrete_function(tf.constant([1.0]))
    assert f(tf.constant([1.0, 2.0])).numpy().tolist() == [2, 3]
    with pytest.raises(ValueError, match=r"The argument 'argument' .*Expected shape \(1,\), but got shape \(2,\)."):
        tf.function(lambda: f(tf.constant([1.0, 2.0])))()


def test_shapes_of_results_are_inferred_anew(eager):
    @tf.function(input_signature=[tf.TensorSpec(None, tf.float32), tf.TensorSpec([2], tf.int32)])
    def f(x, shape):
        return tf.transpose(x), tf.reshape(x, shape)

    seen = []

    @tf.function
    def g():
        a, b = f(tf.ones([2, 3]), [3, 2])
        seen.extend([a.shape.as_list(), b.shape.as_list()])
        return b

    assert g().shape == [3, 2] and seen == [[3, 2], [3, 2]]
    a, _ = f(tf.ones([4]), [2, 2])
    assert a.shape == [4]


@MAKERS
def test_partials(make, eager):
    def f(a, b, c=3):
        return a * 100 + b * 10 + c

    assert make(functools.partial(f, 1, c=4))(tf.constant(2)).numpy() == 124
    assert make(functools.partial(f, 1))(tf.constant(2), 5).numpy() == 125
    assert make(functools.partial(f, b=7))(1, c=tf.constant(1)).numpy() == 171


@MAKERS
def test_what_functions_may_return(make, eager):
    assert make(lambda x: None)(1) is None
    text, number, nothing = make(lambda: ("abc", np.float32(3), None))()
    assert text.numpy() == b"abc" and number.numpy() == 3 and nothing is None
    slices = make(lambda x: tf.IndexedSlices(x, tf.constant([0, 1])))(tf.constant([1.0, 2.0]))
    assert isinstance(slices, tf.IndexedSlices) and slices.values.numpy().tolist() == [1, 2] and slices.dense_shape is None
    with pytest.raises(TypeError, match="Python functions must return zero or more Tensors; .*found return value of type .*object"):
        make(lambda: object())()
    with pytest.raises(TypeError, match="must return zero or more Tensors"):
        make(lambda: tf.no_op())()


@MAKERS
def test_arguments_must_keep_their_structure(make, eager):
    with pytest.raises(ValueError, match="Function to be traced should not modify structure of input arguments"):
        make(lambda x: x.append(1))([tf.constant(1)])
    with pytest.raises(ValueError, match="Function to be traced should not modify structure of input arguments"):
        make(lambda x: x.pop("a"))({"a": tf.constant(1)})


def test_functions_called_by_others_are_traced_once(eager):
    traced = []

    @tf.function
    def inner(x):
        traced.append(1)
        return x + 1.0

    one, two = tf.function(lambda x: inner(x)), tf.function(lambda x: inner(x) * 2.0)
    x = tf.constant(1.0)
    assert one(x).numpy() == 2 and two(x).numpy() == 4 and inner(x).numpy() == 2
    assert len(traced) == 1


def test_functions_that_use_tensors_around_them(eager):
    @tf.function
    def outer(x):
        y = x * 2.0
        inner = tf.function(lambda: y + 1.0)
        return inner()

    assert outer(tf.constant(1.0)).numpy() == 3 and outer(tf.constant([2.0])).numpy() == [5]


def test_collections(eager):
    with tf.Graph().as_default():
        tf.add_to_collection("x", 2)

        @tfe.defun
        def f():
            tf.add_to_collection("z", 7)
            return tf.constant(tf.get_collection("x")[0]) + len(tf.get_collection("z"))

        with tf.Session() as sess:
            assert sess.run(f()) == 3
        assert tf.get_collection("z") == []


def test_values_at_the_time_of_the_call(eager):
    value = 1.0

    @tf.function
    def f(x):
        return x + tf.get_default_graph().capture_call_time_value(lambda: value, tf.TensorSpec([], tf.float32))

    assert f(2.0).numpy() == 3
    value = 2.0
    assert f(2.0).numpy() == 4
    value = tf.constant([1.0])
    with pytest.raises(ValueError, match="Value .* shape"):
        f(2.0)


def test_tensors_that_leak(eager):
    leaked = []
    f = tf.function(lambda x: leaked.append(x))
    f(tf.constant(1.0))
    with pytest.raises(TypeError, match="An op outside of the function building code is being passed"):
        leaked[0] + 1.0


@MAKERS
def test_gradient_functions_inside(make, eager):
    slope = make(lambda x: tfe.gradients_function(lambda y: y * y * y)(x)[0])
    assert slope(tf.constant(2.0)).numpy() == 12
    assert tfe.gradients_function(lambda x: slope(x))(tf.constant(2.0))[0].numpy() == 12
    v = tfe.Variable(3.0)
    (pair,) = make(lambda: [tfe.implicit_gradients(lambda: v * v)()[0][0]])()
    assert pair.numpy() == 6


def test_more_gradients_of_a_shared_function(eager):
    """The gradient of a call in one function leaves the function's other callers alone."""
    forward = tf.function(lambda x: tf.cos(x) * x)

    def slope(f):
        def g(x):
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = f(x)
            return tape.gradient(y, x)

        return g

    x = tf.constant(2.0)
    first = tf.function(slope(forward))
    second = tf.function(slope(first))
    assert np.isclose(first(x).numpy(), np.cos(2) - 2 * np.sin(2), atol=1e-6)
    assert np.isclose(second(x).numpy(), -2 * np.sin(2) - 2 * np.cos(2), atol=1e-6)
    assert np.isclose(forward(x).numpy(), 2 * np.cos(2))
    assert np.isclose(slope(forward)(x).numpy(), np.cos(2) - 2 * np.sin(2), atol=1e-6)


def test_control_inputs_from_outside():
    v = tf.Variable(1.0, use_resource=True)
    change = v.assign_add(1.0)

    @tfe.defun
    def f():
        with tf.control_dependencies([change]):
            return tf.constant(1.0)

    y = f()
    with tf.Session() as sess:
        sess.run(v.initializer)
        sess.run(y)
        assert sess.run(v) == 2


def test_variables_of_a_function_in_a_graph_are_built_as_tensorflow_builds_them():
    made = []

    @tf.function
    def f(x):
        if not made:
            made.append(tf.Variable(tf.zeros([2]) + 1.0, name="v"))
        return made[0] + x

    with tf.Graph().as_default() as g:
        with tf.name_scope("outer"):
            y = f(tf.ones([2]))
        assert [(op.type, op.name) for op in g.get_operations()] == [
            ("Const", "outer/ones"), ("VarHandleOp", "v"), ("ReadVariableOp", "v/Read/ReadVariableOp"), ("Const", "outer/zeros"),
            ("Const", "outer/add/y"), ("AddV2", "outer/add"), ("VarIsInitializedOp", "v/IsInitialized/VarIsInitializedOp"),
            ("AssignVariableOp", "v/Assign"), ("StatefulPartitionedCall", "outer/StatefulPartitionedCall"),
        ]  # fmt: skip
        assert tf.global_variables() == made and tf.trainable_variables() == []
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            assert session.run(y).tolist() == [2.0, 2.0]


def test_optimizer_lists_variables_made_in_a_function(eager):
    w = tf.Variable([1.0, 2.0])
    optimizer = tf.train.AdamOptimizer(0.1)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(w * w)
        optimizer.apply_gradients([(tape.gradient(loss, w), w)])

    step()
    step()
    assert len(optimizer.variables()) == 4
    assert abs(w.numpy() - [0.8, 1.8]).max() < 1e-3


def test_loop_in_a_graph_returns_the_structure_of_its_body():
    with tf.Graph().as_default():
        assert type(tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, x), [0, 1])) is tuple
        assert type(tf.while_loop(lambda i, x: i < 3, lambda i, x: [i + 1, x], (0, 1))) is list


@pytest.mark.parametrize("make", [tf.function, tfe.defun])
def test_python_sees_the_parameters(make):
    def f(x, y=2, *rest, key=3):
        return x

    class Thing:
        @make
        def method(self, x, training=False):
            return x

    assert inspect.signature(make(f)) == inspect.signature(f)
    assert inspect.getfullargspec(make(f)) == inspect.getfullargspec(f)
    assert list(inspect.signature(Thing().method).parameters) == ["x", "training"]
    assert list(inspect.signature(Thing.method).parameters) == ["self", "x", "training"]
    assert "training" in inspect.getfullargspec(Thing().method).args


def test_functions_do_not_keep_variables_alive(eager):
    class Thing:
        def __init__(self):
            self.v = tfe.Variable(2.0)

        @tf.function
        def scaled(self, x):
            return x * self.v

    thing = Thing()
    assert thing.scaled(tf.constant(3.0)).numpy() == 6
    reference = weakref.ref(thing.v)
    gc.disable()
    try:
        del thing
        assert reference() is None, "no collection of cycles is needed"
    finally:
        gc.enable()


def test_concrete_functions_check_types(eager):
    concrete = tf.function(lambda x, y: x + 1).get_concrete_function(tf.TensorSpec([], tf.int32), tf.TensorSpec([], tf.float32))
    assert concrete(tf.constant(1), tf.constant(1.0)).numpy() == 2
    name = concrete.name.decode()
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        concrete(tf.constant(1), tf.constant(1.0, tf.float64))
    assert str(caught.value).endswith(
        "cannot compute %s as input #1(zero-based) was expected to be a float tensor but is a double tensor [Op:%s]" % (name, name)
    )
    with pytest.raises(ValueError, match=r"on invocation of <lambda>, the 0-th input \(\[1\]\) was not a Tensor"):
        concrete([1], tf.constant(1.0))
    for thing in (3, "a", [1]):
        with pytest.raises(TypeError, match="unsupported callable"):
            tf.function(thing)


def test_arrays_that_are_passed_again_and_again_may_change_in_between(monkeypatch, eager):
    """A compiled function keeps a large argument that comes twice; a variable's new value is not the old one."""
    monkeypatch.setenv("EAGLE_TIER", "xla")
    v = tfe.Variable(tf.zeros((64, 64)))
    double = tfe.defun(lambda x: x * 2.0)
    for i in range(9):
        assert double(v.read_value()).numpy()[0, 0] == 2.0 * (i // 3)
        if i % 3 == 2:
            v.assign_add(tf.ones((64, 64)))


def test_a_function_that_is_to_be_compiled_is_at_its_first_call(eager):
    x = tf.ones((8, 8))
    for wanted, tier in ((True, "xla"), (None, "auto")):
        square = tf.function(lambda x: tf.sin(x) * x, experimental_compile=wanted)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = square(x)
        np.testing.assert_allclose(tape.gradient(y, x), np.sin(1.0) + np.cos(1.0), rtol=1e-6)
        (concrete,) = square._list_all_concrete_functions_for_serialization()
        assert {p._tier for p in concrete._programs.values()} == {tier}
