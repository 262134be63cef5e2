"""Pipelines of many transformations in chance combinations: the order of their elements."""

import numpy as np

_PIPELINES = [
    "range 6 | while | skip -1 | unbatch 1 | shuffle_alike 1 24",
    "range 9 | parallel_interleave 4 1 | shard 1 0 | take 2",
    "range 4 | group 1 1 29 | flat | flat | cache | window 1 1 1 0",
    "range 4 | map_on_threads 1 | scan | shuffle_and_repeat 1 1 20 | cache",
    "range 7 | group 1 2 20 | whole 4 | shard 1 0 | concat 2 | numbered",
    "range 6 | skip 0 | reversed 1 | choose | map | cache",
    "range 7 | cache | scan | while | prefetch 2 | parallel_interleave 4 1",
    "range 9 | skip 3 | filter",
    "range 5 | numbered | sample 17 | unbatch 3 | filter | shard 3 1",
    "range 6 | prefetch 1 | interleave 2 2",
    "range 4 | map | skip -1 | shuffle_and_repeat 2 2 41 | flat",
    "range 6 | group 1 1 26 | choose | interleave_on_threads 4 2 | whole 2 | repeat 3",
    "range 4 | shuffle_alike 1 14 | flat",
    "range 4 | filter | group 3 2 27 | map_and_batch 1 | repeat 1 | sample 45",
    "range 7 | map | map_and_batch 3 | parallel_interleave 1 1 | parallel_interleave 4 1 | shuffle_alike 3 6",
    "range 9 | sample 24 | concat 2 | skip 4 | unbatch 2",
    "range 7 | whole 3 | map | unbatch 2 | map_on_threads 1",
    "range 2 | scan | unbatch 2 | map_on_threads 2 | repeat 2 | whole 4",
    "range 7 | map | shuffle_alike 2 12 | window 3 2 1 0 | sample 24",
    "range 9 | skip 4 | take 5 | unbatch 4 | sample 40",
    "range 6 | interleave 1 3 | shuffle 1 12",
    "range 2 | interleave_on_threads 1 1 | flat | filter | map_on_threads 1 | reversed 1",
    "range 2 | repeat 2 | parallel_interleave 4 1 | shard 1 0 | skip -1 | parallel_interleave 2 3",
    "range 3 | choose | scan | shuffle 2 35 | sample 19",
    "range 7 | prefetch 3 | whole 4 | shuffle_alike 4 10",
    "range 4 | shard 2 0 | flat | shuffle 1 1 | parallel_interleave 1 2 | shard 3 2",
    "range 4 | shuffle_alike 4 28 | interleave_on_threads 3 2 | reversed 3 | parallel_interleave 1 2",
    "range 6 | map | prefetch 1 | map_on_threads 2 | reversed 2 | flat",
    "range 9 | filter | shuffle_and_repeat 4 3 3",
    "range 4 | cache | reversed 4 | scan | map | interleave_on_threads 3 1",
    "range 5 | map | window 1 2 1 1 | shuffle 3 39 | take 0 | flat",
    "range 6 | scan | skip 3 | take 7 | numbered",
    "range 7 | choose | cache | map",
    "range 9 | shuffle_and_repeat 4 1 50 | while",
    "range 8 | window 3 3 1 0 | map_and_batch 3 | whole 1 | map_and_batch 1 | skip 3",
    "range 9 | flat | group 3 3 10 | prefetch 4 | scan",
    "range 2 | take 2 | while",
    "range 3 | map_on_threads 3 | concat 3",
    "range 9 | filter | whole 1",
    "range 5 | skip 1 | repeat 1",
    "range 4 | prefetch 1 | concat 4 | interleave 1 1",
    "range 8 | map | choose",
    "range 3 | shuffle 1 6 | map_on_threads 4 | reversed 3 | numbered | shuffle_alike 2 45",
    "range 6 | shard 3 2 | sample 36 | shuffle 1 36",
    "range 5 | whole 2 | sample 24 | repeat 3 | group 1 1 37",
    "range 2 | window 1 4 2 1 | interleave_on_threads 3 3",
    "range 9 | filter | while | sample 47 | parallel_interleave 1 1",
    "range 8 | take 0 | reversed 1 | flat",
    "range 8 | whole 1 | map_and_batch 2 | shuffle 2 9 | take 4",
    "range 8 | sample 37 | interleave 1 3 | concat 1 | choose",
    "range 2 | interleave 1 1 | reversed 3 | shuffle_and_repeat 2 1 20",
    "range 8 | repeat 3 | filter | interleave 1 1 | concat 2",
    "range 8 | flat | scan | map | filter | map",
    "range 4 | shuffle_and_repeat 1 1 23 | unbatch 2 | map_on_threads 1 | skip 4",
    "range 9 | filter | while | shuffle_and_repeat 2 2 16",
    "range 4 | interleave 1 1 | shuffle_and_repeat 1 3 20",
    "range 4 | numbered | map_and_batch 1 | take 6 | interleave_on_threads 1 1 | choose",
    "range 8 | cache | repeat 1 | repeat 3 | group 1 1 37",
    "range 7 | skip 0 | concat 3",
    "range 2 | shuffle_alike 1 4 | choose | map",
    "range 8 | map_and_batch 1 | choose | interleave 1 3 | interleave 4 1 | concat 2",
    "range 3 | scan | group 4 1 2",
    "range 9 | reversed 3 | shard 2 0 | take -1 | repeat 1",
    "range 3 | map_and_batch 3 | concat 2 | whole 3",
    "range 7 | flat | scan | concat 3",
    "range 5 | while | prefetch 4",
    "range 5 | choose | reversed 1 | choose | skip 1",
    "range 3 | prefetch 2 | parallel_interleave 4 1",
    "range 6 | shard 1 0 | flat | whole 1",
    "range 2 | map | filter | while | while | parallel_interleave 4 1",
]


