"""Strings in pieces, n-grams, and text as code points: the functions of `tf.strings` that give ragged tensors."""

from ..core import dtypes
from ..core.compat import bytes_or_text_types
from ..core.export import export, public as tf
from ..core.scopes import name_scope
from ..ops.text_pieces import one_of, split_at_characters, split_bytes, split_sparse, string_n_grams
from ..ops.unicode import unicode_decode_op, unicode_decode_with_offsets_op, unicode_encode_op
from .shaping import expand_dims
from .tensor import RaggedTensor, is_ragged, to_tensor_or_ragged


def _rows_of(sparse):
    """The rows of a sparse tensor, given by its parts."""
    indices, values, shape = sparse
    return RaggedTensor.from_value_rowids(values, indices[:, 0], nrows=shape[0], validate=False)


def _as_wished(sparse, result_type):
    if result_type == "SparseTensor":
        return sparse
    if result_type == "RaggedTensor":
        return _rows_of((sparse.indices, sparse.values, sparse.dense_shape))
    raise ValueError("result_type must be 'RaggedTensor' or 'SparseTensor'.")


@export("string_split")
def string_split(source, sep=None, skip_empty=True, delimiter=None, result_type="SparseTensor", name=None):
    """Strings split at each of some characters.

    Args:
      source: a string tensor of shape `[N]`.
      sep: a string: its bytes are where to split (by default at spaces); if it is empty, each byte is a piece.
      skip_empty: whether empty pieces are left out.
      delimiter: the old name of `sep`.
      result_type: `"SparseTensor"` or `"RaggedTensor"`.
      name: the name of the operation.

    Returns:
      A `SparseTensor` of shape `[N, the most pieces]`, or a ragged tensor of `N` rows.

    Raises:
      ValueError: the result type is unknown, or both `sep` and `delimiter` are given.
    """
    with name_scope(name, "StringSplit", [source]):
        return _as_wished(split_at_characters(source, sep, skip_empty, delimiter), result_type)


@export("strings.split")
def strings_split(input=None, sep=None, maxsplit=-1, result_type="SparseTensor", source=None, name=None):
    """Strings split as Python's `str.split` does.

    Args:
      input: a string tensor or ragged tensor.
      sep: where to split, a string; by default, or if it is empty, at any white space.
      maxsplit: how often to split at most, if it is not below zero.
      result_type: `"SparseTensor"` or `"RaggedTensor"`.
      source: another name of `input`.
      name: the name of the operation.

    Returns:
      The pieces, with one more dimension than `input`, as a sparse or ragged tensor; of a scalar a vector.

    Raises:
      ValueError: the result type is unknown.
    """
    input = one_of("input", input, "source", source)
    with name_scope(name, "StringSplit", [input]):
        input = to_tensor_or_ragged(input, dtypes.string, "input")
        if result_type == "SparseTensor" and input.shape.ndims == 1:
            return split_sparse(input, sep, maxsplit)
        pieces = _split(input, sep, maxsplit)
        if result_type == "SparseTensor":
            return pieces.to_sparse()
        if result_type != "RaggedTensor":
            raise ValueError("result_type must be 'RaggedTensor' or 'SparseTensor'.")
        return pieces


@export("compat.v2.strings.split")
def _split(input, sep=None, maxsplit=-1, name=None):
    """`tf.strings.split` with a ragged tensor for its result, in TensorFlow 2's spelling."""
    with name_scope(name, "StringSplit", [input]):
        input = to_tensor_or_ragged(input, dtypes.string, "input")
        if is_ragged(input):
            return input.with_flat_values(_split(input.flat_values, sep, maxsplit))
        rank = input.shape.ndims
        if rank == 0:
            return _split(tf.stack([input]), sep, maxsplit)[0]
        if rank not in (1, None):
            return _split(RaggedTensor.from_tensor(input), sep, maxsplit)
        sparse = split_sparse(input, sep, maxsplit)
        return _rows_of((sparse.indices, sparse.values, sparse.dense_shape))


@export("strings.bytes_split")
def string_bytes_split(input, name=None):
    """Strings split into bytes.

    Args:
      input: a string tensor or ragged tensor of known rank.
      name: the name of the operation.

    Returns:
      A ragged tensor with one more dimension; of a scalar a vector.

    Raises:
      ValueError: the rank is unknown.
    """
    with name_scope(name, "StringsByteSplit", [input]):
        input = to_tensor_or_ragged(input, None, "input")
        if is_ragged(input):
            return input.with_flat_values(string_bytes_split(input.flat_values))
        rank = input.shape.ndims
        if rank is None:
            raise ValueError("input must have a statically-known rank.")
        if rank == 0:
            return string_bytes_split(tf.stack([input]))[0]
        return _rows_of(split_bytes(input)) if rank == 1 else string_bytes_split(RaggedTensor.from_tensor(input))


