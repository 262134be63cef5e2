"""Attention after Bahdanau and Luong, also monotonic."""

import math

import numpy as np

from ...core.convert import convert
from ...core.dtypes import float32, int32
from ...core.export import export
from ...core.scopes import name_scope
from ...layers.core import Dense
from ...ops.cast import cast
from ...ops.clip import clip_by_value
from ...ops.cross_entropy import softmax
from ...ops.cumulative import cumprod, cumsum
from ...ops.filling import ones, zeros
from ...ops.functional import scan
from ...ops.initializers import Constant, Ones, Zeros
from ...ops.joining import concat
from ...ops.matmul import matmul
from ...ops.random import random_normal
from ...ops.reduce import reduce_sum
from ...ops.sequences import one_hot
from ...ops.shaping import expand_dims, reshape, shape as shape_of, squeeze
from ...ops.transposing import transpose
from ...ops.unary import exp, log, rsqrt, sigmoid, square, tanh
from ...variables.scope import get_variable, variable_scope
from .memory import BaseAttentionMechanism, size_of


def _luong_score(query, keys, scale):
    """The products of a query with the keys."""
    depth, units = query.get_shape()[-1], keys.get_shape()[-1]
    if depth != units:
        raise ValueError("Incompatible or unknown inner dimensions between query and keys.  Query (%s) has units: %s.  Keys (%s) "
                         "have units: %s.  Perhaps you need to set num_units to the keys' dimension (%s)?"
                         % (query, depth, keys, units, units))  # fmt: skip
    score = squeeze(matmul(expand_dims(query, 1), keys, transpose_b=True), [1])
    return score if scale is None else scale * score


def _bahdanau_score(query, keys, v, g=None, b=None):
    """A layer with tanh of query and keys, and its product with a vector."""
    query = expand_dims(query, 1)
    if g is not None and b is not None:
        normed = g * v * rsqrt(reduce_sum(square(v)))
        return reduce_sum(normed * tanh(keys + query + b), [2])
    return reduce_sum(v * tanh(keys + query), [2])


def _dense(units, name, dtype):
    return Dense(units, name=name, use_bias=False, dtype=float32 if dtype is None else dtype)


class _Mechanism(BaseAttentionMechanism):
    """A mechanism whose state are its alignments.

    Attributes:
      _scope_name: the name of its variable scope.
    """

    def __call__(self, query, state):
        """The alignments of a query, of the shape `[batch_size, max_time]`, and the new state, the same."""
        with variable_scope(None, self._scope_name, [query]):
            score = self._score(query)
        alignments = self._probability_fn(score, state)
        return alignments, alignments

    def _luong(self, query):
        g = get_variable("attention_g", dtype=query.dtype, initializer=Ones, shape=()) if self._scale else None
        return _luong_score(query, self._keys, g)

    def _bahdanau(self, query):
        processed = self.query_layer(query) if self.query_layer else query
        v = get_variable("attention_v", [self._num_units], dtype=query.dtype)
        if not self._normalize:
            return _bahdanau_score(processed, self._keys, v)
        g = get_variable("attention_g", dtype=query.dtype, initializer=Constant(math.sqrt(1.0 / self._num_units)), shape=())
        b = get_variable("attention_b", [self._num_units], dtype=query.dtype, initializer=Zeros())
        return _bahdanau_score(processed, self._keys, v, g, b)


@export("contrib.seq2seq.LuongAttention")
class LuongAttention(_Mechanism):
    """Attention by products (arXiv:1508.04025).

    Args:
      num_units: the size of queries and keys.
      memory: a tensor of the shape `[batch_size, max_time, ...]`.
      memory_sequence_length: the lengths of the memory's rows.
      scale: whether scores are scaled by a variable.
      probability_fn: a function of the scores; by default `tf.nn.softmax`.
      score_mask_value: the score past the ends of the memory; by default minus infinity.
      dtype: the type of the layer of the memory; by default float32.
      custom_key_value_fn: a function of keys and values that gives those to be used.
      name: the name scope.
    """

    _scope_name = "luong_attention"
    _score = _Mechanism._luong

    def __init__(self, num_units, memory, memory_sequence_length=None, scale=False, probability_fn=None, score_mask_value=None,
                 dtype=None, custom_key_value_fn=None, name="LuongAttention"):  # fmt: skip
        probability = softmax if probability_fn is None else probability_fn
        super().__init__(
            query_layer=None, memory_layer=_dense(num_units, "memory_layer", dtype), memory=memory,
            probability_fn=lambda score, _: probability(score), memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value, custom_key_value_fn=custom_key_value_fn, name=name)  # fmt: skip
        self._num_units, self._scale, self._name = num_units, scale, name


