"""Files of data that are fetched once; arrays in HDF5 files."""

import hashlib
import os
import shutil
import tarfile
import urllib.error
import urllib.request
import zipfile

import numpy as np

from ...core.export import export
from .progress import Progbar


def _hash_of(path, algorithm):
    hasher = hashlib.new(algorithm)
    with open(path, "rb") as f:
        for chunk in iter(lambda: f.read(65535), b""):
            hasher.update(chunk)
    return hasher.hexdigest()


def has_hash(path, file_hash, algorithm="auto"):
    """Whether the content of a file has a hash."""
    is_long = algorithm == "sha256" or algorithm == "auto" and len(file_hash) == 64
    return _hash_of(path, "sha256" if is_long else "md5") == str(file_hash)


def _extract(path, folder, formats):
    if formats is None:
        return False
    formats = ["tar", "zip"] if formats == "auto" else [formats] if isinstance(formats, str) else formats
    for kind in formats:
        is_match, opened = (tarfile.is_tarfile, tarfile.open) if kind == "tar" else (zipfile.is_zipfile, zipfile.ZipFile)
        if is_match(path):
            with opened(path) as archive:
                try:
                    archive.extractall(folder, **({"filter": "data"} if kind == "tar" else {}))
                except (tarfile.TarError, RuntimeError, KeyboardInterrupt):
                    if os.path.isfile(folder):
                        os.remove(folder)
                    elif os.path.exists(folder):
                        shutil.rmtree(folder)
                    raise
            return True
    return False


@export("keras.utils.get_file")
def get_file(
    fname,
    origin,
    untar=False,
    md5_hash=None,
    file_hash=None,
    cache_subdir="datasets",
    hash_algorithm="auto",
    extract=False,
    archive_format="auto",
    cache_dir=None,
):
    """The path of a file that is fetched unless it is there already.

    Args:
      fname: its name.
      origin: its address.
      untar: whether it is a tar archive to unpack; the result is then the path without ".tar.gz".
      md5_hash, file_hash: what its content must hash to.
      cache_subdir: the folder in the cache.
      hash_algorithm: "md5", "sha256" or "auto".
      extract: whether to unpack it.
      archive_format: "auto", "tar", "zip", None, or a list.
      cache_dir: the cache, by default the folder ".keras" of the user.

    Raises:
      Exception: it can't be fetched.
    """
    if md5_hash is not None and file_hash is None:
        file_hash, hash_algorithm = md5_hash, "md5"
    base = os.path.expanduser(cache_dir or os.path.join("~", ".keras"))
    if not os.access(base, os.W_OK):
        base = os.path.join("/tmp", ".keras")
    folder = os.path.join(base, cache_subdir)
    os.makedirs(folder, exist_ok=True)
    unpacked = os.path.join(folder, fname)
    path = unpacked + ".tar.gz" if untar else unpacked
    is_there = os.path.exists(path)
    if is_there and file_hash is not None and not has_hash(path, file_hash, hash_algorithm):
        print("A local file was found, but it seems to be incomplete or outdated because the " + hash_algorithm
              + " file hash does not match the original value of " + file_hash + " so we will re-download the data.")  # fmt: skip
        is_there = False
    if not is_there:
        _fetch(origin, path)
    if untar:
        if not os.path.exists(unpacked):
            _extract(path, folder, "tar")
        return unpacked
    if extract:
        _extract(path, folder, archive_format)
    return path


def _fetch(origin, path):
    print("Downloading data from", origin)
    bar = []

    def show(count, block_size, total_size):
        if not bar:
            bar.append(Progbar(None if total_size == -1 else total_size))
        else:
            bar[0].update(count * block_size)

    message = "URL fetch failure on {}: {} -- {}"
    try:
        try:
            urllib.request.urlretrieve(origin, path, show)
        except urllib.error.HTTPError as e:
            raise Exception(message.format(origin, e.code, e.msg)) from e
        except urllib.error.URLError as e:
            raise Exception(message.format(origin, e.errno, e.reason)) from e
    except (Exception, KeyboardInterrupt):
        if os.path.exists(path):
            os.remove(path)
        raise


@export("keras.utils.HDF5Matrix")
class HDF5Matrix:
    """A data set of an HDF5 file, as an array that is read in parts.

    Args:
      datapath: the file.
      dataset: the name of the data set.
      start, end: which rows.
      normalizer: a function of what is read.

    Raises:
      ImportError: the library for HDF5 is missing.
    """

    _files = {}

    def __init__(self, datapath, dataset, start=0, end=None, normalizer=None):
        try:
            import h5py
        except ImportError:
            raise ImportError("The use of HDF5Matrix requires HDF5 and h5py installed.") from None
        if datapath not in self._files:
            self._files[datapath] = h5py.File(datapath, "r")
        self.data = self._files[datapath][dataset]
        self.start, self.end = start, self.data.shape[0] if end is None else end
        self.normalizer = normalizer
        first = self.data[0:1]
        self._base_shape = (normalizer(first) if normalizer is not None else first).shape[1:]
        self._base_dtype = (normalizer(first) if normalizer is not None else first).dtype

    def __len__(self):
        return self.end - self.start

    def __getitem__(self, key):
        if isinstance(key, slice):
            start, stop = key.start or 0, self.shape[0] if key.stop is None else key.stop
            if stop + self.start > self.end:
                raise IndexError
            index = slice(start + self.start, stop + self.start)
        elif isinstance(key, int | np.integer):
            if key + self.start >= self.end:
                raise IndexError
            index = key + self.start
        else:
            if np.ndim(key) == 0:
                raise TypeError("An HDF5Matrix has rows for an integer, a slice or a list of integers, not for %r" % (key,))
            if np.max(key) + self.start >= self.end:
                raise IndexError
            index = (self.start + np.asarray(key)).tolist()
            order = np.argsort(index)
            found = self.data[[index[i] for i in order]][np.argsort(order)]
            return self.normalizer(found) if self.normalizer is not None else found
        return self.normalizer(self.data[index]) if self.normalizer is not None else self.data[index]

    @property
    def shape(self):
        """The shape with `normalizer` applied."""
        return (self.end - self.start, *self._base_shape)

    @property
    def dtype(self):
        """The type with `normalizer` applied."""
        return self._base_dtype

    @property
    def ndim(self):
        """The rank."""
        return self.data.ndim

    @property
    def size(self):
        """How many elements there are."""
        return int(np.prod(self.shape))
