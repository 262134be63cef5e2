"""Decoders of connectionist temporal classification: from logits of frames to sequences of labels; the last class is the blank."""

import heapq
import itertools

import numpy as np

from ..core import shape as shapes
from ..core.errors import FailedPreconditionError, invalid
from ..core.export import export
from ..core.op import op
from ..core.sparse_tensor import SparseTensor


def _check_arguments(inputs, lengths):
    if inputs.ndim != 3:
        raise invalid("inputs is not a 3-Tensor")
    if not len(inputs):
        raise invalid("max_time is 0")
    if lengths.ndim != 1:
        raise invalid("sequence_length is not a vector")
    text = ""
    if len(lengths) != inputs.shape[1]:
        text = "len(sequence_length) != batch_size.  len(sequence_length):  %d batch_size: %d" % (len(lengths), inputs.shape[1])
    elif (lengths > len(inputs)).any():
        text = "sequence_length(%d) <= %d" % (np.argmax(lengths > len(inputs)), len(inputs))
    if text:
        raise FailedPreconditionError(None, None, text)


def _sparse(sequences):
    """Indices, values and shape of the sparse matrix whose rows are these sequences."""
    indices = [(b, i) for b, sequence in enumerate(sequences) for i in range(len(sequence))]
    values = list(itertools.chain(*sequences))
    width = max(map(len, sequences), default=0)
    return np.array(indices, np.int64).reshape(-1, 2), np.array(values, np.int64), np.array([len(sequences), width], np.int64)


def _without_repetitions(labels):
    return [label for label, _ in itertools.groupby(labels)]


# ---------------------------------------------------------------------------------------------------------------- greedy


@op("CTCGreedyDecoder", host=True)
def _greedy(xp, inputs, sequence_length, *, merge_repeated=False):
    _check_arguments(inputs, sequence_length)
    blank = inputs.shape[2] - 1
    best = inputs.argmax(2)
    sequences = []
    for b, n in enumerate(np.maximum(sequence_length, 0)):
        labels = best[:n, b].tolist()
        sequences.append([label for label in (_without_repetitions(labels) if merge_repeated else labels) if label != blank])
    inside = np.arange(len(inputs))[:, None] < sequence_length
    log_probability = -np.where(inside, inputs.max(2), 0).sum(0, dtype=inputs.dtype)
    return *_sparse(sequences), log_probability[:, None]


@_greedy.shape
def _(inputs, sequence_length):
    inputs = shapes.with_rank(inputs, 3)
    batch = shapes.merge_dims(inputs[1], shapes.with_rank(sequence_length, 1)[0])
    return [(None, 2), (None,), (2,), (batch, 1)]


_greedy.not_differentiable()


@_greedy.samples
def _(make):
    lengths = np.array([5, 3, 0], np.int32)
    yield make(5, 3, 4), lengths
    yield make(5, 3, 4), lengths, dict(merge_repeated=True)


@export("nn.ctc_greedy_decoder")
def ctc_greedy_decoder(inputs, sequence_length, merge_repeated=True):
    """The labels of the best path: the one that takes the greatest logit of each frame.

    Args:
      inputs: a float32 tensor of shape `[frames, batch, classes]`: logits.
      sequence_length: an int32 vector: how many frames each example has.
      merge_repeated: whether equal classes next to each other in the path count once.

    Returns:
      A pair: a list with one sparse int64 matrix, whose rows hold the labels of the examples; and a float32 matrix `[batch, 1]` of
      negative sums of the logits taken.

    Raises:
      InvalidArgumentError, FailedPreconditionError: a shape or length is not possible.
    """
    *parts, log_probability = _greedy(inputs, sequence_length, merge_repeated=merge_repeated)
    return [SparseTensor(*parts)], log_probability


# ----------------------------------------------------------------------------------------------------------- beam search


class _Beams:
    """The most probable beginnings of label sequences, best first.

    Of each is known: its labels, its last label (-1 if there is none), and the logarithms of the probabilities of the paths that
    give it and end in a blank (`blank`), in its last label (`label`), and of all of them (`total`).
    """

    def __init__(self, width):
        self.width = width
        self.labels = [()]
        self.last = np.array([-1])
        self.blank, self.label, self.total = np.zeros(1), np.full(1, -np.inf), np.zeros(1)

    def step(self, log_probs):
        """Takes one more frame, whose last class is the blank."""
        index = {labels: i for i, labels in enumerate(self.labels)}
        parents = np.array([index.get(labels[:-1], -1) if labels else -1 for labels in self.labels])
        # What stays: another blank, the last label once more, or its parent followed by the last label.
        from_parent = np.where(self.last == self.last[parents], self.blank[parents], self.total[parents])
        from_parent[parents < 0] = -np.inf
        label = np.logaddexp(self.label, from_parent) + np.where(self.last < 0, -np.inf, log_probs[self.last])
        blank = self.total + log_probs[-1]
        total = np.logaddexp(blank, label)
        # What is new: a label more, which must come after a blank if it is the same as the last one.
        children = np.repeat(self.total[:, None], len(log_probs) - 1, 1)
        has_last = np.flatnonzero(self.last >= 0)
        children[has_last, self.last[has_last]] = self.blank[has_last]
        children += log_probs[:-1]
        known = [{} for _ in parents]
        for i in np.flatnonzero(parents >= 0).tolist():
            known[parents[i]][int(self.last[i])] = i
        self._keep(self._best(total.tolist(), children, known), blank, label)

    def _best(self, totals, children, known):
        """The most probable of what stays and what is new, best first, each as (probability, place, place of the parent, label).

        One after another takes the place of the least probable so far.  As in TensorFlow, one that has lost its place does not grow
        if its parent comes before it and the parent's turn for its label is still to come then.
        """
        heap = [(p, -i, i, -1, -1) for i, p in enumerate(totals)]
        heapq.heapify(heap)
        lost, barren = set(), set()
        for i in range(len(totals)):
            if i in barren or not self._is_better(self.total[i], heap):
                continue
            hopeful = children[i] > (heap[0][0] if len(heap) == self.width else -np.inf)
            hopeful[list(known[i])] = True
            for label in np.flatnonzero(hopeful).tolist():
                child, probability = known[i].get(label), children[i, label]
                if child is not None:
                    if child in lost:
                        barren.add(child)
                elif self._is_better(probability, heap):
                    new = (float(probability), -len(totals) - i * len(children[i]) - label, -1, i, label)
                    if len(heap) < self.width:
                        heapq.heappush(heap, new)
                    else:
                        lost.add(heapq.heapreplace(heap, new)[2])
        return [(p, *rest) for p, _, *rest in sorted(heap, reverse=True)]

    def _is_better(self, probability, heap):
        return probability > (heap[0][0] if len(heap) == self.width else -np.inf)

    def _keep(self, best, blank, label):
        totals, places, parents, added = map(np.array, zip(*best))
        stays = places >= 0
        self.labels = [self.labels[i] if i >= 0 else (*self.labels[p], a) for _, i, p, a in best]
        self.last = np.where(stays, self.last[places], added)
        self.blank = np.where(stays, blank[places], -np.inf)
        self.label = np.where(stays, label[places], totals)
        self.total = totals


