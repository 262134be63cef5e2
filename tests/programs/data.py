"""Pipelines of `tf.data`: elements, their order, and what is said when something is wrong."""

import os
import re
import sqlite3
import tempfile

import numpy as np


def _elements(tf, dataset, most=30):
    """Types, shapes and elements of a dataset; at last the error that ends it."""
    following = tf.data.make_one_shot_iterator(dataset).get_next()
    found = {"types": str(tf.data.get_output_types(dataset)), "shapes": str(tf.data.get_output_shapes(dataset)), "elements": []}
    with tf.Session() as session:
        try:
            for _ in range(most):
                found["elements"].append(_plain(session.run(following)))
        except tf.errors.OpError as e:
            found["end"] = [type(e).__name__, _without_file(e.message.split("\n")[0].replace("[_Derived_]", "").strip())]
    return found


def _without_file(message):
    """A message without the file and the line that Eagle tells besides."""
    return re.sub(r" in /\S+$| \((in|line \d+ of) /\S+\)$", "", message)


def _plain(value):
    if isinstance(value, dict):
        return {k: _plain(value[k]) for k in sorted(value)}
    return [_plain(v) for v in value] if isinstance(value, tuple) else value


def _all(tf, **makers):
    tf.set_random_seed(1)
    return {name: _elements(tf, make()) for name, make in makers.items()}


def sources(tf):
    data = tf.data.Dataset
    return _all(
        tf,
        tensors=lambda: data.from_tensors({"b": [1, 2], "a": (3.0, "x")}),
        slices=lambda: data.from_tensor_slices((np.arange(6.0).reshape(3, 2), {"s": ["x", "y", "z"]})),
        numbers=lambda: data.range(10, 0, -3),
        generated=lambda: data.from_generator(lambda: iter([(1, [2, 3]), (4, [])]), (tf.int32, tf.int64), ([], [None])),
        arguments=lambda: data.from_generator(lambda n: iter(range(n)), tf.float32, args=(3,)),
        converted=lambda: data.from_generator(lambda: iter([1.7, np.int64(2)]), tf.int32, []),
        counted=lambda: tf.data.experimental.Counter(3, 2).take(4),
        chance=lambda: tf.data.experimental.RandomDataset(42).take(4),
    )


def flow(tf):
    data = tf.data.Dataset
    return _all(
        tf,
        taken=lambda: data.range(9).skip(1).take(5).shard(2, 1),
        repeated=lambda: data.range(2).repeat(2).concatenate(data.range(5, 6)),
        zipped=lambda: data.zip({"a": data.range(3), "b": (data.range(5), data.from_tensors(7).repeat())}),
        counted=lambda: data.range(3).enumerate(start=4),
        batches=lambda: data.range(5).batch(2).batch(2),
        whole=lambda: data.range(5).batch(2, drop_remainder=True),
        slices=lambda: data.range(5).batch(3).unbatch(),
        windows=lambda: data.range(7).window(3, shift=2, stride=2).flat_map(lambda w: w.batch(3)),
        whole_windows=lambda: data.range(7).window(3, shift=1, drop_remainder=True).flat_map(lambda w: w.batch(3)),
        wide=lambda: data.range(9).window(2, shift=4).flat_map(lambda w: w),
        padded=lambda: data.range(4).map(lambda x: tf.fill([x], x)).padded_batch(3, [None], np.int64(-1)),
        padded_to=lambda: data.range(3).map(lambda x: (tf.fill([x], "s"), x)).padded_batch(2, ([4], [])),
        kept=lambda: data.range(3).cache().repeat(2),
        ahead=lambda: data.range(3).prefetch(2),
    )


def functions(tf):
    data = tf.data.Dataset
    return _all(
        tf,
        mapped=lambda: data.range(3).map(lambda x: {"a": x, "b": [x, x]}),
        parallel=lambda: data.range(20).map(lambda x: x * x, num_parallel_calls=4),
        filtered=lambda: data.range(9).filter(lambda x: tf.equal(x % 4, 1)),
        flat=lambda: data.range(4).flat_map(lambda x: data.range(x)),
        interleaved=lambda: data.range(5).interleave(lambda x: data.from_tensors(x).repeat(3), 2, 2),
        interleaved_ahead=lambda: data.range(5).interleave(
            lambda x: data.from_tensors(x).repeat(3), cycle_length=3, num_parallel_calls=2
        ),
        random=lambda: data.range(4).map(lambda x: tf.random_uniform([], seed=3)).repeat(2),
        shuffled_within=lambda: data.range(3).flat_map(lambda x: data.range(5).shuffle(5, seed=1)),
    )


