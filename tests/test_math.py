"""Mathematical functions where they are more than their ops: operators, types, messages, NaNs, large arrays, old spellings.

The numbers and messages are TensorFlow 1.15's.
"""

import numpy as np
import pytest

import eagle as tf

NAN, INF = np.nan, np.inf


def f32(*values):
    return np.array(values, np.float32)


def i32(*values):
    return np.array(values, np.int32)


def fails(kind, text, call):
    with pytest.raises(kind) as caught:
        call()
    assert text in str(caught.value)


def same(got, *wanted):
    np.testing.assert_array_equal(got.numpy(), np.array(wanted, got.dtype.as_numpy_dtype))


# ------------------------------------------------------------------------------------------------------------ operators


def test_operators_of_numbers_and_arrays_on_either_side(eager):
    x = tf.constant([1.0, 2.0])
    same(x + np.array([1, 2]), 2, 4)
    same(np.array([1, 2]) * x, 1, 4)
    same(np.float64(3) - x, 2, 1)
    same(2 / tf.constant([4]), 0.5)
    assert (tf.constant([1]) / 2).dtype == tf.float64
    assert (tf.constant([1], tf.int16) / 2).dtype == tf.float32
    same(7 % tf.constant([2.0]), 1)
    same(np.array([[1.0, 2.0]]) @ tf.constant([[1.0], [2.0]]), [5])
    same(np.array([1, 2]) < tf.constant([2.0, 2.0]), True, False)
    same(~tf.constant([True]) | False, False)
    same(True ^ tf.constant([True, False]), False, True)
    same(tf.constant([2.0]).__div__(4), 0.5)
    same(tf.constant(2).__rdiv__(7), 3)


def test_an_operand_of_another_type_is_refused(eager):
    fails(TypeError, "x and y must have the same dtype, got tf.int32 != tf.float32", lambda: tf.constant([1]) / 2.5)
    fails(tf.errors.InvalidArgumentError, "cannot compute AddV2 as input #1(zero-based) was expected to be a int32 tensor but is a "
          "float tensor [Op:AddV2]", lambda: tf.constant([1]) + 2.5)  # fmt: skip
    fails(TypeError, "Cannot convert 2.5 to EagerTensor of dtype int32", lambda: 2.5 + tf.constant([1]))
    fails(TypeError, "Invalid dtype tf.bool in __truediv__", lambda: tf.truediv(True, True))


def test_an_object_that_knows_what_to_do():
    class Other:
        def __radd__(self, tensor):
            return "mine"

    assert tf.constant(1) + Other() == "mine"


def test_zero_and_minus_zero_beside_tensors(eager):
    x = tf.constant([1.0, -1.0])
    for _ in range(2):  # numbers are kept from one use to the next
        assert np.signbit((x * 0.0).numpy()).tolist() == [False, True]
        assert np.signbit((x * -0.0).numpy()).tolist() == [True, False]


# ------------------------------------------------------------------------------------------------------------- division


def test_division_rounds_as_its_name_says(eager):
    x, y = i32(7, -7, 7, -7), i32(2, 2, -2, -2)
    same(tf.floordiv(x, y), 3, -4, -4, 3)
    same(tf.floormod(x, y), 1, 1, -1, -1)
    same(tf.truncatediv(x, y), 3, -3, -3, 3)
    same(tf.truncatemod(x, y), 1, -1, 1, -1)
    same(tf.div(x, y), 3, -4, -4, 3)
    same(tf.truediv(x, y), 3.5, -3.5, -3.5, 3.5)
    same(tf.floordiv(f32(1), f32(0.1)), 10)
    same(tf.floordiv(f32(1, -1, 5), f32(0, 0, -INF)), INF, -INF, -0.0)
    same(tf.floormod(f32(5, 5), f32(-INF, INF)), -INF, 5)


@pytest.mark.parametrize("divide", [tf.floordiv, tf.floormod, tf.div], ids=lambda f: f.__name__)
def test_integers_are_not_divided_by_zero(divide):
    with tf.eager_mode():
        fails(tf.errors.InvalidArgumentError, "Integer division by zero", lambda: divide(i32(1), i32(0)))
        fails(tf.errors.InvalidArgumentError, "Integer division by zero", lambda: divide(tf.constant(1), 0))
    with tf.Session() as sess:
        zero = tf.placeholder_with_default(0, [])
        fails(tf.errors.InvalidArgumentError, "Integer division by zero", lambda: sess.run(divide(1, zero)))


