"""The data sets of `tf.keras.datasets`, read from files of the cache of Keras."""

import gzip
import json
import os
import pickle

import numpy as np

from ..core.export import export
from ..platform import tf_logging
from .backend.settings import image_data_format
from .utils.files import get_file

_ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"


def _file(path, name, file_hash):
    return get_file(path, origin=_ORIGIN + name, file_hash=file_hash)


@export("keras.datasets.mnist.load_data")
def mnist(path="mnist.npz"):
    """MNIST: images of digits and their classes, for training and for tests; `path` is the name in the cache."""
    path = _file(path, "mnist.npz", "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1")
    with np.load(path) as f:
        return (f["x_train"], f["y_train"]), (f["x_test"], f["y_test"])


@export("keras.datasets.fashion_mnist.load_data")
def fashion_mnist():
    """Fashion-MNIST: images of clothes and their classes, for training and for tests."""

    def read(name, offset):
        path = get_file(name, origin=_ORIGIN + name, cache_subdir=os.path.join("datasets", "fashion-mnist"))
        with gzip.open(path, "rb") as f:
            return np.frombuffer(f.read(), np.uint8, offset=offset)

    def pair(kind):
        labels = read(kind + "-labels-idx1-ubyte.gz", 8)
        return read(kind + "-images-idx3-ubyte.gz", 16).reshape(len(labels), 28, 28), labels

    return pair("train"), pair("t10k")


def _cifar_batch(path, key="labels"):
    with open(path, "rb") as f:
        found = {k.decode("utf8"): v for k, v in pickle.load(f, encoding="bytes").items()}
    return found["data"].reshape(len(found["data"]), 3, 32, 32), found[key]


def _cifar_pair(x, y):
    y = np.reshape(y, (len(y), 1))
    return (x.transpose(0, 2, 3, 1) if image_data_format() == "channels_last" else x), y


@export("keras.datasets.cifar10.load_data")
def cifar10():
    """CIFAR-10: images and their classes, for training and for tests."""
    path = get_file("cifar-10-batches-py", origin="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz", untar=True,
                    file_hash="6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce")  # fmt: skip
    parts = [_cifar_batch(os.path.join(path, "data_batch_%d" % i)) for i in range(1, 6)]
    train = np.concatenate([x for x, _ in parts]), np.concatenate([np.asarray(y, np.uint8) for _, y in parts])
    x, y = _cifar_batch(os.path.join(path, "test_batch"))
    return _cifar_pair(*train), _cifar_pair(x, np.asarray(y, np.uint8))


@export("keras.datasets.cifar100.load_data")
def cifar100(label_mode="fine"):
    """CIFAR-100: images and their classes, for training and for tests.

    Args:
      label_mode: "fine" or "coarse" classes.

    Raises:
      ValueError: neither.
    """
    if label_mode not in ("fine", "coarse"):
        raise ValueError('`label_mode` must be one of `"fine"`, `"coarse"`.')
    path = get_file("cifar-100-python", origin="https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz", untar=True,
                    file_hash="85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7")  # fmt: skip
    key = label_mode + "_labels"
    return tuple(_cifar_pair(*_cifar_batch(os.path.join(path, kind), key)) for kind in ("train", "test"))


def _shuffled(*arrays):
    order = np.arange(len(arrays[0]))
    np.random.shuffle(order)
    return [a[order] for a in arrays]


def _arrays(values):
    try:
        return np.array(values)
    except ValueError:  # rows of different lengths
        found = np.empty(len(values), dtype=object)
        found[:] = values
        return found


def _prepared(xs, labels, num_words, skip_top, maxlen, start_char, oov_char, index_from):
    """Texts as lists of numbers in the way that is asked for."""
    if start_char is not None:
        xs = [[start_char] + [w + index_from for w in x] for x in xs]
    elif index_from:
        xs = [[w + index_from for w in x] for x in xs]
    if maxlen:
        kept = [(x, y) for x, y in zip(xs, labels) if len(x) < maxlen]
        if not kept:
            raise ValueError("After filtering for sequences shorter than maxlen=" + str(maxlen)
                             + ", no sequence was kept. Increase maxlen.")  # fmt: skip
        xs, labels = [x for x, _ in kept], [y for _, y in kept]
    num_words = num_words or max(max(x) for x in xs)
    if oov_char is not None:
        return [[w if skip_top <= w < num_words else oov_char for w in x] for x in xs], labels
    return [[w for w in x if skip_top <= w < num_words] for x in xs], labels


