"""Matrices from checkpoints whose rows or columns stand for words, in the order of other vocabularies."""

import os

import numpy as np

from ..core import dtypes as types
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.errors import UnimplementedError, invalid
from ..core.export import export, resolve
from ..core.op import op
from ..core.shape import to_brackets
from ..platform import gfile
from ..platform.bundle_reader import BundleReader
from ..platform.gfile import local_path

# ---------------------------------------------------------------------------------------------------------------------- ops


def _scalar(value, name):
    if value.ndim:
        raise invalid("%s should be a single string, but got %s", name, to_brackets(value.shape))
    if not value.item():
        raise invalid("new vocab filename cannot be empty.")
    return value.item().decode()


def _words(file, count=-1):
    """The lines of a file, or its first lines."""
    with gfile.GFile(file, "rb") as f:
        lines = f.read().split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    if count > len(lines):
        raise invalid("Invalid vocab_size in %s: expected %d but got %d", file, count, len(lines))
    return lines if count < 0 else lines[:count]


@op("GenerateVocabRemapping", host=True)
def _generate_vocab_remapping(xp, new_vocab_file, old_vocab_file, *, new_vocab_offset, num_new_vocab, old_vocab_size=-1):
    new = _words(_scalar(new_vocab_file, "new_vocab_file"))
    if new_vocab_offset + num_new_vocab > len(new):
        raise invalid("lookup table size must be larger than last new vocab entry's line")
    places = {word: i for i, word in enumerate(_words(_scalar(old_vocab_file, "old_vocab_file"), old_vocab_size))}
    found = [places.get(word, -1) for word in new[new_vocab_offset : new_vocab_offset + num_new_vocab]]
    return np.array(found, np.int64), np.int32(sum(i >= 0 for i in found))


@_generate_vocab_remapping.shape
def _(new_vocab_file, old_vocab_file, *, num_new_vocab):
    for shape in (new_vocab_file, old_vocab_file):
        if shape:
            raise ValueError("Shape must be rank 0 but is rank %d" % len(shape))
    return [(num_new_vocab,), ()]


def _places(remapping):
    """Where rows (or columns) go and where they come from: two arrays; those that come from nowhere are left out."""
    new = np.flatnonzero(remapping >= 0)
    old = remapping[new]
    seen = {}
    for n, o in zip(new.tolist(), old.tolist()):
        if o in seen:
            raise UnimplementedError(None, None, "Old ID %d is mapped to both new ID %d and %d, which is not supported."
                                     % (o, seen[o], n))  # fmt: skip
        seen[o] = n
    return new, old


@op("LoadAndRemapMatrix", host=True, ignores=["max_rows_in_memory"])
def _load_and_remap_matrix(
    xp, ckpt_path, old_tensor_name, row_remapping, col_remapping, initializing_values, *, num_rows, num_cols
):
    if row_remapping.size != num_rows:
        raise invalid("Size of row_remapping is %d instead of being equal to num_rows=%d", row_remapping.size, num_rows)
    new_rows, old_rows = _places(row_remapping)
    if col_remapping.size and col_remapping.size != num_cols:
        raise invalid(
            "Provided col_remapping, but its size is %d instead of being equal to num_cols=%d", col_remapping.size, num_cols
        )
    new_cols, old_cols = _places(col_remapping if col_remapping.size else np.arange(num_cols))
    path, name = local_path(os.fsdecode(ckpt_path.item())), old_tensor_name.item()
    made, missing = np.empty((num_rows, num_cols), np.float32), np.ones((num_rows, num_cols), bool)
    with BundleReader(path) as reader:
        _check_matrix(reader, name, None if col_remapping.size else num_cols)
        if old_rows.size:
            first, last = int(old_rows.min()), int(old_rows.max())
            loaded = reader.lookup_slice(name, ((first, last - first + 1), (0, -1)))
            made[np.ix_(new_rows, new_cols)] = loaded[np.ix_(old_rows - first, old_cols)]
            missing[np.ix_(new_rows, new_cols)] = False
    values, wanted = initializing_values.reshape(-1), int(missing.sum())
    if values.size < wanted:
        raise invalid("initializing_values contained %d elements, but more missing values remain.", values.size)
    if values.size > wanted:
        raise invalid("initializing_values contained %d elements, but only %d elements were used to fill in missing values.",
                      values.size, wanted)  # fmt: skip
    made[missing] = values
    return made


