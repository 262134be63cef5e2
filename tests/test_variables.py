"""Variables of both kinds in both modes: when values are read, what is shared, and what is an error."""

import copy
import pickle
import threading

import numpy as np
import pytest

import eagle as tf
from eagle.core.dispatch import registry

tfe = tf.contrib.eager


@pytest.fixture
def sess():
    with tf.Session() as session:
        yield session


both_kinds = pytest.mark.parametrize("use_resource", [False, True], ids=["ref", "resource"])


# ---------------------------------------------------------------------------------------------------------- in a graph


@both_kinds
def test_initialized_read_changed(sess, use_resource):
    v = tf.Variable([1.0, 2.0], name="v", use_resource=use_resource)
    added = v.assign_add([1.0, 1.0])
    doubled = v * 2.0
    sess.run(tf.global_variables_initializer())
    assert sess.run(v).tolist() == [1, 2]
    assert sess.run(doubled).tolist() == [2, 4]
    assert sess.run(added).tolist() == [2, 3]
    assert sess.run(v).tolist() == [2, 3]
    sess.run(v.assign_sub([1.0, 0.0]).op)
    assert v.eval().tolist() == [1, 3]


def test_uninitialized(sess):
    ref, resource = tf.Variable(1.0, name="a"), tf.Variable(1.0, name="b", use_resource=True)
    with pytest.raises(tf.errors.FailedPreconditionError, match="Attempting to use uninitialized value a"):
        sess.run(ref + 1.0)
    with pytest.raises(tf.errors.FailedPreconditionError, match="Attempting to use uninitialized value a"):
        sess.run(ref.assign_add(1.0))
    missing = r"Error while reading resource variable b from Container: localhost. .*Not found: Container localhost does not exist"
    with pytest.raises(tf.errors.FailedPreconditionError, match=missing):
        sess.run(resource + 1.0)
    with pytest.raises(tf.errors.NotFoundError, match="Container localhost does not exist. .Could not find resource: localhost/b"):
        sess.run(resource.assign_add(1.0, read_value=False))
    assert sess.run([tf.is_variable_initialized(ref), resource.is_initialized()]) == [False, False]
    sess.run(tf.global_variables_initializer())
    assert sess.run([tf.is_variable_initialized(ref), resource.is_initialized()]) == [True, True]
    sess.run(registry["DestroyResourceOp"](resource.handle, ignore_lookup_error=False))
    with pytest.raises(tf.errors.FailedPreconditionError, match="Resource localhost/b/N10tensorflow3VarE does not exist"):
        sess.run(resource)
    with pytest.raises(tf.errors.NotFoundError):
        sess.run(registry["DestroyResourceOp"](resource.handle, ignore_lookup_error=False))
    sess.run(registry["DestroyResourceOp"](resource.handle))


def test_a_ref_variable_is_read_at_its_consumers_turn(sess):
    v = tf.Variable(1.0)
    sess.run(v.initializer)
    with tf.control_dependencies([v.assign_add(1.0)]):
        doubled = v * 2.0
    assert sess.run(doubled) == 4.0


def test_a_resource_variable_is_read_where_the_read_stands(sess):
    v = tf.Variable(1.0, use_resource=True)
    sess.run(v.initializer)
    before = v.read_value()
    with tf.control_dependencies([before]):
        added = v.assign_add(1.0)
    with tf.control_dependencies([added]):
        after = v.read_value()
    assert sess.run([before, added, after]) == [1.0, 2.0, 2.0]
    assert sess.run([before, after]) == [2.0, 3.0]


def test_effects_happen_in_program_order(sess):
    v = tf.Variable(1.0, use_resource=True)
    sess.run(v.initializer)
    doubled = v.assign(v * 2.0)
    added = v.assign_add(1.0)
    sess.run([added.op, doubled.op])
    assert sess.run(v) == 3.0


@both_kinds
def test_nothing_else_changes_with_a_variable(sess, use_resource):
    """Fetched arrays, fed arrays and constants belong to others."""
    fed = tf.placeholder(tf.float32, [3])
    start = np.array([1.0, 2.0, 3.0], np.float32)
    v = tf.Variable(tf.constant(start), use_resource=use_resource)
    sess.run(v.initializer)
    fetched = sess.run(v)
    fetched += 100.0
    assert sess.run(v).tolist() == [1, 2, 3]
    array = np.array([5.0, 6.0, 7.0], np.float32)
    sess.run(v.assign(fed).op, {fed: array})
    array[:] = 0.0
    assert sess.run(v).tolist() == [5, 6, 7]
    held = sess.run(v)
    sess.run(v.assign_add([1.0, 1.0, 1.0]).op)
    assert held.tolist() == [5, 6, 7]
    sess.run(v.initializer)
    sess.run(v.assign_add([1.0, 1.0, 1.0]).op)
    sess.run(v.initializer)
    assert sess.run(v).tolist() == [1, 2, 3] and start.tolist() == [1, 2, 3]


