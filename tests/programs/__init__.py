"""Programs whose results were recorded from TensorFlow 1.15 (tools/record_programs.py), in `<name>.json` beside them.

A program is a function of the module `tf` that returns named results: a dictionary of arrays or plain values, or lists of these.
It runs in graph mode with a graph of its own, or eagerly with no seed set if its name begins with `eager_`.  Large arrays are
recorded as a digest of their bytes.  A program may have an attribute `rtol`, else numbers must be equal.
"""

import hashlib
import importlib.util
import inspect
import json
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
LARGE = 100


def load(path):
    """The programs in a file, by name."""
    spec = importlib.util.spec_from_file_location(path.stem, str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {n: f for n, f in vars(module).items() if inspect.isfunction(f) and not n.startswith("_")}


def run(program, tf, eager_mode):
    """The results of a program, in the form in which they are recorded."""
    if program.__name__.startswith("eager_"):
        with eager_mode():
            tf.set_random_seed(None)
            return {k: brief(v) for k, v in program(tf).items()}
    with tf.Graph().as_default():
        return {k: brief(v) for k, v in program(tf).items()}


def brief(value):
    """A result as JSON can hold it."""
    if isinstance(value, dict):
        return {k: brief(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [brief(v) for v in value]
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if hasattr(value, "numpy"):
        value = value.numpy()
    value = np.asarray(value)
    if value.dtype == object:
        return {"dtype": "string", "shape": list(value.shape), "values": [v.decode("latin-1") for v in value.ravel()]}
    name, data = value.dtype.name, np.ascontiguousarray(value)
    entry = {"dtype": name if name != "void16" else "bfloat16", "shape": list(value.shape)}
    if value.size > LARGE:
        entry["sha1"] = hashlib.sha1(data.tobytes()).hexdigest()
    else:
        entry["hex"] = data.tobytes().hex()
    return entry


def array(entry):
    """An array from its entry, if that has its bytes."""
    return np.frombuffer(bytes.fromhex(entry["hex"]), entry["dtype"]).reshape(entry["shape"])


def files():
    return sorted(p for p in HERE.glob("*.py") if p.stem != "__init__")


def recorded(path):
    return json.loads(path.with_suffix(".json").read_text())