def _check_matrix(reader, name, columns):
    """Raises InvalidArgumentError unless a tensor is a matrix of float32, with as many columns if that is said."""
    dtype, shape = reader.type_and_shape(name)
    text = name.decode()
    if dtype is not types.float32:
        raise invalid("Tensor %s has invalid type %s instead of expected type float", text, dtype.name)
    if len(shape) != 2:
        raise invalid("Tensor %s has shape %s of invalid rank %d instead of expected shape of rank 2.",
                      text, to_brackets(shape), len(shape))  # fmt: skip
    if columns is not None and shape[1] != columns:
        raise invalid("Tensor %s has shape %s, where the size of its 2nd dimension is %d instead of being equal to num_cols=%d",
                      text, to_brackets(shape), shape[1], columns)  # fmt: skip


@_load_and_remap_matrix.shape
def _(ckpt_path, old_tensor_name, row_remapping, col_remapping, initializing_values, *, num_rows, num_cols):
    return (num_rows, num_cols)


for _made in (_generate_vocab_remapping, _load_and_remap_matrix):
    _made.not_differentiable()


# ------------------------------------------------------------------------------------------------------------- initializers


def _check_pair(axis, old, new):
    if bool(old) != bool(new):
        raise ValueError("old_%s_vocab_file and new_%s_vocab_file must both be specified or left unspecified. "
                         "old_%s_vocab_file='%s', new_%s_vocab_file='%s'" % (axis, axis, axis, old, axis, new))  # fmt: skip


@export("contrib.framework.load_and_remap_matrix", "python.training.checkpoint_ops._load_and_remap_matrix")
def load_and_remap_matrix(ckpt_path, old_tensor_name, new_row_vocab_offset, num_rows_to_load, new_col_vocab_size, initializer,
                          old_row_vocab_size=-1, old_row_vocab_file=None, new_row_vocab_file=None, old_col_vocab_file=None,
                          new_col_vocab_file=None, num_row_oov_buckets=0, num_col_oov_buckets=0,
                          max_rows_in_memory=-1):  # fmt: skip
    """A matrix from a checkpoint with its rows and columns in the order of other vocabularies.

    Args:
      ckpt_path: the name of the checkpoint.
      old_tensor_name: the name of the matrix in it.
      new_row_vocab_offset: with which word of the new vocabulary to begin.
      num_rows_to_load: how many rows to give.
      new_col_vocab_size: how many columns.
      initializer: a function of a shape that gives the values for words that the old vocabulary lacks.
      old_row_vocab_size: how many words of the old vocabulary of rows count; -1 for all.
      old_row_vocab_file, new_row_vocab_file: the files of both vocabularies of rows, a word a line; None for the same order.
      old_col_vocab_file, new_col_vocab_file: those of columns.
      num_row_oov_buckets, num_col_oov_buckets: how many more rows and columns to add for unknown words.
      max_rows_in_memory: has no meaning here.

    Returns:
      A float32 matrix.

    Raises:
      ValueError: a number is negative, one file of a pair is missing, or both pairs are.
    """
    for name, count in (("row", num_row_oov_buckets), ("col", num_col_oov_buckets)):
        if count < 0:
            raise ValueError("num_%s_oov_buckets must be >= 0, but received %d" % (name, count))
    _check_pair("row", old_row_vocab_file, new_row_vocab_file)
    _check_pair("col", old_col_vocab_file, new_col_vocab_file)
    if not new_row_vocab_file and not new_col_vocab_file:
        raise ValueError("Must provide either row or column vocab files. If no remapping is necessary, consider using "
                         "`tf.contrib.framework.init_from_checkpoint` instead.")  # fmt: skip
    rows_present, cols_present, col_remapping = num_rows_to_load, new_col_vocab_size, []
    if new_row_vocab_file:
        row_remapping, rows_present = registry["GenerateVocabRemapping"](
            new_row_vocab_file, old_row_vocab_file, new_vocab_offset=new_row_vocab_offset, num_new_vocab=num_rows_to_load,
            old_vocab_size=old_row_vocab_size)  # fmt: skip
    else:
        row_remapping = resolve("range")(new_row_vocab_offset, new_row_vocab_offset + num_rows_to_load, dtype=types.int64)
    if new_col_vocab_file:
        col_remapping, cols_present = registry["GenerateVocabRemapping"](
            new_col_vocab_file, old_col_vocab_file, new_vocab_offset=0, num_new_vocab=new_col_vocab_size)  # fmt: skip
    missing = initializer([num_rows_to_load * new_col_vocab_size - rows_present * cols_present, 1])
    made = registry["LoadAndRemapMatrix"](
        ckpt_path, old_tensor_name, row_remapping, col_remapping, missing, num_rows=num_rows_to_load, num_cols=new_col_vocab_size,
        max_rows_in_memory=max_rows_in_memory)  # fmt: skip
    if num_row_oov_buckets > 0:
        made = resolve("concat")([made, convert(initializer([num_row_oov_buckets, new_col_vocab_size]))], 0)
    if num_col_oov_buckets > 0:
        rows = num_rows_to_load + num_row_oov_buckets
        made = resolve("concat")([made, convert(initializer([rows, num_col_oov_buckets]))], 1)
    return made


