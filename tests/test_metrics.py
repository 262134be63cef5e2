"""Losses and metrics: values over several batches, weights, collections, errors."""

import numpy as np
import pytest

import eagle as tf
from eagle.core.export import resolve


def _streamed(metric, batches, **options):
    """The value of a metric after each of several batches, `(labels, predictions)`; update and value must agree."""
    with tf.Graph().as_default(), tf.Session() as session:
        labels, predictions = (tf.placeholder(tf.float32, np.shape(x)) for x in batches[0])
        value, update = metric(labels, predictions, **options)
        session.run(tf.local_variables_initializer())
        seen = []
        for batch in batches:
            updated = session.run(update, dict(zip((labels, predictions), batch)))
            seen.append(session.run(value))
            np.testing.assert_allclose(updated, seen[-1], rtol=1e-6)
        return seen


BATCHES = [([1.0, 0.0, 1.0, 0.0], [0.9, 0.2, 0.3, 0.6]), ([1.0, 1.0, 0.0, 0.0], [0.8, 0.1, 0.7, 0.3])]


def test_means_over_batches():
    errors = np.abs(np.array([b[0] for b in BATCHES]) - np.array([b[1] for b in BATCHES]))
    expected = [errors[0].mean(), errors.mean()]
    np.testing.assert_allclose(_streamed(tf.metrics.mean_absolute_error, BATCHES), expected, rtol=1e-6)
    expected = [(errors[0] ** 2).mean() ** 0.5, (errors**2).mean() ** 0.5]
    np.testing.assert_allclose(_streamed(tf.metrics.root_mean_squared_error, BATCHES), expected, rtol=1e-6)


def test_weights_of_means():
    weights = np.array([1.0, 0.0, 2.0, 0.0], np.float32)
    errors = np.abs(np.array([b[0] for b in BATCHES]) - np.array([b[1] for b in BATCHES])) * weights
    expected = [errors[0].sum() / 3, errors.sum() / 6]
    np.testing.assert_allclose(_streamed(tf.metrics.mean_absolute_error, BATCHES, weights=weights), expected, rtol=1e-6)


def test_counts_at_thresholds():
    found = _streamed(tf.metrics.true_positives_at_thresholds, BATCHES, thresholds=[0.25, 0.5, 0.85])
    np.testing.assert_array_equal(found, [[2, 1, 1], [3, 2, 1]])
    found = _streamed(tf.metrics.false_positives_at_thresholds, BATCHES, thresholds=[0.25, 0.5, 0.85])
    np.testing.assert_array_equal(found, [[1, 1, 0], [3, 2, 0]])
    np.testing.assert_allclose(
        _streamed(tf.metrics.precision_at_thresholds, BATCHES, thresholds=[0.5]), [[1 / 2], [1 / 2]], rtol=1e-5
    )


def test_areas():
    """The area under the curve is the share of pairs that are in order, if there are thresholds enough."""
    pairs = [(p, n) for b in BATCHES for p in np.array(b[1])[np.array(b[0]) == 1] for n in np.array(b[1])[np.array(b[0]) == 0]]
    ordered = np.mean([p > n for p, n in pairs[:4]])
    found = _streamed(tf.metrics.auc, BATCHES, num_thresholds=1000)
    np.testing.assert_allclose(found[0], ordered, atol=1e-3)
    everyone = [(np.concatenate([b[0] for b in BATCHES]), np.concatenate([b[1] for b in BATCHES]))]
    np.testing.assert_allclose(found[1], _streamed(tf.metrics.auc, everyone, num_thresholds=1000)[0], rtol=1e-6)


def test_predictions_outside_of_the_interval():
    with tf.Graph().as_default(), tf.Session() as session:
        predictions = tf.placeholder(tf.float32, [1])
        _, update = tf.metrics.auc(tf.constant([1.0]), predictions)
        session.run(tf.local_variables_initializer())
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"predictions must be in \[0, 1\]"):
            session.run(update, {predictions: [1.5]})
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"predictions must be in \[0, 1\]"):
            tf.metrics.auc(tf.constant([True]), tf.constant([1.5]))


