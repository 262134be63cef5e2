"""Distributions: densities and statistics as SciPy has them, samples, divergences, gradients, checks."""

import numpy as np
import pytest
import scipy.stats

import eagle as tf

ds = tf.distributions
CASES = [
    (lambda: ds.Normal(1.0, 2.0), scipy.stats.norm(1, 2), [-3.0, 0.5, 9.0]),
    (lambda: ds.Laplace(1.0, 2.0), scipy.stats.laplace(1, 2), [-3.0, 0.5, 9.0]),
    (lambda: ds.StudentT(3.5, 1.0, 2.0), scipy.stats.t(3.5, 1, 2), [-3.0, 0.5, 9.0]),
    (lambda: ds.Uniform(1.0, 3.0), scipy.stats.uniform(1, 2), [0.5, 1.5, 3.5]),
    (lambda: ds.Gamma(2.5, 3.0), scipy.stats.gamma(2.5, scale=1 / 3), [0.1, 0.8, 2.0]),
    (lambda: ds.Exponential(3.0), scipy.stats.expon(scale=1 / 3), [0.1, 0.8, 2.0]),
    (lambda: ds.Beta(2.5, 3.0), scipy.stats.beta(2.5, 3), [0.1, 0.5, 0.8]),
]


@pytest.mark.parametrize("eager", [False, True])
@pytest.mark.parametrize("make, known, x", CASES, ids=lambda v: getattr(getattr(v, "dist", None), "name", ""))
def test_densities_and_statistics(make, known, x, eager):
    def evaluate(t):
        return t.numpy() if eager else tf.Session().run(t)

    with tf.eager_mode() if eager else tf.Graph().as_default():
        d, values = make(), tf.constant(x)
        np.testing.assert_allclose(evaluate(d.prob(values)), known.pdf(x), rtol=2e-5, atol=1e-7)
        for one in x:
            np.testing.assert_allclose(evaluate(d.cdf(one)), known.cdf(one), rtol=2e-5, atol=1e-7)
        for name, expected in (
            ("entropy", known.entropy()),
            ("mean", known.mean()),
            ("variance", known.var()),
            ("stddev", known.std()),
        ):
            np.testing.assert_allclose(evaluate(getattr(d, name)()), expected, rtol=2e-5, err_msg=name)


def test_normal_far_out():
    x = np.array([-30.0, -6.0, 0.0, 6.0])
    with tf.eager_mode():
        d = ds.Normal(np.float64(0), np.float64(1))
        np.testing.assert_allclose(d.log_cdf(x).numpy(), scipy.stats.norm.logcdf(x), rtol=1e-5)
        np.testing.assert_allclose(d.log_survival_function(x).numpy(), scipy.stats.norm.logsf(x), rtol=1e-5)
        p = np.array([1e-30, 0.01, 0.5, 0.999])
        np.testing.assert_allclose(d.quantile(p).numpy(), scipy.stats.norm.ppf(p), rtol=1e-8, atol=1e-12)
        assert d.quantile(np.array([0.0, 1.0])).numpy().tolist() == [-np.inf, np.inf]


@pytest.mark.parametrize("make", [c[0] for c in CASES[:2] + CASES[3:]], ids=[c[1].dist.name for c in CASES[:2] + CASES[3:]])
def test_samples(make):
    with tf.Graph().as_default(), tf.Session() as session:
        d = make()
        drawn, mean, deviation = session.run([d.sample(20000, seed=3), d.mean(), d.stddev()])
        np.testing.assert_allclose(drawn.mean(), mean, atol=0.05)
        np.testing.assert_allclose(drawn.std(), deviation, rtol=0.05)