# ------------------------------------------------------------------------------------------------------------- n-grams


def _pads(pad_values):
    if pad_values is None:
        return "", ""
    pair = tuple(pad_values) if isinstance(pad_values, list | tuple) else (pad_values, pad_values)
    if not all(isinstance(p, bytes_or_text_types) for p in pair[:2]):
        raise TypeError("pad_values must be a string, tuple of strings, or None.")
    return pair[0], pair[1]


@export("strings.ngrams")
def ngrams(data, ngram_width, separator=" ", pad_values=None, padding_width=None, preserve_short_sequences=False, name=None):
    """Neighbouring strings joined.

    Args:
      data: a string tensor or ragged tensor; the last dimension holds the sequences.
      ngram_width: how many strings are joined, or a list of such numbers.
      separator: what stands between them.
      pad_values: a string that sequences are padded with at both ends, or a pair of them.
      padding_width: how many pads at most; by default as many as are needed.
      preserve_short_sequences: whether a sequence too short for any width is joined as a whole.
      name: the name of the operation.

    Returns:
      A ragged tensor of the n-grams of each sequence, or of a vector a vector.

    Raises:
      TypeError, ValueError: an argument is not as described.
    """
    with name_scope(name, "StringNGrams", [data]):
        left, right = _pads(pad_values)
        if padding_width is not None and padding_width < 1:
            raise ValueError("padding_width must be greater than 0.")
        if padding_width is not None and pad_values is None:
            raise ValueError("pad_values must be provided if padding_width is set.")
        data = to_tensor_or_ragged(data, dtypes.string, "data")
        options = ngram_width, separator, pad_values, padding_width, preserve_short_sequences, name
        if not is_ragged(data):
            rank = data.shape.ndims
            if rank is None:
                raise ValueError("Rank of data must be known.")
            if rank == 0:
                raise ValueError("Data must have rank>0")
            if rank == 1:
                return ngrams(RaggedTensor.from_row_starts(data, [0], validate=False), *options)[0]
            data = RaggedTensor.from_tensor(data, ragged_rank=rank - 1)
        if data.ragged_rank > 1:
            return data.with_values(ngrams(data.values, *options))
        pad_width = 0 if pad_values is None else -1 if padding_width is None else padding_width
        widths = list(ngram_width) if isinstance(ngram_width, list | tuple) else [ngram_width]
        if any(w < 1 for w in widths):
            raise ValueError("All ngram_widths must be greater than 0. Got %s" % (ngram_width,))
        output, splits = string_n_grams(
            data.flat_values, data.row_splits, separator=separator, ngram_widths=widths, left_pad=left, right_pad=right,
            pad_width=pad_width, preserve_short_sequences=preserve_short_sequences)  # fmt: skip
        return RaggedTensor.from_row_splits(output, splits, validate=False)


# --------------------------------------------------------------------------------------------------------- code points


@export("strings.unicode_encode")
def unicode_encode(input, output_encoding, errors="replace", replacement_char=65533, name=None):
    """Code points as text.

    Args:
      input: a tensor or ragged tensor of code points, int32; the last dimension becomes a string.
      output_encoding: `"UTF-8"`, `"UTF-16-BE"` or `"UTF-32-BE"`.
      errors: what to do with numbers that are no code points: `"replace"`, `"ignore"` or `"strict"`.
      replacement_char: the code point that takes their place.
      name: the name of the operation.

    Returns:
      Strings, with one dimension less.

    Raises:
      ValueError: the rank is unknown or 0.
      InvalidArgumentError: with `"strict"`, there are such numbers.
    """
    options = output_encoding, errors, replacement_char
    with name_scope(name, "UnicodeEncode", [input]):
        codes = to_tensor_or_ragged(input)
        rank = codes.shape.ndims
        if rank is None:
            raise ValueError("Rank of input_tensor must be statically known.")
        if is_ragged(codes):
            if codes.flat_values.shape.ndims > 1:
                return codes.with_flat_values(unicode_encode(codes.flat_values, *options))
            if codes.ragged_rank > 1:
                return codes.with_values(unicode_encode(codes.values, *options))
            attrs = dict(output_encoding=output_encoding, errors=errors, replacement_char=replacement_char)
            return unicode_encode_op(codes.values, codes.row_splits, **attrs)
        if rank == 0:
            raise ValueError("input_tensor's rank must be at least 1.")
        if rank == 1:
            splits = tf.stack([0, tf.shape(codes, out_type=dtypes.int32)[0]])
            row = RaggedTensor.from_row_splits(codes, splits, validate=False)
            return tf.reshape(unicode_encode(row, *options), [])
        if rank == 2:
            return unicode_encode(RaggedTensor.from_tensor(codes), *options)
        flat = tf.reshape(codes, tf.stack([-1, tf.shape(codes)[-1]]))
        return tf.reshape(unicode_encode(flat, *options), codes.shape[:-1])


