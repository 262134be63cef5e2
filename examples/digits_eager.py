"""A convolutional network learns scikit-learn's 1,797 handwritten digits, eagerly.  Runs unchanged on TensorFlow 1.13."""

import numpy as np
import tensorflow as tf
import tensorflow.contrib.eager as tfe
from sklearn.datasets import load_digits

tf.enable_eager_execution()
tf.set_random_seed(1)

digits = load_digits()
images, labels = (digits.images[..., None] / 16.0).astype(np.float32), digits.target.astype(np.int64)
order = np.random.RandomState(0).permutation(len(images))
held_out, train = order[: len(order) // 5], order[len(order) // 5 :]


def variable(name, *shape):
    return tfe.Variable(tf.truncated_normal(shape, stddev=0.1), name=name)


filters1, filters2 = variable("filters1", 3, 3, 1, 16), variable("filters2", 3, 3, 16, 32)
weights, bias = variable("weights", 2 * 2 * 32, 10), variable("bias", 10)


def network(x):
    for filters in (filters1, filters2):
        x = tf.nn.relu(tf.nn.conv2d(x, filters, [1, 1, 1, 1], "SAME"))
        x = tf.nn.max_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    return tf.matmul(tf.reshape(x, [-1, 2 * 2 * 32]), weights) + bias


def loss(x, y):
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=network(x)))


optimizer = tf.train.AdamOptimizer(0.005)
for epoch in range(12):
    shuffled = np.random.RandomState(epoch).permutation(train)
    for start in range(0, len(shuffled), 64):
        batch = shuffled[start : start + 64]
        optimizer.minimize(lambda: loss(images[batch], labels[batch]))

guesses = np.argmax(network(images[held_out]).numpy(), axis=1)
accuracy = np.mean(guesses == labels[held_out])
print("right on the held-out fifth: %.1f%%" % (100 * accuracy))
assert accuracy >= 0.97
