"""A network whose meta graph is read and trained; tools/record_graphs.py records what TensorFlow 1.15 makes of it."""

import numpy as np


def network(tf):
    """A network whose operations, variables and collections are used after it was read."""
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    with tf.variable_scope("net"):
        w = tf.get_variable("w", initializer=np.linspace(-1, 1, 12).reshape(4, 3).astype("f"))
        b = tf.get_variable("b", initializer=np.zeros(3, "f"), use_resource=True)
    y = tf.nn.softmax(tf.matmul(x, w) + b, name="y")
    loss = tf.reduce_mean(tf.square(y), name="loss")
    train = tf.train.AdamOptimizer(0.1).minimize(loss, global_step=tf.train.get_or_create_global_step())
    tf.add_to_collection("train_op", train)
    for key, value in (("ints", 3), ("floats", 2.5), ("texts", "abc"), ("tensors", y)):
        tf.add_to_collection(key, value)
    return train


INPUT = np.arange(8.0).reshape(2, 4) / 10


def after_training(tf, graph, prefix=""):
    """What the network gives, and its step, after it was initialized and trained a little."""
    with tf.Session(graph=graph) as sess:
        sess.run(tf.variables_initializer(graph.get_collection("variables")))
        for _ in range(3):
            sess.run(graph.get_collection("train_op")[0], {prefix + "x:0": np.ones((2, 4))})
        return sess.run([prefix + "y:0", prefix + "loss:0", prefix + "global_step:0"], {prefix + "x:0": INPUT})