def test_quotients_and_products_without_nan(eager):
    same(tf.div_no_nan(f32(1, 0, -1), f32(0, 0, 2)), 0, 0, -0.5)
    same(tf.math.multiply_no_nan(f32(NAN, INF, 2), f32(0, 0, 3)), 0, 0, 6)
    same(tf.math.xdivy(f32(0, 0, 4), f32(0, NAN, 2)), 0, 0, 2)
    same(tf.math.xlogy(f32(0, 0), f32(0, NAN)), 0, 0)
    same(tf.math.reciprocal_no_nan(f32(0, 4)), 0, 0.25)


def test_integer_powers(eager):
    same(tf.constant([2, 3]) ** 3, 8, 27)
    fails(tf.errors.InvalidArgumentError, "Integers to negative integer powers are not allowed", lambda: tf.pow(i32(2), i32(-1)))
    fails(tf.errors.InvalidArgumentError, "Incompatible shapes: [3] vs. [2]", lambda: tf.pow(i32(1, 2, 3), i32(1, 2)))


def test_integers_wrap_around(eager):
    same(tf.constant([2147483647]) + 1, -2147483648)
    same(tf.constant([200], tf.uint8) * 2, 144)
    same(tf.cumsum(np.array([200, 100], np.uint8)), 200, 44)
    same(tf.reduce_sum(tf.constant([2147483647, 1])), -2147483648)


# ------------------------------------------------------------------------------------------------------- NaN and friends


def test_the_larger_of_two_is_the_first_if_they_cannot_be_compared(eager):
    x, y = f32(1, NAN, NAN), f32(NAN, 1, NAN)
    same(tf.maximum(x, y), 1, NAN, NAN)
    same(tf.minimum(x, y), 1, NAN, NAN)
    same(tf.maximum(f32(1, 2), NAN), 1, 2)
    same(tf.maximum(f32(NAN, 2), 0.0), NAN, 2)


def test_extremes_pass_over_nans(eager):
    x = f32(1, NAN, 3)
    same(tf.reduce_max(x), 3)
    same(tf.reduce_min(x), 1)
    same(tf.reduce_max(f32(NAN, NAN)), -INF)
    same(tf.argmax(x), 2)
    same(tf.argmin(f32(NAN, 2, 1)), 2)


def test_reductions_of_nothing(eager):
    nothing = np.zeros((0, 2), np.float32)
    same(tf.reduce_sum(nothing, 0), 0, 0)
    same(tf.reduce_prod(nothing, 0), 1, 1)
    same(tf.reduce_max(nothing, 0), -INF, -INF)
    same(tf.reduce_mean(nothing, 0), NAN, NAN)
    same(tf.reduce_mean(nothing.astype(np.int32), 0), 0, 0)
    same(tf.reduce_min(nothing.astype(np.uint8), 0), 255, 255)
    fails(tf.errors.InvalidArgumentError, "Reduction axis 0 is empty in shape [0,2]", lambda: tf.argmax(nothing))


def test_gradients_where_functions_have_edges(eager):
    def slope(f, x):
        x = tf.constant(x)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        return tape.gradient(y, x)

    same(slope(lambda x: tf.sqrt(x) * [0.0, 1.0], f32(0, 4)), 0, 0.25)
    same(slope(lambda x: tf.maximum(x, f32(1, 2)), f32(1, 1)), 1, 0)
    same(slope(tf.sign, f32(2)), 0)
    same(slope(lambda x: x**0.0, f32(0)), NAN)
    assert slope(tf.floor, f32(2.5)) is None


# ----------------------------------------------------------------------------------------------------------- reductions


def test_axes_in_all_their_forms(eager):
    x = i32([1, 2, 3], [4, 5, 6])
    for axis in (0, -2, (0, 0), [0, -2], np.int64(0), tf.constant([0])):
        same(tf.reduce_sum(x, axis), 5, 7, 9)
    same(tf.reduce_sum(x, (-2, -1, 0), keepdims=True), [21])
    same(tf.reduce_sum(x, reduction_indices=1, keep_dims=True), [6], [15])
    fails(ValueError, "Cannot specify both", lambda: tf.reduce_sum(x, 0, reduction_indices=0))
    fails(
        tf.errors.InvalidArgumentError, "Invalid reduction dimension (2 for input with 2 dimension(s)", lambda: tf.reduce_sum(x, 2)
    )


