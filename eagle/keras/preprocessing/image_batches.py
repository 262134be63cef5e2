"""Batches of images: from arrays, from directories, from tables of files."""

import os
import threading
import warnings

import numpy as np

from ...core.export import export
from ..backend.settings import floatx, image_data_format
from ..utils.sequences import Sequence
from .image_files import IMAGE_EXTENSIONS, as_array, as_image, image_files, is_image_file, load_img


def _save(batch, indices, place, data_format, count):
    """Writes the images of a batch into a directory, for those who want to see them."""
    directory, prefix, kind = place
    for x, index in zip(batch, indices):
        name = f"{prefix}_{index}_{np.random.randint(count)}.{kind}"
        as_image(x, data_format).save(os.path.join(directory, name))


@export("keras.preprocessing.image.Iterator")
class Iterator(Sequence):
    """Batches of images, by number or again and again; subclasses have `_get_batches_of_transformed_samples`.

    Args:
      n: how many images there are.
      batch_size: how many are in a batch.
      shuffle: whether they come in another order each time.
      seed: what NumPy's global generator is seeded with before each batch, with the number of the batch added; or None.
    """

    white_list_formats = IMAGE_EXTENSIONS

    def __init__(self, n, batch_size, shuffle, seed):
        self.n = n
        self.batch_size = batch_size
        self.seed = seed
        self.shuffle = shuffle
        self.batch_index = 0
        self.total_batches_seen = 0
        self.lock = threading.Lock()
        self.index_array = None
        self.index_generator = self._flow_index()

    def _set_index_array(self):
        self.index_array = np.random.permutation(self.n) if self.shuffle else np.arange(self.n)

    def _begin_batch(self):
        if self.seed is not None:
            np.random.seed(self.seed + self.total_batches_seen)

    def __getitem__(self, idx):
        if idx >= len(self):
            raise ValueError(f"Asked to retrieve element {idx}, but the Sequence has length {len(self)}")
        self._begin_batch()
        self.total_batches_seen += 1
        if self.index_array is None:
            self._set_index_array()
        return self._get_batches_of_transformed_samples(self.index_array[self.batch_size * idx : self.batch_size * (idx + 1)])

    def __len__(self):
        return -(-self.n // self.batch_size)

    def on_epoch_end(self):
        """Another order for the next time."""
        self._set_index_array()

    def reset(self):
        """Lets the next batch be the first one."""
        self.batch_index = 0

    def _flow_index(self):
        self.reset()
        while True:
            self._begin_batch()
            if self.batch_index == 0:
                self._set_index_array()
            start = self.batch_index * self.batch_size % self.n if self.n else 0
            self.batch_index = self.batch_index + 1 if self.n > start + self.batch_size else 0
            self.total_batches_seen += 1
            yield self.index_array[start : start + self.batch_size]

    def __iter__(self):
        return self

    def __next__(self):
        return self.next()

    def next(self):
        """The next batch; threads may ask at once."""
        with self.lock:
            indices = next(self.index_generator)
        return self._get_batches_of_transformed_samples(indices)

    def _get_batches_of_transformed_samples(self, index_array):
        raise NotImplementedError


# ------------------------------------------------------------------------------------------------------------------- arrays


def _parts(x):
    """Images and what goes with them, from an array or a tuple of these."""
    if type(x) not in (tuple, list):
        return x, []
    others = [np.asarray(o) for o in (x[1] if type(x[1]) is list else [x[1]])]
    for other in others:
        if len(x[0]) != len(other):
            raise ValueError(
                "All of the arrays in `x` should have the same length. Found a pair with: len(x[0]) = %s, len(x[?]) = %s"
                % (len(x[0]), len(other))
            )
    return x[0], others


def _check_lengths(x, other, name, title):
    if other is not None and len(x) != len(other):
        raise ValueError(
            "`x` (images tensor) and `%s`%s should have the same length. Found: x.shape = %s, %s.shape = %s"
            % (name, title, np.asarray(x).shape, name, np.asarray(other).shape)
        )


def _subset_of(subset, count, y, generator):
    """Which examples are in a subset, a slice."""
    if subset is None:
        return slice(None)
    if subset not in ("training", "validation"):
        raise ValueError("Invalid subset name:", subset, '; expected "training" or "validation".')
    middle = int(count * generator._validation_split)
    if y is not None and not np.array_equal(np.unique(y[:middle]), np.unique(y[middle:])):
        raise ValueError(
            "Training and validation subsets have different number of classes after the split. If your numpy arrays are sorted by "
            "the label, you might want to shuffle them."
        )
    return slice(None, middle) if subset == "validation" else slice(middle, None)


@export("keras.preprocessing.image.NumpyArrayIterator")
class NumpyArrayIterator(Iterator):
    """Batches of images of an array, changed and normalized.

    Args:
      x: an array of rank 4, or a tuple of it and another array or a list of arrays that go with the images.
      y: an array of targets, or None.
      image_data_generator: an `ImageDataGenerator`.
      batch_size, shuffle, seed: as of `Iterator`.
      sample_weight: an array of weights, or None.
      data_format: "channels_last" or "channels_first", by default as in the settings of Keras.
      save_to_dir, save_prefix, save_format: where and how the images are written, for those who want to see them.
      subset: "training", "validation" or None: which part, if the generator divides.
      dtype: the type of the batches, by default that of floats in Keras.

    Raises:
      ValueError: the arrays don't go together, or there is no such subset.
    """

    def __init__(self, x, y, image_data_generator, batch_size=32, shuffle=False, sample_weight=None, seed=None, data_format=None,
                 save_to_dir=None, save_prefix="", save_format="png", subset=None, dtype=None):  # fmt: skip
        data_format = data_format or image_data_format()
        self.dtype = dtype or floatx()
        x, others = _parts(x)
        _check_lengths(x, y, "y", " (labels)")
        _check_lengths(x, sample_weight, "sample_weight", "")
        part = _subset_of(subset, len(x), y, image_data_generator)
        self.x = np.asarray(x[part], dtype=self.dtype)
        self.x_misc = [other[part] for other in others]
        if self.x.ndim != 4:
            raise ValueError(
                "Input data in `NumpyArrayIterator` should have rank 4. You passed an array with shape", self.x.shape
            )  # fmt: skip
        axis = 3 if data_format == "channels_last" else 1
        if self.x.shape[axis] not in (1, 3, 4):
            warnings.warn(
                'NumpyArrayIterator is set to use the data format convention "%s" (channels on axis %d), i.e. expected either 1, '
                "3, or 4 channels on axis %d. However, it was passed an array with shape %s (%d channels)."
                % (data_format, axis, axis, self.x.shape, self.x.shape[axis]),
                stacklevel=2,
            )
        self.y = None if y is None else np.asarray(y[part])
        self.sample_weight = None if sample_weight is None else np.asarray(sample_weight)
        self.image_data_generator = image_data_generator
        self.data_format = data_format
        self.save_to_dir, self.save_prefix, self.save_format = save_to_dir, save_prefix, save_format
        super().__init__(self.x.shape[0], batch_size, shuffle, seed)

    def _get_batches_of_transformed_samples(self, index_array):
        generator = self.image_data_generator
        batch = np.zeros((len(index_array), *self.x.shape[1:]), dtype=self.dtype)
        for i, j in enumerate(index_array):
            x = self.x[j]
            changes = generator.get_random_transform(x.shape)
            batch[i] = generator.standardize(generator.apply_transform(x.astype(self.dtype), changes))
        if self.save_to_dir:
            _save(batch, index_array, (self.save_to_dir, self.save_prefix, self.save_format), self.data_format, int(1e4))
        found = batch if not self.x_misc else [batch, *(other[index_array] for other in self.x_misc)]
        if self.y is None:
            return found
        if self.sample_weight is None:
            return found, self.y[index_array]
        return found, self.y[index_array], self.sample_weight[index_array]


# -------------------------------------------------------------------------------------------------------------------- files


class _FileIterator(Iterator):
    """Batches of images in files."""

    sample_weight = None

    def _set_images(self, generator, target_size, color_mode, data_format, place, subset, interpolation, dtype):
        """Keeps what images are like, and where to write them."""
        self.image_data_generator = generator
        self.target_size = tuple(target_size)
        if color_mode not in ("rgb", "rgba", "grayscale"):
            raise ValueError("Invalid color mode:", color_mode, '; expected "rgb", "rgba", or "grayscale".')
        self.color_mode = color_mode
        self.data_format = data_format or image_data_format()
        channels = {"rgba": 4, "rgb": 3, "grayscale": 1}[color_mode]
        is_last = self.data_format == "channels_last"
        self.image_shape = (*self.target_size, channels) if is_last else (channels, *self.target_size)
        self.save_to_dir, self.save_prefix, self.save_format = place
        self.interpolation = interpolation
        self.dtype = dtype or floatx()
        self.subset, self.split = subset, None
        if subset is not None:
            middle = generator._validation_split
            if subset not in ("training", "validation"):
                raise ValueError('Invalid subset name: %s;expected "training" or "validation"' % (subset,))
            self.split = (0, middle) if subset == "validation" else (middle, 1)

    @property
    def filepaths(self):
        """The paths of the images."""
        return self._filepaths

    @property
    def labels(self):
        """The classes of the images."""
        return self.classes

    def _read(self, path):
        img = load_img(path, color_mode=self.color_mode, target_size=self.target_size, interpolation=self.interpolation)
        x = as_array(img, data_format=self.data_format)
        generator = self.image_data_generator
        if not generator:
            return x
        return generator.standardize(generator.apply_transform(x, generator.get_random_transform(x.shape)))

    def _get_batches_of_transformed_samples(self, index_array):
        batch = np.zeros((len(index_array), *self.image_shape), dtype=self.dtype)
        for i, j in enumerate(index_array):
            batch[i] = self._read(self.filepaths[j])
        if self.save_to_dir:
            _save(batch, index_array, (self.save_to_dir, self.save_prefix, self.save_format), self.data_format, int(1e7))
        if self.class_mode is None:
            return batch
        targets = self._targets_of(index_array, batch)
        return (batch, targets) if self.sample_weight is None else (batch, targets, self.sample_weight[index_array])

    def _targets_of(self, index_array, batch):
        if self.class_mode == "input":
            return batch.copy()
        if self.class_mode in ("binary", "sparse"):
            return np.array([self.classes[j] for j in index_array], dtype=self.dtype)
        if self.class_mode == "categorical":
            found = np.zeros((len(batch), len(self.class_indices)), dtype=self.dtype)
            for i, j in enumerate(index_array):
                found[i, self.classes[j]] = 1.0
            return found
        if self.class_mode == "multi_output":
            return [column[index_array] for column in self.labels]
        return self.labels[index_array]


@export("keras.preprocessing.image.DirectoryIterator")
class DirectoryIterator(_FileIterator):
    """Batches of images in a directory with one directory for each class, changed and normalized.

    Args:
      directory: the directory.
      image_data_generator: an `ImageDataGenerator`.
      target_size: height and width that images are brought to.
      color_mode: "rgb", "rgba" or "grayscale".
      classes: the names of the directories of classes, by default all there are in order.
      class_mode: what targets are like: "categorical" (one-hot), "binary" or "sparse" (numbers), "input" (the images) or None.
      batch_size, shuffle, seed: as of `Iterator`.
      data_format, save_to_dir, save_prefix, save_format, subset, dtype: as of `NumpyArrayIterator`.
      follow_links: whether links to directories are followed.
      interpolation: as of `load_img`.

    Raises:
      ValueError: an argument is not as it must be.
    """

    allowed_class_modes = {"categorical", "binary", "sparse", "input", None}

    def __init__(self, directory, image_data_generator, target_size=(256, 256), color_mode="rgb", classes=None,
                 class_mode="categorical", batch_size=32, shuffle=True, seed=None, data_format=None, save_to_dir=None,
                 save_prefix="", save_format="png", follow_links=False, subset=None, interpolation="nearest",
                 dtype=None):  # fmt: skip
        place = (save_to_dir, save_prefix, save_format)
        self._set_images(image_data_generator, target_size, color_mode, data_format, place, subset, interpolation, dtype)
        self.directory = directory
        if class_mode not in self.allowed_class_modes:
            raise ValueError(f"Invalid class_mode: {class_mode}; expected one of: {self.allowed_class_modes}")
        self.class_mode = class_mode
        if not classes:
            classes = [name for name in sorted(os.listdir(directory)) if os.path.isdir(os.path.join(directory, name))]
        self.num_classes = len(classes)
        self.class_indices = dict(zip(classes, range(len(classes))))
        self.filenames, numbers = [], []
        for number, name in enumerate(classes):
            found = image_files(os.path.join(directory, name), self.split, follow_links)
            self.filenames += found
            numbers += [number] * len(found)
        self.samples = len(self.filenames)
        self.classes = np.array(numbers, dtype="int32")
        print("Found %d images belonging to %d classes." % (self.samples, self.num_classes))
        self._filepaths = [os.path.join(directory, name) for name in self.filenames]
        super().__init__(self.samples, batch_size, shuffle, seed)


# ------------------------------------------------------------------------------------------------------------------- tables

_WITHOUT_CLASSES = ("input", "multi_output", "raw", None)


class DataFrameIterator(_FileIterator):
    """Batches of images whose files a table of pandas names, changed and normalized.

    Args:
      dataframe: the table.
      directory: what the names are relative to, or None.
      image_data_generator: an `ImageDataGenerator`, or None.
      x_col: the column of names.
      y_col: the column, or list of columns, of targets.
      weight_col: the column of weights, or None.
      classes: the classes to use, by default all there are.
      class_mode: as of `DirectoryIterator`, and "raw" (the values of the column) or "multi_output" (a list of those of columns).
      validate_filenames: whether rows without a file are left out.
      target_size, color_mode, batch_size, shuffle, seed, data_format, save_to_dir, save_prefix, save_format, subset, interpolation,
        dtype: as of `DirectoryIterator`.

    Raises:
      TypeError, ValueError: the table or an argument is not as it must be.
    """

    allowed_class_modes = {"binary", "categorical", "input", "multi_output", "raw", "sparse", None}

    def __init__(self, dataframe, directory=None, image_data_generator=None, x_col="filename", y_col="class", weight_col=None,
                 target_size=(256, 256), color_mode="rgb", classes=None, class_mode="categorical", batch_size=32, shuffle=True,
                 seed=None, data_format="channels_last", save_to_dir=None, save_prefix="", save_format="png", subset=None,
                 interpolation="nearest", dtype="float32", validate_filenames=True):  # fmt: skip
        place = (save_to_dir, save_prefix, save_format)
        self._set_images(image_data_generator, target_size, color_mode, data_format, place, subset, interpolation, dtype)
        table = dataframe.copy()
        self.directory, self.class_mode = directory or "", class_mode
        self._check(table, x_col, y_col, weight_col, classes)
        if validate_filenames:
            table = self._with_files(table, x_col)
        has_classes = class_mode not in _WITHOUT_CLASSES
        if has_classes:
            table, classes = _with_classes(table, y_col, classes)
            self.class_indices = dict(zip(classes, range(len(classes))))
        if self.split:
            table = table.iloc[int(self.split[0] * len(table)) : int(self.split[1] * len(table)), :]
        if has_classes:
            self.classes = [self._numbers_of(label) for label in table[y_col]]
        self.filenames = table[x_col].tolist()
        self.sample_weight = table[weight_col].values if weight_col else None
        if class_mode == "multi_output":
            self._targets = [np.array(table[column].tolist()) for column in y_col]
        elif class_mode == "raw":
            self._targets = table[y_col].values
        self.samples = len(self.filenames)
        kind = "validated" if validate_filenames else "non-validated"
        classes_found = f" belonging to {len(classes)} classes" if has_classes else ""
        print(f"Found {self.samples} {kind} image filenames{classes_found}.")
        self._filepaths = [os.path.join(self.directory, name) for name in self.filenames]
        super().__init__(self.samples, batch_size, shuffle, seed)

    @property
    def labels(self):
        """The targets of the images."""
        return self._targets if self.class_mode in ("multi_output", "raw") else self.classes

    def _numbers_of(self, label):
        return [self.class_indices[x] for x in label] if isinstance(label, list | tuple) else self.class_indices[label]

    def _with_files(self, table, x_col):
        is_there = table[x_col].map(lambda name: is_image_file(os.path.join(self.directory, name))).astype(bool)
        missing = int((~is_there).sum())
        if missing:
            warnings.warn(
                f'Found {missing} invalid image filename(s) in x_col="{x_col}". These filename(s) will be ignored.',
                stacklevel=4,
            )
        return table[is_there]

    def _check(self, table, x_col, y_col, weight_col, classes):
        mode = self.class_mode
        if mode not in self.allowed_class_modes:
            raise ValueError(f"Invalid class_mode: {mode}; expected one of: {self.allowed_class_modes}")
        if mode == "multi_output" and not isinstance(y_col, list):
            raise TypeError(f'If class_mode="{mode}", y_col must be a list. Received {type(y_col).__name__}.')
        if not all(isinstance(x, str) for x in table[x_col]):
            raise TypeError(f"All values in column x_col={x_col} must be strings.")
        if mode in ("binary", "sparse") and not all(isinstance(y, str) for y in table[y_col]):
            raise TypeError(f'If class_mode="{mode}", y_col="{y_col}" column values must be strings.')
        if mode == "binary" and classes and len(set(classes)) != 2:
            raise ValueError(
                f'If class_mode="binary" there must be 2 classes. {len(set(classes))} class/es were given.'
            )  # fmt: skip
        if mode == "binary" and not classes and table[y_col].nunique() != 2:
            raise ValueError(f'If class_mode="binary" there must be 2 classes. Found {table[y_col].nunique()} classes.')
        if mode == "categorical" and not all(isinstance(y, str | list | tuple) for y in table[y_col]):
            raise TypeError(f'If class_mode="{mode}", y_col="{y_col}" column values must be type string, list or tuple.')
        if classes and mode in _WITHOUT_CLASSES:
            warnings.warn(f'`classes` will be ignored given the class_mode="{mode}"', stacklevel=4)
        if weight_col and not issubclass(table[weight_col].dtype.type, np.number):
            raise TypeError(f"Column weight_col={weight_col} must be numeric.")


def _with_classes(table, y_col, classes):
    """The rows of a table that are of some classes, and these in order."""
    if classes:
        classes = set(classes)

        def kept(labels):
            if isinstance(labels, list | tuple):
                return [label for label in labels if label in classes] or None
            return labels if labels in classes else None

        table = table.copy()
        table[y_col] = table[y_col].map(kept).astype(object)
    else:
        classes = {x for labels in table[y_col] for x in (labels if isinstance(labels, list | tuple) else [labels])}
    return table.dropna(subset=[y_col]), sorted(classes)
