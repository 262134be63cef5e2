"""Programs whose graphs must be TensorFlow's node for node: linear operators."""


def _apply(tf, operator, x):
    operator.matmul(x)
    operator.matmul(x, adjoint=True)
    operator.matvec(x[..., 0])
    operator.to_dense()
    operator.diag_part()
    operator.trace()
    operator.shape_tensor()


def _solve(tf, operator, x):
    operator.solve(x)
    operator.solvevec(x[..., 0], adjoint=True)
    operator.determinant()
    operator.log_abs_determinant()


def _both(tf, operator, x):
    _apply(tf, operator, x)
    _solve(tf, operator, x)


def identities(tf):
    x = tf.placeholder(tf.float32, [2, 3, 4])
    _both(tf, tf.linalg.LinearOperatorIdentity(3, batch_shape=[2]), x)
    _both(tf, tf.linalg.LinearOperatorScaledIdentity(3, tf.placeholder(tf.float32, [2])), x)
    tf.linalg.LinearOperatorIdentity(3).add_to_tensor(tf.placeholder(tf.float32, [3, 3]))


def diagonal(tf):
    x = tf.placeholder(tf.float32, [2, 3, 4])
    operator = tf.linalg.LinearOperatorDiag(tf.placeholder(tf.float32, [2, 3]))
    _both(tf, operator, x)
    operator.matmul(operator).to_dense()
    operator.inverse().to_dense()
    operator.add_to_tensor(tf.placeholder(tf.float32, [2, 3, 3]))


def dense(tf):
    x = tf.placeholder(tf.float32, [2, 3, 4])
    m = tf.placeholder(tf.float32, [2, 3, 3])
    _both(tf, tf.linalg.LinearOperatorFullMatrix(m), x)
    _both(tf, tf.linalg.LinearOperatorFullMatrix(m, is_self_adjoint=True, is_positive_definite=True, name="spd"), x)
    _both(tf, tf.linalg.LinearOperatorLowerTriangular(m), x)


def combined(tf):
    x = tf.placeholder(tf.float32, [2, 3, 4])
    a = tf.linalg.LinearOperatorFullMatrix(tf.placeholder(tf.float32, [2, 3, 3]))
    b = tf.linalg.LinearOperatorDiag(tf.placeholder(tf.float32, [2, 3]))
    _both(tf, a.matmul(b), x)
    c = tf.linalg.LinearOperatorFullMatrix(tf.placeholder(tf.float32, [2, 2, 2]), is_square=True)
    y = tf.placeholder(tf.float32, [2, 5, 4])
    _both(tf, tf.linalg.LinearOperatorBlockDiag([c, b]), y)


def kronecker(tf):
    a = tf.linalg.LinearOperatorFullMatrix(tf.placeholder(tf.float32, [2, 2]), is_square=True)
    b = tf.linalg.LinearOperatorDiag(tf.placeholder(tf.float32, [3]))
    _both(tf, tf.linalg.LinearOperatorKronecker([a, b]), tf.placeholder(tf.float32, [6, 4]))


def derived(tf):
    x = tf.placeholder(tf.float32, [2, 3, 4])
    a = tf.linalg.LinearOperatorFullMatrix(tf.placeholder(tf.float32, [2, 3, 3]), is_square=True)
    _both(tf, a.adjoint(), x)
    _both(tf, a.inverse(), x)


def low_rank(tf):
    x = tf.placeholder(tf.float32, [2, 3, 4])
    base = tf.linalg.LinearOperatorDiag(tf.placeholder(tf.float32, [2, 3]), is_positive_definite=True)
    u = tf.placeholder(tf.float32, [2, 3, 2])
    _both(tf, tf.linalg.LinearOperatorLowRankUpdate(base, u), x)
    diag = tf.placeholder(tf.float32, [2, 2])
    _both(tf, tf.linalg.LinearOperatorLowRankUpdate(base, u, diag, tf.placeholder(tf.float32, [2, 3, 2])), x)


def circulant(tf):
    x = tf.placeholder(tf.complex64, [2, 4, 3])
    _both(tf, tf.linalg.LinearOperatorCirculant(tf.placeholder(tf.complex64, [2, 4])), x)
    _both(tf, tf.linalg.LinearOperatorCirculant2D(tf.placeholder(tf.float32, [2, 2, 2])), x)
    _apply(tf, tf.linalg.LinearOperatorToeplitz(tf.placeholder(tf.float32, [4]), tf.placeholder(tf.float32, [4])),
           tf.placeholder(tf.float32, [4, 3]))  # fmt: skip


def householder_and_zeros(tf):
    x = tf.placeholder(tf.float32, [2, 3, 4])
    _both(tf, tf.linalg.LinearOperatorHouseholder(tf.placeholder(tf.float32, [2, 3])), x)
    zeros = tf.linalg.LinearOperatorZeros(3, batch_shape=[2])
    _apply(tf, zeros, x)
    zeros.determinant()
