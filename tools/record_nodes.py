"""Records the node lists that TensorFlow 1.15 builds for the programs in tests/nodes/*.py.

python tools/record_nodes.py [NAME ...]        # NAME: "basics"; by default all
"""

import argparse
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = """
import json, pathlib, sys
sys.path.insert(0, sys.argv[1])
import tensorflow as tf
import nodes
for path in map(pathlib.Path, sys.argv[2:]):
    found = {}
    for name, build in nodes.load(path).items():
        with tf.Graph().as_default() as graph:
            build(tf)
        found[name] = nodes.describe(graph)
    lines = []
    for name, listed in found.items():
        lines.append(json.dumps(name) + ": [\\n  " + ",\\n  ".join(json.dumps(n) for n in listed) + "\\n]")
    path.with_suffix(".json").write_text("{" + ",\\n".join(lines) + "}\\n")
    print(path.stem, {n: len(v) for n, v in found.items()})
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--oracle", default=os.path.expanduser("~/.cache/tf-oracle/1.15.5/bin/python"))
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    folder = ROOT / "tests" / "nodes"
    names = options.names or [p.stem for p in folder.glob("*.py") if p.stem != "__init__"]
    paths = [str(folder / (n + ".py")) for n in names]
    env = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3")
    subprocess.run([options.oracle, "-c", PROGRAM, str(folder.parent), *paths], check=True, env=env)


main()
