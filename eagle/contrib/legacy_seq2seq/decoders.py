"""Decoders that build every step in the graph, with and without attention and embeddings."""

from ...core import nest
from ...core.convert import convert
from ...core.dtypes import float32
from ...core.export import export
from ...ops.arg_extremes import argmax
from ...ops.cast import cast
from ...ops.conv_functions import conv2d
from ...ops.cross_entropy import softmax
from ...ops.dense import xw_plus_b
from ...ops.filling import zeros
from ...ops.joining import concat, stack
from ...ops.passing import stop_gradient
from ...ops.reduce import reduce_sum
from ...ops.shaping import reshape, shape as shape_of
from ...ops.unary import tanh
from ...variables.embedding import embedding_lookup
from ...variables.scope import get_variable, get_variable_scope, variable_scope
from ..rnn.linear import Linear


@export("contrib.legacy_seq2seq.python.ops.seq2seq._extract_argmax_and_embed")
def embedding_of_largest(embedding, output_projection=None, update_embedding=True):
    """A loop function: the embedding of the largest output is the next input.

    Args:
      embedding: the embedding.
      output_projection: a pair of weights and biases for the output, or None.
      update_embedding: whether gradients flow into the embedding.
    """

    def next_input(previous, _):
        if output_projection is not None:
            previous = xw_plus_b(previous, output_projection[0], output_projection[1])
        found = embedding_lookup(embedding, argmax(previous, 1))
        return found if update_embedding else stop_gradient(found)

    return next_input


@export("contrib.legacy_seq2seq.rnn_decoder")
def rnn_decoder(decoder_inputs, initial_state, cell, loop_function=None, scope=None):
    """Runs a cell over a list of inputs.

    Args:
      decoder_inputs: a list of tensors of the shape `[batch_size, input_size]`.
      initial_state: the state to begin with.
      cell: the cell.
      loop_function: a function of the output before and the number of the step that makes the input from the second step on,
        instead of `decoder_inputs`.
      scope: a variable scope, or its name; by default "rnn_decoder".

    Returns:
      The list of outputs, and the last state.
    """
    with variable_scope(scope or "rnn_decoder"):
        state, outputs = initial_state, []
        for i, x in enumerate(decoder_inputs):
            x = _input(loop_function, outputs, x, i)
            if i > 0:
                get_variable_scope().reuse_variables()
            output, state = cell(x, state)
            outputs.append(output)
    return outputs, state


def _input(loop_function, outputs, given, i):
    """The input of a step: the one given, or what a loop function makes of the output before."""
    if loop_function is None or not outputs:
        return given
    with variable_scope("loop_function", reuse=True):
        return loop_function(outputs[-1], i)


def check_projection(output_projection, num_symbols, dtype, with_weights=True):
    """Converts weights and biases, and raises ValueError if they don't fit the number of symbols."""
    if output_projection is None:
        return
    if with_weights:
        convert(output_projection[0], dtype).get_shape().assert_is_compatible_with([None, num_symbols])
    convert(output_projection[1], dtype).get_shape().assert_is_compatible_with([num_symbols])


@export("contrib.legacy_seq2seq.embedding_rnn_decoder")
def embedding_rnn_decoder(decoder_inputs, initial_state, cell, num_symbols, embedding_size, output_projection=None,
                          feed_previous=False, update_embedding_for_previous=True, scope=None):  # fmt: skip
    """`rnn_decoder` over embeddings of symbols.

    Args:
      decoder_inputs: a list of int vectors of the size of the batch: symbols.
      initial_state: the state to begin with.
      cell: the cell.
      num_symbols: the number of symbols.
      embedding_size: the size of the embedding.
      output_projection: a pair of weights and biases that make symbols of outputs.
      feed_previous: whether only the first input is taken, and then the symbol of the largest output.
      update_embedding_for_previous: whether gradients flow into the embedding of outputs, if these are fed.
      scope: a variable scope, or its name; by default "embedding_rnn_decoder".

    Returns:
      The list of outputs, and the last state.

    Raises:
      ValueError: the projection does not fit.
    """
    with variable_scope(scope or "embedding_rnn_decoder") as scope:
        check_projection(output_projection, num_symbols, scope.dtype)
        embedding = get_variable("embedding", [num_symbols, embedding_size])
        loop = embedding_of_largest(embedding, output_projection, update_embedding_for_previous) if feed_previous else None
        embedded = (embedding_lookup(embedding, i) for i in decoder_inputs)
        return rnn_decoder(embedded, initial_state, cell, loop_function=loop)


