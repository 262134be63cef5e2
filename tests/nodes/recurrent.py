"""Programs whose graphs must be TensorFlow's node for node: cells and what runs them without loops."""


def lstm(tf):
    tf.set_random_seed(1)
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    cell = tf.nn.rnn_cell.LSTMCell(4)
    state = cell.zero_state(2, tf.float32)
    output, state = cell(x, state)
    cell(x, state)
    cell = tf.nn.rnn_cell.LSTMCell(4, use_peepholes=True, cell_clip=0.5, num_proj=2, proj_clip=0.3, name="c", num_unit_shards=2)
    cell(x, cell.zero_state(tf.shape(x)[0], tf.float32))
    with tf.variable_scope("joined"):
        cell = tf.nn.rnn_cell.LSTMCell(4, state_is_tuple=False)
        cell(x, tf.placeholder(tf.float32, [2, 8]))


def basic_cells(tf):
    x = tf.placeholder(tf.float64, [None, 3], name="x")
    c = tf.nn.rnn_cell
    for cell in (c.BasicRNNCell(4), c.GRUCell(4, bias_initializer=tf.ones_initializer()), c.BasicLSTMCell(4, activation=tf.nn.relu),
                 c.BasicLSTMCell(4, state_is_tuple=False)):  # fmt: skip
        cell(x, cell.get_initial_state(inputs=x))
    tf.nn.rnn_cell.GRUCell(3)(x, x, scope="given")
    shared = tf.nn.rnn_cell.GRUCell(3, reuse=True, name="given")
    shared(x, x)


def stacks_and_wrappers(tf):
    tf.set_random_seed(1)
    c = tf.nn.rnn_cell
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    p = tf.placeholder(tf.float32, [])
    varied = c.DropoutWrapper(c.BasicRNNCell(4), 0.5, 0.6, 0.7, variational_recurrent=True, input_size=2, dtype=tf.float32)
    cells = [c.ResidualWrapper(c.GRUCell(3)), c.DropoutWrapper(c.BasicLSTMCell(4), 0.5, 0.6, p, seed=3),
             c.DeviceWrapper(c.BasicRNNCell(2), "/cpu:0"), varied]  # fmt: skip
    cell = c.MultiRNNCell(cells)
    cell(x, cell.zero_state(2, tf.float32))
    with tf.variable_scope("joined"):
        joined = c.MultiRNNCell([c.GRUCell(2), c.GRUCell(3)], state_is_tuple=False)
        joined(x, joined.zero_state(2, tf.float32))


def static(tf):
    x = [tf.placeholder(tf.float32, [None, 3], name="x") for _ in range(2)]
    tf.nn.static_rnn(tf.nn.rnn_cell.LSTMCell(4), x, dtype=tf.float32)
    tf.nn.static_bidirectional_rnn(tf.nn.rnn_cell.GRUCell(4), tf.nn.rnn_cell.BasicRNNCell(3), x, dtype=tf.float32)


def projections(tf):
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    c = tf.contrib.rnn
    for cell in c.InputProjectionWrapper(c.GRUCell(4), 5), c.OutputProjectionWrapper(c.GRUCell(4), 2, activation=tf.tanh):
        state = cell.zero_state(2, tf.float32)
        _, state = cell(x, state)
        cell(x, state)
    cell = c.EmbeddingWrapper(c.BasicLSTMCell(4), 5, 3)
    cell(tf.placeholder(tf.int32, [2, 1]), cell.zero_state(2, tf.float32))


def attention(tf):
    x, memory = tf.placeholder(tf.float32, [2, 3], name="x"), tf.placeholder(tf.float32, [2, 5, 4], name="memory")
    s = tf.contrib.seq2seq
    lengths = tf.placeholder(tf.int32, [None])
    mechanisms = [s.LuongAttention(6, memory, lengths, scale=True), s.BahdanauAttention(3, memory, normalize=True),
                  s.LuongMonotonicAttention(6, memory, sigmoid_noise=1.0, sigmoid_noise_seed=1),
                  s.BahdanauMonotonicAttention(3, memory, mode="hard")]  # fmt: skip
    for i, mechanism in enumerate(mechanisms):
        with tf.variable_scope("scope_%d" % i):
            cell = s.AttentionWrapper(tf.nn.rnn_cell.GRUCell(6), mechanism, attention_layer_size=None if i == 1 else 2)
            cell(x, cell.zero_state(2, tf.float32))


def sequences(tf):
    s = tf.contrib.seq2seq
    logits, targets = tf.placeholder(tf.float32, [2, 3, 4]), tf.placeholder(tf.int32, [2, 3])
    weights = tf.placeholder(tf.float32, [2, 3])
    s.sequence_loss(logits, targets, weights)
    s.sequence_loss(logits, targets, weights, False, True)
    s.sequence_loss(logits, targets, weights, False, False, True, True)
    s.sequence_loss(logits, targets, weights, False, False, True, False)
    s.tile_batch([logits, weights], 3)
    s.hardmax(logits)
    s.safe_cumprod(weights, axis=1)


def contrib_cells(tf):
    tf.set_random_seed(1)
    c = tf.contrib.rnn
    x = tf.placeholder(tf.float32, [2, 4], name="x")
    coupled = c.CoupledInputForgetGateLSTMCell(4, use_peepholes=True, num_unit_shards=2)
    for cell in (coupled, c.LayerNormBasicLSTMCell(4), c.NASCell(3),
                 c.UGRNNCell(3), c.IntersectionRNNCell(4), c.SRUCell(3), c.IndRNNCell(3), c.IndyGRUCell(3), c.IndyLSTMCell(3),
                 c.GLSTMCell(4, number_of_groups=2), c.AttentionCellWrapper(c.BasicLSTMCell(3), 2), c.LSTMBlockCell(3),
                 c.GRUBlockCellV2(3), c.HighwayWrapper(c.BasicRNNCell(4)),
                 c.TimeFreqLSTMCell(2, use_peepholes=True, feature_size=2)):  # fmt: skip
        with tf.variable_scope(None, "scope"):
            timefreq = isinstance(cell, c.TimeFreqLSTMCell)
            cell(x, tf.placeholder(tf.float32, [2, 12]) if timefreq else cell.zero_state(2, tf.float32))


def images_and_fused(tf):
    c = tf.contrib.rnn
    cell = c.Conv2DLSTMCell(input_shape=[3, 4, 2], kernel_shape=[2, 2], output_channels=3, skip_connection=False)
    cell(tf.placeholder(tf.float32, [2, 3, 4, 2]), cell.zero_state(2, tf.float32))
    cell = c.LSTMBlockFusedCell(3, use_peephole=True)
    cell(tf.placeholder(tf.float32, [5, 2, 3]), dtype=tf.float32)
    cell(tf.placeholder(tf.float32, [None, None, 3]), dtype=tf.float32, sequence_length=tf.placeholder(tf.int32, [None]))


def compatible_with_cudnn(tf):
    x = tf.placeholder(tf.float32, [2, 4], name="x")
    for cell in tf.contrib.cudnn_rnn.CudnnCompatibleGRUCell(3), tf.contrib.cudnn_rnn.CudnnCompatibleLSTMCell(3):
        cell(x, cell.zero_state(2, tf.float32))
