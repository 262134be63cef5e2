"""`tf.contrib.crf`: conditional random fields along sequences."""

import numpy as np

from ...core import dtypes
from ...core.convert import constant, convert
from ...core.dispatch import registry
from ...core.export import export, public as tf
from ...rnn.cell import RNNCell
from ...rnn.dynamic import dynamic_rnn
from ...variables.scope import get_variable


def _export(name):
    return export("contrib.crf." + name, "contrib.crf.python.ops.crf." + name)


def _by_length(inputs, single, several):
    """What one of two functions gives: the first for sequences of length 1."""
    length = inputs.shape.dims[1].value if inputs.shape.dims else None
    return tf.contrib.framework.smart_cond(tf.equal(length or tf.shape(inputs)[1], 1), single, several)


def _zero_where_empty(values, lengths):
    return tf.where(tf.less_equal(lengths, 0), tf.zeros_like(values), values)


def _less_one(lengths):
    return tf.maximum(constant(0, dtype=lengths.dtype), lengths - 1)


@_export("crf_sequence_score")
def crf_sequence_score(inputs, tag_indices, sequence_lengths, transition_params):
    """The scores of sequences of tags, before they are normalized.

    Args:
      inputs: the scores of tags, (batch, time, tags).
      tag_indices: the tags, (batch, time).
      sequence_lengths: the lengths, (batch).
      transition_params: the scores of transitions, (tags, tags).

    Returns:
      A tensor (batch).
    """

    def single():
        batch_size = tf.shape(inputs, out_type=tag_indices.dtype)[0]
        rows = tf.reshape(tf.range(batch_size, dtype=tag_indices.dtype), [-1, 1])
        scores = tf.gather_nd(tf.squeeze(inputs, [1]), tf.concat([rows, tag_indices], axis=1))
        return _zero_where_empty(scores, sequence_lengths)

    def several():
        unary = crf_unary_score(tag_indices, sequence_lengths, inputs)
        return unary + crf_binary_score(tag_indices, sequence_lengths, transition_params)

    return _by_length(inputs, single, several)


@_export("crf_multitag_sequence_score")
def crf_multitag_sequence_score(inputs, tag_bitmap, sequence_lengths, transition_params):
    """The scores of all sequences of tags that a mask allows, before they are normalized.

    Args:
      inputs, sequence_lengths, transition_params: as of `crf_sequence_score`.
      tag_bitmap: which tags are allowed, (batch, time, tags).
    """

    def filtered():
        return tf.where(tag_bitmap, inputs, tf.fill(tf.shape(inputs), float("-inf")))

    def single():
        return tf.reduce_logsumexp(filtered(), axis=[1, 2], keepdims=False)

    def several():
        return crf_log_norm(filtered(), sequence_lengths, transition_params)

    return _by_length(inputs, single, several)


@_export("crf_log_norm")
def crf_log_norm(inputs, sequence_lengths, transition_params):
    """The logarithms of the sums over all sequences of tags; the arguments are those of `crf_sequence_score`."""
    first = tf.squeeze(tf.slice(inputs, [0, 0, 0], [-1, 1, -1]), [1])

    def single():
        return _zero_where_empty(tf.reduce_logsumexp(first, [1]), sequence_lengths)

    def several():
        rest = tf.slice(inputs, [0, 1, 0], [-1, -1, -1])
        cell = CrfForwardRnnCell(transition_params)
        _, alphas = dynamic_rnn(cell=cell, inputs=rest, sequence_length=_less_one(sequence_lengths), initial_state=first,
                                dtype=dtypes.float32)  # fmt: skip
        return _zero_where_empty(tf.reduce_logsumexp(alphas, [1]), sequence_lengths)

    return _by_length(inputs, single, several)


@_export("crf_log_likelihood")
def crf_log_likelihood(inputs, tag_indices, sequence_lengths, transition_params=None):
    """The logarithms of the likelihoods of sequences of tags.

    Args:
      inputs, tag_indices, sequence_lengths: as of `crf_sequence_score`.
      transition_params: the scores of transitions; by default the variable `transitions`.

    Returns:
      A pair of a tensor (batch) and the scores of transitions.
    """
    inputs = convert(inputs)
    tags = inputs.shape.dims[2].value
    if transition_params is None:
        transition_params = get_variable("transitions", [tags, tags])
    scores = crf_sequence_score(inputs, tag_indices, sequence_lengths, transition_params)
    return scores - crf_log_norm(inputs, sequence_lengths, transition_params), transition_params


@_export("crf_unary_score")
def crf_unary_score(tag_indices, sequence_lengths, inputs):
    """The sums of the scores of tags; the arguments are those of `crf_sequence_score`."""
    batch_size, length, tags = tf.shape(inputs)[0], tf.shape(inputs)[1], tf.shape(inputs)[2]
    flat = tf.reshape(inputs, [-1])
    offsets = tf.expand_dims(tf.range(batch_size) * length * tags, 1)
    offsets += tf.expand_dims(tf.range(length) * tags, 0)
    if tag_indices.dtype == dtypes.int64:
        offsets = tf.cast(offsets, dtypes.int64)
    indices = tf.reshape(offsets + tag_indices, [-1])
    scores = tf.reshape(tf.gather(flat, indices), [batch_size, length])
    masks = tf.sequence_mask(sequence_lengths, maxlen=tf.shape(tag_indices)[1], dtype=dtypes.float32)
    return tf.reduce_sum(scores * masks, 1)


