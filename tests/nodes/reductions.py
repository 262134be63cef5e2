"""Programs whose graphs must be TensorFlow's node for node: reductions, products of matrices, sums so far."""

import numpy as np


def reductions(tf):
    x = tf.placeholder(tf.float32, [2, None, 3], name="x")
    unknown = tf.placeholder(tf.float32, name="unknown")
    for f in (tf.reduce_sum, tf.reduce_mean, tf.reduce_prod, tf.reduce_max, tf.reduce_min, tf.math.reduce_euclidean_norm):
        f(x)
        f(x, 1)
        f(x, axis=[0, -1], keepdims=True, name="named")
        f(unknown)
        f([[1.0, 2.0], [3.0, 4.0]])
        f(np.ones([2, 2]), np.int64(0))
        f(x, axis=tf.placeholder(tf.int32))
    for f in (tf.reduce_all, tf.reduce_any):
        f(tf.placeholder(tf.bool, [2, 3]))
        f(tf.placeholder(tf.bool), name="named")
        f([[True]], 1)
    tf.reduce_sum(x, reduction_indices=[0], keep_dims=True)
    tf.reduce_sum(3.0)


def matrices(tf):
    x = tf.placeholder(tf.float32, [2, 3])
    batch = tf.placeholder(tf.float32, [5, None, 3])
    unknown = tf.placeholder(tf.float32)
    c = tf.placeholder(tf.complex64, [2, 3])
    b = tf.placeholder(tf.bfloat16, [2, 3])
    tf.matmul(x, x, transpose_b=True)
    tf.matmul(x, x, adjoint_a=True, name="named")
    tf.matmul(x, [[1.0], [2.0], [3.0]])
    tf.matmul(batch, batch, transpose_b=True)
    tf.matmul(batch, [[1.0], [2.0], [3.0]])
    tf.matmul(unknown, x)
    tf.matmul(c, c, adjoint_b=True)
    tf.matmul(unknown, unknown, True, adjoint_b=True)
    tf.matmul(x, x, transpose_a=True, a_is_sparse=True)
    tf.matmul(b, b, transpose_b=True, b_is_sparse=True)
    tf.matmul(x, b, transpose_b=True)
    unknown @ x, [[1.0, 2.0]] @ x


def arg_extremes(tf):
    x = tf.placeholder(tf.float32, [2, 3])
    tf.argmax(x)
    tf.argmax(x, 1, output_type=tf.int32)
    tf.argmin(x, axis=-1, name="named")
    tf.argmin([3, 1, 2], dimension=0)
    tf.arg_max(x, 1)
    tf.arg_min(x, tf.placeholder(tf.int64))


def so_far(tf):
    x = tf.placeholder(tf.float32, [2, 3])
    for f in (tf.cumsum, tf.cumprod, tf.math.cumulative_logsumexp):
        f(x)
        f(x, 1, exclusive=True, name="named")
        f([1.0, 2.0], reverse=True)
