"""Encoders and decoders together."""

import copy

from ...core import nest
from ...core.dtypes import float32
from ...core.export import export
from ...ops.cond import cond
from ...ops.joining import concat
from ...ops.shaping import reshape, shape as shape_of
from ...rnn.cell import RNNCell
from ...rnn.static import static_rnn
from ...variables.embedding import embedding_lookup
from ...variables.scope import get_variable, get_variable_scope, variable_scope
from ..rnn.projections import EmbeddingWrapper, OutputProjectionWrapper
from .decoders import check_projection, embedding_attention_decoder, embedding_of_largest, embedding_rnn_decoder, rnn_decoder


def _fed_if(feed_previous, decode, structure, count):
    """The outputs and the state of a decoder that feeds its outputs back or does not, as a tensor says.

    Args:
      feed_previous: a bool scalar.
      decode: a function of whether to feed back that gives outputs and state.
      structure: the structure of the state; a function if it is not known before.
      count: the number of outputs.
    """

    def branch(feeds):
        with variable_scope(get_variable_scope(), reuse=None if feeds else True):
            outputs, state = decode(feeds)
            return outputs + nest.flatten(state)

    found = cond(feed_previous, lambda: branch(True), lambda: branch(False))
    structure = structure() if callable(structure) else structure
    state = nest.pack_sequence_as(structure, found[count:]) if nest.is_sequence(structure) else found[count]
    return found[:count], state


@export("contrib.legacy_seq2seq.basic_rnn_seq2seq")
def basic_rnn_seq2seq(encoder_inputs, decoder_inputs, cell, dtype=float32, scope=None):
    """A cell that encodes a list of inputs, and a copy of it that decodes from its last state.

    Args:
      encoder_inputs, decoder_inputs: lists of tensors of the shape `[batch_size, input_size]`.
      cell: the cell.
      dtype: the type of the first state.
      scope: a variable scope, or its name; by default "basic_rnn_seq2seq".

    Returns:
      The list of the decoder's outputs, and its last state.
    """
    with variable_scope(scope or "basic_rnn_seq2seq"):
        _, state = static_rnn(copy.deepcopy(cell), encoder_inputs, dtype=dtype)
        return rnn_decoder(decoder_inputs, state, cell)


@export("contrib.legacy_seq2seq.tied_rnn_seq2seq")
def tied_rnn_seq2seq(encoder_inputs, decoder_inputs, cell, loop_function=None, dtype=float32, scope=None):
    """As `basic_rnn_seq2seq`, with the same variables for both.

    Args:
      encoder_inputs, decoder_inputs, cell, dtype: as of `basic_rnn_seq2seq`.
      loop_function: as of `rnn_decoder`.
      scope: a variable scope, or its name; by default "tied_rnn_seq2seq".

    Returns:
      The list of the decoder's outputs, and its last state.
    """
    with variable_scope("combined_tied_rnn_seq2seq"):
        scope = scope or "tied_rnn_seq2seq"
        _, state = static_rnn(cell, encoder_inputs, dtype=dtype, scope=scope)
        get_variable_scope().reuse_variables()
        return rnn_decoder(decoder_inputs, state, cell, loop_function=loop_function, scope=scope)


