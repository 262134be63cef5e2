"""Decoders, attention and beam searches, with given weights."""

import numpy as np
import weighted_networks as networks

_LENGTHS = [3, 1, 2]


def _memory(tf):
    return tf.constant(networks.ramp([3, 4, 2], 0.1))


def _inputs(tf):
    return tf.constant(networks.ramp([3, 4, 2], 0.7))


def _mechanisms(tf, memory):
    s = tf.contrib.seq2seq
    return {
        "luong": s.LuongAttention(3, memory),
        "luong scaled": s.LuongAttention(3, memory, _LENGTHS, scale=True),
        "bahdanau": s.BahdanauAttention(4, memory, memory_sequence_length=_LENGTHS),
        "bahdanau normalized": s.BahdanauAttention(4, memory, normalize=True, probability_fn=tf.nn.sigmoid),
        "hardmax": s.LuongAttention(3, memory, probability_fn=s.hardmax),
        "monotonic": s.BahdanauMonotonicAttention(2, memory, score_bias_init=0.5),
        "monotonic recursive": s.BahdanauMonotonicAttention(2, memory, normalize=True, mode="recursive"),
        "monotonic hard": s.LuongMonotonicAttention(3, memory, scale=True, mode="hard"),
    }


def attention(tf):
    found = {}
    for name in ("luong", "luong scaled", "bahdanau", "bahdanau normalized", "hardmax", "monotonic", "monotonic recursive",
                 "monotonic hard"):  # fmt: skip
        with tf.Graph().as_default():
            memory = _memory(tf)
            mechanism = _mechanisms(tf, memory)[name]
            cell = tf.contrib.seq2seq.AttentionWrapper(tf.nn.rnn_cell.GRUCell(3), mechanism, attention_layer_size=2,
                                                       alignment_history=True)  # fmt: skip
            helper = tf.contrib.seq2seq.TrainingHelper(_inputs(tf), _LENGTHS)
            decoder = tf.contrib.seq2seq.BasicDecoder(cell, helper, cell.zero_state(3, tf.float32))
            outputs, state, lengths = tf.contrib.seq2seq.dynamic_decode(decoder)
            results = {"outputs": outputs, "lengths": lengths, "alignments": state.alignments, "cell": state.cell_state,
                       "history": state.alignment_history.stack(), "attention": state.attention}  # fmt: skip
            for k, v in networks.values(tf, results, memory).items():
                found["%s: %s" % (name, k)] = v
    return found


def several_mechanisms(tf):
    memory = _memory(tf)
    s = tf.contrib.seq2seq
    mechanisms = [s.LuongAttention(3, memory), s.BahdanauAttention(3, memory[:, :2])]
    cell = s.AttentionWrapper(tf.nn.rnn_cell.LSTMCell(3), mechanisms, output_attention=False, attention_layer_size=[2, 3])
    state = cell.zero_state(3, tf.float32).clone(cell_state=tf.nn.rnn_cell.LSTMStateTuple(memory[:, 0, :1] + tf.ones([3, 3]),
                                                                                         tf.zeros([3, 3])))  # fmt: skip
    output, state = cell(_inputs(tf)[:, 0], state)
    output, state = cell(_inputs(tf)[:, 1], state)
    return networks.values(tf, {"output": output, "state": state._replace(alignment_history=())}, memory)


def decoding_of_training(tf):
    x = _inputs(tf)
    s = tf.contrib.seq2seq
    cell = tf.nn.rnn_cell.LSTMCell(3)

    def decoder():
        return s.BasicDecoder(cell, s.TrainingHelper(x, _LENGTHS), cell.zero_state(3, tf.float32))

    results = s.dynamic_decode(decoder(), impute_finished=True, output_time_major=True)
    shorter = s.dynamic_decode(decoder(), maximum_iterations=2, scope="again")
    return networks.values(tf, {"results": results, "shorter": shorter}, x)


def greedy(tf):
    embedding = tf.constant(networks.ramp([5, 2]))
    s = tf.contrib.seq2seq
    helper = s.GreedyEmbeddingHelper(embedding, [1, 2, 3], 4)
    cell = tf.contrib.rnn.OutputProjectionWrapper(tf.nn.rnn_cell.GRUCell(3), 5)
    decoder = s.BasicDecoder(cell, helper, cell.zero_state(3, tf.float32))
    return networks.values(tf, {"results": s.dynamic_decode(decoder, maximum_iterations=6)}, embedding)


