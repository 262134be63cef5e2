"""Bijectors made of others or of functions: `Chain`, `Invert`, `Inline`, `TransformDiagonal`, `ScaleTriL`."""

import itertools

from ....core.convert import convert
from ....core.export import export, public as tf
from ....distributions.bijector import Bijector, static_number
from .matrices import FillTriangular
from .scalars import AffineScalar, Softplus


@export("contrib.distributions.bijectors.Invert")
class Invert(Bijector):
    """The inverse of another bijector.

    Args:
      bijector: the other one.
      validate_args: whether arguments are checked by assertions.
      name: its name.

    Raises:
      NotImplementedError: it has several inverses.
    """

    def __init__(self, bijector, validate_args=False, name=None):
        if not bijector._is_injective:
            raise NotImplementedError("Invert is not implemented for non-injective bijectors.")
        self._bijector = bijector
        super().__init__(
            graph_parents=bijector.graph_parents, forward_min_event_ndims=bijector.inverse_min_event_ndims,
            inverse_min_event_ndims=bijector.forward_min_event_ndims, is_constant_jacobian=bijector.is_constant_jacobian,
            validate_args=validate_args, dtype=bijector.dtype, name=name or "invert_" + bijector.name,
        )  # fmt: skip

    bijector = property(lambda self: self._bijector)


def _of_other(name):
    return lambda self, *args, **kwargs: getattr(self.bijector, name)(*args, **kwargs)


for _end in ("", "_event_shape", "_event_shape_tensor", "_log_det_jacobian"):
    setattr(Invert, "_forward" + _end, _of_other("_inverse" + _end))
    setattr(Invert, "_inverse" + _end, _of_other("_forward" + _end))


@export("contrib.distributions.bijectors.Inline")
class Inline(Bijector):
    """A bijector of functions.

    Args:
      forward_fn, inverse_fn, inverse_log_det_jacobian_fn, forward_log_det_jacobian_fn: functions of a tensor.
      forward_event_shape_fn, inverse_event_shape_fn: functions of a `TensorShape`; None if the shape stays.
      forward_event_shape_tensor_fn, inverse_event_shape_tensor_fn: functions of an int32 vector.
      is_constant_jacobian, validate_args, forward_min_event_ndims, inverse_min_event_ndims, name: as of `Bijector`.
    """

    def __init__(self, forward_fn=None, inverse_fn=None, inverse_log_det_jacobian_fn=None, forward_log_det_jacobian_fn=None,
                 forward_event_shape_fn=None, forward_event_shape_tensor_fn=None, inverse_event_shape_fn=None,
                 inverse_event_shape_tensor_fn=None, is_constant_jacobian=False, validate_args=False,
                 forward_min_event_ndims=None, inverse_min_event_ndims=None, name="inline"):  # fmt: skip
        super().__init__(
            forward_min_event_ndims=forward_min_event_ndims, inverse_min_event_ndims=inverse_min_event_ndims,
            is_constant_jacobian=is_constant_jacobian, validate_args=validate_args, name=name,
        )  # fmt: skip
        self._functions = {
            "forward": forward_fn, "inverse": inverse_fn, "inverse_log_det_jacobian": inverse_log_det_jacobian_fn,
            "forward_log_det_jacobian": forward_log_det_jacobian_fn, "forward_event_shape": forward_event_shape_fn,
            "forward_event_shape_tensor": forward_event_shape_tensor_fn, "inverse_event_shape": inverse_event_shape_fn,
            "inverse_event_shape_tensor": inverse_event_shape_tensor_fn,
        }  # fmt: skip


def _by_function(name, is_shape):
    def method(self, value, **kwargs):
        function = self._functions[name]
        if function is None and is_shape:
            return value
        if not callable(function):
            raise NotImplementedError("%s_fn is not a callable function." % name)
        return function(value, **kwargs)

    return method


for _way, _end in itertools.product(("forward", "inverse"), ("", "_event_shape", "_event_shape_tensor", "_log_det_jacobian")):
    setattr(Inline, "_" + _way + _end, _by_function(_way + _end, "shape" in _end))


def _least_ndims(bijectors, forward):
    """How many dimensions the smallest thing has that bijectors map one after the other."""
    needed = available = 0
    for b in reversed(bijectors) if forward else bijectors:
        least, image = b.forward_min_event_ndims, b.inverse_min_event_ndims
        if not forward:
            least, image = image, least
        needed += max(0, least - available)
        available = max(least, available) - (least - image)
    return needed


