"""Programs whose node lists were recorded from TensorFlow 1.15 (tools/record_nodes.py), in `<name>.json` beside them."""

import hashlib
import importlib.util
import inspect
import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent


def describe(graph):
    """A graph as a list of nodes: name, type, inputs, device, attributes (their bytes in hex, long ones hashed)."""
    nodes = []
    for node in graph.as_graph_def().node:
        attrs = {k: _brief(v.SerializeToString(deterministic=True)) for k, v in sorted(node.attr.items())}
        nodes.append([node.name, node.op, list(node.input), node.device, attrs])
    return nodes


def _brief(data):
    return data.hex() if len(data) <= 64 else "sha1:" + hashlib.sha1(data).hexdigest()


def load(path):
    """The programs (functions of the module `tf`) in a file, by name."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {n: f for n, f in vars(module).items() if inspect.isfunction(f) and not n.startswith("_")}


def outside(path, nodes):
    """Of a list of nodes those outside the scopes that a program's file leaves out (`LEAVES_OUT`: parts of their names).

    That is for assertions and the like, where TensorFlow builds control flow of its own.
    """
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    parts = getattr(module, "LEAVES_OUT", ())

    def is_out(name):
        return any(part in name for part in parts)

    return [[name, kind, [i for i in inputs if not is_out(i)], *rest] for name, kind, inputs, *rest in nodes if not is_out(name)]


def files():
    return sorted(p for p in HERE.glob("*.py") if p.stem != "__init__")


def recorded(path):
    return json.loads(path.with_suffix(".json").read_text())
