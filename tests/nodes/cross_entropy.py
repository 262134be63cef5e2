"""Programs whose graphs must be TensorFlow's node for node: softmaxes and cross entropies."""


def softmaxes(tf):
    x = tf.placeholder(tf.float32, [2, 3])
    tf.nn.softmax(x)
    tf.nn.softmax(x, name="probabilities")
    tf.nn.softmax(x, axis=1)
    tf.nn.softmax(x, axis=0)
    tf.nn.log_softmax(tf.placeholder(tf.float32, [None, 3, 4]), axis=-2, name="l")
    tf.nn.softmax([1.0, 2.0], dim=-1)


def of_classes(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    y = tf.placeholder(tf.float32, [None, 3])
    tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=x)
    tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=x, name="loss")
    tf.nn.softmax_cross_entropy_with_logits_v2(labels=tf.placeholder(tf.int32, [2, 3]), logits=tf.placeholder(tf.float16, [2, 3]))
    tf.nn.softmax_cross_entropy_with_logits_v2(
        labels=tf.placeholder(tf.float32, [2, 3, 4]), logits=tf.placeholder(tf.float32, [2, 3, 4]), axis=1
    )
    tf.nn.softmax_cross_entropy_with_logits_v2(labels=tf.placeholder(tf.float32), logits=tf.placeholder(tf.float32))


def of_numbered_classes(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.placeholder(tf.int64, [None]), logits=x)
    tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.placeholder(tf.int32, [None]), logits=x, name="loss")
    tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[1, 2], logits=tf.placeholder(tf.float16, [2, 3]))
    tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=tf.placeholder(tf.int32, [2, 3]), logits=tf.placeholder(tf.float32, [2, 3, 4])
    )


def of_events(tf):
    x, y = tf.placeholder(tf.float32, [None, 3], name="x"), tf.placeholder(tf.float32, [None, 3], name="y")
    tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=x)
    tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=x, name="loss")
    tf.nn.weighted_cross_entropy_with_logits(targets=y, logits=x, pos_weight=2.0)
    tf.nn.log_poisson_loss(y, x)
    tf.nn.log_poisson_loss(y, x, compute_full_loss=True, name="poisson")