def _log_softmax(x):
    x = x.astype(np.float64)
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


@op("CTCBeamSearchDecoder", host=True, golden_tolerance=1e-6)
def _beam_search(xp, inputs, sequence_length, *, beam_width, top_paths, merge_repeated=True):
    _check_arguments(inputs, sequence_length)
    paths = [[] for _ in range(top_paths)]
    log_probability = np.zeros((inputs.shape[1], top_paths), inputs.dtype)
    log_probs = _log_softmax(inputs)
    for b, n in enumerate(np.maximum(sequence_length, 0)):
        beams = _Beams(beam_width)
        for frame in log_probs[:n, b]:
            beams.step(frame)
        if top_paths > beam_width:
            raise invalid("requested more paths than the beam width.")
        if top_paths > len(beams.labels):
            raise invalid("Less leaves in the beam search than requested.")
        log_probability[b] = beams.total[:top_paths]
        for path, labels in zip(paths, beams.labels):
            path.append(_without_repetitions(labels) if merge_repeated else labels)
    indices, values, dense_shapes = zip(*map(_sparse, paths))
    return list(indices), list(values), list(dense_shapes), log_probability


@_beam_search.shape
def _(inputs, sequence_length, *, top_paths):
    inputs = shapes.with_rank(inputs, 3)
    batch = shapes.merge_dims(inputs[1], shapes.with_rank(sequence_length, 1)[0])
    return [*[(None, 2)] * top_paths, *[(None,)] * top_paths, *[(2,)] * top_paths, (batch, top_paths)]


_beam_search.not_differentiable()


@_beam_search.samples
def _(make):
    lengths = np.array([6, 4, 1], np.int32)
    yield make(6, 3, 4), lengths, dict(beam_width=3, top_paths=2, merge_repeated=False)
    yield make(6, 3, 4), lengths, dict(beam_width=8, top_paths=3)
    yield make(6, 3, 3), lengths, dict(beam_width=40, top_paths=1, merge_repeated=False)


def _decoded(inputs, sequence_length, beam_width, top_paths, merge_repeated):
    *parts, log_probability = _beam_search(
        inputs, sequence_length, beam_width=beam_width, top_paths=top_paths, merge_repeated=merge_repeated
    )
    return [SparseTensor(*path) for path in zip(*parts)], log_probability


@export("nn.ctc_beam_search_decoder")
def ctc_beam_search_decoder(inputs, sequence_length, beam_width=100, top_paths=1, merge_repeated=True):
    """The most probable label sequences that a search finds which keeps `beam_width` beginnings at each frame.

    Args:
      inputs: a float32 tensor of shape `[frames, batch, classes]`: logits.
      sequence_length: an int32 vector: how many frames each example has.
      beam_width: an int of at least 1: how many beginnings are kept.
      top_paths: an int of at least 1 and at most `beam_width`: how many sequences are given.
      merge_repeated: whether equal labels next to each other in what was found are made one - also those that had a blank between
        them, which is seldom wanted.

    Returns:
      A pair: a list of `top_paths` sparse int64 matrices, whose rows hold the labels of the examples, best first; and a float32
      matrix `[batch, top_paths]` of the logarithms of their probabilities.

    Raises:
      InvalidArgumentError, FailedPreconditionError: a shape, length or number is not possible.
    """
    return _decoded(inputs, sequence_length, beam_width, top_paths, merge_repeated)


@export("nn.ctc_beam_search_decoder_v2", "compat.v2.nn.ctc_beam_search_decoder")
def ctc_beam_search_decoder_v2(inputs, sequence_length, beam_width=100, top_paths=1):
    """`nn.ctc_beam_search_decoder` that leaves equal labels next to each other as they are.

    Args:
      inputs: a float32 tensor of shape `[frames, batch, classes]`: logits.
      sequence_length: an int32 vector: how many frames each example has.
      beam_width: an int of at least 1: how many beginnings are kept.
      top_paths: an int of at least 1 and at most `beam_width`: how many sequences are given.

    Returns:
      A pair as that function gives.

    Raises:
      InvalidArgumentError, FailedPreconditionError: a shape, length or number is not possible.
    """
    return _decoded(inputs, sequence_length, beam_width, top_paths, False)
