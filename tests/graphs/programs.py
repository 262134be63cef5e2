"""Programs whose graphs are read and run: each builds a graph, and says what to feed and to fetch.

A program returns a dictionary: `feeds` (name of a tensor -> value), `fetches` (names of tensors) and, if need be, `init` (the name
of an operation to run first), `train` (the name of one to run `steps` times before the fetches).
"""

import numpy as np


def _numbers(*shape, seed=1):
    return np.random.RandomState(seed).uniform(-1, 1, shape).astype(np.float32)


def _names(*tensors):
    return [t.name for t in tensors]


def _dense(tf, x, units, name, activation=None, use_resource=False):
    with tf.variable_scope(name, use_resource=use_resource):
        kernel = tf.get_variable("kernel", initializer=_numbers(int(x.shape[-1]), units))
        bias = tf.get_variable("bias", initializer=_numbers(units, seed=2))
        y = tf.nn.bias_add(tf.matmul(x, kernel), bias)
        return activation(y) if activation else y


def mlp(tf):
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    labels = tf.placeholder(tf.int32, [None], name="labels")
    h = _dense(tf, x, 8, "hidden", tf.nn.relu)
    logits = _dense(tf, h, 3, "logits")
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits), name="loss")
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    init = tf.global_variables_initializer()
    feeds = {"x:0": _numbers(5, 4, seed=3), "labels:0": np.array([0, 2, 1, 1, 0], np.int32)}
    return dict(feeds=feeds, fetches=_names(logits, loss), init=init.name, train=step.name, steps=3)


def mlp_of_resource_variables(tf):
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    y = _dense(tf, _dense(tf, x, 8, "hidden", tf.tanh, True), 1, "out", use_resource=True)
    loss = tf.reduce_sum(tf.square(y - 1.0), name="loss")
    step = tf.train.AdamOptimizer(0.05).minimize(loss)
    init = tf.global_variables_initializer()
    return dict(feeds={"x:0": _numbers(5, 4, seed=3)}, fetches=_names(y, loss), init=init.name, train=step.name, steps=3)


def cnn(tf):
    x = tf.placeholder(tf.float32, [None, 8, 8, 1], name="x")
    kernel = tf.get_variable("kernel", initializer=_numbers(3, 3, 1, 4))
    h = tf.nn.relu(tf.nn.conv2d(x, kernel, strides=[1, 1, 1, 1], padding="SAME"))
    h = tf.nn.max_pool(h, [1, 2, 2, 1], [1, 2, 2, 1], "VALID")
    y = _dense(tf, tf.reshape(h, [-1, 4 * 4 * 4]), 2, "out")
    loss = tf.reduce_mean(tf.square(y), name="loss")
    step = tf.train.MomentumOptimizer(0.01, 0.9).minimize(loss)
    init = tf.global_variables_initializer()
    return dict(feeds={"x:0": _numbers(2, 8, 8, 1, seed=4)}, fetches=_names(y, loss), init=init.name, train=step.name, steps=2)


def while_loop(tf):
    x = tf.placeholder(tf.float32, [], name="x")
    i, y = tf.while_loop(lambda i, y: i < 5, lambda i, y: (i + 1, y * x + tf.cast(i, tf.float32)), [0, x])
    return dict(feeds={"x:0": np.float32(1.5)}, fetches=_names(i, y, tf.gradients(y, x)[0]))


def nested_loops(tf):
    x = tf.placeholder(tf.float32, [2], name="x")

    def outer(i, y):
        _, z = tf.while_loop(lambda j, z: j < i, lambda j, z: (j + 1, tf.sin(z) + x), [0, y])
        return i + 1, z * x

    i, y = tf.while_loop(lambda i, y: i < 4, outer, [0, x])
    return dict(feeds={"x:0": _numbers(2)}, fetches=_names(i, y, tf.gradients(y, x)[0]))


def cond(tf, value=True):
    p = tf.placeholder(tf.bool, [], name="p")
    x = tf.placeholder(tf.float32, [3], name="x")
    y = tf.cond(p, lambda: tf.exp(x) * 2.0, lambda: x + tf.constant([1.0, 2.0, 3.0]))
    return dict(feeds={"p:0": np.bool_(value), "x:0": _numbers(3)}, fetches=_names(y, tf.gradients(y, x)[0]))


