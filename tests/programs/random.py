"""Random numbers: the streams, and how seeds make them in both modes."""

_SIZES = [1], [2, 3], [1001], [200003]


def _run(tf, tensors):
    with tf.Session() as sess:
        return sess.run(tensors)


def _bits(tf, x):
    """A tensor's value; of bfloat16 its bits, since NumPy has no such type."""
    return tf.bitcast(x, tf.uint16) if x.dtype == tf.bfloat16 else x


def streams_of_floats(tf):
    """All sizes, as digests: equal to the bit."""
    found = {}
    for dtype in (tf.float32, tf.float16):
        for make in (tf.random_uniform, tf.random_normal, tf.truncated_normal):
            for shape in _SIZES:
                for seed in (1, 2**31 - 2):
                    key = "%s %s %s %d" % (make.__name__, dtype.name, shape, seed)
                    found[key] = _run(tf, make(shape, dtype=dtype, seed=seed))
    return found


def streams_of_doubles(tf):
    """Normal doubles need the C library's logarithm and sine, which NumPy's may differ from in the last bit."""
    found = {"uniform": _run(tf, tf.random_uniform([200003], dtype=tf.float64, seed=4))}
    for make in (tf.random_normal, tf.truncated_normal):
        found[make.__name__] = [_run(tf, make([n], dtype=tf.float64, seed=5)) for n in (1, 77)]
    return found


streams_of_doubles.rtol = 1e-15


def streams_of_integers(tf):
    found = {}
    for dtype in (tf.int32, tf.int64):
        for low, high in ((0, 10), (-5, 1000000), (dtype.min, dtype.max)):
            key = "%s %d %d" % (dtype.name, low, high)
            found[key] = [_run(tf, tf.random_uniform(s, low, high, dtype, seed=3)) for s in _SIZES]
    return found


def scaled(tf):
    return {
        "uniform": _run(tf, tf.random_uniform([1000], -0.3, 0.7, seed=4)),
        "normal": _run(tf, tf.random_normal([1000], -0.3, 0.7, seed=4)),
        "half": _run(tf, tf.random_normal([1000], -0.3, 0.7, tf.float16, seed=4)),
        "broadcast": _run(tf, tf.random_uniform([2, 3], [1.0, 2.0, 3.0], [[5.0], [6.0]], seed=4)),
    }


def graph_seeds(tf):
    """Which seeds operations get, from their own and the graph's."""
    found = [tf.get_seed(None), tf.get_seed(5), tf.get_seed(-1), tf.get_seed(2**31 + 7)]
    tf.set_random_seed(7)
    found.append(tf.get_seed(None))
    tf.constant(1.0)
    found += [tf.get_seed(None), tf.get_seed(5), tf.get_seed(2**31 - 1)]
    tf.set_random_seed(0)
    found += [tf.get_seed(0), tf.get_seed(2**31 - 1), tf.get_seed(3)]
    return {"seeds": [list(s) for s in found]}


def two_runs_and_two_sessions(tf):
    """A node's stream goes on from run to run, and begins anew with a session."""
    tf.set_random_seed(11)
    a, b, c = tf.random_uniform([3]), tf.random_normal([2, 2]), tf.random_uniform([2], 0, 100, tf.int32, seed=1)
    found = {}
    for i in range(2):
        with tf.Session() as sess:
            found["session %d" % i] = [sess.run([a, b, c]), sess.run(a), sess.run([c, a])]
    return found


def equal_nodes(tf):
    """Two nodes with the same seeds have the same stream, each for itself."""
    a, b = tf.random_uniform([2], seed=3), tf.random_uniform([2], seed=3)
    with tf.Session() as sess:
        return {"runs": [sess.run([a, b]), sess.run(a), sess.run([a, b])]}