@export("contrib.seq2seq.BahdanauAttention")
class BahdanauAttention(_Mechanism):
    """Attention by a layer (arXiv:1409.0473).

    Args:
      num_units: the size of queries and keys.
      memory: a tensor of the shape `[batch_size, max_time, ...]`.
      memory_sequence_length: the lengths of the memory's rows.
      normalize: whether the layer's weights are normalized.
      probability_fn: a function of the scores; by default `tf.nn.softmax`.
      score_mask_value: the score past the ends of the memory; by default minus infinity.
      dtype: the type of the layers of queries and memory; by default float32.
      custom_key_value_fn: a function of keys and values that gives those to be used.
      name: the name scope.
    """

    _scope_name = "bahdanau_attention"
    _score = _Mechanism._bahdanau

    def __init__(self, num_units, memory, memory_sequence_length=None, normalize=False, probability_fn=None, score_mask_value=None,
                 dtype=None, custom_key_value_fn=None, name="BahdanauAttention"):  # fmt: skip
        probability = softmax if probability_fn is None else probability_fn
        super().__init__(
            query_layer=_dense(num_units, "query_layer", dtype), memory_layer=_dense(num_units, "memory_layer", dtype),
            memory=memory, probability_fn=lambda score, _: probability(score), memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value, custom_key_value_fn=custom_key_value_fn, name=name)  # fmt: skip
        self._num_units, self._normalize, self._name = num_units, normalize, name


# --------------------------------------------------------------------------------------------------------------- monotonic


@export("contrib.seq2seq.safe_cumprod")
def safe_cumprod(x, *args, **kwargs):
    """The cumulative product of numbers in [0, 1], by the sum of their logarithms, with a gradient at 0.

    Args:
      x: a tensor.
      *args, **kwargs: as of `tf.cumsum`.
    """
    with name_scope(None, "SafeCumprod", [x]):
        x = convert(x, name="x")
        tiny = np.finfo(x.dtype.as_numpy_dtype).tiny
        return exp(cumsum(log(clip_by_value(x, tiny, 1)), *args, **kwargs))


@export("contrib.seq2seq.monotonic_attention")
def monotonic_attention(p_choose_i, previous_attention, mode):
    """The alignments of monotonic attention (arXiv:1704.00784), which never goes back.

    Args:
      p_choose_i: a tensor of the shape `[batch_size, max_time]`: the probabilities to stop at each place.
      previous_attention: the alignments before.
      mode: "recursive", "parallel" (faster, less exact) or "hard" (probabilities are 0 or 1).

    Raises:
      ValueError: `mode` is nothing of these.
    """
    p = convert(p_choose_i, name="p_choose_i")
    before = convert(previous_attention, name="previous_attention")
    if mode == "recursive":
        batch_size = size_of(p, 0)
        shifted = concat([ones((batch_size, 1)), 1 - p[:, :-1]], 1)
        return p * transpose(scan(lambda x, yz: reshape(yz[0] * x + yz[1], (batch_size,)), [transpose(shifted), transpose(before)],
                                  zeros((batch_size,))))  # fmt: skip
    if mode == "parallel":
        passed = safe_cumprod(1 - p, axis=1, exclusive=True)
        return p * passed * cumsum(before / clip_by_value(passed, 1e-10, 1.0), axis=1)
    if mode == "hard":
        p *= cumsum(before, axis=1)
        return p * cumprod(1 - p, axis=1, exclusive=True)
    raise ValueError("mode must be 'recursive', 'parallel', or 'hard'.")


