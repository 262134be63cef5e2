"""Programs whose graphs must be TensorFlow's node for node: distributions."""


def _use(tf, d, value):
    d.sample(seed=1)
    d.sample([2, 3], seed=2, name="draw")
    d.log_prob(value)
    d.prob(value)
    d.mean()
    d.batch_shape_tensor()
    d.event_shape_tensor()
    d.is_scalar_batch()


def _tensor(tf, *shape):
    return tf.placeholder(tf.float32, shape)


def normal(tf):
    loc, scale, x = _tensor(tf, None, 2), _tensor(tf, 2), _tensor(tf, None, 2)
    d = tf.distributions.Normal(loc, scale)
    _use(tf, d, x)
    for name in ("entropy", "stddev", "variance", "mode"):
        getattr(d, name)()
    for name in ("cdf", "log_cdf", "survival_function", "log_survival_function", "quantile"):
        getattr(d, name)(x)
    tf.distributions.kl_divergence(d, tf.distributions.Normal(0.0, 1.0, name="other"))
    d.kl_divergence(d)
    d.cross_entropy(tf.distributions.Normal(1.0, 2.0))


def laplace_and_uniform(tf):
    x = _tensor(tf, None, 2)
    d = tf.distributions.Laplace(_tensor(tf, 2), 1.0)
    _use(tf, d, x)
    for name in ("entropy", "stddev", "variance", "mode"):
        getattr(d, name)()
    for name in ("cdf", "log_cdf", "survival_function", "log_survival_function"):
        getattr(d, name)(x)
    d = tf.distributions.Uniform(low=_tensor(tf, None, 2), high=3.0)
    _use(tf, d, x)
    for name in ("entropy", "stddev", "variance", "range"):
        getattr(d, name)()
    d.cdf(x)


def student(tf):
    d = tf.distributions.StudentT(_tensor(tf, 2), 1.0, 2.0)
    _use(tf, d, _tensor(tf, None, 2))
    for name in ("entropy", "mode"):
        getattr(d, name)()


def positive(tf):
    x = _tensor(tf, None, 2)
    for d in (tf.distributions.Gamma(_tensor(tf, 2), 1.0), tf.distributions.Exponential(_tensor(tf, None, 2)),
              tf.distributions.Beta(_tensor(tf, 2), _tensor(tf, None, 2))):  # fmt: skip
        _use(tf, d, x)
        for name in ("entropy", "stddev", "variance"):
            getattr(d, name)()
        d.kl_divergence(d)


def classes(tf):
    logits = _tensor(tf, None, 3)
    for options in ({"logits": logits}, {"probs": logits}):
        d = tf.distributions.Bernoulli(**options)
        _use(tf, d, tf.placeholder(tf.int32, [None, 3]))
        for name in ("entropy", "stddev", "variance", "mode"):
            getattr(d, name)()
        d.kl_divergence(d)
        d = tf.distributions.Categorical(**options)
        d.sample(4, seed=3)
        d.log_prob(tf.placeholder(tf.int32, [None]))
        d.prob(tf.placeholder(tf.int32, [4]))
        d.entropy()
        d.mode()
        d.kl_divergence(d)
    tf.distributions.Categorical(logits=_tensor(tf, 4, 5), dtype=tf.int64, name="known").sample(seed=3)


def vectors(tf):
    c = _tensor(tf, 4, 3)
    d = tf.distributions.Dirichlet(c)
    _use(tf, d, c)
    for name in ("entropy", "variance"):
        getattr(d, name)()
    d.kl_divergence(d)
    for d in (tf.distributions.Multinomial(5.0, logits=c), tf.distributions.DirichletMultinomial(5.0, c)):
        d.log_prob(c)
        d.prob(c)
        d.mean()
        d.variance()
