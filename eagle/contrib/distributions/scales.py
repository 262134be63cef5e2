"""Linear operators as scales of distributions of vectors."""

from ...core.convert import convert
from ...core.export import export, public as tf
from ...core.scopes import name_scope
from ...core.static_values import constant_value
from ...ops.flow import with_dependencies


def _tensor(x, name):
    return None if x is None else convert(x, name=name)


def dimension_size(x, axis):
    """The size of a dimension of a tensor, an int if it is known."""
    known = x.shape.as_list()[axis] if x.shape.ndims is not None else None
    return tf.shape(x)[axis] if known is None else known


def _checked(x, diagonal, validate_args, assert_positive):
    """A tensor that waits for assertions about a diagonal, if arguments are checked."""
    if not validate_args:
        return x
    if assert_positive:
        check = tf.assert_positive(diagonal, message="diagonal part must be positive")
    else:
        check = tf.assert_none_equal(diagonal, tf.zeros([], x.dtype), message="diagonal part must be non-zero")
    return with_dependencies([check], x)


@export("contrib.distributions.python.ops.distribution_util.make_tril_scale")
def make_tril_scale(loc=None, scale_tril=None, scale_diag=None, scale_identity_multiplier=None, shape_hint=None,
                    validate_args=False, assert_positive=False, name=None):  # fmt: skip
    """The sum of a lower triangular matrix, a diagonal one and a multiple of the identity, as a linear operator.

    Args:
      loc: a tensor whose last dimension says how large the matrix is, if nothing else does.
      scale_tril, scale_diag, scale_identity_multiplier: the matrix, the diagonal, the factor, or None.
      shape_hint: how large the matrix is, if nothing else says it.
      validate_args: whether it is asserted that the diagonal is not 0.
      assert_positive: whether it must be positive.
      name: the name scope of the nodes.

    Raises:
      ValueError: nothing says how large the matrix is.
    """
    with name_scope(name, "make_tril_scale", values=[loc, scale_diag, scale_identity_multiplier]):
        loc, scale_tril, scale_diag = _tensor(loc, "loc"), _tensor(scale_tril, "scale_tril"), _tensor(scale_diag, "scale_diag")
        scale_identity_multiplier = _tensor(scale_identity_multiplier, "scale_identity_multiplier")
    if scale_tril is None:
        return make_diag_scale(loc, scale_diag, scale_identity_multiplier, shape_hint, validate_args, assert_positive, name)
    scale_tril = tf.matrix_band_part(scale_tril, -1, 0)
    diagonal = tf.matrix_diag_part(scale_tril)
    if scale_diag is not None:
        diagonal += scale_diag
    if scale_identity_multiplier is not None:
        diagonal += scale_identity_multiplier[..., None]
    scale_tril = tf.matrix_set_diag(scale_tril, diagonal)
    return tf.linalg.LinearOperatorLowerTriangular(
        tril=_checked(scale_tril, tf.matrix_diag_part(scale_tril) if validate_args else None, validate_args, assert_positive),
        is_non_singular=True, is_self_adjoint=False, is_positive_definite=assert_positive)  # fmt: skip


@export("contrib.distributions.python.ops.distribution_util.make_diag_scale")
def make_diag_scale(loc=None, scale_diag=None, scale_identity_multiplier=None, shape_hint=None, validate_args=False,
                    assert_positive=False, name=None):  # fmt: skip
    """The sum of a diagonal matrix and a multiple of the identity, as a linear operator; see `make_tril_scale`."""
    with name_scope(name, "make_diag_scale", values=[loc, scale_diag, scale_identity_multiplier]):
        loc, scale_diag = _tensor(loc, "loc"), _tensor(scale_diag, "scale_diag")
        factor = _tensor(scale_identity_multiplier, "scale_identity_multiplier")
        if scale_diag is not None:
            if factor is not None:
                scale_diag += factor[..., None]
            return tf.linalg.LinearOperatorDiag(
                diag=_checked(scale_diag, scale_diag, validate_args, assert_positive), is_non_singular=True, is_self_adjoint=True,
                is_positive_definite=assert_positive)  # fmt: skip
        if loc is None and shape_hint is None:
            raise ValueError("Cannot infer `event_shape` unless `loc` or `shape_hint` is specified.")
        size = dimension_size(loc, -1) if shape_hint is None else shape_hint
        if factor is None:
            return tf.linalg.LinearOperatorIdentity(num_rows=size, dtype=loc.dtype.base_dtype, is_self_adjoint=True,
                                                    is_positive_definite=True, assert_proper_shapes=validate_args)  # fmt: skip
        return tf.linalg.LinearOperatorScaledIdentity(
            num_rows=size, multiplier=_checked(factor, factor, validate_args, assert_positive), is_non_singular=True,
            is_self_adjoint=True, is_positive_definite=assert_positive, assert_proper_shapes=validate_args)  # fmt: skip


@export("contrib.distributions.python.ops.distribution_util.shapes_from_loc_and_scale")
def shapes_from_loc_and_scale(loc, scale, name="shapes_from_loc_and_scale"):
    """The shapes of the batch and of one draw of a distribution with this mean and this linear operator as scale.

    Raises:
      ValueError: they don't fit.
    """
    with name_scope(name, values=[loc, *scale.graph_parents]):
        size = scale.range_dimension_tensor()
        known = constant_value(size)
        event_shape = size[None] if known is None else known.reshape([1])
        batch_shape = scale.batch_shape_tensor()
        found = constant_value(batch_shape)
        batch_shape = batch_shape if found is None else found
        if loc is None:
            return batch_shape, event_shape
        own = loc.shape.as_list()[-1] if loc.shape.ndims is not None else None
        if own is not None and known is not None and own not in (1, known):
            raise ValueError("Event size of 'scale' (%d) could not be broadcast up to that of 'loc' (%d)." % (own, known))
        outer = loc.shape.with_rank_at_least(1)[:-1] if loc.shape.ndims is not None else None
        outer = outer.as_list() if outer is not None and outer.is_fully_defined() else tf.shape(loc)[:-1]
        if isinstance(outer, list) and found is not None:
            return tf.broadcast_static_shape(tf.TensorShape(outer), tf.TensorShape(found.tolist())).as_list(), event_shape
        return tf.broadcast_dynamic_shape(
            tf.convert_to_tensor(batch_shape, tf.int32), tf.convert_to_tensor(outer, tf.int32)
        ), event_shape


def is_diagonal(scale):
    """Whether a linear operator is a diagonal matrix by its kind; raises TypeError for anything else."""
    if not isinstance(scale, tf.linalg.LinearOperator):
        raise TypeError("Expected argument 'scale' to be instance of LinearOperator. Found: %s" % (scale,))
    linalg = tf.linalg
    return isinstance(scale, linalg.LinearOperatorIdentity | linalg.LinearOperatorScaledIdentity | linalg.LinearOperatorDiag)