def test_best_predictions():
    predictions = np.array([[0.5, 0.1, 0.6, 0.3], [0.1, 0.2, 0.3, 0.4]], np.float32)
    with tf.Graph().as_default(), tf.Session() as session:
        labels = tf.constant([[0, 1], [0, 3]], tf.int64)
        recall = tf.metrics.recall_at_k(labels, predictions, 2)
        precision = tf.metrics.precision_at_k(labels, predictions, 2)
        of_class = tf.metrics.recall_at_k(labels, predictions, 2, class_id=0)
        session.run(tf.local_variables_initializer())
        assert session.run([recall[1], precision[1], of_class[1]]) == [0.5, 0.5, 0.5]


def test_metrics_fail_eagerly():
    with tf.eager_mode(), pytest.raises(RuntimeError, match="tf.metrics.mean is not supported when eager execution is enabled."):
        tf.metrics.mean([1.0])


def test_metrics_are_collected():
    with tf.Graph().as_default():
        value, update = tf.metrics.mean([1.0], metrics_collections=["values"], updates_collections=["updates"])
        assert tf.get_collection("values") == [value] and tf.get_collection("updates") == [update]
        assert [v.op.name for v in tf.get_collection(tf.GraphKeys.METRIC_VARIABLES)] == ["mean/total", "mean/count"]
        assert not tf.trainable_variables() and len(tf.local_variables()) == 2


LABELS, PREDICTIONS = np.array([[1.0, 0.0], [1.0, 1.0]], np.float32), np.array([[0.9, 0.4], [0.3, 0.6]], np.float32)


@pytest.mark.parametrize("eager", [False, True])
def test_losses(eager):
    errors = PREDICTIONS - LABELS
    cases = [
        (tf.losses.absolute_difference, np.abs(errors)),
        (tf.losses.mean_squared_error, errors**2),
        (tf.losses.huber_loss, errors**2 / 2),
        (tf.losses.log_loss, -LABELS * np.log(PREDICTIONS + 1e-7) - (1 - LABELS) * np.log(1 - PREDICTIONS + 1e-7)),
        (tf.losses.hinge_loss, np.maximum(0, 1 - (2 * LABELS - 1) * PREDICTIONS)),
    ]
    weights = np.array([[2.0], [0.0]], np.float32)
    with tf.eager_mode() if eager else tf.Graph().as_default():
        for loss, each in cases:
            for reduction, expected in [
                ("SUM_BY_NONZERO_WEIGHTS", (each * weights).sum() / 2),
                ("SUM", (each * weights).sum()),
                ("SUM_OVER_BATCH_SIZE", (each * weights).sum() / 4),
                ("MEAN", (each * weights).sum() / 4),
                ("NONE", each * weights),
            ]:
                found = loss(LABELS, PREDICTIONS, weights, reduction=getattr(tf.losses.Reduction, reduction))
                found = found.numpy() if eager else tf.Session().run(found)
                np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_pairwise_loss():
    pairs = (PREDICTIONS[:, 0] - PREDICTIONS[:, 1]) - (LABELS[:, 0] - LABELS[:, 1])
    with tf.Graph().as_default(), tf.Session() as session:
        found = session.run(tf.losses.mean_pairwise_squared_error(LABELS, PREDICTIONS))
    np.testing.assert_allclose(found, (pairs**2).sum(), rtol=1e-5)
    with tf.eager_mode():  # TensorFlow's value: eagerly it counts the elements of all examples together
        np.testing.assert_allclose(tf.losses.mean_pairwise_squared_error(LABELS, PREDICTIONS).numpy(), 0.33, rtol=1e-5)


def test_total_loss():
    with tf.Graph().as_default():
        first = tf.losses.mean_squared_error(LABELS, PREDICTIONS)
        tf.losses.add_loss(tf.constant(3.0))
        tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, tf.constant(4.0))
        with tf.name_scope("inner"):
            inner = tf.losses.absolute_difference(LABELS, PREDICTIONS, loss_collection="others")
        assert inner not in tf.losses.get_losses() and tf.losses.get_losses(loss_collection="others") == [inner]
        np.testing.assert_allclose(tf.Session().run(tf.losses.get_total_loss() - first), 7.0, rtol=1e-6)
        assert tf.losses.get_losses(scope="mean_squared_error") == [first]