def test_shapes():
    with tf.Graph().as_default():
        d = ds.Normal(tf.zeros([3, 1]), tf.ones([2]))
        assert d.batch_shape.as_list() == [3, 2] and d.event_shape.as_list() == []
        assert d.sample([4, 5]).shape.as_list() == [4, 5, 3, 2] and d.sample().shape.as_list() == [3, 2]
        assert d.log_prob(0.0).shape.as_list() == [3, 2]
        unknown = ds.Normal(tf.placeholder(tf.float32), 1.0)
        assert unknown.batch_shape.ndims is None
        assert str(d) == 'tfp.distributions.Normal("Normal/", batch_shape=(3, 2), event_shape=(), dtype=float32)'
        assert repr(d) == "<tfp.distributions.Normal 'Normal/' batch_shape=(3, 2) event_shape=() dtype=float32>"
        assert ds.Normal.param_static_shapes([3])["loc"].as_list() == [3]
        assert d.copy(scale=2.0).batch_shape.as_list() == [3, 1]
        assert sorted(d.parameters) == ["allow_nan_stats", "loc", "name", "scale", "validate_args"]


def test_bernoulli():
    with tf.eager_mode():
        d = ds.Bernoulli(probs=[0.2, 0.7])
        np.testing.assert_allclose(d.prob([1, 0]).numpy(), [0.2, 0.3], rtol=1e-6)
        np.testing.assert_allclose(d.entropy().numpy(), scipy.stats.bernoulli([0.2, 0.7]).entropy(), rtol=1e-5)
        assert d.mode().numpy().tolist() == [0, 1] and d.sample(3).dtype == tf.int32
        np.testing.assert_allclose(d.sample(10000, seed=1).numpy().mean(0), [0.2, 0.7], atol=0.02)
        with pytest.raises(ValueError, match="Must pass probs or logits, but not both."):
            ds.Bernoulli()


def test_categorical():
    p = np.array([[0.2, 0.3, 0.5], [0.7, 0.2, 0.1]], np.float32)
    with tf.eager_mode():
        d = ds.Categorical(probs=p)
        np.testing.assert_allclose(d.prob([2, 0]).numpy(), [0.5, 0.7], rtol=1e-6)
        np.testing.assert_allclose(d.prob([[2, 0], [1, 1]]).numpy(), [[0.5, 0.7], [0.3, 0.2]], rtol=1e-6)
        np.testing.assert_allclose(d.cdf([1, 2]).numpy(), [0.2, 0.9], rtol=1e-6)
        np.testing.assert_allclose(d.entropy().numpy(), scipy.stats.entropy(p.T), rtol=1e-5)
        drawn = d.sample(20000, seed=2).numpy()
        assert drawn.shape == (20000, 2)
        np.testing.assert_allclose([np.bincount(drawn[:, i], minlength=3) / 20000 for i in (0, 1)], p, atol=0.02)
        other = ds.Categorical(probs=p[::-1].copy())
        np.testing.assert_allclose(d.kl_divergence(other).numpy(), (p * np.log(p / p[::-1])).sum(1), rtol=1e-5)


def test_vectors():
    c = np.array([1.5, 2.0, 3.0])
    with tf.eager_mode():
        d, known = ds.Dirichlet(c), scipy.stats.dirichlet(c)
        x = np.array([0.2, 0.3, 0.5])
        np.testing.assert_allclose(d.prob(x).numpy(), known.pdf(x), rtol=1e-10)
        np.testing.assert_allclose(d.entropy().numpy(), known.entropy(), rtol=1e-10)
        np.testing.assert_allclose(d.variance().numpy(), known.var(), rtol=1e-10)
        np.testing.assert_allclose(np.diag(d.covariance().numpy()), known.var(), rtol=1e-10)
        np.testing.assert_allclose(d.sample(5).numpy().sum(-1), np.ones(5), rtol=1e-10)
        m, known = ds.Multinomial(np.float64(6), probs=x), scipy.stats.multinomial(6, x)
        np.testing.assert_allclose(m.prob(np.array([1.0, 2.0, 3.0])).numpy(), known.pmf([1, 2, 3]), rtol=1e-10)
        np.testing.assert_allclose(m.covariance().numpy(), known.cov(), rtol=1e-10)
        drawn = ds.Multinomial(6.0, probs=x.astype(np.float32)).sample(4)
        assert drawn.numpy().sum(-1).tolist() == [6, 6, 6, 6]
        dm = ds.DirichletMultinomial(np.float64(6), c)
        known = scipy.stats.dirichlet_multinomial(c, 6)
        np.testing.assert_allclose(dm.prob(np.array([1.0, 2.0, 3.0])).numpy(), known.pmf([1, 2, 3]), rtol=1e-9)
        np.testing.assert_allclose(dm.covariance().numpy(), known.cov(), rtol=1e-9)


