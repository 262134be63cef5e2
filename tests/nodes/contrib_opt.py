"""Programs whose graphs must be TensorFlow's node for node: what optimizers of tf.contrib.opt add."""

LEAVES_OUT = ("cond/", "v/ExponentialMovingAverage/")


def _pairs(tf):
    result = []
    for resource in (False, True):
        v = tf.Variable([[1.0, 2.0]] * 4, name="v", use_resource=resource)
        w = tf.Variable([3.0], name="w", use_resource=resource)
        slices = tf.IndexedSlices(tf.constant([[0.1, 0.1]]), tf.constant([1]), tf.constant([4, 2]))
        result += [(slices, v), (tf.constant([0.5]), w)]
    return result


def lazy(tf):
    tf.contrib.opt.LazyAdamOptimizer(0.1).apply_gradients(_pairs(tf))


def decaying(tf):
    pairs = _pairs(tf)
    tf.contrib.opt.AdamWOptimizer(0.01).apply_gradients(pairs, decay_var_list=[pairs[0][1], pairs[3][1]])
    tf.contrib.opt.MomentumWOptimizer(tf.constant(0.01), 0.1, 0.9).apply_gradients(pairs)


def averaged(tf):
    v = tf.Variable([1.0, 2.0], name="v")
    optimizer = tf.contrib.opt.MovingAverageOptimizer(tf.train.GradientDescentOptimizer(2.0), 0.5)
    optimizer.apply_gradients([(tf.constant([0.1, 0.2]), v)])
    optimizer.swapping_saver()