def chance(tf):
    data, more = tf.data.Dataset, tf.data.experimental
    return _all(
        tf,
        shuffled=lambda: data.range(20).shuffle(5, seed=3),
        repeated=lambda: data.range(10).shuffle(5, seed=3).repeat(2),
        the_same_again=lambda: data.range(10).shuffle(5, seed=3, reshuffle_each_iteration=False).repeat(2),
        of_batches=lambda: data.range(10).shuffle(5).batch(3).repeat(2),
        cached=lambda: data.range(6).cache().shuffle(4, 2).prefetch(1).repeat(2),
        both=lambda: data.range(6).apply(more.shuffle_and_repeat(4, 3, seed=5)),
        without_end=lambda: data.range(6).apply(more.shuffle_and_repeat(4)),
        sampled=lambda: more.sample_from_datasets([data.range(5), data.range(10, 15)], [0.3, 0.7], seed=3),
        sampled_evenly=lambda: more.sample_from_datasets([data.range(5), data.range(10, 15), data.range(20, 25)], seed=3),
    )


def resampled(tf):
    numbers = np.array([0, 1, 0, 0, 1, 2] * 6, np.int32)

    def chosen(target, initial=None):
        resample = tf.data.experimental.rejection_resample(lambda x: x, target, initial, seed=1)
        return lambda: tf.data.Dataset.from_tensor_slices(numbers).apply(resample)

    return _all(
        tf,
        known=chosen([0.3, 0.3, 0.4], [0.5, 0.3, 0.2]),
        estimated=chosen([0.3, 0.3, 0.4]),
        rejected=chosen([0.0, 0.3, 0.7], [0.5, 0.3, 0.2]),
    )


def transformations(tf):
    data, more, contrib = tf.data.Dataset, tf.data.experimental, tf.contrib.data
    return _all(
        tf,
        mapped_batches=lambda: data.range(5).apply(more.map_and_batch(lambda x: (x, x * 2), 2)),
        whole=lambda: data.range(5).apply(contrib.map_and_batch(lambda x: x, 2, 2, True)),
        without_errors=lambda: (
            data.from_tensor_slices([1.0, 0.0, 2.0]).map(lambda x: tf.check_numerics(1 / x, "")).apply(more.ignore_errors())
        ),
        once=lambda: data.from_tensor_slices(["a", "b", "a"]).apply(more.unique()),
        first=lambda: data.range(9).apply(more.take_while(lambda x: x < 3)),
        scanned=lambda: data.range(5).apply(more.scan(np.int64(1), lambda s, x: (s + x, s * 2))),
        growing=lambda: data.range(4).apply(more.scan(np.zeros([1], np.int64), lambda s, x: (tf.concat([s, s], 0), tf.shape(s)))),
        interleaved=lambda: data.range(7).apply(more.parallel_interleave(lambda x: data.from_tensors(x).repeat(3), 3)),
        chosen=lambda: more.choose_from_datasets([data.range(5), data.range(10, 15)], data.range(2).repeat(3)),
        not_there=lambda: more.choose_from_datasets([data.range(5), data.range(10, 15)], data.range(1, 4)),
        groups=lambda: data.range(10).apply(more.group_by_window(lambda x: x % 2, lambda k, w: w.batch(3), window_size=3)),
        sized=lambda: data.range(10).apply(
            contrib.group_by_window(lambda x: x % 3, lambda k, w: w.batch(4), window_size_func=lambda k: k + 1)
        ),
        reduced=lambda: data.range(10).apply(
            more.group_by_reducer(lambda x: x % 3, more.Reducer(lambda k: np.int64(0), lambda s, x: s + x, lambda s: s))
        ),
        buckets=lambda: (
            data.from_tensor_slices([1, 5, 2, 6, 3, 7, 2, 1, 4])
            .map(lambda n: (n, tf.fill([n], n)))
            .apply(more.bucket_by_sequence_length(lambda n, v: n, [3, 6], [2, 2, 2]))
        ),
        filled=lambda: (
            data.from_tensor_slices([1, 5, 2, 2, 3, 5, 2, 1, 4])
            .map(lambda n: tf.fill([n], n))
            .apply(more.bucket_by_sequence_length(tf.size, [3, 6], [2, 2, 2], pad_to_bucket_boundary=True))
        ),
        sliding=lambda: data.range(8).apply(contrib.sliding_window_batch(2, window_shift=1, window_stride=3)),
    )


