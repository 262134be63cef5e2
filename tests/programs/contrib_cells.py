"""Outputs, states and gradients of the cells of tf.contrib.rnn, with given weights."""

import weighted_networks as networks


def _cells(tf):
    c = tf.contrib.rnn
    made = {
        "coupled": lambda: c.CoupledInputForgetGateLSTMCell(3, use_peepholes=True, num_proj=2, proj_clip=0.5, num_unit_shards=2),
        "coupled, normalized": lambda: c.CoupledInputForgetGateLSTMCell(3, layer_norm=True, state_is_tuple=False),
        "normalized": lambda: c.LayerNormBasicLSTMCell(3, norm_gain=0.7, norm_shift=0.2),
        "not normalized": lambda: c.LayerNormBasicLSTMCell(3, layer_norm=False),
        "nas": lambda: c.NASCell(2, use_bias=True),
        "nas projected": lambda: c.NASCell(2, num_proj=3),
        "ug": lambda: c.UGRNNCell(3),
        "intersection": lambda: c.IntersectionRNNCell(3, num_in_proj=3),
        "sru": lambda: c.SRUCell(2),
        "ind": lambda: c.IndRNNCell(3),
        "indy gru": lambda: c.IndyGRUCell(3),
        "indy lstm": lambda: c.IndyLSTMCell(3),
        "grouped": lambda: c.GLSTMCell(4, num_proj=2, number_of_groups=2),
        "attention": lambda: c.AttentionCellWrapper(c.BasicLSTMCell(3), 2, attn_vec_size=4),
        "attention, joined": lambda: c.AttentionCellWrapper(c.GRUCell(3), 2, state_is_tuple=False),
        "highway": lambda: c.HighwayWrapper(c.GRUCell(2), couple_carry_transform_gates=False),
        "block": lambda: c.LSTMBlockCell(3, cell_clip=0.5, use_peephole=True),
        "gru block": lambda: c.GRUBlockCell(3),
        "gru block 2": lambda: c.GRUBlockCellV2(3),
    }
    return made


def _over(tf, run, names):
    found = {}
    for name in names:
        with tf.Graph().as_default():
            x = tf.constant(networks.ramp([3, 4, 2], 0.1))
            for k, v in networks.values(tf, run(_cells(tf)[name](), x), x).items():
                found["%s: %s" % (name, k)] = v
    return found


def _dynamic(cell, x, tf):
    output, state = tf.nn.dynamic_rnn(cell, x, [3, 0, 2], dtype=tf.float32)
    return {"output": output, "state": state}


def lstms(tf):
    names = "coupled", "coupled, normalized", "normalized", "not normalized", "grouped", "indy lstm", "block"
    return _over(tf, lambda cell, x: _dynamic(cell, x, tf), names)


def others(tf):
    names = "nas", "nas projected", "ug", "intersection", "sru", "ind", "indy gru", "gru block", "gru block 2"
    return _over(tf, lambda cell, x: _dynamic(cell, x, tf), names)


def around(tf):
    return _over(tf, lambda cell, x: _dynamic(cell, x, tf), ("attention", "attention, joined", "highway"))


def phased(tf):
    x = tf.constant(networks.ramp([3, 4, 2], 0.1))
    times = tf.constant(networks.ramp([3, 4, 1]) * 3.0 + 4.0)
    for peepholes in (False, True):
        with tf.variable_scope("peepholes" if peepholes else "none"):
            cell = tf.contrib.rnn.PhasedLSTMCell(2, use_peepholes=peepholes, period_init_min=2.0)
            output, state = tf.nn.static_rnn(cell, [(times[:, i], x[:, i]) for i in range(3)], dtype=tf.float32)
    return networks.values(tf, {"output": output, "state": state}, x)


