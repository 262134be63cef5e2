"""`tf.gfile` and `tf.io.gfile`: files and folders of this machine."""

import collections
import os
import shutil

from ..core import compat, errors
from ..core.export import export
from .matching import matching_paths


def local_path(name):
    """A path as text, without the `file://` that it may begin with."""
    return compat.as_text(compat.path_to_str(name)).removeprefix("file://")


class Translated:
    """A context manager that turns Python's errors about files into TensorFlow's."""

    def __init__(self, name):
        self._name = name

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is ValueError and "null byte" in str(error):
            raise errors.InvalidArgumentError(None, None, "No path can have a null byte: %r" % self._name) from error
        if kind is None or not issubclass(kind, OSError):
            return False
        message = "%s; %s" % (self._name, error.strerror or error)
        for cls, target in (
            (FileNotFoundError, errors.NotFoundError),
            (FileExistsError, errors.AlreadyExistsError),
            (PermissionError, errors.PermissionDeniedError),
            (IsADirectoryError, errors.FailedPreconditionError),
            (NotADirectoryError, errors.FailedPreconditionError),
        ):
            if isinstance(error, cls):
                raise target(None, None, message) from error
        if "not empty" in str(error).lower():
            raise errors.FailedPreconditionError(None, None, message) from error
        raise errors.UnknownError(None, None, message) from error


@export("gfile.GFile", "gfile.Open", "io.gfile.GFile", "python.lib.io.file_io.FileIO")
class GFile:
    """A file, opened when it is first read or written.

    Args:
      name: its path.
      mode: `r`, `w`, `a`, `r+`, `w+` or `a+`, with `b` for bytes.

    Raises (when it is opened):
      NotFoundError, PermissionDeniedError, ...: it can't be.
    """

    def __init__(self, name, mode="r"):
        if mode.replace("b", "") not in ("r", "w", "a", "r+", "w+", "a+"):
            raise errors.InvalidArgumentError(None, None, "mode is not 'r' or 'w' or 'a' or 'r+' or 'w+' or 'a+'")
        self._name = local_path(name)
        self._mode = mode
        self._file = None
        self._binary = "b" in mode

    @property
    def name(self):
        """The path."""
        return self._name

    @property
    def mode(self):
        return self._mode

    def _opened(self, writes=False):
        if self._file is None:
            with Translated(self._name):
                self._file = open(self._name, self._mode.replace("b", "") + "b")
        if writes and self._mode.startswith("r") and "+" not in self._mode:
            raise errors.PermissionDeniedError(None, None, "File isn't open for writing")
        if not writes and self._mode[0] in "wa" and "+" not in self._mode:
            raise errors.PermissionDeniedError(None, None, "File isn't open for reading")
        return self._file

    def _given(self, data):
        return data if self._binary else data.decode("utf-8")

    def size(self):
        """The size in bytes."""
        if self._file is not None and not self._mode.startswith("r"):
            self._file.flush()
        with Translated(self._name):
            return os.path.getsize(self._name)

    def write(self, file_content):
        """Writes text or bytes."""
        self._opened(writes=True).write(compat.as_bytes(file_content))

    def read(self, n=-1):
        """Reads `n` bytes, or all that is left, as text unless the file is open for bytes."""
        return self._given(self._opened().read(n))

    def readline(self):
        """Reads to the end of the line, inclusive; empty at the end of the file."""
        return self._given(self._opened().readline())

    def readlines(self):
        """The lines that are left, as a list."""
        return [self._given(line) for line in self._opened().readlines()]

    def seek(self, offset=None, whence=0, position=None):
        """Goes to a position: from the beginning, from here (`whence` 1) or from the end (2)."""
        offset = position if offset is None else offset
        if offset is None:
            raise TypeError("seek(): offset argument required")
        if whence not in (0, 1, 2):
            raise errors.InvalidArgumentError(None, None, "Invalid whence argument: %s. Valid values are 0, 1, or 2." % whence)
        self._opened(writes=self._mode[0] in "wa").seek(offset, whence)

    def tell(self):
        """The position in bytes."""
        return self._opened(writes=self._mode[0] in "wa").tell()

    def seekable(self):
        return True

    def flush(self):
        """Hands to the system what was written."""
        if self._file is not None:
            self._file.flush()

    def close(self):
        """Closes the file; reading or writing opens it again."""
        if self._file is None and self._mode[0] in "wa":
            self._opened(writes=True)  # an empty file is a file
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    next = __next__


