"""Input pipelines of queues: readers, producers, batches; accumulators of gradients."""

import os
import shutil
import tempfile

import numpy as np


def _in_folder(program):
    """Runs a program in a folder with a few files; relative names are in keys."""
    before, folder = os.getcwd(), tempfile.mkdtemp()
    os.chdir(folder)
    try:
        for i in range(3):
            with open("file%d" % i, "wb") as f:
                f.write(b"".join(b"line %d of %d\r\n" % (n, i) for n in range(i + 2)))
        return program()
    finally:
        os.chdir(before)
        shutil.rmtree(folder)


def _read(tf, reader, names=("file0", "file1", "file2"), up_to=None):
    """All records that a reader gives, and what it says of itself."""
    queue = tf.FIFOQueue(9, tf.string, ())
    record = reader.read(queue) if up_to is None else reader.read_up_to(queue, up_to)
    found = []
    with tf.Session() as sess:
        sess.run(queue.enqueue_many([list(names)]))
        sess.run(queue.close())
        try:
            while True:
                key, value = sess.run(record)
                found += [np.array(key, object).reshape(-1), np.array(value, object).reshape(-1)]
        except tf.errors.OutOfRangeError as e:
            said = e.message.split("\n")[0].replace("'_", "").partition("_fifo")[2]
        counts = [int(v) for v in sess.run([reader.num_records_produced(), reader.num_work_units_completed()])]
        try:
            state = sess.run(reader.serialize_state()).hex()
        except tf.errors.UnimplementedError as e:
            state = e.message.split("\n")[0]
    return {"records": found, "said": said, "counts": counts, "state": state}


def readers(tf):
    def program():
        return {
            "whole": _read(tf, tf.WholeFileReader()),
            "names": _read(tf, tf.IdentityReader()),
            "lines": _read(tf, tf.TextLineReader(skip_header_lines=1)),
            "up to": _read(tf, tf.TextLineReader(), up_to=3),
            "fixed": _read(tf, tf.FixedLengthRecordReader(5, header_bytes=2, footer_bytes=3)),
            "hops": _read(tf, tf.FixedLengthRecordReader(5, hop_bytes=3)),
        }

    return _in_folder(program)


def _all_of(tf, fetches):
    """What a pipeline gives until its end."""
    found = []
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess, coord)
        try:
            while not coord.should_stop():
                found.append(sess.run(fetches))
        except tf.errors.OutOfRangeError:
            pass
        coord.request_stop()
        coord.join(threads)
    return found


def slices_in_batches(tf):
    tf.set_random_seed(7)
    x, y = tf.train.slice_input_producer([np.arange(10), np.arange(10) * 2.0], num_epochs=2, seed=3)
    return {"batches": _all_of(tf, tf.train.batch([x, y], 4, allow_smaller_final_batch=True))}


def dictionaries_in_batches(tf):
    x = tf.train.range_input_producer(6, num_epochs=1, shuffle=False).dequeue()
    batch = tf.train.batch({"x": x, "r": tf.range(x)}, 2, dynamic_pad=True)
    return {"batches": _all_of(tf, [batch["x"], batch["r"]])}


def sparse_in_batches(tf):
    x = tf.train.range_input_producer(6, num_epochs=1, shuffle=False).dequeue()
    i = tf.cast(tf.reshape(x, [1, 1]), tf.int64)
    sparse = tf.SparseTensor(i, tf.reshape(x, [1]) * 10, tf.cast([x + 1], tf.int64))
    batch = tf.train.batch([x, sparse], 3)
    return {"batches": _all_of(tf, [batch[0], batch[1].indices, batch[1].values, batch[1].dense_shape])}


def lines_of_files(tf):
    def program():
        names = tf.train.string_input_producer(["file1", "file2"], num_epochs=1, shuffle=False)
        key, line = tf.TextLineReader().read(names)
        return {"lines": _all_of(tf, tf.train.batch([key, line], 2, allow_smaller_final_batch=True))}

    return _in_folder(program)


def accumulated(tf):
    mean = tf.ConditionalAccumulator(tf.float32, shape=[2])
    total = tf.ConditionalAccumulator(tf.float32, shape=[2], reduction_type="SUM")
    sparse = tf.SparseConditionalAccumulator(tf.float32, shape=[5, 2])
    rows = np.ones([2, 2], np.float32)
    with tf.Session() as sess:
        for a in (mean, total):
            sess.run(a.apply_grad([1.0, 2.0]))
            sess.run(a.apply_grad([3.0, 5.0], local_step=1))
        sess.run(sparse.apply_grad([0, 3], rows))
        sess.run(sparse.apply_indexed_slices_grad(tf.IndexedSlices(tf.constant(rows * 3), [3, 4], [5, 2])))
        results = {"number": sess.run(mean.num_accumulated()), "mean": sess.run(mean.take_grad(2)),
                   "sum": sess.run(total.take_grad(1)), "sparse": list(sess.run(sparse.take_grad(2)))}  # fmt: skip
        sess.run(mean.apply_grad([9.0, 9.0], local_step=0))
        results["too old"] = sess.run(mean.num_accumulated())
        said = []
        for run in (mean.take_grad(0), sparse.apply_grad([5], [[1.0, 1.0]]), sparse.apply_grad([1], [[1.0]])):
            try:
                sess.run(run)
            except tf.errors.InvalidArgumentError as e:
                said.append(e.message.split("\n")[0])
        return dict(results, said=said)
