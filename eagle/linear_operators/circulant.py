"""Circulant matrices, which the Fourier transform makes diagonal, and Toeplitz matrices, which are parts of circulant ones."""

import math

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.convert import convert
from ..core.export import export
from ..core.scopes import name_scope
from ..ops.assertions import assert_equal, assert_integer, assert_less, assert_positive
from ..ops.cast import cast
from ..ops.comparison import less
from ..ops.complex import complex_, conj, imag, real
from ..ops.division import floor_mod
from ..ops.fft import fft, fft2d, fft3d, ifft, ifft2d, ifft3d
from ..ops.filling import ones, range_, zeros_like
from ..ops.joining import concat
from ..ops.linalg import adjoint as adjoint_of
from ..ops.rearranging import reverse
from ..ops.reduce import reduce_prod, reduce_sum
from ..ops.shaping import broadcast_dynamic_shape, broadcast_static_shape, rank, reshape, shape as shape_of
from ..ops.transposing import transpose
from ..ops.unary import abs_, log
from ..ops.where import where_v2
from . import algebra, util
from .base import LinearOperator

_FFT = {1: fft, 2: fft2d, 3: fft3d}
_IFFT = {1: ifft, 2: ifft2d, 3: ifft3d}


def _as_complex(x):
    if x.dtype.is_complex:
        return x
    return cast(x, dtypes.complex128 if x.dtype == dtypes.float64 else dtypes.complex64)


def _rotated(x, right=False):
    """A tensor whose last dimension comes first (`right`), or the first last; by the nodes that TensorFlow has for any rotation."""
    steps = 1 if right else -1
    with name_scope("rotate_transpose"):
        shift = convert(steps, name="shift")
        assert_integer(shift)
        n = x.shape.ndims
        if n is not None:
            return x if n < 2 else transpose(x, perm=np.roll(np.arange(n), steps))
        n = rank(x)
        shift = where_v2(less(shift, 0), floor_mod(-shift, n), n - floor_mod(shift, n))
        first = range_(0, shift)
        return transpose(x, perm=concat([range_(shift, n), first], 0))