def _some(tf, x):
    """A dataset of which how much there is depends on a number."""
    return tf.data.Dataset.from_tensors(x).repeat(x % 4)


def _step(tf, dataset, kind, a=None, b=None, c=None, d=None):
    data, more = tf.data.Dataset, tf.data.experimental
    return {
        "range": lambda: data.range(a),
        "take": lambda: dataset.take(a),
        "skip": lambda: dataset.skip(a),
        "shard": lambda: dataset.shard(a, b),
        "repeat": lambda: dataset.repeat(a),
        "concat": lambda: dataset.concatenate(data.range(100, 100 + a)),
        "shuffle": lambda: dataset.shuffle(a, seed=b),
        "shuffle_alike": lambda: dataset.shuffle(a, seed=b, reshuffle_each_iteration=False),
        "shuffle_and_repeat": lambda: dataset.apply(more.shuffle_and_repeat(a, b, seed=c)),
        "map": lambda: dataset.map(lambda x: x * 3 + 1),
        "map_on_threads": lambda: dataset.map(lambda x: x + 7, num_parallel_calls=a),
        "filter": lambda: dataset.filter(lambda x: tf.not_equal(x % 3, 0)),
        "flat": lambda: dataset.flat_map(lambda x: data.range(x % 4).shuffle(3, seed=2)),
        "interleave": lambda: dataset.interleave(lambda x: _some(tf, x), a, b),
        "interleave_on_threads": lambda: dataset.interleave(lambda x: _some(tf, x), a, b, num_parallel_calls=a),
        "parallel_interleave": lambda: dataset.apply(more.parallel_interleave(lambda x: _some(tf, x), a, b)),
        "window": lambda: dataset.window(a, b, c, bool(d)).flat_map(lambda w: w),
        "cache": lambda: dataset.cache(),
        "prefetch": lambda: dataset.prefetch(a),
        "numbered": lambda: data.zip((dataset, data.range(3, 30))).map(lambda x, y: x * 2 + y),
        "scan": lambda: dataset.apply(more.scan(np.int64(1), lambda state, x: (state + x, state))),
        "unbatch": lambda: dataset.batch(a).apply(more.unbatch()),
        "group": lambda: dataset.apply(
            more.group_by_window(lambda x: x % a, lambda _, group: group.shuffle(3, seed=c), window_size=b)
        ),
        "while": lambda: dataset.apply(more.take_while(lambda x: x < 60)),
        "reversed": lambda: dataset.batch(a).flat_map(lambda x: data.from_tensor_slices(x[::-1])),
        "whole": lambda: dataset.batch(a, drop_remainder=True).flat_map(data.from_tensor_slices),
        "choose": lambda: more.choose_from_datasets([dataset, data.range(200, 203)], data.range(2).repeat(5)),
        "sample": lambda: more.sample_from_datasets([dataset, data.range(200, 203)], [0.5, 0.5], seed=a),
        "map_and_batch": lambda: dataset.apply(more.map_and_batch(lambda x: x + 1, a)).flat_map(data.from_tensor_slices),
    }[kind]()


def _elements(tf, text):
    """The elements of the first two times through a pipeline."""
    dataset = None
    for step in text.split(" | "):
        kind, *numbers = step.split()
        dataset = _step(tf, dataset, kind, *map(int, numbers))
    iterator = tf.data.make_initializable_iterator(dataset)
    following = iterator.get_next()
    found = []
    with tf.Session() as session:
        for _ in range(2):
            session.run(iterator.initializer)
            found.append([])
            try:
                while len(found[-1]) < 60:
                    found[-1].append(int(session.run(following)))
            except tf.errors.OutOfRangeError:
                pass
    return found


def pipelines(tf):
    found = {}
    for i, text in enumerate(_PIPELINES):
        with tf.Graph().as_default():
            if i % 3 == 0:
                tf.set_random_seed(i)
            found[text] = _elements(tf, text)
    return found
