"""`BeamSearchDecoder`."""

import collections

import numpy as np

from ...core import dtypes, nest
from ...core.convert import convert
from ...core.export import export, public
from ...core.scopes import name_scope
from ...core.shape import TensorShape
from ...core.static_values import constant_value
from ...keras.engine.base_layer import Layer
from ...ops.binary import minimum
from ...ops.cast import cast
from ...ops.comparison import equal, logical_not, logical_or
from ...ops.cond import cond
from ...ops.cross_entropy import log_softmax
from ...ops.division import div, floor_mod
from ...ops.filling import fill, ones_like, zeros
from ...ops.gather_tree import gather_tree
from ...ops.joining import concat
from ...ops.ranking import top_k
from ...ops.rearranging import tile
from ...ops.reduce import reduce_all, reduce_max, reduce_mean, reduce_sum
from ...ops.sequences import one_hot
from ...ops.shaping import expand_dims, reshape, shape as shape_of, size
from ...ops.unary import log
from ...ops.where import where
from ...rnn.cell import assert_like_rnncell
from .attention import AttentionWrapperState
from .beams import Beams
from .decoder import Decoder, check_output_layer, layer_output_size
from .helper import embedding_function
from .memory import size_of


@export("contrib.seq2seq.BeamSearchDecoderState")
class BeamSearchDecoderState(
    collections.namedtuple("BeamSearchDecoderState", ("cell_state", "log_probs", "finished", "lengths",
                                                      "accumulated_attention_probs"))
):  # fmt: skip
    """The state of a `BeamSearchDecoder`, of the shapes `[batch_size, beam_width, ...]`.

    Attributes:
      cell_state: the cell's state.
      log_probs: the logarithms of the probabilities of the beams.
      finished: which beams are finished.
      lengths: their lengths.
      accumulated_attention_probs: the sums of the alignments so far, or () without a coverage penalty.
    """


@export("contrib.seq2seq.BeamSearchDecoderOutput")
class BeamSearchDecoderOutput(collections.namedtuple("BeamSearchDecoderOutput", ("scores", "predicted_ids", "parent_ids"))):
    """The output of a step: scores and ids of the beams, and the beams of the step before that they continue."""


@export("contrib.seq2seq.FinalBeamSearchDecoderOutput")
class FinalBeamSearchDecoderOutput(
    collections.namedtuple("FinalBeamDecoderOutput", ["predicted_ids", "beam_search_decoder_output"])
):
    """The ids of the beams, best first, and the outputs of the steps."""


