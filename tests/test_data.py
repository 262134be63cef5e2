"""`tf.data`: sources, transformations, iterators."""

import gc
import gzip
import threading
import time
import weakref

import numpy as np
import pytest

import eagle as tf

Dataset = tf.data.Dataset


def values(make):
    """All elements of the dataset that `make()` builds: in a session; eagerly they must be the same."""
    with tf.Graph().as_default(), tf.Session() as session:
        following = make().make_one_shot_iterator().get_next()
        found = []
        with pytest.raises(tf.errors.OutOfRangeError, match="End of sequence"):
            while True:
                found.append(session.run(following))
    with tf.eager_mode():
        again = [tf.nest.map_structure(lambda t: t.numpy(), e) for e in make()]
    assert listed(again) == listed(found)
    return listed(found)


def listed(elements):
    """Elements as plain Python."""
    return tf.nest.map_structure(lambda v: v.tolist() if hasattr(v, "tolist") else v, elements)


def test_slices_in_batches():
    found = values(lambda: Dataset.from_tensor_slices({"a": np.eye(3), "b": np.array([b"x", b"y", b"z"], object)}).batch(2))
    assert [e["b"] for e in found] == [[b"x", b"y"], [b"z"]]
    assert found[1]["a"] == [[0.0, 0.0, 1.0]]
    assert values(lambda: Dataset.range(5).batch(2, drop_remainder=True)) == [[0, 1], [2, 3]]


def test_cutting_and_joining():
    assert values(lambda: Dataset.range(10).skip(2).take(5).shard(2, 1)) == [3, 5]
    assert values(lambda: Dataset.range(2).concatenate(Dataset.range(5, 7)).repeat(2)) == [0, 1, 5, 6, 0, 1, 5, 6]
    assert values(lambda: Dataset.zip((Dataset.range(3), Dataset.range(5)))) == [(0, 0), (1, 1), (2, 2)]
    assert values(lambda: Dataset.range(3).enumerate(start=4)) == [(4, 0), (5, 1), (6, 2)]


def test_functions():
    assert values(lambda: Dataset.range(3).map(lambda x: (x, x * x))) == [(0, 0), (1, 1), (2, 4)]
    assert values(lambda: Dataset.range(50).map(lambda x: x * 2, num_parallel_calls=4)) == list(range(0, 100, 2))
    assert values(lambda: Dataset.range(6).filter(lambda x: x % 2 > 0)) == [1, 3, 5]
    assert values(lambda: Dataset.range(4).flat_map(Dataset.range)) == [0, 0, 1, 0, 1, 2]
    twice = lambda x: Dataset.from_tensors(x).repeat(2)
    for calls in (None, 2):
        made = values(lambda calls=calls: Dataset.range(3).interleave(twice, cycle_length=2, num_parallel_calls=calls))
        assert made == [0, 1, 0, 1, 2, 2]


def test_order_of_shuffling_is_tensorflows():
    expected = {
        (3, None, None, 2, 5): [2, 4, 0, 3, 6, 1, 5, 8, 9, 7, 0, 5, 6, 7, 8, 9, 3, 2, 1, 4],
        (3, None, False, 2, 5): [2, 4, 0, 3, 6, 1, 5, 8, 9, 7, 2, 4, 0, 3, 6, 1, 5, 8, 9, 7],
        (None, 7, None, 2, 5): [3, 2, 1, 4, 7, 8, 5, 0, 6, 9, 1, 4, 6, 2, 3, 0, 7, 9, 5, 8],
        (3, 7, None, 2, 3): [0, 1, 4, 3, 5, 2, 6, 8, 7, 9, 0, 3, 1, 5, 2, 7, 8, 9, 6, 4],
        (3, 7, None, None, 100): [9, 7, 3, 8, 6, 2, 0, 5, 4, 1],
    }
    for (seed, graph_seed, again, epochs, size), wanted in expected.items():
        with tf.Graph().as_default(), tf.Session() as session:
            if graph_seed is not None:
                tf.set_random_seed(graph_seed)
            dataset = Dataset.range(10).shuffle(size, seed=seed, reshuffle_each_iteration=again)
            if epochs:
                dataset = dataset.repeat(epochs)
            iterator = dataset.make_initializable_iterator()
            following = iterator.get_next()
            for _ in range(2):  # and the same again after the iterator has begun anew
                session.run(iterator.initializer)
                assert [session.run(following) for _ in wanted] == wanted


