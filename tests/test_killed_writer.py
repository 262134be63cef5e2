"""Writers of checkpoints are killed at any moment, hundreds of times: the last good checkpoint can be read all the same."""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
KILLS = 300

# Forks a writer again and again, which saves one state after another until it is killed; then looks at what it left.
SCRIPT = """
import os, random, signal, sys, time
import numpy as np
import eagle as tf

folder, kills = sys.argv[1], int(sys.argv[2])
draw = random.Random(0)
variables = [tf.get_variable("v%d" % i, [20 * 4 ** i], tf.int64, tf.zeros_initializer()) for i in range(6)]
state = tf.placeholder(tf.int64, [])
change = tf.group(*[v.assign(tf.fill(v.shape, state)) for v in variables])
savers = {
    "same": tf.train.Saver(), "numbered": tf.train.Saver(max_to_keep=2), "sharded": tf.train.Saver(sharded=True),
    "old": tf.train.Saver(write_version=tf.train.SaverDef.V1),
}
session = tf.Session()

def save(kind, n):
    session.run(change, {state: n})
    prefix = os.path.join(folder, kind, "model")
    savers[kind].save(session, prefix, n if kind == "numbered" else None, write_meta_graph=False)

def saved(kind):
    path = tf.train.latest_checkpoint(os.path.join(folder, kind))
    assert path, os.listdir(os.path.join(folder, kind))
    reader = tf.train.load_checkpoint(path)
    found = {v.op.name: np.unique(reader.get_tensor(v.op.name)).tolist() for v in variables}
    numbers = {tuple(f) for f in found.values()}
    assert len(numbers) == 1 and len(*numbers) == 1, found
    savers[kind].restore(session, path)
    return numbers.pop()[0]

last = {}
for kind in savers:
    os.mkdir(os.path.join(folder, kind))
    save(kind, 0)
    last[kind] = saved(kind)
began, span = time.monotonic(), 0.004
cut_off = 0
for k in range(kills):
    kind = sorted(savers)[k % len(savers)]
    told, tell = os.pipe()
    writer = os.fork()
    if not writer:
        n = last[kind]
        while True:
            n += 1
            save(kind, n)
            os.write(tell, b"%d\\n" % n)
    os.close(tell)
    time.sleep(draw.uniform(0, 6 * span))
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    finished = os.read(told, 1 << 16).split()
    os.close(told)
    good = int(finished[-1]) if finished else last[kind]
    found = saved(kind)
    assert good <= found <= good + 1, (kind, good, found)
    cut_off += found == good
    last[kind] = found
print("killed", kills, "of which before the end", cut_off, "states", sum(last.values()))
"""


def test_kills(tmp_path):
    env = dict(os.environ, PYTHONPATH=str(ROOT), EAGLE_TIER="numpy")
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(tmp_path), str(KILLS)], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    words = done.stdout.split()
    assert int(words[1]) == KILLS and int(words[-1]) > 20, done.stdout  # the writers wrote
    assert int(words[-3]) > KILLS // 4  # and were killed while they did
