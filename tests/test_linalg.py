"""Linear algebra and Fourier transforms: what the registry's tests don't reach."""

import itertools

import numpy as np
import pytest

import eagle as tf


@pytest.mark.parametrize("shape", [(0, 2), (2, 0), (3, 0, 0)])
def test_factors_of_empty_matrices(eager, shape):
    x = tf.zeros(shape)
    *batch, m, n = shape
    q, r = tf.qr(x)
    assert q.shape.as_list() == [*batch, m, 0] and r.shape.as_list() == [*batch, 0, n]
    q, r = tf.qr(x, full_matrices=True)
    assert q.shape.as_list() == [*batch, m, m] and r.shape.as_list() == [*batch, m, n]
    s, u, v = tf.svd(x, full_matrices=True)
    assert [t.shape.as_list() for t in (s, u, v)] == [[*batch, 0], [*batch, m, m], [*batch, n, n]]
    np.testing.assert_array_equal(u.numpy(), np.broadcast_to(np.eye(m), u.shape.as_list()))
    assert tf.svd(x, compute_uv=False).shape.as_list() == [*batch, 0]


def test_functions_of_empty_square_matrices(eager):
    x = tf.zeros([2, 0, 0])
    for f in (tf.cholesky, tf.matrix_inverse, tf.linalg.sqrtm, tf.linalg.expm):
        assert f(x).shape.as_list() == [2, 0, 0]
    np.testing.assert_array_equal(tf.matrix_determinant(x).numpy(), [1, 1])
    e, v = tf.self_adjoint_eig(x)
    assert e.shape.as_list() == [2, 0] and v.shape.as_list() == [2, 0, 0]
    assert [t.shape.as_list() for t in tf.linalg.lu(x)] == [[2, 0, 0], [2, 0]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128])