def cond_of_false(tf):
    return cond(tf, False)


def nested_conds(tf):
    p, q = tf.placeholder(tf.bool, [], name="p"), tf.placeholder(tf.bool, [], name="q")
    x = tf.placeholder(tf.float32, [3], name="x")

    def inner():
        return tf.cond(q, lambda: tf.square(x) * 3.0, lambda: tf.sigmoid(x))

    y = tf.cond(p, lambda: inner() + x, lambda: [tf.cond(tf.reduce_sum(x) > 0, lambda: x, lambda: -2.0 * x)])
    feeds = {"p:0": np.bool_(True), "q:0": np.bool_(False), "x:0": _numbers(3)}
    return dict(feeds=feeds, fetches=_names(y, tf.gradients(y, x)[0]))


def conds_in_a_row(tf):
    """All on one predicate, as in a network with batch normalization."""
    p = tf.placeholder(tf.bool, [], name="p")
    x = h = tf.placeholder(tf.float32, [3], name="x")
    for _ in range(3):
        h = tf.cond(p, lambda: tf.tanh(h) * x, lambda: h + 1.0)
        h = tf.exp(h)
    return dict(feeds={"p:0": np.bool_(True), "x:0": _numbers(3)}, fetches=_names(h, tf.gradients(h, x)[0]))


def loop_in_cond(tf):
    p = tf.placeholder(tf.bool, [], name="p")
    x = tf.placeholder(tf.float32, [3], name="x")

    def loop():
        return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * x), [0, tf.cos(x)])[1]

    y = tf.cond(p, loop, lambda: x)
    return dict(feeds={"p:0": np.bool_(True), "x:0": _numbers(3)}, fetches=_names(y, tf.gradients(y, x)[0]))


def cond_in_loop(tf):
    x = tf.placeholder(tf.float32, [3], name="x")

    def body(i, y):
        return i + 1, tf.cond(tf.equal(i % 2, 0), lambda: tf.sin(y) * x, lambda: y * y + 0.5)

    _, y = tf.while_loop(lambda i, y: i < 5, body, [0, x])
    return dict(feeds={"x:0": _numbers(3)}, fetches=_names(y, tf.gradients(y, x)[0]))


def loops_of_arrays(tf):
    x = tf.placeholder(tf.float32, [4, 3], name="x")
    w = tf.get_variable("w", initializer=_numbers(3, 3))
    y = tf.map_fn(lambda row: tf.tanh(tf.tensordot(row, w, 1)), x)
    z = tf.scan(lambda a, row: a * 0.5 + row, x)
    s = tf.foldl(lambda a, row: a + row * row, y)
    init = tf.global_variables_initializer()
    grads = tf.gradients(tf.reduce_sum(s) + tf.reduce_sum(z), [x, w])
    return dict(feeds={"x:0": _numbers(4, 3, seed=5)}, fetches=_names(y, z, s, *grads), init=init.name)


def recurrent(tf):
    """A recurrent layer over sequences of different lengths, with the loop that `dynamic_rnn` makes."""
    x = tf.placeholder(tf.float32, [None, 6, 3], name="x")
    lengths = tf.placeholder(tf.int32, [None], name="lengths")
    w = tf.get_variable("w", initializer=_numbers(7, 4))
    steps = tf.TensorArray(tf.float32, 6).unstack(tf.transpose(x, [1, 0, 2]))
    state = tf.zeros([tf.shape(x)[0], 4])

    def step(t, h, out):
        new = tf.tanh(tf.matmul(tf.concat([steps.read(t), h], 1), w))
        new = tf.where(t >= lengths, h, new)
        return t + 1, new, out.write(t, new)

    _, last, outputs = tf.while_loop(
        lambda t, *_: t < tf.reduce_max(lengths), step, [0, state, tf.TensorArray(tf.float32, 6, element_shape=[None, 4])]
    )
    outputs = tf.transpose(outputs.gather(tf.range(tf.reduce_max(lengths))), [1, 0, 2])
    loss = tf.reduce_sum(outputs * outputs) + tf.reduce_sum(last)
    train = tf.train.GradientDescentOptimizer(0.05).minimize(loss)
    init = tf.global_variables_initializer()
    feeds = {"x:0": _numbers(2, 6, 3, seed=6), "lengths:0": np.array([4, 2], np.int32)}
    return dict(feeds=feeds, fetches=_names(outputs, last, loss), init=init.name, train=train.name, steps=2)


