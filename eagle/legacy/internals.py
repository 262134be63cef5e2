"""Paths into TensorFlow's insides that programs use although they are not public: `tensorflow.python.framework.ops`, ...

Such a module is a view of the public names: an attribute is looked up in the namespaces where TensorFlow publishes what that
module defines.  What has no public name is exported by Eagle under its internal one (`@export("python.training.x.f")`).
"""

import importlib
import os
import re
import sys
import types

from .. import protos, raw_ops
from ..core import export

# The beginning of a module's path -> the public namespaces to search, most specific first.
_SEARCHED = [
    ("python.ops.nn", ["nn", ""]),
    ("python.ops.math_ops", ["math", ""]),
    ("python.ops.linalg", ["linalg", ""]),
    ("python.ops.image", ["image", ""]),
    ("python.ops.losses", ["losses"]),
    ("python.ops.metrics", ["metrics"]),
    ("python.ops.init_ops", ["initializers", ""]),
    ("python.ops.random_ops", ["random", ""]),
    ("python.ops.rnn_cell", ["nn.rnn_cell", "contrib.rnn"]),
    ("python.ops.rnn", ["nn", ""]),
    ("python.ops.distributions", ["distributions", "contrib.distributions"]),
    ("python.ops.summary_ops_v2", ["contrib.summary", "summary"]),
    ("python.ops", ["", "nn", "math", "train", "raw_ops"]),
    ("python.framework.errors", ["errors"]),
    ("python.framework.test_util", ["test"]),
    ("python.framework.config", ["config", "config.experimental", "config.threading", "config.optimizer"]),
    ("python.framework", ["", "dtypes", "errors", "graph_util", "contrib.util", "contrib.framework", "train"]),
    ("python.client", ["", "errors"]),
    ("python.training", ["train", ""]),
    ("python.layers", ["layers", "contrib.layers"]),
    ("python.keras", ["keras"]),
    ("python.data", ["data", "data.experimental"]),
    ("python.eager.test", ["test"]),
    ("python.eager", ["contrib.eager", ""]),
    ("python.estimator", ["estimator"]),
    ("python.feature_column", ["feature_column"]),
    ("python.saved_model", ["saved_model"]),
    ("python.summary", ["summary"]),
    ("python.platform.gfile", ["gfile"]),
    ("python.platform.tf_logging", ["logging"]),
    ("python.platform.flags", ["flags"]),
    ("python.platform.app", ["app"]),
    ("python.platform.test", ["test"]),
    ("python.platform", ["", "resource_loader", "test"]),
    ("python.lib.io", ["python_io", "io", "gfile"]),
    ("python.util.nest", ["contrib.framework.nest"]),
    ("python.util", ["compat", ""]),
    ("python.debug", ["python.debug"]),
    ("python", [""]),
    ("core.framework", ["", "summary", "train"]),
    ("core.protobuf", ["", "train"]),
    ("core.util", [""]),
    ("core.example", ["train", ""]),
    ("core", [""]),
    ("contrib", []),
]

# Modules with the name of a public function or class, which is meant only when asked for under another path.
_MODULES = set(
    "python.autograph.utils.py_func python.data.experimental.ops.cardinality python.data.experimental.ops.get_single_element "
    "python.data.experimental.ops.unique python.framework.load_library python.ops.confusion_matrix python.ops.custom_gradient "
    "python.ops.gradients python.ops.map_fn python.ops.parallel_for.gradients python.ops.variable_scope python.saved_model.load "
    "python.tpu.bfloat16".split()
)


def _namespaces(path):
    for prefix, spaces in _SEARCHED:
        if path == prefix or path.startswith(prefix + ".") or (path.startswith(prefix) and prefix.count(".") > 1):
            return _deeper(path[len(prefix) :].strip("."), spaces) if prefix in _MIRRORED else spaces
    return None


# Packages whose modules have their names in the public namespaces, too: `python.keras.layers.core` is `keras.layers`.
_MIRRORED = {"python.keras", "python.estimator"}


def _deeper(rest, spaces):
    """The namespaces below those to search that parts of a module's path name, deepest first, and these."""
    parts = rest.split(".") if rest else []
    below = [".".join([s, *parts[:n]]) for s in spaces for n in range(len(parts), 0, -1)]
    return below + spaces


def _contrib_namespaces(path):
    """`contrib.rnn.python.ops.core_rnn_cell` searches `contrib.rnn`, then its outer namespaces."""
    parts = path.split(".")
    family = ".".join(parts[:2])
    return [family, "contrib.framework", "contrib.layers", ""] if "python" in parts or "ops" in parts else None


