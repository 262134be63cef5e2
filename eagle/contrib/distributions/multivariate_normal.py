"""`tf.contrib.distributions.MultivariateNormalDiag` and the like: normal distributions of vectors."""

from ...core.convert import convert
from ...core.export import export, public as tf
from ...core.scopes import name_scope
from ...distributions.divergence import RegisterKL
from ...distributions.location_scale import Normal
from ...distributions.transformed import TransformedDistribution
from ...ops.flow import with_dependencies
from .bijectors.vectors import AffineLinearOperator
from .scales import dimension_size, is_diagonal, make_diag_scale, shapes_from_loc_and_scale


@export("contrib.distributions.MultivariateNormalLinearOperator")
class MultivariateNormalLinearOperator(TransformedDistribution):
    """The normal distribution of vectors with mean `loc` and covariances `scale scale'`.

    Args:
      loc: a tensor, or None for zeros.
      scale: a `tf.linalg.LinearOperator`.
      validate_args: whether arguments are checked by assertions.
      allow_nan_stats: whether statistics that are not defined are not a number.
      name: its name.

    Raises:
      ValueError: the scale is missing.
      TypeError: it has no floats.
    """

    def __init__(self, loc=None, scale=None, validate_args=False, allow_nan_stats=True, name="MultivariateNormalLinearOperator"):
        parameters = dict(locals())
        if scale is None:
            raise ValueError("Missing required `scale` parameter.")
        if not scale.dtype.is_floating:
            raise TypeError("`scale` parameter must have floating-point dtype.")
        with name_scope(name, values=[loc, *scale.graph_parents]) as name:
            loc = None if loc is None else convert(loc, name="loc")
            batch_shape, event_shape = shapes_from_loc_and_scale(loc, scale)
        super().__init__(
            distribution=Normal(loc=tf.zeros([], dtype=scale.dtype), scale=tf.ones([], dtype=scale.dtype)),
            bijector=AffineLinearOperator(shift=loc, scale=scale, validate_args=validate_args), batch_shape=batch_shape,
            event_shape=event_shape, validate_args=validate_args, name=name,
        )  # fmt: skip
        self._parameters, self._allow_nan_stats = parameters, allow_nan_stats

    loc = property(lambda self: self.bijector.shift)
    scale = property(lambda self: self.bijector.scale)

    def _mean(self):
        shape = self.batch_shape.concatenate(self.event_shape)
        if not shape.is_fully_defined():
            shape = tf.concat([self.batch_shape_tensor(), self.event_shape_tensor()], 0)
        elif self.loc is not None and shape == self.loc.shape:
            return tf.identity(self.loc)
        return tf.zeros(shape, self.dtype) if self.loc is None else tf.identity(self.loc) + tf.zeros(shape, self.dtype)

    _mode = _mean

    def _covariance(self):
        if is_diagonal(self.scale):
            return tf.matrix_diag(tf.square(self.scale.diag_part()))
        return self.scale.matmul(self.scale.to_dense(), adjoint_arg=True)

    def _variance(self):
        if is_diagonal(self.scale):
            return tf.square(self.scale.diag_part())
        return tf.matrix_diag_part(self._covariance())

    def _stddev(self):
        return tf.abs(self.scale.diag_part()) if is_diagonal(self.scale) else tf.sqrt(self._variance())


@RegisterKL(MultivariateNormalLinearOperator, MultivariateNormalLinearOperator)
def _divergence(a, b, name=None):
    def sum_of_squares(x):
        return tf.reduce_sum(tf.square(x), axis=[-2, -1])

    with name_scope(name, "kl_mvn", values=[a.loc, b.loc, *a.scale.graph_parents, *b.scale.graph_parents]):
        if is_diagonal(a.scale) and is_diagonal(b.scale):
            quotient = (a.stddev() / b.stddev())[..., None]
        else:
            quotient = b.scale.solve(a.scale.to_dense())
        between = b.scale.solve((b.mean() - a.mean())[..., None])
        size = tf.cast(a.scale.domain_dimension_tensor(), a.dtype)
        determinants = b.scale.log_abs_determinant() - a.scale.log_abs_determinant()
        found = determinants + 0.5 * (-size + sum_of_squares(quotient) + sum_of_squares(between))
        found.set_shape(tf.broadcast_static_shape(a.batch_shape, b.batch_shape))
        return found


@export("contrib.distributions.MultivariateNormalDiag")
class MultivariateNormalDiag(MultivariateNormalLinearOperator):
    """The normal distribution of vectors whose elements are independent.

    Args:
      loc: the mean, or None for zeros.
      scale_diag: the standard deviations, or None.
      scale_identity_multiplier: what is added to all of them, or None.
      validate_args, allow_nan_stats, name: as of `MultivariateNormalLinearOperator`.

    Raises:
      ValueError: nothing says how long the vectors are.
    """

    def __init__(self, loc=None, scale_diag=None, scale_identity_multiplier=None, validate_args=False, allow_nan_stats=True,
                 name="MultivariateNormalDiag"):  # fmt: skip
        parameters = dict(locals())
        with name_scope(name) as name, name_scope("init", values=[loc, scale_diag, scale_identity_multiplier]):
            scale = make_diag_scale(loc, scale_diag, scale_identity_multiplier)
        super().__init__(loc=loc, scale=scale, validate_args=validate_args, allow_nan_stats=allow_nan_stats, name=name)
        self._parameters = parameters


