"""Estimators of networks and linear models over feature columns; the numbers are TensorFlow 1.15's."""

import numpy as np
import pytest

import eagle as tf

fc = tf.feature_column
X = np.random.RandomState(0).rand(64, 3).astype(np.float32)
WORDS = np.array(["abc"[i % 3] for i in range(64)])
THREE, TWO = (X.sum(1) * 2).astype(int) % 3, (X[:, 0] > 0.5).astype(int)
NUMBERS = X @ np.array([1, 2, 3], np.float32)
COLUMNS = [fc.numeric_column("x", shape=[3]), fc.categorical_column_with_vocabulary_list("w", ["a", "b", "c"])]
DENSE = [COLUMNS[0], fc.indicator_column(COLUMNS[1])]


def _inputs(labels, num_epochs=None):
    features = {"x": X, "w": WORDS, "weight": X[:, 1] + 0.5}
    return tf.estimator.inputs.numpy_input_fn(features, labels, 16, num_epochs=num_epochs, shuffle=False)


def _results(estimator, labels):
    estimator.train(_inputs(labels), steps=20)
    return estimator.evaluate(_inputs(labels, 1)), next(estimator.predict(_inputs(None, 1)))


def _config(folder):
    return tf.estimator.RunConfig(str(folder), tf_random_seed=1)


def _check(found, expected):
    assert sorted(found) == sorted(expected)
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=2e-3, atol=1e-4, err_msg=name)


def test_classes(tmp_path):
    vocabulary = ["p", "q", "r"]
    results, predicted = _results(
        tf.estimator.LinearClassifier(
            COLUMNS,
            config=_config(tmp_path),
            n_classes=3,
            label_vocabulary=vocabulary,
            optimizer=lambda: tf.train.AdamOptimizer(0.1),
        ),
        np.array([vocabulary[i] for i in THREE]),
    )
    _check(results, {"accuracy": 0.5156, "average_loss": 0.9965, "global_step": 20.0, "loss": 15.9442})
    np.testing.assert_allclose(predicted["logits"], [0.26109999418258667, -0.029500000178813934, -0.2361000031232834], rtol=2e-3)
    assert predicted["classes"].tolist() == [b"p"] and predicted["class_ids"].tolist() == [0]
    assert predicted["all_classes"].tolist() == [b"p", b"q", b"r"]


def test_two_classes_with_weights(tmp_path):
    results, _ = _results(tf.estimator.LinearClassifier(COLUMNS, config=_config(tmp_path), weight_column="weight"), TWO)
    _check(
        results,
        {
            "accuracy": 0.811,
            "accuracy_baseline": 0.5354,
            "auc": 0.8989,
            "auc_precision_recall": 0.913,
            "average_loss": 0.5422,
            "global_step": 20.0,
            "label/mean": 0.5354,
            "loss": 8.6341,
            "precision": 0.7641,
            "prediction/mean": 0.5722,
            "recall": 0.936,
        },
    )


def test_numbers(tmp_path):
    estimator = tf.estimator.LinearRegressor(COLUMNS, config=_config(tmp_path), weight_column="weight")
    results, predicted = _results(estimator, NUMBERS)
    _check(results, {"average_loss": 0.4603, "global_step": 20.0, "label/mean": 3.2112, "loss": 7.3293, "prediction/mean": 3.0529})
    np.testing.assert_allclose(predicted["predictions"], [3.2637999057769775], rtol=2e-3)


def test_heads(tmp_path):
    head = tf.contrib.estimator.binary_classification_head(thresholds=[0.3, 0.6], name="h")
    results, _ = _results(tf.estimator.LinearEstimator(head, COLUMNS, config=_config(tmp_path), optimizer="SGD"), TWO)
    _check(
        results,
        {
            "accuracy/h": 0.6406,
            "accuracy/positive_threshold_0.3/h": 0.5469,
            "accuracy/positive_threshold_0.6/h": 0.7188,
            "accuracy_baseline/h": 0.5469,
            "auc/h": 0.9286,
            "auc_precision_recall/h": 0.9359,
            "average_loss/h": 0.616,
            "global_step": 20.0,
            "label/mean/h": 0.5469,
            "loss": 0.616,
            "precision/h": 0.6034,
            "precision/positive_threshold_0.3/h": 0.5469,
            "precision/positive_threshold_0.6/h": 0.9474,
            "prediction/mean/h": 0.5728,
            "recall/h": 1.0,
            "recall/positive_threshold_0.3/h": 1.0,
            "recall/positive_threshold_0.6/h": 0.5143,
        },
    )


