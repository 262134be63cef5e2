"""Linear operators against the dense matrices that they stand for, which NumPy works with."""

import numpy as np
import pytest

import eagle as tf

L = tf.linalg
_rng = np.random.RandomState(5)


def _random(*shape):
    return _rng.uniform(-1, 1, shape)


def _regular(*shape):
    return _random(*shape) + 3 * np.eye(shape[-1])


def _complex(*shape):
    return _random(*shape) + 1j * _random(*shape)


def _from_spectrum(spectrum):
    """The circulant matrix of eigenvalues."""
    f = np.fft.fft(np.eye(len(spectrum)))
    return np.linalg.inv(f) @ np.diag(spectrum) @ f


_diag, _full, _u = np.array([1.0, 2.0, -3.0]), _regular(2, 3, 3), _random(3, 2)
_spectrum = _complex(4) + 3
_axis = np.array([1.0, -2.0, 2.0])
_toeplitz_col, _toeplitz_row = np.array([4.0, 1.0, 2.0]), np.array([4.0, -1.0, 0.5])
_complex_full = _complex(3, 3) + 3 * np.eye(3)
_two = _regular(2, 2)

CASES = {
    "identity": (lambda: L.LinearOperatorIdentity(3, batch_shape=[2], dtype=tf.float64), np.stack([np.eye(3)] * 2)),
    "scaled": (lambda: L.LinearOperatorScaledIdentity(3, np.array([2.0, -3.0])), np.array([2.0, -3.0])[:, None, None] * np.eye(3)),
    "diag": (lambda: L.LinearOperatorDiag(_diag), np.diag(_diag)),
    "triangular": (lambda: L.LinearOperatorLowerTriangular(_full), np.tril(_full)),
    "full": (lambda: L.LinearOperatorFullMatrix(_full), _full),
    "complex": (lambda: L.LinearOperatorFullMatrix(_complex_full), _complex_full),
    "spd": (
        lambda: L.LinearOperatorFullMatrix(_full @ _full.swapaxes(1, 2), is_self_adjoint=True, is_positive_definite=True),
        _full @ _full.swapaxes(1, 2),
    ),
    "product": (lambda: L.LinearOperatorFullMatrix(_full).matmul(L.LinearOperatorDiag(_diag)), _full @ np.diag(_diag)),
    "quotient": (
        lambda: L.LinearOperatorFullMatrix(_full, is_square=True).solve(L.LinearOperatorDiag(_diag)),
        np.linalg.inv(_full) @ np.diag(_diag),
    ),
    "blocks": (
        lambda: L.LinearOperatorBlockDiag([L.LinearOperatorFullMatrix(_two, is_square=True), L.LinearOperatorDiag(_diag)]),
        np.block([[_two, np.zeros((2, 3))], [np.zeros((3, 2)), np.diag(_diag)]]),
    ),
    "kronecker": (
        lambda: L.LinearOperatorKronecker([L.LinearOperatorFullMatrix(_two, is_square=True), L.LinearOperatorDiag(_diag)]),
        np.kron(_two, np.diag(_diag)),
    ),
    "low rank": (
        lambda: L.LinearOperatorLowRankUpdate(L.LinearOperatorDiag(np.abs(_diag), is_positive_definite=True), _u),
        np.diag(np.abs(_diag)) + _u @ _u.T,
    ),
    "low rank, general": (
        lambda: L.LinearOperatorLowRankUpdate(L.LinearOperatorDiag(_diag), _u, np.array([0.5, -0.25]), 0.5 * _u[::-1]),
        np.diag(_diag) + _u @ np.diag([0.5, -0.25]) @ (0.5 * _u[::-1]).T,
    ),
    "adjoint": (lambda: L.LinearOperatorFullMatrix(_complex_full, is_square=True).H, _complex_full.conj().T),
    "inverse": (lambda: L.LinearOperatorFullMatrix(_complex_full, is_square=True).inverse(), np.linalg.inv(_complex_full)),
    "circulant": (lambda: L.LinearOperatorCirculant(_spectrum, input_output_dtype=tf.complex128), _from_spectrum(_spectrum)),
    "householder": (lambda: L.LinearOperatorHouseholder(_axis), np.eye(3) - 2 * np.outer(_axis, _axis) / 9),
    "toeplitz": (
        lambda: L.LinearOperatorToeplitz(_toeplitz_col, _toeplitz_row),
        np.array([[4, -1, 0.5], [1, 4, -1], [2, 1, 4]]),
    ),
    "zeros": (lambda: L.LinearOperatorZeros(3, 4, is_square=False, is_self_adjoint=False, dtype=tf.float64), np.zeros((3, 4))),
}


