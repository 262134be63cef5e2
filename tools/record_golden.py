"""Records what TensorFlow 1.15 gives for the samples of Eagle's ops, into tests/golden/data/ops_<module>.npz.

    python tools/record_golden.py --oracle /path/to/tf-1.15/bin/python [MODULE ...]

MODULE names files of eagle/ops ("arithmetic"); by default all.  Run it after ops or samples were added or changed.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

ORACLE_PROGRAM = str(ROOT / "tools" / "golden_oracle.py")


def encode(value, arrays):
    """An argument or attribute as JSON, arrays put aside in `arrays`."""
    if isinstance(value, list):
        return {"list": [encode(v, arrays) for v in value]}
    if isinstance(value, tuple):
        return {"tuple": [encode(v, arrays) for v in value]}
    if hasattr(value, "as_numpy_dtype"):
        return {"type": value.name}
    if isinstance(value, bytes):
        return {"bytes": value.decode("latin-1")}
    if isinstance(value, np.ndarray | np.generic):
        value = np.asarray(value)
        if value.dtype == object:
            return {"strings": [v.decode("latin-1") for v in value.ravel()], "shape": value.shape}
        key = "a%d" % len(arrays)
        name = value.dtype.names[0] if value.dtype.names else value.dtype.name
        arrays[key] = value.view(np.uint16) if name == "bfloat16" else value.view(value.dtype[0]) if value.dtype.names else value
        return {"key": key, "dtype": name}
    return {"plain": value}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--oracle", default=os.path.expanduser("~/.cache/tf-oracle/1.15.5/bin/python"))
    parser.add_argument("modules", nargs="*")
    options = parser.parse_args()
    import conftest  # noqa: F401  (loads all ops)
    from samples import sampled_ops, typed_samples, update_ops

    by_module = {}
    for op in sampled_ops() + update_ops():
        module = op.kernel.__module__.rpartition(".")[2]
        if (not options.modules or module in options.modules) and not op.name.startswith("Eagle"):
            by_module.setdefault(module, []).append(op)
    for module, ops in by_module.items():
        calls, arrays = [], {}
        for op in ops:
            public = {own: name for name, own in op.definition.wrapper_parameters().items()}
            for s in typed_samples(op):
                args = dict(zip(op.input_names, s.args))
                calls.append(
                    {
                        "id": s.id,
                        "op": op.name,
                        "changes": getattr(op, "changes", 0),
                        "args": {public[n]: encode(v, arrays) for n, v in args.items()},
                        "attrs": {public[n]: encode(v, arrays) for n, v in s.attrs.items()},
                    }
                )
        with tempfile.TemporaryDirectory() as folder:
            np.savez(folder + "/in.npz", calls=np.frombuffer(json.dumps(calls).encode(), np.uint8), **arrays)
            target = ROOT / "tests" / "golden" / "data" / ("ops_%s.npz" % module)
            target.parent.mkdir(exist_ok=True)
            subprocess.run([options.oracle, ORACLE_PROGRAM, folder + "/in.npz", str(target)], check=True)
        print(module, len(calls), "samples", target.stat().st_size, "bytes")


main()