def test_factors_multiply_to_the_matrix(eager, dtype):
    rng = np.random.RandomState(0)
    x = rng.randn(2, 5, 3).astype(dtype)
    if np.iscomplexobj(x):
        x = x + (1j * rng.randn(2, 5, 3)).astype(dtype)
    tolerance = dict(atol=1e-5 if x.dtype.itemsize // (1 + np.iscomplexobj(x)) == 4 else 1e-12)
    q, r = tf.qr(x, full_matrices=True)
    np.testing.assert_allclose(tf.matmul(q, r).numpy(), x, **tolerance)
    s, u, v = tf.svd(x)
    np.testing.assert_allclose(tf.matmul(u * tf.cast(s, u.dtype)[:, None, :], v, adjoint_b=True).numpy(), x, **tolerance)
    a = x[:, :3] + np.conj(np.swapaxes(x[:, :3], 1, 2))
    e, v = tf.self_adjoint_eig(a)
    np.testing.assert_allclose(tf.matmul(v * e[:, None, :], v, adjoint_b=True).numpy(), a, **tolerance)
    lu, p = (t.numpy() for t in tf.linalg.lu(a))
    for k in range(2):
        product = (np.tril(lu[k], -1) + np.eye(3)) @ np.triu(lu[k])
        np.testing.assert_allclose(product, a[k][p[k]], **tolerance)


def test_triangular_systems_of_either_way_agree(eager):
    """Few large systems go through BLAS, many small ones row by row."""
    rng = np.random.RandomState(0)
    matrix, rhs = rng.randn(6, 4, 4) + 3 * np.eye(4), rng.randn(6, 4, 2)
    for lower, adjoint in itertools.product([False, True], repeat=2):
        many = tf.matrix_triangular_solve(matrix, rhs, lower=lower, adjoint=adjoint).numpy()
        each = [tf.matrix_triangular_solve(matrix[k], rhs[k], lower=lower, adjoint=adjoint).numpy() for k in range(6)]
        np.testing.assert_allclose(many, each, atol=1e-12)


def differences(f, x, step=1e-2):
    g = np.zeros_like(x)
    for k in np.ndindex(*x.shape):
        for direction in (1, 1j) if np.iscomplexobj(x) else (1,):
            up, down = x.copy(), x.copy()
            up[k] += step * direction
            down[k] -= step * direction
            g[k] += direction * (float(f(tf.constant(up))) - float(f(tf.constant(down)))) / (2 * step)
    return g


def check_gradient(transform, x):
    """The gradient of a linear function, and that the gradient's gradient is the function again."""

    def weighed(y):
        rng = np.random.RandomState(1)
        weights = rng.randn(*y.shape.as_list())
        if y.dtype.is_complex:
            weights = weights + 1j * rng.randn(*y.shape.as_list())
        return tf.reduce_sum(tf.real(y * tf.constant(weights.astype(y.dtype.as_numpy_dtype))))

    def f(t):
        return weighed(transform(t))

    with tf.GradientTape() as tape:
        t = tf.constant(x)
        tape.watch(t)
        y = f(t)
    np.testing.assert_allclose(tape.gradient(y, t).numpy(), differences(f, x), atol=5e-3)
    with tf.GradientTape() as outer:
        h = tf.ones_like(transform(tf.constant(x)))
        outer.watch(h)
        with tf.GradientTape() as inner:
            t = tf.constant(x)
            inner.watch(t)
            y = transform(t)
        z = inner.gradient(y, t, output_gradients=h)
    again = outer.gradient(z, h, output_gradients=tf.constant(x))
    np.testing.assert_allclose(again.numpy(), transform(tf.constant(x)).numpy(), atol=1e-3)


LENGTHS = {1: [None, [5], [8]], 2: [None, [3, 5], [5, 8]], 3: [None, [3, 3, 5], [3, 5, 8]]}


@pytest.mark.parametrize("rank,which", [(r, i) for r in LENGTHS for i in range(3)])
def test_gradients_of_real_transforms(eager, rank, which):
    """Also of inputs that are cut or filled up to the length."""
    rng, length = np.random.RandomState(0), LENGTHS[rank][which]
    shape = (2, *(3, 4, 6)[3 - rank :])
    suffix = "" if rank == 1 else "%dd" % rank
    forward, inverse = getattr(tf.signal, "rfft" + suffix), getattr(tf.signal, "irfft" + suffix)
    check_gradient(lambda x: forward(x, length), rng.randn(*shape).astype(np.float32))
    # of the frequencies 0 (and the highest, if the length is even) of an inverse transform only real parts count
    x = (rng.randn(*shape) + 1j * rng.randn(*shape)).astype(np.complex64)
    weights = np.arange(np.prod(inverse(x, length).shape.as_list()), dtype=np.float32).reshape(inverse(x, length).shape)

    def f(t):
        return tf.reduce_sum(inverse(t, length) * tf.constant(weights))

    with tf.GradientTape() as tape:
        t = tf.constant(x)
        tape.watch(t)
        z = f(t)
    g = tape.gradient(z, t).numpy()
    np.testing.assert_allclose(g, differences(f, x, 0.1), atol=2e-2 * np.abs(g).max())


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_gradients_of_complex_transforms(eager, rank):
    rng = np.random.RandomState(0)
    shape = (2, *(2, 3, 4)[3 - rank :])
    x = (rng.randn(*shape) + 1j * rng.randn(*shape)).astype(np.complex64)
    suffix = "" if rank == 1 else "%dd" % rank
    check_gradient(getattr(tf, "fft" + suffix), x)
    check_gradient(getattr(tf, "ifft" + suffix), x)


EINSUMS = [
    ("ab,ab->", (3, 4), (3, 4)), ("aab,bcc->ac", (2, 2, 3), (3, 4, 4)), ("i...j,j...k->...ik", (2, 1, 3, 1, 3), (3, 1, 7, 5)),
    ("i...jj,jk...k->i...", (3, 3, 1, 2, 2), (2, 4, 1, 5, 4)), ("a...a->a...", (2, 3, 4, 5, 2)),
    ("ab...,b->ab...", (2, 3, 1, 5), (3,)),
    (",->", (), ()), ("...->...", (2, 3)), ("ab,ab->a", (3, 0), (3, 0)),
]  # fmt: skip


@pytest.mark.parametrize("equation,sizes", [(e, s) for e, *s in EINSUMS])
def test_einsum_op_gives_what_numpy_gives(equation, sizes):
    inputs = [np.random.RandomState(i).randn(*s) for i, s in enumerate(sizes)]
    expected = np.einsum(equation, *inputs)
    with tf.Graph().as_default(), tf.Session() as sess:
        for known in (None, [None], [...]):
            given = [None if known is None else len(s) * [None] if known == [None] else s for s in sizes]
            fed = [tf.placeholder(tf.float64, s) for s in given]
            result = tf.raw_ops.Einsum(inputs=fed, equation=equation)
            assert result.shape.is_compatible_with(expected.shape)
            assert known != [...] or result.shape == expected.shape
            np.testing.assert_allclose(sess.run(result, dict(zip(fed, inputs))), expected)


@pytest.mark.parametrize("equation,sizes,static,running", [
    ("ij,jk->ik", [(1, 2, 3), (3, 4)], "Shape must be rank 2 but is rank 3\n\t for 0th input and equation: ij,jk->ik for",
     "Expected input 0 to have rank 2 but got: 3"),
    ("...ij,jk->ik", [(3,), (3, 4)], "Shape must be at least rank 2 but is rank 1\n\t for 0th input",
     "Expected input 0 to have rank at least 2 but got: 1"),
    ("ij,jk->ik", [(2, 3), (4, 4)], "Dimensions must be equal, but are 3 and 4 for",
     "Expected dimension 3 at axis 0 of the input shaped [4,4] but got dimension 4"),
    ("...i,...i->...", [(5, 3), (7, 3)], "Dimensions must be equal, but are 5 and 7 for",
     "Invalid broadcasting dimensions: [5,3] vs. [7,3]"),
    ("...i,i->i", [(2, 3), (3,)], "Shape must be at most rank 0 but is rank 1\n\t for einsum equation '...i,i->i' without ellipsis",
     "Output contains 1 broadcasting dimension(s) but no ellipsis (...) was found in the output subscripts."),
    ("ij", [(2, 3)], "Expecting exactly one '->' in einsum equation: ij for", None),
    ("ij->ik", [(2, 3)], "has label 'k' which is not present in the input subscripts for", None),
    ("a..->a", [(2, 3)], "Expected at most one ellipsis (...), but found 2 periods (.) in the input subscript: a.. for", None),
])  # fmt: skip
def test_einsum_op_tells_what_is_wrong(equation, sizes, static, running):
    with tf.Graph().as_default(), tf.Session() as sess:
        with pytest.raises(ValueError) as told:
            tf.raw_ops.Einsum(inputs=[tf.placeholder(tf.float32, s) for s in sizes], equation=equation)
        assert static in str(told.value)
        fed = [tf.placeholder(tf.float32) for _ in sizes]
        if running is None:
            with pytest.raises(ValueError) as told:
                tf.raw_ops.Einsum(inputs=fed, equation=equation)
            assert str(told.value).endswith("with input shapes: %s." % ", ".join("?" * len(fed)))
            return
        with pytest.raises(tf.errors.InvalidArgumentError) as told:
            sess.run(tf.raw_ops.Einsum(inputs=fed, equation=equation), {p: np.ones(s) for p, s in zip(fed, sizes)})
        assert str(told.value).startswith(running)