class _Circulant(LinearOperator):
    """A base class of circulant operators.

    Args:
      depth: how many of the last dimensions of the spectrum are transformed: the levels of blocks of blocks.
      (others): as in `LinearOperatorCirculant`.
    """

    def __init__(
        self, depth, spectrum, input_output_dtype, is_non_singular, is_self_adjoint, is_positive_definite, is_square, name
    ):
        self._name = name
        self._block_depth = depth
        with name_scope(name, values=[spectrum]):
            self._spectrum = convert(spectrum, name="spectrum")
            util.check_rank(self._spectrum, "spectrum", depth, plural=True)
            message = "A real spectrum always corresponds to a self-adjoint operator."
            is_self_adjoint = util.self_adjoint_if_real(self._spectrum, is_self_adjoint, message)
            if is_square is False:
                raise ValueError("A [[nested] block] circulant operator is always square.")
            self._block_shape_tensor = shape_of(self._spectrum)[-depth:]
            self._spectrum_complex = _as_complex(self._spectrum)
            self._abs_spectrum = abs_(self._spectrum)
            self._conj_spectrum = conj(self._spectrum_complex)
            dtype = dtypes.as_dtype(input_output_dtype)
            super().__init__(dtype, [self._spectrum], is_non_singular, is_self_adjoint, is_positive_definite, True, name)

    @property
    def block_depth(self):
        """The number of levels of blocks of blocks."""
        return self._block_depth

    @property
    def block_shape(self):
        """The static shape of the last dimensions of the spectrum, which are transformed."""
        return self._spectrum.shape[-self.block_depth :]

    def block_shape_tensor(self):
        """The shape of the last dimensions of the spectrum, an int32 vector."""
        return self._block_shape_tensor

    @property
    def spectrum(self):
        """The eigenvalues, by frequencies."""
        return self._spectrum

    def convolution_kernel(self, name="convolution_kernel"):
        """The kernels that the operator convolves with: the inverse Fourier transform of the spectrum, in the operator's type.

        Args:
          name: the name scope of the nodes.
        """
        with self._name_scope(name):
            return cast(_IFFT[self.block_depth](self._spectrum_complex), self.dtype)

    def assert_hermitian_spectrum(self, name="assert_hermitian_spectrum"):
        """An operation that fails if the spectrum is not Hermitian, so that the operator is not real, as far as its precision goes.

        Args:
          name: the name scope of the nodes.
        """
        eps = np.finfo(self.dtype.real_dtype.as_numpy_dtype).eps
        with self._name_scope(name):
            limit = eps * self.domain_dimension_tensor()
            return assert_less(abs_(imag(self.convolution_kernel())), limit, message="Spectrum was not Hermitian")

    def _shape(self):
        shape = self._spectrum.shape
        block = shape[-self.block_depth :]
        n = math.prod(block.as_list()) if block.is_fully_defined() else None
        return shape[: -self.block_depth].concatenate(shapes.TensorShape([n, n]))

    def _shape_tensor(self):
        shape = shape_of(self._spectrum)
        n = reduce_prod(shape[-self.block_depth :])
        return concat((shape[: -self.block_depth], [n, n]), 0)

    def _assert_non_singular(self):
        return util.assert_no_zeros(self.spectrum, message="Singular operator:  Spectrum contained zero values.")

    def _assert_positive_definite(self):
        return assert_positive(real(self.spectrum), message="Not positive definite:  Real part of spectrum was not all positive.")

    def _assert_self_adjoint(self):
        return util.assert_real(self.spectrum, message="Not self-adjoint:  The spectrum contained non-zero imaginary part.")

    # ---------------------------------------------------------------------------------------------------- transforms

    def _blocks(self, matrix):
        """Matrices `[..., N, R]` as blocks `[R, ..., N1, ..., Nd]`, one for each column."""
        columns = _rotated(matrix, right=True)
        if columns.shape.is_fully_defined() and self.block_shape.is_fully_defined():
            return reshape(columns, columns.shape[:-1].concatenate(self.block_shape))
        return reshape(columns, concat((shape_of(columns)[:-1], self.block_shape_tensor()), 0))

    def _matrix(self, blocks):
        """The matrices of blocks, the inverse of `_blocks`."""
        d = self.block_depth
        if blocks.shape.is_fully_defined():
            shape = blocks.shape.as_list()
            flat = [*shape[:-d], math.prod(shape[-d:])]
        else:
            shape = shape_of(blocks)
            flat = concat((shape[:-d], [reduce_prod(shape[-d:])]), 0)
        return _rotated(reshape(blocks, flat))

    def _broadcast(self, x, spectrum):
        """Matrices and the spectrum with the same batch dimensions."""
        spectrum = reshape(spectrum, concat((self.batch_shape_tensor(), [-1, 1]), axis=0))
        x, spectrum = util.broadcast_batches((x, spectrum))
        return x, reshape(spectrum, concat((shape_of(x)[:-2], self.block_shape_tensor()), axis=0))

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        x = adjoint_of(x) if adjoint_arg else x
        spectrum = self._conj_spectrum if adjoint else self._spectrum_complex
        x, spectrum = self._broadcast(cast(x, spectrum.dtype), spectrum)
        y = spectrum * _FFT[self.block_depth](_as_complex(self._blocks(x)))
        return cast(self._matrix(_IFFT[self.block_depth](y)), self.dtype)

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        rhs = adjoint_of(rhs) if adjoint_arg else rhs
        spectrum = self._conj_spectrum if adjoint else self._spectrum_complex
        rhs, spectrum = self._broadcast(rhs, spectrum)
        y = _FFT[self.block_depth](_as_complex(self._blocks(rhs))) / spectrum
        return cast(self._matrix(_IFFT[self.block_depth](y)), self.dtype)

    def _last_axes(self):
        return [-i for i in range(1, self.block_depth + 1)]

    def _determinant(self):
        return cast(reduce_prod(self.spectrum, axis=self._last_axes()), self.dtype)

    def _log_abs_determinant(self):
        return cast(reduce_sum(log(self._abs_spectrum), axis=self._last_axes()), self.dtype)

    def _diag_part(self):
        if self.shape.is_fully_defined():
            shape, n = self.shape[:-1], self.domain_dimension.value
        else:
            shape, n = self.shape_tensor()[:-1], self.domain_dimension_tensor()
        filled = ones(shape, dtype=self.dtype)
        value = self.trace() / cast(n, self.dtype)
        return value[..., None] * filled

    def _trace(self):
        d = self.block_depth
        if self.spectrum.shape.is_fully_defined():
            n = self.spectrum.shape.ndims
            axis = np.arange(n - d, n, dtype=np.int32)
        else:
            n = rank(self.spectrum)
            axis = range_(n - d, n)
        re = reduce_sum(real(self.spectrum), axis=axis)
        if not self.dtype.is_complex:
            return cast(re, self.dtype)
        im = zeros_like(re) if self.is_self_adjoint else reduce_sum(imag(self.spectrum), axis=axis)
        return cast(complex_(re, im), self.dtype)


