"""Programs whose graphs must be TensorFlow's node for node: tensordot, einsum, norms, clipping, statistics, counting, segments."""

import numpy as np


def tensordot(tf):
    a, b = tf.placeholder(tf.float32, [2, 3, 4]), tf.placeholder(tf.float32, [4, 3, 5])
    unknown, partly = tf.placeholder(tf.float32), tf.placeholder(tf.float32, [None, 3, 4])
    tf.tensordot(a, b, [[1, 2], [1, 0]])
    tf.tensordot(a, b, [2, 0], name="named")
    tf.tensordot(a, b, 1)
    tf.tensordot(a, [1.0, 2.0, 3.0, 4.0], 1)
    tf.tensordot(partly, b, [[-1], [0]])
    tf.tensordot(a, b, 0)
    tf.tensordot(unknown, b, [[1], [0]])
    tf.tensordot(unknown, unknown, 2)
    tf.tensordot(a, b, tf.placeholder(tf.int32, [2, 1]))


def einsum(tf):
    a, b = tf.placeholder(tf.float32, [2, 3]), tf.placeholder(tf.float32, [3, 4])
    batch, unknown = tf.placeholder(tf.float32, [5, 2, 3]), tf.placeholder(tf.float32, [None, None, 3])
    tf.einsum("ij,jk->ik", a, b)
    tf.einsum("ij,jk", a, b, name="named")
    tf.einsum("ij->ji", a)
    tf.einsum("ij->", a)
    tf.einsum("i,j->ij", a[0], b[0])
    tf.einsum("bij,bij->b", batch, batch)
    tf.einsum("bij,kj->bik", batch, a)
    tf.einsum("bij,jk->bik", unknown, b)
    tf.einsum("...ij,jk->...ik", batch, b)
    tf.einsum("ii", tf.placeholder(tf.float32, [3, 3]))
    tf.einsum("ij,jk,kl->il", a, b, tf.placeholder(tf.float32, [4, 2]))
    tf.einsum("ij,ij,ij->i", a, a, a)


def statistics(tf):
    x = tf.placeholder(tf.float32, [2, None], name="x")
    tf.reduce_logsumexp(x)
    tf.reduce_logsumexp(x, 1, keepdims=True, name="named")
    tf.reduce_logsumexp([1.0, 2.0])
    tf.math.reduce_variance(x, 0)
    tf.math.reduce_std(x, name="named")
    tf.count_nonzero(x)
    tf.count_nonzero([True, False], keepdims=True, dtype=tf.int32)
    tf.count_nonzero(tf.placeholder(tf.string), 0)


def norms(tf):
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    tf.norm(x)
    tf.norm(x, 1)
    tf.norm(x, np.inf, axis=1)
    tf.norm(x, 3, axis=0, keepdims=True)
    tf.norm(x, "fro", axis=[0, 1])
    tf.norm(x, 1, axis=(0, 1), name="named")
    tf.norm(x, np.inf, axis=[-2, -1])
    tf.norm(tf.placeholder(tf.complex64, [2]))
    tf.trace(x)
    tf.cross([1.0, 2.0, 3.0], [0.0, 1.0, 0.0])
    tf.math.polyval([1.0, x, 3.0], x)
    tf.math.polyval([], x)
    tf.linalg.matvec(x, [1.0, 2.0, 3.0])


def clipping(tf):
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    y = tf.placeholder(tf.float32, name="y")
    slices = tf.IndexedSlices(tf.placeholder(tf.float32, [2, 3]), [0, 4], [7, 3])
    tf.clip_by_value(x, -1.0, 1.0)
    tf.clip_by_value(slices, [0.0, 0.0, 0.0], 1.0, name="named")
    tf.clip_by_norm(x, 2.0)
    tf.clip_by_norm(x, 2.0, axes=[0], name="named")
    tf.clip_by_norm(slices, y)
    tf.clip_by_average_norm(x, 2.0)
    tf.global_norm([x, None, slices, y])
    tf.clip_by_global_norm([x, None, slices], 3.0)
    tf.clip_by_global_norm((x, y), y, use_norm=y, name="named")


def counting(tf):
    i = tf.placeholder(tf.int32, [None])
    tf.bincount(i)
    tf.bincount(i, minlength=3, maxlength=i[0], dtype=tf.float32)
    tf.bincount([1, 2], weights=[0.5, 1.0])
    tf.histogram_fixed_width([1.0, 2.0], [0.0, 5.0])
    tf.histogram_fixed_width([1.0, 2.0], [0.0, 5.0], nbins=i[1], dtype=tf.int64, name="named")
    tf.histogram_fixed_width_bins([1.0, 2.0], [0.0, 5.0], nbins=4)


def segments(tf):
    x, ids = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.int32, [None])
    for f in (tf.segment_sum, tf.segment_mean, tf.segment_prod, tf.segment_max, tf.segment_min):
        f(x, ids)
        f([1.0, 2.0], [0, 0], name="named")
    for f in (tf.unsorted_segment_sum, tf.unsorted_segment_prod, tf.unsorted_segment_max, tf.unsorted_segment_min,
              tf.unsorted_segment_mean, tf.unsorted_segment_sqrt_n):  # fmt: skip
        f(x, ids, 4)
        f([1.0, 2.0], [0, 0], tf.size(ids), name="named")
    for f in (tf.sparse_segment_sum, tf.sparse_segment_mean, tf.sparse_segment_sqrt_n):
        f(x, ids, ids)
        f(x, [0, 1], [0, 1], num_segments=3, name="named")
    tf.sparse.segment_sum(x, ids, ids)


def special(tf):
    x = tf.placeholder(tf.float32, [2], name="x")
    for f in (tf.lgamma, tf.digamma, tf.erf, tf.erfc, tf.math.bessel_i0, tf.math.bessel_i1, tf.math.bessel_i0e, tf.lbeta):
        f(x)
        f([1.0], name="named")
    for f in (tf.igamma, tf.igammac, tf.zeta, tf.polygamma):
        f(x, 2.0)
    tf.betainc(x, 1.0, [0.5, 0.25])
    i = tf.placeholder(tf.uint8)
    for f in (tf.bitwise.bitwise_and, tf.bitwise.bitwise_or, tf.bitwise.bitwise_xor, tf.bitwise.left_shift, tf.bitwise.right_shift):
        f(i, 3)
    tf.bitwise.invert(i)


def numerics(tf):
    x = tf.placeholder(tf.float32, [2], name="x")
    tf.verify_tensor_all_finite(x, "bad")
    tf.debugging.assert_all_finite([1.0], "worse", name="named")
    tf.cast(x, tf.int32)
    tf.add_check_numerics_ops()