def test_axes_in_graphs():
    x = tf.placeholder(tf.int32, [2, 3])
    fails(ValueError, "Invalid reduction dimension 2 for input with 2 dimensions.", lambda: tf.reduce_sum(x, 2))
    fails(ValueError, "Shape must be at most rank 1 but is rank 2", lambda: tf.reduce_sum(x, [[0], [1]]))
    unknown = tf.placeholder(tf.int32)
    assert tf.reduce_max(unknown).shape.as_list() == []
    assert tf.reduce_max(unknown, 0).shape.rank is None
    assert tf.reduce_max(x, tf.placeholder(tf.int32), keepdims=True).shape.as_list() == [None, None]
    with tf.Session() as sess:
        bad = tf.reduce_sum(unknown, 1)
        with pytest.raises(tf.errors.InvalidArgumentError) as caught:
            sess.run(bad, {unknown: [1, 2]})
        assert "Invalid reduction dimension (1 for input with 1 dimension(s)" in caught.value.message


def test_means_of_integers_are_truncated(eager):
    same(tf.reduce_mean(i32(-7, 2)), -2)
    same(tf.reduce_mean(np.array([255, 255], np.uint8)), 127)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(300, 200), (40000, 3), (3, 40000), (20, 50, 40), (50001,)], ids=str)
def test_sums_of_many(shape, dtype):
    x = np.random.RandomState(1).uniform(0, 1, shape).astype(dtype)
    exact = x.astype(np.longdouble)
    rank = len(shape)
    with tf.eager_mode():
        for t in (tf.constant(x), tf.transpose(tf.constant(np.ascontiguousarray(x.T)))):
            for axes in [None, 0, -1, tuple(range(rank))] + [(rank - 1,)]:
                for keep in (False, True):
                    got = tf.reduce_sum(t, axes, keepdims=keep).numpy()
                    wanted = exact.sum(axes, keepdims=keep)
                    assert got.dtype == dtype and got.shape == wanted.shape
                    np.testing.assert_allclose(got, wanted.astype(np.float64), rtol=1e-5 if dtype == np.float32 else 1e-13)


def test_half_precision_is_summed_up_in_single(eager):
    x = tf.ones([5000], tf.float16)
    same(tf.reduce_sum(x), 5000)
    same(tf.reduce_mean(tf.cast(x, tf.bfloat16)), 1)


# --------------------------------------------------------------------------------------------------------- large arrays


@pytest.mark.parametrize("function,exact", [
    (tf.exp, np.exp), (tf.tanh, np.tanh), (tf.sigmoid, lambda x: 1 / (1 + np.exp(-x))), (tf.square, np.square),
    (tf.negative, np.negative), (lambda x: x * 2.5, lambda x: x * 2.5), (lambda x: 2.5 + x, lambda x: x + 2.5),
    (lambda x: x - 1.5, lambda x: x - 1.5), (lambda x: 1.5 - x, lambda x: 1.5 - x), (lambda x: x * x, lambda x: x * x),
    (lambda x: x + x[:1], lambda x: x + x[:1]), (lambda x: tf.maximum(x, 0.5), lambda x: np.maximum(x, 0.5)),
])  # fmt: skip
def test_large_arrays(function, exact):
    x = np.random.RandomState(2).normal(0, 3, (1024, 600)).astype(np.float32)
    x[0, :6] = NAN, INF, -INF, 0.0, 88.0, -104.0
    with tf.eager_mode(), np.errstate(all="ignore"):
        got = function(tf.constant(x)).numpy()
        np.testing.assert_allclose(got, exact(x.astype(np.float64)).astype(np.float32), rtol=2e-6, atol=1e-37)
        turned = function(tf.transpose(tf.constant(np.ascontiguousarray(x.T)))).numpy()
        np.testing.assert_array_equal(turned, got if function not in (tf.exp, tf.tanh, tf.sigmoid) else turned)


# ---------------------------------------------------------------------------------------------------------------- casts


