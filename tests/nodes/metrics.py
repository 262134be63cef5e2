"""Programs whose graphs must be TensorFlow's node for node: metrics.

Shapes are known where weights are given, so that few of these need to be checked by control flow.
"""

LEAVES_OUT = ["/assert_", "/is_valid_shape"]


def _tensors(tf):
    return tf.placeholder(tf.float32, [4, 3]), tf.placeholder(tf.float32, [4, 3]), tf.placeholder(tf.float32, [4, 1])


def means(tf):
    labels, predictions, weights = _tensors(tf)
    metrics = tf.metrics
    metrics.mean(labels)
    metrics.mean(labels, weights, name="named")
    metrics.mean_tensor(labels)
    metrics.mean_tensor(labels, weights)
    for metric in (metrics.accuracy, metrics.mean_absolute_error, metrics.mean_squared_error, metrics.root_mean_squared_error):
        metric(labels, predictions)
        metric(labels, predictions, weights, name="named")
    metrics.accuracy(tf.placeholder(tf.int64, [4]), tf.placeholder(tf.int32, [4, 1]), 2.0)
    metrics.mean_cosine_distance(labels, predictions, 1)
    metrics.mean_cosine_distance(labels, predictions, 1, weights)
    metrics.mean_relative_error(labels, predictions, labels)
    metrics.percentage_below(labels, 0.5, metrics_collections=["a"], updates_collections=["b"])
    metrics.mean_per_class_accuracy(tf.placeholder(tf.int32, [4, 3]), tf.placeholder(tf.int32, [4, 3]), 5)
    metrics.mean_per_class_accuracy(tf.placeholder(tf.int32, [4, 3]), tf.placeholder(tf.int64, [4, 3]), 5, predictions)


def counts(tf):
    labels, predictions, weights = _tensors(tf)
    for name in ("false_negatives", "false_positives", "true_negatives", "true_positives", "precision", "recall"):
        metric = getattr(tf.metrics, name)
        metric(tf.cast(labels, tf.bool), predictions)
        metric(labels, predictions, weights, name="named")


def at_thresholds(tf):
    labels, predictions, weights = _tensors(tf)
    for name in ("false_negatives", "false_positives", "true_negatives", "true_positives", "precision", "recall"):
        metric = getattr(tf.metrics, name + "_at_thresholds")
        metric(labels, predictions, [0.2, 0.5])
        metric(labels, predictions, [0.5], weights, name="named")


def curves(tf):
    labels, predictions, weights = _tensors(tf)
    tf.metrics.auc(labels, predictions)
    tf.metrics.auc(labels, predictions, weights, curve="PR", summation_method="careful_interpolation", num_thresholds=5)
    tf.metrics.auc(labels, predictions, summation_method="minoring", thresholds=[0.7, 0.3])
    tf.metrics.auc(labels, predictions, summation_method="majoring", curve="PR", name="named")
    tf.metrics.sensitivity_at_specificity(labels, predictions, 0.5, weights)
    tf.metrics.specificity_at_sensitivity(labels, predictions, 0.5, num_thresholds=7)


def at_k(tf):
    predictions, weights = tf.placeholder(tf.float32, [4, 7]), tf.placeholder(tf.float32, [4])
    for labels in (tf.placeholder(tf.int64, [4]), tf.placeholder(tf.int64, [4, 2])):
        tf.metrics.recall_at_k(labels, predictions, 3)
        tf.metrics.recall_at_k(labels, predictions, 3, class_id=2, weights=weights)
        tf.metrics.precision_at_k(labels, predictions, 3, name="named")
        tf.metrics.precision_at_k(labels, predictions, 3, class_id=2)


def at_top_k(tf):
    labels = tf.SparseTensor(tf.placeholder(tf.int64, [None, 2]), tf.placeholder(tf.int64, [None]), [4, 7])
    dense = tf.placeholder(tf.int64, [4, 2])
    best = tf.placeholder(tf.int64, [4, 3])
    tf.metrics.recall_at_top_k(dense, best, 3)
    tf.metrics.precision_at_top_k(dense, best)
    tf.metrics.mean(tf.sparse_tensor_to_dense(labels, -1))


def confusion(tf):
    labels, predictions = tf.placeholder(tf.int64, [4]), tf.placeholder(tf.int64, [4])
    tf.metrics.mean_iou(labels, predictions, 3)
