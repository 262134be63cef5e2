"""Files of every format that is read, and how they are damaged: the same for Eagle and for TensorFlow."""

from . import checkpoints, examples, images, records  # noqa: F401
from .mechanism import FORMATS, attempt, same  # noqa: F401
