"""Bijectors of matrices, and between vectors and triangular matrices."""

import numpy as np

from ....core import dtypes
from ....core.convert import convert
from ....core.export import export, public as tf
from ....core.scopes import control_dependencies, name_scope
from ....core.shape import TensorShape
from ....distributions.bijector import Bijector
from ....ops.flow import with_dependencies


def _side(length, validate_args):
    """The side of the triangular matrix that a vector fills; raises ValueError where no matrix has as many elements."""
    if isinstance(length, int):
        side = (-1 + np.sqrt(1 + 8 * length)) / 2.0
        if int(side) != side:
            raise ValueError("Vector length is not a triangular number.")
        return int(side)
    side = (-1.0 + tf.sqrt(1 + 8.0 * tf.cast(length, dtypes.float32))) / 2.0
    if validate_args:
        whole = tf.cast(tf.cast(side, dtypes.int32), dtypes.float32)
        side = with_dependencies([tf.assert_equal(whole, side, message="Vector length is not a triangular number")], side)
    return tf.cast(side, length.dtype)


@export("contrib.distributions.fill_triangular", "python.ops.distributions.util.fill_triangular")
def fill_triangular(x, upper=False, name=None):
    """Triangular matrices whose elements are those of vectors, in a spiral.

    Args:
      x: a tensor; its last dimension is n (n + 1) / 2.
      upper: whether the matrices are upper triangular, not lower.
      name: the name scope of the nodes.

    Returns:
      A tensor with two last dimensions n.

    Raises:
      ValueError: there is no such n.
    """
    with name_scope(name, "fill_triangular", values=[x]):
        x = convert(x, name="x")
        length = x.shape.with_rank_at_least(1).as_list()[-1] if x.shape.ndims is not None else None
        if length is not None:
            side = np.sqrt(0.25 + 2.0 * length) - 0.5
            if side != np.floor(side):
                raise ValueError("Input right-most shape (%s) does not correspond to a triangular matrix." % length)
            m, n = np.int32(length), np.int32(side)
            shape = x.shape[:-1].concatenate([int(n), int(n)])
        else:
            m = tf.shape(x)[-1]
            n = tf.cast(tf.sqrt(0.25 + tf.cast(2 * m, dtypes.float32)), dtypes.int32)
            shape = TensorShape(None) if x.shape.ndims is None else x.shape[:-1].concatenate([None, None])
        last = (tf.rank(x) if x.shape.ndims is None else x.shape.ndims) - 1
        parts = [x, tf.reverse(x[..., n:], axis=[last])] if upper else [x[..., n:], tf.reverse(x, axis=[last])]
        square = tf.reshape(tf.concat(parts, -1), tf.concat([tf.shape(x)[:-1], [n, n]], axis=0))
        square = tf.matrix_band_part(square, 0 if upper else -1, -1 if upper else 0)
        square.set_shape(shape)
        return square


@export("contrib.distributions.fill_triangular_inverse", "python.ops.distributions.util.fill_triangular_inverse")
def fill_triangular_inverse(x, upper=False, name=None):
    """The vectors of which `fill_triangular` makes triangular matrices.

    Args:
      x: a tensor of square matrices.
      upper: whether the matrices are upper triangular, not lower.
      name: the name scope of the nodes.
    """
    with name_scope(name, "fill_triangular_inverse", values=[x]):
        x = convert(x, name="x")
        side = None if x.shape.ndims is None else x.shape.with_rank_at_least(2).as_list()[-1]
        n = tf.shape(x)[-1] if side is None else np.int32(side)
        m = (n * (n + 1)) // 2
        rank = tf.rank(x) if x.shape.ndims is None else x.shape.ndims
        if upper:
            first, rest = x[..., 0, :], x[..., 1:, :]
        else:
            first, rest = tf.reverse(x[..., -1, :], axis=[rank - 2]), x[..., :-1, :]
        together = rest + tf.reverse(tf.reverse(rest, axis=[rank - 1]), axis=[rank - 2])
        flat = tf.reshape(together, tf.concat([tf.shape(x)[:-2], [n * (n - 1)]], axis=0))
        found = tf.concat([first, flat[..., : m - n]], axis=-1)
        if x.shape.ndims is not None:
            found.set_shape(x.shape[:-2].concatenate([None if side is None else int(m)]))
        return found


