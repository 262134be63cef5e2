"""Eagle: TensorFlow 1.x's programming model, static graphs and eager execution, for today's machines.

    import eagle as tf

The public names are found through `eagle/names.py`; see core/export.py.
"""

from .core import export as _export, memory as _memory
from .core.dispatch import registry as _registry
from .names import NAMES as _NAMES, OPS as _OPS
from .ops import base as _base  # noqa: F401

__version__ = "0.1.0"

_memory.keep_freed_memory()
_export.open_namespace(globals())
_export.read_index(_NAMES)
_export.add_namespace("raw_ops")
_registry.read_index(_OPS)