@export("gfile.FastGFile")
class FastGFile(GFile):
    """A `GFile`; TensorFlow's differs only on its own file systems."""


FileStatistics = collections.namedtuple("FileStatistics", ["length", "mtime_nsec", "is_directory"])


@export("gfile.Exists", "io.gfile.exists")
def exists(path):
    """Whether a file or folder is there."""
    return os.path.exists(local_path(path))


@export("gfile.IsDirectory", "io.gfile.isdir")
def isdir(path):
    """Whether a path is a folder's."""
    return os.path.isdir(local_path(path))


@export("gfile.ListDirectory", "io.gfile.listdir")
def listdir(path):
    """The names in a folder.

    Raises:
      NotFoundError: there is no such folder.
    """
    path = local_path(path)
    if not os.path.isdir(path):
        raise errors.NotFoundError(None, None, "Could not find directory %s" % path)
    return os.listdir(path)


@export("gfile.MakeDirs", "io.gfile.makedirs")
def makedirs(path):
    """Makes a folder and those above it; no error if it is there."""
    with Translated(local_path(path)):
        os.makedirs(local_path(path), exist_ok=True)


@export("gfile.MkDir", "io.gfile.mkdir")
def mkdir(path):
    """Makes a folder.

    Raises:
      NotFoundError: there is no folder to make it in.
      AlreadyExistsError: it is there.
    """
    with Translated(local_path(path)):
        os.mkdir(local_path(path))


@export("gfile.Remove", "io.gfile.remove")
def remove(path):
    """Deletes a file.

    Raises:
      NotFoundError: there is none.
    """
    with Translated(local_path(path)):
        os.remove(local_path(path))


@export("gfile.DeleteRecursively", "io.gfile.rmtree")
def rmtree(path):
    """Deletes a file, or a folder and all below it.

    Raises:
      NotFoundError: there is none.
    """
    path = local_path(path)
    with Translated(path):
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.remove(path)


@export("gfile.Rename", "io.gfile.rename")
def rename(src, dst, overwrite=False):
    """Gives a file or folder another path.

    Raises:
      NotFoundError: there is none.
      AlreadyExistsError: the new path is taken and `overwrite` is False.
    """
    src, dst = local_path(src), local_path(dst)
    if not overwrite and os.path.exists(dst):
        raise errors.AlreadyExistsError(None, None, "file already exists")
    with Translated(src):
        os.replace(src, dst)


@export("gfile.Copy", "io.gfile.copy")
def copy(src, dst, overwrite=False):
    """Copies a file.

    Raises:
      NotFoundError: there is none.
      AlreadyExistsError: the target is there and `overwrite` is False.
    """
    src, dst = local_path(src), local_path(dst)
    if not overwrite and os.path.exists(dst):
        raise errors.AlreadyExistsError(None, None, "file already exists")
    with Translated(src):
        shutil.copyfile(src, dst)


@export("gfile.Glob", "io.gfile.glob")
def glob(pattern):
    """The paths that match a pattern, or one of a list of patterns.

    Raises:
      NotFoundError: the folder that a pattern begins with is not there.
    """
    found = []
    for p in [pattern] if isinstance(pattern, str | bytes | os.PathLike) else pattern:
        try:
            found += matching_paths(local_path(p))
        except (OSError, ValueError) as e:
            with Translated(getattr(e, "filename", p)):
                raise
    return found


@export("gfile.Stat", "io.gfile.stat")
def stat(path):
    """A file's length, time of modification (in nanoseconds) and whether it is a folder.

    Raises:
      NotFoundError: there is none.
    """
    path = local_path(path)
    with Translated(path):
        found = os.stat(path)
    return FileStatistics(found.st_size, found.st_mtime_ns, os.path.isdir(path))


@export("io.gfile.walk")
def walk(top, topdown=True, onerror=None):
    """The folders below `top` with the names of their folders and files; a folder that can't be read goes to `onerror`."""
    for folder, dirs, names in os.walk(local_path(top), topdown, onerror):
        yield folder, sorted(dirs), sorted(names)


@export("gfile.Walk")
def Walk(top, in_order=True):
    """`walk`, parents before children or after them."""
    return walk(top, in_order)