def test_casts(eager):
    x = f32(1.7, -1.7, 256, -1)
    same(tf.cast(x, tf.int32), 1, -1, 256, -1)
    same(tf.cast(x, tf.uint8), 1, 255, 0, 255)
    same(tf.cast(f32(NAN, 0, 0.5), tf.bool), True, False, True)
    same(tf.cast(np.array([1 + 2j, 1j]), tf.float32), 1, 0)
    same(tf.saturate_cast(f32(300, -5, 1.5), tf.uint8), 255, 0, 1)
    t = tf.constant(x)
    assert tf.cast(t, "float32") is t
    fails(tf.errors.UnimplementedError, "Cast string to float is not supported", lambda: tf.cast("a", tf.float32))
    fails(TypeError, "Cannot convert value 'foo' to a TensorFlow DType.", lambda: tf.cast(1, "foo"))
    fails(TypeError, "Cannot find minimum value of <dtype: 'bool'>.", lambda: tf.saturate_cast(True, tf.int32))


def test_casts_of_what_is_sparse(eager):
    sparse = tf.SparseTensor([[0, 1]], [2.5], [2, 2])
    assert tf.cast(sparse, tf.int32).values.numpy().tolist() == [2]
    slices = tf.IndexedSlices(tf.constant([[1.5]]), tf.constant([3]), tf.constant([4, 1]))
    assert tf.to_int64(slices).values.dtype == tf.int64
    assert abs(tf.SparseTensor([[0]], [-1.0], [3])).values.numpy().tolist() == [1.0] if hasattr(sparse, "__abs__") else True
    assert tf.abs(tf.SparseTensor([[0]], [-1.0], [3])).values.numpy().tolist() == [1.0]


def test_bitcasts():
    with tf.eager_mode():
        same(tf.bitcast(f32(1, 2), tf.int32), 1065353216, 1073741824)
        assert tf.bitcast(f32(1, 2), tf.int8).shape.as_list() == [2, 4]
        same(tf.bitcast(f32(1, 2), tf.complex64), 1 + 2j)
        fails(tf.errors.InvalidArgumentError, "Cannot bitcast from 6 to 3", lambda: tf.bitcast(np.zeros((3, 3), np.int8), tf.int32))
    text = "Cannot bitcast due to shape. 3 does not match 4"
    fails(ValueError, text, lambda: tf.bitcast(tf.placeholder(tf.int8, [3, 3]), tf.int32))


# -------------------------------------------------------------------------------------------------------------- products


def test_products_of_matrices_that_do_not_fit(eager):
    x = np.ones((2, 3), np.float32)
    fails(tf.errors.InvalidArgumentError, "Matrix size-incompatible: In[0]: [2,3], In[1]: [2,3]", lambda: tf.matmul(x, x))
    fails(tf.errors.InvalidArgumentError, "In[1] is not a matrix. Instead it has shape [3]", lambda: tf.matmul(x, x[0]))
    fails(tf.errors.InvalidArgumentError, "In[0] mismatch In[1] shape: 3 vs. 2: [1,2,3] [2,3] 0 0", lambda: tf.matmul(x[None], x))
    fails(ValueError, "Only one of transpose_a and adjoint_a can be True.", lambda: tf.matmul(x, x, True, adjoint_a=True))
    fails(tf.errors.InvalidArgumentError, "Matrix size-incompatible", lambda: tf.constant(x) @ tf.constant(x))


def test_products_of_matrices_of_all_kinds(eager):
    rng = np.random.RandomState(0)
    a, b = rng.randint(-5, 5, (2, 3)), rng.randint(-5, 5, (3, 4))
    for dtype in (np.int32, np.int64, np.float16, np.float32, np.float64, np.complex64):
        same(tf.matmul(a.astype(dtype), b.astype(dtype)), *a.dot(b))
        same(tf.matmul(tf.constant(a.T.astype(dtype)), tf.constant(b.T.astype(dtype)), True, True), *a.dot(b))
    c = (a + 1j * a).astype(np.complex64)
    same(tf.matmul(c, c, adjoint_b=True), *c.dot(c.conj().T))
    same(tf.matmul(np.stack([a, a]), b), *[a.dot(b)] * 2)
    same(tf.cast(tf.matmul(tf.cast(a, tf.bfloat16), tf.cast(b, tf.bfloat16)), tf.float32), *a.dot(b))
    same(tf.linalg.matvec(a, np.array([1, 0, 2])), *a.dot([1, 0, 2]))


