"""Graphs of programs.py as TensorFlow 1.15 wrote them, with what it computed (tools/record_graphs.py): data/NAME.npz."""

import functools
import importlib.util
import pathlib

import numpy as np

HOME = pathlib.Path(__file__).parent
DATA = HOME / "data"


@functools.lru_cache(None)  # also the Python of TensorFlow 1.15 runs this
def programs():
    """Name -> program."""
    spec = importlib.util.spec_from_file_location("graph_programs", HOME / "programs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {n: f for n, f in vars(module).items() if callable(f) and n[0] != "_" and f.__module__ == "graph_programs"}


def run(tf, graph, plan, prefix=""):
    """What a session fetches in a graph as a program says.

    Args:
      tf: the library.
      graph: the graph.
      plan: what the program returned.
      prefix: what goes before its names.
    """
    feeds = {prefix + name: value for name, value in plan["feeds"].items()}
    with tf.Session(graph=graph) as session:
        if "init" in plan:
            session.run(prefix + plan["init"])
        for _ in range(plan.get("steps", 0)):
            session.run(prefix + plan["train"], feeds)
        values = session.run([prefix + name for name in plan["fetches"]], feeds)
        return [np.asarray(v, object if isinstance(v, bytes) else None) for v in values]


def recorded(name):
    """The bytes of a program's `GraphDef`, what it returned, and the values that TensorFlow fetched."""
    with np.load(DATA / (name + ".npz"), allow_pickle=True) as found:
        values = [found["value_%d" % i] for i in range(int(found["count"]))]
        return found["graph"].tobytes(), found["plan"].item(), values
