"""Initializers that make orthogonal matrices, identity matrices, and orthogonal kernels of convolutions."""

import itertools

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.export import export
from .arithmetic import multiply
from .cast import cast
from .decompositions import qr
from .filling import zeros
from .initializers import Initializer, float_type
from .joining import stack
from .matmul import matmul
from .matrices import diag_part, eye
from .random import random_normal
from .scattering import scatter_nd
from .shaping import expand_dims, reshape
from .slicing import slice_
from .transposing import matrix_transpose
from .unary import sign


def _orthogonal(a, full_matrices=False):
    """The orthogonal factor of a matrix, with signs such that it is evenly distributed if the elements of `a` are normal."""
    q, r = qr(a, full_matrices=full_matrices)
    return q * sign(diag_part(r))


class _Seeded(Initializer):
    """What the initializers with a gain and a seed have in common."""

    _config = ("gain", "seed")

    def __init__(self, gain=1.0, seed=None, dtype=dtypes.float32):
        self.gain = gain
        self.dtype = float_type(dtype)
        self.seed = seed


@export("orthogonal_initializer", "initializers.orthogonal", "keras.initializers.Orthogonal", "keras.initializers.orthogonal")
class Orthogonal(_Seeded):
    """Makes matrices with orthogonal rows or columns, whichever are fewer; a tensor of higher rank is one as a matrix of its last
    dimension's width.

    Args:
      gain: what the matrix is multiplied by.
      seed: an int from which the matrix follows; see `tf.set_random_seed`.
      dtype: the type of tensors made without one, a floating point one.

    Raises:
      ValueError: `dtype` is no floating point type; when called: the shape has less than two dimensions.
    """

    def __call__(self, shape, dtype=None, partition_info=None):
        if len(shape) < 2:
            raise ValueError("The tensor to initialize must be at least two-dimensional")
        rows, cols = int(np.prod([int(d) for d in shape[:-1]])), int(shape[-1])
        flat = (cols, rows) if rows < cols else (rows, cols)
        q = _orthogonal(random_normal(flat, dtype=self.dtype if dtype is None else dtype, seed=self.seed))
        if rows < cols:
            q = matrix_transpose(q)
        return self.gain * reshape(q, shape)


