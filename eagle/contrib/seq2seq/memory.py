"""What attention mechanisms have in common: the memory that is attended to, and its mask."""

import numpy as np

from ...core import nest
from ...core.convert import convert
from ...core.dtypes import as_dtype, int32
from ...core.export import export
from ...core.scopes import control_dependencies, name_scope
from ...layers.base import Layer
from ...ops.arg_extremes import argmax
from ...ops.assertions import assert_positive
from ...ops.filling import ones, ones_like
from ...ops.joining import concat
from ...ops.sequences import one_hot, sequence_mask
from ...ops.shaping import rank as rank_of, reshape, shape as shape_of
from ...ops.where import where
from ...rnn.cell import zero_state_tensors


def size_of(x, axis):
    """The size of a dimension of a tensor: an int if it is known, else a scalar."""
    return (None if x._shape is None else x._shape[axis]) or shape_of(x)[axis]


def prepared_memory(memory, memory_sequence_length=None, check_inner_dims_defined=True):
    """A memory as tensors, with zeros past the ends of its rows.

    Raises:
      ValueError: a dimension behind the first two is unknown though `check_inner_dims_defined`.
    """
    memory = nest.map_structure(lambda m: convert(m, name="memory"), memory)
    if memory_sequence_length is not None:
        memory_sequence_length = convert(memory_sequence_length, name="memory_sequence_length")
    if check_inner_dims_defined:
        for m in nest.flatten(memory):
            if not m.get_shape()[2:].is_fully_defined():
                raise ValueError("Expected memory %s to have fully defined inner dims, but saw shape: %s" % (m.name, m.get_shape()))
    if memory_sequence_length is None:
        return memory
    first = nest.flatten(memory)[0]
    mask = sequence_mask(memory_sequence_length, maxlen=shape_of(first)[1], dtype=first.dtype)

    def masked(m):
        rank = m.get_shape().ndims
        extra = ones((rank_of(m) if rank is None else rank) - 2, dtype=int32)
        return m * reshape(mask, concat((shape_of(mask), extra), 0))

    return nest.map_structure(masked, memory)


def masked_score(score, memory_sequence_length, score_mask_value):
    """The scores, with `score_mask_value` past the ends of the memory."""
    if memory_sequence_length is None:
        return score
    message = "All values in memory_sequence_length must be greater than zero."
    with control_dependencies([assert_positive(memory_sequence_length, message=message)]):
        mask = sequence_mask(memory_sequence_length, maxlen=shape_of(score)[1])
    return where(mask, score, score_mask_value * ones_like(score))


@export("contrib.seq2seq.hardmax")
def hardmax(logits, name=None):
    """One-hot vectors that mark the largest of the logits.

    Args:
      logits: a tensor; the last dimension is that of the classes.
      name: the name scope.
    """
    with name_scope(name, "Hardmax", [logits]):
        logits = convert(logits, name="logits")
        return one_hot(argmax(logits, -1), size_of(logits, -1), dtype=logits.dtype)


@export("contrib.seq2seq.AttentionMechanism")
class AttentionMechanism:
    """What computes alignments with a memory of a query."""

    @property
    def alignments_size(self):
        """The number of alignments."""
        raise NotImplementedError

    @property
    def state_size(self):
        """The size of the mechanism's state."""
        raise NotImplementedError


class BaseAttentionMechanism(AttentionMechanism):
    """A mechanism with layers for queries and the memory.

    Args:
      query_layer: a layer that makes queries fit the keys, or None.
      memory: a tensor of the shape `[batch_size, max_time, ...]`.
      probability_fn: a function of scores and the state before that gives alignments.
      memory_sequence_length: the lengths of the memory's rows.
      memory_layer: a layer that makes keys of the memory.
      check_inner_dims_defined: whether the memory's dimensions behind the second must be known.
      score_mask_value: the score past the ends of the memory; by default minus infinity.
      custom_key_value_fn: a function of keys and values that gives those to be used.
      name: the name scope.

    Raises:
      TypeError: a layer is none, or `probability_fn` can't be called.
    """

    def __init__(self, query_layer, memory, probability_fn, memory_sequence_length=None, memory_layer=None,
                 check_inner_dims_defined=True, score_mask_value=None, custom_key_value_fn=None, name=None):  # fmt: skip
        for what, layer in (("query_layer", query_layer), ("memory_layer", memory_layer)):
            if layer is not None and not isinstance(layer, Layer):
                raise TypeError("%s is not a Layer: %s" % (what, type(layer).__name__))
        self._query_layer, self._memory_layer = query_layer, memory_layer
        self.dtype = memory_layer.dtype
        if not callable(probability_fn):
            raise TypeError("probability_fn must be callable, saw type: %s" % type(probability_fn).__name__)
        if score_mask_value is None:
            score_mask_value = as_dtype(self.dtype).as_numpy_dtype(-np.inf)
        self._probability_fn = lambda score, before: probability_fn(
            masked_score(score, memory_sequence_length, score_mask_value), before
        )
        with name_scope(name, "BaseAttentionMechanismInit", nest.flatten(memory)):
            self._values = prepared_memory(memory, memory_sequence_length, check_inner_dims_defined)
            self._keys = self._memory_layer(self._values) if self._memory_layer else self._values
            if custom_key_value_fn is not None:
                self._keys, self._values = custom_key_value_fn(self._keys, self._values)
            self._batch_size = size_of(self._keys, 0)
            self._alignments_size = size_of(self._keys, 1)

    memory_layer = property(lambda self: self._memory_layer)
    query_layer = property(lambda self: self._query_layer)
    values = property(lambda self: self._values)
    keys = property(lambda self: self._keys)
    batch_size = property(lambda self: self._batch_size)
    alignments_size = property(lambda self: self._alignments_size)
    state_size = property(lambda self: self._alignments_size)

    def initial_alignments(self, batch_size, dtype):
        """The alignments to begin with: zeros."""
        return zero_state_tensors(self._alignments_size, batch_size, dtype)

    def initial_state(self, batch_size, dtype):
        """The state to begin with: the alignments."""
        return self.initial_alignments(batch_size, dtype)
