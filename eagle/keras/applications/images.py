"""What goes into networks of ImageNet and comes out of them: `preprocess_input`, `decode_predictions`."""

import functools
import json

import numpy as np

from ...core.export import export, public as tf
from ..backend.settings import floatx, image_data_format
from .pretrained import local_file

_CLASSES = "https://storage.googleapis.com/download.tensorflow.org/data/imagenet_class_index.json"
# The means of red, green and blue over ImageNet, and their deviations.
_TORCH_MEAN, _TORCH_DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_CAFFE_MEAN = (103.939, 116.779, 123.68)  # of blue, green, red
# How the networks of each namespace want their images.
_MODES = {
    "densenet": "torch", "inception_resnet_v2": "tf", "inception_v3": "tf", "mobilenet": "tf", "mobilenet_v2": "tf",
    "nasnet": "tf", "resnet": "caffe", "resnet50": "caffe", "resnet_v2": "tf", "vgg16": "caffe", "vgg19": "caffe",
    "xception": "tf",
}  # fmt: skip


def _channels(x, index, data_format):
    """The part of an index of an array of one or many images that picks channels."""
    rank = len(x.shape)
    axis = rank - 1 if data_format == "channels_last" else rank - 3
    return (slice(None),) * axis + (index,)


def _shifted_array(x, data_format, mean, deviation):
    for channel in range(3):
        part = _channels(x, channel, data_format)
        x[part] -= mean[channel]
        if deviation is not None:
            x[part] /= deviation[channel]
    return x


def _shifted_tensor(x, data_format, mean, deviation):
    x = tf.keras.backend.bias_add(x, tf.cast(tf.constant(-np.array(mean), dtype=floatx()), x.dtype), data_format)
    if deviation is None:
        return x
    shape = (3,) if data_format == "channels_last" else (3, 1, 1)
    return x / tf.constant(np.reshape(deviation, shape), dtype=x.dtype)


@export("keras.applications.imagenet_utils.preprocess_input")
def preprocess_input(x, data_format=None, mode="caffe"):
    """Images as networks want them.

    Args:
      x: red, green and blue between 0 and 255: an array of floats, which is written over, or of another type, or a tensor; of shape
        [height, width, 3] or [batch, height, width, 3].
      data_format: "channels_last" or "channels_first", by default as in the settings of Keras.
      mode: "caffe": blue, green, red, each less its mean over ImageNet; "tf": between -1 and 1; "torch": between 0 and 1, then less
        the mean and divided by the deviation over ImageNet.

    Returns:
      An array of floats or a tensor.

    Raises:
      ValueError: the data format is not known.
    """
    data_format = data_format or image_data_format()
    if data_format not in ("channels_first", "channels_last"):
        raise ValueError("Unknown data_format " + str(data_format))
    is_array = isinstance(x, np.ndarray)
    if is_array and not issubclass(x.dtype.type, np.floating):
        x = x.astype(floatx(), copy=False)
    if mode == "tf":
        x /= 127.5
        x -= 1.0
        return x
    shifted = _shifted_array if is_array else _shifted_tensor
    if mode == "torch":
        x /= 255.0
        return shifted(x, data_format, _TORCH_MEAN, _TORCH_DEVIATION)
    return shifted(x[_channels(x, slice(None, None, -1), data_format)], data_format, _CAFFE_MEAN, None)


@functools.cache
def _class_index():
    with open(local_file("imagenet_class_index.json", _CLASSES, "c2c37ea517e94d9795004a39431a14cb")) as f:
        return json.load(f)


@export("keras.applications.imagenet_utils.decode_predictions",
        *("keras.applications.%s.decode_predictions" % name for name in _MODES))  # fmt: skip
def decode_predictions(preds, top=5):
    """The names of the likeliest classes of ImageNet.

    Args:
      preds: an array of probabilities, of shape [batch, 1000].
      top: how many classes of each image.

    Returns:
      For each image a list of tuples (name of WordNet, description, probability), the likeliest first.

    Raises:
      ValueError: the shape is another.
      FileNotFoundError: the file of names is not on this machine; the message says where to put it.
    """
    if len(preds.shape) != 2 or preds.shape[1] != 1000:
        raise ValueError(
            "`decode_predictions` expects a batch of predictions (i.e. a 2D array of shape (samples, 1000)). Found array with "
            "shape: " + str(preds.shape)
        )
    names = _class_index()
    found = []
    for scores in preds:
        rows = [(*names[str(i)], scores[i]) for i in scores.argsort()[-top:][::-1]]
        found.append(sorted(rows, key=lambda row: row[2], reverse=True))
    return found


def _preprocessing(mode):
    def preprocess_input_of(x, data_format=None):
        """Images as the networks of this namespace want them; see `imagenet_utils.preprocess_input`."""
        return preprocess_input(x, data_format, mode=mode)

    preprocess_input_of.__name__ = "preprocess_input"
    return preprocess_input_of


for _mode in ("caffe", "tf", "torch"):
    export(*("keras.applications.%s.preprocess_input" % name for name in _MODES if _MODES[name] == _mode))(_preprocessing(_mode))