@export("contrib.seq2seq.BeamSearchDecoder")
class BeamSearchDecoder(Decoder):
    """A decoder that keeps the most likely sequences of each row of the batch.

    Args:
      cell: the cell. One with attention must get memory and lengths from `tile_batch`.
      embedding: a function from ids to vectors, or what `embedding_lookup` takes.
      start_tokens: an int32 vector of the ids to begin with, one for each row of the batch.
      end_token: an int32 scalar: the id that ends a beam.
      initial_state: the state to begin with, of a batch of `batch_size * beam_width`.
      beam_width: how many beams are kept.
      output_layer: a layer for the cell's outputs.
      length_penalty_weight: the exponent of the penalty of long beams.
      coverage_penalty_weight: the weight of the penalty of memory not attended to.
      reorder_tensor_arrays: whether `TensorArray`s in the cell's state are put in the order of the beams at the end.

    Raises:
      TypeError: `cell` is no cell, or `output_layer` no layer.
      ValueError: `start_tokens` is no vector or `end_token` no scalar.
    """

    def __init__(self, cell, embedding, start_tokens, end_token, initial_state, beam_width, output_layer=None,
                 length_penalty_weight=0.0, coverage_penalty_weight=0.0, reorder_tensor_arrays=True):  # fmt: skip
        assert_like_rnncell("cell", cell)
        check_output_layer(output_layer, Layer)
        self._cell, self._output_layer, self._reorder_tensor_arrays = cell, output_layer, reorder_tensor_arrays
        self._length_penalty_weight, self._coverage_penalty_weight = length_penalty_weight, coverage_penalty_weight
        self._embedding_fn = embedding_function(embedding)
        self._start_tokens = convert(start_tokens, dtypes.int32, "start_tokens")
        if self._start_tokens.get_shape().ndims != 1:
            raise ValueError("start_tokens must be a vector")
        self._end_token = convert(end_token, dtypes.int32, "end_token")
        if self._end_token.get_shape().ndims != 0:
            raise ValueError("end_token must be a scalar")
        self._batch_size, self._beam_width = size(start_tokens), beam_width
        self._beams = Beams(self._batch_size, beam_width)
        self._initial_cell_state = nest.map_structure(self._beams.maybe_split, initial_state, cell.state_size)
        self._start_tokens = tile(expand_dims(self._start_tokens, 1), [1, beam_width])
        self._start_inputs = self._embedding_fn(self._start_tokens)
        self._finished = self._first_beam(False, True, dtypes.bool_)

    def _first_beam(self, on, off, dtype):
        """A tensor of the shape `[batch_size, beam_width]` with one value for the first beams and one for the others."""
        first = zeros([self._batch_size], dtype=dtypes.int32)
        on, off = (v if dtype is dtypes.bool_ else convert(v, dtype) for v in (on, off))
        return one_hot(first, depth=self._beam_width, on_value=on, off_value=off, dtype=dtype)

    @property
    def batch_size(self):
        return self._batch_size

    @property
    def tracks_own_finished(self):
        """True: beams change places, so what was finished may be so no more."""
        return True

    @property
    def output_size(self):
        return BeamSearchDecoderOutput(*(TensorShape([self._beam_width]) for _ in range(3)))

    @property
    def output_dtype(self):
        dtype = nest.flatten(self._initial_cell_state)[0].dtype
        scores = nest.map_structure(lambda _: dtype, layer_output_size(self._cell, self._output_layer))
        return BeamSearchDecoderOutput(scores=scores, predicted_ids=dtypes.int32, parent_ids=dtypes.int32)

    def initialize(self, name=None):
        """What decoding begins with: only the first beam of each row is alive."""
        dtype = nest.flatten(self._initial_cell_state)[0].dtype
        log_probs = self._first_beam(0.0, -np.inf, dtype)
        attention = attention_probabilities(self._initial_cell_state, self._coverage_penalty_weight)
        state = BeamSearchDecoderState(
            cell_state=self._initial_cell_state,
            log_probs=log_probs,
            finished=self._finished,
            lengths=zeros([self._batch_size, self._beam_width], dtype=dtypes.int64),
            accumulated_attention_probs=() if attention is None else attention,
        )
        return self._finished, self._start_inputs, state

    def step(self, time, inputs, state, name=None):
        """Runs the cell on all beams, and keeps the best continuations."""
        beams, sizes = self._beams, self._cell.state_size
        with name_scope(name, "BeamSearchDecoderStep", (time, inputs, state)):
            inputs = nest.map_structure(lambda x: beams.merge(x, x.shape[2:]), inputs)
            cell_state = nest.map_structure(beams.maybe_merge, state.cell_state, sizes)
            outputs, cell_state = self._cell(inputs, cell_state)
            outputs = nest.map_structure(lambda x: beams.split(x, x.shape[1:]), outputs)
            cell_state = nest.map_structure(beams.maybe_split, cell_state, sizes)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            output, state = self._search(time, outputs, cell_state, state)
            inputs = cond(reduce_all(state.finished), lambda: self._start_inputs, lambda: self._embedding_fn(output.predicted_ids))
        return output, state, inputs, state.finished

    def _search(self, time, logits, cell_state, state):
        """The best continuations of the beams; output and new state."""
        beams, width, end_token, finished = self._beams, self._beam_width, self._end_token, state.finished
        alive = logical_not(finished)
        log_probs = _only_ends(log_softmax(logits), end_token, finished)
        totals = expand_dims(state.log_probs, 2) + log_probs
        vocabulary = size_of(logits, -1)
        added = one_hot(indices=fill([self._batch_size, width], end_token), depth=vocabulary, on_value=public.to_int64(0),
                        off_value=public.to_int64(1), dtype=dtypes.int64)  # fmt: skip
        added *= expand_dims(cast(alive, dtypes.int64), 2)
        lengths = added + expand_dims(state.lengths, 2)
        attention = attention_probabilities(cell_state, self._coverage_penalty_weight)
        if attention is not None:
            attention *= expand_dims(cast(alive, dtypes.float32), 2)
            attention = state.accumulated_attention_probs + attention
        scores = self._scores(totals, lengths, finished, attention)
        convert(time, name="time")
        flat = reshape(scores, [self._batch_size, -1])
        best, indices = top_k(flat, k=convert(width, dtypes.int32, "beam_width"))
        known = constant_value(self._batch_size)
        best.set_shape([known, width])
        indices.set_shape([known, width])
        next_log_probs = beams.choose(indices, totals, width * vocabulary, [-1], name="next_beam_probs")
        ids = cast(floor_mod(indices, vocabulary, name="next_beam_word_ids"), dtypes.int32)
        parents = cast(indices / vocabulary, dtypes.int32, name="next_beam_parent_ids")
        finished = beams.choose(parents, finished, width, [-1])
        next_finished = logical_or(finished, equal(ids, end_token), name="next_beam_finished")
        longer = cast(logical_not(finished), dtypes.int64)
        next_lengths = beams.choose(parents, state.lengths, width, [-1])
        next_lengths += longer
        next_attention = ()
        if attention is not None:
            next_attention = beams.choose(parents, attention, width, [self._batch_size * width, -1],
                                          name="next_accumulated_attention_probs")  # fmt: skip
        cell_state = nest.map_structure(lambda t: beams.maybe_choose(parents, t), cell_state)
        state = BeamSearchDecoderState(cell_state=cell_state, log_probs=next_log_probs, lengths=next_lengths,
                                       finished=next_finished, accumulated_attention_probs=next_attention)  # fmt: skip
        return BeamSearchDecoderOutput(scores=best, predicted_ids=ids, parent_ids=parents), state

    def _scores(self, log_probs, lengths, finished, attention):
        """The scores of continuations: log probabilities with penalties of lengths and of missing coverage."""
        penalty = _length_penalty(lengths, self._length_penalty_weight)
        scores = log_probs / cast(penalty, dtype=log_probs.dtype)
        weight = convert(self._coverage_penalty_weight, name="coverage_penalty_weight")
        if weight.shape.ndims != 0:
            raise ValueError("coverage_penalty_weight should be a scalar, but saw shape: %s" % weight.shape)
        if constant_value(weight) == 0.0:
            return scores
        if attention is None:
            raise ValueError("accumulated_attention_probs can be None only if coverage penalty is disabled.")
        attention = where(equal(attention, 0.0), ones_like(attention), attention)
        coverage = reduce_sum(log(minimum(attention, 1.0)), 2)
        coverage *= cast(finished, dtypes.float32)
        return scores + expand_dims(coverage * weight, 2)

    def finalize(self, outputs, final_state, sequence_lengths):
        """The beams, read back from the steps."""
        longest = cast(reduce_max(final_state.lengths, axis=1), dtypes.int32)
        ids = gather_tree(outputs.predicted_ids, outputs.parent_ids, max_sequence_lengths=longest, end_token=self._end_token)
        if self._reorder_tensor_arrays:
            cell_state = nest.map_structure(
                lambda t: self._beams.along(t, outputs.parent_ids, final_state.lengths), final_state.cell_state
            )
            final_state = final_state._replace(cell_state=cell_state)
        return FinalBeamSearchDecoderOutput(beam_search_decoder_output=outputs, predicted_ids=ids), final_state


