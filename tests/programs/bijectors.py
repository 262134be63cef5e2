"""Bijectors, and the distributions that they make of others."""

import numpy as np

X = np.array([[-1.5, 0.25, 0.75], [0.5, 1.25, 2.0]], "f")
POSITIVE = np.array([[0.25, 0.5, 0.75], [0.1, 0.9, 0.4]], "f")
LOWER = np.array([[1.5, 0, 0], [0.5, 2.0, 0], [-0.25, 0.75, 0.5]], "f")


def _error(function):
    try:
        function()
    except Exception as e:
        return "%s: %s" % (type(e).__name__, str(e)[:50])


def _all(tf, make, x, ndims=0, y=None):
    """Everything that a bijector computes of a value, and of its image."""
    b = make()
    x = tf.constant(x)
    y = b.forward(x) if y is None else tf.constant(y)
    found = {"forward": b.forward(tf.identity(x)), "inverse": make().inverse(tf.identity(y)), "back": b.inverse(y)}
    for n in (ndims, ndims + 1):
        found["fldj%d" % n] = make().forward_log_det_jacobian(x, event_ndims=n)
        found["ildj%d" % n] = make().inverse_log_det_jacobian(tf.identity(y), event_ndims=n)
    with tf.Session() as session:
        out = session.run(found)
    shapes = [b.forward_event_shape(x.shape[1:]).as_list(), b.inverse_event_shape(y.shape[1:]).as_list()]
    return {**{k: out[k] for k in sorted(out)}, "name": b.name, "constant": b.is_constant_jacobian, "shapes": shapes,
            "ndims": [b.forward_min_event_ndims, b.inverse_min_event_ndims]}  # fmt: skip


def scalars(tf):
    b = tf.contrib.distributions.bijectors
    makers = {
        "identity": (b.Identity, X),
        "affine scalar": (lambda: b.AffineScalar(shift=1.0, scale=[2.0, -0.5, 3.0], validate_args=True), X),
        "exp": (b.Exp, X),
        "power": (lambda: b.PowerTransform(power=0.5, validate_args=True), X),
        "gumbel": (lambda: b.Gumbel(loc=0.5, scale=2.0, validate_args=True), X),
        "kumaraswamy": (lambda: b.Kumaraswamy(concentration1=2.0, concentration0=0.5, validate_args=True), POSITIVE),
        "sigmoid": (b.Sigmoid, X),
        "sinh": (lambda: b.SinhArcsinh(skewness=0.25, tailweight=1.5, validate_args=True), X),
        "softplus": (b.Softplus, X),
        "softer": (lambda: b.Softplus(hinge_softness=2.0, validate_args=True), X),
        "softsign": (lambda: b.Softsign(validate_args=True), X),
        "square": (lambda: b.Square(validate_args=True), POSITIVE),
        "invert": (lambda: b.Invert(b.Softplus()), POSITIVE),
        "chain": (lambda: b.Chain([b.Exp(), b.AffineScalar(shift=0.5, scale=2.0), b.Softplus()]), X),
        "no chain": (b.Chain, X),
    }
    out = {name: _all(tf, make, x) for name, (make, x) in makers.items()}
    inline = b.Inline(
        forward_fn=tf.exp, inverse_fn=tf.log, inverse_log_det_jacobian_fn=lambda y: -tf.log(y), forward_min_event_ndims=0
    )
    out["inline"] = _all(tf, lambda: inline, X)
    absolute = b.AbsoluteValue(validate_args=True)
    with tf.Session() as session:
        y = tf.constant(POSITIVE)
        out["absolute"] = session.run(
            [absolute.forward(X), absolute.inverse(y), absolute.inverse_log_det_jacobian(y, event_ndims=1)]
        )
    return out


