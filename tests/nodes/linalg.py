"""Programs whose graphs must be TensorFlow's node for node: linear algebra."""


def solving(tf):
    a, b = tf.placeholder(tf.float32, [2, 3, 3]), tf.placeholder(tf.float32, [2, 3, 1])
    tf.cholesky(a)
    tf.matrix_inverse(a, adjoint=True, name="inv")
    tf.matrix_determinant(a)
    tf.linalg.slogdet(a)
    tf.linalg.logdet(a)
    tf.matrix_solve(a, b)
    tf.matrix_triangular_solve(a, b, lower=False)
    tf.cholesky_solve(a, b)
    tf.linalg.adjoint(a)
    tf.linalg.adjoint(tf.cast(a, tf.complex64))


def least_squares(tf):
    a, b = tf.placeholder(tf.float32, [2, 4, 3]), tf.placeholder(tf.float32, [2, 4, 1])
    tf.matrix_solve_ls(a, b)
    tf.matrix_solve_ls(a, b, 0.1, name="regularized")
    tf.matrix_solve_ls(a, b, fast=False)
    tf.matrix_solve_ls(tf.placeholder(tf.float64, [3, 4]), tf.placeholder(tf.float64, [3, 1]), 0.1)


def factors(tf):
    a = tf.placeholder(tf.float32, [2, 4, 3])
    square = tf.placeholder(tf.float64, [3, 3])
    tf.qr(a)
    tf.qr(a, full_matrices=True, name="full")
    tf.svd(a)
    tf.svd(a, compute_uv=False)
    tf.svd(tf.cast(a, tf.complex64), True)
    tf.self_adjoint_eig(square)
    tf.self_adjoint_eigvals(square)
    tf.linalg.lu(square)
    tf.linalg.sqrtm(square)
    tf.linalg.logm(tf.cast(square, tf.complex128))
    tf.linalg.pinv(a)
    tf.linalg.matrix_rank(a)


def tridiagonal(tf):
    diagonals, rhs = tf.placeholder(tf.float32, [2, 3, 4]), tf.placeholder(tf.float32, [2, 4, 2])
    tf.linalg.tridiagonal_solve(diagonals, rhs)
    tf.linalg.tridiagonal_solve(diagonals, tf.placeholder(tf.float32, [2, 4]), name="vector")
    tf.linalg.tridiagonal_solve(diagonals, tf.placeholder(tf.float32, [2, 5, 4]), transpose_rhs=True, partial_pivoting=False)
    parts = [tf.placeholder(tf.float32, [n]) for n in (3, 4, 3)]
    tf.linalg.tridiagonal_solve(parts, tf.placeholder(tf.float32, [4]), diagonals_format="sequence")
    matrix = tf.placeholder(tf.float32, [4, 4])
    tf.linalg.tridiagonal_solve(matrix, tf.placeholder(tf.float32, [4]), diagonals_format="matrix")
    tf.linalg.tridiagonal_matmul(diagonals, rhs)
    tf.linalg.tridiagonal_matmul(matrix, rhs[0], diagonals_format="matrix")
