"""Programs whose graphs must be TensorFlow's node for node: ragged tensors."""


def _rows(tf):
    return tf.ragged.constant([[3, 1, 4], [], [1, 5], [9]])


def constants(tf):
    _rows(tf)
    tf.ragged.constant([[[1.0], []], []], name="rows")
    tf.ragged.constant([[[1, 2]], [[3, 4], [5, 6]]], ragged_rank=1, row_splits_dtype=tf.int32)
    tf.ragged.placeholder(tf.string, 2)


def factories(tf):
    values, rows = tf.placeholder(tf.float32, [5]), tf.placeholder(tf.int64, [None])
    tf.RaggedTensor.from_row_splits(values, rows, validate=False)
    tf.RaggedTensor.from_row_lengths(values, rows, validate=False)
    tf.RaggedTensor.from_row_starts(values, rows, validate=False)
    tf.RaggedTensor.from_row_limits(values, rows, validate=False)
    tf.RaggedTensor.from_value_rowids(values, rows, validate=False)
    tf.RaggedTensor.from_value_rowids(values, rows, 7, validate=False)
    tf.RaggedTensor.from_nested_row_splits(values, [rows, rows], validate=False)


def conversions(tf):
    rt = _rows(tf)
    rt.to_tensor()
    rt.to_sparse()
    rt.value_rowids()
    rt.row_lengths()
    rt.bounding_shape()
    tf.RaggedTensor.from_tensor(tf.placeholder(tf.float32, [3, 4]))
    tf.RaggedTensor.from_tensor(tf.placeholder(tf.float32, [3, 4]), lengths=[1, 2, 3])


def functions(tf):
    rt = _rows(tf)
    tf.negative(rt)
    tf.abs(rt)
    rt + 1
    tf.concat([rt, rt], axis=0)
    tf.expand_dims(rt, 1)
    tf.gather(rt, tf.constant([0, 1]))
    tf.reduce_sum(rt, axis=0)
    tf.reduce_max(rt, axis=1)
    tf.ragged.range([1, 2], [3, 4])
    tf.tile(rt, [2, 1])
    rt[1]
    rt[1:]
    rt[:, :1]


def strings(tf):
    texts = tf.placeholder(tf.string, [3])
    tf.strings.split(texts)
    tf.strings.split(texts, result_type="RaggedTensor")
    tf.string_split(texts, ",", result_type="RaggedTensor")
    tf.strings.bytes_split(texts)
    tf.strings.unicode_decode(texts, "UTF-8")
    tf.strings.unicode_split(texts, "UTF-8")
    tf.strings.ngrams(tf.ragged.constant([["a", "b"], ["c"]]), 2)