def sampled(tf):
    tf.set_random_seed(3)
    s = tf.contrib.seq2seq
    embedding = tf.constant(networks.ramp([5, 2]))
    found = {}
    for name in "sample", "embedding", "output", "function":
        with tf.variable_scope(name):
            if name == "sample":
                helper = s.SampleEmbeddingHelper(embedding, [1, 2, 3], 4, softmax_temperature=0.5, seed=7)
            elif name == "embedding":
                helper = s.ScheduledEmbeddingTrainingHelper(_inputs(tf), _LENGTHS, embedding, 0.5, seed=1, scheduling_seed=2)
            elif name == "output":
                helper = s.ScheduledOutputTrainingHelper(tf.constant(networks.ramp([3, 4, 5])), _LENGTHS, 0.5, seed=3)
            else:
                helper = s.ScheduledOutputTrainingHelper(_inputs(tf), _LENGTHS, 0.5, seed=3, next_inputs_fn=lambda o: o[:, :2],
                                                         auxiliary_inputs=_inputs(tf) * 2.0)  # fmt: skip
            cell = tf.contrib.rnn.OutputProjectionWrapper(tf.nn.rnn_cell.GRUCell(3), 5)
            decoder = s.BasicDecoder(cell, helper, cell.zero_state(3, tf.float32))
            found[name] = s.dynamic_decode(decoder, maximum_iterations=6)
    return networks.values(tf, found, embedding)


def custom(tf):
    s = tf.contrib.seq2seq
    x = _inputs(tf)

    def sample(time, outputs, state):
        return tf.cast(outputs[:, 0] * 9, tf.int32)

    def following(time, outputs, state, sample_ids):
        return tf.fill([3], time > 2), outputs[:, :2], state

    helper = s.CustomHelper(lambda: (tf.zeros([3], tf.bool), x[:, 0]), sample, following)
    cell = tf.nn.rnn_cell.BasicRNNCell(3)
    first = s.dynamic_decode(s.BasicDecoder(cell, helper, cell.zero_state(3, tf.float32)))
    helper = s.InferenceHelper(lambda o: o[:, 1:], [2], tf.float32, x[:, 1], lambda o: o[:, 0] > 0.9)
    second = s.dynamic_decode(s.BasicDecoder(cell, helper, cell.zero_state(3, tf.float32)), maximum_iterations=3)
    return networks.values(tf, {"first": first, "second": second}, x)


def _search(tf, coverage, length, known, attends=True):
    s = tf.contrib.seq2seq
    memory = tf.constant(networks.ramp([2, 3, 2], 0.4))
    embedding = tf.constant(networks.ramp([5, 2]))
    start = tf.constant([1, 2]) if known else tf.placeholder_with_default([1, 2], [None])
    cell = tf.contrib.rnn.OutputProjectionWrapper(tf.nn.rnn_cell.GRUCell(3), 5)
    if attends:
        mechanism = s.LuongAttention(5, s.tile_batch(memory, 3), s.tile_batch(tf.constant([3, 2]), 3))
        cell = s.AttentionWrapper(cell, mechanism, attention_layer_size=5, alignment_history=not known)
    state = cell.zero_state(tf.size(start) * 3, tf.float32)
    decoder = s.BeamSearchDecoder(cell, embedding, start, 4, state, 3, length_penalty_weight=length,
                                  coverage_penalty_weight=coverage)  # fmt: skip
    outputs, state, lengths = s.dynamic_decode(decoder, maximum_iterations=5)
    results = {"outputs": outputs, "lengths": lengths, "probabilities": state.log_probs, "beam lengths": state.lengths,
               "accumulated": state.accumulated_attention_probs}  # fmt: skip
    if attends and not known:
        results["history"] = state.cell_state.alignment_history
    return networks.values(tf, results, memory if attends else embedding)


def beams(tf):
    return _search(tf, 0.0, 0.0, True, attends=False)


def beams_with_penalties(tf):
    return _search(tf, 0.3, 0.7, True)


def beams_with_history(tf):
    return _search(tf, 0.0, 1.0, False)