class _Attention:
    """Attention to states, by several heads.

    Args:
      states: a tensor of the shape `[batch_size, length, size]`.
      num_heads: how many heads attend.
      dtype: the type of the variables.
    """

    def __init__(self, states, num_heads, dtype):
        self._length = states._shape[1] if states._shape[1] is not None else shape_of(states)[1]
        self.size, self._dtype = states._shape[2], dtype
        self._hidden = reshape(states, [-1, self._length, 1, self.size])
        self._features, self._v = [], []
        for head in range(num_heads):
            k = get_variable("AttnW_%d" % head, [1, 1, self.size, self.size], dtype=dtype)
            self._features.append(conv2d(self._hidden, k, [1, 1, 1, 1], "SAME"))
            self._v.append(get_variable("AttnV_%d" % head, [self.size], dtype=dtype))

    def nothing(self, batch_size):
        """The attention of the heads before the first step: zeros."""
        shape = stack([batch_size, self.size])
        found = [zeros(shape, dtype=self._dtype) for _ in self._v]
        for a in found:
            a.set_shape([None, self.size])
        return found

    def __call__(self, query):
        """The attention of the heads to a query, a matrix or a structure of matrices."""
        if nest.is_sequence(query):
            parts = nest.flatten(query)
            assert all(q.get_shape().ndims in (None, 0, 2) for q in parts)
            query = concat(parts, 1)
        return [self._of_head(head, query) for head in range(len(self._v))]

    def _of_head(self, head, query):
        with variable_scope("Attention_%d" % head):
            y = cast(reshape(Linear(query, self.size, True)(query), [-1, 1, 1, self.size]), self._dtype)
            scores = reduce_sum(self._v[head] * tanh(self._features[head] + y), [2, 3])
            weights = cast(softmax(cast(scores, dtype=float32)), self._dtype)
            found = reduce_sum(reshape(weights, [-1, self._length, 1, 1]) * self._hidden, [1, 2])
            return reshape(found, [-1, self.size])


@export("contrib.legacy_seq2seq.attention_decoder")
def attention_decoder(decoder_inputs, initial_state, attention_states, cell, output_size=None, num_heads=1, loop_function=None,
                      dtype=None, scope=None, initial_state_attention=False):  # fmt: skip
    """As `rnn_decoder`, with attention to states.

    Args:
      decoder_inputs: a list of tensors of the shape `[batch_size, input_size]`.
      initial_state: the state to begin with.
      attention_states: a tensor of the shape `[batch_size, length, size]`.
      cell: the cell.
      output_size: the size of the outputs; by default that of the cell's.
      num_heads: how many heads attend.
      loop_function: as of `rnn_decoder`.
      dtype: the type of the variables; by default that of the scope.
      scope: a variable scope, or its name; by default "attention_decoder".
      initial_state_attention: whether attention begins with the one to `initial_state`, rather than with zeros.

    Returns:
      The list of outputs, and the last state.

    Raises:
      ValueError: there is no input, or no head, or a size is unknown.
    """
    if not decoder_inputs:
        raise ValueError("Must provide at least 1 input to attention decoder.")
    if num_heads < 1:
        raise ValueError("With less than 1 heads, use a non-attention decoder.")
    if attention_states.get_shape()[2].value is None:
        raise ValueError("Shape[2] of attention_states must be known: %s" % attention_states.get_shape())
    if output_size is None:
        output_size = cell.output_size
    with variable_scope(scope or "attention_decoder", dtype=dtype) as scope:
        dtype = scope.dtype
        batch_size = shape_of(decoder_inputs[0])[0]
        attend = _Attention(attention_states, num_heads, dtype)
        state, outputs = initial_state, []
        attended = attend.nothing(batch_size)
        if initial_state_attention:
            attended = attend(initial_state)
        for i, x in enumerate(decoder_inputs):
            if i > 0:
                get_variable_scope().reuse_variables()
            x = _input(loop_function, outputs, x, i)
            input_size = x.get_shape().with_rank(2)[1]
            if input_size.value is None:
                raise ValueError("Could not infer input size from input: %s" % x.name)
            inputs = [cast(e, dtype) for e in [x, *attended]]
            cell_output, state = cell(Linear(inputs, input_size, True)(inputs), state)
            if i == 0 and initial_state_attention:
                with variable_scope(get_variable_scope(), reuse=True):
                    attended = attend(state)
            else:
                attended = attend(state)
            with variable_scope("AttnOutputProjection"):
                inputs = [cast(cell_output, dtype), *attended]
                outputs.append(Linear(inputs, output_size, True)(inputs))
    return outputs, state


@export("contrib.legacy_seq2seq.embedding_attention_decoder")
def embedding_attention_decoder(decoder_inputs, initial_state, attention_states, cell, num_symbols, embedding_size, num_heads=1,
                                output_size=None, output_projection=None, feed_previous=False, update_embedding_for_previous=True,
                                dtype=None, scope=None, initial_state_attention=False):  # fmt: skip
    """`attention_decoder` over embeddings of symbols.

    Args:
      decoder_inputs: a list of int vectors of the size of the batch: symbols.
      initial_state, attention_states, cell, num_heads, output_size, dtype, initial_state_attention: as of `attention_decoder`.
      num_symbols, embedding_size, output_projection, feed_previous, update_embedding_for_previous: as of `embedding_rnn_decoder`.
      scope: a variable scope, or its name; by default "embedding_attention_decoder".

    Returns:
      The list of outputs, and the last state.

    Raises:
      ValueError: the projection does not fit.
    """
    if output_size is None:
        output_size = cell.output_size
    check_projection(output_projection, num_symbols, dtype, with_weights=False)
    with variable_scope(scope or "embedding_attention_decoder", dtype=dtype):
        embedding = get_variable("embedding", [num_symbols, embedding_size])
        loop = embedding_of_largest(embedding, output_projection, update_embedding_for_previous) if feed_previous else None
        embedded = [embedding_lookup(embedding, i) for i in decoder_inputs]
        return attention_decoder(embedded, initial_state, attention_states, cell, output_size=output_size, num_heads=num_heads,
                                 loop_function=loop, initial_state_attention=initial_state_attention)  # fmt: skip
