"""Programs whose graphs must be TensorFlow's node for node: tf.contrib.nn and tf.contrib.sparsemax."""


def _of_classes(tf, shards):
    weights = [tf.constant([[1.0, 2.0]] * 3)] * shards
    biases = [tf.constant([0.1] * 3)] * shards
    return dict(
        weights=weights if shards > 1 else weights[0],
        biases=biases if shards > 1 else biases[0],
        labels=tf.constant([[1], [2]], tf.int64),
        inputs=tf.constant([[1.0, 2.0], [3.0, 4.0]]),
        num_classes=3 * shards,
    )


def rank_sampled(tf):
    temperature = tf.constant(1.0)
    for shards in (1, 2):
        of_classes = _of_classes(tf, shards)
        sampled = tf.nn.uniform_candidate_sampler(of_classes["labels"], 1, 3, True, of_classes["num_classes"])
        tf.contrib.nn.rank_sampled_softmax_loss(
            **of_classes, num_sampled=3, num_resampled=2, num_true=1, sampled_values=sampled, resampling_temperature=temperature,
            remove_accidental_hits=True, partition_strategy="div")  # fmt: skip
    tf.contrib.nn.rank_sampled_softmax_loss(
        **of_classes, num_sampled=3, num_resampled=2, num_true=1, sampled_values=None, resampling_temperature=temperature,
        remove_accidental_hits=False, partition_strategy="mod", name="drawn")  # fmt: skip


def sampled_sparse(tf):
    tf.contrib.nn.sampled_sparse_softmax_loss(**_of_classes(tf, 1), num_sampled=2)


def dropped(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    tf.contrib.nn.alpha_dropout(x, 0.5, seed=1)
    tf.contrib.nn.alpha_dropout(x, tf.constant(0.5), noise_shape=[3], name="given")
    tf.contrib.nn.alpha_dropout(x, 1.0)


def sparsemax(tf):
    logits = tf.placeholder(tf.float32, [None, 3])
    tf.contrib.sparsemax.sparsemax_loss(logits, tf.contrib.sparsemax.sparsemax(logits), tf.constant([[0.0, 0.0, 1.0]]))
