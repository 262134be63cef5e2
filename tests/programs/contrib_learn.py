"""Estimators, monitors and experiments of tf.contrib.learn."""

import os
import tempfile

import numpy as np

X = np.arange(24, dtype=np.float32).reshape(12, 2) / 10
Y = X[:, :1] * 2 - X[:, 1:] + 1


def _sorted(results):
    return {key: np.asarray(value) for key, value in sorted(results.items())}


def _model(tf):
    def model(features, labels, mode, params):
        w = tf.get_variable("w", [2], initializer=tf.zeros_initializer())
        b = tf.get_variable("b", [], initializer=tf.zeros_initializer())
        p = tf.reduce_sum(features * w, 1) + b
        loss = tf.reduce_mean(tf.square(p - labels)) if labels is not None else None
        optimizer = tf.train.GradientDescentOptimizer(params["rate"])
        train = optimizer.minimize(loss, tf.train.get_global_step()) if mode == "train" else None
        return tf.contrib.learn.ModelFnOps(mode, {"p": p, "twice": 2 * p}, loss, train)

    return model


def _estimator(tf, **kwargs):
    config = tf.contrib.learn.RunConfig(model_dir=tempfile.mkdtemp(), **kwargs)
    return tf.contrib.learn.Estimator(_model(tf), params={"rate": 0.05}, config=config)


def _metrics(tf, key):
    return {"m": tf.contrib.learn.MetricSpec(tf.metrics.mean_absolute_error, prediction_key=key)}


def arrays(tf):
    estimator, seen = _estimator(tf, save_checkpoints_steps=4), []

    class Watching(tf.contrib.learn.monitors.EveryN):
        def every_n_step_begin(self, step):
            return ["w"]

        def every_n_step_end(self, step, outputs):
            seen.append([int(step), outputs["w"]])

    estimator.fit(X, Y, batch_size=5, steps=7, monitors=[Watching(3, 2)])
    found = {"seen": seen, "names": estimator.get_variable_names(), "w": estimator.get_variable_value("w")}
    found["metrics"] = _sorted(estimator.evaluate(X, Y, batch_size=4, metrics=_metrics(tf, "twice")))
    found["one step"] = _sorted(estimator.evaluate(X, Y, steps=1))
    found["predictions"] = [_sorted(example) for example in estimator.predict(X[:3])]
    found["chosen"] = [_sorted(batch) for batch in estimator.predict(X[:3], batch_size=2, outputs=["p"], iterate_batches=True)]
    found["batches"] = _sorted(tf.contrib.learn.SKCompat(estimator).predict(X, 5))
    steps = []
    for fit in (lambda: estimator.partial_fit(X, Y), lambda: estimator.fit(X, Y, max_steps=5)):
        fit()
        steps.append(int(estimator.get_variable_value("global_step")))
    found["steps"] = steps
    return found


def experiments(tf):
    learn, folder = tf.contrib.learn, tempfile.mkdtemp()

    def make(run_config, hparams):
        def input_fn():
            return tf.constant(X), tf.constant(Y[:, 0])

        estimator = learn.Estimator(_model(tf), config=run_config, params={"rate": hparams.rate})
        return learn.Experiment(estimator, input_fn, input_fn, eval_metrics=_metrics(tf, "p"), train_steps=9, eval_steps=2)

    config, hparams = learn.RunConfig(model_dir=folder, save_checkpoints_steps=3), tf.contrib.training.HParams(rate=0.1)
    results, exports = learn.learn_runner.run(make, run_config=config, hparams=hparams)
    checkpoints = sorted(name for name in os.listdir(folder) if name.endswith("index"))
    return {"results": _sorted(results), "exports": exports, "checkpoints": checkpoints}


def early_stopping(tf):
    def input_fn():
        return tf.constant(X), tf.constant(Y[:, 0])

    monitor = tf.contrib.learn.monitors.ValidationMonitor(
        input_fn=input_fn, eval_steps=1, every_n_steps=1, early_stopping_rounds=3, early_stopping_metric_minimize=False,
        check_interval_secs=None)  # fmt: skip
    estimator = _estimator(tf, save_checkpoints_steps=2)
    estimator.fit(input_fn=input_fn, steps=30, monitors=[monitor])
    return {
        "stopped": [monitor.early_stopped, int(monitor.best_step), int(estimator.get_variable_value("global_step"))],
        "best": np.float32(monitor.best_value),
    }


def errors(tf):
    learn, estimator = tf.contrib.learn, _estimator(tf)
    config, hparams = learn.RunConfig(model_dir=tempfile.mkdtemp()), tf.contrib.training.HParams(rate=0.1)

    def make(run_config, hparams):
        return learn.Experiment(learn.Estimator(_model(tf), config=run_config, params={"rate": 1.0}), None, None)

    def run(**kwargs):
        return learn.learn_runner.run(make, run_config=config, hparams=hparams, **kwargs)

    calls = {
        "nothing": lambda: estimator.fit(),
        "both": lambda: estimator.fit(X, Y, input_fn=make),
        "steps": lambda: estimator.fit(X, steps=1, max_steps=2),
        "batches of a function": lambda: estimator.evaluate(input_fn=make, batch_size=3),
        "no train_op": lambda: learn.ModelFnOps("train"),
        "mode": lambda: learn.ModelFnOps("x"),
        "no predictions": lambda: learn.ModelFnOps("infer"),
        "no estimator": lambda: learn.Experiment(3, None, None),
        "no folder": lambda: learn.learn_runner.run(make),
        "no function": lambda: learn.learn_runner.run(3, output_dir="x"),
        "no folder in the configuration": lambda: learn.learn_runner.run(make, run_config=learn.RunConfig()),
        "no such task": lambda: run(schedule="nope"),
        "no method": lambda: run(schedule="train_steps"),
    }
    found = {}
    for name, call in calls.items():
        try:
            call()
        except (ValueError, TypeError) as error:
            found[name] = [type(error).__name__, str(error)]
    found["metric"] = str(learn.MetricSpec(tf.metrics.accuracy, "a"))
    return found


for _program in (arrays, experiments, early_stopping):
    _program.rtol = 1e-5
