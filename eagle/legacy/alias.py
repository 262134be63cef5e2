"""The import alias: after `install()`, `import tensorflow` and every deeper spelling give Eagle.

`tensorflow.contrib.eager`, `tensorflow.nn` and the like are Eagle's namespaces.  Paths into TensorFlow's insides, such as
`tensorflow.python.ops.array_ops`, become modules that look each name up among the public ones (see internals.py).
"""

import importlib
import importlib.abc
import importlib.machinery
import sys
import types

from ..core import export
from . import finders, internals

TENSORFLOW_VERSION = "1.15.5"


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds `tensorflow` and all below it."""

    def find_spec(self, fullname, path=None, target=None):
        top, _, rest = fullname.partition(".")
        if top not in ("tensorflow", "tensorflow_core"):
            return None
        if rest and not export.exists(rest) and not internals.is_module(rest):
            # Not ModuleNotFoundError: `from tensorflow import x` would hide it behind a message that says less.
            raise ImportError("Eagle does not have %s (asked for at %s)" % (fullname, internals.asked_at()), name=fullname)
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec):
        rest = spec.name.partition(".")[2]
        if not rest:
            return _root(spec.name)
        if internals.is_inside(rest) or internals.is_module(rest) and not export.exists(rest):
            return internals.module(spec.name, rest)
        found = export.resolve(rest)
        if isinstance(found, types.ModuleType):
            return _copy(spec.name, found)
        raise ModuleNotFoundError("No module named %r; %r is not a package" % (spec.name, rest), name=spec.name)

    def exec_module(self, module):
        """Nothing is left to run."""


def _copy(name, namespace):
    """A module of its own name that finds what a namespace of Eagle has."""
    module = types.ModuleType(name, namespace.__doc__)
    module.__getattr__ = lambda attribute: _look_up(module, namespace, attribute)
    module.__dir__ = lambda: dir(namespace)
    return module


def _look_up(module, namespace, attribute):
    path = "%s.%s" % (module.__name__, attribute)
    if internals.is_inside(path.partition(".")[2]):
        return importlib.import_module(path)
    try:
        found = getattr(namespace, attribute)
    except AttributeError as e:
        if attribute.startswith("__"):
            raise
        raise AttributeError("%s (asked for at %s)" % (e, internals.asked_at())) from None
    setattr(module, attribute, found)
    return found


def _root(name):
    module = _copy(name, importlib.import_module(export.ROOT))
    module.__version__ = TENSORFLOW_VERSION
    return module


def install():
    """Makes `import tensorflow` give Eagle from now on, in this process.

    Raises:
      ImportError: the real TensorFlow has been imported already.
    """
    loaded = sys.modules.get("tensorflow")
    if loaded is not None and not isinstance(getattr(loaded, "__loader__", None), _Finder):
        raise ImportError("tensorflow is imported already; Eagle's alias must be installed first")
    finders.put_first(_Finder)