def test_networks(tmp_path):
    classifier = tf.estimator.DNNClassifier([4, 3], DENSE, n_classes=3, config=_config(tmp_path / "a"))
    results, predicted = _results(classifier, THREE)
    assert sorted(results) == ["accuracy", "average_loss", "global_step", "loss"] and predicted["probabilities"].shape == (3,)
    assert sorted(classifier.get_variable_names()) == [
        "dnn/hiddenlayer_0/bias",
        "dnn/hiddenlayer_0/bias/t_0/Adagrad",
        "dnn/hiddenlayer_0/kernel",
        "dnn/hiddenlayer_0/kernel/t_0/Adagrad",
        "dnn/hiddenlayer_1/bias",
        "dnn/hiddenlayer_1/bias/t_0/Adagrad",
        "dnn/hiddenlayer_1/kernel",
        "dnn/hiddenlayer_1/kernel/t_0/Adagrad",
        "dnn/logits/bias",
        "dnn/logits/bias/t_0/Adagrad",
        "dnn/logits/kernel",
        "dnn/logits/kernel/t_0/Adagrad",
        "global_step",
    ]
    regressor = tf.estimator.DNNRegressor(
        [4], DENSE, config=_config(tmp_path / "b"), batch_norm=True, dropout=0.1, optimizer="Adam"
    )
    regressor.train(_inputs(NUMBERS), steps=200)
    assert regressor.evaluate(_inputs(NUMBERS, 1))["average_loss"] < NUMBERS.var() + NUMBERS.mean() ** 2
    assert sorted(regressor.get_variable_names()) == [
        "dnn/head/beta1_power",
        "dnn/head/beta2_power",
        "dnn/hiddenlayer_0/batchnorm_0/beta",
        "dnn/hiddenlayer_0/batchnorm_0/beta/t_0/Adam",
        "dnn/hiddenlayer_0/batchnorm_0/beta/t_0/Adam_1",
        "dnn/hiddenlayer_0/batchnorm_0/gamma",
        "dnn/hiddenlayer_0/batchnorm_0/gamma/t_0/Adam",
        "dnn/hiddenlayer_0/batchnorm_0/gamma/t_0/Adam_1",
        "dnn/hiddenlayer_0/batchnorm_0/moving_mean",
        "dnn/hiddenlayer_0/batchnorm_0/moving_variance",
        "dnn/hiddenlayer_0/bias",
        "dnn/hiddenlayer_0/bias/t_0/Adam",
        "dnn/hiddenlayer_0/bias/t_0/Adam_1",
        "dnn/hiddenlayer_0/kernel",
        "dnn/hiddenlayer_0/kernel/t_0/Adam",
        "dnn/hiddenlayer_0/kernel/t_0/Adam_1",
        "dnn/logits/bias",
        "dnn/logits/bias/t_0/Adam",
        "dnn/logits/bias/t_0/Adam_1",
        "dnn/logits/kernel",
        "dnn/logits/kernel/t_0/Adam",
        "dnn/logits/kernel/t_0/Adam_1",
        "global_step",
    ]


def test_wrong_arguments(tmp_path):
    with pytest.raises(ValueError, match="Unsupported optimizer name"):
        _results(tf.estimator.LinearRegressor(COLUMNS, config=_config(tmp_path), optimizer="Newton"), NUMBERS)
    with pytest.raises(ValueError, match="Labels dtype should be integer"):
        _results(tf.estimator.LinearClassifier(COLUMNS, config=_config(tmp_path), n_classes=3), NUMBERS)
