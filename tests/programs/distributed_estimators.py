"""Estimators that share their steps among replicas."""

import tempfile

import numpy as np


def _data(tf, size=32):
    x = np.arange(size * 3, dtype="f").reshape(size, 3) / size % 1.0
    y = x.dot(np.array([1.0, 2.0, 3.0], "f"))
    return tf.data.Dataset.from_tensor_slices(({"x": x}, y))


def _model(tf, optimizer):
    def model(features, labels, mode):
        training = mode == tf.estimator.ModeKeys.TRAIN
        x = tf.layers.dense(features["x"], 4, kernel_initializer=tf.ones_initializer(), activation=tf.tanh, name="d")
        x = tf.layers.batch_normalization(x, training=training, momentum=0.5, name="bn")
        out = tf.layers.dense(x, 1, kernel_initializer=tf.constant_initializer([[0.1], [0.2], [0.3], [0.4]]), name="o")[:, 0]
        if mode == tf.estimator.ModeKeys.PREDICT:
            return tf.estimator.EstimatorSpec(mode, predictions={"out": out})
        loss = tf.losses.mean_squared_error(labels, out)
        metrics = {"error": tf.metrics.mean_absolute_error(labels, out), "rms": tf.metrics.root_mean_squared_error(labels, out),
                   "auc": tf.metrics.auc(labels > 2.0, tf.sigmoid(out)), "hits": tf.metrics.accuracy(labels > 2.0, out > 2.0),
                   "precision": tf.metrics.precision(labels > 2.0, out > 1.0)}  # fmt: skip
        if not training:
            return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops=metrics)
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            op = optimizer().minimize(loss, tf.train.get_or_create_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=op)

    return model


def _train(tf, strategy, optimizer, evaluates=True):
    config = tf.estimator.RunConfig(tf_random_seed=1, train_distribute=strategy, eval_distribute=strategy if evaluates else None,
                                    session_config=tf.ConfigProto(device_count={"CPU": 2}))  # fmt: skip
    estimator = tf.estimator.Estimator(_model(tf, optimizer), tempfile.mkdtemp(), config)
    estimator.train(lambda: _data(tf).batch(4).repeat(), steps=6)
    found = estimator.evaluate(lambda: _data(tf).batch(4))
    predicted = next(estimator.predict(lambda: _data(tf).batch(4)))["out"]
    names = estimator.get_variable_names()
    return {"metrics": found, "names": names, "out": predicted, "values": [estimator.get_variable_value(n) for n in names]}


def estimators(tf):
    out = {}
    strategies = {
        "none": lambda: None,
        "one": lambda: tf.distribute.OneDeviceStrategy("/cpu:0"),
        "mirrored": lambda: tf.distribute.MirroredStrategy(),
        "two": lambda: tf.distribute.MirroredStrategy(["/cpu:0", "/cpu:1"]),
        "central": lambda: tf.distribute.experimental.CentralStorageStrategy(),
        "contrib": lambda: tf.contrib.distribute.MirroredStrategy(devices=["/cpu:0", "/cpu:1"]),
    }
    for name, make in strategies.items():
        out[name] = _train(tf, make(), lambda: tf.train.AdamOptimizer(0.1))
    two = strategies["two"]
    out["momentum"] = _train(tf, two(), lambda: tf.train.MomentumOptimizer(0.05, 0.9), evaluates=False)
    return out


def canned(tf):
    """An estimator that is there already."""
    out = {}
    columns = [tf.feature_column.numeric_column("x", shape=[3])]
    for name, devices in (("one", None), ("two", ["/cpu:0", "/cpu:1"])):
        strategy = tf.distribute.MirroredStrategy(devices)
        config = tf.estimator.RunConfig(tf_random_seed=1, train_distribute=strategy,
                                        session_config=tf.ConfigProto(device_count={"CPU": 2}))  # fmt: skip
        estimator = tf.estimator.LinearRegressor(columns, tempfile.mkdtemp(), config=config, optimizer=tf.train.AdamOptimizer(0.1))
        estimator.train(lambda: _data(tf).batch(4).repeat(), steps=5)
        out[name] = estimator.evaluate(lambda: _data(tf).batch(4))
    return out


estimators.rtol = canned.rtol = 1e-4
