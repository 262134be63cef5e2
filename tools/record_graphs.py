"""Records the graphs of tests/graphs/programs.py as TensorFlow 1.15 writes them, with the values that it computes.

python tools/record_graphs.py [NAME ...]            # by default all
python tools/record_graphs.py --check [NAME ...]    # instead, lets TensorFlow run the graphs that Eagle writes, and compares
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
RECORD = """
import pathlib, sys
sys.path.insert(0, sys.argv[1])
import numpy as np
import tensorflow as tf
import graphs
for name in sys.argv[2:] or graphs.programs():
    with tf.Graph().as_default() as graph:
        plan = graphs.programs()[name](tf)
    values = graphs.run(tf, graph, plan)
    written = np.frombuffer(graph.as_graph_def().SerializeToString(), np.uint8)
    arrays = {"value_%d" % i: v for i, v in enumerate(values)}
    graphs.DATA.mkdir(exist_ok=True)
    np.savez_compressed(str(graphs.DATA / name), graph=written, plan=np.array(plan, object), count=len(values), **arrays)
    print(name, len(written))
if not sys.argv[2:]:
    from graphs import networks
    with tf.Graph().as_default() as graph:
        networks.network(tf)
    written = np.frombuffer(tf.train.export_meta_graph(graph=graph).SerializeToString(), np.uint8)
    y, loss, step = networks.after_training(tf, graph)
    (graphs.HOME / "meta").mkdir(exist_ok=True)
    np.savez_compressed(str(graphs.HOME / "meta" / "network"), meta_graph=written, y=y, loss=loss, step=step)
    from graphs import saved
    import shutil, tempfile
    folder, vocabulary = str(graphs.HOME / "saved_model"), tempfile.mkdtemp() + "/words.txt"
    open(vocabulary, "w").write("a b c")
    shutil.rmtree(folder, ignore_errors=True)
    saved.write(tf, folder, vocabulary)
    np.save(str(graphs.HOME / "saved_model_values.npy"), saved.read(tf, folder)[0])
"""
RUN = """
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np
import numpy.core.multiarray
sys.modules["numpy._core"], sys.modules["numpy._core.multiarray"] = np.core, np.core.multiarray  # as newer versions name them
import tensorflow as tf
import graphs
for path in sys.argv[2:]:
    found = np.load(path, allow_pickle=True)
    try:
        with tf.Graph().as_default() as graph:
            tf.import_graph_def(tf.GraphDef.FromString(found["graph"].tobytes()), name="")
        values = graphs.run(tf, graph, found["plan"].item())
    except Exception as e:
        print("FAILED", path, str(e)[:1000])
        continue
    expected = [found["value_%d" % i] for i in range(int(found["count"]))]
    good = all(v.dtype == e.dtype and v.shape == e.shape and
               (np.array_equal(v, e) if v.dtype == object else np.allclose(v, e, 1e-5, 1e-6)) for v, e in zip(values, expected))
    print("equal" if good else "DIFFERENT", path, "" if good else (values, expected))
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--oracle", default=os.path.expanduser("~/.cache/tf-oracle/1.15.5/bin/python"))
    parser.add_argument("--check", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    env = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3")
    if not options.check:
        subprocess.run([options.oracle, "-c", RECORD, str(ROOT / "tests"), *options.names], check=True, env=env)
        return
    with tempfile.TemporaryDirectory() as folder:
        paths = write(folder, options.names)
        subprocess.run([options.oracle, "-W", "ignore", "-c", RUN, str(ROOT / "tests"), *paths], check=True, env=env)


def write(folder, names):
    """Writes the graphs that Eagle builds, with what it computes; the files."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    import graphs
    import numpy as np

    import eagle as tf

    paths = []
    for name in names or graphs.programs():
        try:
            with tf.Graph().as_default() as graph:
                plan = graphs.programs()[name](tf)
            values = graphs.run(tf, graph, plan)
            written = np.frombuffer(graph.as_graph_def().SerializeToString(), np.uint8)
        except Exception as e:
            print("Eagle fails at %s: %s: %s" % (name, type(e).__name__, e))
            continue
        paths.append(os.path.join(folder, name + ".npz"))
        arrays = {"value_%d" % i: v for i, v in enumerate(values)}
        np.savez(paths[-1], graph=written, plan=np.array(plan, object), count=len(values), **arrays)
    return paths


main()