def test_iterators_that_share():
    with tf.Graph().as_default(), tf.Session() as session:
        handle = tf.placeholder(tf.string, [])
        following = tf.data.Iterator.from_string_handle(handle, tf.int64, []).get_next()
        first = Dataset.range(3).make_one_shot_iterator().string_handle()
        switching = tf.data.Iterator.from_structure(tf.int64, [])
        begin = switching.make_initializer(Dataset.range(10, 20))
        with pytest.raises(tf.errors.FailedPreconditionError, match="has not been initialized"):
            session.run(switching.get_next())
        session.run(begin)
        a, b = session.run([first, switching.string_handle()])
        assert [session.run(following, {handle: h}) for h in (a, b, a, b)] == [0, 10, 1, 11]


def test_generators():
    def numbers():
        yield from ((i, [i] * i) for i in range(3))

    assert values(lambda: Dataset.from_generator(numbers, (tf.int32, tf.int64), ([], [None])).repeat(2)) == [
        (0, []), (1, [1]), (2, [2, 2])
    ] * 2  # fmt: skip
    with tf.eager_mode(), pytest.raises(tf.errors.InvalidArgumentError, match="could not be converted"):
        list(Dataset.from_generator(numbers, tf.int32))


def test_errors_tell_the_element_and_the_line():
    with tf.Graph().as_default(), tf.Session() as session:
        dataset = Dataset.from_tensor_slices([1.0, 0.0, 2.0]).map(lambda x: tf.check_numerics(1 / x, "bad number"))
        following = dataset.make_one_shot_iterator().get_next()
        assert session.run(following) == 1.0
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"(?s)bad number.*test_data\.py.*element 1 of.*IteratorGetNext"):
            session.run(following)
        assert session.run(following) == 0.5


@pytest.mark.parametrize("use_resource", [False, True])
def test_functions_see_what_variables_become(use_resource):
    with tf.Graph().as_default(), tf.Session() as session:
        scale = tf.get_variable("scale", initializer=1, use_resource=use_resource, dtype=tf.int32)
        dataset = Dataset.range(4).map(lambda x: tf.cast(x, tf.int32) * scale)
        iterator = dataset.make_initializable_iterator()
        following = iterator.get_next()
        session.run(scale.initializer)
        session.run(iterator.initializer)
        assert session.run(following) == 0
        session.run(scale.assign(10))
        assert session.run(following) == 10
        assert session.run(following) == 20


def test_files(tmp_path):
    path = tmp_path / "lines.txt"
    path.write_bytes(b"a\r\n\nbc")
    name = str(path)
    assert values(lambda: tf.data.TextLineDataset([name, name])) == [b"a", b"", b"bc"] * 2
    assert values(lambda: tf.data.FixedLengthRecordDataset(name, 2, header_bytes=1, footer_bytes=1)) == [b"\r\n", b"\nb"]
    assert values(lambda: tf.data.TFRecordDataset([])) == []


def test_caching_in_files(tmp_path):
    name = str(tmp_path / "cache")
    drawn = []

    def draw(x):
        drawn.append(int(x))
        return x

    for _ in range(2):
        with tf.eager_mode():
            dataset = Dataset.range(3).map(lambda x: tf.py_func(draw, [x], tf.int64)).cache(name)
            assert [int(x) for x in dataset] == [0, 1, 2]
    assert drawn == [0, 1, 2]


def test_cache_files_are_tensor_bundles(tmp_path):
    name = str(tmp_path / "cache")
    make = lambda: Dataset.range(12).map(lambda i: (i, tf.as_string(i))).cache(name)
    assert len(values(make)) == 12
    found = tf.train.load_checkpoint(name)
    assert sorted(found.get_variable_to_shape_map()) == sorted("%7d_%d" % (i, j) for i in range(12) for j in range(2))
    assert [found.get_tensor("     11_0"), found.get_tensor("     11_1")] == [11, b"11"]
    with pytest.raises(tf.errors.DataLossError, match="24 tensors are no elements of 5 each"):
        values(lambda: Dataset.range(12).map(lambda i: (i,) * 5).cache(name))


def test_fixed_parts_of_compressed_files(tmp_path):
    name = str(tmp_path / "file")
    make = lambda *sizes: tf.data.FixedLengthRecordDataset(name, *sizes, compression_type="GZIP")
    (tmp_path / "file").write_bytes(gzip.compress(b"headaabbccfoot"))
    assert values(lambda: make(2, 4, 4)) == [b"aa", b"bb", b"cc"]
    with tf.eager_mode():
        iterator = iter(make(2, 4, 3))
        assert [next(iterator).numpy() for _ in range(3)] == [b"aa", b"bb", b"cc"]
        with pytest.raises(tf.errors.DataLossError, match="body length 7 bytes, which is not an exact multiple"):
            next(iterator)


