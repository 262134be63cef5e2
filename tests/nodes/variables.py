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
