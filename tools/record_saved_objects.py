"""Lets TensorFlow 1.15 write the model of tests/saved_objects, and tells what a model does that Eagle wrote.

python tools/record_saved_objects.py             # writes the model, and `told.json`: what TensorFlow's own does
python tools/record_saved_objects.py --check     # lets TensorFlow read what Eagle writes
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = """
import json, sys
sys.path.insert(0, sys.argv[1])
import tensorflow as tf
import saved_objects
tf.compat.v1.enable_eager_execution()
if sys.argv[3] == "write":
    model = saved_objects.make(tf)
    tf.saved_model.save(model, sys.argv[2], signatures=model.serve)
    told = saved_objects.told(tf, tf.compat.v2.saved_model.load(sys.argv[2]))
    with open(sys.argv[1] + "/saved_objects/told.json", "w") as f:
        json.dump(told, f, indent=1)
        f.write("\\n")
else:
    told = saved_objects.told(tf, tf.compat.v2.saved_model.load(sys.argv[2]))
    with open(sys.argv[1] + "/saved_objects/told.json") as f:
        expected = json.load(f)
    assert told == expected, (told, expected)
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        read = tf.compat.v1.saved_model.load(session, ["serve"], sys.argv[2]).signature_def["serving_default"]
        print(session.run(read.outputs["y"].name, {read.inputs["x"].name: [1.0, 2.0]}))
"""
WRITE = """
import sys
sys.path.insert(0, sys.argv[1])
import eagle as tf
import saved_objects
tf.enable_eager_execution()
model = saved_objects.make(tf)
tf.saved_model.save(model, sys.argv[2], signatures=model.serve)
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--oracle", default=os.path.expanduser("~/.cache/tf-oracle/1.15.5/bin/python"))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    tests = str(ROOT / "tests")
    env = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", PYTHONPATH=str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "model") if options.check else str(ROOT / "tests" / "saved_objects" / "model")
        if options.check:
            subprocess.run([sys.executable, "-c", WRITE, tests, model], check=True, env=env)
        else:
            shutil.rmtree(model, ignore_errors=True)
        what = "check" if options.check else "write"
        subprocess.run([options.oracle, "-c", PROGRAM, tests, model, what], check=True, env=dict(env, PYTHONPATH=""))


main()
