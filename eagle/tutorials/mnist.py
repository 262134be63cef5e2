"""The handwritten digits of MNIST, read from the four files that they come in.

`tensorflow.examples.tutorials.mnist.input_data` downloads the files; Eagle reads those that are there, and says which are not.
"""

import collections
import gzip
import math
import os
import struct
import zlib

import numpy as np

from ..core import dtypes
from ..core.export import export
from ..core.seeds import get_seed

_LEARN = ("contrib.learn.datasets.", "contrib.learn.python.learn.datasets.")
_SPACES = ("examples.tutorials.mnist.input_data", *(space + "mnist" for space in _LEARN))
_IMAGES, _LABELS = 2051, 2049  # the numbers that the files begin with

Datasets = collections.namedtuple("Datasets", ["train", "validation", "test"])
export(*(space + "base.Datasets" for space in _LEARN))(Datasets)


def _public(name):
    return export(*["%s.%s" % (space, name) for space in _SPACES])


def _read(file, magic, rank, what):
    """What a file of MNIST holds, compressed or not, as a uint8 array of a rank.

    Raises:
      ValueError: it is no such file, or damaged.
    """
    content = file.read()
    try:
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        found, *shape = struct.unpack_from(">%dI" % (rank + 1), content)
    except (OSError, EOFError, zlib.error, struct.error) as e:
        raise ValueError("The MNIST %s file %s is damaged: %s" % (what, file.name, e)) from None
    if found != magic:
        raise ValueError("Invalid magic number %d in MNIST %s file: %s" % (found, what, file.name))
    start, size = 4 * (rank + 1), math.prod(shape)
    if len(content) - start < size:
        raise ValueError("The MNIST %s file %s is damaged: shape %s needs %d bytes, there are %d"
                         % (what, file.name, shape, size, len(content) - start))  # fmt: skip
    return np.frombuffer(content, np.uint8, size, start).reshape(shape)


@_public("extract_images")
def extract_images(f):
    """The images in a file.

    Args:
      f: a file opened for reading bytes, compressed by gzip or not.

    Returns:
      A uint8 array of shape `[count, rows, columns, 1]`.

    Raises:
      ValueError: it is no file of images.
    """
    print("Extracting", f.name)
    return _read(f, _IMAGES, 3, "image")[..., np.newaxis]


@_public("dense_to_one_hot")
def dense_to_one_hot(labels_dense, num_classes):
    """A matrix of floats with a 1 in each row, at the class that the vector `labels_dense` tells."""
    return np.eye(num_classes)[np.ravel(labels_dense)]


@_public("extract_labels")
def extract_labels(f, one_hot=False, num_classes=10):
    """The labels in a file.

    Args:
      f: a file opened for reading bytes, compressed by gzip or not.
      one_hot: whether a matrix is wanted with a 1 in each row.
      num_classes: its number of columns.

    Returns:
      A uint8 vector, or a matrix of floats.

    Raises:
      ValueError: it is no file of labels.
    """
    print("Extracting", f.name)
    labels = _read(f, _LABELS, 1, "label")
    return dense_to_one_hot(labels, num_classes) if one_hot else labels


