"""Whole files: `tf.read_file`, `tf.write_file`, `tf.matching_files`."""

import os

import numpy as np

from ..core import shape as shapes
from ..core.dtypes import object_array
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from ..platform import gfile


def _one(value, what):
    """The one string of an input that must be a scalar."""
    if value.ndim:
        raise invalid("%s tensor must be scalar, but had shape: %s", what, shapes.to_brackets(value.shape))
    return np.asarray(value).item()


@op("ReadFile", host=True)
def _read_file(xp, filename):
    with gfile.GFile(_one(filename, "Input filename"), "rb") as f:
        return np.array(f.read(), object)


@_read_file.shape
def _(filename):
    return shapes.with_rank(filename, 0)


@_read_file.samples
def _(make):
    yield np.array(b"/dev/null", object)


@export("read_file", "io.read_file")
def read_file(filename, name=None):
    """The content of a file.

    Args:
      filename: its path, a scalar string tensor.
      name: the name of the node.

    Returns:
      A scalar string tensor.

    Raises:
      NotFoundError, FailedPreconditionError, PermissionDeniedError: it can't be read.
    """
    return _read_file(filename, name=name)


@op("WriteFile", host=True)
def _write_file(xp, filename, contents):
    path, data = _one(filename, "Input filename"), _one(contents, "Contents")
    folder = os.path.dirname(path)
    if folder:
        gfile.makedirs(folder)
    with gfile.GFile(path, "wb") as f:
        f.write(data)
    return ()


@_write_file.shape
def _(filename, contents):
    shapes.with_rank(filename, 0)
    shapes.with_rank(contents, 0)
    return []


@_write_file.samples
def _(make):
    yield np.array(b"/dev/null", object), np.array(b"text", object)


@export("write_file", "io.write_file")
def write_file(filename, contents, name=None):
    """Writes a file, and makes the folders that it is to lie in.

    Args:
      filename: its path, a scalar string tensor.
      contents: its content, a scalar string tensor.
      name: the name of the node.

    Returns:
      The operation; eagerly None.

    Raises:
      FailedPreconditionError, PermissionDeniedError, ...: it can't be written.
    """
    return _write_file(filename, contents, name=name)


@op("MatchingFiles", host=True)
def _matching_files(xp, pattern):
    if pattern.ndim > 1:
        raise invalid("Input patterns tensor must be scalar or vector, but had shape: %s", shapes.to_brackets(pattern.shape))
    return object_array([path.encode() for path in sorted(gfile.glob(np.ravel(pattern).tolist()))])


@_matching_files.shape
def _(pattern):
    if pattern is not None and len(pattern) > 1:
        raise ValueError("Shape must be at most rank 1 but is rank %d" % len(pattern))
    return (None,)


@_matching_files.samples
def _(make):
    yield np.array(b"/dev/nul?", object)
    yield np.array([b"/dev/zero", b"/de[v-w]/nul*", b"/dev/no such file"], object)


@export("matching_files", "io.matching_files")
def matching_files(pattern, name=None):
    """The files whose paths match patterns.

    Args:
      pattern: a scalar or a vector of strings; `*`, `?` and `[...]` may stand in the name of a file or folder.
      name: the name of the node.

    Returns:
      A vector of paths, sorted.

    Raises:
      NotFoundError: the folder that a pattern begins with is not there.
    """
    return _matching_files(pattern, name=name)