@export("contrib.distributions.MultivariateNormalDiagWithSoftplusScale")
class MultivariateNormalDiagWithSoftplusScale(MultivariateNormalDiag):
    """`MultivariateNormalDiag` whose standard deviations are the softplus of a tensor.

    Args:
      loc, scale_diag, validate_args, allow_nan_stats, name: as of `MultivariateNormalDiag`.
    """

    def __init__(self, loc, scale_diag, validate_args=False, allow_nan_stats=True, name="MultivariateNormalDiagWithSoftplusScale"):
        parameters = dict(locals())
        with name_scope(name, values=[scale_diag]) as name:
            super().__init__(loc=loc, scale_diag=tf.nn.softplus(scale_diag), validate_args=validate_args,
                             allow_nan_stats=allow_nan_stats, name=name)  # fmt: skip
        self._parameters = parameters


@export("contrib.distributions.MultivariateNormalDiagPlusLowRank")
class MultivariateNormalDiagPlusLowRank(MultivariateNormalLinearOperator):
    """The normal distribution of vectors whose scale is a diagonal matrix and `V D V'`.

    Args:
      loc, scale_diag, scale_identity_multiplier: as of `MultivariateNormalDiag`.
      scale_perturb_factor, scale_perturb_diag: V and the diagonal of D, or None.
      validate_args, allow_nan_stats, name: as of `MultivariateNormalLinearOperator`.

    Raises:
      ValueError: nothing says how long the vectors are.
    """

    def __init__(self, loc=None, scale_diag=None, scale_identity_multiplier=None, scale_perturb_factor=None,
                 scale_perturb_diag=None, validate_args=False, allow_nan_stats=True,
                 name="MultivariateNormalDiagPlusLowRank"):  # fmt: skip
        parameters = dict(locals())
        given = [loc, scale_diag, scale_identity_multiplier, scale_perturb_factor, scale_perturb_diag]
        with name_scope(name) as name, name_scope("init", values=given):
            has_more = scale_perturb_factor is not None or scale_perturb_diag is not None
            scale = make_diag_scale(loc, scale_diag, scale_identity_multiplier, None, validate_args, has_more)
            if has_more:
                diagonal = None if scale_perturb_diag is None else convert(scale_perturb_diag, name="scale_perturb_diag")
                scale = tf.linalg.LinearOperatorLowRankUpdate(
                    scale, u=convert(scale_perturb_factor, name="scale_perturb_factor"), diag_update=diagonal,
                    is_diag_update_positive=diagonal is None, is_non_singular=True, is_self_adjoint=True,
                    is_positive_definite=True, is_square=True)  # fmt: skip
        super().__init__(loc=loc, scale=scale, validate_args=validate_args, allow_nan_stats=allow_nan_stats, name=name)
        self._parameters = parameters


@export("contrib.distributions.MultivariateNormalTriL")
class MultivariateNormalTriL(MultivariateNormalLinearOperator):
    """The normal distribution of vectors whose scale is a lower triangular matrix.

    Args:
      loc: the mean, or None for zeros.
      scale_tril: the matrix, or None for the identity.
      validate_args, allow_nan_stats, name: as of `MultivariateNormalLinearOperator`.

    Raises:
      ValueError: both are missing.
    """

    def __init__(self, loc=None, scale_tril=None, validate_args=False, allow_nan_stats=True, name="MultivariateNormalTriL"):
        parameters = dict(locals())
        if loc is None and scale_tril is None:
            raise ValueError("Must specify one or both of `loc`, `scale_tril`.")
        with name_scope(name) as name, name_scope("init", values=[loc, scale_tril]):
            loc = None if loc is None else convert(loc, name="loc")
            if scale_tril is None:
                scale = tf.linalg.LinearOperatorIdentity(num_rows=dimension_size(loc, -1), dtype=loc.dtype, is_self_adjoint=True,
                                                         is_positive_definite=True, assert_proper_shapes=validate_args)  # fmt: skip
            else:
                scale = tf.linalg.LinearOperatorLowerTriangular(convert(scale_tril, name="scale_tril"), is_non_singular=True,
                                                                is_self_adjoint=False, is_positive_definite=False)  # fmt: skip
        super().__init__(loc=loc, scale=scale, validate_args=validate_args, allow_nan_stats=allow_nan_stats, name=name)
        self._parameters = parameters


@export("contrib.distributions.MultivariateNormalFullCovariance")
class MultivariateNormalFullCovariance(MultivariateNormalTriL):
    """The normal distribution of vectors with covariances.

    Args:
      loc: the mean, or None for zeros.
      covariance_matrix: the covariances, or None for the identity.
      validate_args, allow_nan_stats, name: as of `MultivariateNormalLinearOperator`.

    Raises:
      ValueError: both are missing.
    """

    def __init__(self, loc=None, covariance_matrix=None, validate_args=False, allow_nan_stats=True,
                 name="MultivariateNormalFullCovariance"):  # fmt: skip
        parameters = dict(locals())
        with name_scope(name) as name, name_scope("init", values=[loc, covariance_matrix]):
            scale_tril = None
            if covariance_matrix is not None:
                matrix = convert(covariance_matrix, name="covariance_matrix")
                if validate_args:
                    check = tf.debugging.assert_near(matrix, tf.matrix_transpose(matrix), message="Matrix was not symmetric")
                    matrix = with_dependencies([check], matrix)
                scale_tril = tf.cholesky(matrix)
            super().__init__(loc=loc, scale_tril=scale_tril, validate_args=validate_args, allow_nan_stats=allow_nan_stats,
                             name=name)  # fmt: skip
        self._parameters = parameters