def test_ends_of_lines_in_csv_files(tmp_path):
    name = str(tmp_path / "file")
    (tmp_path / "file").write_bytes(b'1,"a\r\nb"\r2,"\r""x\n"\r\n3,c\n4,d')
    make = lambda: tf.data.experimental.CsvDataset(name, [tf.int32, [""]])
    assert values(make) == [(1, b"a\r\nb"), (2, b'\r"x\n'), (3, b"c"), (4, b"d")]
    (tmp_path / "file").write_bytes(b"1,a\nx,b\n")
    with tf.eager_mode(), pytest.raises(tf.errors.InvalidArgumentError, match=r"not a valid int32: x \(line 2 of .*file\)"):
        list(make())


def test_an_error_takes_its_batch_along():
    def wrong_at_four(x):
        if x == 4:
            raise StopIteration
        return x

    with tf.eager_mode():
        batches = tf.data.experimental.map_and_batch(lambda x: tf.py_func(wrong_at_four, [x], tf.int64), batch_size=3)
        iterator = iter(Dataset.range(10).apply(batches))
        found = []
        while True:
            try:
                found.append(next(iterator).numpy().tolist())
            except tf.errors.InvalidArgumentError:
                found.append(None)
            except StopIteration:
                break
        assert found == [[0, 1, 2], None, [6, 7, 8], [9]]


def test_unique_elements_of_any_shape():
    elements = [[1], [1, 1], [1], [2, 1], [1, 1]]
    make = lambda: Dataset.from_generator(lambda: elements, tf.int64).apply(tf.data.experimental.unique())
    assert values(make) == [[1], [1, 1], [2, 1]]


def test_strings_are_joined_in_functions():
    make = lambda: Dataset.from_tensor_slices(["a", "b", "c"]).map(lambda s: s + "x")
    assert values(make) == [b"ax", b"bx", b"cx"]
    with tf.eager_mode():
        joined = tf.constant("a") + tf.constant("b") + "c"
        assert joined.dtype == tf.string and joined.shape == () and joined.numpy() == b"abc"
        assert (joined + ["d", "e"]).numpy().tolist() == [b"abcd", b"abce"]


def test_lists_of_datasets():
    lists = lambda: [Dataset.range(3), Dataset.range(2)]
    assert values(lambda: Dataset.from_tensor_slices(lists()).flat_map(lambda d: d)) == [0, 1, 2, 0, 1]
    make = lambda: Dataset.from_tensors(lists()).flat_map(Dataset.from_tensor_slices).flat_map(lambda d: d)
    assert values(make) == [0, 1, 2, 0, 1]


