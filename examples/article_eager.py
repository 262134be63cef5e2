"""A first look at eager execution: gradients, Python control flow, optimization.  Runs unchanged on TensorFlow 1.13."""

import numpy as np
import tensorflow as tf
import tensorflow.contrib.eager as tfe

tfe.enable_eager_execution()

# An operation gives its result at once.
images = np.random.randn(2, 28, 28, 3).astype(np.float32)
kernel = tf.get_variable("conv_w0", shape=[5, 5, 3, 20], initializer=tf.truncated_normal_initializer)
convolved = tf.nn.conv2d(input=images, filter=kernel, strides=[1, 2, 2, 1], padding="VALID")
print("convolution:", convolved.numpy().shape)


# Derivatives with respect to the arguments of a function.
@tfe.gradients_function
def slopes(x, y):
    return x**2 + y**3


print("slopes:", [float(g) for g in slopes(1.0, 2.0)])


def polynomial(x):
    return x * x + 2 * x + 4.0


print("slope:", float(tfe.gradients_function(polynomial)(2.0)[0]))
value, (slope,) = tfe.value_and_gradients_function(polynomial)(2.0)
print("value and slope:", value.numpy(), slope.numpy())

# Derivatives with respect to the variables that a function uses.
a = tfe.Variable(initial_value=1.0, name="a")
b = tfe.Variable(initial_value=1.0, name="b")


def with_variables(c):
    return a + 2 * c * a * b


for gradient, variable in tfe.implicit_gradients(with_variables)(5.0):
    print("gradient of %s:" % variable.name, gradient.numpy())
value, gradients = tfe.implicit_value_and_gradients(with_variables)(5.0)
print("value and gradients:", value.numpy(), sorted(float(g) for g, _ in gradients))


# Python decides, for values are known.
def relu_in_python(x):
    if x >= 0:
        return x
    return tf.zeros(x.shape, dtype=tf.float64)


def relu_by_cond(x):
    is_positive = tf.greater_equal(x, tf.constant(0.0, dtype=tf.float64))
    zeros = tf.zeros(x.shape, dtype=tf.float64)
    return tf.cond(is_positive[0][0], lambda: x, lambda: zeros)


for relu in (relu_in_python, relu_by_cond):
    print(relu.__name__, [np.asarray(relu(np.asarray([[v]]))).tolist() for v in (-5.0, 5.0)])

# An optimizer takes the function itself.
w = tf.get_variable("w", initializer=3.0)
optimizer = tf.train.GradientDescentOptimizer(learning_rate=0.1)
steps = []
for _ in range(5):
    optimizer.minimize(lambda: w * 5.0)
    steps.append(float(w.numpy()))
print("w:", steps)
