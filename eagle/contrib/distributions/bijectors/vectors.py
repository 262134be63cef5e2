"""Bijectors of vectors: affine maps, permutations, and the like."""

import numpy as np

from ....core import dtypes
from ....core.convert import convert
from ....core.export import export, public as tf
from ....core.scopes import control_dependencies, name_scope
from ....core.shape import TensorShape
from ....core.static_values import constant_value
from ....distributions.bijector import Bijector
from ....ops.flow import with_dependencies
from ..scales import dimension_size, make_tril_scale


class _Affine(Bijector):
    """The base of bijectors that multiply vectors by a linear operator and add a vector."""

    shift = property(lambda self: self._shift)
    scale = property(lambda self: self._scale)

    def _checks_of_scale(self):
        if not self.validate_args:
            return []
        try:
            return [self.scale.assert_non_singular()]
        except NotImplementedError:
            return []

    def _forward(self, x):
        y = x
        if self.scale is not None:
            with control_dependencies(self._checks_of_scale()):
                y = self.scale.matvec(y)
        return y if self.shift is None else y + self.shift

    def _inverse(self, y):
        x = y if self.shift is None else y - self.shift
        return x if self.scale is None else self.scale.solvevec(x)

    def _forward_log_det_jacobian(self, x):
        if self.scale is None:
            return self._constant(0.0, x)
        with control_dependencies(self._checks_of_scale()):
            return self.scale.log_abs_determinant()

    def _check_types(self):
        if self.shift is not None and self.shift.dtype.base_dtype != self.scale.dtype.base_dtype:
            raise TypeError("shift.dtype(%s) is incompatible with scale.dtype(%s)." % (self.shift.dtype, self.scale.dtype))


@export("contrib.distributions.bijectors.AffineLinearOperator")
class AffineLinearOperator(_Affine):
    """`y = scale x + shift` of vectors.

    Args:
      shift: a tensor, or None.
      scale: a `tf.linalg.LinearOperator`, or None.
      validate_args: whether arguments are checked by assertions.
      name: its name.

    Raises:
      TypeError: the scale is no linear operator, or of another type than the shift.
      ValueError: arguments are to be checked, and the scale does not say that it is not singular.
    """

    def __init__(self, shift=None, scale=None, validate_args=False, name="affine_linear_operator"):
        with name_scope(name), name_scope("init", values=[shift]):
            self._shift = None if shift is None else convert(shift, name="shift")
            self._scale = scale
            parents = [] if shift is None else [self._shift]
            dtype = dtypes.float32 if shift is None else self._shift.dtype.base_dtype
            if scale is not None:
                if not isinstance(scale, tf.linalg.LinearOperator):
                    raise TypeError("scale is not an instance of tf.LinearOperator")
                self._check_types()
                if validate_args and not scale.is_non_singular:
                    raise ValueError("Scale matrix must be non-singular.")
                parents += scale.graph_parents
                dtype = dtype if scale.dtype is None else scale.dtype.base_dtype
            super().__init__(forward_min_event_ndims=1, graph_parents=parents, is_constant_jacobian=True, dtype=dtype,
                             validate_args=validate_args, name=name)  # fmt: skip


