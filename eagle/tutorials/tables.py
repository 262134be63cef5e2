"""Small data sets: `tf.contrib.learn.datasets.load_dataset`, and tables read from files of comma-separated values."""

import collections
import csv

import numpy as np

from ..core.errors import NotYetError
from ..core.export import export
from ..platform.gfile import GFile
from .mnist import load_mnist

_SPACES = ("contrib.learn.datasets.", "contrib.learn.python.learn.datasets.")
_ELSEWHERE = ("boston", "iris", "dbpedia")  # data that TensorFlow carries or downloads

Dataset = collections.namedtuple("Dataset", ["data", "target"])


def _public(*names):
    return export(*(space + name for space in _SPACES for name in names))


_public("base.Dataset")(Dataset)


@_public("load_dataset")
def load_dataset(name, size="small", test_with_fake_data=False):
    """A data set by name: "mnist", whose files are read from the folder MNIST-data.

    Args:
      name: the name.
      size: which part of "dbpedia".
      test_with_fake_data: whether a few texts in the place of "dbpedia" will do.

    Raises:
      ValueError: there is no such data set.
      NotYetError: Eagle does not have it.
    """
    if name in _ELSEWHERE:
        raise NotYetError("tf.contrib.learn.datasets.load_dataset(%r)" % name)
    if name != "mnist":
        raise ValueError("Name of dataset is not found: %s" % name)
    return load_mnist()


def _rows(filename):
    with GFile(filename) as file:
        yield from csv.reader(file)


@_public("base.load_csv_with_header")
def load_csv_with_header(filename, target_dtype, features_dtype, target_column=-1):
    """Reads a table whose first line tells the numbers of rows and of features.

    Args:
      filename: the file.
      target_dtype: the type of the targets.
      features_dtype: the type of the features.
      target_column: which column has the targets.

    Returns:
      A `Dataset` of `data`, `[rows, features]`, and `target`, `[rows]`.
    """
    rows = _rows(filename)
    count, features = map(int, next(rows)[:2])
    data, target = np.zeros((count, features), features_dtype), np.zeros(count, target_dtype)
    for i, row in enumerate(rows):
        target[i] = row.pop(target_column)
        data[i] = row
    return Dataset(data, target)


@_public("base.load_csv_without_header")
def load_csv_without_header(filename, target_dtype, features_dtype, target_column=-1):
    """As `load_csv_with_header`, for a file without such a line."""
    rows = list(_rows(filename))
    target = np.array([row.pop(target_column) for row in rows], target_dtype)
    return Dataset(np.array(rows, features_dtype), target)