def _old_name(kwargs, num_words):
    if "nb_words" in kwargs:
        tf_logging.warning("The `nb_words` argument in `load_data` has been renamed `num_words`.")
        num_words = kwargs.pop("nb_words")
    if kwargs:
        raise TypeError("Unrecognized keyword arguments: " + str(kwargs))
    return num_words


@export("keras.datasets.imdb.load_data")
def imdb(path="imdb.npz", num_words=None, skip_top=0, maxlen=None, seed=113, start_char=1, oov_char=2, index_from=3, **kwargs):
    """Reviews of films as lists of numbers and whether they are good, for training and for tests.

    Args:
      path: the name in the cache.
      num_words, skip_top: which words are kept, by their ranks.
      maxlen: shorter texts only.
      seed: of the order.
      start_char: the number that texts begin with, or None.
      oov_char: the number of words that are not kept, or None to leave them out.
      index_from: what is added to ranks.
    """
    num_words = _old_name(kwargs, num_words)
    path = _file(path, "imdb.npz", "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f")
    with np.load(path, allow_pickle=True) as f:
        arrays = [(f["x_" + kind], f["y_" + kind]) for kind in ("train", "test")]
    np.random.seed(seed)
    (x, y), (x_test, y_test) = (_shuffled(*pair) for pair in arrays)
    xs, labels = _prepared(
        np.concatenate([x, x_test]), np.concatenate([y, y_test]), num_words, skip_top, maxlen, start_char, oov_char, index_from
    )
    at = len(x)
    return (_arrays(xs[:at]), np.array(labels[:at])), (_arrays(xs[at:]), np.array(labels[at:]))


@export("keras.datasets.imdb.get_word_index")
def imdb_words(path="imdb_word_index.json"):
    """The ranks of words; `path` is the name in the cache."""
    with open(_file(path, "imdb_word_index.json", "bfafd718b763782e994055a2d397834f")) as f:
        return json.load(f)


@export("keras.datasets.reuters.load_data")
def reuters(path="reuters.npz", num_words=None, skip_top=0, maxlen=None, test_split=0.2, seed=113, start_char=1, oov_char=2,
            index_from=3, **kwargs):  # fmt: skip
    """News as lists of numbers and their topics, for training and for tests.

    Args:
      path, num_words, skip_top, maxlen, seed, start_char, oov_char, index_from: as of IMDB.
      test_split: the fraction for tests.
    """
    num_words = _old_name(kwargs, num_words)
    path = _file(path, "reuters.npz", "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916")
    with np.load(path, allow_pickle=True) as f:
        xs, labels = f["x"], f["y"]
    np.random.seed(seed)
    xs, labels = _shuffled(xs, labels)
    xs, labels = _prepared(xs, labels, num_words, skip_top, maxlen, start_char, oov_char, index_from)
    at = int(len(xs) * (1 - test_split))
    return (_arrays(xs[:at]), np.array(labels[:at])), (_arrays(xs[at:]), np.array(labels[at:]))


@export("keras.datasets.reuters.get_word_index")
def reuters_words(path="reuters_word_index.json"):
    """The ranks of words; `path` is the name in the cache."""
    with open(_file(path, "reuters_word_index.json", "4d44cc38712099c9e383dc6e5f11a921")) as f:
        return json.load(f)


@export("keras.datasets.boston_housing.load_data")
def boston_housing(path="boston_housing.npz", test_split=0.2, seed=113):
    """Prices of houses in Boston, for training and for tests.

    Args:
      path: the name in the cache.
      test_split: the fraction for tests.
      seed: of the order.
    """
    assert 0 <= test_split < 1
    path = _file(path, "boston_housing.npz", "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5")
    with np.load(path) as f:
        x, y = f["x"], f["y"]
    np.random.seed(seed)
    x, y = _shuffled(x, y)
    at = int(len(x) * (1 - test_split))
    return (x[:at], y[:at]), (x[at:], y[at:])
