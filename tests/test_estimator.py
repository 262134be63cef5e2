"""`tf.estimator`: training, evaluation, prediction, exporting, input functions, the configuration of clusters."""

import json

import numpy as np
import pytest

import eagle as tf

ModeKeys = tf.estimator.ModeKeys


def _model(features, labels, mode, params):
    x = features["x"] if isinstance(features, dict) else features
    y = tf.layers.dense(x, 1, name="d", kernel_initializer=tf.zeros_initializer())[:, 0]
    if mode == ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"y": y, "double": 2 * y})
    loss = tf.losses.mean_squared_error(labels, y)
    metrics = {"mae": tf.metrics.mean_absolute_error(labels, y)}
    step = tf.train.GradientDescentOptimizer(params["rate"]).minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step, eval_metric_ops=metrics)


X = np.random.RandomState(0).rand(48, 3).astype(np.float32)
Y = X @ np.array([1, 2, 3], np.float32)


def _data():
    return tf.data.Dataset.from_tensor_slices(({"x": X}, Y)).repeat().batch(16)


def _arrays(num_epochs=1, size=48, y=Y):
    return tf.estimator.inputs.numpy_input_fn({"x": X[:size]}, y, 16, num_epochs=num_epochs, shuffle=False)


def _receiver():
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    return tf.estimator.export.ServingInputReceiver({"x": x}, {"x": x})


def _estimator(folder, **kwargs):
    config = tf.estimator.RunConfig(tf_random_seed=1, save_checkpoints_steps=20)
    return tf.estimator.Estimator(_model, str(folder), config, {"rate": 0.1}, **kwargs)


def test_trains_evaluates_and_predicts(tmp_path):
    estimator = _estimator(tmp_path)
    assert estimator.train(_arrays(None), steps=30) is estimator
    assert estimator.get_variable_names() == ["d/bias", "d/kernel", "global_step"]
    assert estimator.latest_checkpoint() == str(tmp_path / "model.ckpt-30")
    results = estimator.evaluate(_arrays())
    w, b = estimator.get_variable_value("d/kernel")[:, 0], estimator.get_variable_value("d/bias")
    assert results["global_step"] == 30 and np.isclose(results["loss"], np.mean((X @ w + b - Y) ** 2), rtol=1e-5)
    assert np.isclose(results["mae"], np.mean(np.abs(X @ w + b - Y)), rtol=1e-5)
    predicted = list(estimator.predict(_arrays(size=5, y=None), predict_keys=["y"]))
    assert [sorted(p) for p in predicted] == [["y"]] * 5
    np.testing.assert_allclose([p["y"] for p in predicted], X[:5] @ w + b, rtol=1e-5)
    estimator.train(_data, max_steps=30)  # already there
    assert estimator.get_variable_value("global_step") == 30
    written = [v.tag for f in (tmp_path / "eval").iterdir() for e in tf.train.summary_iterator(str(f)) for v in e.summary.value]
    assert sorted(written) == ["checkpoint_path", "loss", "mae"]


def test_other_estimators_begin_with_its_values(tmp_path):
    trained = _estimator(tmp_path / "a").train(_data, steps=5)
    other = _estimator(tmp_path / "b", warm_start_from=str(tmp_path / "a"))
    a, b = trained.evaluate(_arrays()), other.evaluate(_arrays())
    assert a["loss"] == b["loss"] and b["global_step"] == 0


def test_saved_models(tmp_path):
    estimator = _estimator(tmp_path).train(_data, steps=5)
    folder = estimator.export_saved_model(str(tmp_path / "out"), _receiver)
    predict = tf.contrib.predictor.from_saved_model(folder) if hasattr(tf.contrib, "predictor") else None
    with tf.Session(graph=tf.Graph()) as session:
        meta = tf.saved_model.loader.load(session, ["serve"], folder.decode())
        outputs = meta.signature_def["serving_default"].outputs
        assert sorted(outputs) == ["double", "y"]
        values = session.run(outputs["double"].name, {"x:0": X[:2]})
    expected = [p["double"] for p in estimator.predict(_arrays(size=2, y=None))]
    np.testing.assert_allclose(values, expected, rtol=1e-6)
    assert predict is None or np.allclose(predict({"x": X[:2]})["double"], expected)


def test_train_and_evaluate(tmp_path):
    estimator = _estimator(tmp_path)
    exporter = tf.estimator.FinalExporter("last", _receiver)
    train = tf.estimator.TrainSpec(_data, max_steps=50)
    metrics, exported = tf.estimator.train_and_evaluate(
        estimator, train, tf.estimator.EvalSpec(_data, steps=3, throttle_secs=0, exporters=exporter)
    )
    assert metrics["global_step"] == 50 and len(exported) == 1 and (tmp_path / "export" / "last").is_dir()