@export("contrib.distributions.bijectors.FillTriangular")
class FillTriangular(Bijector):
    """Makes triangular matrices of vectors; see `tf.contrib.distributions.fill_triangular`.

    Args:
      upper: whether the matrices are upper triangular, not lower.
      validate_args: whether arguments are checked by assertions.
      name: its name.
    """

    def __init__(self, upper=False, validate_args=False, name="fill_triangular"):
        self._upper = upper
        super().__init__(forward_min_event_ndims=1, inverse_min_event_ndims=2, validate_args=validate_args, name=name)

    def _forward(self, x):
        return fill_triangular(x, upper=self._upper)

    def _inverse(self, y):
        return fill_triangular_inverse(y, upper=self._upper)

    def _forward_log_det_jacobian(self, x):
        return tf.zeros_like(x[..., 0])

    def _inverse_log_det_jacobian(self, y):
        return tf.zeros_like(y[..., 0, 0])

    def _forward_event_shape(self, input_shape):
        length = input_shape.as_list()[-1]
        side = None if length is None else _side(length, self.validate_args)
        return input_shape[:-1].concatenate([side, side])

    def _inverse_event_shape(self, output_shape):
        rows, columns = output_shape.as_list()[-2:]
        if rows is None or columns is None:
            return output_shape[:-2].concatenate([None])
        if rows != columns:
            raise ValueError("Matrix must be square. (saw [%s, %s])" % (rows, columns))
        return output_shape[:-2].concatenate([rows * (rows + 1) // 2])

    def _forward_event_shape_tensor(self, input_shape):
        side = _side(input_shape[-1], self.validate_args)
        return tf.concat([input_shape[:-1], [side, side]], axis=0)

    def _inverse_event_shape_tensor(self, output_shape):
        n = output_shape[-1]
        if self.validate_args:
            n = with_dependencies([tf.assert_equal(n, output_shape[-2], message="Matrix must be square.")], n)
        return tf.concat([output_shape[:-2], [tf.cast(n * (n + 1) / 2, output_shape.dtype)]], axis=0)


class _OfMatrices(Bijector):
    """The base of bijectors of square matrices."""

    def __init__(self, validate_args, name):
        super().__init__(forward_min_event_ndims=2, validate_args=validate_args, name=name)


@export("contrib.distributions.bijectors.MatrixInverseTriL")
class MatrixInverseTriL(_OfMatrices):
    """The inverses of lower triangular matrices.

    Args:
      validate_args: whether arguments are checked by assertions.
      name: its name.
    """

    def __init__(self, validate_args=False, name="matrix_inverse_tril"):
        super().__init__(validate_args, name)

    def _forward(self, x):
        with control_dependencies(self._checks(x)):
            shape = tf.shape(x)
            return tf.linalg.triangular_solve(x, tf.eye(shape[-1], batch_shape=shape[:-2], dtype=x.dtype), lower=True)

    _inverse = _forward

    def _forward_log_det_jacobian(self, x):
        with control_dependencies(self._checks(x)):
            logarithms = tf.math.log(tf.abs(tf.matrix_diag_part(x)))
            return -2.0 * tf.cast(tf.shape(x)[-1], x.dtype.base_dtype) * tf.reduce_sum(logarithms, axis=-1)

    def _checks(self, x):
        if not self.validate_args:
            return []
        shape, diagonal = tf.shape(x), tf.matrix_diag_part(x)
        above = tf.matrix_band_part(tf.matrix_set_diag(x, tf.zeros(shape[:-1], dtype=x.dtype)), 0, -1)
        found = [
            tf.assert_rank_at_least(x, 2, message="Input must have rank at least 2."),
            tf.assert_equal(shape[-2], shape[-1], message="Input must be a square matrix."),
            tf.assert_equal(above, tf.zeros_like(above), message="Input must be lower triangular."),
            tf.assert_none_equal(diagonal, tf.zeros_like(diagonal), message="Input must have all diagonal entries nonzero."),
        ]
        return [c for c in found if c is not None]


@export("contrib.distributions.bijectors.CholeskyOuterProduct")
class CholeskyOuterProduct(_OfMatrices):
    """`Y = X X'` of lower triangular matrices.

    Args:
      validate_args: whether arguments are checked by assertions.
      name: its name.
    """

    def __init__(self, validate_args=False, name="cholesky_outer_product"):
        super().__init__(validate_args, name)

    def _square_checks(self, x):
        shape = tf.shape(x)
        return [
            tf.assert_rank_at_least(x, 2, message="Input must be a (batch of) matrix."),
            tf.assert_equal(shape[-2], shape[-1], message="Input must be a (batch of) square matrix."),
        ]

    def _forward(self, x):
        if self.validate_args:
            x = with_dependencies(self._square_checks(x), x)
        x = tf.matrix_band_part(x, -1, 0)
        return tf.matmul(x, x, adjoint_b=True)

    def _inverse(self, y):
        return tf.cholesky(y)

    def _forward_log_det_jacobian(self, x):
        diagonal = tf.matrix_diag_part(x)
        if self.validate_args:
            checks = [*self._square_checks(x), tf.assert_positive(diagonal, message="Input must be positive definite.")]
            diagonal = with_dependencies(checks, diagonal)
        size = None if x.shape.ndims is None else x.shape.as_list()[-1]
        count = tf.shape(x)[-1] if size is None else size
        number = tf.cast(count, x.dtype)
        exponents = number - tf.cast(tf.range(count), x.dtype)
        return number * np.log(2.0).astype(x.dtype.as_numpy_dtype) + tf.reduce_sum(tf.math.log(diagonal) * exponents, axis=-1)
