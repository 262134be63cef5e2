"""`ImageDataGenerator`: images changed at random and normalized, in batches."""

import warnings

import numpy as np

from ...core.export import export
from ..backend.settings import floatx, image_data_format
from .image_batches import DataFrameIterator, DirectoryIterator, NumpyArrayIterator
from .image_changes import apply_affine_transform, apply_brightness_shift, apply_channel_shift, flip_axis, random_zooms

# Deprecated arguments of `flow_from_dataframe`, and what is said about them.
_OLD = {
    "has_ext": "has_ext is deprecated, filenames in the dataframe have to match the exact filenames in disk.",
    "sort": "sort is deprecated, batches will be created in thesame order than the filenames provided if shuffleis set to False.",
    "drop_duplicates": (
        "drop_duplicates is deprecated, you can drop duplicates by using the pandas.DataFrame.drop_duplicates method."
    ),
}
_NOT_FIT = (
    "This ImageDataGenerator specifies `%s`, but it hasn't been fit on any training data. Fit it first by calling "
    "`.fit(numpy_data)`."
)


@export("keras.preprocessing.image.ImageDataGenerator")
class ImageDataGenerator:
    """Images changed at random and normalized, in batches.

    Args:
      featurewise_center, featurewise_std_normalization: whether the mean of each channel over the data that `fit` saw is
        subtracted, and whether images are divided by the deviation.
      samplewise_center, samplewise_std_normalization: the same with mean and deviation of each image.
      zca_whitening, zca_epsilon: whether the data is decorrelated, and what is added to its variances.
      rotation_range: up to how many degrees to rotate.
      width_shift_range, height_shift_range: up to how far to shift: a fraction of the size if it is less than 1, else a number of
        pixels; a list of shifts to choose from; or an integer, of which smaller ones are chosen.
      brightness_range: two numbers between which the brightness is drawn, or None.
      shear_range: up to how many degrees to shear.
      zoom_range: up to how far to zoom, or two numbers between which factors are drawn.
      channel_shift_range: up to which number is added to the values.
      fill_mode, cval: what is outside, as of `apply_affine_transform`.
      horizontal_flip, vertical_flip: whether every other image is mirrored.
      rescale: what images are multiplied with, or None.
      preprocessing_function: a function of an image that gives one of the same shape, or None.
      data_format: "channels_last" or "channels_first", by default as in the settings of Keras.
      validation_split: which fraction of the data is for validation.
      dtype: the type of the batches, by default that of floats in Keras.

    Raises:
      ValueError: an argument is not as it must be.
    """

    interpolation_order = 1

    def __init__(self, featurewise_center=False, samplewise_center=False, featurewise_std_normalization=False,
                 samplewise_std_normalization=False, zca_whitening=False, zca_epsilon=1e-6, rotation_range=0, width_shift_range=0.0,
                 height_shift_range=0.0, brightness_range=None, shear_range=0.0, zoom_range=0.0, channel_shift_range=0.0,
                 fill_mode="nearest", cval=0.0, horizontal_flip=False, vertical_flip=False, rescale=None,
                 preprocessing_function=None, data_format=None, validation_split=0.0, dtype=None):  # fmt: skip
        self.featurewise_center, self.samplewise_center = featurewise_center, samplewise_center
        self.featurewise_std_normalization = featurewise_std_normalization
        self.samplewise_std_normalization = samplewise_std_normalization
        self.zca_whitening, self.zca_epsilon = zca_whitening, zca_epsilon
        self.rotation_range = rotation_range
        self.width_shift_range, self.height_shift_range = width_shift_range, height_shift_range
        self.shear_range, self.channel_shift_range = shear_range, channel_shift_range
        self.fill_mode, self.cval = fill_mode, cval
        self.horizontal_flip, self.vertical_flip = horizontal_flip, vertical_flip
        self.rescale, self.preprocessing_function = rescale, preprocessing_function
        self.dtype = dtype or floatx()
        self.data_format = data_format = data_format or image_data_format()
        if data_format not in ("channels_last", "channels_first"):
            raise ValueError(
                '`data_format` should be `"channels_last"` (channel after row and column) or `"channels_first"` (channel before '
                "row and column). Received: %s" % data_format
            )
        self.channel_axis, self.row_axis, self.col_axis = (1, 2, 3) if data_format == "channels_first" else (3, 1, 2)
        if validation_split and not 0 < validation_split < 1:
            raise ValueError("`validation_split` must be strictly between 0 and 1.  Received: %s" % validation_split)
        self._validation_split = validation_split
        self.mean = self.std = self.principal_components = None
        self.zoom_range = _zoom_range(zoom_range)
        self._settle()
        if brightness_range is not None and (not isinstance(brightness_range, tuple | list) or len(brightness_range) != 2):
            raise ValueError("`brightness_range should be tuple or list of two floats. Received: %s" % (brightness_range,))
        self.brightness_range = brightness_range

    def _settle(self):
        """Lets options follow from others, with a warning."""

        def overridden(option, other, gap=" "):
            warnings.warn(
                "This ImageDataGenerator specifies `%s`, which overrides setting of%s`%s`." % (option, gap, other), stacklevel=4
            )

        if self.zca_whitening and not self.featurewise_center:
            self.featurewise_center = True
            overridden("zca_whitening", "featurewise_center")
        if self.zca_whitening and self.featurewise_std_normalization:
            self.featurewise_std_normalization = False
            overridden("zca_whitening", "featurewise_std_normalization")
        if self.featurewise_std_normalization and not self.featurewise_center:
            self.featurewise_center = True
            overridden("featurewise_std_normalization", "featurewise_center")
        if self.samplewise_std_normalization and not self.samplewise_center:
            self.samplewise_center = True
            overridden("samplewise_std_normalization", "samplewise_center")

    # -------------------------------------------------------------------------------------------------------------- batches

    def flow(self, x, y=None, batch_size=32, shuffle=True, sample_weight=None, seed=None, save_to_dir=None, save_prefix="",
             save_format="png", subset=None):  # fmt: skip
        """Batches of images of an array; the arguments are those of `NumpyArrayIterator`, which is returned."""
        return NumpyArrayIterator(
            x, y, self, batch_size=batch_size, shuffle=shuffle, sample_weight=sample_weight, seed=seed,
            data_format=self.data_format, save_to_dir=save_to_dir, save_prefix=save_prefix, save_format=save_format, subset=subset,
            dtype=self.dtype,
        )  # fmt: skip

    def flow_from_directory(self, directory, target_size=(256, 256), color_mode="rgb", classes=None, class_mode="categorical",
                            batch_size=32, shuffle=True, seed=None, save_to_dir=None, save_prefix="", save_format="png",
                            follow_links=False, subset=None, interpolation="nearest"):  # fmt: skip
        """Batches of images in a directory; the arguments are those of `DirectoryIterator`, which is returned."""
        return DirectoryIterator(
            directory, self, target_size=target_size, color_mode=color_mode, classes=classes, class_mode=class_mode,
            data_format=self.data_format, batch_size=batch_size, shuffle=shuffle, seed=seed, save_to_dir=save_to_dir,
            save_prefix=save_prefix, save_format=save_format, follow_links=follow_links, subset=subset,
            interpolation=interpolation, dtype=self.dtype,
        )  # fmt: skip

    def flow_from_dataframe(self, dataframe, directory=None, x_col="filename", y_col="class", weight_col=None,
                            target_size=(256, 256), color_mode="rgb", classes=None, class_mode="categorical", batch_size=32,
                            shuffle=True, seed=None, save_to_dir=None, save_prefix="", save_format="png", subset=None,
                            interpolation="nearest", validate_filenames=True, **kwargs):  # fmt: skip
        """Batches of images whose files a table of pandas names; the arguments are those of `DataFrameIterator`, which is returned.

        `**kwargs` are old arguments, which only warn.
        """
        for name, message in _OLD.items():
            if name in kwargs:
                warnings.warn(message, DeprecationWarning, stacklevel=2)
        if class_mode == "other":
            warnings.warn(
                '`class_mode` "other" is deprecated, please use `class_mode` "raw".', DeprecationWarning, stacklevel=2
            )  # fmt: skip
            class_mode = "raw"
        return DataFrameIterator(
            dataframe, directory, self, x_col=x_col, y_col=y_col, weight_col=weight_col, target_size=target_size,
            color_mode=color_mode, classes=classes, class_mode=class_mode, data_format=self.data_format, batch_size=batch_size,
            shuffle=shuffle, seed=seed, save_to_dir=save_to_dir, save_prefix=save_prefix, save_format=save_format, subset=subset,
            interpolation=interpolation, validate_filenames=validate_filenames, dtype=self.dtype,
        )  # fmt: skip

    # -------------------------------------------------------------------------------------------------------- normalization

    def standardize(self, x):
        """Normalizes an image or a batch of them, which is changed and returned."""
        if self.preprocessing_function:
            x = self.preprocessing_function(x)
        if self.rescale:
            x *= self.rescale
        if self.samplewise_center:
            x -= np.mean(x, keepdims=True)
        if self.samplewise_std_normalization:
            x /= np.std(x, keepdims=True) + 1e-6
        if self.featurewise_center and self._is_fit("featurewise_center", self.mean):
            x -= self.mean
        if self.featurewise_std_normalization and self._is_fit("featurewise_std_normalization", self.std):
            x /= self.std + 1e-6
        if self.zca_whitening and self._is_fit("zca_whitening", self.principal_components):
            flat = np.reshape(x, (-1, np.prod(x.shape[-3:])))
            x = np.reshape(np.dot(flat, self.principal_components), x.shape)
        return x

    def _is_fit(self, option, value):
        if value is None:
            warnings.warn(_NOT_FIT % option, stacklevel=4)
        return value is not None

    def fit(self, x, augment=False, rounds=1, seed=None):
        """Computes mean, deviation and principal components of data, as far as they are needed.

        Args:
          x: an array of images, of rank 4.
          augment: whether the images are changed at random first.
          rounds: how often each one is.
          seed: what NumPy's global generator is seeded with, or None.

        Raises:
          ValueError: the rank is another.
        """
        x = np.array(x, dtype=self.dtype)
        if x.ndim != 4:
            raise ValueError("Input to `.fit()` should have rank 4. Got array with shape: " + str(x.shape))
        channels = x.shape[self.channel_axis]
        if channels not in (1, 3, 4):
            warnings.warn(
                'Expected input to be images (as Numpy array) following the data format convention "%s" (channels on axis %d), '
                "i.e. expected either 1, 3 or 4 channels on axis %d. However, it was passed an array with shape %s (%d channels)."
                % (self.data_format, self.channel_axis, self.channel_axis, x.shape, channels),
                stacklevel=2,
            )
        if seed is not None:
            np.random.seed(seed)
        if self.rescale:
            x *= self.rescale
        if augment:
            x = np.array([self.random_transform(image) for _ in range(rounds) for image in x], dtype=self.dtype)
        shape = [1, 1, 1]
        shape[self.channel_axis - 1] = channels
        axes = (0, self.row_axis, self.col_axis)
        if self.featurewise_center:
            self.mean = np.reshape(np.mean(x, axis=axes), shape)
            x -= self.mean
        if self.featurewise_std_normalization:
            self.std = np.reshape(np.std(x, axis=axes), shape)
            x /= self.std + 1e-6
        if self.zca_whitening:
            flat = np.reshape(x, (x.shape[0], -1))
            vectors, values, _ = np.linalg.svd(np.dot(flat.T, flat) / flat.shape[0])
            self.principal_components = (vectors / np.sqrt(values[np.newaxis] + self.zca_epsilon)).dot(vectors.T)

    # -------------------------------------------------------------------------------------------------------------- changes

    def get_random_transform(self, img_shape, seed=None):
        """What to do with an image, drawn at random.

        Args:
          img_shape: the shape of the image.
          seed: what NumPy's global generator is seeded with, or None.

        Returns:
          A dictionary for `apply_transform`.
        """
        if seed is not None:
            np.random.seed(seed)
        theta = np.random.uniform(-self.rotation_range, self.rotation_range) if self.rotation_range else 0
        tx = _shift(self.height_shift_range, img_shape[self.row_axis - 1])
        ty = _shift(self.width_shift_range, img_shape[self.col_axis - 1])
        shear = np.random.uniform(-self.shear_range, self.shear_range) if self.shear_range else 0
        zx, zy = random_zooms(self.zoom_range)
        # Both are drawn in any case, so that the other numbers stay the same.
        is_mirrored = np.random.random() < 0.5, np.random.random() < 0.5
        channel_shift = brightness = None
        if self.channel_shift_range != 0:
            channel_shift = np.random.uniform(-self.channel_shift_range, self.channel_shift_range)
        if self.brightness_range is not None:
            brightness = np.random.uniform(self.brightness_range[0], self.brightness_range[1])
        return {
            "theta": theta, "tx": tx, "ty": ty, "shear": shear, "zx": zx, "zy": zy,
            "flip_horizontal": is_mirrored[0] * self.horizontal_flip, "flip_vertical": is_mirrored[1] * self.vertical_flip,
            "channel_shift_intensity": channel_shift, "brightness": brightness,
        }  # fmt: skip

    def apply_transform(self, x, transform_parameters):
        """An image changed.

        Args:
          x: an array of rank 3.
          transform_parameters: a dictionary with some of: `theta`, `shear` (degrees), `tx`, `ty` (pixels), `zx`, `zy` (factors),
            `flip_horizontal`, `flip_vertical` (booleans), `channel_shift_intensity`, `brightness`.
        """
        given = transform_parameters.get
        rows, columns, channels = self.row_axis - 1, self.col_axis - 1, self.channel_axis - 1
        x = apply_affine_transform(
            x, given("theta", 0), given("tx", 0), given("ty", 0), given("shear", 0), given("zx", 1), given("zy", 1), row_axis=rows,
            col_axis=columns, channel_axis=channels, fill_mode=self.fill_mode, cval=self.cval, order=self.interpolation_order,
        )  # fmt: skip
        if given("channel_shift_intensity") is not None:
            x = apply_channel_shift(x, given("channel_shift_intensity"), channels)
        if given("flip_horizontal", False):
            x = flip_axis(x, columns)
        if given("flip_vertical", False):
            x = flip_axis(x, rows)
        return x if given("brightness") is None else apply_brightness_shift(x, given("brightness"))

    def random_transform(self, x, seed=None):
        """An image changed at random; `seed` is what NumPy's global generator is seeded with, or None."""
        return self.apply_transform(x, self.get_random_transform(x.shape, seed))


def _zoom_range(given):
    if isinstance(given, float | int):
        return [1 - given, 1 + given]
    if len(given) == 2 and all(isinstance(x, float | int) for x in given):
        return list(given)
    raise ValueError("`zoom_range` should be a float or a tuple or list of two floats. Received: %s" % (given,))


def _shift(given, size):
    """A random shift in pixels."""
    if not given:
        return 0
    try:
        shift = np.random.choice(given) * np.random.choice([-1, 1])
    except ValueError:  # a float
        shift = np.random.uniform(-given, given)
    return shift * size if np.max(given) < 1 else shift
