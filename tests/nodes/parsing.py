"""Programs whose graphs must be TensorFlow's node for node: files, raw bytes, examples."""


def _features(tf):
    return {
        "b": tf.FixedLenFeature([2], tf.int64),
        "a": tf.VarLenFeature(tf.string),
        "c x": tf.FixedLenFeature((), tf.float32, default_value=1.5),
        "d": tf.FixedLenSequenceFeature([3], tf.int64, allow_missing=True),
        "e": tf.FixedLenSequenceFeature([], tf.string, allow_missing=True, default_value="-"),
    }


def decoding(tf):
    s = tf.placeholder(tf.string, [None], name="s")
    tf.write_file("a", tf.read_file("b"))
    tf.matching_files("*.x")
    tf.decode_raw(s, tf.uint8)
    tf.io.decode_raw(s, tf.int32, little_endian=False)
    tf.decode_csv(s, [[1], [""], tf.constant([], tf.float32)], select_cols=[0, 2, 3], na_value="N")
    tf.decode_compressed(s, "ZLIB")
    tf.parse_tensor("a", tf.float32)
    tf.serialize_tensor([1.0])
    tf.decode_json_example(s)


def examples(tf):
    s = tf.placeholder(tf.string, [None], name="s")
    tf.parse_example(s, _features(tf))
    tf.parse_example(s, _features(tf), name="named", example_names=["x", "y"])


def single_examples(tf):
    s = tf.placeholder(tf.string, [], name="s")
    tf.parse_single_example(s, _features(tf))
    tf.parse_single_example(s, _features(tf), name="named", example_names="x")


def sequence_examples(tf):
    context = {"b": tf.FixedLenFeature([2], tf.int64, [3, 4]), "a": tf.VarLenFeature(tf.string)}
    steps = {
        "c": tf.FixedLenSequenceFeature([3], tf.int64, allow_missing=True),
        "d": tf.FixedLenSequenceFeature([], tf.float32),
        "e": tf.VarLenFeature(tf.int64),
    }
    tf.parse_single_sequence_example(tf.placeholder(tf.string, [], name="one"), context, steps)
    tf.io.parse_sequence_example(tf.placeholder(tf.string, [None], name="several"), context, steps, name="named")
