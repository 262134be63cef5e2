"""Records the results of the programs in tests/programs/*.py under TensorFlow 1.15.

python tools/record_programs.py [NAME ...]        # NAME: "random"; by default all
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
from tensorflow.python.eager import context
import programs
for path in map(pathlib.Path, sys.argv[2:]):
    found = {}
    for name, program in programs.load(path).items():
        found[name] = programs.run(program, tf, context.eager_mode)
    lines = []
    for name, results in found.items():
        entries = [json.dumps(k) + ": " + json.dumps(v) for k, v in results.items()]
        lines.append(json.dumps(name) + ": {\\n  " + ",\\n  ".join(entries) + "\\n}")
    path.with_suffix(".json").write_text("{" + ",\\n".join(lines) + "}\\n")
    print(path.stem, {n: len(v) for n, v in found.items()})
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--oracle", default=os.path.expanduser("~/.cache/tf-oracle/1.15.5/bin/python"))
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    folder = ROOT / "tests" / "programs"
    names = options.names or [p.stem for p in folder.glob("*.py") if p.stem != "__init__"]
    paths = [str(folder / (n + ".py")) for n in names]
    env = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3")
    subprocess.run([options.oracle, "-c", PROGRAM, str(folder.parent), *paths], check=True, env=env)


main()
