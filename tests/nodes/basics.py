"""Programs whose graphs must be TensorFlow's node for node: arithmetic, reductions, shapes."""


def arithmetic(tf):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    y = x * 2.0 + 1.0
    z = 3.0 * y - x
    tf.add(z, y, name="sum")
    tf.multiply(2.0, z)


def reductions(tf):
    x = tf.placeholder(tf.float32, [2, 3])
    tf.reduce_sum(x)
    tf.reduce_sum(x, axis=1)
    tf.reduce_sum(x, [0, 1], keepdims=True, name="total")
    tf.reduce_sum(tf.placeholder(tf.float32))


def shapes(tf):
    x = tf.placeholder(tf.float32, [2, 3])
    tf.reshape(x, [3, 2])
    tf.reshape(x, [-1], name="flat")
    tf.shape(x)
    y = tf.placeholder(tf.float32, [None, 3])
    tf.reshape(y, tf.shape(y))
    with tf.name_scope("outer"):
        tf.identity(x)
        with tf.name_scope("inner"):
            tf.identity(x)
        with tf.name_scope("inner"):
            tf.fill([2, 3], 1.0)