@export("contrib.distributions.bijectors.Affine")
class Affine(_Affine):
    """`y = scale x + shift` of vectors, where the scale is the sum of several matrices.

    Args:
      shift: a tensor, or None.
      scale_identity_multiplier: what the identity matrix is multiplied with.
      scale_diag: the diagonal of a matrix.
      scale_tril: a lower triangular matrix.
      scale_perturb_factor, scale_perturb_diag: V and the diagonal D of a matrix `V D V'`.
      validate_args: whether arguments are checked by assertions.
      name: its name.

    Raises:
      ValueError: there is a D but no V.
      TypeError: scale and shift have different types.
    """

    def __init__(self, shift=None, scale_identity_multiplier=None, scale_diag=None, scale_tril=None, scale_perturb_factor=None,
                 scale_perturb_diag=None, validate_args=False, name="affine"):  # fmt: skip
        if scale_perturb_diag is not None and scale_perturb_factor is None:
            raise ValueError("When scale_perturb_diag is specified, scale_perturb_factor must be specified.")
        self._is_multiple = scale_tril is None and scale_diag is None and scale_perturb_factor is None
        given = [shift, scale_identity_multiplier, scale_diag, scale_tril, scale_perturb_diag, scale_perturb_factor]
        with name_scope(name), name_scope("init", values=given):
            self._shift = None if shift is None else convert(shift, name="shift")
            dtype = dtypes.float32 if shift is None else self._shift.dtype.base_dtype
            if self._is_multiple:
                self._scale = _multiplier(1.0 if scale_identity_multiplier is None else scale_identity_multiplier, dtype,
                                          scale_identity_multiplier is None, validate_args)  # fmt: skip
                parents = [self._scale]
            else:
                self._scale = _operator(self._shift, scale_identity_multiplier, scale_diag, scale_tril, scale_perturb_factor,
                                        scale_perturb_diag, validate_args)  # fmt: skip
                self._check_types()
                parents = self._scale.graph_parents + ([] if shift is None else [self._shift])
            super().__init__(forward_min_event_ndims=1, graph_parents=parents, is_constant_jacobian=True,
                             dtype=self._scale.dtype.base_dtype, validate_args=validate_args, name=name)  # fmt: skip

    def _forward(self, x):
        if not self._is_multiple:
            return super()._forward(x)
        return x * self._scale if self.shift is None else x * self._scale + self.shift

    def _inverse(self, y):
        if not self._is_multiple:
            return super()._inverse(y)
        return (y if self.shift is None else y - self.shift) / self._scale

    def _forward_log_det_jacobian(self, x):
        if not self._is_multiple:
            return super()._forward_log_det_jacobian(x)
        return tf.math.log(tf.abs(self._scale)) * tf.cast(tf.shape(x)[-1], self._scale.dtype)


def _multiplier(value, dtype, is_default, validate_args):
    value = convert(value, dtype) if is_default else convert(value, name="identity_multiplier")
    if not validate_args:
        return value
    check = tf.assert_none_equal(value, tf.zeros([], value.dtype), message="identity_multiplier should be non-zero.")
    return with_dependencies([check], value)


def _operator(shift, multiplier, diag, tril, factor, perturb_diag, validate_args):
    factor = None if factor is None else convert(factor, name="perturb_factor")
    perturb_diag = None if perturb_diag is None else convert(perturb_diag, name="perturb_diag")
    hint = None if factor is None else dimension_size(factor, -2)
    scale = make_tril_scale(loc=shift, scale_tril=tril, scale_diag=diag, scale_identity_multiplier=multiplier, shape_hint=hint,
                            validate_args=validate_args)  # fmt: skip
    if factor is None:
        return scale
    return tf.linalg.LinearOperatorLowRankUpdate(
        scale, u=factor, diag_update=perturb_diag, is_diag_update_positive=perturb_diag is None, is_non_singular=True,
        is_self_adjoint=True, is_positive_definite=True, is_square=True)  # fmt: skip


@export("contrib.distributions.bijectors.Permute")
class Permute(Bijector):
    """Permutes the elements of vectors.

    Args:
      permutation: an int vector: where each element of the image comes from.
      validate_args: whether arguments are checked by assertions.
      name: its name.

    Raises:
      TypeError: it has no ints.
      ValueError: it is known to be no permutation.
    """

    def __init__(self, permutation, validate_args=False, name=None):
        message = "Permutation over `d` must contain exactly one of each of `{0, 1, ..., d}`."
        with name_scope(name, "permute", values=[permutation]):
            permutation = convert(permutation, name="permutation")
            if not permutation.dtype.is_integer:
                raise TypeError("permutation.dtype (%s) should be `int`-like." % permutation.dtype.name)
            known = constant_value(permutation)
            if known is not None:
                if set(known) != set(np.arange(known.size)):
                    raise ValueError(message)
            elif validate_args:
                ordered = -tf.nn.top_k(-permutation, k=tf.shape(permutation)[-1], sorted=True)[0]
                check = tf.assert_equal(ordered, tf.range(tf.size(ordered)), message=message)
                permutation = with_dependencies([check], permutation)
            self._permutation = permutation
            super().__init__(forward_min_event_ndims=1, is_constant_jacobian=True, validate_args=validate_args,
                             name=name or "permute")  # fmt: skip

    permutation = property(lambda self: self._permutation)

    def _forward(self, x):
        return tf.gather(x, self.permutation, axis=-1)

    def _inverse(self, y):
        return tf.gather(y, tf.invert_permutation(self.permutation), axis=-1)

    def _forward_log_det_jacobian(self, x):
        return self._constant(0.0, x)

    _inverse_log_det_jacobian = _forward_log_det_jacobian


