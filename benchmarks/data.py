"""Elements a second of pipelines, under Eagle or under TensorFlow 1.15 (`--framework tensorflow`).

python benchmarks/data.py [--framework eagle] [NAME ...]
"""

import argparse
import importlib
import os
import tempfile
import time

import numpy as np


def in_memory(tf, folder):
    """Examples in arrays, shuffled, in batches."""
    images, labels = np.random.RandomState(0).rand(20000, 28, 28).astype(np.float32), np.arange(20000)
    dataset = tf.data.Dataset.from_tensor_slices((images, labels))
    return dataset.shuffle(10000).repeat().batch(128).prefetch(1), 128


def in_memory_mapped(tf, folder):
    """Examples in arrays, changed one by one, in batches."""
    images, labels = np.random.RandomState(0).randint(0, 255, (20000, 28, 28)).astype(np.uint8), np.arange(20000)
    dataset = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(1000).repeat()
    return dataset.map(lambda x, y: (tf.cast(x, tf.float32) / 255.0, y), num_parallel_calls=2).batch(128).prefetch(1), 128


def records(tf, folder):
    """Images in record files, decoded one by one, shuffled, in batches."""
    name = os.path.join(folder, "images.tfrecord")
    if not os.path.exists(name):
        random = np.random.RandomState(0)
        with tf.python_io.TFRecordWriter(name) as writer:
            for _ in range(4000):
                writer.write(random.randint(0, 255, 64 * 64 * 3).astype(np.uint8).tobytes())

    def decoded(record):
        return tf.cast(tf.reshape(tf.decode_raw(record, tf.uint8), [64, 64, 3]), tf.float32) / 255.0

    dataset = tf.data.TFRecordDataset(name).repeat().map(decoded, num_parallel_calls=2)
    return dataset.shuffle(500).batch(32).prefetch(1), 32


def examples(tf, folder):
    """Serialized examples of images in record files, parsed and decoded one by one, shuffled, in batches."""
    name = os.path.join(folder, "examples.tfrecord")
    if not os.path.exists(name):
        random = np.random.RandomState(0)
        with tf.python_io.TFRecordWriter(name) as writer:
            for i in range(4000):
                image = tf.train.Feature(bytes_list=tf.train.BytesList(value=[random.bytes(64 * 64 * 3)]))
                label = tf.train.Feature(int64_list=tf.train.Int64List(value=[i % 10]))
                features = tf.train.Features(feature={"image": image, "label": label})
                writer.write(tf.train.Example(features=features).SerializeToString())

    def parsed(record):
        features = {"image": tf.FixedLenFeature([], tf.string), "label": tf.FixedLenFeature([], tf.int64)}
        example = tf.parse_single_example(record, features)
        image = tf.reshape(tf.decode_raw(example["image"], tf.uint8), [64, 64, 3])
        return tf.cast(image, tf.float32) / 255.0, example["label"]

    dataset = tf.data.TFRecordDataset(name).repeat().shuffle(500).map(parsed, num_parallel_calls=2)
    return dataset.batch(32).prefetch(1), 32


def generator(tf, folder):
    """A Python generator's examples, in batches."""
    rows = np.random.RandomState(0).rand(1000, 100).astype(np.float32)

    def examples():
        while True:
            for i, row in enumerate(rows):
                yield row, i

    dataset = tf.data.Dataset.from_generator(examples, (tf.float32, tf.int32), ([100], []))
    return dataset.batch(64).prefetch(1), 64


def text(tf, folder):
    """Lines of text, shuffled, in batches."""
    name = os.path.join(folder, "lines.txt")
    if not os.path.exists(name):
        with open(name, "w") as file:
            file.writelines("line %d of a text with a few words in it\n" % i for i in range(100000))
    return tf.data.TextLineDataset(name).repeat().shuffle(1000).batch(128).prefetch(1), 128


def text_parsed(tf, folder):
    """Lines of numbers, taken apart one by one, in batches."""
    name = os.path.join(folder, "numbers.csv")
    if not os.path.exists(name):
        np.savetxt(name, np.random.RandomState(0).rand(20000, 10), "%.6f", ",")

    def parsed(line):
        return tf.string_to_number(tf.string_split([line], ",").values)

    return tf.data.TextLineDataset(name).repeat().map(parsed, num_parallel_calls=2).batch(128).prefetch(1), 128


PIPELINES = {f.__name__: f for f in (in_memory, in_memory_mapped, records, examples, generator, text, text_parsed)}


def measure(tf, make, folder, seconds):
    """Elements a second, and a second of the processors' time (which tells more on a busy machine), the best of three spans."""
    with tf.Graph().as_default(), tf.Session() as session:
        dataset, size = make(tf, folder)
        iterator = dataset.make_initializable_iterator()
        following = iterator.get_next()
        session.run(iterator.initializer)
        step = session.make_callable(following)
        for _ in range(20):
            step()
        best = best_cpu = 0
        for _ in range(3):
            count, start, cpu = 0, time.perf_counter(), time.process_time()
            while time.perf_counter() - start < seconds:
                step()
                count += size
            best = max(best, count / (time.perf_counter() - start))
            best_cpu = max(best_cpu, count / (time.process_time() - cpu))
    return best, best_cpu


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--framework", default="eagle")
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--folder", default=None, help="where files are kept from run to run")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    tf = importlib.import_module(options.framework)
    if options.folder:
        os.makedirs(options.folder, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in options.names or PIPELINES:
            try:
                rates = measure(tf, PIPELINES[name], options.folder or folder, options.seconds)
                print("%-18s %10.0f elements/s %10.0f elements/s of processor time" % (name, *rates), flush=True)
            except Exception as e:
                print("%-18s %s: %s" % (name, type(e).__name__, str(e).split("\n")[0][:100]), flush=True)


if __name__ == "__main__":
    main()