def _decode(op, input, input_encoding, errors, replacement_char, replace_control_characters=False):
    """What an op gives beside the row splits (code points, perhaps offsets), each in rows."""
    input = to_tensor_or_ragged(input, None, "input")
    rank = input.shape.ndims
    if rank is None:
        raise ValueError("Rank of `input` must be statically known.")
    if rank > 1:
        if not is_ragged(input):
            input = RaggedTensor.from_tensor(input, ragged_rank=rank - 1)
        elif input.ragged_rank < rank - 1:
            more = RaggedTensor.from_tensor(input.flat_values, ragged_rank=rank - 1 - input.ragged_rank)
            input = input.with_flat_values(more)
    flat = tf.reshape(input.flat_values if is_ragged(input) else input, [-1])
    splits, *parts = op(flat, input_encoding=input_encoding, errors=errors, replacement_char=replacement_char,
                        replace_control_characters=replace_control_characters)  # fmt: skip
    if rank == 0:
        return parts
    parts = [RaggedTensor.from_row_splits(part, splits, validate=False) for part in parts]
    return [input.with_flat_values(part) for part in parts] if rank > 1 else parts


@export("strings.unicode_decode")
def unicode_decode(input, input_encoding, errors="replace", replacement_char=65533, replace_control_characters=False, name=None):
    """Text as code points.

    Args:
      input: a string tensor or ragged tensor of known rank.
      input_encoding: the name of the encoding.
      errors: what to do with bytes that are no text: `"replace"`, `"ignore"` or `"strict"`.
      replacement_char: the code point that takes their place.
      replace_control_characters: whether it takes the place of control characters too.
      name: the name of the operation.

    Returns:
      The code points, int32, with one more dimension: a ragged tensor, or of a scalar a vector.

    Raises:
      ValueError: the rank is unknown.
      InvalidArgumentError: with `"strict"`, there are such bytes.
    """
    with name_scope(name, "UnicodeDecode", [input]):
        (codes,) = _decode(unicode_decode_op, input, input_encoding, errors, replacement_char, replace_control_characters)
        return codes


@export("strings.unicode_decode_with_offsets")
def unicode_decode_with_offsets(input, input_encoding, errors="replace", replacement_char=65533,
                                replace_control_characters=False, name=None):  # fmt: skip
    """`unicode_decode`, and of each character the byte where it begins: a pair of ragged tensors."""
    op = unicode_decode_with_offsets_op
    with name_scope(name, "UnicodeDecodeWithOffsets", [input]):
        return tuple(_decode(op, input, input_encoding, errors, replacement_char, replace_control_characters))


def _characters(codes, encoding, errors, replacement_char):
    one_each = expand_dims(codes, -1) if is_ragged(codes) else tf.expand_dims(codes, -1)
    return unicode_encode(one_each, encoding, errors, replacement_char)


@export("strings.unicode_split")
def unicode_split(input, input_encoding, errors="replace", replacement_char=65533, name=None):
    """Text split into characters, each a string; arguments as of `unicode_decode`."""
    with name_scope(name, "UnicodeSplit", [input]):
        (codes,) = _decode(unicode_decode_op, input, input_encoding, errors, replacement_char)
        return _characters(codes, input_encoding, errors, replacement_char)


@export("strings.unicode_split_with_offsets")
def unicode_split_with_offsets(input, input_encoding, errors="replace", replacement_char=65533, name=None):
    """`unicode_split`, and of each character the byte where it begins: a pair of ragged tensors."""
    with name_scope(name, "UnicodeSplitWithOffsets", [input]):
        codes, offsets = _decode(unicode_decode_with_offsets_op, input, input_encoding, errors, replacement_char)
        return _characters(codes, input_encoding, errors, replacement_char), offsets