def sizes(tf):
    data = tf.data.Dataset
    made = [
        data.range(7), data.range(7).batch(2), data.range(7).repeat(), data.range(3).filter(lambda x: True),
        data.range(7).batch(2, drop_remainder=True), data.range(7).take(3), data.range(7).skip(9), data.range(7).shard(3, 1),
        data.zip((data.range(3), data.range(5))), data.range(3).flat_map(data.range), data.range(4).map(lambda x: x),
        data.range(3).shuffle(2), data.range(3).cache(), data.range(3).prefetch(2), data.range(7).window(2),
        data.from_generator(lambda: [1], tf.int32), data.range(5).concatenate(data.range(2)), data.range(4).padded_batch(3, []),
    ]  # fmt: skip
    with tf.Session() as session:
        return {"sizes": [int(session.run(tf.data.experimental.cardinality(d))) for d in made]}


def failures(tf):
    data = tf.data.Dataset

    def stops():
        yield 1
        raise ValueError("enough")

    return _all(
        tf,
        padded=lambda: data.range(1, 5).map(lambda x: tf.fill([x], x)).padded_batch(2, [2]),
        unequal=lambda: data.range(1, 5).map(lambda x: tf.fill([x], x)).cache().batch(2),
        no_batch=lambda: data.range(5).batch(0),
        no_buffer=lambda: data.range(5).shuffle(0),
        no_shard=lambda: data.range(5).shard(2, 3),
        no_shards=lambda: data.range(5).shard(0, 0),
        no_step=lambda: data.range(0, 5, 0),
        no_prefetch=lambda: data.range(5).prefetch(-3),
        no_cycle=lambda: data.range(5).interleave(lambda x: data.range(x), cycle_length=0),
        no_block=lambda: data.range(5).interleave(lambda x: data.range(x), cycle_length=2, block_length=0),
        many_calls=lambda: data.range(5).interleave(lambda x: data.range(x), cycle_length=2, num_parallel_calls=3),
        no_calls=lambda: data.range(5).map(lambda x: x, num_parallel_calls=0),
        no_file=lambda: tf.data.TextLineDataset("/there/is/none"),
        no_records=lambda: tf.data.TFRecordDataset("/there/is/none"),
        no_parts=lambda: tf.data.FixedLengthRecordDataset("/there/is/none", 3),
        compressed=lambda: tf.data.TextLineDataset("/there/is/none", compression_type="XZ"),
        structure=lambda: data.from_generator(lambda: iter([1, "a"]), tf.int32),
        shape=lambda: data.from_generator(lambda: iter([[1, 2]]), tf.int32, []),
        stops=lambda: data.from_generator(stops, tf.int32, []),
        cache=lambda: data.range(3).cache("/there/is/none"),
        lengths=lambda: data.from_tensor_slices(
            (tf.placeholder_with_default([1, 2], [None]), tf.placeholder_with_default([1], [None]))
        ),
    )


def refusals(tf):
    data, more = tf.data.Dataset, tf.data.experimental

    def told(make):
        try:
            make()
        except Exception as e:
            return [type(e).__name__, str(e).split("<class")[0].split("Tensor(")[0]]

    makers = {
        "flat": lambda: data.range(3).flat_map(lambda x: x),
        "filter": lambda: data.range(3).filter(lambda x: x),
        "nothing": lambda: data.range(3).map(lambda x: None),
        "apply": lambda: data.range(3).apply(lambda x: 3),
        "list": lambda: data.zip([data.range(3)]),
        "lengths": lambda: data.from_tensor_slices(([1, 2], [1])),
        "scalar": lambda: data.from_tensor_slices(3),
        "fed": lambda: data.from_tensors(tf.placeholder(tf.float32)).make_one_shot_iterator(),
        "types": lambda: data.range(3).concatenate(data.from_tensors("x")),
        "padding": lambda: data.range(3).padded_batch(2, [], 1.5),
        "smaller": lambda: data.from_tensors([1, 2, 3]).padded_batch(2, [2]),
        "arguments": lambda: data.range(),
        "generator": lambda: data.from_generator(3, tf.int32),
        "floats": lambda: data.from_tensor_slices([1.0, 2.0]).apply(more.unique()),
        "scan": lambda: data.range(5).apply(more.scan(np.int64(1), lambda s, x: s)),
        "state": lambda: data.range(5).apply(more.scan(1.0, lambda s, x: (x, x))),
        "reduce": lambda: data.range(5).reduce(1.0, lambda s, x: x),
        "windows": lambda: more.group_by_window(lambda x: x, lambda k, w: w),
        "single": lambda: more.get_single_element(3),
        "option": lambda: setattr(tf.data.Options(), "experimental_slack", 3),
        "unknown": lambda: setattr(tf.data.Options(), "speed", 3),
        "structure": lambda: tf.data.Iterator.from_structure(tf.int64).make_initializer(data.from_tensors("x")),
        "shape": lambda: tf.data.Iterator.from_structure(tf.int64, [3]).make_initializer(data.range(4)),
        "initializer": lambda: data.range(3).make_one_shot_iterator().initializer,
    }
    return {k: told(m) for k, m in makers.items()}