def _only_ends(log_probs, end_token, finished):
    """The log probabilities, with those of finished beams changed: they go on with `end_token` for sure."""
    vocabulary = shape_of(log_probs)[2]
    row = one_hot(end_token, vocabulary, dtype=log_probs.dtype, on_value=convert(0.0, log_probs.dtype),
                  off_value=log_probs.dtype.min)  # fmt: skip
    rows = tile(reshape(row, [1, 1, -1]), concat([shape_of(finished), [1]], 0))
    return where(tile(expand_dims(finished, 2), [1, 1, vocabulary]), rows, log_probs)


def _length_penalty(lengths, factor):
    """`((5 + length) / 6) ** factor`."""
    factor = convert(factor, name="penalty_factor")
    factor.set_shape(())
    if constant_value(factor) == 0:
        return 1.0
    return div((5.0 + cast(lengths, dtypes.float32)) ** factor, (5.0 + 1.0) ** factor)


def attention_probabilities(cell_state, coverage_penalty_weight):
    """The alignments in a cell's state, their mean if there are several; None without a coverage penalty.

    Raises:
      ValueError: there is a penalty, but no attention.
    """
    if coverage_penalty_weight == 0.0:
        return None
    if isinstance(cell_state, AttentionWrapperState):
        found = [_alignments(cell_state)]
    else:
        states = cell_state if isinstance(cell_state, tuple) else ()
        found = [_alignments(s) for s in states if isinstance(s, AttentionWrapperState)]
    if not found:
        raise ValueError("coverage_penalty_weight must be 0.0 if no cell is attentional.")
    return found[0] if len(found) == 1 else _mean(found)


def _alignments(state):
    return _mean(state.alignments) if isinstance(state.alignments, tuple) else state.alignments


def _mean(tensors):
    return reduce_mean(concat([expand_dims(t, -1) for t in tensors], -1), -1)
