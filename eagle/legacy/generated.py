"""Modules that old versions of protoc generated, which protobuf does not run any more: `x_pb2.py` from before 2021.

Such a module contains its file's descriptor as serialized bytes; the messages are made of these, as new modules do it.
"""

import ast
import importlib.abc
import importlib.machinery

from . import finders


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname, path=None, target=None):
        if not fullname.endswith("_pb2") or fullname.startswith(("google.protobuf.", "tensorflow.")):
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if isinstance(spec and spec.loader, importlib.machinery.SourceFileLoader):
            source = spec.loader.get_source(fullname)
            if "serialized_pb=" in source and "create_key" not in source:
                spec.loader.exec_module = lambda module: _run(module, ast.parse(source))
        return spec


def _run(module, tree):
    """Gives a module the names that its text would have given it."""
    from google.protobuf import descriptor_pool
    from google.protobuf.internal import builder

    names = vars(module)
    imports = [node for node in tree.body if _is_import_of_messages(node)]
    exec(compile(ast.Module(imports, []), module.__file__, "exec"), names)
    names["DESCRIPTOR"] = file = descriptor_pool.Default().AddSerializedFile(_serialized(tree))
    builder.BuildMessageAndEnumDescriptors(file, names)
    builder.BuildTopDescriptorsAndMessages(file, module.__name__, names)


def _is_import_of_messages(node):
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").endswith("_pb2") or any(a.name.endswith("_pb2") for a in node.names)
    return isinstance(node, ast.Import) and any(a.name.endswith("_pb2") for a in node.names)


def _serialized(tree):
    """The bytes of the file's descriptor, which stand in the text as such or as a string of characters below 256."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "serialized_pb":
            value = node.value.args[0].value if isinstance(node.value, ast.Call) else node.value.value
            return value.encode("latin1") if isinstance(value, str) else value
    raise ImportError("no descriptor in a generated module")


def install():
    """Has such modules run from now on, in this process."""
    finders.put_first(_Finder)