class _Monotonic(_Mechanism):
    """A monotonic mechanism, which begins at the first place of the memory."""

    def __init__(self, num_units, memory, memory_sequence_length, score_mask_value, sigmoid_noise, sigmoid_noise_seed,
                 score_bias_init, mode, dtype, name, query_layer=None):  # fmt: skip
        def probabilities(score, before):
            if sigmoid_noise > 0:
                score += sigmoid_noise * random_normal(shape_of(score), dtype=score.dtype, seed=sigmoid_noise_seed)
            p = cast(score > 0, score.dtype) if mode == "hard" else sigmoid(score)
            return monotonic_attention(p, before, mode)

        super().__init__(
            query_layer=query_layer, memory_layer=_dense(num_units, "memory_layer", dtype), memory=memory,
            probability_fn=probabilities, memory_sequence_length=memory_sequence_length, score_mask_value=score_mask_value,
            name=name)  # fmt: skip
        self._num_units, self._score_bias_init, self._name = num_units, score_bias_init, name

    def initial_alignments(self, batch_size, dtype):
        """The alignments to begin with: all at the first place."""
        return one_hot(zeros((batch_size,), dtype=int32), self._alignments_size, dtype=dtype)

    def _biased(self, score, dtype):
        score += get_variable("attention_score_bias", dtype=dtype, initializer=self._score_bias_init)
        return score


@export("contrib.seq2seq.BahdanauMonotonicAttention")
class BahdanauMonotonicAttention(_Monotonic):
    """Monotonic attention with the scores of `BahdanauAttention`.

    Args:
      num_units: the size of queries and keys.
      memory: a tensor of the shape `[batch_size, max_time, ...]`.
      memory_sequence_length: the lengths of the memory's rows.
      normalize: whether the layer's weights are normalized.
      score_mask_value: the score past the ends of the memory; by default minus infinity.
      sigmoid_noise: the deviation of noise that is added to the scores.
      sigmoid_noise_seed: the seed of the noise.
      score_bias_init: the first value of the bias of the scores.
      mode: as of `monotonic_attention`.
      dtype: the type of the layers of queries and memory; by default float32.
      name: the name scope.
    """

    _scope_name = "bahdanau_monotonic_attention"

    def __init__(self, num_units, memory, memory_sequence_length=None, normalize=False, score_mask_value=None, sigmoid_noise=0.0,
                 sigmoid_noise_seed=None, score_bias_init=0.0, mode="parallel", dtype=None,
                 name="BahdanauMonotonicAttention"):  # fmt: skip
        super().__init__(num_units, memory, memory_sequence_length, score_mask_value, sigmoid_noise, sigmoid_noise_seed,
                         score_bias_init, mode, dtype, name, _dense(num_units, "query_layer", dtype))  # fmt: skip
        self._normalize = normalize

    def _score(self, query):
        return self._biased(self._bahdanau(query), query.dtype)


@export("contrib.seq2seq.LuongMonotonicAttention")
class LuongMonotonicAttention(_Monotonic):
    """Monotonic attention with the scores of `LuongAttention`.

    Args:
      num_units: the size of queries and keys.
      memory: a tensor of the shape `[batch_size, max_time, ...]`.
      memory_sequence_length: the lengths of the memory's rows.
      scale: whether scores are scaled by a variable.
      score_mask_value: the score past the ends of the memory; by default minus infinity.
      sigmoid_noise: the deviation of noise that is added to the scores.
      sigmoid_noise_seed: the seed of the noise.
      score_bias_init: the first value of the bias of the scores.
      mode: as of `monotonic_attention`.
      dtype: the type of the layer of the memory; by default float32.
      name: the name scope.
    """

    _scope_name = "luong_monotonic_attention"

    def __init__(self, num_units, memory, memory_sequence_length=None, scale=False, score_mask_value=None, sigmoid_noise=0.0,
                 sigmoid_noise_seed=None, score_bias_init=0.0, mode="parallel", dtype=None,
                 name="LuongMonotonicAttention"):  # fmt: skip
        super().__init__(num_units, memory, memory_sequence_length, score_mask_value, sigmoid_noise, sigmoid_noise_seed,
                         score_bias_init, mode, dtype, name)  # fmt: skip
        self._scale = scale

    def _score(self, query):
        return self._biased(self._luong(query), query.dtype)
