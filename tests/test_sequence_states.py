"""Barriers, and sequences dealt out in parts with states."""

import numpy as np
import pytest

import eagle as tf
from eagle.ops.barriers import Barrier


def test_elements_are_taken_when_complete():
    barrier = Barrier((tf.float32, tf.string), shapes=((2,), ()))
    numbers = barrier.insert_many(0, ["a", "b", "c"], [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    words = barrier.insert_many(1, ["c", "a"], ["x", "y"])
    taken, sizes = barrier.take_many(2), [barrier.ready_size(), barrier.incomplete_size()]
    assert [t.shape.as_list() for t in (taken[0], taken[1], *taken[2])] == [[2], [2], [2, 2], [2]]
    with tf.Session() as session:
        session.run(numbers)
        assert session.run(sizes) == [0, 3]
        session.run(words)
        indices, keys, (floats, strings) = session.run(taken)
        assert indices.tolist() == [-(2**63)] * 2 and keys.tolist() == [b"c", b"a"] and strings.tolist() == [b"x", b"y"]
        assert floats.tolist() == [[4.0, 5.0], [0.0, 1.0]] and session.run(sizes) == [0, 1]


def test_errors_of_barriers():
    with pytest.raises(ValueError, match="Empty tensors are not supported, but received shape '\\(0,\\)' at index 0"):
        Barrier((tf.float32,), shapes=((0,),))
    barrier = Barrier((tf.float32, tf.float32), shapes=((), ()), name="b")
    insert, other = barrier.insert_many(0, ["a"], [1.0]), barrier.insert_many(0, ["z"], [1.0])
    complete, taken = barrier.insert_many(1, ["a"], [1.0]), barrier.take_many(2)
    with tf.Session() as session:
        session.run(insert)
        with pytest.raises(tf.errors.InvalidArgumentError, match="Key a already has a value for component 0 in barrier"):
            session.run(insert)
        session.run(barrier.close())
        with pytest.raises(tf.errors.CancelledError, match="is closed, but attempted to insert a brand new key: z"):
            session.run(other)
        session.run(complete)
        with pytest.raises(tf.errors.OutOfRangeError, match="is closed and has insufficient elements .requested 2, total size 1."):
            session.run(taken)
        with pytest.raises(tf.errors.CancelledError, match="is already closed"):
            session.run(barrier.close())


def _batches(pad, sequence, length, keys, context=None):
    batch = tf.contrib.training.batch_sequences_with_states(
        input_key=tf.train.string_input_producer(keys, num_epochs=1, shuffle=False).dequeue(), input_sequences={"x": sequence},
        input_context=context or {}, input_length=length, initial_states={"sum": tf.constant(0.0)}, num_unroll=2, batch_size=1,
        num_threads=1, capacity=4, pad=pad)  # fmt: skip
    total = batch.state("sum") + 1.0
    save = batch.save_state("sum", total)
    found = []
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess=session, coord=coordinator)
        wanted = [batch.key, batch.next_key, batch.sequences, batch.context, batch.length, batch.state("sum"), save]
        try:
            while True:
                found.append(session.run(wanted))
        except tf.errors.OutOfRangeError:
            pass
        coordinator.request_stop()
        coordinator.join(threads, stop_grace_period_secs=5, ignore_live_threads=True)
    return found


def test_states_go_from_part_to_part():
    sequence = tf.constant(np.arange(3, dtype=np.float32)[:, None])
    found = _batches(True, sequence, None, ["a", "b"], {"c": tf.constant([7, 8])})
    assert sorted((f[0].tolist(), f[5].tolist()) for f in found) == [
        ([b"00000_of_00002:a"], [0.0]),
        ([b"00000_of_00002:b"], [0.0]),
        ([b"00001_of_00002:a"], [1.0]),
        ([b"00001_of_00002:b"], [1.0]),
    ]
    first, last = [next(f for f in found if f[0][0].startswith(start)) for start in (b"00000", b"00001")]
    assert first[2]["x"].tolist() == [[[0.0], [1.0]]] and last[2]["x"].tolist() == [[[2.0], [0.0]]]
    assert last[3]["c"].tolist() == [[7, 8]] and (first[4].tolist(), last[4].tolist()) == ([2], [1])
    assert last[1][0].startswith(b"STOP:")


def test_sparse_sequences_and_context():
    sequence = tf.SparseTensor([[0, 0], [2, 1]], ["p", "q"], [4, 2])
    context = {"c": tf.SparseTensor([[1]], [9], [3])}
    found = _batches(True, sequence, None, ["a"], context)
    first, last = sorted(found, key=lambda f: f[0][0])
    assert first[2]["x"].indices.tolist() == [[0, 0, 0]] and last[2]["x"].indices.tolist() == [[0, 0, 1]]
    assert last[2]["x"].values.tolist() == [b"q"] and last[2]["x"].dense_shape.tolist() == [1, 2, 2]
    assert last[3]["c"].indices.tolist() == [[0, 1]] and last[3]["c"].values.tolist() == [9]


def test_what_does_not_fit():
    saver = tf.contrib.training.SequenceQueueingStateSaver
    sequences, states = {"x": tf.zeros([4, 1])}, {"s": tf.zeros([])}
    with pytest.raises(ValueError, match="capacity 1 needs to be >= batch_size 2"):
        saver(2, 2, 4, "k", sequences, {}, states, capacity=1)
    with pytest.raises(ValueError, match="sequence key may not have a colon: 'x:y'"):
        saver(2, 2, 4, "k", {"x:y": tf.zeros([4, 1])}, {}, states)
    with pytest.raises(TypeError, match="initial_states must be a dictionary"):
        saver(2, 2, 4, "k", sequences, {}, [1])
    with pytest.raises(ValueError, match="initial_states may not be empty"):
        saver(2, 2, 4, "k", sequences, {}, {})
