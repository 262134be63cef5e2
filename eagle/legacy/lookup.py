"""Whether Eagle has a name of TensorFlow's, asked for without importing the module that would give it."""

import inspect

from ..core import export
from . import internals

# Packages of TensorFlow's insides below `tensorflow.python.<package>`, whose members are modules.
_PACKAGES = (
    "client data.experimental data.kernel_tests data.ops data.util debug distribute eager estimator.export estimator.inputs "
    "feature_column framework keras keras.engine keras.layers keras.optimizer_v2 keras.saving keras.utils layers lib.io ops "
    "ops.distributions ops.linalg ops.losses ops.parallel_for ops.ragged ops.signal platform profiler saved_model summary "
    "summary.writer tools training training.tracking training.checkpointable util"
).split()  # fmt: skip


def _is_package(path):
    """Whether the members of `tensorflow.<path>` are modules, as far as one can tell from the path."""
    if path.startswith("contrib."):
        return path.endswith((".python", ".ops", ".python.framework", ".python.layers"))
    return path in ("python", "core") or path.startswith("core.") and path.count(".") == 1 or path.partition(".")[2] in _PACKAGES


def has(dotted):
    """Whether `tensorflow.<dotted>` is there: a public name, one of the insides, or an attribute of a class.

    Attributes of what is neither module nor class are not looked at: what a function gives is not known here.
    """
    parts = dotted.split(".")
    for i in range(len(parts)):
        path = ".".join(parts[: i + 1])
        if export.exists(path):
            if not export.is_namespace(path):
                return _has_attribute(path, parts[i + 1 :])
            continue
        if not internals.is_module(path):
            return dotted in ("__version__", "VERSION")
        parent, _, name = path.rpartition(".")
        if path.endswith("_pb2"):
            return _has_message(path, parts[i + 1 :])
        if _found_inside(parent, name):
            return True
        if not _is_package(parent) and parent and not export.is_namespace(parent) and parent not in ("", "python", "core"):
            return False
    return True


def _has_attribute(path, rest):
    if not rest:
        return True
    found = export.resolve(path)
    if hasattr(found, "DESCRIPTOR"):
        return rest[0] in found.DESCRIPTOR.fields_by_name or hasattr(found, rest[0])
    return not inspect.isclass(found) or hasattr(found, rest[0]) or any(hasattr(c, rest[0]) for c in found.__subclasses__())


def _has_message(path, rest):
    contents = internals.messages(path)
    return contents is not None and (not rest or rest[0] in contents)


def _found_inside(parent, name):
    """Whether a module of TensorFlow's insides, if it is one, finds the name among the public ones."""
    spaces = internals.searched(parent) if parent else None
    return any(export.exists("%s.%s" % (s, name) if s else name) for s in spaces or ())
