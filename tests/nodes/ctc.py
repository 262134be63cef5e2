"""Programs whose graphs must be TensorFlow's node for node: connectionist temporal classification."""


def losses(tf):
    x, n = tf.placeholder(tf.float32, [5, 2, 4], name="x"), tf.placeholder(tf.int32, [2], name="n")
    labels = tf.sparse_placeholder(tf.int32, name="labels")
    tf.nn.ctc_loss(labels, x, n)
    tf.nn.ctc_loss(labels, logits=x, sequence_length=tf.fill([5], 2), time_major=False, ctc_merge_repeated=False)
    tf.nn.ctc_loss_v2(labels, x, None, n, blank_index=-1)
    tf.nn.ctc_loss_v2(labels, x, None, n, blank_index=1)


def decoders(tf):
    x, n = tf.placeholder(tf.float32, [5, 2, 4], name="x"), tf.placeholder(tf.int32, [2], name="n")
    tf.nn.ctc_greedy_decoder(x, n)
    tf.nn.ctc_beam_search_decoder(x, n, beam_width=3, top_paths=2)
    tf.nn.ctc_beam_search_decoder_v2(x, [5, 4], top_paths=3)


def of_labels(tf):
    labels, n = tf.placeholder(tf.int32, [2, 3], name="labels"), tf.placeholder(tf.int64, [2], name="n")
    tf.nn.collapse_repeated(labels, n)
    tf.nn.collapse_repeated(tf.placeholder(tf.int32, [None, None]), [1, 2], name="c")