@export("contrib.legacy_seq2seq.embedding_rnn_seq2seq")
def embedding_rnn_seq2seq(encoder_inputs, decoder_inputs, cell, num_encoder_symbols, num_decoder_symbols, embedding_size,
                          output_projection=None, feed_previous=False, dtype=None, scope=None):  # fmt: skip
    """An encoder and a decoder over embeddings of symbols.

    Args:
      encoder_inputs, decoder_inputs: lists of int vectors of the size of the batch: symbols.
      cell: the cell.
      num_encoder_symbols, num_decoder_symbols: the numbers of symbols.
      embedding_size: the size of the embeddings.
      output_projection: a pair of weights and biases that make symbols of outputs; by default the outputs are projected.
      feed_previous: a bool, or a bool scalar: whether the decoder takes the first input only, and then its own outputs.
      dtype: the type of the first state; by default that of the scope.
      scope: a variable scope, or its name; by default "embedding_rnn_seq2seq".

    Returns:
      The list of the decoder's outputs, and its last state.
    """
    with variable_scope(scope or "embedding_rnn_seq2seq") as scope:
        if dtype is not None:
            scope.set_dtype(dtype)
        else:
            dtype = scope.dtype
        encoder = EmbeddingWrapper(copy.deepcopy(cell), embedding_classes=num_encoder_symbols, embedding_size=embedding_size)
        _, encoder_state = static_rnn(encoder, encoder_inputs, dtype=dtype)
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)

        def decode(feeds, **settings):
            return embedding_rnn_decoder(decoder_inputs, encoder_state, cell, num_decoder_symbols, embedding_size,
                                         output_projection=output_projection, feed_previous=feeds, **settings)  # fmt: skip

        if isinstance(feed_previous, bool):
            return decode(feed_previous)
        return _fed_if(
            feed_previous, lambda feeds: decode(feeds, update_embedding_for_previous=False), encoder_state, len(decoder_inputs)
        )


@export("contrib.legacy_seq2seq.embedding_tied_rnn_seq2seq")
def embedding_tied_rnn_seq2seq(encoder_inputs, decoder_inputs, cell, num_symbols, embedding_size, num_decoder_symbols=None,
                               output_projection=None, feed_previous=False, dtype=None, scope=None):  # fmt: skip
    """As `embedding_rnn_seq2seq`, with the same embedding and variables for both.

    Args:
      encoder_inputs, decoder_inputs, cell, embedding_size, output_projection, feed_previous, dtype: as of `embedding_rnn_seq2seq`.
      num_symbols: the number of symbols.
      num_decoder_symbols: the number of symbols of the decoder's outputs; by default all.
      scope: a variable scope, or its name; by default "embedding_tied_rnn_seq2seq".

    Returns:
      The list of the decoder's outputs, and its last state.

    Raises:
      ValueError: the projection does not fit.
    """
    with variable_scope(scope or "embedding_tied_rnn_seq2seq", dtype=dtype) as scope:
        dtype = scope.dtype
        check_projection(output_projection, num_symbols, dtype)
        embedding = get_variable("embedding", [num_symbols, embedding_size], dtype=dtype)
        encoded = [embedding_lookup(embedding, x) for x in encoder_inputs]
        decoded = [embedding_lookup(embedding, x) for x in decoder_inputs]
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_symbols if num_decoder_symbols is None else num_decoder_symbols)

        def decode(feeds, updates):
            loop = embedding_of_largest(embedding, output_projection, updates) if feeds else None
            return tied_rnn_seq2seq(encoded, decoded, cell, loop_function=loop, dtype=dtype)

        if isinstance(feed_previous, bool):
            return decode(feed_previous, True)

        def zero_state():
            batch = encoder_inputs[0].get_shape()[0]
            for x in encoder_inputs[1:]:
                batch.merge_with(x.get_shape()[0])
            return cell.zero_state(shape_of(encoder_inputs[0])[0] if batch.value is None else batch.value, dtype)

        return _fed_if(feed_previous, lambda feeds: decode(feeds, False), zero_state, len(decoder_inputs))