@export("linalg.LinearOperatorCirculant")
class LinearOperatorCirculant(_Circulant):
    """Circulant matrices: each column is the one before it, rotated by one; they convolve periodically.

    Args:
      spectrum: the eigenvalues, the Fourier transforms of the first columns: a tensor of shape `[B1, ..., Bb, N]` of a floating or
        complex type.
      input_output_dtype: the type of what it is applied to, and of the results.
      is_non_singular: a hint, as in `LinearOperator`.
      is_self_adjoint: another; True for a real spectrum.
      is_positive_definite: another.
      is_square: another; True.
      name: what the names of the operator's nodes begin with.

    Raises:
      ValueError: `spectrum` has too few dimensions, or a hint can't be.
    """

    def __init__(self, spectrum, input_output_dtype=dtypes.complex64, is_non_singular=None, is_self_adjoint=None,
                 is_positive_definite=None, is_square=True, name="LinearOperatorCirculant"):  # fmt: skip
        super().__init__(1, spectrum, input_output_dtype, is_non_singular, is_self_adjoint, is_positive_definite, is_square, name)


@export("linalg.LinearOperatorCirculant2D")
class LinearOperatorCirculant2D(_Circulant):
    """Circulant matrices of blocks that are circulant: they convolve images periodically.

    Args:
      spectrum: the eigenvalues, the 2-D Fourier transforms of the kernels: a tensor of shape `[B1, ..., Bb, N1, N2]` of a
        floating or complex type.
      input_output_dtype: the type of what it is applied to, and of the results.
      is_non_singular: a hint, as in `LinearOperator`.
      is_self_adjoint: another; True for a real spectrum.
      is_positive_definite: another.
      is_square: another; True.
      name: what the names of the operator's nodes begin with.

    Raises:
      ValueError: `spectrum` has too few dimensions, or a hint can't be.
    """

    def __init__(self, spectrum, input_output_dtype=dtypes.complex64, is_non_singular=None, is_self_adjoint=None,
                 is_positive_definite=None, is_square=True, name="LinearOperatorCirculant2D"):  # fmt: skip
        super().__init__(2, spectrum, input_output_dtype, is_non_singular, is_self_adjoint, is_positive_definite, is_square, name)


@export("linalg.LinearOperatorCirculant3D")
class LinearOperatorCirculant3D(_Circulant):
    """Circulant matrices of blocks that are circulant matrices of circulant blocks: they convolve volumes periodically.

    Args:
      spectrum: the eigenvalues, the 3-D Fourier transforms of the kernels: a tensor of shape `[B1, ..., Bb, N1, N2, N3]` of a
        floating or complex type.
      input_output_dtype: the type of what it is applied to, and of the results.
      is_non_singular: a hint, as in `LinearOperator`.
      is_self_adjoint: another; True for a real spectrum.
      is_positive_definite: another.
      is_square: another; True.
      name: what the names of the operator's nodes begin with.

    Raises:
      ValueError: `spectrum` has too few dimensions, or a hint can't be.
    """

    def __init__(self, spectrum, input_output_dtype=dtypes.complex64, is_non_singular=None, is_self_adjoint=None,
                 is_positive_definite=None, is_square=True, name="LinearOperatorCirculant3D"):  # fmt: skip
        super().__init__(3, spectrum, input_output_dtype, is_non_singular, is_self_adjoint, is_positive_definite, is_square, name)