def _value(tensor):
    if tf.executing_eagerly():
        return tensor.numpy()
    with tf.Session() as session:
        return session.run(tensor)


def _close(tensor, expected):
    tolerance = 1e-6 if tensor.dtype == tf.complex64 else 1e-9  # circulant operators are of that type when they are inverted
    np.testing.assert_allclose(_value(tensor), expected, rtol=tolerance, atol=tolerance)


@pytest.fixture(params=["graph", "eager"])
def mode(request):
    from eagle.core.context import eager_mode, graph_mode

    with eager_mode() if request.param == "eager" else graph_mode():
        if request.param == "eager":
            yield
        else:
            with tf.Graph().as_default():
                yield


def _adjoint(matrix):
    return matrix.conj().swapaxes(-1, -2)


@pytest.mark.parametrize("case", CASES)
def test_applies_as_its_matrix(mode, case):
    make, dense = CASES[case]
    operator = make()
    assert operator.shape.as_list()[-2:] == list(dense.shape[-2:])
    _close(operator.to_dense(), np.broadcast_to(dense, operator.shape.as_list()))
    _close(operator.shape_tensor(), operator.shape.as_list())
    _close(operator.diag_part(), np.diagonal(dense, axis1=-2, axis2=-1))
    _close(operator.trace(), np.trace(dense, axis1=-2, axis2=-1))
    x, y = _random(dense.shape[-1], 2).astype(dense.dtype), _random(dense.shape[-2], 2).astype(dense.dtype)
    _close(operator.matmul(x), dense @ x)
    _close(operator.matmul(x.conj().T, adjoint_arg=True), dense @ x)
    _close(operator.matmul(y, adjoint=True), _adjoint(dense) @ y)
    _close(operator.matvec(x[:, 0]), dense @ x[:, 0])


@pytest.mark.parametrize("case", [c for c in CASES if c != "zeros"])
def test_solves_as_its_matrix(mode, case):
    make, dense = CASES[case]
    operator = make()
    x = _random(dense.shape[-1], 2).astype(dense.dtype)
    inverse = np.linalg.inv(dense)
    _close(operator.solve(x), inverse @ x)
    _close(operator.solve(x.conj().T, adjoint_arg=True), inverse @ x)
    _close(operator.solve(x, adjoint=True), _adjoint(inverse) @ x)
    _close(operator.solvevec(x[:, 0]), inverse @ x[:, 0])
    _close(operator.determinant(), np.linalg.det(dense))
    _close(operator.log_abs_determinant(), np.log(np.abs(np.linalg.det(dense))))
    _close(operator.inverse().to_dense(), inverse)
    _close(operator.adjoint().to_dense(), _adjoint(dense))


def test_functions_take_operators(mode):
    operator = L.LinearOperatorFullMatrix(CASES["spd"][1], is_self_adjoint=True, is_positive_definite=True)
    dense = CASES["spd"][1]
    x = _random(3, 2)
    _close(tf.matmul(operator, x), dense @ x)
    _close(tf.matmul(x.T, operator), x.T @ dense)
    _close(tf.linalg.solve(operator, x), np.linalg.inv(dense) @ x)
    _close(tf.linalg.det(operator), np.linalg.det(dense))
    _close(tf.linalg.logdet(operator), np.log(np.linalg.det(dense)))
    _close(tf.linalg.trace(operator), np.trace(dense, axis1=1, axis2=2))
    _close(tf.linalg.diag_part(operator), np.diagonal(dense, axis1=1, axis2=2))
    _close(tf.linalg.inv(operator).to_dense(), np.linalg.inv(dense))
    _close(tf.linalg.cholesky(operator).to_dense(), np.linalg.cholesky(dense))


def test_rules_keep_structure():
    diag, scaled = L.LinearOperatorDiag([1.0, 2.0]), L.LinearOperatorScaledIdentity(2, 3.0)
    tril, identity = L.LinearOperatorLowerTriangular([[1.0, 0.0], [2.0, 3.0]]), L.LinearOperatorIdentity(2)
    circulant = L.LinearOperatorCirculant([1.0, 2.0])
    assert type(diag.matmul(scaled)) is type(scaled.matmul(diag)) is L.LinearOperatorDiag
    assert type(tril.matmul(diag)) is type(diag.matmul(tril)) is type(diag.solve(tril)) is L.LinearOperatorLowerTriangular
    assert identity.matmul(tril) is tril and tril.matmul(identity) is tril
    assert type(circulant.matmul(circulant)) is L.LinearOperatorCirculant
    zeros = L.LinearOperatorZeros(2)
    assert tril.matmul(zeros) is zeros
    assert tril.adjoint().adjoint() is tril