@pytest.mark.parametrize("make", [
    lambda s: ds.Normal(0.5 * s, s), lambda s: ds.Gamma(2.0 * s, s), lambda s: ds.Beta(2.0 * s, 1.0 + s),
    lambda s: ds.Bernoulli(logits=s), lambda s: ds.Dirichlet([s, 2.0 * s, 1.0]),
])  # fmt: skip
def test_divergences(make):
    """They are the mean of the difference of logarithms, and 0 of a distribution from itself."""
    with tf.eager_mode():
        a, b = make(1.2), make(0.7)
        x = a.sample(200000, seed=5)
        estimate = tf.reduce_mean(a.log_prob(x) - b.log_prob(x)).numpy()
        np.testing.assert_allclose(ds.kl_divergence(a, b).numpy(), estimate, atol=0.01)
        np.testing.assert_allclose(ds.kl_divergence(a, a).numpy(), 0.0, atol=1e-6)
        np.testing.assert_allclose(a.cross_entropy(b).numpy(), a.entropy().numpy() + ds.kl_divergence(a, b).numpy(), rtol=1e-5)


def test_registered_divergences():
    class Mine(ds.Normal):
        pass

    with tf.Graph().as_default():
        a = Mine(0.0, 1.0)
        assert ds.kl_divergence(a, a).op.name.startswith("KullbackLeibler/kl_normal_normal")
        with pytest.raises(NotImplementedError, match="distribution_a type Mine and distribution_b type Uniform"):
            ds.kl_divergence(a, ds.Uniform())
        ds.RegisterKL(Mine, ds.Uniform)(lambda a, b, name=None: tf.constant(7.0))
        assert tf.Session().run(ds.kl_divergence(a, ds.Uniform())) == 7.0
        with pytest.raises(ValueError, match=r"KL\(Mine \|\| Uniform\) has already been registered to"):
            ds.RegisterKL(Mine, ds.Uniform)(lambda a, b, name=None: 0)


def test_gradients_through_samples():
    with tf.Graph().as_default():
        loc, scale = tf.constant(1.0), tf.constant(2.0)
        drawn = ds.Normal(loc, scale).sample(1000, seed=1)
        of_loc, of_scale, values = tf.Session().run([*tf.gradients(tf.reduce_mean(drawn), [loc, scale]), drawn])
        np.testing.assert_allclose(of_loc, 1.0, rtol=1e-5)
        np.testing.assert_allclose(of_scale, (values.mean() - 1.0) / 2.0, rtol=1e-3, atol=1e-5)
    assert ds.Normal(0.0, 1.0).reparameterization_type is ds.FULLY_REPARAMETERIZED


def test_policy_gradient():
    """The gradient of a log probability, as programs of reinforcement learning use it."""
    with tf.Graph().as_default():
        logits = tf.constant([[0.1, 0.2, 0.3]])
        loss = -ds.Categorical(logits=logits).log_prob([2])
        p = np.exp([0.1, 0.2, 0.3]) / np.exp([0.1, 0.2, 0.3]).sum()
        np.testing.assert_allclose(tf.Session().run(tf.gradients(loss, logits)[0]), [p - [0, 0, 1]], rtol=1e-5)


@pytest.mark.parametrize("make", [
    lambda: ds.Normal(0.0, -1.0, validate_args=True), lambda: ds.Uniform(2.0, 1.0, validate_args=True),
    lambda: ds.Gamma(-1.0, 1.0, validate_args=True), lambda: ds.Bernoulli(probs=1.5, validate_args=True),
    lambda: ds.Categorical(probs=[0.5, 0.1], validate_args=True), lambda: ds.Dirichlet([1.0, -1.0], validate_args=True),
])  # fmt: skip
def test_validated_arguments(make):
    with tf.eager_mode(), pytest.raises(tf.errors.InvalidArgumentError):
        make()