def vectors(tf):
    b, linalg = tf.contrib.distributions.bijectors, tf.linalg
    diag = lambda: linalg.LinearOperatorDiag([[1.0, 2.0, 3.0], [2.0, 0.5, 1.0]], is_non_singular=True)
    makers = {
        "operator": (lambda: b.AffineLinearOperator(shift=[1.0, 2.0, 3.0], scale=diag(), validate_args=True), X),
        "shift": (lambda: b.AffineLinearOperator(shift=[1.0, 2.0, 3.0]), X),
        "affine": (lambda: b.Affine(shift=[1.0, 2.0, 3.0]), X),
        "multiple": (lambda: b.Affine(shift=[1.0, 2.0, 3.0], scale_identity_multiplier=2.0, validate_args=True), X),
        "diag": (lambda: b.Affine(scale_diag=[1.0, 2.0, 3.0], scale_identity_multiplier=2.0), X),
        "tril": (lambda: b.Affine(shift=[1.0, 2.0, 3.0], scale_tril=LOWER, scale_diag=[0.5, 0.5, 0.25]), X),
        "low rank": (
            lambda: b.Affine(scale_diag=[1.0, 2.0, 3.0], scale_perturb_factor=[[1.0], [0.5], [2.0]], scale_perturb_diag=[2.0]),
            X,
        ),
        "permute": (lambda: b.Permute([2, 0, 1]), X),
        "ordered": (lambda: b.Ordered(validate_args=True), X),
        "centered": (b.SoftmaxCentered, X),
        "inverse": (lambda: b.Invert(b.SoftmaxCentered()), POSITIVE / POSITIVE.sum(1, keepdims=True)),
        "chain": (lambda: b.Chain([b.Permute([1, 2, 0]), b.Affine(scale_tril=LOWER), b.Softplus()]), X),
    }
    out = {name: _all(tf, make, x, 1) for name, (make, x) in makers.items()}
    reshape = b.Reshape([2, 3], [6])
    with tf.Session() as session:
        x = np.arange(12, dtype="f").reshape(2, 6)
        y = reshape.forward(x)
        out["reshape"] = session.run([y, reshape.inverse(tf.identity(y)), reshape.forward_log_det_jacobian(x, event_ndims=1)])
    out["errors"] = [
        _error(lambda: b.Permute([0, 0, 1])), _error(lambda: b.Affine(scale_perturb_diag=[1.0])),
        _error(lambda: b.Reshape([-1, -1])),
        _error(lambda: b.PowerTransform(-1.0)), _error(lambda: b.Invert(b.AbsoluteValue())),
        _error(lambda: b.Softplus().forward_log_det_jacobian(X, event_ndims=-1)), _error(lambda: b.Exp().forward("a")),
        _error(lambda: b.SoftmaxCentered().forward_log_det_jacobian(X, event_ndims=0)),
    ]  # fmt: skip
    return out


def matrices(tf):
    d = tf.contrib.distributions
    b, out = d.bijectors, {}
    stack = np.stack([LOWER, LOWER + np.diag([1.0, 2.0, 3.0]).astype("f")])
    out["inverse"] = _all(tf, lambda: b.MatrixInverseTriL(validate_args=True), stack, 2)
    out["cholesky"] = _all(tf, lambda: b.CholeskyOuterProduct(validate_args=True), stack, 2)
    out["diagonal"] = _all(tf, lambda: b.TransformDiagonal(b.Exp()), stack, 2)
    vector = np.arange(1, 13, dtype="f").reshape(2, 6) / 8
    with tf.Session() as session:
        for upper in (False, True):
            fill = b.FillTriangular(upper=upper)
            y = fill.forward(vector)
            found = [y, fill.inverse(tf.identity(y)), fill.forward_log_det_jacobian(vector, event_ndims=1),
                     d.fill_triangular(vector, upper), d.fill_triangular_inverse(y, upper)]  # fmt: skip
            out["fill %s" % upper] = session.run(found), fill.forward_event_shape([6]).as_list()
        scale = b.ScaleTriL()
        y = scale.forward(vector)
        out["scale"] = session.run([y, scale.inverse(tf.identity(y)), scale.forward_log_det_jacobian(vector, event_ndims=1)])
    return out


