"""Generators that are variables: streams and states."""


def _numbers(tf):
    g = tf.random.experimental.Generator.from_seed(1234)
    found = [g.state, g.normal([5]), g.uniform([2, 3]), g.truncated_normal([7], 1.0, 2.0, tf.float64)]
    found += [g.uniform([9], 0, 100, tf.int32), g.uniform([3], -5, 2**40, tf.int64), g.uniform_full_int([5]), g.make_seeds(3)]
    found += [g.state, g.key]
    g.skip(7)
    found += [g.state, g.uniform([3])]
    g.reset_from_seed([1, 2, 3])
    found += [g.uniform([3], dtype=tf.float16)]
    g.reset_from_key_counter(3, [2**64 - 1, 5])
    found += [g.normal([4]), g.state]
    return [tf.identity(x) for x in found]


def eager_numbers(tf):
    return {"values": _numbers(tf)}


def eager_large(tf):
    g = tf.random.experimental.Generator.from_key_counter(5, [1, 2], 1)
    return {"normal": g.normal([100001]), "uniform": g.uniform([100001]), "state": tf.identity(g.state)}


def eager_split(tf):
    g = tf.random.experimental.Generator.from_seed(7)
    return {"values": [h.normal([3]) for h in g.split(2)] + [g.normal([2])]}


def in_a_graph(tf):
    g = tf.random.experimental.Generator.from_seed(9)
    x, y = g.normal([3]), g.uniform([2], 0, 10, tf.int32)
    with tf.Session() as sess:
        sess.run(g.state.initializer)
        return {"runs": [sess.run(x), sess.run(x), sess.run(y)], "state": sess.run(g.state)}


def eager_states(tf):
    create = tf.random.experimental.create_rng_state
    return {"states": [create(s, a) for s, a in ((5, 1), (-1, 1), (2**64 + 3, 2), ([1, 2], 1), (2**200, 1))]}