def eager_values(tf):
    data = tf.data.Dataset
    return {
        "loop": list(data.range(3).map(lambda x: x * 2)),
        "structure": [list(x) for x in data.from_tensor_slices(([1, 2], ["a", "b"]))],
        "sum": data.range(5).reduce(np.int64(0), lambda a, b: a + b),
        "pair": list(data.range(5).reduce((0.0, np.int64(1)), lambda s, x: (s[0] + tf.cast(x, tf.float32), s[1] * 2))),
        "count": tf.data.experimental.cardinality(data.range(5).batch(2)),
        "next": list(data.range(2).make_one_shot_iterator()),
        "single": tf.data.experimental.get_single_element(data.range(4).batch(5)),
    }


def sparse(tf):
    data = tf.data.Dataset
    value = tf.SparseTensorValue(np.array([[0, 0], [1, 2], [2, 1]]), np.array([1.0, 2.0, 3.0]), np.array([3, 4]))
    small = tf.SparseTensorValue(np.array([[1]]), np.array([5]), np.array([3]))
    return _all(
        tf,
        whole=lambda: data.from_tensors((value, 1)),
        slices=lambda: data.from_tensor_slices({"s": value, "n": [1, 2, 3]}),
        batches=lambda: data.from_tensors(small).repeat(3).batch(2),
        mapped=lambda: data.range(3).map(lambda x: tf.SparseTensor([[x]], [x * 2], [4])).batch(2).unbatch(),
        dense=lambda: data.from_tensor_slices(value).map(lambda s: tf.sparse_tensor_to_dense(s)),
        rows=lambda: data.range(1, 4).map(lambda x: tf.fill([x], x)).apply(tf.data.experimental.dense_to_sparse_batch(2, [6])),
        parts=lambda: data.from_sparse_tensor_slices(tf.SparseTensor(*value)),
    )


def eager_optionals(tf):
    more = tf.data.experimental
    iterator = iter(tf.data.Dataset.range(1))
    first, second = more.get_next_as_optional(iterator), more.get_next_as_optional(iterator)
    made = more.Optional.from_value({"a": 1, "b": [2.0]})
    none = more.Optional.none_from_structure(made.value_structure)
    found = {"has": [first.has_value(), second.has_value(), made.has_value(), none.has_value()]}
    found["values"] = [first.get_value(), made.get_value()["a"], made.get_value()["b"]]
    try:
        second.get_value()
    except tf.errors.InvalidArgumentError as e:
        found["missing"] = e.message.split("[")[0]
    return found


def _file(content):
    folder = tempfile.mkdtemp()
    name = os.path.join(folder, "file")
    with open(name, "wb") as file:
        file.write(content)
    return name


