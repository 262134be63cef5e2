"""The program of article_eager.py as a graph.  Runs unchanged on TensorFlow 1.13 and 1.15."""

import numpy as np
import tensorflow as tf

images = tf.placeholder(tf.float32, [None, 28, 28, 3])
kernel = tf.get_variable("conv_w0", shape=[5, 5, 3, 20], initializer=tf.truncated_normal_initializer)
convolved = tf.nn.conv2d(input=images, filter=kernel, strides=[1, 2, 2, 1], padding="VALID")

x, y = tf.placeholder(tf.float32, []), tf.placeholder(tf.float32, [])
slopes = tf.gradients(x**2 + y**3, [x, y])
polynomial = x * x + 2 * x + 4.0
(slope,) = tf.gradients(polynomial, [x])

a, b = tf.get_variable("a", initializer=1.0), tf.get_variable("b", initializer=1.0)
with_variables = a + 2 * x * a * b
gradients = tf.gradients(with_variables, [a, b])

# A placeholder has no value while the graph is built: `tf.cond` decides when it runs.
z = tf.placeholder(tf.float64, [1, 1])
relu = tf.cond((z >= 0.0)[0][0], lambda: z, lambda: tf.zeros_like(z))
try:
    if z[0][0] >= 0.0:
        relu = z
except TypeError:
    print("a branch of Python: refused")

w = tf.get_variable("w", initializer=3.0)
step = tf.train.GradientDescentOptimizer(learning_rate=0.1).minimize(w * 5.0)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print("convolution:", sess.run(convolved, {images: np.random.randn(2, 28, 28, 3)}).shape)
    print("slopes:", [float(g) for g in sess.run(slopes, {x: 1.0, y: 2.0})])
    print("value and slope:", *sess.run([polynomial, slope], {x: 2.0}))
    print("value and gradients:", *sess.run([with_variables, *gradients], {x: 5.0}))
    print("relu:", [sess.run(relu, {z: [[v]]}).tolist() for v in (-5.0, 5.0)])
    steps = []
    for _ in range(5):
        sess.run(step)
        steps.append(float(sess.run(w)))
    print("w:", steps)