@_public("DataSet")
class DataSet:
    """Images with labels, given in batches.

    Args:
      images: a uint8 array of shape `[count, rows, columns, 1]`.
      labels: an array with as many labels.
      fake_data: whether there are none, and batches are made up.
      one_hot: whether fake labels are one-hot.
      dtype: uint8 for numbers up to 255 or float32 for such between 0 and 1.
      reshape: whether images are given as vectors.
      seed: the seed of the order; without one it is the graph's.

    Raises:
      TypeError: there is no such `dtype`.
    """

    def __init__(self, images, labels, fake_data=False, one_hot=False, dtype=dtypes.float32, reshape=True, seed=None):
        graph_seed, op_seed = get_seed(seed)
        np.random.seed(graph_seed if seed is None else op_seed)
        dtype = dtypes.as_dtype(dtype).base_dtype
        if dtype not in (dtypes.uint8, dtypes.float32):
            raise TypeError("Invalid image dtype %r, expected uint8 or float32" % dtype)
        if fake_data:
            self._num_examples = 10000
            self.one_hot = one_hot
        else:
            assert len(images) == len(labels), "images.shape: %s labels.shape: %s" % (images.shape, labels.shape)
            self._num_examples = len(images)
            if reshape:
                assert images.shape[3] == 1
                images = images.reshape(len(images), images.shape[1] * images.shape[2])
            if dtype is dtypes.float32:
                images = np.multiply(images.astype(np.float32), 1.0 / 255.0)
        self._images, self._labels = images, labels
        self._epochs_completed = self._index_in_epoch = 0

    images = property(lambda self: self._images)
    labels = property(lambda self: self._labels)
    num_examples = property(lambda self: self._num_examples)
    epochs_completed = property(lambda self: self._epochs_completed)

    def _shuffle(self):
        order = np.arange(self._num_examples)
        np.random.shuffle(order)
        self._images, self._labels = self._images[order], self._labels[order]

    def next_batch(self, batch_size, fake_data=False, shuffle=True):
        """The next images and labels, `batch_size` of them; at the end of an epoch the rest and the first ones of the next.

        Args:
          batch_size: an int.
          fake_data: whether they are made up.
          shuffle: whether each epoch has an order of its own.
        """
        if fake_data:
            label = [1] + [0] * 9 if self.one_hot else 0
            return [[1] * 784 for _ in range(batch_size)], [label for _ in range(batch_size)]
        start = self._index_in_epoch
        if not self._epochs_completed and not start and shuffle:
            self._shuffle()
        end = start + batch_size
        if end <= self._num_examples:
            self._index_in_epoch = end
            return self._images[start:end], self._labels[start:end]
        self._epochs_completed += 1
        images, labels = self._images[start:], self._labels[start:]
        if shuffle:
            self._shuffle()
        self._index_in_epoch = end = end - self._num_examples
        return np.concatenate([images, self._images[:end]]), np.concatenate([labels, self._labels[:end]])


DEFAULT_SOURCE_URL = "https://storage.googleapis.com/cvdf-datasets/mnist/"
_public("DEFAULT_SOURCE_URL")(DEFAULT_SOURCE_URL)
_FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


def _paths(folder, source_url):
    """Where the four files are, as `<name>.gz` or unpacked; raises FileNotFoundError with what is missing."""
    found = {}
    for name in _FILES:
        for candidate in (name + ".gz", name):
            path = os.path.join(folder, candidate)
            if os.path.exists(path):
                found.setdefault(name, path)
    missing = [name + ".gz" for name in _FILES if name not in found]
    if missing:
        raise FileNotFoundError(
            "Eagle downloads nothing: put %s into the folder %s; they are found at %s" % (", ".join(missing), folder, source_url)
        )
    return [found[name] for name in _FILES]


@_public("read_data_sets")
def read_data_sets(train_dir, fake_data=False, one_hot=False, dtype=dtypes.float32, reshape=True, validation_size=5000, seed=None,
                   source_url=DEFAULT_SOURCE_URL):  # fmt: skip
    """Reads the digits.

    Args:
      train_dir: the folder with the four files of MNIST.
      fake_data: whether nothing is read, and batches are made up.
      one_hot: whether labels are one-hot.
      dtype: uint8 for numbers up to 255 or float32 for such between 0 and 1.
      reshape: whether images are given as vectors of 784 elements.
      validation_size: how many of the images for training are set apart.
      seed: the seed of the order.
      source_url: named in the message if a file is missing.

    Returns:
      A named tuple of three `DataSet`s: `train`, `validation` and `test`.

    Raises:
      FileNotFoundError: a file is missing.
      ValueError: `validation_size` is out of range, or a file is no such file.
    """
    if fake_data:
        return Datasets(*[DataSet([], [], fake_data=True, one_hot=one_hot, dtype=dtype, seed=seed) for _ in range(3)])
    arrays = []
    for path, extract in zip(_paths(train_dir, source_url or DEFAULT_SOURCE_URL), [extract_images, extract_labels] * 2):
        with open(path, "rb") as f:
            arrays.append(extract(f) if extract is extract_images else extract(f, one_hot=one_hot))
    images, labels, test_images, test_labels = arrays
    if not 0 <= validation_size <= len(images):
        raise ValueError("Validation size should be between 0 and %d. Received: %d." % (len(images), validation_size))
    options = {"dtype": dtype, "reshape": reshape, "seed": seed}
    train = DataSet(images[validation_size:], labels[validation_size:], **options)
    validation = DataSet(images[:validation_size], labels[:validation_size], **options)
    return Datasets(train=train, validation=validation, test=DataSet(test_images, test_labels, **options))


@_public("load_mnist")
def load_mnist(train_dir="MNIST-data"):
    """Reads the digits from a folder."""
    return read_data_sets(train_dir)