def dropout(tf):
    x = tf.placeholder(tf.float32, [4, 5], name="x")
    keep = tf.placeholder_with_default(np.float32(0.5), [], name="keep")
    y = tf.nn.dropout(x, keep, seed=7)
    return dict(feeds={"x:0": _numbers(4, 5)}, fetches=_names(y))


def batch_norm(tf):
    """Normalization whose moments and updates depend on a placeholder."""
    training = tf.placeholder(tf.bool, [], name="training")
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    scale = tf.get_variable("scale", initializer=np.ones(3, np.float32))
    mean = tf.get_variable("mean", initializer=np.zeros(3, np.float32), trainable=False)

    def in_training():
        batch_mean, variance = tf.nn.moments(x, [0])
        with tf.control_dependencies([tf.assign(mean, mean * 0.9 + batch_mean * 0.1)]):
            return tf.identity(batch_mean), tf.identity(variance)

    m, v = tf.cond(training, in_training, lambda: (tf.identity(mean), tf.ones([3])))
    y = tf.nn.batch_normalization(x, m, v, None, scale, 1e-3)
    loss = tf.reduce_sum(y * y * y)
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    init = tf.global_variables_initializer()
    feeds = {"training:0": np.bool_(True), "x:0": _numbers(6, 3)}
    return dict(feeds=feeds, fetches=_names(y, loss, mean), init=init.name, train=train.name, steps=2)


def assign_in_loop(tf):
    v = tf.get_variable("v", initializer=np.float32(2.0))
    w = tf.get_variable("w", initializer=np.float32(2.0), use_resource=True)

    def body(i, total):
        with tf.control_dependencies([tf.assign_add(v, 1.0), w.assign(w * 2.0)]):
            return i + 1, total + tf.cast(i, tf.float32)

    i, total = tf.while_loop(lambda i, t: i < 3, body, [0, 0.0])
    with tf.control_dependencies([total]):
        after = [tf.identity(v.read_value()), tf.identity(w.read_value())]
    init = tf.global_variables_initializer()
    return dict(feeds={}, fetches=_names(i, total, *after), init=init.name)


def case(tf):
    x = tf.placeholder(tf.int32, [], name="x")
    y = tf.case(
        [(x < 0, lambda: tf.constant(-1.0)), (x > 10, lambda: tf.constant(1.0))], default=lambda: tf.cast(x, tf.float32) / 10.0
    )
    z = tf.case({tf.equal(x, 5): lambda: x * 2}, default=lambda: x, exclusive=True)
    return dict(feeds={"x:0": np.int32(5)}, fetches=_names(y, z))


def constants(tf):
    """Constants of every type."""
    made = []
    for name in "float16 float32 float64 int8 uint8 int16 uint16 int32 int64 bool complex64 complex128".split():
        made.append(tf.constant(np.array([[0, 1], [1, 0]]), dtype=getattr(tf, name)))
        made.append(tf.constant(True if name == "bool" else 1, dtype=getattr(tf, name), shape=[3]))
    made += [tf.constant(["a", "bc"]), tf.constant("d"), tf.constant([], tf.string), tf.zeros([0, 3])]
    return dict(feeds={}, fetches=_names(*[tf.identity(t) for t in made]))


def layers(tf):
    """Layers with batch normalization whose averages are updated before the optimizer's step."""
    x = tf.placeholder(tf.float32, [None, 8, 8, 3], name="x")
    training = tf.placeholder_with_default(True, [], name="training")
    h = tf.layers.conv2d(x, 4, 3, padding="same", kernel_initializer=tf.constant_initializer(0.1))
    h = tf.nn.relu(tf.layers.batch_normalization(h, training=training))
    h = tf.layers.flatten(tf.layers.max_pooling2d(h, 2, 2))
    y = tf.layers.dense(h, 2, kernel_initializer=tf.constant_initializer(0.01))
    loss = tf.losses.softmax_cross_entropy(tf.one_hot([0, 1], 2), y)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        step = tf.train.AdamOptimizer(0.01).minimize(loss)
    init = tf.global_variables_initializer()
    return dict(feeds={"x:0": _numbers(2, 8, 8, 3)}, fetches=_names(y, loss), init=init.name, train=step.name, steps=3)