def test_losses_refuse():
    with tf.Graph().as_default():
        with pytest.raises(ValueError, match="labels must not be None."):
            tf.losses.mean_squared_error(None, PREDICTIONS)
        with pytest.raises(ValueError, match="weights can not be broadcast to values. Mismatch at dim 0."):
            tf.losses.mean_squared_error(LABELS, PREDICTIONS, np.ones([3, 1]))
        with pytest.raises(ValueError, match="Invalid Reduction Key"):
            tf.losses.mean_squared_error(LABELS, PREDICTIONS, reduction="mean")
        weights = tf.placeholder(tf.float32)
        loss = tf.losses.mean_squared_error(LABELS, PREDICTIONS, weights)
        with tf.Session() as session:
            np.testing.assert_allclose(session.run(loss, {weights: [[1.0], [0.0]]}), 0.085, rtol=1e-5)
            with pytest.raises(tf.errors.InvalidArgumentError, match="weights can not be broadcast to values."):
                session.run(loss, {weights: [1.0, 1.0]})


def test_gradient_of_a_weighted_loss():
    with tf.Graph().as_default():
        predictions = tf.constant(PREDICTIONS)
        loss = tf.losses.mean_squared_error(LABELS, predictions, [[2.0], [0.0]])
        expected = 2 * (PREDICTIONS - LABELS) * [[1.0], [0.0]]
        np.testing.assert_allclose(tf.Session().run(tf.gradients(loss, predictions)[0]), expected, rtol=1e-5)


def test_running_confusion_matrix():
    matrix, update = resolve("python.ops.metrics_impl._streaming_confusion_matrix")(
        tf.constant([0, 1, 1]), tf.constant([0, 1, 0]), 2
    )
    with tf.Session() as session:
        session.run(tf.local_variables_initializer())
        session.run(update)
        assert session.run(update).tolist() == [[2, 0], [2, 2]] == session.run(matrix).tolist()


def test_cross_entropies_whose_logits_come_first():
    logits, labels = tf.constant([[1.0, 2.0], [0.5, -1.0]]), tf.constant([0, 1])
    with tf.Session() as session:
        a, b = session.run([tf.contrib.nn.deprecated_flipped_sparse_softmax_cross_entropy_with_logits(logits, labels),
                            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)])  # fmt: skip
    assert a.tolist() == b.tolist()


def test_losses_of_batches_are_not_collected_in_a_scope_that_says_so():
    with tf.Graph().as_default():
        scores, labels = tf.constant([[1.2, 0.4, -1.0]]), tf.constant([[1.0, 0.0, 1.0]])
        with tf.contrib.framework.arg_scope([tf.contrib.losses.add_loss], loss_collection=None):
            tf.contrib.losses.mean_squared_error(scores, labels)
            tf.contrib.losses.softmax_cross_entropy(scores, labels)
        assert tf.contrib.losses.get_losses() == []
        loss = tf.contrib.losses.mean_squared_error(scores, labels)
        assert tf.contrib.losses.get_losses() == [loss]


@pytest.mark.parametrize(
    ("kind", "other", "expected"),
    [("SpecificityAtSensitivity", 0.7, 1.0), ("SensitivityAtSpecificity", 0.9, 0.5)],
)
def test_rates_at_other_rates_try_thresholds_from_0_to_1(kind, other, expected):
    metric = getattr(tf.keras.metrics, kind)(other, num_thresholds=4)
    assert list(metric.thresholds) == [0.0, 1 / 3, 2 / 3, 1.0]
    with tf.Graph().as_default(), tf.Session() as session:
        metric = getattr(tf.keras.metrics, kind)(other, num_thresholds=4)
        value = metric(np.array([0, 0, 0, 1, 1.0]), np.array([0, 0.2, 0.5, 0.5, 1.0], np.float32))
        session.run(tf.variables_initializer(metric.variables))
        assert session.run(value) == expected
        counts = [[2, 2, 1, 0], [1, 2, 3, 3], [2, 1, 0, 0], [0, 0, 1, 2]]  # tp, tn, fp, fn
        assert [session.run(v).tolist() for v in metric.variables] == counts


def test_areas_have_thresholds_beyond_0_and_1():
    assert list(tf.keras.metrics.AUC(num_thresholds=3).thresholds) == [-1e-7, 0.5, 1 + 1e-7]


