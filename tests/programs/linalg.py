"""Linear algebra: values in graphs and eagerly, gradients, errors."""

import numpy as np


def _matrix(*shape):
    return np.cos(np.arange(np.prod(shape)) ** 2 * 0.37).reshape(shape)


def _positive(*shape):
    x = _matrix(*shape)
    return x @ np.swapaxes(x, -1, -2) + np.eye(shape[-1])


def _values(tf):
    a, b, p = tf.constant(_matrix(2, 3, 3)), tf.constant(_matrix(2, 3, 2)), tf.constant(_positive(2, 3, 3))
    tall, wide = tf.constant(_matrix(2, 4, 3)), tf.constant(_matrix(2, 3, 4))
    z = tf.complex(a, a * a)
    return [
        tf.cholesky(p), tf.matrix_inverse(a), tf.matrix_inverse(z, adjoint=True), tf.matrix_determinant(z),
        list(tf.linalg.slogdet(a)), tf.linalg.logdet(p), tf.matrix_solve(z, z, adjoint=True),
        tf.matrix_triangular_solve(z, z, lower=False, adjoint=True), tf.cholesky_solve(tf.cholesky(p), b),
        tf.matrix_solve_ls(tall, tall[..., :1]), tf.matrix_solve_ls(wide, b, 0.3), tf.matrix_solve_ls(wide, b, fast=False),
        list(tf.qr(tall)), list(tf.qr(z, full_matrices=True)), tf.svd(tall, compute_uv=False), tf.self_adjoint_eigvals(p),
        list(tf.linalg.lu(a)), tf.linalg.sqrtm(p), tf.linalg.logm(z), tf.linalg.expm(a), tf.linalg.expm(20.0 * a),
        tf.linalg.pinv(tall), tf.linalg.matrix_rank(tall), tf.linalg.adjoint(z),
        tf.linalg.tridiagonal_solve(a, b), tf.linalg.tridiagonal_matmul(a, b),
    ]  # fmt: skip


def values(tf):
    with tf.Session() as sess:
        return {"values": [sess.run(v) for v in _values(tf)]}


values.rtol = 1e-9


def eager_values(tf):
    return {"values": _values(tf)}


eager_values.rtol = 1e-9


def gradients(tf):
    a, p = tf.constant(_matrix(3, 3)), tf.constant(_positive(3, 3))
    b, tall, wide = tf.constant(_matrix(3, 2)), tf.constant(_matrix(4, 3)), tf.constant(_matrix(3, 4))
    weights = tf.constant(np.sin(np.arange(60.0)))

    def weighed(*parts):
        y = tf.concat([tf.reshape(t, [-1]) for t in parts], 0)
        return tf.reduce_sum(y * weights[: y.shape[0].value])

    q, r = tf.qr(a)
    e = tf.self_adjoint_eigvals(p)
    pairs = [
        (tf.cholesky(p), [p]), (tf.matrix_inverse(a), [a]), (tf.matrix_determinant(a), [a]), (tf.linalg.slogdet(p)[1], [p]),
        (tf.matrix_solve(a, b), [a, b]), (tf.matrix_triangular_solve(a, b, adjoint=True), [a, b]),
        (tf.matrix_solve_ls(tall, tall[:, :1], 0.1), [tall]), (tf.matrix_solve_ls(wide, b), [wide, b]),
        (tf.concat([q, r], 0), [a]), (e, [p]), (tf.svd(tall, compute_uv=False), [tall]), (tf.linalg.expm(a), [a]),
        (tf.linalg.sqrtm(p), [p]), (tf.linalg.tridiagonal_solve(a, b), [a, b]), (tf.linalg.tridiagonal_matmul(a, b), [a, b]),
    ]  # fmt: skip
    with tf.Session() as sess:
        return {"gradients": [sess.run(tf.gradients(weighed(y), xs)) for y, xs in pairs]}


gradients.rtol = 1e-8


def _message(tf, make):
    try:
        make()
    except (ValueError, tf.errors.OpError) as e:
        return "%s: %s" % (type(e).__name__, e.message if isinstance(e, tf.errors.OpError) else e)
    return "no error"


def eager_errors(tf):
    singular, flat = tf.constant([[1.0, 2.0], [2.0, 4.0]]), tf.constant([[1.0, 2.0, 3.0]])
    zero, b = tf.zeros([2, 2]), tf.ones([2, 1])
    calls = [
        lambda: tf.cholesky(-singular), lambda: tf.cholesky(flat), lambda: tf.matrix_inverse(singular),
        lambda: tf.matrix_determinant(flat), lambda: tf.matrix_solve(singular, b),
        lambda: tf.matrix_solve(flat, b), lambda: tf.matrix_solve(singular, flat), lambda: tf.matrix_triangular_solve(zero, b),
        lambda: tf.matrix_solve_ls(singular, b), lambda: tf.self_adjoint_eig(flat), lambda: tf.linalg.lu(zero),
        lambda: tf.linalg.sqrtm(flat), lambda: tf.linalg.tridiagonal_solve(tf.zeros([3, 4]), tf.zeros([4])),
        lambda: tf.linalg.tridiagonal_solve(tf.zeros([3, 4]), tf.zeros([5, 1])),
        lambda: tf.linalg.tridiagonal_solve(tf.zeros([3, 4]), tf.zeros([4]), diagonals_format="x"),
        lambda: tf.fft(tf.zeros([], tf.complex64)),
    ]  # fmt: skip
    return {"messages": [_message(tf, c) for c in calls]}


def errors_of_shapes(tf):
    a, flat, b = tf.placeholder(tf.float32, [2, 2]), tf.placeholder(tf.float32, [1, 3]), tf.placeholder(tf.float32, [3, 1])
    calls = [
        lambda: tf.cholesky(flat), lambda: tf.cholesky(flat[0]), lambda: tf.matrix_determinant(flat),
        lambda: tf.matrix_solve(a, b), lambda: tf.matrix_triangular_solve(a, b), lambda: tf.qr(flat[0]), lambda: tf.svd(flat[0]),
        lambda: tf.self_adjoint_eig(flat), lambda: tf.linalg.lu(flat), lambda: tf.fft(tf.zeros([], tf.complex64)),
        lambda: tf.signal.dct(flat, type=4), lambda: tf.signal.dct(flat, n=0),
    ]  # fmt: skip
    return {"messages": [_message(tf, c) for c in calls]}
