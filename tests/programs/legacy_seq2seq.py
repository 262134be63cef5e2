"""Encoders and decoders that build every step in the graph, with given weights."""

import weighted_networks as networks


def _symbols(tf):
    return [tf.constant([1, 0, 2]), tf.constant([3, 3, 1])], [
        tf.constant([0, 1, 1]),
        tf.constant([2, 0, 3]),
        tf.constant([1, 1, 0]),
    ]


def _vectors(tf):
    x = tf.constant(networks.ramp([3, 3, 2]))
    return x, [x[:, 0], x[:, 1]], [x[:, 1], x[:, 2], x[:, 0]]


def vectors(tf):
    x, encoded, decoded = _vectors(tf)
    s = tf.contrib.legacy_seq2seq
    cell = tf.nn.rnn_cell.GRUCell(2)
    found = {
        "basic": s.basic_rnn_seq2seq(encoded, decoded, cell),
        "tied": s.tied_rnn_seq2seq(encoded, decoded, tf.nn.rnn_cell.GRUCell(2), loop_function=lambda output, i: output * float(i)),
        "decoder": s.rnn_decoder(decoded, x[:, 0], tf.nn.rnn_cell.GRUCell(2), scope="alone"),
    }
    return networks.values(tf, found, x)


def attention(tf):
    x, encoded, decoded = _vectors(tf)
    s = tf.contrib.legacy_seq2seq
    cell = tf.nn.rnn_cell.LSTMCell(2)
    state = tf.nn.rnn_cell.LSTMStateTuple(x[:, 0], x[:, 1])
    found = {
        "one": s.attention_decoder(decoded, state, x, cell, output_size=3, scope="one"),
        "two": s.attention_decoder(decoded, x[:, 0], x, tf.nn.rnn_cell.GRUCell(2), num_heads=2, initial_state_attention=True,
                                   loop_function=lambda output, i: output + float(i)),
    }  # fmt: skip
    return networks.values(tf, found, x)


def embeddings(tf):
    encoded, decoded = _symbols(tf)
    s = tf.contrib.legacy_seq2seq
    projection = tf.constant(networks.ramp([2, 4])), tf.constant(networks.ramp([4]))
    found = {}
    for name, feeds in (("given", False), ("fed", True), ("maybe", tf.placeholder_with_default(True, []))):
        with tf.variable_scope(name):
            cell = tf.nn.rnn_cell.GRUCell(2)
            found[name] = s.embedding_rnn_seq2seq(encoded, decoded, cell, 4, 4, 2, feed_previous=feeds)
            cell = tf.nn.rnn_cell.BasicLSTMCell(2)
            found[name + " tied"] = s.embedding_tied_rnn_seq2seq(encoded, decoded, cell, 4, 2, feed_previous=feeds)
            cell = tf.nn.rnn_cell.BasicLSTMCell(2)
            found[name + " attention"] = s.embedding_attention_seq2seq(encoded, decoded, cell, 4, 4, 2, feed_previous=feeds)
            cells = {"a": tf.nn.rnn_cell.GRUCell(2), "b": tf.nn.rnn_cell.GRUCell(2)}
            found[name + " many"] = s.one2many_rnn_seq2seq(
                encoded, {"a": decoded, "b": decoded[:2]}, tf.nn.rnn_cell.GRUCell(2), cells, 4, {"a": 4, "b": 5}, 2,
                feed_previous=feeds)  # fmt: skip
    cell = tf.nn.rnn_cell.GRUCell(2)
    found["projected"] = s.embedding_rnn_seq2seq(encoded, decoded, cell, 4, 4, 2, output_projection=projection, feed_previous=True)
    return networks.values(tf, found, projection[0])


def losses(tf):
    s = tf.contrib.legacy_seq2seq
    logits = [tf.constant(networks.ramp([3, 4], i)) for i in range(3)]
    targets, weights = _symbols(tf)[1], [tf.constant(networks.ramp([3], i) ** 2) for i in range(3)]
    found = {
        "each": s.sequence_loss_by_example(logits, targets, weights),
        "sums": s.sequence_loss_by_example(logits, targets, weights, average_across_timesteps=False),
        "all": s.sequence_loss(logits, targets, weights),
        "sum": s.sequence_loss(logits, targets, weights, average_across_batch=False),
        "own": s.sequence_loss(logits, targets, weights, softmax_loss_function=lambda labels, logits: logits[:, 1]),
    }
    return networks.values(tf, found, logits[0])


def buckets(tf):
    encoded, decoded = _symbols(tf)
    weights = [tf.ones([3]) for _ in decoded]
    s = tf.contrib.legacy_seq2seq

    def model(encoder_inputs, decoder_inputs):
        return s.embedding_rnn_seq2seq(encoder_inputs, decoder_inputs, tf.nn.rnn_cell.GRUCell(2), 4, 4, 2)

    x = tf.constant(networks.ramp([3]))
    found = s.model_with_buckets(encoded, decoded, decoded, [w * x for w in weights], [(1, 2), (2, 3)], model)
    return networks.values(tf, {"results": found}, x)


for _program in (vectors, attention, embeddings, losses, buckets):
    _program.rtol = 2e-5
