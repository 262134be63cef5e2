"""`tf.timestamp`: the time."""

import time

import numpy as np

from ..core.export import export
from ..core.op import op


@op("Timestamp", host=True)
def _timestamp(xp):
    return np.float64(time.time())


@_timestamp.shape
def _():
    return ()


_timestamp.not_differentiable()


@export("timestamp")
def timestamp(name=None):
    """The seconds since 1970, when the operation runs; see also `time.time`.

    Args:
      name: the name of the node.

    Returns:
      A float64 scalar.
    """
    return _timestamp(name=name)
