"""Programs whose graphs must be TensorFlow's node for node: variables, their scopes, and what changes them."""


def ref_variables(tf):
    v = tf.Variable([1.0, 2.0], name="v")
    tf.Variable(lambda: tf.fill([2, 3], 1.0), name="from_function")
    tf.Variable(v.initial_value * 2.0, trainable=False)
    with tf.name_scope("outer"):
        tf.Variable(3, dtype=tf.int64)
        tf.Variable(4.0, name="v", caching_device="/cpu:0")
    tf.Variable(tf.placeholder(tf.float32), validate_shape=False, name="unknown")
    v * 2.0 + v
    tf.identity(v)
    v.read_value()
    tf.global_variables_initializer()


def resource_variables(tf):
    v = tf.Variable([1.0, 2.0], name="v", use_resource=True)
    tf.Variable(lambda: tf.fill([2, 3], 1.0), name="from_function", use_resource=True)
    with tf.name_scope("outer"):
        tf.Variable(3, dtype=tf.int64, use_resource=True)
        tf.Variable(4.0, name="v", use_resource=True, caching_device="/cpu:0")
    v * 2.0 + v
    v.read_value()
    v.sparse_read([1])
    v.assign([3.0, 4.0])
    v.assign_add([3.0, 4.0], name="added")
    tf.assign_sub(v, [3.0, 4.0]) * 2.0
    v.assign([3.0, 4.0], read_value=False)
    v.is_initialized()
    tf.scatter_add(v, [0], [1.0])
    v.scatter_nd_update([[1]], [2.0])
    v.scatter_sub(tf.IndexedSlices(tf.constant([1.0]), tf.constant([0])))
    tf.Variable(1, use_resource=True).count_up_to(3)


def on_devices(tf):
    with tf.device("/job:ps/task:1"):
        v = tf.Variable(1.0, name="v")
        r = tf.Variable(lambda: tf.fill([2], 1.0), name="r", use_resource=True)
    with tf.device("/cpu:0"):
        v + 1.0
        r + 1.0
        v.assign(2.0)
    tf.global_variables_initializer()


def assignments(tf):
    v = tf.Variable([1.0, 2.0], name="v")
    tf.assign(v, [3.0, 4.0])
    tf.assign(v, tf.placeholder(tf.float32), validate_shape=False)
    tf.assign_add(v, [3.0, 4.0], use_locking=True, name="added")
    v.assign_sub([3.0, 4.0])
    v.assign([3.0, 4.0], read_value=False)
    tf.scatter_update(v, [0], [1.0])
    v.scatter_add(tf.IndexedSlices(tf.constant([1.0]), tf.constant([0])))
    tf.scatter_nd_sub(v, [[1]], [2.0])
    tf.is_variable_initialized(v)
    tf.count_up_to(tf.Variable(1), 3)
    with tf.control_dependencies([v.assign_add([1.0, 1.0])]):
        v * 2.0


def scopes(tf):
    ones = tf.constant([1.0, 1.0])
    with tf.variable_scope("a"):
        tf.get_variable("w", initializer=ones)
        with tf.variable_scope("b", use_resource=True) as b:
            w = tf.get_variable("w", initializer=lambda: tf.fill([2], 3.0))
        tf.identity(w)
    with tf.variable_scope(b, reuse=True):
        tf.identity(tf.get_variable("w", [2]))
    for _ in range(2):
        with tf.variable_scope(None, default_name="unique"):
            tf.get_variable("w", initializer=1.0, regularizer=lambda v: v * 2.0)
    with tf.variable_scope("a", auxiliary_name_scope=False):
        tf.get_variable("x", dtype=tf.int32, initializer=2)
        tf.identity(3)
    with tf.variable_scope("", reuse=tf.AUTO_REUSE):
        tf.get_variable("x", dtype=tf.int32, initializer=2)
        tf.get_variable("x", dtype=tf.int32, initializer=2)
        tf.get_local_variable("local", initializer=2)
    tf.global_variables_initializer()
    tf.local_variables_initializer()


def gradient_descent(tf):
    w = tf.get_variable("w", initializer=[[1.0, 2.0]])
    r = tf.get_variable("r", initializer=[[1.0], [2.0]], use_resource=True)
    step = tf.Variable(0, trainable=False, name="step")
    optimizer = tf.train.GradientDescentOptimizer(0.5)
    gradients = [(tf.constant([[1.0, 2.0]]), w), (tf.constant([[1.0], [2.0]]), r)]
    optimizer.apply_gradients(gradients, global_step=step)
    optimizer.apply_gradients(gradients, name="again")
    double = tf.get_variable("double", initializer=tf.constant([1.0, 2.0], tf.float64))
    slices = tf.IndexedSlices(tf.constant([1.0], tf.float64), tf.constant([0]), tf.constant([2]))
    tf.train.GradientDescentOptimizer(tf.constant(0.5, tf.float64)).apply_gradients([(slices, double)])
    resource_step = tf.Variable(0, trainable=False, name="resource_step", use_resource=True)
    optimizer.apply_gradients([(tf.constant([[1.0, 2.0]]), w)], resource_step)


