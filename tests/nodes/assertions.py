"""Programs whose graphs must be TensorFlow's node for node: assertions.

All data are of int32 and strings: for others TensorFlow guards the assertion with control flow of its own.
"""


def comparisons(tf):
    x, y = tf.placeholder(tf.int32, [None]), tf.placeholder(tf.int32, [None])
    for name in ("equal", "none_equal", "less", "less_equal", "greater", "greater_equal"):
        assertion = getattr(tf.debugging, "assert_" + name)
        assertion(x, y)
        assertion(x, 1, message="no", summarize=5, name="named_" + name)
        assertion(x, y, data=["only this", y])
    tf.assert_equal(x, x)
    tf.assert_equal([1, 2], [1, 2])
    tf.assert_less(tf.constant(1), 2)


def signs(tf):
    x = tf.placeholder(tf.int32, [None])
    for name in ("negative", "positive", "non_negative", "non_positive"):
        getattr(tf.debugging, "assert_" + name)(x)
        getattr(tf.debugging, "assert_" + name)(x, message="no", name="named_" + name)
        getattr(tf.debugging, "assert_" + name)(x, [x, "no"], 7)


def ranks(tf):
    x, unknown = tf.placeholder(tf.int32, [None, 2]), tf.placeholder(tf.int32)
    rank = tf.placeholder(tf.int32)
    for tensor in (x, unknown):
        tf.debugging.assert_rank(tensor, 2)
        tf.debugging.assert_rank_at_least(tensor, 1, message="no")
        tf.debugging.assert_rank_in(tensor, (1, 2))
    tf.debugging.assert_rank(x, rank)
    tf.debugging.assert_rank_at_least(unknown, rank)
    tf.debugging.assert_rank_in(unknown, [rank, 3], name="ranks")
    tf.debugging.assert_rank(unknown, 2, data=[unknown, "no"], summarize=1)


def shapes(tf):
    x, y, z = tf.placeholder(tf.float32, [None, 2]), tf.placeholder(tf.float32, [3, None]), tf.placeholder(tf.float32, [])
    tf.debugging.assert_shapes([(x, ("N", "D")), (y, ("M", "N")), (z, ())])
    tf.debugging.assert_shapes({x: ("N", 2), y: (3, "."), z: [1]}, message="no", name="shapes")
    tf.debugging.assert_shapes([(x, (..., "D")), (y, ("*", "D")), (z, None)], data=["only this"])


def types_and_order(tf):
    x = tf.placeholder(tf.int32, [])
    tf.debugging.assert_type(x, tf.int32)
    tf.debugging.assert_integer(x, name="integer")
    tf.debugging.assert_scalar(x)
    tf.debugging.assert_scalar(3)