def test_where_an_iterator_stands_is_saved(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        iterator = Dataset.range(10).shuffle(5, seed=1).make_initializable_iterator()
        following = iterator.get_next()
        saver = tf.train.Saver([tf.data.experimental.make_saveable_from_iterator(iterator)])
        with pytest.raises(tf.errors.FailedPreconditionError, match=r"Save\(\) failed"):
            saver.save(session, str(tmp_path / "early"))
        session.run(iterator.initializer)
        first = [session.run(following) for _ in range(4)]
        path = saver.save(session, str(tmp_path / "state"))
        rest = [session.run(following) for _ in range(6)]
        session.run(iterator.initializer)
        saver.restore(session, path)
        assert [session.run(following) for _ in range(6)] == rest
        assert sorted(first + rest) == list(range(10))


def test_iterators_for_several_devices():
    make = tf.python.data.ops.multi_device_iterator_ops.MultiDeviceIterator
    with tf.Graph().as_default(), tf.Session() as session:
        iterator = make(Dataset.range(6), ["/cpu:0", "/cpu:1"], max_buffer_size=2)
        following = iterator.get_next()
        session.run(iterator.initializer)
        assert [session.run(following) for _ in range(3)] == [[0, 1], [2, 3], [4, 5]]


def test_loops_over_datasets_in_functions():
    @tf.function
    def total(numbers):
        found = tf.constant(0, tf.int64)
        for x in numbers:
            if x > 3:
                break
            found += x
        return found

    with tf.eager_mode():
        assert int(total(Dataset.range(10))) == 6
        assert int(total(iter(Dataset.range(3)))) == 3


def threads_of_data():
    return [t for t in threading.enumerate() if t.name.startswith("prefetch-")]


def test_threads_end_with_the_iterator():
    before = len(threads_of_data())
    with tf.Graph().as_default():
        with tf.Session() as session:
            dataset = Dataset.range(10**9).map(lambda x: x + 1, num_parallel_calls=2).prefetch(3)
            following = dataset.make_one_shot_iterator().get_next()
            assert session.run(following) == 1
            assert len(threads_of_data()) == before + 1
        waited(lambda: len(threads_of_data()) == before)
    with tf.eager_mode():
        iterator = iter(Dataset.range(10**9).prefetch(1))
        next(iterator)
        assert len(threads_of_data()) == before + 1
        del iterator
        waited(lambda: len(threads_of_data()) == before)


@pytest.mark.parametrize("calls,ahead", [(None, 0), (None, 1), (2, 1)])
def test_closing_a_session_ends_waiting(calls, ahead):
    with tf.Graph().as_default():
        queue = tf.FIFOQueue(10, tf.int32, ())
        dataset = Dataset.range(1).map(lambda _: queue.dequeue(), num_parallel_calls=calls).prefetch(ahead)
        iterator = dataset.make_initializable_iterator()
        following = iterator.get_next()
        session = tf.Session()
        session.run(iterator.initializer)
        caught = []

        def wait():
            try:
                session.run(following)
            except tf.errors.CancelledError as e:
                caught.append(e)

        thread = threading.Thread(target=wait, daemon=True)
        thread.start()
        time.sleep(0.1)
        session.close()
        thread.join(5)
        assert caught


def waited(condition):
    deadline = time.time() + 5
    while not condition():
        assert time.time() < deadline
        time.sleep(0.01)


def test_prefetching_overlaps_with_the_program():
    def slow(x):
        time.sleep(0.05)
        return x

    with tf.eager_mode():
        dataset = Dataset.range(8).map(lambda x: tf.py_func(slow, [x], tf.int64)).prefetch(2)
        iterator = iter(dataset)
        next(iterator)
        start = time.time()
        for _ in iterator:
            time.sleep(0.05)
        assert time.time() - start < 7 * 0.1 * 0.85


def test_buffers_grow_only_as_far_as_there_are_elements():
    assert values(lambda: Dataset.range(3).prefetch(10**12).batch(10**12)) == [[0, 1, 2]]


def test_graphs_of_pipelines_go():
    def build():
        with tf.Graph().as_default() as graph, tf.Session() as session:
            dataset = Dataset.range(3).map(lambda x: x + 1)
            assert session.run(dataset.make_one_shot_iterator().get_next()) == 1
        return weakref.ref(graph)

    gone = build()
    gc.collect()
    assert gone() is None


def test_what_must_be_a_scalar():
    with tf.eager_mode():
        two = tf.constant([1, 2], tf.int64)
        for make, name in (
            (lambda: Dataset.range(two), "stop"),
            (lambda: Dataset.range(3).take(two), "count"),
            (lambda: Dataset.range(3).shard(two, 0), "num_shards"),
            (lambda: Dataset.range(3).map(lambda x: x, tf.constant([1])), "num_parallel_calls"),
        ):
            with pytest.raises(tf.errors.InvalidArgumentError, match="%s must be a scalar" % name):
                make()


def test_errors_do_not_end_threads():
    with tf.eager_mode():
        for calls in (None, 3):
            dataset = Dataset.from_tensor_slices([1.0, 0.0, 2.0, 0.0]).map(lambda x: tf.check_numerics(1 / x, ""), calls)
            iterator = iter(dataset.prefetch(2))
            found = []
            for _ in range(4):
                try:
                    found.append(float(next(iterator)))
                except tf.errors.InvalidArgumentError:
                    found.append(None)
            assert found == [1.0, None, 0.5, None]
            with pytest.raises(StopIteration):
                next(iterator)


def test_options():
    options = tf.data.Options()
    options.experimental_optimization.map_fusion = True
    other = tf.data.Options()
    other.experimental_slack = True
    dataset = Dataset.range(3).with_options(options).batch(2).with_options(other)
    assert dataset.options().experimental_optimization.map_fusion and dataset.options().experimental_slack
    other.experimental_optimization.map_fusion = False
    with pytest.raises(ValueError, match="Cannot merge incompatible values"):
        dataset.with_options(other)


def test_what_is_not_there_says_so():
    with pytest.raises(NotImplementedError, match="StatsAggregator"):
        tf.data.experimental.StatsAggregator()
    with pytest.raises(NotImplementedError, match="LMDB"):
        tf.contrib.data.LMDBDataset("x")
