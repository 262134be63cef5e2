"""`tf.contrib.learn`: texts as numbers, configurations, estimators and experiments."""

import numpy as np
import pytest

import eagle as tf

learn = tf.contrib.learn


def test_texts_as_numbers(tmp_path):
    texts = ["I'm a well-known cat", "A cat sat on a mat and a DNAtest", "cat"]
    processor = learn.preprocessing.VocabularyProcessor(4)
    found = np.array(list(processor.fit_transform(texts)))
    assert found.tolist() == [[1, 2, 3, 4], [5, 4, 6, 7], [4, 0, 0, 0]]
    assert list(processor.reverse(found[1:])) == ["A cat sat on", "cat <UNK> <UNK> <UNK>"]
    processor.save(str(tmp_path / "words"))
    restored = learn.preprocessing.VocabularyProcessor.restore(str(tmp_path / "words"))
    assert np.array(list(restored.transform(["a dog"]))).tolist() == [[2, 0, 0, 0]] and len(restored.vocabulary_) == 12
    frequent = learn.preprocessing.VocabularyProcessor(3, min_frequency=1)
    assert np.array(list(frequent.fit_transform(texts))).tolist() == [[0, 1, 0], [0, 2, 0], [2, 0, 0]]
    assert list(learn.preprocessing.ByteProcessor(3).reverse(learn.preprocessing.ByteProcessor(3).transform(["ab", "cdef"]))) == [
        "ab", "cde"]  # fmt: skip


def test_configurations(tmp_path):
    config = learn.RunConfig(model_dir=str(tmp_path), save_checkpoints_steps=5, gpu_memory_fraction=0.5)
    assert (config.model_dir, config.save_checkpoints_steps, config.save_checkpoints_secs) == (str(tmp_path), 5, None)
    assert config.tf_config.gpu_options.per_process_gpu_memory_fraction == 0.5 and learn.ModeKeys.INFER == "infer"


def _linear(features, labels, mode):
    w = tf.get_variable("w", [2], initializer=tf.zeros_initializer())
    loss = tf.reduce_mean(tf.square(tf.reduce_sum(features * w, 1) - labels))
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())
    return {"w": w}, loss, train


def _input():
    return tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.constant([1.0, 2.0])


def test_experiments_of_core_estimators(tmp_path):
    """Exports, and training and evaluation in turns."""
    exported = []
    strategy = learn.ExportStrategy(
        "best", lambda estimator, path, checkpoint_path: exported.append((path, checkpoint_path)) or path
    )

    def model(features, labels, mode):
        predictions, loss, train = _linear(features, labels, mode)
        return learn.ModelFnOps("train" if mode == "train" else "eval", predictions, loss, train).estimator_spec()

    estimator = tf.estimator.Estimator(model, str(tmp_path), learn.RunConfig(save_checkpoints_steps=2))
    experiment = learn.Experiment(estimator, _input, _input, train_steps=4, eval_steps=1, train_steps_per_iteration=2,
                                  export_strategies=strategy)  # fmt: skip
    results, exports = experiment.continuous_train_and_eval()
    assert results["global_step"] == 4 and exports == [bytes(tmp_path / "export" / "best")] and len(exported) == 2
    with pytest.raises(ValueError, match="Use `eval_metric_ops`"):
        learn.Experiment(estimator, _input, _input, eval_metrics={})
    assert experiment.reset_export_strategies() == (strategy,)
    during = learn.Experiment(estimator, _input, _input, train_steps=8, eval_steps=1, checkpoint_and_export=True)
    assert during.train_and_evaluate()[0]["global_step"] == 8


def test_tuples_and_other_input(tmp_path):
    """Model functions that give tuples; input of another type, data that is no number, estimators without training."""
    estimator = learn.Estimator(_linear, str(tmp_path))
    with pytest.raises(learn.NotFittedError, match="Couldn't find trained model at"):
        estimator.predict(np.zeros([2, 2], np.float32))
    estimator.fit(input_fn=_input, steps=2)
    assert estimator.predict(input_fn=_input, as_iterable=False)["w"].shape == (2,)
    with pytest.raises(ValueError, match="Features are incompatible with given information"):
        estimator.evaluate(np.zeros([2, 2], np.float64), np.zeros([2], np.float32))
    with pytest.raises(ValueError, match="Metrics argument should be None or dict"):
        estimator.evaluate(input_fn=_input, metrics=[1])
    (column,) = learn.infer_real_valued_columns_from_input(np.zeros([3, 2], np.float32))
    assert (column.dimension, column.dtype) == (2, tf.float32)


def test_data_frames():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [1, 2], "b": [True, False]})
    assert learn.extract_pandas_data(frame).tolist() == [[1.0, 1.0], [2.0, 0.0]]
    assert learn.extract_pandas_labels(frame[["a"]]).tolist() == [[1], [2]] and learn.extract_pandas_data(3) == 3
    with pytest.raises(ValueError, match="Only one column for labels is allowed"):
        learn.extract_pandas_labels(frame)
    words = pandas.DataFrame({"c": ["x"]}, dtype=object)
    with pytest.raises(ValueError, match="must be int, float, or bool. Found: 'c' type='object'"):
        learn.extract_pandas_data(words)


def test_metric_names():
    """Labels and predictions go where a metric function wants them."""
    calls = {
        "named": lambda target, logits, weight=None: (target, logits, weight),
        "labels first": lambda labels, x: (labels, x, None),
        "labels later": lambda x, label: (label, x, None),
        "predictions": lambda predictions: (None, predictions, None),
    }
    found = {name: learn.MetricSpec(fn, "p").create_metric_ops({}, 1, {"p": 2, "q": 3}) for name, fn in calls.items()}
    assert found == {
        "named": (1, 2, None),
        "labels first": (1, 2, None),
        "labels later": (1, 2, None),
        "predictions": (None, 2, None),
    }
    assert learn.MetricSpec(calls["named"], "p", "l", "w").create_metric_ops({"w": 5}, {"l": 4}, {"p": 2}) == (4, 2, 5)
    with pytest.raises(ValueError, match="missing from"):
        learn.MetricSpec(calls["predictions"], label_key="l")
    with pytest.raises(ValueError, match="requires predictions tensor or single element dict"):
        learn.MetricSpec(calls["named"]).create_metric_ops({}, 1, {"p": 2, "q": 3})
