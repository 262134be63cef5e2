"""Outputs, states and gradients of recurrent networks, with given weights."""

import weighted_networks as networks

_LENGTHS = [3, 0, 2]


def _inputs(tf, batch=3, steps=4, depth=2):
    return tf.constant(networks.ramp([batch, steps, depth], 0.1))


def _cells(tf):
    c = tf.nn.rnn_cell
    return [
        c.BasicRNNCell(3),
        c.GRUCell(3),
        c.BasicLSTMCell(3, forget_bias=0.5),
        c.LSTMCell(3),
        c.LSTMCell(3, use_peepholes=True, cell_clip=0.4, num_proj=2, proj_clip=0.3),
        c.MultiRNNCell([c.GRUCell(2), c.ResidualWrapper(c.LSTMCell(2))]),
        c.BasicLSTMCell(3, state_is_tuple=False, activation=tf.nn.relu),
    ]


def _over_cells(tf, run):
    found = {}
    for i in range(7):
        with tf.Graph().as_default():
            x = _inputs(tf)
            output, state = run(_cells(tf)[i], x)
            for k, v in networks.values(tf, {"output": output, "state": state}, x).items():
                found["%d %s" % (i, k)] = v
    return found


def dynamic(tf):
    return _over_cells(tf, lambda cell, x: tf.nn.dynamic_rnn(cell, x, dtype=tf.float32))


def dynamic_of_lengths(tf):
    return _over_cells(tf, lambda cell, x: tf.nn.dynamic_rnn(cell, x, _LENGTHS, dtype=tf.float32))


def dynamic_time_major(tf):
    def run(cell, x):
        return tf.nn.dynamic_rnn(cell, tf.transpose(x, [1, 0, 2]), tf.placeholder_with_default(_LENGTHS, [None]),
                                 initial_state=cell.zero_state(3, tf.float32), time_major=True, swap_memory=True)  # fmt: skip

    return _over_cells(tf, run)


def static(tf):
    return _over_cells(tf, lambda cell, x: tf.nn.static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32))


def static_of_lengths(tf):
    return _over_cells(
        tf, lambda cell, x: tf.nn.static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32, sequence_length=_LENGTHS)
    )


def bidirectional(tf):
    x = _inputs(tf)
    cells = tf.nn.rnn_cell.GRUCell(3), tf.nn.rnn_cell.LSTMCell(2)
    outputs, states = tf.nn.bidirectional_dynamic_rnn(*cells, x, sequence_length=_LENGTHS, dtype=tf.float32)
    static, fw, bw = tf.nn.static_bidirectional_rnn(
        tf.nn.rnn_cell.GRUCell(3), tf.nn.rnn_cell.LSTMCell(2), tf.unstack(x, axis=1), dtype=tf.float32, sequence_length=_LENGTHS,
        scope="static")  # fmt: skip
    backwards = tf.nn.bidirectional_dynamic_rnn(
        tf.nn.rnn_cell.GRUCell(2), tf.nn.rnn_cell.BasicRNNCell(2), x, dtype=tf.float32, time_major=True, scope="whole"
    )
    return networks.values(tf, {"dynamic": (outputs, states), "static": (static, fw, bw), "whole": backwards}, x)


def raw(tf):
    x = _inputs(tf)
    rows = tf.TensorArray(tf.float32, 4).unstack(tf.transpose(x, [1, 0, 2]))
    cell = tf.nn.rnn_cell.LSTMCell(3)

    def step(time, output, state, loop_state):
        finished = time >= _LENGTHS
        following = tf.cond(tf.reduce_all(finished), lambda: tf.zeros([3, 2]), lambda: rows.read(time))
        state = cell.zero_state(3, tf.float32) if output is None else state
        return finished, following, state, output, tf.constant(0.0) if output is None else loop_state + tf.reduce_sum(output)

    outputs, state, loop_state = tf.nn.raw_rnn(cell, step)
    return networks.values(tf, {"outputs": outputs.stack(), "state": state, "loop state": loop_state}, x)


def saving(tf):
    x = _inputs(tf)

    class Saver:
        def __init__(self):
            self.kept = {n: tf.get_variable(n, [3, 3], initializer=tf.ones_initializer(), trainable=False) for n in "ch"}

        def state(self, name):
            return self.kept[name].read_value()

        def save_state(self, name, value):
            return tf.assign(self.kept[name], value)

    saver = Saver()
    outputs, state = tf.nn.static_state_saving_rnn(tf.nn.rnn_cell.LSTMCell(3), tf.unstack(x, axis=1), saver, ("c", "h"))
    found = networks.values(tf, {"outputs": outputs, "state": state}, x)
    return found


def _variables(cell):
    """The variables of a cell, those of cells in it included: wrappers list none."""
    return [v for c in getattr(cell, "_cells", [cell]) for v in getattr(c, "cell", c).variables]


def eager_cells(tf):
    found = {}
    for i, cell in enumerate(_cells(tf)):
        x = _inputs(tf)
        output, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
        for n, v in enumerate(_variables(cell)):
            v.assign(networks.ramp(v.shape.as_list(), n))
        with tf.GradientTape() as tape:
            tape.watch(x)
            output, state = tf.nn.dynamic_rnn(cell, x, sequence_length=_LENGTHS, dtype=tf.float32)
            steps, last = tf.nn.static_rnn(cell, tf.unstack(x, axis=1), initial_state=state)
            loss = tf.add_n([tf.reduce_sum(t * t) for t in [output, *steps, *networks.flat(tf, last)]])
        gradients = tape.gradient(loss, [x, *_variables(cell)])
        found["%d output" % i] = output
        found["%d states" % i] = networks.flat(tf, [state, last])
        found["%d gradients" % i] = [networks.pieces(g.numpy()) for g in gradients]
    return found


for _program in (dynamic, dynamic_of_lengths, dynamic_time_major, static, static_of_lengths, bidirectional, raw, saving,
                 eager_cells):  # fmt: skip
    _program.rtol = 2e-5