def recurrent_layers(tf):
    x = tf.placeholder(tf.float32, [2, 5, 3], name="x")
    with tf.variable_scope("rnn", initializer=tf.constant_initializer(0.1)):
        cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.LSTMCell(4), tf.nn.rnn_cell.GRUCell(4)])
        y, _ = tf.nn.dynamic_rnn(cell, x, sequence_length=[3, 5], dtype=tf.float32)
    loss = tf.reduce_sum(y * y)
    step = tf.train.RMSPropOptimizer(0.01).minimize(loss)
    init = tf.global_variables_initializer()
    return dict(feeds={"x:0": _numbers(2, 5, 3)}, fetches=_names(y, loss), init=init.name, train=step.name, steps=2)


def functional_control_flow(tf):
    """A loop and a condition as While and If, with their gradients."""
    tf.compat.v1.enable_control_flow_v2()
    try:
        x = tf.placeholder(tf.float32, [3], name="x")
        _, y = tf.while_loop(lambda i, y: i < 4, lambda i, y: (i + 1, tf.sin(y) * x), [0, x])
        z = tf.cond(tf.reduce_sum(x) > 0, lambda: y * x, lambda: y - x)
        (gradient,) = tf.gradients(z, x)
    finally:
        tf.compat.v1.disable_control_flow_v2()
    return dict(feeds={"x:0": _numbers(3)}, fetches=_names(y, z, gradient))


def function_of_a_variable(tf):
    x = tf.placeholder(tf.float32, [3], name="x")
    v = tf.Variable(_numbers(3, seed=2), use_resource=True)
    f = tf.function(lambda a: tf.tanh(a) * v + tf.reduce_sum(a))
    y = f(x) + f(f(x))
    gradients = tf.gradients(y, [x, v])
    init = tf.global_variables_initializer()
    return dict(feeds={"x:0": _numbers(3)}, fetches=_names(y, *gradients), init=init.name)


def strings_and_more(tf):
    words = tf.placeholder(tf.string, [None], name="words")
    numbers = tf.string_to_number(tf.string_split(words, ",").values)
    rows = tf.nn.embedding_lookup(tf.constant(_numbers(5, 2)), [0, 3])
    largest = tf.nn.top_k(tf.constant(_numbers(7)), 3)
    unique = tf.unique([1, 2, 1, 3])
    dense = tf.sparse.to_dense(tf.SparseTensor([[0, 1], [1, 0]], [1.0, 2.0], [2, 2]))
    inverse = tf.linalg.inv(tf.constant(_numbers(3, 3)))
    image = tf.image.resize_bilinear(tf.constant(_numbers(1, 4, 4, 1)), [8, 8])
    made = [numbers, tf.strings.length(words), rows, largest.values, largest.indices, unique.y, unique.idx, dense, inverse, image]
    return dict(feeds={"words:0": np.array(["1,2", "3"], object)}, fetches=_names(*made))


def table(tf):
    lookup = tf.contrib.lookup
    filled = lookup.KeyValueTensorInitializer(["a", "b"], [1, 2], tf.string, tf.int64)
    words = tf.placeholder(tf.string, [None], name="words")
    found = lookup.HashTable(filled, -1).lookup(words)
    return dict(feeds={"words:0": np.array(["b", "z"], object)}, fetches=_names(found), init=tf.tables_initializer().name)


def dataset(tf):
    numbers = tf.data.Dataset.from_tensor_slices(np.arange(6, dtype=np.float32))
    numbers = numbers.map(lambda x: tf.cond(x > 2, lambda: x * 2, lambda: x)).shuffle(3, seed=1).repeat(2).batch(4)
    iterator = numbers.make_initializable_iterator()
    return dict(feeds={}, fetches=_names(iterator.get_next()), init=iterator.initializer.name)


def dataset_of_one_shot(tf):
    squares = tf.data.Dataset.range(5).map(lambda x: x * x).batch(3)
    return dict(feeds={}, fetches=_names(tf.identity(squares.make_one_shot_iterator().get_next())))
