"""Factors for losses: when they grow and shrink, and that gradients which are not finite change nothing."""

import numpy as np
import pytest

import eagle as tf
from eagle.core.context import eager_mode

experimental = tf.train.experimental


def factors(finite, **arguments):
    """The factor after each of some steps, whose gradients are finite or not."""
    with tf.Graph().as_default(), tf.Session() as sess:
        scale = experimental.DynamicLossScale(**arguments)
        p = tf.placeholder(tf.float32)
        update, should_apply = scale.update([tf.constant([1.0, 2.0]), None, p])
        value = scale()
        sess.run(tf.global_variables_initializer())
        found = []
        for ok in finite:
            _, applies = sess.run([update, should_apply], {p: 1.0 if ok else np.nan})
            assert applies == ok
            found.append(float(sess.run(value)))
    with eager_mode():
        scale = experimental.DynamicLossScale(**arguments)
        eagerly = []
        for ok in finite:
            scale.update(tf.constant(1.0 if ok else np.inf))
            eagerly.append(float(scale()))
    assert found == eagerly
    return found


def test_the_factor_grows_and_shrinks():
    yes, no = True, False
    assert factors([yes] * 3, initial_loss_scale=2, increment_period=1) == [4, 8, 16]
    assert factors([yes] * 5, initial_loss_scale=2, increment_period=2) == [2, 4, 4, 8, 8]
    assert factors([yes, no, yes, yes], initial_loss_scale=2, increment_period=2) == [2, 1, 1, 2]
    assert factors([no] * 3, initial_loss_scale=3, increment_period=2) == [1.5, 1, 1]
    assert factors([yes, no], initial_loss_scale=4, increment_period=1, multiplier=3) == [12, 4]
    assert factors([yes] * 2, initial_loss_scale=np.finfo(np.float32).max / 2, increment_period=1)[1] < np.inf


def test_gradients_that_are_not_finite_change_nothing():
    with tf.Graph().as_default(), tf.Session() as sess:
        v, step = tf.Variable(5.0, use_resource=True), tf.train.create_global_step()
        p = tf.placeholder(tf.float32)
        inner = tf.train.GradientDescentOptimizer(0.5)
        optimizer = experimental.MixedPrecisionLossScaleOptimizer(inner, experimental.DynamicLossScale(8, increment_period=1))
        train = optimizer.minimize(v * p, global_step=step)
        factor = optimizer._loss_scale()
        sess.run(tf.global_variables_initializer())
        for fed, expected in ((2.0, [4.0, 1, 16.0]), (np.nan, [4.0, 1, 8.0]), (np.inf, [4.0, 1, 4.0]), (4.0, [2.0, 2, 8.0])):
            sess.run(train, {p: fed})
            assert sess.run([v, step, factor]) == expected


def test_fixed_factors():
    with tf.Graph().as_default(), tf.Session() as sess:
        scale = experimental.FixedLossScale(128)
        assert sess.run(scale()) == 128.0 and scale.update([tf.constant(np.nan)])[1] is True
        assert scale.get_config() == {"loss_scale_value": 128.0} and repr(scale) == "FixedLossScale(128.0)"
        v = tf.Variable([1.0, 2.0])
        optimizer = experimental.MixedPrecisionLossScaleOptimizer(tf.train.GradientDescentOptimizer(1.0), 128)
        loss = tf.reduce_sum(tf.gather(v, [1]) * 3.0)
        ((gradient, _),) = optimizer.compute_gradients(loss)
        assert isinstance(gradient, tf.IndexedSlices)
        train = optimizer.apply_gradients([(gradient, v)])
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        assert sess.run(v).tolist() == [1.0, -1.0]
    for bad, message in (("1", "must be a Python int or float"), (0.5, "must be at least 1")):
        with pytest.raises(ValueError, match=message):
            experimental.FixedLossScale(bad)
    with pytest.raises(ValueError, match='"opt" must be an instance of Optimizer'):
        experimental.MixedPrecisionLossScaleOptimizer(3, 128)
    with pytest.raises(ValueError, match="Could not interpret loss scale identifier: unknown"):
        experimental.MixedPrecisionLossScaleOptimizer(tf.train.GradientDescentOptimizer(1.0), "unknown")


def test_in_checkpoints(tmp_path):
    with eager_mode():
        scale = experimental.DynamicLossScale(2, increment_period=1)
        optimizer = experimental.MixedPrecisionLossScaleOptimizer(tf.train.GradientDescentOptimizer(1.0), scale)
        scale.update([tf.constant(1.0)])
        path = tf.train.Checkpoint(o=optimizer).save(str(tmp_path / "x"))
        assert "o/loss_scale/current_loss_scale/.ATTRIBUTES/VARIABLE_VALUE" in dict(tf.train.list_variables(path))
        other = experimental.MixedPrecisionLossScaleOptimizer(tf.train.GradientDescentOptimizer(1.0), "dynamic")
        tf.train.Checkpoint(o=other).restore(path).assert_consumed()
        assert float(other._loss_scale()) == 4.0
        assert repr(scale).startswith("DynamicLossScale(current_loss_scale=4.0, num_good_steps=0, initial_loss_scale=2.0")


def test_configurations_of_schedules():
    schedules = tf.keras.optimizers.schedules
    config = schedules.serialize(schedules.PolynomialDecay(0.5, 10, power=2.0))
    assert config["class_name"] == "PolynomialDecay" and config["config"]["decay_steps"] == 10
    assert schedules.deserialize(config).get_config() == config["config"]
    config = tf.keras.optimizers.SGD(schedules.ExponentialDecay(0.5, 10, 0.9)).get_config()
    assert tf.keras.optimizers.SGD.from_config(config).get_config() == config
    with pytest.raises(ValueError, match="Unknown decay: NoDecay"):
        schedules.deserialize({"class_name": "NoDecay", "config": {}})


def test_rewriting_of_graphs():
    experimental, options = tf.train.experimental, tf.config.optimizer.get_experimental_options
    before = options()
    try:
        made = experimental.enable_mixed_precision_graph_rewrite(tf.train.AdamOptimizer(0.1))
        assert isinstance(made, experimental.MixedPrecisionLossScaleOptimizer) and options()["auto_mixed_precision"] is True
        keras = tf.keras.mixed_precision.experimental
        found = experimental.enable_mixed_precision_graph_rewrite(tf.keras.optimizers.SGD(0.1), 4)
        assert isinstance(found, keras.LossScaleOptimizer) and float(found.loss_scale._loss_scale_value) == 4.0
        with pytest.raises(ValueError, match='"opt" must not already be an instance of a MixedPrecisionLossScaleOptimizer'):
            experimental.enable_mixed_precision_graph_rewrite(made)
        with pytest.raises(ValueError, match="must be an instance of a tf.train.Optimizer or a tf.keras.optimizers.Optimizer"):
            experimental.enable_mixed_precision_graph_rewrite(3)
        with pytest.raises(ValueError, match="the mixed precision graph rewrite has already been enabled"):
            keras.set_policy("infer")
        experimental.disable_mixed_precision_graph_rewrite()
        assert options()["auto_mixed_precision"] is False
        keras.set_policy("infer")
        with pytest.raises(ValueError, match="because a keras mixed precision Policy has been set"):
            experimental.enable_mixed_precision_graph_rewrite(tf.keras.optimizers.SGD(0.1))
    finally:
        tf.keras.mixed_precision.experimental.set_policy(None)
        tf.config.optimizer.set_experimental_options({"auto_mixed_precision": before.get("auto_mixed_precision", False)})
