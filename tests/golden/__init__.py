"""Values recorded from TensorFlow 1.15 (tools/record_golden.py): data/ops.npz holds the outputs of ops on their samples."""

import functools
import json
import pathlib

import numpy as np

from eagle.core import dtypes

DATA = pathlib.Path(__file__).parent / "data"


@functools.cache
def goldens():
    """Sample id -> the list of output arrays, or "unsupported" where TensorFlow has no kernel."""
    found = {}
    for path in sorted(DATA.glob("ops_*.npz")):
        with np.load(path) as arrays:
            index, blob = json.loads(bytes(arrays["index"]).decode()), arrays["blob"].tobytes()
        for sample_id, outputs in index.items():
            found[sample_id] = outputs if isinstance(outputs, str) else [decode(o, blob) for o in outputs]
    return found


def decode(entry, blob):
    """An array from its entry in the index: strings in full, of others type, shape and place."""
    if isinstance(entry, dict):
        flat = np.empty(len(entry["strings"]), object)
        flat[:] = [s.encode("latin-1") for s in entry["strings"]]
        return flat.reshape(entry["shape"])
    name, shape, at = entry
    dtype = dtypes.as_dtype(name).np
    return np.frombuffer(blob, dtype, int(np.prod(shape)), at).reshape(shape)