@pytest.mark.parametrize("kind", ["TruePositives", "FalsePositives", "TrueNegatives", "FalseNegatives"])
def test_counts_are_kept_in_an_accumulator(kind):
    with tf.eager_mode():
        metric = getattr(tf.keras.metrics, kind)(thresholds=[0.5, 0.95])
        metric.update_state([0.0, 1.0, 1.0, 0.0, 1.0], [0.9, 0.9, 0.1, 0.2, 1.0])
        expected = {"TruePositives": [2, 1], "FalsePositives": [1, 0], "TrueNegatives": [1, 2], "FalseNegatives": [1, 2]}[kind]
        assert metric.accumulator.numpy().tolist() == expected == metric.result().numpy().tolist()
        assert metric.variables == [metric.accumulator]
        metric.reset_states()
        assert metric.accumulator.numpy().tolist() == [0, 0]


def _embeddings():
    random = np.random.RandomState(0)
    anchors, positives = (random.uniform(-1, 1, (6, 3)).astype(np.float32) for _ in range(2))
    anchors[2] = anchors[0]
    return np.array([0, 1, 0, 2, 1, 0], np.int32), tf.constant(anchors), tf.constant(positives)


def _label_sets():
    for ids in ((0,), (1, 2), (2, 3), (0, 3), (1,), (0, 1, 2)):
        yield tf.SparseTensor(np.array(ids, np.int64)[:, None], np.ones(len(ids), np.int32), [4])


# The loss of `_embeddings` and the sum of the absolute gradient of the anchors, as TensorFlow 1.15 has them.
METRIC_LEARNING = {
    "contrastive": (lambda m, _, a, p: m.contrastive_loss(np.array([1, 0, 1, 0, 0, 1], np.int32), a, p), 0.627876, 1.82098),
    "triplets": (lambda m, labels, a, p: m.triplet_semihard_loss(labels, a), 1.319521, 7.11997),
    "near triplets": (lambda m, labels, a, p: m.triplet_semihard_loss(labels, a, margin=0.2), 0.619521, 7.11997),
    "lifted": (lambda m, labels, a, p: m.lifted_struct_loss(labels, a), 5.173973, 7.28109),
    "pairs": (lambda m, labels, a, p: m.npairs_loss(labels, a, p, 0.1), 1.927573, 0.62761),
    "pairs of many labels": (lambda m, _, a, p: m.npairs_loss_multilabel(list(_label_sets()), a, p), 1.919503, 0.64411),
}


@pytest.mark.parametrize("kind", METRIC_LEARNING)
def test_losses_of_embeddings(kind):
    build, expected, slope = METRIC_LEARNING[kind]
    with tf.Graph().as_default(), tf.Session() as session:
        labels, anchors, positives = _embeddings()
        loss = build(tf.contrib.losses.metric_learning, labels, anchors, positives)
        value, gradient = session.run([loss, tf.gradients(loss, anchors)[0]])
    np.testing.assert_allclose([value, np.abs(gradient).sum()], [expected, slope], rtol=1e-5)


def test_losses_of_embeddings_refuse():
    with tf.Graph().as_default():
        _, anchors, positives = _embeddings()
        with pytest.raises(TypeError, match="sparse_labels must be a list of SparseTensors, but got"):
            tf.contrib.losses.metric_learning.npairs_loss_multilabel([anchors], anchors, positives)
        with pytest.raises(AssertionError):
            tf.contrib.losses.metric_learning.npairs_loss([[1]], anchors, positives)


def test_means_of_elements_initialize_themselves_in_graphs():
    with tf.Graph().as_default(), tf.Session() as session:
        metric = tf.keras.metrics.MeanTensor()
        update = metric(tf.constant([100.0, 40.0]))
        assert session.run(update).tolist() == [100, 40]
        session.run(metric.update_state(tf.constant([1.0, 5.0])))
        assert session.run([metric.result(), metric.total, metric.count])[0].tolist() == [50.5, 22.5]
        metric.reset_states()
        assert session.run(metric.total).tolist() == [0, 0]


def test_areas_refuse_other_methods():
    with pytest.raises(ValueError, match='Invalid AUC summation method value "Invalid".'):
        tf.keras.metrics.AUC(summation_method="Invalid")
    with pytest.raises(ValueError, match='Invalid AUC curve value "Invalid".'):
        tf.keras.metrics.AUC(curve="Invalid")
