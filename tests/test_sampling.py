"""`tf.contrib.training.rejection_sample` and `stratified_sample`."""

import numpy as np
import pytest

import eagle as tf

training = tf.contrib.training


def _values(tensors, steps):
    """The values of tensors in several steps, joined."""
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(session, coordinator)
        found = [session.run(tensors) for _ in range(steps)]
        coordinator.request_stop()
        coordinator.join(threads, stop_grace_period_secs=5, ignore_live_threads=True)
    return [np.concatenate(parts) for parts in zip(*found)]


@pytest.mark.parametrize("given", [True, False])
def test_classes_become_as_frequent_as_wanted(given):
    tf.set_random_seed(3)
    labels = tf.cast(tf.random_uniform([50]) < 0.2, tf.int32)  # class 0 in four of five cases
    init = [0.8, 0.2] if given else None
    [values], found = training.stratified_sample(
        [10 * labels], labels, [0.4, 0.6], batch_size=20, init_probs=init, enqueue_many=True, queue_capacity=64)  # fmt: skip
    values, found = _values([values, found], 40)
    assert (values == 10 * found).all() and abs(found.mean() - 0.6) < 0.06


def test_examples_pass_by_their_own_probability():
    tf.set_random_seed(5)
    x = tf.cast(tf.random_uniform([40], maxval=4, dtype=tf.int32), tf.float32)
    [found] = training.rejection_sample([x], lambda t: t[0] / 3.0, batch_size=20, enqueue_many=True, runtime_checks=True)
    (found,) = _values([found], 30)
    shares = np.bincount(found.astype(int), minlength=4) / len(found)
    np.testing.assert_allclose(shares, [0, 1 / 6, 2 / 6, 3 / 6], atol=0.08)


def test_what_does_not_fit():
    with pytest.raises(ValueError, match="Probability parameters must have the same length."):
        training.stratified_sample([tf.zeros([])], 0, [0.5, 0.5], 2, init_probs=[1.0])
    with pytest.raises(ValueError):
        training.stratified_sample([tf.zeros([3, 1])], tf.zeros([4], tf.int32), [0.5, 0.5], 2, enqueue_many=True)
    with pytest.raises(ValueError):
        training.rejection_sample([tf.zeros([3]), tf.zeros([4])], lambda t: 0.5, 2, enqueue_many=True)