@export("contrib.legacy_seq2seq.embedding_attention_seq2seq")
def embedding_attention_seq2seq(encoder_inputs, decoder_inputs, cell, num_encoder_symbols, num_decoder_symbols, embedding_size,
                                num_heads=1, output_projection=None, feed_previous=False, dtype=None, scope=None,
                                initial_state_attention=False):  # fmt: skip
    """As `embedding_rnn_seq2seq`, with attention of the decoder to the encoder's outputs.

    Args:
      encoder_inputs, decoder_inputs, cell, num_encoder_symbols, num_decoder_symbols, embedding_size, output_projection,
        feed_previous, dtype: as of `embedding_rnn_seq2seq`.
      num_heads, initial_state_attention: as of `attention_decoder`.
      scope: a variable scope, or its name; by default "embedding_attention_seq2seq".

    Returns:
      The list of the decoder's outputs, and its last state.
    """
    with variable_scope(scope or "embedding_attention_seq2seq", dtype=dtype) as scope:
        dtype = scope.dtype
        encoder = EmbeddingWrapper(copy.deepcopy(cell), embedding_classes=num_encoder_symbols, embedding_size=embedding_size)
        encoder_outputs, encoder_state = static_rnn(encoder, encoder_inputs, dtype=dtype)
        states = concat([reshape(e, [-1, 1, cell.output_size]) for e in encoder_outputs], 1)
        output_size = None
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)
            output_size = num_decoder_symbols

        def decode(feeds, **settings):
            return embedding_attention_decoder(
                decoder_inputs, encoder_state, states, cell, num_decoder_symbols, embedding_size, num_heads=num_heads,
                output_size=output_size, output_projection=output_projection, feed_previous=feeds,
                initial_state_attention=initial_state_attention, **settings)  # fmt: skip

        if isinstance(feed_previous, bool):
            return decode(feed_previous)
        return _fed_if(
            feed_previous, lambda feeds: decode(feeds, update_embedding_for_previous=False), encoder_state, len(decoder_inputs)
        )


@export("contrib.legacy_seq2seq.one2many_rnn_seq2seq")
def one2many_rnn_seq2seq(encoder_inputs, decoder_inputs_dict, enc_cell, dec_cells_dict, num_encoder_symbols,
                         num_decoder_symbols_dict, embedding_size, feed_previous=False, dtype=None, scope=None):  # fmt: skip
    """One encoder and several decoders over embeddings of symbols.

    Args:
      encoder_inputs, embedding_size, feed_previous, dtype: as of `embedding_rnn_seq2seq`.
      decoder_inputs_dict: a dictionary from the decoders' names to lists of their inputs.
      enc_cell: the encoder's cell.
      dec_cells_dict: a dictionary from names to the decoders' cells.
      num_encoder_symbols: the number of symbols of the encoder.
      num_decoder_symbols_dict: a dictionary from names to the numbers of symbols of the decoders.
      scope: a variable scope, or its name; by default "one2many_rnn_seq2seq".

    Returns:
      Dictionaries from names to the decoders' outputs and last states.

    Raises:
      TypeError: a cell is none.
      ValueError: the dictionaries have different keys.
    """
    if not isinstance(enc_cell, RNNCell):
        raise TypeError("enc_cell is not an RNNCell: %s" % type(enc_cell))
    if set(dec_cells_dict) != set(decoder_inputs_dict):
        raise ValueError("keys of dec_cells_dict != keys of decodre_inputs_dict")
    for cell in dec_cells_dict.values():
        if not isinstance(cell, RNNCell):
            raise TypeError("dec_cell is not an RNNCell: %s" % type(cell))
    outputs, states = {}, {}
    with variable_scope(scope or "one2many_rnn_seq2seq", dtype=dtype) as scope:
        encoder = EmbeddingWrapper(enc_cell, embedding_classes=num_encoder_symbols, embedding_size=embedding_size)
        _, encoder_state = static_rnn(encoder, encoder_inputs, dtype=scope.dtype)
        for name, decoder_inputs in decoder_inputs_dict.items():
            symbols = num_decoder_symbols_dict[name]
            with variable_scope("one2many_decoder_%s" % name):
                cell = OutputProjectionWrapper(dec_cells_dict[name], symbols)

                def decode(feeds, inputs=decoder_inputs, cell=cell, symbols=symbols):
                    return embedding_rnn_decoder(inputs, encoder_state, cell, symbols, embedding_size, feed_previous=feeds)

                if isinstance(feed_previous, bool):
                    outputs[name], states[name] = decode(feed_previous)
                else:
                    outputs[name], states[name] = _fed_if(feed_previous, decode, encoder_state, len(decoder_inputs))
    return outputs, states