@pytest.mark.parametrize(
    "make, error, message",
    [
        (lambda: L.LinearOperatorIdentity(-1), ValueError, "Argument num_rows must be non-negative.  Found: -1"),
        (lambda: L.LinearOperatorIdentity([2]), ValueError, "Argument num_rows must be a 0-D Tensor.  Found: [2]"),
        (lambda: L.LinearOperatorIdentity(2, is_square=False), ValueError, "An identity operator is always square."),
        (
            lambda: L.LinearOperatorDiag([1.0], is_self_adjoint=False),
            ValueError,
            "A real diagonal operator is always self adjoint.",
        ),
        (lambda: L.LinearOperatorZeros(2, 3), ValueError, "initialized as is_square=True, but got num_rows(2) != num_columns(3)"),
        (lambda: L.LinearOperatorFullMatrix([[1]]), TypeError, "Argument matrix must have dtype in"),
        (lambda: L.LinearOperatorComposition([]), ValueError, "Expected a non-empty list of operators. Found: []"),
        (lambda: L.LinearOperatorDiag([1.0]).matmul([[1.0, 2.0], [3.0, 4.0]]), ValueError, "not compatible"),
        (lambda: L.LinearOperatorDiag([1.0], is_non_singular=False).inverse(), ValueError, "represents a singular matrix"),
    ],
)
def test_messages(make, error, message):
    with pytest.raises(error) as caught:
        make()
    assert message in str(caught.value)


def test_variables_are_read_when_used():
    from eagle.core.context import eager_mode

    with eager_mode():
        v = tf.Variable([1.0, 2.0], use_resource=True)
        operator = L.LinearOperatorDiag(v)
        assert operator.variables == (v,)
        with tf.GradientTape() as tape:
            y = operator.determinant()
        np.testing.assert_allclose(tape.gradient(y, v).numpy(), [2, 1])
        v.assign([3.0, 4.0])
        assert operator.determinant().numpy() == 12


class Doubling(L.LinearOperator):
    """An operator as a program writes it: only what must be defined."""

    def _shape(self):
        return tf.TensorShape([2, 2])

    def _shape_tensor(self):
        return tf.constant([2, 2])

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        return 2 * (tf.linalg.adjoint(x) if adjoint_arg else x)


def test_own_operators(mode):
    operator = Doubling(tf.float64, is_self_adjoint=True, is_positive_definite=True)
    _close(operator.to_dense(), 2 * np.eye(2))
    _close(operator.solve(np.array([[2.0], [4.0]])), [[1], [2]])
    _close(operator.determinant(), 4)
    _close(operator.cholesky().to_dense(), np.sqrt(2) * np.eye(2))
    _close(operator.matmul(operator).to_dense(), 4 * np.eye(2))
    assert operator.inverse().inverse() is operator


def test_rules_can_be_registered():
    algebra = tf.python.ops.linalg.linear_operator_algebra

    class Own(Doubling):
        pass

    register = algebra.RegisterMatmul(Own, L.LinearOperatorDiag)
    with pytest.raises(TypeError, match="matmul_fn must be callable, received: no"):
        register("no")
    register(lambda a, b: "own")
    with pytest.raises(ValueError, match=r"Matmul\(Own, LinearOperatorDiag\) has already been registered\."):
        register(lambda a, b: "again")
    diag = L.LinearOperatorDiag(np.array([1.0, 2.0]))
    assert Own(tf.float64).matmul(diag) == "own"
    assert type(Doubling(tf.float64).matmul(diag)) is L.LinearOperatorComposition


@pytest.mark.parametrize("adjoint", [False, True])
def test_equations_with_batches_that_broadcast(mode, adjoint):
    util = tf.python.ops.linalg.linear_operator_util
    matrix, rhs = _regular(3, 3), _random(4, 2, 3, 2)
    _close(util.matrix_solve_with_broadcast(matrix, rhs, adjoint=adjoint), np.linalg.inv(matrix.T if adjoint else matrix) @ rhs)
    for lower, triangle in ((True, np.tril(matrix)), (False, np.triu(matrix))):
        solved = util.matrix_triangular_solve_with_broadcast(triangle, rhs, lower=lower, adjoint=adjoint)
        _close(solved, np.linalg.inv(triangle.T if adjoint else triangle) @ rhs)
    with_batch = _regular(2, 3, 3)
    _close(util.matrix_solve_with_broadcast(with_batch, rhs), np.linalg.inv(with_batch) @ rhs)
