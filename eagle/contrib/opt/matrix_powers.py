"""Roots of symmetric positive matrices by iteration."""

from ...core import dtypes
from ...core.export import public as tf


def matrix_square_root(mat_a, mat_a_size, iter_count=100, ridge_epsilon=1e-4):
    """The square root of a matrix, by the stable iteration of Higham (Stable iterations for the matrix square root, 2.6b).

    Args:
      mat_a: a symmetric positive semidefinite matrix.
      mat_a_size: how many rows it has.
      iter_count: the most steps that are made.
      ridge_epsilon: a number that is added to the diagonal.
    """
    identity = tf.eye(tf.cast(mat_a_size, dtypes.int32))
    mat_a = mat_a + ridge_epsilon * identity
    norm = tf.sqrt(tf.reduce_sum(mat_a * mat_a))

    def goes_on(i, y, old_y, z, old_z, error, old_error):
        return tf.logical_and(i < iter_count, error < old_error)

    def step(i, y, old_y, z, old_z, error, old_error):
        factor = 0.5 * (3.0 * identity - tf.matmul(z, y))
        new_y, new_z = tf.matmul(y, factor), tf.matmul(factor, z)
        root = new_y * tf.sqrt(norm)
        residual = mat_a - tf.matmul(root, root)
        return i + 1, new_y, y, new_z, z, tf.sqrt(tf.reduce_sum(residual * residual)) / norm, error

    start = mat_a / norm
    ended = tf.while_loop(goes_on, step, [0, start, start, identity, identity, norm, norm + 1.0])
    return ended[2] * tf.sqrt(norm)


def _power(matrix, p):
    """A matrix to the power of a positive whole number, which is known when the graph is built."""
    assert p == int(p) and p > 0
    power = None
    while p > 0:
        if p % 2 == 1:
            power = matrix if power is None else tf.matmul(matrix, power)
        p //= 2
        matrix = tf.matmul(matrix, matrix)
    return power


def matrix_inverse_pth_root(mat_g, mat_g_size, alpha, iter_count=100, epsilon=1e-6, ridge_epsilon=1e-6):
    """A matrix to the power `alpha`, by the Schur-Newton method of Guo and Higham (SIAM J. Matrix Anal. Appl. 28, 3.2).

    Args:
      mat_g: a symmetric positive semidefinite matrix.
      mat_g_size: how many rows it has.
      alpha: the power: -1 / p, where p is a positive whole number.
      iter_count: the most steps that are made.
      epsilon: how exact the result is to be.
      ridge_epsilon: a number that is added to the diagonal.
    """
    identity = tf.eye(tf.cast(mat_g_size, dtypes.int32))
    if mat_g_size == 1:
        return tf.pow(mat_g + ridge_epsilon, alpha)
    damped = mat_g + ridge_epsilon * identity
    z = (1 - 1 / alpha) / (2 * tf.norm(damped))

    def goes_on(i, m, x):
        return tf.logical_and(i < iter_count, tf.reduce_max(tf.abs(m - identity)) > epsilon)

    def step(i, m, x):
        factor = (1 - alpha) * identity + alpha * m
        return i + 1, tf.matmul(_power(factor, -1.0 / alpha), m), tf.matmul(x, factor)

    return tf.while_loop(goes_on, step, [0, damped * z, identity * tf.pow(z, -alpha)])[2]
