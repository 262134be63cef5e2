"""Datasets and iterators as nodes."""

import numpy as np


def iterators(tf):
    data = tf.data.Dataset
    data.from_tensor_slices({"a": np.zeros((4, 2), np.float32), "b": np.arange(4)}).make_initializable_iterator().get_next()
    iterator = data.range(10).shuffle(4, seed=3).repeat().batch(2).prefetch(1).make_initializable_iterator(shared_name="it")
    iterator.get_next()
    iterator.get_next("other")
    iterator.string_handle("handle")


def switching(tf):
    iterator = tf.data.Iterator.from_structure(tf.float32, (None, 3))
    iterator.make_initializer(tf.data.Dataset.from_tensors(np.zeros((2, 3), np.float32)))
    iterator.make_initializer(tf.data.Dataset.from_tensors(np.zeros((3, 3), np.float32)), name="other")
    iterator.get_next()
    handle = tf.placeholder(tf.string, [])
    tf.data.Iterator.from_string_handle(handle, (tf.float32, tf.int64)).get_next()


def transformations(tf):
    data = tf.data.Dataset
    data.range(3).take(1)
    data.range(1, 3).skip(1)
    data.range(1, 3, 2).shard(2, 1)
    data.range(3).cache()
    data.range(3).enumerate()
    data.zip((data.range(2), data.range(3))).concatenate(data.zip((data.range(4), data.range(5))))
    data.range(3).batch(2, drop_remainder=True)
    data.range(3).window(2)
    data.range(3).padded_batch(2, [])
    data.range(3).prefetch(None)


def seeds(tf):
    data = tf.data.Dataset
    data.range(3).shuffle(5)
    data.range(3).shuffle(5, seed=2, reshuffle_each_iteration=False)
    data.range(3).shuffle(5, seed=tf.constant(3, tf.int64))
    tf.set_random_seed(1)
    data.range(3).shuffle(5)
    tf.data.experimental.RandomDataset(4)


def options(tf):
    options = tf.data.Options()
    options.experimental_optimization.map_fusion = True
    options.experimental_threading.private_threadpool_size = 2
    options.experimental_threading.max_intra_op_parallelism = 1
    tf.data.Dataset.range(3).with_options(options).make_initializable_iterator()
    options = tf.data.Options()
    options.experimental_optimization.apply_default_optimizations = False
    options.experimental_optimization.autotune = False
    tf.data.Dataset.range(3).with_options(options).make_initializable_iterator()


def more(tf):
    data, more = tf.data.Dataset, tf.data.experimental
    data.range(3).apply(more.shuffle_and_repeat(4, 2, seed=1))
    data.range(3).apply(more.ignore_errors())
    data.range(3).apply(more.unique())
    more.choose_from_datasets([data.range(3), data.range(4)], data.range(1))
    more.get_single_element(data.range(1))
    more.cardinality(data.range(3))


def names_of_files(tf):
    tf.data.Dataset.list_files(["a*", "b*"], shuffle=False)


def examples(tf):
    features = {
        "tokens": tf.VarLenFeature(tf.int64),
        "size": tf.FixedLenFeature([2], tf.float32, [1.0, 2.0]),
        "names": tf.FixedLenSequenceFeature([], tf.string, allow_missing=True),
    }
    dataset = tf.data.Dataset.from_tensor_slices(["a", "b"]).batch(2)
    dataset.apply(tf.data.experimental.parse_example_dataset(features, 2)).make_initializable_iterator().get_next()