@export("initializers.identity", "keras.initializers.Identity", "keras.initializers.identity")
class Identity(Initializer):
    """Makes identity matrices.

    Args:
      gain: what they are multiplied by.
      dtype: the type of tensors made without one, a floating point one.

    Raises:
      ValueError: `dtype` is no floating point type; when called: the shape has not two dimensions.
    """

    _config = ("gain",)

    def __init__(self, gain=1.0, dtype=dtypes.float32):
        self.gain = gain
        self.dtype = float_type(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        whole = shape if partition_info is None else partition_info.full_shape
        if len(whole) != 2:
            raise ValueError("Identity matrix initializer can only be used for 2D matrices.")
        if isinstance(whole, shapes.TensorShape):
            whole = whole.as_list()
        made = eye(*whole, dtype=self.dtype if dtype is None else dtype)
        if partition_info is not None:
            made = slice_(made, partition_info.var_offset, shape)
        return self.gain * made


# ----------------------------------------------------------------------------------- kernels of convolutions (Xiao et al. 2018)


@export("contrib.framework.convolutional_delta_orthogonal")
class ConvolutionDeltaOrthogonal(_Seeded):
    """Makes kernels of convolutions that are an orthogonal matrix in the middle and zero elsewhere.

    Args:
      gain: by what the norm of a convolution's input is multiplied.
      seed: an int from which the kernel follows; see `tf.set_random_seed`.
      dtype: the type of tensors made without one, a floating point one.

    Raises:
      ValueError: `dtype` is no floating point type; when called: the shape has not three to five dimensions, or more inputs than
        outputs.
    """

    def __call__(self, shape, dtype=None, partition_info=None):
        dtype = self.dtype if dtype is None else dtype
        if not 3 <= len(shape) <= 5:
            raise ValueError("The tensor to initialize must be at least three-dimensional and at most five-dimensional")
        if shape[-2] > shape[-1]:
            raise ValueError("In_filters cannot be greater than out_filters.")
        q = _orthogonal(random_normal([shape[-1], shape[-1]], dtype=dtype, seed=self.seed))
        q = q[: shape[-2], :] * cast(self.gain, dtype)
        return scatter_nd([[(d - 1) // 2 for d in shape[:-2]]], expand_dims(q, 0), shape)


class ConvolutionOrthogonal(_Seeded):
    """Makes kernels of convolutions that keep the norm of what they are applied to (with circular padding).

    A kernel is a product of small ones, made of random projections; here a kernel in the making is a dictionary from places (tuples
    of ints) to matrices.
    """

    _rank = None  # the number of dimensions of the images
    _rank_name = None

    def __call__(self, shape, dtype=None, partition_info=None):
        if len(shape) != self._rank + 2:
            raise ValueError("The tensor to initialize must be %s-dimensional" % self._rank_name)
        if shape[-2] > shape[-1]:
            raise ValueError("In_filters cannot be greater than out_filters.")
        if any(d != shape[0] for d in shape[: self._rank]):
            raise ValueError("Kernel sizes must be equal.")
        kernel = self._orthogonal_kernel(shape[0], shape[-2], shape[-1])
        return kernel * cast(self.gain, self.dtype if dtype is None else dtype)

    def _next_seed(self):
        """The seed for the next random matrix; each has another one."""
        seed = self.seed
        if seed:
            self.seed += 1
        return seed

    def _orthogonal_matrix(self, n):
        a = random_normal([n, n], dtype=self.dtype, seed=self.seed)
        self._next_seed()
        return _orthogonal(a)

    def _symmetric_projection(self, n):
        """A random projection onto a space of columns."""
        q = self._orthogonal_matrix(n)
        mask = cast(random_normal([n], seed=self.seed) > 0, self.dtype)
        self._next_seed()
        c = multiply(q, mask)
        return matmul(c, matrix_transpose(c))

    def _small_kernel(self, n):
        """An orthogonal kernel of size 2 in every dimension."""
        projections = [self._symmetric_projection(n) for _ in range(self._rank)]
        unit = eye(n, dtype=self.dtype)
        kernel = {}
        for place in itertools.product((0, 1), repeat=self._rank):
            kernel[place] = self._corner(place, projections, unit)
        return kernel

    def _corner(self, place, projections, unit):
        """The product of projections and (where the place is 1) of their complements."""
        factors = [unit - p if i else p for i, p in zip(place, projections)]
        result = factors[0]
        for f in factors[1:]:
            result = matmul(result, f)
        return result

    def _convolved(self, a, b):
        """The convolution of two kernels."""
        n = a[(0,) * self._rank].shape.as_list()[0]
        sizes = [round(len(kernel) ** (1 / self._rank)) for kernel in (a, b)]
        result = {}
        for place in itertools.product(range(sum(sizes) - 1), repeat=self._rank):
            result[place] = zeros([n, n], self.dtype)
            for first in itertools.product(*(range(min(sizes[0], i + 1)) for i in place)):
                second = tuple(i - j for i, j in zip(place, first))
                if max(second) < sizes[1]:
                    result[place] += matmul(a[first], b[second])
        return result

    def _orthogonal_kernel(self, size, inputs, outputs):
        matrix = self._orthogonal_matrix(outputs)[0:inputs, :]
        if size == 1:
            for _ in range(self._rank):
                matrix = expand_dims(matrix, 0)
            return matrix
        kernel = self._small_kernel(outputs)
        for _ in range(size - 2):
            kernel = self._convolved(kernel, self._small_kernel(outputs))
        for place in itertools.product(range(size), repeat=self._rank):
            kernel[place] = matmul(matrix, kernel[place])
        return self._stacked(kernel, size, ())

    def _stacked(self, kernel, size, place):
        """A dictionary's matrices that are at places beginning with `place`, as one tensor."""
        if len(place) == self._rank:
            return kernel[place]
        return stack([self._stacked(kernel, size, (*place, i)) for i in range(size)])


@export("contrib.framework.convolutional_orthogonal_1d")
class ConvolutionOrthogonal1D(ConvolutionOrthogonal):
    """Makes kernels of convolutions in one dimension that keep the norm of what they are applied to.

    Args:
      gain: what kernels are multiplied by.
      seed: an int from which the kernel follows; see `tf.set_random_seed`.
      dtype: the type of tensors made without one, a floating point one.

    Raises:
      ValueError: `dtype` is no floating point type; when called: the shape is none of such a kernel, or has more inputs than
        outputs.
    """

    _rank, _rank_name = 1, "three"


@export("contrib.framework.convolutional_orthogonal_2d")
class ConvolutionOrthogonal2D(ConvolutionOrthogonal):
    """As `convolutional_orthogonal_1d`, in two dimensions."""

    _rank, _rank_name = 2, "four"

    def _corner(self, place, projections, unit):
        p, q = projections
        return matmul(unit - p if place[0] else p, unit - q if place[1] else q)


@export("contrib.framework.convolutional_orthogonal_3d")
class ConvolutionOrthogonal3D(ConvolutionOrthogonal):
    """As `convolutional_orthogonal_1d`, in three dimensions."""

    _rank, _rank_name = 3, "five"

    def _corner(self, place, projections, unit):
        """Here the complements belong to the places 0."""
        factors = [i * p + (1 - i) * (unit - p) for i, p in zip(place, projections)]
        return matmul(matmul(factors[0], factors[1]), factors[2])
