"""Distributions of `tf.contrib.distributions`."""

import numpy as np

STATISTICS = ("entropy", "mean", "mode", "stddev", "variance", "covariance")
FUNCTIONS = ("prob", "log_prob", "cdf", "log_cdf", "survival_function", "log_survival_function", "quantile")


def _error(function):
    try:
        function()
    except Exception as e:
        return "%s: %s" % (type(e).__name__, str(e)[:60])


def _all(tf, make, x, samples=True):
    """Everything that a distribution computes."""
    d, out, found = make(), {}, {}
    for name in STATISTICS + FUNCTIONS:
        try:
            found[name] = getattr(d, name)(*([] if name in STATISTICS else [np.float32(0.3) if name == "quantile" else x]))
        except NotImplementedError as e:
            out["no " + name] = str(e)
    found["batch"], found["event"] = d.batch_shape_tensor(), d.event_shape_tensor()
    if samples:
        found["sample"] = d.sample([3, 2], seed=5)
    with tf.Session() as session:
        values = session.run(found)
    out.update({k: values[k] for k in sorted(values)})
    # TensorFlow lists an argument of a base class, too, which `copy` then fails at.
    out["text"] = [
        str(d),
        d.name,
        sorted(set(d.parameters) - {"is_vector"}),
        str(d.reparameterization_type),
        d.batch_shape.as_list(),
        d.event_shape.as_list(),
    ]
    return out


def numbers(tf):
    d = tf.contrib.distributions
    x = np.array([0.5, 1.5, 2.25], "f")
    makers = {
        "cauchy": lambda: d.Cauchy([0.5, 1.0, 2.0], 2.0, validate_args=True),
        "logistic": lambda: d.Logistic([0.5, 1.0, 2.0], [2.0, 1.0, 0.5]),
        "half normal": lambda: d.HalfNormal([0.5, 1.0, 2.0], validate_args=True),
        "inverse gamma": lambda: d.InverseGamma([2.5, 3.0, 1.5], 2.0, validate_args=True),
        "softplus": lambda: d.InverseGammaWithSoftplusConcentrationRate(2.5, [2.0, 3.0, 1.0]),
        "chi2": lambda: d.Chi2([3.0, 4.0, 5.0], validate_args=True),
        "abs": lambda: d.Chi2WithAbsDf([-3.5, 4.0, 5.0]),
        "deterministic": lambda: d.Deterministic([0.5, 1.0, 2.0], atol=0.1, rtol=0.1, validate_args=True),
    }
    out = {name: _all(tf, make, x) for name, make in makers.items()}
    out["cauchy mean"] = _error(d.Cauchy(0.0, 1.0, allow_nan_stats=False).mean)
    return out


def counts(tf):
    d = tf.contrib.distributions
    x = np.array([0.0, 2.0, 3.0], "f")
    makers = {
        "poisson": lambda: d.Poisson([0.5, 1.0, 2.0], validate_args=True),
        "log poisson": lambda: d.Poisson(log_rate=[0.5, 1.0, 2.0]),
        "geometric": lambda: d.Geometric(probs=[0.5, 0.1, 0.4], validate_args=True),
        "logits": lambda: d.Geometric(logits=[0.5, -1.0, -0.5]),
        "negative binomial": lambda: d.NegativeBinomial([2.0, 3.0, 0.5], probs=[0.5, 0.1, 0.9], validate_args=True),
    }
    out = {name: _all(tf, make, x) for name, make in makers.items()}
    out["binomial"] = _all(tf, lambda: d.Binomial([4.0, 5.0, 6.0], probs=[0.5, 0.1, 0.9], validate_args=True), x, samples=False)
    out["errors"] = [_error(d.Poisson), _error(lambda: d.Poisson(1)), _error(lambda: d.Poisson(log_rate=[1]))]
    return out


def joint(tf):
    d = tf.contrib.distributions
    x = np.array([[0.5, 1.5, 2.25], [1.0, 2.0, 3.0]], "f")
    normal = d.Normal(x, [0.5, 1.0, 2.0])
    one_hot = np.array([[0, 1, 0], [1, 0, 0]], "f")
    makers = {
        "independent": (lambda: d.Independent(normal), x + 0.5),
        "all": (lambda: d.Independent(normal, reinterpreted_batch_ndims=2), x + 0.5),
        "vector": (lambda: d.VectorDeterministic(x, atol=0.2, validate_args=True), x + 0.1),
        "one hot": (lambda: d.OneHotCategorical(probs=[[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]], dtype=tf.float32), one_hot),
        "one hot logits": (lambda: d.OneHotCategorical(logits=[0.2, 0.3, 0.5], dtype=tf.float32), one_hot),
    }
    out = {name: _all(tf, make, value) for name, (make, value) in makers.items()}
    other = d.Independent(d.Normal(x + 0.5, 1.0))
    first, second = d.OneHotCategorical(logits=x), d.OneHotCategorical(logits=x[::-1].copy())
    with tf.Session() as session:
        out["divergences"] = session.run([d.kl_divergence(d.Independent(normal), other), first.kl_divergence(second)])
    out["too many"] = _error(lambda: d.Independent(normal, reinterpreted_batch_ndims=3))
    return out


def mixtures(tf):
    d = tf.contrib.distributions
    weights = d.Categorical(probs=[0.3, 0.7])
    scalar = lambda: d.MixtureSameFamily(weights, d.Normal([-1.0, 1.0], [0.5, 2.0]))
    parts = lambda: d.MultivariateNormalDiag([[-1.0, 1.0], [1.0, -1.0]], [[1.0, 2.0], [0.5, 0.5]])
    batches = d.Categorical(logits=[[0.1, 0.2], [0.5, -0.5]])
    makers = {
        "scalar": (scalar, np.array([0.5, 1.5], "f")),
        "vector": (lambda: d.MixtureSameFamily(weights, parts()), np.array([0.5, 1.5], "f")),
        "batch": (lambda: d.MixtureSameFamily(batches, d.Normal([[-1.0, 1.0], [0.0, 2.0]], 1.0)), np.array([0.5, 1.5], "f")),
    }
    out = {name: _all(tf, make, x, samples=False) for name, (make, x) in makers.items()}
    with tf.Session() as session:
        out["samples"] = [list(session.run(make().sample([4, 3])).shape) for make, _ in makers.values()]
    out["errors"] = [_error(lambda: d.MixtureSameFamily(weights, d.Normal([1.0, 2.0, 3.0], 1.0))),
                     _error(lambda: d.MixtureSameFamily(d.Normal(0.0, 1.0), d.Normal([1.0, 2.0], 1.0)))]  # fmt: skip
    return out


for _program in (numbers, counts, joint, mixtures):
    _program.rtol = 3e-5
del _program
