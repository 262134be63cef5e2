"""Estimators over feature columns that are there already."""

import tempfile

import numpy as np

X = np.arange(96, dtype="f").reshape(32, 3) % 7 / 7
WORDS = np.array(["abc"[i % 3] for i in range(32)])
NUMBERS = X.dot(np.array([1.0, 2.0, 3.0], "f"))
TWO, THREE = (NUMBERS > 2).astype(int), np.minimum(NUMBERS, 2.5).astype(int)


def _inputs(tf, labels, num_epochs=None):
    features = {"x": X, "w": WORDS, "weight": X[:, 1] + 0.5}
    return tf.estimator.inputs.numpy_input_fn(features, labels, 16, num_epochs=num_epochs, shuffle=False)


def _config(tf):
    return tf.estimator.RunConfig(tempfile.mkdtemp(), tf_random_seed=1)


def _results(tf, estimator, labels):
    estimator.train(_inputs(tf, labels), steps=10)
    predicted = next(estimator.predict(_inputs(tf, None, 1)))
    return {"metrics": dict(sorted(estimator.evaluate(_inputs(tf, labels, 1)).items())), "names": estimator.get_variable_names(),
            "predicted": {k: predicted[k] for k in sorted(predicted)}}  # fmt: skip


def _columns(tf):
    fc = tf.feature_column
    words = fc.categorical_column_with_vocabulary_list("w", ["a", "b", "c"])
    return [fc.numeric_column("x", shape=[3]), words], [fc.numeric_column("x", shape=[3]), fc.indicator_column(words)]


def _error(function):
    try:
        function()
    except Exception as e:
        return "%s: %s" % (type(e).__name__, str(e)[:60])


def combined(tf):
    e, out = tf.estimator, {}
    linear, dense = _columns(tf)
    both = dict(linear_feature_columns=linear, dnn_feature_columns=dense, dnn_hidden_units=[4, 2])
    out["two"] = _results(tf, e.DNNLinearCombinedClassifier(config=_config(tf), **both), TWO)
    made = e.DNNLinearCombinedClassifier(
        config=_config(tf),
        n_classes=3,
        weight_column="weight",
        dnn_optimizer=tf.train.AdamOptimizer(0.1),
        linear_optimizer="SGD",
        **both,
    )
    out["three"] = _results(tf, made, THREE)
    out["numbers"] = _results(tf, e.DNNLinearCombinedRegressor(config=_config(tf), batch_norm=True, **both), NUMBERS)
    out["linear"] = _results(tf, e.DNNLinearCombinedRegressor(config=_config(tf), linear_feature_columns=linear), NUMBERS)
    only = e.DNNLinearCombinedRegressor(config=_config(tf), dnn_feature_columns=dense, dnn_hidden_units=[3], dnn_dropout=0.0)
    out["dnn"] = _results(tf, only, NUMBERS)
    head = tf.contrib.estimator.regression_head()
    out["head"] = _results(tf, e.DNNLinearCombinedEstimator(head, config=_config(tf), **both), NUMBERS)

    def train(**kwargs):
        e.DNNLinearCombinedRegressor(config=_config(tf), **kwargs).train(_inputs(tf, NUMBERS), steps=1)

    out["nothing"] = _error(train)
    out["no units"] = _error(lambda: train(dnn_feature_columns=dense))
    return out


def baselines(tf):
    e, out = tf.estimator, {}
    out["two"] = _results(tf, e.BaselineClassifier(config=_config(tf)), TWO)
    out["three"] = _results(
        tf, e.BaselineClassifier(config=_config(tf), n_classes=3, weight_column="weight", optimizer="Adam"), THREE
    )
    out["numbers"] = _results(tf, e.BaselineRegressor(config=_config(tf)), NUMBERS)
    head = tf.contrib.estimator.regression_head()
    out["head"] = _results(
        tf, e.BaselineEstimator(head, config=_config(tf), optimizer=tf.train.GradientDescentOptimizer(0.1)), NUMBERS
    )
    return out


def extended(tf):
    """Estimators made of others."""
    e, out = tf.estimator, {}
    linear, _ = _columns(tf)
    optimizer = tf.contrib.estimator.clip_gradients_by_norm(tf.train.GradientDescentOptimizer(0.5), 0.3)
    made = e.LinearRegressor(linear, config=_config(tf), optimizer=optimizer)

    def more(labels, predictions, features):
        return {"far": tf.metrics.mean_absolute_error(labels, predictions["predictions"][:, 0] + features["x"][:, 0])}

    out["metrics"] = _results(tf, e.add_metrics(made, more), NUMBERS)
    out["bad metrics"] = _error(lambda: e.add_metrics(made, lambda other: {}))[:30]
    out["forwarded"] = _results(tf, tf.contrib.estimator.forward_features(made, "weight"), NUMBERS)
    for spec in (e.classifier_parse_example_spec(linear, "y", weight_column="weight"),
                 e.regressor_parse_example_spec(linear, "y", label_dimension=2, label_default=(1.0, 2.0))):  # fmt: skip
        out["parse %d" % len(out)] = {k: str(spec[k]) for k in sorted(spec)}
    out["bad label"] = _error(lambda: e.classifier_parse_example_spec(linear, "x"))[:50]
    return out


combined.rtol = baselines.rtol = extended.rtol = 2e-4