@pytest.mark.parametrize("equation,shapes", [
    ("ij,jk->ik", [(2, 3), (3, 4)]), ("ij,jk", [(2, 3), (3, 4)]), ("ij->ji", [(2, 3)]), ("ij->", [(2, 3)]),
    ("i,j->ij", [(2,), (3,)]), ("bij,bjk->bik", [(2, 3, 4), (2, 4, 2)]), ("...ij,jk->...ik", [(2, 5, 3, 4), (4, 2)]),
    ("ij,jk,kl->il", [(2, 3), (3, 4), (4, 2)]), ("abc,cd,def->abef", [(2, 3, 4), (4, 5), (5, 2, 3)]),
    ("i,i,i->i", [(3,)] * 3), ("i,i,i->", [(3,)] * 3), ("ijk,jl->li", [(2, 3, 4), (3, 5)]), ("a...,a...->a...", [(2, 3), (2, 3)]),
    ("ij,ik->i", [(2, 3), (2, 4)]),
])  # fmt: skip
def test_einsum(equation, shapes):
    arrays = [np.random.RandomState(i).normal(size=s) for i, s in enumerate(shapes)]
    wanted = np.einsum(equation, *arrays)
    with tf.eager_mode():
        np.testing.assert_allclose(tf.einsum(equation, *[tf.constant(a) for a in arrays]).numpy(), wanted, rtol=1e-10)
    with tf.Session() as sess:
        fed = [tf.placeholder(tf.float64, [None] * a.ndim) for a in arrays]
        np.testing.assert_allclose(sess.run(tf.einsum(equation, *fed), dict(zip(fed, arrays))), wanted, rtol=1e-10)


def test_einsum_of_wrong_equations():
    x = tf.placeholder(tf.float32, [2, 3])
    fails(ValueError, "Indices have incorrect format: i1->i", lambda: tf.einsum("i1->i", x))
    fails(ValueError, 'Got 1 arguments for equation "ij,jk", expecting 2', lambda: tf.einsum("ij,jk", x))
    fails(ValueError, "Subscript not supported: an axis appears more than once: iij", lambda: tf.einsum("iij->ij", x))
    fails(ValueError, "Invalid equation: ij->ik", lambda: tf.einsum("ij->ik", x))
    fails(TypeError, "invalid keyword arguments for this function: nam", lambda: tf.einsum("ij->ji", x, nam="n"))


@pytest.mark.parametrize("axes", [1, 2, 0, [[1], [0]], [[1, 2], [1, 0]], [-1, 0]], ids=str)
def test_tensordot(axes):
    rng = np.random.RandomState(4)
    a, b = rng.normal(size=(2, 3, 4)), rng.normal(size=(4, 3, 5)) if axes != 2 else rng.normal(size=(3, 4, 5))
    if axes == [[1], [0]]:
        b = rng.normal(size=(3, 5))
    wanted = np.tensordot(a, b, axes)
    with tf.eager_mode():
        np.testing.assert_allclose(tf.tensordot(a, b, axes).numpy(), wanted, rtol=1e-10)
    with tf.Session() as sess:
        for shape in (None, [None] * 3):
            fed = tf.placeholder(tf.float64, shape)
            np.testing.assert_allclose(sess.run(tf.tensordot(fed, b, axes), {fed: a}), wanted, rtol=1e-10)


# --------------------------------------------------------------------------------------------------- sums, norms, counts


def test_add_n():
    slices = tf.IndexedSlices(tf.constant([[1.0, 2.0]]), tf.constant([1]), tf.constant([3, 2]))
    with tf.Session() as sess:
        assert sess.run(tf.add_n([slices, tf.ones([3, 2])])).tolist() == [[1, 1], [2, 3], [1, 1]]
    text = "Dimension 0 in both shapes must be equal, but are 1 and 2. Shapes are [1] and [2].\n\tFrom merging shape 0 with other"
    fails(ValueError, text, lambda: tf.add_n([tf.ones([1]), tf.ones([2])]))
    fails(ValueError, "inputs must be a list of at least one Tensor", lambda: tf.add_n([]))
    with tf.eager_mode():
        text = "Inputs to operation AddN of type AddN must have the same size and shape.  Input 0: [1] != input 1: [2]"
        fails(tf.errors.InvalidArgumentError, text, lambda: tf.add_n([f32(1), f32(1, 2)]))
        same(tf.accumulate_n([f32(1, 2), f32(3, 4)], shape=[2], tensor_dtype=tf.float32), 4, 6)
        fails(ValueError, "Only scalar multiply works, got shape (2,)", lambda: tf.scalar_mul(f32(1, 2), tf.constant(1.0)))


