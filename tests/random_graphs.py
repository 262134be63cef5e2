"""Random programs: graphs of operations, branches, loops, variables and host code, made from a seed."""

import numpy as np

import eagle as tf

SHAPE = (3, 4)
_UNARY = (tf.tanh, tf.sin, tf.sigmoid, tf.square, tf.negative, lambda x: tf.exp(-tf.square(x)), lambda x: x * 0.5 + 0.1)
_BINARY = (
    tf.add,
    tf.subtract,
    tf.multiply,
    lambda a, b: a / (1.0 + tf.square(b)),
    tf.maximum,
    lambda a, b: tf.matmul(a, b, transpose_b=True)[:, :1] + a,
)


class RandomGraph:
    """A graph of float64 values of one shape.

    Attributes:
      graph: the graph.
      x: the placeholder.
      result: a scalar that depends on it.
      outputs: more tensors to fetch.
      updates: operations that change variables.
    """

    def __init__(self, seed, cuts=False):
        self._random = np.random.RandomState(seed)
        self._cuts = cuts
        self.graph = tf.Graph()
        with self.graph.as_default():
            tf.set_random_seed(seed)
            self.x = tf.placeholder(tf.float64, SHAPE)
            self.variables = [self._variable(i) for i in range(2)]
            values = [self.x, *[v + 0.0 for v in self.variables], tf.constant(self._random.randn(*SHAPE))]
            for _ in range(self._random.randint(4, 12)):
                values.append(self._value(values, 2))
            self.outputs = values[-3:]
            self.result = tf.reduce_sum(values[-1] * 0.1)
            with tf.control_dependencies([self.result]):
                self.updates = [v.assign(v * 0.9 + 0.01 * u) for v, u in zip(self.variables, self.outputs)]

    def _variable(self, i):
        initial = self._random.randn(*SHAPE)
        return tf.get_variable("v%d" % i, initializer=tf.constant(initial), use_resource=bool(self._random.randint(2)))

    def _choice(self, values):
        return values[self._random.randint(len(values))]

    def _value(self, values, depth):
        kind = self._random.randint(12 if depth else 8)
        a, b = self._choice(values), self._choice(values)
        if kind < 3:
            return self._choice(_UNARY)(a)
        if kind < 6:
            return self._choice(_BINARY)(a, b)
        if kind == 6:
            axis = self._random.randint(2)
            return a - tf.reduce_mean(b, axis=axis, keepdims=True)
        if kind == 7:
            return self._cut(a) if self._cuts else tf.reshape(tf.transpose(tf.reshape(a, [-1, SHAPE[0]])), tf.shape(b))
        if kind < 10:
            return self._branch(a, b, values, depth)
        return self._loop(a, b, depth)

    def _cut(self, a):
        result = tf.py_func(lambda v: np.cos(v), [a], tf.float64, stateful=False)
        result.set_shape(SHAPE)
        return result + 0.5 * a

    def _branch(self, a, b, values, depth):
        seed = self._random.randint(1 << 30)

        def inside(offset):
            def function():
                outer, self._random = self._random, np.random.RandomState(seed + offset)
                made = [a, b]
                for _ in range(2):
                    made.append(self._value(made, depth - 1))
                self._random = outer
                return made[-1]

            return function

        return tf.cond(tf.reduce_sum(a) > tf.reduce_sum(b), inside(0), inside(1))

    def _loop(self, a, b, depth):
        turns, seed = self._random.randint(0, 5), self._random.randint(1 << 30)
        limit = tf.constant(turns) if seed % 2 else tf.cast(tf.reduce_sum(tf.square(a)), tf.int32) % 4

        def body(i, value):
            outer, self._random = self._random, np.random.RandomState(seed)
            made = self._value([value, b], depth - 1)
            self._random = outer
            return i + 1, 0.5 * made + 0.1 * tf.cast(i, tf.float64)

        return tf.while_loop(lambda i, value: i < limit, body, [tf.constant(0), a])[1]
