"""Programs whose graphs must be TensorFlow's node for node: random numbers and initializers."""


def uniform(tf):
    tf.random_uniform([2, 3])
    tf.random_uniform([], -1.0, 1.0, seed=3, name="named")
    tf.random_uniform((4,), 0, 10, tf.int32)
    tf.random_uniform(tf.placeholder(tf.int32, [None]), maxval=2**40, dtype=tf.int64, name="ints")
    tf.random_uniform(tf.TensorShape([2, tf.Dimension(3)]), dtype=tf.float64)
    tf.random_uniform([2], tf.placeholder(tf.float32, []), tf.placeholder(tf.float32, [2]))


def normal(tf):
    with tf.name_scope("outer"):
        tf.random_normal([2, 3])
        tf.random_normal([2, 3], 1.0, 2.0, tf.float16, seed=9, name="named")
    tf.truncated_normal([tf.Dimension(2), 3])
    tf.truncated_normal(tf.placeholder(tf.int64, [2]), stddev=tf.placeholder(tf.float64), dtype=tf.float64)


def seeds(tf):
    """Seeds of operations are the number of nodes before them."""
    tf.random_uniform([2])
    tf.set_random_seed(1234)
    tf.random_uniform([2])
    tf.random_normal([2])
    tf.constant(1.0)
    tf.truncated_normal([2], seed=5)
    tf.truncated_normal([2])
    tf.random_uniform([2], 0, 5, tf.int32)
    tf.set_random_seed(2**31 + 5)
    tf.random_normal([2], seed=-3)
    tf.set_random_seed(0)
    tf.random_normal([2], seed=0)
    tf.random_normal([2], seed=2**40)


def filled(tf):
    tf.zeros([2, 3])
    tf.ones([100, 20], name="ones")
    tf.zeros([], tf.string)
    tf.ones(3, tf.bool)
    tf.zeros(tf.placeholder(tf.int64, [None]), tf.int32)
    tf.ones(tf.placeholder(tf.int32, []), tf.complex64, name="c")
    tf.zeros(tf.TensorShape([2, 0]))


def initializers(tf):
    i = tf.initializers
    i.zeros()([2, 3])
    i.ones(tf.float64)([2, 3], tf.int32)
    i.constant([1, 2, 3])([3])
    i.constant(0.5)([2, 2], tf.float16)
    i.random_uniform(-1, 1, seed=3)([2, 3])
    i.random_normal(stddev=0.1)([2, 3], tf.float64)
    i.truncated_normal(1.0)(tf.TensorShape([2, 3]))
    i.uniform_unit_scaling(1.43)([3, 3, 8, 16])
    i.variance_scaling()([3, 3, 8, 16])
    i.variance_scaling(2.0, "fan_out", "uniform", 4)([8])
    i.variance_scaling(1.0, "fan_avg", "untruncated_normal")([])
    i.glorot_uniform()([4, 5])
    i.glorot_normal(7)([4, 5], tf.float64)
    i.he_normal()([4, 5])
    i.he_uniform()([4, 5])
    i.lecun_normal()([4, 5])
    i.lecun_uniform()([4, 5])


def contrib_initializers(tf):
    tf.contrib.layers.xavier_initializer()([3, 3, 4, 5])
    tf.contrib.layers.xavier_initializer(False, seed=5)([4, 5])
    tf.contrib.layers.variance_scaling_initializer()([4])
    tf.contrib.layers.variance_scaling_initializer(1.0, "FAN_OUT", True)([4, 5], tf.float64)


def samples(tf):
    tf.random_gamma([3], [0.5, 1.5])
    tf.random_gamma(tf.placeholder(tf.int32, [2]), tf.placeholder(tf.float64, [None, 1]), [[2.0, 3.0]], tf.float64, 5, "g")
    tf.random_poisson([0.5, 1.5], [3])
    tf.random_poisson(tf.placeholder(tf.float64, [2]), [3], tf.int32, name="p")
    logits = tf.placeholder(tf.float32, [None, 4])
    tf.multinomial(logits, 3)
    tf.multinomial(logits, tf.placeholder(tf.int32, []), 3, "m", tf.int32)
    tf.random.categorical(logits, 3, tf.int32)
    tf.random_shuffle(logits, seed=3)
    tf.random_crop(tf.placeholder(tf.float32, [None, 9, 3]), [4, 4, 3], seed=1)
    tf.random_crop(tf.zeros([9, 9]), [4, 4], name="crop")


def stateless(tf):
    seed = [1, 2]
    tf.random.stateless_uniform([2], seed)
    tf.random.stateless_uniform([2], seed, maxval=5, dtype=tf.int32)
    tf.random.stateless_normal([2], seed, stddev=tf.placeholder(tf.float32))
    tf.random.stateless_truncated_normal([2], tf.placeholder(tf.int32, [2]), name="t")
    tf.random.stateless_multinomial([[0.1, 0.2]], 4, seed)
    tf.random.stateless_categorical([[0.1, 0.2]], 4, seed, dtype=tf.int32)
    tf.contrib.stateless.stateless_random_normal([2], seed)


def samplers(tf):
    true = tf.placeholder(tf.int64, [None, 2])
    tf.set_random_seed(3)
    tf.nn.uniform_candidate_sampler(true, 2, 3, True, 9)
    tf.nn.log_uniform_candidate_sampler(true, 2, 3, False, 9, seed=4, name="log")
    tf.nn.learned_unigram_candidate_sampler(true, 2, 3, True, 9)
    tf.nn.fixed_unigram_candidate_sampler(true, 2, 3, True, 3, unigrams=[1.0, 2.0, 0.5])
    sampled = tf.nn.all_candidate_sampler(true, 2, 9, True)[0]
    tf.nn.compute_accidental_hits(true, sampled, 2)


def orthogonal_initializers(tf):
    i = tf.initializers
    i.orthogonal()([4, 3])
    i.orthogonal(2.0, seed=3, dtype=tf.float64)([3, 3, 2, 30])
    i.identity()([3, 3])
    i.identity(2.0, tf.float64)([3, 4], tf.float32)
    tf.contrib.framework.convolutional_delta_orthogonal(seed=3)([3, 3, 2, 4])
    tf.contrib.framework.convolutional_delta_orthogonal()([3, 2, 4])


def convolutional_orthogonal(tf):
    f = tf.contrib.framework
    f.convolutional_orthogonal_1d(seed=3)([3, 2, 4])
    f.convolutional_orthogonal_1d()([1, 2, 4])
    f.convolutional_orthogonal_2d(seed=3)([3, 3, 2, 4])
    f.convolutional_orthogonal_2d()([1, 1, 2, 4])
    f.convolutional_orthogonal_3d(0.5)([2, 2, 2, 2, 4])