@export("contrib.framework.load_and_remap_matrix_initializer", "python.training.checkpoint_ops._load_and_remap_matrix_initializer")
def load_and_remap_matrix_initializer(ckpt_path, old_tensor_name, new_row_vocab_size, new_col_vocab_size, old_row_vocab_size=-1,
                                      old_row_vocab_file=None, new_row_vocab_file=None, old_col_vocab_file=None,
                                      new_col_vocab_file=None, num_row_oov_buckets=0, num_col_oov_buckets=0, initializer=None,
                                      max_rows_in_memory=-1):  # fmt: skip
    """An initializer for a variable, partitioned or not, that `load_and_remap_matrix` gives its value; see there for the arguments.

    Args:
      new_row_vocab_size: how many words the new vocabulary of rows has.
      initializer: by default zeros.

    Raises:
      TypeError: `initializer` is no function.
    """
    if initializer is None:
        initializer = resolve("zeros_initializer")()
    if not callable(initializer):
        raise TypeError("initializer must be callable, instead of being %s of type %s." % (initializer, type(initializer)))
    columns = new_col_vocab_size + num_col_oov_buckets

    def initialize(shape, dtype=types.float32, partition_info=None):
        if dtype != types.float32:
            raise TypeError("Currently, only float32 is supported. Received dtype: %s" % dtype)
        _check_shape(shape, columns, new_col_vocab_size, num_col_oov_buckets)
        offset = 0 if partition_info is None else partition_info.single_offset(shape)
        total = new_row_vocab_size + num_row_oov_buckets
        if offset + shape[0] > total:
            raise ValueError(
                "Trying to initialize %d additional rows after %d rows have already been initialized, which would exceed expected "
                "total row count of new_row_vocab_size (%d) + num_row_oov_buckets (%d) = %d."
                % (shape[0], offset, new_row_vocab_size, num_row_oov_buckets, total)
            )
        unknown = min(shape[0], max(0, offset + shape[0] - new_row_vocab_size))
        if offset > new_row_vocab_size:
            return initializer(shape)
        return load_and_remap_matrix(
            ckpt_path, old_tensor_name, offset, shape[0] - unknown, new_col_vocab_size, initializer, old_row_vocab_size,
            old_row_vocab_file, new_row_vocab_file, old_col_vocab_file, new_col_vocab_file, unknown, num_col_oov_buckets,
            max_rows_in_memory)  # fmt: skip

    return initialize