def is_module(path):
    """Whether `tensorflow.<path>` is taken for a module of TensorFlow's insides."""
    if path.split(".")[0] != "contrib":
        return _namespaces(path) is not None
    if export.exists(".".join(path.split(".")[:2])):
        return _contrib_namespaces(path) is not None
    return any(f == path or f.startswith(path + ".") for f in _message_modules())


def searched(path):
    """The public namespaces that the module `tensorflow.<path>` searches, or None if it is no module of the insides."""
    return _contrib_namespaces(path) if path.startswith("contrib") else _namespaces(path)


def _message_modules():
    """The modules of protocol buffers: `core.framework.graph_pb2`, ..."""
    return [f[len("tensorflow/") : -len(".proto")].replace("/", ".") + "_pb2" for f in protos.file_names()]


def is_inside(path):
    """Whether `tensorflow.<path>` is such a module although Eagle exports some names under it."""
    return export.is_namespace(path) and is_module(path)


def messages(path):
    """What a module such as `core.framework.graph_pb2` holds, by name; None if there is no such module."""
    file = "tensorflow/%s.proto" % path.removesuffix("_pb2").replace(".", "/")
    return protos.module_contents(file) if path.endswith("_pb2") and file in protos.file_names() else None


# The packages of TensorFlow's insides that hold modules; all other paths are modules.
_PACKAGES = re.compile(
    r"python(\.(ops(\.(losses|linalg|distributions|signal|parallel_for|ragged))?|framework|training(\.(tracking|saving|experimental))?"
    r"|client|eager|layers|platform|util|saved_model|summary(\.writer)?|lib(\.(io|core))?|feature_column|compat|tools|tpu|module"
    r"|(keras|data|estimator|debug|autograph|distribute|profiler)(\..*)?))?"
)
_HOMES = {
    "python.framework": "ops dtypes tensor_shape constant_op errors errors_impl tensor_util tensor_spec random_seed sparse_tensor "
    "function graph_util test_util device importer common_shapes op_def_registry func_graph smart_cond",
    "python.eager": "context backprop tape def_function execute",
    "python.util": "nest compat tf_export tf_inspect deprecation tf_decorator tf_contextlib object_identity",
    "python.platform": "tf_logging gfile app flags resource_loader",
    "python.training": "optimizer training slot_creator moving_averages saver training_util session_run_hook",
}


def _imported(path):
    """The path of the module that a module has imported: `python.ops.rnn.rnn_cell_impl` is `python.ops.rnn_cell_impl`."""
    parent, _, name = path.rpartition(".")
    if not path.startswith("python.") or _PACKAGES.fullmatch(parent):
        return path
    return "%s.%s" % (next((home for home, names in _HOMES.items() if name in names.split()), "python.ops"), name)


def _names_module(name):
    """Whether a name is one of TensorFlow's inner modules, as far as that can be told."""
    return name.endswith(("_ops", "_impl")) or any(name in names.split() for names in _HOMES.values())


def module(full_name, path):
    """The module for `tensorflow.<path>`, named `full_name`."""
    path = _imported(path)
    made = types.ModuleType(full_name)
    contents = messages(path)
    if contents is not None:
        made.__dict__.update(contents)
        return made
    spaces = searched(path)

    def __getattr__(name):
        if name.startswith("__"):
            raise AttributeError(name)
        if "%s.%s" % (path, name) in _MODULES:
            return importlib.import_module("%s.%s" % (full_name, name))
        for space in [path] + spaces:
            dotted = "%s.%s" % (space, name) if space else name
            if is_inside(dotted):
                return importlib.import_module("%s.%s" % (full_name.partition(".")[0], dotted))
            if export.exists(dotted):
                found = export.resolve(dotted)
                setattr(made, name, found)
                return found
        if path.startswith("python.ops."):
            try:
                return raw_ops.generated(name)
            except AttributeError:
                pass
        if not _PACKAGES.fullmatch(path) and _names_module(name):
            return importlib.import_module("%s.%s" % (full_name.partition(".")[0], _imported("%s.%s" % (path, name))))
        raise AttributeError(
            "module %r has no attribute %r: Eagle does not have it (asked for at %s)" % (full_name, name, asked_at())
        )

    made.__getattr__ = __getattr__
    return made


def asked_at():
    """The line of the program that asked, as `file:line`."""
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.startswith((home, "<frozen")):
            return "%s:%d" % (name, frame.f_lineno)
        frame = frame.f_back
    return "<unknown>"