def tables(tf):
    more = tf.data.experimental
    name = _file(b'a,b,c\n1,2.5,x\n3,,"y,z"\n4,5,"q""r"\n')
    lines = _file(b'1|NA|"a\nb"\r\n2|3|c')

    def csv(content, types=(tf.int32, tf.string), **options):
        return lambda: more.CsvDataset(_file(content), list(types), **options)

    wrong = [b'1,"a"b\n2,c\n', b'1,a"b\n2,c\n', b'1,"ab\n2,c\n', b"\n1,2\n", b"1,2\n\n", b"1,\n", b"99999999999,1\n", b" 7 ,1\n",
             b"1.5,1\n", b"x,1\n", b"1,2,3\n", b'1,""\n', b'"1",2\n', b"1\n"]  # fmt: skip
    found = _all(
        tf,
        defaults=lambda: more.CsvDataset(name, [tf.int32, [0.0], tf.string], header=True),
        required=lambda: more.CsvDataset(name, [tf.int32, tf.float32, tf.string], header=True),
        selected=lambda: more.CsvDataset(name, [tf.string], select_cols=[2]),
        too_far=lambda: more.CsvDataset(name, [tf.string] * 2, select_cols=[1, 5]),
        missing=lambda: more.CsvDataset(lines, [tf.int64, [7], tf.string], field_delim="|", na_value="NA"),
        unquoted=csv(b'1,"a"\n', use_quote_delim=False),
        whole=lambda: more.make_csv_dataset(name, 2, num_epochs=1, shuffle=False),
        labelled=lambda: more.make_csv_dataset(
            name, 2, num_epochs=2, shuffle_seed=3, label_name="c", select_columns=["a", "c"]
        ),
        named=lambda: more.make_csv_dataset(
            name, 2, column_names=["p", "q", "r"], column_defaults=[tf.int32, 0.5, tf.string], num_epochs=1, shuffle=False
        ),
        without_errors=lambda: more.make_csv_dataset(
            name, 2, num_epochs=1, shuffle=False, column_defaults=[tf.int32, tf.float32, tf.string], ignore_errors=True
        ),
    )  # fmt: skip
    for i, content in enumerate(wrong):
        found["record %d" % i] = _elements(tf, csv(content)())
    for field in "1e5 inf nan 1e50 0x1p3 abc 1_0 +3 .5".split():
        found["float " + field] = _elements(tf, csv(field.encode() + b"\n", [tf.float32])())
    return found


def databases(tf):
    name = _file(b"")
    connection = sqlite3.connect(name)
    connection.execute("create table t (a int, b real, c text)")
    connection.execute("insert into t values (1, 2.5, 'x'), (3, null, '7y')")
    connection.commit()
    connection.close()

    def rows(query, *types):
        return lambda: tf.data.experimental.SqlDataset("sqlite", name, query, types)

    return _all(
        tf,
        rows=rows("select * from t", tf.int32, tf.float64, tf.string),
        converted=rows("select * from t", tf.string, tf.string, tf.int32),
        columns=rows("select a from t", tf.string, tf.string),
        query=rows("select a fro t", tf.string),
        driver=lambda: tf.data.experimental.SqlDataset("mysql", name, "select a from t", (tf.string,)),
    )


def examples(tf):
    def example(i):
        x = tf.train.Feature(int64_list=tf.train.Int64List(value=[i]))
        y = tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"a"] * i))
        return tf.train.Example(features=tf.train.Features(feature={"x": x, "y": y})).SerializeToString()

    data, more = tf.data.Dataset, tf.data.experimental
    serialized = [example(i) for i in range(5)]
    features = {"x": tf.FixedLenFeature([], tf.int64), "y": tf.VarLenFeature(tf.string)}
    plain, packed = _file(b""), _file(b"")
    with tf.Session() as session:
        session.run(more.TFRecordWriter(plain).write(data.from_tensor_slices(serialized)))
        session.run(more.TFRecordWriter(packed, "GZIP").write(data.from_tensor_slices(serialized)))

    def batches(**options):
        dataset = more.make_batched_features_dataset(plain, 2, features, tf.data.TFRecordDataset, **options)
        return dataset.map(lambda *e: (sorted(e[0].items())[-1][1], *e[1:]))

    return _all(
        tf,
        records=lambda: tf.data.TFRecordDataset([plain, plain]).map(lambda r: tf.parse_single_example(r, features)["x"]),
        packed=lambda: tf.data.TFRecordDataset(packed, "GZIP").map(lambda r: tf.parse_single_example(r, features)["x"]),
        wrong=lambda: tf.data.TFRecordDataset(packed),
        parallel=lambda: tf.data.TFRecordDataset([plain, plain], num_parallel_reads=2).map(
            lambda r: tf.parse_single_example(r, features)["x"]
        ),
        parsed=lambda: data.from_tensor_slices(serialized).batch(2).apply(more.parse_example_dataset(features)).map(
            lambda e: (e["x"], e["y"])
        ),
        batches=lambda: batches(shuffle=False, num_epochs=1),
        labelled=lambda: batches(label_key="x", shuffle_seed=3, num_epochs=2),
    )  # fmt: skip