@both_kinds
def test_one_array_in_two_variables(sess, use_resource):
    a = tf.Variable([1.0, 2.0], use_resource=use_resource)
    b = tf.Variable([0.0, 0.0], use_resource=use_resource)
    sess.run(tf.global_variables_initializer())
    sess.run(b.assign(a).op)
    sess.run(a.assign_add([1.0, 1.0]).op)
    assert sess.run([a, b])[0].tolist() == [2, 3] and sess.run(b).tolist() == [1, 2]


def test_each_session_has_its_own_values():
    v = tf.Variable(1.0)
    with tf.Session() as one, tf.Session() as two:
        one.run(v.initializer)
        one.run(v.assign_add(1.0))
        two.run(v.initializer)
        assert one.run(v) == 2.0 and two.run(v) == 1.0


def test_shapes_and_types_are_checked(sess):
    v = tf.Variable([1.0, 2.0])
    r = tf.Variable([1.0, 2.0], use_resource=True)
    sess.run(tf.global_variables_initializer())
    three = tf.placeholder_with_default(np.ones(3, np.float32), None)
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"Assign requires shapes of both tensors to match. lhs shape= \[2\] rhs"
    ):
        sess.run(tf.assign(v, three))
    with pytest.raises(tf.errors.InvalidArgumentError, match="Parameters and update must be the same size"):
        sess.run(tf.assign_add(v, three))
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"Cannot update variable with shape \[2\] using a Tensor with shape \[3\]"
    ):
        sess.run(r.assign_add(three, read_value=False))
    with pytest.raises(ValueError, match="Dimension 0 in both shapes must be equal, but are 2 and 3"):
        tf.assign(v, [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"Shapes \(2,\) and \(3,\) are incompatible"):
        r.assign([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="Trying to read variable with wrong dtype. Expected float got int32"):
        registry["ReadVariableOp"](r.handle, dtype=tf.int32)
    with pytest.raises(TypeError, match="type int32 that does not match type float32"):
        tf.assign(v, tf.constant([1, 2]))
    loose = tf.assign(v, three, validate_shape=False)
    assert sess.run(loose).tolist() == [1, 1, 1] and loose.shape.ndims is None


def test_count_up_to(sess):
    for v in (tf.Variable(3), tf.Variable(3, use_resource=True)):
        sess.run(v.initializer)
        count = v.count_up_to(5)
        assert [sess.run(count), sess.run(count)] == [3, 4]
        with pytest.raises(tf.errors.OutOfRangeError, match="Reached limit of 5"):
            sess.run(count)


def test_temporary_variable(sess):
    v = registry["TemporaryVariable"](shape=[2], dtype=tf.float32, var_name="t")
    final = registry["DestroyTemporaryVariable"](tf.assign_add(tf.assign(v, [1.0, 2.0]), [1.0, 1.0]), var_name="t")
    for _ in range(2):
        assert sess.run(final).tolist() == [2, 3]


def test_initial_values_of_other_variables(sess):
    """The order of initialization does not matter."""
    a = tf.Variable(3.0, name="a")
    b = tf.Variable(a * 2.0, name="b")
    c = tf.Variable(a.initialized_value() + 1.0, name="c")
    sess.run([c.initializer, b.initializer, a.initializer])
    assert sess.run([a, b, c]) == [3.0, 6.0, 4.0]


def test_feeding_and_loading(sess):
    v = tf.Variable([1.0, 2.0])
    r = tf.Variable([1.0, 2.0], use_resource=True)
    y, z = v * 2.0, r + 0.0
    sess.run(tf.global_variables_initializer())
    assert sess.run(y, {v: [5.0, 5.0]}).tolist() == [10, 10]
    assert sess.run(r, {r: [5.0, 5.0]}).tolist() == [5, 5]
    for x in (v, r):
        x.load([7.0, 8.0], sess)
    assert sess.run(y).tolist() == [14, 16] and sess.run(z).tolist() == [7, 8]


def test_threads_never_lose_an_update(sess):
    for use_resource in (False, True):
        v = tf.Variable(np.zeros(5000, np.float32), use_resource=use_resource)
        add = v.assign_add(np.ones(5000, np.float32)).op
        sess.run(v.initializer)
        threads = [threading.Thread(target=lambda add=add: [sess.run(add) for _ in range(20)]) for _ in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        assert (sess.run(v) == 80.0).all()


def test_gradients(sess):
    for use_resource in (False, True):
        v = tf.Variable([[1.0], [2.0], [3.0]], use_resource=use_resource)
        y = tf.reduce_sum(v * v)
        sess.run(v.initializer)
        assert sess.run(tf.gradients(y, v)[0]).tolist() == [[2], [4], [6]]
        assert tf.gradients(tf.constant(1.0), v) == [None]


def test_protos():
    for use_resource in (False, True):
        v = tf.Variable([1.0, 2.0], name="v", use_resource=use_resource, trainable=False)
        restored = type(v).from_proto(v.to_proto()) if use_resource else tf.Variable(variable_def=v.to_proto())
        assert restored.name == v.name and restored.initializer is v.initializer and restored.op is v.op
        assert not restored.trainable and restored.value().dtype == tf.float32
    with tf.name_scope("a"):
        w = tf.Variable(1.0, name="w")
    assert w.to_proto("a").variable_name == "w:0" and w.to_proto("b") is None


def test_printed_in_a_graph():
    assert repr(tf.Variable(1.0, name="x")) == "<tf.Variable 'x:0' shape=() dtype=float32_ref>"
    assert str(tf.Variable([1, 2], name="y", use_resource=True)) == "<tf.Variable 'y:0' shape=(2,) dtype=int32>"


def test_what_a_variable_refuses():
    with pytest.raises(ValueError, match="initial_value must be specified"):
        tf.Variable()
    with pytest.raises(ValueError, match="initial_value must have a shape specified"):
        tf.Variable(tf.placeholder(tf.float32))
    with pytest.raises(ValueError, match="collections argument to Variable constructor must be a list, tuple, or set"):
        tf.Variable(1.0, collections="variables")
    with pytest.raises(ValueError, match="The `constraint` argument must be a callable"):
        tf.Variable(1.0, constraint=3)
    with pytest.raises(TypeError, match="'Variable' object is not iterable"):
        iter(tf.Variable([1.0]))
    v = tf.Variable(1.0, use_resource=True)
    with pytest.raises(RuntimeError, match=r"Variable \+= value not supported"):
        v += 1.0
    w = tf.Variable(1.0)
    w += 1.0
    assert isinstance(w, tf.Tensor)


def test_creators():
    made = []

    def outer(next_creator, **kwargs):
        made.append(("outer", kwargs["initial_value"]))
        return next_creator(**dict(kwargs, name="outer"))

    def inner(next_creator, **kwargs):
        made.append(("inner", kwargs["initial_value"]))
        return next_creator(**kwargs)

    with tf.variable_creator_scope(outer), tf.variable_creator_scope(inner):
        v = tf.Variable(1.0)
        w = tf.get_variable("w", initializer=2.0)
    assert made == [("inner", 1.0), ("outer", 1.0), ("inner", 2.0), ("outer", 2.0)]
    assert v.name == "outer:0" and w.name == "outer_1:0"


def test_resource_variables_as_the_default():
    tf.enable_resource_variables()
    try:
        assert tf.resource_variables_enabled() and isinstance(tf.Variable(1.0), tfe.Variable)
        assert not isinstance(tf.Variable(1.0, use_resource=False), tfe.Variable)
    finally:
        tf.disable_resource_variables()
    assert not isinstance(tf.Variable(1.0), tfe.Variable) and isinstance(tf.Variable(1.0, use_resource=True), tf.Variable)


# ------------------------------------------------------------------------------------------------------------- eagerly


def test_eager_variable(eager):
    v = tf.Variable([1.0, 2.0], name="v")
    assert isinstance(v, tfe.Variable) and v.name == "v:0" and v.trainable
    before, as_array = v.read_value(), v.numpy()
    assert repr(v) == "<tf.Variable 'v:0' shape=(2,) dtype=float32, numpy=array([1., 2.], dtype=float32)>"
    assert repr(v.assign_add([1.0, 1.0])).startswith("<tf.Variable 'UnreadVariable' shape=(2,) dtype=float32, numpy=array([2., 3.]")
    assert before.numpy().tolist() == [1, 2] and as_array.tolist() == [1, 2] and v.numpy().tolist() == [2, 3]
    v.assign(v * 2.0)
    kept = v + 0.0
    v.assign_sub(v)
    assert kept.numpy().tolist() == [4, 6] and v.numpy().tolist() == [0, 0]
    given = tf.constant([3.0, 4.0])
    v.assign(given)
    v.assign_add([1.0, 1.0])
    assert given.numpy().tolist() == [3, 4] and v.numpy().tolist() == [4, 5]
    assert v.assign([1.0, 1.0], read_value=False) is None
    with pytest.raises(ValueError, match=r"Shapes \(2,\) and \(3,\) are incompatible"):
        v.assign([1.0, 2.0, 3.0])
    assert int(tf.Variable(3)) == 3 and bool(tf.Variable(True)) and not tf.Variable(0.0)


def test_eager_variable_is_changed_in_place(eager):
    v = tf.Variable(np.zeros(100, np.float32))
    v.assign_add(np.ones(100, np.float32))  # the initial value belongs to nobody else from here on
    address = v.value()._v.__array_interface__["data"][0]
    v.assign_add(np.ones(100, np.float32))
    assert v.value()._v.__array_interface__["data"][0] == address and (v.numpy() == 2.0).all()


def test_eager_copies(eager):
    v = tf.Variable([1.0, 2.0], name="v", trainable=False)
    deep, pickled = copy.deepcopy(v), pickle.loads(pickle.dumps(v))
    v.assign([0.0, 0.0])
    assert copy.copy(v) is v and deep.numpy().tolist() == pickled.numpy().tolist() == [1, 2]
    assert not pickled.trainable and pickled.name == "v:0"


def test_eager_gradients_of_variables(eager):
    v, w, frozen = tf.Variable(2.0), tf.Variable([1.0, 2.0]), tf.Variable(5.0, trainable=False)
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(v * v * w + v * frozen) + v
    assert [x.numpy().tolist() for x in tape.gradient(y, [v, w])] == [23.0, [4.0, 4.0]]
    with tf.GradientTape(persistent=True) as tape:
        first = v * 3.0
        v.assign(10.0)
        second = v * v
    assert tape.watched_variables() == (v,)
    assert tape.gradient(second, v).numpy() == 20.0 and tape.gradient(first, v).numpy() == 3.0
    with tf.GradientTape() as tape:
        tape.watch(frozen)
        y = frozen * frozen
    assert tape.gradient(y, frozen).numpy() == 10.0


def test_a_tape_keeps_the_value_that_was_read(eager):
    v = tf.Variable(np.full(3, 2.0, np.float32))
    v.assign_add(np.zeros(3, np.float32))
    with tf.GradientTape() as tape:
        y = v * v
        v.assign_add(np.ones(3, np.float32))
    assert tape.gradient(y, v).numpy().tolist() == [4.0, 4.0, 4.0]


def test_eager_error_leaves_the_value(eager):
    v = tf.Variable([1.0, 2.0])
    with pytest.raises(tf.errors.InvalidArgumentError):
        tf.scatter_add(v, [0, 5], [10.0, 10.0])
    assert v.numpy().tolist() == [1, 2]


# -------------------------------------------------------------------------------------------------- names, and reports


def test_reports(sess):
    a, b = tf.Variable(1.0, name="a"), tf.get_local_variable("b", initializer=2.0, use_resource=True)
    assert tf.global_variables() == [a] and tf.local_variables() == [b] and tf.trainable_variables() == [a]
    assert sess.run(tf.local_variables_initializer()) is None
    assert sess.run(b) == 2.0
    assert tf.assert_variables_initialized([]) is None


def test_eager_initializers(eager):
    tf.Variable(1.0)
    assert tf.global_variables() == [] and tf.global_variables_initializer() is None
    assert tf.variables_initializer([]) is None and tf.local_variables_initializer() is None


def test_scopes_of_threads():
    """A graph can be told to keep scopes for each thread."""
    graph, found = tf.get_default_graph(), {}
    with tf.name_scope("main"), tf.device("/cpu:0"):
        graph.switch_to_thread_local()

        def build(i):
            with graph.as_default(), tf.device("/job:worker"), tf.name_scope("t%d" % i):
                c = tf.constant(1)
                found[i] = c.name, c.device

        threads = [threading.Thread(target=build, args=(i,)) for i in range(3)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        assert found == {i: ("main/t%d/Const:0" % i, "/job:worker/device:CPU:0") for i in range(3)}
        assert tf.constant(2).name == "main/Const:0"


def test_bfloat16_scope_keeps_variables_in_float32():
    with tf.tpu.bfloat16_scope() as scope:
        half, single = tf.get_variable("half", [2], tf.bfloat16), tf.get_variable("single", [2])
        out = tf.layers.dense(tf.cast(tf.ones([1, 3]), tf.bfloat16), 2)
    assert scope.name == ""
    assert (half.name, half.dtype) == ("Cast:0", tf.bfloat16)
    assert (single.name, single.dtype) == ("single:0", tf.as_dtype("float32_ref"))
    assert (out.name, out.dtype) == ("dense/BiasAdd:0", tf.bfloat16)
    assert [v.dtype for v in tf.global_variables()] == [tf.as_dtype("float32_ref")] * 4


def test_an_empty_regularizer_is_none():
    tf.get_variable("v", [2], regularizer={})
    assert not tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