def _check_shape(shape, columns, known, unknown):
    if len(shape) != 2:
        raise ValueError("Expected 2-dim shape, but received: %s" % (shape,))
    if shape[0] <= 0:
        raise ValueError("Expected 1st dim of shape to be > 0, but received shape: %s" % (shape,))
    if shape[1] != columns:
        raise ValueError("Expected 2nd dim of shape to be new_col_vocab_size (%d) + num_col_oov_buckets (%d) = %d, but received "
                         "shape: %s" % (known, unknown, columns, shape))  # fmt: skip


@export("contrib.framework.load_embedding_initializer", "python.training.checkpoint_ops._load_embedding_initializer")
def load_embedding_initializer(ckpt_path, embedding_tensor_name, new_vocab_size, embedding_dim, old_vocab_file, new_vocab_file,
                               old_vocab_size=-1, num_oov_buckets=0, initializer=None, max_rows_in_memory=-1):  # fmt: skip
    """The same for embeddings, whose rows stand for words.

    Args:
      ckpt_path, embedding_tensor_name: the checkpoint and the name of the embeddings in it.
      new_vocab_size: how many words the new vocabulary has.
      embedding_dim: how many columns there are.
      old_vocab_file, new_vocab_file: the files of both vocabularies.
      old_vocab_size: how many words of the old one count; -1 for all.
      num_oov_buckets: how many more rows to add for unknown words.
      initializer: for words that the old vocabulary lacks; by default small random numbers.
      max_rows_in_memory: has no meaning here.
    """
    if initializer is None:
        initializer = resolve("truncated_normal_initializer")(stddev=embedding_dim**-0.5)
    return load_and_remap_matrix_initializer(
        ckpt_path, embedding_tensor_name, new_vocab_size, embedding_dim, old_vocab_size, old_vocab_file, new_vocab_file,
        num_row_oov_buckets=num_oov_buckets, initializer=initializer, max_rows_in_memory=max_rows_in_memory)  # fmt: skip


@export("contrib.framework.load_linear_multiclass_bias_initializer")
def load_linear_multiclass_bias_initializer(ckpt_path, bias_tensor_name, new_class_vocab_size, old_class_vocab_file,
                                            new_class_vocab_file, num_class_oov_buckets=0, initializer=None,
                                            max_rows_in_memory=-1):  # fmt: skip
    """The same for the biases of classes, a matrix with one column; the words are the names of classes."""
    return load_and_remap_matrix_initializer(
        ckpt_path, bias_tensor_name, new_class_vocab_size, 1, -1, old_class_vocab_file, new_class_vocab_file,
        num_row_oov_buckets=num_class_oov_buckets,
        initializer=resolve("zeros_initializer")() if initializer is None else initializer,
        max_rows_in_memory=max_rows_in_memory)  # fmt: skip


@export("contrib.framework.load_variable_slot_initializer")
def load_variable_slot_initializer(ckpt_path, old_tensor_name, primary_partition_info, new_row_vocab_size, new_col_vocab_size,
                                   old_row_vocab_file=None, new_row_vocab_file=None, old_col_vocab_file=None,
                                   new_col_vocab_file=None, num_row_oov_buckets=0, num_col_oov_buckets=0, initializer=None,
                                   max_rows_in_memory=-1):  # fmt: skip
    """The same for a slot of an optimizer, whose part of a whole `primary_partition_info` tells."""
    make = load_and_remap_matrix_initializer(
        ckpt_path, old_tensor_name, new_row_vocab_size, new_col_vocab_size, -1, old_row_vocab_file, new_row_vocab_file,
        old_col_vocab_file, new_col_vocab_file, num_row_oov_buckets, num_col_oov_buckets, initializer,
        max_rows_in_memory)  # fmt: skip
    return lambda shape, dtype=types.float32, partition_info=None: make(shape, dtype, primary_partition_info)
