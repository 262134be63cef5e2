"""`Sequence`: data given in batches by number; arrays of classes."""

import random

import numpy as np

from ...core.export import export


@export("keras.utils.Sequence")
class Sequence:
    """Batches by number.  Subclasses have `__getitem__` and `__len__`, and may have `on_epoch_end`."""

    def __getitem__(self, index):
        """The batch with a number."""
        raise NotImplementedError

    def __len__(self):
        """How many batches there are."""
        raise NotImplementedError

    def on_epoch_end(self):
        """Is called when all batches were given."""

    def __iter__(self):
        """All batches once."""
        for i in range(len(self)):
            yield self[i]

    def forever(self, shuffle=False):
        """All batches again and again, `shuffle` says whether in another order each time."""
        order = list(range(len(self)))
        while True:
            if shuffle:
                random.shuffle(order)
            for i in order:
                yield self[i]
            self.on_epoch_end()


@export("keras.utils.to_categorical")
def to_categorical(y, num_classes=None, dtype="float32"):
    """An array of classes in one-hot coding.

    Args:
      y: classes, integers.
      num_classes: how many there are, by default one more than the greatest.
      dtype: the type of the result.
    """
    y = np.array(y, dtype="int")
    shape = y.shape
    if shape and shape[-1] == 1 and len(shape) > 1:
        shape = tuple(shape[:-1])
    y = y.ravel()
    if not num_classes:
        num_classes = np.max(y) + 1
    found = np.zeros((y.shape[0], num_classes), dtype=dtype)
    found[np.arange(y.shape[0]), y] = 1
    return np.reshape(found, (*shape, num_classes))


@export("keras.utils.normalize")
def normalize(x, axis=-1, order=2):
    """An array divided by its norms along an axis; those that are 0 count as 1."""
    norms = np.atleast_1d(np.linalg.norm(x, order, axis))
    norms[norms == 0] = 1
    return x / np.expand_dims(norms, axis)


export("python.keras.utils.np_utils.to_categorical")(to_categorical)
export("python.keras.utils.np_utils.normalize")(normalize)