def test_wrong_functions(tmp_path):
    with pytest.raises(ValueError, match="must include features argument"):
        tf.estimator.Estimator(lambda labels: None, str(tmp_path))
    with pytest.raises(ValueError, match="should return an EstimatorSpec"):
        tf.estimator.Estimator(lambda features, labels: None, str(tmp_path)).train(_data, steps=1)
    with pytest.raises(ValueError, match="Missing train_op"):
        tf.estimator.EstimatorSpec(ModeKeys.TRAIN, loss=tf.constant(1.0))
    with pytest.raises(ValueError, match="shuffle must be provided"):
        tf.estimator.inputs.numpy_input_fn(X)


def test_pandas():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]})
    with tf.Graph().as_default():
        batch = tf.estimator.inputs.pandas_input_fn(frame, pandas.Series([0.5, 1.5, 2.5]), 2, shuffle=False)()
        with tf.train.MonitoredSession() as session:
            features, labels = session.run(batch)
            assert features["a"].tolist() == [1, 2] and features["b"].tolist() == [b"x", b"y"] and labels.tolist() == [0.5, 1.5]
            assert session.run(batch)[1].tolist() == [2.5]


def test_clusters(monkeypatch):
    cluster = {"chief": ["a:1"], "ps": ["b:1", "b:2"], "worker": ["c:1", "c:2"]}
    monkeypatch.setenv("TF_CONFIG", json.dumps({"cluster": cluster, "task": {"type": "worker", "index": 1}}))
    config = tf.estimator.RunConfig()
    assert (config.master, config.num_ps_replicas, config.num_worker_replicas) == ("grpc://c:2", 2, 3)
    assert not config.is_chief and config.global_id_in_cluster == 2
    monkeypatch.setenv("TF_CONFIG", json.dumps({"cluster": cluster, "task": {"type": "worker", "index": 2}}))
    with pytest.raises(ValueError, match="not a valid task_id"):
        tf.estimator.RunConfig()


def test_for_tpus_but_without_one(tmp_path):
    tpu, sizes = tf.estimator.tpu, []

    def model(features, labels, mode, params):
        sizes.append(params["batch_size"])
        spec = _model(features, labels, mode, {"rate": 0.1})
        if mode == ModeKeys.PREDICT:
            return tpu.TPUEstimatorSpec(mode, predictions=spec.predictions)
        if mode == ModeKeys.TRAIN:
            optimizer = tf.contrib.tpu.CrossShardOptimizer(tf.train.GradientDescentOptimizer(0.1))
            spec = spec._replace(train_op=optimizer.minimize(spec.loss, tf.train.get_global_step()))
        metrics = (lambda x, y: {"mean": tf.metrics.mean(x + y)}, [labels, labels])
        return tpu.TPUEstimatorSpec(mode, loss=spec.loss, train_op=spec.train_op, eval_metrics=metrics)

    def data(params):
        return tf.data.Dataset.from_tensor_slices(({"x": X}, Y)).batch(params["batch_size"])

    config = tpu.RunConfig(model_dir=str(tmp_path), tpu_config=tpu.TPUConfig(iterations_per_loop=5, num_shards=8))
    estimator = tpu.TPUEstimator(model, config=config, use_tpu=False, train_batch_size=16, eval_batch_size=8, predict_batch_size=4)
    estimator.train(data)
    results = estimator.evaluate(data)
    assert results["global_step"] == 3 and np.isclose(results["mean"], 2 * Y.mean())
    assert len(list(estimator.predict(data))) == 48 and sizes == [16, 8, 4]
    with pytest.raises(RuntimeError, match="Cannot find any TPU"):
        tpu.TPUEstimator(model, config=config, train_batch_size=16).train(data)


def test_stops_early(tmp_path):
    estimator, experimental = _estimator(tmp_path), tf.estimator.experimental
    low = tf.contrib.estimator.stop_if_lower_hook(estimator, "loss", 1e3, run_every_secs=None, run_every_steps=1)
    high = experimental.stop_if_higher_hook(estimator, "loss", 1e3, run_every_secs=None, run_every_steps=1)
    never = experimental.stop_if_no_decrease_hook(estimator, "loss", 10, run_every_secs=None, run_every_steps=1)
    assert estimator.train(_data, hooks=[high, never], steps=5).get_variable_value("global_step") == 5
    estimator.evaluate(_arrays())
    assert estimator.train(_data, hooks=[low], steps=10).get_variable_value("global_step") == 6
    memory = experimental.InMemoryEvaluatorHook(estimator, _arrays(), name="memory", every_n_iter=2)
    estimator.train(_data, hooks=[memory], steps=4)
    assert list(tf.contrib.estimator.read_eval_metrics(estimator.eval_dir("memory"))) == [6, 8, 10]