def transformed(tf):
    d, out = tf.contrib.distributions, {}
    b = d.bijectors
    makers = {
        "log normal": lambda: d.TransformedDistribution(d.Normal([0.5, 1.0], 2.0), b.Exp(), name="LogNormal"),
        "shapes": lambda: d.TransformedDistribution(
            d.Normal(0.0, 1.0), b.Affine(shift=[1.0, 2.0]), batch_shape=[3], event_shape=[2]
        ),
        "event": lambda: d.TransformedDistribution(
            d.Normal([0.0, 1.0], 1.0), b.Affine(scale_diag=[1.0, 2.0, 3.0]), event_shape=[3]
        ),
        "folded": lambda: d.TransformedDistribution(d.Normal(0.5, 1.0), b.AbsoluteValue()),
        "plain": lambda: d.TransformedDistribution(d.Normal(0.5, 1.0)),
    }
    for name, make in makers.items():
        made = make()
        with tf.Session() as session:
            shape = made.batch_shape.concatenate(made.event_shape).as_list()
            y = np.linspace(0.25, 2.0, int(np.prod(shape)), dtype="f").reshape(shape)
            found = {
                "log_prob": made.log_prob(y),
                "prob": made.prob(y),
                "batch": made.batch_shape_tensor(),
                "event": made.event_shape_tensor(),
            }
            for kind in ("cdf", "log_cdf", "survival_function", "log_survival_function", "quantile"):
                try:
                    found[kind] = getattr(made, kind)(0.5)
                except NotImplementedError as e:
                    out[name + " " + kind] = str(e)
            out[name] = {k: session.run(found[k]) for k in sorted(found)}
            samples = made.sample([4, 2], seed=3)
            out[name + " sample"] = [samples.shape.as_list(), made.name, made.dtype.name, session.run(samples)]
            try:
                out[name + " entropy"] = session.run(made.entropy())
            except NotImplementedError as e:
                out[name + " entropy"] = str(e)
    out["errors"] = [_error(lambda: d.TransformedDistribution(d.Normal([0.0], 1.0), batch_shape=[2])),
                     _error(lambda: d.TransformedDistribution(d.Normal(0.0, 1.0), batch_shape=[0]))]  # fmt: skip
    return out


def multivariate_normals(tf):
    d, out = tf.contrib.distributions, {}
    loc, diag = [1.0, 2.0, 3.0], [[0.5, 1.0, 2.0], [1.0, 3.0, 0.25]]
    covariance = LOWER.dot(LOWER.T)
    makers = {
        "diag": lambda: d.MultivariateNormalDiag(loc, diag),
        "multiple": lambda: d.MultivariateNormalDiag(loc, scale_identity_multiplier=2.0),
        "loc": lambda: d.MultivariateNormalDiag([loc, loc]),
        "no loc": lambda: d.MultivariateNormalDiag(scale_diag=diag),
        "softplus": lambda: d.MultivariateNormalDiagWithSoftplusScale(loc, diag),
        "tril": lambda: d.MultivariateNormalTriL(loc, LOWER),
        "full": lambda: d.MultivariateNormalFullCovariance(loc, covariance, validate_args=True),
        "low rank": lambda: d.MultivariateNormalDiagPlusLowRank(loc, [1.0, 2.0, 3.0], scale_perturb_factor=[[1.0], [0.5], [2.0]]),
    }
    made = {name: make() for name, make in makers.items()}
    with tf.Session() as session:
        for name, m in made.items():
            x = np.array([[0.5, 1.5, 2.5], [3.0, 2.0, 1.0]], "f")
            found = {
                "log_prob": m.log_prob(x),
                "prob": m.prob(x),
                "mean": m.mean(),
                "mode": m.mode(),
                "variance": m.variance(),
                "stddev": m.stddev(),
                "covariance": m.covariance(),
                "entropy": m.entropy(),
                "scale": m.scale.to_dense(),
            }
            found = {**found, "sample": m.sample(2, seed=1)}
            found = {**found, "kl": m.kl_divergence(made["tril"]), "from": made["diag"].kl_divergence(m)}  # fmt: skip
            out[name] = {k: session.run(found[k]) for k in sorted(found)}
            out[name + " text"] = str(m), sorted(m.parameters)
    out["errors"] = [
        _error(d.MultivariateNormalDiag),
        _error(d.MultivariateNormalTriL),
        _error(lambda: d.MultivariateNormalDiag([1.0, 2.0], loc)),
    ]
    return out


def percentiles(tf):
    d = tf.contrib.distributions
    x = np.array([[4.0, 1.0, 3.0, 7.0], [2.0, 9.0, 5.0, 6.0], [8.0, 0.0, 10.0, 11.0]], "f")
    found = {}
    for q in (0.0, 30.0, 50.0, 77.0, 100.0):
        for how in (None, "lower", "higher", "nearest"):
            for axis in (None, 0, [1], [-1, 0]):
                found["%s %s %s" % (q, how, axis)] = d.percentile(x, q, axis=axis, interpolation=how, keep_dims=how is None)
    with tf.Session() as session:
        out = session.run(found)
    return {**{k: out[k] for k in sorted(out)}, "bad": _error(lambda: d.percentile(x, 1.0, axis=5))}


for _program in (scalars, vectors, matrices, transformed, multivariate_normals):
    _program.rtol = 2e-5
del _program
