"""`tf.contrib.training`: buckets, examples drawn at rates."""

import numpy as np
import pytest

import eagle as tf

training = tf.contrib.training


@pytest.fixture(autouse=True)
def sess():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


def sequences(lengths):
    """Sequences of some lengths, one after the other, out of a queue."""
    length = tf.train.slice_input_producer([tf.constant(lengths)], num_epochs=1, shuffle=False)[0]
    return length, tf.range(length), tf.as_string(length)


@pytest.mark.parametrize("as_dictionary", [False, True])
def test_sequences_of_like_length_in_a_batch(sess, as_dictionary):
    length, numbers, text = sequences([1, 7, 2, 9, 3, 8, 5])
    tensors = {"n": numbers, "t": text} if as_dictionary else [numbers, text]
    lengths, batch = training.bucket_by_sequence_length(
        length, tensors, batch_size=2, bucket_boundaries=[4, 10], dynamic_pad=True, allow_smaller_final_batch=True)  # fmt: skip
    sess.run(tf.local_variables_initializer())
    coordinator = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(sess, coordinator)
    found = []
    with pytest.raises(tf.errors.OutOfRangeError):
        while True:
            found.append(sess.run([lengths, batch]))
    coordinator.request_stop()
    coordinator.join(threads)
    assert sorted(sorted(ls.tolist()) for ls, _ in found) == [[1, 2], [3], [5, 8], [7, 9]]
    for ls, batch in found:
        numbers, text = (batch["n"], batch["t"]) if as_dictionary else batch
        assert numbers.shape == (len(ls), max(ls))
        assert [int(t) for t in text] == ls.tolist()
        for row, n in zip(numbers, ls):
            assert row[:n].tolist() == list(range(n)) and not row[n:].any()


def test_buckets_of_different_sizes_and_what_is_dropped(sess):
    length, numbers, _ = sequences([0, 1, 0, 2, 3, 0, 5, 6])
    bucket, batch = training.bucket([length], tf.minimum(length, 1), batch_size=[3, 2], num_buckets=2, keep_input=length < 5)
    assert batch.shape.as_list() == [None]
    sess.run(tf.local_variables_initializer())
    coordinator = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(sess, coordinator)
    found = []
    with pytest.raises(tf.errors.OutOfRangeError):
        while True:
            which, numbers = sess.run([bucket, batch])
            found.append((int(which), numbers.tolist()))
    coordinator.request_stop()
    coordinator.join(threads)
    assert sorted(found) == [(0, [0, 0, 0]), (1, [1, 2])]


def test_what_buckets_can_not_be():
    x = tf.constant(1)
    for boundaries, error, message in (
        (3, TypeError, "bucket_boundaries must be a list or tuple"),
        ([], ValueError, "bucket_boundaries must not be empty"),
        ([1, 2.0], TypeError, "bucket boundaries must be integers"),
        ([2, 2], ValueError, "Buckets must contain sequential increasing lengths, but saw: 2 before 2"),
    ):
        with pytest.raises(error, match=message):
            training.bucket_by_sequence_length(x, [x], 2, boundaries)
    with pytest.raises(ValueError, match="If batch_size is a list it must have num_buckets elements"):
        training.bucket([x], x, [1], 2)
    with pytest.raises(ValueError, match=r"The list bucket_capacities \(\[1\]\) must have exactly num_buckets \(2\) elements"):
        training.bucket([x], x, 1, 2, bucket_capacities=[1])


def test_examples_drawn_at_rates(sess):
    values = tf.constant([1.0, 2.0, 3.0])
    drawn, same = training.resample_at_rate([values, values * 10], [0.0, 2.0, 5.0], seed=3)
    counts = np.zeros(4)
    for _ in range(200):
        a, b = sess.run([drawn, same])
        assert (b == a * 10).all()
        counts += np.bincount(a.astype(int), minlength=4)
    assert counts[1] == 0 and counts[2] == pytest.approx(400, rel=0.3) and counts[3] == pytest.approx(1000, rel=0.2)
    (drawn,), rates = training.weighted_resample([values], tf.constant([1.0, 1.0, 2.0]), 1.0, seed=3)
    sess.run([tf.local_variables_initializer(), tf.global_variables_initializer()])
    total = 0
    for _ in range(300):
        a, r = sess.run([drawn, rates])
        assert a.shape == r.shape
        total += len(a)
    assert total == pytest.approx(900, rel=0.2)


def test_clipping():
    pairs = [(tf.constant([3.0, 4.0]), "v")]
    ((clipped, _),) = training.clip_gradient_norms_fn(1.0)(pairs)
    with tf.Session() as sess:
        assert sess.run(clipped) == pytest.approx([0.6, 0.8])