@pytest.mark.parametrize("ord", ["euclidean", 1, 2, 3, 0.5, np.inf])
@pytest.mark.parametrize("axis", [None, 0, 1])
def test_norms_of_vectors(ord, axis, eager):
    x = np.random.RandomState(5).normal(size=(3, 4))
    flat = x.ravel() if axis is None else x
    wanted = np.linalg.norm(flat, None if ord == "euclidean" else ord, axis)
    np.testing.assert_allclose(tf.norm(x, ord, axis).numpy(), wanted, rtol=1e-10)
    assert tf.norm(x, ord, axis, keepdims=True).shape.rank == 2


@pytest.mark.parametrize("ord", ["euclidean", "fro", 1, np.inf])
def test_norms_of_matrices(ord, eager):
    x = np.random.RandomState(5).normal(size=(2, 3, 4))
    wanted = np.linalg.norm(x, "fro" if ord == "euclidean" else ord, (1, 2))
    np.testing.assert_allclose(tf.norm(x, ord, [1, 2]).numpy(), wanted, rtol=1e-10)
    np.testing.assert_allclose(tf.norm(x, ord, (-2, -1), keepdims=True).numpy(), wanted[:, None, None], rtol=1e-10)


def test_norms_that_are_none():
    x = tf.ones([2, 3])
    fails(ValueError, "'ord' must be a supported vector norm, got fro", lambda: tf.norm(x, "fro"))
    fails(ValueError, "'ord' must be a supported vector norm, got 0", lambda: tf.norm(x, 0))
    fails(
        ValueError, "'ord' must be a supported matrix norm in ['euclidean', 'fro', 1, 2, inf], got 3", lambda: tf.norm(x, 3, [0, 1])
    )
    fails(ValueError, "'axis' must be None, an integer, or a tuple of 2 unique integers", lambda: tf.norm(x, axis=[0, 0]))


def test_clipping(eager):
    same(tf.clip_by_value(f32(-2, 0.5, 2), -1, 1), -1, 0.5, 1)
    same(tf.clip_by_norm(f32(3, 4), 1.0), np.float32(0.6), np.float32(0.8))
    same(tf.clip_by_norm(f32(0, 0), 1.0), 0, 0)
    clipped, norm = tf.clip_by_global_norm([f32(3), None, f32(4)], 2.5)
    assert norm.numpy() == 5 and clipped[1] is None
    same(clipped[0], 1.5)
    assert np.isnan(tf.clip_by_global_norm([f32(INF)], 1.0)[0][0].numpy())
    fails(TypeError, "t_list should be a sequence", lambda: tf.global_norm(tf.constant(1.0)))


def test_counting(eager):
    same(tf.bincount([1, 1, 3]), 0, 2, 0, 1)
    same(tf.bincount([1, 1, 3], weights=f32(0.5, 1, 2)), 0, 1.5, 0, 2)
    same(tf.bincount([1, 1, 3], minlength=6), 0, 2, 0, 1, 0, 0)
    same(tf.bincount([1, 1, 3], maxlength=2), 0, 2)
    assert tf.bincount([]).shape.as_list() == [0]
    fails(tf.errors.InvalidArgumentError, "Input arr must be non-negative!", lambda: tf.bincount([-1, 2]))
    same(tf.histogram_fixed_width(f32(-1, 0, 1.5, 2, 5, 15), [0.0, 5.0], 5), 2, 1, 1, 0, 2)
    same(tf.histogram_fixed_width_bins(f32(-1, 0, 1.5, 2, 5, 15), [0.0, 5.0], 5), 0, 0, 1, 2, 4, 4)
    text = "value_range should satisfy value_range[0] < value_range[1], but got '[5, 0]'"
    fails(tf.errors.InvalidArgumentError, text, lambda: tf.histogram_fixed_width(f32(1), [5.0, 0.0]))
    same(tf.count_nonzero(["", "a"]), 1)
    same(tf.count_nonzero([[0, 1], [2, 3]], 0, dtype=tf.int32), 1, 2)


def test_statistics(eager):
    x = np.random.RandomState(6).normal(size=(3, 4))
    np.testing.assert_allclose(tf.math.reduce_variance(x, 1).numpy(), x.var(1))
    np.testing.assert_allclose(tf.math.reduce_std(x).numpy(), x.std())
    same(tf.reduce_logsumexp(f32(1000, 1000)), np.float32(1000 + np.log(2)))
    same(tf.reduce_logsumexp(f32(-INF)), -INF)
    same(tf.math.polyval([1.0, 2.0, 3.0], f32(2, 0)), 11, 3)
    fails(tf.errors.FailedPreconditionError, "Cross-products are only defined for 3-element vectors.",
          lambda: tf.cross(f32(1, 2), f32(3, 4)))  # fmt: skip


