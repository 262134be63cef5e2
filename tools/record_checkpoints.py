"""Lets TensorFlow write the checkpoints that tests read: tests/checkpoints/<version>/.

python tools/record_checkpoints.py [VERSION ...]        # by default 1.13.2 and 1.15.5
"""

import argparse
import os
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = """
import hashlib, os, sys
sys.path.insert(0, sys.argv[1])
import numpy as np
import tensorflow as tf
from tensorflow.python.ops import gen_io_ops as io
import contents

out = sys.argv[2]

def tensor(name, array):
    if name == "bfloat16":
        return tf.cast(array, tf.bfloat16)
    t = tf.constant(array)
    return tf.bitcast(t, name) if name[0] == "q" and name[1] in "iu" else t

with tf.Graph().as_default(), tf.Session() as sess:
    names, tensors = [], []
    for name, dtype, array in contents.tensors():
        names.append(name)
        tensors.append(tensor(dtype, array))
    sess.run(io.save_v2(out + "/types", names, [""] * len(names), tensors))
    parts = [tf.constant(contents.WHOLE[p]) for p in contents.PARTS]
    sess.run(io.save_v2(out + "/parts", ["whole"] * 3 + ["other"], contents.SPECS + [""], parts + [tf.constant(7)]))
    names_far, specs_far, arrays = zip(*contents.FAR)
    sess.run(io.save_v2(out + "/far", names_far, specs_far, [tf.constant(a) for a in arrays]))
    many = [n.encode() for n in contents.MANY]
    sess.run(io.save_v2(out + "/many", many, [""] * len(many), [tf.constant(1.0)] * len(many)))
    for name in (out + "/many.index", out + "/many.data-00000-of-00001"):
        with open(name, "rb") as f, open(name + ".sha256", "w") as digest:
            digest.write(hashlib.sha256(f.read()).hexdigest())
        os.remove(name)
    old = []
    for dtype in list(contents.TYPES) + ["string"]:
        some = [(n, t) for n, t in zip(names, tensors) if n.startswith(dtype + "/") and "empty" not in n]
        try:
            sess.run(io.save(out + "/old", [n for n, t in some], [t for n, t in some]))
            old += some
        except tf.errors.UnimplementedError as e:
            print(e.message.splitlines()[0])
    sess.run(io.save(out + "/old", [n for n, t in old], [t for n, t in old]))
    sess.run(io.save_slices(out + "/old_parts", ["whole"] * 3 + ["other"], contents.SPECS + [""], parts + [tf.constant(7)]))

with tf.Graph().as_default(), tf.Session() as sess:
    with tf.device("/cpu:0"):
        a = tf.Variable([1.0, 2.0], name="a")
    b = tf.Variable([[3]], name="b", use_resource=True)
    p = tf.get_variable("p", [4, 2], partitioner=tf.fixed_size_partitioner(2), initializer=tf.constant_initializer(2.0))
    sess.run(tf.global_variables_initializer())
    tf.train.Saver(sharded=True).save(
        sess, out + "/sharded", global_step=3, write_meta_graph=False, latest_filename="sharded_state")
    tf.train.Saver(write_version=tf.train.SaverDef.V1).save(sess, out + "/saver_old", write_meta_graph=False, write_state=False)

with tf.Graph().as_default(), tf.Session() as sess:
    root = tf.train.Checkpoint()
    root.v = tf.Variable([1.0, 2.0], name="v", use_resource=True)
    opt = tf.train.AdamOptimizer(0.1)
    root.optimizer = opt
    train = opt.minimize(tf.reduce_sum(root.v * root.v))
    sess.run(tf.global_variables_initializer())
    sess.run(train)
    print(root.save(out + "/objects", session=sess))
    print(sess.run([root.v, opt.get_slot(root.v, "m")]))
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("versions", nargs="*", default=["1.13.2", "1.15.5"])
    for version in parser.parse_args().versions:
        folder = ROOT / "tests" / "checkpoints" / version
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        python = os.path.expanduser("~/.cache/tf-oracle/%s/bin/python" % version)
        env = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3")
        subprocess.run([python, "-c", PROGRAM, str(folder.parent), str(folder)], check=True, env=env)


main()