def sizes_that_change(tf):
    """A run takes as much of the stream as its size says."""
    n = tf.placeholder(tf.int32, [1])
    x, y = tf.random_uniform(n, seed=3), tf.truncated_normal(n, seed=4)
    with tf.Session() as sess:
        return {"runs": [sess.run([x, y], {n: [k]}) for k in (1, 5, 0, 300, 2)]}


def eager_without_seed(tf):
    """Operations with equal attributes share a generator, on one device."""
    found = [tf.random_uniform([2], seed=1), tf.random_uniform([3], seed=1), tf.random_normal([2], seed=1)]
    with tf.device("/cpu:0"):
        found.append(tf.random_uniform([2], seed=1))
    found += [tf.random_uniform([2], seed=1, name="named"), tf.random_uniform([2], seed=2)]
    found += [tf.random_uniform(tf.constant([2], tf.int64), seed=1), tf.random_uniform([2], dtype=tf.float64, seed=1)]
    found += [tf.random_uniform([2], seed=1)]
    return {"values": found}


def eager_with_seed(tf):
    """A global seed gives each operation another seed, and all generators begin anew."""
    found = {}
    for seed in (1, 1, 2**31 + 3, -4):
        tf.set_random_seed(seed)
        found["seed %d, %d" % (seed, len(found))] = [
            tf.random_uniform([2]), tf.random_uniform([2]), tf.random_normal([3]), tf.random_uniform([2], 0, 50, tf.int32),
            tf.random_uniform([2], seed=1), tf.random_uniform([2], seed=1), tf.truncated_normal([5]),
        ]  # fmt: skip
    tf.set_random_seed(9)
    found["get_seed"] = [list(tf.get_seed(s)) for s in (None, None, 3, None, 2**31)]
    return found


def initializers(tf):
    tf.set_random_seed(3)
    made = [
        tf.random_uniform_initializer(-0.1, 0.1), tf.random_normal_initializer(0.0, 0.02),
        tf.truncated_normal_initializer(stddev=0.1),
        tf.glorot_uniform_initializer(), tf.glorot_normal_initializer(), tf.variance_scaling_initializer(2.0, seed=4),
        tf.initializers.he_normal(), tf.initializers.lecun_uniform(), tf.uniform_unit_scaling_initializer(),
        tf.contrib.layers.xavier_initializer(), tf.contrib.layers.variance_scaling_initializer(),
    ]  # fmt: skip
    return {"values": [_run(tf, m(shape)) for m in made for shape in ([3, 4], [3, 3, 2, 5])]}


def gamma_and_its_gradient(tf):
    alpha, beta = tf.constant([0.3, 1.0, 4.0]), tf.constant([[2.0], [0.5]])
    x = tf.random_gamma([4], alpha, beta, seed=3)
    return {"values": _run(tf, x), "gradients": _run(tf, tf.gradients(x, [alpha, beta]))}


gamma_and_its_gradient.rtol = 2e-5


def samples(tf):
    tf.set_random_seed(4)
    logits = tf.constant([[0.1, 2.0, -1.0], [float("nan"), 1.0, float("-inf")]])
    found = {
        "poisson": tf.random_poisson([0.5, 3.0, 30.0], [50]),
        "multinomial": tf.multinomial(logits, 20),
        "categorical": tf.random.categorical(logits, 3, tf.int32, seed=7),
        "shuffle": tf.random_shuffle(tf.range(5000)),
        "crop": tf.random_crop(tf.reshape(tf.range(90), [9, 10]), [2, 3]),
    }
    with tf.Session() as sess:
        return {k: [sess.run(v), sess.run(v)] for k, v in sorted(found.items())}


def learned_unigrams(tf):
    """A sampler remembers the true classes of the runs before."""
    true = tf.placeholder(tf.int64, [None, 1])
    sampled = tf.nn.learned_unigram_candidate_sampler(true, 1, 6, False, 5, seed=3)
    with tf.Session() as sess:
        return {"runs": [[sess.run(s, {true: [[2], [k]]}) for s in sampled] for k in (1, 4, 4)]}


learned_unigrams.rtol = 1e-6