class _OfVectors(Bijector):
    """The base of bijectors of vectors whose images are vectors with `_longer` more elements."""

    _longer = 0

    def __init__(self, validate_args, name):
        super().__init__(forward_min_event_ndims=1, validate_args=validate_args, name=name)

    def _forward_event_shape(self, input_shape):
        if input_shape.ndims is None or input_shape.as_list()[-1] is None:
            return input_shape
        return TensorShape([input_shape.as_list()[-1] + self._longer])

    def _forward_event_shape_tensor(self, input_shape):
        return (input_shape[-1] + self._longer)[..., None]

    def _inverse_event_shape(self, output_shape):
        if output_shape.ndims is None or output_shape.as_list()[-1] is None:
            return output_shape
        length = output_shape.as_list()[-1]
        if length <= 1:
            raise ValueError("output_shape[-1] = %d <= 1" % length)
        return TensorShape([length - self._longer])

    def _inverse_event_shape_tensor(self, output_shape):
        if self.validate_args:
            check = tf.assert_greater(output_shape[-1], 1, message="Need last dimension greater than 1.")
            output_shape = with_dependencies([check], output_shape)
        return (output_shape[-1] - self._longer)[..., None]


@export("contrib.distributions.bijectors.Ordered")
class Ordered(_OfVectors):
    """Maps growing vectors to any: the first element stays, the others become logarithms of differences.

    Args:
      validate_args: whether arguments are checked by assertions.
      name: its name.
    """

    def __init__(self, validate_args=False, name="ordered"):
        super().__init__(validate_args, name)

    def _valid_x(self, x):
        if not self.validate_args:
            return x
        message = "Forward transformation input must be strictly increasing."
        return with_dependencies([tf.assert_positive(x[..., 1:] - x[..., :-1], message=message)], x)

    def _forward(self, x):
        x = self._valid_x(x)
        return tf.concat([x[..., 0, None], tf.math.log(x[..., 1:] - x[..., :-1])], axis=-1)

    def _inverse(self, y):
        return tf.cumsum(tf.concat([y[..., 0, None], tf.exp(y[..., 1:])], axis=-1), axis=-1)

    def _inverse_log_det_jacobian(self, y):
        return tf.reduce_sum(y[..., 1:], axis=-1)

    def _forward_log_det_jacobian(self, x):
        x = self._valid_x(x)
        return -tf.reduce_sum(tf.math.log(x[..., 1:] - x[..., :-1]), axis=-1)


@export("contrib.distributions.bijectors.SoftmaxCentered")
class SoftmaxCentered(_OfVectors):
    """The softmax of vectors to which a 0 is added at the end.

    Args:
      validate_args: whether arguments are checked by assertions.
      name: its name.
    """

    _longer = 1

    def __init__(self, validate_args=False, name="softmax_centered"):
        super().__init__(validate_args, name)

    def _forward(self, x):
        y = tf.concat([x, tf.zeros_like(x[..., :1])], axis=-1)
        if x.shape.ndims is not None:
            y.set_shape(x.shape[:-1].concatenate(x.shape.dims[-1] + 1))
        return tf.nn.softmax(y)

    def _inverse(self, y):
        x = tf.math.log(y)
        x = x[..., :-1] + (-x[..., -1])[..., None]
        if y.shape.ndims is not None:
            x.set_shape(y.shape[:-1].concatenate(y.shape.dims[-1] - 1))
        return x

    def _inverse_log_det_jacobian(self, y):
        return -tf.reduce_sum(tf.math.log(y), axis=-1)

    def _forward_log_det_jacobian(self, x):
        normalizer = tf.nn.softplus(tf.reduce_logsumexp(x, axis=-1, keepdims=True))
        return tf.squeeze(-normalizer + tf.reduce_sum(x - normalizer, axis=-1, keepdims=True), axis=-1)