def images(tf):
    found = {}
    for rank, shape in ((1, [3]), (2, [3, 2]), (3, [2, 2, 2])):
        with tf.variable_scope("rank%d" % rank):
            cell = getattr(tf.contrib.rnn, "Conv%dDLSTMCell" % rank)(
                input_shape=[*shape, 2], kernel_shape=[2] * rank, output_channels=1, use_bias=rank < 3)  # fmt: skip
            x = tf.constant(networks.ramp([2, *shape, 2]))
            output, state = cell(x, cell.zero_state(2, tf.float32))
            found["rank %d" % rank] = cell(x, state)
    return networks.values(tf, found, x)


def grids(tf):
    c = tf.contrib.rnn
    x = tf.constant(networks.ramp([2, 6]))
    found = {}
    cells = {
        "timefreq": c.TimeFreqLSTMCell(2, use_peepholes=True, cell_clip=0.5, feature_size=2, frequency_skip=2),
        "grid": c.GridLSTMCell(2, use_peepholes=True, feature_size=2, frequency_skip=2, num_frequency_blocks=[3]),
        "shared": c.GridLSTMCell(2, use_peepholes=True, share_time_frequency_weights=True, couple_input_forget_gates=True,
                                 cell_clip=0.4, feature_size=2, frequency_skip=1, num_frequency_blocks=[3, 2],
                                 start_freqindex_list=[0, 3], end_freqindex_list=[4, 6]),
        "joined": c.GridLSTMCell(2, feature_size=3, frequency_skip=3, num_frequency_blocks=[2], state_is_tuple=False),
        "both ways": c.BidirectionalGridLSTMCell(1, feature_size=2, frequency_skip=2, num_frequency_blocks=[3],
                                                 backward_slice_offset=1),
    }  # fmt: skip
    for name, cell in cells.items():
        with tf.variable_scope(name.replace(" ", "_")):
            state = tf.ones([2, 12]) if name == "timefreq" else cell.zero_state(2, tf.float32)
            output, state = cell(x, state)
            found[name] = output, state
            if name != "timefreq":
                found[name + " again"] = cell(x, state)
    return networks.values(tf, found, x)


def fused(tf):
    x = tf.constant(networks.ramp([4, 3, 2], 0.1))
    c, found = tf.contrib.rnn, {}
    fused = c.LSTMBlockFusedCell(2, cell_clip=0.6, use_peephole=True)
    found["whole"] = fused(x, dtype=tf.float32)
    found["list"] = c.LSTMBlockFusedCell(2, name="list")(x, initial_state=(x[0] + 1.0, x[1]))
    found["lengths"] = c.LSTMBlockFusedCell(2, name="lengths")(x, dtype=tf.float32, sequence_length=[3, 0, 2])
    found["loop"] = c.FusedRNNCellAdaptor(c.GRUCell(2), use_dynamic_rnn=True)(tf.unstack(x), dtype=tf.float32, scope="loop")
    found["steps"] = c.FusedRNNCellAdaptor(c.GRUCell(2))(x, dtype=tf.float32, scope="steps")
    reverse = c.TimeReversedFusedRNN(c.FusedRNNCellAdaptor(c.GRUCell(2), use_dynamic_rnn=True))
    found["reverse"] = reverse(x, dtype=tf.float32, scope="reverse")
    found["parts"] = reverse(x, dtype=tf.float32, sequence_length=[3, 1, 2], scope="parts")
    return networks.values(tf, found, x)


def stacked(tf):
    x = tf.constant(networks.ramp([3, 4, 2], 0.1))
    c = tf.contrib.rnn
    found = {
        "steps": c.stack_bidirectional_rnn([c.GRUCell(2), c.GRUCell(2)], [c.GRUCell(2), c.LSTMCell(1)], tf.unstack(x, axis=1),
                                           dtype=tf.float32, sequence_length=[3, 0, 2], scope="steps"),
        "loop": c.stack_bidirectional_dynamic_rnn([c.GRUCell(2), c.GRUCell(2)], [c.GRUCell(2), c.LSTMCell(1)], x, dtype=tf.float32,
                                                  sequence_length=[3, 0, 2]),
    }  # fmt: skip
    return networks.values(tf, found, x)


for _program in (lstms, others, around, phased, images, grids, fused, stacked):
    _program.rtol = 5e-5
