"""Programs whose graphs must be TensorFlow's node for node: `tf.contrib.crf`, where it needs no loop."""


def scores(tf):
    crf = tf.contrib.crf
    lengths, transitions = tf.placeholder(tf.int32, [None]), tf.placeholder(tf.float32, [4, 4])
    for kind in (tf.int32, tf.int64):
        inputs, tags = tf.placeholder(tf.float32, [3, 5, 4]), tf.placeholder(kind, [3, 5])
        crf.crf_sequence_score(inputs, tags, lengths, transitions)


def sequences_of_one(tf):
    crf = tf.contrib.crf
    lengths, transitions = tf.placeholder(tf.int32, [None]), tf.placeholder(tf.float32, [4, 4])
    inputs, tags = tf.placeholder(tf.float32, [3, 1, 4]), tf.placeholder(tf.int32, [3, 1])
    crf.crf_multitag_sequence_score(inputs, tf.placeholder(tf.bool, [3, 1, 4]), lengths, transitions)
    crf.crf_decode(inputs, transitions, lengths)
    crf.crf_log_likelihood(inputs, tags, lengths)