@export("contrib.distributions.bijectors.Reshape")
class Reshape(Bijector):
    """Gives events another shape.

    Args:
      event_shape_out, event_shape_in: the shapes of the image and of what is mapped, int vectors; one size may be -1.
      validate_args: whether arguments are checked by assertions.
      name: its name.

    Raises:
      TypeError: a shape has no ints.
      ValueError: a shape is known to be none, or what is mapped has another one.
    """

    def __init__(self, event_shape_out, event_shape_in=(-1,), validate_args=False, name=None):
        with name_scope(name, "reshape", values=[event_shape_out, event_shape_in]):
            self._shape_out = tf.convert_to_tensor(event_shape_out, name="event_shape_out", preferred_dtype=dtypes.int32)
            self._shape_in = tf.convert_to_tensor(event_shape_in, name="event_shape_in", preferred_dtype=dtypes.int32)
            self._checks = [c for s in (self._shape_out, self._shape_in) for c in _checks_of_shape(s, validate_args)]
            super().__init__(forward_min_event_ndims=0, is_constant_jacobian=True, validate_args=validate_args,
                             name=name or "reshape")  # fmt: skip

    def _reshaped(self, x, shape_in, shape_out):
        ndims = shape_in.shape.as_list()[0] if shape_in.shape.ndims == 1 else None
        count = tf.size(shape_in) if ndims is None else ndims
        known, rank = constant_value(shape_in), x.shape.ndims
        is_known = ndims is not None and rank is not None and x.shape[rank - ndims :].is_fully_defined()
        if is_known and known is not None:
            own = np.array(x.shape.as_list()[rank - ndims :], np.int32)
            if not np.equal(own[known >= 0], known[known >= 0]).all():
                raise ValueError("Input `event_shape` does not match `event_shape_in` (%s vs %s)." % (own, known))
        elif self.validate_args:
            own = tf.shape(x)[tf.rank(x) - count :]
            where = tf.reshape(shape_in >= 0, [-1])
            message = "Input `event_shape` does not match `event_shape_in`."
            x = with_dependencies(
                [tf.assert_equal(tf.boolean_mask(own, where), tf.boolean_mask(shape_in, where), message=message)], x
            )
        outer = tf.shape(x)[: (tf.rank(x) if rank is None else rank) - count]
        return tf.reshape(x, shape_out if ndims is not None and ndims == rank else tf.concat([outer, shape_out], axis=0))

    def _forward(self, x):
        with control_dependencies(self._checks):
            return self._reshaped(x, self._shape_in, self._shape_out)

    def _inverse(self, y):
        with control_dependencies(self._checks):
            return self._reshaped(y, self._shape_out, self._shape_in)

    def _forward_log_det_jacobian(self, x):
        with control_dependencies(self._checks):
            return self._constant(0.0, x)

    _inverse_log_det_jacobian = _forward_log_det_jacobian

    def _forward_event_shape(self, input_shape):
        return self.forward(tf.zeros(input_shape, dtypes.float32)).shape

    def _inverse_event_shape(self, output_shape):
        return self.inverse(tf.zeros(output_shape, dtypes.float32)).shape

    def _forward_event_shape_tensor(self, input_shape):
        return tf.shape(self.forward(tf.zeros(input_shape, dtypes.float32)))

    def _inverse_event_shape_tensor(self, output_shape):
        return tf.shape(self.inverse(tf.zeros(output_shape, dtypes.float32)))


def _checks_of_shape(shape, validate_args):
    """Assertions that something is a shape; raises ValueError where it is known to be none."""
    if not shape.dtype.is_integer:
        raise TypeError("%s dtype (%s) should be `int`-like." % (shape, shape.dtype.name))
    checks = []
    if shape.shape.ndims is not None:
        if shape.shape.ndims > 1:
            raise ValueError("`%s` rank (%s) should be <= 1." % (shape, shape.shape.ndims))
    elif validate_args:
        checks.append(tf.assert_less_equal(tf.rank(shape), 1, message="`%s` rank should be <= 1." % (shape,)))
    known = constant_value(shape)
    if validate_args and (known is None or (known < 0).any()):
        minus_ones = tf.reduce_sum(tf.cast(tf.equal(shape, -1), dtypes.int32))
        checks.append(tf.assert_less_equal(minus_ones, 1, message="`%s` elements must have at most one `-1`." % (shape,)))
        message = "`%s` elements must be either positive integers or `-1`." % (shape,)
        checks.append(tf.assert_greater_equal(shape, -1, message=message))
    return [c for c in checks if c is not None]
