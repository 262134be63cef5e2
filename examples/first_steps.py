"""A graph, run and differentiated; then the same eagerly.  Runs unchanged on TensorFlow 1.x as far as `disable`."""

import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 2])
y = tf.reduce_sum(x * x + 2.0 * x)
(slope,) = tf.gradients(y, [x])
with tf.Session() as sess:
    print(sess.run([y, slope], {x: [[1.0, 2.0], [3.0, 4.0]]}))

tf.enable_eager_execution()
print(tf.constant([1.0, 2.0]) * 3.0)