# TensorFlow's rules leave the type to the default, complex64, and so do these.


@algebra.rule("adjoint", LinearOperatorCirculant)
def _(operator):
    return LinearOperatorCirculant(conj(operator.spectrum), **util.hints_of(operator, is_square=True))


@algebra.rule("inverse", LinearOperatorCirculant)
def _(operator):
    return LinearOperatorCirculant(1.0 / operator.spectrum, **util.hints_of(operator, is_square=True))


@algebra.rule("matmul", LinearOperatorCirculant, LinearOperatorCirculant)
def _(a, b):
    return LinearOperatorCirculant(a.spectrum * b.spectrum, **util.combined_hints(a, b))


@algebra.rule("solve", LinearOperatorCirculant, LinearOperatorCirculant)
def _(a, b):
    return LinearOperatorCirculant(b.spectrum / a.spectrum, **util.combined_hints(a, b))


@export("linalg.LinearOperatorToeplitz")
class LinearOperatorToeplitz(LinearOperator):
    """Toeplitz matrices: all elements of a diagonal are the same.

    Args:
      col: the first columns, a tensor of shape `[B1, ..., Bb, N]`.
      row: the first rows, the same; the first elements should be the columns' (the columns' count).
      is_non_singular: a hint, as in `LinearOperator`.
      is_self_adjoint: another.
      is_positive_definite: another.
      is_square: another; True.
      name: what the names of the operator's nodes begin with.

    Raises:
      ValueError: `col` or `row` are scalars or have different lengths, or a hint can't be.
    """

    def __init__(self, col, row, is_non_singular=None, is_self_adjoint=None, is_positive_definite=None, is_square=None,
                 name="LinearOperatorToeplitz"):  # fmt: skip
        with name_scope(name, values=[row, col]):
            self._row = convert(row, name="row")
            self._col = convert(col, name="col")
            util.check_rank(self._row, "row", 1)
            util.check_rank(self._col, "col", 1)
            lengths = {_known_length(self._row), _known_length(self._col)}
            if len(lengths - {None}) > 1:
                raise ValueError("Expected square matrix, got row and col with mismatched dimensions.")
            dtype = self._row.dtype
            around = concat([self._col, zeros_like(self._col[..., 0:1]), reverse(self._row[..., 1:], axis=[-1])], axis=-1)
            is_double = dtype in (dtypes.float64, dtypes.complex128)
            spectrum = fft(cast(around, dtypes.complex128 if is_double else dtypes.complex64))
            self._circulant = LinearOperatorCirculant(spectrum, input_output_dtype=dtype)
            if is_square is False:
                raise ValueError("Only square Toeplitz operators currently supported.")
            super().__init__(dtype, [self._row, self._col], is_non_singular, is_self_adjoint, is_positive_definite, True, name)

    @property
    def col(self):
        """The first columns."""
        return self._col

    @property
    def row(self):
        """The first rows."""
        return self._row

    def _shape(self):
        shape = broadcast_static_shape(self.row.shape, self.col.shape)
        return shape.concatenate(shape[-1:])

    def _shape_tensor(self):
        shape = broadcast_dynamic_shape(shape_of(self.row), shape_of(self.col))
        return concat((shape, [shape[-1]]), 0)

    def _assert_self_adjoint(self):
        return assert_equal(self.row, self.col, message="row and col are not the same, and so this operator is not self-adjoint.")

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        x = adjoint_of(x) if adjoint_arg else x
        padded = concat([x, zeros_like(x)], axis=-2)
        y = self._circulant.matmul(padded, adjoint=adjoint, adjoint_arg=False)
        return cast(y[..., : self.domain_dimension_tensor(), :], self.dtype)

    def _trace(self):
        return cast(self.domain_dimension_tensor(), self.dtype) * self.col[..., 0]

    def _diag_part(self):
        return self.col[..., 0:1] * ones([self.domain_dimension_tensor()], self.dtype)


def _known_length(vectors):
    return None if vectors.shape.ndims is None else vectors.shape[-1].value