def optimizers(tf):
    w = tf.get_variable("w", initializer=[[1.0, 2.0]])
    r = tf.get_variable("r", initializer=[[1.0], [2.0]], use_resource=True)
    gradients = [(tf.constant([[1.0, 2.0]]), w), (tf.constant([[1.0], [2.0]]), r)]
    step = tf.train.get_or_create_global_step()
    tf.train.MomentumOptimizer(0.5, 0.9).apply_gradients(gradients, global_step=step)
    tf.train.AdamOptimizer().apply_gradients(gradients)
    tf.train.AdagradOptimizer(0.1).apply_gradients(gradients)
    tf.train.RMSPropOptimizer(0.1).apply_gradients(gradients)
    tf.train.RMSPropOptimizer(0.1, centered=True, name="centered").apply_gradients(gradients)
    tf.train.AdadeltaOptimizer().apply_gradients(gradients)
    tf.train.FtrlOptimizer(0.1).apply_gradients(gradients)
    tf.train.FtrlOptimizer(0.1, l2_shrinkage_regularization_strength=0.1, accum_name="a").apply_gradients(gradients)
    tf.train.ProximalGradientDescentOptimizer(0.1).apply_gradients(gradients)
    tf.train.ProximalAdagradOptimizer(0.1).apply_gradients(gradients)
    tf.train.AdagradDAOptimizer(0.1, step).apply_gradients(gradients)


def optimizers_in_double_precision(tf):
    w = tf.get_variable("w", initializer=tf.constant([[1.0, 2.0]], tf.float64))
    r = tf.get_variable("r", initializer=tf.constant([[1.0, 2.0]], tf.float64), use_resource=True)
    gradients = [(tf.constant([[1.0, 2.0]], tf.float64), w), (tf.constant([[1.0, 2.0]], tf.float64), r)]
    tf.train.GradientDescentOptimizer(0.5).apply_gradients(gradients)
    tf.train.AdamOptimizer().apply_gradients(gradients)
    tf.train.RMSPropOptimizer(0.1).apply_gradients(gradients)


def optimizers_with_constraints_and_partitions(tf):
    w = tf.get_variable("w", initializer=[1.0, 2.0], constraint=lambda v: v * 2.0)
    r = tf.get_variable("r", initializer=[1.0, 2.0], constraint=lambda v: v * 2.0, use_resource=True)
    tf.train.MomentumOptimizer(0.5, 0.9).apply_gradients([(tf.constant([1.0, 2.0]), v) for v in (w, r)])
    whole = tf.get_variable("whole", initializer=tf.constant([1.0, 2.0, 3.0]), partitioner=tf.fixed_size_partitioner(2))
    tf.identity(whole)
    tf.train.MomentumOptimizer(0.5, 0.9).apply_gradients([(v * 2.0, v) for v in whole])
    tf.get_variable("other", [4, 3], partitioner=tf.variable_axis_size_partitioner(16), initializer=tf.zeros_initializer())


def moving_averages(tf):
    v = tf.Variable([1.0, 2.0], name="v")
    average = tf.train.ExponentialMovingAverage(0.9)
    with tf.control_dependencies([tf.identity(1.0)]):
        average.apply([tf.constant([1.0, 2.0], name="tensor")])
    debiased = tf.train.ExponentialMovingAverage(0.9, zero_debias=True, name="debiased")
    debiased.apply([tf.constant([1.0, 2.0], name="tensor")])
    tf.identity(v)


def learning_rates(tf):
    step = tf.Variable(0, name="step")
    tf.train.exponential_decay(0.1, step, 100, 0.9)
    tf.train.exponential_decay(0.1, step, 100, 0.9, staircase=True, name="staircase")
    tf.train.natural_exp_decay(0.1, step, 100, 0.9)
    tf.train.inverse_time_decay(0.1, step, 100, 0.9)
    tf.train.inverse_time_decay(0.1, step, 100, 0.9, staircase=True)
    tf.train.polynomial_decay(0.1, step, 100, power=0.5)
    tf.train.cosine_decay(0.1, step, 100)
    tf.train.linear_cosine_decay(0.1, step, 100)
    tf.train.noisy_linear_cosine_decay(0.1, step, 100)


def initializers_of_get_variable(tf):
    with tf.variable_scope("a"):
        tf.get_variable("w", [2, 3])
        tf.get_variable("n", [2], tf.int32)
        tf.get_variable("s", [], tf.string)
        tf.get_variable("r", [2, 3], use_resource=True)
    with tf.variable_scope("b", initializer=tf.ones_initializer(), dtype=tf.float64):
        tf.get_variable("w", [2, 3])
        tf.get_variable("parts", [4, 3], partitioner=tf.fixed_size_partitioner(2))
    tf.train.get_or_create_global_step()


def embeddings(tf):
    one = tf.get_variable("one", initializer=tf.zeros([5, 2]))
    resource = tf.get_variable("resource", initializer=tf.zeros([5, 2]), use_resource=True)
    parts = tf.get_variable("parts", [5, 2], partitioner=tf.fixed_size_partitioner(2))
    ids = tf.placeholder(tf.int64, [None])
    tf.nn.embedding_lookup(one, ids)
    tf.nn.embedding_lookup(resource, [[1, 2]])
    tf.nn.embedding_lookup(one, ids, max_norm=1.0)
    tf.nn.embedding_lookup(parts, [0, 3])
    tf.nn.embedding_lookup(parts, ids, partition_strategy="div", name="div")
    tf.nn.embedding_lookup([tf.zeros([2, 2]), tf.placeholder(tf.float32, [None, 2])], ids, partition_strategy="div")


def sparse_embeddings(tf):
    one = tf.get_variable("one", initializer=tf.zeros([5, 2]))
    ids = tf.SparseTensor([[0, 0], [1, 0]], [1, 3], [2, 1])
    weights = tf.SparseTensor([[0, 0], [1, 0]], [0.5, 2.0], [2, 1])
    for combiner in ("sum", "mean", "sqrtn"):
        tf.nn.embedding_lookup_sparse(one, ids, weights, combiner=combiner)
