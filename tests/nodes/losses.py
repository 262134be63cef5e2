"""Programs whose graphs must be TensorFlow's node for node: losses.

Shapes are known, so that no weights need to be checked by control flow.
"""


def _tensors(tf):
    return tf.placeholder(tf.float32, [4, 3]), tf.placeholder(tf.float32, [4, 3]), tf.placeholder(tf.float32, [4, 1])


def regression(tf):
    labels, predictions, weights = _tensors(tf)
    losses = tf.losses
    for loss in (losses.absolute_difference, losses.mean_squared_error, losses.huber_loss, losses.log_loss, losses.hinge_loss,
                 losses.mean_pairwise_squared_error):  # fmt: skip
        loss(labels, predictions)
        loss(labels, predictions, weights)
        loss(labels, predictions, weights=2.0, scope="named")
    losses.cosine_distance(labels, predictions, axis=1)
    losses.cosine_distance(labels, predictions, weights=weights, dim=-1)
    losses.huber_loss(labels, predictions, delta=0.5)
    losses.get_total_loss()


def cross_entropies(tf):
    labels, logits, weights = _tensors(tf)
    classes = tf.placeholder(tf.int32, [4])
    tf.losses.sigmoid_cross_entropy(labels, logits)
    tf.losses.sigmoid_cross_entropy(labels, logits, weights, label_smoothing=0.1)
    tf.losses.softmax_cross_entropy(labels, logits)
    tf.losses.softmax_cross_entropy(labels, logits, weights[:, 0], label_smoothing=0.1, scope="named")
    tf.losses.sparse_softmax_cross_entropy(classes, logits)
    tf.losses.sparse_softmax_cross_entropy(tf.expand_dims(classes, 1), logits, weights)
    tf.losses.sparse_softmax_cross_entropy(classes, logits, 0.0)


def reductions(tf):
    losses, weights = tf.placeholder(tf.float64, [4, 3]), tf.placeholder(tf.float32, [4, 1])
    for reduction in tf.losses.Reduction.all():
        tf.losses.compute_weighted_loss(losses, reduction=reduction)
        tf.losses.compute_weighted_loss(losses, weights, reduction=reduction)
    tf.losses.get_regularization_loss()
    tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, tf.constant(1.0))
    tf.losses.get_regularization_loss()


def old_losses(tf):
    labels, predictions, weights = _tensors(tf)
    losses = tf.contrib.losses
    for loss in (losses.absolute_difference, losses.mean_squared_error, losses.log_loss, losses.mean_pairwise_squared_error,
                 losses.softmax_cross_entropy):  # fmt: skip
        loss(predictions, labels)
        loss(predictions, labels, weights=weights)
        loss(predictions, labels, weights=weights[:, 0], scope="named")
    losses.sigmoid_cross_entropy(predictions, labels, labels, label_smoothing=0.1)
    losses.softmax_cross_entropy(predictions, labels, label_smoothing=0.1)
    losses.sparse_softmax_cross_entropy(predictions, tf.placeholder(tf.int64, [4, 1]), weights)
    losses.cosine_distance(predictions, labels, 1)
    losses.hinge_loss(predictions, labels)
    losses.compute_weighted_loss(labels)
    losses.compute_weighted_loss(labels, weights=labels)
    losses.add_loss(tf.constant(1.0, tf.float32))
    losses.get_total_loss()


def metric_learning(tf):
    learning = tf.contrib.losses.metric_learning
    labels, anchors, positives = (
        tf.placeholder(tf.int32, [4]),
        tf.placeholder(tf.float32, [4, 3]),
        tf.placeholder(tf.float32, [4, 3]),
    )
    learning.contrastive_loss(labels, anchors, positives)
    learning.triplet_semihard_loss(labels, anchors, margin=0.5)
    learning.lifted_struct_loss(labels, anchors)
    learning.npairs_loss(labels, anchors, positives, print_losses=True)
    sparse = [tf.SparseTensor([[i]], [1], [3]) for i in (0, 2)]
    learning.npairs_loss_multilabel(sparse, anchors[:2], positives[:2])
