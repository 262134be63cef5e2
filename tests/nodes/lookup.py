"""Programs whose graphs must be TensorFlow's node for node: lookup tables."""


def vocabularies(tf):
    words = tf.placeholder(tf.string, [None])
    numbers = tf.placeholder(tf.int64, [None])
    lookup = tf.contrib.lookup
    lookup.index_table_from_file("words.txt").lookup(words)
    lookup.index_table_from_file("words.txt", num_oov_buckets=2, vocab_size=5).lookup(words, name="found")
    lookup.index_to_string_table_from_file("words.txt", name="back").lookup(numbers)
    lookup.index_table_from_file("numbers.txt", key_dtype=tf.int32, num_oov_buckets=2).lookup(tf.cast(numbers, tf.int32))
    lookup.IdTableWithHashBuckets(None, 3).lookup(words)
    tf.tables_initializer()


def mutable(tf):
    words = tf.placeholder(tf.string, [None])
    table = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1)
    table.insert(words, [1, 2])
    table.lookup(words)
    table.size()
    table.remove(words)
    vectors = tf.contrib.lookup.MutableHashTable(tf.int64, tf.float32, [0.0, 0.0], name="vectors", checkpoint=False)
    vectors.lookup([1, 2], name="found")
    vectors.export()
    dense = tf.contrib.lookup.MutableDenseHashTable(tf.int64, tf.int64, -1, 0, 1)
    dense.insert([2], [3])
    dense.lookup([2])
    tf.tables_initializer(name="init")
