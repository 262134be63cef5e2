"""Staging areas as programs use them."""

import threading

import pytest

import eagle as tf
from eagle.ops.staging import MapStagingArea


def test_pipeline():
    """Each step takes what the step before it put."""
    x = tf.placeholder(tf.float32, [])
    area = tf.contrib.staging.StagingArea([tf.float32], [[]])
    put, (got,) = area.put([x * 2.0]), area.get()
    with tf.Session() as sess:
        sess.run(put, {x: -1})
        for i in range(5):
            assert sess.run([put, got], {x: i})[1] == 2 * (i - 1)
        assert sess.run(area.size()) == 1
        assert sess.run(area.peek(0)) == [8.0]
        sess.run(area.clear())
        assert sess.run(area.size()) == 0


def test_capacity():
    """Whoever puts waits for room."""
    x = tf.placeholder(tf.int32, [])
    area = tf.contrib.staging.StagingArea([tf.int32], capacity=2)
    put, got = area.put([x]), area.get()
    with tf.Session() as sess:
        thread = threading.Thread(target=lambda: [sess.run(put, {x: i}) for i in range(6)])
        thread.start()
        assert [sess.run(got)[0] for _ in range(6)] == list(range(6))
        thread.join()


def test_memory_limit():
    area = tf.contrib.staging.StagingArea([tf.float32], memory_limit=8)
    with tf.Session() as sess, pytest.raises(tf.errors.ResourceExhaustedError, match="memory limit of '8'"):
        sess.run(area.put([tf.zeros([3])]))


def test_sessions_that_close_end_waiting():
    got = tf.contrib.staging.StagingArea([tf.float32]).get()
    sess = tf.Session()
    seen = []

    def wait():
        with pytest.raises(tf.errors.CancelledError):
            sess.run(got)
        seen.append(True)

    thread = threading.Thread(target=wait)
    thread.start()
    while not sess._state.resources:
        pass
    sess.close()
    thread.join()
    assert seen


@pytest.mark.parametrize("ordered", [False, True])
def test_elements_by_key(ordered):
    k, x = tf.placeholder(tf.int64, []), tf.placeholder(tf.float32, [])
    area = MapStagingArea([tf.float32, tf.float32], names=["x", "v"], ordered=ordered)
    put, part = area.put(k, {"x": x, "v": x + 1.0}), area.put(k, {"v": x})
    rest = area.put(k, {"x": -x})
    _, whole = area.get(k)
    key, _ = area.get()
    with tf.Session() as sess:
        for i in (3, 1, 2):
            sess.run(put, {k: i, x: i})
        assert sess.run(whole, {k: 2}) == {"x": 2.0, "v": 3.0}
        assert sess.run(key) == (1 if ordered else 3)
        sess.run(part, {k: 7, x: 5})
        assert sess.run([area.size(), area.incomplete_size()]) == [1, 1]
        with pytest.raises(tf.errors.InvalidArgumentError, match="was already initialized"):
            sess.run(part, {k: 7, x: 5})
        sess.run(rest, {k: 7, x: 5})
        assert sess.run(area.peek(k, ["x"]), {k: 7}) == {"x": -5.0}
        assert sess.run(area.get(k, ["v"])[1], {k: 7}) == {"v": 5.0}
        with pytest.raises(tf.errors.InvalidArgumentError, match="has already been removed"):
            sess.run(area.get(k, ["v"])[1], {k: 7})
        sess.run(area.clear())
        assert sess.run([area.size(), area.incomplete_size()]) == [0, 0]
