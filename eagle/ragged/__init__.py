"""The namespace `tf.ragged`: tensors whose rows have different lengths.

A `RaggedTensor` (tensor.py) is the values of all rows, one after another, and where the rows begin; everything else is written in
ops on these.  Loading the package lets the usual functions (`tf.add`, `tf.concat`, ...) take ragged tensors (dispatching.py), and
datasets have them as components (elements.py).
"""

from ..core.export import open_namespace
from . import dispatching, elements  # noqa: F401

open_namespace(globals())