def losses(tf):
    logits = tf.constant(networks.ramp([3, 4, 5]))
    targets, weights = tf.constant([[1, 0, 2, 4], [3, 3, 1, 0], [2, 2, 0, 1]]), tf.constant(networks.ramp([3, 4]) ** 2)
    loss = tf.contrib.seq2seq.sequence_loss
    found = [loss(logits, targets, weights, a, b, name="x") for a in (False, True) for b in (False, True)]
    found += [loss(logits, targets, weights, False, False, a, b) for a in (False, True) for b in (False, True)]
    found.append(loss(logits, targets, weights, softmax_loss_function=lambda labels, logits: tf.reduce_sum(
        logits * tf.one_hot(labels, 5), 1)))  # fmt: skip
    return networks.values(tf, {"losses": found}, logits)


def small_functions(tf):
    s = tf.contrib.seq2seq
    x = tf.constant(networks.ramp([2, 3]) ** 2)
    found = {"cumprod": s.safe_cumprod(x, axis=1), "exclusive": s.safe_cumprod(x, exclusive=True), "hard": s.hardmax(x),
             "tiled": s.tile_batch((x, x[0]), 2)}  # fmt: skip
    for mode in "recursive", "parallel", "hard":
        found[mode] = s.monotonic_attention(x, np.float32([[0, 1, 0], [0.5, 0.25, 0.25]]), mode)
    return networks.values(tf, found, x)


for _program in (attention, several_mechanisms, decoding_of_training, greedy, sampled, custom, beams, beams_with_penalties,
                 beams_with_history, losses, small_functions):  # fmt: skip
    _program.rtol = 2e-5


def eager_decoding(tf):
    s, found = tf.contrib.seq2seq, {}
    memory, x = _memory(tf), _inputs(tf)
    embedding = tf.constant(networks.ramp([5, 2]))
    with tf.variable_scope("keys", initializer=tf.constant_initializer(0.3)):
        mechanism = s.LuongAttention(3, memory, _LENGTHS)
    cell = s.AttentionWrapper(tf.nn.rnn_cell.GRUCell(3), mechanism, attention_layer_size=2, alignment_history=True)
    layer = tf.layers.Dense(5, name="projection")
    helpers = {
        "training": lambda: s.TrainingHelper(x, _LENGTHS),
        "greedy": lambda: s.GreedyEmbeddingHelper(embedding, [1, 2, 3], 4),
    }
    for turn in range(2):
        for name, helper in helpers.items():
            decoder = s.BasicDecoder(cell, helper(), cell.zero_state(3, tf.float32), layer)
            outputs, state, lengths = s.dynamic_decode(decoder, impute_finished=name == "training", maximum_iterations=5)
            found[name] = [outputs.rnn_output, outputs.sample_id, lengths, state.attention, state.alignment_history.stack()]
        if not turn:
            variables = [*cell.variables, *layer.variables]
            for i, v in enumerate(variables):
                v.assign(networks.ramp(v.shape.as_list(), i))
    found["variables"] = [v.name for v in variables]
    with tf.GradientTape() as tape:
        decoder = s.BasicDecoder(cell, helpers["training"](), cell.zero_state(3, tf.float32), layer)
        outputs, _, _ = s.dynamic_decode(decoder)
        loss = s.sequence_loss(outputs.rnn_output, tf.constant([[1, 2, 3], [0, 0, 0], [4, 1, 1]]), tf.ones([3, 3]))
    found["gradients"] = [networks.pieces(tf.convert_to_tensor(g).numpy()) for g in tape.gradient(loss, variables)]
    return found


def eager_beams(tf):
    s = tf.contrib.seq2seq
    embedding = tf.constant(networks.ramp([5, 2]))
    cell = tf.nn.rnn_cell.GRUCell(5)
    for turn in range(2):
        decoder = s.BeamSearchDecoder(cell, embedding, [1, 2], 4, cell.zero_state(6, tf.float32), 3, length_penalty_weight=0.5)
        outputs, state, lengths = s.dynamic_decode(decoder, maximum_iterations=5)
        for i, v in enumerate(cell.variables if not turn else ()):
            v.assign(networks.ramp(v.shape.as_list(), i))
    return {"ids": outputs.predicted_ids, "scores": outputs.beam_search_decoder_output.scores, "lengths": lengths,
            "probabilities": state.log_probs}  # fmt: skip


for _program in (eager_decoding, eager_beams):
    _program.rtol = 2e-5