@pytest.mark.parametrize("ids,text", [
    ([0, 2, 1], "segment ids are not increasing"), ([0, 0], "segment_ids should be the same size as dimension 0 of input."),
    ([-1, 0, 1], "Segment id -1 out of range [0, 2), possibly because 'segment_ids' input is not sorted."),
    ([0, 0, -1], "segment ids must be >= 0"), ([[0, 0, 0]], "segment_ids should be a vector."),
])  # fmt: skip
def test_segments_that_are_not_sorted(ids, text, eager):
    fails(tf.errors.InvalidArgumentError, text, lambda: tf.segment_sum(f32(1, 2, 3), ids))


def test_segments_of_other_shapes(eager):
    x = f32([1, 2], [3, 4], [5, 6])
    same(tf.segment_mean(x, [0, 0, 2]), [2, 3], [0, 0], [5, 6])
    same(tf.unsorted_segment_mean(x, [2, -1, 2], 3), [0, 0], [0, 0], [3, 4])
    fails(
        tf.errors.InvalidArgumentError,
        "segment_ids[2] = 5 is out of range [0, 3)",
        lambda: tf.unsorted_segment_sum(x, [2, 0, 5], 3),
    )
    same(tf.sparse_segment_sum(x, [0, 2, 1], [0, 0, 2], num_segments=4), [6, 8], [0, 0], [3, 4], [0, 0])
    rows = np.random.RandomState(7).normal(size=(50, 300)).astype(np.float32)  # long rows are added up one by one
    ids = np.arange(50) % 7
    wanted = np.stack([rows[ids == i].sum(0) for i in range(7)])
    np.testing.assert_allclose(tf.unsorted_segment_sum(rows, ids, 7).numpy(), wanted, rtol=1e-4, atol=1e-5)


# ------------------------------------------------------------------------------------------------------------- special


def test_special_functions_at_their_edges(eager):
    d = lambda *v: np.array(v, np.float64)
    same(tf.digamma(d(0, -1, INF, -INF)), INF, INF, INF, INF)
    same(tf.lgamma(d(0, -1, INF, -INF)), INF, INF, INF, INF)
    same(tf.igamma(d(0, -1, 1, 1, INF, 2), d(1, 1, -1, 0, 1, INF)), NAN, NAN, NAN, 0, NAN, 1)
    same(tf.betainc(d(0, -1, 2, 2, 2), d(1, 1, 2, 2, 2), d(0.5, 0.5, 0, 1, 1.5)), NAN, NAN, 0, 1, NAN)
    same(tf.zeta(d(1, 0.5, 2), d(1, 1, 0)), INF, NAN, INF)
    same(tf.polygamma(d(-1, 0.5, 2, 0), d(2, 2, -1, -1)), NAN, NAN, -INF, INF)
    text = "Shapes of a and b are inconsistent: [2] vs. [1]"
    fails(tf.errors.InvalidArgumentError, text, lambda: tf.betainc(d(1, 2), d(1), d(0.5, 0.5)))


def test_shifts_by_more_bits_than_there_are(eager):
    x = np.array([-5, 5, 100, 1], np.int8)
    same(tf.bitwise.left_shift(x, np.int8(9)), -128, -128, 0, -128)
    same(tf.bitwise.right_shift(x, np.int8(40)), -1, 0, 0, 0)
    same(tf.bitwise.left_shift(x, np.int8(-1)), -5, 5, 100, 1)


# ------------------------------------------------------------------------------------------------------- old spellings


def test_old_spellings(eager):
    x = f32([1, 3], [4, 2])
    same(tf.argmax(x, dimension=1), 1, 0)
    same(tf.arg_min(x, 1), 0, 1)
    fails(ValueError, "Cannot specify both 'dimension' and 'axis'", lambda: tf.argmax(x, 1, dimension=1))
    assert tf.argmax(x, output_type=tf.int32).dtype == tf.int32
    same(tf.count_nonzero(input=x, reduction_indices=0, keep_dims=True), [2, 2])
    same(tf.verify_tensor_all_finite(x, "bad"), *x)
    fails(tf.errors.InvalidArgumentError, "bad : Tensor had NaN values", lambda: tf.verify_tensor_all_finite(f32(NAN), "bad"))