@export("contrib.distributions.bijectors.Chain")
class Chain(Bijector):
    """Several bijectors one after the other, the last first.

    Args:
      bijectors: a list of them; the identity if there are none.
      validate_args: whether arguments are checked by assertions.
      name: its name.

    Raises:
      NotImplementedError: one has several inverses.
      ValueError: they have different types.
    """

    def __init__(self, bijectors=None, validate_args=False, name=None):
        self._bijectors = bijectors = () if bijectors is None else bijectors
        for b in bijectors:
            if not b._is_injective:
                raise NotImplementedError("Invert is not implemented for non-injective bijector (%s)" % b.name)
        types = list({b.dtype for b in bijectors})
        if len(types) > 2:
            raise ValueError("incompatible dtypes: %s" % types)
        super().__init__(
            graph_parents=[t for b in bijectors for t in b.graph_parents], forward_min_event_ndims=_least_ndims(bijectors, True),
            inverse_min_event_ndims=_least_ndims(bijectors, False),
            is_constant_jacobian=all(b.is_constant_jacobian for b in bijectors), validate_args=validate_args,
            dtype=next((t for t in types if t is not None), None),
            name=name or ("_of_".join(["chain", *(b.name for b in bijectors)]) if bijectors else "identity"),
        )  # fmt: skip

    bijectors = property(lambda self: self._bijectors)

    def _inverse(self, y, **kwargs):
        for b in self.bijectors:
            y = b.inverse(y, **kwargs.get(b.name, {}))
        return y

    def _forward(self, x, **kwargs):
        for b in reversed(self.bijectors):
            x = b.forward(x, **kwargs.get(b.name, {}))
        return x

    def _inverse_log_det_jacobian(self, y, **kwargs):
        return self._sum_of_log_dets("inverse", y, self.inverse_min_event_ndims, self.bijectors, kwargs)

    def _forward_log_det_jacobian(self, x, **kwargs):
        return self._sum_of_log_dets("forward", x, self.forward_min_event_ndims, reversed(self.bijectors), kwargs)

    def _sum_of_log_dets(self, way, value, ndims, bijectors, kwargs):
        """The sum of the logarithms of bijectors, applied one after the other forwards or inversely."""
        value = convert(value)
        total = tf.cast(0.0, value.dtype.base_dtype)
        if value.shape.is_fully_defined():
            shape = value.shape[value.shape.ndims - ndims :]
        else:
            shape = tf.shape(value)[tf.rank(value) - ndims :]
        for b in bijectors:
            given = kwargs.get(b.name, {})
            total += getattr(b, way + "_log_det_jacobian")(value, event_ndims=ndims, **given)
            if value.shape.is_fully_defined() and isinstance(ndims, int):
                shape = getattr(b, way + "_event_shape")(shape)
                ndims = shape.ndims
            else:
                shape = getattr(b, way + "_event_shape_tensor")(shape)
                size = tf.size(shape)
                known = static_number(size)
                ndims = size if known is None else known
            value = getattr(b, way)(value, **given)
        return total


def _of_each(name, backwards):
    def method(self, shape):
        for b in reversed(self.bijectors) if backwards else self.bijectors:
            shape = getattr(b, name)(shape)
        return shape

    return method


for _end in ("_event_shape", "_event_shape_tensor"):
    setattr(Chain, "_forward" + _end, _of_each("forward" + _end, True))
    setattr(Chain, "_inverse" + _end, _of_each("inverse" + _end, False))


@export("contrib.distributions.bijectors.TransformDiagonal")
class TransformDiagonal(Bijector):
    """Maps the diagonals of matrices by another bijector.

    Args:
      diag_bijector: the other one.
      validate_args: whether arguments are checked by assertions.
      name: its name.
    """

    def __init__(self, diag_bijector, validate_args=False, name="transform_diagonal"):
        self._diag_bijector = diag_bijector
        super().__init__(forward_min_event_ndims=2, inverse_min_event_ndims=2, validate_args=validate_args, name=name)

    def _forward(self, x):
        return tf.matrix_set_diag(x, self._diag_bijector.forward(tf.matrix_diag_part(x)))

    def _inverse(self, y):
        return tf.matrix_set_diag(y, self._diag_bijector.inverse(tf.matrix_diag_part(y)))

    def _forward_log_det_jacobian(self, x):
        return self._diag_bijector.forward_log_det_jacobian(tf.matrix_diag_part(x), event_ndims=1)

    def _inverse_log_det_jacobian(self, y):
        return self._diag_bijector.inverse_log_det_jacobian(tf.matrix_diag_part(y), event_ndims=1)


@export("contrib.distributions.bijectors.ScaleTriL")
class ScaleTriL(Chain):
    """Makes lower triangular matrices of vectors, with a diagonal that another bijector maps.

    Args:
      diag_bijector: the other one, by default `Softplus`.
      diag_shift: what is added to the diagonal, or None.
      validate_args: whether arguments are checked by assertions.
      name: its name.
    """

    def __init__(self, diag_bijector=None, diag_shift=1e-5, validate_args=False, name="scale_tril"):
        if diag_bijector is None:
            diag_bijector = Softplus(validate_args=validate_args)
        if diag_shift is not None:
            diag_bijector = Chain([AffineScalar(shift=diag_shift), diag_bijector])
        super().__init__([TransformDiagonal(diag_bijector), FillTriangular()], validate_args=validate_args, name=name)
