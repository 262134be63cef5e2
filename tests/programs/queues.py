"""Queues: what is taken in which order, and what is said of closed and shared ones."""

import threading

import numpy as np


def _said(tf, sess, *fetches):
    """The types and messages of what runs raise; numbers in private names are left out."""
    import re

    said = []
    for fetch in fetches:
        try:
            sess.run(fetch)
            said.append("nothing")
        except tf.errors.OpError as e:
            said.append("%s: %s" % (type(e).__name__, re.sub(r"'_\d+_", "'_", e.message.split("\n")[0])))
    return said


def fifo(tf):
    q = tf.FIFOQueue(10, [tf.int32, tf.string], shapes=[[], [2]])
    many = q.enqueue_many([[1, 2, 3], [["a", "b"], ["c", "d"], ["e", "f"]]])
    one = q.enqueue([7, ["x", "y"]])
    with tf.Session() as sess:
        sess.run(many)
        sess.run(one)
        results = {"size": sess.run(q.size()), "first": sess.run(q.dequeue()), "two": sess.run(q.dequeue_many(2))}
        sess.run(q.close())
        results["closed"] = bool(sess.run(q.is_closed()))
        results["rest"] = sess.run(q.dequeue_up_to(5))
        results["said"] = _said(tf, sess, q.dequeue(), q.dequeue_many(3), q.dequeue_up_to(3), one, many, q.close())
    return results


def shuffled(tf):
    q = tf.RandomShuffleQueue(100, 3, tf.int64, [()], seed=5)
    fill = q.enqueue_many([list(range(50))])
    with tf.Session() as sess:
        sess.run(fill)
        taken = [sess.run(q.dequeue()) for _ in range(5)] + list(sess.run(q.dequeue_many(20)))
        sess.run(fill)
        taken += list(sess.run(q.dequeue_many(60)))
        sess.run(q.close())
        taken += list(sess.run(q.dequeue_up_to(60)))
    return {"taken": [int(v) for v in taken]}


def padding(tf):
    q = tf.PaddingFIFOQueue(10, [tf.float32, tf.string], [[None, 2], [None]])
    with tf.Session() as sess:
        for n in (1, 3, 2):
            sess.run(q.enqueue([np.full([n, 2], n, np.float32), ["s"] * n]))
        return {
            "together": sess.run(q.dequeue_many(2)),
            "last": sess.run(q.dequeue()),
            "none": sess.run(q.dequeue_many(0)),
            "said": _said(tf, sess, q.enqueue([tf.placeholder_with_default([[1.0, 2.0, 3.0]], None), ["a"]])),
        }


def by_priority(tf):
    q = tf.PriorityQueue(10, tf.string, ())
    with tf.Session() as sess:
        sess.run(q.enqueue_many([[5, -1, 3], ["five", "minus one", "three"]]))
        sess.run(q.enqueue([4, "four"]))
        return {"first": sess.run(q.dequeue()), "others": sess.run(q.dequeue_many(3))}


def named_and_chosen(tf):
    first = tf.FIFOQueue(10, [tf.int32, tf.float32], [(), ()], names=["n", "x"])
    second = tf.FIFOQueue(10, [tf.int32, tf.float32], [(), ()], names=["n", "x"])
    which = tf.placeholder(tf.int32, [])
    q = tf.QueueBase.from_list(which, [first, second])
    taken = q.dequeue()
    with tf.Session() as sess:
        sess.run([first.enqueue({"x": 1.5, "n": 1}), second.enqueue({"x": 2.5, "n": 2})])
        found = [sess.run(taken, {which: i}) for i in (1, 0)]
    return {"n": [f["n"] for f in found], "x": [f["x"] for f in found]}


def wrong_elements(tf):
    untold = tf.FIFOQueue(10, [tf.int32, tf.int32])
    told = tf.FIFOQueue(10, tf.int32, [2])
    fed = tf.placeholder_with_default([1, 2, 3], None)
    shared = tf.FIFOQueue(10, tf.int32, shared_name="shared")
    others = [
        tf.FIFOQueue(11, tf.int32, shared_name="shared"),
        tf.FIFOQueue(10, tf.float32, shared_name="shared"),
        tf.FIFOQueue(10, tf.int32, [()], shared_name="shared"),
    ]
    shuffled = tf.RandomShuffleQueue(10, 3, tf.int32, seed=3, shared_name="mixed")
    others += [
        tf.RandomShuffleQueue(10, 4, tf.int32, seed=3, shared_name="mixed"),
        tf.RandomShuffleQueue(10, 3, tf.int32, seed=4, shared_name="mixed"),
    ]
    with tf.Session() as sess:
        sess.run([shared.size(), shuffled.size()])
        return {
            "elements": _said(tf, sess, told.enqueue(fed), told.enqueue_many(fed[:, None]),
                              untold.enqueue_many([fed, fed[:2]]), untold.dequeue_many(2)),
            "others": _said(tf, sess, *[q.size() for q in others]),
        }  # fmt: skip


def waiting(tf):
    """A thread waits until another one adds elements; a session that closes ends the wait."""
    q = tf.FIFOQueue(10, tf.int32, ())
    full = tf.FIFOQueue(1, tf.int32, ())
    taken, said = [], []
    sess = tf.Session()
    three = q.dequeue_many(3)
    thread = threading.Thread(target=lambda: taken.extend(int(v) for v in sess.run(three)))
    thread.start()
    for i in range(3):
        sess.run(q.enqueue(i))
    thread.join()
    both = sess.run([full.enqueue(1), full.dequeue()])[1]
    sess.run(full.enqueue(2))
    waits = [threading.Thread(target=lambda op=op: said.extend(_said(tf, sess, op))) for op in (q.dequeue(), full.enqueue(3))]
    for t in waits:
        t.start()
    import time

    time.sleep(0.5)
    sess.close()
    for t in waits:
        t.join()
    return {"taken": taken, "both": int(both), "said": sorted(said)}


def eager_fifo(tf):
    q = tf.FIFOQueue(10, [tf.int32, tf.float32], [(), ()])
    q.enqueue_many([[1, 2, 3], [0.5, 1.5, 2.5]])
    return {"one": q.dequeue(), "many": q.dequeue_many(2), "size": q.size()}


def staging(tf):
    x = tf.placeholder(tf.float32)
    area = tf.contrib.staging.StagingArea([tf.float32, tf.int32], names=["a", "b"], capacity=3)
    put, got, first, size, clear = area.put({"a": x, "b": tf.constant(7)}), area.get(), area.peek(1), area.size(), area.clear()
    found = {}
    with tf.Session() as sess:
        for i in range(3):
            sess.run(put, {x: i + 0.5})
            found["size %d" % i] = sess.run(size)
        found["second"] = sess.run(first)
        found["first"] = sess.run(got)
        sess.run(clear)
        found["cleared"] = sess.run(size)
    return found