@_export("crf_binary_score")
def crf_binary_score(tag_indices, sequence_lengths, transition_params):
    """The sums of the scores of transitions; the arguments are those of `crf_sequence_score`."""
    tags = transition_params.get_shape()[0]
    transitions = tf.shape(tag_indices)[1] - 1
    starts = tf.slice(tag_indices, [0, 0], [-1, transitions])
    ends = tf.slice(tag_indices, [0, 1], [-1, transitions])
    indices = starts * tags + ends
    scores = tf.gather(tf.reshape(transition_params, [-1]), indices)
    masks = tf.sequence_mask(sequence_lengths, maxlen=tf.shape(tag_indices)[1], dtype=dtypes.float32)
    return tf.reduce_sum(scores * tf.slice(masks, [0, 1], [-1, -1]), 1)


class _Cell(RNNCell):
    """What cells over scores of transitions have in common."""

    def __init__(self, transition_params):
        self._transition_params = tf.expand_dims(transition_params, 0)
        self._num_tags = transition_params.shape.dims[0].value

    state_size = output_size = property(lambda self: self._num_tags)

    def _scores(self, state):
        return tf.expand_dims(state, 2) + self._transition_params


@_export("CrfForwardRnnCell")
class CrfForwardRnnCell(_Cell):
    """Goes forward over a sequence and sums over all sequences of tags.

    Args:
      transition_params: the scores of transitions, (tags, tags).
    """

    def __call__(self, inputs, state, scope=None):
        alphas = inputs + tf.reduce_logsumexp(self._scores(state), [1])
        return alphas, alphas


@_export("CrfDecodeForwardRnnCell")
class CrfDecodeForwardRnnCell(_Cell):
    """Goes forward over a sequence and finds the best tag before each tag.

    Args:
      transition_params: the scores of transitions, (tags, tags).
    """

    def __call__(self, inputs, state, scope=None):
        scores = self._scores(state)
        new_state = inputs + tf.reduce_max(scores, [1])
        return tf.cast(tf.argmax(scores, 1), dtype=dtypes.int32), new_state


@_export("CrfDecodeBackwardRnnCell")
class CrfDecodeBackwardRnnCell(RNNCell):
    """Goes backward along the best tags.

    Args:
      num_tags: the number of tags.
    """

    def __init__(self, num_tags):
        self._num_tags = num_tags

    state_size = output_size = property(lambda self: 1)

    def __call__(self, inputs, state, scope=None):
        state = tf.squeeze(state, axis=[1])
        indices = tf.stack([tf.range(tf.shape(inputs)[0]), state], axis=1)
        tags = tf.expand_dims(registry["GatherNd"](inputs, indices), axis=-1)
        return tags, tags


@_export("viterbi_decode")
def viterbi_decode(score, transition_params):
    """The best sequence of tags, in NumPy.

    Args:
      score: the scores of tags, an array (time, tags).
      transition_params: the scores of transitions, an array (tags, tags).

    Returns:
      A pair of a list of tags and its score.
    """
    best, before = np.zeros_like(score), np.zeros_like(score, dtype=np.int32)
    best[0] = score[0]
    for t in range(1, score.shape[0]):
        v = np.expand_dims(best[t - 1], 1) + transition_params
        best[t] = score[t] + np.max(v, 0)
        before[t] = np.argmax(v, 0)
    tags = [np.argmax(best[-1])]
    for row in reversed(before[1:]):
        tags.append(row[tags[-1]])
    return tags[::-1], np.max(best[-1])


@_export("crf_decode")
def crf_decode(potentials, transition_params, sequence_length):
    """The best sequences of tags.

    Args:
      potentials: the scores of tags, (batch, time, tags).
      transition_params: the scores of transitions, (tags, tags).
      sequence_length: the lengths, (batch).

    Returns:
      A pair of the tags, (batch, time), and their scores, (batch).
    """

    def single():
        squeezed = tf.squeeze(potentials, [1])
        tags = tf.expand_dims(tf.argmax(squeezed, axis=1), 1)
        best = tf.reduce_max(squeezed, axis=1)
        return tf.cast(tags, dtype=dtypes.int32), best

    def several():
        tags = potentials.shape.dims[2].value
        forward = CrfDecodeForwardRnnCell(transition_params)
        first = tf.squeeze(tf.slice(potentials, [0, 0, 0], [-1, 1, -1]), axis=[1])
        rest, lengths = tf.slice(potentials, [0, 1, 0], [-1, -1, -1]), _less_one(sequence_length)
        before, last = dynamic_rnn(forward, inputs=rest, sequence_length=lengths, initial_state=first, time_major=False,
                                   dtype=dtypes.int32)  # fmt: skip
        before = registry["ReverseSequence"](before, lengths, seq_dim=1, batch_dim=0)
        backward = CrfDecodeBackwardRnnCell(tags)
        state = tf.cast(tf.argmax(last, axis=1), dtype=dtypes.int32)
        state = tf.expand_dims(state, axis=-1)
        decoded, _ = dynamic_rnn(backward, inputs=before, sequence_length=lengths, initial_state=state, time_major=False,
                                 dtype=dtypes.int32)  # fmt: skip
        decoded = tf.concat([state, tf.squeeze(decoded, axis=[2])], axis=1)
        decoded = registry["ReverseSequence"](decoded, sequence_length, seq_dim=1, batch_dim=0)
        return decoded, tf.reduce_max(last, axis=1)

    return _by_length(potentials, single, several)
