"""The network of digits_eager.py as a graph.  Runs unchanged on TensorFlow 1.13 and 1.15."""

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

tf.set_random_seed(1)

digits = load_digits()
images, labels = (digits.images[..., None] / 16.0).astype(np.float32), digits.target.astype(np.int64)
order = np.random.RandomState(0).permutation(len(images))
held_out, train = order[: len(order) // 5], order[len(order) // 5 :]

x = tf.placeholder(tf.float32, [None, 8, 8, 1])
y = tf.placeholder(tf.int64, [None])


def variable(name, *shape):
    return tf.get_variable(name, shape, initializer=tf.truncated_normal_initializer(stddev=0.1))


hidden = x
for filters in (variable("filters1", 3, 3, 1, 16), variable("filters2", 3, 3, 16, 32)):
    hidden = tf.nn.relu(tf.nn.conv2d(hidden, filters, [1, 1, 1, 1], "SAME"))
    hidden = tf.nn.max_pool(hidden, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
logits = tf.matmul(tf.reshape(hidden, [-1, 2 * 2 * 32]), variable("weights", 2 * 2 * 32, 10)) + variable("bias", 10)
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), y), tf.float32))
step = tf.train.AdamOptimizer(0.005).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(12):
        shuffled = np.random.RandomState(epoch).permutation(train)
        for start in range(0, len(shuffled), 64):
            batch = shuffled[start : start + 64]
            sess.run(step, {x: images[batch], y: labels[batch]})
    right = sess.run(accuracy, {x: images[held_out], y: labels[held_out]})

print("right on the held-out fifth: %.1f%%" % (100 * right))
assert right >= 0.97
