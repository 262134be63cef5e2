"""`tf.data`: pipelines of input.

A dataset is a node (or, eagerly, an op's result) of type variant, whose value is a `DatasetValue` (running.py): what to iterate
over.  Kernels stand in sources.py, flow.py, mapping.py, buffering.py, files.py; iterators, which run them, in iterator_ops.py; what
users call in dataset.py, iterator.py, readers.py and the modules of experimental names.
"""

from ..core.export import open_namespace

open_namespace(globals())
